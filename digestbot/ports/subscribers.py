"""Who reads the lists, which addresses are suppressed, and the secrets that tokens are made with. Times are kept to the second."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ..model import (
    Form,
    Frequency,
    Reader,
    Refusal,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)

# What is to become of a subscription, decided while nobody else can change it. To be pure: it may be called again.
Decide = Callable[[Subscription], Subscription | Refusal]
# The same of one that is wanted, beside all that is known of the address: None where nothing is.
Admit = Callable[[Subscription, Reader | None], Subscription | Refusal]


class Subscribers(Protocol):
    """Everybody who reads a list, or did. No call but `enrol` takes or gives more than a page of them."""

    def get(self, number: int) -> Reader | None:
        """All that is known of a subscriber, by id."""

    def find(self, address: str) -> Reader | None:
        """The same by address, however it is written. Raises an AddressError for what is none."""

    def page(
        self,
        *,
        now: datetime,
        name: str = "",
        state: SubscriptionState | None = None,
        having: str = "",
        after: int = 0,
        limit: int = 500,
    ) -> tuple[Reader, ...]:
        """The next subscribers after an id, in the order of ids: all, or those of a list, or in a state, or both.

        With a name each has the subscription to that list alone. A pause that is over at `now` counts as none. With `having`
        only those whose address, as it is compared, holds this; without an index, so that it reads all of them.
        """

    def counts(self, *, now: datetime) -> Mapping[tuple[str, SubscriptionState], int]:
        """How many subscriptions of each list are in which state, as `page` counts them; only where there are any."""

    def forms(self, name: str, frequencies: Collection[Frequency], *, now: datetime) -> Mapping[Form, int]:
        """In which forms the readers of a list want an edition that counts for these frequencies, and how many each."""

    def enrol(
        self, wanted: Sequence[tuple[Subscriber, Subscription]], admit: Admit
    ) -> tuple[Subscription | Refusal, ...]:
        """One transaction: what `admit` makes of each wanted subscription is kept; returned in the same order.

        A subscriber who is not known is added where `admit` does not refuse; one who is known stays as they are. Later ones
        see what became of earlier ones.
        """

    def change(self, number: int, name: str, decide: Decide) -> Subscription | Refusal | None:
        """One transaction: keep what `decide` makes of a subscription; None where there is none."""

    def describe(self, subscriber: Subscriber) -> None:
        """Keep another language or form of a subscriber who is known."""

    def move(self, number: int, *, address: str, key: str) -> bool:
        """One transaction: another address for a subscriber; False where somebody else has it, or nothing may be sent there."""

    def record_asked(self, number: int, *, now: datetime, may: Callable[[datetime | None], bool]) -> bool:
        """One transaction: where `may` allows it, given when the last confirmation mail was sent, one is sent now."""

    def forget_unconfirmed(self, *, before: datetime) -> int:
        """Delete those who asked for lists by a form earlier and never confirmed any. Returns how many."""

    def forget(self, address: str, *, now: datetime) -> bool:
        """One transaction: delete all that is known of the address, and keep a hash of it that suppresses it.

        Whether anything was known. Nobody can read the hash; `suppressed` knows the address by it.
        """


class Suppressions(Protocol):
    """Addresses that nothing is sent to, however they are written."""

    def suppress(self, address: str, reason: str, *, now: datetime) -> bool:
        """Nothing is sent there any more; False where it was so already, which keeps its reason."""

    def suppress_all(self, reasons: Mapping[str, str], *, now: datetime) -> int:
        """The same of many addresses, in one transaction; how many are new."""

    def lift(self, address: str) -> Suppression | None:
        """Mail may be sent there again; what was lifted, None where there was nothing."""

    def suppressed(self, addresses: Collection[str]) -> Mapping[str, Suppression]:
        """Those of the addresses that are suppressed, as they were given. What is no address is left out."""

    def page(self, *, after: str = "", limit: int = 500, unknown: bool = False) -> tuple[Suppression, ...]:
        """The next ones in the order of keys; with `unknown` only of addresses that no subscriber has."""

    def count(self) -> int:
        """How many there are."""

    def newest(self) -> datetime | None:
        """When the last of them was suppressed; None where there is none."""
