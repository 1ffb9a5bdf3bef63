"""What comes back, in the rounds of `serve`: bounces suppress, wishes unsubscribe, and what fails is told and stops nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from returned_mails import BOX, KEY, READER, mail, report
from running_daemon import RunningDaemon

from digestbot.app import wiring
from digestbot.app.token_keys import token_keys
from digestbot.errors import StoreError
from digestbot.model import (
    Consent,
    Delivery,
    Edition,
    Recipient,
    ReturnedMail,
    ReturnKind,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digestbot.operations import wishes
from digestbot.operations.logs import LoggedProgress
from digestbot.operations.pruning import KEEP_FOR
from digestbot.operations.run import run_once
from digestbot.subscribers.admission import admit
from digestbot.subscribers.tokens import unsubscribe_token
from digestbot.subscribers.verp import Purpose, address_for
from digestbot.text.mail_addresses import mail_key

BEFORE = datetime(2026, 5, 27, 9, tzinfo=UTC)
LISTS = ("LISTS__BRIEFING__TITLE=Morning briefing", "LISTS__WEEKEND__TITLE=Weekend")
NEVER = "bounces+nothing@example.com"


class Mailing(RunningDaemon):
    """With a Maildir of returned mails, two lists, and a reader of both who was sent one mail of the digest."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for part in ("new", "cur"):
            (self.folder / "box" / part).mkdir(parents=True)
        self.configure("BOUNCES__MAILDIR=./box", "DIGESTS__MORNING__TO=file:./out,list:briefing", *LISTS)
        self.enrol(READER, "briefing", "weekend")
        day = BEFORE.date() - timedelta(days=1)
        made = Edition(digest="morning", date=day, since=BEFORE - timedelta(days=2), until=BEFORE - timedelta(days=1))
        to = Recipient(channel="mailto", address=READER)
        row = Delivery(digest="morning", edition=day, recipient=to, key=f"{KEY}-0", payload=b"x")
        self.store.editions.publish(self.store.editions.claim(made), "{}", [row], used=[])

    @property
    def secret(self) -> bytes:
        return token_keys(self.subject.loaded, self.store)[0]

    def path(self, purpose: Purpose = Purpose.RETURN) -> str:
        return address_for(BOX, KEY, self.secret, purpose)

    def put(self, data: bytes, name: str = "1.a") -> None:
        (self.folder / "box" / "new" / name).write_bytes(data)

    def enrol(self, address: str, *names: str) -> None:
        wanted = [
            (Subscriber(address=address, key=mail_key(address)),
             Subscription(list=name, state=SubscriptionState.ACTIVE, since=BEFORE, consent=Consent.FORM, consented=BEFORE))
            for name in names
        ]  # fmt: skip
        self.store.subscribers.enrol(wanted, partial(admit, revive=False))

    def reads(self, address: str = READER) -> set[str]:
        reader = self.store.subscribers.find(address)
        on = SubscriptionState.ACTIVE
        return {one.list for one in reader.subscriptions if one.state is on} if reader else set()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Mailing]:
    made = Mailing(tmp_path, datetime(2026, 5, 27, 11, 50, tzinfo=UTC))
    yield made
    made.subject.close()
    made.store.close()


def test_a_bounce_suppresses_the_reader_of_a_list(daemon: Mailing):
    """From the file of a mail to the suppression, in one round of `serve`, with the database's own key."""
    daemon.put(report("5.1.1", to=daemon.path(), returned=""))
    daemon.tick()
    assert list(daemon.store.suppressions.suppressed([READER])) == [READER]
    assert daemon.reads() == {"briefing", "weekend"}, "nobody unsubscribed"


def test_a_run_from_cron_reads_what_came_back_first(daemon: Mailing):
    """Without `serve` nobody else would: the edition that is made then goes to nobody whose address is gone."""
    daemon.put(report("5.1.1", to=daemon.path(), returned=""))
    loaded = daemon.subject.loaded
    specs = wiring.digest_specs(loaded, "morning")
    run_once(specs, loaded, daemon.store, LoggedProgress(), at=None, max_wait=0, stop=threading.Event())
    assert list(daemon.store.suppressions.suppressed([READER])) == [READER]


def test_a_wish_to_the_address_for_it_unsubscribes_from_the_digests_list(daemon: Mailing):
    """The mail's own token proves it; a list that the digest does not go to is not touched. Again it changes nothing."""
    daemon.put(mail("Please", to=daemon.path(Purpose.UNSUBSCRIBE), sender="other@lost.example", subject="Hello"))
    daemon.tick()
    assert daemon.reads() == {"weekend"}
    kept = daemon.store.subscribers.find(READER)
    daemon.put(mail("Again", to=daemon.path(Purpose.UNSUBSCRIBE), subject="Hello"), "2.a")
    daemon.tick(minutes=6)
    assert daemon.store.subscribers.find(READER) == kept
    assert not daemon.store.suppressions.suppressed([READER])


def test_a_readers_own_token_names_the_list(daemon: Mailing):
    """It stands in the subject, from whatever address it is sent, and to the box itself."""
    reader = daemon.store.subscribers.find(READER)
    assert reader is not None
    word = unsubscribe_token([daemon.secret], reader.subscriber.id, "weekend")
    daemon.put(mail("", to=BOX, sender="elsewhere@other.example", subject=f"unsubscribe {word}"))
    daemon.tick()
    assert daemon.reads() == {"briefing"}


def test_a_wish_that_nothing_proves_is_told_and_changes_nothing(daemon: Mailing, caplog: pytest.LogCaptureFixture):
    """Anybody can write a mail in a reader's name; the operator knows them, or asks. Told once."""
    daemon.put(mail("", to=NEVER, sender=READER, subject="unsubscribe briefing"))
    with caplog.at_level(logging.WARNING, "digestbot"):
        daemon.tick()
        daemon.tick(minutes=6)
    assert daemon.reads() == {"briefing", "weekend"}
    [told] = [line for line in caplog.messages if "unsubscribe" in line]
    assert READER in told
    assert "nothing was changed" in told


@pytest.mark.parametrize(
    ("digest", "left"), [("", {"briefing", "weekend"}), ("gone", {"briefing", "weekend"}), ("morning", {"briefing"})]
)
def test_a_providers_word_counts_for_what_is_known_to_have_been_sent(daemon: Mailing, digest: str, left: set[str]):
    """Signed by the provider; where it is not known of which digest, the reader leaves everything."""
    said = ReturnedMail(
        id="ses-1", kind=ReturnKind.UNSUBSCRIBE, at=BEFORE, source="ses", address=READER, proven=True, digest=digest
    )
    daemon.store.returned.keep([said], now=BEFORE)
    daemon.tick()
    assert daemon.reads() == {"briefing", "weekend"} - left


def test_a_recipient_of_the_configuration_is_told_of(daemon: Mailing, caplog: pytest.LogCaptureFixture):
    """Who stands in TO reads no list: only the operator can take them out."""
    daemon.store.subscribers.forget(READER, now=BEFORE)
    daemon.put(mail("", to=daemon.path(Purpose.UNSUBSCRIBE), subject="unsubscribe"))
    with caplog.at_level(logging.WARNING, "digestbot"):
        daemon.tick()
    assert f"{READER} wants no more of morning" in caplog.text


def told(daemon: Mailing) -> str:
    return daemon.store.alerts.open_alerts().get("returned mails", "")


def test_a_mailbox_that_cannot_be_read_is_an_alert_until_it_can(daemon: Mailing):
    """What has to be mended is told at once; a restart meanwhile neither ends it nor tells it anew."""
    box = daemon.folder / "box"
    box.rename(daemon.folder / "elsewhere")
    daemon.tick()
    assert "the Maildir cannot be read" in told(daemon)
    daemon.subject.close()  # as a reload or a restart does
    daemon.tick(seconds=30)
    assert told(daemon)
    (daemon.folder / "elsewhere").rename(box)
    daemon.tick(hours=2)
    assert not told(daemon)


def test_a_defect_in_what_comes_back_stops_nothing_else(
    daemon: Mailing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Alerts and the rest of the round have their turn; it is logged once, and the event is followed when it is mended."""
    daemon.put(mail("", to=daemon.path(Purpose.UNSUBSCRIBE), subject="unsubscribe"))
    with monkeypatch.context() as patch:
        patch.setattr(wishes, "leaving", lambda *_rest, **_options: 1 / 0)
        with caplog.at_level(logging.ERROR, "digestbot"):
            daemon.tick()
            daemon.tick(seconds=30)
    assert caplog.text.count("Traceback") == 1
    assert "internal error (ZeroDivisionError)" in told(daemon)
    daemon.tick(seconds=30)
    assert daemon.reads() == {"weekend"}
    assert not told(daemon)


def test_a_database_that_is_away_at_the_start_is_asked_again(daemon: Mailing, monkeypatch: pytest.MonkeyPatch):
    """The key of tokens lies there: the next round begins anew, and nothing is half made."""
    daemon.put(report("5.1.1", to=daemon.path(), returned=""))

    def away(_name: str) -> bytes:
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr(daemon.store, "secret", away)
        daemon.tick()
    daemon.tick(seconds=30)
    assert daemon.store.suppressions.suppressed([READER])


def test_what_came_back_is_kept_as_long_as_items(daemon: Mailing):
    """Nobody needs it longer: suppressions have their own reason."""
    for name, at in (("ses-1", daemon.now - KEEP_FOR - timedelta(seconds=1)), ("ses-2", daemon.now - KEEP_FOR)):
        one = ReturnedMail(id=name, kind=ReturnKind.SOFT, at=at, source="ses", address=READER, proven=True)
        daemon.store.returned.keep([one], now=daemon.now)
    daemon.tick()
    assert [one.id for one in daemon.store.returned.of_address(READER)] == ["ses-2"]
