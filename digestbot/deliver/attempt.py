"""What is done for one open delivery, and what is remembered between deliveries of one call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from ..errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure
from ..model import FINAL, Delivery, DeliveryState, Recipient
from ..ports import Channel, Outbox

LONGEST_WAIT: Final = 900.0  # seconds between two attempts
ACCOUNT_PAUSE: Final = timedelta(minutes=15)  # after a refused login: trying on could lock the account
MOST_COPIES: Final = 8  # attempts after which a doubt is left to an operator
_FIRST_WAIT = 5.0
_ASKED_ATTEMPTS = 3  # so often the far side's own wish is enough

_log = logging.getLogger(__name__)
_LEVELS = {DeliveryState.SENT: logging.INFO, DeliveryState.PENDING: logging.WARNING}
_Name = tuple[str, date, Recipient]  # of a message with all its parts


def backoff(attempts: int, asked: float | None = None) -> timedelta:
    """How long to wait after so many attempts: 5, 15, 45 s ... up to 15 min, or what the far side asked for.

    A wish that has been granted three times without success is no longer believed to be enough.
    """
    steps = attempts if asked is None else attempts - _ASKED_ATTEMPTS
    grown = min(LONGEST_WAIT, _FIRST_WAIT * 3.0 ** min(steps - 1, 20)) if steps > 0 else 0.0
    return timedelta(seconds=max(grown, min(asked or 0.0, LONGEST_WAIT)))


class DeliveryAttempts:
    """What is learnt while one call works off the outbox."""

    def __init__(
        self,
        outbox: Outbox,
        channels: Mapping[str, Channel],
        *,
        now: Callable[[], datetime],
        claim_timeout: float,
        channel_backoff: MutableMapping[str, datetime],
    ) -> None:
        self.settled: list[Delivery] = []
        self.stopped: dict[str, str] = {}
        self._outbox, self._channels, self._now = outbox, channels, now
        self._arrived: Delivery | None = None  # sent, to be recorded together with the next claim
        self._claim_timeout = claim_timeout
        self._channel_backoff = channel_backoff
        self._wakes: list[datetime] = []
        self._doubts: dict[str, str] = {}  # why a delivery of this call is in doubt, by key
        self._looks: dict[str, datetime] = {}  # when to ask the far side again, by key
        self._parents: dict[_Name, Delivery] = {}
        self._behind: set[_Name] = set()  # messages with an earlier part still open: the later ones wait, in order

    def attend(self, delivery: Delivery) -> Delivery:
        """Do what can be done for an open delivery now, and remember when more can."""
        outcome = self._attend(delivery)
        if outcome.state not in FINAL:
            self._behind.add(_name(delivery))
        return outcome

    def record(self) -> None:
        """Write down what has arrived, where that still waits for the next claim."""
        arrived, self._arrived = self._arrived, None
        if arrived is not None:
            self._outbox.settle(arrived, DeliveryState.SENT, remote_id=arrived.remote_id)

    def next_wait(self) -> float | None:
        """Seconds until something can be done, None when nothing can. Begins a new round."""
        self.record()
        moments, self._wakes = self._wakes, []
        self._behind.clear()
        return max((min(moments) - self._now()).total_seconds(), 0.0) if moments else None

    def _attend(self, delivery: Delivery) -> Delivery:
        now = self._now()
        channel = self._channels.get(delivery.recipient.channel)
        expired = delivery.deadline is not None and now >= delivery.deadline
        if channel is None:
            self.stopped.setdefault(delivery.recipient.channel, f"no channel {delivery.recipient.channel}: is set up")
        if delivery.state is DeliveryState.SENDING:
            return self._look(delivery, channel, now, expired=expired) if channel else delivery
        if expired:
            last = f"; last: {delivery.error}" if delivery.error else ""
            return self._settle(delivery, DeliveryState.EXPIRED, error=f"not delivered by its deadline{last}")
        if channel is None or _name(delivery) in self._behind or not self._may_try(delivery, now):
            return delivery
        return self._send_in_order(delivery, channel, now)

    def _may_try(self, delivery: Delivery, now: datetime) -> bool:
        pause = self._channel_backoff.get(delivery.recipient.channel, now)
        earliest = max(pause, delivery.not_before or now)
        if earliest > now:
            self._wakes.append(earliest)
        return earliest <= now

    def _send_in_order(self, delivery: Delivery, channel: Channel, now: datetime) -> Delivery:
        parent = self._parent(delivery) if delivery.part else None
        if delivery.part:
            if parent is None or parent.state is DeliveryState.UNKNOWN:
                return delivery
            if parent.state is not DeliveryState.SENT:
                return self._settle(delivery, parent.state, error=f"the message it belongs to is {parent.state}")
        claimed = self._outbox.claim(delivery, now=now, sent=self._arrived)
        self._arrived = None
        return self._send(claimed, channel, parent.remote_id if parent else "") if claimed else delivery

    def _send(self, delivery: Delivery, channel: Channel, parent: str) -> Delivery:  # noqa: PLR0911 -- a table reads best as one
        try:
            remote_id = channel.send(delivery, parent=parent)
        except OutcomeUnknown as error:
            _log.warning("%s: %s; looking whether it arrived", delivery.recipient, error)
            self._doubts[delivery.key] = str(error)
            self._wakes.append(self._now())
            return delivery
        except TemporaryFailure as error:
            return self._put_off(delivery, error)
        except PermanentFailure as error:
            if not error.account:
                return self._settle(delivery, DeliveryState.FAILED, error=str(error), address_gone=error.address_gone)
            self.stopped[delivery.recipient.channel] = str(error)
            self._channel_backoff[delivery.recipient.channel] = self._now() + ACCOUNT_PAUSE
            return self._settle(delivery, DeliveryState.PENDING, error=str(error))
        except ContentRejected as error:
            return self._settle(delivery, DeliveryState.FAILED, error=str(error))
        except Exception as error:  # noqa: BLE001 -- one that breaks its channel must not stop the others, now or ever after
            _log.exception("%s: the channel broke", delivery.recipient)
            return self._settle(delivery, DeliveryState.UNKNOWN, error=f"the channel broke ({type(error).__name__})")
        # Recorded with the next claim, which comes before anything else is sent: one sync for both.
        self._arrived = replace(
            delivery, state=DeliveryState.SENT, remote_id=remote_id, error="", not_before=None, payload=b""
        )
        return self._tell(self._arrived)

    def _put_off(self, delivery: Delivery, error: TemporaryFailure) -> Delivery:
        again = self._now() + backoff(delivery.attempts, error.retry_after)
        self._wakes.append(again)
        if error.account:
            self._channel_backoff[delivery.recipient.channel] = again
        return self._settle(delivery, DeliveryState.PENDING, error=str(error), not_before=again)

    def _look(self, delivery: Delivery, channel: Channel, now: datetime, *, expired: bool) -> Delivery:
        """A claimed delivery without an outcome: find out, or wait until its absence is certain."""
        self.record()
        if self._looks.get(delivery.key, now) > now:
            return self._look_again(delivery, self._looks[delivery.key])
        ours = delivery.key in self._doubts
        doubt = self._doubts.get(delivery.key, "the last attempt was cut off")
        certain = (delivery.claimed or now) + timedelta(
            seconds=max(channel.visibility_delay, 0.0 if ours else self._claim_timeout)
        )
        parent = self._parent(delivery) if delivery.part else None
        remote_id, may_resend = None, True
        try:
            whole = replace(delivery, payload=self._outbox.payload(delivery))
            remote_id = channel.find_sent(whole, parent=parent.remote_id if parent else "")
        except TemporaryFailure as error:
            doubt, may_resend = f"{doubt}; {error}", False
            certain = now if expired else now + backoff(delivery.attempts, error.retry_after)
        except DeliveryError as error:
            doubt, may_resend = f"{doubt}; {error}", channel.resend_if_unknown(delivery) and not expired
        except Exception as error:  # noqa: BLE001 -- as in `_send`
            _log.exception("%s: the channel broke", delivery.recipient)
            doubt, may_resend = f"{doubt}; the channel broke ({type(error).__name__})", False
        if remote_id is not None:
            return self._settle(delivery, DeliveryState.SENT, remote_id=remote_id)
        if certain > now:
            return self._look_again(delivery, certain)
        if not may_resend or delivery.attempts >= MOST_COPIES:
            return self._settle(delivery, DeliveryState.UNKNOWN, error=doubt)
        return self._again(delivery, doubt, ours=ours)

    def _look_again(self, delivery: Delivery, when: datetime) -> Delivery:
        self._looks[delivery.key] = when
        self._wakes.append(when)
        return delivery

    def _again(self, delivery: Delivery, doubt: str, *, ours: bool) -> Delivery:
        """Pending once more: soon after a crash, ever later when answers keep getting lost."""
        self._doubts.pop(delivery.key, None)
        self._looks.pop(delivery.key, None)
        again = self._now() + (backoff(delivery.attempts - 1, 0.0) if ours else timedelta())
        self._wakes.append(again)
        return self._settle(delivery, DeliveryState.PENDING, error=doubt, not_before=again)

    def _parent(self, delivery: Delivery) -> Delivery | None:
        """Part 0 of the same message once it is in a final state."""
        if _name(delivery) not in self._parents:
            for row in self._outbox.all(digest=delivery.digest, day=delivery.edition):
                if row.part == 0 and row.state in FINAL:
                    self._parents[_name(row)] = row
        return self._parents.get(_name(delivery))

    def _settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str = "",
        error: str = "",
        not_before: datetime | None = None,
        address_gone: bool = False,
    ) -> Delivery:
        self.record()
        settled = self._outbox.settle(
            delivery, state, remote_id=remote_id, error=error, not_before=not_before, address_gone=address_gone
        )
        return self._tell(settled, error)

    def _tell(self, settled: Delivery, error: str = "") -> Delivery:
        _log.log(
            _LEVELS.get(settled.state, logging.ERROR),
            "%s %s to %s, part %d: %s",
            settled.digest,
            settled.edition,
            settled.recipient,
            settled.part,
            f"{settled.state} ({error})" if error else settled.state,
        )
        if settled.state in FINAL:
            self.settled.append(settled)
            if settled.part == 0:
                self._parents[_name(settled)] = settled
        return settled


def _name(delivery: Delivery) -> _Name:
    return delivery.digest, delivery.edition, delivery.recipient
