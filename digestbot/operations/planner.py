"""When the digests of a configuration go out: what it says today, and what the store remembers of how it was before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from ..app.zones import schedule_for
from ..edition.planning import planned
from ..edition.schedule import Schedule
from ..ports import Store
from ..settings import Loaded
from ..settings.values import LOCAL

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def schedules(
    loaded: Loaded, store: Store, *, now: datetime, seen: datetime | None = None, names: Iterable[str] | None = None
) -> dict[str, Schedule]:
    """When each digest goes out, by its name; what was changed since the last look is recorded.

    Args:
        loaded: the configuration.
        store: where it is remembered.
        now: the real time.
        seen: when the configuration before this one was still in use, where that is known.
        names: of the digests; all by default.
    """
    changed = max(_changed(loaded), seen or _EVER)
    return {
        name: planned(
            store.editions,
            name,
            schedule_for(loaded.digests[name]),
            now=now,
            changed=changed,
            follows_machine=loaded.digests[name].timezone == LOCAL,
        )
        for name in (loaded.digests if names is None else names)
    }


def _changed(loaded: Loaded) -> datetime:
    """When the file was last written; of variables alone nobody knows: they count as having been like this all along."""
    if loaded.path is None:
        return _EVER
    try:
        return datetime.fromtimestamp(loaded.path.stat().st_mtime, UTC)
    except OSError:
        return _EVER
