"""Where the data folder is, and three ways to open its store: alone, shared, or as a throw-away copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..ports import Store
from ..settings import Loaded
from ..store import lock, open_store, scratch_copy


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


@contextmanager
def working_store(loaded: Loaded, data: Path, *, wait: float = 0.0) -> Iterator[Store]:
    """The real store, for one process at a time on one data folder.

    Raises:
        DataFolderLocked: another process still has it after `wait` seconds.
        StoreError: the database could not be opened.
    """
    with lock(data, timeout=wait), shared_store(loaded, data) as store:
        yield store


@contextmanager
def shared_store(loaded: Loaded, data: Path) -> Iterator[Store]:
    """The real store, also while `serve` or a run works on it: for commands that only change the state of deliveries."""
    store = open_store(data, database_url(loaded))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def throwaway_store(loaded: Loaded, data: Path) -> Iterator[Store]:
    """A copy of the store; nothing written to it is kept."""
    with scratch_copy(data, database_url(loaded)) as store:
        yield store
