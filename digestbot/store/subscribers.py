"""Who reads the lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from ..model import (
    Consent,
    Form,
    Frequency,
    Reader,
    Refusal,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from ..ports.subscribers import Admit, Decide
from ..text.mail_addresses import mail_key
from .database import Database, chunks
from .kept_secrets import forgotten_key, salt
from .receiving import is_suppressed, pause_is_over, receives, sent_to_readers
from .subscriber_tables import Seconds, subscribers, subscriptions, suppressions
from .suppressions import suppressions_of

# "digeste" in ASCII, as the lock of migrations.
_ENROLMENT_LOCK = 0x64696765737465
_FORGOTTEN = "asked to be forgotten"
_GIVEN = ("address", "key", "language", "plain")
_CHANGING = ("state", "since", "until", "consent", "consented", "frequency", "topics")
_SUBSCRIBER = [subscribers.c[part.name] for part in fields(Subscriber)]
_SUBSCRIPTION = [subscriptions.c[part.name] for part in fields(Subscription)]


def _is(state: SubscriptionState, now: datetime) -> ColumnElement[bool]:
    if state is SubscriptionState.SUPPRESSED:
        return is_suppressed()
    if state is SubscriptionState.ACTIVE:
        return and_(receives(now), ~is_suppressed())
    over = or_(subscriptions.c.until.is_(None), subscriptions.c.until > now)
    paused = [over] if state is SubscriptionState.PAUSED else []
    return and_(subscriptions.c.state == state, *paused, ~is_suppressed())


class SubscriberStore:
    """`ports.Subscribers` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        given = {name: bindparam(name, type_=subscribers.c[name].type) for name in _GIVEN}
        self._add_subscriber = database.prepared(insert(subscribers).values(given))
        self._add_subscription = database.prepared(insert(subscriptions))
        self._change = (
            update(subscriptions)
            .where(
                subscriptions.c.list == bindparam("of_list"), subscriptions.c.subscriber == bindparam("of_subscriber")
            )
            .values({name: bindparam(f"new_{name}", type_=subscriptions.c[name].type) for name in _CHANGING})
        )

    def get(self, number: int) -> Reader | None:
        with self._database.reading() as connection:
            return next(iter(_readers(connection, [number])), None)

    def find(self, address: str) -> Reader | None:
        key = mail_key(address)
        with self._database.reading() as connection:
            return _by_keys(connection, [key]).get(key)

    def page(
        self,
        *,
        now: datetime,
        name: str = "",
        state: SubscriptionState | None = None,
        having: str = "",
        after: int = 0,
        limit: int = 500,
    ) -> tuple[Reader, ...]:
        if name or state:
            number = subscriptions.c.subscriber
            query = select(number).where(number > after).order_by(number).limit(limit)
            query = query.where(subscriptions.c.list == name) if name else query.distinct()
            query = query.where(_is(state, now)) if state else query
            query = query.join(subscribers, subscribers.c.id == number) if having else query
        else:
            query = select(subscribers.c.id).where(subscribers.c.id > after).order_by(subscribers.c.id).limit(limit)
        if having:
            query = query.where(subscribers.c.key.contains(having.lower(), autoescape=True))
        with self._database.reading() as connection:
            return tuple(_readers(connection, connection.scalars(query).all(), name=name))

    def counts(self, *, now: datetime) -> Mapping[tuple[str, SubscriptionState], int]:
        shown = case(
            (pause_is_over(literal(now, Seconds())), SubscriptionState.ACTIVE.value), else_=subscriptions.c.state
        ).label("shown")
        every = select(subscriptions.c.list, shown, func.count().label("number")).group_by(subscriptions.c.list, shown)
        # From the side of the suppressions: they are few, and there is an index on the way from each to its subscriptions.
        of_them = every.where(suppressions.c.key == subscribers.c.key, subscribers.c.id == subscriptions.c.subscriber)
        found: dict[tuple[str, SubscriptionState], int] = {}
        with self._database.reading() as connection:
            for row in connection.execute(every):
                found[row.list, SubscriptionState(row.shown)] = row.number
            for row in connection.execute(of_them):
                found[row.list, SubscriptionState(row.shown)] -= row.number
                suppressed = (row.list, SubscriptionState.SUPPRESSED)
                found[suppressed] = found.get(suppressed, 0) + row.number
        return {place: number for place, number in found.items() if number}

    def forms(self, name: str, frequencies: Collection[Frequency], *, now: datetime) -> Mapping[Form, int]:
        what = (subscribers.c.language, subscribers.c.plain, subscriptions.c.topics)
        query = sent_to_readers((*what, func.count()), name, frequencies, now=now).group_by(*what)
        with self._database.reading() as connection:
            return {
                Form(language=language, plain=plain, topics=topics): count
                for language, plain, topics, count in connection.execute(query)
            }

    def enrol(
        self, wanted: Sequence[tuple[Subscriber, Subscription]], admit: Admit
    ) -> tuple[Subscription | Refusal, ...]:
        keys = {one.key for one, _ in wanted}
        answers: list[Subscription | Refusal] = []
        with self._database.writing() as connection:
            if not self._database.sqlite:
                # One after the other, as on SQLite: else two imports of the same people wait for each other.
                connection.execute(select(func.pg_advisory_xact_lock(_ENROLMENT_LOCK)))
            known = _by_keys(connection, keys, lock=True)
            barred = suppressions_of(connection, keys)
            became: dict[tuple[str, str], Subscription] = {}
            new: dict[str, Subscriber] = {}
            for subscriber, subscription in wanted:
                reader = known.get(subscriber.key)
                if reader is None and subscriber.key in barred:
                    reader = Reader(subscriber=subscriber, suppression=barred[subscriber.key])
                answer = admit(subscription, reader)
                answers.append(answer)
                if isinstance(answer, Refusal):
                    continue
                if reader is None or not reader.subscriber.id:
                    new.setdefault(subscriber.key, subscriber)
                known[subscriber.key] = _with(reader or Reader(subscriber=subscriber), answer)
                became[subscriber.key, answer.list] = answer
            numbers = {key: reader.subscriber.id for key, reader in known.items()} | self._numbers(connection, new)
            kept = {place: replace(one, subscriber=numbers[place[0]]) for place, one in became.items()}
            self._keep(connection, tuple(kept.values()))
        places = ((one.key, subscription.list) for one, subscription in wanted)
        # Of two wishes for one list each gets its own answer, though the last one is kept.
        return tuple(
            kept[place]
            if one is became.get(place)
            else one
            if isinstance(one, Refusal)
            else _numbered(one, kept[place])
            for place, one in zip(places, answers, strict=True)
        )

    def change(self, number: int, name: str, decide: Decide) -> Subscription | Refusal | None:
        one = (subscriptions.c.list == name, subscriptions.c.subscriber == number)
        with self._database.writing() as connection:
            row = connection.execute(select(*_SUBSCRIPTION).where(*one).with_for_update()).mappings().first()
            if row is None:
                return None
            existing = Subscription(**row)
            answer = decide(existing)
            if isinstance(answer, Subscription) and answer != existing:
                connection.execute(self._change, [_changed(answer)])
        return answer

    def describe(self, subscriber: Subscriber) -> None:
        values = {"language": subscriber.language, "plain": subscriber.plain}
        with self._database.writing() as connection:
            connection.execute(update(subscribers).where(subscribers.c.id == subscriber.id).values(**values))

    def move(self, number: int, *, address: str, key: str) -> bool:
        with self._database.writing() as connection:
            if key in suppressions_of(connection, [key]):
                return False
            taken = connection.scalar(select(subscribers.c.id).where(subscribers.c.key == key))
            if taken is not None and taken != number:
                return False
            values = {"address": address, "key": key}
            return bool(
                connection.execute(update(subscribers).where(subscribers.c.id == number).values(**values)).rowcount
            )

    def record_asked(self, number: int, *, now: datetime, may: Callable[[datetime | None], bool]) -> bool:
        of_it = subscribers.c.id == number
        with self._database.writing() as connection:
            row = connection.execute(select(subscribers.c.asked).where(of_it).with_for_update()).first()
            if row is None or not may(row.asked):
                return False
            connection.execute(update(subscribers).where(of_it).values(asked=now))
        return True

    def forget_unconfirmed(self, *, before: datetime) -> int:
        of_form = (
            subscriptions.c.state == SubscriptionState.PENDING,
            subscriptions.c.consent == Consent.FORM,
            subscriptions.c.consented.is_(None),
        )
        with self._database.writing() as connection:
            asked = select(subscriptions.c.subscriber).where(
                *of_form, subscriptions.c.since < literal(before, Seconds())
            )
            numbers = connection.scalars(asked.distinct()).all()
            count = 0
            for part in chunks(numbers):
                connection.execute(delete(subscriptions).where(subscriptions.c.subscriber.in_(part), *of_form))
                left = exists().where(subscriptions.c.subscriber == subscribers.c.id)
                gone = delete(subscribers).where(subscribers.c.id.in_(part), ~left)
                count += connection.execute(gone).rowcount
        return count

    def forget(self, address: str, *, now: datetime) -> bool:
        key = mail_key(address)
        kept = {"key": forgotten_key(key, salt(self._database)), "reason": _FORGOTTEN, "since": now}
        with self._database.writing() as connection:
            if self._database.sqlite:
                # Else what is deleted stays readable in free pages of the file (sqlite.org/pragma.html).
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            readable = connection.execute(delete(suppressions).where(suppressions.c.key == key)).rowcount
            known = connection.execute(delete(subscribers).where(subscribers.c.key == key)).rowcount
            if not suppressions_of(connection, [key]):
                connection.execute(insert(suppressions), [kept])
        return bool(readable or known)

    def _numbers(self, connection: Connection, new: Mapping[str, Subscriber]) -> dict[str, int]:
        """Add subscribers; their ids by key."""
        if not new:
            return {}
        added = [{name: getattr(one, name) for name in _GIVEN} for one in new.values()]
        self._add_subscriber.execute_all(connection, added)
        return {
            row.key: row.id
            for part in chunks(sorted(new))
            for row in connection.execute(
                select(subscribers.c.key, subscribers.c.id).where(subscribers.c.key.in_(part))
            )
        }

    def _keep(self, connection: Connection, became: Sequence[Subscription]) -> None:
        """Add those that are not there, and change those that are."""
        there = {
            (one.list, one.subscriber)
            for part in chunks(sorted({one.subscriber for one in became}))
            for one in _subscriptions(connection, part)
        }
        new = [one for one in became if (one.list, one.subscriber) not in there]
        if new:
            rows = [{part.name: getattr(one, part.name) for part in fields(Subscription)} for one in new]
            self._add_subscription.execute_all(connection, rows)
        if changed := [_changed(one) for one in became if (one.list, one.subscriber) in there]:
            connection.execute(self._change, changed)


def _numbered(one: Subscription, kept: Subscription) -> Subscription:
    return replace(one, subscriber=kept.subscriber)


def _changed(one: Subscription) -> dict[str, Any]:
    values = {f"new_{name}": getattr(one, name) for name in _CHANGING}
    return values | {"of_list": one.list, "of_subscriber": one.subscriber}


def _with(reader: Reader, subscription: Subscription) -> Reader:
    others = tuple(one for one in reader.subscriptions if one.list != subscription.list)
    return replace(reader, subscriptions=(*others, subscription))


def _by_keys(connection: Connection, keys: Collection[str], *, lock: bool = False) -> dict[str, Reader]:
    numbers = [
        number
        for part in chunks(sorted(keys))
        for number in connection.scalars(select(subscribers.c.id).where(subscribers.c.key.in_(part)))
    ]
    return {one.subscriber.key: one for one in _readers(connection, sorted(numbers), lock=lock)}


def _readers(connection: Connection, numbers: Sequence[int], *, name: str = "", lock: bool = False) -> Iterable[Reader]:
    """All that is known of these subscribers, in the order of their ids."""
    for part in chunks(numbers):
        query = select(*_SUBSCRIBER).where(subscribers.c.id.in_(part)).order_by(subscribers.c.id)
        people = [Subscriber(**row) for row in connection.execute(query).mappings()]
        barred = suppressions_of(connection, [one.key for one in people])
        of_them: dict[int, list[Subscription]] = {}
        for one in _subscriptions(connection, part, name=name, lock=lock):
            of_them.setdefault(one.subscriber, []).append(one)
        for person in people:
            subscribed = tuple(of_them.get(person.id, ()))
            yield Reader(subscriber=person, subscriptions=subscribed, suppression=barred.get(person.key))


def _subscriptions(
    connection: Connection, numbers: Sequence[int], *, name: str = "", lock: bool = False
) -> Iterable[Subscription]:
    query = select(*_SUBSCRIPTION).where(subscriptions.c.subscriber.in_(numbers))
    query = query.where(subscriptions.c.list == name) if name else query
    query = query.order_by(subscriptions.c.subscriber, subscriptions.c.list)
    query = query.with_for_update() if lock else query
    return (Subscription(**row) for row in connection.execute(query).mappings())
