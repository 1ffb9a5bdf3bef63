"""Where the data folder is, and four ways to open its store: alone, shared, to read it, or as a throw-away copy."""

from __future__ import annotations

import math
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from ..errors import ConfigError, Stopped, StoreError, StoreUnavailable
from ..ports import Store
from ..settings import Loaded, xdg_folder
from ..store import FILE, Stores, database_address, lock, open_store, read_snapshot, scratch_copy, tried_store

if TYPE_CHECKING:
    from ..deliver.patience import Waits

# Of a command that cannot be told how long to wait: a server that restarts needs a moment, and `status` answers within 10 s.
BRIEF_SECONDS: Final = 3.0
_FEWEST_FILES: Final = 32  # a run with one feed from a file and one recipient takes 14
FOR_EVER: Final = math.inf
BESIDE: Final = "digestbot-data"  # the data folder beside a configuration file
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPlace:
    """The data folder, and what is to be said of it."""

    folder: Path
    notice: str = ""  # it lies where it always did, and could be moved beside the configuration


def data_place(given: Path | None, loaded: Loaded | None, environ: Mapping[str, str]) -> DataPlace:
    """Where the data folder is.

    `--data`, else DIGESTBOT_DATA, else the XDG data folder (XDG Base Directory 0.8) where it holds a database already and there
    is no digestbot-data/, else digestbot-data/ beside the configuration file. Without a file, or with one in the XDG
    configuration folder or /etc, the XDG data folder.
    """
    if given is not None:
        return DataPlace(folder=given)
    if loaded is not None and loaded.settings.data is not None:
        return DataPlace(folder=loaded.base / loaded.settings.data.expanduser())
    xdg = xdg_folder("XDG_DATA_HOME", environ)
    if loaded is None or loaded.path is None or _is_system_wide(loaded.base, environ):
        if xdg is None:
            raise ConfigError(
                "--data", "there is no home folder to keep the data in", "write --data FOLDER, or set HOME"
            )
        return DataPlace(folder=xdg)
    beside = loaded.base / BESIDE
    # One that is there and empty holds no ledger: to begin one would send again what the older one has sent.
    if xdg is not None and (xdg / FILE).exists() and not _holds_anything(beside):
        remove = f"rmdir {shlex.quote(str(beside))} && " if beside.exists() else ""
        move = f"{remove}mv {shlex.quote(str(xdg))} {shlex.quote(str(beside))}"
        return DataPlace(
            folder=xdg,
            notice=f"data stay in {xdg}; to have them beside the configuration, stop digestbot, then: {move}",
        )
    return DataPlace(folder=beside)


def _is_system_wide(base: Path, environ: Mapping[str, str]) -> bool:
    """Whether a configuration lies where no data belong."""
    own = xdg_folder("XDG_CONFIG_HOME", environ)
    places = [Path("/etc"), *([own, own.resolve()] if own else [])]
    return any(base.is_relative_to(place) for place in places)


def _holds_anything(folder: Path) -> bool:
    try:
        return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        return True


def places(loaded: Loaded, folder: Path) -> dict[str, str]:
    """The configuration, the data folder and the database that a command uses, for people; no secret."""
    source = str(loaded.path.absolute()) if loaded.path else "the environment"
    name = database_address(folder.absolute(), database_url(loaded))[1]
    return {"configuration": source, "data": str(folder.absolute()), "database": name.removeprefix("the database ")}


def nothing_stored(loaded: Loaded, folder: Path) -> bool:
    """Whether a data folder has no database yet: a new one, or the wrong one."""
    return not database_url(loaded) and not (folder / FILE).exists()


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
    loaded: Loaded,
    data: Path,
    *,
    wait: float = 0.0,
    waits: Waits | None = None,
    serves: bool = False,
    queued: bool = False,
) -> Iterator[Stores]:
    """The real store, for one process at a time on one data folder.

    Raises:
        DataFolderLocked: another process still has it after `wait` seconds.
        StoreError: the database could not be opened.
        Stopped: a signal came while its server was waited for.
    """
    _room_for_files()
    with lock(data, timeout=wait, serves=serves), shared_store(loaded, data, waits=waits, queued=queued) as store:
        yield store


def _room_for_files() -> None:
    """So few files are not even enough to say in order what is missing: Python's own libraries stumble first."""
    try:
        from resource import RLIMIT_NOFILE, getrlimit  # noqa: PLC0415 -- Windows has none
    except ImportError:
        return
    allowed = getrlimit(RLIMIT_NOFILE)[0]
    if 0 <= allowed < _FEWEST_FILES:  # without a limit it is -1
        fix = "raise LimitNOFILE of its service, or `ulimit -n`"
        raise StoreError(
            f"only {allowed} files may be open at once here, and {_FEWEST_FILES} are needed at least: {fix}"
        )


@contextmanager
def shared_store(loaded: Loaded, data: Path, *, waits: Waits | None = None, queued: bool = False) -> Iterator[Stores]:
    """The real store, also while `serve` or a run works on it: for commands that only change the state of deliveries."""
    url = database_url(loaded)
    store = _patiently(lambda: open_store(data, url, queued=queued), url, waits)
    try:
        yield store
    finally:
        store.close()


def looked_at(loaded: Loaded, data: Path, look: Callable[[Store], T], *, waits: Waits | None = None) -> T:
    """What `look` makes of the store as it is now; it may be called several times, and what it writes is not kept."""
    url = database_url(loaded)
    return _patiently(lambda: read_snapshot(data, look, url), url, waits)


@contextmanager
def throwaway_store(
    loaded: Loaded, data: Path, *, waits: Waits | None = None, writes: bool = False, lasting: bool = False
) -> Iterator[Store]:
    """The store to make an edition on; nothing written to it is kept.

    `writes`: more than what feeds and models say. Then it is a copy, which takes as long as much is stored.
    `lasting`: it is used for hours, and sees what others store meanwhile.
    """
    url = database_url(loaded)

    def opened() -> AbstractContextManager[Store]:
        return scratch_copy(data, url, to_make=True) if writes else tried_store(data, url, lasting=lasting)

    with ExitStack() as stack:
        yield _patiently(lambda: stack.enter_context(opened()), url, waits)


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
