"""Mail against scripted and real loopback servers; rows are those of the fault table in docs/operations.md."""

from __future__ import annotations

import base64
import email
import email.policy
import inspect
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from delivering import Clock, finals, message, planned, states, work_off
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.ports import free_port
from servers.smtp import DROP, DROP_AFTER_QUEUEING, Certificate, Hang, Mail, SmtpServer, TlsSmtpServer, make_certificate

from digestbot.channels.email.channel import Dkim, Email
from digestbot.channels.email.mime import fill, mailbox, sign, write
from digestbot.errors import PermanentFailure
from digestbot.model import Delivery, DeliveryState, ReaderWords, Recipient

NOON = datetime(2026, 5, 27, 12, tzinfo=UTC)
PASSWORD = "correct-horse"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=[[], ["PIPELINING"]], ids=["in turn", "pipelining"])
def server(request: pytest.FixtureRequest) -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        server.extensions += tuple(request.param)
        yield server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def channel(server: SmtpServer, **options: object) -> Email:
    values: dict[str, object] = {"sender": "News desk <news@example.com>", "security": "none", "timeout": 3.0}
    return Email("127.0.0.1", server.port, **(values | options))  # type: ignore[arg-type]


def composed(address: str = "reader@example.com", **options: object) -> bytes:
    values: dict[str, object] = {"sender": "News desk <news@example.com>"}
    mail = Email("127.0.0.1", 25, **(values | options))  # type: ignore[arg-type]
    [body] = mail.encode(message(), now=NOON)
    to = Recipient(channel="mailto", address=address)
    filled = mail.fill(body, Delivery(digest="morning", edition=NOON.date(), recipient=to, key=f"{'k' * 32}-0"))
    return mail._signed(filled)


def parsed(data: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(data, policy=email.policy.default)  # type: ignore[return-value]


def test_message_has_text_first_and_every_header() -> None:
    """One recipient, a stable Message-ID, list and automation headers, the text part before the HTML."""
    mail = parsed(composed())
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["From"] == "News desk <news@example.com>"
    assert mail["To"] == "reader@example.com"
    assert mail["Subject"] == "Harbour bridge reopens – ferries return"
    assert mail["Date"] == "Wed, 27 May 2026 12:00:00 +0000"
    assert mail["Message-ID"] == f"<{'k' * 32}-0@example.com>"
    assert mail["List-Id"] == "<morning.example.com>"
    assert mail["List-Unsubscribe"] == "<mailto:news@example.com?subject=unsubscribe%20morning>"
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert "日本語" in mail.get_body(("plain",)).get_content()


def test_composing_is_pure() -> None:
    """The same message, address, key and time give the same bytes."""
    assert composed() == composed()


def test_seven_bit_and_short_lines() -> None:
    """Nothing on the way has to cope with 8-bit bytes or lines over 998."""
    mail = Email("h", 25, sender="news@example.com")
    [data] = mail.encode(message(html=f"<p>{'漢' * 5000}</p>{'x' * 5000}"), now=NOON)
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


@settings(deadline=None)
@given(
    subject=st.text(max_size=300),
    name=st.text(st.characters(exclude_characters='<>"@\\', exclude_categories=("C",)), max_size=60),
    digest=st.text("abc_-", min_size=1, max_size=60),
    label=st.text("abcdef", min_size=40, max_size=60),
)
def test_no_header_breaks_in_folding(subject: str, name: str, digest: str, label: str) -> None:
    """Whatever the subject, sender or length: fields that programs read stay in one piece and nothing is injected."""
    domain = f"{label}.{label}.example"
    data = write(
        sender=mailbox(f"{name} <news@{domain}>"),
        subject=subject,
        text="t",
        html="<p>h</p>",
        list_name=digest,
        unsubscribe=mailbox(f"unsubscribe@{domain}"),
        now=NOON,
    )
    data = fill(data, to=mailbox(f"reader@{domain}"), key="k" * 34)
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    fields = dict(line.split(": ", 1) for line in head.replace("\r\n ", " ").split("\r\n"))
    assert fields["Message-ID"] == f"<{'k' * 34}@{domain}>"
    assert fields["To"] == f"reader@{domain}"
    assert fields["List-Unsubscribe"].startswith(f"<mailto:unsubscribe@{domain}?subject=")
    assert "=?" not in fields["List-Id"]
    assert fields["From"].endswith(f"<news@{domain}>") or fields["From"] == f"news@{domain}"
    assert list(fields)[-2:] == ["MIME-Version", "Content-Type"]
    assert parsed(data)["To"] == f"reader@{domain}"


def test_each_place_of_a_mail_gets_its_own_word() -> None:
    """The token is in the head's link and in both parts, the address stands in To alone, the key in Message-ID."""
    data = write(
        sender=mailbox("news@example.com"),
        subject="s",
        text="leave: https://site.example/u/PLACE",
        html="<a href=https://site.example/u/PLACE>leave</a>",
        list_name="briefing",
        unsubscribe=mailbox("leave@example.com"),
        now=NOON,
        site="https://site.example",
        token_place="PLACE",
    )
    words = ReaderWords(token="T0ken-to-key", return_path="", unsubscribe="back@example.com")
    mail = parsed(fill(data, to=mailbox("ann@example.com"), key="k1", words=words))
    link, post = mail["List-Unsubscribe"].split(", ")
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    assert (mail["To"], mail["Message-ID"]) == ("ann@example.com", "<k1@example.com>")
    assert (link, post.partition("?")[0]) == (
        f"<https://site.example/u/briefing/{words.token}>",
        "<mailto:back@example.com",
    )
    assert [part.get_content().count(f"/u/{words.token}") for part in parts if part] == [1, 1]
    assert "ann@" not in str(parts)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=190))
def test_subject_survives_encoding(subject: str) -> None:
    """A mail program shows the words we wrote."""
    data = write(
        sender=mailbox("a@example.com"),
        subject=subject,
        text="t",
        html="h",
        list_name="morning",
        unsubscribe=None,
        now=NOON,
    )
    data = fill(data, to=mailbox("b@example.com"), key="k")
    raw = email.message_from_bytes(data)["Subject"]
    shown = str(email.header.make_header(email.header.decode_header(raw)))
    assert shown == __import__("unicodedata").normalize("NFC", subject)


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@b@c",
        'a"b@c.example',
        "a b@c.example",
        "a\r\nRCPT TO:<x@y.example>@c.example",
        "<a@c.example",
        "a@",
        "a@-bad-.example",
        "x" * 65 + "@c.example",
        '"a\r\nRCPT TO:<x@y.z>"@b.c',
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    """They are refused with a sentence, whatever a parser might make of them."""
    with pytest.raises(PermanentFailure, match=r"not a mail address|no valid domain"):
        mailbox(address)


def test_international_addresses() -> None:
    """A domain becomes ASCII; a name before the @ stays; the message asks for SMTPUTF8 only then."""
    assert mailbox("desk@BÜCHER.example").address == "desk@xn--bcher-kva.example"
    assert mailbox("ünï@example.com").address == "ünï@example.com"
    assert composed("desk@bücher.example").isascii()
    assert "To: ünï@example.com\r\n".encode() in composed("ünï@example.com")


def test_row_56_one_message_however_often_named(server: SmtpServer, clock: Clock) -> None:
    """Spellings of one domain and a recipient named twice are one; case before the @ is another mailbox."""
    mail = channel(server)
    outbox = planned(mail, "mailto:a@example.com", "mailto:a@EXAMPLE.com", "mailto:A@example.com", clock=clock)
    assert work_off(outbox, mail, clock).ok
    assert [sent.recipient for sent in server.messages] == ["a@example.com", "A@example.com"]


def test_sends_the_frozen_bytes_over_one_connection(server: SmtpServer, clock: Clock) -> None:
    """One message for each recipient, RSET only after one that was refused, one connection, bytes unchanged."""
    mail = channel(server)
    outbox = planned(mail, *(f"mailto:r{number}@example.com" for number in range(5)), clock=clock)
    server.refuse["r2@example.com"] = "550 5.1.1 no such mailbox"
    frozen = [mail._signed(final) for final in finals(outbox, mail)]
    report = work_off(outbox, mail, clock)
    assert len(report.sent) == 4
    assert [sent.data for sent in server.messages] == frozen[:2] + frozen[3:]
    assert (server.connections, server.commands.count("RSET")) == (1, 1)
    assert report.sent[0].remote_id == parsed(frozen[0])["Message-ID"]


def test_a_new_connection_after_fifty_messages(server: SmtpServer, clock: Clock) -> None:
    """Servers limit messages per connection; ours ends politely before."""
    mail = channel(server)
    outbox = planned(mail, *(f"mailto:r{number}@example.com" for number in range(101)), clock=clock)
    assert work_off(outbox, mail, clock).ok
    assert (server.connections, server.commands.count("QUIT")) == (3, 3)


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY"])
def test_row_41_dropped_before_anything_was_handed_over(server: SmtpServer, clock: Clock, stage: str) -> None:
    """Certainly not sent: tried again, arrives once."""
    mail = channel(server)
    server.fail(stage, DROP, DROP)  # type: ignore[arg-type] -- EHLO is followed by HELO
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    assert work_off(outbox, mail, clock).ok
    assert len(server.messages) == 1
    assert DeliveryState.UNKNOWN not in {state for _, state in outbox.history}


@pytest.mark.parametrize(("action", "copies"), [(DROP, 1), (DROP_AFTER_QUEUEING, 2)])
def test_row_42_dropped_after_the_final_dot(server: SmtpServer, clock: Clock, action: str, copies: int) -> None:
    """Nobody can tell: the identical bytes go out again after the settle time."""
    mail = channel(server)
    server.fail("END", action)
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    assert work_off(outbox, mail, clock).ok
    assert len(server.messages) == copies
    assert len({sent.data for sent in server.messages}) == 1
    assert sum(clock.sleeps) == pytest.approx(mail.visibility_delay)


def test_row_42_hold_instead_of_resending(server: SmtpServer, clock: Clock) -> None:
    """An operator who prefers a lost message over a doubled one gets `unknown` and decides."""
    mail = channel(server, resend_in_doubt=False)
    server.fail("END", DROP_AFTER_QUEUEING)
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    work_off(outbox, mail, clock)
    assert states(outbox) == ["unknown"]
    assert len(server.messages) == 1


def test_row_42_a_server_that_never_answers_the_dot(server: SmtpServer, clock: Clock) -> None:
    """After eight identical copies it is an operator's matter."""
    mail = channel(server)
    server.fail("END", *[DROP_AFTER_QUEUEING] * 50)
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    work_off(outbox, mail, clock, max_wait=80_000)
    assert states(outbox) == ["unknown"]
    assert len(server.messages) == 8


def test_row_43_slow_answer_after_the_dot(server: SmtpServer, clock: Clock) -> None:
    """The answer to a whole message is waited for ten times as long as any other: no doubt, one attempt, one mail."""
    mail = channel(server, timeout=1.0, data_timeout=20.0)
    server.fail("END", Hang(1.5))
    outbox = planned(mail, "mailto:a@example.com", "mailto:b@example.com", clock=clock)
    assert work_off(outbox, mail, clock).ok
    assert [sent.recipient for sent in server.messages] == ["a@example.com", "b@example.com"]
    assert [row.attempts for row in outbox.all()] == [1, 1]
    assert (server.connections, clock.sleeps) == (1, [])
    usual = inspect.signature(Email).parameters
    assert usual["data_timeout"].default >= 300  # a minute is nothing
    assert usual["data_timeout"].default >= 10 * usual["timeout"].default


def test_an_answer_that_never_comes_is_a_doubt(server: SmtpServer, clock: Clock) -> None:
    """A timeout after the final dot is not a timeout before it."""
    mail = channel(server, timeout=0.3, data_timeout=0.3, resend_in_doubt=False)
    server.fail("END", Hang(1.0))
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    work_off(outbox, mail, clock)
    assert states(outbox) == ["unknown"]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "END"])
def test_row_44_goodbye_in_the_middle(server: SmtpServer, clock: Clock, stage: str) -> None:
    """421 among twenty recipients: a new connection at once, each gets one message."""
    mail = channel(server)
    outbox = planned(mail, *(f"mailto:r{number}@example.com" for number in range(20)), clock=clock)
    for _ in range(2):
        work_off(planned(mail, "mailto:first@example.com", clock=clock), mail, clock)
    server.messages.clear()
    server.connections = 0
    server.fail(stage, *(["250 ok"] * 7 if stage in {"MAIL", "RCPT"} else []), "421 4.3.2 shutting down")  # type: ignore[arg-type]
    assert work_off(outbox, mail, clock).ok
    assert [sent.recipient for sent in server.messages] == [f"r{number}@example.com" for number in range(20)]
    assert server.connections == 2


def test_row_45_greylisted(server: SmtpServer, clock: Clock) -> None:
    """451 at RCPT: one more try, five to fifteen minutes later."""
    mail = channel(server)
    server.fail("RCPT", "451 4.7.1 come back later")
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    [row] = work_off(outbox, mail, clock).waiting
    assert row.not_before is not None
    assert 300 <= (row.not_before - clock.now()).total_seconds() <= 900
    assert work_off(outbox, mail, clock, max_wait=900).ok
    assert len(server.messages) == 1


def test_row_46_mailbox_full_for_days(server: SmtpServer, clock: Clock) -> None:
    """It expires at its deadline with the server's words; the others were not held up."""
    mail = channel(server)
    server.refuse["full@example.com"] = "452 4.2.2 mailbox full"
    outbox = planned(mail, "mailto:full@example.com", "mailto:b@example.com", clock=clock)
    work_off(outbox, mail, clock, max_wait=0)
    assert states(outbox) == ["pending", "sent"]
    work_off(outbox, mail, clock, max_wait=100_000)
    [full, _] = outbox.all()
    assert full.state is DeliveryState.EXPIRED
    assert "mailbox full" in full.error


def test_row_47_unknown_mailbox(server: SmtpServer, clock: Clock) -> None:
    """550 5.1.1 fails at once; the others get theirs over the same connection."""
    mail = channel(server)
    server.refuse["gone@example.com"] = "550 5.1.1 no such user"
    outbox = planned(mail, "mailto:gone@example.com", "mailto:b@example.com", clock=clock)
    report = work_off(outbox, mail, clock)
    assert states(outbox) == ["failed", "sent"]
    assert "5.1.1" in report.settled[0].error
    assert server.connections == 1


def test_a_server_that_awaits_a_message_to_nobody(clock: Clock) -> None:
    """354 to what was sent ahead of a refusal (RFC 2920 section 3.1): no command becomes the text of a message."""
    with SmtpServer(extensions=("PIPELINING",)) as server:
        server.refuse["gone@example.com"] = "550 5.1.1 no such user"
        server.fail("DATA", "354 go on")
        mail = channel(server)
        outbox = planned(mail, "mailto:gone@example.com", "mailto:b@example.com", clock=clock)
        work_off(outbox, mail, clock)
        assert states(outbox) == ["failed", "sent"]
        assert [sent.recipient for sent in server.messages] == ["b@example.com"]
        assert server.connections == 2


@pytest.mark.parametrize("extensions", ["SIZE 1000", "PIPELINING"])
def test_what_is_sent_without_waiting_for_an_answer(clock: Clock, extensions: str) -> None:
    """MAIL, RCPT and DATA go out together where PIPELINING is offered, nowhere else, and never with the message."""
    answers = {b"EHLO": f"250-loopback\r\n250 {extensions}", b"DATA": "354 go on", b"QUIT": "221 bye"}
    packets: list[list[bytes]] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as connection:
                connection.sendall(b"220 ready\r\n")
                while packet := connection.recv(65536):
                    message = packet.endswith(b"\r\n.\r\n")
                    packets.append([b"message"] if message else [line[:4].upper() for line in packet.splitlines()])
                    lines = [answers.get(verb, "250 ok") + "\r\n" for verb in packets[-1]]
                    connection.sendall("".join(lines).encode())

        thread = threading.Thread(target=answer)
        thread.start()
        mail = Email("127.0.0.1", listener.getsockname()[1], sender="news@example.com", security="none", timeout=3.0)
        assert work_off(planned(mail, "mailto:a@example.com", clock=clock), mail, clock).ok
        thread.join()
    envelope = [b"MAIL", b"RCPT", b"DATA"]
    expected = [envelope] if extensions == "PIPELINING" else [[verb] for verb in envelope]
    assert packets == [[b"EHLO"], *expected, [b"message"], [b"QUIT"]]


@pytest.mark.parametrize(
    ("reply", "gone"),
    [
        ("550 5.1.1 no such user", True),
        ("550 5.1.10 takes no mail", True),
        ("550-5.1.1 no such user\r\n550 5.1.1 look again", True),
        ("550 5.2.1 mailbox disabled", True),
        ("551 5.1.6 moved away", True),
        ("550 5.7.1 policy 5.1.1", False),
        ("550 no", False),
        ("552 5.2.2 mailbox full", False),
        ("554 5.1.8 bad sender", False),
    ],
)
def test_row_47_which_addresses_are_gone(server: SmtpServer, clock: Clock, reply: str, *, gone: bool) -> None:
    """Only what says so of the address itself: a policy, a full mailbox or a bare 550 may pass."""
    mail = channel(server)
    server.refuse["a@example.com"] = reply
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    [row] = work_off(outbox, mail, clock).settled
    assert (row.state, row.address_gone) == (DeliveryState.FAILED, gone)


@pytest.mark.parametrize("stage", ["DATA", "END"])
def test_row_48_refused_as_spam(server: SmtpServer, clock: Clock, stage: str) -> None:
    """554 is final and is not tried again."""
    mail = channel(server)
    server.fail(stage, "554 5.7.1 looks like spam")  # type: ignore[arg-type]
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    work_off(outbox, mail, clock)
    assert states(outbox) == ["failed"]
    assert server.messages == []


def test_row_49_wrong_password(certificate: Certificate, clock: Clock) -> None:
    """535 stops the account after one login; nothing fails for good, and a mended password sends everything."""
    with TlsSmtpServer(certificate, username="desk", password=PASSWORD) as server:
        wrong = Email(
            "localhost",
            server.port,
            username="desk",
            password="wrong",
            sender="n@example.com",
            ca_file=certificate.cert,
        )
        outbox = planned(wrong, "mailto:a@example.com", "mailto:b@example.com", clock=clock)
        report = work_off(outbox, wrong, clock)
        logins = server.logins
        assert list(report.stopped) == ["mailto"]
        assert "user name or password" in report.stopped["mailto"]
        assert len(report.waiting) == 2
        right = Email(
            "localhost",
            server.port,
            username="desk",
            password=PASSWORD,
            sender="n@example.com",
            ca_file=certificate.cert,
        )
        assert work_off(outbox, right, clock).ok
        assert server.logins == logins + 1
        assert len(server.messages) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_verified_encryption_and_login(certificate: Certificate, clock: Clock, security: str) -> None:
    """Both kinds of TLS work with a certificate that is trusted, and probe says so."""
    with TlsSmtpServer(certificate, username="desk", password=PASSWORD, implicit=security == "tls") as server:
        mail = Email(
            "localhost",
            server.port,
            username="desk",
            password=PASSWORD,
            sender="news@example.com",
            security=security,  # type: ignore[arg-type]
            ca_file=certificate.cert,
        )
        assert "signed in as desk" in mail.check()
        outbox = planned(mail, "mailto:a@example.com", "mailto:b@example.com", clock=clock)
        frozen = [mail._signed(final) for final in finals(outbox, mail)]
        assert work_off(outbox, mail, clock).ok
        assert [sent.data for sent in server.messages] == frozen


@pytest.mark.parametrize("implicit", [False, True])
def test_row_50_untrusted_certificate(certificate: Certificate, clock: Clock, *, implicit: bool) -> None:
    """Nothing is sent to a server whose certificate is not trusted."""
    with TlsSmtpServer(certificate, username="u", password="p", implicit=implicit) as server:
        security = "tls" if implicit else "starttls"
        mail = Email("localhost", server.port, sender="news@example.com", security=security)  # type: ignore[arg-type]
        outbox = planned(mail, "mailto:a@example.com", clock=clock)
        assert "not trusted" in work_off(outbox, mail, clock).stopped["mailto"]
        assert server.messages == []


def test_row_50_starttls_stripped(server: SmtpServer, clock: Clock) -> None:
    """A server that offers no STARTTLS gets neither the message nor the password."""
    mail = channel(server, security="starttls", username="desk", password=PASSWORD)
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    assert "does not offer STARTTLS" in work_off(outbox, mail, clock).stopped["mailto"]
    assert not [command for command in server.commands if command.startswith(("AUTH", "MAIL"))]


def test_tls_to_a_port_without_it(server: SmtpServer) -> None:
    """The wrong kind of encryption for a port is named."""
    with pytest.raises(PermanentFailure, match="does not speak TLS"):
        channel(server, security="tls").check()


def test_row_51_no_smtputf8(clock: Clock) -> None:
    """An address beyond ASCII fails with the reason where the server cannot carry it, and is sent where it can."""
    with SmtpServer(extensions=("8BITMIME",)) as server:
        mail = channel(server)
        outbox = planned(mail, "mailto:ünï@example.com", "mailto:b@example.com", clock=clock)
        report = work_off(outbox, mail, clock)
        assert states(outbox) == ["failed", "sent"]
        assert "SMTPUTF8" in report.settled[0].error
    with SmtpServer() as server:
        mail = channel(server)
        assert work_off(planned(mail, "mailto:ünï@example.com", clock=clock), mail, clock).ok
        assert server.messages[0].recipient == "ünï@example.com"
        assert "SMTPUTF8" in server.messages[0].options


@pytest.mark.parametrize("stage", ["MAIL", "END"])
@pytest.mark.parametrize("signed", [False, True])
def test_row_52_too_large_is_sent_shorter(
    server: SmtpServer, clock: Clock, caplog: pytest.LogCaptureFixture, stage: str, *, signed: bool
) -> None:
    """552: the text alone goes out, under the same Message-ID and Date, signed anew; the next one is sent whole."""
    pem, record = key_pair()
    mail = channel(server, dkim=Dkim(selector="s1", domain="example.com", key=pem) if signed else None)
    server.fail(stage, "552 5.3.4 message too big")  # type: ignore[arg-type]
    outbox = planned(mail, "mailto:a@example.com", "mailto:b@example.com", clock=clock)
    frozen = [mail._signed(final) for final in finals(outbox, mail)]
    report = work_off(outbox, mail, clock)
    assert states(outbox) == ["sent", "sent"]
    short, whole = (sent.data for sent in server.messages)
    assert whole == frozen[1]
    assert len(short) < len(frozen[0])
    mails = parsed(short), parsed(frozen[0])
    for name in ("Message-ID", "Date", "From", "To", "Subject", "List-Unsubscribe", "List-Id"):
        assert mails[0].get_all(name) == mails[1].get_all(name)
    assert mails[0].get_content_type() == "text/plain"
    words = mails[1].get_body(("plain",)).get_content().rstrip()
    assert mails[0].get_content().startswith(words)
    assert "Shortened" in mails[0].get_content()
    assert [row.remote_id for row in report.sent] == [parsed(data)["Message-ID"] for data in frozen]
    assert "shorter form" in caplog.text
    assert not signed or dkim.verify(short, dnsfunc=lambda *_, **__: record)


def test_row_52_too_large_in_any_form(server: SmtpServer, clock: Clock) -> None:
    """When even the text alone is refused the delivery fails with the server's words, and the others go on."""
    mail = channel(server)
    server.fail("MAIL", "552 5.3.4 message too big", "552 5.3.4 still too big")
    outbox = planned(mail, "mailto:a@example.com", "mailto:b@example.com", clock=clock)
    [row, _] = work_off(outbox, mail, clock).settled
    assert states(outbox) == ["failed", "sent"]
    assert "too large (552 5.3.4 message too big)" in row.error


def test_row_53_quit_hangs(server: SmtpServer, clock: Clock) -> None:
    """A server that never says goodbye does not undo what it took, nor hold anybody up."""
    mail = channel(server, timeout=0.2)
    server.fail("QUIT", Hang(5.0))
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    began = time.monotonic()
    assert work_off(outbox, mail, clock).ok
    assert time.monotonic() - began < 4
    assert "QUIT" in server.commands
    assert states(outbox) == ["sent"]
    assert work_off(outbox, mail, clock).ok
    assert len(server.messages) == 1


def test_nobody_listens(clock: Clock) -> None:
    """A server that is down is asked once for all recipients, then again later."""
    mail = Email("127.0.0.1", free_port(), sender="news@example.com", security="none")
    outbox = planned(mail, "mailto:a@example.com", "mailto:b@example.com", clock=clock)
    report = work_off(outbox, mail, clock, max_wait=0)
    assert [row.attempts for row in report.waiting] == [1, 0]
    assert "cannot be reached" in report.waiting[0].error


def test_a_sender_that_is_refused_stops_the_account(server: SmtpServer, clock: Clock) -> None:
    """What is wrong with the sender is wrong for everybody."""
    mail = channel(server)
    server.fail("MAIL", "553 5.7.1 sender not owned by user")
    outbox = planned(mail, "mailto:a@example.com", "mailto:b@example.com", clock=clock)
    assert "check FROM" in work_off(outbox, mail, clock).stopped["mailto"]
    assert states(outbox) == ["pending", "pending"]


def test_password_stays_out_of_everything(server: SmtpServer, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a repr, an error or a log line, also when a server throws it back."""
    caplog.set_level(logging.DEBUG)
    server.extensions = ("AUTH PLAIN LOGIN",)
    mail = channel(server, username="desk", password=PASSWORD)
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    report = work_off(outbox, mail, clock)
    assert "mailto" in report.stopped
    assert mail._plain(f"550 {PASSWORD} is wrong".encode()) == "550 *** is wrong"
    assert PASSWORD not in "".join([repr(mail), repr(report), caplog.text, str(report.stopped)])


def key_pair() -> tuple[str, bytes]:
    """A private key in PEM, and the DNS record of its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode(), b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def test_every_attempt_is_signed_with_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature's time is the message's Date, whenever it is sent; what was signed by an earlier release is not signed anew."""
    pem, _ = key_pair()
    dkim_key = Dkim(selector="s1", domain="example.com", key=pem)
    first = composed(dkim=dkim_key)
    monkeypatch.setattr("time.time", lambda: NOON.timestamp() + 86400.0)
    assert composed(dkim=dkim_key) == first
    assert f"t={NOON.timestamp():.0f};".encode() in first
    assert sign(first, dkim_key) == first


def test_a_quotation_cannot_name_the_places_that_are_filled(server: SmtpServer, clock: Clock) -> None:
    """Words in the digest that look like our marks stay words; the reader's address stands in To alone."""
    mail = channel(server)
    [body] = mail.encode(message(), now=NOON)
    mark = body.partition(b" ")[0].decode()
    quoting = replace(
        message(html=f"<p>{mark}-to {mark}-key</p>"), text=f"{mark}-to {mark}-key", subject=f"{mark[:60]} {mark}-key"
    )
    assert work_off(planned(mail, "mailto:a@example.com", clock=clock, of=quoting), mail, clock).ok
    sent = parsed(server.messages[0].data)
    assert f"{mark}-to {mark}-key" in sent.get_body(("plain",)).get_content()
    assert f"{mark}-to {mark}-key" in sent.get_body(("html",)).get_content()
    assert server.messages[0].data.count(b"a@example.com") == 1
    assert f"{mark}-key" in sent["Subject"]
    assert mark not in sent["Message-ID"]


def test_dkim_covers_both_unsubscribe_headers() -> None:
    """A signature verifies over the frozen bytes and names List-Unsubscribe (RFC 8058 section 3.1)."""
    pem, record = key_pair()
    signed = composed(dkim=Dkim(selector="s1", domain="example.com", key=pem))
    assert dkim.verify(signed, dnsfunc=lambda *_, **__: record)
    fields = re.search(rb"h=([^;]+);", signed)
    assert fields is not None
    assert b"list-unsubscribe" in re.sub(rb"\s", b"", fields[1]).lower().split(b":")
    assert pem not in repr(Dkim(selector="s1", domain="example.com", key=pem))


def test_missing_ca_file_is_named(server: SmtpServer, tmp_path: Path) -> None:
    """A wrong path in the settings reads like one."""
    with pytest.raises(PermanentFailure, match="CA_FILE is not there"):
        channel(server, security="tls", ca_file=tmp_path / "nowhere.pem").check()


def test_on_accept_runs_before_the_answer(server: SmtpServer, clock: Clock) -> None:
    """The hook of the test server sees a message while its delivery is still claimed."""
    mail = channel(server)
    outbox = planned(mail, "mailto:a@example.com", clock=clock)
    seen: list[list[str]] = []

    def note(_mail: Mail) -> None:
        seen.append(states(outbox))

    server.on_accept = note
    work_off(outbox, mail, clock)
    assert seen == [["sending"]]
