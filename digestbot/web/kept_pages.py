"""Pages that are the same for everybody, kept for some seconds; and answers to whoever has them already."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..settings import Loaded
from .context import SiteContext
from .pages import language_wanted

FOR_ALL: Final = "public, max-age=60"
FOR_ONE: Final = "private, no-cache"
SECONDS: Final = 10.0  # for which a page may be as it was: without a correction, or the link to a newer edition
_MOST_BYTES: Final = 8_000_000  # of all pages: an edition's has some 60 kB


class KeptPages:
    """The pages that were asked for last. Used by the event loop alone."""

    def __init__(
        self, context: SiteContext, *, clock: Callable[[], float] = time.monotonic, most_bytes: int = _MOST_BYTES
    ) -> None:
        self._context = context
        self._clock = clock
        self._most_bytes = most_bytes
        self._pages: OrderedDict[Hashable, tuple[float, Loaded, Response]] = OrderedDict()
        self._bytes = 0
        self._making: dict[Hashable, asyncio.Future[Response]] = {}

    def route(
        self, path: str, make: Callable[[Request], Response], *, kept: bool = True, for_language: bool = False
    ) -> Route:
        """A path that is answered by what `make` makes, in a thread of its own.

        Args:
            path: with its parameters, as Starlette writes them.
            make: reads, and changes nothing.
            kept: whether an answer is given again to others for some seconds.
            for_language: whether it speaks the language of the browser, not that of a digest.
        """

        async def answer(request: Request) -> Response:
            key = self._key(request, for_language=for_language) if kept else None
            if key is None:
                return unless_known(request, await run_in_threadpool(make, request))
            return unless_known(request, self._get(key) or await self._together(key, make, request))

        return Route(path, answer, methods=["GET"])

    async def _together(self, key: Hashable, make: Callable[[Request], Response], request: Request) -> Response:
        """Made once for all who ask while it is made: a page that many read would be made for each of them."""
        making = self._making.get(key)
        if making is None:
            making = asyncio.ensure_future(run_in_threadpool(make, request))
            self._making[key] = making
            making.add_done_callback(partial(self._made, key))
        # Whoever goes away takes it from nobody else.
        return await asyncio.shield(making)

    def _made(self, key: Hashable, making: asyncio.Future[Response]) -> None:
        del self._making[key]
        if not making.cancelled() and making.exception() is None and making.result().status_code == 200:
            self._put(key, making.result())

    def _key(self, request: Request, *, for_language: bool) -> Hashable:
        """What a page depends on; None for one that a key opens, which is for few."""
        revision = None
        if request.scope["query_string"]:
            if "key" in request.query_params:
                return None
            revision = request.query_params.get("revision")
        language = language_wanted(request) if for_language else ""
        # Without URL a page names the site as whoever asks does.
        host = "" if self._context.loaded.settings.web.url else request.headers.get("host", "")
        return request.scope["path"], revision, language, host

    def _get(self, key: Hashable) -> Response | None:
        made, loaded, page = self._pages.get(key, (0.0, None, None))
        if page is None or self._clock() - made > SECONDS or loaded is not self._context.loaded:
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return page

    def _put(self, key: Hashable, page: Response) -> None:
        self._drop(key)
        self._pages[key] = self._clock(), self._context.loaded, page
        self._bytes += len(page.body)
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._pages)))

    def _drop(self, key: Hashable) -> None:
        found = self._pages.pop(key, None)
        self._bytes -= len(found[2].body) if found else 0


def marked(page: Response, *, kept: str = FOR_ALL, changed: datetime | None = None) -> Response:
    """The page with what a browser or a feed reader knows it by the next time (RFC 9110 section 8.8).

    Args:
        page: what is answered.
        kept: by whom and how long it may be kept, as Cache-Control says it.
        changed: when it changed last, where that is known for all of it.
    """
    page.headers["Cache-Control"] = kept
    page.headers["ETag"] = f'"{hashlib.sha256(page.body).hexdigest()[:20]}"'
    if changed is not None:
        page.headers["Last-Modified"] = format_datetime(changed.astimezone(UTC).replace(microsecond=0), usegmt=True)
    return page


def unless_known(request: Request, page: Response) -> Response:
    """The page, or 304 where whoever asks has it (RFC 9110 section 13.1)."""
    mark = page.headers.get("etag")
    if mark is None or page.status_code != 200 or not _knows(request, mark, page.headers.get("last-modified")):
        return page
    names = ("cache-control", "content-language", "etag", "last-modified", "vary", "x-robots-tag")
    return Response(status_code=304, headers={name: page.headers[name] for name in names if name in page.headers})


def _knows(request: Request, mark: str, changed: str | None) -> bool:
    given = request.headers.get("if-none-match")
    if given is not None:
        return given.strip() == "*" or mark in (one.strip().removeprefix("W/") for one in given.split(","))
    since = request.headers.get("if-modified-since")
    if since is None or changed is None:
        return False
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(changed)
    except (ValueError, TypeError, OverflowError):
        return False
