"""Which sentences tell the event of the headline as it stands now: the headline is the title of the story's first item.

A story may hold reports of an earlier hour, with fewer dead or a vote still to come, and reports of something else that
clustering joined to it. Their sentences are not quoted under a headline that says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from ..model import Item, Story
from ..text.clauses import is_only_occasion
from ..text.magnitudes import magnitudes
from ..text.periods import is_of_another_period
from ..text.title_forms import (
    is_against_expectation,
    is_closure,
    is_reopening,
    looks_ahead,
    tells_a_moment,
    tells_an_expectation,
    without_label,
)
from ..text.tolls import Toll, tolls
from .background import is_hypothetical, tells_background
from .boilerplate import is_quotable
from .document import Quotable, language_of

_CHARACTERS = 300  # of an item's text, beside its title, that say what it is about
# Measured on labelled news (BASIL): 99 % of the pairs about one event share as much of their words, 10 % of those about two.
_MIN_SHARED = 0.12
_OVER_AFTER = timedelta(
    hours=8
)  # before the headline's report: what was written then is quoted only where nothing newer is
_TOLD_BETTER = 1.5  # times as many of the headline's words in a sentence: then it is quoted though it is older
# Who is missing in an older report has been found dead where the headline tells of a death.
_MISSING = re.compile(r"\b(?:missing|unaccounted for|vermisst\w*)\b|失[联聯踪蹤]|下落不明", re.IGNORECASE)
_DEAD = re.compile(
    r"\b(?:dead|die[sd]?|killed|kills|deaths?|tot|tote[rn]?|stirbt|starb\w*)\b|[死亡]|[遇罹][难難]|[丧喪][生命]|不治|遗体|遺體",
    re.IGNORECASE,
)
_A_MOMENT = timedelta(minutes=30)  # how long "now" holds
# A sentence that tells the headline shares this part of its words, or so many where it is long; another title this part of
# the shorter one. Looser and stricter ones lost R1 on BASIL's and Wikinews' articles left out (39.7 and 32.2 of 100).
_SHARE_TOLD = 0.25
_ENOUGH_TOLD = 3
_SHARE_OF_TITLE = 0.6
_SEVERAL = 2
_MOST_NAME_IT = 2 / 3  # of the items: what the others tell is of somebody else
_SLIGHT_WORDS = 9
_NAMED_OR_COUNTED = re.compile(r"[A-Z\d\"“”‘]")
_JUDGES = re.compile(
    r"\A(?!.*\b(?:said|says|told)\b).*\b(?:is|are|was|were|remains?|has (?:become|joined))(?: \w+)? (?:an?|the|no|not|far)\b"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SMALL = re.compile(r"\b[a-zß-öø-ÿ][^\W\d_]+")


def of_the_event(
    sentences: Sequence[Quotable],
    story: Story,
    terms: Callable[[str], frozenset[str]],
    *,
    known: Sequence[str] = (),
) -> Iterator[Quotable]:
    """Those of the sentences that may stand under the headline, in their order.

    Args:
        sentences: of the story's items.
        story: its first item is the headline's.
        terms: the stems of a text.
        known: titles and sentences that readers saw of it in earlier editions.
    """
    counts = _counts_by_time(story)
    headline = story.lead
    wanted = terms(headline.title)
    of_another = _about_somebody_else(story)
    fitting = [
        each
        for each in sentences
        if each.item.id not in of_another
        and _agrees(each, headline)
        and not _is_outnumbered(each, counts)
        # A line that is no sentence was written under its own title, and may say nothing under another.
        and (each.item.id == headline.id or is_quotable(str(each)) or not terms(str(each)).isdisjoint(wanted))
    ]
    # A summary from the edge of the story is still better than none.
    for is_better in (_since_the_toll(story), _about(story, terms)):
        better = [sentence for sentence in fitting if is_better(sentence.item)]
        fitting = better or fitting
    fitting = _of_its_time(fitting, headline, told=lambda sentence: len(terms(str(sentence)) & wanted))
    own = [s for s in fitting if s.item.id == headline.id or not is_only_occasion(headline.title, s.item.title, terms)]
    lasting = [sentence for sentence in own or fitting if not _is_over(sentence, headline)]
    telling = [*_telling_the_headline(lasting or own or fitting, headline, terms)]
    outcome = [sentence for sentence in telling if not tells_an_expectation(str(sentence))]
    if telling and not outcome and not looks_ahead(headline.title):
        # What came of it says more of how it came out than what was expected before.
        came_of_it = [s for s in fitting if s not in own and not _is_older(s.item, headline) and is_quotable(str(s))]
        outcome = [s for s in came_of_it if not tells_an_expectation(str(s)) and not looks_ahead(str(s))]
        outcome = [s for s in outcome if not is_hypothetical(str(s))]
    telling = _telling_what_is_new(outcome or telling, headline, terms, known=known)
    if tells_background(headline.title, headline.effective_time):
        return iter(telling)
    news = [s for s in telling if not tells_background(str(s), s.item.effective_time)] or telling
    if language_of(story) != "en":
        return iter(news)
    return iter([s for s in news if not _is_slight(str(s)) or len(terms(str(s)) & wanted) >= _SEVERAL] or news)


def _is_slight(sentence: str) -> bool:
    """Whether it only judges, in a few words without a name or a number: "The deal is a powerful signal"."""
    words = sentence.split()
    return (
        len(words) <= _SLIGHT_WORDS
        and _JUDGES.search(sentence) is not None
        and _NAMED_OR_COUNTED.search(sentence, len(words[0])) is None
    )


def _telling_what_is_new(
    sentences: list[Quotable],
    headline: Item,
    terms: Callable[[str], frozenset[str]],
    *,
    known: Sequence[str],
) -> list[Quotable]:
    """Of an update, those that tell what its headline has not said before; all where none does."""
    new = terms(without_label(headline.title)).difference(*map(terms, known)) if known else frozenset[str]()
    return [sentence for sentence in sentences if not terms(str(sentence)).isdisjoint(new)] or sentences


def _of_its_time(sentences: list[Quotable], headline: Item, *, told: Callable[[Quotable], int]) -> list[Quotable]:
    """Without what was written long before the headline, for it may be over; all of them where the newer ones tell too little of it."""
    moment = headline.effective_time
    newer = [
        sentence
        for sentence in sentences
        if moment is None
        or sentence.item.effective_time is None
        or sentence.item.effective_time >= moment - _OVER_AFTER
    ]
    best = max(map(told, sentences), default=0)
    return newer if newer and _TOLD_BETTER * max(map(told, newer)) >= best else sentences


def _telling_the_headline(
    sentences: Sequence[Quotable], headline: Item, terms: Callable[[str], frozenset[str]]
) -> Iterator[Quotable]:
    """The sentences of the headline's item, and of those that tell what it tells: in their title, or in one sentence.

    Reports of something else share its names. Under a headline that none of them tells, nothing is quoted.
    """
    wanted = terms(headline.title)
    needed = min(_ENOUGH_TOLD, _SHARE_TOLD * len(wanted))
    titles = {sentence.item.id: terms(sentence.item.title) for sentence in sentences}
    telling = {headline.id} | {
        identity
        for identity, title in titles.items()
        if len(title & wanted) >= _SHARE_OF_TITLE * min(len(title), len(wanted)) > 0
    }
    # Of one event two outlets that count as many dead tell the same state of it, in whatever words.
    if told := tolls(headline.title):
        telling |= {sentence.item.id for sentence in sentences if tolls(sentence.item.title) == told}
    telling |= {
        sentence.item.id
        for sentence in sentences
        if sentence.item.id not in telling and len(terms(str(sentence)) & wanted) >= needed
    }
    return (sentence for sentence in sentences if sentence.item.id in telling)


def _agrees(sentence: Quotable, headline: Item) -> bool:
    """Whether it contradicts the headline in nothing: the dead, the quarter, what was awaited or closed."""
    text = str(sentence)
    if tells_an_expectation(text) and not (
        looks_ahead(headline.title) or (sentence.item.id == headline.id and is_against_expectation(headline.title))
    ):
        return False
    if _is_older(sentence.item, headline):
        awaits = looks_ahead(text) and not looks_ahead(headline.title)
        found = _MISSING.search(text) and not _DEAD.search(text) and _DEAD.search(headline.title)
        if awaits or found or (is_closure(text) and is_reopening(headline.title)):
            return False
    if is_of_another_period(text, headline.title):
        return False
    strength = magnitudes(headline.title)
    if strength and (other := magnitudes(text)) and strength.isdisjoint(other):
        return False
    told = tolls(headline.title)
    counted = tolls(text) if told else {}
    return all(counted.get(toll, number) == number for toll, number in told.items())


def _counts_by_time(story: Story) -> list[tuple[datetime, Mapping[Toll, int]]]:
    """What the titles of dated reports count of dead, injured and arrested."""
    dated = ((item.effective_time, tolls(item.title)) for item in story.items)
    return [(moment, counted) for moment, counted in dated if moment and counted]


def _is_outnumbered(sentence: Quotable, counts: Sequence[tuple[datetime, Mapping[Toll, int]]]) -> bool:
    """Whether it counts fewer than the title of a later report does, whatever the headline counts."""
    moment = sentence.item.effective_time
    counted = tolls(str(sentence)) if moment and counts else {}
    return any(
        number < later.get(toll, 0)
        for at, later in counts
        for toll, number in counted.items()
        if moment and at > moment
    )


def _is_over(sentence: Quotable, headline: Item) -> bool:
    """Whether it tells how things stood at a moment, and that moment was before the headline's."""
    mine, theirs = sentence.item.effective_time, headline.effective_time
    is_older = mine is not None and theirs is not None and mine < theirs - _A_MOMENT
    return is_older and tells_a_moment(str(sentence))


def _since_the_toll(story: Story) -> Callable[[Item], bool]:
    """Whether an item came out no earlier than the first report that counts what the headline counts."""
    told = tolls(story.lead.title)
    times = [
        item.effective_time
        for item in story.items
        if told and item.effective_time and all(tolls(item.title).get(toll, 0) >= told[toll] for toll in told)
    ]
    first: datetime | None = min(times, default=None)
    return lambda item: first is None or item.effective_time is None or item.effective_time >= first


def _about(story: Story, terms: Callable[[str], frozenset[str]]) -> Callable[[Item], bool]:
    """Whether an item shares enough words with the headline's."""
    own = {item.id: terms(f"{item.title} {item.text[:_CHARACTERS]}") for item in story.items}
    core = own[story.lead.id]
    return lambda item: len(own[item.id] & core) >= _MIN_SHARED * min(len(own[item.id]), len(core))


def _about_somebody_else(story: Story) -> frozenset[str]:
    """The ids of items that never name whom or what the headline names first, where nearly all do."""
    names = _first_name(story)
    naming = [item for item in story.items if not names.isdisjoint(_words(f"{item.title} {item.text}"))]
    if len(naming) < max(_SEVERAL, _MOST_NAME_IT * len(story.items)):
        return frozenset()
    return frozenset(item.id for item in story.items) - frozenset(item.id for item in naming)


def _first_name(story: Story) -> frozenset[str]:
    """The words of the first name in the headline, in lower case: always written with a capital. Empty in German, where all nouns are."""
    if language_of(story) == "de":
        return frozenset()
    small = frozenset(word for item in story.items for word in _SMALL.findall(f"{item.title} {item.text}"))
    found: list[str] = []
    for word in _WORD.findall(story.lead.title):
        is_name = word[0].isupper() and word.casefold() not in small
        if not is_name and found:
            break
        if is_name:
            found.append(word.casefold())
    return frozenset(found)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def _is_older(item: Item, other: Item) -> bool:
    mine, theirs = item.effective_time, other.effective_time
    return mine is not None and theirs is not None and mine < theirs
