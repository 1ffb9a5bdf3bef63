"""Which outlets report a story independently, and which print wire copy or another outlet's text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..model import Item, Source, Story
from ..text.tokenize import fold, split_words
from .kinds import reports_of

# All reports of an event share its words; only a copy shares many runs of four of them.
_SHINGLE_WORDS = 4  # words in a row
MIN_TEXT_WORDS = 25  # in a shorter text, shared shingles may be chance
# A copy shares at least this part of the shorter text's shingles. Labelled copies of the sample newsroom share 0.82 to
# 0.98 of them, independent reports of one event at most 0.09 (docs/design.md).
SHINGLE_OVERLAP = 0.7
MIN_TITLE_WORDS = 6  # two editors do not write the same headline of so many words by chance
# An agency's credit at the head of a text: "ROTTERDAM, May 26 (Reuters) - ".
_CREDIT = re.compile(
    # Only before the first full stop: further down an agency is a source that is quoted, not the author.
    r"^[^.]{0,60}\((reuters|ap|associated press|afp|dpa|pa|upi|xinhua|bloomberg|ansa|efe|kyodo|yonhap|tass)\)",
    re.IGNORECASE,
)
_Shingle = tuple[str, ...]
_UNDATED = datetime.max.replace(tzinfo=UTC)  # items without a date sort last


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wording:
    source: str
    title: str
    shingles: frozenset[_Shingle]  # empty where there is too little text to compare
    agency: str


def sources(story: Story) -> tuple[Source, ...]:
    """The outlets of a story, most items first, then in the story's order.

    An outlet is not independent when each of its items repeats what another outlet published before: nearly the same
    text (shared shingles, Broder 1997, as containment, because feeds cut texts at different lengths), the credit of the
    same agency, or, where there is no text, the same headline of `MIN_TITLE_WORDS` words or more. It reports nothing when
    all of its items are opinion, advice or the like, while those of another outlet are not.
    """
    if len({item.source for item in story.items}) == 1:
        return (Source(name=story.lead.source, items=len(story.items)),)
    own: Counter[str] = Counter()
    earlier = _Earlier()
    # Of items with one date, one with a text comes before a bare headline: it is the likelier original.
    for item in sorted(story.items, key=lambda item: (item.effective_time or _UNDATED, not item.text, item.id)):
        wording = _wording(item)
        own[item.source] += not any(_repeats(wording, other, shared) for other, shared in earlier.joined_by(wording))
    total = Counter(item.source for item in story.items)
    reporting = {item.source for item in reports_of(story)}
    return tuple(
        Source(name=name, items=count, independent=own[name] > 0, reports=name in reporting)
        for name, count in total.most_common()
    )


class _Earlier:
    """The items so far, found by what a later one may repeat of them."""

    def __init__(self) -> None:
        self._all: list[_Wording] = []
        self._first: dict[_Shingle, int] = {}  # by shingle, the first that has it
        self._others: defaultdict[_Shingle, list[int]] = defaultdict(list)  # and the rest: most shingles have none
        self._titled: defaultdict[str, list[int]] = defaultdict(list)

    def joined_by(self, wording: _Wording) -> list[tuple[_Wording, int]]:
        """Those that it may repeat, each with the number of shingles that both have; from now on it is one of them."""
        shared: Counter[int] = Counter()
        known = wording.shingles & self._first.keys()
        for shingle in known:
            shared[self._first[shingle]] += 1
            shared.update(self._others.get(shingle, ()))
        # Who credits an agency may repeat any that does, whatever its words.
        likely = range(len(self._all)) if wording.agency else sorted({*shared, *self._titled[wording.title]})
        found = [(self._all[at], shared[at]) for at in likely]
        for shingle in known:
            self._others[shingle].append(len(self._all))
        self._first.update(dict.fromkeys(wording.shingles - known, len(self._all)))
        self._titled[wording.title].append(len(self._all))
        self._all.append(wording)
        return found


def _wording(item: Item) -> _Wording:
    words = split_words(item.text)
    credit = _CREDIT.match(item.text)
    return _Wording(
        source=item.source,
        title=" ".join(split_words(item.title)),
        shingles=_shingles(words) if len(words) >= MIN_TEXT_WORDS else frozenset(),
        agency=fold(credit[1]) if credit else "",
    )


def _shingles(words: Sequence[str]) -> frozenset[_Shingle]:
    return frozenset(zip(*(words[at:] for at in range(_SHINGLE_WORDS)), strict=False))


def _repeats(one: _Wording, other: _Wording, shared: int) -> bool:
    """Whether one repeats an earlier one, with which it shares so many shingles."""
    if one.source == other.source:
        return False
    # The agency's own feed counts as the original, though it need not credit itself.
    if one.agency and one.agency in (other.agency, fold(other.source)):
        return True
    if one.shingles and other.shingles:
        return shared >= SHINGLE_OVERLAP * min(len(one.shingles), len(other.shingles))
    return one.title == other.title and one.title.count(" ") + 1 >= MIN_TITLE_WORDS
