"""A data folder of every earlier schema: what is in it, and how it is laid out on this machine."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

from digestbot.store.database import FILE

SCHEMAS = Path(__file__).parent / "old_folders" / "schemas"
FOLDER = "/srv/digestbot"  # stands for the folder in what is kept
DAYS = ("2026-05-26", "2026-05-27", "2026-05-28")  # two that an old release made, and the one after
TITLES = ("Foundry at Veldhaven halts its line", "Ferry crews accept a two-year deal", "Museum returns three bronzes")

# Under names that every release knows.
CONFIG = """DIGESTBOT_FEEDS__HARBOUR=./saved.xml
DIGESTBOT_TOPICS__ALL=foundry, ferry, museum
DIGESTBOT_SUMMARISER=lead
DIGESTBOT_DIGESTS__MORNING__AT=12:00
DIGESTBOT_DIGESTS__MORNING__TIMEZONE=UTC
DIGESTBOT_DIGESTS__MORNING__TO=file:./out, mailto:ann@desk.example
DIGESTBOT_SMTP__HOST=127.0.0.1
DIGESTBOT_SMTP__PORT={port}
DIGESTBOT_SMTP__SECURITY=none
DIGESTBOT_SMTP__FROM=digest@desk.example
"""


def feed(day: str) -> list[tuple[str, str, str]]:
    """What the feed says on a day: its own report, and those before it."""
    return [
        (title, f"{title}, it was said on day {number}.", f"{int(of[-2:])} May 2026 01:00:00 +0000")
        for number, (of, title) in enumerate(zip(DAYS, TITLES, strict=True))
        if of <= day
    ]


def replaced(database: sqlite3.Connection, before: str, after: str) -> None:
    """Write one path for another, wherever a text holds it."""
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for _, column, *_ in database.execute(f"PRAGMA table_info({table})").fetchall():
            change = f'UPDATE {table} SET "{column}" = replace("{column}", ?, ?) WHERE instr("{column}", ?)'
            database.execute(f"{change} AND typeof(\"{column}\") = 'text'", (before, after, before))


def lay_out(revision: str, data: Path) -> None:
    """The data folder of a schema, as if it had always been here."""
    data.mkdir()
    (data / FILE).write_bytes(gzip.decompress((SCHEMAS / f"{revision}.db.gz").read_bytes()))
    with closing(sqlite3.connect(data / FILE)) as database:
        replaced(database, FOLDER, str(data.parent))
        database.commit()
