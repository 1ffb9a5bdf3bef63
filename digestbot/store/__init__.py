"""The store: items, editions and the outbox on one database, SQLite in the data folder or PostgreSQL."""

from .aside import store_aside
from .backup import Copied, back_up, hold_open, put_back
from .database import FILE, database_address
from .heartbeats import last_heartbeat
from .lock import lock
from .opening import Stores, open_store
from .scratch import scratch_copy
from .snapshot import read_snapshot
from .tried import tried_store

__all__ = [
    "FILE",
    "Copied",
    "Stores",
    "back_up",
    "database_address",
    "hold_open",
    "last_heartbeat",
    "lock",
    "open_store",
    "put_back",
    "read_snapshot",
    "scratch_copy",
    "store_aside",
    "tried_store",
]
