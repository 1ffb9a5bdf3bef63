"""Which editions were made, for which day, and which items they used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, insert, literal, select, update

from ..errors import StoreError
from ..model import Delivery, DeliveryState, Edition, EditionState, ForReaders, calendar_day
from .archive_rows import keep_stories, rename_stories
from .archive_tables import former_names, older_revisions
from .column_types import strip_unstorable
from .database import Database, chunks
from .errors import Conflict
from .fan_out import fan_out
from .operator_tables import choices
from .outbox import insert_deliveries
from .queue import JobQueue
from .schema import deliveries, editions, items, plans, used_items

_EDITION = [editions.c[part.name] for part in fields(Edition)]
_FROZEN = (EditionState.READY, EditionState.DONE)
_WINDOW_USED = (*_FROZEN, EditionState.EMPTY)
_REPLACED = "replaced by a newer revision of the edition"
_DECIDED = (*_WINDOW_USED, EditionState.MISSED)
_MOST_PLANS = 4  # of a digest: what was planned before these is a matter of history


class EditionStore:
    """`ports.Editions` on a database. An edition whose state was set without a claim has an empty window."""

    def __init__(self, database: Database, queue: JobQueue | None = None) -> None:
        self._database, self._queue = database, queue

    def latest(self, digest: str, *, until: datetime) -> Edition | None:
        used = (editions.c.digest == digest, editions.c.state.in_(_WINDOW_USED), editions.c.since < editions.c.until)
        past = editions.c.until <= until
        found = self._select(select(*_EDITION).where(*used, past).order_by(editions.c.until.desc()).limit(1))
        return found[0] if found else None

    def get(self, digest: str, day: date) -> Edition | None:
        found = self._select(select(*_EDITION).where(editions.c.digest == digest, editions.c.date == day))
        return found[0] if found else None

    def history(self, digest: str, *, limit: int = 30) -> tuple[Edition, ...]:
        newest = select(*_EDITION).where(editions.c.digest == digest).order_by(editions.c.date.desc()).limit(limit)
        return self._select(newest)

    def of_day(self, digest: str, day: date) -> tuple[Edition, ...]:
        begins, ends = calendar_day(day), calendar_day(day) + timedelta(days=1)
        of_day = (editions.c.digest == digest, editions.c.date >= begins, editions.c.date < ends)
        return self._select(select(*_EDITION).where(*of_day).order_by(editions.c.date))

    def dates(self, digest: str) -> frozenset[date]:
        decided = select(editions.c.date).where(editions.c.digest == digest, editions.c.state.in_(_DECIDED))
        with self._database.reading() as connection:
            return frozenset(connection.scalars(decided))

    def published(self, digest: str, *, since: date) -> tuple[tuple[date, str], ...]:
        frozen = (editions.c.digest == digest, editions.c.date > since, editions.c.state.in_(_FROZEN))
        query = select(editions.c.date, editions.c.content).where(*frozen).order_by(editions.c.date)
        with self._database.reading() as connection:
            return tuple((row.date, row.content) for row in connection.execute(query))

    def claim(self, edition: Edition) -> Edition:
        existing = self.get(edition.digest, edition.date)
        if existing is not None and existing.state is EditionState.MISSED:
            with self._database.writing() as connection:
                if _lock_state(connection, edition.digest, edition.date) is EditionState.MISSED:
                    window = {"since": edition.since, "until": edition.until, "state": EditionState.CLAIMED}
                    _update(connection, edition.digest, edition.date, **window)
            existing = self.get(edition.digest, edition.date)
        if existing is not None:
            return existing
        try:
            with self._database.writing() as connection:
                connection.execute(insert(editions).values(asdict(edition)))
        except Conflict:
            existing = self.get(edition.digest, edition.date)
            if existing is None:
                raise
            return existing
        return edition

    def publish(
        self,
        edition: Edition,
        content: str,
        deliveries: Sequence[Delivery],
        *,
        used: Sequence[str],
        readers: ForReaders | None = None,
        made: datetime | None = None,
    ) -> None:
        with self._database.writing() as connection:
            state = _lock_state(connection, edition.digest, edition.date)
            if state is None:
                raise StoreError(f"{edition.digest} of {edition.date} cannot be published: it was never claimed")
            if state is EditionState.CLAIMED:
                published = {"state": EditionState.READY, "content": content, "made": made}
                _update(connection, edition.digest, edition.date, **published)
                keep_stories(connection, edition, content, revision=0)
                _mark_used(connection, edition.digest, edition.date, used)
                insert_deliveries(connection, deliveries)
                if readers is not None:
                    fan_out(connection, edition, readers)
                self._put_deliveries(connection, edition)

    def revise(
        self,
        edition: Edition,
        content: str,
        frozen: Sequence[Delivery],
        *,
        revision: int,
        made: datetime | None = None,
    ) -> None:
        of_it = (deliveries.c.digest == edition.digest, deliveries.c.edition == edition.date)
        with self._database.writing() as connection:
            state = _lock_state(connection, edition.digest, edition.date)
            newest = connection.scalar(select(func.max(deliveries.c.revision)).where(*of_it))
            if state not in _WINDOW_USED or (newest is not None and newest >= revision):
                raise StoreError(
                    f"{edition.digest} of {edition.date} was changed by another process meanwhile: see `digestbot status`"
                )
            number = _set_aside(connection, edition.digest, edition.date, revision=revision)
            revised = {"state": EditionState.READY, "content": content, "revision": number, "made": made}
            _update(connection, edition.digest, edition.date, **revised)
            keep_stories(connection, edition, content, revision=number)
            # Whoever gets the new revision needs no older one that was not tried yet.
            replaced = (deliveries.c.recipient.in_(part) for part in chunks([one.recipient for one in frozen]))
            for recipients in replaced:
                waits = (*of_it, recipients, deliveries.c.state == DeliveryState.PENDING)
                connection.execute(
                    update(deliveries).where(*waits).values(state=DeliveryState.CANCELLED, error=_REPLACED)
                )
            insert_deliveries(connection, frozen)
            self._put_deliveries(connection, edition)

    def set_state(self, digest: str, day: date, state: EditionState, *, used: Sequence[str] = ()) -> None:
        with self._database.writing() as connection:
            existing = _lock_state(connection, digest, day)
            if existing is None:
                midnight = datetime.combine(calendar_day(day), time(), UTC)
                connection.execute(
                    insert(editions).values(digest=digest, date=day, since=midnight, until=midnight, state=state)
                )
            elif existing not in _FROZEN or state in _FROZEN:
                _update(connection, digest, day, state=state)
            if state is EditionState.EMPTY and existing is EditionState.CLAIMED:
                _mark_used(connection, digest, day, used)

    def forget_unsent(self, digest: str, *, after: date) -> tuple[date, ...]:
        later = (editions.c.digest == digest, editions.c.date > after, editions.c.state.not_in(_FROZEN))
        with self._database.writing() as connection:
            days = tuple(connection.scalars(select(editions.c.date).where(*later).order_by(editions.c.date)))
            if days:
                connection.execute(
                    delete(used_items).where(used_items.c.digest == digest, used_items.c.edition.in_(days))
                )
                connection.execute(delete(editions).where(*later))
        return days

    def digests(self) -> frozenset[str]:
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(editions.c.digest).distinct()))

    def rename(self, digest: str, name: str) -> None:
        names = [column.name for column in editions.c]
        columns = [literal(name, editions.c.digest.type) if one == "digest" else editions.c[one] for one in names]
        with self._database.writing() as connection:
            # Copied and deleted, because the others refer to it.
            connection.execute(insert(editions).from_select(names, select(*columns).where(editions.c.digest == digest)))
            for table in (used_items, deliveries, plans, older_revisions, choices):
                connection.execute(update(table).where(table.c.digest == digest).values(digest=name))
            rename_stories(connection, digest, name)
            row = former_names.c
            connection.execute(delete(former_names).where(row.name.in_([digest, name])))
            connection.execute(update(former_names).where(row.digest == digest).values(digest=name))
            connection.execute(insert(former_names).values(name=digest, digest=name))
            connection.execute(delete(editions).where(editions.c.digest == digest))

    def plans(self, digest: str) -> tuple[tuple[datetime, str], ...]:
        known = select(plans.c.since, plans.c.plan).where(plans.c.digest == digest).order_by(plans.c.since)
        with self._database.reading() as connection:
            return tuple((row.since, row.plan) for row in connection.execute(known))

    def set_plan(self, digest: str, plan: str, *, since: datetime) -> None:
        later = (plans.c.digest == digest, plans.c.since >= since)
        with self._database.writing() as connection:
            connection.execute(delete(plans).where(*later))
            connection.execute(insert(plans).values(digest=digest, since=since, plan=plan))
            kept = (
                select(plans.c.since).where(plans.c.digest == digest).order_by(plans.c.since.desc()).limit(_MOST_PLANS)
            )
            oldest = min(connection.scalars(kept))
            connection.execute(delete(plans).where(plans.c.digest == digest, plans.c.since < oldest))

    def _put_deliveries(self, connection: Connection, edition: Edition) -> None:
        if self._queue is not None:
            self._queue.put_deliveries(connection, edition.digest, edition.date)

    def _select(self, query: Select[tuple[object, ...]]) -> tuple[Edition, ...]:
        with self._database.reading() as connection:
            return tuple(Edition(**row) for row in connection.execute(query).mappings())


def _lock_state(connection: Connection, digest: str, day: date) -> EditionState | None:
    where = (editions.c.digest == digest, editions.c.date == day)
    return connection.scalar(select(editions.c.state).where(*where).with_for_update())


def _set_aside(connection: Connection, digest: str, day: date, *, revision: int) -> int:
    """Keep what a revision replaces; the new one's number, above that one's: deliveries that would tell it may be pruned."""
    columns = (editions.c.revision, editions.c.made, editions.c.content)
    of_it = (editions.c.digest == digest, editions.c.date == day)
    before = connection.execute(select(*columns).where(*of_it)).one()
    if not before.content:
        return revision
    connection.execute(insert(older_revisions).values(digest=digest, edition=day, **before._mapping))  # noqa: SLF001
    replaced: int = before.revision
    return max(revision, replaced + 1)


def _update(connection: Connection, digest: str, day: date, **values: object) -> None:
    where = (editions.c.digest == digest, editions.c.date == day)
    connection.execute(update(editions).where(*where).values(**values))


def _mark_used(connection: Connection, digest: str, day: date, used: Sequence[str]) -> None:
    """Mark the items of a window as used; for a digest's first edition also those that are too old for its window.

    Otherwise the second edition would take what the first left out for news that had arrived too late for the first.
    """
    for part in chunks(list(dict.fromkeys(map(strip_unstorable, used)))):
        # By the key of used_items: to look the items up by their ids alone would read the whole table for each part.
        of_it = (used_items.c.digest == digest, used_items.c.item.in_(part))
        marked = set(connection.scalars(select(used_items.c.item).where(*of_it)))
        rows = [{"digest": digest, "item": item, "edition": day} for item in part if item not in marked]
        if rows:
            connection.execute(insert(used_items), rows)
    others = exists().where(editions.c.digest == digest, editions.c.date != day, editions.c.state.in_(_WINDOW_USED))
    if not connection.scalar(select(others)):
        window = select(editions.c.since, editions.c.until).where(editions.c.digest == digest, editions.c.date == day)
        since, until = connection.execute(window).one()
        _mark_where(connection, digest, day, (items.c.effective_time <= since) & (items.c.first_seen > until))


def _mark_where(connection: Connection, digest: str, day: date, condition: ColumnElement[bool]) -> None:
    marked = exists().where(used_items.c.digest == digest, used_items.c.item == items.c.id)
    names = (literal(digest).label("digest"), items.c.id, literal(day, used_items.c.edition.type).label("edition"))
    marks = select(*names).distinct().where(condition, ~marked)
    connection.execute(insert(used_items).from_select(["digest", "item", "edition"], marks))
