"""`digestbot status --to ADDRESS`: what an address got of the last editions, and what it did not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ..model import (
    LIST_CHANNEL,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Reader,
    Subscription,
    SubscriptionState,
    Suppression,
)
from ..ports import Store
from ..settings import Loaded
from ..text.mail_addresses import AddressError, mail_key
from ..text.web_addresses import masked
from .subscribers import reader_of

_LAST = 7  # editions of each digest: a week of a daily one
_MAIL = f"{LIST_CHANNEL}:"
_LIST = "list"
_NOT_MADE = {
    EditionState.CLAIMED: "begun and not made yet",
    EditionState.EMPTY: "nothing was new",
    EditionState.MISSED: "digestbot was not running then, or it was held",
}
_LEFT = {
    SubscriptionState.PENDING: "has not confirmed",
    SubscriptionState.PAUSED: "had paused",
    SubscriptionState.UNSUBSCRIBED: "had unsubscribed from",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """What became of one edition for one address."""

    digest: str
    edition: Edition
    recipient: str = ""  # as it was written to; empty where nothing was to be sent
    revision: int = 0
    state: str  # of the delivery, or "left out", or "not made"
    at: datetime | None = None  # when the last attempt began
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        return {
            "digest": self.digest,
            "edition": self.edition.date.isoformat(),
            "recipient": self.recipient,
            "revision": self.revision,
            "state": self.state,
            "at": self.at.isoformat() if self.at else None,
            "reason": masked(self.reason),
        }

    def line(self, *, plain: bool) -> str:
        """For people; without the recipient where all are the same one."""
        words = [self.edition.date.isoformat(), *([] if plain or not self.recipient else [self.recipient])]
        words += [f"revision {self.revision}"] if self.revision else []
        words += [self.state, *([f"{self.at:%Y-%m-%d %H:%M} UTC"] if self.at else [])]
        return " ".join(words) + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoHasIt:
    """What an address got, by digest, the newest edition first."""

    address: str
    got: tuple[Got, ...]
    suppression: Suppression | None = None  # of today

    def as_dict(self) -> dict[str, object]:
        return {
            "address": self.address,
            "suppressed": self.suppression.reason if self.suppression else None,
            "editions": [one.as_dict() for one in self.got],
        }

    def lines(self) -> Iterator[str]:
        """For people, on one screen; times in UTC, as in the log."""
        if not self.got:
            yield f"Nothing of the last {_LAST} editions of any digest was to go to {self.address}"
        if self.suppression is not None:
            yield f"{self.address} is suppressed since {self.suppression.since:%Y-%m-%d}: {self.suppression.reason}"
        plain = len({one.recipient for one in self.got if one.recipient}) < 2
        for digest, editions in groupby(self.got, key=lambda one: one.digest):
            yield f"{digest}:"
            yield from (f"  {one.line(plain=plain)}" for one in editions)


def who_has_it(
    loaded: Loaded, store: Store, address: str, names: Iterable[str], editions: Sequence[Edition] | None = None
) -> WhoHasIt:
    """What became of the last editions, or of some, for an address.

    Args:
        loaded: the configuration, which says who is a recipient today.
        store: where deliveries and readers are.
        address: a recipient as `status` shows it, or without its channel, in any spelling.
        names: digests that are looked at.
        editions: those of them that are asked for; None for the last ones.
    """
    address = address.strip()
    bare = address[len(_MAIL) :] if address.lower().startswith(_MAIL) else address
    reader, suppression = _reader_of(store, bare)
    got: list[Got] = []
    for name in names:
        looked_at = (
            store.editions.history(name, limit=_LAST)
            if editions is None
            else [one for one in editions if one.digest == name]
        )
        rows = store.ledger.to(address, digest=name, editions=[one.date for one in looked_at])
        to = loaded.digests[name].to if name in loaded.digests else ()
        lists = {one.address for one in to if one.channel == _LIST}
        subscribed = [one for one in reader.subscriptions if one.list in lists] if reader else []
        if not rows and not subscribed and not any(_same(address, str(one)) for one in to):
            continue
        for edition in looked_at:
            of_it = [row for row in rows if row.edition == edition.date]
            got += _of_rows(edition, of_it) if of_it else [_left_out(edition, subscribed, suppression)]
    return WhoHasIt(address=address, got=tuple(got), suppression=suppression)


def _reader_of(store: Store, address: str) -> tuple[Reader | None, Suppression | None]:
    try:
        mail_key(address)
    except AddressError:
        return None, None
    return reader_of(store, address)


def _same(word: str, recipient: str) -> bool:
    folded = {word.casefold(), f"{_MAIL}{word.casefold()}"}
    return recipient.casefold() in folded or recipient.casefold().partition(":")[2] in folded


def _of_rows(edition: Edition, rows: Sequence[Delivery]) -> Iterator[Got]:
    """One a recipient and revision: a message in several parts is told by the first that did not arrive."""
    for (recipient, revision), group in groupby(rows, key=lambda row: (str(row.recipient), row.revision)):
        parts = list(group)
        told = next((part for part in parts if part.state is not DeliveryState.SENT), parts[0])
        yield Got(
            digest=edition.digest,
            edition=edition,
            recipient=recipient,
            revision=revision,
            state=str(told.state),
            at=told.claimed,
            reason=told.error,
        )


def _left_out(edition: Edition, subscribed: Sequence[Subscription], suppression: Suppression | None) -> Got:
    """Why an edition has no delivery for an address, as far as what is kept of it tells."""
    if edition.state in _NOT_MADE:
        return Got(digest=edition.digest, edition=edition, state="not made", reason=_NOT_MADE[edition.state])
    reason = "it was no recipient of this edition"
    if suppression is not None and suppression.since <= edition.until:
        reason = f"suppressed: {suppression.reason}"
    else:
        left = [one for one in subscribed if one.state in _LEFT and one.since <= edition.until]
        later = [one for one in subscribed if one.since > edition.until and one.state is SubscriptionState.ACTIVE]
        if left:
            reason = "; ".join(f"{_LEFT[one.state]} {one.list}" for one in left)
        elif later:
            reason = "; ".join(f"reads {one.list} since {one.since:%Y-%m-%d}" for one in later)
    return Got(digest=edition.digest, edition=edition, state="left out", reason=reason)
