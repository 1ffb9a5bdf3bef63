"""An operator is told once when something breaks, and once when it is mended; what was told is kept in the store."""

from __future__ import annotations

import html
import logging
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..deliver import DeliveryReport
from ..edition.pipeline import unreachable
from ..errors import DeliveryError, OutcomeUnknown
from ..model import Delivery, DeliveryState, Digest, EditionState, FeedState, Message, Recipient
from ..ports import Alerts, Channel, Store
from ..settings import Loaded

DOWN = timedelta(days=1)  # from here on a feed that fails is worth a word
_PAUSE = timedelta(minutes=15)  # between attempts to tell anybody
_TROUBLED = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.EXPIRED)
_MENDABLE = ("account ", "digest ", "feed ", "feeds")
_NAMED = 3  # recipients, in one alert
_LATEST = 2  # editions of each digest that are looked at

_log = logging.getLogger(__name__)


def troubles(
    store: Store, reports: Sequence[DeliveryReport], *, feeds: Collection[str], digests: Iterable[str], now: datetime
) -> dict[str, str]:
    """Everything that an operator should know of now, by what it is about."""
    states = [state for name, state in store.items.states().items() if name in feeds]
    accounts = account_troubles(store.alerts.open_alerts(), reports)
    digests = tuple(digests)
    known = accounts | feed_troubles(states, now=now) | edition_troubles(store, digests)
    return known | recipient_troubles(store, digests)


def account_troubles(standing: Mapping[str, str], reports: Sequence[DeliveryReport]) -> dict[str, str]:
    """Accounts that stopped, until a message has gone out through them again.

    Between two attempts nothing is heard of a broken account: that alone does not mend it.
    """
    works = {delivery.recipient.channel for report in reports for delivery in report.sent}
    stopped = {f"account {name}": reason for report in reports for name, reason in report.stopped.items()}
    known = {subject: reason for subject, reason in standing.items() if subject.startswith("account ")}
    return {subject: reason for subject, reason in (known | stopped).items() if subject.split()[1] not in works}


def feed_troubles(states: Iterable[FeedState], *, now: datetime) -> dict[str, str]:
    """Feeds that have failed for a day or are gone; or all of them, as soon as that has happened twice."""
    states = tuple(states)
    if states and all(state.failures > 1 for state in states):
        return {"feeds": f"none of {len(states)} can be read; {states[0].name}: {states[0].error}"}
    down = (state for state in states if state.gone or (state.failing_since and now - state.failing_since >= DOWN))
    return {f"feed {state.name}": state.error or "gone" for state in down}


def edition_troubles(store: Store, digests: Iterable[str]) -> dict[str, str]:
    """Deliveries of the latest editions that ended without arriving, and editions that were missed."""
    troubles: dict[str, str] = {}
    for digest in digests:
        for edition in store.editions.history(digest, limit=_LATEST):
            ends: dict[DeliveryState, list[str]] = {}
            for row in store.outbox.all(digest=digest, day=edition.date):
                if row.state in _TROUBLED:
                    ends.setdefault(row.state, []).append(str(row.recipient))
            if edition.state is EditionState.MISSED:
                troubles[f"{digest} {edition.date}"] = "missed: nothing was running"
            elif ends:
                counts = ", ".join(f"{len(who)} {state} ({_some(who)})" for state, who in sorted(ends.items()))
                troubles[f"{digest} {edition.date}"] = f"{counts}; see digestbot status"
    return troubles


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def recipient_troubles(store: Store, digests: Iterable[str]) -> dict[str, str]:
    """Addresses that a digest has given up."""
    return {
        f"recipient {recipient} of {digest}": reason
        for digest in digests
        for recipient, reason in unreachable(store, digest).items()
    }


@dataclass(slots=True, kw_only=True)
class AlertNotifier:
    """Tells what is new, to everybody who is to know."""

    alerts: Alerts
    recipients: tuple[Recipient, ...]
    channels: Mapping[str, Channel]
    _not_before: datetime | None = field(default=None, init=False)

    def notify(self, troubles: Mapping[str, str], *, now: datetime) -> None:
        """Compare with what was told, tell the difference, and remember it once somebody may have heard.

        Never raises a DeliveryError: an alarm that cannot be heard is tried again a quarter of an hour later.
        """
        standing = self.alerts.open_alerts()
        begun = {subject: reason for subject, reason in troubles.items() if subject not in standing}
        ended = [subject for subject in standing if subject not in troubles]
        mended = [subject for subject in ended if subject.startswith(_MENDABLE)]
        if (begun or mended) and self.recipients:
            if self._not_before is not None and now < self._not_before:
                return
            self._not_before = now + _PAUSE
            lines = [f"{subject}: {reason}" for subject, reason in begun.items()]
            if not self._tell([*lines, *(f"{subject}: works again" for subject in mended)], now=now):
                return
            self._not_before = None
        for subject, reason in begun.items():
            _log.error("%s: %s", subject, reason)
        self.alerts.record(begun, forget=ended, now=now)

    def _tell(self, lines: Sequence[str], *, now: datetime) -> bool:
        """Whether anybody may have heard."""
        heard = False
        for recipient in self.recipients:
            try:
                self._send(recipient, lines, now=now)
                heard = True
            except OutcomeUnknown:
                heard = True
            except DeliveryError as error:
                _log.error("%s cannot be told: %s", recipient, error)
        return heard

    def _send(self, recipient: Recipient, lines: Sequence[str], *, now: datetime) -> None:
        channel = self.channels[recipient.channel]
        key = secrets.token_hex(16)
        name = f"alerts-{now:%Y-%m-%dT%H%M%S}"  # a folder of its own: one more on the same day must not replace it
        try:
            for part, payload in enumerate(channel.encode(_message(lines, now), recipient.address, key=key, now=now)):
                delivery = Delivery(
                    digest=name, edition=now.date(), recipient=recipient, key=f"{key}-{part}", payload=payload
                )
                channel.send(delivery, parent="")
        finally:
            channel.close()


def _message(lines: Sequence[str], now: datetime) -> Message:
    text = "\n".join(lines)
    subject = f"digestbot: {lines[0]}" + (f" (and {len(lines) - 1} more)" if len(lines) > 1 else "")
    escaped = html.escape(f"digestbot\n{text}", quote=False)  # HTML and Slack's text want the same three escaped
    return Message(
        digest=Digest(name="alerts", edition=now.date(), since=now, until=now, title="digestbot"),
        subject=subject,
        html=f"<html><body><pre>{escaped}</pre></body></html>",
        text=f"{text}\n",
        slack=({"text": escaped[:3900]},),
        json="{}",
    )


def alarm(loaded: Loaded, store: Store, made: Mapping[str, Channel]) -> AlertNotifier:
    """Tells the configured recipients what breaks, through channels made before."""
    return AlertNotifier(alerts=store.alerts, recipients=loaded.settings.alerts.to, channels=made)
