"""Letters as topics compare them: like text/tokenize.py's, and further where a reader sees the same word and Unicode does not."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ..text.tokenize import fold

# The Hebrew maqaf is a hyphen, too.
_HYPHENS: Final = dict.fromkeys(map(ord, "\u2010\u2011\ufe63\uff0d\u05be"), "-")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\uff07"), "'")
# Signs that stand inside words and are none of their letters. The Arabic tatweel only makes a word longer.
_UNSEEN: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200d\u2060\ufeff\u0640"))
# Unicode takes the accent off "é", and leaves these whole: Łódź, Tromsø, Đà Nẵng, Kılıç, œuvre.
_WHOLE: Final = str.maketrans(
    {
        "Ł": "L",
        "ł": "l",
        "Ø": "O",
        "ø": "o",
        "Đ": "D",
        "đ": "d",
        "Ð": "D",
        "ð": "d",
        "Ħ": "H",
        "ħ": "h",
        "ı": "i",
        "Œ": "OE",
        "œ": "oe",
        "Æ": "AE",
        "æ": "ae",
        "Þ": "Th",
        "þ": "th",
    }
)
# NFKD would make letters of the signs of trade marks.
SIGNS: Final = _HYPHENS | _APOSTROPHES | _UNSEEN | _WHOLE | {0x2122: " ", 0x2120: " "}
# The vowels of Hebrew and Arabic, which hardly any headline writes, and the hamza that NFKD takes off its letter.
_MARKS: Final = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
_VOWELS: Final = re.compile(f"[{_MARKS}]")
# Scripts of India: their vowels stand as signs behind a letter, and are as much of the word.
INDIC: Final = "\u0900-\u0963\u0966-\u096f\u0971-\u0dff"
_HANGUL_VOWELS: Final = "\u1161-\u1175"  # as NFKD leaves them
_NEEDS_MORE: Final = re.compile(f"[{_MARKS}{INDIC}{_HANGUL_VOWELS}]")


def plain_letters(text: str) -> str:
    """A text whose signs are those that all writers share, so that "Łódź" and "Lodz" are one word; capitals are kept."""
    return text if text.isascii() else text.translate(SIGNS)


def needs_more(text: str) -> bool:
    """Whether a folded text holds letters that only `composed` makes whole: one look for what most texts have none of."""
    return not text.isascii() and _NEEDS_MORE.search(text) is not None


def composed(text: str) -> str:
    """A folded text in whole letters: as parts of syllables, プラス would be found in プラズマ, and 가* in 각."""
    return text if text.isascii() else unicodedata.normalize("NFC", _VOWELS.sub("", text))


def folded(text: str) -> str:
    """A text without case and accents, in plain and whole letters."""
    return composed(fold(plain_letters(text)))
