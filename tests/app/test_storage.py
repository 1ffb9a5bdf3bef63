"""A database server that is away when the store is opened: waited for, within limits, and never past a signal."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS
from servers.postgres import Server
from servers.proxy import Proxy
from sqlalchemy import make_url

from digestbot.app import storage
from digestbot.app.storage import FOR_EVER, shared_store, throwaway_store, waiting, working_store
from digestbot.deliver.patience import Waits
from digestbot.errors import Stopped, StoreError, StoreUnavailable
from digestbot.settings import Loaded, load

WAIT = 300  # seconds that a loaded machine may take for what takes two
OPENINGS = [shared_store, throwaway_store, working_store]


class Way:
    """A proxy before a new database, and a configured folder that goes through it."""

    def __init__(self, folder: Path, url: str) -> None:
        real = make_url(url)
        assert real.port is not None
        self.proxy = Proxy(real.port)
        self.folder = folder
        self._real = real
        self.bot = Bot(folder)
        (folder / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")

    def configure(self, **parts: str) -> Loaded:
        through = self._real.set(port=self.proxy.port, **parts)
        self.bot.configure(
            FEEDS__HARBOUR="./saved.xml",
            TOPICS__CHIPS="foundry",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
            DIGESTS__MORNING__TO="file:./out",
            DATABASE_URL=through.render_as_string(hide_password=False),
        )
        return load(self.folder / "config.env", {}, folder=self.folder)


@pytest.fixture
def way(tmp_path: Path, postgres: Server) -> Iterator[Way]:
    made = Way(tmp_path, postgres.new_database())
    with made.proxy:
        yield made


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_server_that_comes_back_is_waited_for(
    way: Way, caplog: pytest.LogCaptureFixture, opening: Callable[..., object]
):
    """It is asked again until it answers, and the log says so once."""
    caplog.set_level(logging.INFO)
    loaded, slept = way.configure(), []
    way.proxy.refuse()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            way.proxy.accept()

    with opening(loaded, way.bot.data, waits=waiting(10.0, sleep=sleep)) as store:  # type: ignore[attr-defined]
        assert store.outbox.open() == ()
    assert len(slept) == 3
    assert caplog.text.count("Trying again.") == 1
    assert "Start PostgreSQL" in caplog.text


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_server_that_stays_away_ends_in_one_sentence(way: Way, opening: Callable[..., object]):
    """When the time is over; how long was waited in all is what was allowed."""
    loaded, slept = way.configure(), []
    way.proxy.refuse()
    with (
        pytest.raises(StoreUnavailable, match="Start PostgreSQL"),
        opening(loaded, way.bot.data, waits=waiting(4.0, sleep=slept.append)),  # type: ignore[attr-defined]
    ):
        pass
    assert sum(slept) <= 4.0
    assert len(slept) >= 3


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [({"password": "wrong"}, "Correct the user or the password"), ({"database": "not_there"}, "Create the database")],
    ids=["password", "database"],
)
@pytest.mark.parametrize("opening", OPENINGS)
def test_what_needs_a_hand_is_not_waited_for(
    way: Way, opening: Callable[..., object], parts: dict[str, str], sentence: str
):
    """A wrong password does not become right by waiting."""
    loaded, slept = way.configure(**parts), []
    with (
        pytest.raises(StoreError, match=sentence),
        opening(loaded, way.bot.data, waits=waiting(FOR_EVER, sleep=slept.append)),  # type: ignore[attr-defined]
    ):
        pass
    assert slept == []


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_signal_ends_the_wait(way: Way, opening: Callable[..., object]):
    """Also the one that has no end; nothing is asked any more."""
    loaded, slept = way.configure(), []
    way.proxy.refuse()
    waits = waiting(FOR_EVER, sleep=slept.append, stop=lambda: len(slept) > 1)
    with pytest.raises(Stopped, match="signal"), opening(loaded, way.bot.data, waits=waits):  # type: ignore[attr-defined]
        pass
    assert len(slept) == 2


@pytest.mark.parametrize(("word", "code"), [("serve", 0), ("run", -signal.SIGTERM)])
def test_a_command_that_waits_for_its_database_ends_at_once(way: Way, word: str, code: int):
    """SIGTERM while the server is away: `serve` was asked to end, `run` was cut off."""
    way.configure()
    way.proxy.refuse()
    process = way.bot.start(word, *(["--max-wait", "600"] if word == "run" else []))
    told = process.stderr.readline()
    assert "Start PostgreSQL" in told
    assert "Trying again" in told
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=WAIT)
    assert process.returncode == code
    assert "Traceback" not in rest
    assert "Trying again" not in rest


def test_a_run_goes_on_when_the_server_comes_back(way: Way, monkeypatch: pytest.MonkeyPatch):
    """Started before its database, as at the boot of a machine: the edition is made all the same."""
    allowed: list[float] = []

    def wait_for_it(seconds: float, **_: object) -> Waits:
        allowed.append(seconds)
        return waiting(seconds, sleep=lambda _seconds: way.proxy.accept())

    monkeypatch.setattr(storage, "waiting", wait_for_it)
    way.configure()
    way.proxy.refuse()
    done = way.bot("run", "--at", AT, "--max-wait", "33")
    assert (done.returncode, allowed) == (0, [33])
    assert "Start PostgreSQL" in done.stderr
    assert "sent to file:" in done.stdout


@pytest.mark.parametrize("words", [("status",), ("cancel",), ("preview", "--at", AT)], ids=lambda words: words[0])
def test_other_commands_say_soon_that_it_is_away(way: Way, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]):
    """One sentence that says what to do, and exit 1, after some seconds at most."""
    assert storage.BRIEF_SECONDS < 5
    monkeypatch.setattr(storage, "waiting", lambda: waiting(0.0))
    way.configure()
    way.proxy.refuse()
    done = way.bot(*words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Start PostgreSQL, or correct the host and port in DIGESTBOT_DATABASE_URL." in done.stderr
    assert "Traceback" not in done.stderr
