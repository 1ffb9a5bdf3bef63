"""What `digestbot check` says of feeds: whether they answer, and what a morning would find in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from ..app import wiring
from ..app.feeds import Sources
from ..app.plain_http import FIX, REASON, in_the_clear
from ..app.storage import throwaway_store
from ..collect import collect
from ..collect.canonical_url import canonical_url, same_feed
from ..collect.foreign_errors import refused_address
from ..collect.guard import ranges_of
from ..model import Failure, Feed
from ..ports import Progress, Store
from ..settings import Loaded
from ..text.counting import counted, first_named
from .check_content import editions_to_come, silent_feeds, topics_in_words
from .finding import Finding, warning

_MAX_LINES: Final = 3  # of feeds that fail for one reason; more are counted
_MAX_NAMED: Final = 3
# What differs between feeds that fail in the same way: addresses, numbers of machines, names of hosts and files.
_OWN = re.compile(r"\S*[./:\\]\S*")


def feeds_and_content(loaded: Loaded, sources: Sources, data: Path, progress: Progress) -> Iterator[Finding]:
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
        yield warning(loaded, keys.get(feed.name, feed.name), REASON, FIX)
    yield from _failures(loaded, collected.failures, keys)
    good = collected.feeds - collected.failed
    # One feed that answers makes a digest, so a single failure is a warning and no error.
    level: Literal["ok", "error"] = "ok" if good or not feeds else "error"
    yield Finding(level=level, key="feeds", reason=f"{good} of {collected.feeds} can be read", live=True)
    yield from content


def _failures(loaded: Loaded, failures: Sequence[Failure], keys: Mapping[str, str]) -> Iterator[Finding]:
    """A line for each feed that cannot be read; one line for all that fail in the same way, where they are many."""
    alike: defaultdict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        alike[_OWN.sub("", failure.detail)].append(failure)
    for group in alike.values():
        if len(group) <= _MAX_LINES:
            for failure in group:
                yield warning(loaded, keys.get(failure.source, failure.source), failure.detail, live=True)
            continue
        these = f"{counted(len(group), 'feed')} ({first_named([one.source for one in group], most=_MAX_NAMED)})"
        private = [address for failure in group if (address := refused_address(failure.detail))]
        if private:
            reason = f"{these} have private addresses and are not asked"
            fix = f"if they are yours, add {', '.join(ranges_of(private))} to DIGESTBOT_FETCH__ALLOW_PRIVATE"
        else:
            reason, fix = f"{these} fail alike; {group[0].detail}", ""
        yield warning(loaded, "feeds", reason, fix, live=True)


def _twice(loaded: Loaded, feeds: Sequence[Feed], keys: Mapping[str, str]) -> Iterator[Finding]:
    """Feeds that are one feed: each of its items would count as two."""
    known: dict[tuple[str, str], str] = {}
    for feed in feeds:
        asked = same_feed(canonical_url(feed.url, whole_query=True) or feed.url)  # no fragment: servers do not see it
        first = known.setdefault((asked, feed.link_selector), feed.name)
        if first != feed.name:
            key = keys.get(feed.name, feed.name)
            yield warning(loaded, key, f"has the same address as {first}", "take one of the two out")


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
