"""The score of a story in one digest: its best topic, the parts of its score, and the reasons in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from ..model import PINNED, Entry, Item, ScorePart, Story, TranslatableText
from ..stories import score, sources, story_kind
from ..topics import Match, Sections, Topic, Topics, as_key

# More than all other parts of a score together: a term and a topic of weight 10 alone give 200.
PIN = 1000.0
# What each further term of a topic adds to its fit when topics are compared, and how many count.
_TERM_SHARE, _MOST_TERMS = 0.1, 3


def score_stories(
    stories: Iterable[Story],
    *,
    topics: Topics,
    pins: Topics,
    weights: Mapping[str, float],
    since: datetime,
    until: datetime,
    houses: Mapping[str, float] = {},
    recent: Iterable[Item] = (),
) -> list[Entry]:
    """Every story with its topic, score and reasons, in no order.

    Args:
        stories: what may be shown.
        topics: what the reader follows.
        pins: what the reader wants first.
        weights: the reader's weight by feed name; 1 where none is given.
        since: where the edition's window begins, in UTC.
        until: the edition's cutoff, in UTC.
        houses: the reader's weight by the key of a house; it multiplies that of a feed.
        recent: items of the same feeds, which tell what their sections are for.
    """
    stories = tuple(stories)
    sections = Sections(topics, recent, used=(item for story in stories for item in story.items))
    return [
        _pinned(_entry(story, topics, sections, weights=weights, houses=houses, since=since, until=until), pins)
        for story in stories
    ]


def _entry(
    story: Story,
    topics: Topics,
    sections: Sections,
    *,
    weights: Mapping[str, float],
    houses: Mapping[str, float],
    since: datetime,
    until: datetime,
) -> Entry:
    by_words, as_printed = topics.match_printed(story, sections.of)
    topic, match = _best_topic(topics, as_printed)
    # A section says under which topic a story stands. What the reader cares for is worth as much under another.
    strength = max(
        (
            found[one.name].strength * one.weight
            for found in (by_words, as_printed)
            for one in topics.topics
            if one.name in found
        ),
        default=0.0,
    )
    if topic and match and topic.name in by_words:
        match = max(match, by_words[topic.name], key=lambda one: one.fit)
    reported_by = sources(story)
    kind = story_kind(story)
    story_score = score(
        story,
        now=until,
        since=since,
        sources=reported_by,
        fit=strength if topic else 0.0,
        source_weights=_by_house(story, weights, houses),
        kind=kind,
    )
    # Every form shows the outlets by name: a reason that counts them would say it twice.
    why = [part.reason for part in story_score.parts if part.reason and part.name != "coverage"]
    if match and not match.terms:
        why.append(TranslatableText(msgid="most outlets print it in a section for this"))
    elif match:
        # Three terms at most: a reason is a line, and a long topic would fill several.
        why.append(TranslatableText(msgid="matches %(terms)s", values={"terms": ", ".join(match.terms[:3])}))
    return Entry(
        story=story,
        title=story.lead.title,
        url=next((item.url for item in story.items if item.url), ""),
        topic=topic.title if topic else "",
        fit=match.fit if match else 1.0,
        score=story_score,
        why=tuple(why),
        sources=reported_by,
        kind=kind,
    )


def _by_house(story: Story, weights: Mapping[str, float], houses: Mapping[str, float]) -> dict[str, float]:
    """The weight of each house: that of its best feed among those that carry the story, times its own."""
    best: dict[str, float] = {}
    for item in story.items:
        weight = weights.get(item.feed, 1.0) * houses.get(as_key(item.source), 1.0)
        best[item.source] = max(weight, best.get(item.source, weight))
    return best


def _best_topic(topics: Topics, matches: Mapping[str, Match]) -> tuple[Topic | None, Match | None]:
    """The topic a story fits best; of near equals the one more of whose terms are found, and then the one named first."""
    best: tuple[Topic | None, Match | None] = (None, None)
    most = 0.0
    for topic in topics.topics:
        match = matches.get(topic.name)
        if match is None:
            continue
        strength = match.strength * topic.weight * (1 + _TERM_SHARE * min(max(len(match.terms) - 1, 0), _MOST_TERMS))
        if strength > most:
            best, most = (topic, match), strength
    return best


def _pinned(entry: Entry, pins: Topics) -> Entry:
    matches = pins.match_story(entry.story) if pins.topics else {}
    if not matches:
        return entry
    term = next(iter(matches.values())).terms[0]
    reason = TranslatableText(msgid="you pinned %(term)s", values={"term": term})
    pin = ScorePart(name="pin", value=PIN, reason=reason)
    return replace(
        entry,
        topic=entry.topic or PINNED,
        score=replace(entry.score, parts=(pin, *entry.score.parts)),
        why=(reason, *entry.why),
    )
