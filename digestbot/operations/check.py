"""`digestbot check`: try everything a run will need, and say what is wrong and how to put it right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from ..app import wiring
from ..app.channels import (
    RecipientCheck,
    channel_advice,
    channel_problems,
    channels,
    delivery_problems,
    wanted_channels,
)
from ..app.feeds import Sources, configured_sources, left_out_sentence
from ..app.meaning import meaning_problems
from ..app.plain_http import FIX, REASON, in_the_clear
from ..app.storage import places, throwaway_store
from ..app.zones import own_zone
from ..collect import collect
from ..collect.canonical_url import canonical_url
from ..errors import ConfigError, ConfigErrors, DeliveryError, TemporaryFailure
from ..model import Feed
from ..ports import Channel, Progress, Store, Wanted
from ..settings import CHANNELS, Loaded, secrets_in
from ..text.counting import counted
from ..text.web_addresses import masked
from .check_content import editions_to_come, silent_feeds, topics_in_words

# Any right of the group or of others, writing too: whoever may change the file can name another account in it.
_OPEN_TO_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried or looked at."""

    level: Literal["ok", "hint", "warning", "error"]
    key: str  # the setting, or what it is about
    reason: str
    fix: str = ""
    line: int | None = None  # of the setting in the configuration file
    live: bool = False  # found by asking another machine, or the disk: it may be different in a minute
    configuration: bool = False  # an error of the configuration itself

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return asdict(self) | {"reason": masked(self.reason)}

    def __str__(self) -> str:
        where = f" (line {self.line})" if self.line else ""
        fix = f"; {self.fix}" if self.fix else ""
        return f"{self.key}{where}: {self.reason}{fix}" + (" [live]" if self.live else "")


def check(read: Callable[[], Loaded], data: Callable[[Loaded], Path], progress: Progress) -> Iterator[Finding]:
    """Everything that was found, in the order a run meets it. Sends nothing and keeps nothing.

    Where the configuration itself is wrong, that is all there is to say: nobody is asked anything.

    Args:
        read: reads the configuration.
        data: the folder for state.
        progress: shows which feeds answer.
    """
    try:
        loaded = read()
        sources = configured_sources(loaded)
    except ConfigError as error:
        yield from _wrong(error.errors if isinstance(error, ConfigErrors) else (error,))
        return
    names = ", ".join(spec.name for spec in wiring.digest_specs(loaded))
    where = str(loaded.path) if loaded.path else "the environment"
    feeds = counted(len(sources.feeds), "feed")
    yield Finding(level="ok", key="configuration", reason=f"read from {where}; {feeds}; digests: {names}")
    used = places(loaded, data(loaded))
    yield Finding(level="ok", key="data", reason=f"in {used['data']}; database: {used['database']}")
    yield from _plugins()
    yield from _wrong(delivery_problems(loaded, loaded.digests))
    yield from _wrong(meaning_problems(loaded))
    yield from _advice(loaded, datetime.now(UTC).date())
    yield from _templates(loaded)
    if sources.left_out:
        fix = "DIGESTBOT_OPML_FILES=yes lets it name files below its own folder; remove the rest from it"
        yield _warning(loaded, "DIGESTBOT_OPML", left_out_sentence(sources.left_out), fix)
    yield from _feeds(loaded, sources, data(loaded), progress)
    yield from _accounts(loaded)
    for advice in channel_advice(loaded):
        yield Finding(level="hint", key=advice.key, reason=advice.reason, fix=advice.fix)


def _wrong(errors: Sequence[ConfigError]) -> Iterator[Finding]:
    for error in errors:
        yield Finding(
            level="error", key=error.key, reason=error.reason, fix=error.fix, line=error.line, configuration=True
        )


def _advice(loaded: Loaded, today: date) -> Iterator[Finding]:
    """What works, but probably not as it was meant."""
    for key in loaded.overridden:
        reason = "the environment sets it to something else, and wins over the file"
        yield _warning(loaded, key, reason, "take it out of one of the two")
    yield from _zones(loaded)
    for name, digest in loaded.digests.items():
        for setting, terms in (("MUTE", digest.mute), ("PIN", digest.pin)):
            for term in terms:
                if not term.holds(today):
                    key = f"DIGESTBOT_DIGESTS__{name.upper()}__{setting}"
                    yield _warning(loaded, key, f"a term until {term.until} is over", "take it out")
    read = {topic for digest in loaded.digests.values() for topic in digest.topics or loaded.settings.topics}
    for topic in loaded.topics:
        if topic.name not in read:
            key = f"DIGESTBOT_TOPICS__{topic.name.upper()}"
            yield _warning(loaded, key, "is not used by any digest", "name it in a digest's TOPICS, or take it out")
    secrets = {secret.key for secret in secrets_in(loaded.settings)}
    # Only where the file itself holds a secret: one that names secret files may be read by anybody.
    if loaded.path and loaded.lines.keys() & secrets and loaded.path.stat().st_mode & _OPEN_TO_OTHERS:
        yield _warning(
            loaded, str(loaded.path), "others on this machine may read its secrets", f"chmod 600 {loaded.path}"
        )


def _zones(loaded: Loaded) -> Iterator[Finding]:
    """A digest without a zone goes by the machine's, which in a container is UTC."""
    unset = [name for name, digest in loaded.digests.items() if digest.timezone == "local"]
    if unset:
        reason = f"no TIMEZONE is set, so the machine's counts: {own_zone()}"
        key = f"DIGESTBOT_DIGESTS__{unset[0].upper()}__TIMEZONE"
        yield Finding(level="hint", key=key, reason=reason, fix="write your own, as in Europe/Berlin")


def _warning(loaded: Loaded, key: str, reason: str, fix: str) -> Finding:
    return Finding(level="warning", key=key, reason=reason, fix=fix, line=loaded.lines.get(key))


def _templates(loaded: Loaded) -> Iterator[Finding]:
    own = {
        name: f"DIGESTBOT_DIGESTS__{name.upper()}__TEMPLATES" for name, one in loaded.digests.items() if one.templates
    }
    problems = False
    for digest, key in {"": "DIGESTBOT_TEMPLATES", **own}.items():
        try:
            made = wiring.templates(loaded, digest)
        except ConfigErrors as error:
            yield from _wrong(error.errors)
            return
        for problem in made.check():
            problems = True
            line = loaded.lines.get(key)
            yield Finding(level="error", key=key, reason=problem, fix="correct it, or remove it to use ours", line=line)
    if not problems:
        yield Finding(level="ok", key="templates", reason="complete")


def _feeds(loaded: Loaded, sources: Sources, data: Path, progress: Progress) -> Iterator[Finding]:
    feeds = sources.feeds
    keys = {name: f"DIGESTBOT_FEEDS__{name.upper()}" for name in loaded.settings.feeds}
    keys |= {name: f"DIGESTBOT_PAGES__{name.upper()}" for name in loaded.settings.pages}
    now = datetime.now(UTC)
    with throwaway_store(loaded, data) as store:
        options = wiring.fetch_options(loaded)
        # Forced, because it is to be seen whether each feed answers, not whether it is due. The copy is thrown away.
        collected = collect(feeds, store.items, now=now, clock=now, options=options, progress=progress, force=True)
        content = list(_content(loaded, sources, store, now=now))
    yield from _twice(loaded, feeds, keys)
    for feed in in_the_clear(feeds, loaded):
        yield _warning(loaded, keys.get(feed.name, feed.name), REASON, FIX)
    for failure in collected.failures:
        key = keys.get(failure.source, failure.source)
        yield Finding(level="warning", key=key, reason=failure.detail, line=loaded.lines.get(key), live=True)
    good = collected.feeds - collected.failed
    # One feed that answers makes a digest, so a single failure is a warning and no error.
    level: Literal["ok", "error"] = "ok" if good or not feeds else "error"
    yield Finding(level=level, key="feeds", reason=f"{good} of {collected.feeds} can be read", live=True)
    yield from content


def _twice(loaded: Loaded, feeds: Sequence[Feed], keys: Mapping[str, str]) -> Iterator[Finding]:
    """Feeds that are one feed: each of its items would count as two."""
    known: dict[tuple[str, str], str] = {}
    for feed in feeds:
        first = known.setdefault((canonical_url(feed.url) or feed.url, feed.link_selector), feed.name)
        if first != feed.name:
            key = keys.get(feed.name, feed.name)
            yield _warning(loaded, key, f"has the same address as {first}", "take one of the two out")


def _content(loaded: Loaded, sources: Sources, store: Store, *, now: datetime) -> Iterator[Finding]:
    """What a morning would find, as far as what is stored tells."""
    if silent := silent_feeds(loaded, store, now=now):
        fix = "look whether they have moved (`digestbot feeds try ADDRESS`), or take them out"
        yield Finding(level="warning", key="feeds", reason=silent, fix=fix)
    for key, reason, matches in topics_in_words(loaded, sources.feeds, store, now=now):
        fix = "" if matches else "`digestbot topics suggest` and `topics test` help to find better words"
        level: Literal["ok", "warning"] = "ok" if matches else "warning"
        yield Finding(level=level, key=key, reason=reason, fix=fix, line=loaded.lines.get(key))
    for key, reason in editions_to_come(loaded, now=now):
        yield Finding(level="ok", key=key, reason=reason, line=loaded.lines.get(key))


def _plugins() -> Iterator[Finding]:
    """Channels of other packages that could not be loaded: the rest works without them."""
    for problem in CHANNELS.problems:
        yield Finding(level="error", key=problem.key, reason=problem.reason, fix=problem.fix)


def _accounts(loaded: Loaded) -> Iterator[Finding]:
    """Every channel that is set up as it must be is asked whether it would take a message; nothing is sent."""
    wanted = wanted_channels(loaded, loaded.digests)
    for name, channel in channels(loaded, without=channel_problems(loaded, loaded.digests)).items():
        try:
            good = channel.check()
            refused = list(_recipients(channel, wanted[name], loaded))
            yield from refused
            if not refused:
                yield Finding(level="ok", key=name, reason=good, live=True)
        except DeliveryError as error:
            key = CHANNELS.plugins[name].account or f"{name}:"
            yield Finding(level="error", key=key, reason=str(error), line=loaded.lines.get(key), live=True)
        finally:
            channel.close()


def _recipients(channel: Channel, wanted: Sequence[Wanted], loaded: Loaded) -> Iterator[Finding]:
    """Those that a channel can try beforehand, and that would be refused."""
    for address, key in dict.fromkeys(wanted) if isinstance(channel, RecipientCheck) else ():
        try:
            channel.check_recipient(address)  # type: ignore[attr-defined]
        except TemporaryFailure as error:
            yield _warning(loaded, key, str(error), "nothing, if it passes by itself")
        except DeliveryError as error:
            yield Finding(level="error", key=key, reason=str(error), line=loaded.lines.get(key), live=True)
