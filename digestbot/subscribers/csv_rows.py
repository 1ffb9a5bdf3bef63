"""One reader a row: what a row of another program's file says, and how ours is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ..model import Frequency, Reader, Subscription, SubscriptionState, Suppression
from ..text.mail_addresses import AddressError, clean_address, mail_key
from .csv_form import Form
from .foreign_states import state_named

HEAD: Final = ("address", "list", "state", "since", "until", "consent", "consented", "frequency", "topics", "language",
               "format", "suppressed", "suppressed_since")  # fmt: skip
# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = re.compile(r"[=+\-@\t\r]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_FORGOTTEN: Final = "forgotten:"  # as the store keeps those
_MADE_HARMLESS = re.compile(r"'(?=[=+\-@\t\r])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a row says of one reader."""

    address: str  # as it was given
    key: str
    state: SubscriptionState
    at: datetime | None = None  # when they consented, left or bounced, as far as the file knows
    language: str = ""
    plain: bool = False
    frequency: Frequency = Frequency.EACH
    topics: tuple[str, ...] = ()
    list: str = ""  # of our own export: the list that the row is about
    reason: str = ""  # of our own export: why the address is suppressed


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that says nothing that can be kept."""

    line: int  # from 1
    reason: str


def read_row(row: Sequence[str], line: int, form: Form, now: datetime) -> Entry | BadRow:
    """What a row says. One whose state is not known is none: it might be of somebody who left."""
    cells = {what: _MADE_HARMLESS.sub("", row[at].strip()) for what, at in form.columns.items() if at < len(row)}
    address = clean_address(cells.get("address", ""))
    if not address:
        return BadRow(line, "has no address")
    if address.startswith(_FORGOTTEN):
        return BadRow(line, "stands for somebody who was forgotten: only the database it comes from knows the address")
    try:
        key = mail_key(address)
    except AddressError as error:
        return BadRow(line, f"“{address}” {error}")
    state = form.everybody or SubscriptionState.ACTIVE
    if word := cells.get("state", ""):
        named = state_named(word)
        if named is None:
            return BadRow(line, f"“{address}” has the state “{word}”, which is not known here")
        state = named
    left, bounced = _time(cells.get("left", ""), now), _time(cells.get("bounced", ""), now)
    at = _time(cells.get("consented", ""), now)
    # The strictest word counts: a column with a time at which somebody left is filled in for those alone.
    if cells.get("bounced") or cells.get("suppressed") or state is SubscriptionState.SUPPRESSED:
        state, at = SubscriptionState.SUPPRESSED, bounced
    elif cells.get("left") or state is SubscriptionState.UNSUBSCRIBED:
        state, at = SubscriptionState.UNSUBSCRIBED, left or _time(cells.get("since", ""), now)
    language = cells.get("language", "").lower().replace("_", "-")
    frequency = cells.get("frequency", "")
    return Entry(
        address=address,
        key=key,
        state=state,
        at=at,
        language=language if _LANGUAGE.fullmatch(language) else "",
        plain=cells.get("form", "").lower() in ("text", "plain"),
        frequency=Frequency(frequency) if frequency in set(Frequency) else Frequency.EACH,
        topics=tuple(one.strip() for one in cells.get("topics", "").split(";") if one.strip()),
        list=cells.get("list", ""),
        reason=cells.get("suppressed", ""),
    )


def rows_of(reader: Reader) -> Iterator[list[str]]:
    """The rows of our own export for one reader, a row a list."""
    for one in reader.subscriptions:
        yield _row(reader, one, reader.suppression)


def row_of(suppression: Suppression) -> list[str]:
    """The row of an address that is suppressed and that no subscriber has; of one who was forgotten, its hash."""
    return harmless([suppression.key, "", SubscriptionState.SUPPRESSED.value, *[""] * 8, suppression.reason,
                      _written(suppression.since)])  # fmt: skip


def _row(reader: Reader, one: Subscription, suppression: Suppression | None) -> list[str]:
    person = reader.subscriber
    return harmless([
        person.address,
        one.list,
        one.state.value,
        _written(one.since),
        _written(one.until),
        one.consent.value,
        _written(one.consented),
        one.frequency.value,
        "; ".join(one.topics),
        person.language,
        "text" if person.plain else "html",
        suppression.reason if suppression else "",
        _written(suppression.since if suppression else None),
    ])  # fmt: skip


def harmless(cells: list[str]) -> list[str]:
    """Cells that no spreadsheet takes for a formula."""
    return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells]


def _written(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _time(text: str, now: datetime) -> datetime | None:
    """A time as programs write it, in UTC where none is named; None for another form, and for one that is yet to come."""
    try:
        found = datetime.fromisoformat(text.replace(" UTC", "Z").replace(" +", "+"))
    except ValueError:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found if found <= now else None
