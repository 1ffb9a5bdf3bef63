"""SMTP sessions that know where they were when they broke.

smtplib raises the same SMTPServerDisconnected whether the connection ended before the message was handed over or
after its final dot. Only in the second case may it have arrived (RFC 1047).
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Any, Literal

_QUIT_TIMEOUT = 5.0
_GOODBYE = 421
_GO_ON = 354

Security = Literal["starttls", "tls", "none"]


class Closed(Exception):
    """The session ended, and nothing had been handed over. `busy` when the server said so itself (421), `begun` at DATA."""

    def __init__(self, reason: str, *, busy: bool = False, begun: bool = False) -> None:
        self.busy = busy
        self.begun = begun
        super().__init__(reason)


class InDoubt(smtplib.SMTPException):
    """The final dot was written and no answer to it came."""


class Session(smtplib.SMTP):
    """One connection; `data` waits longer than the rest, and says when nobody knows what became of a message."""

    data_timeout = 300.0
    _ahead = 0  # commands that were sent and whose answers have not been read

    def ask(self, command: str, *following: str) -> tuple[int, bytes]:
        """Send a command and return the answer to it.

        Where the server offers PIPELINING (RFC 2920), what follows goes out with it, and not again in its turn.
        """
        if self._ahead:
            self._ahead -= 1
        else:
            self.ask_ahead(command, *(following if self.has_extn("pipelining") else ()))
            self._ahead -= 1
        return self.getreply()

    def ask_ahead(self, *commands: str) -> None:
        """Send commands whose answers `ask` and `data` read later, where the server offers PIPELINING.

        They may follow a message before it is answered: only what comes after DATA must wait (RFC 2920 section 3.1).
        """
        self.send("".join(f"{line}\r\n" for line in commands).encode())
        self._ahead += len(commands)

    def getreply(self) -> tuple[int, bytes]:
        """As smtplib has it; a session that ended while something was sent ahead has no answer."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection was closed")
        return super().getreply()

    def start_over(self) -> tuple[int, bytes]:
        """RSET, once everything that was sent ahead of a refusal has been answered."""
        self._read_ahead()
        return self.rset()

    def _read_ahead(self) -> None:
        while self._ahead:
            self._ahead -= 1
            if self.getreply()[0] == _GO_ON:
                # It waits for a message to nobody, and would take any command for its text (RFC 2920 section 3.1).
                raise smtplib.SMTPServerDisconnected("a message without a recipient was awaited")

    def data(
        self,
        text: Any,
        require_claim: Callable[[], None] = lambda: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> tuple[int, bytes]:
        """Send what `as_text` made of a message and return the answer to its final dot; raises InDoubt.

        What `require_claim` raises ends the session, for the server awaits the message and nothing else. `meanwhile` is done
        while the server reads the message; it raises nothing.
        """
        code, reply = self.ask("DATA")
        if code >= 400:
            return code, reply
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, reply)
        try:
            require_claim()
        except BaseException:
            self.close()
            raise
        self.send(text)
        meanwhile()
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
        """QUIT, without waiting long for the answer; a message that was accepted stays accepted."""
        try:
            self._wait(min(_QUIT_TIMEOUT, self.timeout))
            self._read_ahead()
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
        # What follows a message is short, and would wait until the server has told that it has read the message (Nagle).
        if session.sock is not None:
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if security == "starttls":
            # Without a context smtplib would take any certificate.
            session.starttls(context=context or ssl.create_default_context())
        session.ehlo_or_helo_if_needed()
    except BaseException:
        session.close()
        raise
    return session


def as_text(message: bytes) -> bytes:
    """A message with CRLF line ends as DATA sends it (RFC 5321 section 4.5.2), with its final dot.

    In one piece: a dot of its own would wait for Nagle's algorithm on every message.
    """
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return (b"." if stuffed[:1] == b"." else b"") + stuffed + b".\r\n"


def is_goodbye(code: int) -> bool:
    """421: the server closes the session, whatever was asked (RFC 5321 section 3.8)."""
    return code == _GOODBYE
