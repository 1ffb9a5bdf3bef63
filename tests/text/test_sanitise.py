"""The gate for what an operator reads: nothing moves the cursor, turns the direction or hides; JSON keeps its data."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digestbot.text.sanitise import _MAY_COMPOSE, is_right_to_left, isolated, printable, printable_json, sanitise

TEXTS = st.text(st.characters() | st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Cs"]), max_size=40)
JOINERS = "\u200c\u200d"


def harmful(text: str) -> list[str]:
    kinds = ("Cc", "Cf", "Zl", "Zp", "Cs")
    return [f"U+{ord(one):04X}" for one in text if unicodedata.category(one) in kinds and one not in JOINERS + "\n\t"]


@given(TEXTS)
def test_only_what_shows_passes(text: str) -> None:
    """Whatever the text: no control, no separator, nothing that formats; the rest stays, and twice is as once."""
    through = printable(text)
    assert not harmful(through)
    assert through == "".join(one for one in text if not harmful(one))
    assert printable(through) == through


@given(st.recursive(TEXTS | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)))
def test_json_escapes_and_keeps_its_data(value: object) -> None:
    """It reads back identically, and holds no such character itself."""
    for indent in (None, 2):
        text = printable_json(value, indent=indent)
        assert json.loads(text) == value
        assert not harmful(text)


@pytest.mark.parametrize("text", ["a\tb\n  c", "שלום", "می\u200cخواهم", "👩\u200d🚀", "Zürich — 7.5 %"])
def test_ordinary_text_stays(text: str) -> None:
    """Languages with joiners, right-to-left words, emoji, white space."""
    assert printable(text) == text


def test_controls_beyond_ascii_are_what_windows_1252_has_there():
    """Nobody means a control: an apostrophe was taken for Latin-1; the five that Windows leaves open go."""
    assert sanitise("Bo\x92s \x93tide\x94\x85 \x81\x9d") == "Bo’s “tide”…"
    assert sanitise("\x85and\x85\nthe tide\x85") == "…and…\nthe tide…"


MARKS = "\u061c\u200e\u200f"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "\u05d4\u05e1\u05e4\u05e8 C++\u200f, \u05d7\u05d3\u05e9",
            "\u05d4\u05e1\u05e4\u05e8 C++\u200f, \u05d7\u05d3\u05e9",
        ),
        ("\u200f\u0645\u0631\u062d\u0628\u0627 (A)\u200f\u200f.", "\u200f\u0645\u0631\u062d\u0628\u0627 (A)\u200f."),
        ("\u05e9\u200f\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("\u202e\u05e9\u05dc\u05d5\u05dd\u202c \u2067A\u2069", "\u05e9\u05dc\u05d5\u05dd A"),
        ("C++\u200f, new", "C++, new"),
        ("plain\u061c\nשלום\u200f!", "plain\nשלום\u200f!"),
    ],
)
def test_marks_of_direction_stay_with_the_words_that_need_them(text: str, kept: str):
    """One of a row, in lines from right to left, not inside a word; overrides and isolates go."""
    assert sanitise(text) == kept


@given(st.text(st.sampled_from("ab ,שלם\n\u200e\u200f\u061c\u202e\u2066\u2069-+1"), max_size=30))
def test_marks_never_gather_and_never_stand_in_other_lines(text: str):
    """Whatever the mixture: cleaned twice is cleaned once, and a line without such letters has no mark."""
    cleaned = sanitise(text)
    assert sanitise(cleaned) == cleaned
    for line in cleaned.split("\n"):
        assert is_right_to_left(line) or not set(line) & set(MARKS)
        assert not any(one + other in line for one in MARKS for other in MARKS)
    assert not set(cleaned) & set("\u202e\u2066\u2069")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\u200b赤柱監獄", "赤柱監獄"),
        ("Fer\u200bry \u200b\u200bstops\u200b", "Ferry stops"),
        ("ខ្មែរ\u200bភាសា", "ខ្មែរ\u200bភាសា"),
        ("\u200bไทย", "ไทย"),
    ],
)
def test_a_space_without_width_stays_only_where_it_divides_words(text: str, clean: str) -> None:
    """In scripts that are written without spaces by custom a program breaks lines there; elsewhere nobody sees it."""
    assert sanitise(text) == clean


def test_a_name_from_right_to_left_is_isolated_and_no_other():
    """Between other words on a line it would turn their order."""
    assert isolated("\u05d4\u05d0\u05e8\u05e5") == "\u2068\u05d4\u05d0\u05e8\u05e5\u2069"
    assert isolated("Haaretz \u200b") == "Haaretz \u200b"


def test_letters_that_are_not_looked_at_need_no_composing():
    """Of the characters that pass for composed none is a mark, none joins what stands before it, each is its own NFC (UAX 15)."""
    joined = {
        one
        for code in range(sys.maxunicode + 1)
        for one in unicodedata.normalize("NFD", chr(code))[1:]
        if unicodedata.category(chr(code)) != "Cs"
    }
    passed = [one for one in map(chr, range(0x80, sys.maxunicode + 1)) if not _MAY_COMPOSE.match(one)]
    assert len(passed) > 30_000
    assert not [
        f"U+{ord(one):04X}"
        for one in passed
        if one in joined or unicodedata.combining(one) or not unicodedata.is_normalized("NFC", one)
    ]


# Letters, accents to be composed, Hangul in pieces, spaces of all kinds, controls.
WRITTEN = st.text(
    st.sampled_from(
        "ae \n\t\r\xa0\u3000\u2003\u0301\u0308\u1112\u1161\u11ab\u4e00\u201c\u0439\u05d0\u200b\ufeff\x01\x85\x92 "
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=300,
)


@given(WRITTEN | st.builds("{}{}".format, st.sampled_from(["The tide rose. " * 30]), WRITTEN))
def test_what_is_sanitised_is_composed_and_has_no_idle_space(text: str) -> None:
    """NFC; no space at either end of a line, no two in a row, no empty line; twice is as once; short or long."""
    clean = sanitise(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert sanitise(clean) == clean
    for line in clean.split("\n") if clean else ():
        assert line == line.strip(" ") != ""
        assert "  " not in line


@given(
    st.lists(
        st.sampled_from(["tide", "a", "Zoë", "“x”", "水", "\u0301", " ", "  ", "   ", "\n", "\t", "\u2003"]),
        max_size=60,
    )
)
@example(["tide", "  ", "\u2003", "  ", "水"])
def test_spaces_go_and_words_stay(pieces: list[str]) -> None:
    """Whatever stands between them, and however many: the same words, in their order."""
    text = "".join(pieces)
    clean = sanitise(text)
    assert clean.split() == unicodedata.normalize("NFC", text).split()
    assert "  " not in clean


@pytest.mark.parametrize("spaces", ["", " ", "  ", "\t\t", "\u3000 "])
@pytest.mark.parametrize("broken", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_kind_of_line_break_is_one(spaces: str, broken: str) -> None:
    """With spaces of any kind around it, in a text of ASCII and in one that is not."""
    for end in ("It fell.", "Zoë fell."):
        assert sanitise(f"The tide rose.{spaces}{broken}{spaces}{end}") == f"The tide rose.\n{end}"
