"""How a run ended, for a person or a program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from ..deliver import DeliveryReport
from ..edition.pipeline import Outcome
from ..model import Delivery, DeliveryState, EditionState
from ..settings import CHANNELS
from ..settings.values import WEEKDAYS
from .status import LOOKED_UP, delivery_as_dict, until

_SAME = "says what the edition said before: neither its items nor the settings have changed anything in it"
_SHOWN = 20  # recipients that are named one by one


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """How a run ended, in sentences."""
    name = f"{outcome.edition.digest} {outcome.edition.date}"
    name += f", revision {outcome.revision}" if outcome.revision else ""
    if outcome.no_feed_readable or outcome.held:
        unreadable = "no feed could be read, so nothing was sent; `digestbot check` says why"
        yield f"{name}: {held_sentence(outcome.held) if outcome.held else unreadable}"
        return
    if outcome.no_day:
        yield no_day_sentence(name, outcome.edition.date)
    if outcome.unsent or outcome.edition.state is EditionState.EMPTY:
        unsent = outcome.unsent or f"nothing new, so nothing was sent{next_sentence(outcome.next_due)}"
        yield f"{name}: {unsent}"
        return
    yield from _delivery_lines(name, outcome)
    if outcome.next_due and not (outcome.repeated or outcome.revision):
        # Whoever tries `run` for the first time does not expect that it takes the place of the edition at AT.
        yield f"{name}: it is made now, and not once more at its hour{next_sentence(outcome.next_due)}"


def _delivery_lines(name: str, outcome: Outcome) -> Iterator[str]:
    report = outcome.report or DeliveryReport()
    if outcome.unchanged or (outcome.repeated and not report.sent):
        yield f"{name}: {_SAME if outcome.unchanged else f'was made before; nothing is sent again{next_sentence(outcome.next_due)}'}"
    if report.sent_count > _SHOWN:
        yield f"{name}: sent to {report.sent_count} recipients"
    for delivery in report.sent if report.sent_count <= _SHOWN else ():
        yield f"{name}: sent to {delivery.recipient}" + (f" ({delivery.remote_id})" if delivery.remote_id else "")
    for channel, reason in report.stopped.items():
        yield f"{name}: {channel} is stopped: {reason}; {_remedy(channel)}"
    others = [delivery for delivery in _troubled(report) if delivery.recipient.channel not in report.stopped]
    for delivery in others[:_SHOWN]:
        yield f"{name}: {why_not_sent(delivery, held=delivery.key in report.held)}"
    if (more := len(others) - _SHOWN + report.more_waiting) > 0:
        yield f"{name}: and {more} more; `digestbot status --json` names them all"


def next_sentence(due: datetime | None) -> str:
    """When the next edition of the digest is due, as the end of a sentence."""
    return f"; the next edition is due {due:%a %d %b %H:%M %Z}" if due else ""


def held_sentence(who: str) -> str:
    """Why a run makes no edition that an operator holds."""
    return f"held by {who} at the admin pages, so no edition is made; --force makes it all the same"


def no_day_sentence(name: str, day: date) -> str:
    return (
        f"{name}: no edition on {WEEKDAYS[day.weekday()].capitalize()} (DAYS, WEEKEND); --force makes one all the same"
    )


def why_not_sent(delivery: Delivery, *, held: bool = False, recorded: bool = True) -> str:
    """What became of a delivery that is not sent, in words.

    Args:
        delivery: the delivery.
        held: whether another process is at it.
        recorded: whether anybody tries it again; of a test nothing is recorded.
    """
    if held:
        return f"another process is sending it to {delivery.recipient}"
    if delivery.state is DeliveryState.SENDING:
        return f"was tried for {delivery.recipient}, and it is not known yet whether it arrived; {LOOKED_UP}"
    waits = delivery.state is DeliveryState.PENDING
    # The one failure where settings may be wrong without a refusal. Our channels all say it in these words.
    remedy = _remedy(delivery.recipient.channel) if waits and "cannot be reached" in delivery.error else ""
    if not recorded:
        return f"{delivery.recipient}: {delivery.error or 'not tried'}" + (f"; {remedy}" if remedy else "")
    more = f"; {until(delivery)}" if waits else ""
    more += f"; or {remedy}" if remedy else ""
    return f"{delivery.state} for {delivery.recipient}: {delivery.error or 'not tried yet'}{more}"


def _remedy(channel: str) -> str:
    """What to look at when an account was refused or could not be reached."""
    plugin = CHANNELS.plugins.get(channel)
    return (plugin.remedy if plugin else "") or f"look at the settings of {channel}:, then run again"


def _troubled(report: DeliveryReport) -> tuple[Delivery, ...]:
    failed = (delivery for delivery in report.settled if delivery.state is not DeliveryState.SENT)
    return (*failed, *report.waiting)


def outcome_as_dict(outcome: Outcome) -> dict[str, object]:
    """The same for programs."""
    report = outcome.report or DeliveryReport()
    return {
        "digest": outcome.edition.digest,
        "edition": outcome.edition.date.isoformat(),
        "state": "none" if outcome.no_day or outcome.held else str(outcome.edition.state),
        "held": outcome.held,
        "repeated": outcome.repeated,
        "revision": outcome.revision,
        "unchanged": outcome.unchanged,
        "collected": not outcome.no_feed_readable,
        "sent": report.sent_count,
        "waiting": report.waiting_count,
        "deliveries": [delivery_as_dict(one) for one in (*report.sent, *_troubled(report))],
    }
