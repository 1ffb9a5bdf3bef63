"""Stubs become whole articles: which, how politely, within which budget, and what that changes in a digest."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot
from builders import item
from samples_collect import entry, rss
from servers.web import ALLOWED, Reply, Request, WebServer

from digestbot.collect import FetchOptions, ParsedFeed, complete, parse_job
from digestbot.collect.articles import is_stub, with_article
from digestbot.collect.pages import parse_page
from digestbot.collect.parse_job import ParseJob
from digestbot.collect.parser_pool import ParserPool
from digestbot.model import Feed, FeedKind

OPTIONS = FetchOptions(allow_private=ALLOWED, gap=0.0, timeout=timedelta(seconds=60), parse_timeout=60)
STUB = replace(item("Ferry to the islands sails again", text="The ferry sails ..."), url="https://harbour.example/1")
SENTENCES = (
    "The ferry to the islands sails again from Monday, the harbour office said on Friday.",
    "It had lain in the dock for eleven weeks after a crane fell on its foredeck in a storm.",
    "Tickets cost what they cost before, and the first crossing leaves at nine in the morning.",
    "Islanders were carried by a fishing boat meanwhile, which took forty of them at a time.",
    "The repair was paid for by the insurer of the crane, according to the harbour master.",
)
ARTICLE = (
    "<html><head><title>Ferry to the islands sails again</title></head><body><nav>Home Weather Sport</nav><article>"
    "<h1>Ferry to the islands sails again</h1>"
    + "".join(f"<p>{line}</p>" for line in SENTENCES)
    + "</article></body></html>"
).encode()


@pytest.fixture
def server():
    with WebServer() as server:
        yield server


def stub(server: WebServer, reply: object, name: str = "1"):
    address = server.serve(f"/{name}", reply, content_type="text/html")  # type: ignore[arg-type]
    return replace(STUB, url=address, id=name)


@pytest.mark.parametrize(
    ("text", "stub"),
    [
        ("", True),
        ("The ferry sails.", True),
        ("word " * 80 + ".", False),
        ("word " * 80 + "and then ...", True),
        ("word " * 80 + "and then […]", True),
        ("word " * 80 + "Read more", True),
    ],
)
def test_a_stub_is_short_or_cut_off(text: str, stub: bool) -> None:
    """Sixty words are enough to choose sentences from, if they end where a sentence ends; without address nothing helps."""
    assert is_stub(replace(STUB, text=text)) is stub
    assert not is_stub(replace(STUB, text=text, url=""))


def test_a_page_about_something_else_is_not_believed() -> None:
    """A consent wall, a front page or a shorter text leave the item as it was."""
    wall = "We value your privacy. " * 40
    assert with_article(STUB, wall) == STUB
    assert with_article(STUB, "The ferry.") == STUB
    assert with_article(STUB, "\n".join(SENTENCES)).text == "\n".join(SENTENCES)


def test_a_stub_becomes_its_article(server: WebServer) -> None:
    """The words of the article without its frame; everything else about the item stays."""
    before = stub(server, ARTICLE)
    (after,) = complete([before], options=OPTIONS, seconds=60)
    assert all(sentence in after.text for sentence in SENTENCES)
    assert "Weather" not in after.text
    assert replace(after, text=before.text) == before
    assert server.requests[0].headers["user-agent"].startswith("digestbot/")


def test_failing_pages_are_left_out(server: WebServer) -> None:
    """An error, an empty page and a private address cost nothing but themselves."""
    whole = stub(server, ARTICLE)
    broken = stub(server, Reply(status=500), "2")
    empty = stub(server, b"<html><body></body></html>", "3")
    assert [each.id for each in complete([broken, empty, whole], options=OPTIONS, seconds=60)] == ["1"]
    assert complete([whole], options=FetchOptions()) == ()


def test_no_more_pages_are_asked_than_the_budget_allows(server: WebServer) -> None:
    """The first stubs are tried, each address once; whole items are not asked for."""
    stubs = [stub(server, ARTICLE, str(number)) for number in range(5)]
    whole = replace(stubs[0], id="whole", url=server.url("/whole"), text="word " * 80 + ".")
    assert len(complete([whole, *stubs, *stubs], options=OPTIONS, pages=3, seconds=60)) == 3
    assert sorted(request.path for request in server.requests) == ["/0", "/1", "/2"]


def test_a_slow_page_does_not_hold_the_others_up(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time is over, what has come is kept."""
    over = threading.Event()

    async def parse(_pool: ParserPool, job: ParseJob) -> ParsedFeed:
        return parse_job.parse(job)  # without a process, whose start would take most of the time

    parse_page(ARTICLE, feed=Feed(url=STUB.url, kind=FeedKind.PAGE), now=datetime(2026, 5, 27, tzinfo=UTC))  # imports
    monkeypatch.setattr(ParserPool, "parse", parse)

    def slow(_: Request) -> Reply:
        over.wait(60)
        return Reply(body=ARTICLE)

    late = replace(stub(server, slow, "late"), url=server.url("/late", host="127.0.0.2"))
    start = time.monotonic()
    found = complete(
        [late, stub(server, ARTICLE)], options=replace(OPTIONS, timeout=timedelta(seconds=50)), seconds=4.0
    )
    took = time.monotonic() - start
    over.set()
    assert [each.id for each in found] == ["1"]
    assert took < 30


def test_a_digest_with_full_text_quotes_the_article(server: WebServer, tmp_path: Path) -> None:
    """Off by default; when it is on, sentences come from the page word for word, and a second digest does not ask again."""
    page = server.serve("/ferry", ARTICLE, content_type="text/html")
    feed = server.serve(
        "/feed", rss(entry(1, title="Ferry to the islands sails again", link=page, description="Soon ..."))
    )
    bot = Bot(tmp_path)
    bot.configure(FEEDS__HARBOUR=feed, TOPICS__SEA="ferry", FETCH__ALLOW_PRIVATE="127.0.0.0/8")
    for name in ("MORNING", "EVENING"):
        bot.configure(**{f"DIGESTS__{name}__TO": "file:./out", f"DIGESTS__{name}__TIMEZONE": "UTC"})
    at = ("--at", "2026-05-26T12:00:00+00:00")
    assert bot("run", "morning", *at).returncode == 0
    assert not server.asked("/ferry")
    bot.configure(DIGESTS__EVENING__FULLTEXT="yes", DIGESTS__MORNING__FULLTEXT="yes")
    assert bot("run", "evening", *at).returncode == 0
    (story,) = bot.digest("2026-05-26", digest="evening")["sections"][0]["stories"]
    quoted = [sentence["text"] for sentence in story["summary"]]
    assert quoted
    assert set(quoted) <= set(SENTENCES)
    assert len(server.asked("/ferry")) == 1
    bot.configure(DIGESTS__THIRD__TO="file:./out", DIGESTS__THIRD__TIMEZONE="UTC", DIGESTS__THIRD__FULLTEXT="yes")
    assert bot("run", "third", *at).returncode == 0
    assert len(server.asked("/ferry")) == 1
