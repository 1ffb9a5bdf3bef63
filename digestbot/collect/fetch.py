"""HTTP requests with limits: one deadline, a cap on the size, no proxies, no cookies, no private addresses."""

from __future__ import annotations

import asyncio
import base64
import logging
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from ..errors import CollectError
from ..text.web_addresses import login_of, masked, origin_of, with_login_of, without_login
from . import guard
from .foreign_errors import FETCHING, FOREIGN, REDIRECTED, translated
from .options import FetchOptions
from .places import MAX_SLOW, Places
from .response import Response
from .wrong_headers import WANTS_COOKIES, WITH_A_PAGE, head_first, is_not_compressed, is_plain, is_whole

_LOG = logging.getLogger(__name__)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})  # RFC 9110 section 15.4
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_CHUNK_BYTES = 65_536
_AFTER_END_SECONDS = 2.0
_GZIP = b"\x1f\x8b"
_MAX_MEMBERS = 10_000  # of a gzip file: each takes its time, however small it is
_MAX_HEADER_BYTES = 65_536  # of one header: cookies and security policies grow beyond the 8 KB that aiohttp takes


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSlot:
    """The right to ask one host, and one of the `concurrency` places; held until it is released."""

    host: str
    release: Callable[[], Awaitable[None]]  # before the context ends, so that others need not wait; twice does no harm


class Fetcher:
    """Asks servers, each host by one connection at a time. Use as an async context manager."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._allowed = guard.networks(options.allow_private)
        self._host_locks: dict[str, asyncio.Lock] = {}
        self._last_request: dict[str, float] = {}
        self._places = Places(options.concurrency)

    async def __aenter__(self) -> Self:
        # Idle TLS connections cost some 0.3 MB each: with a thousand hosts they must not stay for long.
        connector = head_first(
            aiohttp.TCPConnector(
                limit=self._options.concurrency + MAX_SLOW,
                keepalive_timeout=2,
                socket_factory=guard.socket_factory(self._allowed),
            )
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            # A proxy named in the environment would connect for us, past the address guard.
            trust_env=False,
            # aiohttp's own deadlines hold for each redirect anew; `get` sets one for all of them.
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            headers={"User-Agent": self._options.agent, "Accept": _ACCEPT},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    @asynccontextmanager
    async def host_slot(self, url: str) -> AsyncIterator[HostSlot]:
        """Wait until the host of this address may be asked: alone, and a gap after the last request has ended."""
        host = urlsplit(url).hostname or ""
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._host_locks.setdefault(host, asyncio.Lock()))
            rest = self._last_request.get(host, -1e9) + self._options.gap - time.monotonic()
            if rest > 0:
                await asyncio.sleep(rest)
            # The gap begins when the slot is given up, not when it is taken: a slow host has its rest too.
            held.callback(self._leave, host)
            await held.enter_async_context(self._places.place())
            yield HostSlot(host=host, release=held.aclose)

    def _leave(self, host: str) -> None:
        self._last_request[host] = time.monotonic()

    async def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        seconds: float | None = None,
        own: Sequence[tuple[str, str]] = (),
    ) -> Response:
        """The response to a conditional GET, redirects followed, within so many seconds in all [`options.timeout`].

        A login in the address, and the feed's `own` headers, go to the origin of the address alone.

        Raises:
            CollectError: there was no response within the limits; any status is a response.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        seconds = self._options.timeout.total_seconds() if seconds is None else seconds
        answered: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                try:
                    return await self._follow(url, headers, dict(own), answered)
                except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as error:
                    if not is_not_compressed(error):
                        raise
                    # It says that the body is compressed, and it may not be: it is taken as it comes.
                    plain = await self._follow(url, headers, dict(own), [], as_sent=True)
                    if not is_plain(plain.body):
                        raise
                    _LOG.info("%s calls its feed compressed, and it is not; it is read as it is", masked(plain.url))
                    return plain
        except FOREIGN as error:
            raise translated(error, REDIRECTED if answered else FETCHING, seconds=seconds) from error

    async def _follow(
        self,
        url: str,
        headers: Mapping[str, str],
        own: Mapping[str, str],
        answered: list[str],
        *,
        as_sent: bool = False,
    ) -> Response:
        """The response behind all redirects; each address that has answered is added to `answered`."""
        moved_to, permanent, home = "", True, origin_of(url)
        secret = {**_login(url), **own}
        url, named = without_login(url), url
        for _ in range(self._options.max_redirects + 1):
            if urlsplit(url).scheme not in ("http", "https"):
                raise CollectError(f"refused: it redirects to a {urlsplit(url).scheme}: address")
            secret = secret if origin_of(url) == home else {}  # nor does a way back bring it back
            async with self._session.get(
                url, headers={**headers, **secret}, allow_redirects=False, auto_decompress=not as_sent
            ) as response:
                answered.append(url)
                target = response.headers.get("Location", "")
                if response.status not in _REDIRECTS or not target:
                    return Response(
                        status=_status(response),
                        url=url,
                        headers={name.lower(): value for name, value in response.headers.items()},
                        body=await self._body(response),
                        moved_to=moved_to,
                    )
                # A temporary redirect may lead elsewhere tomorrow, so a permanent one behind it says nothing lasting.
                permanent = permanent and response.status in _PERMANENT
                url = without_login(urljoin(url, target))
                if url in answered and "Set-Cookie" in response.headers:
                    raise CollectError(WANTS_COOKIES)
                moved_to = with_login_of(named, url) if permanent else moved_to
        raise CollectError(f"too many redirects (more than {self._options.max_redirects})")

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        status = _status(response)
        if status not in WITH_A_PAGE and status != 200:
            return b""
        parts: list[bytes] = []
        size, chunks = 0, response.content.iter_chunked(_CHUNK_BYTES)
        try:
            while True:
                # Behind the end of a feed nothing more comes, whatever length was announced.
                async with asyncio.timeout(_AFTER_END_SECONDS if parts and is_whole(parts[-1]) else None):
                    chunk = await anext(chunks, b"")
                if status != 200 or not chunk:
                    parts.append(chunk)
                    break
                size += len(chunk)
                if size > self._options.max_bytes:
                    raise CollectError(too_large(self._options.max_bytes))
                parts.append(chunk)
        except (TimeoutError, aiohttp.ClientPayloadError) as error:
            response.close()
            if status == 200 and not (parts and is_whole(b"".join(parts[-2:]))):
                raise
            if isinstance(error, aiohttp.ClientPayloadError) and is_not_compressed(error):
                raise
            _LOG.info("%s announces more than it sends; the feed is whole all the same", response.url.host)
        return unpacked(b"".join(parts), self._options.max_bytes)


def _status(response: aiohttp.ClientResponse) -> int:
    """The status; what a proxy has changed on its way is a 200 all the same (203, RFC 9110 section 15.3.4)."""
    return 200 if response.status == 203 else response.status


def _login(url: str) -> dict[str, str]:
    """The header for the login in an address (RFC 7617, whose one encoding a server can ask for is UTF-8)."""
    user = login_of(url)
    return {"Authorization": "Basic " + base64.b64encode(":".join(user).encode()).decode()} if user else {}


def unpacked(body: bytes, limit: int) -> bytes:
    """A body that is a gzip file itself (`feed.xml.gz`, or compressed more than once), unpacked twice at most.

    Raises:
        CollectError: it is larger than the limit, in bytes.
        zlib.error: the gzip data is damaged.
    """
    for _ in range(2):
        body = _members(body, limit) if body.startswith(_GZIP) else body
    return body


def _members(body: bytes, limit: int) -> bytes:
    """What all members of a gzip file hold (RFC 1952 section 2.2); what follows them is padding."""
    parts, size, at = list[bytes](), 0, 0
    for _ in range(_MAX_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        while at < len(body) and not member.eof:
            piece = body[at : at + _CHUNK_BYTES]
            # One byte more than the limit is enough to know that it is exceeded: a bomb is never unpacked whole.
            parts.append(member.decompress(piece, limit + 1 - size))
            size += len(parts[-1])
            if size > limit:
                raise CollectError(too_large(limit))
            at += len(piece) - len(member.unused_data)
        if not body.startswith(_GZIP, at):
            return b"".join(parts)
    raise zlib.error(f"more than {_MAX_MEMBERS} members")


def too_large(limit: int) -> str:
    """The reason for a body beyond the limit, in bytes."""
    return f"larger than {limit / 1e6:g} MB; DIGESTBOT_FETCH__MAX_MEGABYTES sets the limit"
