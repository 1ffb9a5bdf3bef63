"""The gate for what an operator reads: nothing moves the cursor, turns the direction or hides; JSON keeps its data."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.text.sanitise import printable, printable_json

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
