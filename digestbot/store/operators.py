"""What operators did and decided, and who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, select

from ..model import ORDERS, Change, Choice, Session
from .database import Database
from .operator_tables import changes, choices, sessions


class ChangeStore:
    """`ports.Changes` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, change: Change) -> None:
        row = asdict(change)
        del row["number"]
        with self._database.writing() as connection:
            connection.execute(insert(changes).values(row))

    def page(self, *, before: int | None = None, limit: int = 50) -> tuple[Change, ...]:
        query = select(changes).order_by(changes.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(changes.c.number < before)
        with self._database.reading() as connection:
            return tuple(Change(**row) for row in connection.execute(query).mappings())

    def forget(self, *, before: datetime) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(changes).where(changes.c.at < before)).rowcount


class SessionStore:
    """`ports.Sessions` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, session: Session, *, now: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.until <= now))
            connection.execute(insert(sessions).values(asdict(session)))

    def get(self, key: str, *, now: datetime) -> Session | None:
        with self._database.reading() as connection:
            row = connection.execute(select(sessions).where(sessions.c.key == key)).mappings().first()
        found = Session(**row) if row else None
        return found if found and found.until > now else None

    def end(self, key: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.key == key))


class ChoiceStore:
    """`ports.Choices` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, choice: Choice) -> None:
        row = asdict(choice)
        del row["number"]
        kinds = ORDERS if choice.kind in ORDERS else {choice.kind}
        about = (
            choices.c.digest == choice.digest,
            choices.c.kind.in_(kinds),
            choices.c["items"] == choice.items,
        )
        with self._database.writing() as connection:
            connection.execute(delete(choices).where(*about))
            connection.execute(insert(choices).values(row))

    def of(self, digest: str) -> tuple[Choice, ...]:
        query = select(choices).where(choices.c.digest == digest).order_by(choices.c.number)
        with self._database.reading() as connection:
            return tuple(Choice(**row) for row in connection.execute(query).mappings())

    def orders(self) -> Mapping[str, Choice]:
        query = select(choices).where(choices.c.kind.in_(ORDERS)).order_by(choices.c.number)
        with self._database.reading() as connection:
            return {row["digest"]: Choice(**row) for row in connection.execute(query).mappings()}

    def take_back(self, number: int) -> Choice | None:
        with self._database.writing() as connection:
            row = connection.execute(select(choices).where(choices.c.number == number)).mappings().first()
            connection.execute(delete(choices).where(choices.c.number == number))
        return Choice(**row) if row else None

    def withdraw(self, digest: str) -> Choice | None:
        about = (choices.c.digest == digest, choices.c.kind.in_(ORDERS))
        with self._database.writing() as connection:
            row = connection.execute(select(choices).where(*about)).mappings().first()
            connection.execute(delete(choices).where(*about))
        return Choice(**row) if row else None

    def forget(self, *, before: datetime) -> int:
        old = (choices.c.at < before, choices.c.kind.not_in(ORDERS))
        with self._database.writing() as connection:
            return connection.execute(delete(choices).where(*old)).rowcount
