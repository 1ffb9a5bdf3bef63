"""One feed, asked and read: from what was remembered of it to what is to be remembered, and its items."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ..errors import CollectError
from ..model import Feed, FeedKind, FeedState, Item
from .addresses import canonical_url
from .feeds import charset_of, feed_links
from .fetch import Answer, Fetcher, Turn, too_large, unpacked
from .mailbox import is_maildir, joined
from .options import FetchOptions
from .parse_job import Job
from .parser_pool import Workers
from .politeness import backed_off, moved, next_due, retry_after

_LOG = logging.getLogger(__name__)
_REASONS = {401: "wants a password (401)", 403: "forbidden (403)", 404: "not found (404)", 410: "gone (410)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reading of a feed came to."""

    feed: Feed
    state: FeedState
    items: tuple[Item, ...] = ()


class Reader:
    """Reads feeds, pages and files. Use as an async context manager; `clock` is the round's wall time."""

    def __init__(self, options: FetchOptions, clock: datetime) -> None:
        self._options = options
        self._clock = clock
        self._fetcher = Fetcher(options)
        self._workers = Workers(options)
        self._closed_until: dict[str, datetime] = {}
        self.deferred = 0

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._workers.close()
        await self._fetcher.__aexit__(kind, error, trace)

    async def read(self, feed: Feed, state: FeedState) -> Reading:
        """Read one feed. Never raises: what went wrong is in the state."""
        try:
            if _is_remote(state.url):
                return await self._read_remote(feed, state)
            return await self._read_file(feed, state)
        except CollectError as error:
            return Reading(feed=feed, state=self._failed(state, error.reason, gone=error.permanent))
        except Exception as error:  # noqa: BLE001 -- one bad feed never stops the round
            _LOG.exception("feed %s", feed.name)
            return Reading(feed=feed, state=self._failed(state, f"could not be read ({type(error).__name__})"))

    async def _read_remote(self, feed: Feed, state: FeedState) -> Reading:
        if not canonical_url(state.url):
            raise CollectError("not a web address")
        # The turn lasts until the answer is read: bodies that wait for the parser would fill the memory.
        async with self._fetcher.turn(state.url) as turn:
            closed = self._closed_until.get(turn.host)
            if closed is not None:
                self.deferred += 1
                return Reading(feed=feed, state=replace(state, due=closed))
            answer = await self._fetcher.get(state.url, etag=state.etag, last_modified=state.last_modified)
            waiting = self._asked_to_wait(answer, state, turn.host)
            if waiting is not None:
                return Reading(feed=feed, state=waiting)
            if answer.status in (404, 410) and state.url != feed.url:
                # It had moved and is gone from there: the address the user gave is asked again.
                return Reading(feed=feed, state=replace(self._failed(state, _in_words(answer.status)), url=feed.url))
            if answer.status not in (200, 304):
                raise CollectError(_in_words(answer.status), permanent=answer.status == 410)
            state = moved(state, answer.moved_to, self._clock)
            if answer.status == 304:
                return Reading(feed=feed, state=self._succeeded(state, answer.headers))
            try:
                return await self._read_body(feed, state, answer, turn)
            except CollectError:
                given = feed.kind is FeedKind.FEED and state.url == feed.url
                named = feed_links(answer.body, answer.url) if given else ()
                if len(named) != 1:
                    raise
        # A page that names one feed was given instead of it: from now on the feed is asked.
        found = replace(state, url=named[0], etag="", last_modified="", body_hash="")
        return await self._read_remote(feed, found)

    async def _read_file(self, feed: Feed, state: FeedState) -> Reading:
        body = await asyncio.to_thread(_file, state.url, self._options.max_bytes)
        return await self._read_body(feed, state, Answer(status=200, url="", body=body))

    async def _read_body(self, feed: Feed, state: FeedState, answer: Answer, turn: Turn | None = None) -> Reading:
        body, headers = answer.body, answer.headers
        body_hash = hashlib.sha256(body, usedforsecurity=False).hexdigest()  # processors do it faster than any other
        read = replace(
            state,
            body_hash=body_hash,
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
        )
        if body_hash == state.body_hash:
            return Reading(feed=feed, state=self._succeeded(read, headers))
        charset = charset_of(headers.get("content-type", ""))
        job = Job(content=body, feed=feed, now=self._clock, url=answer.url, charset=charset)
        parsed = await self._workers.read_quickly(job)
        if parsed is None:
            if turn:
                await turn.end()
            parsed = await self._workers.read(job)
        items = _tellable(parsed.items)
        if parsed.items and not items:
            raise CollectError("damaged: not one of its items has a word or an address")
        # A body that was cut on its way must be asked for again, so neither validators nor hash are kept of it.
        state = replace(read if parsed.complete else state, title=parsed.title or state.title, ttl=parsed.ttl)
        return Reading(feed=feed, state=self._succeeded(state, headers), items=items)

    def _asked_to_wait(self, answer: Answer, state: FeedState, host: str) -> FeedState | None:
        if answer.status not in (429, 503):
            return None
        failed = self._failed(state, _in_words(answer.status))
        until = retry_after(answer.headers.get("retry-after", ""), self._clock)
        if until is None:
            return failed
        self._closed_until[host] = until
        return replace(failed, due=until)

    def _succeeded(self, state: FeedState, headers: Mapping[str, str]) -> FeedState:
        # A file costs nobody anything: it is read in every round.
        due = next_due(state, self._clock, interval=self._options.interval, headers=headers) if headers else None
        return replace(
            state,
            checked=self._clock,
            succeeded=self._clock,
            due=due,
            failures=0,
            failing_since=None,
            error="",
        )

    def _failed(self, state: FeedState, reason: str, *, gone: bool = False) -> FeedState:
        counted = replace(
            state,
            checked=self._clock,
            failures=state.failures + 1,
            failing_since=state.failing_since or self._clock,
            error=reason,
            gone=gone,
        )
        due = backed_off(counted, self._clock, interval=self._options.interval) if _is_remote(state.url) else None
        return replace(counted, due=due)


def _tellable(items: Sequence[Item]) -> tuple[Item, ...]:
    """Each item once, without those that have nothing to tell."""
    return tuple({item.id: item for item in items if item.title}.values())


def _is_remote(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _file(address: str, limit: int) -> bytes:
    path = Path(url2pathname(urlsplit(address).path) if address.lower().startswith("file:") else address).expanduser()
    if not path.is_file() and not is_maildir(path):
        raise CollectError(f"no such file: {path}")
    try:
        if path.is_dir():
            return joined(path, limit)
        with path.open("rb") as file:
            body = file.read(limit + 1)
    except OSError as error:
        raise CollectError(f"{path} could not be read: {error.strerror}") from error
    if len(body) > limit:
        raise CollectError(too_large(limit))
    return unpacked(body, limit)


def _in_words(status: int) -> str:
    if status in (429, 503):
        return f"asks to be left alone for a while ({status})"
    return _REASONS.get(status) or f"the server answered {status}"
