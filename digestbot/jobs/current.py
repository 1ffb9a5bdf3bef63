"""Which job the code that runs belongs to, for whoever writes the log."""

from contextvars import ContextVar
from typing import Final

# Its number in the queue, as text; empty outside of any. Threads that a job starts do not know it.
JOB: Final[ContextVar[str]] = ContextVar("JOB", default="")
