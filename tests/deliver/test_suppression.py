"""Addresses that do not exist are suppressed after three editions in a row, and tried again when an operator says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from delivering import DAY, recipients
from memory_outbox import MemoryOutbox

from digestbot.deliver import suppressed_recipients
from digestbot.model import Delivery, DeliveryState

GONE, THERE = recipients("mailto:gone@example.com", "mailto:there@example.com")
DAYS = tuple(DAY - timedelta(days=number) for number in range(5))  # newest first


def refusal(
    day: date, *, state: DeliveryState = DeliveryState.FAILED, gone: bool = True, error: str = "550"
) -> Delivery:
    """What an edition says of the address that is gone."""
    return Delivery(
        digest="morning", edition=day, recipient=GONE, key=f"gone {day}", state=state, address_gone=gone, error=error
    )


def suppressed(*rows: Delivery, days: tuple[date, ...] = DAYS) -> dict[str, str]:
    sent = [
        Delivery(digest="morning", edition=day, recipient=THERE, key=f"there {day}", state=DeliveryState.SENT)
        for day in DAYS
    ]
    found = suppressed_recipients(MemoryOutbox([*rows, *sent]), "morning", days)
    return {str(recipient): why for recipient, why in found.items()}


def test_three_editions_in_a_row_suppress_an_address():
    """The reason has the last error, and says how to try it again."""
    assert suppressed(*(refusal(day) for day in DAYS[:3])) == {
        "mailto:gone@example.com": "suppressed after 3 failed editions: 550; remove the address, "
        "or try it again with: digestbot resend morning --to mailto:gone@example.com"
    }


@pytest.mark.parametrize(
    "rows",
    [
        [refusal(day) for day in DAYS[:2]],
        [refusal(day) for day in DAYS[1:]],
        [refusal(DAYS[0]), refusal(DAYS[1]), refusal(DAYS[3])],
        [refusal(DAYS[0]), refusal(DAYS[1], gone=False), refusal(DAYS[2])],
        [refusal(DAYS[0]), refusal(DAYS[1]), refusal(DAYS[2], state=DeliveryState.SENT)],
    ],
    ids=["two", "not the newest", "not in a row", "another error", "sent after all"],
)
def test_anything_less_suppresses_nobody(rows: list[Delivery]):
    """A server may be wrong for a day; an address that was tried again and exists is not suppressed."""
    assert suppressed(*rows) == {}


def test_a_digest_with_fewer_editions_suppresses_nobody():
    """Though all of them failed."""
    assert suppressed(*(refusal(day) for day in DAYS[:2]), days=DAYS[:2]) == {}
    assert len(suppressed(*(refusal(day) for day in DAYS[:3]), days=DAYS[:3])) == 1


def test_a_suppressed_delivery_keeps_the_reason_as_it_was():
    """Its row is cancelled, and counts like a refusal: otherwise the address would be tried every fourth day."""
    rows = [refusal(DAYS[0], state=DeliveryState.CANCELLED, error="suppressed after 3"), *map(refusal, DAYS[1:4])]
    assert suppressed(*rows) == {"mailto:gone@example.com": "suppressed after 3"}
