"""Mail through one server: a message for each recipient, its bytes frozen, Message-ID and Date included."""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ...errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure
from ...model import Delivery, Message, ReaderWords
from ...text.sanitise import one_line, shorten
from . import mime, smtp
from .errors import connection_error, refusal

Dkim = mime.Dkim

_MESSAGES = 50  # over one connection; servers commonly allow 100, and hang up without a word after that
_MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>\r\n]+>)", re.MULTILINE)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Mail:
    """A message as it goes over the wire."""

    of: bytes  # the delivery's
    size: int  # bytes, signed
    text: bytes
    sender: str  # of the envelope
    address: str


class Email:
    """Sends over SMTP, keeping the connection for up to 50 messages.

    Args:
        host: the mail server.
        port: 587 for STARTTLS, 465 for TLS, 25 for a relay nearby.
        username: empty: no login.
        password: never shown again.
        sender: From, as `name@example.com` or `Name <name@example.com>`.
        security: `starttls` and `tls` verify the certificate; `none` is for a relay on this machine.
        ca_file: certificates to trust instead of the system's.
        timeout: seconds for each step but one.
        data_timeout: seconds for the answer to a whole message (RFC 5321 section 4.5.3.2.6 asks for 10 minutes).
        unsubscribe: who reads requests to be taken off the list; the sender where empty.
        dkim: sign messages here; a relay that signs needs none.
        resend_in_doubt: send the same bytes again when a connection broke after a message was handed over.
    """

    name = "mailto"
    visibility_delay = 10.0  # seconds; nobody can be asked afterwards, so this is only a pause before a retry

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str = "",
        password: str = "",
        sender: str,
        security: smtp.Security = "starttls",
        ca_file: Path | None = None,
        timeout: float = 30.0,
        data_timeout: float = 300.0,
        unsubscribe: str = "",
        dkim: Dkim | None = None,
        resend_in_doubt: bool = True,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._username, self._password = username, password
        self._sender = mime.mailbox(sender)
        self._unsubscribe = mime.mailbox(unsubscribe) if unsubscribe else self._sender
        self._ca_file = ca_file
        self._timeout, self._data_timeout = timeout, data_timeout
        self._dkim = dkim
        self._resend_in_doubt = resend_in_doubt
        self._tls: ssl.SSLContext | None = None
        self._session: smtp.Session | None = None
        self._begun = 0  # messages over this session
        self._halfway = False  # the last message of this session was refused before its end
        self._next: _Mail | None = None  # made while the last one was read
        self._announced = False  # the server has been told of it in this session
        self._in_turn = 0  # so many are not announced: that broke a session

    def __repr__(self) -> str:
        return f"Email({self._host!r}, {self._port}, sender={self._sender.address!r})"

    def canonical(self, address: str) -> str:
        """The bare address, its domain in lower-case ASCII. Before the @ case is kept: it is up to the server (RFC 5321 section 2.4)."""
        return mime.mailbox(address).address

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        """One whole message but for what `fill` writes."""
        of = message.list
        written = mime.write(
            sender=mime.mailbox(of.sender) if of and of.sender else self._sender,
            subject=message.subject,
            text=message.text,
            html="" if message.plain else message.html,
            list_name=of.name if of else message.digest.name,
            unsubscribe=self._unsubscribe,
            now=now,
            reply_to=mime.mailbox(of.reply_to) if of and of.reply_to else None,
            site=of.url if of else "",
            feedback=f"{message.digest.name}:{of.name}" if of else "",
            token_place=message.token_place,
            words_key=message.words_key,
        )
        return (written,)

    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        """With To and Message-ID, which follows from the key, so that a copy can be known as one; signed by whoever sends it."""
        to = mime.mailbox(delivery.recipient.address)
        return mime.fill(body, to=to, key=delivery.key, words=delivery.words or ReaderWords())

    def send(self, delivery: Delivery, *, parent: str) -> str:
        """Hand the message over and return its Message-ID.

        What the server refuses as too large goes out once more without its HTML part, under the same Message-ID.
        """
        del parent
        made = self._next if self._next is not None and self._next.of is delivery.payload else None
        try:
            self._hand_over(made or self._mail(delivery, delivery.payload), delivery)
        except ContentRejected as whole:
            short = self._mail(delivery, mime.shortened(delivery.payload))
            try:
                self._hand_over(short, delivery)
            except ContentRejected:
                raise whole from None
            _log.warning("sent to %s in a shorter form: %s", delivery.recipient, whole)
        return _message_id(delivery)

    def _signed(self, message: bytes) -> bytes:
        return mime.sign(message, self._dkim) if self._dkim else message

    def _mail(self, delivery: Delivery, message: bytes) -> _Mail:
        signed = self._signed(message)
        return _Mail(
            of=message,
            size=len(signed),
            text=smtp.as_text(signed),
            sender=(delivery.words and delivery.words.return_path) or self._sender.address,
            address=self.canonical(delivery.recipient.address),
        )

    def _hand_over(self, mail: _Mail, delivery: Delivery) -> None:
        """Over the kept connection; the server may have closed it meanwhile.

        Then, and only when nothing was handed over, a new one is tried at once.
        """
        if self._session is not None:
            try:
                self._transmit(self._session, mail, delivery)
            except smtp.Closed as closed:
                _log.info("opening another connection: %s", closed)
            else:
                return
        try:
            self._transmit(self._open(), mail, delivery)
        except smtp.Closed as closed:
            raise TemporaryFailure(str(closed), throttled=closed.busy, begun=closed.begun) from None

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        """A mail server cannot be asked."""
        del delivery, parent
        raise OutcomeUnknown(f"{self._host} cannot be asked whether it took the message")

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        """Yes, by default: a rare second copy with the same Message-ID is a lesser evil than a lost digest."""
        del delivery
        return self._resend_in_doubt

    def check(self) -> str:
        """Connect, verify and log in, and sign where we sign; sends nothing."""
        if self._dkim:
            mime.sign(b"From: " + self._sender.address.encode() + b"\r\n\r\n", self._dkim)
        self._open()
        self.close()
        how = {"starttls": "over STARTTLS", "tls": "over TLS", "none": "without encryption"}[self._security]
        return f"{self._host}:{self._port} answers {how}" + (f", signed in as {self._username}" * bool(self._username))

    def check_recipient(self, address: str) -> None:
        """Go as far as the server's answer to sender and recipient: there it says that it wants a login; sends nothing."""
        address = self.canonical(address)
        try:
            session = self._session if self._session is not None and not self._announced else self._open()
            self._step("MAIL", lambda: session.ask(f"MAIL FROM:<{self._sender.address}>"), address)
            self._halfway = True
            self._step("RCPT", lambda: session.ask(f"RCPT TO:<{address}>"), address)
        except smtp.Closed as closed:
            raise TemporaryFailure(str(closed), throttled=closed.busy, begun=closed.begun) from None
        finally:
            if self._session is not None:
                self._step("RSET", self._session.start_over, address)
                self._halfway = False

    def close(self) -> None:
        """End the session politely, if there is one."""
        if self._session is not None:
            self._session.end()
        self._session = None

    def _open(self) -> smtp.Session:
        """A new session, logged in."""
        self.close()
        failure: DeliveryError
        try:
            self._session = smtp.connect(
                self._host,
                self._port,
                security=self._security,
                context=self._context(),
                timeout=self._timeout,
                data_timeout=self._data_timeout,
            )
            self._begun, self._halfway, self._announced = 0, False, False
            if self._username:
                self._session.login(self._username, self._password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            failure = connection_error(error, f"{self._host}:{self._port}")
        else:
            return self._session
        self.close()
        raise failure

    def _context(self) -> ssl.SSLContext | None:
        """Made once: reading the system's certificates takes longer than sending a message."""
        if self._tls is None and self._security != "none":
            self._tls = ssl.create_default_context(cafile=self._ca_file)
        return self._tls

    def _transmit(self, session: smtp.Session, mail: _Mail, delivery: Delivery) -> None:
        """One message over an open session; raises smtp.Closed when it ended before anything was handed over."""
        if self._halfway or (self._announced and mail is not self._next):
            if self._announced:
                self._in_turn = _MESSAGES
            self._step("RSET", session.start_over, mail.address)
        # A message that was accepted leaves nothing behind to be reset (RFC 5321 section 4.1.1.4).
        self._begun, self._halfway, self._announced = self._begun + 1, True, False
        self._next = None
        envelope = self._envelope(session, mail)
        self._step("MAIL", lambda: session.ask(*envelope), mail.address)
        self._step("RCPT", lambda: session.ask(*envelope[1:]), mail.address)
        self._step(
            "DATA",
            lambda: session.data(mail.text, delivery.require_claim, lambda: self._make_next(session, delivery)),
            mail.address,
        )
        self._halfway = False
        if self._begun >= _MESSAGES:
            self.close()
        elif not self._announced:
            # While the server looks at the next sender, what became of this one is recorded.
            self._announce(session, 1)

    def _envelope(self, session: smtp.Session, mail: _Mail) -> tuple[str, str, str]:
        options = [f"SIZE={mail.size}"] if session.has_extn("size") else []
        if not (mail.address.isascii() and mail.sender.isascii()):
            if not session.has_extn("smtputf8"):
                raise PermanentFailure(f"{self._host} takes no address like {mail.address}: it has no SMTPUTF8")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        return " ".join([f"MAIL FROM:<{mail.sender}>", *options]), f"RCPT TO:<{mail.address}>", "DATA"

    def _make_next(self, session: smtp.Session, delivery: Delivery) -> None:
        """Make the next message ready, and announce it: then its text can go out as soon as this one is answered."""
        with suppress(Exception):  # whatever is wrong with it is found in its turn
            following = delivery.following()
            if following is None:
                return
            self._next = self._mail(following, following.payload)
            if self._in_turn:
                self._in_turn -= 1
            elif self._begun < _MESSAGES and session.has_extn("pipelining"):
                self._announce(session)

    def _announce(self, session: smtp.Session, commands: int | None = None) -> None:
        """Send the first commands of the next message, or all of them."""
        with suppress(Exception):  # a session that has ended shows it in that one's turn
            if self._next is not None:
                session.ask_ahead(*self._envelope(session, self._next)[:commands])
                self._announced = True

    def _step(self, stage: str, command: Callable[[], tuple[int, bytes]], address: str) -> None:
        failure: Exception
        try:
            code, reply = command()
        except smtp.InDoubt as doubt:
            failure = OutcomeUnknown(f"{self._host} did not answer after the message to {address} ({doubt})")
        except (smtplib.SMTPException, OSError) as error:
            failure = smtp.Closed(
                f"{self._host} ended the session at {stage} ({type(error).__name__})", begun=stage == "DATA"
            )
        else:
            if smtp.is_goodbye(code):
                failure = smtp.Closed(
                    f"{self._host} ended the session at {stage} (421)", busy=True, begun=stage == "DATA"
                )
            elif 200 <= code < 300:
                return
            else:
                raise refusal(stage, code, self._plain(reply), address)
        if self._session is not None:
            self._session.close()
        self._session, self._in_turn = None, _MESSAGES
        raise failure

    def _plain(self, reply: bytes) -> str:
        """A server's words, fit for a log line."""
        text = shorten(one_line(reply.decode("utf-8", "replace")), 200)
        return text.replace(self._password, "***") if self._password else text


def _message_id(delivery: Delivery) -> str:
    """As it is in the frozen bytes: the sender's domain may have changed since."""
    found = _MESSAGE_ID.search(delivery.payload)
    return found[1].decode("ascii", "replace") if found else ""
