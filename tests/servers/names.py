"""A name server on loopback that knows some TXT records."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from typing import Self

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


class NameServer:
    """Answers over UDP: records of the names it knows, else that there is no such name; or nothing at all."""

    def __init__(self, records: Mapping[str, tuple[str, ...]], *, silent: bool = False) -> None:
        self.records, self.silent = records, silent
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def resolver(self) -> dns.resolver.Resolver:
        """One that asks this server alone."""
        made = dns.resolver.Resolver(configure=False)
        made.nameservers, made.port = ["127.0.0.1"], self._socket.getsockname()[1]
        return made

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            question, asker = self._socket.recvfrom(4096)
            if not question:
                return
            message = dns.message.from_wire(question)
            name = message.question[0].name.to_text(omit_final_dot=True)
            self.asked.append(name)
            if self.silent:
                continue
            answer = dns.message.make_response(message)
            if name in self.records:
                texts = [_quoted(text) for text in self.records[name]]
                answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *texts))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self._socket.sendto(answer.to_wire(), asker)


def _quoted(text: str) -> str:
    """In strings of 255 bytes, as longer records are stored (RFC 7208 3.3)."""
    return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
