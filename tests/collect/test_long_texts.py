"""Very long texts: what stands at their end is left out before a document is parsed, and nothing that is read changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from growth import grows_with_size

from digestbot.collect.feeds import normalise_feed, parse_feed
from digestbot.collect.long_texts import marks_of, without_long_ends
from digestbot.collect.parse_fast import read_fast
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.model import Feed

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
FEED = Feed(url="https://harbour.example/feed", name="harbour")
SENTENCES = {
    "english": "The ferry leaves the harbour at noon & comes back at four. ",
    "markup": '<p class="body">The <b>ferry</b> leaves at noon.</p>\n',
    "chinese": "渡輪於正午離開港口，下午四時返回。\n",
    "brackets": "The pilot [of the second ferry] waits ]] here. ",
    "mostly tags": '<div data-kind="notice" style="margin:0 auto;padding:0 12px"><img src="https://harbour.example/a.png" alt=""/> ferry</div>\n',
    "encoded twice": "The cafÃ© at the quay opens. ",
}


def shorter(content: bytes) -> bytes:
    return without_long_ends(content, marks_of(content))


def rss(*items: str) -> bytes:
    inside = "".join(
        f"<item><title>Ferry {number}</title><link>https://harbour.example/{number}</link>{item}</item>"
        for number, item in enumerate(items)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Harbour Post</title>{inside}</channel></rss>"
    ).encode()


def section(text: str) -> str:
    return f"<description><![CDATA[{text}]]></description>"


def escaped(text: str) -> str:
    return f"<description>{escape(text)}</description>"


@pytest.mark.parametrize("write", [section, escaped])
@pytest.mark.parametrize("kind", SENTENCES)
def test_the_end_of_a_long_text_changes_no_item(kind: str, write: Callable[[str], str]) -> None:
    """In whatever script, markup and writing: most of the document is left out, and every item is what feedparser makes of it whole."""
    content = rss(write(SENTENCES[kind] * 4_000), write(SENTENCES[kind] * 3), write(SENTENCES[kind] * 4_000))
    assert len(shorter(content)) < len(content) / 2
    quick, whole = read_fast(content), read_thorough(content)
    assert quick is not None
    assert whole is not None
    ours, theirs = (normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url) for raw in (quick, whole))
    assert ours == theirs
    assert all(len(item.text) > 10 for item in ours.items)


@pytest.mark.parametrize("write", [section, escaped])
@pytest.mark.parametrize("kind", SENTENCES)
def test_no_character_and_no_reference_is_cut(kind: str, write: Callable[[str], str]) -> None:
    """Wherever the limit falls, what is left is well-formed."""
    for before in range(12):
        content = shorter(rss(write("x" * before + SENTENCES[kind] * 1_500)))
        assert ET.fromstring(content.decode()) is not None


@pytest.mark.parametrize("before", ["", "<i>Soon</i> " * 900])
def test_a_run_without_tags_in_a_section_is_cut_once(before: str) -> None:
    """A section that is too long for both reasons loses its end once, with all that stands in it."""
    content = rss(section(before + "The ferry waits. " * 4_000 + "<b>Now</b>" + "it leaves. " * 4_000))
    assert len(shorter(content)) < 30_000
    assert b"<b>" not in shorter(content)


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<!-- " + "a note " * 6_000 + "-->", id="a comment"),
        pytest.param(f'<enclosure url="https://harbour.example/{"a b " * 9_000}"/>', id="a value"),
        pytest.param("<description>" + "The ferry waits. " * 900 + "</description>", id="a text that is not so long"),
    ],
)
def test_nothing_but_very_long_texts_is_cut(inside: str) -> None:
    """What stands in tags and comments, and every text that may be read to its end, stays whole."""
    assert shorter(rss(inside)) == rss(inside)


def test_the_longer_of_two_long_texts_stays_the_longer() -> None:
    """Of a summary and a content that are both cut the longer is still the one that is shown."""
    long, longer = (section("The short account of the ferry. " * 2_000), "The long account. " * 8_000)
    content = rss(f"{long}<content:encoded><![CDATA[{longer}]]></content:encoded>")
    assert len(shorter(content)) < len(content) / 2
    assert parse_feed(content, feed=FEED, now=NOW).items[0].text.startswith("The long account.")


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<!-- <![CDATA[ " + "a note " * 6_000 + "-->", id="a comment with the beginning of a section"),
        pytest.param("<!-- " + "a note " * 6_000 + "-->", id="a long comment"),
        pytest.param(f'<enclosure url="https://harbour.example/{"a b " * 9_000}"/>', id="a long value"),
        pytest.param(section("how to write <![CDATA[ in a feed " * 2_000), id="a text about sections"),
        pytest.param(f"<description>{'渡輪' * 9_000}</description>", id="no space anywhere"),
        pytest.param(f"<description>{'ferries &gt; boats > rafts ' * 2_000}</description>", id="a bare >"),
        pytest.param(f"<description>{'x ' * 20_000}<b>y</b>{'&amp;' * 9_000}</description>", id="references alone"),
        pytest.param(f"{section('a ' * 20_000)}<!-- ]]> -->", id="an end of a section in a comment"),
    ],
)
def test_what_only_looks_like_a_long_text_costs_no_item(inside: str) -> None:
    """Whatever is long in an item, the ones after it are read."""
    content = rss(inside, section("The ferry is late."), section("The ferry is back."))
    found = parse_feed(content, feed=FEED, now=NOW)
    assert [item.title for item in found.items] == ["Ferry 0", "Ferry 1", "Ferry 2"]
    assert [item.text for item in found.items[1:]] == ["The ferry is late.", "The ferry is back."]


def test_a_comment_with_the_beginning_of_a_section_needs_no_other_parser() -> None:
    """Where cutting has spoilt a document, it is read whole by the quick parser."""
    content = rss("<!-- <![CDATA[ " + "a note " * 6_000 + "-->" + section("It waits.") + "<p><!-- b --></p>")
    quick = read_fast(content)
    assert quick is not None
    assert [item.summary for item in quick.items] == ["It waits."]


@pytest.mark.parametrize("length", [10, 40_000])
@pytest.mark.parametrize("end", ["", "]]", "]>"])
def test_a_section_without_its_end_takes_no_item_with_it(end: str, length: int) -> None:
    """Long or short, a section that is not closed holds the items behind it, and they are read all the same."""
    broken = f"<description><![CDATA[{'The ferry waits. ' * length}{end}</description>"
    content = rss(broken, section("The ferry is late."), section("The ferry is back."))
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == ["Ferry 0", "Ferry 1", "Ferry 2"]


@pytest.mark.parametrize("wrong", ["\x1b", "&nbsp;", "& ", "\x93"])
def test_damage_in_what_is_left_out_needs_no_mending(wrong: str) -> None:
    """What nobody reads cannot spoil a document: it is as if it were not there."""
    content = rss(f"<description>{'The ferry leaves at noon. ' * 2_000}{wrong}</description>", escaped("It is back."))
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == ["Ferry 0", "Ferry 1"]


@pytest.mark.parametrize(
    "unit",
    ["!", "<!--", "<!-- -->", "!-- -", "]", "<", "<![CDATA[", "]]>", " ", "x", "<b>!]", "<![CDATA[" + "x" * 30_000],
)
def test_the_time_is_that_of_reading_a_document_once(unit: str) -> None:
    """Eight times as much of what begins or ends sections and tags takes some eight times as long, not sixty-four times."""
    assert grows_with_size(lambda size: shorter(unit.encode() * (size // len(unit))), 200_000)
