"""`digestbot healthcheck`: by its exit code, whether a data folder is served."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from hypothesis import given
from hypothesis import strategies as st

from digestbot.operations import healthcheck
from digestbot.operations.healthcheck import FRESH, stale
from digestbot.settings import load
from digestbot.store import last_heartbeat, open_store

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return desk_of_one_feed(tmp_path)


def beat(bot: Bot, *, ago: timedelta = timedelta()) -> None:
    store = open_store(bot.data)
    store.beat(now=datetime.now(UTC) - ago)
    store.close()


def test_a_folder_that_is_served_is_healthy_and_silent(bot: Bot):
    """0, and nothing is said; written again and again there is one row."""
    for _ in range(2):
        beat(bot)
    done = bot("healthcheck")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("ago", "told"), [(None, "there is no such folder"), (timedelta(minutes=3), "the last heartbeat is of")]
)
def test_one_that_is_not_is_named_in_one_line(bot: Bot, ago: timedelta | None, told: str):
    """1, and what to do; nothing is made, not even the folder."""
    if ago:
        beat(bot, ago=ago)
    before = bot.state()
    done = bot("healthcheck")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert told in done.stderr
    assert "digestbot serve" in done.stderr
    assert bot.state().keys() == before.keys()


def test_a_folder_does_not_speak_for_another(tmp_path: Path):
    """A heartbeat is of its folder: a copy of the database elsewhere is not served by it."""
    store = open_store(tmp_path / "one")
    store.beat(now=NOW)
    store.close()
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "digestbot.sqlite3").write_bytes((tmp_path / "one" / "digestbot.sqlite3").read_bytes())
    assert last_heartbeat(tmp_path / "one") == NOW
    assert last_heartbeat(tmp_path / "two") is None


def test_a_database_that_cannot_be_read_is_no_health(bot: Bot):
    """One that is damaged, or of before there were heartbeats: a line, not a traceback."""
    bot.data.mkdir()
    (bot.data / "digestbot.sqlite3").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    done = bot("healthcheck")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_a_database_that_says_nothing_is_given_up(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """A server that is frozen must not freeze whoever asks for its health."""
    answers = threading.Event()
    monkeypatch.setattr(healthcheck, "last_heartbeat", lambda *_: answers.wait(5))
    loaded = load(bot.folder / "config.env", {}, folder=bot.folder)
    assert healthcheck.trouble(loaded, bot.data, seconds=0.01) == "the database did not answer in 0.01 seconds"
    answers.set()


@given(st.integers(-10_000, 10_000))
def test_two_minutes_decide(seconds: int):
    """The law: older than that is no health, anything newer is, also what a clock that was set back takes for the future."""
    last = NOW - timedelta(seconds=seconds)
    assert bool(stale(last, Path("data"), now=NOW)) == (timedelta(seconds=seconds) > FRESH)


def test_a_folder_without_a_database_is_told(bot: Bot):
    """It is there, and what is missing is named: a volume that was not mounted looks like that."""
    bot.data.mkdir()
    done = bot("healthcheck")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "digestbot.sqlite3 is not in it" in done.stderr
