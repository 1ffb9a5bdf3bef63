"""An index from the words of a text to the terms that begin with them; it remembers every word it was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .plurals import differ_in_number, plurals, singulars
from .words import TopicText

# Letters. "gas" must not find "ga", nor "new" find "news": plurals are recognised in longer words only. In a phrase the
# other words make it safe: "rate cut" finds "rate cuts".
MIN_PLURAL_LETTERS = 4
MIN_PLURAL_LETTERS_IN_PHRASE = 3


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One way to write a term: words in a row."""

    group: int  # number of the term's group, counted over all topics
    term: int  # number of the term within its group
    words: tuple[str, ...]  # folded
    prefix: bool = False  # the last word may go on: chip* finds chipmaker
    plural: bool = False  # the last word may be in the plural or the singular
    title_only: bool = False

    def occurs_at(self, words: Sequence[str], at: int) -> bool:
        """Whether it occurs in a text at this place."""
        last = at + len(self.words) - 1
        return last < len(words) and tuple(words[at:last]) == self.words[:-1] and self._ends_with(words[last])

    def end_in(self, text: TopicText, at: int) -> int:
        """The place behind it where it occurs in a text at this place, else 0; every form of a word counts."""
        if not text.forms:
            return at + len(self.words) if self.occurs_at(text.parts, at) else 0
        places = {at}
        for wanted in self.words[:-1]:
            places = {place + length for place in places for word, length in text.at(place) if word == wanted}
        ends = [place + length for place in places for word, length in text.at(place) if self._ends_with(word)]
        return max(ends, default=0)

    def _ends_with(self, found: str) -> bool:
        wanted = self.words[-1]
        if found == wanted or (self.prefix and found.startswith(wanted)):
            return True
        least = MIN_PLURAL_LETTERS if len(self.words) == 1 else MIN_PLURAL_LETTERS_IN_PHRASE
        return self.plural and min(len(found), len(wanted)) >= least and differ_in_number(found, wanted)


class TermIndex(dict[str, tuple[WordPattern, ...]]):
    """Every word seen so far at which terms may begin, with their patterns; at most words of a text none does."""

    def __init__(self, patterns: Iterable[WordPattern]) -> None:
        super().__init__()
        self._idle: set[str] = set()
        self._exact: dict[str, list[WordPattern]] = {}
        self._either: dict[str, list[WordPattern]] = {}  # singular or plural
        self._prefixes: dict[str, list[WordPattern]] = {}
        for pattern in patterns:
            single = len(pattern.words) == 1
            if single and pattern.prefix:
                self._prefixes.setdefault(pattern.words[0], []).append(pattern)
            elif single and pattern.plural and len(pattern.words[0]) >= MIN_PLURAL_LETTERS:
                self._either.setdefault(pattern.words[0], []).append(pattern)
            else:
                self._exact.setdefault(pattern.words[0], []).append(pattern)
        # Many prefixes share few lengths: one look-up for each length finds all that a word begins with.
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def __missing__(self, word: str) -> tuple[WordPattern, ...]:
        found = list(self._exact.get(word, ()))
        if len(word) >= MIN_PLURAL_LETTERS:
            for form in (word, *singulars(word), *plurals(word)) if self._either else ():
                found += self._either.get(form, ())
        for length in self._lengths:
            found += self._prefixes.get(word[:length], ()) if length <= len(word) else ()
        if not found:
            self._idle.add(word)
            return ()
        self[word] = tuple(found)
        return self[word]

    def look_up(self, text: TopicText, *, title: bool = True) -> dict[tuple[int, int], int]:
        """The terms that occur in a text, as (group, term), each with the number of the word at its first place.

        Args:
            text: taken apart.
            title: whether the text is a title.
        """
        found: dict[tuple[int, int], int] = {}
        words = {*text.parts, *(form for _, _, form in text.forms)} if text.forms else set(text.parts)
        for word in words - self._idle:
            for pattern in self[word]:
                if pattern.title_only and not title:
                    continue
                place = next((at for at in text.places(word) if pattern.end_in(text, at)), None)
                if place is not None:
                    key = (pattern.group, pattern.term)
                    found[key] = min(place, found.get(key, place))
        return found
