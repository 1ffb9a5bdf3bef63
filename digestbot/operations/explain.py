"""`digestbot explain`: why items were grouped into a story, why it ranks where it does, why something was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..edition.context import DigestSpec, EditionContext
from ..edition.draft import EditionDraft
from ..edition.headline import headlined, not_news, weigh_headline
from ..edition.pipeline import draft_from_store, edition_at
from ..edition.planning import named_edition
from ..edition.window import window
from ..errors import ConfigError, ConfigErrors
from ..model import Edition, Entry, Item, Story
from ..stories import CUT, ClosePair, Grouping, Meaning, SharedTerm, explain_grouping, explain_kind, story_kind
from ..stories.trading_sessions import session_of
from ..text.sanitise import shorten
from ..topics import Topics, inside_names
from .story_lookup import found_earlier, found_in, places, recent_item

_SEEN = 0.005  # a difference that two decimals show


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of a story, or of an address, in one edition."""

    edition: Edition
    item: Item | None  # the one that was asked for; None when a story was
    story: Story | None  # the one it belongs to; None when it was outside the edition's window
    grouping: Grouping | None
    entry: Entry | None  # None when it was left out
    place: str  # where it is shown, or why it is not
    topics: tuple[str, ...]  # the terms it matches, by topic, in words
    inside: tuple[str, ...] = ()  # of these, which stand in another name only, and how that is left out
    newest: Edition | None = None  # the one that was looked at first, where this is an earlier one


def explain(
    reference: str, spec: DigestSpec, context: EditionContext, *, now: datetime, day: date | None = None
) -> Explanation | None:
    """Decide an edition again and say what became of a story id, an item id, an address or words; None where it is unknown.

    What the last edition does not have is looked for in those before it, where no day is given.

    Args:
        reference: as the digest's JSON or a link shows it.
        spec: the digest.
        context: over a store that holds the items; nothing is collected.
        now: the cutoff of the edition, where none has been made for the day.
        day: its date; the last edition made by default.

    Raises:
        ConfigErrors: no edition was made for `day`.
    """
    draft = draft_of(spec, context, now=now, day=day)
    edition = draft.edition
    story, item = found_in(draft, reference)
    if story is not None:
        return _of_story(story, item, draft, spec, context.meaning)
    known = context.store.items.find(reference)
    reason = next((draft.left_out[one.id] for one in known if one.id in draft.left_out), "")
    if day is None and not reason and (earlier := found_earlier(reference, draft, spec, context)):
        made, story, item = earlier
        return replace(_of_story(story, item, made, spec, context.meaning), newest=edition)
    outside = known[0] if known else recent_item(reference, context, edition, now=now)
    if outside is None:
        return None
    reason = reason or draft.left_out.get(outside.id, "")
    return _of_outsider(outside, edition, f"left out: {reason}" if reason else "")


def explain_in(draft: EditionDraft, reference: str, spec: DigestSpec, meaning: Meaning | None) -> Explanation | None:
    """The same in an edition that is decided already; None where it holds no such story."""
    story, item = found_in(draft, reference)
    return _of_story(story, item, draft, spec, meaning) if story is not None else None


def draft_of(spec: DigestSpec, context: EditionContext, *, now: datetime, day: date | None) -> EditionDraft:
    """The edition of a day, the last one by default, decided again.

    Raises:
        ConfigErrors: no edition was made for `day`.
    """
    edition = _edition(spec, context, now=now, day=day)
    # `window` would give nothing: an edition that was made has used up its items.
    items = context.store.items.recent(since=edition.since, until=edition.until)
    return draft_from_store(spec, context, items, edition=edition)


def _edition(spec: DigestSpec, context: EditionContext, *, now: datetime, day: date | None) -> Edition:
    editions = context.store.editions
    existing = named_edition(editions, spec.name, day) if day else editions.latest(spec.name, until=now)
    if existing is not None and existing.since < existing.until:  # a missed one has no window
        return existing
    if day:
        fix = "`digestbot status` shows the last ones; leave --date out for the newest"
        raise ConfigErrors([ConfigError("--date", f"{spec.name} has no edition of {day}", fix)])
    # As a first edition looks back: where none was made for a day, no cutoff says where its window began.
    since, _, _ = window(spec, None, until=now)
    return Edition(digest=spec.name, date=edition_at(spec, context.store, at=now), since=since, until=now)


def _of_story(
    story: Story, item: Item | None, draft: EditionDraft, spec: DigestSpec, meaning: Meaning | None
) -> Explanation:
    entry = next(
        (headlined(one, language=spec.headline_language) for one in draft.entries if one.story.id == story.id), None
    )
    return Explanation(
        edition=draft.edition,
        item=item,
        story=story,
        grouping=explain_grouping(
            story,
            draft.stories,
            background=draft.background,
            meaning=meaning,
            across_languages=spec.across_languages,
        ),
        entry=entry,
        place=_place(story, entry, draft),
        topics=_topics(story, spec),
        inside=_inside(story, spec),
    )


def _place(story: Story, entry: Entry | None, draft: EditionDraft) -> str:
    if entry is None:
        if story.id not in draft.histories:
            if story.id in draft.muted:
                return "left out by an operator, at the admin pages"
            return "left out by MUTE or SOURCES of this digest"
        past = draft.histories[story.id].past
        return f"left out: already reported on {past[-1].edition}, and nothing new since"
    full = "left out: the sections and Also were full (MAX_STORIES, ALSO)"
    return next((words for one, words in places(draft.selection) if one.story.id == story.id), full)


def _topics(story: Story, spec: DigestSpec) -> tuple[str, ...]:
    topics = Topics(spec.topics)
    matches = topics.match_story(story)
    named = [f"{topic.title}: {', '.join(matches[topic.name].terms)}" for topic in spec.topics if topic.name in matches]
    missed = [topic.title for topic in spec.topics if topic.name not in matches]
    return (*named, *([f"not {', '.join(missed)}"] if missed else []))


def _inside(story: Story, spec: DigestSpec) -> tuple[str, ...]:
    found = Topics(spec.topics).match_story(story)
    matched = [topic for topic in spec.topics if topic.name in found]
    notes = (f"{topic.title}: {one}" for topic in matched for item in story.items for one in inside_names(topic, item))
    return tuple(dict.fromkeys(notes))


def _of_outsider(item: Item, edition: Edition, left_out: str = "") -> Explanation:
    moment = item.effective_time
    when = f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"
    if moment is not None and moment > edition.until:
        why = f"its date, {when}, is after this edition's cutoff: it belongs to a later edition"
    else:
        why = f"its date, {when}, is before this edition's window: it belonged to an earlier edition, or was too old"
    return Explanation(
        edition=edition,
        item=item,
        story=None,
        grouping=None,
        entry=None,
        place=left_out or f"not in this edition: {why}",
        topics=(),
    )


def lines(explanation: Explanation) -> Iterator[str]:
    """The explanation in sentences."""
    story = explanation.story
    newest = explanation.newest
    yield f"Edition {explanation.edition.date} of {explanation.edition.digest}" + (
        f", an earlier one: {newest.date} has nothing of it" if newest else ""
    )
    if explanation.item is not None:
        yield f"Item: {titled(explanation.item)}"
    yield f"Place: {explanation.place}"
    if story is None:
        return
    yield f"Story {story.id}: {story.lead.title}"
    for item in story.items:
        yield f"  {titled(item)}{_kind_and_label(item)}"
    yield from _headline_lines(story, explanation.entry)
    if explanation.grouping is not None:
        yield from _grouping_lines(explanation.grouping)
    if explanation.entry is not None:
        yield f"Score {explanation.entry.score.total:.2f}, from:"
        for part in explanation.entry.score.parts:
            yield f"  {part.name} {part.value:+.2f}" + (f" ({part.reason})" if part.reason else "")
    yield "Topics: " + ("; ".join(explanation.topics) or "this digest has none")
    yield from (f"  {note}" for note in explanation.inside)


def _headline_lines(story: Story, entry: Entry | None) -> Iterator[str]:
    """Which item gave the headline, and why the story's first one did not."""
    if entry is None or len(story.items) == 1:
        return
    choice = weigh_headline(story, other_kinds=not_news(story))
    yield f"Headline: “{shorten(entry.title, 90)}” ({entry.story.lead.source})"
    if choice.against_lead:
        yield f"  not {titled(story.lead)}: its title {choice.against_lead}"


def _grouping_lines(grouping: Grouping) -> Iterator[str]:
    session = session_of(grouping.story) if len(grouping.story.items) > 1 else None
    if session is not None:
        yield f"Grouped because they report one trading session, by their titles and times: {session.market}, {session.day}"
    if grouping.closest is not None:
        yield "Grouped because they share: " + shares(grouping.terms)
        pair = grouping.closest
        yield f"  closest pair, {_similarity(pair)}: {titled(pair.one)} and {titled(pair.other)}"
    elif session is None:
        yield "A single item: no other is similar enough."
    miss = grouping.miss
    if miss is None:
        yield "No other item of this edition has anything in common with it."
        return
    yield f"Nearest miss: {titled(miss.story.lead)}"
    yield f"  similarity {miss.closeness:.2f}, {miss.needed:.2f} is needed: {miss.reason}; shared: {shares(miss.pair.terms)}"


def _similarity(pair: ClosePair) -> str:
    if abs(pair.similarity - pair.in_words) < _SEEN:
        return f"similarity {pair.similarity:.2f} of 1"
    by_meaning = ", so that meaning joined them" if pair.in_words < CUT <= pair.similarity else ""
    return f"similarity {pair.similarity:.2f} of 1 in words and meaning, {pair.in_words:.2f} in words alone{by_meaning}"


def shares(terms: Sequence[SharedTerm]) -> str:
    return ", ".join(f"{term.word} {term.share:.0%}" for term in terms) or "nothing"


def titled(item: Item) -> str:
    return f"“{shorten(item.title, 90)}” ({item.source})"


def _kind_and_label(item: Item) -> str:
    """What is not plain from a title and a house: another name of the outlet, a kind other than news, no date."""
    found = explain_kind(item)
    notes = [f"its feed says “{item.label}”"] if item.label else []
    notes += [f"{found.kind}, by {found.rule}"] if found.rule else []
    notes += ["no date"] if item.published is None else []
    return f" – {'; '.join(notes)}" if notes else ""


def as_dict(explanation: Explanation) -> dict[str, object]:
    """The same for programs."""
    grouping, entry, story = explanation.grouping, explanation.entry, explanation.story
    miss = grouping.miss if grouping else None
    return {
        "digest": explanation.edition.digest,
        "edition": explanation.edition.date.isoformat(),
        "place": explanation.place,
        "story": story.id if story else None,
        "title": entry.title if entry else story.lead.title if story else None,
        "headline_item": entry.story.lead.id if entry else None,
        "kind": story_kind(story) if story else None,
        "items": [_item_as_dict(one) for one in story.items] if story else [],
        "shared": {term.word: round(term.share, 4) for term in grouping.terms} if grouping else {},
        "closest": round(grouping.closest.similarity, 4) if grouping and grouping.closest else None,
        "closest_in_words": round(grouping.closest.in_words, 4) if grouping and grouping.closest else None,
        "nearest_miss": {
            "story": miss.story.id,
            "title": miss.story.lead.title,
            "closeness": round(miss.closeness, 4),
            "needed": miss.needed,
            "reason": str(miss.reason),
        }
        if miss
        else None,
        "score": {part.name: round(part.value, 4) for part in entry.score.parts} if entry else {},
        "topics": list(explanation.topics),
        "inside": list(explanation.inside),
    }


def _item_as_dict(item: Item) -> dict[str, str]:
    found = explain_kind(item)
    return {
        "id": item.id,
        "title": item.title,
        "source": item.source,
        "label": item.label or item.source,
        "url": item.url,
        "kind": found.kind,
        "rule": found.rule,
    }
