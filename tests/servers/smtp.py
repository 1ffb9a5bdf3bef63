"""Mail servers on loopback, some of which misbehave.

    with SmtpServer() as smtp:
        smtp.fail("END", DROP_AFTER_QUEUEING)                   # the connection ends after the final dot
        Email("127.0.0.1", smtp.port, sender="news@example.com", security="none")
        smtp.messages                                           # Mail(sender, recipient, data, options)

    with TlsSmtpServer(make_certificate(tmp_path), username="u", password="p") as smtp: ...

`on_accept` is called with the message after it was accepted and before the answer goes out: the place to kill a client's
process.
"""

from __future__ import annotations

import ipaddress
import socketserver
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .ports import free_port

Stage = Literal["CONNECT", "EHLO", "STARTTLS", "RSET", "MAIL", "RCPT", "DATA", "BODY", "END", "QUIT"]


@dataclass(frozen=True, slots=True)
class Hang:
    """Answer as usual, but only after so many seconds."""

    seconds: float


DROP = "drop"  # end the connection instead of answering; at END the message is not queued


DROP_AFTER_QUEUEING = "drop after queueing"  # END only: the message is taken, the answer never comes


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that a server took."""

    sender: str
    recipient: str
    data: bytes  # with CRLF line ends, dots unstuffed
    options: str = ""  # of MAIL


class SmtpServer:
    """A mail server by script: `fail(stage, action)` decides the next answer at a stage.

    An action is a reply line ("451 4.7.1 greylisted"), DROP, DROP_AFTER_QUEUEING or Hang(seconds). CONNECT is the
    banner, BODY is reached after some of the message was read, END is the answer to the final dot. `refuse` maps a
    recipient to a standing reply. A 421 reply ends the connection, as it must.
    """

    def __init__(
        self,
        *,
        extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8", "SIZE 20000000"),
        on_accept: Callable[[Mail], None] | None = None,
    ) -> None:
        self.extensions = extensions
        self.on_accept = on_accept
        self.messages: list[Mail] = []
        self.refuse: dict[str, str] = {}
        self.commands: list[str] = []
        self.connections = 0
        self._faults: dict[str, list[str | Hang]] = defaultdict(list)
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True  # several answers in a row would wait for each other

            def handle(self) -> None:
                outer.connections += 1
                with suppress(OSError):
                    _Dialogue(outer, self).run()

        self._tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._tcp.daemon_threads = True
        self.port = int(self._tcp.server_address[1])

    def fail(self, stage: Stage, *actions: str | Hang) -> None:
        """Queue actions for the next times that a stage is reached, one each."""
        self._faults[stage] += actions

    def next_fault(self, stage: str) -> str | Hang | None:
        return self._faults[stage].pop(0) if self._faults[stage] else None

    def __enter__(self) -> Self:
        threading.Thread(target=self._tcp.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._tcp.shutdown()
        self._tcp.server_close()


class _Ended(OSError):
    """The server ends the connection."""


class _Dialogue:
    """One connection to an SmtpServer."""

    def __init__(self, server: SmtpServer, connection: socketserver.StreamRequestHandler) -> None:
        self.server, self.reader, self.writer = server, connection.rfile, connection.wfile
        self.sender = self.recipient = self.options = ""

    def run(self) -> None:
        self.reply("CONNECT", "220 loopback ready")
        while line := self.reader.readline():
            command = line.decode("utf-8", "replace").strip()
            verb, _, rest = command.partition(" ")
            self.server.commands.append(f"{verb.upper()} {rest}".strip())
            match verb.upper():
                case "EHLO" | "HELO":
                    lines = ["loopback", *self.server.extensions]
                    last = len(lines) - 1
                    text = "\r\n".join(f"250{' ' if at == last else '-'}{word}" for at, word in enumerate(lines))
                    self.reply("EHLO", text)
                case "MAIL" | "RCPT" | "DATA":
                    self.envelope(verb.upper(), rest)
                case "QUIT":
                    self.reply("QUIT", "221 bye")
                    return
                case "RSET":
                    self.reply("RSET", "250 ok")
                case _:
                    self.reply("", "502 what?")

    def envelope(self, verb: str, rest: str) -> None:
        address, _, options = rest.partition(" ")
        address = address.partition(":")[2].strip("<>")
        if verb == "MAIL":
            accepted = self.reply("MAIL", "250 ok").startswith("2")
            self.sender, self.recipient, self.options = address if accepted else "", "", options
        elif verb == "RCPT":
            usual = self.server.refuse.get(address, "250 ok") if self.sender else "503 MAIL first"
            if self.reply("RCPT", usual).startswith("2"):
                self.recipient = address
        elif self.reply("DATA", "354 go on" if self.recipient else "503 RCPT first").startswith("354"):
            self.body()

    def body(self) -> None:
        lines: list[bytes] = []
        while (line := self.reader.readline()) != b".\r\n":
            if not line or (not lines and self.server.next_fault("BODY")):
                raise _Ended
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        fault = self.server.next_fault("END")
        if fault is None or fault == DROP_AFTER_QUEUEING or isinstance(fault, Hang):
            mail = Mail(self.sender, self.recipient, b"".join(lines), self.options)
            self.server.messages.append(mail)
            if self.server.on_accept:
                self.server.on_accept(mail)
        self.act(fault, "250 queued")

    def reply(self, stage: str, usual: str) -> str:
        return self.act(self.server.next_fault(stage), usual)

    def act(self, fault: str | Hang | None, usual: str) -> str:
        if fault in (DROP, DROP_AFTER_QUEUEING):
            raise _Ended
        if isinstance(fault, Hang):
            time.sleep(fault.seconds)
        text = fault if isinstance(fault, str) else usual
        self.writer.write(text.encode() + b"\r\n")
        if text.startswith("421"):
            raise _Ended
        return text


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate for localhost and 127.0.0.1; `cert` is its own authority."""

    cert: Path
    key: Path


def make_certificate(folder: Path, *names: str) -> Certificate:
    """Write a fresh certificate and its key into a folder; `names` are more hosts it is for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    hosts = [x509.DNSName(host) for host in ("localhost", *names)]
    addresses = [*hosts, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = Certificate(folder / "cert.pem", folder / "key.pem")
    written.cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    written.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return written


class TlsSmtpServer:
    """aiosmtpd with STARTTLS (or TLS from the first byte) that takes mail only after a login."""

    def __init__(self, certificate: Certificate, *, username: str, password: str, implicit: bool = False) -> None:
        self.messages: list[Mail] = []
        self.logins = 0
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate.cert, certificate.key)
        expected = LoginPassword(username.encode(), password.encode())

        def authenticate(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
        ) -> AuthResult:
            self.logins += 1
            # handled=False makes aiosmtpd answer 535; True would leave the client without a reply.
            return AuthResult(success=data == expected, handled=False)

        # aiosmtpd does not know that TLS from the first byte is TLS, so the login is demanded in handle_DATA.
        options: dict[str, Any] = {"authenticator": authenticate, "enable_SMTPUTF8": True}
        options |= {"auth_require_tls": False, "ssl_context": context} if implicit else {"tls_context": context}
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), **options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        if not session.authenticated:
            return "530 5.7.0 log in first"
        content = envelope.original_content or b""
        self.messages.append(Mail(str(envelope.mail_from), envelope.rcpt_tos[0], content))
        return "250 queued"

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()
