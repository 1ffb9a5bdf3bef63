"""Whether somebody becomes a reader of a list: what is wanted, beside all that is known of the address."""

from __future__ import annotations

from dataclasses import replace

from ..model import Consent, Reader, Refusal, Subscription, SubscriptionState

_HELD = frozenset({SubscriptionState.ACTIVE, SubscriptionState.PAUSED})


def admit(wanted: Subscription, reader: Reader | None, *, revive: bool = False) -> Subscription | Refusal:
    """The subscription that is kept, or why everything stays as it is.

    Nobody who left comes back by being named in a file, nor anybody whose address is suppressed. Who left elsewhere leaves here,
    too, unless they came here by themselves or by an operator's hand: then the file is the older word.

    Args:
        wanted: as it would be kept of somebody unknown.
        reader: all that is known; None where nothing is.
        revive: whether one who unsubscribed asked for it again, as an operator says.
    """
    existing = reader.of(wanted.list) if reader else None
    if existing is not None and wanted.state is SubscriptionState.UNSUBSCRIBED:
        return _left(existing, wanted)
    if reader is not None and reader.suppression is not None:
        return Refusal.SUPPRESSED
    if existing is None:
        return wanted
    if existing.state is SubscriptionState.UNSUBSCRIBED:
        return _again(existing, wanted) if revive else Refusal.UNSUBSCRIBED
    if existing.state is SubscriptionState.PENDING and wanted.state in _HELD:
        return _again(existing, wanted)
    return Refusal.KNOWN


def _left(existing: Subscription, wanted: Subscription) -> Subscription | Refusal:
    here_alone = existing.state in _HELD and existing.consent is not Consent.IMPORT
    if existing.state is SubscriptionState.UNSUBSCRIBED or here_alone:
        return Refusal.KNOWN
    return replace(existing, state=SubscriptionState.UNSUBSCRIBED, since=wanted.since, until=None)


def _again(existing: Subscription, wanted: Subscription) -> Subscription:
    """As wanted now, with what they chose before."""
    return replace(wanted, subscriber=existing.subscriber, frequency=existing.frequency, topics=existing.topics)
