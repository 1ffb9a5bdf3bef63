"""The only place where adapters are chosen and joined: from settings to a desk that editions are made at."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name

from .accounts import channels, mail_problems
from .collect import FetchOptions, read_opml, write_opml
from .desk import Desk, Recipe
from .errors import ConfigError, ConfigErrors, DigestbotError
from .model import Feed, FeedKind, FeedState
from .nearest import nearest
from .ports import Progress, Store
from .render import Templates
from .schedule import Schedule
from .select import Limits
from .settings import WEEKEND, DigestSettings, Loaded, delivery_problems
from .store import lock, open_store, scratch_copy
from .stories import Background, cluster
from .summarise import summarise
from .topics import Audience, Topic

SHARED_LEASE = 600.0  # seconds for which another machine on the same database may be at work on a claim


def data_folder(given: Path | None, loaded: Loaded | None, environ: Mapping[str, str]) -> Path:
    """Where state lives: `--data`, else DIGESTBOT_DATA, else the XDG data folder (XDG Base Directory 0.8)."""
    if given is not None:
        return given
    if loaded is not None and loaded.settings.data is not None:
        return loaded.base / loaded.settings.data.expanduser()
    home = environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "digestbot"


def timezone_of(digest: DigestSettings) -> str:
    """The digest's zone by name; the machine's own where the configuration leaves it open."""
    return digest.timezone if digest.timezone != "local" else own_timezone()


def own_timezone() -> str:
    """The machine's zone by name."""
    return get_localzone_name() or "UTC"


def feeds_of(loaded: Loaded) -> tuple[Feed, ...]:
    """Every feed and page, from the configuration and its OPML file.

    Raises:
        ConfigErrors: a file that is named is not there, there is nothing to read at all, or a digest names a source
            that is none of these.
    """
    settings = loaded.settings
    feeds = [Feed(name=name, url=_located(url, loaded.base)) for name, url in settings.feeds.items()]
    feeds += [
        Feed(
            name=name,
            url=_located(url, loaded.base),
            kind=FeedKind.PAGE,
            links=settings.page_links.get(name, ""),
        )
        for name, url in settings.pages.items()
    ]
    if settings.opml:
        feeds += _from_opml(loaded, _located(settings.opml, loaded.base), {feed.name for feed in feeds})
    if not feeds:
        mend = "add DIGESTBOT_FEEDS__NAME=https://..., DIGESTBOT_PAGES__NAME=... or DIGESTBOT_OPML=feeds.opml"
        raise ConfigErrors([ConfigError("DIGESTBOT_FEEDS", "there is nothing to read", mend)])
    if problems := _unknown_sources(loaded, {feed.name for feed in feeds}):
        raise ConfigErrors(problems)
    return tuple(feeds)


def _unknown_sources(loaded: Loaded, names: set[str]) -> list[ConfigError]:
    problems: list[ConfigError] = []
    for digest, settings in loaded.digests.items():
        for setting, wanted in (("SOURCES", settings.sources), ("SOURCE_WEIGHTS", dict(settings.source_weights))):
            for name in wanted:
                if name not in names:
                    guess = nearest(name, names)
                    mend = f"did you mean {guess}?" if guess else "`digestbot feeds list` names them"
                    key = f"DIGESTBOT_DIGESTS__{digest.upper()}__{setting}"
                    line = loaded.lines.get(key)
                    problems.append(ConfigError(key, f"there is no feed or page {name!r}", mend, line=line))
    return problems


def _located(address: str, base: Path) -> str:
    """Web addresses as they are; paths from the configuration's folder, or from here where only that exists."""
    if re.match(r"(?:https?|file):", address, re.IGNORECASE):
        return address
    path = Path(address).expanduser()
    beside = base / path
    return str(path.resolve() if not beside.exists() and path.exists() else beside)


def _from_opml(loaded: Loaded, path: str, taken: set[str]) -> list[Feed]:
    key = "DIGESTBOT_OPML"
    try:
        found = feeds_in_opml(Path(path))
    except ConfigError as error:
        reason = f"{error.key} {error.reason}"
        raise ConfigErrors([ConfigError(key, reason, error.mend, line=loaded.lines.get(key))]) from error
    named: list[Feed] = []
    for feed in found:
        name = free_name(feed.title or feed.url, taken)
        taken.add(name)
        named.append(replace(feed, name=name, url=_located(feed.url, Path(path).parent)))
    return named


def feeds_in_opml(path: Path) -> tuple[Feed, ...]:
    """The feeds of an OPML file, without names yet.

    Raises:
        ConfigError: it cannot be read, or is not OPML.
    """
    try:
        return read_opml(path.read_bytes())
    except OSError as error:
        mend = "write the path of an OPML file"
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", mend) from error
    except DigestbotError as error:
        raise ConfigError(str(path), str(error), "export it again as OPML") from error


def opml_of(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> bytes:
    """Feeds as OPML, with the titles they have told."""
    return write_opml(
        [
            replace(feed, title=feed.title or (states[feed.name].title if feed.name in states else "") or feed.name)
            for feed in feeds
        ]
    )


def free_name(words: str, taken: set[str]) -> str:
    """A short configuration name made from a title or address, unlike every name taken."""
    slug = re.sub(r"[\W_]+", "_", re.sub(r"^https?://(www\.)?", "", words.casefold())).strip("_")[:40] or "feed"
    name, number = slug, 2
    while name in taken:
        name, number = f"{slug}_{number}", number + 1
    return name


def recipe(name: str, digest: DigestSettings, loaded: Loaded) -> Recipe:
    by_name = {topic.name: topic for topic in loaded.topics}
    topics: Sequence[Topic] = [by_name[topic] for topic in digest.topics] if digest.topics else loaded.topics
    return Recipe(
        name=name,
        title=digest.title or name.replace("_", " ").capitalize(),
        timezone=timezone_of(digest),
        topics=tuple(topics),
        recipients=digest.to,
        window=digest.window,
        max_age=max(digest.max_age, digest.window),
        limits=Limits(
            stories=digest.max_stories,
            per_source=digest.max_per_source,
            also=digest.also,
            topics={topic.title: topic.limit for topic in topics if topic.limit is not None},
        ),
        words=digest.words,
        mode=digest.mode,
        language=digest.language,
        images=digest.images,
        audience=Audience(sources=frozenset(digest.sources), mutes=digest.mute, pins=digest.pin),
        source_weights=dict(digest.source_weights),
        quiet=digest.quiet,
        full_text=digest.fulltext,
        drops_weekend=digest.weekend == "drop",
    )


def recipes(loaded: Loaded, name: str | None = None) -> tuple[Recipe, ...]:
    """The digests that are set, or the one asked for.

    Raises:
        ConfigErrors: there is no digest of that name.
    """
    digests = loaded.digests
    if name is not None and name.lower() not in digests:
        known = ", ".join(digests)
        raise ConfigErrors([ConfigError("DIGESTBOT_DIGESTS", f"there is no digest {name!r}", f"known: {known}")])
    return tuple(recipe(key, digest, loaded) for key, digest in digests.items() if name is None or key == name.lower())


def schedule_of(digest: DigestSettings) -> Schedule:
    days = digest.days if digest.weekend == "send" else digest.days - WEEKEND
    return Schedule(at=digest.at, timezone=timezone_of(digest), days=days, catch_up=digest.catch_up)


def fetch_options(loaded: Loaded) -> FetchOptions:
    fetch = loaded.settings.fetch
    return FetchOptions(
        interval=fetch.interval,
        timeout=fetch.timeout,
        max_bytes=fetch.max_megabytes * 1_000_000,
        allow_private=fetch.allow_private,
        user_agent=fetch.user_agent,
    )


def templates(loaded: Loaded, digest: str = "") -> Templates:
    """The built-in templates, under the owner's own where there is a folder of them, for a digest or for all."""
    own = loaded.digests[digest].templates if digest else None
    folder = own or loaded.settings.templates
    return Templates(loaded.base / folder.expanduser() if folder else None)


def desk(
    loaded: Loaded,
    store: Store,
    progress: Progress,
    *,
    sending: bool,
    stop: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Desk:
    """Everything an edition is made with; without `sending` no channel is even built."""
    return Desk(
        store=store,
        feeds=feeds_of(loaded),
        fetch=fetch_options(loaded),
        summarise=partial(summarise, method=loaded.settings.summariser.lower()),
        templates=templates(loaded),
        own_templates={name: templates(loaded, name) for name, digest in loaded.digests.items() if digest.templates},
        learn=lru_cache(maxsize=2)(Background.learn),
        cluster=lru_cache(maxsize=2)(cluster),
        progress=progress,
        clock=clock,
        channels=channels(loaded) if sending else {},
        stop=stop,
        sleep=sleep,
        lease=SHARED_LEASE if database_url(loaded) else 0.0,
    )


def require_deliverable(loaded: Loaded, wanted: Sequence[Recipe]) -> None:
    """Refuse to begin a run that could not be delivered.

    Raises:
        ConfigErrors: a recipient, a token or a server is missing, or mail could not even be written or signed.
    """
    names = {made.name for made in wanted}
    problems = delivery_problems(loaded.settings, {key: d for key, d in loaded.digests.items() if key in names})
    problems = problems or mail_problems(loaded)
    if problems:
        raise ConfigErrors(problems)


def database_url(loaded: Loaded | None) -> str:
    url = loaded.settings.database_url if loaded else None
    return url.get_secret_value() if url else ""


@contextmanager
def working_store(loaded: Loaded, data: Path, *, wait: float = 0.0) -> Iterator[Store]:
    """The real store, for one process at a time on one data folder."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock(data, timeout=wait), shared_store(loaded, data) as store:
        yield store


@contextmanager
def shared_store(loaded: Loaded, data: Path) -> Iterator[Store]:
    """The real store beside a process that may be working on it: for a word about deliveries."""
    store = open_store(data, database_url(loaded))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def throwaway_store(loaded: Loaded, data: Path) -> Iterator[Store]:
    """A copy to try things on: nothing done to it is kept."""
    with scratch_copy(data, database_url(loaded)) as store:
        yield store


def moment(text: str | None, zone: str) -> datetime:
    """`--at` as a moment in UTC; without a zone of its own it is local to the digest; now where nothing is given.

    Raises:
        ConfigErrors: it is not an ISO time.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        mend = "write an ISO time such as 2026-05-27T07:30+08:00"
        raise ConfigErrors([ConfigError("--at", f"{text!r} is not a moment", mend)]) from None
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def a_date(text: str | None) -> date | None:
    """`--date` as a date; None where nothing is given.

    Raises:
        ConfigErrors: it is not an ISO date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        mend = "write a date such as 2026-05-27"
        raise ConfigErrors([ConfigError("--date", f"{text!r} is not a date", mend)]) from None


def environment() -> Mapping[str, str]:
    return dict(os.environ)
