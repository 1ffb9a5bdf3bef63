"""A second look at the few stories that may be shown: mixed ones are taken apart, and one event has one place. Pure.

Clustering decides on thousands of items with one threshold; a reader sees sixty stories, and every mistake among them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ..model import Entry, Item, Kind, Story
from ..stories import CorpusStatistics, kind_of
from ..stories.cannot_link import CannotLink
from ..stories.cluster import CENTROID, story_of
from ..stories.linkage import ItemGroup, link, scale
from ..stories.similarity import compare_items
from ..stories.support import Support
from ..stories.tokens import stems_of, tokenise_items
from ..stories.trading_sessions import Session, session_of
from ..stories.vocabulary import number_words
from ..text.clauses import without_occasion
from ..text.language import guess_language, stop_words_for
from ..text.title_forms import TitleForm, forms_of
from ..text.tokenize import pieces_of
from ..text.tolls import tells_harm
from .selection import BIG

BEST = 60  # how many stories are looked at: all that an edition shows, and those that move up when two become one
# An item stays in a story when at least one other supports it as much as this. On news kept apart from development it
# costs .000 to .002 of B-cubed F1 where items have a text; with headlines alone .001 to .010, for up to .021 more precision.
_MIN_SUPPORT = 0.06
_MIN_SUPPORT_OF_HEADLINES = 0.05  # where one of the two has no text
# Where the items of a part support each other by less than this on average, few such parts are one event: they are grouped
# anew, by average linkage from the second number on. Both chosen on the labelled sets with texts, where the first is flat from
# .06 to .07 and the second from .05 to .12: F1 -.004 to +.005, +.001 on average, precision up to .014 more. Headlines
# share too little for it: where they are most of a part, F1 was .002 less on average.
_LOOSE = 0.06
_CLOSE = 0.1
_FEWEST = 3  # items: what two share is asked by _MIN_SUPPORT
_NAMES = 2  # that two items share and nothing else: a company and its rival, a minister and her office
# Short descriptions of one event share its place and what happened there, which two names are as well: from so much beside the
# stronger word on the other one tells the event, where both count dead or hurt from _MIN_SUPPORT on; and a part of which half of
# the pairs are so close stays whole. On the labelled sets with texts cut to one sentence F1 gains .000 to .030, precision loses
# up to .009; at .12 instead of .15 it loses up to .026.
_MUCH_BESIDE_A_NAME = 0.15
_MOST_CLOSE = 0.5
# A story of fewer has no reports of the event beside several of what came of it.
_FEWEST_WITH_REACTIONS = 4
_SEVERAL = 2
_MANY_TELL = 3  # outlets, from which on a figure in their titles is that of the event
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_ITEMS = 150  # a story of more is no mixture of two or three reports, and pairs grow with the square
# Two stories are one event from this closeness on, where clustering needs .28 to merge them ...
_MIN_CLOSENESS = 0.18
# ... if their items support each other so much on average. Of the pairs of stories that clustering leaves apart in dated
# news kept apart from development, the two rules choose 10 (leads), of which 7 are one event; no other measure of words
# that was tried (docs/design.md) chose better, and a wrong choice still stands as a line under the first story.
MIN_MEAN_SUPPORT = 0.08
# Many reports on each side tell many sides of it, so that two at random share less. On the labelled sets no two such stories lie
# between the two numbers.
_MANY = 4
_MIN_SUPPORT_OF_MANY = 0.05


def untangled(
    stories: Sequence[Story], *, background: CorpusStatistics, across_languages: bool = False
) -> tuple[Story, ...]:
    """The stories, in order, with those taken apart whose items hang together by one name, a template or numbers only.

    Only the largest are looked at, by their outlets. The part with the oldest item keeps the story's id.

    Args:
        stories: what `cluster` returns, or some of it.
        background: as for `cluster`.
        across_languages: as for `cluster`: words cannot say what items in two languages have in common.
    """
    wide = sorted(stories, key=lambda story: (-len({item.source for item in story.items}), -len(story.items), story.id))
    tried = {story.id for story in wide[:BEST] if 1 < len(story.items) <= _MOST_ITEMS}
    items = [item for story in stories if story.id in tried for item in story.items]
    if not items:
        return tuple(stories)
    support = Support(items, background)
    rows = rows_of([story.items if story.id in tried else () for story in stories])
    return tuple(
        part
        for story, numbers in zip(stories, rows, strict=True)
        for part in (_parts(story, numbers, support, across_languages=across_languages) if numbers else (story,))
    )


def one_event(entries: Sequence[Entry], *, background: CorpusStatistics) -> tuple[tuple[Entry, ...], ...]:
    """Groups of the best entries that tell one event, in the order of `entries`; most groups hold a single entry.

    The first entry of a group is the one that was given first. An entry joins the first group whose leading entry it
    resembles, so that no chain of likenesses hides a story.

    Args:
        entries: best first; those beyond `BEST` stay alone, but for reports of trading sessions and what many outlets tell.
        background: as for `cluster`.
    """
    sessions = [session_of(entry.story) for entry in entries]
    # A session's last report may be told by one outlet: it stands far below those of the day before that stand under it.
    chosen = [at for at, session in enumerate(sessions) if at < BEST or session or entries[at].reporting >= BIG]
    beyond = sorted({*range(len(entries))}.difference(chosen))
    looked_at = [entries[at] for at in chosen]
    items = [item for entry in looked_at for item in entry.story.items]
    if not items:
        return ()
    rows = rows_of([entry.story.items for entry in looked_at])
    look = Look(items, rows, background, sessions=[sessions[at] for at in chosen])
    groups: dict[int, list[int]] = {}  # by the number of the leading one
    for number in range(len(looked_at)):
        leading = (other for other in look.perhaps_same(number) if other in groups)
        home = next((first for first in leading if look.has_one_place(first, number)), number)
        groups.setdefault(home, []).append(number)
    return (
        *(tuple(looked_at[number] for number in group) for group in groups.values()),
        *((entries[at],) for at in beyond),
    )


class Look:
    """How alike stories are, by their numbers; `rows` says which of the items are whose."""

    def __init__(
        self,
        items: Sequence[Item],
        rows: Sequence[range],
        background: CorpusStatistics,
        *,
        sessions: Sequence[Session | None] = (),
    ) -> None:
        self._sessions = sessions
        numbered = number_words(tokenise_items(items))
        evidence = compare_items(items, background, numbered=numbered)
        owner = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
        owns = sparse.csr_array((np.ones(len(items)), (owner, np.arange(len(items)))), shape=(len(rows), len(items)))
        # Sums of the similarities between two stories: of most pairs 0, so that thousands of stories fit into the memory.
        self._totals = sparse.csr_array(owns @ evidence.similarity @ owns.T)
        lengths = self._totals.diagonal().tolist()
        self._groups = [ItemGroup(list(each), length) for each, length in zip(rows, lengths, strict=True)]
        self._closeness, self._near = self._close_pairs()
        self._look_alikes = CannotLink(evidence)
        self._bulletins = {number for number, row in enumerate(rows) if all(_is_bulletin(items[at]) for at in row)}
        self._support = Support(items, background, numbered=numbered)

    def _close_pairs(self) -> tuple[dict[tuple[int, int], float], dict[int, list[int]]]:
        """How close the words of each close pair are, and the lower numbers of the pairs by the higher."""
        scales = np.array([scale(group, CENTROID) for group in self._groups])
        pairs = sparse.coo_array(sparse.triu(self._totals, k=1))
        closeness = pairs.data / (scales[pairs.row] * scales[pairs.col])
        close = closeness >= _MIN_CLOSENESS
        found = dict[tuple[int, int], float]()
        near = defaultdict[int, list[int]](list)
        each = (values[close].tolist() for values in (pairs.row, pairs.col, closeness))
        for first, second, value in zip(*each, strict=True):
            found[first, second] = value
            near[second].append(first)
        return found, near

    def perhaps_same(self, number: int) -> list[int]:
        """The lower numbers of stories that may tell its event, in order; all others do not."""
        alike = set(self._near.get(number, ()))
        if self._sessions[number] is not None:
            alike.update(other for other in range(number) if self._sessions[other] is not None)
        return sorted(alike)

    def has_one_place(self, first: int, second: int) -> bool:
        """Whether both tell one event, or sessions of one market."""
        one, other = self._sessions[first], self._sessions[second]
        if one is not None and other is not None and (one.stands_under(other) or other.stands_under(one)):
            return True
        return self._is_one_event(first, second)

    def _is_one_event(self, first: int, second: int) -> bool:
        one, other = self._groups[first], self._groups[second]
        pairs = len(one.members) * len(other.members)
        if pairs == 1:
            return False  # two single reports say too little: of such pairs most were of two events
        if (first, second) not in self._closeness or not self._bulletins.isdisjoint((first, second)):
            return False
        if self._look_alikes.must_not_merge(one, other, float(self._totals[first, second]) / pairs):
            return False
        many = min(len(one.members), len(other.members)) >= _MANY
        return self.support(first, second) >= (_MIN_SUPPORT_OF_MANY if many else MIN_MEAN_SUPPORT)

    def closeness(self, first: int, second: int) -> float:
        """How close the words of two stories are, as clustering sees it: from `_MIN_CLOSENESS` to 1, or 0; `first` is the lower."""
        return self._closeness.get((first, second), 0.0)

    def support(self, first: int, second: int) -> float:
        """How far the items of the one support those of the other, on average."""
        return float(self._support.between(self._groups[first].members, self._groups[second].members).mean())


def rows_of(groups: Sequence[Sequence[Item]]) -> list[range]:
    """Where the items of each group stand when all of them stand in a row."""
    ends = np.cumsum([0, *map(len, groups)]).tolist()
    return [range(start, end) for start, end in itertools.pairwise(ends)]


def _parts(story: Story, rows: Sequence[int], support: Support, *, across_languages: bool) -> tuple[Story, ...]:
    is_headline = support.is_headline[list(rows)]
    without_text = is_headline[:, np.newaxis] | is_headline
    needed = np.where(without_text, _MIN_SUPPORT_OF_HEADLINES, _MIN_SUPPORT)
    mutual, beside_one = support.beside_names(rows, rows, (_NAMES, 1))
    is_news = np.array([kind_of(item) is Kind.NEWS for item in story.items])
    harms = np.array([tells_harm(item.title) for item in story.items])
    enough = np.where(harms[:, np.newaxis] & harms, _MIN_SUPPORT, _MUCH_BESIDE_A_NAME)
    close = (beside_one >= enough) & ~without_text & is_news[:, np.newaxis] & is_news
    linked = (mutual >= needed) | close
    if across_languages:
        spoken = np.array([support.languages[row] for row in rows])
        linked |= spoken[:, np.newaxis] != spoken
    # A bulletin tells many events and is of none, however well it fits the first it names.
    bulletins = [number for number, item in enumerate(story.items) if _is_bulletin(item)]
    linked[bulletins] = linked[:, bulletins] = False
    groups = [
        part
        for group in _connected(linked)
        for part in (
            [group]
            if across_languages or 2 * is_headline[group].sum() > len(group) or _is_dense(group, close)
            else _grouped_anew(group, mutual)
        )
    ]
    groups = [part for group in groups for part in _without_reactions(group, story.items)]
    groups = [part for group in groups for part in _without_earlier_news(group, story.items)]
    if len(groups) == 1:
        return (story,)
    return tuple(story_of([story.items[number] for number in group]) for group in groups)


def _without_reactions(group: list[int], items: Sequence[Item]) -> list[list[int]]:
    """A group in two where several outlets tell what came of its event for somebody else.

    "Tidal shares jump as rates fall" and "Tidal at a record after rates fall" are of the rates by their occasion alone.
    """
    if len(group) < _FEWEST_WITH_REACTIONS:
        return [group]
    language = guess_language(" ".join(items[number].title for number in group))

    def words(text: str) -> frozenset[str]:
        return frozenset(stem for stem in stems_of(pieces_of(text), language) if not stem.isdigit())

    told = {number: without_occasion(items[number].title) for number in group}
    # "Twelve dead after a ferry sinks" is the event itself, in its most usual words.
    beside = [number for number in group if told[number] != items[number].title and not tells_harm(told[number])]
    core = Counter(word for number in group if number not in beside for word in words(items[number].title))
    of_event = {word for word, count in core.items() if count > 1}
    apart = {number: own for number in beside if (own := words(told[number])).isdisjoint(of_event)}
    shared = Counter(word for own in apart.values() for word in own)
    subject = max(sorted(shared), key=lambda word: shared[word], default="")
    reactions = [number for number, own in apart.items() if subject in own]
    if not of_event or len({items[number].source for number in reactions}) < _SEVERAL:
        return [group]
    return [[number for number in group if number not in reactions], reactions]


def _without_earlier_news(group: list[int], items: Sequence[Item]) -> list[list[int]]:
    """A group, and each item apart that came out before the figure that the others tell, with no word of their titles.

    "Governor wants dearer loans", a day before "Norland loses 23,000 jobs": only what follows from both holds them together.
    """
    language = guess_language(" ".join(items[number].title for number in group))
    words = {
        number: frozenset(stems_of(pieces_of(items[number].title), language)) - stop_words_for(language)
        for number in group
    }
    told = defaultdict[str, set[str]](set)
    for number in group:
        for word in filter(_is_figure, words[number]):
            told[word].add(items[number].source)
    figures = {word for word, outlets in told.items() if len(outlets) >= _MANY_TELL}
    core = [number for number in group if not words[number].isdisjoint(figures)]
    first = min((moment for number in core if (moment := items[number].effective_time)), default=None)
    of_event = frozenset[str]().union(*(words[number] for number in core))
    apart = [
        number
        for number in group
        if first and (moment := items[number].effective_time) and moment < first and words[number].isdisjoint(of_event)
    ]
    return [[number for number in group if number not in apart], *([number] for number in apart)]


def _is_figure(word: str) -> bool:
    return sum(map(str.isdigit, word)) > 1 and word.strip("0") != "" and not _YEAR.fullmatch(word)


def _is_bulletin(item: Item) -> bool:
    return kind_of(item) is Kind.NEWSLETTER or TitleForm.BULLETIN in forms_of(item.title)


def _grouped_anew(group: Sequence[int], mutual: npt.NDArray[np.float64]) -> list[list[int]]:
    """The parts of a group that hangs together by chance; else the group as it is."""
    own = mutual[np.ix_(group, group)]
    np.fill_diagonal(own, 0)
    if len(group) < _FEWEST or own.sum() >= _LOOSE * len(group) * (len(group) - 1):
        return [list(group)]
    parts = link(sparse.csr_array(own), cut=_CLOSE, centroid=0, must_not_merge=lambda *_: False)
    return [[group[number] for number in sorted(part)] for part in parts]


def _is_dense(group: Sequence[int], close: npt.NDArray[np.bool_]) -> bool:
    """Whether most pairs of a group are close: then it is no chain of likenesses."""
    own = close[np.ix_(group, group)] & ~np.eye(len(group), dtype=bool)
    return bool(own.sum() >= _MOST_CLOSE * len(group) * (len(group) - 1))


def _connected(linked: npt.NDArray[np.bool_]) -> list[list[int]]:
    """The connected parts of a graph, each in order, the part with the first node first."""
    upper = np.triu(linked, k=1)
    linked = upper | upper.T
    parts: list[list[int]] = []
    left = np.ones(len(linked), dtype=bool)
    for first in range(len(linked)):
        if not left[first]:
            continue
        part = np.arange(len(linked)) == first
        reached = part
        while reached.any():
            reached = linked[reached].any(axis=0) & ~part
            part |= reached
        left &= ~part
        parts.append(np.flatnonzero(part).tolist())
    return parts
