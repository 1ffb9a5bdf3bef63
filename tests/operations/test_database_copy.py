"""`digestbot database copy`: the way to a PostgreSQL in mid-life."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import Bot, all_stories, desk_of_one_feed
from newsroom import MORNING_NEWS, rss
from servers.postgres import Server
from sqlalchemy import func, select, text
from stored import fill

from digestbot.errors import StoreError
from digestbot.store import Stores, open_store
from digestbot.store.copying import copy_store
from digestbot.store.schema import feeds, items, metadata

FIRST, SECOND = "2026-05-27T12:00+08:00", "2026-05-28T12:00+08:00"
NEXT_NEWS = rss(
    ("Foundry at Veldhaven starts its wafer line again", "It runs since noon.", "Wed, 27 May 2026 09:00:00 +0000"),
    ("A second foundry opens in Ostermark", "The mayor cut the ribbon.", "Wed, 27 May 2026 08:00:00 +0000"),
)


@pytest.fixture
def pair(tmp_path: Path, postgres: Server) -> Iterator[tuple[Stores, Stores]]:
    """A store with something in every room, and an empty one on a server."""
    ours, theirs = open_store(tmp_path / "ours"), open_store(tmp_path / "ours", postgres.new_database())
    fill(ours)
    yield ours, theirs
    ours.close()
    theirs.close()


def told(_table: str, _rows: int) -> None:
    """Nobody looks on."""


def test_the_next_edition_has_no_repeat_and_no_hole(tmp_path: Path, postgres: Server):
    """After the copy it tells what it would have told without one."""
    bot = desk_of_one_feed(tmp_path)
    assert bot("run", "--at", FIRST).returncode == 0
    url = postgres.new_database()
    copied = bot("database", "copy", "--to", url)
    assert copied.returncode == 0, copied.stderr
    assert "The copy is complete" in copied.stdout
    assert url not in copied.stdout + copied.stderr
    # What came since, beside what was told: a feed keeps its older entries.
    fresh = NEXT_NEWS[NEXT_NEWS.index("<item>") : NEXT_NEWS.index("</channel>")]
    (tmp_path / "saved.xml").write_text(
        MORNING_NEWS.replace("</channel>", fresh.replace("/0?", "/8?").replace("/1?", "/9?") + "</channel>"),
        encoding="utf-8",
    )
    stayed = Bot(tmp_path / "stayed", dict(bot.settings))
    shutil.copytree(tmp_path, stayed.folder, ignore=shutil.ignore_patterns("stayed"))
    assert stayed("run", "--at", SECOND).returncode == 0
    bot.configure(DATABASE_URL=url)
    assert bot("run", "--at", SECOND).returncode == 0
    ours, theirs = (all_stories(one.digest("2026-05-28")) for one in (bot, stayed))
    assert [story["title"] for story in ours] == [story["title"] for story in theirs]
    told = {story["title"] for story in ours}
    assert "A second foundry opens in Ostermark" in told
    assert not told & {story["title"] for story in all_stories(bot.digest("2026-05-27"))}


def test_everything_is_copied_and_compared(pair: tuple[Stores, Stores]):
    """Each table with as many rows, and the same content."""
    found = copy_store(pair[0].database, pair[1].database, told=told)
    assert all(one.ok for one in found)
    assert sum(one.rows for one in found) > 10
    assert {one.name for one in found} == metadata.tables.keys() - {"leases", "workers"}


def test_an_interrupted_copy_goes_on(pair: tuple[Stores, Stores]):
    """Begun again it is complete; what was changed, or has gone, since the first try is so there, too."""
    ours, theirs = pair

    def interrupt(table: str, _rows: int) -> None:
        if table == "items":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_store(ours.database, theirs.database, told=interrupt)
    with ours.database.writing() as connection:
        connection.execute(text("UPDATE items SET title = 'Another title' WHERE id = (SELECT min(id) FROM items)"))
        connection.execute(text("DELETE FROM feeds WHERE name = (SELECT min(name) FROM feeds)"))
    assert all(one.ok for one in copy_store(ours.database, theirs.database, told=told))
    with theirs.database.reading() as connection:
        assert connection.scalar(select(func.count()).where(items.c.title == "Another title")) == 1
        there = set(connection.scalars(select(feeds.c.name)))
    with ours.database.reading() as connection:
        assert set(connection.scalars(select(feeds.c.name))) == there


def test_a_difference_is_told(pair: tuple[Stores, Stores], monkeypatch: pytest.MonkeyPatch):
    """By its table; it is no complete copy."""
    from digestbot.store import copying

    ours, theirs = pair
    copy_store(ours.database, theirs.database, told=told)
    with theirs.database.writing() as connection:
        connection.execute(text("UPDATE items SET title = 'Another title' WHERE id = (SELECT min(id) FROM items)"))
    monkeypatch.setattr(copying, "_copy", lambda *_of: None)
    assert [one.name for one in copy_store(ours.database, theirs.database, told=told) if not one.ok] == ["items"]


def test_what_the_database_numbers_goes_on_behind_the_copy(pair: tuple[Stores, Stores]):
    """A new delivery there gets a number of its own."""
    ours, theirs = pair
    copy_store(ours.database, theirs.database, told=told)
    with theirs.database.writing() as connection:
        for table, column in (("deliveries", "number"), ("bodies", "id"), ("subscribers", "id")):
            newest = connection.scalar(text(f"SELECT coalesce(max({column}), 0) FROM {table}"))
            assert (
                connection.scalar(text(f"SELECT nextval(pg_get_serial_sequence('{table}', '{column}'))")) == newest + 1
            )


def test_another_installation_is_left_alone(pair: tuple[Stores, Stores]):
    """A database that is in use is no place to copy to."""
    ours, theirs = pair
    ours.installation_id()
    theirs.installation_id()
    with pytest.raises(StoreError, match="another installation"):
        copy_store(ours.database, theirs.database, told=told)


def test_only_a_postgresql_is_copied_to(tmp_path: Path):
    """Anything else is refused in one line."""
    bot = desk_of_one_feed(tmp_path)
    said = bot("database", "copy", "--to", "sqlite:///other.sqlite3")
    assert said.returncode == 2
    assert "is no PostgreSQL (write postgresql+psycopg://USER:PASSWORD@HOST/NAME)" in said.stderr
    said = bot("database", "copy", "--to", "postgresql+psycopg://bot:secret@127.0.0.1:1/news")
    assert (said.returncode, "correct the host and port in --to." in said.stderr) == (1, True)
    assert "secret" not in said.stderr
