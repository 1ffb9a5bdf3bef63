"""What becomes of a feed: pure decisions from what was remembered, what was answered, and the clock.

Nothing here fetches, parses or saves. Each decision is an intent, a frozen value that feed_reader.py carries out, so
every rule can be tested without a server. The idea is that of `Decider` in lemon24/reader.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ..errors import CollectError
from ..model import Feed, FeedKind, FeedState, Item
from ..text.web_addresses import origin_of
from .canonical_url import canonical_url, is_web_address
from .feeds import ParsedFeed, feed_links
from .not_a_feed import browser_check
from .politeness import ASK_TO_WAIT, due_after_failure, due_after_success, fresh_for, retry_after
from .redirects import count_redirect
from .response import Response

_NOW = datetime.max.replace(tzinfo=UTC, year=9000)
_NOT_ASKED_SO = "unexpected answer (304): it says that nothing has changed, and was not asked for changes; tell the owner of the feed"
_REASONS = {
    401: "asks for a password (401)",
    403: "access denied (403)",
    404: "not found (404)",
    410: "gone (410)",
    429: "rate-limited us (429)",
    503: "temporarily unavailable (503)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Ask `state.url`, with the validators of the state."""

    state: FeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """Read the local file or folder `state.url`."""

    state: FeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class Parse:
    """Parse the body of the response: it is not the one parsed last."""

    state: FeedState  # without what only a parsed body may change: its validators and hash
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """Save this state and these items: the poll is over for this feed."""

    feed: Feed
    state: FeedState
    items: tuple[Item, ...] = ()
    host_closed_until: datetime | None = None  # no feed of the same host is to be asked before
    deferred: bool = False  # the feed was not asked: its host is closed
    late: bool = False  # it was not asked, or not for its whole time: its host does not answer. Nothing is to be saved
    elsewhere: bool = False  # another process has read it meanwhile: this is what that one has saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """The decisions about one feed in one poll, in the order of its methods."""

    feed: Feed
    remembered: FeedState  # a failure is added to this, whatever was learned before it
    clock: datetime  # wall time, aware
    interval: timedelta  # the least time between two requests

    def start(self) -> Fetch | ReadFile | Save:
        """What to read: an address or a file."""
        if not _is_remote(self.feed.url):  # the configured address alone, no redirect or link, may name a file
            return ReadFile(state=replace(self.remembered, url=self.feed.url))
        if not canonical_url(self.remembered.url):
            return self.failed(CollectError("not a web address"))
        return Fetch(state=self.remembered)

    def before_request(self, fetch: Fetch, host_closed_until: datetime | None) -> Fetch | Save:
        """Whether to ask now: not while the host is closed, since another feed of it was answered with Retry-After."""
        if host_closed_until is None:
            return fetch
        return Save(
            feed=self.feed,
            state=replace(fetch.state, due=host_closed_until, fresh_until=host_closed_until),
            deferred=True,
        )

    def own_headers(self, url: str) -> tuple[tuple[str, str], ...]:
        """The feed's own headers, for an address of the origin that they were meant for."""
        return self.feed.headers if self.feed.headers and _same_origin(url, self.feed.url) else ()

    def late(self) -> Save:
        """Nothing was learned of the feed in this poll, and it stays due."""
        return Save(feed=self.feed, state=self.remembered, late=True)

    def after_response(self, asked: Fetch | ReadFile, response: Response) -> Parse | Save:
        """What a response means: parse it, or the poll is over for this feed."""
        state = asked.state
        if response.status in ASK_TO_WAIT:
            return self._asked_to_wait(state, response)
        if response.status in (404, 410) and state.url != self.feed.url:
            # It had moved, or a page had named it, and is gone from there: the configured address is asked again.
            failed = self._failed(state, CollectError(status_reason(response.status)))
            return Save(feed=self.feed, state=replace(failed, url=self.feed.url))
        unasked = response.status == 304 and not (state.etag or state.last_modified)
        if unasked or response.status not in (200, 304):
            reason = _NOT_ASKED_SO if unasked else _reason(response)
            return self.failed(CollectError(reason, permanent=response.status == 410))
        moved_to = response.moved_to if is_web_address(response.moved_to) else ""
        state = count_redirect(state, moved_to, self.clock)
        if response.status == 304:
            return Save(feed=self.feed, state=self._succeeded(state, response))
        if _body_hash(response) == state.body_hash:
            # The body is the same, but its validators may be new.
            return Save(feed=self.feed, state=self._succeeded(_with_validators(state, response), response))
        return Parse(state=state, response=response)

    def after_parsing(self, asked: Parse, parsed: ParsedFeed) -> Fetch | Save:
        """What a parsed body means: its items are saved, each once, unless none of them is usable."""
        items = _newest(_usable(parsed.items), self.feed.max_items)
        if parsed.items and not items:
            return self.after_parse_error(asked, CollectError("broken feed: no item has a title or link"))
        # A body that was cut on its way must be asked for again, so neither validators nor hash are kept of it.
        state = _with_validators(asked.state, asked.response) if parsed.whole else asked.state
        state = replace(state, title=parsed.title or state.title, ttl=parsed.ttl)
        return Save(feed=self.feed, state=self._succeeded(state, asked.response), items=items)

    def after_parse_error(self, asked: Parse, error: CollectError) -> Fetch | Save:
        """A body that is no feed: the one feed that a web page names is asked instead; else the poll has failed.

        Only the configured address leads on to another one, so that pages which name each other make no circle.
        """
        state = asked.state
        if self.feed.kind is FeedKind.FEED and state.url == self.feed.url and _is_remote(state.url):
            named = feed_links(asked.response.body, asked.response.url)
            if len(named) == 1:
                return Fetch(state=replace(state, url=named[0], etag="", last_modified="", body_hash=""))
        return self.failed(error)

    def failed(self, error: CollectError) -> Save:
        """The feed could not be read."""
        return Save(feed=self.feed, state=self._failed(self.remembered, error))

    def _asked_to_wait(self, state: FeedState, response: Response) -> Save:
        failed = self._failed(state, CollectError(_reason(response)))
        until = retry_after(response.headers.get("retry-after", ""), self.clock)
        if until is None:
            return Save(feed=self.feed, state=failed)
        return Save(feed=self.feed, state=replace(failed, due=until, fresh_until=until), host_closed_until=until)

    def _succeeded(self, state: FeedState, response: Response) -> FeedState:
        # A file costs nobody anything: it is read in every poll.
        remote = _is_remote(state.url)
        return replace(
            state,
            checked=self.clock,
            succeeded=self.clock,
            due=due_after_success(state, self.clock, interval=self.interval, headers=response.headers)
            if remote
            else None,
            fresh_until=self.clock + fresh_for(state, self.clock, headers=response.headers) if remote else None,
            failures=0,
            failing_since=None,
            error="",
        )

    def _failed(self, state: FeedState, error: CollectError) -> FeedState:
        counted = replace(
            state,
            checked=self.clock,
            failures=state.failures + 1,
            failing_since=state.failing_since or self.clock,
            error=error.reason,
            gone=error.permanent,
        )
        due = due_after_failure(counted, self.clock, interval=self.interval) if _is_remote(state.url) else None
        return replace(counted, due=due, fresh_until=due)


def status_reason(status: int) -> str:
    """Why a feed with this HTTP status could not be read, for an operator."""
    if status in _REASONS:
        return _REASONS[status]
    return f"server error ({status})" if status >= 500 else f"unexpected answer ({status})"


def _reason(response: Response) -> str:
    """Of an answer that is no success: a browser check comes with many statuses, and is what matters about it."""
    return browser_check(response.headers, response.body) or status_reason(response.status)


def _is_remote(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _body_hash(response: Response) -> str:
    # Not for security: processors have instructions for SHA-256, so that it is faster than any other.
    return hashlib.sha256(response.body, usedforsecurity=False).hexdigest()


def _with_validators(state: FeedState, response: Response) -> FeedState:
    return replace(
        state,
        body_hash=_body_hash(response),
        etag=response.headers.get("etag", ""),
        last_modified=response.headers.get("last-modified", ""),
    )


def _same_origin(url: str, other: str) -> bool:
    try:
        return origin_of(url) == origin_of(other)
    except ValueError:
        return False


def _newest(items: tuple[Item, ...], most: int | None) -> tuple[Item, ...]:
    """At most so many, in their order; an item without a date counts as new, as feeds put new items first."""
    if most is None or len(items) <= most:
        return items
    order = sorted(range(len(items)), key=lambda at: -(items[at].published or _NOW).timestamp())
    kept = set(order[:most])
    return tuple(item for at, item in enumerate(items) if at in kept)


def _usable(items: Sequence[Item]) -> tuple[Item, ...]:
    """Each item once, without those that have neither title nor text nor link: normalising leaves these untitled."""
    return tuple({item.id: item for item in items if item.title}.values())
