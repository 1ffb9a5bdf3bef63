"""The feeds and pages of a configuration, those of its OPML file included."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import ConfigError, ConfigErrors, DigestbotError
from ..model import Feed, FeedKind, FeedState
from ..settings import FeedSettings, Loaded
from ..settings.envfile import read_file
from ..settings.secret_files import files_of
from ..settings.values import headers_of
from ..text.counting import counted, first_named
from ..text.sanitise import one_line, shorten
from ..text.setting_values import nth
from ..text.suggestions import closest_match
from ..text.web_addresses import login_of, with_scheme, without_keys, without_login
from ..topics import as_key
from .list_settings import with_names, without_unknown_topics, without_wrong_mutes
from .storage import BESIDE

if TYPE_CHECKING:
    from ..collect import LeftOut

_AROUND_ADDRESSES = ("<>", '""', "“”", "‹›")
# What browsers and podcast programs put before the address of a feed, and the address of somebody on Mastodon.
_FEED_SCHEME = re.compile(r"\A(?:feeds?|itpc|pcast|podcast):(?://)?(?=\S)", re.IGNORECASE)
_ACCOUNT = re.compile(r"@(?P<name>\w+(?:[.-]\w+)*)@(?P<server>[\w-]+(?:\.[\w-]+)+)")
_BETWEEN_FOLDERS = re.compile(r"(?<!\\)/")
_log = logging.getLogger(__name__)
_MAX_NAMED = 3  # feeds that are left out and named; the others are counted
_MAX_SHOWN_CHARS = 80
_MAX_NAMES = 12  # of feeds that may be meant
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LOGIN = re.compile(r"[/\\]{2}[^/?#\s]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a configuration names."""

    feeds: tuple[Feed, ...]
    left_out: tuple[LeftOut, ...] = ()
    lost: tuple[
        str, ...
    ] = ()  # of a list: what the other program did with a feed, or a setting's value, and nothing here does
    named: frozenset[str] = frozenset()  # of a list: the names that it gives itself


def configured_feeds(loaded: Loaded) -> tuple[Feed, ...]:
    """Every feed and page, from the configuration and its OPML file.

    Raises:
        ConfigErrors: the OPML file cannot be read, there is no feed or page at all, or a digest names a source that is
            not among them.
    """
    return configured_sources(loaded).feeds


def configured_sources(loaded: Loaded) -> Sources:
    """Every feed and page, and what was left out of the OPML file.

    Raises:
        ConfigErrors: as `configured_feeds` does.
    """
    settings = loaded.settings
    feeds = [_feed(name, one, loaded.base) for name, one in settings.feeds.items()]
    feeds += [
        replace(_feed(name, one, loaded.base), kind=FeedKind.PAGE, link_selector=settings.page_links.get(name, ""))
        for name, one in settings.pages.items()
    ]
    left_out: tuple[LeftOut, ...] = ()
    lost: tuple[str, ...] = ()
    if settings.opml:
        found = _from_opml(loaded, located(settings.opml, loaded.base))
        listed, mutes = without_wrong_mutes(found.feeds)
        listed, topics = without_unknown_topics(listed, feeds, loaded)
        left_out, lost = found.left_out, (*found.lost, *mutes, *topics)
        feeds += with_names(listed, [feed.name for feed in feeds], found.named)
    if not feeds:
        fix = "add DIGESTBOT_FEEDS__NAME=https://..., DIGESTBOT_PAGES__NAME=... or DIGESTBOT_OPML=feeds.opml"
        reason = f"there is no feed or page; {left_out_sentence(left_out)}" if left_out else "there is no feed or page"
        raise ConfigErrors([ConfigError("DIGESTBOT_FEEDS", reason, fix)])
    from .feed_topics import unknown_topics  # noqa: PLC0415 -- it asks for the feeds in its turn

    if problems := [*_unknown_sources(loaded, [feed.name for feed in feeds]), *unknown_topics(loaded, feeds)]:
        raise ConfigErrors(problems)
    return Sources(feeds=tuple(feeds), left_out=left_out, lost=lost)


def sources_in_words(feeds: Sequence[Feed]) -> str:
    """`2 feeds and 1 page`: a page is no feed."""
    pages = sum(feed.kind is FeedKind.PAGE for feed in feeds)
    kinds = ((len(feeds) - pages, "feed"), (pages, "page"))
    return " and ".join(counted(number, noun) for number, noun in kinds if number)


def _feed(name: str, given: FeedSettings, base: Path) -> Feed:
    return Feed(
        name=name,
        url=located(given.url, base),
        title=one_line(given.title),
        weight=given.weight,
        interval=given.interval,
        full_text=given.fulltext,
        mute=given.mute,
        topic=given.topic,
        categories=folders_of(given.folder),
        max_items=given.max_items,
        headers=headers_of(given.headers) if given.headers else (),
    )


def folders_of(path: str) -> tuple[str, ...]:
    r"""`News/Tech` as the folders it names, outermost first; `AC\/DC` is one."""
    return tuple(filter(None, (one_line(name.replace("\\/", "/")) for name in _BETWEEN_FOLDERS.split(path))))


def path_of(folders: Iterable[str]) -> str:
    """What `folders_of` reads back as these folders."""
    return "/".join(folder.rstrip("\\").replace("/", "\\/") for folder in folders)


def log_left_out(sources: Sources) -> None:
    """Say in the log which feeds of the OPML file are not read, and what it says of others that has no effect."""
    if sources.left_out:
        _log.warning("DIGESTBOT_OPML: %s", left_out_sentence(sources.left_out))
    if sources.lost:
        _log.warning("DIGESTBOT_OPML: %s", lost_sentence(sources.lost))


def left_out_sentence(left_out: Sequence[LeftOut], *, most: int = _MAX_NAMED) -> str:
    """How many feeds are left out, and which are the first of them, at most so many."""
    named = [f"{shorten(shown_address(one.address), _MAX_SHOWN_CHARS)} ({one.reason})" for one in left_out[:most]]
    more = [f"{len(left_out) - most} more"] if len(left_out) > most else []
    return f"{len(left_out)} feed{'' if len(left_out) == 1 else 's'} left out: {', '.join([*named, *more])}"


def lost_sentence(lost: Sequence[str], *, most: int = _MAX_NAMED) -> str:
    """What a list says of its feeds and has no effect here, at most so many; keys in their addresses are masked."""
    more = [f"{len(lost) - most} more"] if len(lost) > most else []
    return f"without effect: {'; '.join([*map(without_keys, lost[:most]), *more])}"


def _unknown_sources(loaded: Loaded, names: Sequence[str]) -> list[ConfigError]:
    problems: list[ConfigError] = []
    if not any(one.sources or one.source_weights for one in loaded.digests.values()):
        return problems
    from ..stories.house_table import HOUSES  # noqa: PLC0415 -- numpy and scipy come with its room: half of the time of `status`

    known = {*names, *(as_key(house) for house in (*loaded.settings.houses, *HOUSES))}
    for digest, settings in loaded.digests.items():
        for setting, sources in (("SOURCES", settings.sources), ("SOURCE_WEIGHTS", dict(settings.source_weights))):
            for number, name in enumerate(sources, start=1):
                if name not in known:
                    guess = closest_match(name, names)
                    fix = f"did you mean {guess}?" if guess else f"known: {first_named(names, most=_MAX_NAMES)}"
                    key = f"DIGESTBOT_DIGESTS__{digest.upper()}__{setting}"
                    line = loaded.lines.get(key)
                    reason = f"{nth(number, len(sources))}is not the name of a feed or page"
                    problems.append(ConfigError(key, reason, fix, line=line))
    return problems


def located(address: str, base: Path) -> str:
    """URLs as they are; paths relative to the configuration's folder, from whatever folder digestbot is called.

    What is no file and begins with the name of a host, as in www.example.com/feed, is an address that lacks its scheme: https, or
    http for a machine of the own network, as in localhost:8000/feed.
    """
    if re.match(r"(?:https?|file):", address, re.IGNORECASE):
        return address
    beside = base / Path(address).expanduser()
    return str(beside) if beside.exists() else with_scheme(address) or str(beside)


def as_copied(address: str) -> str:
    """An address as somebody copied it, without what stands around it: `<https://...>`, `feed://...`, and an @account@server."""
    address = address.strip()
    if len(address) > 2 and f"{address[0]}{address[-1]}" in _AROUND_ADDRESSES:
        address = address[1:-1].strip()
    if account := _ACCOUNT.fullmatch(address):
        return f"https://{account['server']}/@{account['name']}"
    return _FEED_SCHEME.sub("", address)


def _from_opml(loaded: Loaded, path: str) -> Sources:
    key = "DIGESTBOT_OPML"
    try:
        return feeds_in_opml(Path(path), files=loaded.settings.opml_files, hidden=private_files(loaded))
    except ConfigError as error:
        raise ConfigErrors([ConfigError(key, error.reason, error.fix, line=loaded.lines.get(key))]) from error


def private_files(loaded: Loaded) -> frozenset[Path]:
    """The configuration file, the files of its secrets and the data folder: what somebody else wrote may not name them."""
    named = [*files_of(loaded.settings), loaded.settings.data, loaded.path, Path(BESIDE)]
    return frozenset((loaded.base / path.expanduser()).resolve() for path in named if path)


def feeds_in_opml(path: Path, *, files: bool = False, hidden: Collection[Path] = (), others: bool = False) -> Sources:
    """The feeds of an OPML file: those with a web address, and where `files` says so, files below its own folder.

    Whoever wrote the file decides what the digest quotes and sends. So it may not name what only its reader may see.

    Args:
        path: the OPML file.
        files: whether it may name files below its own folder.
        hidden: files that it may not name in any case.
        others: whether it may be a list of another kind, as other programs keep them.

    Raises:
        ConfigError: it cannot be read, or is no such list.
    """
    from ..collect import LeftOut, read_any_list, read_feed_list  # noqa: PLC0415 -- few configurations name such a file

    try:
        found = (read_any_list if others else read_feed_list)(read_file(path))
    except OSError as error:
        fix = f"write the path of {'a list of feeds' if others else 'an OPML file'}"
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", fix) from error
    except DigestbotError as error:
        raise ConfigError(str(path), str(error), "export it from the other program again, best as OPML") from error
    feeds: list[Feed] = []
    left_out = list(found.left_out)
    folder = path.resolve().parent
    for feed in found.feeds:
        address, reason = _address_in_opml(feed.url, folder, files=files, hidden=hidden)
        if reason:
            left_out.append(LeftOut(address=feed.url, reason=reason))
        else:
            feeds.append(replace(feed, url=address))
    return Sources(feeds=tuple(feeds), left_out=tuple(left_out), lost=found.lost, named=found.named)


def _address_in_opml(address: str, folder: Path, *, files: bool, hidden: Collection[Path]) -> tuple[str, str]:
    """What is read for an address, or why nothing is."""
    from ..collect.canonical_url import is_web_address  # noqa: PLC0415

    if is_web_address(address):
        return address, ""
    scheme = _SCHEME.match(address)
    if not address.isprintable() or (scheme and scheme[1].lower() != "file"):
        return "", "not a web address"
    return _file_in_opml(address, folder, hidden, is_url=bool(scheme)) if files else ("", "a file")


def _file_in_opml(address: str, folder: Path, hidden: Collection[Path], *, is_url: bool) -> tuple[str, str]:
    from urllib.request import url2pathname  # noqa: PLC0415 -- brings HTTP

    try:
        path = folder / (url2pathname(urlsplit(address).path) if is_url else address)
        target = path.resolve()
    except (OSError, RuntimeError, ValueError):
        return "", "not the name of a file"
    if ".." in path.parts or not target.is_relative_to(folder) or target == folder:
        return "", "not below the folder of the OPML file"
    # Names with a dot in front hold settings and keys; one with a tilde would be looked for in somebody's home folder.
    private = any(part.startswith((".", "~")) for part in target.relative_to(folder).parts)
    if private or any(target.is_relative_to(one) for one in hidden) or not str(target).isprintable():
        return "", "a private file"
    return str(target), ""


def shown_address(address: str) -> str:
    """An address for a terminal or a log: nothing that a terminal obeys, no password and no key."""
    return one_line(without_keys(_LOGIN.sub("//***@", address))) or "(nothing that can be shown)"


def opml_of(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> bytes:
    """Feeds as OPML, called as they call themselves where they have no title of ours; without any secret."""
    from ..collect import write_opml  # noqa: PLC0415

    titles = {name: state.title for name, state in states.items() if state.title}
    return write_opml([replace(feed, url=without_login(feed.url)) for feed in feeds], titles=titles)


def secrets_left_out(feeds: Iterable[Feed]) -> str:
    """Which feeds lose their password or HEADERS in a list of feeds; empty where none does."""
    feeds = tuple(feeds)
    logins = [feed.name for feed in feeds if login_of(feed.url)]
    headers = [feed.name for feed in feeds if feed.headers]
    parts = [f"the passwords of {', '.join(logins)}"] if logins else []
    parts += [f"the HEADERS of {', '.join(headers)}"] if headers else []
    return f"left out, because it is secret: {'; '.join(parts)}" if parts else ""


def keys_kept(feeds: Iterable[Feed]) -> str:
    """Which addresses in a list of feeds hold a key, without which they are no addresses; empty where none does."""
    names = [feed.name for feed in feeds if without_keys(url := without_login(feed.url)) != url]
    fix = "take it out before anybody else gets the list"
    return f"kept, because the address is nothing without it: the key of {', '.join(names)}; {fix}" if names else ""
