"""SMTP sessions that know where they were when they broke, and what a server's answers mean for a delivery.

smtplib raises the same SMTPServerDisconnected whether the connection ended before the message was handed over or
after its final dot. Only in the second case may it have arrived (RFC 1047).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from typing import Any, Final, Literal

from ...errors import ContentRejected, DeliveryError, PermanentFailure, TemporaryFailure

GREYLIST: Final = 300.0  # seconds; RFC 6647 section 2: a sender who comes back after some minutes is let in

_QUIT_TIMEOUT = 5.0
_GOODBYE = 421
_GO_ON = 354
_TOO_LARGE = frozenset({523, 552})  # RFC 5321 section 4.2.3, RFC 4954
# RFC 3463: no such mailbox, no such system, no valid syntax, moved away; RFC 7505: takes no mail; mailbox disabled.
_GONE = re.compile(r"5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")
_LOGIN_FIRST = frozenset({530, 535, 538})

Security = Literal["starttls", "tls", "none"]


class Closed(Exception):
    """The session ended, and nothing had been handed over. `busy` when the server said so itself (421)."""

    def __init__(self, reason: str, *, busy: bool = False) -> None:
        self.busy = busy
        super().__init__(reason)


class InDoubt(smtplib.SMTPException):
    """The final dot was written and no answer to it came."""


class Session(smtplib.SMTP):
    """One connection; `data` waits longer than the rest and tells doubt apart."""

    data_timeout = 300.0
    _ahead = 0  # commands that were sent and whose answers have not been read

    def ask(self, command: str, *following: str) -> tuple[int, bytes]:
        """Send a command and return the answer to it.

        Where the server offers PIPELINING (RFC 2920), what follows goes out with it, and not again in its turn.
        """
        if self._ahead:
            self._ahead -= 1
        else:
            together = (command, *following) if self.has_extn("pipelining") else (command,)
            self.send("".join(f"{line}\r\n" for line in together).encode())
            self._ahead = len(together) - 1
        return self.getreply()

    def start_over(self) -> tuple[int, bytes]:
        """RSET, once everything that was sent ahead of a refusal has been answered."""
        while self._ahead:
            self._ahead -= 1
            if self.getreply()[0] == _GO_ON:
                # It waits for a message to nobody, and would take RSET for its text (RFC 2920 section 3.1).
                raise smtplib.SMTPServerDisconnected("a message without a recipient was awaited")
        return self.rset()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message (bytes with CRLF line ends) and return the answer to its final dot; raises InDoubt."""
        code, reply = self.ask("DATA")
        if code >= 400:
            return code, reply
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, reply)
        # In one piece: a final dot of its own would wait for Nagle's algorithm on every message.
        self.send((b"\r\n" + msg).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n")
        try:
            self._wait(self.data_timeout)
            code, reply = self.getreply()
            self._wait(self.timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise InDoubt(str(error)) from None
        if code < 0:
            raise InDoubt("an answer that is not SMTP")
        return code, reply

    def end(self) -> None:
        """QUIT with little patience; a message that was accepted stays accepted."""
        try:
            self._wait(min(_QUIT_TIMEOUT, self.timeout))
            self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _wait(self, seconds: float) -> None:
        if self.sock is not None:
            self.sock.settimeout(seconds)


class _SecureSession(smtplib.SMTP_SSL, Session):
    """The same over TLS from the first byte."""


def connect(
    host: str,
    port: int,
    *,
    security: Security,
    context: ssl.SSLContext | None,
    timeout: float,
    data_timeout: float,
) -> Session:
    """A session after EHLO and, where asked for, with verified TLS; raises what smtplib and ssl raise."""
    if security == "tls":
        session: Session = _SecureSession(host, port, timeout=timeout, context=context or ssl.create_default_context())
    else:
        session = Session(host, port, timeout=timeout)
    session.data_timeout = data_timeout
    try:
        if security == "starttls":
            # Without a context smtplib would take any certificate.
            session.starttls(context=context or ssl.create_default_context())
        session.ehlo_or_helo_if_needed()
    except BaseException:
        session.close()
        raise
    return session


def no_session(error: Exception, where: str) -> DeliveryError:  # noqa: PLR0911 -- a table reads best as one
    """Why `connect` or `login` failed; all of it lies with the account. Server texts are left out: one may echo."""
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
    if isinstance(error, ssl.SSLCertVerificationError):
        fix = "use the name the certificate is for, or name the authority's file as CA_FILE"
        return PermanentFailure(
            f"the certificate of {where} is not trusted ({error.verify_message}): {fix}", account=True
        )
    if isinstance(error, ssl.SSLError):
        return PermanentFailure(f"{where} does not speak TLS: port 465 wants SECURITY=tls, 587 starttls", account=True)
    if isinstance(error, UnicodeError):
        return PermanentFailure(
            "the SMTP user name or password holds characters that a login cannot carry", account=True
        )
    if isinstance(error, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(error):
        fix = "nothing is sent unprotected; try SECURITY=tls with port 465"
        return PermanentFailure(f"{where} does not offer STARTTLS: {fix}", account=True)
    if isinstance(error, FileNotFoundError):
        return PermanentFailure("the file named as CA_FILE is not there", account=True)
    if 400 <= code < 500 or isinstance(error, smtplib.SMTPServerDisconnected):
        return TemporaryFailure(f"{where} does not take mail now ({code or 'closed the connection'})", account=True)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        fix = "check them; some providers want a password made for this app"
        return PermanentFailure(f"{where} refused the user name or password ({code}): {fix}", account=True)
    if isinstance(error, smtplib.SMTPException):
        reason = f"refused the session ({code})" if code else "offers no login that is known here"
        return PermanentFailure(f"{where} {reason}: check host, port and user name", account=True)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or "no answer"
    return TemporaryFailure(f"{where} cannot be reached: {reason}", account=True)


def refusal(stage: str, code: int, text: str, address: str) -> DeliveryError:
    """What a reply other than 2xx to MAIL, RCPT or DATA (the message's end included) means for this recipient."""
    said = f"{code} {text}".strip()
    if code in _LOGIN_FIRST:
        return PermanentFailure(
            f"the mail server wants a login first ({said}): set user name and password", account=True
        )
    if code in _TOO_LARGE:
        return ContentRejected(f"the message to {address} was refused as too large ({said})")
    if code < 500:
        return TemporaryFailure(f"{address} was put off at {stage} ({said})", retry_after=GREYLIST)
    if stage == "MAIL":
        return PermanentFailure(f"the mail server refused the sender ({said}): check FROM", account=True)
    return PermanentFailure(
        f"{address} was refused at {stage} ({said})", address_gone=stage == "RCPT" and bool(_GONE.match(text))
    )


def is_goodbye(code: int) -> bool:
    """421: the server closes the session, whatever was asked (RFC 5321 section 3.8)."""
    return code == _GOODBYE
