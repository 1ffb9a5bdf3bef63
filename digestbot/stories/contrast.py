"""Whether two reports in the same words are of two events: other names, the next step of one matter, another release."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..model import Item
from ..text import calendar_words
from ..text.language import stop_words_for
from ..text.tokenize import pieces_of
from .tokens import TEXT_CHARACTERS

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
# A capital after these is that of a sentence, not of a name.
_OPENING = re.compile(r"(?:\A|[.!?:;|–—-]\s|[\"“”„«‘'(\[])\s*\Z")
_MOST_CAPITALS = 0.6  # of a title's words: with more, every word of it is written like a name
_SHORTEST_NAME = 3  # letters: "US" and "EU" name no event
# What every company's results are made of: no name, though in capitals.
_FIGURES = frozenset({"gaap", "ifrs", "eps", "ffo", "affo", "ebit", "ebitda", "nav", "nii", "roe", "yoy", "qoq"})
_CAPITALISES_NOUNS = frozenset({"de", "lb"})
# The number of a release or of an entry in a register: v1.0.0, 2.3.1, CVE-2026-1001. Not a magnitude such as 5.2.
_NUMBERED = re.compile(r"\bv\d+(?:\.\d+)+|\b\d+\.\d+\.\d+(?:\.\d+)*|\b[a-z]{2,}-\d{4,}(?:-\d+)*", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
# What happens one after the other to one person or company, in words or pairs of words as `pieces_of` gives them: reports
# of one step are not of the next.
_STEPS = (
    (
        (
            "named, names, name, appoint, appoints, appointed, hire, hires, hired, hiring, picks, picked, chooses, chosen, elects, "
            "elected, sworn, take office, takes office, took office, take over, takes over, took over, joins, ernannt, berufen, "
            "vereidigt, 委任, 上任, 就任, 出任, 接任"
        ),
        (
            "resign, resigns, resigned, resignation, quit, quits, step down, steps down, stepped down, stepping down, fire, fires, "
            "fired, sacks, sacked, ousts, ousted, dismisses, dismissed, leaves, left, retires, retired, departs, departed, "
            "departure, rucktritt, tritt zuruck, entlassen, verlasst, 辭職, 辞职, 請辭, 请辞, 下台, 卸任, 離任, 离任, 革職, 革职"
        ),
    ),
    (
        (
            "arrest, arrests, arrested, detain, detains, detained, held, custody, charged, charges, indict, indicts, indicted, "
            "indictment, accused, festgenommen, verhaftet, angeklagt, anklage, 被捕, 拘捕, 落網, 落网, 被控, 起訴, 起诉"
        ),
        (
            "convicts, convicted, conviction, acquits, acquitted, acquittal, sentence, sentences, sentenced, sentencing, jails, "
            "jailed, imprisoned, guilty, cleared, verurteilt, freigesprochen, freispruch, haftstrafe, "
            "判囚, 判刑, 入獄, 入狱, 定罪, 罪成, 無罪, 无罪"
        ),
    ),
    ("first quarter, q1, 第一", "second quarter, q2, 第二", "third quarter, q3, 第三", "fourth quarter, q4, 第四"),
)
# Who reports one quarter forecasts the next: such a title is of either.
_FORECASTS = frozenset(
    {"forecast", "forecasts", "guides", "expects", "sees", "targets", "prognose", "erwartet", "預測", "预测", "預期", "预期"}
)  # fmt: skip


def _numbered_steps() -> tuple[dict[str, int], tuple[int, ...]]:
    """By word, a bit for each step that it tells; and by matter, the bits of its steps."""
    bits: dict[str, int] = {}
    matters: list[int] = []
    bit = 1
    for steps in _STEPS:
        matters.append(0)
        for words in steps:
            bits |= dict.fromkeys(words.split(", "), bit)
            matters[-1] |= bit
            bit <<= 1
    return bits, tuple(matters)


_BITS, _MATTERS = _numbered_steps()
_BEGIN_STEPS = frozenset(step.partition(" ")[0] for step in _BITS)  # a title without one of these tells no step


@dataclass(frozen=True, slots=True)
class _Names:
    names: frozenset[str]  # of the title and the head of the text
    in_title: frozenset[str]  # those that the title says


class Contrast:
    """Tells pairs of items apart that share words, and whose titles say that they are of two events."""

    def __init__(self, items: Sequence[Item], languages: Sequence[str]) -> None:
        self._items, self._languages = items, languages
        self._steps: dict[int, int] = {}

    def between(self, one: int, other: int) -> bool:
        """Whether two items, by their numbers, are in one language and of two events."""
        language = self._languages[one]
        if language != self._languages[other]:
            return False
        title, other_title = self._items[one].title, self._items[other].title
        mine, theirs = self._steps_of(one, title), self._steps_of(other, other_title)
        if mine and theirs and any(mine & of_it and theirs & of_it and not mine & theirs & of_it for of_it in _MATTERS):
            return True
        numbered = _numbered(title)
        if numbered and (others := _numbered(other_title)) and not numbered & others:
            return True
        if language in _CAPITALISES_NOUNS or not (_only(title, other_title) and _only(other_title, title)):
            return False
        return self._name_others(one, other)

    def _name_others(self, one: int, other: int) -> bool:
        """Whether each title has names that the other item never says, and the two share no name at all."""
        mine = self._names_of(one)
        if not mine.in_title:
            return False
        theirs = self._names_of(other)
        if not theirs.in_title:
            return False
        my_words, their_words = self._words_of(one), self._words_of(other)
        if not (mine.names.isdisjoint(their_words) and theirs.names.isdisjoint(my_words)):
            return False
        return not (mine.in_title <= their_words or theirs.in_title <= my_words)

    def _steps_of(self, row: int, title: str) -> int:
        if row not in self._steps:
            bits, words = 0, pieces_of(title)
            if not _BEGIN_STEPS.isdisjoint(words):
                for step in (*words, *map(" ".join, pairwise(words))):
                    bits |= _BITS.get(step, 0)
            self._steps[row] = bits if _FORECASTS.isdisjoint(words) else bits & ~_MATTERS[-1]
        return self._steps[row]

    def _names_of(self, row: int) -> _Names:
        item, stop = self._items[row], stop_words_for(self._languages[row])
        text = item.text[:TEXT_CHARACTERS]
        title = frozenset(pieces_of(item.title))
        words = _WORD.findall(item.title)
        names = _capitalised(text)
        if sum(word[0].isupper() for word in words) <= _MOST_CAPITALS * len(words):
            names |= _capitalised(item.title)
        # A title and a text that begin with one word may begin with a name. Two items that share it need not share a name.
        opening = _first_word(text) & _first_word(item.title)
        return _Names(
            names=names - stop,
            in_title=((names | opening) & title) - stop,
        )

    def _words_of(self, row: int) -> frozenset[str]:
        item = self._items[row]
        return frozenset(pieces_of(item.title)).union(pieces_of(item.text[:TEXT_CHARACTERS]))


def _only(title: str, other: str) -> bool:
    """Whether a title may name what the other does not: a quick look, for most pairs say each other's names."""
    return not title.islower() and any(word[0].isupper() and word not in other for word in title.split())


def _numbered(title: str) -> frozenset[str]:
    if not _DIGIT.search(title):
        return frozenset()
    return frozenset(found.lower().removeprefix("v") for found in _NUMBERED.findall(title))


def _capitalised(text: str) -> frozenset[str]:
    """Words with a capital where no sentence begins, folded; without days and months."""
    found = (
        match[0]
        for match in _WORD.finditer(text)
        if match[0][0].isupper() and not _OPENING.search(text, max(0, match.start() - 3), match.start())
    )
    return frozenset(
        word
        for each in found
        for word in pieces_of(each)
        if len(word) >= _SHORTEST_NAME and word not in calendar_words.NAMES and word not in _FIGURES
    )


def _first_word(text: str) -> frozenset[str]:
    first = _WORD.match(text)
    return frozenset(word for word in pieces_of(first[0]) if len(word) >= _SHORTEST_NAME) if first else frozenset()
