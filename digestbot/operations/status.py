"""`digestbot status`: editions, deliveries by state, and the health of feeds, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..app.channels import mail_accounts
from ..app.feeds import configured_feeds, sources_in_words
from ..edition.planning import name_for, settled
from ..edition.schedule import Schedule, due_slot, next_slots
from ..model import (
    LIST_CHANNEL,
    Account,
    AccountState,
    Choice,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    Feed,
    FeedState,
    too_late,
)
from ..ports import Store
from ..settings import Loaded
from ..text.counting import counted, first_named
from ..text.web_addresses import without_keys
from .orders import held_by, order_lines
from .planner import schedules

SILENT_AFTER = timedelta(days=30)  # a news feed without an item for a month has usually moved or been abandoned
_MAX_NAMED = 3  # recipients
_MAX_SHOWN = 20  # deliveries named one by one; thousands of recipients must not scroll the rest away
_NOTHING_TO_DO = (
    "ok",
    "never read",
    "silent",
)  # how the health of a feed begins that is not named without being asked for
_MAX_FEEDS = 5  # failing ones, named without being asked for
_EDITIONS = 7  # a week of a daily digest
LOOKED_UP = "serve or the next run finds out"
_TROUBLE = (
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.EXPIRED,
    DeliveryState.PENDING,
    DeliveryState.SENDING,
)
_SETTLED = (EditionState.DONE, EditionState.EMPTY)  # there is nothing more to say of one
_IN_WORDS = {
    EditionState.CLAIMED: ": begun and not made yet; it is tried again by serve or the next run",
    EditionState.READY: ": made, and not everybody has it yet",
    EditionState.EMPTY: ": nothing new",
    EditionState.MISSED: ": digestbot was not running then, or it was held",
}
_ADVICE = {  # what an operator can do about deliveries in a state
    DeliveryState.FAILED: "failed: fix the cause, then run `digestbot resend {digest}`",
    DeliveryState.EXPIRED: "expired: if readers still want it, run `digestbot resend {digest}`",
    DeliveryState.UNKNOWN: "unknown: check the channel, then run `digestbot resolve sent|failed {digest}`; "
    "--to selects one recipient",
}


def delivery_as_dict(delivery: Delivery) -> dict[str, object]:
    """A delivery for programs; the caller adds its digest."""
    return {
        "edition": delivery.edition.isoformat(),
        "recipient": str(delivery.recipient),
        "part": delivery.part,
        "state": str(delivery.state),
        "remote_id": delivery.remote_id,
        "error": delivery.error,
    }


def _why(delivery: Delivery) -> str:
    if delivery.state is DeliveryState.SENDING:
        return f"tried just now, or cut off while it was; {LOOKED_UP}"
    return delivery.error or "not tried yet"


def until(delivery: Delivery) -> str:
    """When a pending delivery is tried again, and until when; in UTC, as in the log."""
    begins = f" from {delivery.not_before:%H:%M} UTC on" if delivery.not_before else ""
    ends = f" until {delivery.deadline:%Y-%m-%d %H:%M} UTC" if delivery.deadline else ""
    return f"tried again{begins}{ends} by serve or the next run"


def deliveries_as_list(deliveries: Iterable[Delivery]) -> list[dict[str, object]]:
    """Deliveries for programs."""
    return [{"digest": delivery.digest, **delivery_as_dict(delivery)} for delivery in deliveries]


def delivery_lines(deliveries: Iterable[Delivery]) -> Iterator[str]:
    """Deliveries for people: the state of each, and why."""
    for delivery in deliveries:
        why = f": {delivery.error}" if delivery.error else ""
        yield f"{delivery.digest} {delivery.edition} {delivery.recipient} {delivery.state}{why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """A feed and how it is doing."""

    feed: Feed
    state: FeedState | None
    silent: bool = False  # it can be read, but has brought no item for SILENT_AFTER

    @property
    def health(self) -> str:
        """`ok`, `never read` or `gone`; or beginning with `failing`, `silent` or `moved`, and the details."""
        state = self.state
        if state is None or (state.succeeded is None and not state.failures):
            return "never read"
        if state.gone:
            return "gone"
        if state.failures:
            since = f" since {state.failing_since:%Y-%m-%d}" if state.failing_since else ""
            return f"failing{since}: {state.error}"
        if self.silent:
            return f"silent: nothing new for {SILENT_AFTER.days} days"
        return f"moved: now read at {without_keys(state.url)}" if state.url != self.feed.url else "ok"

    @property
    def failing(self) -> bool:
        """Whether the last attempt to read it failed."""
        return self.state is not None and bool(self.state.error)

    def as_dict(self) -> dict[str, object]:
        return {
            "name": self.feed.name,
            "url": without_keys(self.feed.url),
            "kind": str(self.feed.kind),
            "title": self.feed.title or (self.state.title if self.state else ""),
            "health": self.health,
            "checked": self.state.checked.isoformat() if self.state and self.state.checked else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStatus:
    """A digest's next and past editions, and its deliveries."""

    name: str
    upcoming: datetime  # in the digest's zone; of the first edition that is not made yet
    order: Choice | None = None  # an operator holds it, or wants it sent at once
    overdue: datetime | None = None  # in the digest's zone: when the one was due that is not made, and still will be
    late: date | None = None  # the name of that one
    editions: tuple[Edition, ...]  # newest first
    by_state: Mapping[DeliveryState, int]  # how many deliveries there have ever been
    of_last: Mapping[DeliveryState, int]  # how many the newest edition has
    trouble: tuple[Delivery, ...]  # not arrived, or not yet; oldest first
    open_mails: int = 0
    too_late: int = 0  # of them will not leave in time at the pace of their accounts
    last_deadline: datetime | None = None  # of those

    def as_dict(self) -> dict[str, object]:
        return {
            "digest": self.name,
            "next": self.upcoming.isoformat(),
            "held_by": held_by(self.order),
            "editions": [{"edition": one.date.isoformat(), "state": str(one.state)} for one in self.editions],
            "deliveries": {str(state): count for state, count in self.by_state.items()},
            "too_late": self.too_late,
            "trouble": [delivery_as_dict(delivery) for delivery in self.trouble],
        }

    def lines(self) -> Iterator[str]:
        yield f"{self.name}: next edition {self.upcoming:%a %d %b %H:%M %Z}"
        yield from (f"  {line}" for line in order_lines(self.order))
        begun = self.editions and (self.editions[0].date, self.editions[0].state) == (self.late, EditionState.CLAIMED)
        if self.overdue is not None and not begun and not held_by(self.order):
            yield f"  {self.late} was due at {self.overdue:%H:%M} and is not made yet; serve or the next run makes it"
        for edition in self.editions:
            if edition is self.editions[0] or edition.state not in _SETTLED:
                due = (
                    f", was due at {self.overdue:%H:%M}" if self.overdue and begun and edition.date == self.late else ""
                )
                yield f"  {edition.date} {edition.state}{due}{self._in_words(edition)}"
        if before := [f"{one.date} {one.state}" for one in self.editions[1:] if one.state in _SETTLED]:
            yield f"  before it: {', '.join(before)}"
        if self.by_state:
            yield "  deliveries: " + ", ".join(f"{count} {state}" for state, count in self.by_state.items())
        yield from self._too_late_lines()
        trouble = self.trouble
        if len(trouble) > _MAX_SHOWN:
            yield f"  {len(trouble) - _MAX_SHOWN} older ones are not shown; `digestbot status --json` lists them all"
        # The newest of them, because something can still be done about those.
        for delivery in trouble[-_MAX_SHOWN:]:
            more = f"; {until(delivery)}" if delivery.state is DeliveryState.PENDING else ""
            yield f"  {delivery.edition} {delivery.recipient} {delivery.state}: {_why(delivery)}{more}"
        for state, words in _ADVICE.items():
            if any(delivery.state is state for delivery in trouble):
                yield f"  {words.format(digest=self.name)}"

    def _too_late_lines(self) -> Iterator[str]:
        if self.too_late and self.last_deadline:
            yield (
                f"  about {self.too_late} of {counted(self.open_mails, 'open mail')} will not leave before "
                f"{self.last_deadline:%Y-%m-%d %H:%M} UTC at the pace of their accounts: raise RATE or WARM_UP, or DELIVER_WITHIN"
            )

    def _in_words(self, edition: Edition) -> str:
        """What its state means, and of the last edition whether everybody has it."""
        words = _IN_WORDS.get(edition.state, "")
        all_of_it = sum(self.of_last.values()) - self.of_last.get(DeliveryState.CANCELLED, 0)
        if edition is not self.editions[0] or not all_of_it:
            return words
        sent = self.of_last.get(DeliveryState.SENT, 0)
        count = f"{sent} of {counted(all_of_it, 'delivery', 'deliveries')} sent"
        return f"{words}: {count}" if sent < all_of_it else f": everybody has it, {count}"

    @property
    def waiting(self) -> int:
        """How many deliveries want a word of the operator."""
        return sum(delivery.state in _ADVICE for delivery in self.trouble)


def status(loaded: Loaded, store: Store, *, now: datetime) -> tuple[tuple[DigestStatus, ...], tuple[FeedStatus, ...]]:
    """Next and past editions, deliveries by state, and every feed's health."""
    plans = schedules(loaded, store, now=now, remember=False)
    accounts = mail_accounts(loaded)
    orders = store.choices.orders()
    digests = tuple(
        _digest_status(name, plan, store, accounts, orders.get(name), now=now) for name, plan in plans.items()
    )
    return digests, feeds_status(loaded, store, now=now)


def feeds_status(loaded: Loaded, store: Store, *, now: datetime) -> tuple[FeedStatus, ...]:
    """Every feed's health; one that answers but brought no item for SILENT_AFTER is `silent`."""
    states = store.items.states()
    active = store.items.active_feeds(since=now - SILENT_AFTER, until=now)
    return tuple(
        FeedStatus(feed=feed, state=states.get(feed.name), silent=feed.name not in active)
        for feed in configured_feeds(loaded)
    )


def _digest_status(
    name: str, schedule: Schedule, store: Store, accounts: Sequence[Account], order: Choice | None, *, now: datetime
) -> DigestStatus:
    zone = ZoneInfo(schedule.timezone)
    late = due_slot(now, schedule, settled(store.editions, name, now=now))
    # Counted by the database: to read the rows instead took 2.9 s for 100,000 of them.
    tally = store.outbox.tally(digest=name)
    editions = store.editions.history(name, limit=_EDITIONS)
    by_state: Counter[DeliveryState] = Counter()
    of_last: Counter[DeliveryState] = Counter()
    for (day, state), count in tally.items():
        by_state[state] += count
        if editions and day == editions[0].date:
            of_last[state] = count
    return DigestStatus(
        name=name,
        order=order,
        upcoming=_upcoming(name, schedule, store, now=now).astimezone(zone),
        overdue=late.due.astimezone(zone) if late else None,
        late=name_for(store.editions, name, late, schedule) if late else None,
        editions=editions,
        of_last=of_last,
        by_state={state: by_state[state] for state in DeliveryState if by_state[state]},
        trouble=_trouble(name, store, tally),
        **_pace(name, store, accounts, now=now),
    )


def _pace(name: str, store: Store, accounts: Sequence[Account], *, now: datetime) -> dict[str, Any]:
    """What is open of a digest's mails, and how many of them their accounts have no room for until the last deadline."""
    if not accounts or not all(account.limited for account in accounts):
        return {}
    mails, until = store.outbox.open_mails(digest=name, channel=LIST_CHANNEL)
    if not mails or until is None:
        return {}
    states = store.accounts.states()
    known = [(account, states.get(account.name, AccountState(name=account.name))) for account in accounts]
    late = too_late(known, mails=mails, now=now, until=until)
    return {"open_mails": mails, "too_late": late, "last_deadline": until}


def _upcoming(name: str, schedule: Schedule, store: Store, *, now: datetime) -> datetime:
    """When the next edition is due that is not made yet: one that was made by hand before its time does not come again."""
    return next(next_slots(now, schedule, settled(store.editions, name, now=now))).due


def next_editions(loaded: Loaded, store: Store, *, now: datetime) -> Iterator[str]:
    """A line for each digest: when it goes out next, and to whom."""
    for name, schedule in schedules(loaded, store, now=now, remember=False).items():
        digest = loaded.digests[name]
        upcoming = _upcoming(name, schedule, store, now=now).astimezone(ZoneInfo(schedule.timezone))
        to = first_named([str(recipient) for recipient in digest.to], most=_MAX_NAMED)
        yield f"{name}: next edition {upcoming:%a %d %b %H:%M %Z}, to {to or 'nobody'}"


def _trouble(name: str, store: Store, tally: Mapping[tuple[date, DeliveryState], int]) -> tuple[Delivery, ...]:
    """What did not arrive; of the newest edition also the addresses that it left out as gone.

    Older editions left the same addresses out: once is enough. Only editions that the tally names are asked for: the others have
    millions of rows.
    """
    newest = max((day for day, _ in tally), default=None)
    days = sorted({day for day, state in tally if state in _TROUBLE} - {newest})
    older = [row for day in days if day for row in store.outbox.all(digest=name, day=day, states=_TROUBLE)]
    states = (*_TROUBLE, DeliveryState.CANCELLED)
    last = store.outbox.all(digest=name, day=newest, states=states) if newest else ()
    return (*older, *(row for row in last if row.address_gone or row.state is not DeliveryState.CANCELLED))


def status_lines(
    digests: Sequence[DigestStatus], feeds: Sequence[FeedStatus], *, all_feeds: bool = False
) -> Iterator[str]:
    """The state of everything, in lines; of feeds those that want something done, unless all are asked for."""
    for digest in digests:
        yield from digest.lines()
    yield f"{sources_in_words([one.feed for one in feeds])}, {sum(feed.failing for feed in feeds)} failing"
    health = {feed.feed.name: feed.health for feed in feeds}
    if all_feeds:
        yield from (f"  {name}: {words}" for name, words in health.items())
    else:
        silent = sum(words.startswith("silent") for words in health.values())
        unwell = [f"  {name}: {words}" for name, words in health.items() if not words.startswith(_NOTHING_TO_DO)]
        yield from unwell[:_MAX_FEEDS]
        if len(unwell) > _MAX_FEEDS:
            yield f"  and {len(unwell) - _MAX_FEEDS} more; `digestbot status --feeds` names them"
        if silent:
            yield f"  {silent} silent: nothing new for {SILENT_AFTER.days} days; `digestbot status --feeds` names them"
    waiting = sum(digest.waiting for digest in digests)
    yield (
        f"{counted(waiting, 'delivery waits', 'deliveries wait')} for your word"
        if waiting
        else "nothing waits for your word"
    )


def status_as_dict(digests: Sequence[DigestStatus], feeds: Sequence[FeedStatus]) -> dict[str, object]:
    """The same for programs."""
    return {"digests": [digest.as_dict() for digest in digests], "feeds": [feed.as_dict() for feed in feeds]}
