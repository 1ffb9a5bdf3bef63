"""What kind of thing an item and a story is: news, or something else that stands among news. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from operator import itemgetter
from typing import Final
from urllib.parse import unquote

from ..model import Item, Kind, Story
from ..text.required_words import Candidates
from ..text.sanitise import shorten
from ..text.tokenize import fold
from ..text.web_addresses import split_address
from .kind_offers import STATIC_PAGES
from .kind_rule import Field
from .kind_table import RULES

# Nobody follows news to be sold something, and a page that never changes is told once for ever.
LEFT_OUT: Final = frozenset({Kind.DEAL, Kind.SPONSORED, Kind.PAGE})
TOLD: Final = frozenset(Kind) - LEFT_OUT  # the kinds that a digest tells unless its KINDS say otherwise
# What tells that something happened, in whatever form. An opinion or a guide shows that it was worth a word.
_REPORTS: Final = frozenset({Kind.NEWS, Kind.LIVE, Kind.VIDEO})
_MOST_SHOWN = 40  # characters of what a rule found
_TEXT_START = 600  # characters in which a text says what it is
_HOST_LABELS = frozenset({"podcast", "podcasts", "video", "videos", "opinion", "live", "newsletter", "newsletters",
                          "coupons", "deals", "reviews"})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KindVerdict:
    """The kind of an item, and what decided it."""

    kind: Kind = Kind.NEWS
    rule: str = ""  # in words; empty for news, which carries no sign of another kind


_NEWS: Final = KindVerdict()


def kind_of(item: Item) -> Kind:
    """What kind of thing an item is; news where no rule of the table holds."""
    return explain_kind(item).kind


def explain_kind(item: Item) -> KindVerdict:
    """What kind of thing an item is, and the rule that decided it."""
    return _verdict(item.title, item.url, item.text[:_TEXT_START], item.categories, item.published is not None)


# Asked several times for every item of an edition, by admission, lead, history and score: with less room than for the items
# of 5,000 feeds each would be worked out anew each time.
@lru_cache(maxsize=1 << 17)
def _verdict(title: str, url: str, text: str, categories: tuple[str, ...], dated: bool) -> KindVerdict:  # noqa: FBT001
    path, parts = _address(url)
    if not dated and (page := _static_page(title, path)):
        return KindVerdict(kind=Kind.PAGE, rule=f"no date, and its {page}")
    found = [_first_found("title", title), _first_found("text", text), _first_found("path", path)]
    found += [_first_named("address", part) for part in parts]
    found += [_first_named("category", name) for name in categories]
    row, shown = min(found, key=itemgetter(0))
    if row == len(RULES):
        return _NEWS
    rule = RULES[row]
    return KindVerdict(kind=rule.kind, rule=f"{rule.name} ({shorten(shown.strip() or rule.field, _MOST_SHOWN)})")


def _first_found(field: Field, text: str) -> tuple[int, str]:
    """The number of the first row for a field that is found in its text, and what it found; else the count of rows."""
    rows, candidates = _rows(field)
    for number in candidates.numbers(text) if text else ():
        if match := RULES[rows[number]].pattern.search(text):
            return rows[number], match[0]
    return len(RULES), ""


@cache
def _rows(field: Field) -> tuple[Sequence[int], Candidates]:
    rows = [row for row, rule in enumerate(RULES) if rule.field == field]
    return rows, Candidates([RULES[row].pattern for row in rows])


@lru_cache(maxsize=4096)  # sections and categories repeat
def _first_named(field: Field, name: str) -> tuple[int, str]:
    """The same for a name that a row must match as a whole."""
    for row, rule in enumerate(RULES):
        if rule.field == field and (match := rule.pattern.fullmatch(name.strip())):
            return row, match[0]
    return len(RULES), ""


def story_kind(story: Story) -> Kind:
    """News where any item of it is news, else what most of its items are; of equals the first.

    Figures of every day, such as the forecast, are no news because an outlet has put them into a plain headline.
    """
    if len(story.items) == 1:
        return kind_of(story.lead)
    kinds = [kind_of(item) for item in story.items]
    if 2 * kinds.count(Kind.MARKET_DATA) > len(kinds):
        return Kind.MARKET_DATA
    return Kind.NEWS if Kind.NEWS in kinds else Counter(kinds).most_common(1)[0][0]


def reports_of(story: Story) -> tuple[Item, ...]:
    """The items that report its event, without opinion, advice and the like; all of them where none does."""
    if len(story.items) == 1:
        return story.items
    return tuple(item for item in story.items if kind_of(item) in _REPORTS) or story.items


def led_by_news(story: Story) -> Story:
    """The story with a report of news as its lead, where it has one; one with a text before a bare headline."""
    if kind_of(story.lead) is Kind.NEWS:
        return story
    news = [item for item in story.items if kind_of(item) is Kind.NEWS]
    if not news:
        return story
    lead = next((item for item in news if item.text), news[0])
    return replace(story, items=(lead, *(item for item in story.items if item is not lead)))


def _address(url: str) -> tuple[str, tuple[str, ...]]:
    """The path of an address, and its whole parts: folders, and labels of the host that name a section."""
    if not url:
        return "", ()
    host, path, _ = split_address(url)
    path = unquote(path).lower()
    folders = [part for part in path.split("/")[:-1] if part]
    labels = [label for label in host.split(".")[:-2] if label in _HOST_LABELS]
    return path, (*labels, *folders)


@cache
def _static_names() -> frozenset[str]:
    return frozenset(fold(name) for name in STATIC_PAGES)


def _static_page(title: str, path: str) -> str:
    """Whether a title or an address is one of a page that every site has; in words, empty when not."""
    names = _static_names()
    if fold(title).strip(" .!") in names:
        return "title is that of a page which every site has"
    last = next((part for part in reversed(path.split("/")) if part), "").partition(".")[0]
    return (
        "address is that of a page which every site has"
        if fold(last.replace("-", " ").replace("_", " ")) in names
        else ""
    )
