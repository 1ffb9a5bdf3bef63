"""One mail from the mailbox of returned mails, read: what it says, of whom, and whether that may be believed.

Only our own token proves anything: the address in a report is the word of whoever wrote it, and anybody can write to the box.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from ..model import ReturnedMail, ReturnKind
from ..ports import MOST_MAIL_BYTES
from ..text.sanitise import one_line, shorten
from .foreign_bounces import foreign_bounce
from .mail_parts import Part, read_parts, subject_of
from .reports import (
    Finding,
    address_in,
    complaint,
    delivery_reports,
    is_automatic,
    is_challenge,
    is_from_a_mail_system,
    is_receipt,
    is_virus_notice,
)
from .verp import Purpose, Token, read_token

_OLDEST: Final = timedelta(days=90)  # an older date is a clock's mistake
_REASON: Final = 200  # characters
_HASHED: Final = 100_000  # bytes
# Where the address stands that the mail was delivered to; a system that forwards says it in one of these.
_ADDRESSED: Final = frozenset(
    {
        "to",
        "cc",
        "delivered-to",
        "x-delivered-to",
        "x-original-to",
        "envelope-to",
        "x-envelope-to",
        "x-rcpt-to",
        "resent-to",
    }
    | {"x-forwarded-to", "apparently-to", "received"}
)
_UNSUBSCRIBE: Final = re.compile(
    r"\s*(?:re:\s*)?(?:unsubscribe|opt[ -]?out|abmelden|d[eé]sabonner)\b[\s:]*([A-Za-z0-9._=-]{0,64})", re.IGNORECASE
)


def read_returned_mail(data: bytes, *, secrets: Iterable[bytes], now: datetime) -> tuple[ReturnedMail, ...]:
    """What a mail says: one event or more, of which the first may say that it is unrelated. Never raises.

    Args:
        data: the whole mail; of a very large one its first megabyte is looked at.
        secrets: the keys of the MACs in our return paths.
        now: the time, for a mail whose own date cannot be true.
    """
    data = data[:MOST_MAIL_BYTES]
    parts = read_parts(data)
    mail = parts[0]
    known = tuple(secrets)
    addressed = read_token("\n".join(value for name, value in mail.fields if name in _ADDRESSED), known)
    # A report gives our mail back, return path and all, or quotes its head; whoever quotes it had it.
    token = addressed or read_token(data.decode("latin-1"), known)
    at, name = _moment(mail, now), _name(data)
    wish, found = _wish(mail, addressed), _findings(mail, parts, data)
    if wish is not None and found[0].kind is ReturnKind.UNRELATED and not found[0].code and not is_automatic(mail):
        word, reason = wish
        asked = Finding(ReturnKind.UNSUBSCRIBE, address_in(mail.get("from")), reason=reason)
        return (_event(asked, f"{name}-0", at, token, word=word),)
    return tuple(_event(finding, f"{name}-{number}", at, token) for number, finding in enumerate(found))


def _findings(mail: Part, parts: Sequence[Part], data: bytes) -> tuple[Finding, ...]:
    """The standards' own fields first, then what is known to be no bounce, then the other systems' words."""
    complained = complaint(parts)
    reported = (complained,) if complained is not None else tuple(delivery_reports(parts))
    if reported:
        return reported
    if is_virus_notice(mail):
        return (Finding(ReturnKind.POLICY, reason=f"a virus scanner: {subject_of(mail)}"),)
    receipt = is_receipt(parts)
    if is_from_a_mail_system(mail) and not receipt:
        return (foreign_bounce(mail, parts, data),)
    automatic = "a receipt" if receipt else "an automatic answer" * is_automatic(mail)
    challenge = "a filter asks for a proof" if is_challenge(mail) else "no report of a mail system"
    return (Finding(ReturnKind.UNRELATED, reason=automatic or challenge),)


def _wish(mail: Part, addressed: Token | None) -> tuple[str, str] | None:
    """The word after "unsubscribe", and how it was said; None where nobody asks for it."""
    asked = _UNSUBSCRIBE.match(subject_of(mail))
    if asked:
        return asked[1], "a mail with this subject"
    if addressed is not None and addressed.purpose is Purpose.UNSUBSCRIBE:
        return "", "a mail to the address for it"
    return None


def _event(finding: Finding, name: str, at: datetime, token: Token | None, *, word: str = "") -> ReturnedMail:
    return ReturnedMail(
        id=name,
        kind=finding.kind,
        at=at,
        source="mailbox",
        address=finding.address,
        key=token.key if token else "",
        code=finding.code,
        reason=shorten(one_line(finding.reason), _REASON),
        token=word,
        proven=token is not None,
    )


def _name(data: bytes) -> str:
    """The same for the same mail, whether a folder or a server gave it: with other line ends, that is."""
    plain = data[: 2 * _HASHED].replace(b"\r\n", b"\n")[:_HASHED]
    return f"mail-{hashlib.sha256(plain).hexdigest()[:32]}"


def _moment(mail: Part, now: datetime) -> datetime:
    """The date of the mail, where it can be true."""
    try:
        given = parsedate_to_datetime(mail.get("date")[:100])
        given = given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return now
    return given if now - _OLDEST <= given <= now else now
