"""What every store promises about the ledger, on every database: counts, reasons, pages, and who an address is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import NOON

from digestbot.model import Delivery, DeliveryState, Edition, EditionDate, LedgerReason, Recipient
from digestbot.store import Stores
from digestbot.text.common_reason import common_reason

DAY = timedelta(days=1)
TODAY = NOON.date()
FAILED, PENDING, SENT = DeliveryState.FAILED, DeliveryState.PENDING, DeliveryState.SENT


def row(
    to: str, state: DeliveryState = SENT, *, edition: date = TODAY, digest: str = "morning", **more: object
) -> Delivery:
    """A delivery in a state, as it lies in the database."""
    channel, _, address = to.partition(":")
    made = Delivery(digest=digest, edition=edition, recipient=Recipient(channel=channel, address=address), state=state)
    made = replace(made, **more)  # type: ignore[arg-type]
    return replace(made, key=f"{digest} {edition} {to} {made.revision} {made.part}")


def keep(store: Stores, rows: Iterable[Delivery]) -> None:
    """With the editions that they are of."""
    rows = tuple(rows)
    for digest, edition in {(one.digest, one.edition) for one in rows}:
        store.editions.claim(Edition(digest=digest, date=edition, since=NOON - DAY, until=NOON))
    store.outbox.add(rows)


def test_an_edition_is_counted_by_revision_channel_and_state(store: Stores):
    """With its parts told from its recipients, and when the first and the last were begun."""
    keep(store, [
        row("mailto:a@example.com", claimed=NOON),
        row("mailto:b@example.com", claimed=NOON + DAY),
        row("mailto:b@example.com", revision=1),
        row("slack:#chips"),
        row("slack:#chips", part=1),
        row("mailto:c@example.com", edition=TODAY - DAY),
        row("mailto:c@example.com", digest="evening"),
    ])  # fmt: skip
    counts = {
        (one.channel, one.revision): one for one in store.ledger.counts(digest="morning", edition=TODAY, now=NOON)
    }
    mails = counts["mailto", 0]
    assert (mails.deliveries, mails.recipients, mails.first, mails.last) == (2, 2, NOON, NOON + DAY)
    assert (counts["slack", 0].deliveries, counts["slack", 0].recipients, counts["slack", 0].first) == (2, 1, None)
    assert counts["mailto", 1].deliveries == 1
    assert len(counts) == 3
    assert store.ledger.counts(digest="noon", edition=TODAY, now=NOON) == ()


def test_what_is_suppressed_or_too_late_is_counted_apart(store: Stores):
    """Too late is what waits past its deadline or for a time after it; what was cancelled by a person is not suppressed."""
    cancelled = DeliveryState.CANCELLED
    keep(store, [
        row("mailto:a@example.com", cancelled, error="suppressed: no such mailbox"),
        row("mailto:b@example.com", cancelled, error="why", address_gone=True),
        row("mailto:c@example.com", cancelled, error="cancelled by an operator"),
        row("mailto:d@example.com", PENDING, deadline=NOON),
        row("mailto:e@example.com", PENDING, deadline=NOON + DAY, not_before=NOON + DAY),
        row("mailto:f@example.com", PENDING, deadline=NOON + DAY, not_before=NOON),
        row("mailto:g@example.com", PENDING),
        row("mailto:h@example.com", FAILED, deadline=NOON, address_gone=True),
    ])  # fmt: skip
    counts = {one.state: one for one in store.ledger.counts(digest="morning", edition=TODAY, now=NOON)}
    assert (counts[cancelled].deliveries, counts[cancelled].suppressed) == (3, 2)
    assert (counts[PENDING].deliveries, counts[PENDING].too_late) == (4, 2)
    assert (counts[FAILED].suppressed, counts[FAILED].too_late) == (0, 0)


def test_one_reason_for_many_addresses_is_one(store: Stores):
    """However a server spells the address; a channel's short name is left in the words that hold it."""
    refused = "was refused at RCPT (550 5.1.1 <{}>: no such user)"
    keep(store, [
        *(row(f"mailto:r{n}@example.com", FAILED, error=f"r{n}@example.com {refused.format(f'r{n}@EXAMPLE.com')}") for n in range(5)),
        row("mailto:full@example.com", FAILED, error="552 5.2.2 mailbox full"),
        row("slack:a", FAILED, error="channel_not_found: a"),
        row("mailto:sent@example.com", error=""),
    ])  # fmt: skip
    found = store.ledger.reasons(digest="morning", edition=TODAY, common=common_reason)
    told = LedgerReason(
        channel="mailto", revision=0, state=FAILED, deliveries=5, reason=f"ADDRESS {refused.format('ADDRESS')}"
    )
    assert found[0] == told
    assert {(one.channel, one.reason, one.deliveries) for one in found[1:]} == {
        ("mailto", "552 5.2.2 mailbox full", 1),
        ("slack", "channel_not_found: a", 1),
    }


def test_rare_reasons_are_counted_together(store: Stores):
    """So that a server with another word for everybody fills no memory."""
    keep(store, [row(f"mailto:r{n}@example.com", FAILED, error=f"reason {n}") for n in range(9)])
    found = store.ledger.reasons(digest="morning", edition=TODAY, common=str, most=3)
    assert sorted(one.deliveries for one in found) == [1, 1, 1, 6]
    assert found[0].reason == ""


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_hold_every_delivery_of_an_edition_once(store: Stores, limit: int):
    """By recipient, part and revision, whatever the size of a page; of no other edition."""
    rows = [
        row(f"mailto:{name}@example.com", part=part, revision=revision)
        for name in ("b", "a", "B", "ä")
        for part in (0, 1)
        for revision in (0, 1)
    ]
    keep(store, [*rows, row("mailto:a@example.com", edition=EditionDate.of(TODAY, NOON.time()))])
    found: list[Delivery] = []
    while page := store.ledger.page(digest="morning", edition=TODAY, after=found[-1] if found else None, limit=limit):
        found += page
        assert len(found) <= len(rows)  # else it would go on for ever
    assert len(found) == len(rows)
    assert {one.key for one in found} == {one.key for one in rows}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ann@example.com", "Ann@Example.COM"),
        ("ANN@EXAMPLE.COM", "ann@example.com"),
        ("mailto:Ann@example.com", "ann@example.com"),
        (" ann@example.com ", "ann@example.com"),
        ("jürgen@münchen.example", "JÜRGEN@MÜNCHEN.example"),
        ("ann@xn--mnchen-3ya.example", "ann@münchen.example"),
        ("ann@münchen.example", "Ann@xn--mnchen-3ya.example"),
        ("a_n%n@example.com", "a_n%n@example.com"),
    ],
)
def test_an_address_is_found_however_it_is_spelled(store: Stores, typed: str, kept: str):
    """On both sides: case, IDNA, with the channel or without. Nobody with a name that is only like it."""
    keep(store, [
        row(f"mailto:{kept}"),
        row(f"mailto:x{kept}"),
        row("mailto:äöü@example.com"),
        row("mailto:abn/n@example.com"),
        row(f"mailto:{kept}", edition=TODAY - DAY),
    ])  # fmt: skip
    found = store.ledger.to(typed, digest="morning", editions=[TODAY])
    assert [str(one.recipient) for one in found] == [f"mailto:{kept}"]
    assert found[0].edition == TODAY
    everything = store.ledger.to(f"MailTo:{kept}")
    assert [(str(one.recipient), one.edition) for one in everything] == [
        (f"mailto:{kept}", day) for day in (TODAY - DAY, TODAY)
    ]


def test_a_recipient_of_another_channel_is_found_by_its_name(store: Stores):
    """With its channel or without; a folder's letters are other folders' in another case, and still shown."""
    keep(store, [row("slack:#chips"), row("ntfy:chips"), row("file:./out")])
    ask = store.ledger.to
    assert [str(one.recipient) for one in ask("slack:#chips", digest="morning", editions=[TODAY])] == ["slack:#chips"]
    assert [str(one.recipient) for one in ask("#Chips", digest="morning", editions=[TODAY])] == ["slack:#chips"]
    assert [str(one.recipient) for one in ask("./out", digest="morning", editions=[TODAY])] == ["file:./out"]
    assert ask("chips", digest="evening", editions=[TODAY]) == ()
    assert ask("slack:#chips", digest="morning", editions=[]) == ()
