"""Versions of one article: a house that gives it a new address or a new headline has not reported twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

from ..model import Item
from ..text.tokenize import fold, split_words
from ..text.web_addresses import split_address
from .house_table import AGGREGATORS
from .tokens import template_texts

_MIN_TITLE_WORDS = 4  # in a shorter title there is no event to recognise
_MIN_TEXT_CHARS = 80  # a shorter text may be a house's phrase: "Read the full story"
_MIN_SAME_TEXT = 0.5  # of the words in two texts
_MIN_ALIKE = 0.25  # of the titles' words, where the address or the text says that it is one article
_MIN_SAME_SLUG = 0.6  # of the words in two addresses
_MOST_APART = timedelta(days=2)  # a later article under the same headline is another one: "Markets this week"
_UNDATED = datetime.min.replace(tzinfo=UTC)
# Houses number their articles; eight digits that begin with a year are a date.
_NUMBER = re.compile(r"(?<![\d.])(?!(?:19|20)\d{6}(?!\d))\d{5,}(?!\d)")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-/]?\d{1,2}[-/]?\d{1,2}(?!\d)")
_SHORT_NUMBER = re.compile(r"(?<![\d.])\d{1,4}(?!\d)")
_SLUG_WORD = re.compile(r"[^\W\d_]+")
_NO_SLUG = frozenset({"amp", "update", "updated", "update1", "html", "htm", "php", "aspx", "index", "live", "neu", "v"})


def one_version_each(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items without older versions of an article that the same house has as well; otherwise in their order.

    Two items of one `source` are versions of one article when they are at most two days apart and
    - the text is the same, and no template of the house, and so are most words of the titles or of the addresses;
    - the addresses have the same number, and titles are alike;
    - the title is the same, the hosts are not, and one is a headline alone or stands on an aggregator's host: a list repeats it; or
    - the addresses differ in little but form (AMP, a mobile host, a date, "-update", a query), and the title is the same,
      or one title has all words of the other, or they differ in numbers only: a toll that rose.
    The newest stays; of what a list repeats the one with a text, then the one on the house's own host, then the earlier. So two earnings reports of one template stay two: each has a name that the other has not.
    """
    older: set[int] = set()
    templates = template_texts(items)
    by_house: defaultdict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        if item.source:
            by_house[item.source].append(at)
    for found in by_house.values():
        if len(found) > 1:
            drafts = [_Draft(at, items[at], templates) for at in found]
            older |= {_lesser(*pair).at for pair in _candidates(drafts) if _is_one_article(*pair)}
    return tuple(item for at, item in enumerate(items) if at not in older) if older else tuple(items)


class _Draft:
    """What is compared of an item."""

    __slots__ = ("at", "carried", "host", "item", "numbers", "path", "slug", "text", "title", "words")

    def __init__(self, at: int, item: Item, templates: frozenset[tuple[str, str]]) -> None:
        self.host, path, query = split_address(item.url)
        self.carried = _carries_others(self.host)
        self.path = fold(unquote(path))
        self.at, self.item = at, item
        self.title = split_words(item.title)
        self.words = frozenset(self.title)
        says_more = len(item.text) >= _MIN_TEXT_CHARS and (item.source, item.text) not in templates
        self.text = item.text.strip() if says_more else ""
        self.numbers = frozenset(_NUMBER.findall(f"{self.path}?{query}"))
        self.slug = frozenset(_SLUG_WORD.findall(self.path)) - _NO_SLUG

    def age(self) -> tuple[datetime, str]:
        return (self.item.effective_time or _UNDATED, self.item.id)


@lru_cache(maxsize=4096)  # items lie on few hosts
def _carries_others(host: str) -> bool:
    return any(f".{host}".endswith(f".{known}") for known in AGGREGATORS)


def _candidates(drafts: Sequence[_Draft]) -> Iterator[tuple[_Draft, _Draft]]:
    """Pairs that share an address's form or number, a text, or all words of one title: few, of many items."""
    groups: defaultdict[tuple[str, object], list[_Draft]] = defaultdict(list)
    by_word: defaultdict[str, set[int]] = defaultdict(set)
    for number, draft in enumerate(drafts):
        groups["slug", draft.slug].append(draft)
        if draft.text:
            groups["text", draft.text].append(draft)
        for each in draft.numbers:
            groups["number", each].append(draft)
        for word in draft.words:
            by_word[word].add(number)
    for group in groups.values():
        if len(group) > 1:
            yield from _pairs(group)
    for number, draft in enumerate(drafts):
        if len(draft.words) >= _MIN_TITLE_WORDS:
            holders = [by_word[word] for word in draft.words]
            fewest = min(holders, key=len)
            if len(fewest) == 1:
                continue  # a word that no other title has
            with_all = fewest.intersection(*holders)
            yield from ((draft, drafts[other]) for other in sorted(with_all - {number}))


def _pairs(group: Sequence[_Draft]) -> Iterator[tuple[_Draft, _Draft]]:
    # Neighbours in time are enough: of versions each has the next one, and a series of hundreds would have 10,000 pairs.
    ordered = sorted(group, key=_Draft.age)
    yield from pairwise(ordered)


def _is_one_article(one: _Draft, other: _Draft) -> bool:  # noqa: PLR0911 -- one line for each sentence of the rule
    if one.item.id == other.item.id or abs(one.age()[0] - other.age()[0]) > _MOST_APART:
        return False
    alike = _share(one.words, other.words)
    slugs = _share(one.slug, other.slug)
    if one.text and one.text == other.text:
        return alike >= _MIN_ALIKE or slugs >= _MIN_SAME_SLUG
    if min(len(one.words), len(other.words)) < _MIN_TITLE_WORDS:
        return False
    if one.numbers & other.numbers:
        return alike >= _MIN_ALIKE
    if _is_listed(one, other):
        return True
    if one.item.url and other.item.url and slugs < _MIN_SAME_SLUG:
        return False
    if one.title == other.title:
        return True
    if one.numbers and other.numbers:
        return False  # the house counts them as two
    if Counter(one.title) <= Counter(other.title) or Counter(other.title) <= Counter(one.title):
        return True
    return _differ_in_numbers_only(one, other) and (
        # "Part 7" and "part 8" have an address each. So may an update with a new toll: then its text is mostly the same.
        _short_numbers(one) == _short_numbers(other) or _texts_alike(one, other)
    )


def _is_listed(one: _Draft, other: _Draft) -> bool:
    """Whether one may be a line on another site's list: the same headline under another host, and no text or an aggregator's host."""
    if not one.host or not other.host or one.host == other.host or one.title != other.title:
        return False
    return one.carried != other.carried or not (one.item.text and other.item.text)


def _lesser(one: _Draft, other: _Draft) -> _Draft:
    """Which of two versions goes: the older; where a list repeats an article, the headline alone, else the list's, else the later."""
    older, newer = sorted((one, other), key=_Draft.age)
    if not _is_listed(one, other):
        return older
    return min(newer, older, key=lambda draft: (bool(draft.item.text), not draft.carried))


def _differ_in_numbers_only(one: _Draft, other: _Draft) -> bool:
    mine, theirs = ([word for word in each.title if not word[0].isdigit()] for each in (one, other))
    return mine == theirs


def _short_numbers(draft: _Draft) -> list[str]:
    return _SHORT_NUMBER.findall(_DATE.sub("", draft.path))


def _texts_alike(one: _Draft, other: _Draft) -> bool:
    if not one.text or not other.text:
        return False
    return _share(frozenset(split_words(one.text)), frozenset(split_words(other.text))) >= _MIN_SAME_TEXT


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
