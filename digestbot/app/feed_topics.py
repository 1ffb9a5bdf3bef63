"""Which topics feeds belong to by their own settings: TOPIC, and the folders of a list where they are topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..errors import ConfigError, ConfigErrors
from ..model import Feed
from ..settings import Loaded
from ..text.names import name_from
from ..text.suggestions import closest_match
from ..topics import Topic, with_feeds
from .feeds import configured_feeds


def known_feeds(loaded: Loaded) -> tuple[Feed, ...]:
    """The feeds of a configuration; none where they cannot be read, which is told where they are collected."""
    try:
        return configured_feeds(loaded)
    except ConfigErrors:
        return ()


def topics_with_feeds(loaded: Loaded, feeds: Iterable[Feed]) -> tuple[Topic, ...]:
    """The topics of a configuration, each with the feeds that belong there; then those that are folders alone."""
    own: defaultdict[str, list[str]] = defaultdict(list)
    folders: dict[str, str] = {}
    for feed in feeds:
        if topic := _topic(feed, loaded, folders):
            own[topic].append(feed.name)
    followed = [with_feeds(topic, own.pop(topic.name)) if topic.name in own else topic for topic in loaded.topics]
    new = (Topic(name=name, title=folders[name], groups=()) for name in own if name in folders)
    return (*followed, *(with_feeds(topic, own[topic.name]) for topic in new))


def unknown_topics(loaded: Loaded, feeds: Sequence[Feed]) -> list[ConfigError]:
    """TOPICS of digests that are neither a topic nor, where folders are topics, a folder."""
    if loaded.settings.opml_folders != "topics":
        return []
    names = {topic.name for topic in topics_with_feeds(loaded, feeds)}
    problems: list[ConfigError] = []
    for digest, settings in loaded.digests.items():
        key = f"DIGESTBOT_DIGESTS__{digest.upper()}__TOPICS"
        for topic in settings.topics:
            if topic not in names:
                guess = closest_match(topic, names)
                fix = f"did you mean {guess}?" if guess else "add DIGESTBOT_TOPICS__NAME=..., or a folder of that name"
                reason = "names neither a topic nor a folder of feeds"
                problems.append(ConfigError(key, reason, fix, line=loaded.lines.get(key)))
    return problems


def _topic(feed: Feed, loaded: Loaded, folders: dict[str, str]) -> str:
    """The name of the topic that all items of a feed belong to; a folder that is one is noted with its title."""
    if feed.topic:
        return feed.topic
    if loaded.settings.opml_folders != "topics" or not feed.categories:
        return ""
    # The innermost folder that is a topic already, else the innermost one.
    known = {folded: topic.name for topic in loaded.topics for folded in (topic.name, name_from(topic.title))}
    inner = [name_from(folder) for folder in reversed(feed.categories)]
    name = next((known[folder] for folder in inner if folder in known), inner[0])
    if name and name not in known.values():
        folders.setdefault(name, feed.categories[-1])
    return name
