"""Every fault on every channel, on SQLite and PostgreSQL by turns: nothing lost, nothing twice, nothing late."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fault_plan import CHANNELS, DAY, HOUR, Blow, Fault, Life, Moment, random_blow
from fault_world import live
from servers.postgres import Server

PAIRS = [(fault, channel) for fault in Fault for channel in CHANNELS]


def on_postgresql(fault: Fault, channel: str) -> bool:
    """By turns; but nobody serves a folder, so what is cut off and restarted there is the database."""
    turn = (PAIRS.index((fault, channel)) + list(Fault).index(fault)) % 2 == 1
    return turn or (channel == "file" and fault in (Fault.RESTART, Fault.CUT))


@pytest.mark.parametrize(("fault", "channel"), PAIRS, ids=lambda word: str(word).replace(" ", "-"))
def test_each_fault_on_each_channel(tmp_path: Path, request: pytest.FixtureRequest, fault: Fault, channel: str):
    """Struck once in mid-delivery and started again: each recipient has the edition once; of mail what was in flight twice."""
    shared = on_postgresql(fault, channel)
    server: Server | None = request.getfixturevalue("postgres") if shared else None
    blow = random_blow(random.Random(f"{fault} {channel}"), postgresql=shared, fault=fault, channel=channel)
    result = live(Life(name=f"{fault} {channel}", postgresql=shared, blows=(blow,), recipients=2), tmp_path, server)

    assert result.broken == []
    assert result.blows == {str(fault): 1}
    assert result.deliveries.total() == 8
    assert result.states.keys() <= {"sent", "expired"}


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
        Blow(fault=Fault.RESTART, channel=channel, moment=Moment.AFTER_CLAIM, number=2, how="channel", amount=2.0),
        Blow(fault=Fault.STOP, channel="file", moment=Moment.AFTER_OUTCOME),
    )
    result = live(Life(name=f"put off {channel} 3", postgresql=False, blows=blows, recipients=2), tmp_path, None)

    assert result.broken == []
    assert result.states == {"sent": 8}


def test_a_life_is_repeated_by_its_name(tmp_path: Path):
    """The same seed and number give the same blows; others give others."""
    from fault_plan import life

    assert life(7, 3, postgresql=True) == life(7, 3, postgresql=True)
    assert len({life(7, number, postgresql=True).blows for number in range(50)}) == 50
