"""The feeds and pages of a configuration, those of its OPML file included."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import ConfigError, ConfigErrors, DigestbotError
from ..model import Feed, FeedKind, FeedState
from ..settings import Loaded
from ..text.setting_values import nth
from ..text.suggestions import closest_match
from ..text.web_addresses import without_login


def configured_feeds(loaded: Loaded) -> tuple[Feed, ...]:
    """Every feed and page, from the configuration and its OPML file.

    Raises:
        ConfigErrors: the OPML file cannot be read, there is no feed or page at all, or a digest names a source that is
            not among them.
    """
    settings = loaded.settings
    feeds = [Feed(name=name, url=_located(url, loaded.base)) for name, url in settings.feeds.items()]
    feeds += [
        Feed(
            name=name,
            url=_located(url, loaded.base),
            kind=FeedKind.PAGE,
            link_selector=settings.page_links.get(name, ""),
        )
        for name, url in settings.pages.items()
    ]
    if settings.opml:
        feeds += _from_opml(loaded, _located(settings.opml, loaded.base), {feed.name for feed in feeds})
    if not feeds:
        fix = "add DIGESTBOT_FEEDS__NAME=https://..., DIGESTBOT_PAGES__NAME=... or DIGESTBOT_OPML=feeds.opml"
        raise ConfigErrors([ConfigError("DIGESTBOT_FEEDS", "there is no feed or page", fix)])
    if problems := _unknown_sources(loaded, {feed.name for feed in feeds}):
        raise ConfigErrors(problems)
    return tuple(feeds)


def _unknown_sources(loaded: Loaded, names: set[str]) -> list[ConfigError]:
    problems: list[ConfigError] = []
    for digest, settings in loaded.digests.items():
        for setting, sources in (("SOURCES", settings.sources), ("SOURCE_WEIGHTS", dict(settings.source_weights))):
            for number, name in enumerate(sources, start=1):
                if name not in names:
                    guess = closest_match(name, names)
                    fix = f"did you mean {guess}?" if guess else "`digestbot feeds list` shows their names"
                    key = f"DIGESTBOT_DIGESTS__{digest.upper()}__{setting}"
                    line = loaded.lines.get(key)
                    reason = f"{nth(number, len(sources))}is not the name of a feed or page"
                    problems.append(ConfigError(key, reason, fix, line=line))
    return problems


def _located(address: str, base: Path) -> str:
    """URLs as they are; paths relative to the configuration's folder, or to this folder where only that file exists."""
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
        raise ConfigErrors([ConfigError(key, error.reason, error.fix, line=loaded.lines.get(key))]) from error
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
    from ..collect import read_opml  # noqa: PLC0415 -- few configurations name such a file

    try:
        return read_opml(path.read_bytes())
    except OSError as error:
        fix = "write the path of an OPML file"
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", fix) from error
    except DigestbotError as error:
        raise ConfigError(str(path), str(error), "export it again as OPML") from error


def opml_of(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> bytes:
    """Feeds as OPML, with the titles that they gave themselves."""
    from ..collect import write_opml  # noqa: PLC0415

    return write_opml(
        [
            replace(feed, title=feed.title or (states[feed.name].title if feed.name in states else "") or feed.name)
            for feed in feeds
        ]
    )


def free_name(words: str, taken: set[str]) -> str:
    """A name for the configuration, made from a title or address, that is not in `taken`."""
    slug = (
        re.sub(r"[\W_]+", "_", re.sub(r"^https?://(www\.)?", "", without_login(words).casefold())).strip("_")[:40]
        or "feed"
    )
    name, number = slug, 2
    while name in taken:
        name, number = f"{slug}_{number}", number + 1
    return name
