"""SendGrid: many events a call, with an ECDSA signature over timestamp and body (twilio.com/docs/sendgrid, Signed Event Webhook)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from ..model import ReturnedMail, ReturnKind
from .provider_calls import (
    Accepted,
    Refusal,
    Refused,
    event,
    judged,
    key_of_message_id,
    lowered,
    moment,
    read_json,
    records,
    require_fresh,
    require_size,
    seconds,
    text,
)
from .provider_signatures import is_signed_by_ec

_FRESH: Final = timedelta(hours=25)  # it tries again for a day
_SIGNATURE: Final = "x-twilio-email-event-webhook-signature"
_TIMESTAMP: Final = "x-twilio-email-event-webhook-timestamp"
_DROPPED: Final = {
    "bounced address": ReturnKind.HARD,
    "invalid": ReturnKind.HARD,
    "spam reporting address": ReturnKind.COMPLAINT,
    "unsubscribed address": ReturnKind.UNSUBSCRIBE,
}
_EVENTS: Final = {
    "spamreport": ReturnKind.COMPLAINT,
    "unsubscribe": ReturnKind.UNSUBSCRIBE,
    "group_unsubscribe": ReturnKind.UNSUBSCRIBE,
    "deferred": ReturnKind.DELAYED,
}


def read_sendgrid(
    headers: Mapping[str, str], body: bytes, now: datetime, *, public_keys: Sequence[str]
) -> Accepted | Refusal:
    """What a call of SendGrid's says; a refusal where it is not signed by one of these keys (base64, as SendGrid shows them)."""
    try:
        require_size(body)
        given = lowered(headers)
        timestamp = given.get(_TIMESTAMP, "").strip()
        _require_signature(given.get(_SIGNATURE, ""), timestamp.encode("utf-8", "replace") + body, public_keys)
        require_fresh(seconds(timestamp), now, _FRESH)
        made = (_event(one, now) for one in records(read_json(body)))
        return Accepted(tuple(one for one in made if one is not None))
    except Refused as refused:
        return refused.refusal


def _require_signature(given: str, signed: bytes, keys: Sequence[str]) -> None:
    signature, known = _bytes(given.strip()), (_bytes("".join(key.split())) for key in keys)
    if not any(is_signed_by_ec(signature, signed, key) for key in known):
        raise Refused(403, "the signature is not by our key: see the verification key in SendGrid's mail settings")


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _event(said: Mapping[str, Any], now: datetime) -> ReturnedMail | None:
    what, reason = text(said.get("event")), text(said.get("reason")) or text(said.get("response"))
    kind, code = _EVENTS.get(what), ""
    if what == "bounce":
        kind, code = judged(said.get("status"), reason)
        if text(said.get("type")) == "blocked" and kind is ReturnKind.HARD:
            kind = ReturnKind.POLICY  # refused for the mail or its sender, says SendGrid
    elif what == "dropped":
        kind = _DROPPED.get(reason.strip().lower(), ReturnKind.POLICY)
    name = text(said.get("sg_event_id"))
    if kind is None or not name:
        return None
    at, key = moment(seconds(said.get("timestamp")), now), key_of_message_id(said.get("smtp-id"))
    return event("sendgrid", name, kind, address=said.get("email"), at=at, key=key, code=code, reason=reason)
