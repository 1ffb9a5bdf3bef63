"""What is done for one open delivery, and what is remembered between the deliveries of one call.

After a lost answer, or a process that died while it sent, the channel is asked first whether the message arrived (`find_sent`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from ..errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, StoreError, TemporaryFailure
from ..model import DEFAULT_ACCOUNT, FINAL, LOGIN_REST, Account, Delivery, DeliveryState, ReaderWords
from ..ports import Accounts, Channel, Lane
from .ahead import Ahead, may_follow
from .backoff import MAX_RETRY_SECONDS, backoff
from .claimer import Claimer
from .patience import PatientOutbox
from .ready import Ready
from .remembered import LISTED, Ended, Known, MessageId, message_id

MAX_UNCERTAIN_ATTEMPTS: Final = 8  # each of them may have arrived: after so many an operator has to look

_log = logging.getLogger(__name__)
_LEVELS = {DeliveryState.SENT: logging.INFO, DeliveryState.PENDING: logging.WARNING}


class DeliveryAttempts:
    """Attempts at open deliveries, one after the other, and what they have shown of accounts and waits.

    Args:
        outbox: where the deliveries are.
        channels: by the recipients' scheme.
        now: the real time.
        claim_timeout: seconds for which a claim of another process is left alone.
        channel_backoff: channels that are not to be tried before a time.
        words: what stands in one mail alone.
        accounts: where it is kept how far the accounts have come, for channels that have some.
        account: through which these go, of such a channel.
        known: what attempts over other connections have shown.
        ahead: claims of several at a time, where outcomes can be kept beside the database.
    """

    def __init__(
        self,
        outbox: PatientOutbox,
        channels: Mapping[str, Channel],
        *,
        now: Callable[[], datetime],
        claim_timeout: float,
        channel_backoff: MutableMapping[str, datetime],
        words: Callable[[Delivery], ReaderWords | None] = lambda _delivery: None,
        accounts: Accounts | None = None,
        account: Account | None = None,
        known: Known | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        self.ended = Ended()
        self._known = known or Known()
        self.stopped = self._known.stopped
        self._outbox, self._channels, self._now, self._words = outbox, channels, now, words
        self._accounts, self._account = accounts, account
        self._claimer = Claimer(outbox, now=now, account=account, ahead=ahead)
        self.record_sent, self.settle, self.end = self._claimer.record_sent, self._claimer.settle, self._claimer.end
        self._ready = Ready(words, claim_timeout=claim_timeout, following=self._next)
        self._behind: Iterable[Delivery] = ()  # those whose turn comes next
        self._following: Callable[[], Sequence[Delivery]] = (
            tuple  # what of them may be claimed with the one whose turn it is
        )
        self._claim_timeout = claim_timeout
        self._channel_backoff = channel_backoff
        self._wake: datetime | None = None  # when the first delivery of this round can be processed again
        self._lost_answers, self._next_checks = self._known.lost_answers, self._known.next_checks
        self._seen, self._blocked = self._known.seen, self._known.blocked
        self._parents: dict[MessageId, Delivery] = {}  # part 0 of a message, once it is in a final state

    def through(self, lane: Lane, outbox: PatientOutbox) -> DeliveryAttempts:
        """Attempts over one connection to an account, by one thread; what is known of deliveries and accounts is shared."""
        claims = outbox.claims_ahead()
        return DeliveryAttempts(
            outbox,
            {lane.channel.name: lane.channel},
            now=self._now,
            claim_timeout=self._claim_timeout,
            channel_backoff=self._channel_backoff,
            words=self._words,
            accounts=self._accounts,
            account=lane.account,
            known=self._known,
            ahead=Ahead(outbox, claims) if claims else None,
        )

    def process(self, delivery: Delivery, following: Iterable[Delivery] = ()) -> Delivery:
        """Do what can be done for an open delivery now, and remember when more can be done. What follows may be claimed with it."""
        if self._account is not None and not self._account.limited:
            self._behind = following
            self._following = lambda: may_follow(following, now=self._now(), unless=self._blocked)
        outcome = self._process(delivery)
        if outcome.state not in FINAL:
            self._blocked.add(message_id(delivery))
        return outcome

    def take_up(self) -> None:
        """Record what an earlier call heard and could not record: before anything is claimed."""
        for settled in self._outbox.take_up():
            self._note(settled, settled.error)

    def held_elsewhere(self, waiting: Sequence[Delivery]) -> frozenset[str]:
        """Keys of what another live process is sending, as far as one can know, and of the parts that wait for it."""
        sending = [row for row in waiting if row.state is DeliveryState.SENDING and self._is_others(row)]
        messages = {message_id(row) for row in sending}
        behind = [row for row in waiting if row.part and row.attempts == 0 and message_id(row) in messages]
        return frozenset(row.key for row in (*sending, *behind))

    def _is_others(self, row: Delivery) -> bool:
        if row.key in self._lost_answers or row.claimed is None or self._outbox.abandoned(row):
            return False
        return self._outbox.claim_clock(self._now()) - row.claimed < timedelta(seconds=self._claim_timeout)

    def next_wait(self) -> float | None:
        """Seconds until something can be done, None when nothing can. Begins a new round."""
        self.settle()
        wake, self._wake = self._wake, None
        self._blocked.clear()
        return None if wake is None else max((wake - self._now()).total_seconds(), 0.0)

    def paused(self) -> frozenset[str]:
        """Channels that are not tried now."""
        now = self._now()
        return frozenset(name for name, until in self._channel_backoff.items() if until > now)

    @property
    def waits_at_pace(self) -> bool:
        """Whether it waits for its account's bucket, while others may send."""
        return self._outbox.waits_at_pace

    def place(self, channel: str) -> str:
        """What the pauses of the account are noted under, or of the whole channel."""
        return f"{channel} {self._account.name}" if self._account else channel

    def _wake_at(self, moment: datetime) -> None:
        self._wake = moment if self._wake is None else min(self._wake, moment)

    def _process(self, delivery: Delivery) -> Delivery:
        now = self._now()
        channel = self._channels.get(delivery.recipient.channel)
        expired = delivery.deadline is not None and now >= delivery.deadline
        if channel is None:
            name = delivery.recipient.channel
            self.stopped.setdefault(name, f"the {name} channel is not configured")
        if delivery.state is DeliveryState.SENDING:
            return self._reconcile(delivery, channel, now, expired=expired) if channel else delivery
        if expired:
            last = f"; last error: {delivery.error}" if delivery.error else ""
            return self._record(delivery, DeliveryState.EXPIRED, error=f"not delivered before its deadline{last}")
        if channel is None or message_id(delivery) in self._blocked or not self._is_due(delivery, now):
            return delivery
        return self._send_in_order(delivery, channel, now)

    def _is_due(self, delivery: Delivery, now: datetime) -> bool:
        pause = self._channel_backoff.get(self.place(delivery.recipient.channel), now)
        again = delivery.not_before or now
        if again > now + timedelta(seconds=MAX_RETRY_SECONDS):
            again = now  # no wait is so long: the clock was ahead when it was written
        earliest = max(pause, again)
        if earliest > now:
            self._wake_at(earliest)
        return earliest <= now

    def _send_in_order(self, delivery: Delivery, channel: Channel, now: datetime) -> Delivery:
        parent = self._parent(delivery) if delivery.part else None
        if delivery.part:
            if parent is None or parent.state is DeliveryState.UNKNOWN:
                return delivery
            if parent.state is not DeliveryState.SENT:
                return self._record(delivery, parent.state, error=f"the first part of this message is {parent.state}")
        # What may not be sent twice is claimed alone: a power cut leaves all in doubt that are claimed.
        claimed = self._claimer.claim(delivery, self._following if channel.resend_if_unknown(delivery) else tuple)
        if claimed is None:
            return delivery
        if claimed.state is DeliveryState.PENDING:
            self._rest(delivery, claimed.not_before or now)
            return delivery
        if claimed.state is DeliveryState.CANCELLED:
            return self._note(claimed, claimed.error)
        return self._send(claimed, channel, parent.remote_id if parent else "")

    def _send(self, delivery: Delivery, channel: Channel, parent: str) -> Delivery:  # noqa: PLR0911 -- a table reads best as one
        self._claimer.begin(delivery)
        try:
            whole = self._ready.make(delivery, channel, began=self._claimer.began)
            remote_id = channel.send(whole, parent=parent)
        except StoreError:
            raise  # nothing of it was sent
        except OutcomeUnknown as error:
            _log.warning("%s: %s; checking whether it arrived", delivery.recipient, error)
            self._lost_answers[delivery.key] = str(error)
            self._wake_at(self._now())
            return delivery
        except TemporaryFailure as error:
            return self._postpone(delivery, error)
        except PermanentFailure as error:
            if not error.account:
                return self._record(delivery, DeliveryState.FAILED, error=str(error), address_gone=error.address_gone)
            named = self._account and self._account.name != DEFAULT_ACCOUNT
            label = f"{delivery.recipient.channel}/{delivery.account}" if named else delivery.recipient.channel
            self.stopped[label] = str(error)
            if self._account and self._accounts:
                return self._account_refused(delivery, self._accounts, str(error), rest=LOGIN_REST)
            self._channel_backoff[delivery.recipient.channel] = self._now() + LOGIN_REST
            return self._record(delivery, DeliveryState.PENDING, error=str(error))
        except ContentRejected as error:
            return self._record(delivery, DeliveryState.FAILED, error=str(error))
        except Exception as error:  # noqa: BLE001 -- a bug that one delivery meets must not stop the others, now or ever after
            _log.exception("%s: internal error while sending", delivery.recipient)
            # Only the kind: the words of an exception that is not ours may hold a secret. It may have been sent already.
            why = f"internal error while sending ({type(error).__name__}), see the log"
            return self._record(delivery, DeliveryState.UNKNOWN, error=why)
        sent = replace(delivery, state=DeliveryState.SENT, remote_id=remote_id, error="", not_before=None, payload=b"")
        self._claimer.sent(sent)
        return self._note(sent)

    def _next(self) -> Delivery | None:
        """What is likely sent next, as its channel will get it; None where that is not claimed yet."""
        row = next(iter(self._behind), None)
        claimed = self._claimer.waiting(row) if row is not None else None
        channel = self._channels.get(claimed.recipient.channel) if claimed is not None else None
        if claimed is None or channel is None:
            return None
        return self._ready.make_ahead(claimed, channel, began=self._claimer.began)

    def _rest(self, delivery: Delivery, until: datetime) -> None:
        self._channel_backoff[self.place(delivery.recipient.channel)] = until
        self._wake_at(until)
        self._claimer.settle()

    def _account_refused(
        self, delivery: Delivery, accounts: Accounts, why: str, *, rest: timedelta | None = None, begun: bool = False
    ) -> Delivery:
        """The account rests, for everybody; the reader's delivery lost no try by it, and where nothing was begun any account may send it."""
        name = self._account.name if self._account else ""
        until = self._outbox.patiently(lambda: accounts.refuse(name, now=self._now(), why=why, rest=rest))
        self._rest(delivery, until)
        return self._record(delivery, DeliveryState.PENDING, error=why, spared=True, begun=begun)

    def _postpone(self, delivery: Delivery, error: TemporaryFailure) -> Delivery:
        if error.account and self._account and self._accounts:
            asked = None if error.retry_after is None else timedelta(seconds=error.retry_after)
            return self._account_refused(delivery, self._accounts, str(error), rest=asked, begun=error.begun)
        again = self._now() + backoff(delivery.attempts - delivery.spared, error.retry_after)
        self._wake_at(again)
        if error.account:
            self._channel_backoff[delivery.recipient.channel] = again
        return self._record(delivery, DeliveryState.PENDING, error=str(error), not_before=again)

    def _reconcile(self, delivery: Delivery, channel: Channel, now: datetime, *, expired: bool) -> Delivery:
        """Find out what became of a claimed delivery without an outcome, or wait until its absence is certain."""
        self.record_sent()
        if self._next_checks.get(delivery.key, now) > now:
            return self._check_later(delivery, self._next_checks[delivery.key])
        ours = delivery.key in self._lost_answers
        why = self._lost_answers.get(delivery.key, "the last attempt was interrupted")
        alone = ours or self._outbox.abandoned(delivery)
        # So long the message may still appear, or another process may still be sending it. All times are of the clock that
        # dates claims. Where it was ahead then, the claim began at the latest when it was seen first.
        settling = timedelta(seconds=max(channel.visibility_delay, 0.0 if alone else self._claim_timeout))
        clock = self._outbox.claim_clock(now)
        seen = self._seen.setdefault((delivery.key, delivery.attempts), clock)
        certain = now + settling - (clock - min(delivery.claimed or clock, seen))
        parent = self._parent(delivery) if delivery.part else None
        if expired:
            why = f"{why}; its deadline has passed"
        remote_id, may_resend = None, True
        try:
            # A claim of the future is one by a clock that was ahead: how old it is, nobody knows.
            claimed = None if delivery.claimed and delivery.claimed > clock else delivery.claimed
            body = self._outbox.payload(delivery)
            whole = replace(delivery, payload=channel.fill(body, delivery), claimed=claimed)
            remote_id = channel.find_sent(whole, parent=parent.remote_id if parent else "")
        except TemporaryFailure as error:
            why, may_resend = f"{why}; {error}", False
            certain = now if expired else now + backoff(delivery.attempts, error.retry_after)
        except DeliveryError as error:
            why, may_resend = f"{why}; {error}", channel.resend_if_unknown(delivery) and not expired
        except Exception as error:  # noqa: BLE001 -- as in `_send`
            _log.exception("%s: internal error while checking whether it arrived", delivery.recipient)
            why = f"{why}; internal error while checking whether it arrived ({type(error).__name__}), see the log"
            may_resend = False
        if remote_id is not None:
            return self._record(delivery, DeliveryState.SENT, remote_id=remote_id)
        if certain > now:
            return self._check_later(delivery, certain)
        if not may_resend or delivery.attempts - delivery.spared >= MAX_UNCERTAIN_ATTEMPTS:
            return self._record(delivery, DeliveryState.UNKNOWN, error=why)
        return self._requeue(delivery, why, ours=ours)

    def _check_later(self, delivery: Delivery, when: datetime) -> Delivery:
        self._next_checks[delivery.key] = when
        self._wake_at(when)
        return delivery

    def _requeue(self, delivery: Delivery, why: str, *, ours: bool) -> Delivery:
        """Pending once more: at once after a crash, later each time when answers keep getting lost."""
        self._lost_answers.pop(delivery.key, None)
        self._next_checks.pop(delivery.key, None)
        again = self._now() + (backoff(delivery.attempts - 1, 0.0) if ours else timedelta())
        self._wake_at(again)
        return self._record(delivery, DeliveryState.PENDING, error=why, not_before=again)

    def _parent(self, delivery: Delivery) -> Delivery | None:
        """Part 0 of the same message once it is in a final state."""
        if message_id(delivery) not in self._parents:
            row = self._outbox.parent(delivery)
            if row is not None and row.state in FINAL:
                self._remember_parent(row)
        return self._parents.get(message_id(delivery))

    def _record(self, delivery: Delivery, state: DeliveryState, *, error: str = "", **outcome: Any) -> Delivery:
        try:
            self.record_sent()
        finally:
            # Also when that one could not be recorded: it is set aside then, and so must this one be.
            settled = self._outbox.record_outcome(delivery, state, error=error, **outcome)
        return self._note(settled, error)

    def _note(self, settled: Delivery, error: str = "") -> Delivery:
        """Log it, and keep it for the report and for its later parts."""
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
            self.ended.add(settled)
            if settled.part == 0:
                self._remember_parent(settled)
        return settled

    def _remember_parent(self, settled: Delivery) -> None:
        if len(self._parents) >= LISTED:
            self._parents.clear()  # at once: to find the oldest of a dictionary takes the longer the more have left it
        self._parents[message_id(settled)] = settled
