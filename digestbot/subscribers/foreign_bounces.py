"""Bounces of mail systems that write no standard report: qmail, old Exim, gateways, and some thirty more.

The dialects are known to flufl.bounce, Mailman's reader of them; the words of the server are judged here. Without that
package (the extra `bounces`) the words alone tell.
"""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from typing import Final

from ..model import ReturnKind
from .mail_parts import Part
from .reports import Finding, address_in
from .status_codes import codes_in, kind_of, kind_of_words

_MAX_TEXT: Final = 16_000
_MAX_GIVEN: Final = 48_000  # bytes for flufl.bounce, whose patterns look at every line dozens of times
_MAX_LINE: Final = 500
_MAX_NESTED: Final = 12  # words that may open a level
_MAX_PARTS: Final = 60  # lines that may be a boundary
_COPY: Final = re.compile(
    r"^[ >*-]*(?:-{3,}.*(?:copy|original|message|headers|returned|mail)|received: |return-path: |dkim-signature: |original message\b"
    r"|begin (?:original )?message|here is your returned mail)",
    re.IGNORECASE | re.MULTILINE,
)
_TRIED_ON: Final = re.compile(
    r"(?:will|shall|continues?) (?:still )?(?:be |continue (?:to be )?)?(?:retr|try|tri|attempt)|still being retried|no action is required"
    r"|(?:not|has not) yet been delivered|warning message only|delivery attempts will continue|do not need to re-?send",
    re.IGNORECASE,
)


def is_installed() -> bool:
    """Whether the package that knows the dialects is there: pip install 'digestbot[bounces]'."""
    try:
        importlib.import_module("flufl.bounce")
    except ImportError:
        return False
    return True


def foreign_bounce(mail: Part, parts: Sequence[Part], data: bytes) -> Finding:
    """What a mail system says in words of its own."""
    text = _own_words(parts)
    tried_on, refused = _failures(data)
    named = next(iter((*refused, *tried_on)), "") or address_in(mail.get("x-failed-recipients"))
    code, reply = codes_in(text)
    final = not (_TRIED_ON.search(text) or (tried_on and not refused))
    if not (named or code or reply or kind_of_words(text)) and final:
        return Finding(ReturnKind.UNRELATED, reason="from a mail system, but no word of it is known")
    return Finding(kind_of(code, text, reply=reply, final=final), named, code or reply, _told(text))


def _own_words(parts: Sequence[Part]) -> str:
    """What the system itself wrote, without the mail that it gives back."""
    texts = [part.text for part in parts if part.kind == "text/plain" and not part.quoted]
    texts = texts or [part.text for part in parts if part.kind == "text/html" and not part.quoted]
    # A boundary that was promised and never comes leaves one part, which is no text by its name.
    text = "\n".join(texts or [parts[0].text])[:_MAX_TEXT].replace("\r", "")
    cut = _COPY.search(text)
    return text[: cut.start()] if cut else text


def _told(text: str) -> str:
    """The line that says most: the first with a code or with words that are known."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    with_code = (line for line in lines if any(codes_in(line)))
    return next(with_code, next((line for line in lines if kind_of_words(line)), lines[0] if lines else ""))


def _failures(data: bytes) -> tuple[list[str], list[str]]:
    """The addresses that flufl.bounce finds: those that are still tried, and those that were refused."""
    cut = data[:_MAX_GIVEN]
    lowered = cut.lower()
    nested, parts = lowered.count(b"boundary") + lowered.count(b"message/"), lowered.count(b"\n--")
    if not is_installed() or nested > _MAX_NESTED or parts > _MAX_PARTS:
        return [], []
    lines = (line[:_MAX_LINE] for line in cut.replace(b"\r\n", b"\n").split(b"\n"))
    scan = importlib.import_module("flufl.bounce").all_failures
    # Its readers log what they stumble over, traceback and all, and raise it as well.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    try:
        found = scan(message_from_bytes(b"\n".join(lines), policy=policy.compat32))
    except Exception:  # noqa: BLE001 -- twenty foreign readers of what strangers wrote: none may end the reading of a mailbox
        return [], []
    tried_on, refused = (sorted(address_in(one.decode("utf-8", "replace")) for one in some) for some in found)
    return list(filter(None, tried_on)), list(filter(None, refused))
