"""`digestbot check`: try everything a run will need, and say what is wrong and how to put it right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..app import wiring
from ..app.channels import (
    RecipientCheck,
    channel_advice,
    channel_problems,
    channels,
    delivery_problems,
    used_channels,
    wanted_channels,
)
from ..app.feeds import configured_sources, left_out_sentence, lost_sentence, sources_in_words
from ..app.meaning import meaning_problems
from ..app.queue import queue_problems
from ..app.returned import mailbox_of
from ..app.storage import looked_at, places
from ..errors import ConfigError, ConfigErrors, DeliveryError, StoreError, TemporaryFailure
from ..model import LIST_CHANNEL
from ..ports import Channel, Progress, Wanted
from ..settings import CHANNELS, Loaded
from .check_feeds import feeds_and_content
from .check_folders import data_folder
from .check_settings import advice, without_effect
from .check_site import gone_digests, site
from .finding import Finding, warning
from .list_health import list_advice, readers

__all__ = ["Finding", "check"]


def check(
    read: Callable[[], Loaded], data: Callable[[Loaded], Path], progress: Progress, *, dns: bool = False
) -> Iterator[Finding]:
    """Everything that was found, in the order a run meets it. Sends nothing and keeps nothing.

    Where the configuration itself is wrong, that is all there is to say: nobody is asked anything.

    Args:
        read: reads the configuration.
        data: the folder for state.
        progress: shows which feeds answer.
        dns: ask name servers for the records that mail needs.
    """
    try:
        loaded = read()
        sources = configured_sources(loaded)
    except ConfigError as error:
        yield from _wrong(error.errors if isinstance(error, ConfigErrors) else (error,))
        return
    names = ", ".join(spec.name for spec in wiring.digest_specs(loaded))
    where = str(loaded.path) if loaded.path else "the environment"
    feeds = sources_in_words(sources.feeds)
    yield Finding(level="ok", key="configuration", reason=f"read from {where}; {feeds}; digests: {names}")
    used = places(loaded, data(loaded))
    at = Finding(level="ok", key="data", reason=f"in {used['data']}; database: {used['database']}")
    yield from list(data_folder(loaded, data(loaded))) or [at]
    yield from _plugins()
    yield from _wrong(delivery_problems(loaded, loaded.digests))
    yield from _wrong(meaning_problems(loaded))
    yield from _wrong(list(queue_problems(loaded)) if loaded.settings.jobs == "cluster" else ())
    yield from advice(loaded, datetime.now(UTC).date())
    yield from without_effect(loaded, sources.feeds)
    yield from _templates(loaded)
    if sources.left_out:
        fix = "DIGESTBOT_OPML_FILES=yes lets it name files below its own folder; remove the rest from it"
        yield warning(loaded, "DIGESTBOT_OPML", left_out_sentence(sources.left_out), fix)
    if sources.lost:
        fix = "docs/topics.md says what they may be; correct them there, or take them out"
        yield warning(loaded, "DIGESTBOT_OPML", lost_sentence(sources.lost), fix)
    try:
        yield from feeds_and_content(loaded, sources, data(loaded), progress)
    except StoreError as error:  # what was found before it, and what comes after, is told all the same
        yield Finding(level="error", key="database", reason=str(error), live=True)
    yield from _accounts(loaded)
    yield from _mailbox(loaded)
    active, stored = _stored(loaded, data(loaded))
    yield from list_advice(loaded, active)
    yield from gone_digests(loaded, stored)
    yield from site(loaded, data(loaded))
    for one in channel_advice(loaded, dns=dns):
        line = loaded.lines.get(one.key)
        yield Finding(level=one.level, key=one.key, reason=one.reason, fix=one.fix, line=line, live=dns and not line)


def _wrong(errors: Sequence[ConfigError]) -> Iterator[Finding]:
    for error in errors:
        yield Finding(
            level="error", key=error.key, reason=error.reason, fix=error.fix, line=error.line, configuration=True
        )


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


def _plugins() -> Iterator[Finding]:
    """Channels of other packages that could not be loaded: the rest works without them."""
    for problem in CHANNELS.problems:
        yield Finding(level="error", key=problem.key, reason=problem.reason, fix=problem.fix)


def _accounts(loaded: Loaded) -> Iterator[Finding]:
    """Every channel that is set up as it must be is asked whether it would take a message; nothing is sent."""
    wanted = wanted_channels(loaded, loaded.digests)
    # An account that nobody is sent through would fail no morning; without any recipient yet all are tried.
    used = used_channels(loaded, loaded.digests)
    idle = [scheme for scheme, one in used.items() if not one] if any(used.values()) else []
    for name, channel in channels(loaded, without={*channel_problems(loaded, loaded.digests), *idle}).items():
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


def _mailbox(loaded: Loaded) -> Iterator[Finding]:
    """The mailbox of returned mails, where one is set up as it must be; nothing in it is marked."""
    mailbox = mailbox_of(loaded)
    if mailbox is None or LIST_CHANNEL in channel_problems(loaded, loaded.digests):
        return
    try:
        yield Finding(level="ok", key="returned mails", reason=mailbox.check(), live=True)
    except TemporaryFailure as error:
        yield warning(loaded, "returned mails", str(error), "nothing, if it passes by itself")
    except DeliveryError as error:
        yield Finding(level="error", key="returned mails", reason=str(error), live=True)
    finally:
        mailbox.close()


def _stored(loaded: Loaded, data: Path) -> tuple[dict[str, int], frozenset[str]]:
    """How many read each list, and which digests have editions."""
    now = datetime.now(UTC)
    try:
        return looked_at(loaded, data, lambda store: (readers(store, now=now), store.editions.digests()))
    except StoreError:  # told already, with what the feeds are
        return {}, frozenset()


def _recipients(channel: Channel, wanted: Sequence[Wanted], loaded: Loaded) -> Iterator[Finding]:
    """Those that a channel can try beforehand, and that would be refused."""
    for address, key in dict.fromkeys(wanted) if isinstance(channel, RecipientCheck) else ():
        try:
            channel.check_recipient(address)  # type: ignore[attr-defined]
        except TemporaryFailure as error:
            yield warning(loaded, key, str(error), "nothing, if it passes by itself")
        except DeliveryError as error:
            yield Finding(level="error", key=key, reason=str(error), line=loaded.lines.get(key), live=True)
