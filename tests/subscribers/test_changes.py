"""What becomes of a subscription: nobody who left comes back without a new confirmation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import Consent, Frequency, Refusal, Subscription, SubscriptionState
from digestbot.subscribers.changes import (
    LONGEST_PAUSE,
    as_of,
    confirm,
    may_ask,
    pause,
    prefer,
    resume,
    undo,
    unsubscribe,
)

PENDING, ACTIVE, PAUSED, GONE, _ = list(SubscriptionState)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
LATER = NOON + DAY


def of(state: SubscriptionState, **fields: object) -> Subscription:
    made = Subscription(list="briefing", subscriber=7, state=state, since=NOON, consent=Consent.IMPORT)
    return replace(made, **fields)


def test_a_link_of_a_confirmation_mail_confirms():
    """It is consent by their own hand from then on, however they came; who reads already goes on reading."""
    expected = of(ACTIVE, since=LATER, consent=Consent.FORM, consented=LATER)
    assert confirm(of(PENDING), LATER, made=NOON) == expected
    for state in (ACTIVE, PAUSED):
        assert confirm(of(state), LATER, made=NOON) == of(state)


def test_an_old_confirmation_brings_nobody_back():
    """Who left after it was made: not by that mail, nor by a program that follows its links once more; by a new one, yes."""
    left = of(GONE, consented=NOON - DAY)
    for made in (NOON - HOUR, NOON):
        assert confirm(left, LATER, made=made) is Refusal.OUT_OF_DATE
    back = confirm(left, LATER, made=NOON + SECOND)
    assert isinstance(back, Subscription)
    assert back.state is ACTIVE


@pytest.mark.parametrize("state", [PENDING, ACTIVE, PAUSED])
def test_everybody_can_leave_at_any_time(state: SubscriptionState):
    """Once; to leave again changes nothing, not even since when."""
    until = LATER if state is PAUSED else None
    left = unsubscribe(of(state, until=until), LATER)
    assert left == of(GONE, since=LATER, until=until)
    assert isinstance(left, Subscription)
    assert unsubscribe(left, LATER + DAY) is Refusal.KNOWN


def test_an_accident_can_be_taken_back():
    """By the link that was made for it; not of one that never confirmed, nor of another time that they left."""
    left = of(GONE, consented=NOON - DAY)
    assert undo(left, LATER, made=NOON) == replace(left, state=ACTIVE, since=LATER)
    assert undo(left, LATER, made=NOON - SECOND) is Refusal.OUT_OF_DATE
    assert undo(of(GONE), LATER, made=NOON) is Refusal.NOT_CONFIRMED
    assert undo(of(PENDING), LATER, made=NOON) is Refusal.NOT_CONFIRMED
    assert undo(of(ACTIVE), LATER, made=NOON) == of(ACTIVE)


def test_whoever_was_paused_is_paused_again():
    """Who leaves during a pause and takes it back gets nothing before the pause ends; after that, as everybody."""
    left = unsubscribe(of(PAUSED, until=LATER, consented=NOON - DAY), NOON)
    assert isinstance(left, Subscription)
    again = undo(left, NOON + SECOND, made=NOON)
    assert again == replace(left, state=PAUSED, since=NOON + SECOND, until=LATER)
    late = undo(left, LATER + SECOND, made=NOON)
    assert late == replace(left, state=ACTIVE, since=LATER + SECOND, until=None)


def test_a_pause_begins_and_ends():
    """In the future, for a year at most; it ends by itself, or before its time."""
    paused = pause(of(ACTIVE), NOON, until=LATER)
    assert paused == of(PAUSED, until=LATER)
    assert isinstance(paused, Subscription)
    assert as_of(paused, LATER - SECOND) == paused
    assert as_of(paused, LATER) == of(ACTIVE, since=LATER)
    assert as_of(of(PAUSED), NOON + 9999 * DAY) == of(PAUSED)
    assert resume(paused, NOON + HOUR) == of(ACTIVE, since=NOON + HOUR)
    assert pause(of(ACTIVE), NOON, until=NOON) is Refusal.NOT_IN_FUTURE
    assert pause(of(ACTIVE), NOON, until=NOON + 9999 * DAY) == of(PAUSED, until=NOON + LONGEST_PAUSE)


def test_what_a_reader_wants_changes_by_itself():
    """What is not said stays; the same topics in another order are the same."""
    weekly = prefer(of(ACTIVE, topics=("gold",)), frequency=Frequency.WEEKLY)
    assert weekly == of(ACTIVE, topics=("gold",), frequency=Frequency.WEEKLY)
    assert prefer(of(ACTIVE), topics=["gold", "chips", "gold"]) == of(ACTIVE, topics=("chips", "gold"))
    assert prefer(of(ACTIVE, topics=("gold",)), topics=[]) == of(ACTIVE)


def test_who_is_no_reader_changes_nothing():
    """One who left, or never confirmed."""
    deeds: tuple[Callable[[Subscription], object], ...] = (
        lambda one: pause(one, NOON, until=LATER),
        lambda one: resume(one, NOON),
        lambda one: prefer(one, frequency=Frequency.DAILY),
    )
    for deed in deeds:
        assert deed(of(GONE)) is Refusal.UNSUBSCRIBED
        assert deed(of(PENDING)) is Refusal.NOT_CONFIRMED


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        (None, True),
        (NOON, False),
        (NOON - HOUR + SECOND, False),
        (NOON - HOUR, True),
        (NOON + HOUR - SECOND, False),
        (NOON + HOUR, True),
    ],
)
def test_one_confirmation_mail_an_hour(asked: datetime | None, may: bool):
    """Also where the clock was set back a little; what a clock wrote that was far ahead is not waited for."""
    assert may_ask(asked, NOON) is may


def done(deed: str, one: Subscription, now: datetime, made: datetime) -> Subscription | Refusal:
    return {
        "u": lambda: undo(one, now, made=made),
        "c": lambda: confirm(one, now, made=made),
        "l": lambda: unsubscribe(one, now),
        "p": lambda: pause(one, now, until=now + DAY),
        "r": lambda: resume(one, now),
        "e": lambda: prefer(one, topics=["gold"]),
        "f": lambda: prefer(one, frequency=Frequency.DAILY),
    }[deed]()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("ulucpref"), st.integers(0, 5000), st.integers(0, 5000)), max_size=12),
    st.sampled_from([PENDING, ACTIVE, GONE]),
)
def test_nobody_who_left_comes_back_but_by_a_link_made_since(
    deeds: list[tuple[str, int, int]], state: SubscriptionState
):
    """Whatever else is done, in whatever order: the law of unsubscribing."""
    one, now = of(state, consented=NOON if state is not PENDING else None), NOON
    for deed, minutes, age in deeds:
        now += timedelta(minutes=minutes)
        made = now - timedelta(minutes=age)
        answer = done(deed, one, now, made)
        if isinstance(answer, Refusal):
            continue
        if one.state is GONE and answer.state is not GONE:
            assert deed in "uc"
            assert made >= one.since
        if one.state is PENDING and answer.state in {ACTIVE, PAUSED}:
            assert deed == "c"
        if answer.state in {ACTIVE, PAUSED}:
            assert answer.consented is not None
        one = answer
