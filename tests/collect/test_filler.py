"""Styles, scripts, comments and written-out pictures, however long: the words behind them are the text."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from growth import grows_with_size

from digestbot.collect.feeds import parse_feed
from digestbot.collect.filler import without_filler
from digestbot.collect.html_to_text import plain_text
from digestbot.model import Feed

FEED = Feed(url="https://harbour.example/feed", name="harbour")
REPORT = "<p>The harbour master resigned on Monday after a vote in the council.</p>"
STYLES = "td.notice { color: red; padding: 0 12px }\n"
FILLER = {
    "styles": f"<style>{STYLES * 100}</style>",
    "styles of a whole page": f"<html><head><title>Notice</title><style>{STYLES * 100}</style></head><body>",
    "styles in a table": f'<table width="600"><tr><td><STYLE>{STYLES * 900}</STYLE>',
    "more styles than are read": f"<style>{STYLES * 900}</style>",
    "a script": f"<script>{'if (a < b) { show(a); }' * 300}</script>",
    "a picture in letters": f'<p><img src="data:image/png;base64,{"QUFB" * 4_000}" alt=""></p>',
    "a large picture in letters": f"<p><img src='data:image/jpeg;base64,{'QUFB' * 90_000}'></p>",
    "what a word processor leaves": f"<p><!--[if gte mso 9]><xml>{'<w:LsdException Locked=1 />' * 700}</xml><![endif]--></p>",
    "a comment": f"<!-- {'to be removed before noon ' * 900} -->",
    "a drawing": f'<svg viewBox="0 0 9 9">{"<path d=M1L2 />" * 1_500}</svg>',
    "two of them": f"<style>{STYLES * 100}</style><script>{'show();' * 3_000}</script>",
}


@pytest.mark.parametrize("write", ["escaped", "section"])
@pytest.mark.parametrize("kind", FILLER)
def test_the_words_behind_are_the_text(kind: str, write: str) -> None:
    """Whatever takes more room than is read of a text and shows nothing does not count, escaped or in a section."""
    markup = FILLER[kind] + REPORT
    inside = escape(markup) if write == "escaped" else f"<![CDATA[{markup}]]>"
    content = f"<rss version='2.0'><channel><title>H</title><item><title>Vote</title><description>{inside}</description></item></channel></rss>"
    (item,) = parse_feed(content.encode(), feed=FEED, now=datetime(2026, 11, 29, tzinfo=UTC)).items
    assert item.text == "The harbour master resigned on Monday after a vote in the council."


def test_words_before_it_are_kept_and_enough_of_them_are_enough() -> None:
    """A text that has begun goes on behind it; nothing is looked for where there is enough to read already."""
    around = f"<p>{'The ferry waits. ' * 5}</p>{FILLER['styles']}<p>It leaves.</p>"
    assert plain_text(around).split("\n")[-1] == "It leaves."
    assert len(plain_text(f"<p>{'The ferry waits. ' * 90}</p>{FILLER['styles']}<p>It leaves.</p>")) > 1_000


@pytest.mark.parametrize("half", ["<!", "<!-", "<!-- no"])
def test_half_a_comment_at_the_end_is_no_word(half: str) -> None:
    """Behind nothing but comments, and behind words that a feed cut there."""
    assert plain_text("<!-- a note --> " * 900 + half) == ""
    assert plain_text(f"<p>The ferry waits.</p>{half}") == "The ferry waits."


def test_without_an_end_nothing_is_left_out() -> None:
    """A style that is never closed has no words behind it."""
    assert without_filler(f"<p>a</p><style>{'x' * 50}", 60) == f"<p>a</p><style>{'x' * 45}"


@pytest.mark.parametrize(
    "unit", ["<style>", "<!-- ", "<svg>x", "data:image/png;base64,", "<p> ", "<p>\n", "<style></style>", "<!---->"]
)
def test_it_takes_time_by_the_size_of_a_text(unit: str) -> None:
    """Eight times as much of what has no end takes some eight times as long, not sixty-four times."""
    assert grows_with_size(lambda count: plain_text(unit * count), 5_000)
