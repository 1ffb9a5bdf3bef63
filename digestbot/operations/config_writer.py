"""Write the configuration file from the shipped example, and add or remove feeds in it line by line.

Every line comes from settings/envfile.py, which writes only what it reads back as the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..app.feeds import feeds_in_opml, path_of, shown_address
from ..collect import LeftOut
from ..collect.canonical_url import same_feed
from ..errors import ConfigError
from ..model import Feed, FeedKind
from ..resources import resource
from ..settings import problem_with, problems_with
from ..settings.envfile import EnvFile, create_file, line_for, parse_env, read_env_file
from ..text.names import FreeNames, key_name_from
from ..text.sanitise import one_line, shorten
from ..text.setting_values import written_duration, written_weight
from ..text.suggestions import closest_match

_FEED, _PAGE, _LINKS = "DIGESTBOT_FEEDS__", "DIGESTBOT_PAGES__", "DIGESTBOT_PAGE_LINKS__"
_NAME = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*")
_SOURCES = re.compile(r"\ADIGESTBOT_DIGESTS__.+__(?:SOURCES|SOURCE_WEIGHTS)\Z")
_MAX_NAME_CHARS = 60
_MAX_REASON_CHARS = 120
_TOPIC = "DIGESTBOT_TOPICS__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that is asked for a first digest."""

    key: str  # the setting
    text: str
    default: str = ""
    optional: bool = False  # nothing may be answered

    def problem(self, answer: str) -> ConfigError | None:
        if not answer:
            return (
                None if self.optional else ConfigError(self.key, "an answer is needed", "Ctrl-C ends without writing")
            )
        if self.key == self.key.lower():
            return None  # no setting: what becomes of the answer is found out
        try:
            line_for(self.key, answer)
        except ConfigError as error:
            return error
        return problem_with(self.key, answer)


def write_example(path: Path, answers: dict[str, str] | None = None) -> Path:
    """Write the shipped example to `path`, readable by its owner only, because it will hold secrets.

    Args:
        path: a file that does not exist yet.
        answers: settings instead of those in the example: the first of a kind takes the line that the example has for it.

    Raises:
        ConfigError: the file exists, or it cannot be written; no line can hold an answer.
    """
    file = parse_env(resource("config.example.env").read_text(encoding="utf-8"), path)
    if answers:
        file = _answered(file, answers)
    write_text(path, file.text)
    return path


def write_text(path: Path, text: Iterable[str]) -> None:
    """Write the lines of a new configuration file, readable by its owner only.

    Raises:
        ConfigError: the file exists, or it cannot be written.
    """
    try:
        create_file(path, text)
    except FileExistsError:
        fix = "edit it, or move it away first"
        raise ConfigError(str(path), "exists already and is not overwritten", fix) from None
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written: {error.strerror}", "choose another folder") from error


def _answered(file: EnvFile, answers: Mapping[str, str]) -> EnvFile:
    """The example with these settings."""
    left = dict(answers)
    for line_of in tuple(file.values):
        family = line_of.rpartition("__")[0]
        # A digest's settings each have a line; of feeds and topics the name is the owner's.
        free = family.count("__") == 0
        key = next((one for one in left if one == line_of or (free and one.rpartition("__")[0] == family)), "")
        file = file.with_line(file.lines[line_of], key, left.pop(key)) if key else file.without([line_of])
    feeds = {key: value for key, value in left.items() if key.startswith(_FEED)}
    below = max((file.lines[key] for key in file.values if key.startswith(_FEED)), default=None)
    file = file.with_settings(feeds, below=below) if feeds else file
    rest = {key: value for key, value in left.items() if key not in feeds}
    return file.with_settings(rest) if rest else file


def add_feed(
    path: Path,
    address: str,
    *,
    name: str = "",
    title: str = "",
    kind: FeedKind = FeedKind.FEED,
    link_selector: str = "",
) -> Feed:
    """Add one feed or page to a configuration file, below the last one in it.

    Without a name it is called after its title, else after its address.

    Raises:
        ConfigError: the address or name is not valid, or is in the file already; the file cannot be read or written.
    """
    file = read_env_file(path)
    feed, settings = feed_settings(file, address, name=name, title=title, kind=kind, link_selector=link_selector)
    below = max((line for key, line in file.lines.items() if _is_source(key)), default=None)
    file.with_settings(settings, below=below).save()
    return feed


def feed_settings(
    file: EnvFile,
    address: str,
    *,
    name: str = "",
    title: str = "",
    kind: FeedKind = FeedKind.FEED,
    link_selector: str = "",
) -> tuple[Feed, dict[str, str]]:
    """The settings of one more feed or page, beside those that a configuration has.

    Raises:
        ConfigError: the address or name is not valid, or is there already.
    """
    address = address.strip()
    existing = _sources(file)
    for key, value in existing.items():
        if value == address:
            where = f" (line {file.lines[key]})" if key in file.lines else ""
            raise ConfigError(key, f"has this address already{where}", "nothing needs to be added")
    taken = {key.rpartition("__")[2].lower() for key in existing}
    if name.lower() in taken:
        raise ConfigError(f"{_FEED}{name.upper()}", "is already in use", "choose another --name")
    family = _PAGE if kind is FeedKind.PAGE else _FEED
    if not name:
        name = FreeNames(taken).take(key_name_from(title) or key_name_from(address) or "feed")
    key = family + (name.upper() if name.isascii() else name)
    if "__" in name:
        fix = "a double underscore divides levels: use a single one inside a name"
        raise ConfigError(key, "has a double underscore in its name", fix)
    line_for(key, address)
    if problem := problem_with(key, address) if address else ConfigError(key, "is empty", "write an address or a path"):
        raise problem
    links = {f"{_LINKS}{name.upper()}": link_selector} if link_selector else {}
    return Feed(name=name.lower(), url=address, kind=kind, link_selector=link_selector), {key: address, **links}


def clean_name(name: str) -> str:
    """A name that a setting can have, made of any words."""
    return name if _NAME.fullmatch(name) else key_name_from(name) or "feed"


def remove_feed(path: Path, name: str) -> tuple[str, str]:
    """Remove a feed or page, named by its name or its address, from a configuration file, with its own settings.

    Returns its name and address.

    Raises:
        ConfigError: the file has none of that name, or several feeds that may be meant; the file cannot be read or written.
    """
    file = read_env_file(path)
    named = (f"{_FEED}{name.upper()}", f"{_PAGE}{name.upper()}")
    keys = [key for key in named if key in file.values]
    if not keys and len(keys := _with_address(file, name.strip())) > 1:
        found = ", ".join(f"{key.rpartition('__')[2].lower()} ({shown_address(file.values[key])})" for key in keys)
        raise ConfigError("NAME", f"may be any of {found}", "write the name of the one that is to go")
    if not keys:
        guess = closest_match(name, _names(file))
        fix = (
            f"did you mean {guess}?"
            if guess
            else "`digestbot feeds list` shows their names; feeds of an OPML file are removed in that file"
        )
        raise ConfigError(f"{_FEED}{name.upper()}", f"is not in {path.name}", fix)
    name = keys[0].rpartition("__")[2]
    users = [key for key, value in file.values.items() if _SOURCES.search(key) and name.lower() in _names_in(value)]
    if users:
        raise ConfigError(
            users[0], f"names {name.lower()}, so that nothing could run without it", "take it out there first"
        )
    links = [f"{_LINKS}{name}"] if keys[0].startswith(_PAGE) else []
    own = [key for key in file.values if key.startswith(f"{keys[0]}__")]
    file.without([keys[0], *links, *own]).save()
    return name.lower(), file.values[keys[0]]


def _with_address(file: EnvFile, address: str) -> list[str]:
    """The feeds and pages that have exactly this address, else those whose address means the same."""
    sources = _sources(file)
    exact = [key for key, value in sources.items() if value == address]
    return exact or [key for key, value in sources.items() if same_feed(value) == same_feed(address)]


def _names_in(value: str) -> set[str]:
    return set(re.findall(r"[\w-]+", value.lower()))


def _names(file: EnvFile) -> list[str]:
    return [key.rpartition("__")[2].lower() for key in _sources(file)]


def _sources(file: EnvFile) -> dict[str, str]:
    """The addresses of feeds and pages by key."""
    return {key: value for key, value in file.values.items() if _is_source(key)}


def _is_source(key: str) -> bool:
    return key.startswith((_FEED, _PAGE)) and key.count("__") == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a list of feeds."""

    feeds: tuple[Feed, ...]  # written, with their names
    left_out: tuple[LeftOut, ...] = ()  # no line can hold them, or their address or selector is not valid
    known: int = 0  # their address was there already
    lost: tuple[str, ...] = ()  # what the other program did with a feed, and nothing here does
    without: tuple[str, ...] = ()  # settings of feeds that were left out, each with the feed's name


def import_opml(path: Path, opml: Path, *, files: bool = False) -> Added:
    """Append the feeds of OPML, or of a list of another program, to a configuration file, with `files` also those that lie below its folder.

    Raises:
        ConfigError: one of the two cannot be read, the first not written.
    """
    values = read_env_file(path).values
    named = [value for key, value in values.items() if key.endswith("_FILE") or key == "DIGESTBOT_DATA"]
    private = {
        path.resolve(),
        *((path.resolve().parent / Path(value).expanduser()).resolve() for value in named if value),
    }
    found = feeds_in_opml(opml, files=files, hidden=private, others=True)
    added = add_feeds(path, found.feeds)
    return replace(added, left_out=found.left_out + added.left_out, lost=found.lost)


def add_feeds(path: Path, feeds: Iterable[Feed]) -> Added:
    """Append feeds and pages to a configuration file, except those whose address is in it already.

    A feed keeps its name where the name of a setting can be that and nobody else has it; else it is named after its title
    or address.

    Raises:
        ConfigError: the file cannot be read or written.
    """
    file = read_env_file(path)
    names, known = FreeNames(_names(file)), 0
    topics = {key.removeprefix(_TOPIC).lower() for key in file.values if key.startswith(_TOPIC)}
    seen = {same_feed(address) for address in _sources(file).values()}
    wanted: list[tuple[Feed, dict[str, str]]] = []
    for given in feeds:
        feed = replace(given, url=given.url.strip())
        if (address := same_feed(feed.url)) in seen:
            known += 1
            continue
        seen.add(address)
        name = feed.name.lower() if _NAME.fullmatch(feed.name) and len(feed.name) <= _MAX_NAME_CHARS else ""
        name = names.take(name or key_name_from(feed.title) or key_name_from(feed.url) or "feed")
        wanted.append((replace(feed, name=name), _settings_of(feed, name)))
    wrong = {error.key: error.reason for error in problems_with({k: v for _, keys in wanted for k, v in keys.items()})}
    added: list[Feed] = []
    left_out: list[LeftOut] = []
    settings: dict[str, str] = {}
    without: list[str] = []
    for feed, given_keys in wanted:
        # A setting of its own that would break the file is left out alone: the feed is worth more than its title.
        bad = {
            key
            for key, value in given_keys.items()
            if _is_own(key) and (key in wrong or _unwritable({key: value}) or _unknown_topic(key, value, topics))
        }
        keys = {key: value for key, value in given_keys.items() if key not in bad}
        without += [f"{key.rpartition('__')[2]} of {feed.name}" for key in sorted(bad)]
        needed = {key: value for key, value in keys.items() if not _is_own(key)}
        if reason := next((wrong[key] for key in needed if key in wrong), "") or _unwritable(needed):
            left_out.append(LeftOut(address=feed.url, reason=shorten(one_line(reason), _MAX_REASON_CHARS)))
        else:
            added.append(feed)
            settings |= keys
    if settings:
        file.with_settings(settings).save()
    return Added(feeds=tuple(added), left_out=tuple(left_out), known=known, without=tuple(without))


def _settings_of(feed: Feed, name: str) -> dict[str, str]:
    is_page = feed.kind is FeedKind.PAGE
    key = f"{_PAGE if is_page else _FEED}{name.upper()}"
    own = {
        "TITLE": feed.title,
        "FOLDER": path_of(feed.categories),
        "WEIGHT": written_weight(feed.weight) if feed.weight != 1 else "",
        "INTERVAL": written_duration(feed.interval) if feed.interval else "",
        "FULLTEXT": "" if feed.full_text is None else "yes" if feed.full_text else "no",
        "MUTE": feed.mute,
        "TOPIC": feed.topic,
        "MAX_ITEMS": str(feed.max_items or ""),
    }
    links = {f"{_LINKS}{name.upper()}": feed.link_selector} if is_page and feed.link_selector else {}
    return {key: feed.url} | {f"{key}__{field}": value for field, value in own.items() if value} | links


def _unknown_topic(key: str, value: str, topics: Collection[str]) -> bool:
    return key.endswith("__TOPIC") and value not in topics


def _is_own(key: str) -> bool:
    return key.startswith((_FEED, _PAGE)) and key.count("__") > 1


def _unwritable(settings: dict[str, str]) -> str:
    try:
        for key, value in settings.items():
            if not value:
                return "is empty"
            line_for(key, value)
    except ConfigError as error:
        return error.reason
    return ""
