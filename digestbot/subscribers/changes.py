"""What may become of a subscription, by whom it is asked and when: pure rules.

Each takes a subscription and gives it as it is from then on, or why it stays as it is. That whoever asks may ask is known
before: by a token, or by an operator's hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..model import Consent, Frequency, Refusal, Subscription, SubscriptionState

LONGEST_PAUSE: Final = timedelta(days=366)
CONFIRMATION_PAUSE: Final = timedelta(hours=1)  # between two confirmation mails to one address
ON: Final = frozenset({SubscriptionState.ACTIVE, SubscriptionState.PAUSED})


def as_of(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription as it is now: a pause that is over is none."""
    over = subscription.until is not None and subscription.until <= now
    if subscription.state is SubscriptionState.PAUSED and over:
        return replace(subscription, state=SubscriptionState.ACTIVE, since=subscription.until or now, until=None)
    return subscription


def may_ask(asked: datetime | None, now: datetime) -> bool:
    """Whether a confirmation mail may be sent, `asked` being when the last one was: one an hour at most.

    Of a clock that was an hour ahead or more and has been set back, what it wrote is not waited for.
    """
    return asked is None or abs(now - asked) >= CONFIRMATION_PAUSE


def confirm(subscription: Subscription, now: datetime, *, made: datetime) -> Subscription | Refusal:
    """By the link of a confirmation mail, made at that moment.

    Who unsubscribed comes back by it alone, and only by one that was made after they had left: not by an old mail, nor by a
    program that follows its links again.
    """
    if subscription.state in ON:
        return subscription
    if subscription.state is SubscriptionState.UNSUBSCRIBED and made <= subscription.since:
        return Refusal.OUT_OF_DATE
    held = replace(subscription, state=SubscriptionState.ACTIVE, since=now, until=None)
    return replace(held, consent=Consent.FORM, consented=now)  # by their own hand now, however they came here


def unsubscribe(subscription: Subscription, now: datetime) -> Subscription | Refusal:
    """At any time, out of any state. When a pause ends stays known: who takes this back is paused as before."""
    if subscription.state is SubscriptionState.UNSUBSCRIBED:
        return Refusal.KNOWN
    return replace(subscription, state=SubscriptionState.UNSUBSCRIBED, since=now)


def undo(subscription: Subscription, now: datetime, *, made: datetime) -> Subscription | Refusal:
    """Take an unsubscription back, by the link that was made for that when it happened: a forwarded mail may have done it.

    Only of one that was confirmed once; and not of another unsubscription since.
    """
    if subscription.state in ON:
        return subscription
    if subscription.state is not SubscriptionState.UNSUBSCRIBED or subscription.consented is None:
        return Refusal.NOT_CONFIRMED
    if made < subscription.since:
        return Refusal.OUT_OF_DATE
    if subscription.until is not None and subscription.until > now:
        return replace(subscription, state=SubscriptionState.PAUSED, since=now)
    return replace(subscription, state=SubscriptionState.ACTIVE, since=now, until=None)


def pause(subscription: Subscription, now: datetime, *, until: datetime) -> Subscription | Refusal:
    """Nothing is sent until then, a year at most."""
    if (refusal := _off(subscription)) is not None:
        return refusal
    if until <= now:
        return Refusal.NOT_IN_FUTURE
    until = min(until, now + LONGEST_PAUSE)
    return replace(subscription, state=SubscriptionState.PAUSED, since=now, until=until)


def resume(subscription: Subscription, now: datetime) -> Subscription | Refusal:
    """End a pause before its time."""
    if (refusal := _off(subscription)) is not None:
        return refusal
    if subscription.state is SubscriptionState.ACTIVE:
        return subscription
    return replace(subscription, state=SubscriptionState.ACTIVE, since=now, until=None)


def prefer(
    subscription: Subscription,
    *,
    frequency: Frequency | None = None,
    topics: Iterable[str] | None = None,
) -> Subscription | Refusal:
    """Another frequency, other topics; what is None stays."""
    if (refusal := _off(subscription)) is not None:
        return refusal
    return replace(
        subscription,
        frequency=frequency or subscription.frequency,
        topics=subscription.topics if topics is None else tuple(sorted(set(topics))),
    )


def _off(subscription: Subscription) -> Refusal | None:
    if subscription.state is SubscriptionState.UNSUBSCRIBED:
        return Refusal.UNSUBSCRIBED
    return Refusal.NOT_CONFIRMED if subscription.state not in ON else None
