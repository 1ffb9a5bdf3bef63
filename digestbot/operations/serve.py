"""`digestbot serve`: scheduler, site and, where there is a queue, a worker, in one process until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from ..app import wiring
from ..app.feeds import configured_feeds, sources_in_words
from ..app.storage import FOR_EVER, shared_store, waiting, working_store
from ..errors import DataFolderGone, DigestbotError, Stopped
from ..model import JobKind
from ..settings import Loaded
from ..store import Stores
from ..text.counting import counted
from .daemon import Daemon
from .due_jobs import DueJobs
from .following import Following
from .scheduler import tick_forever
from .service_manager import NOBODY, ServiceManager
from .shared_clock import DatabaseClock
from .status import next_editions

LOG = logging.getLogger("digestbot")
Beside = Callable[[Callable[[], Loaded], Path, Callable[[], object]], AbstractContextManager[object]]
_REST_SECONDS = 5.0  # before a worker beside the scheduler begins again


def serve(
    read: Callable[[], Loaded],
    data: Path,
    *,
    stop: threading.Event,
    reload: threading.Event,
    beside: Beside = lambda _current, _data, _changed: nullcontext(),
    manager: ServiceManager = NOBODY,
) -> None:
    """Run until `stop` is set; read the configuration again when `reload` is.

    `beside` is what runs as long as it does, given the configuration in use, the data folder, and what to call once the
    file was changed: the site.

    Raises:
        ConfigError: the configuration is wrong at the start.
        DataFolderLocked: another process works on this data folder.
        DataFolderGone: it was moved or deleted meanwhile.
        StoreError: the database could not be opened; a server that is away is waited for.
    """
    loaded = read()
    wiring.require_deliverable(loaded, wiring.digest_specs(loaded))
    queued = loaded.settings.jobs == "cluster"
    if queued:
        from .worker import require_queue  # noqa: PLC0415 -- most have no queue

        require_queue(loaded)
    with ExitStack() as stack:
        waits = waiting(FOR_EVER, sleep=stop.wait, stop=stop.is_set)
        try:
            store = stack.enter_context(working_store(loaded, data, waits=waits, serves=True, queued=queued))
        except Stopped:
            LOG.info("stopped")
            return
        due = stack.enter_context(_worker_beside(read, store, data, stop=stop)) if queued else None
        daemon = Daemon(read=read, loaded=loaded, store=store, stop=stop, reload=reload, queue=due)
        if due is not None:
            daemon.clock = due.clock
        daemon.pulse.manager = manager
        stack.callback(daemon.close)
        stack.enter_context(beside(lambda: daemon.loaded, data, reload.set))
        feeds = sources_in_words(configured_feeds(loaded))
        LOG.info("serving %s from %s; data in %s", counted(len(loaded.digests), "digest"), feeds, data.absolute())
        for line in next_editions(loaded, store, now=datetime.now(UTC)):
            LOG.info("to come: %s", line)
        tick_forever(daemon.tick, stop=stop, wake=reload)
        if daemon.pulse.gone:
            raise DataFolderGone(daemon.pulse.gone)
    LOG.info("stopped")


@contextmanager
def _worker_beside(
    read: Callable[[], Loaded], store: Stores, data: Path, *, stop: threading.Event
) -> Iterator[DueJobs]:
    """A worker in a thread as long as the block lasts, begun again whenever it cannot go on; gives who puts its jobs."""
    from ..jobs.queue_schema import prepare_queue  # noqa: PLC0415 -- installed apart
    from .worker import WorkerProcess  # noqa: PLC0415

    assert store.queue is not None  # noqa: S101 -- the store was opened for it
    prepare_queue(store.database)
    ends = threading.Event()

    def work() -> None:
        following, said = Following(read), ""
        while not (stop.is_set() or ends.is_set()):
            try:
                # Of a store of its own: what it waits for keeps nobody else waiting.
                with shared_store(following.loaded, data, queued=True) as own:
                    WorkerProcess(following=following, store=own, kinds=tuple(JobKind), stop=ends, alone=False).run()
            except DigestbotError as error:
                if str(error) != said:
                    LOG.warning("%s; it begins again", error)
                said = str(error)
            stop.wait(_REST_SECONDS)

    thread = threading.Thread(target=work, name="worker", daemon=True)
    thread.start()
    try:
        yield DueJobs(jobs=store.queue, store=store, clock=DatabaseClock(store))
    finally:
        ends.set()
        thread.join()
