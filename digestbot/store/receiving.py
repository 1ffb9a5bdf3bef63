"""Who gets what a list receives, as conditions of SQL: whoever sends an edition and whoever counts readers asks the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, literal, or_, select

from ..model import Frequency, SubscriptionState
from .subscriber_tables import Seconds, subscribers, subscriptions, suppressions


def receives(now: datetime) -> ColumnElement[bool]:
    """The condition of subscriptions whose subscribers get what the list receives at `now`, but for suppressed addresses."""
    return receives_at(literal(now, Seconds()))


def receives_at(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """The same at a moment that a statement is given."""
    return or_(subscriptions.c.state == SubscriptionState.ACTIVE, pause_is_over(moment))


def is_suppressed() -> ColumnElement[bool]:
    """The condition of subscriptions whose subscribers' addresses are suppressed."""
    of_it = and_(subscribers.c.id == subscriptions.c.subscriber, suppressions.c.key == subscribers.c.key)
    return exists().where(of_it)


def sent_to_readers(
    columns: Sequence[ColumnElement[Any]], name: str, frequencies: Collection[Frequency], *, now: datetime
) -> Select[Any]:
    """Columns of those readers of a list whom an edition that counts for these frequencies is sent to."""
    return (
        select(*columns)
        .select_from(subscriptions.join(subscribers, subscribers.c.id == subscriptions.c.subscriber))
        .where(
            subscriptions.c.list == name,
            receives(now),
            subscriptions.c.frequency.in_(frequencies),
            ~exists().where(suppressions.c.key == subscribers.c.key),
        )
    )


def pause_is_over(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(subscriptions.c.state == SubscriptionState.PAUSED, subscriptions.c.until <= moment)
