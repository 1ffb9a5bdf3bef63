"""The headline of a story: which of its items' titles is shown. Pure, and independent of the order of the items.

Of the titles that are about what most of them are about, one that states plainly what happened; of these the one that
shares most with the others, a later one before an earlier one.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..model import Entry, Item, Kind, Story
from ..stories import kind_of
from ..stories.titles import is_heading, outlet_names, without_outlets
from ..stories.tokens import stems_of
from ..text.clauses import first_clause
from ..text.language import guess_language
from ..text.title_forms import TitleForm, forms_of, is_closure, is_reopening, without_label
from ..text.tokenize import is_unspaced, pieces_of
from ..text.tolls import Toll, tolls

_TEXT_CHARACTERS = 200  # of an item's text that help to say what the story is about
_MOST_READ = 20  # items that tell a story's language
_TEXT_WEIGHT = 0.5  # of these words, against those of the titles
_NEWEST = 0.15  # what the newest title gains over one from half a day or more before it, against a likeness of 0 to 1
_HALF_A_DAY = timedelta(hours=12)
_FEW = 3  # reports: their titles share so little that the beginnings of their texts must help to say what matters
_CORE_SHARE = 0.6  # of the best likeness: a title below it is on the edge of its story
_LOOKS_AHEAD = 0.1  # what it costs a title to look ahead, even where nothing later is told
_FIGURE = 0.2  # what a title gains by a figure that several outlets give
_BARE = 0.1  # what it costs a title to have no text, from which the summary under it is quoted
_SEVERAL = 3
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLAUSE_SHARE = 0.35  # of the likeness is that of a title's first clause
_OUTDATED = "counts fewer than a later report"
_BEFORE_THE_COUNT = "was written before the dead were counted"
_OVER = "is over, as a later report tells"
_NOT_NEWS = "is not a report of news"
_NO_LINK = "has no address"
_HEADING = "names a section, a date or the outlet, and no event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The title that stands for a story, whose it is, and why the lead's was not taken."""

    item: Item  # as the story holds it
    title: str  # its title without outlet, label and emoji
    against_lead: str = ""  # ends "the lead's title ..."; empty where it is the lead's


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A title and what speaks for it and against it."""

    item: Item
    title: str
    labelled: str  # the same with its label, which may say what the rest does not: "Opinion: ...", 社論｜...
    words: frozenset[str]
    opening: frozenset[str]  # the words of its first clause
    language: str
    age: float  # 0 for the newest item, 1 for the oldest and for one without a date
    behind: float  # 0 for the newest item, 1 for one from half a day before it, and for one without a date
    faults: tuple[str, ...] = ()
    cost: float = 0.0  # of what is no fault and yet not as good
    likeness: float = 0.0

    @property
    def score(self) -> float:
        return self.likeness - _NEWEST * self.behind - self.cost

    @property
    def moment(self) -> datetime | None:
        return self.item.effective_time


def choose_headline(story: Story, *, language: str = "", other_kinds: Collection[str] = ()) -> Item:
    """The item whose title is the story's headline, with that title as it is shown.

    Args:
        story: its items may come in any order.
        language: of the digest; preferred where items differ in language. Without it the majority's.
        other_kinds: ids of items that are no news: opinion, reviews, live pages. Their titles are a last resort.
    """
    chosen = weigh_headline(story, language=language, other_kinds=other_kinds)
    return replace(chosen.item, title=chosen.title)


def headlined(entry: Entry, *, language: str = "") -> Entry:
    """The entry under its story's headline, with the item of it first: forms name its outlet, the summary stays close to it.

    Only for what is shown: the choice takes longer than all other decisions about a story.

    Args:
        entry: what is shown.
        language: as for `choose_headline`.
    """
    other_kinds = not_news(entry.story)
    headline = choose_headline(entry.story, language=language, other_kinds=other_kinds)
    return replace(
        entry,
        not_news=tuple(sorted(other_kinds)),
        story=led_by(entry.story, headline),
        title=headline.title,
        url=headline.url or entry.url,
        related=tuple(headlined(one, language=language) for one in entry.related),
    )


def not_news(story: Story) -> frozenset[str]:
    """The ids of its items that are no news, such as an opinion or a live page."""
    return frozenset(item.id for item in story.items if kind_of(item) is not Kind.NEWS)


def led_by(story: Story, headline: Item) -> Story:
    """The story with the item of its headline first."""
    first = next((item for item in story.items if (item.feed, item.id) == (headline.feed, headline.id)), story.lead)
    return replace(story, items=(first, *(item for item in story.items if item is not first)))


def weigh_headline(story: Story, *, language: str = "", other_kinds: Collection[str] = ()) -> Headline:
    """The same choice with its reason."""
    if len(story.items) == 1:
        return Headline(item=story.lead, title=shown_title(story.lead, outlet_names(story.items)))
    candidates = _with_faults(_with_likeness(_candidates(story)), other_kinds)
    spoken = {one.language for one in candidates}
    if len(spoken) > 1:
        wanted = language if language in spoken else _majority(candidates)
        candidates = [one for one in candidates if one.language == wanted]
    core = _CORE_SHARE * max(one.likeness for one in candidates)
    best = min(candidates, key=lambda one: _rank(one, core))
    lead = next((one for one in candidates if one.item is story.lead), None)
    against = "" if best.item is story.lead else _against(lead, core)
    return Headline(item=best.item, title=best.title, against_lead=against)


def shown_title(item: Item, outlets: frozenset[str]) -> str:
    """A title as it is shown: without its outlet, labels and emoji."""
    return without_outlets(without_label(without_outlets(item.title, outlets)), outlets)


def _rank(one: _Candidate, core: float) -> tuple[bool, bool, int, float, str, str]:
    far = one.likeness < core
    # A plain title from the edge still goes before a question, but not one that has next to nothing to do with the story.
    stranger = one.likeness < core / 2
    return (stranger, bool(one.faults), len(one.faults) if not far else 9, -round(one.score, 6), one.title, one.item.id)


def _against(lead: _Candidate | None, core: float) -> str:
    if lead is None:
        return "is in another language than most"
    if lead.faults:
        return lead.faults[0]
    return (
        "is not about what most of them are about"
        if lead.likeness < core
        else "is older, or shares less with the others"
    )


def _candidates(story: Story) -> list[_Candidate]:
    outlets = outlet_names(story.items)
    moments = [item.effective_time for item in story.items if item.effective_time]
    newest, oldest = max(moments, default=None), min(moments, default=None)
    # A title alone is too short to tell German from Dutch: it is taken for the story's language unless it clearly differs.
    whole = " ".join(sorted(f"{item.title} {item.text[:_TEXT_CHARACTERS]}" for item in story.items)[:_MOST_READ])
    usual, script_of_most = guess_language(whole), _script(whole, "zh")
    found = []
    for item in sorted(story.items, key=lambda item: (item.feed, item.id)):
        labelled = without_outlets(item.title, outlets)
        title = without_outlets(without_label(labelled), outlets)
        language = guess_language(f"{title} {item.text[:_TEXT_CHARACTERS]}", declared=item.language or usual)
        age = behind = 1.0
        if item.effective_time and newest and oldest:
            age = (newest - item.effective_time) / (newest - oldest) if newest > oldest else 0.0
            behind = min(1.0, (newest - item.effective_time) / _HALF_A_DAY)
        words = frozenset(stems_of(pieces_of(title), language))
        opening = frozenset(stems_of(pieces_of(first_clause(title)), language)) or words
        script = _script(title, script_of_most) if language == "zh" else language
        found.append(
            _Candidate(
                item=item,
                title=title,
                labelled=labelled,
                words=words,
                opening=opening,
                language=script,
                age=age,
                behind=behind,
            )
        )
    return found


def _with_likeness(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Each with the cosine of its title and all of them: later ones, and each outlet rather than each of its items, count more."""
    reports = Counter(one.item.source or one.item.id for one in candidates)
    shared: defaultdict[str, float] = defaultdict(float)
    by_number = Counter[str]()
    for one in candidates:
        weight = (1.0 - 0.5 * one.age) / math.sqrt(reports[one.item.source or one.item.id])
        for word in one.words:
            shared[word] += weight / math.sqrt(len(one.words))
        text = frozenset(stems_of(pieces_of(one.item.text[:_TEXT_CHARACTERS]), one.language[:2])) - one.words
        for word in text:
            shared[word] += _TEXT_WEIGHT * weight / math.sqrt(len(text))
        by_number.update(one.words | text if len(candidates) <= _FEW else one.words)
    # Only what several say: the long tail of single words would make every title unlike the rest.
    common = {word: value for word, value in sorted(shared.items()) if by_number[word] > 1} or dict(
        sorted(shared.items())
    )
    squares = math.fsum(value**2 for value in common.values())
    return [
        replace(
            one,
            likeness=(1 - _CLAUSE_SHARE) * _cosine(one.words, common, squares)
            + _CLAUSE_SHARE * _cosine(one.opening, common, squares),
        )
        for one in candidates
    ]


def _cosine(words: frozenset[str], shared: Mapping[str, float], squares: float) -> float:
    norm = math.sqrt(squares * len(words))
    return math.fsum(shared.get(word, 0.0) for word in words) / norm if norm else 0.0


def _with_faults(candidates: Sequence[_Candidate], other_kinds: Collection[str]) -> list[_Candidate]:
    forms = [_forms(one) for one in candidates]
    counts = [tolls(one.title) for one in candidates]
    core = _CORE_SHARE * max(one.likeness for one in candidates)
    central = [at for at, one in enumerate(candidates) if one.likeness >= core]
    related = [at for at, one in enumerate(candidates) if one.likeness >= core / 2]
    plain_and_central = [at for at in central if not forms[at] and not _GUESS.search(candidates[at].title)]
    counted = [at for at in central if Toll.DEAD in counts[at]]
    reopened = [is_reopening(one.title) for one in candidates]
    shared = _shared_figures(candidates)
    judged = []
    for at, one in enumerate(candidates):
        faults = [f"{form}" for form in forms[at] if form is not TitleForm.PREVIEW]
        # What is awaited has happened when a later report no longer looks ahead.
        if TitleForm.PREVIEW in forms[at] and any(_is_later(candidates[other], one) for other in plain_and_central):
            faults.append(str(TitleForm.PREVIEW))
        if counts[at] and any(
            _counts_fewer(counts[at], counts[other]) and not _is_later(one, candidates[other]) for other in related
        ):
            faults.append(_OUTDATED)
        if Toll.DEAD not in counts[at]:
            later = {candidates[other].item.source for other in counted if _is_later(candidates[other], one)}
            faults += [_BEFORE_THE_COUNT] if len(later) > 1 else []
        if is_closure(one.title) and any(reopened[other] and _is_later(candidates[other], one) for other in related):
            faults.append(_OVER)
        if one.item.id in other_kinds:
            faults.append(_NOT_NEWS)
        if is_heading(one.title, one.item.source):
            faults.append(_HEADING)
        if not one.item.url and any(other.item.url for other in candidates):
            faults.append(_NO_LINK)
        cost = _awkwardness(one.title)
        cost += _BARE if not one.item.text and any(other.item.text for other in candidates) else 0.0
        cost += _LOOKS_AHEAD if TitleForm.PREVIEW in forms[at] else 0.0
        cost -= 0.0 if one.words.isdisjoint(shared) else _FIGURE
        judged.append(replace(one, faults=tuple(faults), cost=cost))
    return judged


def _forms(one: _Candidate) -> tuple[TitleForm, ...]:
    """The forms of the title as it is shown, and those that only its label tells."""
    shown = tuple(forms_of(one.title))
    return shown if one.labelled == one.title else tuple(dict.fromkeys((*shown, *forms_of(one.labelled))))


def _shared_figures(candidates: Sequence[_Candidate]) -> frozenset[str]:
    """Figures of two digits or more in the titles of several outlets: what the event comes to. Years say when."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for one in candidates:
        for word in one.words:
            if sum(map(str.isdigit, word)) > 1 and not _YEAR.fullmatch(word):
                told[word].add(one.item.source)
    return frozenset(word for word, outlets in told.items() if len(outlets) >= _SEVERAL)


def _is_later(one: _Candidate, other: _Candidate) -> bool:
    return one.moment is not None and other.moment is not None and one.moment > other.moment


def _counts_fewer(mine: Mapping[Toll, int], theirs: Mapping[Toll, int]) -> bool:
    return any(number < theirs.get(toll, 0) for toll, number in mine.items())


# The most frequent characters that the two scripts of Chinese write differently (after Unihan's kSimplifiedVariant).
_TRADITIONAL = frozenset("國個這時來對會說發學經長開關問間東車電業實現見動總萬為與過還從兩區員報權機應導單產華號務議選戰傷灣軍將於後們當給無讓進話頭書點幾氣變體馬橋縫閉門紅銀錢網線級約結續維組統絕語證試該請論設訴許認識費資質貿")  # fmt: skip
_SIMPLIFIED = frozenset("国个这时来对会说发学经长开关问间东车电业实现见动总万为与过还从两区员报权机应导单产华号务议选战伤湾军将于后们当给无让进话头书点几气变体马桥缝闭门红银钱网线级约结续维组统绝语证试该请论设诉许认识费资质贸")  # fmt: skip


def _script(text: str, otherwise: str) -> str:
    simplified, traditional = (sum(letter in script for letter in text) for script in (_SIMPLIFIED, _TRADITIONAL))
    if simplified == traditional:
        return otherwise
    return "zh-hans" if simplified > traditional else "zh"


def _majority(candidates: Sequence[_Candidate]) -> str:
    outlets: dict[str, set[str]] = {}
    for one in candidates:
        outlets.setdefault(one.language, set()).add(one.item.source or one.item.id)
    return min(outlets, key=lambda language: (-len(outlets[language]), language))


_GUESS = re.compile(r"\b(?:could|may|might|would|should|könnte\w*|dürfte\w*|sollte\w*)\b", re.IGNORECASE)
# What makes a plain statement harder to read, or less of one, with what each costs against a likeness of 0 to 1.
_AWKWARD = (
    (0.15, re.compile(r"\b(?:you|your|yours|you'll|my|i|i'm|dein\w*|ihnen)\b|你", re.IGNORECASE)),  # speaks to the reader
    (0.1, re.compile(r"\b(?:we|our|wir|unser\w*)\b|我們|我们|網民|网民", re.IGNORECASE)),
    (0.1, re.compile(r"[!！]|\A(?:this|these|that|meet|say|forget|dies\w*)\b", re.IGNORECASE)),
    (0.1, re.compile(r"\bjust (?:got|put|did|made|hit|lost|won|fell|rose|took|gave|sent|went|became|\w+ed)\b", re.IGNORECASE)),  # chats
    (0.15, re.compile(r"(?:\.\.\.|…|[,;:、，；：&+(\[/-])\Z")),  # cut off
    (0.2, re.compile(r"[^\W\dA-Z_]{2}[.。!！] ?(?=[^\s.])")),  # several sentences: the second one mostly teases
    (0.1, _GUESS),
    (0.05, re.compile(r"\b(?:reportedly|rumou?r\w*|allegedly|offenbar|angeblich)\b|據悉|据悉|據了解|据了解|消息[:：]", re.IGNORECASE)),
    (0.1, re.compile(r"\A[^:：|｜︱]{1,25}[:：|｜︱]")),  # a speaker or a topic before the statement
    (0.05, re.compile(r" [-–—|] [^-–—|]{1,20}\Z")),  # something after it
    # Names what it is a piece about, and not what happened: "A hectic day for the port", "Ein Blick auf den Hafen".
    (0.15, re.compile(r"\A(?:(?:a|an|the) (?:[\w-]+ )?(?:day|week|night|year|moment|look|tale|story|history|time|glimpse) (?:for|in|of|at|to|that|when)|ein\w* (?:[\w-]+ )?(?:tag|woche|nacht|jahr|blick|geschichte|moment) (?:für|in|im|auf|von|der|des|voller))\b", re.IGNORECASE)),
    (0.1, re.compile(r"\((?:[A-Z]+: ?)?[A-Z]{1,5}\)|\b(?:price )?(?:target|PT) (?:raised|cut|lowered|up|down|set|hiked)\b")),  # for a trader's list
)  # fmt: skip
_SHORT, _LONG = 5, 20  # words; two Han characters count as one


def _awkwardness(title: str) -> float:
    length = (sum(map(str.isalnum, title)) + 1) // 2 if is_unspaced(title) else len(title.split())
    size = 0.1 if length < _SHORT else 0.1 if length > _LONG else 0.0
    return size + math.fsum(cost for cost, pattern in _AWKWARD if pattern.search(title))
