"""Secrets that a database keeps, made when they are first needed; and what an address becomes when it is forgotten."""

from __future__ import annotations

import base64
import hmac
import secrets as random
from typing import Final

from sqlalchemy import Connection, insert, select

from .database import Database
from .errors import Conflict
from .subscriber_tables import secrets

_BYTES: Final = 32
SALT: Final = "salt of forgotten addresses"
_FORGOTTEN: Final = "forgotten:"  # no key of an address begins so and has no @


def kept_secret(database: Database, name: str) -> bytes:
    """The secret of this name, the same for everybody on one database."""
    with database.reading() as connection:
        known = _known(connection, name)
    if known is None:
        try:
            with database.writing() as connection:
                known = random.token_bytes(_BYTES)
                connection.execute(insert(secrets).values(name=name, value=known))
        except Conflict:
            with database.reading() as connection:
                known = _known(connection, name)
    if known is None:
        raise LookupError(name)  # who made it has deleted it meanwhile
    return known


def salt(database: Database) -> bytes:
    """What the hashes of forgotten addresses are made with."""
    return kept_secret(database, SALT)


def known_salt(connection: Connection) -> bytes | None:
    """The same; None where nobody was ever forgotten."""
    return _known(connection, SALT)


def forgotten_key(key: str, salt: bytes) -> str:
    """What is kept of the key of a forgotten address: whoever has the address knows it again, nobody reads it."""
    digest = hmac.digest(salt, key.encode(), "sha256")
    return _FORGOTTEN + base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _known(connection: Connection, name: str) -> bytes | None:
    value: bytes | None = connection.scalar(select(secrets.c.value).where(secrets.c.name == name))
    return value
