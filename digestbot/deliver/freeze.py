"""A message frozen into the deliveries that carry it: pure, before anything is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from ..errors import DeliveryError, PermanentFailure
from ..model import Delivery, DeliveryState, Message, Recipient
from ..ports import Channel


def freeze(
    message: Message,
    recipients: Iterable[Recipient],
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    lifetime: timedelta = timedelta(hours=24),
    suppressed: Mapping[Recipient, str] | None = None,
    ledger: str = "",
    key_schemes: Mapping[str, str] | None = None,
) -> tuple[Delivery, ...]:
    """Freeze a message for everybody who gets it, each once however often and in whatever spelling they are named.

    A delivery's key follows from digest, edition, recipient and ledger alone. What cannot be composed becomes a delivery that
    has failed, and stops nobody else.

    Args:
        message: the edition in every form.
        recipients: who gets it, in sending order.
        channels: by the recipients' scheme.
        now: the Date of mails, and the start of `lifetime`.
        lifetime: how long deliveries are tried before they expire.
        ledger: a word of the database's own: two that send the same digest to one channel must not take the other's
            message for theirs.
        key_schemes: how a scheme is spelled inside keys, where that is not its name of today: a key must not change.
        suppressed: addresses that are not tried any more, and why; an operator may still let theirs be sent.
    """
    planned: dict[str, tuple[Delivery, ...]] = {}
    for recipient in recipients:
        spelled = (key_schemes or {}).get(recipient.channel, recipient.channel)
        channel = channels.get(recipient.channel)
        key, parts, error = _compose(message, recipient, channel, scheme=spelled, ledger=ledger, now=now)
        hopeless = (suppressed or {}).get(recipient, "")
        state = DeliveryState.FAILED if error else DeliveryState.CANCELLED if hopeless else DeliveryState.PENDING
        planned.setdefault(
            key,
            tuple(
                Delivery(
                    digest=message.digest.name,
                    edition=message.digest.edition,
                    recipient=recipient,
                    part=part,
                    key=f"{key}-{part}",
                    payload=payload,
                    state=state,
                    deadline=now + lifetime,
                    error=error or hopeless,
                    address_gone=bool(hopeless),
                )
                for part, payload in enumerate(parts)
            ),
        )
    return tuple(delivery for deliveries in planned.values() for delivery in deliveries)


def _compose(
    message: Message, recipient: Recipient, channel: Channel | None, *, scheme: str, ledger: str, now: datetime
) -> tuple[str, tuple[bytes, ...], str]:
    """The key, the parts, and why there are none."""
    address, error = recipient.address, ""
    try:
        if channel is None:
            raise PermanentFailure(f"no channel {recipient.channel}: is set up")
        address = channel.canonical(recipient.address)
        key = _key(message, scheme, address, ledger)
        return key, channel.encode(message, recipient.address, key=key, now=now), ""
    except DeliveryError as failure:
        error = str(failure)
    return _key(message, scheme, address, ledger), (b"",), error


def _key(message: Message, channel: str, address: str, ledger: str) -> str:
    """Readable by everybody in a Slack workspace, so it tells nothing."""
    parts = (message.digest.name, message.digest.edition.isoformat(), channel, address, ledger)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
