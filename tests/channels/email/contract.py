"""Email under the contract suite, against the loopback mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channel_contract import ChannelContract, Fault
from servers.smtp import DROP, DROP_AFTER_QUEUEING, SmtpServer, Stage

from digestbot.channels.email.errors import GREYLIST
from digestbot.channels.email.plugin import EmailPlugin

FAULTS: Mapping[Fault, tuple[Stage, str]] = {
    Fault.BUSY: ("RCPT", "451 4.7.1 greylisted"),
    Fault.REFUSED: ("RCPT", "550 5.1.1 no such user"),
    Fault.BROKEN: ("RCPT", "hello?"),
    Fault.LOST_BEFORE: ("MAIL", DROP),
    Fault.LOST_AFTER: ("END", DROP_AFTER_QUEUEING),
}


class Mailbox:
    """The loopback mail server as the suite sees it."""

    def __init__(self, server: SmtpServer) -> None:
        self.where, self._server = str(server.port), server

    def accepted(self) -> list[object]:
        return [mail.data for mail in self._server.messages]

    def attempts(self) -> int:
        return sum(command.startswith("MAIL") for command in self._server.commands)

    def fail(self, fault: Fault) -> None:
        self._server.fail(*FAULTS[fault])

    def on_accept(self, call: Callable[[], None]) -> bool:
        self._server.on_accept = lambda _mail: call()
        return True


class Email(ChannelContract):
    plugin = EmailPlugin()
    address = "reader@example.com"
    spellings = ("reader@EXAMPLE.com", " reader@example.com")
    nonsense = ("", "reader", "@example.com", "two words@example.com")
    secrets = ("correct-horse",)
    retry_after = GREYLIST  # a mail server cannot say for how long, so what is usual is waited

    @contextmanager
    def serve(self, folder: Path, clock: Callable[[], float]) -> Iterator[Mailbox]:
        with SmtpServer() as server:
            yield Mailbox(server)

    def settings(self, where: str) -> Mapping[str, Any]:
        model = self.plugin.settings["smtp"]
        values = {"host": "127.0.0.1", "port": where, "security": "none", "from": "news@example.com", "timeout": "5s"}
        return {"smtp": model(**values, password="correct-horse"), "bounces": self.plugin.settings["bounces"]()}


CONTRACTS = (Email(),)
