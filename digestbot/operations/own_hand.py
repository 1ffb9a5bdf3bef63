"""What readers do by their own hand: ask for a list, confirm it, change what they get, leave, take that back.

That they may is known before: by a token of ours in their link (`subscribers/tokens.py`). What is to be mailed because of it is
returned, to be sent by whoever has the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from ..model import (
    Consent,
    Frequency,
    Reader,
    Refusal,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from ..ports import Store
from ..render import ReaderMail
from ..subscribers.admission import admit
from ..subscribers.changes import ON, confirm, may_ask, prefer, unsubscribe
from ..text.mail_addresses import clean_address, mail_key
from .letters import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reader wants of a list, as they chose it on its page."""

    frequency: Frequency
    topics: tuple[str, ...]  # empty for all
    plain: bool
    language: str  # empty for the digest's
    others: frozenset[str]  # the other lists they want, of those they could choose from


def sign_up(store: Store, address: str, name: str, *, now: datetime) -> Letter | None:
    """Somebody wants a list: they are pending, and the mail that asks them. None where nothing may be sent to the address.

    Who gets the list already is sent the way to their preferences instead. One such mail an hour goes to an address.

    Raises:
        AddressError: it is none.
    """
    address, key = clean_address(address), mail_key(address)
    wanted = Subscription(list=name, state=SubscriptionState.PENDING, since=now, consent=Consent.FORM)
    store.subscribers.enrol([(Subscriber(address=address, key=key), wanted)], admit)
    reader = store.subscribers.find(address)
    return ask(store, reader, name, now=now) if reader else None


def ask(store: Store, reader: Reader, name: str, *, now: datetime) -> Letter | None:
    """The mail that asks a reader whether they want a list, where it may be sent now; that counts as sent."""
    existing = reader.of(name)
    if reader.suppression is not None or existing is None:
        return None
    if not store.subscribers.record_asked(reader.subscriber.id, now=now, may=lambda last: may_ask(last, now)):
        return None
    kind = ReaderMail.MANAGE if existing.state in ON else ReaderMail.CONFIRM
    return Letter(kind=kind, reader=reader.subscriber, list=name)


def confirmed(store: Store, number: int, name: str, *, made: datetime, now: datetime) -> Subscription | Refusal | None:
    """By the link of a mail that was made then; None where nobody of that number reads the list."""
    reader = store.subscribers.get(number)
    if reader is not None and reader.suppression is not None:
        return Refusal.SUPPRESSED
    return store.subscribers.change(number, name, partial(confirm, now=now, made=made))


def leave(store: Store, number: int, name: str, *, now: datetime) -> Letter | None:
    """Unsubscribe somebody; the mail that tells them, for whoever was forwarded one of theirs may have done it."""
    before = store.subscribers.get(number)
    answer = store.subscribers.change(number, name, partial(unsubscribe, now=now))
    if before is None or not isinstance(answer, Subscription):
        return None
    was = before.of(name)
    told = was is not None and was.state in ON and before.suppression is None
    return Letter(kind=ReaderMail.LEFT, reader=before.subscriber, list=name) if told else None


def choose(store: Store, reader: Reader, name: str, choice: Choice, *, offered: Iterable[str], now: datetime) -> None:
    """Keep what a reader chose.

    Args:
        store: where readers are kept.
        reader: as they were when they chose.
        name: the list that the page is about.
        choice: what they want.
        offered: the other lists that they could choose from.
        now: when this is.
    """
    person = reader.subscriber
    if (person.plain, person.language) != (choice.plain, choice.language):
        store.subscribers.describe(replace(person, plain=choice.plain, language=choice.language))
    store.subscribers.change(person.id, name, partial(prefer, frequency=choice.frequency, topics=choice.topics))
    for other in offered:
        existing = reader.of(other)
        on = existing is not None and existing.state in ON
        if other in choice.others and not on:
            _join(store, person, other, known=existing is not None, now=now)
        elif other not in choice.others and on:
            store.subscribers.change(person.id, other, partial(unsubscribe, now=now))


def _join(store: Store, person: Subscriber, name: str, *, known: bool, now: datetime) -> None:
    """Another list, for somebody whose address is proven by the link that they came by."""
    if known:
        store.subscribers.change(person.id, name, partial(confirm, now=now, made=now))
        return
    wanted = Subscription(list=name, state=SubscriptionState.ACTIVE, since=now, consent=Consent.FORM, consented=now)
    store.subscribers.enrol([(person, wanted)], admit)
