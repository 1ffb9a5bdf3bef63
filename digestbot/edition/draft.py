"""Which stories an edition shows: group its items, match them with past stories, score them, select. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from ..model import MORNING, Choice, Edition, Entry, Feed, Item, Story, calendar_day
from ..stories import CorpusStatistics, StoryHistory, StoryStatus, led_by_news, match_history, sources
from ..stories.trading_sessions import by_session, session_of
from ..topics import Topics, apply_filters, ticker_names
from .admission import admit
from .choices import placed, without_muted
from .context import Cluster, DigestSpec
from .headline import headlined
from .history import History, past_stories
from .scoring import score_stories
from .second_look import one_event, untangled
from .selection import Selection, rank_key, select
from .shared_figures import rejoined

_NEVER = datetime.min.replace(tzinfo=UTC)
_NOON = 12  # the hour
_GREW = 2  # outlets more than told it when it stood in one line


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionDraft:
    """How an edition came about: every story that was looked at, and what was decided about it."""

    edition: Edition
    history: History
    background: CorpusStatistics
    items: int  # of the window
    left_out: Mapping[str, str]  # by id of an item of the window that no story is made of: the reason
    stories: tuple[Story, ...]  # everything that happened in the window
    eligible: tuple[Story, ...]  # without those that the reader's mutes and choice of sources leave out, or an operator
    muted: frozenset[str]  # ids of the stories that an operator left out
    histories: Mapping[str, StoryHistory]  # by id of an eligible story: whether readers have seen it before
    entries: tuple[Entry, ...]  # what may be shown: eligible, and new or updated
    selection: Selection


def draft_edition(
    spec: DigestSpec,
    items: Sequence[Item],
    *,
    edition: Edition,
    history: History,
    feeds: Iterable[Feed],
    measure_corpus: Callable[[tuple[Item, ...]], CorpusStatistics],
    cluster: Cluster,
    choices: Sequence[Choice] = (),
) -> EditionDraft:
    """Decide which stories an edition shows and where; reads, fetches and writes nothing.

    Args:
        spec: the digest.
        items: those of the edition's window.
        edition: its date and window.
        history: what it looks back on.
        feeds: where items come from, for the weight of each and for which are pages.
        measure_corpus: counts how common words are in earlier items.
        cluster: groups items into stories.
        choices: what operators decided about its stories.
    """
    feeds = tuple(feeds)
    # Today's items must not count as background: the word of the day would then pass for a common one.
    counted = history.counted.until if history.counted else _NEVER
    earlier = (item for item in history.items if item.effective_time and counted < item.effective_time <= edition.since)
    background = measure_corpus(tuple(earlier))
    if history.counted:
        background = CorpusStatistics(counted=(*background.counted, *history.counted.words.counted))
    # Before grouping: as two items an article would count as two reports of its house.
    admitted = admit(spec, items, known=history.items, begun=history.begun, feeds=feeds)
    across = spec.across_languages
    clustered = cluster(admitted.items, background=background, across_languages=across)
    untied = untangled(clustered, background=background, across_languages=across)
    grouped = by_session(rejoined(untied, background=background))
    # As a first report an opinion may be older than the news it is about.
    stories = tuple(map(led_by_news, grouped))
    filtered = apply_filters(stories, spec.reader_filter, day=calendar_day(edition.date))
    eligible = without_muted(filtered, choices)
    past = past_stories(history.editions, (*history.items, *history.told))
    matched = match_history(eligible, past, today=edition.date, background=background)
    histories = {each.story.id: each for each in map(_grown, matched)}
    entries = score_stories(
        [_unseen_first(each) for each in histories.values() if each.status is not StoryStatus.ALREADY_REPORTED],
        topics=Topics(spec.topics, _names_of_tickers(spec, history)),
        pins=spec.reader_filter.pins_on(calendar_day(edition.date)),
        weights={feed.name: feed.weight * spec.source_weights.get(feed.name, 1.0) for feed in feeds},
        houses={name: weight for name, weight in spec.source_weights.items() if name not in {f.name for f in feeds}},
        since=edition.since,
        until=edition.until,
        recent=history.items,
    )
    entries = placed(entries, choices, spec.topics)
    zone = ZoneInfo(spec.timezone)
    entries = [
        replace(
            entry,
            day=history.day,
            told_today=_told_today(history, edition, zone),
            earlier=tuple((past.edition, past.id) for past in history.past),
        )
        for entry, history in ((entry, histories[entry.story.id]) for entry in entries)
    ]
    return EditionDraft(
        edition=edition,
        history=history,
        background=background,
        items=len(items),
        left_out=admitted.left_out,
        stories=tuple(stories),
        eligible=tuple(eligible),
        muted=frozenset({story.id for story in filtered} - {story.id for story in eligible}),
        histories=histories,
        entries=tuple(entries),
        selection=select(
            _one_place_each(entries, background),
            topics=[topic.title for topic in spec.topics],
            limits=spec.limits,
            by_score=spec.by_score,
        ).each(partial(headlined, language=spec.headline_language)),
    )


def _told_today(history: StoryHistory, edition: Edition, zone: ZoneInfo) -> str:
    """When an earlier edition of the same day told it, where one did: what is new is new since then."""
    day = calendar_day(edition.date)
    told = [past.told.astimezone(zone) for past in history.past if calendar_day(past.edition) == day and past.told]
    if not told or history.status is not StoryStatus.UPDATE:
        return ""
    last, afternoon = max(told), edition.until.astimezone(zone).hour >= _NOON
    return MORNING if last.hour < _NOON and afternoon else f"{last:%H:%M}"


def _one_place_each(entries: Iterable[Entry], background: CorpusStatistics) -> list[Entry]:
    """Of entries about one event only the best one, with the others as its related lines."""
    groups = one_event(sorted(entries, key=rank_key), background=background)
    return [_with_related(group) for group in groups]


def _with_related(group: Sequence[Entry]) -> Entry:
    """The first, which is the best; but a market's last session before earlier ones and before what was expected of it."""
    sessions = {entry.story.id: session_of(entry.story) for entry in group} if len(group) > 1 else {}
    told = [session for session in sessions.values() if session]

    def stands_under_another(entry: Entry) -> bool:
        session = sessions.get(entry.story.id)
        return session is not None and any(map(session.stands_under, told))

    first, *related = sorted(group, key=stands_under_another)
    return replace(first, related=tuple(related))


def _grown(history: StoryHistory) -> StoryHistory:
    """As a new story what readers saw in one line only, and what has since been taken up by more outlets."""
    if not history.past or not all(past.line for past in history.past):
        return history
    told = {name for past in history.past for name in past.outlets}
    if len({source.name for source in sources(history.story)} - told) < _GREW:
        return history
    return replace(history, status=StoryStatus.NEW, day=1, past=())


def unseen_items(history: StoryHistory) -> tuple[Item, ...]:
    """The items of a story that no edition has shown."""
    shown = {identity for past in history.past for identity, _ in past.items}
    return tuple(item for item in history.story.items if item.id not in shown)


def _unseen_first(history: StoryHistory) -> Story:
    """An update led by what no edition has shown; a new story as it is."""
    if not history.past:
        return led_by_news(history.story)
    unseen = unseen_items(history)
    seen = tuple(item for item in history.story.items if item not in unseen)
    return led_by_news(replace(history.story, items=(*unseen, *seen)))


def _names_of_tickers(spec: DigestSpec, history: History) -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    # Searching a month of items for the company behind a ticker is worth its time only where a topic names one.
    if not any(term.ticker for topic in spec.topics for term in topic.terms):
        return {}
    return ticker_names(spec.topics, history.items, known=history.counted.names if history.counted else ())
