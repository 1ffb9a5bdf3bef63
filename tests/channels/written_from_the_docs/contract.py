"""The example of docs/write-a-channel.md under the contract suite, taken from the page as it is."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

from channel_contract import HERE, ChannelContract, Fault

PAGE = HERE.parent / "docs" / "write-a-channel.md"
ANSWERS: Mapping[Fault, tuple[int, str]] = {
    Fault.BUSY: (429, "busy"),
    Fault.REFUSED: (403, "no"),
    Fault.BROKEN: (200, "<html>fine?</html>"),
}
TOKEN = "not-a-real-token-of-the-example"


def module_on_the_page() -> ModuleType:
    """The page's only block of Python, as a module."""
    [code] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    module = ModuleType("channel_on_the_page")
    sys.modules[module.__name__] = module
    exec(compile(code, str(PAGE), "exec"), module.__dict__)
    return module


class Keeper:
    """A server that keeps JSON messages under a topic and a key, and can be asked for them."""

    def __init__(self) -> None:
        self._messages: list[tuple[str, dict[str, str]]] = []
        self._posts = 0
        self._fault: list[Fault] = []
        self._call: Callable[[], None] = lambda: None
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        self.where = f"http://127.0.0.1:{self.http.server_port}"

    def accepted(self) -> list[object]:
        return list(self._messages)

    def attempts(self) -> int:
        return self._posts

    def fail(self, fault: Fault) -> None:
        self._fault.append(fault)

    def on_accept(self, call: Callable[[], None]) -> bool:
        self._call = call
        return True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                topic, _, key = self.path.removeprefix("/").partition("/")
                known = [message["key"] for name, message in keeper._messages if (name, message["key"]) == (topic, key)]
                self._answer(200, json.dumps({"status": "ready", "id": known[0] if known else None}))

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                keeper._posts += 1
                fault = keeper._fault.pop() if keeper._fault else None
                if self.headers["Authorization"] != f"Bearer {TOKEN}":
                    self._answer(401, "who?")
                elif fault and fault in ANSWERS:
                    self._answer(*ANSWERS[fault])
                elif fault is Fault.LOST_BEFORE:
                    self._end()
                else:
                    keeper._messages.append((self.path.removeprefix("/"), message))
                    keeper._call()
                    if fault is Fault.LOST_AFTER:
                        self._end()
                    else:
                        self._answer(200, json.dumps({"id": message["key"]}))

            def _answer(self, status: int, text: str) -> None:
                with suppress(OSError):
                    self.send_response(status)
                    self.send_header("Retry-After", "7")
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text.encode())

            def _end(self) -> None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

            def log_message(self, *args: object) -> None:
                pass

        return Handler


class Example(ChannelContract):
    plugin = module_on_the_page().plugin
    address = "news"
    spellings = ("News", " news ")
    nonsense = ("", "two words", "a/b")
    secrets = (TOKEN,)
    can_look = True

    @contextmanager
    def serve(self, folder: Path, clock: Callable[[], float]) -> Iterator[Keeper]:
        keeper = Keeper()
        threading.Thread(target=keeper.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield keeper
        finally:
            keeper.http.shutdown()
            keeper.http.server_close()

    def settings(self, where: str) -> Mapping[str, Any]:
        return {"post": self.plugin.settings["post"](url=where, token=TOKEN)}


CONTRACTS = (Example(),)
