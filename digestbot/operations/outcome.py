"""How a run ended, for a person or a program."""

from __future__ import annotations

from collections.abc import Iterator

from ..deliver import DeliveryReport
from ..edition.pipeline import Outcome
from ..model import Delivery, DeliveryState, EditionState
from .status import delivery_as_dict, until

_SHOWN = 20  # recipients that are named one by one
_FIXES = {
    "slack": "look at DIGESTBOT_SLACK__TOKEN and DIGESTBOT_SLACK__API_URL, then run again",
    "webhook": "look at DIGESTBOT_WEBHOOKS__NAME and the way to its host, then run again",
    "mailto": "look at DIGESTBOT_SMTP__HOST, PORT, SECURITY, USERNAME and PASSWORD, then run again",
    "file": "look at the folder's permissions, then run again",
}


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """How a run ended, in sentences."""
    name = f"{outcome.edition.digest} {outcome.edition.date}"
    if outcome.no_feed_readable:
        yield f"{name}: no feed could be read, so nothing was sent; `digestbot check` says why"
        return
    if outcome.edition.state is EditionState.EMPTY:
        yield f"{name}: nothing new, so nothing was sent"
        return
    report = outcome.report or DeliveryReport()
    if outcome.repeated and not report.sent:
        yield f"{name}: was made before; nothing is sent again"
    if len(report.sent) > _SHOWN:
        yield f"{name}: sent to {len(report.sent)} recipients"
    for delivery in report.sent if len(report.sent) <= _SHOWN else ():
        yield f"{name}: sent to {delivery.recipient}" + (f" ({delivery.remote_id})" if delivery.remote_id else "")
    for channel, reason in report.stopped.items():
        yield f"{name}: {channel} is stopped: {reason}; {_FIXES.get(channel, 'run again when it is mended')}"
    others = [delivery for delivery in _troubled(report) if delivery.recipient.channel not in report.stopped]
    for delivery in others[:_SHOWN]:
        more = f"; {until(delivery)}" if delivery.state is DeliveryState.PENDING else ""
        if more and "cannot be reached" in delivery.error:
            more += f"; or {_FIXES[delivery.recipient.channel]}"
        yield f"{name}: {delivery.state} for {delivery.recipient}: {delivery.error or 'not tried yet'}{more}"
    if len(others) > _SHOWN:
        yield f"{name}: and {len(others) - _SHOWN} more; `digestbot status --json` names them all"


def _troubled(report: DeliveryReport) -> tuple[Delivery, ...]:
    failed = (delivery for delivery in report.settled if delivery.state is not DeliveryState.SENT)
    return (*failed, *report.waiting)


def outcome_as_dict(outcome: Outcome) -> dict[str, object]:
    """The same for programs."""
    report = outcome.report or DeliveryReport()
    return {
        "digest": outcome.edition.digest,
        "edition": outcome.edition.date.isoformat(),
        "state": str(outcome.edition.state),
        "repeated": outcome.repeated,
        "collected": not outcome.no_feed_readable,
        "deliveries": [delivery_as_dict(one) for one in (*report.sent, *_troubled(report))],
    }
