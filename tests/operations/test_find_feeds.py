"""A site's own address leads to its feed; `feeds try` shows what would be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bot import Bot
from builders import NOON
from newsroom import rss
from servers.web import ALLOWED, Reply, WebServer

from digestbot.collect import FetchOptions
from digestbot.collect.site_feeds import feeds_of_site, looks_like_a_feed
from digestbot.model import Feed, FeedKind
from digestbot.operations.find_feeds import Found, find_feed, try_feed

OPTIONS = FetchOptions(allow_private=ALLOWED, gap=0.0)
NEWS = ("Lock opens", "The lock opened.", "Wed, 27 May 2026 02:00:00 +0000")


@pytest.fixture
def site() -> Iterator[WebServer]:
    with WebServer() as server:
        server.serve("/main", rss(NEWS).encode())
        yield server


def page(server: WebServer, *links: str, path: str = "/", body: str = "") -> str:
    named = "".join(f'<link rel="alternate" type="application/rss+xml; charset=utf-8" href="{link}">' for link in links)
    return server.serve(
        path, f"<html><head>{named}</head><body>{body}</body></html>".encode(), content_type="text/html"
    )


def found(url: str) -> Found:
    return find_feed(Feed(url=url, name="tried"), OPTIONS, now=NOON)


def test_of_several_feeds_of_a_site_the_first_that_can_be_read_is_taken_and_all_are_named(site: WebServer) -> None:
    """A feed of comments is none of them, one of replies comes last, one that is gone is passed over, and it is said what was chosen."""
    made = found(page(site, "/posts/replies/rss", "/comments/rss", "/gone", "/main"))
    assert made.feed.url == site.url("/main")
    assert made.candidates == tuple(map(site.url, ("/gone", "/main", "/posts/replies/rss")))
    assert made.why == "; ".join(
        (
            f"its page names this feed, the second of 3: {site.url('/main')}",
            f"{site.url('/gone')} could not be read: not found (404)",
            f"{site.url('/posts/replies/rss')} could not be read: not found (404)",
        )
    )
    assert not any("also:" in line for line in made.lines())


def test_the_first_of_several_is_called_so(site: WebServer) -> None:
    """With those that were not read beside it, and without one that is known to be gone; an empty one is passed over."""
    other, empty = site.serve("/other", rss(NEWS).encode()), site.serve("/empty", rss().encode())
    made = found(page(site, "/main", "/gone", "/other"))
    assert made.why.startswith(f"its page names this feed, the first of 3: {site.url('/main')}; {site.url('/gone')} ")
    assert [line for line in made.lines() if "also:" in line] == [f"  also: {other}"]
    made = found(page(site, "/empty", "/main"))
    assert made.why == f"its page names this feed, the second of 2: {site.url('/main')}"
    assert made.others == (empty,)
    assert found(page(site, "/empty", "/gone")).feed.url == empty


@pytest.mark.parametrize("path", ["/", "/news"])
def test_where_no_named_feed_can_be_read_it_is_said_of_them(site: WebServer, path: str) -> None:
    """Not of the page, which is what it should be; and none of them is offered."""
    home = page(site, "/gone", path=path)
    made = found(home)
    assert made.feed.url == home
    assert list(made.lines()) == [
        "its page names this feed, which cannot be read",
        f"{site.url('/gone')}: not found (404)",
    ]
    site.serve("/shut", Reply(status=403))
    page(site, "/gone", "/shut", path=path)
    assert list(found(home).lines()) == [
        f"its page names 2 feeds, and none of them can be read; {site.url('/shut')} could not be read: access denied (403)",
        f"{site.url('/gone')}: not found (404)",
    ]
    assert found(home).as_dict()["error"] == "not found (404)"
    nothing = page(site, path="/bare")
    page(site, "/bare", path=path)
    assert list(found(home).lines())[1:] == [f"{nothing}: not a feed but a web page, which names no feed"]


def test_a_guess_that_is_taken_leaves_out_what_failed(site: WebServer) -> None:
    """The feed that the page names is told with its reason, and not offered."""
    site.serve("/feed.xml", rss(NEWS).encode())
    made = found(page(site, "/gone"))
    assert made.feed.url == site.url("/feed.xml")
    assert made.why.endswith(f"{site.url('/feed.xml')}; {site.url('/gone')} could not be read: not found (404)")
    assert made.others == ()


def test_links_in_a_page_count_where_its_head_names_no_feed(site: WebServer) -> None:
    """As trafilatura looks for them."""
    site.serve("/news.rss", rss(NEWS).encode())
    assert found(page(site, body='<a href="/about">us</a> <a href="/news.rss">RSS</a>')).feed.url == site.url(
        "/news.rss"
    )


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="ALTERNATE" type="Application/RSS+XML" href="https://a.example/blog/x">',
        '<link rel="alternate nofollow" type="application/rss+xml" href="x">',
        "<link rel='alternate' type='application/atom+xml' href=' x '>",
        '<link rel="alternate" type="application/rss+xml" href="feed://a.example/blog/x">',
        '<link rel="alternate" type="application/rss+xml" href="feed:https://a.example/blog/x">',
        '<base href="/blog/deep/"><link rel="alternate" type="application/feed+json" href="../x">',
        '<!-- <link rel="alternate" type="application/rss+xml" href="old"> --><link type="application/rss+xml" href="x" rel=alternate>',
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><link rel="alternate" type="text/xml" href="./x" />',
    ],
)
def test_a_feed_is_named_however_its_page_writes_it(head: str) -> None:
    """Capitals, several words of `rel`, blanks, feed://, a base of its own, addresses below the page's folder."""
    assert feeds_of_site(f"{head}<body>words".encode(), "https://a.example/blog/") == ("https://a.example/blog/x",)


def test_a_link_without_a_type_is_a_feed_by_its_form() -> None:
    """Of `rel=feed`, and of a link in the text, in the folder of the page."""
    for body in ('<link rel="feed" href="news.rss">', '<a href="news.rss">RSS</a>'):
        page = f"<html><head><title>Harbour</title></head><body><p>Words.</p>{body}</body></html>"
        assert feeds_of_site(page.encode(), "https://a.example/b/c.html") == ("https://a.example/b/news.rss",)


def test_the_usual_places_are_tried_where_nothing_is_named(site: WebServer) -> None:
    """Only for the site's own address."""
    site.serve("/rss.xml", rss(NEWS).encode())
    made = found(page(site))
    assert (made.feed.url, "many sites" in made.why) == (site.url("/rss.xml"), True)
    deep = found(page(site, path="/deep"))
    assert (deep.feed.url, deep.why) == (site.url("/deep"), "")
    assert deep.reading is not None
    assert "web page" in deep.reading.error


def test_a_feed_is_itself_and_what_looks_like_one_is_not_asked(site: WebServer) -> None:
    """A feed at an address without its look is read once; one with it is taken as given, as is a file."""
    assert found(site.url("/main")).why == ""
    asked = len(site.requests)
    for url in (site.url("/feed"), "./saved.xml", "https://t.me/s/harbour_news", "https://github.com/tide/lock"):
        found(url)
    assert len(site.requests) == asked == 1
    assert looks_like_a_feed("https://a.example/?feed=rss2")
    assert not looks_like_a_feed("https://a.example/news")


def test_what_a_page_names_is_only_of_the_web() -> None:
    """No file, no script, no odd address; broken markup is no error."""
    html = b'<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd"><link rel="alternate" href="javascript:rss">'
    assert feeds_of_site(html, "https://a.example/") == ()
    assert feeds_of_site(b"\xff<link rel=", "https://a.example/") == ()
    assert feeds_of_site(b"", "http://[") == ()


def test_a_page_is_tried_with_a_selector(site: WebServer) -> None:
    """The links that it selects are what would be read."""
    url = page(
        site, body='<h2><a href="/1">The lock opens at noon today</a></h2><a href="/2">Imprint</a>', path="/list"
    )
    made = try_feed(Feed(url=url, name="t", kind=FeedKind.PAGE, link_selector="h2 a"), OPTIONS, now=NOON)
    assert [one["url"] for one in made.as_dict()["items"]] == [site.url("/1")]  # type: ignore[attr-defined]
    assert "links h2 a, 1 item\n" in "\n".join(made.lines())


def test_the_commands(tmp_path: Path, site: WebServer) -> None:
    """`feeds try` reads and writes nothing; `feeds add` adds what it found and says so; what cannot be asked is added as given."""
    bot = Bot(tmp_path)
    bot.configure(FETCH__ALLOW_PRIVATE=ALLOWED[0])
    home = page(site, "/main")
    before = (tmp_path / "config.env").read_text()
    tried = bot("feeds", "try", home, "--json")
    assert json.loads(tried.stdout)["url"] == site.url("/main")
    assert [one["title"] for one in json.loads(tried.stdout)["items"]] == ["Lock opens"]
    assert (tmp_path / "config.env").read_text() == before
    site.serve("/shut", Reply(status=403))
    shut = bot("feeds", "try", site.url("/shut"))
    assert (shut.returncode, "access denied (403)" in shut.stdout) == (1, True)
    added = bot("feeds", "add", home, "--name", "harbour")
    assert f"its page names this feed: {site.url('/main')}" in added.stdout
    assert bot("feeds", "add", "https://t.me/harbour_news", "--name", "t", "--untried").returncode == 0
    assert bot("feeds", "add", site.url("/shut"), "--name", "shut").returncode == 1
    assert bot("feeds", "add", site.url("/shut"), "--name", "shut", "--untried").returncode == 0
    text = (tmp_path / "config.env").read_text()
    assert f"DIGESTBOT_FEEDS__HARBOUR={site.url('/main')}\n" in text
    assert "DIGESTBOT_PAGES__T=https://t.me/s/harbour_news\n" in text
    assert "DIGESTBOT_PAGE_LINKS__T=div.tgme_widget_message_bubble\n" in text
    assert f"DIGESTBOT_FEEDS__SHUT={site.url('/shut')}\n" in text


def test_a_page_without_a_feed_is_told_to_be_read_as_a_page(tmp_path: Path, site: WebServer) -> None:
    """Added untried it would fail every morning; what is not there at all is no page."""
    bot = Bot(tmp_path)
    bot.configure(FETCH__ALLOW_PRIVATE=ALLOWED[0])
    alone = page(site, path="/alone", body="<h1>The lock opens at noon today</h1>")
    for words in (("try", alone), ("add", alone)):
        done = bot("feeds", *words)
        assert (done.returncode, "--page" in done.stderr, "PAGE_LINKS" in done.stderr) == (1, True, True)
        assert "--untried" not in done.stderr
    site.serve("/gone", Reply(status=404))
    assert "--page" not in bot("feeds", "try", site.url("/gone")).stderr
    assert "--untried" in bot("feeds", "add", site.url("/gone")).stderr
    assert bot("feeds", "add", alone, "--page").returncode == 0


def test_a_reading_that_is_not_wanted_is_not_made(site: WebServer) -> None:
    """`try` of what is known by rule reads that, and only that."""
    url = site.serve("/feed", rss(NEWS).encode())
    made = try_feed(Feed(url=url, name="t"), replace(OPTIONS, concurrency=1), now=NOON)
    assert made.reading is not None
    assert (len(made.reading.items), len(site.requests)) == (1, 1)
