"""The store: items, editions and the outbox on one database, SQLite in the data folder or PostgreSQL."""

from .heartbeats import last_heartbeat
from .lock import lock
from .opening import Stores, open_store
from .scratch import scratch_copy

__all__ = ["Stores", "last_heartbeat", "lock", "open_store", "scratch_copy"]
