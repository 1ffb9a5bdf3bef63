"""Returned mails on an IMAP server: the unseen ones of a folder, marked as seen when they were kept."""

from __future__ import annotations

import imaplib
import importlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar

from ...errors import DeliveryError, PermanentFailure, TemporaryFailure
from ...ports import MOST_MAIL_BYTES, UnreadMail
from .smtp import Security

T = TypeVar("T")

_MISSING: Final = "reading a mailbox by IMAP needs one more package: pip install 'digestbot[bounces]'"
_NOT_NOW: Final = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.IGNORECASE)  # RFC 5530
_ONE_MAIL: Final = (
    f"BODY.PEEK[]<0.{MOST_MAIL_BYTES}>"  # PEEK: what is not kept yet stays unseen (RFC 9051 section 6.4.5)
)

# The first row whose kind an error is of: nothing changes until somebody mends it.
_LASTING: Final[tuple[tuple[type[Exception], str], ...]] = (
    (
        ssl.SSLCertVerificationError,
        "the certificate of {where} is not trusted ({why}): use the name the certificate is for, or name the authority's file in CA_FILE",
    ),
    (UnicodeError, "user name, password or folder of DIGESTBOT_BOUNCES hold characters that IMAP cannot carry"),
)
_NO_TLS: Final = "{where} does not speak TLS: port 993 wants SECURITY=tls, 143 starttls"
_NO_CERTIFICATES: Final = "the file named as DIGESTBOT_BOUNCES__CA_FILE is not there, or holds no certificate"
_REFUSED: Final = {
    "starttls": "{where} does not offer STARTTLS: nothing is sent unprotected; try SECURITY=tls with port 993",
    "login": "{where} refused the user name or password: check DIGESTBOT_BOUNCES__USERNAME and PASSWORD",
    "select": "{where} has no such folder, or none that can be read: see DIGESTBOT_BOUNCES__FOLDER",
}


class ImapMailbox:
    """`ports.ReturnedMailbox` over IMAP, on one connection that is opened when it is first needed.

    Args:
        host: the server.
        port: 993 for TLS, 143 for STARTTLS.
        username: the account.
        password: never shown again.
        folder: where the mails lie.
        security: `tls` and `starttls` verify the certificate; `none` is for a server on this machine.
        ca_file: certificates to trust instead of the system's.
        timeout: seconds for each step, however slowly its answer drips in.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str,
        password: str,
        folder: str = "INBOX",
        security: Security = "tls",
        ca_file: Path | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._host, self._port, self._security = host, port, security
        self._username, self._password, self._folder = username, password, folder
        self._ca_file, self._timeout = ca_file, timeout
        self._client: Any = None
        self._validity = ""  # of the numbers that the server gives to mails
        self._begun: socket.socket | None = None  # the connection, before there is a client on it

    def __repr__(self) -> str:
        return f"ImapMailbox({self._host!r}, {self._port})"

    def unread(self, *, limit: int) -> Iterator[UnreadMail]:
        client = self._open()
        numbers: list[int] = self._step("search", lambda: client.search(["UNSEEN", "UNDELETED"]))
        for number in sorted(numbers)[:limit]:
            found = self._fetched(client, number)
            if found is not None:  # else another program has deleted it meanwhile
                yield UnreadMail(f"{self._validity}:{number}", found)

    def _fetched(self, client: Any, number: int) -> bytes | None:
        parts = self._step("fetch", lambda: client.fetch([number], [_ONE_MAIL]).get(number, {}))
        data = next((value for name, value in parts.items() if name.startswith(b"BODY[]")), None)
        return data[:MOST_MAIL_BYTES] if isinstance(data, bytes) else None

    def mark_read(self, names: Collection[str]) -> None:
        if not names:
            return
        client = self._open()
        # The server may have given its numbers anew since, to other mails (RFC 9051 section 2.3.1.1).
        given = (name.split(":") for name in names)
        numbers = sorted(int(number) for validity, number in given if validity == self._validity)
        if numbers:
            self._step("store", lambda: client.add_flags(numbers, [rb"\Seen"], silent=True))

    def check(self) -> str:
        client = self._open()
        count = len(self._step("search", lambda: client.search(["UNSEEN", "UNDELETED"])))
        self.close()
        return f"{self._host}:{self._port} answers, signed in; the folder has {count} unread"

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            timer = self._timer(client)
            with suppress(Exception):
                client.logout()
            timer.cancel()

    def _open(self) -> Any:
        if self._client is None:
            # Made here, so that nothing else decides what is trusted.
            trusted = self._step("trust", lambda: ssl.create_default_context(cafile=self._ca_file))
            self._client = self._step("connect", lambda: self._connected(trusted))
            if self._security == "starttls":
                self._step("starttls", lambda: self._client.starttls(trusted))
            self._step("login", lambda: self._client.login(self._username, self._password))
            chosen = self._step("select", lambda: self._client.select_folder(self._folder))
            self._validity = str(chosen.get(b"UIDVALIDITY", ""))
        return self._client

    def _connected(self, trusted: ssl.SSLContext) -> Any:
        imap = _imapclient()
        timeout = imap.SocketTimeout(self._timeout, self._timeout)
        encrypted = {"ssl": True, "ssl_context": trusted} if self._security == "tls" else {"ssl": False}
        return _watched(imap, self._remember)(self._host, self._port, timeout=timeout, **encrypted)

    def _remember(self, connection: socket.socket) -> None:
        self._begun = connection

    def _step(self, stage: str, call: Callable[[], T]) -> T:
        """One command, whose end comes within the time whatever the server does."""
        timer = self._timer(self._client)
        try:
            return call()
        except DeliveryError:
            raise
        except (OSError, imaplib.IMAP4.error, ValueError, LookupError, AttributeError, TypeError) as error:
            # The last ones are what becomes of an answer that is no IMAP.
            failure = self._failure(stage, error)
        finally:
            timer.cancel()
        client, self._client = self._client, None
        _cut(client, self._begun)
        if client is not None:
            with suppress(Exception):
                client.shutdown()
        raise failure

    def _timer(self, client: Any) -> threading.Timer:
        """Ends the connection when the time is over: a server may send a byte now and then, and never be silent for long."""
        timer = threading.Timer(self._timeout, lambda: _cut(client, self._begun))
        timer.daemon = True
        timer.start()
        return timer

    def _failure(self, stage: str, error: Exception) -> DeliveryError:
        where = f"{self._host}:{self._port}"
        lasting = next((why for kind, why in _LASTING if isinstance(error, kind)), "") or _lasting(stage, error)
        if lasting:
            why = getattr(error, "verify_message", "")
            return PermanentFailure(lasting.format(where=where, why=why), account=True)
        reason = getattr(error, "strerror", None) or "no answer, or none that is IMAP"
        return TemporaryFailure(f"{where} cannot be read now: {reason}", account=True)


def _lasting(stage: str, error: Exception) -> str:
    """Why the same would fail again at this stage; empty where it may not."""
    if stage == "trust":
        return _NO_CERTIFICATES
    if isinstance(error, ssl.SSLError):  # later ones, and an end without a goodbye, say nothing about the settings
        return _NO_TLS if stage in ("connect", "starttls") and not isinstance(error, ssl.SSLEOFError) else ""
    if not isinstance(error, imaplib.IMAP4.error) or isinstance(error, imaplib.IMAP4.abort):
        return ""
    # A connection that ends while a login is answered comes as a refused login, too.
    cut_off = isinstance(error.__context__, imaplib.IMAP4.abort | OSError)
    return "" if cut_off or _NOT_NOW.search(str(error)) else _REFUSED.get(stage, "")


def _cut(client: Any, begun: socket.socket | None) -> None:
    connection: socket.socket | None = client.socket() if client is not None else begun
    with suppress(OSError):
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)


def _watched(imap: ModuleType, begun: Callable[[socket.socket], None]) -> Callable[..., Any]:
    """IMAPClient, which tells of its connection before the server has greeted: a greeting may be slow on purpose."""

    class Plain(imap.imap4.IMAP4WithTimeout):  # type: ignore[misc,name-defined]
        def open(self, *args: Any, **options: Any) -> None:
            super().open(*args, **options)
            begun(self.sock)

    class Secure(imap.tls.IMAP4_TLS):  # type: ignore[misc,name-defined]
        def open(self, *args: Any, **options: Any) -> None:
            super().open(*args, **options)
            begun(self.sock)

    class Client(imap.IMAPClient):  # type: ignore[misc,name-defined]
        def _create_IMAP4(self) -> Any:  # noqa: N802 -- its name there
            seconds = self._timeout.connect
            if self.ssl:
                return Secure(self.host, self.port, self.ssl_context, seconds)
            return Plain(self.host, self.port, seconds)

    return Client


def _imapclient() -> ModuleType:
    try:
        return importlib.import_module("imapclient")
    except ImportError:
        raise PermanentFailure(_MISSING, account=True) from None
