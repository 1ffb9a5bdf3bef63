"""The site while `serve` runs, and alone: `digestbot web`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from ..app.storage import FOR_EVER, shared_store, waiting
from ..errors import ConfigError, Stopped, StoreUnavailable
from ..operations.away import await_database
from ..operations.following import Following
from ..settings import Loaded
from .context import SiteContext
from .reader_jobs import ReaderJobs
from .server import BackgroundServer, listening
from .site import site

LOG = logging.getLogger("digestbot.web")
_LOOK_SECONDS = 2.0  # between two looks whether the configuration has changed


@contextmanager
def site_beside(
    current: Callable[[], Loaded],
    data: Path,
    changed: Callable[[], object] = lambda: None,
    refused: Callable[[], Mapping[str, str]] = dict,
    *,
    alone: bool = False,
) -> Iterator[str]:
    """Serve the site of a configuration as long as the block lasts; gives where. Without LISTEN there is none.

    Args:
        current: the configuration in use.
        data: the data folder.
        changed: to be called once the site has changed the configuration file.
        refused: why a changed file is not in use, where nobody else records it.
        alone: nobody else says that the database is away.

    Raises:
        ConfigError: it cannot listen there.
        StoreError: the database could not be opened.
    """
    address = current().settings.web.listen
    if not address:
        yield ""
        return
    with ExitStack() as stack:
        listener = listening(address)
        stack.callback(listener.close)
        store = stack.enter_context(shared_store(current(), data))
        jobs = stack.enter_context(ReaderJobs())
        bound = _Bound(current)
        context = SiteContext(current=bound, store=store, data=data, jobs=jobs, changed=changed, refused=refused)
        stack.callback(context.close)
        if alone:
            context.missed = stack.enter_context(DatabaseWatch(store.editions.digests)).missed
        server = stack.enter_context(BackgroundServer(site(context), listener))
        where = f"http://{address.rpartition(':')[0]}:{server.port}/"
        LOG.info("the site listens at %s%s", where, f" for {url}" if (url := current().settings.web.url) else "")
        yield where


class DatabaseWatch:
    """Says once that the database is away, and then that it is back."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._ends = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()

    @property
    def waits(self) -> bool:
        """Whether it is away, as far as is known."""
        return self._thread is not None and self._thread.is_alive()

    def missed(self, away: StoreUnavailable) -> None:
        """A page could not be made for it."""
        with self._starting:
            if not self.waits:
                LOG.error("pages wait for %s", away)
                self._thread = threading.Thread(
                    target=await_database, args=(self._ask, away), kwargs={"stop": self._ends}, daemon=True
                )
                self._thread.start()


class _Bound:
    """The configuration in use, with the address that is listened on: a change of LISTEN needs a restart."""

    def __init__(self, current: Callable[[], Loaded]) -> None:
        self._current = current
        self._listens = current().settings.web.listen
        self._seen = self._bound = current()

    def __call__(self) -> Loaded:
        loaded = self._current()
        if loaded is not self._seen:
            web = loaded.settings.web
            if web.listen != self._listens:
                LOG.warning(
                    "DIGESTBOT_WEB__LISTEN has changed: restart digestbot; it still listens at %s", self._listens
                )
                settings = loaded.settings.model_copy(update={"web": web.model_copy(update={"listen": self._listens})})
                self._bound = replace(loaded, settings=settings)
            else:
                self._bound = loaded
            self._seen = loaded
        return self._bound


def serve_site(read: Callable[[], Loaded], data: Path, *, stop: threading.Event) -> None:
    """Serve the site alone until `stop` is set; a changed configuration is followed, a broken one told.

    Raises:
        ConfigError: the configuration is wrong at the start, or names no place to listen at.
        StoreError: the database could not be opened; a server that is away is waited for.
    """
    following = Following(read)
    if not following.loaded.settings.web.listen:
        fix = "write DIGESTBOT_WEB__LISTEN=127.0.0.1:8080"
        raise ConfigError("DIGESTBOT_WEB__LISTEN", "is not set: there is no site to serve", fix)
    try:
        # The database of a server may come up after this: `shared_store` inside waits for a moment only.
        with shared_store(following.loaded, data, waits=waiting(FOR_EVER, sleep=stop.wait, stop=stop.is_set)):
            pass
    except Stopped:
        return
    with site_beside(lambda: following.loaded, data, following.look, lambda: following.refused, alone=True):
        while not stop.wait(_LOOK_SECONDS):
            following.look()
    LOG.info("stopped")
