"""What a model of meaning made of texts, by fingerprints of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from .database import Database, chunks
from .errors import Conflict
from .schema import vectors


class VectorStore:
    """`ports.Vectors` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        with self._database.reading() as connection:
            return {
                row.key: row.vector
                for part in chunks(sorted(keys))
                for row in connection.execute(select(vectors.c.key, vectors.c.vector).where(vectors.c.key.in_(part)))
            }

    def put(self, made: Mapping[str, bytes], *, now: datetime) -> None:
        try:
            self._put(made, now)
        except Conflict:
            # Another process made the same meanwhile. Its vectors are ours to the bit.
            self._put(made, now)

    def _put(self, made: Mapping[str, bytes], now: datetime) -> None:
        known = self.get(made)
        rows = [{"key": key, "vector": vector, "made": now} for key, vector in made.items() if key not in known]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(vectors), rows)

    def prune(self, *, before: datetime) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(vectors).where(vectors.c.made < before)).rowcount
