"""Each row of the tables that turn errors of libraries into reasons for a reader."""

from __future__ import annotations

import errno
import ssl
import zlib

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http_exceptions import BadStatusLine, ContentEncodingError

from digestbot.collect.foreign_errors import (
    CAUSES,
    FETCHING,
    FOREIGN,
    PARSING,
    READING_FILES,
    REDIRECTED,
    Row,
    translated,
)
from digestbot.collect.guard import PrivateAddressError

KEY = ConnectionKey("harbour.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)
REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('192.0.2.1', 443)")


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


PRIVATE = PrivateAddressError("10.0.0.1")
CASES: list[tuple[BaseException, tuple[Row, ...], str]] = [
    (
        caused(aiohttp.ClientConnectorError(KEY, OSError()), PRIVATE),
        FETCHING,
        "refused: 10.0.0.1 is a private address; if it is yours, add 10.0.0.1/32 to DIGESTBOT_FETCH__ALLOW_PRIVATE",
    ),
    (
        caused(aiohttp.ClientPayloadError("400"), ContentEncodingError("gzip")),
        FETCHING,
        "broken feed: its compressed data cannot be unpacked",
    ),
    (zlib.error("Error -3"), READING_FILES, "broken feed: its compressed data cannot be unpacked"),
    (TimeoutError(), FETCHING, "timed out after 20 s"),
    (aiohttp.ServerTimeoutError(), FETCHING, "timed out after 20 s"),
    (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "?")), FETCHING, "cannot find the host harbour.example"),
    (
        aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError("self-signed")),
        FETCHING,
        "the certificate of harbour.example is not valid",
    ),
    (
        aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "WRONG_VERSION_NUMBER")),
        FETCHING,
        "no encrypted connection to harbour.example is possible",
    ),
    (aiohttp.ClientConnectorError(KEY, REFUSED), FETCHING, "could not connect to harbour.example: connection refused"),
    (aiohttp.ClientConnectorError(KEY, OSError()), FETCHING, "could not connect to harbour.example: no connection"),
    (aiohttp.ServerDisconnectedError(), FETCHING, "the connection was cut off"),
    (aiohttp.ClientPayloadError("not completed"), FETCHING, "the connection was cut off"),
    (ConnectionResetError(errno.ECONNRESET, "reset"), FETCHING, "the connection was cut off"),
    (aiohttp.InvalidURL("http://a:99999/"), FETCHING, "not a web address"),
    (UnicodeError("label empty or too long"), FETCHING, "not a web address"),
    (ValueError("Invalid IPv6 URL"), FETCHING, "not a web address"),
    *[
        (error, REDIRECTED, "refused: it redirects to something that is not a web address")
        for error in (aiohttp.InvalidURL("http://a:99999/"), UnicodeError("label empty or too long"), ValueError("?"))
    ],
    (
        aiohttp.ClientConnectorCertificateError(KEY, ssl.SSLCertVerificationError("self-signed")),
        REDIRECTED,
        "the certificate of harbour.example is not valid",
    ),
    (aiohttp.ClientConnectionError("?"), FETCHING, "the answer is not valid HTTP"),
    (BadStatusLine("\0"), FETCHING, "the answer is not valid HTTP"),
    (OSError(errno.ENETUNREACH, "?"), FETCHING, "could not connect: network is unreachable"),
    (FileNotFoundError(errno.ENOENT, "?"), READING_FILES, "no such file: /feeds/a.xml"),
    (PermissionError(errno.EACCES, "?"), READING_FILES, "cannot open /feeds/a.xml: permission denied"),
    (TimeoutError(), PARSING, "parsing took longer than 20 s"),
    (EOFError(), PARSING, "could not be parsed (parser crashed)"),
    (BrokenPipeError(errno.EPIPE, "?"), PARSING, "could not be parsed (parser crashed)"),
    (EOFError(), FETCHING, "internal error (EOFError), see the log"),
]


@pytest.mark.parametrize(("error", "rows", "reason"), CASES, ids=lambda value: type(value).__name__)
def test_every_row_has_its_words(error: BaseException, rows: tuple[Row, ...], reason: str) -> None:
    """The first row that fits says why, with host, path or seconds, and never a library's own words."""
    assert isinstance(error, FOREIGN)
    made = translated(error, rows, seconds=20.0, path="/feeds/a.xml")
    assert (made.reason, made.permanent) == (reason, False)


def test_every_row_is_tried_here() -> None:
    """No row, and no error named in one, is without a case."""
    rows = {
        (kinds, sentence) for rows in (CAUSES, FETCHING, REDIRECTED, READING_FILES, PARSING) for kinds, sentence in rows
    }
    for kinds, sentence in rows:
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            start = sentence.partition("{")[0]
            assert any(
                isinstance(link, kind) and reason.startswith(start)
                for error, _, reason in CASES
                for link in (error, error.__cause__)
            ), (kind, sentence)
