"""When whoever serves a data folder was last alive. Folders that share a database have a row each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from .claimant import folder_id, known_folder_id
from .database import FILE, Database, database_address
from .schema import heartbeats


def record_heartbeat(database: Database, data: Path | None, *, now: datetime) -> None:
    """Write that the folder is served at this moment."""
    folder = folder_id(data) if data else ""
    # Several processes may serve one folder, and begin at once.
    insert: Any = (sqlite.insert if database.sqlite else postgresql.insert)(heartbeats)
    beat = insert.values(folder=folder, at=now)
    with database.writing() as connection:
        connection.execute(beat.on_conflict_do_update(index_elements=[heartbeats.c.folder], set_={"at": now}))


def last_heartbeat(data: Path, database_url: str = "") -> datetime | None:
    """When the folder was last served; None where it never was. Makes no folder and no database, and changes none.

    Raises:
        StoreError: the database cannot be read, or is one of before there were heartbeats.
    """
    if not data.is_dir() or (not database_url and not (data / FILE).exists()):
        return None
    database = Database(*database_address(data, database_url))
    query = select(heartbeats.c.at).where(heartbeats.c.folder == known_folder_id(data))
    try:
        with database.reading() as connection:
            return connection.scalar(query)
    finally:
        database.close()
