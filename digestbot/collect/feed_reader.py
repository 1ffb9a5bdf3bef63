"""Reads feeds, pages and files: carries out what feed_decisions.py decides, by fetching and parsing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ..errors import CollectError
from ..model import Feed, FeedState
from .feed_decisions import Decider, Fetch, Parse, ReadFile, Save
from .feeds import charset_of
from .fetch import Fetcher, HostSlot, too_large, unpacked
from .foreign_errors import FOREIGN, READING_FILES, translated
from .mailbox import is_maildir, read_maildir
from .options import FetchOptions
from .parse_job import ParseJob
from .parser_pool import ParserPool
from .response import Response

_LOG = logging.getLogger(__name__)


class FeedReader:
    """Reads feeds during one poll. Use as an async context manager.

    Args:
        options: limits and politeness.
        clock: wall time of the poll, aware.
        may_ask: whether a host is still this process's to ask.
    """

    def __init__(
        self, options: FetchOptions, clock: datetime, *, may_ask: Callable[[str], bool] = lambda _host: True
    ) -> None:
        self._options = options
        self._may_ask = may_ask
        self._clock = clock
        self._fetcher = Fetcher(options)
        self._parsers = ParserPool(options)
        self._closed_until: dict[str, datetime] = {}
        self.asked: set[str] = set()  # the names of feeds whose servers were asked, whatever came of it
        self._waited: dict[str, float] = {}  # seconds, by host, for requests that failed

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parsers.close()
        await self._fetcher.__aexit__(kind, error, trace)

    async def read(self, feed: Feed, remembered: FeedState) -> Save:
        """Read one feed. Never raises: what went wrong is in the state to be saved."""
        interval = feed.interval or self._options.interval
        decider = Decider(feed=feed, remembered=remembered, clock=self._clock, interval=interval)
        try:
            intent = decider.start()
            while not isinstance(intent, Save):
                if isinstance(intent, ReadFile):
                    intent = await self._read_file(decider, intent)
                else:
                    intent = await self._fetch(decider, intent)
        except CollectError as error:
            return decider.failed(error)
        except Exception as error:  # noqa: BLE001 -- one bad feed never stops the poll
            _LOG.exception("feed %s could not be read", feed.name)
            return decider.failed(CollectError(f"internal error ({type(error).__name__}), see the log"))
        return intent

    async def _fetch(self, decider: Decider, fetch: Fetch) -> Fetch | Save:
        # The slot is held until the body is parsed: bodies that wait for the parser would fill the memory.
        async with self._fetcher.host_slot(fetch.state.url) as slot:
            asked = decider.before_request(fetch, self._closed_until.get(slot.host))
            if isinstance(asked, Save):
                return asked
            if not self._may_ask(slot.host):
                return decider.late()
            self.asked.add(decider.feed.name)
            response = await self._ask(asked.state, slot.host, decider.own_headers(asked.state.url))
            if response is None:
                return decider.late()
            intent = decider.after_response(asked, response)
            if isinstance(intent, Parse):
                return await self._parse(decider, intent, slot)
            if intent.host_closed_until:
                self._closed_until[slot.host] = intent.host_closed_until
            return intent

    async def _ask(self, state: FeedState, host: str, own: Sequence[tuple[str, str]]) -> Response | None:
        """The response; None when the host has used up the time for all its feeds together, by not answering."""
        whole = self._options.timeout.total_seconds()
        left = self._options.host.total_seconds() - self._waited.get(host, 0.0)
        if left <= 0:
            return None
        began = time.monotonic()
        try:
            return await self._fetcher.get(
                state.url, etag=state.etag, last_modified=state.last_modified, seconds=min(whole, left), own=own
            )
        except CollectError:
            self._waited[host] = self._waited.get(host, 0.0) + time.monotonic() - began
            # With less than the time of a feed it has not failed: it is asked first in the next poll.
            if left < whole and self._waited[host] >= self._options.host.total_seconds():
                return None
            raise

    async def _read_file(self, decider: Decider, read: ReadFile) -> Fetch | Save:
        body = await asyncio.to_thread(_file, read.state.url, self._options.max_bytes)
        intent = decider.after_response(read, Response(status=200, url="", body=body))
        return await self._parse(decider, intent) if isinstance(intent, Parse) else intent

    async def _parse(self, decider: Decider, intent: Parse, slot: HostSlot | None = None) -> Fetch | Save:
        response = intent.response
        charset = charset_of(response.headers.get("content-type", ""))
        job = ParseJob(content=response.body, feed=decider.feed, now=self._clock, url=response.url, charset=charset)
        try:
            parsed = await self._parsers.parse_quickly(job)
            if parsed is None:
                if slot:
                    await slot.release()
                parsed = await self._parsers.parse(job)
        except CollectError as error:
            return decider.after_parse_error(intent, error)
        return decider.after_parsing(intent, parsed)


def _file(address: str, limit: int) -> bytes:
    path = Path(url2pathname(urlsplit(address).path) if address.lower().startswith("file:") else address).expanduser()
    if not path.is_file() and not is_maildir(path):
        raise CollectError(_why_no_file(path))
    try:
        if path.is_dir():
            return read_maildir(path, limit)
        with path.open("rb") as file:
            body = file.read(limit + 1)
        if len(body) > limit:
            raise CollectError(too_large(limit))
        return unpacked(body, limit)
    except FOREIGN as error:
        raise translated(error, READING_FILES, path=str(path)) from error


def _why_no_file(path: Path) -> str:
    if path.is_dir():
        return f"a folder, not a file: {path}; name a file in it (of folders only a Maildir is read)"
    return f"not a regular file: {path}" if path.exists() else f"no such file: {path}"
