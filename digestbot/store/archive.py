"""What was sent, looked up by readers: every question is answered by an index, backwards from what was sent last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, case, func, literal, literal_column, select, text
from sqlalchemy import Text as SqlText

from ..model import EditionLine, EditionState, PublishedEdition, SentStory, calendar_day
from ..ports.archive import Found
from ..text.search_query import SearchQuery
from .archive_rows import HIGHEST_NUMBER, digest_word, first_of_minute
from .archive_tables import former_names, older_revisions, sent_stories
from .database import Database
from .match_words import postgresql_query, sqlite_query
from .schema import editions

_OUT: Final = editions.c.state.in_([EditionState.READY, EditionState.DONE])
_COLUMNS: Final = [sent_stories.c[part.name] for part in fields(SentStory)]
_DAY: Final = timedelta(days=1)
_LOOKED_THROUGH: Final = 10_000  # stories: 11 ms, beside the 31 that the index takes for a phrase of frequent words
# An edition's date is that of its reader's zone: its moment lies within so much of that day in UTC.
_FURTHEST: Final = timedelta(days=2)


class ArchiveStore:
    """`ports.Archive` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def called_now(self, name: str) -> str | None:
        with self._database.reading() as connection:
            found: str | None = connection.scalar(select(former_names.c.digest).where(former_names.c.name == name))
        return found

    def former_names(self, digest: str) -> tuple[str, ...]:
        query = select(former_names.c.name).where(former_names.c.digest == digest).order_by(former_names.c.name)
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def edition(self, digest: str, day: date, *, revision: int | None = None) -> PublishedEdition | None:
        columns = (editions.c.until, editions.c.revision, editions.c.made, editions.c.content)
        query = select(*columns).where(editions.c.digest == digest, editions.c.date == day, _OUT)
        with self._database.reading() as connection:
            newest = connection.execute(query).one_or_none()
            if newest is None:
                return None
            wanted: Any = newest
            if revision is not None and revision != newest.revision:
                if not 0 <= revision < newest.revision:
                    return None
                row = older_revisions.c
                older = select(row.revision, row.made, row.content).where(
                    row.digest == digest, row.edition == day, row.revision == revision
                )
                wanted = connection.execute(older).one_or_none()
        if wanted is None:
            return None
        return PublishedEdition(
            digest=digest,
            date=day,
            revision=wanted.revision,
            newest=newest.revision,
            until=newest.until,
            made=wanted.made or newest.until,
            content=wanted.content,
        )

    def newest(self, digest: str) -> date | None:
        with self._database.reading() as connection:
            found: date | None = connection.scalar(_names(digest).order_by(editions.c.date.desc()).limit(1))
        return found

    def neighbours(self, digest: str, day: date) -> tuple[date | None, date | None]:
        before = _names(digest).where(editions.c.date < day).order_by(editions.c.date.desc()).limit(1)
        after = _names(digest).where(editions.c.date > day).order_by(editions.c.date).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(before), connection.scalar(after)

    def months(self, digest: str) -> tuple[tuple[date, int], ...]:
        with self._database.reading() as connection:
            names = connection.scalars(_names(digest))
            found = Counter(date(name.year, name.month, 1) for name in names)
        return tuple(sorted(found.items(), reverse=True))

    def lines(
        self, digest: str, *, since: date | None = None, until: date | None = None, limit: int = 100
    ) -> tuple[EditionLine, ...]:
        row = editions.c
        query = select(row.date, row.revision, row.until, row.made).where(row.digest == digest, _OUT)
        query = _between(query, row.date, since, until).order_by(row.date.desc()).limit(limit)
        with self._database.reading() as connection:
            found = connection.execute(query).all()
            told = self._told(connection, digest, [one.date for one in found])
        return tuple(
            EditionLine(
                date=one.date,
                revision=one.revision,
                until=one.until,
                made=one.made or one.until,
                headline=headline,
                stories=stories,
            )
            for one in found
            for headline, stories in [told.get((one.date, one.revision), ("", 0))]
        )

    @staticmethod
    def _told(connection: Any, digest: str, days: list[date]) -> dict[tuple[date, int], tuple[str, int]]:
        """The first headline and the number of stories of each revision of these editions."""
        if not days:
            return {}
        row = sent_stories.c
        first = func.max(case((row.position == 0, row.title)))
        query = (
            select(row.edition, row.revision, first.label("first"), func.count().label("number"))
            .where(row.digest == digest, row.edition >= min(days), row.edition <= max(days))
            .group_by(row.edition, row.revision)
        )
        return {(one.edition, one.revision): (one.first or "", one.number) for one in connection.execute(query)}

    def newest_editions(self, digest: str, *, limit: int) -> tuple[PublishedEdition, ...]:
        row = editions.c
        columns = (row.digest, row.date, row.revision, row.revision.label("newest"), row.until, row.made, row.content)
        query = select(*columns).where(row.digest == digest, _OUT).order_by(row.date.desc()).limit(limit)
        with self._database.reading() as connection:
            found = connection.execute(query).mappings().all()
        return tuple(PublishedEdition(**(one | {"made": one["made"] or one["until"]})) for one in map(dict, found))

    def story(self, digest: str, day: date, story: str) -> SentStory | None:
        row = sent_stories.c
        query = select(*_COLUMNS).where(row.digest == digest, row.edition == day, row.story == story).limit(1)
        with self._database.reading() as connection:
            found = connection.execute(query).mappings().one_or_none()
        return SentStory(**found) if found else None

    def course(self, digest: str, course: str, *, limit: int = 60) -> tuple[SentStory, ...]:
        row = sent_stories.c
        query = select(*_COLUMNS).where(row.digest == digest, row.course == course).order_by(row.number.desc())
        with self._database.reading() as connection:
            found = [SentStory(**one) for one in connection.execute(query.limit(limit)).mappings()]
        return tuple(reversed(found))

    def search(
        self, query: SearchQuery, *, digests: Collection[str], after: int | None = None, limit: int = 20
    ) -> Found:
        if not digests:
            return Found(stories=())
        find = self._find_in_sqlite if self._database.sqlite else self._find_in_postgresql
        with self._database.reading() as connection:
            rows = find(connection, query, digests, after, limit + 1)
        page = rows[:limit]
        return Found(
            stories=tuple(SentStory(**{name: one[name] for name in one if name != "number"}) for one in page),
            after=page[-1]["number"] if len(rows) > limit else None,
        )

    @staticmethod
    def _find_in_sqlite(
        connection: Connection, query: SearchQuery, digests: Collection[str], after: int | None, most: int
    ) -> Sequence[RowMapping]:
        # Named by its own number, the index is read backwards as far as the page needs, and no further.
        number: ColumnElement[int] = literal_column("sent_words.rowid", sent_stories.c.number.type)
        words = sqlite_query(query, [digest_word(one) for one in sorted(digests)])
        found = _sent(query, digests, after, number).join(text("sent_words"), number == sent_stories.c.number)
        found = found.where(text("sent_words MATCH :words").bindparams(words=words))
        return connection.execute(found.order_by(number.desc()).limit(most)).mappings().all()

    @staticmethod
    def _find_in_postgresql(
        connection: Connection, query: SearchQuery, digests: Collection[str], after: int | None, most: int
    ) -> Sequence[RowMapping]:
        row = sent_stories.c
        words = _as_query(postgresql_query(query, [digest_word(one) for one in sorted(digests)]))
        sent = _sent(query, digests, after, row.number)

        def matches(column: ColumnElement[str]) -> ColumnElement[bool]:
            return column.op("@@", is_comparison=True)(words)

        # Left to itself PostgreSQL looks backwards through all that was sent for what it takes to be frequent: a phrase of frequent words,
        # and any word that it has not counted. So only what was sent last is looked through; where that fills no page, the index says
        # which stories have the words at all.
        newest = sent.add_columns(row.words).order_by(row.number.desc()).limit(_LOOKED_THROUGH).subquery()
        columns = [column for column in newest.c if column is not newest.c.words]
        quick = select(*columns).where(matches(newest.c.words)).order_by(newest.c.number.desc()).limit(most)
        if len(rows := connection.execute(quick).mappings().all()) == most:
            return rows
        listed = sent.with_only_columns(row.number).where(matches(row.words)).cte().prefix_with("MATERIALIZED")
        last = select(listed.c.number).order_by(listed.c.number.desc()).limit(most)
        found = select(row.number, *_COLUMNS).where(row.number.in_(last)).order_by(row.number.desc())
        return connection.execute(found).mappings().all()


def _sent(query: SearchQuery, digests: Collection[str], after: int | None, number: ColumnElement[int]) -> Select[Any]:
    """What was sent of these digests in the time that a query names, before a number."""
    row = sent_stories.c
    sent = select(row.number, *_COLUMNS).select_from(sent_stories).where(row.digest.in_(digests))
    sent = _between(sent, row.edition, query.since, query.until)
    if query.since is not None:
        sent = sent.where(number >= first_of_minute(_midnight(query.since) - _FURTHEST))
    if query.until is not None:
        sent = sent.where(number < first_of_minute(_midnight(query.until) + _DAY + _FURTHEST))
    if after is not None:
        sent = sent.where(number < min(max(after, 0), HIGHEST_NUMBER))
    return sent


def _names(digest: str) -> Select[Any]:
    return select(editions.c.date).where(editions.c.digest == digest, _OUT)


def _between(query: Select[Any], name: ColumnElement[date], since: date | None, until: date | None) -> Select[Any]:
    """Names are compared as text: those of a day with several editions come after the plain date."""
    if since is not None:
        query = query.where(name >= calendar_day(since))
    if until is not None:
        query = query.where(name < calendar_day(until) + _DAY)
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _as_query(words: str) -> ColumnElement[Any]:
    from sqlalchemy import cast  # noqa: PLC0415
    from sqlalchemy.dialects.postgresql import TSQUERY  # noqa: PLC0415 -- whoever has SQLite needs none of it

    return cast(literal(words, SqlText()), TSQUERY())
