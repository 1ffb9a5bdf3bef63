"""How much an account may send: pure decisions about its bucket, its rests and its first weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digestbot.model import Account, AccountState, after_mail, after_refusal, next_mail, pace, room, too_late

NOON = datetime(2026, 5, 27, 12, tzinfo=UTC)
FRESH = AccountState(name="default")
MINUTE = timedelta(minutes=1)


def sent_in(account: Account, state: AccountState, seconds: float) -> int:
    """How many mails leave from noon on, by somebody who asks as often as he may."""
    now, count = NOON, 0
    while (now := next_mail(account, state, now)) < NOON + timedelta(seconds=seconds):
        state, count = after_mail(account, state, now), count + 1
    return count


@pytest.mark.parametrize("rate", [14.0, 1.0, 0.5, 100 / 3600])
def test_a_rate_is_kept_over_any_while_but_for_one_bucketful(rate: float):
    """In a minute and in an hour so many leave, and at most one second's mails more, at least one."""
    account = Account(name="default", rate=rate)
    for seconds in (60, 3600):
        assert rate * seconds <= sent_in(account, FRESH, seconds) <= rate * seconds + max(rate, 1.0) + 1


def test_without_limits_nothing_waits():
    """Nor is anything counted that would have to be waited for."""
    assert next_mail(Account(name="default"), FRESH, NOON) == NOON
    assert pace(Account(name="default"), FRESH, NOON) is None


def test_warming_up_ends_the_day_in_utc_and_begins_again_with_the_next():
    """After so many mails the next may go at midnight."""
    account = Account(name="default", warm_up=50)
    state = FRESH
    for _ in range(50):
        assert next_mail(account, state, NOON) == NOON
        state = after_mail(account, state, NOON)
    midnight = datetime(2026, 5, 28, tzinfo=UTC)

    assert next_mail(account, state, NOON) == midnight
    assert next_mail(account, state, midnight) == midnight
    assert after_mail(account, state, midnight).taken == 1


def test_each_refusal_halves_the_pace_and_each_minute_without_one_doubles_it():
    """Until it is what the settings say; an account without RATE is slowed down, too."""
    account = Account(name="default", rate=16.0)
    once = after_refusal(FRESH, NOON, why="454")
    twice = after_refusal(once, NOON + 2 * timedelta(seconds=1), why="454")

    assert pace(account, twice, NOON) == 4.0
    assert pace(account, twice, NOON + MINUTE * 1.1) == 8.0
    assert pace(account, twice, NOON + MINUTE * 2.1) == 16.0
    assert pace(Account(name="default"), once, NOON) == 8.0
    assert pace(Account(name="default"), once, NOON + MINUTE) is None


def test_connections_that_are_refused_at_once_are_one_refusal():
    """Four of them would lower the pace to a sixteenth."""
    once = after_refusal(FRESH, NOON, why="454")

    assert after_refusal(once, NOON + timedelta(seconds=0.5), why="454") == once
    assert after_refusal(once, NOON + timedelta(seconds=1), why="454").refusals == 2


def test_rests_grow_and_never_last_for_longer_than_a_quarter_of_an_hour():
    """A second, two, four; a provider that asks for a day is asked again after fifteen minutes."""
    state, now, rests = FRESH, NOON, list[float]()
    for _ in range(4):
        state = after_refusal(state, now, why="421")
        now = next_mail(Account(name="default"), state, now)
        rests.append((now - (state.refused or NOON)).total_seconds())

    assert rests == [1.0, 2.0, 4.0, 8.0]
    long = after_refusal(FRESH, NOON, why="421", rest=timedelta(days=1))
    assert next_mail(Account(name="default"), long, NOON) == NOON + 15 * MINUTE


def test_what_a_clock_that_was_ahead_has_written_holds_nobody_up():
    """Neither a rest nor a bucket of next week is waited for."""
    ahead = NOON + timedelta(days=7)
    limited = Account(name="default", rate=14.0)
    state = replace(after_mail(limited, FRESH, ahead), rests_until=ahead, refusals=1, refused=ahead, day=None)

    assert next_mail(limited, state, NOON) == NOON


@pytest.mark.parametrize(
    ("account", "hours", "fits"),
    [
        (Account(name="a", rate=1.0), 1, 3600),
        (Account(name="a", warm_up=100), 1, 100),
        (Account(name="a", warm_up=100), 13, 200),
        (Account(name="a", rate=0.01, warm_up=100), 1, 36),
        (Account(name="a", rate=1.0), -1, 0),
    ],
)
def test_room_until_a_deadline(account: Account, hours: int, fits: int):
    """By rate and by the days that begin until then."""
    assert room(account, FRESH, NOON, NOON + timedelta(hours=hours)) == fits


def test_what_will_not_make_it_is_what_no_account_has_room_for():
    """All of them together; with an account without limits everything does."""
    until = NOON + timedelta(hours=1)
    slow, warm = (Account(name="a", rate=1.0), FRESH), (Account(name="b", warm_up=100), FRESH)

    assert too_late([slow, warm], mails=5000, now=NOON, until=until) == 1300
    assert too_late([slow, warm], mails=3700, now=NOON, until=until) == 0
    assert too_late([slow, (Account(name="c"), FRESH)], mails=10**6, now=NOON, until=until) == 0
