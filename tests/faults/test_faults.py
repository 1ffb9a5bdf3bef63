"""Every fault on every channel, on SQLite and PostgreSQL by turns: nothing lost, nothing twice, nothing late."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_plan import CHANNELS, DAY, HOUR, Blow, Fault, Life, Moment, life
from fault_world import live
from servers.postgres import Server

LITE, SHARED = False, True
# The moment at which each fault hurts a channel most, as far as the others have not shown that already.
BLOWS: dict[tuple[Fault, str], tuple[bool, Moment, str, float]] = {
    (Fault.KILL, "slack"): (LITE, Moment.IN_MID_SEND, "once", 0.0),
    (Fault.KILL, "mailto"): (SHARED, Moment.AFTER_ACCEPT, "once", 0.0),
    (Fault.KILL, "ntfy"): (LITE, Moment.BEFORE_OUTCOME, "once", 0.0),
    (Fault.KILL, "file"): (SHARED, Moment.AFTER_ACCEPT, "once", 0.0),  # one of its four files is there
    (Fault.STOP, "slack"): (SHARED, Moment.IN_MID_SEND, "once", 0.0),
    (Fault.STOP, "mailto"): (LITE, Moment.AFTER_CLAIM, "once", 0.0),
    (Fault.STOP, "ntfy"): (SHARED, Moment.BEFORE_ACCEPT, "twice", 0.05),
    (Fault.STOP, "file"): (LITE, Moment.AFTER_OUTCOME, "once", 0.0),
    (Fault.FREEZE, "slack"): (SHARED, Moment.BEFORE_ACCEPT, "process", 0.8),
    (Fault.FREEZE, "mailto"): (LITE, Moment.IN_MID_SEND, "process", 0.8),
    (Fault.FREEZE, "ntfy"): (SHARED, Moment.BEFORE_ACCEPT, "process", 0.8),
    (Fault.FREEZE, "file"): (SHARED, Moment.AFTER_CLAIM, "database", 1.0),
    (Fault.RESTART, "slack"): (LITE, Moment.IN_MID_SEND, "channel", 0.3),
    (Fault.RESTART, "mailto"): (SHARED, Moment.BEFORE_OUTCOME, "database", 0.8),
    (Fault.RESTART, "ntfy"): (LITE, Moment.IN_MID_SEND, "channel", 0.3),
    (Fault.RESTART, "file"): (SHARED, Moment.BEFORE_CLAIM, "database", 0.3),
    (Fault.CUT, "slack"): (SHARED, Moment.AFTER_CLAIM, "answer", 0.0),
    (Fault.CUT, "mailto"): (LITE, Moment.AFTER_CLAIM, "answer", 0.0),
    (Fault.CUT, "ntfy"): (LITE, Moment.AFTER_CLAIM, "answer", 0.0),
    (Fault.CUT, "file"): (SHARED, Moment.BEFORE_OUTCOME, "database", 0.0),
    (Fault.AHEAD, "slack"): (LITE, Moment.AFTER_CLAIM, "once", 3 * HOUR),
    (Fault.AHEAD, "mailto"): (SHARED, Moment.BEFORE_CLAIM, "once", 660.0),
    (Fault.AHEAD, "ntfy"): (LITE, Moment.BEFORE_OUTCOME, "once", 14 * HOUR),
    (Fault.AHEAD, "file"): (SHARED, Moment.AFTER_ACCEPT, "once", 29 * DAY),
    (Fault.BACK, "slack"): (SHARED, Moment.AFTER_CLAIM, "once", -3 * HOUR),
    (Fault.BACK, "mailto"): (LITE, Moment.BEFORE_CLAIM, "once", -660.0),
    (Fault.BACK, "ntfy"): (SHARED, Moment.BEFORE_OUTCOME, "once", -14 * HOUR),
    (Fault.BACK, "file"): (LITE, Moment.AFTER_ACCEPT, "once", -29 * DAY),
    (Fault.DISK, "slack"): (LITE, Moment.BEFORE_CLAIM, "once", 0.0),
    (Fault.DISK, "mailto"): (LITE, Moment.BEFORE_OUTCOME, "once", 0.0),
    (Fault.DISK, "ntfy"): (SHARED, Moment.AFTER_CLAIM, "once", 0.0),
    (Fault.DISK, "file"): (SHARED, Moment.BEFORE_ACCEPT, "once", 0.0),
    (Fault.DESCRIPTORS, "slack"): (SHARED, Moment.AFTER_CLAIM, "once", 0.0),
    (Fault.DESCRIPTORS, "mailto"): (LITE, Moment.BEFORE_ACCEPT, "once", 1.0),
    (Fault.DESCRIPTORS, "ntfy"): (SHARED, Moment.BEFORE_OUTCOME, "once", 0.0),
    (Fault.DESCRIPTORS, "file"): (LITE, Moment.BEFORE_ACCEPT, "once", 0.0),
}


@pytest.mark.parametrize(("fault", "channel"), BLOWS, ids=lambda word: str(word).replace(" ", "-"))
def test_each_fault_on_each_channel(tmp_path: Path, request: pytest.FixtureRequest, fault: Fault, channel: str):
    """Struck once in mid-delivery and started again: each recipient has the edition once; of mail what was in flight twice."""
    shared, moment, how, amount = BLOWS[fault, channel]
    server: Server | None = request.getfixturevalue("postgres") if shared else None
    blow = Blow(fault=fault, channel=channel, moment=moment, how=how, amount=amount)
    result = live(Life(name=f"{fault} {channel}", postgresql=shared, blows=(blow,), recipients=2), tmp_path, server)

    assert result.broken == []
    assert result.blows == {str(fault): 1}
    assert result.deliveries.total() == 8
    # By a clock that is 29 days ahead their deadline has passed, which the database says.
    assert result.states.keys() <= ({"sent", "expired"} if amount >= DAY else {"sent"})


def test_every_fault_has_a_row_for_every_channel_and_both_databases():
    """A new fault or channel is not forgotten."""
    assert set(BLOWS) == {(fault, channel) for fault in Fault for channel in CHANNELS}
    assert all({BLOWS[fault, channel][0] for channel in CHANNELS} == {LITE, SHARED} for fault in Fault)


def ahead(channel: str, seconds: float, moment: Moment) -> Blow:
    return Blow(fault=Fault.AHEAD, channel=channel, moment=moment, amount=seconds)


@pytest.mark.parametrize("channel", ["slack", "ntfy"])
@pytest.mark.parametrize("seconds", [-29 * DAY, -3 * HOUR, 3 * HOUR, 14 * HOUR, 23 * HOUR])
def test_killed_while_the_clock_was_wrong(tmp_path: Path, channel: str, seconds: float):
    """A message that was claimed by a clock that has been corrected since is found, and not posted again."""
    blows = (
        ahead(channel, seconds, Moment.BEFORE_CLAIM),
        Blow(fault=Fault.KILL, channel=channel, moment=Moment.IN_MID_SEND, number=2),
    )
    result = live(Life(name=f"wrong clock {channel}", postgresql=False, blows=blows, recipients=2), tmp_path, None)

    assert result.broken == []
    assert result.blows.total() == 2
    assert result.states == {"sent": 8}


@pytest.mark.parametrize("channel", ["slack", "ntfy"])
@pytest.mark.parametrize("seconds", [-3 * HOUR, 3 * HOUR, 23 * HOUR])
def test_an_answer_lost_while_the_clock_is_wrong(tmp_path: Path, channel: str, seconds: float):
    """Services date messages by their own clocks: it is found by a process whose clock stays wrong, too."""
    blows = (
        ahead(channel, seconds, Moment.BEFORE_CLAIM),
        Blow(fault=Fault.CUT, channel=channel, moment=Moment.AFTER_CLAIM, number=2, how="answer"),
    )
    result = live(Life(name=f"lost answer {channel}", postgresql=False, blows=blows, recipients=2), tmp_path, None)

    assert result.broken == []
    assert result.blows.total() == 2
    assert result.states == {"sent": 8}


@pytest.mark.parametrize("channel", ["slack", "ntfy", "mailto"])
def test_a_retry_that_was_put_off_by_a_clock_that_was_ahead(tmp_path: Path, channel: str):
    """The wait was dated by that clock; once it is right again, nobody waits for that date."""
    blows = (
        ahead(channel, 3 * HOUR, Moment.BEFORE_CLAIM),
        Blow(fault=Fault.RESTART, channel=channel, moment=Moment.AFTER_CLAIM, number=2, how="channel", amount=1.0),
        Blow(fault=Fault.STOP, channel="file", moment=Moment.AFTER_OUTCOME),
    )
    result = live(Life(name=f"put off {channel} 3", postgresql=False, blows=blows, recipients=2), tmp_path, None)

    assert result.broken == []
    assert result.states == {"sent": 8}


def test_a_life_is_repeated_by_its_name(tmp_path: Path):
    """The same seed and number give the same blows; others give others."""
    assert life(7, 3, postgresql=True) == life(7, 3, postgresql=True)
    assert len({life(7, number, postgresql=True).blows for number in range(50)}) == 50
