"""A message made into the deliveries that carry it: pure, before anything is sent. store/outbox.py keeps them."""

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
    installation_id: str = "",
    key_schemes: Mapping[str, str] | None = None,
    revision: int = 0,
) -> tuple[Delivery, ...]:
    """The deliveries of a message: one recipient gets it once, however often and in whatever spelling it is named.

    What cannot be encoded becomes a delivery that has failed, and stops nobody else.

    Args:
        message: the edition in every form.
        recipients: who gets it, in sending order.
        channels: by the recipients' scheme.
        now: the Date of mails, and the start of `lifetime`.
        lifetime: how long deliveries are tried before they expire.
        suppressed: addresses that nothing is sent to any more, and why. Their deliveries are cancelled, with the bytes
            kept, so that an operator can still send them.
        installation_id: part of every key: two installations that send a digest of the same name to one channel must
            not take the other's message for their own.
        revision: of the edition: each has keys of its own, so that it reaches who has an earlier one.
        key_schemes: how a scheme is written inside keys, where that is not its name of today: a key must not change.
    """
    frozen: dict[str, tuple[Delivery, ...]] = {}
    bodies = _Bodies(message, channels, now)
    for recipient in recipients:
        scheme = (key_schemes or {}).get(recipient.channel, recipient.channel)
        names = (installation_id, f"revision {revision}") if revision else (installation_id,)
        key, parts, error = _encode(message, recipient, bodies, scheme, names)
        suppression = (suppressed or {}).get(recipient, "")
        state = DeliveryState.FAILED if error else DeliveryState.CANCELLED if suppression else DeliveryState.PENDING
        frozen.setdefault(
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
                    error=error or suppression,
                    address_gone=bool(suppression),
                    revision=revision,
                )
                for part, payload in enumerate(parts)
            ),
        )
    return tuple(delivery for deliveries in frozen.values() for delivery in deliveries)


class _Bodies:
    """What each channel makes of a message, once: recipients share its bytes."""

    def __init__(self, message: Message, channels: Mapping[str, Channel], now: datetime) -> None:
        self._message, self._channels, self._now = message, channels, now
        self._made: dict[str, tuple[bytes, ...] | DeliveryError] = {}

    def canonical(self, recipient: Recipient) -> str:
        channel = self._channels.get(recipient.channel)
        if channel is None:
            raise PermanentFailure(f"the {recipient.channel} channel is not configured")
        return channel.canonical(recipient.address)

    def of(self, scheme: str) -> tuple[bytes, ...]:
        if scheme not in self._made:
            try:
                self._made[scheme] = self._channels[scheme].encode(self._message, now=self._now)
            except DeliveryError as failure:
                self._made[scheme] = failure
        made = self._made[scheme]
        if isinstance(made, DeliveryError):
            raise made
        return made


def _encode(
    message: Message, recipient: Recipient, bodies: _Bodies, scheme: str, names: tuple[str, ...]
) -> tuple[str, tuple[bytes, ...], str]:
    """The key, the parts, and why there are none."""
    address = recipient.address
    try:
        address = bodies.canonical(recipient)
        parts, error = bodies.of(recipient.channel), ""
    except DeliveryError as failure:
        # One empty part, so that the failure is a row that `status` can show.
        parts, error = (b"",), str(failure)
    return _key(message, scheme, address, names), parts, error


def _key(message: Message, scheme: str, address: str, names: tuple[str, ...]) -> str:
    """128 bits of SHA-256 over what identifies a delivery.

    A hash, because everybody in a Slack workspace can read it. Nothing that goes into it may ever change its spelling: by
    the key a message that was posted before an upgrade or a restored backup is found again.
    """
    return hashed(message.digest.name, message.digest.edition.isoformat(), scheme, address, *names)


def hashed(*parts: str) -> str:
    """128 bits of SHA-256 over some words, in hexadecimal: what keys of deliveries are made of."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
