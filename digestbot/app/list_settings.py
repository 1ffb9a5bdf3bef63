"""What a list of feeds says of its feeds, held against the configuration: what makes no sense there is left out and told."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ..errors import ConfigError
from ..model import Feed
from ..settings import Loaded
from ..text.names import FreeNames, name_from
from ..text.sanitise import shorten
from ..text.suggestions import closest_match
from ..topics import parse_dated

_MAX_SHOWN_CHARS = 60
_MAX_NAME_CHARS = 60
_NAME = re.compile(r"[^\W_]+(?:_[^\W_]+)*")  # what SOURCES can name
_UNNAMED = "feed"


def with_names(feeds: Sequence[Feed], taken: Collection[str], named: Collection[str]) -> list[Feed]:
    """The feeds of a list with the names that the list gives them, `named`; else called after their titles or addresses.

    A name that is made is never another one because of a name that is given: it is part of what tells an item from others.
    """
    names = FreeNames(taken)
    made = [names.take(name_from(feed.title or feed.url) or _UNNAMED) for feed in feeds]
    given = [feed.name.lower() if feed.name in named and _is_name(feed.name) else "" for feed in feeds]
    free = FreeNames([*taken, *(name for name, own in zip(made, given, strict=True) if not own)])
    return [
        replace(feed, name=free.take(own) if own else name) for feed, name, own in zip(feeds, made, given, strict=True)
    ]


def _is_name(text: str) -> bool:
    return len(text) <= _MAX_NAME_CHARS and _NAME.fullmatch(text) is not None


def without_wrong_mutes(feeds: Sequence[Feed]) -> tuple[list[Feed], list[str]]:
    """The feeds without a mute that cannot be read, and each such mute in words: one entry must not stop every digest."""
    kept: list[Feed] = []
    lost: list[str] = []
    for feed in feeds:
        try:
            parse_dated("mute", feed.mute)
        except ConfigError as error:
            lost.append(f"mute {shorten(feed.mute, _MAX_SHOWN_CHARS)} ({error.reason}), of {feed.url}")
            kept.append(replace(feed, mute=""))
        else:
            kept.append(feed)
    return kept, lost


def without_unknown_topics(
    feeds: Sequence[Feed], others: Sequence[Feed], loaded: Loaded
) -> tuple[list[Feed], list[str]]:
    """The feeds without a topic that is neither configured nor a folder that is one, and each such topic in words.

    `others`: feeds that are no part of the list; their folders may be topics, too.
    """
    from .feed_topics import topics_with_feeds  # noqa: PLC0415 -- it asks for the feeds in its turn

    known = {topic.name for topic in loaded.topics}
    if all(not feed.topic or feed.topic in known for feed in feeds):
        return [*feeds], []
    by_folder = [feed if feed.topic in known else replace(feed, topic="") for feed in (*others, *feeds)]
    known |= {topic.name for topic in topics_with_feeds(loaded, by_folder)}
    kept = [feed if feed.topic in known else replace(feed, topic="") for feed in feeds]
    lost: list[str] = []
    for feed in feeds:
        if feed.topic and feed.topic not in known:
            guess = closest_match(feed.topic, known)
            why = f"no such topic; did you mean {guess}?" if guess else "no such topic"
            lost.append(f"topic {shorten(feed.topic, _MAX_SHOWN_CHARS)} ({why}), of {feed.url}")
    return kept, lost
