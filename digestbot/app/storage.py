"""Where the data folder is, and three ways to open its store: alone, shared, or as a throw-away copy."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from ..errors import Stopped, StoreUnavailable
from ..ports import Store
from ..settings import Loaded
from ..store import lock, open_store, scratch_copy

if TYPE_CHECKING:
    from ..deliver.patience import Waits

# Of a command that cannot be told how long to wait: a server that restarts needs a moment, and `status` answers within 10 s.
BRIEF_SECONDS: Final = 3.0
FOR_EVER: Final = math.inf
T = TypeVar("T")


def data_folder(given: Path | None, loaded: Loaded | None, environ: Mapping[str, str]) -> Path:
    """The data folder: `--data`, else DIGESTBOT_DATA, else the XDG data folder (XDG Base Directory 0.8)."""
    if given is not None:
        return given
    if loaded is not None and loaded.settings.data is not None:
        return loaded.base / loaded.settings.data.expanduser()
    home = environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "digestbot"


def database_url(loaded: Loaded | None) -> str:
    """The configured database, a secret; empty for SQLite in the data folder."""
    url = loaded.settings.database_url if loaded else None
    return url.get_secret_value() if url else ""


def waiting(
    seconds: float = BRIEF_SECONDS,
    *,
    sleep: Callable[[float], object] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
) -> Waits:
    """How long a database server that is away is waited for while the store is opened."""
    from ..deliver.patience import Waits  # noqa: PLC0415 -- of a database server alone

    return Waits(seconds, sleep, stop)


@contextmanager
def working_store(
    loaded: Loaded, data: Path, *, wait: float = 0.0, waits: Waits | None = None, serves: bool = False
) -> Iterator[Store]:
    """The real store, for one process at a time on one data folder.

    Raises:
        DataFolderLocked: another process still has it after `wait` seconds.
        StoreError: the database could not be opened.
        Stopped: a signal came while its server was waited for.
    """
    with lock(data, timeout=wait, serves=serves), shared_store(loaded, data, waits=waits) as store:
        yield store


@contextmanager
def shared_store(loaded: Loaded, data: Path, *, waits: Waits | None = None) -> Iterator[Store]:
    """The real store, also while `serve` or a run works on it: for commands that only change the state of deliveries."""
    url = database_url(loaded)
    store = _patiently(lambda: open_store(data, url), url, waits)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def throwaway_store(loaded: Loaded, data: Path, *, waits: Waits | None = None) -> Iterator[Store]:
    """A copy of the store; nothing written to it is kept."""
    url = database_url(loaded)
    with ExitStack() as stack:
        yield _patiently(lambda: stack.enter_context(scratch_copy(data, url)), url, waits)


def _patiently(open_it: Callable[[], T], url: str, waits: Waits | None) -> T:
    if not url:
        return open_it()  # a file: it is there or not, and who holds it is waited for already
    waits = waits or waiting()
    try:
        return waits.patiently(open_it)
    except StoreUnavailable:
        if waits.stop():
            raise Stopped(
                "stopped by a signal while the database was waited for; the next run goes on from here"
            ) from None
        raise
