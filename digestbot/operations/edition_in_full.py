"""`digestbot status DIGEST --edition D`: who got one edition and who did not, in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..model import DeliveryState, Edition, LedgerCount, LedgerReason
from ..ports import Store
from ..text.common_reason import common_reason
from ..text.counting import counted
from ..text.web_addresses import masked

_MINUTE = timedelta(minutes=1)
_SHOWN = 5  # reasons of a state
_MOST = 100  # of them for programs
_STATES = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.SENDING: "being sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNKNOWN: "unknown",
    DeliveryState.EXPIRED: "expired",
    DeliveryState.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInFull:
    """What one channel did with one revision of an edition."""

    channel: str
    revision: int
    counts: tuple[LedgerCount, ...]
    reasons: tuple[LedgerReason, ...]  # the most frequent first

    @property
    def recipients(self) -> int:
        return sum(one.recipients for one in self.counts)

    @property
    def deliveries(self) -> int:
        return sum(one.deliveries for one in self.counts)

    @property
    def suppressed(self) -> int:
        return sum(one.suppressed for one in self.counts)

    @property
    def too_late(self) -> int:
        return sum(one.too_late for one in self.counts)

    def of(self, state: DeliveryState) -> LedgerCount | None:
        """The deliveries in this state; None where there are none."""
        return next((one for one in self.counts if one.state is state), None)

    def as_dict(self) -> dict[str, object]:
        sent = self.of(DeliveryState.SENT)
        return {
            "channel": self.channel,
            "revision": self.revision,
            "recipients": self.recipients,
            "deliveries": {str(one.state): one.deliveries for one in self.counts},
            "suppressed": self.suppressed,
            "too_late": self.too_late,
            "first_sent": sent.first.isoformat() if sent and sent.first else None,
            "last_sent": sent.last.isoformat() if sent and sent.last else None,
            "reasons": [
                {"state": str(one.state), "reason": masked(one.reason), "deliveries": one.deliveries}
                for one in self.reasons[:_MOST]
            ],
        }

    def lines(self) -> Iterator[str]:
        """For people: what is sent, then a line for each state that is not, with its reasons."""
        sent = self.of(DeliveryState.SENT)
        to = "" if self.deliveries == self.recipients else f" to {counted(self.recipients, 'recipient')}"
        all_of_it = counted(self.deliveries, "delivery", "deliveries") + to
        yield f"{self.channel}: {sent.deliveries if sent else 0} of {all_of_it} sent{_times(sent)}"
        for state, words in _STATES.items():
            if count := self.of(state):
                yield from self._not_sent(count, words)

    def _not_sent(self, count: LedgerCount, words: str) -> Iterator[str]:
        reasons = [one for one in self.reasons if one.state is count.state]
        told = f"  {count.deliveries} {words}"
        if count.suppressed:
            told += f", {count.suppressed} of them because the address is suppressed"
        if count.too_late:
            told += f", {count.too_late} of them past the deadline or not tried again before it"
        if len(reasons) == 1 and reasons[0].deliveries == count.deliveries:
            yield f"{told}: {_words(reasons[0])}"
            return
        yield told
        for one in reasons[:_SHOWN]:
            yield f"    {one.deliveries}: {_words(one)}"
        if rest := sum(one.deliveries for one in reasons[_SHOWN:]):
            yield f"    {rest}: {counted(len(reasons) - _SHOWN, 'other reason')}; --json has them"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInFull:
    """One edition, and what became of it."""

    edition: Edition
    channels: tuple[ChannelInFull, ...]  # by revision, the newest first

    @property
    def revision(self) -> int:
        """The newest one."""
        return max((one.revision for one in self.channels), default=0)

    def as_dict(self) -> dict[str, object]:
        return {
            "digest": self.edition.digest,
            "edition": self.edition.date.isoformat(),
            "state": str(self.edition.state),
            "revision": self.revision,
            "since": self.edition.since.isoformat(),
            "until": self.edition.until.isoformat(),
            "channels": [one.as_dict() for one in self.channels],
        }

    def lines(self) -> Iterator[str]:
        """For people; times in UTC, as in the log."""
        one = self.edition
        revision = f", revision {self.revision}" if self.revision else ""
        yield f"{one.digest} {one.date.isoformat()}: {one.state}{revision}"
        if one.since < one.until:
            yield f"  tells what came from {_written(one.since)} to {_written(one.until)}"
        told = None
        for channel in self.channels:
            if self.revision and channel.revision != told:
                yield f"  revision {channel.revision}:"
            told = channel.revision
            yield from (f"  {line}" for line in channel.lines())
        if not self.channels:
            yield "  no delivery of it is kept"


def edition_in_full(store: Store, edition: Edition, *, now: datetime) -> EditionInFull:
    """One edition, counted by the database."""
    name, day = edition.digest, edition.date
    counts = store.ledger.counts(digest=name, edition=day, now=now)
    reasons = store.ledger.reasons(digest=name, edition=day, common=common_reason) if counts else ()
    places = sorted({(-one.revision, one.channel) for one in counts})
    channels = tuple(
        ChannelInFull(
            channel=channel,
            revision=-newest,
            counts=tuple(one for one in counts if (-one.revision, one.channel) == (newest, channel)),
            reasons=tuple(one for one in reasons if (-one.revision, one.channel) == (newest, channel)),
        )
        for newest, channel in places
    )
    return EditionInFull(edition=edition, channels=channels)


def _times(sent: LedgerCount | None) -> str:
    if sent is None or sent.first is None or sent.last is None:
        return ""
    if sent.last - sent.first < _MINUTE:
        return f", at {_written(sent.first)}"
    same_day = sent.first.date() == sent.last.date()
    last = f"{sent.last:%H:%M} UTC" if same_day else _written(sent.last)
    return f", from {_written(sent.first)} to {last}"


def _words(one: LedgerReason) -> str:
    return one.reason or "rarer reasons"


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
