"""Alerts to operators: one when a problem begins, one when it ends. Which alerts are open is kept in the store."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..app.channels import channels
from ..deliver import DeliveryReport
from ..edition.delivering import unreachable
from ..model import Delivery, DeliveryState, Digest, EditionState, FeedState, Message, Recipient
from ..ports import Alerts, Channel, Store
from ..settings import Loaded
from ..text.sanitise import one_line, shorten
from ..text.web_addresses import masked
from .alert_sending import send_to_all

FEED_DOWN_AFTER = timedelta(days=1)  # feeds fail for some hours now and then, and come back by themselves
_RETRY_AFTER = timedelta(minutes=15)  # the account that is to carry the alert may be the one that is broken
_UNDELIVERED = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED)
# Problems whose end is worth an alert. The others end because an edition or an address is simply no longer looked at.
_RECOVERABLE = ("account ", "configuration", "digest ", "feed ", "feeds", "returned mails")
_MAX_RECIPIENTS = 3  # named in one alert
_MAX_SLACK_CHARS = 3900  # Slack recommends at most 4,000 characters of `text` (chat.postMessage)
_MAX_LINE = 600  # characters; what a feed or server says is much shorter
_EDITIONS = 2  # the latest of each digest: older ones are over

_log = logging.getLogger(__name__)


def open_problems(
    store: Store, reports: Sequence[DeliveryReport], *, feeds: Collection[str], digests: Iterable[str], now: datetime
) -> dict[str, str]:
    """Everything that an operator should know now: the reason, by what it is about (`feed reuters`, `account slack`)."""
    # Feeds that were taken out of the configuration are still stored, with the error of their last day.
    states = [state for name, state in store.items.states().items() if name in feeds]
    accounts = account_problems(store.alerts.open_alerts(), reports)
    digests = tuple(digests)
    others = feed_problems(states, now=now) | edition_problems(store, digests) | recipient_problems(store, digests)
    return accounts | others


def account_problems(open_alerts: Mapping[str, str], reports: Sequence[DeliveryReport]) -> dict[str, str]:
    """Accounts that no delivery can use, until a message has been sent through them again.

    A round without an attempt says nothing about an account: it does not end the problem.
    """
    works = {delivery.recipient.channel for report in reports for delivery in report.sent}
    stopped = {f"account {name}": reason for report in reports for name, reason in report.stopped.items()}
    known = {subject: reason for subject, reason in open_alerts.items() if subject.startswith("account ")}
    return {subject: reason for subject, reason in (known | stopped).items() if subject.split()[1] not in works}


def feed_problems(states: Iterable[FeedState], *, now: datetime) -> dict[str, str]:
    """Feeds that have failed for a day or are gone; or all of them together, from the second time on."""
    states = tuple(states)
    # All at once is rather our own network: one alert for it, and sooner; but not after a single short outage.
    if states and all(state.failures > 1 for state in states):
        return {"feeds": f"none of {len(states)} can be read; {states[0].name}: {states[0].error}"}
    down = (
        state
        for state in states
        if state.gone or (state.failing_since and now - state.failing_since >= FEED_DOWN_AFTER)
    )
    return {f"feed {state.name}": state.error or "gone" for state in down}


def edition_problems(store: Store, digests: Iterable[str]) -> dict[str, str]:
    """Of the latest editions: deliveries that ended without arriving, and editions that were missed."""
    problems: dict[str, str] = {}
    for digest in digests:
        for edition in store.editions.history(digest, limit=_EDITIONS):
            ends = {
                state: (count, store.outbox.all(digest=digest, day=edition.date, states={state}, limit=_MAX_RECIPIENTS))
                for (_, state), count in sorted(
                    store.outbox.tally(digest=digest, day=edition.date, states=_UNDELIVERED).items()
                )
            }
            if edition.state is EditionState.MISSED:
                problems[f"{digest} {edition.date}"] = "missed: digestbot was not running at that time, or it was held"
            elif ends:
                counts = ", ".join(f"{count} {state} ({_some(who, count)})" for state, (count, who) in ends.items())
                problems[f"{digest} {edition.date}"] = f"{counts}; see digestbot status"
    return problems


def _some(rows: Sequence[Delivery], count: int) -> str:
    return ", ".join(str(row.recipient) for row in rows) + (", ..." if count > len(rows) else "")


def recipient_problems(store: Store, digests: Iterable[str]) -> dict[str, str]:
    """Addresses that a digest does not send to any more."""
    return {
        f"recipient {recipient} of {digest}": reason
        for digest in digests
        for recipient, reason in unreachable(store, digest).items()
    }


@dataclass(slots=True, kw_only=True)
class AlertNotifier:
    """Sends alerts about what began or ended since the last ones."""

    alerts: Alerts
    recipients: tuple[Recipient, ...]
    open_channels: Callable[[], Mapping[str, Channel]]  # of their own: an attempt that hangs keeps what it was given
    _not_before: datetime | None = field(default=None, init=False)

    def notify(self, problems: Mapping[str, str], *, now: datetime, said: Collection[str] = ()) -> None:
        """Compare with the open alerts, send the difference, and record it once it may have arrived somewhere.

        What is in `said` is not logged: whoever looks at the log reads it elsewhere.

        Never raises a DeliveryError: an alert that reaches nobody is tried again a quarter of an hour later. Takes ten
        seconds at most.
        """
        open_alerts = self.alerts.open_alerts()
        begun = {subject: reason for subject, reason in problems.items() if subject not in open_alerts}
        ended = [subject for subject in open_alerts if subject not in problems]
        recovered = [subject for subject in ended if subject.startswith(_RECOVERABLE)]
        # Without recipients problems are recorded all the same: whoever is named later gets no alert about old ones.
        if (begun or recovered) and self.recipients:
            # A moment further away was set by a clock that was ahead.
            if self._not_before is not None and now < self._not_before <= now + _RETRY_AFTER:
                return
            self._not_before = now + _RETRY_AFTER
            lines = [f"{subject}: {reason}" for subject, reason in begun.items()]
            text = _message([*lines, *(f"{subject}: works again" for subject in recovered)], now)
            if not send_to_all(self.recipients, text, self.open_channels, now=now):
                return
            self._not_before = None
        for subject, reason in begun.items():
            if subject not in said:
                _log.error("%s: %s", subject, reason)
        # Nobody is told once more, but who looks sees today's reason.
        changed = {
            subject: reason for subject, reason in problems.items() if open_alerts.get(subject) not in (None, reason)
        }
        self.alerts.record({**begun, **changed}, forget=ended, now=now)


def _message(lines: Sequence[str], now: datetime) -> Message:
    lines = [masked(shorten(one_line(line), _MAX_LINE)) for line in lines]
    text = "\n".join(lines)
    subject = f"digestbot: {lines[0]}" + (f" (and {len(lines) - 1} more)" if len(lines) > 1 else "")
    escaped = html.escape(f"digestbot\n{text}", quote=False)  # HTML and Slack's text want the same three escaped
    return Message(
        digest=Digest(name="alerts", edition=now.date(), since=now, until=now, title="digestbot"),
        subject=subject,
        html=f"<html><body><pre>{escaped}</pre></body></html>",
        text=f"{text}\n",
        slack=({"text": escaped[:_MAX_SLACK_CHARS]},),
        json="{}",
    )


def alert_notifier(loaded: Loaded, store: Store) -> AlertNotifier:
    """Sends alerts to the configured recipients."""
    return AlertNotifier(
        alerts=store.alerts, recipients=loaded.settings.alerts.to, open_channels=lambda: channels(loaded)
    )
