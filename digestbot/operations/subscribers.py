"""What `digestbot subscribers` does: list, show, add, remove, export."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TextIO

from ..errors import ConfigError
from ..model import (
    LIST_CHANNEL,
    Consent,
    Delivery,
    Reader,
    Refusal,
    ReturnedMail,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from ..ports import Store
from ..settings import Loaded
from ..subscribers.admission import admit
from ..subscribers.changes import unsubscribe
from ..subscribers.csv_rows import HEAD, row_of, rows_of
from ..text.counting import counted
from ..text.mail_addresses import AddressError, clean_address, is_same, mail_key
from ..text.suggestions import closest_match

_PAGE = 500
_NEWEST = 100  # deliveries of an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some readers, and how many there are of all."""

    readers: tuple[Reader, ...]
    counts: Mapping[tuple[str, SubscriptionState], int]
    suppressions: int  # addresses that are suppressed, readers or not
    next: int | None  # where the next page goes on; None at the end

    def lines(self) -> Iterator[str]:
        """For people: the counts of each list, then the readers."""
        for name in sorted({name for name, _ in self.counts}):
            told = ", ".join(
                f"{number} {state}" for state in SubscriptionState if (number := self.counts.get((name, state), 0))
            )
            yield f"{name}: {told}"
        if self.suppressions:
            yield f"{counted(self.suppressions, 'address', 'addresses')} suppressed"
        for reader in self.readers:
            states = ", ".join(f"{one.list} {_state(reader, one)}" for one in reader.subscriptions)
            yield f"{reader.subscriber.id} {reader.subscriber.address} ({states})"

    def as_dict(self) -> dict[str, Any]:
        lists: dict[str, dict[str, int]] = {}
        for (name, state), number in sorted(self.counts.items()):
            lists.setdefault(name, {})[state.value] = number
        return {
            "lists": [{"list": name, "states": states} for name, states in lists.items()],
            "suppressions": self.suppressions,
            "subscribers": [reader_as_dict(one) for one in self.readers],
            "next": self.next,
        }


def list_named(name: str | None, loaded: Loaded, *, option: str = "--list") -> str:
    """A list of the configuration; the only one where none is named.

    Raises:
        ConfigError: there is none of that name, or several to choose from.
    """
    known = loaded.settings.lists
    if name is None:
        if len(known) == 1:
            return next(iter(known))
        fix = f"write {option} with one of {', '.join(known)}" if known else "add DIGESTBOT_LISTS__BRIEFING__TITLE=..."
        raise ConfigError(option, "which list?" if known else "there is no list in the configuration", fix)
    if (wanted := name.strip().lower().removeprefix("list:")) in known:
        return wanted
    guess = closest_match(wanted, known)
    fix = f"did you mean {guess}?" if guess else f"add DIGESTBOT_LISTS__{wanted.upper() or 'NAME'}__TITLE=..."
    raise ConfigError(option, "is not the name of a list", fix)


def page_of(
    store: Store,
    *,
    now: datetime,
    name: str = "",
    state: SubscriptionState | None = None,
    having: str = "",
    after: int = 0,
    limit: int,
) -> Page:
    """The next readers after an id; with `having` those whose address holds it."""
    found = store.subscribers.page(now=now, name=name, state=state, having=having, after=after, limit=limit + 1)
    shown = found[:limit]
    counts = store.subscribers.counts(now=now)
    return Page(
        readers=shown,
        counts={place: number for place, number in counts.items() if name in {"", place[0]}},
        suppressions=store.suppressions.count(),
        next=(shown[-1].subscriber.id if shown else after) if len(found) > limit else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that is kept of an address."""

    address: str
    reader: Reader | None
    suppression: Suppression | None
    deliveries: tuple[Delivery, ...]  # the newest, to the address by mail
    returned: tuple[ReturnedMail, ...]  # oldest first

    @property
    def nothing(self) -> bool:
        return not (self.reader or self.suppression or self.deliveries or self.returned)

    def lines(self) -> Iterator[str]:
        if self.nothing:
            yield f"Nothing is kept of {self.address}"
        if self.reader is not None:
            person = self.reader.subscriber
            yield f"{person.address} (subscriber {person.id})"
            yield f"  compared as {person.key}; language {person.language or 'of the digest'}; {_form(person)}"
            if person.asked:
                yield f"  last asked to confirm {_written(person.asked)}"
            for one in self.reader.subscriptions:
                until = f" until {_written(one.until)}" if one.until else ""
                confirmed = f"confirmed {_written(one.consented)}" if one.consented else "not confirmed"
                yield f"  {one.list}: {one.state}{until} since {_written(one.since)}; by {one.consent}, {confirmed}"
                yield f"    {one.frequency}; topics: {', '.join(one.topics) or 'all'}"
        if self.suppression is not None:
            yield f"Suppressed since {_written(self.suppression.since)}: {self.suppression.reason}"
        for back in self.returned:
            yield f"Came back {_written(back.at)}: {_returned(back)}"
        for sent in self.deliveries:
            yield f"{sent.digest} of {sent.edition.isoformat()}: {sent.state}"

    def as_dict(self) -> dict[str, Any]:
        suppression = self.suppression
        return {
            "address": self.address,
            "subscriber": reader_as_dict(self.reader) if self.reader else None,
            "suppression": {"reason": suppression.reason, "since": suppression.since.isoformat()}
            if suppression
            else None,
            "deliveries": [
                {"digest": one.digest, "edition": one.edition.isoformat(), "state": one.state.value}
                for one in self.deliveries
            ],
            "returned": [
                {
                    "at": one.at.isoformat(),
                    "kind": one.kind.value,
                    "source": one.source,
                    "address": one.address,
                    "code": one.code,
                    "reason": one.reason,
                    "counts": one.proven,
                    "digest": one.digest,
                    "edition": one.edition.isoformat() if one.edition else None,
                }
                for one in self.returned
            ],
        }


def kept_of(store: Store, address: str) -> Kept:
    """All that is kept of an address.

    Raises:
        ConfigError: it is none.
    """
    address, _ = checked(address)
    reader, suppression = reader_of(store, address)
    sent = store.ledger.to(f"{LIST_CHANNEL}:{address}")
    return Kept(
        address=address,
        reader=reader,
        suppression=suppression,
        deliveries=tuple(sorted(sent, key=lambda one: -one.number)[:_NEWEST]),
        returned=store.returned.of_address(address),
    )


def reader_of(store: Store, address: str) -> tuple[Reader | None, Suppression | None]:
    """Who reads under an address, and why nothing is sent to it."""
    return store.subscribers.find(address), store.suppressions.suppressed([address]).get(address)


def checked(address: str) -> tuple[str, str]:
    """An address that somebody typed, and its key.

    Raises:
        ConfigError: it is none.
    """
    try:
        return clean_address(address), mail_key(address)
    except AddressError as error:
        raise ConfigError("ADDRESS", str(error), "write name@example.com") from None


def add(
    store: Store, address: str, name: str, *, confirmed: bool, revive: bool, now: datetime
) -> tuple[Subscription | Refusal, Suppression | None]:
    """Make somebody a reader of a list, by an operator's hand; what became of it, and the suppression that was lifted.

    Args:
        store: where readers are kept.
        address: theirs.
        name: the list.
        confirmed: whether they have consented. Else they are pending until they confirm.
        revive: whether they asked for it again though they unsubscribed, or their address is suppressed.
        now: when this is.

    Raises:
        ConfigError: the address is none.
    """
    address, key = checked(address)
    lifted = lift(store, address) if revive else None
    wanted = Subscription(
        list=name,
        state=SubscriptionState.ACTIVE if confirmed else SubscriptionState.PENDING,
        since=now,
        consent=Consent.OPERATOR,
        consented=now if confirmed else None,
    )
    enrolled = [(Subscriber(address=address, key=key), wanted)]
    (answer,) = store.subscribers.enrol(enrolled, partial(admit, revive=revive))
    return answer, lifted


def lift(store: Store, address: str) -> Suppression | None:
    """Mail may go to an address again; what was lifted, None where there was nothing."""
    # First, and again where it was cut off: else the next mail that comes back is judged beside the old ones.
    store.returned.forgive(address)
    return store.suppressions.lift(address)


def remove(store: Store, address: str, name: str = "", *, now: datetime) -> tuple[str, ...]:
    """Unsubscribe somebody from a list, or from all; the names of the lists that they were in.

    The record of it stays, so that no import brings them back.

    Raises:
        ConfigError: the address is none.
    """
    address, _ = checked(address)
    reader = store.subscribers.find(address)
    left: list[str] = []
    for one in reader.subscriptions if reader else ():
        if name in {"", one.list}:
            answer = store.subscribers.change(one.subscriber, one.list, partial(unsubscribe, now=now))
            if isinstance(answer, Subscription):
                left.append(one.list)
    return tuple(left)


def forget(store: Store, address: str, *, now: datetime) -> bool:
    """Delete all that is kept of an address, and keep it suppressed by a hash; whether anything was known.

    Raises:
        ConfigError: the address is none.
    """
    address, _ = checked(address)
    returned = store.returned.forget(address)
    return store.subscribers.forget(address, now=now) or returned > 0


def export(store: Store, out: TextIO, *, name: str = "", now: datetime) -> int:
    """Write every reader as CSV, then the suppressed addresses that no reader has; how many rows.

    Args:
        store: where they are kept.
        out: what is written to.
        name: the list whose readers are wanted; empty for all of them.
        now: when this is.
    """
    rows = csv.writer(out)
    rows.writerow(HEAD)
    count = after = 0
    while page := store.subscribers.page(now=now, name=name, after=after, limit=_PAGE):
        for reader in page:
            for row in rows_of(reader):
                rows.writerow(row)
                count += 1
        after = page[-1].subscriber.id
    last = ""
    while barred := store.suppressions.page(after=last, limit=_PAGE, unknown=True):
        rows.writerows(map(row_of, barred))
        count += len(barred)
        last = barred[-1].key
    return count


def reader_as_dict(reader: Reader) -> dict[str, Any]:
    """A reader as JSON has it."""
    person = reader.subscriber
    return {
        "id": person.id,
        "address": person.address,
        "key": person.key,
        "language": person.language,
        "format": "text" if person.plain else "html",
        "asked": person.asked.isoformat() if person.asked else None,
        "suppressed": reader.suppression.reason if reader.suppression else None,
        "subscriptions": [
            {
                "list": one.list,
                "state": one.state.value,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
                "consent": one.consent.value,
                "consented": one.consented.isoformat() if one.consented else None,
                "frequency": one.frequency.value,
                "topics": list(one.topics),
            }
            for one in reader.subscriptions
        ],
    }


def _state(reader: Reader, one: Subscription) -> str:
    return f"{one.state}, suppressed: {reader.suppression.reason}" if reader.suppression else str(one.state)


def _form(person: Subscriber) -> str:
    return "text alone" if person.plain else "HTML"


def _returned(one: ReturnedMail) -> str:
    """What came back, of what, and whether anything follows from it."""
    edition = f", {one.digest} of {one.edition.isoformat()}" if one.edition else ""
    behind = f", of {one.address}" if one.recipient and one.address and not is_same(one.address, one.recipient) else ""
    said = " ".join(filter(None, (one.code * (one.code not in one.reason), one.reason)))
    forgiven = "" if one.proven else "; nothing follows from it"
    return f"{one.kind}{edition}{behind}{f': {said}' if said else ''}{forgiven}"


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
