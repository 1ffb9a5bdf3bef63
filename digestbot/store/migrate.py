"""Bring a database to the schema of this version. One that is up to date costs a single query, a new one no history."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ..errors import StoreError
from . import (  # noqa: F401 -- their tables are of the same metadata
    archive_tables,
    cluster_tables,
    counts,
    operator_tables,
    subscriber_tables,
)
from .database import Database
from .schema import metadata

HEAD = "0024"  # the newest revision in SCRIPTS/versions
LOG = logging.getLogger("digestbot")
SCRIPTS = Path(__file__).with_name("migrations")


def migrate(database: Database, *, told: bool = True) -> None:
    """Apply the revisions that are missing, all in one transaction; another process that wants to waits.

    Args:
        database: which; it is as before where this is interrupted.
        told: whether it is logged, because a large database takes a while.

    Raises:
        StoreError: a newer version of digestbot has written the database, or it cannot be read or written.
    """
    with database.reading() as connection:
        if revision(connection) == HEAD:
            return
    with database.migrating() as connection:
        existing = revision(connection)
        if existing is None and metadata.tables.keys().isdisjoint(inspect(connection).get_table_names()):
            _create(connection)
        elif existing != HEAD:
            if told and existing is not None and existing < HEAD:
                LOG.warning("%s is brought up to date, from schema %s to %s", database.name, existing, HEAD)
            upgrade(connection, existing, name=database.name)


def revision(connection: Connection) -> str | None:
    """The revision that a database has, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    existing: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return existing


def written_by_newer(name: str, existing: str) -> StoreError:
    """The error about a database whose revision this version does not know."""
    return StoreError(
        f"{name} was written by a newer digestbot (schema {existing}; this one knows up to {HEAD}): "
        "install that version again, or put back the backup from before it"
    )


def _create(connection: Connection) -> None:
    # Ten times as fast as all revisions in turn, which begin with the import of Alembic; a test compares the two.
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def upgrade(connection: Connection, existing: str | None, *, name: str) -> None:
    """Apply the revisions after `existing`, all of them where it is None, in the transaction of the connection.

    Raises:
        StoreError: `existing` is a revision that this version does not know.
    """
    # Alembic takes longer to import than an up-to-date store to open.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if existing is not None and existing not in known:
        raise written_by_newer(name, existing)
    command.upgrade(config, "head")
