"""Connection slots: of all processes on a server together no more connections to an account than its owner allows.

A slot is an advisory lock, which the server frees when whoever holds it is killed. It lasts as long as a transaction, not as long as a
session: through a pooler a session is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from itertools import groupby, islice

from sqlalchemy import Connection, text

from ..errors import StoreError
from .database import Database

_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_FOR_LONG = text("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")


class AccountSlots:
    """Slots of accounts on a PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def held(self, names: Sequence[str], *, among: int = 1) -> Iterator[frozenset[str]]:
        """Those of these slots that were free, held until the block ends, or the server ends the connection.

        Args:
            names: each an account's and a number behind it.
            among: no more than a share among so many is taken of each account, rounded up.
        """
        done = False
        try:
            with self._database.reading() as connection:
                connection.execute(_FOR_LONG)
                yield frozenset(_taken(connection, names, among=among))
                done = True
        except StoreError:
            if not done:
                raise


def _taken(connection: Connection, names: Sequence[str], *, among: int) -> Iterator[str]:
    for _, slots in groupby(sorted(names, key=_account), key=_account):
        of_account = tuple(slots)
        free = (name for name in of_account if connection.scalar(_TRY, {"key": _key(name)}))
        yield from islice(free, -(-len(of_account) // among))


def _account(name: str) -> str:
    return name.rpartition(" ")[0]


def _key(name: str) -> int:
    return int.from_bytes(blake2b(f"digestbot slot {name}".encode(), digest_size=8).digest(), "big", signed=True)
