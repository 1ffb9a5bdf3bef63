"""One truth, two parsers: what the quick one and feedparser make of the same document is the same, field by field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from written_feeds import FEEDS, SPACES

from digestbot.collect.feeds import normalise_feed, parse_feed
from digestbot.collect.parse_fast import read_fast
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.model import Feed

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
FEED = Feed(url="https://h.example/feed", name="h")
# 7 ms each, half of it feedparser's: hundreds in the suite, thousands in `make sweep`.
EXAMPLES = 300 if settings.default is None or settings.default.max_examples <= 100 else 10_000
FIELDS = ("title", "url", "keys", "published", "text", "authors", "categories", "source", "image", "language")


@settings(max_examples=EXAMPLES)
@given(FEEDS)
def test_both_parsers_say_the_same(content: bytes) -> None:
    """Of any feed, damaged or not, every field of every item is the same, or the quick parser hands over."""
    quick = read_fast(content)
    if quick is None:
        return
    thorough = read_thorough(content)
    assert thorough is not None
    ours, theirs = (normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url) for raw in (quick, thorough))
    assert ours.title == theirs.title
    for field in FIELDS:
        assert [getattr(item, field) for item in ours.items] == [getattr(item, field) for item in theirs.items], field


@pytest.mark.parametrize("declared", ["utf-16", "utf-16le", "ucs-2", "utf-32"])
def test_utf8_that_calls_itself_something_wide(declared: str) -> None:
    """Neither parser believes it, and neither fails."""
    content = f"<?xml version='1.0' encoding='{declared}'?><rss version='2.0'><channel><title>H</title><item><title>Café</title></item></channel></rss>"
    for read in (read_fast, read_thorough):
        raw = read(content.encode())
        assert raw is not None
        assert raw.items[0].title == "Café"


@pytest.mark.parametrize(
    ("inside", "field", "meant"),
    [
        pytest.param(
            "<author>ann@post.example (Ann Lee)</author>", "authors", ("Ann Lee",), id="long top-level domain"
        ),
        pytest.param(
            "<author>&lt;bo@post.photography&gt; Bo Ek</author>", "authors", ("Bo Ek",), id="mail in brackets"
        ),
        pytest.param(
            "<dc:creator>Ann</dc:creator><author><name>Bo</name></author>", "authors", ("Ann", "Bo"), id="two spellings"
        ),
        pytest.param(
            "<description><img src='a.png'/><![CDATA[<p>The <b>lock</b> opens.</p>]]></description>",
            "text",
            "The lock opens.",
            id="a section beside a tag",
        ),
        pytest.param(
            "<description><![CDATA[<p>The lock</p>]]> <i>opens</i><![CDATA[ <b>again</b> & again.]]></description>",
            "text",
            "The lock\nopens again & again.",
            id="two sections around a tag",
        ),
        pytest.param("<author>AndrÃ© Ek</author>", "authors", ("André Ek",), id="a name encoded twice"),
        pytest.param(
            "<title>The lock wonâ€™t open</title>", "title", "The lock won’t open", id="Windows-1252 encoded again"
        ),
        pytest.param("<title>Bo\x92s lock</title>", "title", "Bo’s lock", id="Windows-1252 taken for Latin-1"),
        pytest.param("<title>CafÃ\x83Â© opens</title>", "title", "Café opens", id="encoded three times"),
        pytest.param(
            "<title>Âge and Ãge — both stay</title>", "title", "Âge and Ãge — both stay", id="letters that only look so"
        ),
        pytest.param(
            "<atom:link rel='alternate' href=''/><guid>https://h.example/9</guid>",
            "url",
            "https://h.example/9",
            id="idle link",
        ),
        pytest.param("<link/><guid>https://h.example/9</guid>", "url", "https://h.example/9", id="empty link"),
        pytest.param(
            "<atom:link href='https://h.example/8'/><link>https://h.example/9</link>",
            "url",
            "https://h.example/9",
            id="own link",
        ),
        pytest.param(
            "<media:content><media:title>A crane</media:title></media:content><media:title>The port opens</media:title>",
            "title",
            "The port opens",
            id="the outer title",
        ),
        pytest.param(
            "<itunes:summary>All of it, and far more words about it.</itunes:summary><description>The show.</description>",
            "text",
            "The show.",
            id="a podcast's summary comes last",
        ),
        pytest.param(
            "<itunes:summary>All about locks, and much more.</itunes:summary><content:encoded>Locks.</content:encoded>",
            "text",
            "All about locks, and much more.",
            id="a podcast's summary beside its content",
        ),
    ],
)
def test_where_feedparser_is_wrong_both_are_right(inside: str, field: str, meant: object) -> None:
    """Both parsers give the right value, where feedparser alone would give another one."""
    content = f"<rss version='2.0' {SPACES}><channel><title>H</title><item>{inside}</item></channel></rss>".encode()
    for read in (read_fast, read_thorough):
        raw = read(content)
        assert raw is not None
        (item,) = normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items
        assert getattr(item, field) == meant, read.__name__


def test_text_of_xhtml_without_an_element() -> None:
    """It is as long as it would be as markup, whichever parser reads it: the longer of two texts is told, else the summary."""
    texts = "<content type='text'>Nine char</content><summary type='xhtml'>A &amp; B</summary>"
    content = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>H</title><entry>{texts}</entry></feed>".encode()
    for read in (read_fast, read_thorough):
        raw = read(content)
        assert raw is not None
        assert normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items[0].text == "A & B", read.__name__


def test_items_that_stand_where_they_should_not_are_found_by_both() -> None:
    """None is lost, whatever stands around it."""
    items = "<item><title>One</title></item><group><item><title>Two</title></item></group>"
    content = f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>".encode()
    for read in (read_fast, read_thorough):
        raw = read(content)
        assert raw is not None
        assert [item.title for item in raw.items] == ["One", "Two"], read.__name__


def test_an_item_in_an_item_is_left_to_feedparser_unless_it_is_an_older_version() -> None:
    """A version that lost a conflict (Simple Sharing Extensions) is no item, and the one that won keeps what follows it."""
    space = "xmlns:sx='http://www.microsoft.com/schemas/rss/sse'"
    inner = "<item><title>Old</title></item>"
    older = f"<sx:sync><sx:conflicts><sx:conflict>{inner}</sx:conflict></sx:conflicts></sx:sync>"
    for read in (read_fast, read_thorough):
        raw = read(
            f"<rss version='2.0' {space}><channel><title>H</title><item>{older}<title>New</title></item></channel></rss>".encode()
        )
        assert raw is not None
        assert (raw.title, [item.title for item in raw.items]) == ("H", ["New"]), read.__name__
    nested = (
        f"<rss version='2.0'><channel><title>H</title><item><title>New</title>{inner}</item></channel></rss>".encode()
    )
    assert read_fast(nested) is None
    assert [item.title for item in parse_feed(nested, feed=FEED, now=NOW).items] == ["New", "Old"]


def test_references_of_windows_1252_in_an_identity_are_the_same_to_both() -> None:
    """In a guid and in an address: else an item would be new whenever the other parser reads it."""
    inside = "<guid isPermaLink='false'>bo&#146;s</guid><link>https://h.example/bo&#146;s</link>"
    content = f"<rss version='2.0'><channel><title>H</title><item>{inside}</item></channel></rss>".encode()
    for read in (read_fast, read_thorough):
        raw = read(content)
        assert raw is not None
        (item,) = normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items
        assert item.keys[:2] == ("guid:bo’s", "link:https://h.example/bo’s"), read.__name__
        assert item.url == "https://h.example/bo’s"


def test_a_section_without_an_end_loses_no_item() -> None:
    """It swallows the items up to the next section: well-formed, but fewer than there are ends of items."""
    items = "<item><title><![CDATA[One</title></item><item><title><![CDATA[Two]]></title></item>"
    content = f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>".encode()
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == ["One", "Two"]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        pytest.param(
            "<rss version=2.0><channel><item><title>Tide</title><guid isPermaLink=false>a b=c</guid></item></channel></rss>",
            "Tide",
            id="values without quotes",
        ),
        pytest.param(
            "<rss version='2.0' x=1><channel><item><title><![CDATA[<b a=1>Tide</b>]]></title></item></channel></rss>",
            "Tide",
            id="values without quotes, and a section that keeps its own",
        ),
        pytest.param(
            "<!-- made by --><?xml version='1.0'?><rss version='2.0'><channel><item><title>Tide</title></item></channel></rss>",
            "Tide",
            id="a declaration behind a comment",
        ),
        pytest.param(
            "<!DOCTYPE rss PUBLIC 'a' 'http://dtd.example/rss.dtd'><rss version='0.91'><channel><item><title>Tide &eacute;</title></item></channel></rss>",
            "Tide é",
            id="a DTD that nobody may fetch",
        ),
        pytest.param(
            "<rss version='2.0'><channel><item><title>Tide</title></item></channel></rss><script src='/x.js'></script>",
            "Tide",
            id="a script behind the end",
        ),
        pytest.param(
            "<rss version='2.0'><channel><item><title>Bo&#146;s &#x96; tide</title></item></channel></rss>",
            "Bo’s – tide",
            id="references of Windows-1252",
        ),
    ],
)
def test_what_is_damaged_and_known_to_be_safe_needs_no_feedparser(content: str, title: str) -> None:
    """The quick parser mends it, and feedparser gets it mended in the same way."""
    for read in (read_fast, read_thorough):
        raw = read(content.encode())
        assert raw is not None, read.__name__
        assert [item.title for item in normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items] == [title]


def test_a_bare_sign_is_mended_wherever_it_stands() -> None:
    """In an element that is no text of HTML's as well, so that feedparser is not needed."""
    content = b"<rss version='2.0'><channel><item><title>A</title><category>tides < 3 m & more</category></item></channel></rss>"
    raw = read_fast(content)
    assert raw is not None
    assert raw.items[0].categories == ("tides < 3 m & more",)
