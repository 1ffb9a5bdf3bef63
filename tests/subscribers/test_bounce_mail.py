"""Returned mails: what they say, whom of, and what a stranger cannot make them say."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import returned_mails as mails
from hypothesis import given, settings
from hypothesis import strategies as st
from returned_mails import BOX, KEY, PATH, READER, SAMPLES, SECRET, Sample, feedback, mail, plain, report

from digestbot.model import ReturnedMail, ReturnKind
from digestbot.subscribers import foreign_bounces
from digestbot.subscribers.bounce_mail import read_returned_mail

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
FEW = 40 if settings.default is None or settings.default.max_examples <= 100 else 2000
ABOUT_A_READER = {ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.FULL, ReturnKind.COMPLAINT, ReturnKind.UNSUBSCRIBE}


def read(data: bytes, now: datetime = NOW) -> tuple[ReturnedMail, ...]:
    return read_returned_mail(data, secrets=(SECRET,), now=now)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_what_mail_systems_write_is_understood(sample: Sample):
    """Each of them, in its usual shape: kind, code and address; and that our token came back with it."""
    [event] = read(sample.mail)
    assert (event.kind, event.code) == (sample.kind, sample.code), event
    if sample.kind is not ReturnKind.UNRELATED:
        assert event.address == sample.address
    if PATH.encode() in sample.mail or b"+" in sample.mail.partition(b"Subject")[0]:
        assert (event.key, event.proven) == (KEY, True)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_mail_that_a_stranger_writes_proves_nothing(sample: Sample):
    """The same mails with tokens of somebody else's key: whatever they say, it may not be believed."""
    for event in read_returned_mail(sample.mail, secrets=(b"another-key-of-ours",), now=NOW):
        assert (event.key, event.proven) == ("", False)


def test_without_the_package_that_knows_dialects_the_words_still_tell(monkeypatch: pytest.MonkeyPatch):
    """The extra may be missing: kinds and codes stay, for the token says whose mail it was."""
    monkeypatch.setattr(foreign_bounces, "is_installed", lambda: False)
    for sample in SAMPLES:
        [event] = read(sample.mail)
        assert (event.kind, event.code) == (sample.kind, sample.code), sample.name


def test_dialects_are_known_from_the_package():
    """Gateways whose words say nothing of a code: that they gave up is what flufl.bounce knows."""
    assert foreign_bounces.is_installed()
    body = f"This is the machine generated message from mail service.\n\n<{READER}>\n\n--- Below the next line is a copy of the message.\n"
    [event] = read(plain(body))
    assert (event.kind, event.address, event.proven) == (ReturnKind.SOFT, READER, True)


def test_a_reader_of_dialects_that_stumbles_is_not_heard(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Neither an exception nor its traceback in the log: the words tell what they can."""
    from flufl.bounce._detectors.dsn import DSN

    def stumble(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(DSN, "process", stumble)
    [event] = read(plain("550 5.1.1 User unknown", subject="failure notice"))
    assert (event.kind, event.address) == (ReturnKind.HARD, "")
    assert not caplog.records


def test_several_recipients_are_told_apart_and_bounded():
    """An alias may hide many people; a report of thousands costs no more than one of twenty."""
    group = "\nFinal-Recipient: rfc822; {0}\nAction: failed\nStatus: {1}\n"
    two = report("5.1.1", extra=group.format("second@lost.example", "5.2.2"))
    assert [(event.address, event.kind) for event in read(two)] == [
        (READER, ReturnKind.HARD),
        ("second@lost.example", ReturnKind.FULL),
    ]
    assert len({event.id for event in read(two)}) == 2
    many = report("5.1.1", extra="".join(group.format(f"r{number}@lost.example", "5.1.1") for number in range(5000)))
    assert len(read(many)) == 20


def test_a_mail_has_one_name_however_it_was_fetched():
    """With the line ends of a file or of a protocol, read today or tomorrow; another mail has another."""
    sample = report("5.1.1")
    [one], [same] = read(sample), read(sample.replace(b"\r\n", b"\n"), NOW + timedelta(days=1))
    assert one.id == same.id
    assert read(report("5.1.2"))[0].id != one.id


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Wed, 27 May 2026 09:30:00 +0200", datetime(2026, 5, 27, 7, 30, tzinfo=UTC)),
        ("Wed, 27 May 2026 07:30:00", datetime(2026, 5, 27, 7, 30, tzinfo=UTC)),
        ("Wed, 27 May 2027 09:30:00 +0200", NOW),
        ("Thu, 01 Jan 1970 00:00:00 +0000", NOW),
        ("yesterday", NOW),
        ("Wed, 99 May 99999 09:30:00 +9900", NOW),
        ("", NOW),
    ],
)
def test_when_it_was_said_is_the_date_of_the_mail_where_that_can_be_true(date: str, at: datetime):
    """A date to come, one of years ago and one that is none are the time of reading."""
    [event] = read(report("5.1.1").replace(mails.DATE.encode(), date.encode()))
    assert event.at == at


def test_the_word_after_unsubscribe_is_kept_for_whoever_made_it():
    """A list's own token may stand in the subject; the sender's address alone proves nothing."""
    [event] = read(mail("", to=BOX, sender=READER, subject="unsubscribe Ab3_x-9"))
    assert (event.kind, event.token, event.address) == (ReturnKind.UNSUBSCRIBE, "Ab3_x-9", READER)
    assert not event.proven


def test_a_mail_system_that_returns_an_unsubscribe_mail_unsubscribes_nobody():
    """What comes back to the unsubscribe address, or is about such a mail, is a bounce."""
    [event] = read(report("5.1.1", to=mails.WISH))
    assert event.kind is ReturnKind.HARD
    [event] = read(plain("Hello.", to=mails.WISH, subject="unsubscribe"))
    assert event.kind is not ReturnKind.HARD


def test_the_quoted_mail_is_no_word_of_the_system():
    """Our own mail may speak of full mailboxes and unknown users: what the system wrote before it counts."""
    body = f"<{READER}>: deferred, then returned.\n\n--- Original message follows ---\n\n{mails.ORIGINAL}"
    [event] = read(plain(body))
    assert event.kind not in (ReturnKind.HARD, ReturnKind.FULL)
    [event] = read(feedback("abuse", returned=report("5.1.1").decode()))
    assert event.kind is ReturnKind.COMPLAINT


# ---- Mails that mean no good ----------------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n" for number in range(depth))
    return mail(head + "x\n" * 100_000)


HOSTILE = {
    "nothing": b"",
    "a line end": b"\n",
    "no head": b"\r\n\r\nhello",
    "no body": b"Subject: x",
    "a head without an end": b"X: y\r\n" * 200_000,
    "one line of a megabyte": b"x" * 1_000_000,
    "one field of a megabyte": b"To: " + b"a@b.c, " * 150_000,
    "folded without an end": b"To: x\n" + b" y\n" * 300_000,
    "noughts": b"\0" * 500_000,
    "every byte": bytes(range(256)) * 2000,
    "multiparts in each other": nested(2000),
    "mails in each other": mail("Content-Type: message/rfc822\n\n" * 3000),
    "one boundary, a hundred thousand times": mail("--b\n\n" * 100_000, head="Content-Type: multipart/mixed; boundary=b\n"),
    "the empty boundary": mail("--\n" * 100_000, head='Content-Type: multipart/mixed; boundary=""\n'),
    "a boundary that never comes": report("5.1.1").replace(b'boundary="=_b"', b'boundary="=_other"'),
    "a report cut off": report("5.1.1")[:700],
    "a report that lies about its encoding": report("5.1.1").replace(b"message/delivery-status", b"message/delivery-status\r\nContent-Transfer-Encoding: base64"),
    "a charset that is none": plain("550 5.1.1 nobody").replace(b"text/plain", b"text/plain; charset=klingon"),
    "a codec that is no charset": plain("550 5.1.1 nobody").replace(b"text/plain", b"text/plain; charset=zlib_codec"),
    "a slow charset": plain("550 5.1.1 nobody" + "\u00fc" * 200_000).replace(b"text/plain", b"text/plain; charset=punycode"),
    "half a letter": b"Subject: =?utf-8?b?4oI=?=\nFrom: =?x?q?=ff?=\n\n\xff\xfe",
    "an encoded word without an end": b"Subject: " + b"=?utf-8?q?" * 50_000 + b"\n\n",
    "angle brackets": plain("<" * 500_000),
    "at signs": plain("@" * 500_000),
    "words and no end": plain("user " * 200_000, subject="failure notice"),
    "codes without an end": plain("5.1.1." * 150_000),
    "20 megabytes": report("5.1.1", said="550 5.1.1 User unknown", returned="Subject: x\n\n" + "y" * 76 * 260_000),
}  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_is_read_in_bounded_time(data: bytes):
    """No exception, no minutes, no crowd of events."""
    began = time.process_time()
    events = read(data)
    assert time.process_time() - began < 5  # some .2 s here; the standard library's parser takes minutes for some
    assert 1 <= len(events) <= 20
    assert all(len(event.reason) <= 200 and "\n" not in event.reason and len(event.address) <= 320 for event in events)


def test_a_large_mail_is_understood_by_its_beginning():
    """What a report says comes before the mail that it gives back."""
    [event] = read(HOSTILE["20 megabytes"])
    assert (event.kind, event.proven) == (ReturnKind.HARD, True)


def test_a_report_without_its_boundaries_is_read_as_words():
    """What the system wrote is still there, code and all."""
    [event] = read(HOSTILE["a boundary that never comes"])
    assert (event.kind, event.code, event.proven) == (ReturnKind.HARD, "5.1.1", True)


@settings(max_examples=FEW)
@given(st.binary(max_size=400), st.sampled_from(SAMPLES), st.integers(0, 3000), st.integers(0, 400))
def test_a_damaged_mail_never_ends_the_reading(junk: bytes, sample: Sample, place: int, lost: int):
    """Any mail with a piece of it replaced by anything: events within the bounds, and none is proven without our token."""
    data = sample.mail[:place] + junk + sample.mail[place + lost :]
    events = read(data)
    assert 1 <= len(events) <= 20
    token = PATH.partition("+")[2].partition("@")[0].encode()
    wish = mails.WISH.partition("+")[2].partition("@")[0].encode()
    assert any(one in data.lower() for one in (token, wish)) or not any(event.proven for event in events)


@settings(max_examples=FEW)
@given(st.binary(max_size=2000))
def test_anything_at_all_says_nothing_of_a_reader(data: bytes):
    """Bytes of no meaning are unrelated, or at most a refusal that proves nothing."""
    assert all(not event.proven and event.key == "" for event in read(data))
