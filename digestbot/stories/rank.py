"""Which stories come first: a score is a sum of named parts, each with its reason in words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..model import Item, Kind, Score, ScorePart, Source, Story, TranslatableText
from .kinds import reports_of, story_kind
from .syndication import sources as sources_of

# How much each part adds. One doubling of independent outlets is the unit that the others are measured in.
# Doublings rather than outlets, because the tenth outlet says less about a story than the second one.
COVERAGE = 1.0  # for each doubling of independent outlets
RECENCY = 1.0  # for a story whose newest item is from this moment
BURST = 0.5  # for each doubling of the items within BURST_HOURS, beyond the first two
# Half a day: two hours see the first alarm of everything, and not what goes on being told, such as a disaster.
BURST_HOURS = 12
BURST_OF_ONE = 3  # so many items of an outlet count: some print every turn of an event
FIT = 2.0  # for a perfect match with a topic of weight 1
TRUST = 1.0  # for each doubling of the best source's weight
# Without this a blog with a post a month would never show beside feeds with a hundred items a day.
RARE = 0.75  # for an outlet that seldom reports
RARE_RATE = 1.0  # items a day, at which the boost has halved
# Of an independent outlet: a copy, or an opinion on it, shows that an editor chose the story, but is no second witness.
COPY_SHARE = 0.25
# For a story whose sources all have weight 0: far below what the other parts usually add, so it goes last.
LAST_PLACE = -10.0
# What a story loses that is no news at all, in the same unit: as much as its outlet's view is worth beside a report.
# A live page or an analysis is nearly news; advice and what is sold come after everything that happened.
KIND = {
    Kind.LIVE: -0.25,
    Kind.ANALYSIS: -0.5,
    Kind.VIDEO: -0.5,
    Kind.RELEASE: -0.75,
    Kind.OPINION: -1.0,
    Kind.PODCAST: -1.0,
    Kind.REVIEW: -1.0,
    Kind.NEWSLETTER: -1.5,
    Kind.MARKET_DATA: -1.5,
    Kind.GUIDE: -1.5,
    Kind.DEAL: -2.0,
    Kind.SPONSORED: -2.0,
    Kind.PAGE: -2.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A story, its score and its outlets."""

    story: Story  # as it was given
    score: Score  # its parts, each with a reason; `score.total` is what it is ranked by
    sources: tuple[Source, ...]  # its outlets, most items first


def rank(
    stories: Iterable[Story],
    *,
    now: datetime,
    since: datetime | None = None,
    fits: Mapping[str, float] = {},
    source_weights: Mapping[str, float] = {},
    feed_rates: Mapping[str, float] = {},
) -> tuple[RankedStory, ...]:
    """The stories, highest score first; of equal ones the one that was given first.

    Args:
        stories: what `cluster` returns, or some of it.
        now: the moment that recency is measured from; an aware datetime.
        since: the moment from which on an item counts as recent; 24 hours before `now` where it is left out.
        fits: by story id, how well a story matches the reader's topics: 0 (the default) to 1, times any weight of the
            term and the topic. `Topics.match_story` gives it as `Match.strength`.
        source_weights: by outlet, how much its reports count: 1 is usual, 2 adds one point, 0 puts a story last.
        feed_rates: by feed name, its items a day: a feed that seldom reports lifts its stories a little.

    Raises:
        TypeError: when `now` or `since` has no time zone and an item has a date.
    """
    since = now - timedelta(days=1) if since is None else since
    ranked: list[RankedStory] = []
    for story in stories:
        outlets = sources_of(story)
        points = score(
            story,
            now=now,
            since=since,
            sources=outlets,
            fit=fits.get(story.id, 0.0),
            source_weights=source_weights,
            feed_rates=feed_rates,
            kind=story_kind(story),
        )
        ranked.append(RankedStory(story=story, score=points, sources=outlets))
    return tuple(sorted(ranked, key=lambda each: -each.score.total))


def score(
    story: Story,
    *,
    now: datetime,
    since: datetime,
    sources: Sequence[Source],
    fit: float = 0.0,
    topic_weight: float = 1.0,
    source_weights: Mapping[str, float] = {},
    feed_rates: Mapping[str, float] = {},
    kind: Kind = Kind.NEWS,
) -> Score:
    """The score of a story: why it has the place it has.

    Args:
        story: what is ranked.
        now: the edition's moment.
        since: where its window begins: an item from then has no recency left.
        sources: the story's outlets, from `sources`.
        fit: how well it matches its best topic, 0 to 1.
        topic_weight: the reader's weight of that topic.
        source_weights: the reader's weight by outlet; 1 where none is given.
        feed_rates: items a day by feed; a feed that is not given counts as a usual one.
        kind: what it is; anything but news counts less.
    """
    reports = reports_of(story)
    parts = (
        _coverage(sources),
        _recency(reports, now=now, since=since),
        _burst(reports),
        ScorePart(name="topic", value=FIT * fit * topic_weight),
        _trust(sources, source_weights),
        _rare(story, feed_rates),
        ScorePart(name="kind", value=KIND.get(kind, 0.0)),
    )
    return Score(parts=tuple(part for part in parts if part.value))


def _coverage(sources: Sequence[Source]) -> ScorePart:
    outlets = len(sources)
    independent = sum(source.independent for source in sources)
    telling = sum(source.tells for source in sources)
    values = {"num": outlets, "independent": independent}
    reason = TranslatableText(msgid="%(num)s outlets", values=values)
    if independent < outlets:
        reason = TranslatableText(msgid="%(num)s outlets, %(independent)s in their own words", values=values)
    return ScorePart(
        name="coverage",
        # At least one: where outlets print each other's text there still was a first one, and log2(0) has no value.
        value=COVERAGE * math.log2(max(telling, 1) + COPY_SHARE * (outlets - telling)),
        reason=reason if outlets > 1 else None,
    )


def _recency(reports: Sequence[Item], *, now: datetime, since: datetime) -> ScorePart:
    # The newest item, not the first one: an event that goes on stays recent.
    newest = max((moment for item in reports if (moment := item.effective_time)), default=since)
    window = max(now - since, timedelta(hours=1))  # a window of no length must not divide by zero
    left = 1 - (now - newest) / window
    return ScorePart(name="recency", value=RECENCY * min(max(left, 0.0), 1.0))


def _burst(reports: Sequence[Item]) -> ScorePart:
    dated = sorted((moment, item.source) for item in reports if (moment := item.effective_time))
    span = timedelta(hours=BURST_HOURS)
    most = first = counted = 0
    within: defaultdict[str, int] = defaultdict(int)
    for end, source in dated:
        within[source] += 1
        counted += within[source] <= BURST_OF_ONE
        # Both ends belong to the span: reports on the hour would otherwise drop out of it.
        while dated[first][0] < end - span:
            gone = dated[first][1]
            counted -= within[gone] <= BURST_OF_ONE
            within[gone] -= 1
            first += 1
        most = max(most, counted)
    if most <= 2:
        return ScorePart(name="burst", value=0.0)
    reason = TranslatableText(msgid="%(num)s reports in %(hours)s hours", values={"num": most, "hours": BURST_HOURS})
    return ScorePart(name="burst", value=BURST * math.log2(most / 2), reason=reason)


def _trust(sources: Sequence[Source], weights: Mapping[str, float]) -> ScorePart:
    known = [(weights.get(source.name, 1.0), source.name) for source in sources]
    # One outlet that the reader trusts is enough, whoever else reports: an average would punish wide coverage.
    weight, name = max(known, default=(1.0, ""), key=lambda pair: pair[0])
    if weight <= 0:
        return ScorePart(name="source", value=LAST_PLACE * TRUST)
    values = {"source": name, "weight": f"{weight:g}"}
    reason = (
        TranslatableText(msgid="from %(source)s, which you weigh %(weight)s", values=values) if weight > 1 else None
    )
    return ScorePart(name="source", value=TRUST * math.log2(weight), reason=reason)


def _rare(story: Story, rates: Mapping[str, float]) -> ScorePart:
    known = [(rates[item.feed], item.source) for item in story.items if item.feed in rates]
    if not known:
        return ScorePart(name="rare", value=0.0)
    rate, name = min(known)
    value = RARE / (1 + rate / RARE_RATE)
    seldom = TranslatableText(msgid="%(source)s seldom reports", values={"source": name})
    return ScorePart(name="rare", value=value, reason=seldom if value > RARE / 2 else None)
