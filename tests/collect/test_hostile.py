"""Servers and documents made with malice: each is a failed feed within its deadline, and nothing else."""

from __future__ import annotations

import asyncio
import gzip
import json
import resource
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import brotli
import pytest
from bombs import BROTLI, PACKED, bomb, brotli_bomb
from memory_items import MemoryItems
from samples_collect import entry, numbered, rss
from servers.smtp import make_certificate
from servers.web import ALLOWED, Reply, Request, WebServer

from digestbot.collect import FetchOptions, ParsedFeed, collect
from digestbot.collect.parse_job import ParseJob
from digestbot.collect.parser_pool import ParserPool
from digestbot.model import Feed

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
# Long, so that a busy machine makes no answer late; whoever sends for ever gets a deadline of its own.
OPTIONS = FetchOptions(
    allow_private=ALLOWED,
    gap=0.0,
    timeout=timedelta(seconds=60),
    max_bytes=2_000_000,
    parse_timeout=60,
    parse_memory=300_000_000,
)
SOON = timedelta(seconds=3)
MAX_CPU_SECONDS = 20
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"


def drip(start: bytes) -> Callable[[BinaryIO], None]:
    """Send a byte every tenth of a second, until the other side has enough."""

    def send(out: BinaryIO) -> None:
        out.write(start)
        while True:
            out.write(b"a")
            out.flush()
            time.sleep(0.1)

    return send


def endless(out: BinaryIO) -> None:
    """Send for ever, as fast as it goes."""
    out.write(OK + b"\r\n")
    while True:
        out.write(b"<item>" * 10_000)


def sends(data: bytes) -> Reply:
    """These bytes and nothing else."""
    return Reply(raw=lambda out: out.write(data))


RESPONSES = {
    "a gzip bomb": (lambda: Reply(body=bomb(300), headers=PACKED), "larger than"),
    "a gzip bomb in gzip": (lambda: Reply(body=gzip.compress(bomb(300)), headers=PACKED), "larger than"),
    "a gzip bomb as a file": (lambda: Reply(body=bomb(300)), "larger than"),
    "a brotli bomb": (lambda: Reply(body=brotli_bomb(300), headers=BROTLI), "larger than"),
    "a gzip bomb in brotli": (lambda: Reply(body=brotli.compress(bomb(300)), headers=BROTLI), "larger than"),
    "two encodings at once": (
        lambda: Reply(body=brotli.compress(bomb(300)), headers={"Content-Encoding": "gzip, br"}),
        "not a feed",
    ),
    "a broken brotli": (lambda: Reply(body=b"not brotli", headers=BROTLI), "cannot be unpacked"),
    "a path as a body": (lambda: Reply(body=b"/etc/passwd"), "not a feed"),
    "an endless body": (lambda: Reply(raw=endless), "larger than"),
    "dripping headers": (lambda: Reply(raw=drip(OK + b"X-Slow: ")), "timed out after 3 s"),
    "a dripping body": (lambda: Reply(raw=drip(OK + b"\r\n")), "timed out after 3 s"),
    "a broken gzip": (lambda: Reply(body=b"\x1f\x8bnot gzip at all", headers=PACKED), "cannot be unpacked"),
    "a short body": (lambda: sends(OK + b"Content-Length: 9999\r\n\r\n<rss>"), "cut off"),
    "no HTTP": (lambda: sends(b"\x00\x01garbage\r\n\r\n"), "not valid HTTP"),
    "a header of a megabyte": (lambda: sends(OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n"), "not valid HTTP"),
    "50,000 headers": (lambda: sends(OK + b"X: a\r\n" * 50_000 + b"\r\n"), "not valid HTTP"),
    "a closed door": (lambda: sends(b""), "cut off"),
    "a redirect in circles": (lambda: Reply(status=302, headers={"Location": "/bad"}), "more than 5"),
    "a redirect to a file": (lambda: Reply(status=302, headers={"Location": "file:///etc/passwd"}), "refused"),
    "a redirect to nowhere": (lambda: Reply(status=302, headers={"Location": "http://[::bad"}), "not a web address"),
}


def both(reply: Reply, options: FetchOptions = OPTIONS) -> tuple[str, MemoryItems]:
    """Collect a good feed and this one; the reason of the failure, or nothing."""
    store = MemoryItems()
    with WebServer() as server:
        good = Feed(url=server.serve("/good", numbered([1]), host="127.0.0.2"), name="good")
        bad = Feed(url=server.serve("/bad", reply), name="bad")
        made = collect([bad, good], store, now=NOW, clock=NOW, options=options)
    assert any(item.feed == "good" for item in store.items.values())
    assert made.failed <= 1
    return (made.failures[0].detail if made.failures else ""), store


@pytest.mark.parametrize("name", RESPONSES)
def test_hostile_answers_are_failures(name: str) -> None:
    """Bombs, drips, floods and lies end within the deadline, in little memory, and the other feed is read."""
    make, reason = RESPONSES[name]
    reply = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    failure, _ = both(reply, replace(OPTIONS, timeout=SOON) if "dripping" in name else OPTIONS)
    assert failure
    assert reason in failure
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def laughs(depth: int = 12) -> bytes:
    """Entities of entities of entities."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, depth))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]>'
    return head.encode() + rss(entry(title=f"&a{depth - 1};")).split(b"?>", 1)[1]


def included(system: str) -> bytes:
    """A document that wants another one included."""
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{system}">]>'
    return head.encode() + rss(entry(title="Got &x; here")).split(b"?>", 1)[1]


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "a billion laughs": laughs,
    "one long entity, often": lambda: (
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "' + b"x" * 50_000 + b'">]>'
        + rss(entry(description="&a;" * 20_000)).split(b"?>", 1)[1]
    ),
    "200,000 nested tags": lambda: rss(entry(description="<b>" * 200_000)),
    "200,000 nested tags in HTML": lambda: rss(entry(description="&lt;div&gt;" * 100_000)),
    "an attribute of a megabyte": lambda: rss(entry(more=f'<category domain="{"x" * 1_000_000}">c</category>')),
    "400,000 ampersands": lambda: rss(entry(description="&amp;" * 300_000)),
    "deep JSON": lambda: b'{"items":' + b"[" * 500_000,
    "many odd dates": lambda: rss(*(entry(n, date=f"the {n}th day of the {n} moon, " + "x y " * 20) for n in range(290))),
    "NUL and controls": lambda: rss(entry(title="Nul\0 and \x08bell")),
    "broken UTF-8": lambda: rss(entry(title="Bad")).replace(b"Bad", b"B\xff\xfed"),
    "unclosed everything": lambda: b"<rss><channel>" + b"<item><title>x" * 5_000,
    "a comment without end": lambda: b'<?xml version="1.0"?><rss><channel><item><title>T</title><!-- ' + b"x" * 900_000,
    "dates of the year one": lambda: rss(entry(date="Mon, 01 Jan 0001 00:00:00 GMT"), entry(2, date="0001-01-01")),
    "JSON of numbers": lambda: json.dumps({"items": [{"id": 1e308, "title": 7, "tags": [None], "authors": [3]}]}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile_documents_do_no_harm(name: str) -> None:
    """Each gives harmless items or a failure, soon, without much memory; the other feed is read."""
    body = DOCUMENTS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    _, store = both(Reply(body=body), replace(OPTIONS, parse_timeout=2.5))
    assert time.process_time() - start < MAX_CPU_SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
    for item in store.items.values():
        assert len(item.title) <= 500
        assert len(item.text) < 100_000
        assert not any(ord(letter) < 32 and letter != "\n" for letter in item.title + item.text)


def test_no_file_is_included(tmp_path: Path) -> None:
    """An external entity that names a file leaks nothing of it."""
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    _, store = both(Reply(body=included(secret.as_uri())))
    assert "the secret" not in repr(store.items)


def test_nothing_is_fetched_for_a_document() -> None:
    """An entity or DTD that names a web address, or a body that is one, makes no request."""
    with WebServer() as server:
        evil = included(server.url("/entity"))
        dtd = numbered([1]).replace(b"?>", f'?><!DOCTYPE rss SYSTEM "{server.url("/dtd")}">'.encode(), 1)
        bodies = (evil, dtd, server.url("/address").encode())
        feeds = [Feed(url=server.serve(f"/{n}", body), name=f"f{n}") for n, body in enumerate(bodies)]
        collect(feeds, MemoryItems(), now=NOW, clock=NOW, options=OPTIONS)
        assert {request.path for request in server.requests} == {"/0", "/1", "/2"}


def test_a_certificate_of_no_known_authority_is_refused(tmp_path: Path) -> None:
    """A self-signed certificate is a failure that says so, before anything is asked."""
    certificate = make_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate.cert, certificate.key)
    with WebServer(tls) as server:
        feed = Feed(url=f"https://127.0.0.1:{server.port}/feed", name="feed")
        made = collect([feed], MemoryItems(), now=NOW, clock=NOW, options=OPTIONS)
        assert made.failures[0].detail == "the certificate of 127.0.0.1 is not valid"
        assert server.requests == []


@pytest.mark.usefixtures("real_parsers")
def test_a_parser_that_hangs_is_killed() -> None:
    """A document that takes too long to read is a failure that says so, and its process is killed."""
    slow = rss(*(entry(n, description="<b>" * 3_000) for n in range(60)), title="Slow\0")
    failure, _ = both(Reply(body=slow), replace(OPTIONS, parse_timeout=0.01))
    assert "parsing took longer than 0.01 s" in failure


def test_a_document_that_takes_long_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one place for requests, the next host is asked while the first one's document is still being parsed."""
    asked, in_time = threading.Event(), []

    async def parse(_pool: ParserPool, _job: ParseJob) -> ParsedFeed:
        in_time.append(await asyncio.to_thread(asked.wait, 60))
        return ParsedFeed()

    def good(_request: Request) -> Reply:
        asked.set()
        return Reply(body=numbered([1]))

    monkeypatch.setattr(ParserPool, "parse", parse)
    store = MemoryItems()
    with WebServer() as server:
        # What cannot be mended is left to a process, however small it is.
        broken = rss(entry(title="Café"), head="<b><i></b></i>")
        feeds = [
            Feed(url=server.serve("/slow", broken), name="slow"),
            Feed(url=server.serve("/good", good, host="127.0.0.2"), name="good"),
        ]
        collect(feeds, store, now=NOW, clock=NOW, options=replace(OPTIONS, concurrency=1))
    assert in_time == [True]


@pytest.mark.usefixtures("real_parsers")
def test_a_parser_has_limited_memory() -> None:
    """A document that needs more memory than a parser may have is a failure, not the end of the process."""
    big = rss(*(entry(n) for n in range(1_000)), head="<a/>" * 300_000).replace(b"utf-8", b"iso-8859-1")
    big = big.replace(b"</channel>", "é</channel>".encode("latin-1"))
    failure, _ = both(Reply(body=big), replace(OPTIONS, parse_memory=60_000_000, parse_timeout=20))
    assert failure == "parsing needs too much memory"


def test_unreachable_servers() -> None:
    """A port where nobody listens and a host that does not exist are explained in words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    feeds = [
        Feed(url=f"http://127.0.0.1:{port}/", name="port"),
        Feed(url="http://no-such-host.invalid/", name="host"),
        Feed(url="http://[bad", name="address"),
    ]
    made = collect(feeds, MemoryItems(), now=NOW, clock=NOW, options=OPTIONS)
    reasons = {failure.source: failure.detail for failure in made.failures}
    assert "could not connect to 127.0.0.1" in reasons["port"]
    assert reasons["host"] == "cannot find the host no-such-host.invalid"
    assert reasons["address"] == "not a web address"
