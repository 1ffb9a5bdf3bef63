"""`digestbot database backup` and `restore`: a whole copy beside a running `serve`, and back to it with nothing sent again."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from newsroom import MORNING_NEWS, rss
from old_release import unpack
from running_daemon import RunningDaemon
from servers.smtp import SmtpServer

from digestbot.errors import DataFolderLocked
from digestbot.model import DeliveryState
from digestbot.operations.backup import backup, restore
from digestbot.operations.logs import LoggedProgress
from digestbot.store import lock, open_store
from digestbot.store.database import FILE

NOON = datetime(2026, 5, 27, 12, 1, tzinfo=UTC)
HEADLINES = {
    27: "Foundry halts its line",
    28: "Ferry crews accept a deal",
    29: "Museum returns bronzes",
    30: "Canal runs dry",
}


class Desk:
    """A daemon that mails one reader, a backup, and the way back."""

    def __init__(self, folder: Path, smtp: SmtpServer) -> None:
        self.folder, self.smtp, self.now = folder, smtp, NOON
        self.start()

    def start(self) -> None:
        """As `serve` begins; RunningDaemon writes a feed of its own, which is taken back."""
        feed = self.folder / "saved.xml"
        before = feed.read_bytes() if feed.exists() else None
        self.daemon = RunningDaemon(self.folder, self.now)
        self.daemon.configure(
            "DIGESTS__MORNING__TO=mailto:ann@desk.example",
            "SMTP__HOST=127.0.0.1",
            f"SMTP__PORT={self.smtp.port}",
            "SMTP__SECURITY=none",
            "SMTP__FROM=digest@desk.example",
        )
        if before is not None:
            feed.write_bytes(before)

    def day(self, number: int, *, hour: int = 12) -> None:
        """What the feed has on a day in May, and a round of the daemon on it."""
        entries = [(HEADLINES[each], f"{HEADLINES[each]}, it was said.", f"{each} May 2026 01:00:00 +0000")
                   for each in range(27, number + 1)]  # fmt: skip
        (self.folder / "saved.xml").write_text(rss(*entries), encoding="utf-8")
        self.now = self.daemon.now = datetime(2026, 5, number, hour, 1, tzinfo=UTC)
        self.daemon.tick()

    def end(self) -> None:
        self.daemon.subject.close()
        self.daemon.store.close()

    def back_up(self) -> Path:
        return backup(self.daemon.read(), self.folder / "data", self.folder / "backup").path

    def put_back(self, source: Path | None) -> list[str]:
        self.end()
        loaded = self.daemon.read()
        said = list(restore(loaded, self.folder / "data", source, LoggedProgress(), clock=lambda: self.now))
        self.start()
        return said


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with SmtpServer() as smtp:
        made = Desk(tmp_path, smtp)
        yield made
        made.end()


def test_what_was_sent_since_the_backup_is_not_sent_again(desk: Desk):
    """Two editions later it is put back: nothing goes out, and the next one tells only what is new."""
    desk.day(27)
    kept = desk.back_up()
    desk.day(28)
    desk.day(29)
    assert len(desk.smtp.messages) == 3
    said = desk.put_back(kept)
    assert any("2026-05-29: recorded as sent, to nobody" in line for line in said)
    desk.day(29, hour=13)
    assert len(desk.smtp.messages) == 3
    desk.day(30)
    last = desk.smtp.messages[3].data
    assert [day for day, title in HEADLINES.items() if title.encode() in last] == [30]


def test_a_digest_whose_time_has_not_come_goes_out(desk: Desk):
    """Put back in the morning: noon's edition is nobody's yet, and is sent."""
    desk.day(27)
    kept = desk.back_up()
    desk.now += timedelta(hours=20)
    said = desk.put_back(kept)
    assert not any("recorded" in line for line in said)
    desk.day(28)
    assert len(desk.smtp.messages) == 2


def test_what_was_open_is_held(desk: Desk):
    """A mail that was put off, and went out after the backup: it is unknown now, and stays where it is."""
    desk.smtp.refuse["ann@desk.example"] = "451 4.7.1 come back later"
    desk.day(27)
    kept = desk.back_up()
    desk.smtp.refuse.clear()
    desk.day(27, hour=14)
    assert len(desk.smtp.messages) == 1
    said = desk.put_back(kept)
    assert any("1 delivery may have been sent since" in line for line in said)
    desk.day(27, hour=15)
    assert len(desk.smtp.messages) == 1
    [row] = desk.daemon.store.outbox.all()
    assert (row.state, "451" in row.error) == (DeliveryState.UNKNOWN, True)


def test_an_edition_that_was_begun_is_not_sent_by_the_backup(desk: Desk):
    """Claimed when no feed could be read, made and sent later; after the way back nobody gets it again."""
    (desk.folder / "saved.xml").unlink()
    desk.daemon.now = desk.now
    desk.daemon.tick()
    assert desk.daemon.states() == {"2026-05-27": "claimed"}
    kept = desk.back_up()
    desk.day(27, hour=14)
    assert len(desk.smtp.messages) == 1
    desk.put_back(kept)
    desk.day(27, hour=16)
    assert len(desk.smtp.messages) == 1


def test_without_feeds_a_date_is_missed_rather_than_sent_twice(desk: Desk):
    """What came since may be told once more by the next edition; the edition itself is not sent again."""
    desk.day(27)
    kept = desk.back_up()
    desk.day(28)
    (desk.folder / "saved.xml").unlink()
    said = desk.put_back(kept)
    assert any("2026-05-28: recorded as missed (no feed could be read)" in line for line in said)
    desk.day(28, hour=15)
    assert len(desk.smtp.messages) == 2


def test_a_database_that_came_back_by_other_means_is_treated_alike(desk: Desk):
    """A snapshot of the machine, or pg_restore: without a file nothing is copied, the rest is the same."""
    desk.day(27)
    kept = desk.back_up()
    desk.day(28)
    desk.end()
    for path in (desk.folder / "data").glob(f"{FILE}*"):
        path.unlink()
    shutil.copyfile(kept, desk.folder / "data" / FILE)
    desk.put_back(None)
    desk.day(28, hour=13)
    assert len(desk.smtp.messages) == 2


def test_what_was_there_before_is_kept(desk: Desk):
    """Nobody loses a database by naming the wrong file."""
    desk.day(27)
    kept = desk.back_up()
    desk.day(28)
    desk.put_back(kept)
    [before] = (desk.folder / "data").glob(f"{FILE}.before-*")
    with closing(sqlite3.connect(before)) as old:
        assert old.execute("SELECT count(*) FROM editions").fetchone() == (2,)
    assert kept.exists()


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    made = desk_of_one_feed(tmp_path)
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    open_store(made.data).close()
    return made


def other_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE other (name)")
        made.commit()


def newer(path: Path) -> None:
    open_store(path.parent / "newer").close()
    shutil.copyfile(path.parent / "newer" / FILE, path)
    with closing(sqlite3.connect(path)) as made:
        made.execute("UPDATE alembic_version SET version_num = '9999'")
        made.commit()


def damaged(path: Path) -> None:
    open_store(path.parent / "whole").close()
    content = bytearray((path.parent / "whole" / FILE).read_bytes())
    content[8192:40960] = b"\x55" * (40960 - 8192)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "cannot be read: there is no such file"),
        (lambda path: path.mkdir(), "cannot be read: it is a folder"),
        (lambda path: path.write_text("text, not a database\n" * 99), "not a database"),
        (other_sqlite, "not of digestbot"),
        (newer, "newer digestbot"),
        (damaged, "damaged"),
    ],
    ids=["missing", "folder", "text", "another program's", "newer", "damaged"],
)
def test_what_is_no_backup_changes_nothing(bot: Bot, make, told: str):
    """The database stays as it is, byte by byte, and nothing is left beside it."""
    make(bot.folder / "given")
    before = (bot.data / FILE).read_bytes()
    done = bot("database", "restore", "given")
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr
    assert (bot.data / FILE).read_bytes() == before
    assert "digestbot" in done.stderr
    assert not {"-wal", "--data"} & set(done.stderr.split()), "that is said of the database in use"
    assert not list(bot.data.glob("*before*"))
    assert not list(bot.data.glob("*.restored*"))


def test_an_older_schema_is_brought_up_to_date_on_the_way(bot: Bot):
    """A backup of the release before: what is put in place is of this one."""
    older = unpack(bot.folder / "older")
    done = bot("database", "restore", str(older))
    assert done.returncode == 0, done.stderr
    assert "5 deliveries may have been sent since" in done.stdout
    assert bot("status").returncode == 0


def test_a_served_folder_is_not_touched(bot: Bot):
    """The lock is `serve`'s: the file stays, and who holds it is told."""
    target = backup_of(bot)
    loaded_before = (bot.data / FILE).stat().st_ino
    with lock(bot.data, serves=True):
        done = bot("database", "restore", str(target))
    assert (done.returncode, "digestbot serve" in done.stderr) == (1, True)
    assert "edition" not in done.stderr, "that is said beside `run`"
    assert (bot.data / FILE).stat().st_ino == loaded_before


def backup_of(bot: Bot) -> Path:
    done = bot("database", "backup", "copy")
    assert done.returncode == 0, done.stderr
    return bot.folder / "copy"


def test_a_backup_is_its_owners_alone_and_overwrites_nothing(bot: Bot):
    """It holds addresses of readers; a second one of the same name is refused; a folder gets one named after now."""
    target = backup_of(bot)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    again = bot("database", "backup", "copy")
    assert (again.returncode, "not overwritten" in again.stderr) == (1, True)
    (bot.folder / "kept").mkdir()
    assert bot("database", "backup", "kept").returncode == 0
    [named] = (bot.folder / "kept").iterdir()
    assert named.name.startswith("digestbot-2")
    assert sorted(path.name for path in bot.folder.glob("copy*")) == ["copy"]


def test_a_backup_beside_a_writer_is_of_one_moment(bot: Bot):
    """A thousand rows a transaction are written all the while: the copy has all of each or none, and is undamaged."""
    store = open_store(bot.data)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with store.database.writing() as connection:
                for _ in range(200):
                    number += 1
                    words = {"key": f"k{number}", "vector": b"v" * 500, "made": "2026-05-27 00:00:00.000000"}
                    connection.exec_driver_sql("INSERT INTO vectors VALUES (:key, :vector, :made)", words)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        target = backup_of(bot)
    finally:
        stop.set()
        writer.join()
        store.close()
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) % 200 FROM vectors").fetchone() == (0,)


def test_a_folder_that_cannot_be_written_is_backed_up_whole(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """As a failed disk is: the copy has what lies in the -wal, too, and SQLite opens nothing there, which would need files beside it."""
    monkeypatch.setattr("digestbot.store.backup.os.access", lambda *_: False)
    monkeypatch.setattr("digestbot.store.backup._opened", None)
    with closing(sqlite3.connect(bot.data / FILE)) as writer:
        writer.execute("CREATE TABLE late (name)")
        writer.commit()
        target = backup_of(bot)
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT count(*) FROM late").fetchone() == (0,)


def test_where_there_is_nothing_to_copy_it_says_so(tmp_path: Path):
    """The wrong folder, most often: an empty backup would be worse than none."""
    done = desk_of_one_feed(tmp_path)("database", "backup", "copy")
    assert (done.returncode, "does not exist" in done.stderr) == (1, True)
    assert not (tmp_path / "copy").exists()


def test_a_server_has_a_way_of_its_own(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """The line says which, and repeats no password."""
    bot.configure(DATABASE_URL="postgresql+psycopg://ann:hidden@127.0.0.1/name")
    for words, told in ((("backup", "copy"), "pg_dump"), (("restore", "copy"), "pg_restore")):
        done = bot("database", *words)
        assert (done.returncode, told in done.stderr, "hidden" in done.stderr) == (2, True, False)


def test_the_lock_is_held_while_it_is_put_back(desk: Desk):
    """`serve` cannot open a database that is half put back."""
    desk.day(27)
    kept = desk.back_up()
    desk.end()
    steps = restore(desk.daemon.read(), desk.folder / "data", kept, LoggedProgress(), clock=lambda: desk.now)
    next(steps)
    with pytest.raises(DataFolderLocked), lock(desk.folder / "data"):
        pass
    list(steps)
    desk.start()
