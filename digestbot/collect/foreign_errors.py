"""Errors of aiohttp, ssl, sockets, files and compressors as CollectErrors: the only place that translates them.

A row names what is caught and what an operator sees (readers: reader_reasons.py). The first row that fits is taken, so a special
error comes before its base. `{error}` is the error itself, `{system}` the operating system's words for it;
`{seconds}` and `{path}` are given by the caller.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import Final

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError, HttpProcessingError

from ..errors import CollectError
from .guard import PrivateAddressError

Row = tuple[type[BaseException] | tuple[type[BaseException], ...], str]

_REFUSED: Final = "refused: {error}; if it is yours, add {error.range} to DIGESTBOT_FETCH__ALLOW_PRIVATE"
_NO_ADDRESS: Final = "not a web address"
_BEFORE, _AFTER = "refused: ", " is a private address; "

# Looked for among the causes of an error too: aiohttp wraps them in errors that say less.
CAUSES: tuple[Row, ...] = (
    (PrivateAddressError, _REFUSED),
    ((ContentEncodingError, zlib.error), "broken feed: its compressed data cannot be unpacked"),
)
FETCHING: tuple[Row, ...] = (
    (TimeoutError, "timed out after {seconds:g} s"),
    (aiohttp.ClientConnectorDNSError, "cannot find the host {error.host}"),
    (aiohttp.ClientConnectorCertificateError, "the certificate of {error.host} is not valid"),
    (aiohttp.ClientConnectorSSLError, "no encrypted connection to {error.host} is possible"),
    (aiohttp.ClientConnectorError, "could not connect to {error.host}: {system}"),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, ConnectionError), "the connection was cut off"),
    # UnicodeError: a host that IDNA cannot encode; ValueError: urllib's for a bracket without its pair.
    ((aiohttp.InvalidURL, UnicodeError, ValueError), _NO_ADDRESS),
    ((aiohttp.ClientError, HttpProcessingError), "the answer is not valid HTTP"),
    (OSError, "could not connect: {system}"),
)
# Once a server has answered, it is its own next address that is none; that may hold a secret, and is not shown.
REDIRECTED: tuple[Row, ...] = tuple(
    (kind, "refused: it redirects to something that is not a web address" if sentence == _NO_ADDRESS else sentence)
    for kind, sentence in FETCHING
)
READING_FILES: tuple[Row, ...] = (
    (FileNotFoundError, "no such file: {path}"),
    (OSError, "cannot open {path}: {system}"),
)
PARSING: tuple[Row, ...] = (
    (TimeoutError, "parsing took longer than {seconds:g} s"),
    ((OSError, EOFError), "could not be parsed (parser crashed)"),
)
FOREIGN = (OSError, ValueError, EOFError, aiohttp.ClientError, HttpProcessingError, zlib.error)


def translated(error: BaseException, rows: tuple[Row, ...], *, seconds: float = 0.0, path: str = "") -> CollectError:
    """The CollectError for one of FOREIGN; `rows` says during what it was raised."""
    for cause in _causes(error):
        for kind, sentence in CAUSES:
            if isinstance(cause, kind):
                return CollectError(sentence.format(error=cause))
    for kind, sentence in rows:
        if isinstance(error, kind):
            return CollectError(sentence.format(error=error, system=_system(error), seconds=seconds, path=path))
    return CollectError(f"internal error ({type(error).__name__}), see the log")


def refused_address(reason: str) -> str:
    """The private address that such an error is about; empty where it is about something else."""
    return reason.removeprefix(_BEFORE).partition(" ")[0] if reason.startswith(_BEFORE) and _AFTER in reason else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _system(error: BaseException) -> str:
    """What the operating system calls it. asyncio puts addresses and ports into `strerror`, so the number is asked."""
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number).lower() if number is not None and number > 0 else "no connection"
