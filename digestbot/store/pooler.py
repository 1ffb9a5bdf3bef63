"""What a database URL says of a pooler on the way: `?pooler=transaction`, the `pool_mode` of pgbouncer.

Without it a connection is taken to be the same one until it is closed, as it is without a pooler or with `pool_mode = session`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import URL

from ..errors import StoreError

_NAME: Final = "pooler"
_TRANSACTION: Final = "transaction"


def require_known_pooler(url: URL) -> None:
    """Refuse a mode that nothing is prepared for.

    Raises:
        StoreError: it is none of those that are known.
    """
    if url.query.get(_NAME, _TRANSACTION) != _TRANSACTION:
        raise StoreError(
            f"the database URL says {_NAME}=, and not {_NAME}={_TRANSACTION}: write that where pgbouncer says pool_mode = transaction, "
            "and nothing where it says session"
        )


def is_pooled(url: URL) -> bool:
    """Whether every transaction may be another connection's."""
    return _NAME in url.query


def direct(url: URL) -> URL:
    """The same without a word of the pooler, as a driver reads it."""
    return url.difference_update_query([_NAME])
