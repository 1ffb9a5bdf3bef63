"""Opening the store: what it makes, what it costs, and what it says when it cannot."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from builders import NOON

from digestbot.errors import StoreError
from digestbot.model import FeedState
from digestbot.store import open_store
from digestbot.store.database import FILE, Database, database_address

pytestmark = pytest.mark.usefixtures("real_beginnings")
SECRET = "correct-horse"


def test_a_missing_folder_is_made_for_its_owner_only(tmp_path: Path):
    """It will hold addresses of readers."""
    data = tmp_path / "deep" / "data"
    open_store(data).close()
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert [path.name for path in data.iterdir()] == [FILE]


@pytest.mark.usefixtures("real_syncs")
def test_an_open_database_syncs_every_commit_and_holds_foreign_keys(tmp_path: Path):
    """WAL with FULL: a claim survives a power cut, and readers do not wait for writers."""
    store = open_store(tmp_path)
    with store.database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    store.close()


def test_a_new_database_takes_several_openings_at_once(tmp_path: Path):
    """SQLite refuses all but one that switch to the write-ahead log at that moment, without waiting: they try again."""
    together = threading.Barrier(4)
    refused: list[StoreError] = []

    def open_each() -> None:
        for number in range(100):
            url, name = database_address(tmp_path, "")
            database = Database(url.set(database=str(tmp_path / f"{number}.sqlite3")), name)
            together.wait(60)
            try:
                with database.reading():
                    pass
            except StoreError as error:
                refused.append(error)
            database.close()

    with ThreadPoolExecutor(4) as threads:
        for opening in [threads.submit(open_each) for _ in range(4)]:
            opening.result()
    assert refused == []


def test_an_up_to_date_database_is_opened_without_alembic(tmp_path: Path):
    """Its import would cost more than everything else."""
    open_store(tmp_path).close()
    code = (
        "import sys; from pathlib import Path; from digestbot.store import open_store; "
        "open_store(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_folder_that_cannot_be_made_is_an_error_with_a_mend(tmp_path: Path):
    """A file lies where the folder should be."""
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match=r"data cannot be made: .*--data"):
        open_store(tmp_path / "data")


@pytest.fixture
def foreign_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that may be read and entered, but not written: root becomes somebody else for the test."""
    # SQLAlchemy and Alembic import much only when a database is opened, and somebody else may not read root's packages.
    open_store(tmp_path).close()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        if root:
            os.seteuid(65534)
        yield folder
        if root:
            os.seteuid(0)
        folder.chmod(0o700)


def test_a_folder_that_cannot_be_written_is_an_error_with_a_mend(foreign_folder: Path):
    """The database cannot be made in it, nor a folder."""
    with pytest.raises(StoreError, match="Look at the permissions"):
        open_store(foreign_folder)
    with pytest.raises(StoreError, match="Change its permissions"):
        open_store(foreign_folder / "data")


def test_a_database_that_may_not_be_written_is_an_error_with_a_mend(tmp_path: Path):
    """Reading works, and a write says whose permission is missing."""
    store = open_store(tmp_path)
    with store.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(StoreError, match="write permission"):
        store.items.save(FeedState(name="gazette"), [], now=NOON)
    store.close()


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://desk:{SECRET}@127.0.0.1:1/news",
        f"postgresql://127.0.0.1:1/news?user=desk&password={SECRET}",
        f"postgresql://desk:half@{SECRET}@127.0.0.1:1/news",
        f"postgresql://desk:half:{SECRET}@127.0.0.1/news",
        f"postgresql://desk@127.0.0.1:{SECRET}/news",
        f"mysql://desk:{SECRET}@127.0.0.1/news",
        f"desk:{SECRET}",
    ],
)
def test_no_error_of_a_database_url_tells_its_password(tmp_path: Path, url: str):
    """Whether the URL is wrong or the server does not answer."""
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path / "data", url)
    told = f"{caught.value!s} {caught.value!r} {caught.value.__cause__!r}"
    assert SECRET not in told
    assert "\n" not in told
    assert not (tmp_path / "data").exists()


def test_who_only_looks_compiles_no_statement_that_writes(tmp_path: Path):
    """`status` opens the ledger of deliveries without the time that claiming takes to prepare."""
    store = open_store(tmp_path)
    assert store.outbox.all() == ()
    assert not [name for name, value in vars(store.outbox).items() if "_compiled" in getattr(value, "__dict__", ())]
    store.close()
