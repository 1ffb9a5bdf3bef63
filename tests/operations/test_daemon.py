"""The daemon's rounds, with a clock of the test's own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot import Bot, desk_of_one_feed
from running_daemon import CONFIG, RunningDaemon
from servers.monitor import monitor
from servers.smtp import SmtpServer

from digestbot.deliver import requeue_deliveries
from digestbot.edition import pipeline
from digestbot.edition.context import DigestSpec
from digestbot.model import DeliveryState, Digest, EditionState
from digestbot.operations import daemon as room
from digestbot.operations.status import status
from digestbot.store import last_heartbeat, open_store


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[RunningDaemon]:
    made = RunningDaemon(tmp_path, datetime(2026, 5, 27, 11, 59, tzinfo=UTC))
    yield made
    made.subject.close()
    made.store.close()


def test_an_edition_is_made_at_its_hour_and_once(daemon: RunningDaemon):
    """Nothing before the hour, one edition at it, nothing more that day."""
    daemon.tick()
    assert daemon.states() == {}

    daemon.tick(minutes=1)
    daemon.tick(minutes=1)

    assert daemon.states() == {"2026-05-27": "done"}


OTHER = {"DIGESTS__LATER__AT": "12:00", "DIGESTS__LATER__TIMEZONE": "UTC", "DIGESTS__LATER__TO": "file:./later"}

LAST = ("DIGESTS__LAST__AT=12:01", "DIGESTS__LAST__TIMEZONE=UTC", "DIGESTS__LAST__TO=file:./last")


def test_editions_of_one_round_have_one_cutoff(daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch):
    """However long the first takes: with one window they share their grouping. What became due meanwhile has its own."""
    daemon.configure(*(f"{name}={value}" for name, value in OTHER.items()), *LAST)

    def slow(*words: Any, **named: Any) -> pipeline.Outcome:
        daemon.now += timedelta(seconds=40)
        return pipeline.run(*words, **named)

    monkeypatch.setattr(room, "run", slow)
    daemon.tick(minutes=1)
    made = {name: daemon.store.editions.history(name)[0].until for name in ("morning", "later", "last")}
    assert [f"{made[name]:%H:%M:%S}" for name in ("morning", "later", "last")] == ["12:00:00", "12:00:00", "12:01:00"]


def test_editions_of_one_run_have_one_cutoff(tmp_path: Path):
    """As those of one round."""
    bot = desk_of_one_feed(tmp_path)
    bot.configure(**OTHER)
    assert bot("run").returncode == 0
    store = open_store(bot.data)
    [first, second] = (store.editions.history(name)[0].until for name in ("morning", "later"))
    store.close()
    assert first == second


def test_a_late_edition_says_so(daemon: RunningDaemon):
    """Three hours late, within max_delay, the edition is sent with a line at its head."""
    daemon.tick(hours=3, minutes=1)

    text = (daemon.folder / "out" / "morning" / "2026-05-27" / "digest.txt").read_text()
    assert "Sent late: 15:00 instead of 12:00." in text


@pytest.mark.parametrize(("seconds", "late"), [(14 * 60 + 59, False), (15 * 60, True)])
def test_an_edition_says_that_it_is_late_from_a_quarter_of_an_hour_on(daemon: RunningDaemon, seconds: int, late: bool):
    """At exactly fifteen minutes it does, a second earlier it does not."""
    daemon.tick(minutes=1, seconds=seconds)

    text = (daemon.folder / "out" / "morning" / "2026-05-27" / "digest.txt").read_text()
    assert ("Sent late" in text) is late


def test_missed_dates_are_recorded_and_not_sent_in_a_burst(daemon: RunningDaemon, caplog: pytest.LogCaptureFixture):
    """Row 21: after three days away one edition is made, and the days before it are marked missed."""
    daemon.configure("DIGESTS__MORNING__WHEN_EMPTY=send")
    daemon.tick(minutes=2)
    with caplog.at_level(logging.WARNING, logger="digestbot"):
        daemon.tick(days=3)

    assert daemon.states()["2026-05-28"] == daemon.states()["2026-05-29"] == "missed"
    assert daemon.states()["2026-05-30"] == "done"
    assert {path.name for path in (daemon.folder / "out" / "morning").iterdir()} == {"2026-05-27", "2026-05-30"}
    assert "missed" in caplog.text


@pytest.mark.parametrize("days", [1, 29, 400])
def test_a_clock_that_was_ahead_costs_no_edition(
    daemon: RunningDaemon, caplog: pytest.LogCaptureFixture, tmp_path: Path, days: int
):
    """Set ahead for one round and back again: editions and polls go on at once, an alert says so, no date was missed."""
    daemon.configure("DIGESTS__MORNING__WHEN_EMPTY=send", "ALERTS__TO=file:./alerts")
    daemon.tick()
    daemon.set_clock(days=days)
    daemon.tick(minutes=2)
    daemon.set_clock(days=-days)
    with caplog.at_level(logging.WARNING, logger="digestbot"):
        daemon.tick(minutes=2)

    assert daemon.states()["2026-05-27"] == "done"
    assert "clock jumped: it was set back" in caplog.text
    alerts = [path.read_text() for path in (tmp_path / "alerts").rglob("digest.txt")]
    assert any("clock ahead: it was set ahead" in text for text in alerts)
    assert any("clock back: it was set back" in text for text in alerts)
    checked = daemon.store.items.states()["harbour"].checked
    assert checked == daemon.now
    daemon.tick(days=1)
    assert daemon.states()["2026-05-28"] == "done"
    assert "missed" not in daemon.states().values()


def test_a_new_daemon_clears_what_a_wrong_clock_left(daemon: RunningDaemon):
    """The clock was ahead before it started: dates recorded as missed are made after all, and sent ones are named."""
    for day in (28, 29, 30):
        daemon.store.editions.set_state("morning", date(2026, 5, day), EditionState.MISSED)
    daemon.tick(minutes=2)
    daemon.tick(days=1)

    assert daemon.states() == {"2026-05-27": "done", "2026-05-28": "empty"}


def test_a_slept_night_is_no_jump(daemon: RunningDaemon, caplog: pytest.LogCaptureFixture):
    """Time that went by while the machine was suspended went by: nothing is said of the clock."""
    daemon.tick()
    with caplog.at_level(logging.WARNING, logger="digestbot"):
        daemon.tick(hours=9)
        daemon.tick(minutes=4, seconds=59)

    assert "clock" not in caplog.text


def test_a_digest_that_failed_is_tried_again_whatever_the_clock_was_set_to(
    daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch
):
    """Five minutes by a clock that cannot be set, not by the one of the wall."""
    daemon.tick()
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "prepare", lambda *_args, **_kwargs: 1 / 0)
        daemon.tick(minutes=2)
    daemon.set_clock(minutes=-4)
    daemon.tick(minutes=6)

    assert daemon.states() == {"2026-05-27": "done"}


def test_feeds_that_cannot_be_read_are_tried_again_later_and_later(
    daemon: RunningDaemon, caplog: pytest.LogCaptureFixture
):
    """After five minutes, then ten, twenty, forty; said once, however often it is tried; then the edition is made."""
    (daemon.folder / "saved.xml").rename(daemon.folder / "away.xml")
    tried = []
    daemon.tick(minutes=1)
    for minute in range(80):
        before = daemon.subject._failed["morning"].times
        daemon.tick(minutes=1)
        tried += [minute + 1] * (daemon.subject._failed["morning"].times - before)
    (daemon.folder / "away.xml").rename(daemon.folder / "saved.xml")
    daemon.tick(minutes=40)

    assert tried == [5, 15, 35, 75]
    assert caplog.text.count("digest=morning no feed could be read") == 1
    assert daemon.states() == {"2026-05-27": "done"}


def test_what_is_old_is_forgotten_once_a_day(daemon: RunningDaemon):
    """Items older than three months leave the store; editions stay."""
    daemon.tick(minutes=2)
    (daemon.folder / "saved.xml").write_text("<rss version='2.0'><channel><title>Harbour Post</title></channel></rss>")
    daemon.tick(days=91)
    daemon.tick(days=91)

    told = daemon.store.editions.get("morning", date(2026, 5, 27))
    assert daemon.store.items.recent(since=datetime(2026, 1, 1, tzinfo=UTC), until=daemon.now) == ()
    assert told is not None
    assert told.state is EditionState.DONE


def test_a_changed_configuration_is_used_and_a_broken_one_is_not(
    daemon: RunningDaemon, caplog: pytest.LogCaptureFixture
):
    """The file is read again when it changes; a mistake in it is told and the last good one stays."""
    path = daemon.folder / "config.env"
    path.write_text(CONFIG + "DIGESTBOT_NONSENSE=1\n")
    _touch(path, 10)
    with caplog.at_level(logging.ERROR, logger="digestbot"):
        daemon.tick()
    assert "DIGESTBOT_NONSENSE" in caplog.text

    path.write_text(CONFIG.replace("AT=12:00", "AT=11:30"))
    _touch(path, 20)
    daemon.tick()

    assert daemon.states() == {"2026-05-27": "done"}


def test_a_mended_configuration_ends_the_rest_of_a_failed_digest_at_once(
    daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch
):
    """A digest that failed rests for five minutes, unless the file that may have been the reason is another one."""
    make, tries = pipeline.compose, []

    def broken_once(*args: Any, **fields: Any) -> Digest:
        tries.append(daemon.now)
        if len(tries) == 1:
            raise ValueError("a bug")
        return make(*args, **fields)

    monkeypatch.setattr(pipeline, "compose", broken_once)
    daemon.tick(minutes=1)
    daemon.tick(minutes=1)
    assert len(tries) == 1, "it rests"

    path = daemon.folder / "config.env"
    path.write_text(CONFIG + "DIGESTBOT_TOPICS__GOLD=gold\n")
    _touch(path, 10)
    daemon.tick(minutes=1)

    assert len(tries) == 2
    assert daemon.states() == {"2026-05-27": "done"}


def test_the_monitor_is_called_when_an_edition_fails(daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch):
    """/fail when no feed can be read and when the code breaks; the address itself when all is well."""
    with monitor() as (url, calls):
        daemon.configure(f"ALERTS__PING_URL={url}", "FEEDS__HARBOUR=./missing.xml")
        daemon.tick(minutes=1)
        unreadable = calls[:]
        calls.clear()

        daemon.configure(f"ALERTS__PING_URL={url}")
        daemon.subject.close()
        with monkeypatch.context() as patch:
            patch.setattr(pipeline, "compose", lambda *_args, **_fields: 1 / 0)
            daemon.tick(minutes=1)
        broken = calls[:]
        calls.clear()

        daemon.tick(minutes=6)

    assert unreadable == broken == ["/uuid/start", "/uuid/fail"]
    assert calls == ["/uuid/start", "/uuid"]


def _touch(path: Path, seconds: float) -> None:
    import os

    config_fingerprint = path.stat().st_mtime + seconds
    os.utime(path, (config_fingerprint, config_fingerprint))


def test_one_bad_digest_harms_no_other(
    daemon: RunningDaemon, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """What breaks one is logged, told to the operator once, and tried again after a while; the others go out."""
    (daemon.folder / "config.env").write_text(
        CONFIG.replace("DIGESTS__MORNING", "DIGESTS__BAD").replace("out", "bad")
        + "".join(line + "\n" for line in CONFIG.splitlines() if "MORNING" in line)
        + "DIGESTBOT_ALERTS__TO=file:./ops\n"
    )
    daemon.subject.loaded = daemon.read()
    make, tries = pipeline.compose, []

    def broken(spec: DigestSpec, *args: Any, **fields: Any) -> Digest:
        if spec.name == "bad" and (tries.append(daemon.now) or len(tries) < 3):
            raise ValueError("a bug")
        return make(spec, *args, **fields)

    monkeypatch.setattr(pipeline, "compose", broken)
    for _ in range(17):
        daemon.tick(minutes=1)

    assert daemon.states() == {"2026-05-27": "done"}
    assert (daemon.folder / "bad" / "bad" / "2026-05-27" / "digest.txt").exists()
    assert [(later - tries[0]).total_seconds() for later in tries] == [0, 300, 900]
    told = [path.read_text() for path in sorted((daemon.folder / "ops").glob("alerts-*/*/digest.txt"))]
    assert told == ["digest bad: internal error (ValueError), see the log\n", "digest bad: works again\n"]
    assert caplog.text.count("digest bad: internal error (ValueError)") == 1
    assert caplog.text.count("Traceback") == 1, "logged when it changes"


def test_row_47_an_address_that_is_gone_is_given_up_after_three_editions(daemon: RunningDaemon):
    """550 5.1.1: failed, the others go on; then not tried, told once and shown, until it is mended or sent again."""
    with SmtpServer() as smtp:
        smtp.refuse["gone@desk.example"] = "550 5.1.1 no such user"
        smtp.refuse["spam@desk.example"] = "550 5.7.1 looks like spam"
        daemon.configure(
            "DIGESTS__MORNING__TO=mailto:gone@desk.example, mailto:spam@desk.example, mailto:ann@desk.example",
            "DIGESTS__MORNING__WHEN_EMPTY=send",
            *("SMTP__HOST=127.0.0.1", f"SMTP__PORT={smtp.port}", "SMTP__SECURITY=none", "SMTP__FROM=n@desk.example"),
            "ALERTS__TO=mailto:ops@desk.example",
        )
        tried = []
        for _ in range(5):
            smtp.commands.clear()
            daemon.tick(days=1, minutes=1)
            tried.append([who for who in ("gone", "spam", "ann") if f"RCPT TO:<{who}@desk.example>" in smtp.commands])
        rows = daemon.store.outbox.all(digest="morning")
        [standing], _ = status(daemon.subject.loaded, daemon.store, now=daemon.now)
        told = [mail.data.decode() for mail in smtp.messages if mail.recipient == "ops@desk.example"]

        del smtp.refuse["gone@desk.example"]
        last = daemon.store.outbox.all(day=rows[-1].edition, states={DeliveryState.CANCELLED})
        requeue_deliveries(daemon.store.outbox, last, deadline=daemon.now + timedelta(days=1))
        daemon.tick(minutes=1)
        daemon.tick(days=1)
        arrived = [mail.recipient for mail in smtp.messages].count("gone@desk.example")

    assert tried == [["gone", "spam", "ann"]] * 3 + [["spam", "ann"]] * 2
    states = {who: [str(row.state) for row in rows if who in row.recipient.address] for who in ("gone", "spam", "ann")}
    assert states == {"gone": ["failed"] * 3 + ["cancelled"] * 2, "spam": ["failed"] * 5, "ann": ["sent"] * 5}
    assert sum("recipient mailto:gone@desk.example of morning" in mail for mail in told) == 1
    shown = [line for line in standing.lines() if "gone@desk.example cancelled" in line]
    assert len(shown) == 1
    assert "550 5.1.1 no such user" in shown[0]
    assert "digestbot resend morning --to mailto:gone@desk.example" in shown[0]
    assert arrived == 2


def test_a_broken_round_does_not_end_the_daemon(daemon: RunningDaemon, caplog: pytest.LogCaptureFixture):
    """Whatever a round raises is logged, and the next round works."""
    daemon.store.editions.set_state("morning", date(2026, 5, 26), EditionState.EMPTY)
    daemon.store.close()
    real, daemon.subject.store = daemon.subject.store, None  # type: ignore[assignment]
    with caplog.at_level(logging.ERROR, logger="digestbot"):
        daemon.tick(minutes=2)
    assert "internal error in this round" in caplog.text

    daemon.subject.close()
    daemon.subject.store = real
    daemon.tick(minutes=1)
    assert daemon.states()["2026-05-27"] == "done"


def test_another_data_folder_needs_a_restart(daemon: RunningDaemon, caplog: pytest.LogCaptureFixture):
    """A changed DATA is not half used: the last good configuration stays whole, and the log says what to do."""
    path = daemon.folder / "config.env"
    path.write_text(CONFIG + "DIGESTBOT_DATA=./elsewhere\nDIGESTBOT_TOPICS__GOLD=gold\n")
    _touch(path, 10)
    with caplog.at_level(logging.ERROR, logger="digestbot"):
        daemon.tick()
        daemon.tick()

    assert [line for line in caplog.messages if "restart digestbot" in line] == caplog.messages
    assert len(caplog.messages) == 1
    assert len(daemon.subject.loaded.topics) == 1
    path.write_text(CONFIG)
    (line, *_) = Bot(daemon.folder)("status").stdout.splitlines()
    assert line.startswith("configuration: DIGESTBOT_DATA"), "until the next round"


def test_every_round_leaves_a_heartbeat(daemon: RunningDaemon):
    """`healthcheck` asks by the machine's own clock, whatever the daemon takes for the time."""
    began = datetime.now(UTC)
    daemon.tick()
    last = last_heartbeat(daemon.folder / "data")
    assert last is not None
    assert began <= last <= datetime.now(UTC)
