"""What `digestbot check` says of settings that work, but hardly as they were meant, and of those that cannot change anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from ..app.channels import used_channels
from ..app.zones import own_zone
from ..collect.canonical_url import is_web_address
from ..model import Feed
from ..settings import CHANNELS, WEEKEND, Loaded, secrets_in
from ..topics import DatedTerm, parse_dated
from .finding import Finding, warning

# Any right of the group or of others, writing too: whoever may change the file can name another account in it.
_OPEN_TO_OTHERS: Final = 0o077
_PREFIX: Final = "DIGESTBOT_"
_TAKE_OUT: Final = "take it out"


def advice(loaded: Loaded, today: date) -> Iterator[Finding]:
    """What works, but probably not as it was meant."""
    for key in loaded.overridden:
        reason = "the environment sets it to something else, and wins over the file"
        yield warning(loaded, key, reason, "take it out of one of the two")
    yield from _zones(loaded)
    for key, terms in _dated_terms(loaded):
        for term in terms:
            if not term.holds(today):
                yield warning(loaded, key, f"a term until {term.until} is over", _TAKE_OUT)
    read = {topic for digest in loaded.digests.values() for topic in digest.topics or loaded.settings.topics}
    for topic in loaded.topics:
        if topic.name not in read:
            key = f"DIGESTBOT_TOPICS__{topic.name.upper()}"
            yield warning(loaded, key, "is not used by any digest", "name it in a digest's TOPICS, or take it out")
    secrets = {secret.key for secret in secrets_in(loaded.settings)}
    # Only where the file itself holds a secret: one that names secret files may be read by anybody.
    if loaded.path and loaded.lines.keys() & secrets and loaded.path.stat().st_mode & _OPEN_TO_OTHERS:
        yield warning(
            loaded, str(loaded.path), "others on this machine may read its secrets", f"chmod 600 {loaded.path}"
        )


def _dated_terms(loaded: Loaded) -> Iterator[tuple[str, Iterable[DatedTerm]]]:
    """Every setting whose terms may have a last day: those of digests, then those of one feed or page."""
    for name, digest in loaded.digests.items():
        yield f"{_PREFIX}DIGESTS__{name.upper()}__MUTE", digest.mute
        yield f"{_PREFIX}DIGESTS__{name.upper()}__PIN", digest.pin
    for family, sources in (("FEEDS", loaded.settings.feeds), ("PAGES", loaded.settings.pages)):
        for name, source in sources.items():
            key = f"{_PREFIX}{family}__{name.upper()}__MUTE"
            if source.mute:
                yield key, parse_dated("mute", source.mute, key=key)


def _zones(loaded: Loaded) -> Iterator[Finding]:
    """A digest without a zone goes by the machine's, which in a container is UTC."""
    unset = [name for name, digest in loaded.digests.items() if digest.timezone == "local"]
    if unset:
        reason = f"no TIMEZONE is set, so the machine's counts: {own_zone()}"
        key = f"DIGESTBOT_DIGESTS__{unset[0].upper()}__TIMEZONE"
        yield Finding(level="hint", key=key, reason=reason, fix="write your own, as in Europe/Berlin")


def without_effect(loaded: Loaded, feeds: Sequence[Feed]) -> Iterator[Finding]:
    """Settings that are given and can change nothing, as the others stand. Each says what would make it count.

    The rule: a setting is named where nothing that is made, sent or asked could differ without it. One that only says what would
    be so anyway is not named: it may be written to be read.
    """
    for key, reason, fix in (
        *_unused_channels(loaded),
        *_empty(loaded),
        *_of_digests(loaded, feeds),
        *_of_feeds(loaded, feeds),
        *_of_the_rest(loaded, feeds),
    ):
        yield warning(loaded, key, f"has no effect: {reason}", fix)


Idle = Iterator[tuple[str, str, str]]  # key, why, what to do


def _unused_channels(loaded: Loaded) -> Idle:
    wanted = used_channels(loaded, loaded.digests)
    for group, value in loaded.settings.channels.items():
        schemes = [scheme for scheme, plugin in CHANNELS.plugins.items() if group in plugin.settings]
        key = f"{_PREFIX}{group.upper()}"
        if isinstance(value, Mapping):
            named = {one.address.lower() for scheme in schemes for one in wanted[scheme]}
            for name in value:
                if name.lower() not in named:
                    yield f"{key}__{name.upper()}", f"no TO names {schemes[0]}:{name}", "name it there, or take it out"
            continue
        given = _given(value)
        if any(wanted[scheme] for scheme in schemes):
            # Of a group that several kinds of recipients share, some settings are read for one kind alone.
            given = tuple(one for one in given if (kind := value.only_for.get(one)) and not wanted[kind])
            schemes = [*dict.fromkeys(value.only_for[one] for one in given)]
        if given:
            others = f", nor has {key}__{given[1]}" if len(given) == 2 else ""
            others = f", nor have the {len(given) - 1} others of {key}" if len(given) > 2 else others
            reason = f"no TO names a recipient with {' or '.join(f'{scheme}:' for scheme in schemes)}{others}"
            yield f"{key}__{given[0]}", reason, "add a recipient, or take it out"


def _empty(loaded: Loaded) -> Idle:
    """A feed, page or topic that is named and says nothing: an empty value counts as one that is not set."""
    settings = loaded.settings
    for family, named in (("FEEDS", settings.feeds), ("PAGES", settings.pages), ("TOPICS", settings.topics)):
        known = {f"{_PREFIX}{family}__{name.upper()}" for name in named}
        what = "a word" if family == "TOPICS" else "an address"
        for key in loaded.lines:
            if key.startswith(f"{_PREFIX}{family}__") and key.count("__") == 1 and key not in known:
                yield key, "it is empty", f"write {what}, or take it out"


def _of_digests(loaded: Loaded, feeds: Sequence[Feed]) -> Idle:
    names = {feed.name for feed in feeds}
    for name, digest in loaded.digests.items():
        key, given = f"{_PREFIX}DIGESTS__{name.upper()}__", set(_given(digest))
        topics = digest.topics or tuple(loaded.settings.topics)
        if "ORDER" in given and digest.order == "file" and len(topics) < 2:
            yield f"{key}ORDER", "there are no two topics to put in order", _TAKE_OUT
        if "ELSEWHERE" in given and digest.elsewhere and not topics:
            yield f"{key}ELSEWHERE", "without topics every story has its place already", _TAKE_OUT
        if "MAX_PER_SOURCE" in given and 0 < digest.max_stories <= digest.max_per_source:
            yield f"{key}MAX_PER_SOURCE", "MAX_STORIES is reached before", "write a smaller number, or take it out"
        if (
            "MODE" in given
            and digest.mode != "standard"
            and not any(one.channel.startswith("slack") for one in digest.to)
        ):
            yield f"{key}MODE", "it shapes messages to Slack, and TO names none", _TAKE_OUT
        if "WEEKEND" in given and digest.weekend == "drop" and not digest.days & WEEKEND and digest.days:
            yield f"{key}WEEKEND", "DAYS has no Saturday and no Sunday", "write carry, or take it out"
        for source, _weight in digest.source_weights:
            # Houses may hold a feed of another name; of two feeds it is certain.
            if digest.sources and source not in digest.sources and {source, *digest.sources} <= names:
                yield f"{key}SOURCE_WEIGHTS", f"{source} is not among its SOURCES", "name it there, or take it out"


def _of_feeds(loaded: Loaded, feeds: Sequence[Feed]) -> Idle:
    for feed in feeds:
        key = f"{_PREFIX}{'PAGES' if feed.name in loaded.settings.pages else 'FEEDS'}__{feed.name.upper()}"
        if feed.headers and not is_web_address(feed.url):
            yield f"{key}__HEADERS", "a file is not asked with headers", _TAKE_OUT


def _of_the_rest(loaded: Loaded, feeds: Sequence[Feed]) -> Idle:
    settings = loaded.settings
    if not settings.opml:
        for name in ("OPML_FILES", "OPML_FOLDERS"):
            if name in _given(settings):
                yield f"{_PREFIX}{name}", f"{_PREFIX}OPML names no file", "name one, or take it out"
    if settings.alerts.plain_http and not settings.alerts.ping_url:
        yield f"{_PREFIX}ALERTS__PLAIN_HTTP", "there is no PING_URL", _TAKE_OUT
    hosts = {urlsplit(feed.url).hostname for feed in feeds if feed.url.lower().startswith("http:")}
    for host in settings.fetch.plain_http_secrets:
        if host not in hosts:
            yield f"{_PREFIX}FETCH__PLAIN_HTTP_SECRETS", f"no feed is asked over http:// at {host}", _TAKE_OUT
    for name, topic in settings.topics.items():
        most = [one.max_stories for one in loaded.digests.values() if not one.topics or name in one.topics]
        if topic.limit and most and topic.limit >= max(most):
            yield (
                f"{_PREFIX}TOPICS__{name.upper()}__LIMIT",
                "MAX_STORIES is reached before",
                "write a smaller number, or take it out",
            )


def _given(group: BaseModel) -> tuple[str, ...]:
    """What is set in a group, as it is written."""
    fields = type(group).model_fields
    return tuple((fields[name].alias or name).upper() for name in fields if name in group.model_fields_set)
