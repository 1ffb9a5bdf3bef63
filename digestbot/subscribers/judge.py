"""Whether an address is suppressed for what came back from it: pure, and with a reason in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from ..model import ReturnedMail, ReturnKind, calendar_day
from ..text.mail_addresses import is_same

SOFT_EDITIONS: Final = 3
SOFT_WITHIN: Final = timedelta(days=14)
# A mailbox that is full is emptied after a holiday; one that is full for longer belongs to nobody.
FULL_EDITIONS: Final = 3
FULL_FOR: Final = timedelta(days=15)
_REMEMBERED: Final = timedelta(days=60)

_Named = tuple[str, date]  # an edition, whatever digest it is of


def reason_to_suppress(events: Iterable[ReturnedMail]) -> str:
    """Why nothing more is to be sent to the address that these events are of; empty where it is not suppressed.

    Never for a refusal by policy or a delay, nor for anything that is not proven.
    """
    counted = [event for event in events if event.proven]
    if not counted:
        return ""
    newest = max(event.at for event in counted)
    counted = sorted((one for one in counted if newest - one.at <= _REMEMBERED), key=lambda one: (one.at, one.id))
    for event in counted:
        kind = _kind(event)
        if kind is ReturnKind.COMPLAINT:
            return "the reader called a mail spam"
        if kind is ReturnKind.HARD:
            return f"there is no such mailbox{_said(event)}"
    return _softly(counted) or _full(counted)


def _kind(event: ReturnedMail) -> ReturnKind:
    """What the event says about the address that was written to.

    Where that hands its mail on, to one mailbox or to many, one that is missing there may be one of many.
    """
    elsewhere = event.address and event.recipient and not is_same(event.address, event.recipient)
    return ReturnKind.SOFT if event.kind is ReturnKind.HARD and elsewhere else event.kind


def _softly(events: Sequence[ReturnedMail]) -> str:
    failed = sorted({_edition(event): event for event in events if _kind(event) is ReturnKind.SOFT}.items(), key=_day)
    for first in range(len(failed) - SOFT_EDITIONS + 1):
        run = failed[first : first + SOFT_EDITIONS]
        begin, end = _day(run[0]), _day(run[-1])
        # Editions of several digests may all meet one bad evening of a server.
        if begin < end and end - begin <= SOFT_WITHIN:
            return f"{SOFT_EDITIONS} editions within two weeks came back{_said(run[-1][1])}"
    return ""


def _full(events: Sequence[ReturnedMail]) -> str:
    days = sorted(
        _day((edition, None)) for edition in {_edition(one) for one in events if _kind(one) is ReturnKind.FULL}
    )
    if len(days) >= FULL_EDITIONS and days[-1] - days[0] >= FULL_FOR:
        return f"the mailbox has been full for {(days[-1] - days[0]).days} days"
    return ""


def _edition(event: ReturnedMail) -> _Named:
    """Which edition came back. A provider may not say: then those of one day are one."""
    return (event.digest, event.edition) if event.edition else ("", event.at.date())


def _day(named: tuple[_Named, object]) -> date:
    return calendar_day(named[0][1])


def _said(event: ReturnedMail) -> str:
    said = " ".join(filter(None, (event.code * (event.code not in event.reason), event.reason)))
    return f": {said}" if said else ""
