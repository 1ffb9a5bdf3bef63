"""Who becomes a reader: nobody who left or bounced comes back by a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import (
    Consent,
    Frequency,
    Reader,
    Refusal,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from digestbot.subscribers.admission import admit

ANN = Subscriber(id=7, address="Ann@example.com", key="ann@example.com")
BARRED = Suppression(key=ANN.key, reason="bounced", since=NOON)
PENDING, ACTIVE, PAUSED, GONE = list(SubscriptionState)[:4]
LATER = NOON + timedelta(days=1)


def subscription(state: SubscriptionState, consent: Consent = Consent.IMPORT, **fields: object) -> Subscription:
    made = Subscription(list="briefing", subscriber=7, state=state, since=NOON, consent=consent)
    return replace(made, **fields)


def reader(*subscriptions: Subscription, barred: bool = False) -> Reader:
    return Reader(subscriber=ANN, subscriptions=subscriptions, suppression=BARRED if barred else None)


def wanted(state: SubscriptionState) -> Subscription:
    return replace(subscription(state), subscriber=0, since=LATER)


@pytest.mark.parametrize("state", [ACTIVE, PENDING, PAUSED, GONE])
def test_somebody_unknown_is_taken_as_they_come(state: SubscriptionState):
    """Also one who is known for another list alone, and one who left elsewhere: so that a later file cannot bring them back."""
    assert admit(wanted(state), None) == wanted(state)
    assert admit(wanted(state), reader(replace(subscription(GONE), list="weekend"))) == wanted(state)


def test_one_who_left_comes_back_by_an_operators_word_alone():
    """Twice told: with `revive`. What they chose before is kept."""
    left = subscription(GONE, Consent.FORM, frequency=Frequency.WEEKLY, topics=("chips",))
    assert admit(wanted(ACTIVE), reader(left)) is Refusal.UNSUBSCRIBED
    back = admit(wanted(ACTIVE), reader(left), revive=True)
    assert back == replace(wanted(ACTIVE), subscriber=7, frequency=Frequency.WEEKLY, topics=("chips",))


def test_nobody_suppressed_becomes_a_reader():
    """Known or not."""
    assert admit(wanted(ACTIVE), reader(barred=True)) is Refusal.SUPPRESSED
    assert admit(wanted(ACTIVE), reader(subscription(PENDING), barred=True), revive=True) is Refusal.SUPPRESSED


def test_who_waits_is_confirmed_by_a_confirmed_list_and_who_reads_stays():
    """An import without consent takes nothing away either."""
    assert admit(wanted(ACTIVE), reader(subscription(PENDING))) == replace(wanted(ACTIVE), subscriber=7)
    for state in (ACTIVE, PAUSED):
        for wish in (ACTIVE, PENDING, PAUSED):
            assert admit(wanted(wish), reader(subscription(state, Consent.FORM))) is Refusal.KNOWN


def test_who_left_elsewhere_leaves_here_unless_they_came_by_themselves():
    """A form or an operator is a later word than a file; suppression changes nothing of it."""
    for barred in (False, True):
        left = admit(wanted(GONE), reader(subscription(ACTIVE), barred=barred))
        assert left == replace(subscription(ACTIVE), state=GONE, since=LATER)
        for consent in (Consent.FORM, Consent.OPERATOR):
            assert admit(wanted(GONE), reader(subscription(ACTIVE, consent), barred=barred)) is Refusal.KNOWN
    assert admit(wanted(GONE), reader(subscription(GONE))) is Refusal.KNOWN


@settings(max_examples=40)
@given(st.lists(st.sampled_from([ACTIVE, PENDING, PAUSED, GONE]), min_size=1, max_size=6))
def test_the_strictest_row_of_a_file_counts_in_any_order(states: list[SubscriptionState]):
    """Who left in one row has left, whatever the others say; all of it again changes nothing."""

    def after(rows: list[SubscriptionState], there: Subscription | None) -> Subscription | None:
        for state in rows:
            answer = admit(wanted(state), reader(there) if there else None)
            there = answer if isinstance(answer, Subscription) else there
        return there

    end = after(states, None)
    assert end is not None
    assert (end.state is GONE) == (GONE in states)
    assert after(states, end) == end
    assert (after(states[::-1], None) or end).state is GONE or GONE not in states
