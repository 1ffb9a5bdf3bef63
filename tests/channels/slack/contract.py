"""Slack under the contract suite, by token and by webhook, against the loopback Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channel_contract import ChannelContract, Fault
from servers.slack import Fault as SlackFault
from servers.slack import SlackServer

from digestbot.channels.slack.plugin import SlackPlugin, SlackWebhookPlugin

BUSY = {"Retry-After": "7"}


class Posts:
    """The loopback Slack as the suite sees it, through one method of posting."""

    def __init__(self, server: SlackServer, where: str, method: str, faults: Mapping[Fault, SlackFault]) -> None:
        self.where, self._server, self._method, self._faults = where, server, method, faults

    def accepted(self) -> list[object]:
        return [{key: post[key] for key in post if key != "ts"} for post in self._server.messages]

    def attempts(self) -> int:
        return self._server.posts(self._method)

    def fail(self, fault: Fault) -> None:
        self._server.fail(self._method, self._faults[fault])

    def on_accept(self, call: Callable[[], None]) -> bool:
        self._server.on_accept = lambda _message: call()
        return True


class Token(ChannelContract):
    plugin = SlackPlugin()
    address = "#chips"
    spellings = ("chips", "#Chips", " #chips ")
    nonsense = ("", "#", "two words", "a:b")
    secrets = (SlackServer.token,)
    can_look = True
    answers: Mapping[Fault, SlackFault] = {
        Fault.BUSY: SlackFault(status=429, headers=BUSY),
        Fault.REFUSED: SlackFault(error="is_archived"),
        Fault.BROKEN: SlackFault(body="<html>fine?</html>"),
        Fault.LOST_BEFORE: SlackFault(drop="before"),
        Fault.LOST_AFTER: SlackFault(drop="after"),
    }

    @contextmanager
    def serve(self, folder: Path, clock: Callable[[], float]) -> Iterator[Posts]:
        with SlackServer(clock=clock) as server:
            yield Posts(server, server.url, "chat.postMessage", self.answers)

    def settings(self, where: str) -> Mapping[str, Any]:
        [model] = self.plugin.settings.values()
        return {"slack": model(token=SlackServer.token, api_url=where, timeout="5s")}


class Webhook(ChannelContract):
    plugin = SlackWebhookPlugin()
    address = "desk"
    spellings = ("DESK",)
    nonsense = ("", "the desk", "#desk")
    secrets = (SlackServer.hook, SlackServer.hook.rpartition("/")[2])
    answers: Mapping[Fault, SlackFault] = {
        Fault.BUSY: SlackFault(status=429, body="rate_limited", headers=BUSY),
        Fault.REFUSED: SlackFault(status=404, body="no_service"),
        Fault.BROKEN: SlackFault(body="<html>fine?</html>"),
        Fault.LOST_BEFORE: SlackFault(drop="before"),
        Fault.LOST_AFTER: SlackFault(drop="after"),
    }

    @contextmanager
    def serve(self, folder: Path, clock: Callable[[], float]) -> Iterator[Posts]:
        with SlackServer(clock=clock) as server:
            yield Posts(server, server.webhook, "webhook", self.answers)

    def settings(self, where: str) -> Mapping[str, Any]:
        webhook = self.plugin.settings["slack_webhooks"].__args__[1]
        return {"slack_webhooks": {"desk": webhook(address=where)}, "slack": self.plugin.settings["slack"]()}


CONTRACTS = (Token(), Webhook())
