"""A data folder of each earlier schema, as its own release left it, is opened and goes on: nothing is lost, nothing sent twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bot import Bot
from newsroom import rss
from old_schemas import CONFIG, DAYS, SCHEMAS, TITLES, feed, lay_out
from servers.smtp import SmtpServer

from digestbot.store import migrate
from digestbot.store.database import FILE

KEPT = sorted(path.name.partition(".")[0] for path in SCHEMAS.glob("*.db.gz"))
KNOWN = sorted(path.name[1:5] for path in (migrate.SCRIPTS / "versions").glob("r*.py"))


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def left_by(revision: str, folder: Path, smtp: SmtpServer) -> Bot:
    lay_out(revision, folder / "data")
    (folder / "config.env").write_text(CONFIG.format(port=smtp.port), encoding="utf-8")
    (folder / "saved.xml").write_text(rss(*feed(DAYS[1])), encoding="utf-8")
    return Bot(folder)


def test_no_schema_is_left_out():
    """Up to the newest that is kept each has its folder; `make_schemas.py` makes one for those that a release adds."""
    assert KNOWN[: len(KEPT)] == KEPT
    assert len(KEPT) >= 22


@pytest.mark.parametrize("revision", KEPT)
def test_it_opens_and_goes_on(tmp_path: Path, smtp: SmtpServer, revision: str):
    """What waited is sent once; the next day tells its own report alone; nothing that had arrived goes out again."""
    bot = left_by(revision, tmp_path, smtp)
    [digest] = json.loads(bot("status", "--json").stdout)["digests"]
    assert (digest["deliveries"], smtp.messages) == ({"pending": 1, "sent": 3}, [])
    for _ in range(2):
        done = bot("run", "--at", f"{DAYS[1]}T12:00+00:00")
        assert done.returncode == 0, done.stderr
        assert len(smtp.messages) == 1
    (tmp_path / "saved.xml").write_text(rss(*feed(DAYS[2])), encoding="utf-8")
    assert bot("run", "--at", f"{DAYS[2]}T12:00+00:00").returncode == 0
    assert len(smtp.messages) == 2
    assert [title for title in TITLES if title.encode() in smtp.messages[1].data] == [TITLES[2]]
    assert [path.name for path in (tmp_path / "out" / "morning").iterdir()] == [DAYS[2]]


def test_going_back_is_refused_and_changes_nothing(tmp_path: Path, smtp: SmtpServer):
    """An older release before a newer database: each command says so with 1, and not a byte is another."""
    bot = left_by(KEPT[-1], tmp_path, smtp)
    with closing(sqlite3.connect(bot.data / FILE)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
        database.execute("PRAGMA journal_mode=WAL")  # as it is while it is in use
    before = (bot.data / FILE).read_bytes()
    for words in (("run",), ("status",), ("resend",), ("database", "backup", "copy")):
        done = bot(*words)
        if words[0] != "database":
            assert done.returncode == 1, words
            assert "was written by a newer digestbot (schema 9999" in done.stderr, words
        assert (bot.data / FILE).read_bytes() == before, words
    assert smtp.messages == []
