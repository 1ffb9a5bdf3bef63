"""Postmark: one event a call, behind HTTP Basic, for Postmark signs nothing (postmarkapp.com/developer/webhooks)."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ..model import ReturnedMail, ReturnKind
from .provider_calls import Accepted, Refusal, Refused, event, iso, judged, lowered, moment, read_json, record, text

# Its own words for what came back (bounce API, "Bounce types"); what is not here is soft.
_KINDS: Final = {
    "HardBounce": ReturnKind.HARD,
    "BadEmailAddress": ReturnKind.HARD,
    "Transient": ReturnKind.DELAYED,  # it tries on
    "Blocked": ReturnKind.POLICY,
    "SpamNotification": ReturnKind.POLICY,  # a filter's word, no reader's
    "DMARCPolicy": ReturnKind.POLICY,
    "VirusNotification": ReturnKind.POLICY,
    "SpamComplaint": ReturnKind.COMPLAINT,
    "Unsubscribe": ReturnKind.UNSUBSCRIBE,
    "AutoResponder": ReturnKind.UNRELATED,
    "AddressChange": ReturnKind.UNRELATED,
    "ChallengeVerification": ReturnKind.UNRELATED,
    "Subscribe": ReturnKind.UNRELATED,
    "OpenRelayTest": ReturnKind.UNRELATED,
    "ManuallyDeactivated": ReturnKind.UNRELATED,
    "Unconfirmed": ReturnKind.UNRELATED,
    "InboundError": ReturnKind.UNRELATED,
    "SMTPApiError": ReturnKind.UNRELATED,
    "TemplateRenderingFailed": ReturnKind.UNRELATED,
}
_SUPPRESSIONS: Final = {
    "HardBounce": ReturnKind.HARD,
    "SpamComplaint": ReturnKind.COMPLAINT,
    "ManualSuppression": ReturnKind.UNSUBSCRIBE,
}


def read_postmark(
    headers: Mapping[str, str], body: bytes, now: datetime, *, username: str, password: str
) -> Accepted | Refusal:
    """What a call of Postmark's says; a refusal where its user name or password are not ours."""
    try:
        _require_login(lowered(headers).get("authorization", ""), username, password)
        call = record(read_json(body))
        return Accepted(tuple(_events(call, now)))
    except Refused as refused:
        return refused.refusal


def _require_login(given: str, username: str, password: str) -> None:
    scheme, _, encoded = given.strip().partition(" ")
    try:
        login = base64.b64decode(encoded.strip(), validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        login = b""
    # Without a password anybody would be let in who gives none.
    if not (username and password) or not hmac.compare_digest(login, f"{username}:{password}".encode()):
        raise Refused(401, "wrong user name or password: see those in the address that Postmark calls")


def _events(call: Mapping[str, Any], now: datetime) -> list[ReturnedMail]:
    what = text(call.get("RecordType"))
    if what in ("Bounce", "SpamComplaint"):
        kind = _KINDS.get(text(call.get("Type")) or what, ReturnKind.SOFT)
        said = text(call.get("Details")) or text(call.get("Description"))
        meant, code = judged("", said)
        if kind in (ReturnKind.HARD, ReturnKind.SOFT) and meant in (ReturnKind.FULL, ReturnKind.POLICY):
            kind = meant
        at = moment(iso(call.get("BouncedAt")), now)
        made = event("postmark", text(call.get("ID")), kind, address=call.get("Email"), at=at, code=code, reason=said)
        return [made] if text(call.get("ID")) else []
    if what == "SubscriptionChange" and call.get("SuppressSending") is True:
        kind = _SUPPRESSIONS.get(text(call.get("SuppressionReason")), ReturnKind.UNRELATED)
        if kind is ReturnKind.UNSUBSCRIBE and text(call.get("Origin")) != "Recipient":
            return []  # somebody at Postmark's pages, who knows
        name, at = (
            f"{text(call.get('MessageID'))}-{text(call.get('ChangedAt'))}",
            moment(iso(call.get("ChangedAt")), now),
        )
        return [
            event("postmark", name, kind, address=call.get("Recipient"), at=at, reason=call.get("SuppressionReason"))
        ]
    return []  # deliveries, opens, clicks: not asked for, and nothing that is kept
