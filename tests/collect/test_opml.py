"""Lists of feeds, read and written."""

from __future__ import annotations

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
    st.lists(
        st.builds(
            Feed,
            url=st.from_regex(r"https://[a-z]{1,8}\.example/[a-z]{0,5}", fullmatch=True),
            name=st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
            title=st.one_of(st.just(""), WORDS),
            kind=st.sampled_from(FeedKind),
            categories=st.lists(WORDS, max_size=3).map(tuple),
        ),
        min_size=1,
        unique_by=(lambda feed: feed.url, lambda feed: feed.name),
    )
)
def test_what_is_written_is_read_back(feeds: list[Feed]) -> None:
    """Writing and reading gives the same feeds."""
    assert set(read_opml(write_opml(feeds))) == set(feeds)


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
