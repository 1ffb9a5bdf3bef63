"""From a word of a text to the terms that begin with it, remembered from one item to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# "gas" must not find "ga", nor "new" find "news": a plural is taken off longer words only, or in a phrase.
LEAST_PLURAL = 4
LEAST_PLURAL_OF_PHRASE = 3


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One way to write a term: words in a row."""

    matcher: int
    term: int
    words: tuple[str, ...]
    prefix: bool = False  # the last word is a beginning
    plural: bool = False  # the last word may stand in the plural, or the singular
    title_only: bool = False

    def occurs_at(self, words: Sequence[str], at: int) -> bool:
        """Whether it stands in a text at this place."""
        last = at + len(self.words) - 1
        if last >= len(words) or tuple(words[at:last]) != self.words[:-1]:
            return False
        found, wanted = words[last], self.words[-1]
        if found == wanted or (self.prefix and found.startswith(wanted)):
            return True
        least = LEAST_PLURAL if len(self.words) == 1 else LEAST_PLURAL_OF_PHRASE
        return self.plural and min(len(found), len(wanted)) >= least and singular(found) == singular(wanted)


def singular(word: str) -> str:
    """An English plural's stem: the S-stemmer (Harman 1991, "How effective is suffixing?"), the mildest there is."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word


class TermIndex(dict[str, tuple[WordPattern, ...]]):
    """Every word met so far, with the patterns that may begin there: most words of a text have been met before."""

    def __init__(self, patterns: Iterable[WordPattern]) -> None:
        super().__init__()
        self._exact: dict[str, list[WordPattern]] = {}
        self._stems: dict[str, list[WordPattern]] = {}
        self._prefixes: dict[str, list[WordPattern]] = {}
        for pattern in patterns:
            single = len(pattern.words) == 1
            if single and pattern.prefix:
                self._prefixes.setdefault(pattern.words[0], []).append(pattern)
            elif single and pattern.plural and len(pattern.words[0]) >= LEAST_PLURAL:
                self._stems.setdefault(singular(pattern.words[0]), []).append(pattern)
            else:
                self._exact.setdefault(pattern.words[0], []).append(pattern)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})

    def __missing__(self, word: str) -> tuple[WordPattern, ...]:
        found = list(self._exact.get(word, ()))
        if len(word) >= LEAST_PLURAL:
            found += self._stems.get(singular(word), ())
        for length in self._lengths:
            found += self._prefixes.get(word[:length], ()) if length <= len(word) else ()
        self[word] = tuple(found)
        return self[word]

    def look_up(
        self, words: Sequence[str], fit: float, *, lead: int = 0, lead_fit: float = 0.0, title: bool = True
    ) -> dict[tuple[int, int], float]:
        """The terms that stand in a text, as (matcher, term), each with the fit of its best place.

        Args:
            words: the text, folded.
            fit: what a place counts.
            lead: how many words at the beginning count `lead_fit` instead.
            lead_fit: see `lead`.
            title: whether the text is a title.
        """
        found: dict[tuple[int, int], float] = {}
        for word in set(words):
            for pattern in self[word]:
                if pattern.title_only and not title:
                    continue
                place = words.index(word) if len(pattern.words) == 1 else _place(pattern, words)
                if place is not None:
                    counts = lead_fit if place < lead else fit
                    key = (pattern.matcher, pattern.term)
                    found[key] = max(counts, found.get(key, 0.0))
        return found


def _place(pattern: WordPattern, words: Sequence[str]) -> int | None:
    return next(
        (at for at, word in enumerate(words) if word == pattern.words[0] and pattern.occurs_at(words, at)), None
    )
