"""How feeds are fetched and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version


def _user_agent() -> str:
    try:
        release = version("digestbot")
    except PackageNotFoundError:
        release = "0"
    return f"digestbot/{release} (+https://github.com/digestbot/digestbot)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Limits and manners; the defaults are right for feeds of strangers."""

    interval: timedelta = timedelta(minutes=60)  # a feed is asked no more often
    timeout: timedelta = timedelta(seconds=20)  # for one feed, redirects and body included
    max_bytes: int = 15_000_000  # of a body, decompressed
    max_redirects: int = 5
    allow_private: tuple[str, ...] = ()  # CIDR ranges inside the house that may be asked all the same
    user_agent: str = ""  # empty: an honest default
    gap: float = 0.2  # seconds between two requests to one host
    concurrency: int = 64  # hosts asked at once
    parse_timeout: float = 10.0  # seconds until a worker that still reads one document is killed
    parse_memory: int = 400_000_000  # bytes of address space of such a worker
    workers: int = 2

    @property
    def agent(self) -> str:
        return self.user_agent or _user_agent()
