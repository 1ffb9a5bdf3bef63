r"""A small IMAP server on loopback, enough of RFC 9051 for reading a mailbox, which misbehaves on request.

with ImapServer([b"From: a@example.com\r\n\r\nhello"]) as imap:
    imap.fail("FETCH", DROP)                                # the connection ends instead of an answer
    ImapMailbox("127.0.0.1", imap.port, username="u", password="p", security="none")
    imap.seen                                               # the numbers of mails that are marked as seen
"""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
import time
from collections import defaultdict
from contextlib import closing, suppress
from typing import Self

from .smtp import Certificate

DROP = "drop"
DRIP = "drip"  # a byte now and then, for ever

_LINE = re.compile(rb"(\S+) (?:UID )?(\S+) ?(.*)", re.DOTALL)


class ImapServer:
    """`fail(command, action)`: the next answer is an action, or a line such as `NO [UNAVAILABLE] later`. GREETING comes first."""

    def __init__(
        self,
        mails: list[bytes],
        *,
        username: str = "u",
        password: str = "p",
        certificate: Certificate | None = None,
        starttls: bool = False,
        folder: str = "INBOX",
    ) -> None:
        self.mails = dict(enumerate(mails, 1))
        self.seen: set[int] = set()
        self.commands: list[str] = []
        self.validity = 1
        self.login, self.folder = (username, password), folder
        self._faults: dict[str, list[str]] = defaultdict(list)
        self.context: ssl.SSLContext | None = None
        self.starttls = starttls
        self.ending = threading.Event()
        if certificate is not None:
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(certificate.cert, certificate.key)
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, ValueError), closing(_Dialogue(outer, self.request)) as dialogue:
                    dialogue.run()

        self._tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._tcp.daemon_threads = True
        self.port = int(self._tcp.server_address[1])

    def fail(self, command: str, *actions: str) -> None:
        self._faults[command].extend(actions)

    def fault(self, command: str) -> str:
        return self._faults[command].pop(0) if self._faults[command] else ""

    def __enter__(self) -> Self:
        threading.Thread(target=self._tcp.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ending.set()
        self._tcp.shutdown()
        self._tcp.server_close()


class _Dialogue:
    def __init__(self, server: ImapServer, connection) -> None:
        if server.context is not None and not server.starttls:
            connection = server.context.wrap_socket(connection, server_side=True)
        self.server, self.connection = server, connection
        self.file = connection.makefile("rwb")

    def run(self) -> None:
        self.say("GREETING", b"* OK ready\r\n")
        while line := self.file.readline():
            found = _LINE.match(line.rstrip(b"\r\n"))
            assert found is not None
            tag, name, rest = found[1], found[2].decode().upper(), found[3]
            self.server.commands.append(name)
            answer = getattr(self, f"do_{name.lower()}", lambda _: (b"", b"BAD unknown"))
            untagged, result = answer(rest)
            self.say(name, untagged + tag + b" " + result + b"\r\n", tag)
            if name == "STARTTLS" and self.server.context is not None:
                self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
                self.file = self.connection.makefile("rwb")
            if name == "LOGOUT":
                return

    def close(self) -> None:
        for one in (self.file, self.connection):
            with suppress(OSError):
                one.close()

    def say(self, name: str, usual: bytes, tag: bytes = b"*") -> None:
        fault = self.server.fault(name)
        if fault == DROP:
            raise OSError("dropped")
        if fault == DRIP:
            while not self.server.ending.is_set():
                self.file.write(b"*")
                self.file.flush()
                time.sleep(0.02)
            return
        self.file.write(tag + b" " + fault.encode() + b"\r\n" if fault else usual)
        self.file.flush()

    def do_capability(self, _: bytes) -> tuple[bytes, bytes]:
        return b"* CAPABILITY IMAP4rev1" + b" STARTTLS" * self.server.starttls + b"\r\n", b"OK done"

    def do_starttls(self, _: bytes) -> tuple[bytes, bytes]:
        return b"", b"OK begin" if self.server.starttls else b"BAD unknown"

    def do_login(self, rest: bytes) -> tuple[bytes, bytes]:
        given = tuple(word.strip('"') for word in rest.decode().split(" "))
        return b"", b"OK in" if given == self.server.login else b"NO [AUTHENTICATIONFAILED] no"

    def do_select(self, rest: bytes) -> tuple[bytes, bytes]:
        if rest.decode().strip('"') != self.server.folder:
            return b"", b"NO no such mailbox"
        return b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] valid\r\n" % (
            len(self.server.mails),
            self.server.validity,
        ), b"OK [READ-WRITE] done"

    def do_search(self, _: bytes) -> tuple[bytes, bytes]:
        numbers = sorted(set(self.server.mails) - self.server.seen)
        return b"* SEARCH " + b" ".join(b"%d" % number for number in numbers) + b"\r\n", b"OK done"

    def do_fetch(self, rest: bytes) -> tuple[bytes, bytes]:
        number, most = int(rest.split(b" ")[0]), int(rest.rpartition(b".")[2].split(b">")[0])
        if number not in self.server.mails:
            return b"", b"OK gone"
        data = self.server.mails[number][:most]
        return b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n" % (number, number, len(data)) + data + b")\r\n", b"OK done"

    def do_store(self, rest: bytes) -> tuple[bytes, bytes]:
        assert rb"\Seen" in rest
        self.server.seen |= {int(number) for number in rest.split(b" ")[0].split(b",")}
        return b"", b"OK done"

    def do_logout(self, _: bytes) -> tuple[bytes, bytes]:
        return b"* BYE\r\n", b"OK bye"
