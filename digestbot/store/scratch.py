"""A copy of the store to try things on; the original is not changed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import insert, select

from ..errors import StoreError
from .archive_tables import older_revisions, sent_stories
from .claimant import process_start
from .cluster_tables import leases
from .database import FILE, Database, database_address
from .errors import system_errors
from .migrate import HEAD, revision, written_by_newer
from .opening import Stores, migrated
from .outbox_listing import OPEN
from .schema import bodies, deliveries, metadata

# With the database the -wal, which holds what is committed but not folded in yet, or the -journal of an interrupted write.
_FILES = ("", "-wal", "-journal")
_WAL_HEADER_BYTES = 32
_PREFIX = "digestbot-copy-"  # of the temporary folder; then the id of its process
_MAX_ATTEMPTS = 50  # a second in all
_ROWS_AT_ONCE = 1000
_LEFT_OUT = (bodies, sent_stories, older_revisions, leases)  # large, or of others; nothing is tried on them


@contextmanager
def scratch_copy(data: Path, database_url: str = "", *, to_make: bool = False) -> Iterator[Stores]:
    """A temporary store with everything that is stored; it is deleted at the end.

    `to_make`: an edition is made on it. Then of what is on PostgreSQL those deliveries are left out that are over: of the others an
    edition asks, and a year of a large list is millions of rows.

    Nothing of the original is changed, made or locked: not the folder, not a file beside the database. Another process may
    write meanwhile. Payloads of deliveries and the archive's stories are left out of what is on PostgreSQL.

    Raises:
        StoreError: the original cannot be read.
    """
    url, name = database_address(data, database_url)
    if data.exists() and not data.is_dir():
        raise StoreError(f"the data folder {data} cannot be read: it is a file. Choose another folder")
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        copy = Database(database_address(Path(folder), "")[0], name)
        if not database_url and (data / FILE).exists():
            _copy_files(data / FILE, Path(folder) / FILE)
            store = migrated(copy, told=False)
        else:  # never opened again, so it needs no history of revisions
            store = _empty(copy)
        try:
            if database_url:
                _copy_rows(Database(url, name), store.database, to_make=to_make)
            yield store
        finally:
            store.close()


@contextmanager
def copied_file(source: Path) -> Iterator[Path]:
    """A temporary copy of an SQLite database with what lies beside it; nothing is written beside the original.

    Raises:
        StoreError: the original cannot be read.
    """
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        copy = Path(folder) / source.name
        _copy_files(source, copy)
        yield copy


@contextmanager
def empty_store() -> Iterator[Stores]:
    """A temporary store without anything in it; it is deleted at the end."""
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        store = _empty(Database(*database_address(Path(folder), "")))
        try:
            yield store
        finally:
            store.close()


def _remove_left_behind() -> None:
    """Copies of processes that were killed: nobody else removes them, and they hold addresses of readers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}[0-9]*-*"):
        with suppress(OSError, ValueError):
            owner = int(folder.name.removeprefix(_PREFIX).split("-")[0])
            ours = not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
            if ours and folder.is_dir() and not folder.is_symlink() and process_start(owner) is None:
                shutil.rmtree(folder, ignore_errors=True)


def _empty(database: Database) -> Stores:
    with database.writing() as connection:
        metadata.create_all(connection)
    return Stores(database)


def _copy_files(source: Path, target: Path) -> None:
    for _ in range(_MAX_ATTEMPTS):
        with system_errors(f"the database {source} cannot be read"), suppress(FileNotFoundError):
            before = file_state(source)
            for part in _FILES:
                Path(f"{target}{part}").unlink(missing_ok=True)
                if Path(f"{source}{part}").exists():
                    shutil.copyfile(f"{source}{part}", f"{target}{part}")
            if file_state(source) == before:
                return
        # Otherwise the -wal was folded into the database meanwhile, or removed.
        time.sleep(0.02)
    raise StoreError(f"the database {source} is being written without a pause: try again in a minute")


def file_state(source: Path) -> tuple[int, int, bytes] | None:
    """What stays the same unless the -wal is folded into the database: frames added to the -wal do no harm to a copy."""
    if not source.exists():
        return None
    wal = Path(f"{source}-wal")
    header = b""
    if wal.exists():
        with wal.open("rb") as file:
            header = file.read(
                _WAL_HEADER_BYTES
            )  # its salts change with every new beginning (sqlite.org/fileformat2.html)
    found = source.stat()
    return found.st_size, found.st_mtime_ns, header


def _copy_rows(original: Database, copy: Database, *, to_make: bool) -> None:
    snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True, "stream_results": True}
    try:
        with original.reading(**snapshot) as source, copy.writing() as target:
            existing = revision(source)
            if existing is None:
                return
            if existing > HEAD:
                raise written_by_newer(original.name, existing)
            if existing != HEAD:
                raise StoreError(
                    f"{original.name} has another schema ({existing}, not {HEAD}): run `digestbot run` once, which brings it up to date"
                )
            for table in metadata.sorted_tables:
                if table in _LEFT_OUT:
                    continue
                query = select(table)
                if to_make and table is deliveries:
                    query = query.where(OPEN | deliveries.c.address_gone)
                for rows in source.execute(query).mappings().partitions(_ROWS_AT_ONCE):
                    target.execute(insert(table), [dict(row) for row in rows])
    finally:
        original.close()
