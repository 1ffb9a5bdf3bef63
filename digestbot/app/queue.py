"""What a queue that several machines share needs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from ..errors import ConfigError
from ..settings import Loaded
from .storage import database_url

_KEY = "DIGESTBOT_JOBS"


def queue_problems(loaded: Loaded) -> Iterator[ConfigError]:
    """What is missing for one: a PostgreSQL, or the packages that work on it."""
    line = loaded.lines.get(_KEY)
    if not database_url(loaded):
        fix = "write DIGESTBOT_DATABASE_URL=postgresql+psycopg://..., see docs/operate/growing.md"
        yield ConfigError(_KEY, "the queue lies in PostgreSQL, and the database is a file", fix, line=line)
    elif find_spec("procrastinate") is None or find_spec("psycopg_pool") is None:
        yield ConfigError(
            _KEY, "what works on the queue is not installed", "pip install 'digestbot[cluster]'", line=line
        )
