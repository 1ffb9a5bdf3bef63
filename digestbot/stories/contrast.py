"""Whether two reports in the same words are of two events: other names, the next step of one matter, another release."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Item
from ..text.language import stop_words_for
from ..text.tokenize import pieces_of
from .tokens import TEXT_CHARACTERS

_CAPITALISED = re.compile(r"[^\W\d_][\w’'-]*")
# A capital after these is that of a sentence, not of a name.
_OPENING = re.compile(r"(?:\A|[.!?:;|–—-]\s|[\"“”„«‘'(\[])\s*\Z")
_MOST_CAPITALS = 0.6  # of a title's words: with more, every word of it is written like a name
_SHORTEST_NAME = 3  # letters: "US" and "EU" name no event
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
_CAPITALISES_NOUNS = frozenset({"de", "lb"})
# The number of a release or of an entry in a register: v1.0.0, 2.3.1, CVE-2026-1001. Not a magnitude such as 5.2.
_NUMBERED = re.compile(r"\bv\d+(?:\.\d+)+|\b\d+\.\d+\.\d+(?:\.\d+)*|\b[a-z]{2,}-\d{4,}(?:-\d+)*", re.IGNORECASE)
# What happens one after the other to one person or company: reports of one step are not of the next.
_STEPS = tuple(
    tuple(re.compile(step, re.IGNORECASE) for step in steps)
    for steps in (
        (
            (
                r"\b(?:named?|names|appoint(?:s|ed)?|hire[sd]?|hiring|picks?|picked|chooses?|chosen|elect(?:s|ed)|sworn in|takes? (?:over|office)|"
                r"took (?:over|office)|joins|ernannt|berufen|vereidigt|wird neuer?)\b|獲委任|获委任|上任|就任|出任|接任"
            ),
            (
                r"\b(?:resign(?:s|ed|ation)?|quits?|steps? down|stepped down|stepping down|fire[sd]?|sack(?:s|ed)|oust(?:s|ed)|"
                r"dismiss(?:es|ed)|leaves|left|retires?|retired|depart(?:s|ed|ure)|tritt zurück|rücktritt|entlassen|verlässt)\b|"
                r"辭職|辞职|請辭|请辞|下台|卸任|離任|离任|革職|革职"
            ),
        ),
        (
            (
                r"\b(?:arrest(?:s|ed)?|detain(?:s|ed)|held|in custody|charge[sd]|indict(?:s|ed|ment)|accused|festgenommen|verhaftet|"
                r"angeklagt|anklage)\b|被捕|拘捕|落網|落网|被控|起訴|起诉"
            ),
            (
                r"\b(?:convict(?:s|ed|ion)|acquit(?:s|ted|tal)|sentence[sd]?|sentencing|jail(?:s|ed)|imprison(?:s|ed)|found (?:not )?guilty|"
                r"plead(?:s|ed) (?:not )?guilty|cleared|verurteilt|freigesprochen|freispruch|haftstrafe)\b|判囚|判刑|入獄|入狱|定罪|罪成|無罪|无罪"
            ),
        ),
        tuple(
            rf"\b(?:{word}[- ]quarter|q{at}|{at}\. quartal)\b|第{han}季"
            for at, (word, han) in enumerate(
                zip(("first", "second", "third", "fourth"), "一二三四", strict=True), start=1
            )
        ),
    )
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is compared of an item."""

    capitals: frozenset[str]  # words of its title with a capital that no sentence gives them
    title: frozenset[str]
    numbered: frozenset[str]
    steps: tuple[frozenset[int], ...]  # by matter: the steps that the title tells
    shouts: bool  # nearly every word of the title has a capital


@dataclass(frozen=True, slots=True)
class _Names:
    names: frozenset[str]  # of the title and the head of the text
    in_title: frozenset[str]  # those that the title says
    words: frozenset[str]  # all


class Contrast:
    """Tells pairs of items apart that share words, and whose titles say that they are of two events."""

    def __init__(self, items: Sequence[Item], languages: Sequence[str]) -> None:
        self._items, self._languages = items, languages
        self._told: dict[int, _Told] = {}
        self._names: dict[int, _Names] = {}

    def between(self, one: int, other: int) -> bool:
        """Whether two items, by their numbers, are in one language and of two events."""
        if self._languages[one] != self._languages[other]:
            return False
        mine, theirs = self._of(one), self._of(other)
        if mine.numbered and theirs.numbered and not mine.numbered & theirs.numbered:
            return True
        if any(a and b and not a & b for a, b in zip(mine.steps, theirs.steps, strict=True)):
            return True
        # Titles are looked at first: most pairs say each other's names there.
        if (
            self._languages[one] in _CAPITALISES_NOUNS
            or not mine.capitals - theirs.title
            or not theirs.capitals - mine.title
        ):
            return False
        return self._name_others(one, other)

    def _name_others(self, one: int, other: int) -> bool:
        """Whether each title has names that the other item never says, and the two share no name at all."""
        mine, theirs = self._names_of(one), self._names_of(other)
        if not (mine.names.isdisjoint(theirs.words) and theirs.names.isdisjoint(mine.words)):
            return False
        return bool(mine.in_title - theirs.words and theirs.in_title - mine.words)

    def _of(self, row: int) -> _Told:
        if row not in self._told:
            title = self._items[row].title
            words = _CAPITALISED.findall(title)
            self._told[row] = _Told(
                capitals=(_capitalised(title) | _opening(title)) - stop_words_for(self._languages[row]),
                title=frozenset(pieces_of(title)),
                numbered=frozenset(found.lower().removeprefix("v") for found in _NUMBERED.findall(title)),
                steps=tuple(frozenset(at for at, step in enumerate(steps) if step.search(title)) for steps in _STEPS),
                shouts=sum(word[0].isupper() for word in words) > _MOST_CAPITALS * len(words),
            )
        return self._told[row]

    def _names_of(self, row: int) -> _Names:
        if row not in self._names:
            told, item = self._of(row), self._items[row]
            text = item.text[:TEXT_CHARACTERS]
            found = _capitalised(text) if told.shouts else _capitalised(text) | _capitalised(item.title)
            names = found - stop_words_for(self._languages[row])
            # A title and a text that begin with one word may begin with a name. Two items that share it need not share a name.
            opening = (_opening(text) & _opening(item.title)) - stop_words_for(self._languages[row])
            self._names[row] = _Names(
                names=names, in_title=(names | opening) & told.title, words=told.title.union(pieces_of(text))
            )
        return self._names[row]


def _capitalised(text: str) -> frozenset[str]:
    """Words with a capital where no sentence begins, folded; without days and months."""
    found = (
        match[0]
        for match in _CAPITALISED.finditer(text)
        if match[0][0].isupper() and not _OPENING.search(text, max(0, match.start() - 3), match.start())
    )
    return frozenset(
        word for each in found for word in pieces_of(each) if len(word) >= _SHORTEST_NAME and word not in _CALENDAR
    )


def _opening(text: str) -> frozenset[str]:
    """The first word, folded."""
    first = _CAPITALISED.match(text)
    return frozenset(word for word in pieces_of(first[0]) if len(word) >= _SHORTEST_NAME) if first else frozenset()
