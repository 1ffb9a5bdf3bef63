"""What ntfy's answers, and the lack of one, mean for a delivery: one table for messages, one for questions.

The numbers are those of server/errors.go in binwiederhier/ntfy: its own code where the answer holds one, else the HTTP
status, else the hundred that the status belongs to.
"""

from __future__ import annotations

import http.client
import json
import math
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ...errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure
from ...text.sanitise import one_line, shorten
from ..exchange import USABLE_PROXY, ProxyUnusable

_MAX_QUOTED_CHARACTERS = 200  # of a server's words in an error


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer, whatever its status."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object in the body; empty when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def code(self) -> int:
        """ntfy's own number for an error, such as 40301; 0 when the answer is not ntfy's."""
        code = self.data.get("code")
        return code if isinstance(code, int) else 0

    @property
    def retry_after(self) -> float | None:
        """Seconds of Retry-After. ntfy sends none (its issue 1173), but proxies before it do."""
        value = {key.lower(): value for key, value in self.headers.items()}.get("retry-after", "")
        try:
            seconds = float(value)
        except ValueError:
            return None
        return seconds if math.isfinite(seconds) and seconds >= 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A row of a table: which error, why, and whether every delivery of the account would meet the same."""

    kind: type[DeliveryError]
    reason: str  # {host}, {topic}, {said} for what the server or the system says, {kind} for an exception's name
    account: bool = False


_URL = "check DIGESTBOT_NTFY__URL"
# A message was refused, or it is not clear whether it was taken.
SENDING: Final[Mapping[int, Meaning]] = {
    40009: Meaning(kind=PermanentFailure, reason="{host} takes no topic named {topic!r}"),
    40010: Meaning(kind=PermanentFailure, reason="{host} keeps the topic {topic!r} for itself: choose another"),
    # Too long to be a message, and attachments are off.
    40014: Meaning(
        kind=ContentRejected,
        reason="{host} takes no message this long: set DIGESTBOT_NTFY__MESSAGE_BYTES to its message-size-limit",
    ),
    40301: Meaning(
        # Of this topic alone: as an error of the account it would hold up every other topic, too.
        kind=PermanentFailure,
        reason="{host} forbids writing to {topic!r}: give the account write access to it, or set DIGESTBOT_NTFY__TOKEN",
    ),
    42908: Meaning(
        kind=TemporaryFailure, reason="{host}: the account's daily number of messages is used up", account=True
    ),
    42909: Meaning(kind=TemporaryFailure, reason="{host}: too many wrong logins from this address", account=True),
    50701: Meaning(kind=TemporaryFailure, reason="{host}: nobody has subscribed to {topic!r} yet"),
    200: Meaning(kind=OutcomeUnknown, reason="{host} answered, but not as ntfy does (HTTP {status})"),
    300: Meaning(
        kind=PermanentFailure,
        reason="{host} sends requests elsewhere (HTTP {status}), which is not followed: " + _URL,
        account=True,
    ),
    # A refusal of ntfy's own is about this message; another program's is about the way to ntfy.
    40000: Meaning(kind=ContentRejected, reason="{host} refused the message ({said})"),
    400: Meaning(kind=PermanentFailure, reason="{host} refused the request ({said}): " + _URL, account=True),
    401: Meaning(
        kind=PermanentFailure,
        reason="{host} refused the login: check DIGESTBOT_NTFY__TOKEN, or USERNAME and PASSWORD",
        account=True,
    ),
    403: Meaning(kind=PermanentFailure, reason="{host} forbids every request ({said})", account=True),
    404: Meaning(kind=PermanentFailure, reason="there is no ntfy at {host} ({said}): " + _URL, account=True),
    408: Meaning(kind=TemporaryFailure, reason="{host} did not get the whole request in time"),
    413: Meaning(
        kind=ContentRejected, reason="{host} finds the message too large: lower DIGESTBOT_NTFY__MESSAGE_BYTES"
    ),
    429: Meaning(kind=TemporaryFailure, reason="{host} asks to wait ({said})", account=True),
    500: Meaning(kind=OutcomeUnknown, reason="{host} failed on the way ({said})"),
    # What a proxy says while ntfy itself is down: nothing was handed on.
    503: Meaning(kind=TemporaryFailure, reason="{host} is not available ({said})", account=True),
}
# The topic's cache, or the account, was asked about.
ASKING: Final[Mapping[int, Meaning]] = {
    200: Meaning(kind=TemporaryFailure, reason="{host} gave half an answer"),
    300: Meaning(kind=OutcomeUnknown, reason="{host} sends requests elsewhere, which is not followed: " + _URL),
    400: Meaning(kind=OutcomeUnknown, reason="{host} cannot be asked ({said})"),
    401: Meaning(kind=OutcomeUnknown, reason="{host} cannot be asked: it refused the login"),
    403: Meaning(kind=OutcomeUnknown, reason="{host} cannot be asked: the account may not read {topic!r}"),
    408: Meaning(kind=TemporaryFailure, reason="{host} did not answer in time"),
    429: Meaning(kind=TemporaryFailure, reason="{host} asks to wait ({said})"),
    500: Meaning(kind=TemporaryFailure, reason="{host} cannot be asked now ({said})"),
}
_NOT_ASKED: Final = Meaning(
    kind=PermanentFailure, reason="{host} cannot be asked ({kind}): " + _URL + " and any HTTPS_PROXY", account=True
)
# Before the first byte of a request had left; the first row whose exception fits counts.
UNREACHABLE: Final[tuple[tuple[type[Exception], Meaning], ...]] = (
    (
        ssl.SSLCertVerificationError,
        Meaning(
            kind=PermanentFailure,
            reason="the certificate of {host} was not trusted ({said}): check the clock, or name your own authority in "
            "SSL_CERT_FILE",
            account=True,
        ),
    ),
    (socket.gaierror, Meaning(kind=TemporaryFailure, reason="{host} is not known ({said})", account=True)),
    (TimeoutError, Meaning(kind=TemporaryFailure, reason="{host} did not answer in time", account=True)),
    (OSError, Meaning(kind=TemporaryFailure, reason="{host} cannot be reached ({said})", account=True)),
    (ProxyUnusable, Meaning(kind=PermanentFailure, reason=USABLE_PROXY, account=True)),
    # What an address is no good for is not repeated: a proxy's may hold a password.
    (http.client.InvalidURL, _NOT_ASKED),
    (
        http.client.HTTPException,
        Meaning(kind=TemporaryFailure, reason="the way to {host} is broken: check any proxy", account=True),
    ),
    (Exception, _NOT_ASKED),
)


def refusal(
    table: Mapping[int, Meaning], answer: Answer, *, host: str, topic: str = "", said: str = ""
) -> DeliveryError:
    """The error for an answer other than success.

    Args:
        table: `SENDING` or `ASKING`.
        answer: what the server answered.
        host: the server's name, for the reason.
        topic: which topic it was about.
        said: the server's own words, free of secrets.
    """
    own = answer.code // 100 * 100 if table is SENDING and 40000 <= answer.code < 40100 else 0
    found = next(
        table[number]
        for number in (answer.code, own, answer.status, answer.status // 100 * 100, 200)
        if number in table
    )
    # A number no table has, such as HTTP 600, means what a success without ntfy's answer means: nobody can tell.
    reason = found.reason.format(
        host=host, topic=topic, status=answer.status, said=said or answer.code or f"HTTP {answer.status}"
    )
    return _made(found, reason, answer.retry_after)


def unreachable(error: Exception, *, host: str, said: str) -> DeliveryError:
    """The error for a request that never left: nothing can have arrived."""
    found = next(meaning for kind, meaning in UNREACHABLE if isinstance(error, kind))
    return _made(found, found.reason.format(host=host, said=said, kind=type(error).__name__), None)


def quoted(text: str, *secrets: str) -> str:
    """A server's words, short, on one line and without our secrets: some servers repeat what they were sent."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return shorten(one_line(text), _MAX_QUOTED_CHARACTERS)


def _made(meaning: Meaning, reason: str, retry_after: float | None) -> DeliveryError:
    if meaning.kind is PermanentFailure:
        return PermanentFailure(reason, account=meaning.account)
    if meaning.kind is TemporaryFailure:
        return TemporaryFailure(reason, retry_after=retry_after, account=meaning.account)
    return meaning.kind(reason)
