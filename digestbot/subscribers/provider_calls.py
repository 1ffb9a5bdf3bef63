"""What the calls of mail providers have in common: how they are answered, read within limits, and what their words mean."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ..model import ReturnedMail, ReturnKind
from ..text.sanitise import one_line, shorten
from .status_codes import better_code, codes_in, kind_of

MOST_BYTES: Final = 1_000_000  # of a call; a hundred events of the longest kind are a third of it
MOST_EVENTS: Final = 1000
_LONGEST_TEXT: Final = 4_000
_OLDEST: Final = timedelta(days=90)
_AHEAD: Final = timedelta(minutes=15)  # clocks differ
_MESSAGE_ID: Final = re.compile(r"<?([0-9a-f]{32})-\d+@")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that nothing follows from."""

    status: int  # to answer with; a provider tries again later but for 4xx
    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a call says: to be kept before it is answered with 200."""

    events: tuple[ReturnedMail, ...] = ()
    confirm: str = ""  # an address of the provider's own host that is to be fetched once, which begins a subscription


class Refused(Exception):
    """Raised on the way; whoever is called from outside returns the refusal."""

    def __init__(self, status: int, reason: str) -> None:
        self.refusal = Refusal(status, reason)
        super().__init__(reason)


def lowered(headers: Mapping[str, str]) -> dict[str, str]:
    """The header fields of a call by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


def require_size(body: bytes | str) -> None:
    """Refuse what no provider sends."""
    if len(body) > MOST_BYTES:
        raise Refused(413, f"larger than {MOST_BYTES} bytes")


def read_json(body: bytes | str) -> Any:
    """What a call or a part of it says."""
    require_size(body)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "not JSON") from None


def record(value: Any) -> Mapping[str, Any]:
    """The value where it is a record, else an empty one: strangers choose the types in their calls."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> list[Mapping[str, Any]]:
    return [record(one) for one in value[:MOST_EVENTS]] if isinstance(value, list) else []


def text(value: Any) -> str:
    """The value where it is text or a number, else nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:_LONGEST_TEXT]


def require_fresh(at: datetime | None, now: datetime, within: timedelta) -> None:
    """Refuse a call of another time: what was once overheard must not be said again for ever."""
    if at is None or not now - within <= at <= now + _AHEAD:
        raise Refused(403, "said at another time: look at the clock of this machine")


def seconds(value: Any) -> datetime | None:
    """A moment given in seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def iso(value: Any) -> datetime | None:
    """A moment given as text."""
    try:
        given = datetime.fromisoformat(text(value).strip())
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment(at: datetime | None, now: datetime) -> datetime:
    """When it was said, where that can be true."""
    return at if at is not None and now - _OLDEST <= at <= now else now


def key_of_message_id(value: Any) -> str:
    """The key of the delivery whose Message-ID this is; empty where it is none of ours."""
    found = _MESSAGE_ID.match(text(value).strip())
    return found[1] if found else ""


def judged(status: Any, said: Any, *, final: bool = True) -> tuple[ReturnKind, str]:
    """What a status and a server's words mean, and the code that says most."""
    words = text(said)
    given, _ = codes_in(text(status))
    spoken, reply = codes_in(words)
    if not reply and re.fullmatch(r"[245]\d\d", text(status).strip()):
        reply = text(status).strip()
    code = better_code(given, spoken) if given else spoken
    return kind_of(code, words, reply=reply, final=final), code or reply


def event(
    source: str,
    name: str,
    kind: ReturnKind,
    *,
    address: Any,
    at: datetime,
    key: str = "",
    code: str = "",
    reason: Any = "",
) -> ReturnedMail:
    """An event of a call whose signature is right."""
    return ReturnedMail(
        id=f"{source}-{name}"[:200],
        kind=kind,
        at=at,
        source=source,
        address=text(address)[:320].strip(),
        key=key,
        code=code,
        reason=shorten(one_line(text(reason)), 200),
        proven=True,
    )
