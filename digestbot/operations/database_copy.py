"""`digestbot database copy`: the way from SQLite to a PostgreSQL, in mid-life."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..app.storage import working_store
from ..errors import ConfigError
from ..settings import Loaded
from ..store import database_address
from ..store.copying import CopiedTable, copy_store
from ..store.database import Database
from ..store.opening import migrated
from ..text.counting import counted


def copy_database(
    loaded: Loaded, data: Path, url: str, *, told: Callable[[str, int], object]
) -> tuple[CopiedTable, ...]:
    """Copy what is stored to another database, and compare the two; begun again it goes on where it was.

    Args:
        loaded: the configuration, which names the database that is copied.
        data: the data folder; nobody works on it meanwhile.
        url: of the other database, a secret.
        told: called with the name of a table and how many of its rows were looked at so far.

    Raises:
        ConfigError: the address is none of a PostgreSQL.
        DataFolderLocked: somebody works on the data folder.
        StoreError: one of the two cannot be read or written, or the other holds another installation.
    """
    if not url.startswith("postgresql"):
        raise ConfigError("--to", "is no PostgreSQL", "write postgresql+psycopg://USER:PASSWORD@HOST/NAME")
    with working_store(loaded, data) as source:
        target = migrated(Database(*database_address(data, url), setting="--to"), data)
        try:
            return copy_store(source.database, target.database, told=told)
        finally:
            target.close()


def copied_lines(tables: Sequence[CopiedTable]) -> Iterator[str]:
    """What was copied, for a person."""
    for one in tables:
        if one.rows or one.there:
            verdict = "same" if one.ok else f"DIFFERENT, {one.there} there"
            yield f"{one.name}: {counted(one.rows, 'row')}, {verdict}"
    if all(one.ok for one in tables):
        yield "The copy is complete. Set DIGESTBOT_DATABASE_URL to it, and keep the old file as a backup: nothing may run on it again."
    else:
        yield "The copy is not complete: run the command again."
