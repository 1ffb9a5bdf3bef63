"""Answers whose headers say other things than they send: what can be read all the same."""

from __future__ import annotations

import asyncio
import re
import zlib
from functools import partial

from aiohttp import TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import ContentEncodingError

# Browser checks and walls come with these: the beginning of their page says which it is.
WITH_A_PAGE = frozenset({202, 401, 403, 405, 406, 428, 429, 503})
WANTS_COOKIES = "asks for cookies: it redirects to itself until one is sent; put it into the feed's HEADERS (Cookie: ...), or take another address"
_END_OF_FEED = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--[^>]*-->\s*)*\Z")
_COMPRESSION_SAYS_OTHERWISE = ("decompress", "content-encoding", "can not decode")


class HeadFirst(ResponseHandler):
    """Gives the parser the head of an answer before its body.

    A server that counts characters sends more than it announces. Where all of that comes at once, the surplus spoils the
    head too, and nothing is left; by itself the head is kept, with as much of the body as was announced.
    """

    def data_received(self, data: bytes) -> None:
        """What has come."""
        head, end, body = data.partition(b"\r\n\r\n") if data.startswith(b"HTTP/") else (data, b"", b"")
        super().data_received(head + end)
        if body:
            super().data_received(body)


def head_first(connector: TCPConnector) -> TCPConnector:
    """The connector, with answers that are read so."""
    kind: type[ResponseHandler] = HeadFirst
    connector._factory = partial(kind, loop=asyncio.get_running_loop())  # noqa: SLF001 -- no public way is there
    return connector


def is_not_compressed(error: BaseException) -> bool:
    """Whether aiohttp could not unpack a body that its headers call compressed."""
    link: BaseException | None = error
    while link is not None:
        said = str(link).lower()
        if isinstance(link, (ContentEncodingError, zlib.error)) or any(
            word in said for word in _COMPRESSION_SAYS_OTHERWISE
        ):
            return True
        link = link.__cause__ or link.__context__
    return False


def is_plain(body: bytes) -> bool:
    """Whether a body begins as markup or JSON does."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"{")


def is_whole(body: bytes) -> bool:
    """Whether a body ends as a feed ends."""
    return _END_OF_FEED.search(body[-400:]) is not None
