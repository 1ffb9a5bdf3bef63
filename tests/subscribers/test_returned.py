"""From the mailbox to a suppression: on a real store, cut off at every step, and done again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import returned_mails as mails
from forking import start
from returned_mails import KEY, READER, SECRET, feedback, mail, report
from store_processes import read_returned_until

from digestbot.model import Delivery, Edition, Recipient, ReturnedMail, ReturnKind
from digestbot.ports import UnreadMail
from digestbot.store import Stores, open_store
from digestbot.subscribers import returned
from digestbot.subscribers.returned import Read, Suppressed, follow_up, read_returned

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
HARD = report("5.1.1", said="550 5.1.1 User unknown")


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs."""


class Box:
    """A mailbox in memory."""

    def __init__(self, *mails: bytes) -> None:
        self.mails = dict(enumerate(mails))
        self.read: set[str] = set()
        self.killed = False

    def unread(self, *, limit: int) -> Iterator[UnreadMail]:
        waiting = [UnreadMail(str(name), data) for name, data in self.mails.items() if str(name) not in self.read]
        yield from waiting[:limit]

    def mark_read(self, names: Collection[str]) -> None:
        if self.killed:
            raise Killed
        self.read |= set(names)

    def check(self) -> str:
        return ""

    def close(self) -> None:
        pass


class Suppressions:
    """Suppressions in memory."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}
        self.killed_after = False

    def suppress(self, address: str, reason: str, *, now: datetime) -> bool:
        if "@" not in address:
            raise ValueError("is no address")
        is_new = address not in self.reasons
        self.reasons.setdefault(address, reason)
        if self.killed_after:
            raise Killed
        return is_new


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Stores]:
    opened = open_store(tmp_path / "data")
    edition = opened.editions.claim(
        Edition(digest="morning", date=NOW.date(), since=NOW - timedelta(days=1), until=NOW)
    )
    to = Recipient(channel="mailto", address=READER)
    sent = Delivery(digest="morning", edition=NOW.date(), recipient=to, key=f"{KEY}-0", payload=b"x")
    opened.editions.publish(edition, "{}", [sent], used=[])
    yield opened
    opened.close()


def read(box: Box, store: Stores) -> Read:
    return read_returned(box, keep=lambda said: store.returned.keep(said, now=NOW), secrets=(SECRET,), now=NOW)


def settle(
    store: Stores, suppressions: Suppressions, wishes: list[ReturnedMail] | None = None
) -> tuple[Suppressed, ...]:
    took = wishes if wishes is not None else []
    return follow_up(store.returned, suppressions, unsubscribe=took.append, now=NOW)


def test_a_bounce_suppresses_once(store: Stores):
    """Read, kept, marked, judged, settled; a second round finds nothing to do."""
    box, suppressions = Box(HARD, mail("hello", sender="a@b.example", subject="hi")), Suppressions()
    assert read(box, store) == Read(2, 1)
    assert box.read == {"0", "1"}
    [one] = settle(store, suppressions)
    assert one == Suppressed(READER, "there is no such mailbox: 550 5.1.1 User unknown")
    assert read(box, store) == Read(0, 0)
    assert settle(store, suppressions) == ()


def test_killed_between_keeping_and_marking(store: Stores):
    """The mails are read again, and what they say is kept once."""
    box, suppressions = Box(HARD, feedback("abuse")), Suppressions()
    box.killed = True
    with pytest.raises(Killed):
        read(box, store)
    box.killed = False
    assert read(box, store) == Read(2, 0)
    assert len(store.returned.open(limit=9)) == 2
    assert [one.address for one in settle(store, suppressions)] == [READER]


def test_killed_between_suppressing_and_settling(store: Stores):
    """It is judged again, to the same end."""
    suppressions = Suppressions()
    read(Box(HARD), store)
    suppressions.killed_after = True
    with pytest.raises(Killed):
        settle(store, suppressions)
    suppressions.killed_after = False
    assert settle(store, suppressions) == ()
    assert list(suppressions.reasons) == [READER]
    assert store.returned.open(limit=9) == ()


def test_a_mailbox_that_a_stranger_writes_to_suppresses_nobody(store: Stores):
    """By a mail with another installation's token, one with none, or one of a delivery that never was."""
    other = report("5.1.1", to="bounces@example.com", returned="To: reader@lost.example\n\n")
    unknown = mails.address_for(mails.BOX, "f" * 32, SECRET)
    suppressions = Suppressions()
    read(Box(other, report("5.1.1", to=unknown, returned=""), HARD.replace(b"bounces+", b"bounces+a")), store)
    assert settle(store, suppressions) == ()
    assert not suppressions.reasons


def test_the_same_mail_again_after_an_operator_lifted_the_suppression(store: Stores):
    """A message said twice, a mailbox restored from a backup: what was settled stays so, and what was forgiven is."""
    suppressions = Suppressions()
    read(Box(HARD), store)
    settle(store, suppressions)
    suppressions.reasons.clear()
    store.returned.forgive(READER)
    assert read(Box(HARD), store) == Read(1, 0)
    assert settle(store, suppressions) == ()
    read(Box(report("4.4.1", said="connection refused")), store)
    assert settle(store, suppressions) == ()
    read(Box(report("5.1.1", said="550 5.1.1 still unknown")), store)
    assert [one.address for one in settle(store, suppressions)] == [READER]


def test_wishes_to_unsubscribe_are_handed_on_and_suppress_nobody(store: Stores):
    """Proven by our token or not: whoever is asked sees which."""
    wishes: list[ReturnedMail] = []
    box = Box(
        mail("", to=mails.WISH, sender=READER, subject=""),
        mail("", to=mails.BOX, sender="other@lost.example", subject="unsubscribe Abc"),
    )
    read(box, store)
    assert settle(store, Suppressions(), wishes) == ()
    assert sorted((one.recipient, one.address, one.token, one.proven) for one in wishes) == [
        ("", "other@lost.example", "Abc", False),
        (READER, READER, "", True),
    ]


def test_an_address_that_is_none_stops_nobody_else(store: Stores):
    """A provider may write anything there."""
    said = ReturnedMail(id="ses-1", kind=ReturnKind.COMPLAINT, at=NOW, source="ses", address="nobody", proven=True)
    store.returned.keep([said, replace(said, id="ses-2", address="two@lost.example")], now=NOW)
    assert [one.address for one in settle(store, Suppressions())] == ["two@lost.example"]
    assert store.returned.open(limit=9) == ()


def test_more_than_a_page_is_followed_up(store: Stores, monkeypatch: pytest.MonkeyPatch):
    """A day on which thousands come back is done in one round, a page at a time."""
    monkeypatch.setattr(returned, "_MOST_EVENTS", 2)
    said = ReturnedMail(id="", kind=ReturnKind.COMPLAINT, at=NOW, source="ses", proven=True)
    many = [replace(said, id=f"ses-{number}", address=f"{number}@lost.example") for number in range(5)]
    store.returned.keep(many, now=NOW)
    assert len(settle(store, Suppressions())) == 5
    assert store.returned.open(limit=9) == ()


def test_a_full_mailbox_of_returned_mails_is_read_in_rounds(store: Stores):
    """So many a round, marked a few at a time; when it is to stop, what was read is kept."""
    box = Box(*(report("5.1.1", said=f"550 5.1.1 {number}") for number in range(50)))
    keep = lambda said: store.returned.keep(said, now=NOW)  # noqa: E731
    assert read_returned(box, keep=keep, secrets=(SECRET,), now=NOW, limit=30) == Read(30, 30)
    assert read_returned(box, keep=keep, secrets=(SECRET,), now=NOW, stop=lambda: True) == Read(20, 20)
    assert read_returned(Box(*box.mails.values()), keep=keep, secrets=(SECRET,), now=NOW, stop=lambda: True) == Read(
        20, 0
    )


def test_killed_at_any_step_nothing_is_lost_and_nothing_comes_twice(store: Stores, tmp_path: Path):
    """A process that reads a Maildir, killed before and after each of its writes: the next one goes on."""
    for part in ("new", "cur"):
        (tmp_path / "box" / part).mkdir(parents=True)
    for number in range(21):  # a batch, and one more
        (tmp_path / "box" / "new" / f"1{number:02}.M").write_bytes(report("5.1.1", said=f"550 5.1.1 {number}"))
    codes = []
    # Keeping and marking the first batch, then the second and before suppressing; suppressing and settling; to the end.
    for last in (1, 2, 3, 4, 5, 1, 2, 3, 4, 99):
        process = start(read_returned_until, tmp_path / "data", tmp_path / "box", tmp_path / "suppressed", last)
        process.join(60)
        codes.append(process.exitcode)
    assert codes == [-9] * 9 + [0]
    assert len(store.returned.of_address(READER)) == 21
    assert store.returned.open(limit=9) == ()
    assert (tmp_path / "suppressed").read_text() == f"{READER}\n"
    assert len(list((tmp_path / "box" / "cur").glob("*:2,S"))) == 21
