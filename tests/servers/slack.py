"""A Slack on loopback that enforces its limits.

    with SlackServer() as slack:
        slack.fail("chat.postMessage", Fault(status=503))       # the next call only; several faults queue up
        Slack(slack.token, api_url=slack.url)
        slack.messages                                          # what was accepted, in order
        Webhook({"desk": slack.webhook})                        # its incoming webhook, of the method "webhook"

`on_accept` is called with the message after it was accepted and before the answer goes out: the place to kill a client's
process.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import parse_qsl

from digestbot.render import slack_limits
from servers.faulty import FaultyServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What one call to Slack meets instead of success.

    error: Slack's JSON error of that name; extra: more keys beside it.
    status, body, headers: a raw HTTP answer.
    drop: end the connection before the message is accepted, or after.
    delay: seconds before anything happens; late: seconds after accepting until the message shows in the history.
    without_ts: accept, but answer only {"ok": true}; unrecorded: answer so without accepting.
    """

    error: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: Literal["", "before", "after"] = ""
    delay: float = 0.0
    late: float = 0.0
    without_ts: bool = False
    unrecorded: bool = False
    truncate: bool = False  # accept, then send half of the answer


class SlackServer(FaultyServer[Fault, str]):
    """The part of Slack's Web API that a digest needs.

    Channels are known by name for posting and by ID for everything else, as in Slack. Messages must keep every limit
    of `slack_limits` and carry well-formed metadata. What comes through the incoming webhook stands among the others, with
    the channel "webhook"; it is refused and answered in plain text. `broken_images` makes every image block fail like an address that
    Slack cannot fetch. `scopes` is what the token was granted, `clock` the server's own time in seconds.
    """

    token = "xoxb-123-not-a-real-token"
    hook = "services/T0DIGEST0/B0DESK000/n0tAReal1ncomingWebhook0"

    def __init__(
        self,
        *,
        channels: Mapping[str, str] | None = None,
        scopes: str = "chat:write,channels:history,channels:read,groups:history,groups:read",
        on_accept: Callable[[dict[str, Any]], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(self._handler())
        self.clock = clock
        self.channels = dict(channels or {"C0CHIPS000": "chips", "C0MARKETS0": "markets"})
        self.scopes = scopes
        self.on_accept = on_accept
        self.messages: list[dict[str, Any]] = []  # arguments as posted, with ts and the channel's ID
        self.archived: set[str] = set()  # names of channels
        self.outside: set[str] = set()  # names of channels that the bot is not in
        self.broken_images = False
        self.revoked = False
        self._visible: dict[str, float] = {}
        self.url += "/api/"
        self.webhook = self.url.replace("api/", self.hook)

    def posts(self, method: str = "chat.postMessage") -> int:
        """How often it was posted, whatever came of it."""
        return self.count(method)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                is_json = "json" in self.headers.get("Content-Type", "")
                arguments = json.loads(body or "{}") if is_json else dict(parse_qsl(body))
                by_hook = self.path.startswith("/services/")
                method = "webhook" if by_hook else self.path.rsplit("/", 1)[-1]
                with suppress(BrokenPipeError, ConnectionResetError):
                    server._serve(self, method, arguments, self.headers.get("Authorization", ""))

            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string(server.clock() if timestamp is None else timestamp)

            def log_message(self, *args: object) -> None:
                pass

        return Handler

    def _serve(self, http: BaseHTTPRequestHandler, method: str, arguments: dict[str, Any], auth: str) -> None:
        fault = self._called(method, arguments) or Fault()
        time.sleep(fault.delay)
        if fault.drop == "before":
            http.close_connection = True
            http.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault.status != 200 or fault.body:
            _answer(http, fault.status, fault.body or "<html>trouble</html>", fault.headers)
            return
        if fault.error:
            _answer(http, 200, json.dumps({"ok": False, "error": fault.error, **fault.extra}), fault.headers)
            return
        if fault.unrecorded:
            _answer(http, 200, '{"ok": true}', {})
            return
        with self._lock:
            if method == "webhook":
                status, text = self._take(http.path, arguments)
                accepted = status == 200
            else:
                answer = self._do(method, arguments, auth, fault)
                status, text = 200, json.dumps({"ok": True} if fault.without_ts else answer)
                accepted = answer["ok"] and method == "chat.postMessage"
        if accepted and self.on_accept:
            self.on_accept(self.messages[-1])
        if fault.drop == "after":
            http.close_connection = True
            http.connection.shutdown(socket.SHUT_RDWR)
        elif fault.truncate:
            _answer(http, status, text, {"Content-Length": str(len(text) + 50)})
            http.close_connection = True
        else:
            _answer(http, status, text, {"x-oauth-scopes": self.scopes} if text.startswith("{") else {})

    def _take(self, path: str, arguments: dict[str, Any]) -> tuple[int, str]:
        """What the webhook answers, and with which status."""
        if path != f"/{self.hook}":
            return 404, "no_service"
        if refused := self._refusal(arguments):
            return 400, refused.partition(": ")[0]
        self.messages.append({**arguments, "channel": "webhook", "ts": f"{self.clock():.6f}"})
        return 200, "ok"

    def _do(self, method: str, arguments: dict[str, Any], auth: str, fault: Fault) -> dict[str, Any]:  # noqa: PLR0911 -- one a method
        if self.revoked:
            return {"ok": False, "error": "token_revoked"}
        if auth != f"Bearer {self.token}":
            return {"ok": False, "error": "invalid_auth"}
        match method:
            case "auth.test":
                return {"ok": True, "user": "digestbot", "team": "Newsroom", "user_id": "U0DIGEST0"}
            case "chat.postMessage":
                return self._post(arguments, fault)
            case "conversations.list":
                channels = [self._channel(key) for key in self.channels]
                return self._granted("channels:read", {"ok": True, "channels": channels})
            case "conversations.info":
                known = arguments.get("channel") in self.channels
                return {"ok": True, "channel": self._channel(arguments["channel"])} if known else _NO_CHANNEL
            case "conversations.history":
                return self._granted("channels:history", self._history(arguments, thread=None))
            case "conversations.replies":
                return self._granted("channels:history", self._history(arguments, thread=arguments.get("ts")))
        return {"ok": False, "error": "unknown_method"}

    def _channel(self, key: str) -> dict[str, Any]:
        name = self.channels[key]
        return {"id": key, "name": name, "is_archived": name in self.archived, "is_member": name not in self.outside}

    def _granted(self, scope: str, answer: dict[str, Any]) -> dict[str, Any]:
        if scope in self.scopes.split(","):
            return answer
        return {"ok": False, "error": "missing_scope", "needed": scope, "provided": self.scopes}

    def _post(self, arguments: dict[str, Any], fault: Fault) -> dict[str, Any]:
        channel = str(arguments.get("channel", ""))
        by_name = {name: key for key, name in self.channels.items()}
        identity = channel if channel in self.channels else by_name.get(channel.removeprefix("#"))
        if identity is None:
            return _NO_CHANNEL
        if refused := self._refusal(arguments):
            code, _, detail = refused.partition(": ")
            return {"ok": False, "error": code, "errors": [detail]}
        ts = f"{self.clock():.4f}{len(self.messages) % 100:02d}"
        self.messages.append({**arguments, "channel": identity, "ts": ts})
        self._visible[ts] = self.clock() + fault.late
        return {"ok": True, "channel": identity, "ts": ts, "message": {"text": arguments["text"]}}

    def _refusal(self, arguments: dict[str, Any]) -> str:
        problems = [each for each in slack_limits.problems(arguments) if not each.startswith("message_truncated")]
        if problems:
            return problems[0]
        if self.broken_images and '"type": "image"' in json.dumps(arguments.get("blocks") or []):
            return "invalid_blocks: downloading image failed [json-pointer:/blocks/1/image_url]"
        metadata = arguments.get("metadata")
        if metadata is not None and not (
            isinstance(metadata, dict)
            and isinstance(metadata.get("event_type"), str)
            and isinstance(metadata.get("event_payload"), dict)
        ):
            return "invalid_metadata_format"
        parents = {message["ts"] for message in self.messages}
        if arguments.get("thread_ts") and arguments["thread_ts"] not in parents:
            return "thread_not_found"
        return ""

    def _history(self, arguments: dict[str, Any], *, thread: str | None) -> dict[str, Any]:
        if arguments.get("channel") not in self.channels:
            return _NO_CHANNEL
        oldest = float(arguments.get("oldest") or 0)
        found = [
            message
            for message in reversed(self.messages)
            if message["channel"] == arguments["channel"]
            and float(message["ts"]) > oldest
            and self.clock() >= self._visible[message["ts"]]
            and message.get("thread_ts") == thread
        ]
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
        shown = [
            {key: value for key, value in message.items() if key != "metadata" or arguments.get("include_all_metadata")}
            for message in found[start : start + limit]
        ]
        more = start + limit < len(found)
        cursor = {"next_cursor": str(start + limit) if more else ""}
        return {"ok": True, "messages": shown, "has_more": more, "response_metadata": cursor}


_NO_CHANNEL = {"ok": False, "error": "channel_not_found"}


def _answer(http: BaseHTTPRequestHandler, status: int, body: str, headers: Mapping[str, str]) -> None:
    encoded = body.encode()
    http.send_response(status)
    kind = "application/json; charset=utf-8" if body.startswith("{") else "text/html"
    for name, value in {"Content-Type": kind, "Content-Length": str(len(encoded)), **headers}.items():
        http.send_header(name, value)
    http.end_headers()
    http.wfile.write(encoded)
