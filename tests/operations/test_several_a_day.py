"""Several editions a day, as readers and operators meet them: by `serve`, and by commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import Bot
from newsroom import MORNING_NEWS, rss
from running_daemon import RunningDaemon

from digestbot.model import EditionDate, EditionState, parse_edition
from digestbot.operations.status import status

EVENING_NEWS = rss(
    ("Foundry at Veldhaven halts its wafer line after a fire", "A fire halted the wafer line of the Veldhaven foundry.", "Wed, 27 May 2026 03:00:00 +0000"),
    ("Veldhaven foundry fire: inspectors find a faulty pump, restart of the wafer line on Friday", "Inspectors found a faulty coolant pump in the Veldhaven foundry. Its wafer line restarts on Friday, the regulator announced.", "Wed, 27 May 2026 15:00:00 +0000"),
    ("Ferry workers accept a new contract with the foundry port", "Ferry workers accepted a contract.", "Wed, 27 May 2026 14:00:00 +0000"),
)  # fmt: skip


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[RunningDaemon]:
    made = RunningDaemon(tmp_path, datetime(2026, 5, 27, 7, 29, tzinfo=UTC))
    made.configure("DIGESTS__MORNING__AT=07:30, 18:00", "DIGESTS__MORNING__WHEN_EMPTY=send", "FETCH__INTERVAL=10m")
    yield made
    made.subject.close()
    made.store.close()


def told(daemon: RunningDaemon, name: str) -> dict:
    folder = daemon.folder / "out" / "morning" / name
    return json.loads((folder / "digest.json").read_text()) | {"text": (folder / "digest.txt").read_text()}


def test_the_evening_tells_what_came_since_the_morning(daemon: RunningDaemon):
    """Each has its folder and its window; what the morning told is not told again, what has news says since when."""
    daemon.tick(minutes=1)
    (daemon.folder / "saved.xml").write_text(EVENING_NEWS)
    daemon.tick(hours=10, minutes=30)
    morning, evening = told(daemon, "2026-05-27T0730"), told(daemon, "2026-05-27T1800")

    assert (morning["edition"], evening["edition"]) == ("2026-05-27T0730", "2026-05-27T1800")
    assert evening["since"] == morning["until"]
    assert "Gold eases" not in evening["text"]
    assert "Update since this morning" in evening["text"]
    assert "Wednesday, May 27, 2026, 18:00" in " ".join(evening["text"].split())
    assert daemon.states() == {"2026-05-27T0730": "done", "2026-05-27T1800": "done"}


def test_times_changed_in_mid_day(daemon: RunningDaemon):
    """From one to several and back: `status` says what comes, it comes, and nothing comes twice or is lost."""
    daemon.configure("DIGESTS__MORNING__AT=07:30", "DIGESTS__MORNING__WHEN_EMPTY=send")
    daemon.tick(minutes=1)
    assert daemon.states() == {"2026-05-27": "done"}
    daemon.configure("DIGESTS__MORNING__AT=07:30, 18:00", "DIGESTS__MORNING__WHEN_EMPTY=send")
    daemon.tick(hours=4)
    announced = status(daemon.subject.loaded, daemon.store, now=daemon.now)[0][0]
    assert announced.lines().__next__() == "morning: next edition Wed 27 May 18:00 UTC"
    daemon.tick(hours=6, minutes=29)
    assert daemon.states() == {"2026-05-27": "done"}
    daemon.tick(minutes=1)
    assert daemon.states() == {"2026-05-27T1800": "done", "2026-05-27": "done"}
    daemon.configure("DIGESTS__MORNING__AT=07:30", "DIGESTS__MORNING__WHEN_EMPTY=send")
    daemon.tick(hours=13, minutes=30)
    assert list(daemon.states()) == ["2026-05-28", "2026-05-27T1800", "2026-05-27"]
    editions = daemon.store.editions.history("morning")[::-1]
    assert [later.since for later in editions[1:]] == [earlier.until for earlier in editions[:-1]]


def test_a_clock_that_was_ahead_for_hours_costs_no_evening(daemon: RunningDaemon):
    """What it recorded as empty for this evening is forgotten when it is set right; the morning's stays."""
    daemon.configure("DIGESTS__MORNING__AT=07:30, 18:00", "DIGESTS__MORNING__WHEN_EMPTY=skip")
    daemon.tick(minutes=1)
    daemon.set_clock(hours=11)
    daemon.tick()
    assert daemon.states()["2026-05-27T1800"] == "empty"
    daemon.set_clock(hours=-11)
    daemon.tick(minutes=1)
    assert daemon.states() == {"2026-05-27T0730": "done"}
    (daemon.folder / "saved.xml").write_text(EVENING_NEWS)
    daemon.tick(hours=10, minutes=30)
    assert daemon.states()["2026-05-27T1800"] == "done"


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        TOPICS__CHIPS="foundry",
        SUMMARISER="lead",
        DIGESTS__MORNING__AT="07:30, 18:00",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__TO="file:./out",
        DIGESTS__MORNING__WHEN_EMPTY="send",
    )
    return made


def test_every_command_takes_and_shows_the_name_of_an_edition(bot: Bot):
    """run, preview, explain, resend, status: by a moment, by its name, and by the date that has several."""
    ran = [bot("run", "--at", at) for at in ("2026-05-27T07:30", "2026-05-27T1800", "2026-05-27T19:00")]
    assert [one.returncode for one in ran] == [0, 0, 0], ran
    assert "2026-05-27T0730: sent to file:" in ran[0].stdout
    used = (
        "2026-05-27T0730: it is made now, and not once more at its hour; the next edition is due Wed 27 May 18:00 UTC"
    )
    assert used in ran[0].stdout
    assert "2026-05-27T1800: sent to file:" in ran[1].stdout
    assert (
        "2026-05-27T1800: was made before; nothing is sent again; the next edition is due Thu 28 May 07:30 UTC"
        in ran[2].stdout
    )
    assert sorted(path.name for path in (bot.folder / "out" / "morning").iterdir()) == [
        "2026-05-27T0730",
        "2026-05-27T1800",
    ]

    assert json.loads(bot("preview", "--at", "2026-05-27T0730", "--json").stdout)["edition"] == "2026-05-27T0730"
    assert json.loads(bot("preview", "--at", "2026-05-28", "--json").stdout)["edition"] == "2026-05-28T1800"
    dry = bot("run", "--dry-run", "--at", "2026-05-28T06:00").stdout
    assert dry.startswith("morning 2026-05-28T0730: "), "early"
    assert "Edition 2026-05-27T0730" in bot("explain", "foundry", "--date", "2026-05-27T0730").stdout
    assert "2026-05-27T1800" in bot("status").stdout
    resent = json.loads(bot("cancel", "--date", "2026-05-27", "--json").stdout)
    assert resent == []
    late = bot("resend", "--to", "file:./more", "--date", "2026-05-27T0730")
    assert late.returncode == 0, late.stderr
    assert (bot.folder / "more" / "morning" / "2026-05-27T0730" / "digest.json").exists()
    assert "2026-05-27T1800" in bot("run", "--at", "2026-05-27T18:30", "--json").stdout


def test_a_date_means_all_its_editions(bot: Bot):
    """`--date` with a date alone selects the deliveries of each of them."""
    for at in ("2026-05-27T07:30", "2026-05-27T18:00"):
        bot("run", "--at", at, "--mark-sent")
    bot.configure(DIGESTS__MORNING__TO="file:./late")
    for name in ("2026-05-27T0730", "2026-05-27T1800"):
        assert bot("resend", "--to", "file:./late", "--date", name).returncode == 0
    assert bot("explain", "foundry", "--date", "2026-05-27").returncode in (0, 2)
    assert sorted(path.name for path in (bot.folder / "late" / "morning").iterdir()) == [
        "2026-05-27T0730",
        "2026-05-27T1800",
    ]


def test_a_day_that_is_none_of_the_digests(bot: Bot):
    """Nothing on a Saturday; with --force the slot of that time."""
    bot.configure(DIGESTS__MORNING__DAYS="mon-fri")
    assert "no edition on Saturday" in bot("run", "--at", "2026-05-30T12:00").stdout
    assert "2026-05-30T0730: sent to" in bot("run", "--at", "2026-05-30T12:00", "--force").stdout


def test_missed_ones_are_named(daemon: RunningDaemon):
    """After a night away the newest is made; those before it are missed, each under its name."""
    daemon.tick(minutes=1)
    daemon.tick(days=1, hours=11)
    states = {edition.date: edition.state for edition in daemon.store.editions.history("morning")}
    assert states[parse_edition("2026-05-27T1800")] is EditionState.MISSED
    assert states[parse_edition("2026-05-28T0730")] is EditionState.MISSED
    assert states[parse_edition("2026-05-28T1800")] is EditionState.DONE
    assert all(isinstance(name, EditionDate) for name in states)


def test_a_renamed_digest_goes_on_where_it_was(daemon: RunningDaemon, caplog: pytest.LogCaptureFixture):
    """Renamed at noon: the morning does not come again, the evening comes under the new name and begins where it ended."""
    daemon.tick(minutes=1)
    text = (daemon.folder / "config.env").read_text().replace("DIGESTS__MORNING", "DIGESTS__DESK")
    (daemon.folder / "config.env").write_text(text)
    daemon.subject.loaded = daemon.read()
    daemon.tick(hours=4)
    assert not (daemon.folder / "out" / "desk").exists()
    assert "digest=morning is called desk now" in caplog.text
    daemon.tick(hours=6, minutes=30)
    evening = json.loads((daemon.folder / "out" / "desk" / "2026-05-27T1800" / "digest.json").read_text())
    assert evening["since"] == told(daemon, "2026-05-27T0730")["until"]
    assert daemon.states() == {}
    assert [str(one.date) for one in daemon.store.editions.history("desk")] == ["2026-05-27T1800", "2026-05-27T0730"]


def test_another_digest_for_other_readers_begins_anew(daemon: RunningDaemon):
    """A new name with other recipients is another digest, though the first one is gone."""
    daemon.tick(minutes=1)
    text = (
        (daemon.folder / "config.env")
        .read_text()
        .replace("DIGESTS__MORNING", "DIGESTS__DESK")
        .replace("./out", "./else")
    )
    (daemon.folder / "config.env").write_text(text)
    daemon.subject.loaded = daemon.read()
    daemon.tick(minutes=1)
    assert (daemon.folder / "else" / "desk" / "2026-05-27T0730").is_dir()
