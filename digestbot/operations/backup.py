"""`digestbot database backup` and `restore`: a copy while others work on it, and back to it with nothing sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..app import wiring
from ..app.storage import database_url, shared_store
from ..edition.context import DigestSpec, EditionContext
from ..edition.failures import failure_in_words
from ..edition.pipeline import run
from ..edition.planning import name_for, settled
from ..edition.schedule import Schedule, due_slot, missed_slots
from ..errors import ConfigError, ConfigErrors, Stopped
from ..model import EditionState
from ..ports import Progress
from ..settings import Loaded
from ..store import Copied, Stores, back_up, hold_open, lock, put_back
from ..text.counting import counted
from .planner import schedules

_DUMP: Final = "pg_dump --format=custom --file=FILE and the name of the database"
_LOAD: Final = "pg_restore --clean --if-exists and FILE, then digestbot database restore without a file"


def backup(loaded: Loaded, data: Path, target: Path) -> Copied:
    """Copy the database of a data folder into a file.

    Raises:
        ConfigErrors: the database is on a server.
        StoreError: there is none, or the file cannot be written.
    """
    _unless_server(loaded, _DUMP)
    return back_up(data, target)


def restore(
    loaded: Loaded,
    data: Path,
    source: Path | None,
    progress: Progress,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[str]:
    """Put a backup in place, and record what has come since then as sent: nothing goes out again.

    A backup does not know what was sent after it was made. So what was open in it becomes `unknown`, which only an operator's word
    sends, and of each digest the edition whose time has come since is made and sent to nobody: the next one goes on from there.

    Args:
        loaded: the configuration.
        data: the folder.
        source: the file; None where the database was put in place by other means, as `pg_restore`.
        progress: is informed of the stages of making editions.
        clock: the time.

    Returns:
        What was done, as lines.

    Raises:
        ConfigErrors: a file for a database on a server.
        DataFolderLocked: another process works on the folder.
        StoreError: the file is no backup, or cannot be put in place; nothing is changed then.
    """
    if source is not None:
        _unless_server(loaded, _LOAD)
    with lock(data):
        held = 0
        if source is not None:
            done = put_back(data, source)
            held = done.held
            yield f"Put {source} in place" + (
                f"; the database before it is kept as {done.before}" if done.before else ""
            )
        with shared_store(loaded, data) as store:
            if source is None and isinstance(store, Stores):
                held = hold_open(store.database)
            if held:
                yield (
                    f"{counted(held, 'delivery', 'deliveries')} may have been sent since, and will not be by itself: look, then "
                    "`digestbot resolve sent`, or `digestbot resend --unknown`"
                )
            context = wiring.edition_context(loaded, store, progress, sending=False, clock=clock)
            plans = schedules(loaded, store, now=context.clock())
            for spec in wiring.digest_specs(loaded):
                yield from _recorded(spec, context, plans[spec.name])
    yield "Who joined, left or changed a list since the backup is not in it: nobody here knows of that any more"


def _unless_server(loaded: Loaded, how: str) -> None:
    if database_url(loaded):
        reason = "names a database on a server, which has its own way to copies"
        raise ConfigErrors([ConfigError("DIGESTBOT_DATABASE_URL", reason, how)])


def _recorded(spec: DigestSpec, context: EditionContext, schedule: Schedule) -> Iterator[str]:
    """Make what was begun, and the newest edition whose time has come, and send them to nobody.

    Where no feed can be read its date is recorded as missed: what came since is told by the next edition, perhaps once more.
    """
    now, editions = context.clock(), context.store.editions
    quiet = replace(spec, recipients=(), lists=())
    begun = {one.date: one.until for one in editions.history(spec.name) if one.state is EditionState.CLAIMED}
    done = settled(editions, spec.name, now=now)
    due = due_slot(now, schedule, done)
    newest = due or next(iter(reversed(missed_slots(now, schedule, done))), None)
    if newest is not None:
        begun |= {name_for(editions, spec.name, newest, schedule): newest.due}
    for name, until in begun.items():
        try:
            made = run(quiet, context, at=until, day=name)
            lost = "no feed could be read" if made.no_feed_readable else ""
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, its readers must not get it twice
            lost = failure_in_words(error)
        if lost:
            editions.set_state(spec.name, name, EditionState.MISSED)
            yield f"{spec.name} {name}: recorded as missed ({lost}); it is not sent, and the next one tells what came since"
        else:
            yield f"{spec.name} {name}: recorded as sent, to nobody; `digestbot run {spec.name} --again --to all` sends it after all"
