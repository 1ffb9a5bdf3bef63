"""Paragraphs of plain text, filled by terminal columns; and where shipped files are found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from digestbot import resources as module
from digestbot.render.wrap import wrap
from digestbot.resources import resource
from digestbot.text.sanitise import one_line


@given(st.text(max_size=400).map(one_line), st.sampled_from(["", "    "]))
def test_no_line_is_too_wide_and_no_character_is_lost(text, indent):
    """Lines keep to the width, begin with the indent, and hold every character in order."""
    lines = wrap(text, indent).split("\n")
    assert all(cell_len(line) <= 72 and line.startswith(indent) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_the_first_line_may_begin_differently():
    """A number hangs before its paragraph."""
    lines = wrap("word " * 30, "    ", " 1. ").split("\n")
    assert lines[0].startswith(" 1. word")
    assert all(line.startswith("    word") for line in lines[1:])


def test_no_line_breaks_at_a_space_that_holds_together():
    """A ticker keeps its move, a time its half of the day."""
    assert wrap("At 7:30\u202fAM HK:98\u00a0+5%", width=12) == "At 7:30 AM\nHK:98 +5%"
    assert wrap("ab HK:98\u00a0+5%", width=12) == "ab HK:98 +5%"
    assert wrap("abc HK:98\u00a0+5%", width=12) == "abc\nHK:98 +5%"


def test_no_line_begins_with_a_full_stop_or_ends_with_an_opening_bracket():
    """Chinese and Japanese break anywhere but there; a row of nothing but such signs is broken all the same."""
    assert wrap("送院治理。接收", width=8) == "送院治\n理。接收"
    assert wrap("據了解「美國」", width=8) == "據了解\n「美國」"
    assert wrap("。" * 6, width=8) == "。。。。\n。。"
    assert wrap("漢字", width=1) == "漢\n字"


def test_chinese_fills_its_lines():
    """Beside words with spaces, too: a row of signs is no word that goes to the next line as a whole."""
    text = "36 歲消防隊目涉於 2022 年至 2024 年期間，訛稱父親患胰臟癌等疾病，向同袍及友人借貸約 25 萬元。"
    lines = wrap(text, width=30).split("\n")
    assert all(cell_len(line) >= 26 for line in lines[:-1])
    assert not any(line[-1].isdecimal() or line[0] in "年萬，" for line in lines)
    assert wrap("渡輪 Aurora 到港", width=10) == "渡輪\nAurora 到\n港"


def test_no_line_begins_with_what_divides_outlets():
    """The sign stays with the name before it."""
    assert wrap("Harbour Post · Gazette · 20:45", width=14) == "Harbour Post ·\nGazette ·\n20:45"
    assert wrap("Harbour Posts · 20:45", width=14) == "Harbour\nPosts · 20:45"


def test_shipped_files_lie_in_the_package_or_beside_it(tmp_path, monkeypatch):
    """A wheel carries them inside; a checkout has them one folder up."""
    assert (resource("templates") / "email.html").is_file()
    package = tmp_path / "digestbot"
    (tmp_path / "templates").mkdir()
    package.mkdir()
    monkeypatch.setattr(module, "__file__", str(package / "shipped.py"))
    assert resource("templates") == tmp_path / "templates"
    (package / "templates").mkdir()
    assert resource("templates") == package / "templates"
