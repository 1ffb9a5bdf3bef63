"""One HTTP request after another, as a careful guest: deadlines, caps, no proxies, no cookies, no private addresses."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp

from ..errors import CollectError
from . import guard
from .options import FetchOptions

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_CHUNK = 65_536
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said in the end."""

    status: int
    url: str  # where it was said, after redirects
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""  # decompressed; empty unless the status is 200
    moved_to: str = ""  # where permanent redirects alone led to


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A host's turn and one of the `concurrency` places, held until it ends."""

    host: str
    end: Callable[[], Awaitable[None]]  # before its time, to hold up nobody; no harm done twice


class Fetcher:
    """Asks servers; one connection and a small gap for each host. Use as an async context manager."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._allowed = guard.networks(options.allow_private)
        self._turns: dict[str, asyncio.Lock] = {}
        self._last: dict[str, float] = {}
        self._places = asyncio.Semaphore(options.concurrency)

    async def __aenter__(self) -> Self:
        # Idle TLS connections cost some 0.3 MB each: with a thousand hosts they must not stay for long.
        connector = aiohttp.TCPConnector(
            limit=self._options.concurrency, keepalive_timeout=2, socket_factory=guard.socket_factory(self._allowed)
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None),
            headers={"User-Agent": self._options.agent, "Accept": _ACCEPT},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[Turn]:
        """Wait for the host of this address to be free, and leave it a gap afterwards."""
        host = urlsplit(url).hostname or ""
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._turns.setdefault(host, asyncio.Lock()))
            rest = self._last.get(host, -1e9) + self._options.gap - time.monotonic()
            if rest > 0:
                await asyncio.sleep(rest)
            held.callback(self._leave, host)
            await held.enter_async_context(self._places)
            yield Turn(host=host, end=held.aclose)

    def _leave(self, host: str) -> None:
        self._last[host] = time.monotonic()

    async def get(self, url: str, *, etag: str = "", last_modified: str = "") -> Answer:
        """The answer to a conditional GET, redirects followed.

        Raises:
            CollectError: there was no answer within the limits; any status is an answer.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        seconds = self._options.timeout.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(url, headers)
        except TimeoutError:
            raise CollectError(f"timed out after {seconds:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError, zlib.error) as error:
            raise guard.reason(error) or CollectError(_in_words(error)) from error

    async def _follow(self, url: str, headers: Mapping[str, str]) -> Answer:
        moved_to, permanent = "", True
        for _ in range(self._options.max_redirects + 1):
            if urlsplit(url).scheme not in ("http", "https"):
                raise CollectError(f"refused: it leads to a {urlsplit(url).scheme or 'nameless'}: address")
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                target = response.headers.get("Location", "")
                if response.status not in _REDIRECTS or not target:
                    return Answer(
                        status=response.status,
                        url=url,
                        headers={name.lower(): value for name, value in response.headers.items()},
                        body=await self._body(response) if response.status == 200 else b"",
                        moved_to=moved_to,
                    )
                permanent = permanent and response.status in _PERMANENT
                url = urljoin(url, target)
                moved_to = url if permanent else moved_to
        raise CollectError(f"redirected more than {self._options.max_redirects} times")

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        parts, size = [], 0
        async for chunk in response.content.iter_chunked(_CHUNK):
            size += len(chunk)
            if size > self._options.max_bytes:
                raise CollectError(too_large(self._options.max_bytes))
            parts.append(chunk)
        return unpacked(b"".join(parts), self._options.max_bytes)


def unpacked(body: bytes, limit: int) -> bytes:
    """A body that is a gzip file itself (`feed.xml.gz`, or compressed twice), unpacked once, within the limit.

    Raises:
        CollectError: it is damaged, or larger than the limit.
    """
    if not body.startswith(_GZIP):
        return body
    try:
        plain = zlib.decompressobj(wbits=31).decompress(body, limit + 1)
    except zlib.error as error:
        raise CollectError("damaged: it is not the gzip data it claims to be") from error
    if len(plain) > limit:
        raise CollectError(too_large(limit))
    return plain


def too_large(limit: int) -> str:
    """The reason given for a body beyond the limit."""
    return f"larger than {limit / 1e6:g} MB; DIGESTBOT_FETCH__MAX_MEGABYTES sets the limit"


def _in_words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"no such host: {error.host}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"the certificate of {error.host} is not valid"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"could not connect to {error.host}: {error.os_error.strerror or 'refused'}"
    if isinstance(error, aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError | ConnectionError):
        return "the connection broke off"
    if isinstance(error, aiohttp.InvalidURL):
        return "not a web address"
    return f"the answer was not HTTP as it should be ({type(error).__name__})"
