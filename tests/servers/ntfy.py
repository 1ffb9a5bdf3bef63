"""An ntfy server on loopback that enforces its limits.

    with NtfyServer(token="tk_secret", access={"chips": "write"}) as ntfy:
        ntfy.fail("publish", Fault(status=502))                 # the next call only; several faults queue up
        Ntfy(ntfy.url, token=ntfy.token)
        ntfy.messages                                           # what was accepted, in order

`on_accept` is called with the message after it was accepted and before the answer goes out: the place to kill a client's
process. What it does is what server/server.go of binwiederhier/ntfy does.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from servers.faulty import FaultyServer

Access = Literal["read-write", "read", "write", "deny"]
DISALLOWED = {"docs", "static", "file", "app", "account", "settings", "signup", "login", "v1"}
ERRORS = {
    40007: "invalid priority parameter",
    40008: "invalid since parameter",
    40009: "invalid request: topic invalid",
    40010: "invalid request: topic name is not allowed",
    40014: "invalid request: attachments not allowed",
    40017: "invalid request: request body must be message JSON",
    40049: "invalid request: sequence ID invalid",
    40101: "unauthorized",
    40301: "forbidden",
    40401: "page not found",
    41303: "JSON body too large",
    42901: "limit reached: too many requests",
    42908: "limit reached: daily message quota reached",
    50001: "internal server error",
}
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
_DURATION = re.compile(r"(\d+)([smh])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What one call meets instead of success.

    code: ntfy's own error of that number; status, body, headers: a raw HTTP answer.
    drop: end the connection before the message is accepted, or after.
    delay: seconds before anything happens; late: seconds after accepting until the message is in the cache.
    truncate: accept, then send half of the answer; garbage: accept, and answer what is no JSON.
    """

    code: int = 0
    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: Literal["", "before", "after"] = ""
    delay: float = 0.0
    late: float = 0.0
    truncate: bool = False
    garbage: bool = False


class NtfyServer(FaultyServer[Fault, Literal["publish", "poll", "account"]]):
    """The part of ntfy's API that a digest needs.

    Args:
        token: what `Authorization: Bearer` must hold; empty for a server without accounts.
        password: of the user `news`, for `Authorization: Basic`.
        access: what the account, or anybody without one, may do with a topic.
        default_access: the same for the other topics.
        message_limit: bytes of a message; a longer one becomes a file, or is refused where `attachments` is off.
        cache_seconds: how long messages are kept; 0 for not at all.
        sequence_ids: whether it knows them, as ntfy does since 2.16.
        account_api: whether it tells its limits, as ntfy does since 2.0.
        requests: how many are answered before 429; None for any number.
        on_accept: called with every message accepted.
        clock: its own time in seconds.
    """

    def __init__(
        self,
        *,
        token: str = "",
        password: str = "",
        access: Mapping[str, Access] | None = None,
        default_access: Access = "read-write",
        message_limit: int = 4096,
        attachments: bool = True,
        cache_seconds: int = 43_200,
        sequence_ids: bool = True,
        account_api: bool = True,
        requests: int | None = None,
        on_accept: Callable[[dict[str, Any]], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(self._handler())
        self.token, self.password = token, password
        self.access, self.default_access = dict(access or {}), default_access
        self.message_limit, self.attachments = message_limit, attachments
        self.cache_seconds, self.sequence_ids, self.account_api = cache_seconds, sequence_ids, account_api
        self.requests, self.on_accept, self.clock = requests, on_accept, clock
        self.messages: list[dict[str, Any]] = []  # as ntfy gives them back, with `sequence_id` in any case
        self.posted: list[bytes] = []  # bodies of publish calls, whatever came of them
        self._cached: list[tuple[float, dict[str, Any]]] = []  # from when on it is in the cache, and the message

    def count(self, kind: str = "publish") -> int:
        return super().count(kind)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.posted.append(body)
                self._served("publish", body)

            def do_GET(self) -> None:
                self._served("account" if self.path == "/v1/account" else "poll", b"")

            def _served(self, call: str, body: bytes) -> None:
                with suppress(BrokenPipeError, ConnectionResetError):
                    server._serve(self, call, body)

            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string(server.clock() if timestamp is None else timestamp)

            def log_message(self, *args: object) -> None:
                pass

        return Handler

    def _serve(self, http: BaseHTTPRequestHandler, call: str, body: bytes) -> None:
        fault = self._called(call, http.path) or Fault()
        time.sleep(fault.delay)
        if fault.drop == "before":
            _hang_up(http)
            return
        if fault.code or fault.status != 200 or fault.body:
            status, text = refusal(fault.code) if fault.code else (fault.status, fault.body or "<html>trouble</html>")
            _answer(http, status, text, fault.headers)
            return
        before = len(self.messages)
        with self._lock:
            status, text = self._do(call, http, body, late=fault.late)
        if self.on_accept and len(self.messages) > before:
            self.on_accept(self.messages[-1])
        if fault.drop == "after":
            _hang_up(http)
        elif fault.truncate:
            _answer(http, status, text[: len(text) // 2], {"Content-Length": str(len(text.encode()))})
            http.close_connection = True
        else:
            _answer(http, status, "<html>welcome</html>" if fault.garbage else text, fault.headers)

    def _do(self, call: str, http: BaseHTTPRequestHandler, body: bytes, *, late: float) -> tuple[int, str]:
        if self.requests is not None:
            if self.requests <= 0:
                return refusal(42901)
            self.requests -= 1
        if not self._signed_in(http.headers.get("Authorization", "")):
            return refusal(40101)
        if call == "account":
            return self._account(http)
        if call == "publish":
            return self._publish(http.path, body, late=late)
        return self._poll(http.path)

    def _signed_in(self, login: str) -> bool:
        """A login that is given must be right, as in ntfy; what nobody may do without one is a matter of access."""
        basic = base64.b64encode(f"news:{self.password}".encode()).decode()
        known = ({f"Bearer {self.token}"} if self.token else set()) | ({f"Basic {basic}"} if self.password else set())
        return not login or login in known

    def _may(self, topic: str, what: Literal["read", "write"]) -> bool:
        return self.access.get(topic, self.default_access) in (what, "read-write")

    def _account(self, http: BaseHTTPRequestHandler) -> tuple[int, str]:
        if not self.account_api:
            return refusal(40401)
        known = "Authorization" in http.headers
        return 200, json.dumps(
            {
                "username": "news" if known else "*",
                "role": "user" if known else "anonymous",
                "limits": {"basis": "ip", "messages": 250, "messages_expiry_duration": self.cache_seconds},
            }
        )

    def _publish(self, path: str, body: bytes, *, late: float) -> tuple[int, str]:
        if path != "/":
            return refusal(40401)
        if len(body) > 2 * self.message_limit:
            return refusal(41303)
        try:
            given = json.loads(body)
        except ValueError:
            return refusal(40017)
        topic, key = str(given.get("topic", "")), given.get("sequence_id", "")
        if problem := self._problem(topic, given):
            return refusal(problem)
        text = str(given.get("message", "")).strip() or "triggered"
        now = self.clock()
        message = {
            "id": secrets.token_hex(6),
            "time": int(now),
            "expires": int(now) + self.cache_seconds,
            "event": "message",
            "topic": topic,
            **{name: given[name] for name in ("title", "priority", "tags", "click") if given.get(name)},
            "message": text,
            **({"content_type": "text/markdown"} if given.get("markdown") else {}),
        }
        # Not at the limit already: util.Peek takes a text of exactly its limit for a longer one.
        if len(text.encode()) >= self.message_limit:
            if not self.attachments:
                return refusal(40014)
            message["message"] = "You received a file: attachment.txt"
            message["attachment"] = {"name": "attachment.txt", "url": f"{self.url}/file/{message['id']}.txt"}
        shown = {**message, "sequence_id": key} if self.sequence_ids and key else message
        self.messages.append({**message, "sequence_id": key, "text": text})
        if self.cache_seconds:
            self._cached.append((now + late, shown))
        return 200, json.dumps(shown)

    def _problem(self, topic: str, given: Mapping[str, Any]) -> int:
        if not _TOPIC.fullmatch(topic):
            return 40009
        if topic in DISALLOWED:
            return 40010
        if not self._may(topic, "write"):
            return 40301
        if given.get("priority", 3) not in range(1, 6):
            return 40007
        if self.sequence_ids and given.get("sequence_id") and not _TOPIC.fullmatch(given["sequence_id"]):
            return 40049  # the pattern of sequence ids is that of topics
        return 0

    def _poll(self, path: str) -> tuple[int, str]:
        parts = urlsplit(path)
        topic, _, kind = parts.path.removeprefix("/").partition("/")
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if kind != "json" or not _TOPIC.fullmatch(topic) or asked.get("poll") != "1":
            return refusal(40401)
        if not self._may(topic, "read"):
            return refusal(40301)
        after = self._since(asked.get("since", "all"))
        if after is None:
            return refusal(40008)
        now = self.clock()
        found = [
            message
            for visible, message in self._cached
            if message["topic"] == topic and visible <= now < message["expires"] and message["time"] >= after
        ]
        return 200, "".join(json.dumps(message) + "\n" for message in found)

    def _since(self, text: str) -> float | None:
        """The time from which messages are wanted; None for what is none."""
        if text in ("all", "none"):
            return 0.0 if text == "all" else float("inf")
        if match := _DURATION.fullmatch(text):
            return self.clock() - int(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2]]
        return float(text) if re.fullmatch(r"-?\d+", text) else None


def refusal(code: int) -> tuple[int, str]:
    """Status and body of one of ntfy's own errors."""
    return code // 100, json.dumps({"code": code, "http": code // 100, "error": ERRORS.get(code, "no")})


def _hang_up(http: BaseHTTPRequestHandler) -> None:
    http.close_connection = True
    http.connection.shutdown(socket.SHUT_RDWR)


def _answer(http: BaseHTTPRequestHandler, status: int, body: str, headers: Mapping[str, str]) -> None:
    encoded = body.encode()
    http.send_response(status)
    kind = "text/html" if body.startswith("<") else "application/json"
    for name, value in {"Content-Type": kind, "Content-Length": str(len(encoded)), **headers}.items():
        http.send_header(name, value)
    http.end_headers()
    http.wfile.write(encoded)
