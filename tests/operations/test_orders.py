"""An operator holds an edition, or has it sent at once: `serve`, `run` and `status` go by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from newsroom import AT
from running_daemon import RunningDaemon

from digestbot.model import Choice, ChoiceKind
from digestbot.operations.status import status
from digestbot.store import open_store


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[RunningDaemon]:
    made = RunningDaemon(tmp_path, datetime(2026, 5, 27, 11, 0, tzinfo=UTC))
    yield made
    made.subject.close()
    made.store.close()


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return desk_of_one_feed(tmp_path)


def order(daemon: RunningDaemon, kind: ChoiceKind) -> None:
    daemon.store.choices.add(Choice(digest="morning", kind=kind, at=daemon.now, who="ann"))


def test_what_is_held_does_not_go(daemon: RunningDaemon):
    """Not at its hour and not after it; released, it goes with the next round, and says that it is late."""
    daemon.tick()
    order(daemon, ChoiceKind.HOLD)
    daemon.tick(hours=1)
    daemon.tick(hours=1)
    assert daemon.states() == {}
    daemon.store.choices.withdraw("morning")
    daemon.tick(minutes=1)
    assert daemon.states() == {"2026-05-27": "done"}
    assert "Sent late" in (daemon.folder / "out" / "morning" / "2026-05-27" / "digest.txt").read_text()


def test_status_tells_who_holds_it(daemon: RunningDaemon):
    """And how it goes on; programs read the name."""
    order(daemon, ChoiceKind.HOLD)
    (found,), _ = status(daemon.subject.loaded, daemon.store, now=daemon.now)
    assert "held by ann since 2026-05-27 11:00 UTC" in "\n".join(found.lines())
    assert found.as_dict()["held_by"] == "ann"
    daemon.store.choices.withdraw("morning")
    (found,), _ = status(daemon.subject.loaded, daemon.store, now=daemon.now)
    assert found.as_dict()["held_by"] is None


def test_what_was_held_too_long_is_missed(daemon: RunningDaemon):
    """Its stories come with the next edition: none is lost."""
    daemon.configure("DIGESTS__MORNING__MAX_DELAY=2h")
    daemon.tick(hours=-24, minutes=61)
    order(daemon, ChoiceKind.HOLD)
    daemon.tick(hours=24)
    daemon.tick(hours=3)
    daemon.store.choices.withdraw("morning")
    daemon.tick(hours=1)
    assert daemon.states()["2026-05-27"] == "missed"


def test_what_is_wanted_at_once_goes_with_the_next_round(daemon: RunningDaemon):
    """Before its hour, once: at its hour nothing more comes, and the word is used up."""
    daemon.tick()
    order(daemon, ChoiceKind.NOW)
    daemon.tick(minutes=1)
    assert daemon.states() == {"2026-05-27": "done"}
    assert daemon.store.choices.orders() == {}
    edition = daemon.store.editions.get("morning", daemon.now.date())
    assert edition is not None
    assert edition.until == daemon.now
    daemon.tick(hours=2)
    assert list(daemon.states()) == ["2026-05-27"]


def test_what_was_made_before_does_not_go_again(daemon: RunningDaemon):
    """The word is used up, and the log says so."""
    daemon.tick(hours=2)
    order(daemon, ChoiceKind.NOW)
    daemon.tick(minutes=1)
    assert daemon.states() == {"2026-05-27": "done"}
    assert daemon.store.choices.orders() == {}


def test_an_edition_that_could_not_be_made_is_still_wanted(daemon: RunningDaemon):
    """No feed can be read: it is tried again, and goes then."""
    saved = (daemon.folder / "saved.xml").read_text()
    (daemon.folder / "saved.xml").unlink()
    order(daemon, ChoiceKind.NOW)
    daemon.tick()
    assert "morning" in daemon.store.choices.orders()
    (daemon.folder / "saved.xml").write_text(saved)
    daemon.tick(hours=2)
    assert daemon.states()["2026-05-27"] == "done"
    assert daemon.store.choices.orders() == {}


def test_run_makes_nothing_that_is_held(bot: Bot):
    """Cron does not know of it: nothing is made, the command says who holds it, and --force is a word of its own."""
    order = Choice(digest="morning", kind=ChoiceKind.HOLD, at=datetime.now(UTC), who="ann")
    with closing(open_store(bot.data)) as store:
        store.choices.add(order)
    done = bot("run", "--at", AT)
    assert bot("run", "--dry-run", "--at", AT).stdout == done.stdout
    assert (done.returncode, "held by ann" in done.stdout) == (0, True)
    assert not (bot.folder / "out").exists()
    assert "held by ann" in bot("status").stdout
    assert bot("run", "--at", AT, "--force").returncode == 0
    assert (bot.folder / "out").exists()
    with closing(open_store(bot.data)) as store:
        assert store.choices.orders() == {}
