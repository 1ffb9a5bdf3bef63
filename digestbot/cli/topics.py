"""`digestbot topics`: test terms on stored items, compare configurations, suggest terms."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, ConfigErrors
from ..text.counting import counted
from .shell import (
    At,
    Config,
    Data,
    DigestName,
    Json,
    commands,
    exit_on_error,
    look,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
    throwaway,
)

if TYPE_CHECKING:
    from ..settings import Loaded

topics = commands()

Days = Annotated[int, typer.Option("--days", min=1, max=366, help="How many days to look back.")]
_MAX_SHOWN = 20
_MIN_DAYS = 7  # shown even where nothing matched: a week shows the rhythm of a topic
_NOTHING_STORED = "nothing is stored for these days: `digestbot run` collects items, --days looks further back"


@topics.command("test")
def topics_test(
    words: Annotated[str, typer.Argument(help='Terms as in the configuration: chip*, "Hua Hong"', show_default=False)],
    days: Days = 7,
    at: At = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show which stored items match some terms."""
    from ..operations.topic_test import try_topic
    from ..topics import inside_names, parse_topic

    with exit_on_error():
        loaded = read(config)
        topic = parse_topic("test", words, key="words")
        zone = _zone(loaded)
        until = _moment(at, loaded)
        since = until - timedelta(days=days)
        items = look(loaded, data, lambda store: store.items.recent(since=since, until=until))
        found = try_topic(topic, items, since=since, until=until, zone=zone)
        if as_json:
            print_json(found.as_dict())
            return
        print_lines(
            f"{day:%a %d %b} {count:5} {'▪' * min(count, 60)}".rstrip() for day, count in _from_first(found.days)
        )
        for item, match in found.items[:_MAX_SHOWN]:
            print_lines([f"  {item.title} [{item.source}: {', '.join(match.terms)}]"])
            print_lines(f"    {one}" for one in inside_names(topic, item))
        more = f"; the newest {_MAX_SHOWN} are shown" if len(found.items) > _MAX_SHOWN else ""
        print_lines(
            [f"{len(found.items)} of {found.looked_at} stored items{more}" if found.looked_at else _NOTHING_STORED]
        )


@topics.command("diff")
def topics_diff(
    digest: DigestName = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="The changed configuration file.", show_default=False)
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="The current configuration [config.env, then .env].")
    ] = None,
    day: Annotated[str | None, typer.Option("--date", help="The edition's date [the last edition's].")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare an edition under two configurations. Lists the stories that enter, leave or move."""
    from ..app.zones import parse_date
    from ..operations.topic_diff import compare

    with exit_on_error():
        if config is None:
            fix = "write digestbot topics diff --config NEW.env"
            raise ConfigErrors([ConfigError("--config", "the changed configuration is missing", fix)])
        old, new = read(against), read(config)
        names = [name for name in old.digests if name in new.digests and digest in (None, name)]
        if not names:
            fix = f"known: {', '.join(old.digests)}"
            raise ConfigErrors([ConfigError("DIGESTBOT_DIGESTS", "no digest of this name is in both files", fix)])
        now = datetime.now(UTC)
        with throwaway(old, data) as store:
            comparisons = [
                compare(
                    old, new, store, progress(), digest=name, day=parse_date(day, new.digests[name], now=now), now=now
                )
                for name in names
            ]
        if as_json:
            print_json([one.as_dict() for one in comparisons])
            return
        for one in comparisons:
            enter = sum(not change.before for change in one.changes)
            leave = sum(not change.after for change in one.changes)
            move = len(one.changes) - enter - leave
            counts = f"{enter} enter, {leave} leave, {move} move" if one.changes else "nothing changes"
            print_lines([f"{one.digest} {one.edition}, {one.items} stored items: {counts}"])
            print_lines(f"  {line}" for line in (*map(str, one.changes), *one.notes))


@topics.command("suggest")
def topics_suggest(
    name: Annotated[str | None, typer.Argument(help="Which topic [all].", show_default=False)] = None,
    days: Days = 30,
    at: At = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Suggest related terms missing from a topic. Also lists terms that never matched."""
    from ..topics import idle_terms, suggest

    with exit_on_error():
        loaded = read(config)
        selected = [topic for topic in loaded.topics if name is None or topic.name == name.lower()]
        if not selected:
            missing = f"there is no topic {name!r}" if name else "there is no topic"
            known = ", ".join(topic.name for topic in loaded.topics)
            fix = f"known: {known}" if known else "write one, as in DIGESTBOT_TOPICS__CHIPS=chip*, semiconductor*"
            raise ConfigErrors([ConfigError("DIGESTBOT_TOPICS", missing, fix)])
        until = _moment(at, loaded)
        since = until - timedelta(days=days)
        items = look(loaded, data, lambda store: store.items.recent(since=since, until=until))
        found = [(topic, suggest(topic, items), idle_terms(topic, items)) for topic in selected]
        if as_json:
            print_json(
                [
                    {
                        "topic": topic.name,
                        "suggestions": [
                            {"term": one.term, "inside": one.inside, "outside": one.outside, "example": one.example}
                            for one in terms
                        ],
                        "never_matched": list(idle),
                    }
                    for topic, terms, idle in found
                ]
            )
            return
        for topic, terms, idle in found:
            print_lines([f"{topic.title}, from {counted(len(items), 'item')} of {counted(days, 'day')}:"])
            print_lines(
                f"  {one.term}: in {one.inside} of its items, in {one.outside} others ({one.example})" for one in terms
            )
            print_lines([] if terms else [f"  {'nothing to suggest' if items else _NOTHING_STORED}"])
            print_lines([f"  never matched: {', '.join(idle)}"] if idle and items else [])


@topics.command("import")
def topics_import(
    file: Annotated[Path, typer.Argument(help="TrendRadar's frequency_words.txt.", show_default=False)],
    config: Config = None,
    data: Data = None,  # noqa: ARG001
) -> None:
    """Add the keyword groups of TrendRadar to the configuration as topics. Names what cannot be had here."""
    from ..operations.import_topics import import_topics
    from ..settings import find_config

    with exit_on_error():
        path = config or find_config(Path.cwd(), os.environ) or Path("config.env")
        done = import_topics(path, file)
        print_lines([f"Added {counted(len(done.topics), 'topic')} to {path}: {', '.join(done.topics)}"])
        print_lines([f"Its filter is the MUTE of {', '.join(done.muted)}"] if done.muted else [])
        if done.mute:
            print_error(f"add its filter to the MUTE that you have: {', '.join(done.mute)}")
        if done.left_out:
            print_error("left out: " + "; ".join(done.left_out))


def _from_first(days: Mapping[date, int]) -> Sequence[tuple[date, int]]:
    """Without the empty days before the first match, but no fewer than _MIN_DAYS."""
    counts = list(days.items())
    first = next((at for at, (_, count) in enumerate(counts) if count), len(counts))
    return counts[min(first, max(len(counts) - _MIN_DAYS, 0)) :]


def _moment(at: str | None, loaded: Loaded) -> datetime:
    from ..app.zones import parse_moment

    return parse_moment(at, next(iter(loaded.digests.values())), now=datetime.now(UTC))


def _zone(loaded: Loaded) -> str:
    from ..app.zones import zone_for

    return zone_for(next(iter(loaded.digests.values())))
