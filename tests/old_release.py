"""What tests of older releases share: their data folder unpacked, or its rows in a PostgreSQL of that release's schema."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, create_engine, insert, make_url

from digestbot.store import migrate
from digestbot.store.database import FILE

FOLDER = Path(__file__).parent / "old_folders"
SCHEMA = "0004"


def unpack(data: Path, *, feeds: str = "http://feeds.example") -> Path:
    """Write the old database into a new data folder, with this machine's addresses; returns its file.

    Args:
        data: the folder, made here.
        feeds: the web server of the feeds, without a slash at its end.
    """
    data.mkdir()
    path = data / FILE
    path.write_bytes(gzip.decompress((FOLDER / f"schema-{SCHEMA}.db.gz").read_bytes()))
    folder = str(data.parent)
    with closing(sqlite3.connect(path)) as database:
        for column in ("url", "configured", "moved_to"):
            address = f"replace(replace({column}, 'http://feeds.example', ?), '/srv/digestbot', ?)"
            database.execute(f"UPDATE feeds SET {column} = {address}", (feeds, folder))
        database.execute("UPDATE deliveries SET remote = replace(remote, '/srv/digestbot', ?)", (folder,))
        database.commit()
    return path


def copy_to_postgresql(source: Path, url: str) -> None:
    """Make the tables of the old schema by the revisions up to it, and fill them with the rows of a SQLite file."""
    engine = create_engine(make_url(url))
    with engine.begin() as target, closing(sqlite3.connect(source)) as rows:
        rows.row_factory = sqlite3.Row
        config = Config(attributes={"connection": target})
        config.set_main_option("script_location", str(migrate.SCRIPTS))
        command.upgrade(config, SCHEMA)
        metadata = MetaData()
        metadata.reflect(target)
        for table in metadata.sorted_tables:
            found = [dict(row) for row in rows.execute(f"SELECT * FROM {table.name}")]
            if found and table.name != "alembic_version":
                target.execute(insert(table), [_as_postgresql(table, row) for row in found])
    engine.dispose()


def _as_postgresql(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """SQLite keeps times as text in UTC and truth as a number."""
    converted = dict(row)
    for column in table.columns:
        value = row[column.name]
        kind = str(column.type)
        if kind == "TIMESTAMP" and value is not None:
            converted[column.name] = f"{value}+00"
        elif kind == "BOOLEAN":
            converted[column.name] = bool(value)
    return converted


@contextmanager
def stopped_after(statements: int) -> Iterator[list[str]]:
    """An upgrade that breaks off before a statement; the list says which statements came until then."""
    from alembic.ddl.impl import DefaultImpl

    done: list[str] = []
    original = DefaultImpl._exec

    def execute(self: DefaultImpl, construct: Any, *args: Any, **options: Any) -> Any:
        if len(done) >= statements:
            raise KeyboardInterrupt
        done.append(str(construct))
        return original(self, construct, *args, **options)

    DefaultImpl._exec = execute  # type: ignore[method-assign]
    try:
        yield done
    finally:
        DefaultImpl._exec = original  # type: ignore[method-assign]
