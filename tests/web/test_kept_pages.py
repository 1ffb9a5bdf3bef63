"""Pages that are kept for some seconds: how long, how many, and for whom."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from running_site import Answer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from digestbot.web.context import SiteContext
from digestbot.web.kept_pages import SECONDS, KeptPages, marked
from digestbot.web.server import BackgroundServer, listening


def loaded(url: str) -> object:
    """A configuration with this address of the site."""
    return SimpleNamespace(settings=SimpleNamespace(web=SimpleNamespace(url=url)))


@dataclass
class World:
    """Pages that count how often they were made."""

    now: float = 100.0
    loaded: object = field(default_factory=lambda: loaded("https://digest.example"))
    made: list[str] = field(default_factory=list)
    status: int = 200
    body: Callable[[Request], str] = lambda request: f"{request.url.path}"
    gate: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def make(self, request: Request) -> Response:
        self.made.append(f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}")
        assert self.gate.wait(10)
        return marked(Response(self.body(request), status_code=self.status), changed=datetime(2026, 5, 27, tzinfo=UTC))

    def get(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = Answer(answer.status, answer.read().decode(), answer.headers)
        connection.close()
        return found


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.gate.set()
    context = cast(SiteContext, made)
    kept = KeptPages(context, clock=lambda: made.now, most_bytes=100)
    app = Starlette(
        routes=[
            kept.route("/kept/{name}", made.make),
            kept.route("/spoken", made.make, for_language=True),
            kept.route("/never", made.make, kept=False),
        ]
    )
    listener = listening("127.0.0.1:0")
    made.port = listener.getsockname()[1]
    with BackgroundServer(app, listener):
        yield made


def test_a_page_is_made_once_for_some_seconds(world: World):
    """Then again; and again where the configuration is another one."""
    for _ in range(3):
        assert world.get("/kept/a").body == "/kept/a"
    assert world.made == ["/kept/a"]
    world.now += SECONDS + 0.1
    world.get("/kept/a")
    world.loaded = loaded("https://digest.example")
    world.get("/kept/a")
    assert len(world.made) == 3


def test_a_page_is_kept_by_what_it_depends_on(world: World):
    """Its path and revision; its language where it speaks the browser's. No other parameter makes it another page."""
    for path in ("/kept/a", "/kept/a?revision=0", "/kept/b", "/kept/a?x=1", "/kept/a?x=2&revision=0"):
        world.get(path)
    assert world.made == ["/kept/a", "/kept/a?revision=0", "/kept/b"]
    for language in ("de", "fr", "de"):
        world.get("/spoken", Accept_Language=language)
        world.get("/kept/a", Accept_Language=language)
    assert world.made[3:] == ["/spoken", "/spoken"]


def test_a_site_without_an_address_is_named_as_whoever_asks_does(world: World):
    """So a page is kept for one name alone; with an address it is the same for all."""
    for url, times in (("https://digest.example", 1), ("", 2)):
        world.loaded, world.made = loaded(url), []
        for host in ("localhost", "127.0.0.1", "localhost"):
            world.get("/kept/a", Host=host)
        assert len(world.made) == times


def test_what_a_key_opens_is_kept_for_nobody(world: World):
    """Nor what is looked for, nor what is not there."""
    for path in ("/kept/a?key=k", "/never"):
        world.get(path)
        world.get(path)
    world.get("/kept/a")
    assert world.made == ["/kept/a?key=k", "/kept/a?key=k", "/never", "/never", "/kept/a"]
    world.status = 404
    world.get("/kept/none")
    world.get("/kept/none")
    assert len(world.made) == 7


def test_only_so_much_is_kept(world: World):
    """Those that nobody asked for go first."""
    world.body = lambda _: "x" * 40
    for path in ("/kept/a", "/kept/b", "/kept/a", "/kept/c", "/kept/a"):
        world.get(path)
    assert world.made == ["/kept/a", "/kept/b", "/kept/c"]
    world.get("/kept/b")
    assert world.made[-1] == "/kept/b"


def test_those_who_ask_at_once_wait_for_one_page(world: World):
    """It is made once, whatever it takes; one that fails is made again."""
    world.gate.clear()
    askers = [threading.Thread(target=world.get, args=("/kept/a",)) for _ in range(5)]
    for asker in askers:
        asker.start()
    while not world.made:
        time.sleep(0.01)
    time.sleep(0.3)
    world.gate.set()
    for asker in askers:
        asker.join(20)
    assert world.made == ["/kept/a"]


def test_whoever_has_a_page_gets_no_second_one(world: World):
    """By its mark, weak or among others, or by its time where no mark is given."""
    page = world.get("/kept/a")
    mark = page.headers["etag"]
    for given in (mark, f"W/{mark}", f'"x", {mark}', "*"):
        again = world.get("/kept/a", If_None_Match=given)
        assert (again.status, again.body, again.headers["etag"]) == (304, "", mark)
    assert world.get("/kept/a", If_Modified_Since=page.headers["last-modified"]).status == 304
    later = world.get("/kept/a", If_None_Match='"other"', If_Modified_Since=page.headers["last-modified"])
    assert later.status == 200
    for given in ("Tue, 26 May 2026 00:00:00 GMT", "soon", ""):
        assert world.get("/kept/a", If_Modified_Since=given).status == 200
