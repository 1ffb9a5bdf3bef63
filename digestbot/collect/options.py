"""Limits for fetching and parsing feeds."""

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
    """Limits and politeness; the defaults suit feeds that other people run."""

    interval: timedelta = timedelta(minutes=60)  # the least time between two requests for one feed
    timeout: timedelta = timedelta(seconds=20)  # for one feed, redirects and body included
    host: timedelta = timedelta(seconds=30)  # for one host that does not answer, all its feeds together
    round: timedelta = timedelta(seconds=90)  # for how long an edition waits for its feeds
    max_bytes: int = 15_000_000  # of a body, decompressed
    max_redirects: int = 5
    allow_private: tuple[str, ...] = ()  # CIDR ranges of private addresses that may be connected to
    user_agent: str = ""  # empty: the name, version and address of digestbot
    gap: float = 0.2  # seconds of rest between two requests to one host
    concurrency: int = 64  # hosts asked at once
    parse_timeout: float = 10.0  # seconds for one document; then its parser process is killed
    parse_memory: int = 400_000_000  # bytes of address space of a parser process
    parser_processes: int = 2  # at most

    @property
    def agent(self) -> str:
        return self.user_agent or _user_agent()
