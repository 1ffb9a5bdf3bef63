"""An account at a mail provider, how much it may send, and how far it has come: pure decisions, kept by the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

DEFAULT_ACCOUNT: Final = "default"  # the one that is configured without a name
LOGIN_REST: Final = timedelta(minutes=15)  # after a refused login: more tries could lock the account
_LONGEST_REST: Final = timedelta(minutes=15)
_RECOVERS: Final = timedelta(minutes=1)  # without a refusal: then the pace is doubled, until it is the whole one
_ONE_EVENT: Final = timedelta(seconds=1)  # several connections are refused at once: that is one refusal
_UNLIMITED: Final = 16.0  # mails a second: what an account without RATE is lowered from
_LOWEST: Final = 10  # halvings


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What its owner allows it."""

    name: str
    weight: int = 1  # its share beside the other accounts
    rate: float | None = None  # mails a second
    warm_up: int | None = None  # mails a day, in UTC

    @property
    def limited(self) -> bool:
        return self.rate is not None or self.warm_up is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What has become of it: a row that everybody who sends through it shares. Times are of the database's clock.

    The bucket is kept as one moment: `full_at`, when all that was taken from it will have run in again. It holds the mails
    of one second, and at least one.
    """

    name: str
    full_at: datetime | None = None
    refusals: int = 0  # in a row: each halves the pace
    refused: datetime | None = None  # when the last of them was
    rests_until: datetime | None = None
    why: str = ""  # it rests, without secrets
    day: date | None = None  # of which `taken` counts
    taken: int = 0

    def halvings(self, now: datetime) -> int:
        """How often its pace is halved now."""
        if self.refused is None or self.refused > now:
            return min(self.refusals, _LOWEST)
        return min(max(self.refusals - (now - self.refused) // _RECOVERS, 0), _LOWEST)


def pace(account: Account, state: AccountState, now: datetime) -> float | None:
    """Mails a second that it sends now; None for as many as its connections carry."""
    halvings = state.halvings(now)
    if account.rate is None and not halvings:
        return None
    return float((account.rate or _UNLIMITED) / 2**halvings)


def next_mail(account: Account, state: AccountState, now: datetime) -> datetime:
    """When the next mail may go through it: now, or later."""
    moments = [now]
    if state.rests_until is not None and state.rests_until <= now + _LONGEST_REST:  # beyond: by a clock that was ahead
        moments.append(state.rests_until)
    if account.warm_up is not None and state.day == now.date() and state.taken >= account.warm_up:
        moments.append(datetime.combine(now.date() + timedelta(days=1), time(), UTC))
    rate = pace(account, state, now)
    if rate is not None and state.full_at is not None:
        holds = timedelta(seconds=max(rate, 1.0) / rate)
        begins = state.full_at + timedelta(seconds=1 / rate) - holds
        if begins <= now + holds + timedelta(seconds=1 / rate) + _LONGEST_REST:
            moments.append(begins)
    return max(moments)


def after_mail(account: Account, state: AccountState, now: datetime) -> AccountState:
    """A mail was taken from its bucket."""
    rate = pace(account, state, now)
    full_at = None if rate is None else max(state.full_at or now, now) + timedelta(seconds=1 / rate)
    taken = state.taken if state.day == now.date() else 0
    return replace(state, full_at=full_at, day=now.date(), taken=taken + 1)


def after_refusal(state: AccountState, now: datetime, *, why: str, rest: timedelta | None = None) -> AccountState:
    """It was asked to slow down, or could not be reached: it rests, and then goes on at half its pace.

    Args:
        state: before.
        now: the time.
        why: without secrets.
        rest: how long it rests; by default longer each time, from a second on.
    """
    if state.refused is not None and timedelta() <= now - state.refused < _ONE_EVENT and rest is None:
        return state
    refusals = state.halvings(now) + 1
    rest = timedelta(seconds=2.0 ** (refusals - 1)) if rest is None else rest
    until = now + min(rest, _LONGEST_REST)
    return replace(state, refusals=refusals, refused=now, rests_until=until, why=why)


def room(account: Account, state: AccountState, now: datetime, until: datetime) -> float:
    """How many mails it will have sent by then, at the pace of its settings; infinite without limits."""
    begins = max(next_mail(account, state, now), now)
    if until <= begins:
        return 0.0
    by_rate = (until - begins).total_seconds() * account.rate if account.rate is not None else float("inf")
    if account.warm_up is None:
        return by_rate
    left = max(account.warm_up - state.taken, 0) if state.day == now.date() else account.warm_up
    days = (until.astimezone(UTC).date() - now.astimezone(UTC).date()).days
    return min(by_rate, float(left + days * account.warm_up))


def too_late(accounts: Sequence[tuple[Account, AccountState]], *, mails: int, now: datetime, until: datetime) -> int:
    """How many of so many mails will not have left by then."""
    carried = sum(room(account, state, now, until) for account, state in accounts)
    return 0 if carried >= mails else mails - int(carried)
