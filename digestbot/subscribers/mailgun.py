"""Mailgun: one event a call, with an HMAC over a timestamp and a token (documentation.mailgun.com, Securing Webhooks).

The event itself is not signed. So a token is good for one event: it is the event's id, which is kept once. Whoever overhears
a call cannot use its signature for another.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from ..model import ReturnKind
from .provider_calls import (
    Accepted,
    Refusal,
    Refused,
    event,
    judged,
    key_of_message_id,
    moment,
    read_json,
    record,
    require_fresh,
    seconds,
    text,
)

_FRESH: Final = timedelta(hours=9)  # it tries again for eight hours
_REASONS: Final = {
    "suppress-bounce": ReturnKind.HARD,
    "suppress-complaint": ReturnKind.COMPLAINT,
    "suppress-unsubscribe": ReturnKind.UNSUBSCRIBE,
    "espblock": ReturnKind.POLICY,
}
_EVENTS: Final = {"complained": ReturnKind.COMPLAINT, "unsubscribed": ReturnKind.UNSUBSCRIBE}


def read_mailgun(
    headers: Mapping[str, str], body: bytes, now: datetime, *, signing_keys: Sequence[str]
) -> Accepted | Refusal:
    """What a call of Mailgun's says; a refusal where none of our signing keys made its signature."""
    del headers
    try:
        call = record(read_json(body))
        token = _require_signature(record(call.get("signature")), signing_keys, now)
        return _accepted(record(call.get("event-data")), token, now)
    except Refused as refused:
        return refused.refusal


def _require_signature(signature: Mapping[str, Any], keys: Sequence[str], now: datetime) -> str:
    timestamp, token = text(signature.get("timestamp")), text(signature.get("token"))
    # Of an account below another one its owner's key may be the only one we know.
    given = [text(signature.get(name)).lower().encode("utf-8", "replace") for name in ("signature", "parent-signature")]
    right = False
    for key in filter(None, keys):
        made = hmac.new(key.encode(), f"{timestamp}{token}".encode("utf-8", "replace"), "sha256").hexdigest().encode()
        right |= any(hmac.compare_digest(made, one) for one in given)
    # Timestamp and token stand together without a border: a digit of one must not be moved into the other.
    if not right or len(token) != 50 or not timestamp.isdigit():
        raise Refused(403, "the signature is not by our key: see the webhook signing key in Mailgun's settings")
    require_fresh(seconds(timestamp), now, _FRESH)
    return token


def _accepted(said: Mapping[str, Any], token: str, now: datetime) -> Accepted:
    what, status = text(said.get("event")), record(said.get("delivery-status"))
    kind, code = _EVENTS.get(what), ""
    words = text(status.get("message")) or text(status.get("description"))
    if what == "failed":
        final = text(said.get("severity")) != "temporary"
        meant, code = judged(text(status.get("enhanced-code")) or status.get("code"), words, final=final)
        kind = _REASONS.get(text(said.get("reason")), meant) if final else ReturnKind.DELAYED
    if kind is None:
        return Accepted()
    message_id = record(record(said.get("message")).get("headers")).get("message-id")
    at, key = moment(seconds(said.get("timestamp")), now), key_of_message_id(message_id)
    reason = words or said.get("reason")
    return Accepted(
        (event("mailgun", token, kind, address=said.get("recipient"), at=at, key=key, code=code, reason=reason),)
    )
