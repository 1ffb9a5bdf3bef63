"""What cannot be read names its cause in one line, and what to do."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator

import pytest
from newsroom import MORNING_NEWS
from servers.web import ALLOWED, Reply, WebServer

from digestbot.collect import FetchOptions, fetch
from digestbot.collect.feed_decisions import status_reason
from digestbot.collect.feeds import why_not_a_feed
from digestbot.collect.fetch import Fetcher
from digestbot.collect.not_a_feed import browser_check, what_it_is
from digestbot.collect.reader_reasons import for_readers
from digestbot.errors import CollectError

FEED = MORNING_NEWS.encode()
URL = "https://tide.example/feed"


@pytest.mark.parametrize(
    ("headers", "body", "maker"),
    [
        ({"cf-mitigated": "challenge"}, b"", "Cloudflare"),
        ({"server": "cloudflare"}, b"<title>Just a moment...</title>", "Cloudflare"),
        ({}, b'<script src="/cdn-cgi/challenge-platform/h/b/orchestrate.js">', "Cloudflare"),
        ({"x-datadome": "protected"}, b"", "DataDome"),
        ({}, b'<script src="https://ct.captcha-delivery.com/c.js">', "DataDome"),
        ({}, b'<iframe src="/_Incapsula_Resource?x=1">', "Imperva"),
        ({"x-amzn-waf-action": "challenge"}, b"", "AWS WAF"),
        ({"server": "ddos-guard"}, b"", "DDoS-Guard"),
        ({}, b'<div id="px-captcha">', "HUMAN"),
        ({}, b"<title>Access Denied</title> Reference&#32;&#35;18&#46;2", "Akamai"),
        ({}, b"<h1>Access Denied</h1> You may not. Reference #18.4a2", "Akamai"),
        ({}, b"<title>Attention Required! | Cloudflare</title>", "Cloudflare"),
        ({}, b"<h1>Making sure you&#39;re not a bot!</h1>", "Anubis"),
        ({}, b'<div class="h-captcha">', "a captcha"),
        ({}, b"error code: 1020", "Cloudflare"),
        ({"sg-captcha": "challenge"}, b"", "SiteGround"),
        ({}, b"<meta http-equiv='refresh' content='0;/.well-known/sgcaptcha/?r=%2Ffeed'>", "SiteGround"),
        ({}, b"<title>One moment, please...</title>", "Imunify360"),
        ({}, b"<script>window.KPSDK={};</script><script src='/149e/ips.js?x=1'></script>", "Kasada"),
        ({}, b"<script>toHex(slowAES.decrypt(c,2,a,b))</script>", "a script"),
    ],
)
def test_who_wants_to_see_a_browser_is_named(headers: dict[str, str], body: bytes, maker: str) -> None:
    """By header or body; the operator learns what can be done, the readers that access is denied."""
    reason = browser_check(headers, body)
    assert reason.startswith(f"asks for a browser check ({maker}); ")
    assert "ask its owner" in reason
    assert for_readers(reason) == "access denied"


@pytest.mark.parametrize(
    ("content", "url", "reason", "readers"),
    [
        (b"<?xml version='1.0'?><!-- x --><opml version='2.0'><body/></opml>", URL, "not a feed but a list of feeds (OPML)", "not a feed"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", URL, "not a feed but a sitemap", "not a feed"),
        (b"\xef\xbb\xbf<sitemapindex >", URL, "not a feed but a sitemap", "not a feed"),
        (b"\x1f\x8b\x08", URL, "not a feed but a compressed file", "not a feed"),
        (b"BEGIN:VCALENDAR\r\n", URL, "not a feed but a calendar", "not a feed"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", URL, "not a feed but XML of another kind (<error>)", "not a feed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", URL, "not a feed but XML of another kind (<svg>)", "not a feed"),
        (b"<br />\n<b>Fatal error</b>: Uncaught", URL, "not a feed but an error of the program that makes it (PHP)", "not a feed"),
        (b"%PDF-1.7", URL, "not a feed but a PDF", "not a feed"),
        (b'{"error": "no such thing"}', URL, "not a feed but JSON without items", "not a feed"),
        (b"<html><form><input name=p type='password'></form></html>", URL, "asks to log in", "asks for a password"),
        (b"<!doctype html><p>Welcome", "https://tide.example/login?next=%2Ffeed", "asks to log in", "asks for a password"),
        (b"<html><p>Please enable your cookies to go on.</p></html>", URL, "asks for cookies", "access denied"),
        (b"<html><p>Before you go on</p></html>", "https://consent.tide.example/m?continue=%2Ffeed", "asks for cookies", "access denied"),
        (b"<html><title>Just a moment...</title></html>", URL, "asks for a browser check (Cloudflare)", "access denied"),
    ],
)  # fmt: skip
def test_what_was_given_as_a_feed_is_named(content: bytes, url: str, reason: str, readers: str) -> None:
    """An OPML file, a sitemap, a login page and others, each with what to do."""
    found = why_not_a_feed(content, url)
    assert found.startswith(reason)
    assert len(found.splitlines()) == 1
    assert found == what_it_is(content, url)
    assert ":" in found or ";" in found  # what to do follows
    assert for_readers(found) == readers


def test_a_page_that_names_feeds_is_told_with_them() -> None:
    """Though it has a form to log in, and the scripts of a guard: sites have these on every page."""
    text = b"<p>" + b"The lock opened at noon. " * 100
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/rss"><input type="password">' + text
    assert why_not_a_feed(page, URL) == "not a feed but a web page; did you mean https://tide.example/rss?"
    guarded = b"<html><script src='/cdn-cgi/challenge-platform/x.js'></script>" + text
    assert why_not_a_feed(guarded, URL) == "not a feed but a web page, which names no feed"


def test_a_page_without_a_feed_is_told_by_its_title() -> None:
    """Often that is the cause: a site under repair, or for sale."""
    page = b"<html><title>\n Down for\nrepair &amp; back soon </title>"
    assert why_not_a_feed(page, URL) == "not a feed but a web page (“Down for repair & back soon”), which names no feed"
    assert status_reason(403) == "access denied (403)"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as made:
        yield made


def get(url: str) -> bytes:
    async def within() -> bytes:
        async with Fetcher(FetchOptions(allow_private=ALLOWED, gap=0.0)) as fetcher:
            return (await fetcher.get(url)).body

    return asyncio.run(within())


@pytest.mark.parametrize(
    "headers", [{"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}, {"Content-Encoding": "zstd"}, {"Content-Length": str(len(FEED) + 500)},
                {"Content-Length": str(len(FEED) + 500), "Connection": "close"}]
)  # fmt: skip
def test_a_whole_feed_under_wrong_headers_is_read(
    server: WebServer, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is called compressed and is not, and one that is announced longer than it is."""
    monkeypatch.setattr(fetch, "_AFTER_END_SECONDS", 0.05)
    assert get(server.serve("/feed", Reply(body=FEED, headers=headers))) == FEED


def test_a_feed_that_is_cut_is_not_whole(server: WebServer) -> None:
    """Announced longer and without its end, it was cut off; damaged compression stays damaged."""
    with pytest.raises(CollectError, match="cut off"):
        get(
            server.serve(
                "/cut", Reply(body=FEED[:-20], headers={"Content-Length": str(len(FEED)), "Connection": "close"})
            )
        )
    with pytest.raises(CollectError, match="cannot be unpacked"):
        get(
            server.serve("/bad", Reply(body=gzip.compress(FEED)[:50] + b"x" * 50, headers={"Content-Encoding": "gzip"}))
        )


def test_a_circle_that_waits_for_a_cookie_is_told_as_such(server: WebServer) -> None:
    """A redirect to itself that sets a cookie goes on for ever without it; one that sets none is a circle."""
    wants = Reply(status=302, headers={"Location": "/a", "Set-Cookie": "seen=1"})
    with pytest.raises(CollectError, match="asks for cookies: it redirects to itself"):
        get(server.serve("/a", wants))
    with pytest.raises(CollectError, match="too many redirects"):
        get(server.serve("/b", Reply(status=302, headers={"Location": "/b"})))
