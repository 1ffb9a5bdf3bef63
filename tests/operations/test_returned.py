"""Returned mails in the rounds of `serve`: read now and then, and less often where the mailbox does not answer."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from returned_mails import KEY, READER, SECRET, report

from digestbot.channels.email.maildir import MaildirMailbox
from digestbot.errors import PermanentFailure, StoreError, TemporaryFailure
from digestbot.model import Delivery, Edition, Recipient
from digestbot.operations.returned import EVERY, MAX_REST, REFUSED_REST, ReturnedRounds
from digestbot.ports import UnreadMail
from digestbot.store import Stores, open_store

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)


class Suppressions(dict[str, str]):
    """In memory."""

    def suppress(self, address: str, reason: str, *, now: datetime) -> bool:
        return self.setdefault(address, reason) is reason


class Away:
    """A mailbox that fails, and counts how often it is asked."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.asked = list(errors), 0

    def unread(self, *, limit: int) -> Iterator[UnreadMail]:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return iter(())

    def mark_read(self, names: Collection[str]) -> None:
        pass

    def check(self) -> str:
        return ""

    def close(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Stores]:
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def rounds(store: Stores, mailbox, **options) -> ReturnedRounds:
    values = {"suppressor": Suppressions(), "unsubscribe": lambda _one: None, "secrets": (SECRET,), "elapsed": Clock()}
    return ReturnedRounds(mailbox=mailbox, returned=store.returned, **(values | options))


def test_a_bounce_in_a_maildir_suppresses_the_reader(store: Stores, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """From the file of a mail to the line in the log; the mail is still there, marked."""
    edition = store.editions.claim(Edition(digest="morning", date=NOW.date(), since=NOW - timedelta(days=1), until=NOW))
    to = Recipient(channel="mailto", address=READER)
    store.editions.publish(
        edition,
        "{}",
        [Delivery(digest="morning", edition=NOW.date(), recipient=to, key=f"{KEY}-0", payload=b"x")],
        used=[],
    )
    for part in ("new", "cur"):
        (tmp_path / "box" / part).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.a").write_bytes(report("5.1.1", said="550 5.1.1 User unknown"))
    suppressed = Suppressions()
    with caplog.at_level(logging.INFO, "digestbot"):
        rounds(store, MaildirMailbox(tmp_path / "box"), suppressor=suppressed).round(now=NOW)
    assert list(suppressed) == [READER]
    assert (tmp_path / "box" / "cur" / "1.a:2,S").exists()
    assert [one.getMessage() for one in caplog.records] == [
        "returned mails: read 1, 1 of them new",
        f"nothing is sent to {READER} any more: there is no such mailbox: 550 5.1.1 User unknown",
    ]


def test_the_mailbox_is_asked_now_and_then(store: Stores):
    """Not in every round of half a minute."""
    box, clock = Away(), Clock()
    one = rounds(store, box, elapsed=clock)
    for _ in range(10):
        one.round(now=NOW)
    assert box.asked == 1
    clock.seconds = EVERY.total_seconds()
    one.round(now=NOW)
    assert box.asked == 2


def test_a_mailbox_that_is_away_rests_longer_each_time(store: Stores, caplog: pytest.LogCaptureFixture):
    """It is said once, and over when it answers."""
    box, clock = Away(*[TemporaryFailure("away")] * 6), Clock()
    one = rounds(store, box, elapsed=clock)
    asked_at = []
    while box.errors or not asked_at or one.problem:
        before = box.asked
        one.round(now=NOW)
        if box.asked > before:
            asked_at.append(clock.seconds)
        clock.seconds += 60
    gaps = [later - before for before, later in pairwise(asked_at)]
    assert gaps == [300, 600, 1200, 2400, 2400, 2400]
    assert max(gaps) == MAX_REST.total_seconds()
    assert [record.getMessage() for record in caplog.records] == ["returned mails cannot be read: away"]


def test_a_refused_password_is_not_tried_every_five_minutes(store: Stores):
    """A provider locks an account for it. The alert's words are kept meanwhile."""
    box, clock = Away(PermanentFailure("refused", account=True)), Clock()
    one = rounds(store, box, elapsed=clock)
    one.round(now=NOW)
    clock.seconds = REFUSED_REST.total_seconds() - 1
    one.round(now=NOW)
    assert (box.asked, one.problem) == (1, "refused")
    clock.seconds += 1
    one.round(now=NOW)
    assert (box.asked, one.problem) == (2, "")


def test_a_single_short_outage_is_no_alert(store: Stores):
    """Failed twice it is, and one that was told goes on, over a restart too; a refusal is told at once."""
    box, clock = Away(TemporaryFailure("away"), TemporaryFailure("away")), Clock()
    one = rounds(store, box, elapsed=clock)
    assert one.take(now=NOW, told=lambda: False) == {}
    clock.seconds = EVERY.total_seconds()
    assert one.take(now=NOW, told=lambda: False) == {"returned mails": "away"}
    again = rounds(store, Away(TemporaryFailure("away")))
    assert again.take(now=NOW, told=lambda: True) == {"returned mails": "away"}
    refused = rounds(store, Away(PermanentFailure("refused", account=True)))
    assert refused.take(now=NOW, told=lambda: False) == {"returned mails": "refused"}
    clock.seconds *= 10
    assert one.take(now=NOW, told=lambda: True) == {}


def test_what_cannot_be_kept_is_read_again(store: Stores, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A database that is away: nothing is marked."""
    for part in ("new", "cur"):
        (tmp_path / "box" / part).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.a").write_bytes(report("5.1.1"))

    def away(*_rest: object, **_options: object) -> int:
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr(store.returned, "keep", away)
        with pytest.raises(StoreError):
            rounds(store, MaildirMailbox(tmp_path / "box")).round(now=NOW)
    assert (tmp_path / "box" / "new" / "1.a").exists()


def test_without_a_mailbox_what_providers_said_is_followed_up(store: Stores):
    """Their calls are kept as they come; nothing else has to be set. When it is to stop, nothing begins."""
    from digestbot.model import ReturnedMail, ReturnKind

    said = ReturnedMail(id="ses-1", kind=ReturnKind.COMPLAINT, at=NOW, source="ses", address=READER, proven=True)
    store.returned.keep([said], now=NOW)
    suppressed = Suppressions()
    rounds(store, None, suppressor=suppressed, stop=lambda: True).round(now=NOW)
    assert not suppressed
    rounds(store, None, suppressor=suppressed).round(now=NOW)
    assert list(suppressed) == [READER]
