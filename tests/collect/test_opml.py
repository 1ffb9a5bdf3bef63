"""Lists of feeds, read and written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.collect import read_opml, write_opml
from digestbot.errors import CollectError
from digestbot.model import Feed, FeedKind

WORDS = st.text("abc xyz&<>\"'é", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)


def test_nested_outlines_become_categories() -> None:
    """The outlines around a feed are its categories, outermost first."""
    made = read_opml(
        b'<opml version="2.0"><body><outline text="Tech"><outline text="Chips">'
        b'<outline type="rss" text="Chip Ledger" xmlUrl="https://chips.example/feed"/></outline></outline></body></opml>'
    )
    assert made == (
        Feed(url="https://chips.example/feed", name="chip_ledger", title="Chip Ledger", categories=("Tech", "Chips")),
    )


def test_sloppy_files_are_read() -> None:
    """Other cases of tags and attributes, a missing head, stray text, doubles and broken ends do no harm."""
    made = read_opml(
        b'\n<OPML><BODY>words<OUTLINE TITLE="A &amp; B" XMLURL=" https://a.example/feed "/>'
        b'<outline text="again" xmlUrl="https://a.example/feed"/><outline text="A B" xmlurl="https://b.example/"/>'
        b'<outline text="no feed"/><outline text="C" category="/News/World,x" xmlUrl="https://c.example/"><outline'
    )
    assert [feed.url for feed in made] == ["https://a.example/feed", "https://b.example/", "https://c.example/"]
    assert [feed.name for feed in made] == ["a_b", "a_b_2", "c"]
    assert made[2].categories == ("News", "World")


@given(
    st.one_of(
        st.binary(max_size=60),
        st.lists(
            st.sampled_from(
                ["<opml>", "<body>", "<outline ", "</outline>", "text=", "xmlUrl=", "url=", "type='rss'", "name=", "category=", "links=",
                 "'a/b,c'", "'https://a.example/?utm_x=1'", "'../utm_y'", "'&#133;&#10;'", "'&#x202e;'", ">", "/>", "<!--", "]]>", "&x;",
                 "<?xml version='1.0' encoding='utf-16'?>", "xmlns:x='y'", "<x:outline ", "\0", "'http://['"]
            ),
            max_size=40,
        ).map(lambda parts: " ".join(parts).encode()),
    )
)  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes) -> None:
    """Any bytes and any order of tags: feeds with an address and a name of their own, or an error; they can be written."""
    try:
        feeds = read_opml(content)
    except CollectError:
        return
    assert all(feed.url and feed.name for feed in feeds)
    assert len({feed.url for feed in feeds}) == len({feed.name for feed in feeds}) == len(feeds)
    assert read_opml(write_opml(feeds))


def test_a_deeply_nested_list_is_read_as_far_as_the_parser_goes() -> None:
    """Outlines within outlines, with a title or without: no depth is too much for the stack."""
    for outline in ('<outline text="a">', "<outline>"):
        deep = f'<opml><outline text="F" xmlUrl="https://a.example/"/>{outline * 100_000}</opml>'
        assert [feed.url for feed in read_opml(deep.encode())] == ["https://a.example/"]


@given(
    st.lists(
        st.builds(
            Feed,
            url=st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{0,5}", fullmatch=True),
            name=st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
            title=st.one_of(st.just(""), WORDS),
            kind=st.sampled_from(FeedKind),
            link_selector=st.one_of(st.just(""), WORDS),
            categories=st.lists(WORDS, max_size=3).map(tuple),
        ),
        min_size=1,
        max_size=6,
        unique_by=(lambda feed: feed.url, lambda feed: feed.name),
    )
)
def test_what_is_written_is_read_back(feeds: list[Feed]) -> None:
    """Writing and reading gives the same feeds."""
    pages_have_selectors = [feed if feed.kind is FeedKind.PAGE else replace(feed, link_selector="") for feed in feeds]
    assert set(read_opml(write_opml(feeds))) == set(pages_have_selectors)


@pytest.mark.parametrize("content", [b"", b"hello", b"<html></html>", b"<opml><body/></opml>", b"\x00\xff"])
def test_what_lists_no_feed_is_an_error(content: bytes) -> None:
    """A file without any feed is refused with a reason."""
    with pytest.raises(CollectError, match="OPML"):
        read_opml(content)


def test_entities_are_not_expanded() -> None:
    """A file that wants another file included gets nothing of it."""
    evil = (
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>'
        b'<outline text="a&x;" xmlUrl="https://a.example/"/></body></opml>'
    )
    assert read_opml(evil)[0].title in ("", "a")
