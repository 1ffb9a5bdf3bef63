"""What every store promises about accounts, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from digestbot.model import Account, Delivery, DeliveryState, Edition, Recipient
from digestbot.store import Stores

DAY = timedelta(days=1)
LIMITED = Account(name="default", rate=10 / 3600)  # one at once, the next six minutes later
FREE = Account(name="default")


@pytest.fixture
def now() -> datetime:
    """The real time: a shared database goes by its own clock."""
    return datetime.now(UTC)


def post(store: Stores, now: datetime, count: int) -> tuple[Delivery, ...]:
    edition = store.editions.claim(Edition(digest="morning", date=date(2026, 5, 27), since=now - DAY, until=now))
    rows = [
        Delivery(
            digest="morning",
            edition=edition.date,
            recipient=Recipient(channel="mailto", address=f"r{number}@example.com"),
            key=f"key {number}",
            payload=b"news",
        )
        for number in range(count)
    ]
    store.editions.publish(edition, "{}", rows, used=())
    return store.outbox.open()


def test_a_claim_names_its_account_and_takes_from_its_bucket(store: Stores, now: datetime):
    """The second is returned as it was, with the moment until which it waits; what was sent is recorded all the same."""
    first, second = post(store, now, 2)
    claimed = store.outbox.claim(first, now=now, account=LIMITED)
    assert claimed is not None
    assert (claimed.state, claimed.account) == (DeliveryState.SENDING, "default")

    waiting = store.outbox.claim(second, now=now, account=LIMITED, sent=claimed)

    assert waiting is not None
    assert (waiting.state, waiting.attempts) == (DeliveryState.PENDING, 0)
    assert waiting.not_before is not None
    assert timedelta(minutes=5) < waiting.not_before - now <= timedelta(minutes=6)
    [sent, left] = store.outbox.by_keys([first.key, second.key])
    assert (sent.state, sent.account) == (DeliveryState.SENT, "default")
    assert (left.state, left.not_before, left.account) == (DeliveryState.PENDING, None, "")
    assert store.accounts.states()["default"].taken == 1


def test_a_suppressed_reader_costs_the_account_nothing(store: Stores, now: datetime):
    """Who is barred in the claim is sent nothing, so nothing is taken for them."""
    [row] = post(store, now, 1)
    store.suppressions.suppress(row.recipient.address, "hard bounce", now=now)

    claimed = store.outbox.claim(row, now=now, account=LIMITED)

    assert claimed is not None
    assert claimed.state is DeliveryState.CANCELLED
    assert store.accounts.states()["default"].taken == 0


def test_two_who_take_at_once_never_take_more_than_there_is(store: Stores, now: datetime):
    """Eight threads for a bucket that holds one mail: one claim, seven waits."""
    rows = post(store, now, 8)
    with ThreadPoolExecutor(8) as threads:
        claimed = list(threads.map(lambda row: store.outbox.claim(row, now=now, account=LIMITED), rows))

    assert [one.state for one in claimed if one].count(DeliveryState.SENDING) == 1
    assert store.accounts.states()["default"].taken == 1


def test_a_rest_is_for_everybody_and_ends_when_settings_are_read_anew(store: Stores, now: datetime):
    """No claim through it, with a limit or without; `resume` ends it, and keeps what was taken."""
    [row] = post(store, now, 1)
    until = store.accounts.refuse("default", now=now, why="535", rest=timedelta(minutes=10))
    assert timedelta(minutes=9) < until - now <= timedelta(minutes=10)
    for account in (FREE, LIMITED):
        waiting = store.outbox.claim(row, now=now, account=account)
        assert waiting is not None
        assert waiting.state is DeliveryState.PENDING
    assert store.accounts.states()["default"].why == "535"

    store.accounts.resume()

    assert store.accounts.states()["default"].rests_until is None
    claimed = store.outbox.claim(row, now=now, account=FREE)
    assert claimed is not None
    assert claimed.state is DeliveryState.SENDING


def test_what_was_spared_and_what_was_not_begun(store: Stores, now: datetime):
    """An attempt that the account refused is counted apart; where nothing was begun the row is nobody's again."""
    [row] = post(store, now, 1)
    first = store.outbox.claim(row, now=now, account=FREE)
    assert first is not None
    kept = store.outbox.record_outcome(first, DeliveryState.PENDING, error="454", spared=True)
    assert (kept.attempts, kept.spared, kept.account) == (1, 1, "default")
    second = store.outbox.claim(kept, now=now, account=FREE)
    assert second is not None

    free = store.outbox.record_outcome(second, DeliveryState.PENDING, error="421", spared=True, begun=False)

    assert (free.attempts, free.spared, free.account) == (2, 2, "")


def test_what_is_open_of_a_channel_and_until_when(store: Stores, now: datetime):
    """Counted by the database, for `status`."""
    rows = post(store, now, 3)
    claimed = store.outbox.claim(rows[0], now=now)
    assert claimed is not None
    store.outbox.record_outcome(claimed, DeliveryState.SENT)
    store.outbox.requeue(rows[1], deadline=now)

    assert store.outbox.open_mails(digest="morning", channel="mailto") == (2, None)
    assert store.outbox.open_mails(digest="morning", channel="mail") == (0, None)
