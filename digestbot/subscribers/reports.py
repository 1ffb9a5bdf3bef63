"""Reports in a standard's own fields: delivery (RFC 3464), abuse (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..model import ReturnKind
from .mail_parts import Part, groups_of, subject_of
from .status_codes import better_code, codes_in, kind_of

_STATUS: Final = ("message/delivery-status", "message/global-delivery-status")
_FEEDBACK: Final = "message/feedback-report"
_RECEIPT: Final = "message/disposition-notification"
_MAX_RECIPIENTS: Final = 20  # a mail of ours has one; behind it may be a list of somebody's
_MAX_ADDRESS: Final = 320
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]{1,255}")
_CLASS: Final = {"failed": "5", "delayed": "4"}
# RFC 5965 section 7.3 and its registry: what a reader did. "auth-failure" (RFC 6591) is about the sender.
_OF_MICROSOFT: Final = re.compile(
    r"\s*complaint about message from ", re.IGNORECASE
)  # its "Junk Mail Reporting Program"
_COMPLAINTS: Final = frozenset({"abuse", "fraud", "other", "opt-out"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a mail says of one address."""

    kind: ReturnKind
    address: str = ""
    code: str = ""
    reason: str = ""


def address_in(text: str) -> str:
    """The first mail address of a field such as `rfc822; <name@example.com>`."""
    found = _ADDRESS.search(text[:2000])
    return found[0] if found and len(found[0]) <= _MAX_ADDRESS else ""


def delivery_reports(parts: Sequence[Part]) -> Iterator[Finding]:
    """What the reports of a mail system say, an address each. A mail that is quoted in the report says nothing."""
    groups = [group for part in parts if part.kind in _STATUS and not part.quoted for group in groups_of(part)]
    for group in [group for group in groups if group.get("final-recipient") or group.get("action")][:_MAX_RECIPIENTS]:
        yield _delivery(group)


def _delivery(group: Part) -> Finding:
    said = group.get("diagnostic-code").partition(";")[2].strip() or group.get("diagnostic-code")
    action = group.get("action").split(" ")[0].strip(";").lower()
    given, _ = codes_in(group.get("status"))
    spoken, reply = codes_in(said)
    code = better_code(given, spoken) if given else spoken
    if not code and not reply:
        code = f"{_CLASS.get(action, '2')}.0.0"
    address = address_in(group.get("original-recipient")) or address_in(group.get("final-recipient"))
    # Who names no action means what the class of the code says (RFC 3463 section 2).
    final = action == "failed" or (action not in ("delayed", "") or (code or reply).startswith("5"))
    if action in ("delivered", "relayed", "expanded"):
        return Finding(ReturnKind.UNRELATED, address, code, f"was {action}")
    return Finding(kind_of(code, said, reply=reply, final=final), address, code or reply, said)


def complaint(parts: Sequence[Part]) -> Finding | None:
    """What a feedback report says, or Microsoft's, which has no such part; None where there is none."""
    enclosed = next((part for part in parts if part.quoted), None)
    if enclosed is not None and _OF_MICROSOFT.match(subject_of(parts[0])):
        address = address_in(enclosed.get("x-hmxmroriginalrecipient")) or address_in(enclosed.get("to"))
        return Finding(ReturnKind.COMPLAINT, address, "", "a complaint by way of Microsoft")
    for part in parts:
        if part.kind == _FEEDBACK and not part.quoted:
            fields = next(iter(groups_of(part)), part)
            what = fields.get("feedback-type").lower()
            known = address_in(fields.get("original-rcpt-to"))
            address = known or next((address_in(one.get("to")) for one in parts if one.quoted), "")
            return Finding(_complaint_kind(what), address, "", f"a report of {what or 'nothing'}")
    return None


def _complaint_kind(what: str) -> ReturnKind:
    if what == "virus":  # a scanner's word
        return ReturnKind.POLICY
    return ReturnKind.COMPLAINT if what in _COMPLAINTS else ReturnKind.UNRELATED


def is_receipt(parts: Sequence[Part]) -> bool:
    """Whether it says that a mail was shown to somebody, or deleted unread (RFC 8098)."""
    return any(part.kind == _RECEIPT and not part.quoted for part in parts)


# ---- Who wrote it, and what he wants -----------------------------------------------------------------------------------

_AUTOMATIC: Final = re.compile(
    r"\s*(?:(?:re|aw|antw|sv):\s*)?(?:\[?auto(?:matic|mated)?[ -]?(?:reply|response|antwort)|auto(?:matische)? ?(?:antwort|re)\b|out of (?:the )?office"
    r"|abwesen|r[eé]ponse automatique|absen[ct]|fuera de la? oficina|respuesta autom|risposta automatica|resposta autom"
    r"|automatisch antwoord|autosvar|on (?:annual )?(?:leave|vacation|holiday)|away from|自动回复|自動返信|自動応答)",
    re.IGNORECASE,
)
_CHALLENGE: Final = re.compile(
    r"(?:please |to )?(?:confirm|verify|authenticate|approve) (?:that you|your (?:e-?mail|message|sender|identity|address))"
    r"|sender (?:verification|confirmation)|challenge[ -]response|\btmda\b|spamarrest|boxbe",
    re.IGNORECASE,
)
_VIRUS: Final = re.compile(r"\b(?:virus|infected|malware|quarantine[d]?)\b", re.IGNORECASE)
_FAILED: Final = re.compile(
    r"undeliver|delivery (?:status|failure|failed|has failed|problem|error|notification|incomplete|delayed)|returned (?:mail|to sender)"
    r"|failure (?:notice|notification|delivery)|mail (?:delivery|system error)|message (?:not delivered|delayed)|could not be delivered"
    r"|delayed mail|warning: (?:could not send|message)|nicht zustellbar|unzustellbar|non remis|no se (?:ha )?(?:podido )?entreg"
    r"|mancata consegna|não entregue|退信|失敗",
    re.IGNORECASE,
)
_DAEMONS: Final = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|mail[-_]?daemon|mdaemon|smtp[-_.]?daemon|mailsystem|mail[-_]?system)@",
    re.IGNORECASE,
)


def is_automatic(mail: Part) -> bool:
    """Whether a program answered for its owner (RFC 3834, and what was usual before)."""
    # Not "auto-generated": so a provider may mark the mail that its own unsubscribe button sends.
    if mail.get("auto-submitted").lower().strip().startswith("auto-replied"):
        return True
    if mail.get("x-autoreply") or mail.get("x-autorespond") or mail.get("x-autoresponder"):
        return True
    if mail.get("precedence").lower().strip() in ("auto_reply", "auto-reply"):
        return True
    return bool(_AUTOMATIC.match(subject_of(mail)))


def is_challenge(mail: Part) -> bool:
    """Whether somebody's filter wants us to prove that we are human."""
    return bool(mail.get("x-challenge") or _CHALLENGE.search(subject_of(mail)))


def is_virus_notice(mail: Part) -> bool:
    """Whether a scanner says what it found."""
    return bool(_VIRUS.search(subject_of(mail)))


def is_from_a_mail_system(mail: Part) -> bool:
    """Whether a mail system wrote it, as far as its head tells."""
    if mail.get("x-failed-recipients"):
        return True
    if _DAEMONS.search(mail.get("from")[:400]):
        return True
    nobody = mail.get("return-path").replace(" ", "") == "<>"
    return bool(_FAILED.search(subject_of(mail))) and (nobody or not address_in(mail.get("from")))
