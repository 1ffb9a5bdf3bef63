"""How a file of readers is written: its encoding, what divides its columns, and which column is what. Guessed from what it holds."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..model import SubscriptionState
from .foreign_states import plain_name, state_named, state_of_file

DELIMITERS: Final = ",;\t|"
SAMPLE: Final = 50  # rows that a guess is made from
# By what a column is for, its names in the exports of listmonk, Mailchimp, Mailman, Buttondown and our own; the first that fits counts.
_NAMES: Final = {
    "address": "email email_address e_mail e_mail_address mail address subscriber_email member_email adresse courriel correo",
    "state": "state status subscriber_type type subscription_status subscriber_status member_status delivery_status",
    "left": "unsub_time unsubscription_date unsubscribed_at unsubscribe_date",
    "bounced": "clean_time cleaned_at bounced_at undeliverability_date",
    "consented": "consented confirm_time confirmed_at optin_time opt_in_time creation_date created_at subscribed_at subscribe_date date_added",
    "language": "language lang locale",
    "form": "format email_type form",
    "list": "list",
    "since": "since",
    "frequency": "frequency",
    "topics": "topics",
    "suppressed": "suppressed",
}
_OURS: Final = frozenset(
    {"list", "since", "frequency", "topics", "suppressed"}
)  # names that elsewhere may mean anything


class FormError(ValueError):
    """The file cannot be read as one of readers; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a file is written."""

    delimiter: str = ","
    headed: bool = True  # its first row names the columns
    columns: dict[str, int] = field(default_factory=dict)  # by what they are for
    names: tuple[str, ...] = ()  # as the file calls its columns
    everybody: SubscriptionState | None = None  # of rows that tell no state, by the file's name
    skipped: int = 0  # lines before the first row

    def lines(self) -> list[str]:
        """What was guessed, for people."""
        if not self.headed:
            return [f"The file names no columns: addresses are read from column {self.columns['address'] + 1}"]
        told = [f"{what} from {self.names[at]!r}" for what, at in self.columns.items()]
        others = [repr(name) for at, name in enumerate(self.names) if at not in self.columns.values() and name.strip()]
        lines = ["Columns: " + ", ".join(told)]
        if others:
            lines.append("Not kept: " + ", ".join(others))
        if self.everybody and not {"state", "left", "bounced"} & self.columns.keys():
            lines.append(f"Everybody in it is {self.everybody}, as the file's name says")
        return lines


def encoding_of(pieces: Iterable[bytes]) -> str:
    """The encoding of a text that comes in pieces: by its byte order mark, its zeros, or whether all of it is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for number, piece in enumerate(pieces):
        if not number:
            if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            if zeros := piece[:200].count(0):
                # Latin letters in UTF-16 have a zero in every second byte, the first one in big-endian order.
                return "utf-16-be" if piece[:200:2].count(0) * 2 > zeros else "utf-16-le"
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return "cp1252"  # what Excel writes in the West
    return "utf-8-sig"


def form_of(lines: Sequence[str], name: str) -> Form:
    """How a file is written, by its first lines and its name.

    Raises:
        FormError: no column holds addresses.
    """
    # Excel's own word for what divides columns, before the first row.
    skipped = int(bool(lines) and lines[0].lower().startswith("sep="))
    lines = lines[skipped:]
    delimiter = max(DELIMITERS, key=lambda one: _fits(lines, one))
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in row)][: SAMPLE + 1]
    if not rows:
        raise FormError("holds nothing")
    if any("@" in cell for cell in rows[0]):
        columns = {"address": _fullest(rows)}
        return Form(delimiter=delimiter, headed=False, columns=columns, everybody=state_of_file(name), skipped=skipped)
    names = tuple(cell.strip() for cell in rows[0])
    columns = _columns([plain_name(one) for one in names], rows[1:])
    return Form(delimiter=delimiter, columns=columns, names=names, everybody=state_of_file(name), skipped=skipped)


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    own = "frequency" in names and "consent" in names
    found: dict[str, int] = {}
    for what, known in _NAMES.items():
        named = [names.index(one) for one in known.split() if one in names]
        if named and (own or what not in _OURS):
            found[what] = named[0]
    # `type` may mean anything. A status that nobody here knows stays one: it might say that somebody left.
    if "state" in found and names[found["state"]] == "type" and not _holds_states(rows, found["state"]):
        del found["state"]
    if rows and not _holds_addresses(rows, found.get("address", -1)) and (at := _fullest(rows)) >= 0:
        others = {what: other for what, other in found.items() if other != at and what != "address"}
        found = {"address": at, **others}
    if "address" not in found:
        raise FormError("has no column of addresses: call it email in the first line")
    return found


def _holds_addresses(rows: Sequence[Sequence[str]], at: int) -> bool:
    return at >= 0 and any(at < len(row) and "@" in row[at] for row in rows)


def _holds_states(rows: Sequence[Sequence[str]], at: int) -> bool:
    return any(at < len(row) and state_named(row[at]) for row in rows)


def _fullest(rows: Sequence[Sequence[str]]) -> int:
    """The column with the most addresses; -1 where none has one."""
    counts = [sum(at < len(row) and "@" in row[at] for row in rows) for at in range(max(map(len, rows)))]
    return counts.index(max(counts)) if any(counts) else -1


def _fits(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """How many of the rows have as many columns as the first one, and how many columns that is; one column tells nothing."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row][:SAMPLE]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]
