"""What smtplib, ssl and a mail server's replies mean: every row of the table, and which replies are about an address."""

from __future__ import annotations

import binascii
import smtplib
import socket
import ssl

import pytest

from digestbot.channels.email.errors import CONNECTING, GREYLIST, connection_error, refusal
from digestbot.errors import ContentRejected, DeliveryError, PermanentFailure, TemporaryFailure

WHERE = "mail.example.com:587"
UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed")
UNTRUSTED.verify_message = "self-signed certificate"
ROWS: list[tuple[type[Exception], Exception, type[DeliveryError], str]] = [
    (ssl.SSLCertVerificationError, UNTRUSTED, PermanentFailure, "is not trusted (self-signed certificate)"),
    (ssl.SSLError, ssl.SSLError(1, "wrong version number"), PermanentFailure, "does not speak TLS"),
    (UnicodeError, UnicodeEncodeError("ascii", "é", 0, 1, "ordinal"), PermanentFailure, "cannot carry"),
    (
        smtplib.SMTPNotSupportedError,
        smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
        PermanentFailure,
        "does not offer STARTTLS",
    ),
    (
        smtplib.SMTPNotSupportedError,
        smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server."),
        PermanentFailure,
        "offers no login that is known here",
    ),
    (ValueError, binascii.Error("correct-horse"), PermanentFailure, "answered the login with what is none"),
    (
        smtplib.SMTPServerDisconnected,
        smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
        TemporaryFailure,
        "closed the connection",
    ),
    (
        smtplib.SMTPResponseException,
        smtplib.SMTPAuthenticationError(535, b"5.7.8 no, not correct-horse"),
        PermanentFailure,
        "refused the user name or password (535)",
    ),
    (
        smtplib.SMTPResponseException,
        smtplib.SMTPAuthenticationError(454, b"4.7.0 later"),
        TemporaryFailure,
        "does not take mail now (454)",
    ),
    (
        smtplib.SMTPResponseException,
        smtplib.SMTPConnectError(554, b"go away"),
        PermanentFailure,
        "refused the session (554)",
    ),
    (smtplib.SMTPResponseException, smtplib.SMTPConnectError(421, b"busy"), TemporaryFailure, "(421)"),
    (smtplib.SMTPException, smtplib.SMTPException("No suitable method"), PermanentFailure, "offers no login"),
    (FileNotFoundError, FileNotFoundError(2, "No such file"), PermanentFailure, "named as CA_FILE"),
    (OSError, ConnectionRefusedError(111, "Connection refused"), TemporaryFailure, "cannot be reached: Connection ref"),
    (OSError, socket.gaierror(-2, "Name or service not known"), TemporaryFailure, "Name or service not known"),
    (OSError, TimeoutError(), TemporaryFailure, "cannot be reached: no answer"),
]


@pytest.mark.parametrize(("row", "raised", "kind", "reason"), ROWS, ids=lambda value: str(value)[:40])
def test_every_row_of_what_connecting_raises(
    row: type[Exception], raised: Exception, kind: type[DeliveryError], reason: str
):
    """The first row that fits decides; all of it lies with the account; a server's words, which may echo, stay out."""
    assert next(known for known, _ in CONNECTING if isinstance(raised, known)) is row
    error = connection_error(raised, WHERE)

    assert type(error) is kind
    assert reason in str(error)
    assert error.account  # type: ignore[attr-defined]
    assert "correct-horse" not in str(error)


def test_the_table_has_no_row_without_a_test():
    """A row that is added needs one above."""
    assert {row for row, *_ in ROWS} == {row for row, _ in CONNECTING}


@pytest.mark.parametrize(
    ("stage", "code", "text", "kind", "account"),
    [
        ("MAIL", 530, "5.7.0 log in", PermanentFailure, True),
        ("MAIL", 550, "5.7.1 not you", PermanentFailure, True),
        ("MAIL", 552, "5.3.4 too large", ContentRejected, None),
        ("RCPT", 450, "4.2.1 greylisted", TemporaryFailure, False),
        ("RCPT", 550, "5.1.1 nobody", PermanentFailure, False),
        ("DATA", 554, "5.6.0 no", PermanentFailure, False),
        ("DATA", 552, "5.2.3 too large", ContentRejected, None),
    ],
)
def test_what_replies_mean(stage: str, code: int, text: str, kind: type[DeliveryError], account: bool | None):
    """For this recipient, for the account, or for the content."""
    error = refusal(stage, code, text, "a@example.com")

    assert type(error) is kind
    assert getattr(error, "account", None) is account
    assert getattr(error, "retry_after", GREYLIST) == GREYLIST


@pytest.mark.parametrize(
    "text", ["5.1.1 no such user", "5.1.2 no such system", "5.1.10 takes no mail", "5.2.1 disabled"]
)
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_only_a_refusal_at_rcpt_marks_an_address_as_gone(stage: str, text: str):
    """The same code after the message speaks of the content, before it of the sender: nobody is given up for that."""
    error = refusal(stage, 550, text, "a@example.com")

    assert isinstance(error, PermanentFailure)
    assert error.address_gone is (stage == "RCPT")


@pytest.mark.parametrize("text", ["5.7.1 spam", "5.2.2 mailbox full", "5.1.7 bad sender", "no such user"])
def test_other_refusals_at_rcpt_say_nothing_of_the_address(text: str):
    """A full mailbox or a filter of spam may let the next one pass."""
    error = refusal("RCPT", 550, text, "a@example.com")

    assert isinstance(error, PermanentFailure)
    assert not error.address_gone
