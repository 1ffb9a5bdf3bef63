"""Which job the code that runs belongs to, for whoever writes the log."""

from contextvars import ContextVar
from typing import Final

# Its number in the queue, as text; empty outside of any. A thread that a job starts knows it where it runs in a copy of its context.
JOB: Final[ContextVar[str]] = ContextVar("JOB", default="")
