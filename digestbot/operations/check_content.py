"""What `digestbot check` says of topics, of feeds that went silent, and of the editions to come: from what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from ..app.feed_topics import topics_with_feeds
from ..app.zones import schedule_for
from ..collect.canonical_url import is_web_address
from ..edition.schedule import next_slots
from ..model import Feed, Item
from ..ports import Store
from ..settings import Loaded
from ..text.counting import counted, first_named
from ..topics import Topics, ticker_names
from .status import SILENT_AFTER, feeds_status

LOOK_BACK = timedelta(days=7)  # a week shows the rhythm of a topic
_EDITIONS = 3
_MAX_NAMED = 10  # feeds


def editions_to_come(loaded: Loaded, *, now: datetime) -> Iterator[tuple[str, str]]:
    """By the setting that says when: the zone, and the next three editions."""
    for name, digest in loaded.digests.items():
        schedule = schedule_for(digest)
        zone = ZoneInfo(schedule.timezone)
        slots = islice(next_slots(now, schedule), _EDITIONS)
        moments = ", ".join(f"{slot.due.astimezone(zone):%a %d %b %H:%M}" for slot in slots)
        yield f"DIGESTBOT_DIGESTS__{name.upper()}__AT", f"next editions, in {schedule.timezone}: {moments}"


def matches_of_topics(loaded: Loaded, feeds: tuple[Feed, ...], items: tuple[Item, ...]) -> Iterator[tuple[str, int]]:
    """By the name of each topic, how many of the items it matches."""
    topics = tuple(topics_with_feeds(loaded, feeds))
    matching = Topics(topics, ticker_names(topics, items))
    counts = dict.fromkeys((topic.name for topic in topics), 0)
    for item in items:
        for name in matching.match_item(item):
            counts[name] += 1
    yield from counts.items()


def topics_in_words(
    loaded: Loaded, feeds: tuple[Feed, ...], store: Store, *, now: datetime
) -> Iterator[tuple[str, str, bool]]:
    """By its setting: what a topic matches of the last week, and whether that is something."""
    items = store.items.recent(since=now - LOOK_BACK, until=now)
    if not items:
        return  # says nothing about the topics
    for name, found in matches_of_topics(loaded, feeds, items):
        key = f"DIGESTBOT_TOPICS__{name.upper()}"
        if found:
            yield key, f"matches {found} of {counted(len(items), 'item')} of the last {LOOK_BACK.days} days", True
        else:
            yield key, f"no item in {LOOK_BACK.days} days", False


def silent_feeds(loaded: Loaded, store: Store, *, now: datetime) -> str:
    """Which feeds answer and have brought nothing for a month; empty where none."""
    # A saved file is what it is; a feed on the web that is silent has usually moved.
    silent = [
        one.feed.name
        for one in feeds_status(loaded, store, now=now)
        if one.health.startswith("silent") and is_web_address(one.feed.url)
    ]
    if not silent:
        return ""
    return f"nothing new for {SILENT_AFTER.days} days: {first_named(silent, most=_MAX_NAMED)}"
