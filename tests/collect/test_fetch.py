"""HTTP requests against a real server: redirects, limits, and what is never sent."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from servers.web import ALLOWED, Reply, Request, WebServer

from digestbot.collect import FetchOptions
from digestbot.collect.fetch import Fetcher, unpacked
from digestbot.collect.response import Response
from digestbot.errors import CollectError

OPTIONS = FetchOptions(allow_private=ALLOWED, gap=0.0, timeout=timedelta(seconds=60), max_bytes=200_000)


@pytest.fixture
def server():
    with WebServer() as server:
        yield server


def run(work: Callable[[Fetcher], Awaitable[Response]], options: FetchOptions = OPTIONS) -> Response:
    async def within() -> Response:
        async with Fetcher(options) as fetcher:
            return await work(fetcher)

    return asyncio.run(within())


def get(url: str, options: FetchOptions = OPTIONS, **conditions: str) -> Response:
    return run(lambda fetcher: fetcher.get(url, **conditions), options)


def chain(server: WebServer, *statuses: int) -> str:
    """An address that redirects with these statuses one after another, and then answers."""
    for number, status in enumerate(statuses):
        server.serve(f"/{number}", Reply(status=status, headers={"Location": f"/{number + 1}"}))
    server.serve(f"/{len(statuses)}", b"there")
    return server.url("/0")


def test_a_response_is_what_the_server_sent(server: WebServer) -> None:
    """Status, address, body, and headers by names in lower case; a body counts for status 200 only."""
    url = server.serve("/a", Reply(body=b"words", headers={"ETag": '"1"', "X-Odd": "Yes"}))
    made = get(url)
    assert (made.status, made.url, made.body, made.moved_to) == (200, url, b"words", "")
    assert (made.headers["etag"], made.headers["x-odd"]) == ('"1"', "Yes")
    missing = get(server.serve("/b", Reply(status=404, body=b"words")))
    assert (missing.status, missing.body) == (404, b"")


def test_what_a_proxy_has_changed_is_read(server: WebServer) -> None:
    """203 is a 200 that was changed on its way: its whole body counts, within the same limits."""
    body = b"words " * 30_000
    made = get(server.serve("/changed", Reply(status=203, body=body)))
    assert (made.status, made.body) == (200, body)
    with pytest.raises(CollectError, match="larger than"):
        get(server.serve("/changed", Reply(status=203, body=body * 2)))


@pytest.mark.parametrize("name", ["Set-Cookie", "Content-Security-Policy"])
def test_a_long_header_does_no_harm(server: WebServer, name: str) -> None:
    """Browsers take some hundred kilobytes; here there is a limit too."""
    assert get(server.serve("/long", Reply(body=b"words", headers={name: "a" * 60_000}))).body == b"words"
    with pytest.raises(CollectError, match="the answer is not valid HTTP"):
        get(server.serve("/longer", Reply(body=b"words", headers={name: "a" * 70_000})))


@pytest.mark.parametrize(
    ("etag", "last_modified", "sent"),
    [
        ("", "", {}),
        ('W/"1"', "", {"if-none-match": 'W/"1"'}),
        ("", "ever", {"if-modified-since": "ever"}),
        ('"1"', "ever", {"if-none-match": '"1"', "if-modified-since": "ever"}),
    ],
)
def test_only_known_validators_are_sent(server: WebServer, etag: str, last_modified: str, sent: dict[str, str]) -> None:
    """An empty one is no condition; both go along through redirects."""
    get(chain(server, 302), etag=etag, last_modified=last_modified)
    for request in server.requests:
        assert {name: value for name, value in request.headers.items() if name.startswith("if-")} == sent


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirect_is_followed(server: WebServer, status: int) -> None:
    """301 and 308 are permanent (RFC 9110 section 15.4), the others are not."""
    made = get(chain(server, status))
    assert (made.status, made.url, made.body) == (200, server.url("/1"), b"there")
    assert made.moved_to == (server.url("/1") if status in (301, 308) else "")


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [((301, 308), "/2"), ((301, 302), "/1"), ((302, 301), ""), ((301, 302, 301), "/1"), ((307, 308, 308), "")],
)
def test_a_move_ends_at_the_first_temporary_redirect(
    server: WebServer, statuses: tuple[int, ...], moved_to: str
) -> None:
    """What lies behind a temporary redirect may be elsewhere tomorrow."""
    assert get(chain(server, *statuses)).moved_to == (server.url(moved_to) if moved_to else "")


@pytest.mark.parametrize("status", [300, 304, 301])
def test_what_redirects_to_nowhere_is_a_response(server: WebServer, status: int) -> None:
    """300 and 304 lead nowhere whatever their Location, and a 301 without one does not either."""
    headers = {} if status == 301 else {"Location": "/other"}
    made = get(server.serve("/a", Reply(status=status, headers=headers)))
    assert (made.status, made.url, len(server.requests)) == (status, server.url("/a"), 1)


def test_redirects_are_limited(server: WebServer) -> None:
    """As many as allowed are followed, and not one more."""
    options = replace(OPTIONS, max_redirects=3)
    assert get(chain(server, 302, 302, 302), options).body == b"there"
    with pytest.raises(CollectError, match=r"too many redirects \(more than 3\)"):
        get(chain(server, 302, 302, 302, 302), options)
    assert get(chain(server), replace(OPTIONS, max_redirects=0)).body == b"there"


def test_a_redirect_to_anything_but_http_is_refused(server: WebServer) -> None:
    """The scheme is named, never the rest of the address: it may hold a secret."""
    url = server.serve("/a", Reply(status=302, headers={"Location": "ftp://harbour.example/token"}))
    with pytest.raises(CollectError, match=r"^refused: it redirects to a ftp: address$"):
        get(url)


@pytest.mark.parametrize(
    "target",
    [
        "http://bob:hunter2@127.0.0.1:99999/feed",
        "http://[::1/feed",
        f"http://{'a' * 64}.example/",
        "https:///feed",
    ],
)
def test_a_redirect_to_an_impossible_address_is_told_of_the_redirect(server: WebServer, target: str) -> None:
    """The address that was asked is a good one, and the other is not shown: it may hold a secret."""
    url = server.serve("/a", Reply(status=302, headers={"Location": target}))
    with pytest.raises(CollectError, match=r"^refused: it redirects to something that is not a web address$"):
        get(url)


@pytest.mark.parametrize("packed", [False, True])
def test_bodies_are_limited_to_the_byte(server: WebServer, packed: bool) -> None:
    """What counts is the size after decompression, whatever the server says about it."""
    for size in (OPTIONS.max_bytes, OPTIONS.max_bytes + 1):
        body = b"a" * size
        reply = Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"}) if packed else Reply(body=body)
        server.serve(f"/{size}", reply)
    assert len(get(server.url(f"/{OPTIONS.max_bytes}")).body) == OPTIONS.max_bytes
    with pytest.raises(CollectError, match=r"larger than 0\.2 MB; DIGESTBOT_FETCH__MAX_MEGABYTES sets the limit"):
        get(server.url(f"/{OPTIONS.max_bytes + 1}"))


def test_a_file_that_is_packed_is_unpacked_to_the_byte() -> None:
    """gzip files are recognised by their first bytes; a damaged one is an error of zlib, a large one is ours."""
    packed = gzip.compress(b"a" * 100)
    assert unpacked(packed, 100) == b"a" * 100
    with pytest.raises(CollectError, match="larger than"):
        unpacked(packed, 99)
    with pytest.raises(zlib.error):
        unpacked(b"\x1f\x8bnot gzip", 100)
    assert unpacked(b"\x1fplain", 1) == b"\x1fplain"


def test_a_packed_file_may_have_several_members_and_two_layers() -> None:
    """All members count, within one limit; padding behind them does not, and a third layer stays packed."""
    halves = gzip.compress(b"a" * 60) + gzip.compress(b"b" * 40)
    assert unpacked(halves, 100) == unpacked(halves + b"\0" * 512, 100) == b"a" * 60 + b"b" * 40
    with pytest.raises(CollectError, match="larger than"):
        unpacked(halves, 99)
    with pytest.raises(zlib.error):
        unpacked(gzip.compress(b"") * 10_001, 100)
    large = bytes(range(256)) * 2_000
    assert unpacked(gzip.compress(large, 0) * 2, 2_000_000) == large * 2
    twice = gzip.compress(gzip.compress(b"a" * 100))
    assert unpacked(twice, 100) == b"a" * 100
    assert unpacked(gzip.compress(twice), 100) == gzip.compress(b"a" * 100)


@pytest.mark.parametrize("label", ["gzip", "gzip, gzip", "x-gzip", ""])
def test_a_body_that_is_packed_twice_is_unpacked(server: WebServer, label: str) -> None:
    """Under both labels (RFC 9110 section 8.4), under one, or under none; and several members under one label."""
    headers = {"Content-Encoding": label} if label else {}
    body = gzip.compress(gzip.compress(b"words"))
    assert get(server.serve("/twice", Reply(body=body, headers=headers))).body == b"words"
    body = gzip.compress(b"wor") + gzip.compress(b"ds")
    assert get(server.serve("/parts", Reply(body=body, headers=headers))).body == b"words"


def test_no_proxy_and_no_cookie(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would connect past the address guard, so the environment names none; cookies would follow readers."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    server.serve("/0", Reply(status=302, headers={"Location": "/1", "Set-Cookie": "reader=1; Path=/"}))
    server.serve("/1", b"there")

    async def twice(fetcher: Fetcher) -> Response:
        await fetcher.get(server.url("/0"))
        return await fetcher.get(server.url("/0"))

    assert run(twice).body == b"there"
    assert not any("cookie" in request.headers for request in server.requests)


def test_silence_ends_at_the_deadline(server: WebServer) -> None:
    """One deadline holds for all of a request, redirects and body included."""

    def slow(_request: Request) -> Reply:
        time.sleep(0.4)
        return Reply(status=302, headers={"Location": "/a"})

    url = server.serve("/a", slow)
    with pytest.raises(CollectError, match=r"^timed out after 1 s$"):
        get(url, replace(OPTIONS, timeout=timedelta(seconds=1)))


def test_a_host_has_a_rest_between_requests() -> None:
    """The gap begins when a slot is released; another host, and the first request, do not wait."""

    async def ask() -> tuple[float, ...]:
        times = []
        async with Fetcher(replace(OPTIONS, gap=0.2)) as fetcher:
            async with fetcher.host_slot("http://a.example/1"):
                await asyncio.sleep(0.1)
            times.append(time.monotonic())
            async with fetcher.host_slot("http://a.example/2") as slot:
                times.append(time.monotonic())
                await slot.release()
                await slot.release()
                times.append(time.monotonic())
            async with fetcher.host_slot("http://A.example:8080/3"):
                times.append(time.monotonic())
        return tuple(times)

    ended, second, released, third = asyncio.run(ask())
    assert second - ended >= 0.19  # timers may come some milliseconds early
    assert third - released >= 0.19


def test_other_hosts_do_not_wait() -> None:
    """While one host is being asked, another one may be, but not that one a second time; places are limited."""

    async def ask() -> list[str]:
        order: list[str] = []

        async def take(fetcher: Fetcher, url: str, name: str) -> None:
            async with fetcher.host_slot(url):
                order.append(name)

        async with Fetcher(replace(OPTIONS, concurrency=2, gap=0.0)) as fetcher:
            async with fetcher.host_slot("http://a.example/") as held:
                assert held.host == "a.example"
                again = asyncio.create_task(take(fetcher, "http://a.example/2", "a again"))
                await take(fetcher, "http://b.example/", "b")
                async with fetcher.host_slot("http://c.example/"):
                    full = asyncio.create_task(take(fetcher, "http://d.example/", "d"))
                    await asyncio.sleep(0.05)
                    assert order == ["b"]
                await full
                await asyncio.sleep(0)
                assert order == ["b", "d"]
            await again
        return order

    assert asyncio.run(ask()) == ["b", "d", "a again"]
