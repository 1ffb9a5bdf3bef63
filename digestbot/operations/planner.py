"""When the digests of a configuration go out: what it says today, and what the store remembers of how it was before."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from ..app.zones import schedule_for
from ..edition.planning import planned
from ..edition.schedule import Schedule
from ..ports import Store
from ..settings import Loaded, split_lists
from ..settings.values import LOCAL

LOG = logging.getLogger("digestbot")
_LOOKED_AT = 100  # deliveries of the last edition, for one to a reader of a list
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBERED = timedelta(days=14)  # a digest that rested for longer begins anew


def schedules(
    loaded: Loaded,
    store: Store,
    *,
    now: datetime,
    seen: datetime | None = None,
    names: Iterable[str] | None = None,
    remember: bool = True,
) -> dict[str, Schedule]:
    """When each digest goes out, by its name; what was changed since the last look is recorded.

    Args:
        loaded: the configuration.
        store: where it is remembered.
        now: the real time.
        seen: when the configuration before this one was still in use, where that is known.
        names: of the digests; all by default.
        remember: whether a change is recorded; not by who only looks.
    """
    if (renamed := renamed_digest(loaded, store, now=now)) is not None:
        store.editions.rename(*renamed)
        LOG.warning("digest=%s is called %s now; its editions go with it", *renamed)
    changed = max(_changed(loaded), seen or _EVER)
    return {
        name: planned(
            store.editions,
            name,
            schedule_for(loaded.digests[name]),
            now=now,
            changed=changed,
            follows_machine=loaded.digests[name].timezone == LOCAL,
            remember=remember,
        )
        for name in (loaded.digests if names is None else names)
    }


def renamed_digest(loaded: Loaded, store: Store, *, now: datetime) -> tuple[str, str] | None:
    """What a digest was called that has another name in the configuration, and that: it goes on where it was, else its
    readers had all of it twice. None where there is none.

    It is taken for the same where it is the only one that is new, the other the only one that is gone, and a recipient of the
    last edition, or a list whose reader got it, is one of its own.
    """
    known = store.editions.digests()
    new, gone = [name for name in loaded.settings.digests if name not in known], known - loaded.digests.keys()
    if len(new) != 1 or not gone:
        return None
    sent = {name: store.editions.latest(name, until=now) for name in gone}
    recent = [name for name, last in sent.items() if last is not None and now - last.until <= _REMEMBERED]
    if len(recent) != 1 or (last := sent[recent[0]]) is None:
        return None
    recipients, lists = split_lists(loaded.digests[new[0]].to)
    sent_to = partial(store.outbox.all, digest=recent[0], day=last.date)
    # What goes to a list goes to its readers alone.
    known_by = sent_to(recipients=recipients, limit=1) or any(row.list in lists for row in sent_to(limit=_LOOKED_AT))
    return (recent[0], new[0]) if known_by else None


def _changed(loaded: Loaded) -> datetime:
    """When the file was last written; of variables alone nobody knows: they count as having been like this all along."""
    if loaded.path is None:
        return _EVER
    try:
        return datetime.fromtimestamp(loaded.path.stat().st_mtime, UTC)
    except OSError:
        return _EVER
