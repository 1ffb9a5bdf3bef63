"""A database as an earlier schema has it, with the rows of one of today."""

from __future__ import annotations

import runpy
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from digestbot.store import migrate


def renamed() -> dict[str, dict[str, str]]:
    """By table, the old names of columns with their new ones."""
    revision = runpy.run_path(str(migrate.SCRIPTS / "versions" / "r0005_plain_names.py"))
    return dict(revision["RENAMED"])


def take_back(database: Path, revision: str) -> None:
    """Make a SQLite database one of `revision`, before 0005; what that one has no place for is gone."""
    older = database.with_suffix(".older")
    engine = create_engine(f"sqlite:///{older}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrate.SCRIPTS).replace("%", "%%"))
        command.upgrade(config, revision)
    engine.dispose()
    names = renamed()
    with sqlite3.connect(older) as rows:
        rows.execute("PRAGMA foreign_keys = OFF")
        rows.execute("ATTACH ? AS new", (str(database),))
        for (table,) in rows.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            columns = [name for _, name, *_ in rows.execute(f"PRAGMA main.table_info({table})")]
            if table != "alembic_version":
                taken = ", ".join(names.get(table, {}).get(column, column) for column in columns)
                # Until revision 0013 each delivery had its bytes of its own.
                whole = "(SELECT d.key, b.body AS payload FROM new.deliveries d JOIN new.bodies b ON b.id = d.body)"
                source = whole if table == "payloads" else f"new.{table}"
                rows.execute(f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {taken} FROM {source}")
    rows.close()
    for part in ("", "-wal", "-shm"):
        Path(f"{database}{part}").unlink(missing_ok=True)
    older.rename(database)
