"""A copy of the store to try things on, without a trace in the original."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert, select

from ..errors import StoreError
from .database import FILE, Database, locate
from .migrate import HEAD, revision
from .opening import Stores, opened
from .schema import metadata, payloads

# With the database the -wal, which holds what is committed but not folded in yet, or the -journal of an interrupted write.
_PARTS = ("", "-wal", "-journal")
_WAL_HEADER = 32
_ATTEMPTS = 50
_BATCH = 1000


@contextmanager
def scratch_copy(data: Path, database_url: str = "") -> Iterator[Stores]:
    """A throw-away store with everything that is stored; what is done to it is gone at the end.

    Nothing of the original is changed, made or locked: not the folder, not a file beside the database. It may be taken
    while another process writes. Payloads of deliveries on PostgreSQL are left out.

    Raises:
        StoreError: the original cannot be read.
    """
    url, name = locate(data, database_url)
    with tempfile.TemporaryDirectory(prefix="digestbot-") as folder:
        copy = Database(locate(Path(folder), "")[0], name)
        if not database_url and (data / FILE).exists():
            _copy_files(data / FILE, Path(folder) / FILE)
            store = opened(copy)
        else:  # never opened again, so it needs no history of revisions
            store = _empty(copy)
        try:
            if database_url:
                _copy_rows(Database(url, name), store.database)
            yield store
        finally:
            store.close()


def _empty(database: Database) -> Stores:
    with database.writing() as connection:
        metadata.create_all(connection)
    return Stores(database)


def _copy_files(source: Path, target: Path) -> None:
    for _ in range(_ATTEMPTS):
        try:
            before = _state(source)
            for part in _PARTS:
                Path(f"{target}{part}").unlink(missing_ok=True)
                if Path(f"{source}{part}").exists():
                    shutil.copyfile(f"{source}{part}", f"{target}{part}")
            if _state(source) == before:
                return
        except FileNotFoundError:
            continue  # the -wal was folded in and removed meanwhile
        except OSError as error:
            raise StoreError(
                f"the database {source} cannot be read: {error.strerror}. Change its permissions"
            ) from error
        time.sleep(0.02)
    raise StoreError(f"the database {source} is being written without a pause: try again in a minute")


def _state(source: Path) -> tuple[int, int, bytes] | None:
    """What stays the same unless the -wal is folded into the database: frames added to the -wal do no harm to a copy."""
    if not source.exists():
        return None
    wal = Path(f"{source}-wal")
    header = b""
    if wal.exists():
        with wal.open("rb") as file:
            header = file.read(_WAL_HEADER)  # its salts change with every new beginning (sqlite.org/fileformat2.html)
    found = source.stat()
    return found.st_size, found.st_mtime_ns, header


def _copy_rows(original: Database, copy: Database) -> None:
    snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True, "stream_results": True}
    try:
        with original.reading(**snapshot) as source, copy.writing() as target:
            standing = revision(source)
            if standing is None:
                return
            if standing != HEAD:
                raise StoreError(
                    f"{original.name} has another schema ({standing}, not {HEAD}): open it with `digestbot run` or `digestbot check` first"
                )
            for table in metadata.sorted_tables:
                if table is payloads:
                    continue
                for rows in source.execute(select(table)).mappings().partitions(_BATCH):
                    target.execute(insert(table), [dict(row) for row in rows])
    finally:
        original.close()
