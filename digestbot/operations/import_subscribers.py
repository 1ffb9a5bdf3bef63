"""Import the readers of another program into a list, from a CSV file. Nothing is sent.

In batches, each one transaction: an import that was cut off can be run again, and ends as if it had not been.
"""

from __future__ import annotations

import csv
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

from ..errors import ConfigError, Stopped
from ..model import Consent, Refusal, Subscriber, Subscription, SubscriptionState
from ..ports import Progress, Store
from ..subscribers.admission import admit
from ..subscribers.csv_form import SAMPLE, Form, FormError, encoding_of, form_of
from ..subscribers.csv_rows import BadRow, Entry, read_row
from ..text.counting import counted

BATCH: Final = 1000
SHOWN: Final = 20  # bad rows that are named
_ZIP: Final = b"PK\x03\x04"  # Mailchimp's archive of three files, and Excel's own form
_PIECE: Final = 1 << 20
_REASON: Final = "bounced or blocked elsewhere, as an imported file said"
_SKIPPED: Final = {
    Refusal.KNOWN: "there already",
    Refusal.UNSUBSCRIBED: "unsubscribed here and left so",
    Refusal.SUPPRESSED: "suppressed and left so",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """On what terms rows become readers."""

    name: str  # of the list
    confirmed: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFile:
    """A file of readers, and how it is written."""

    path: Path
    encoding: str
    form: Form
    rows: int


@dataclass(kw_only=True)
class Imported:
    """What became of the rows."""

    kept: Counter[SubscriptionState] = field(default_factory=Counter)  # by the state they have now
    left: Counter[Refusal] = field(default_factory=Counter)  # as they were
    suppressed: int = 0  # addresses that are newly suppressed
    other_lists: int = 0  # rows of our own export about another list
    bad: list[BadRow] = field(default_factory=list)  # the first ones
    bad_count: int = 0

    def lines(self) -> list[str]:
        """For people."""
        states = ", ".join(f"{number} {state}" for state, number in sorted(self.kept.items()))
        lines = [f"Imported {counted(self.kept.total(), 'reader')}" + (f": {states}" if states else "")]
        lines += [f"{number} {_SKIPPED[why]}" for why, number in sorted(self.left.items())]
        if self.suppressed:
            lines.append(f"{counted(self.suppressed, 'address', 'addresses')} suppressed, as the file says")
        if self.other_lists:
            lines.append(f"{counted(self.other_lists, 'row')} about other lists passed over")
        return lines

    def problems(self) -> list[str]:
        """The rows that could not be read, each with its line; beyond the first ones how many."""
        named = [f"line {row.line}: {row.reason}" for row in self.bad]
        more = self.bad_count - len(self.bad)
        return [*named, f"and {counted(more, 'more row')} like these"] if more else named

    def as_dict(self) -> dict[str, Any]:
        return {
            "imported": {state.value: number for state, number in sorted(self.kept.items())},
            "left": {why.value: number for why, number in sorted(self.left.items())},
            "suppressed": self.suppressed,
            "other_lists": self.other_lists,
            "bad": self.bad_count,
            "bad_rows": [{"line": row.line, "reason": row.reason} for row in self.bad],
        }


def look_at(path: Path) -> ReaderFile:
    """Read a file once, to find out how it is written; nothing is kept of it.

    Raises:
        ConfigError: it cannot be read, or is no file of readers.
    """
    with _told(path):
        if path.exists() and not path.is_file():
            raise FormError("is no file: save what it holds as one first, for it is read several times")
        with path.open("rb") as file:
            if file.peek(4)[:4] == _ZIP:
                raise FormError("is a ZIP archive or a spreadsheet, not CSV: unpack it, or save it as CSV")
            encoding = encoding_of(iter(lambda: file.read(_PIECE), b""))
        with _opened(path, encoding) as text:
            form = form_of(list(islice(text, SAMPLE * 4)), path.name)
        with _opened(path, encoding) as text:
            rows = sum(1 for _ in _rows(text, form))
    return ReaderFile(path=path, encoding=encoding, form=form, rows=rows)


def import_readers(
    store: Store,
    file: ReaderFile,
    name: str,
    *,
    confirmed: bool,
    now: datetime,
    progress: Progress,
    stop: threading.Event | None = None,
) -> Imported:
    """Make readers of a list of the rows of a file.

    Args:
        store: where they are kept.
        file: as `look_at` found it.
        name: the list.
        confirmed: whether they consented where they come from. Else they are pending.
        now: when this is.
        progress: where it is told how far it has come.
        stop: set when a signal came: no other batch is begun.

    Raises:
        ConfigError: the file cannot be read any more. What was imported until then stays.
        Stopped: a signal came.
    """
    done, last = Imported(), 0
    progress.stage("import", total=-(-file.rows // BATCH))
    with _told(file.path), _opened(file.path, file.encoding) as text:
        every = _rows(text, file.form)
        while rows := tuple(islice(every, BATCH)):
            if stop is not None and stop.is_set():
                progress.done(rows=file.rows, until=last)
                raise Stopped(
                    f"stopped by a signal; what was imported until line {last} stays: run it again for the rest"
                )
            entries = _entries(rows, file.form, name, now, done)
            _keep(store, entries, _Terms(name=name, confirmed=confirmed, now=now), done)
            last = rows[-1][0]
            progress.step(f"line {last}")
    progress.done(rows=file.rows, kept=done.kept.total(), left=done.left.total(), bad=done.bad_count)
    return done


def _entries(
    rows: tuple[tuple[int, list[str]], ...], form: Form, name: str, now: datetime, done: Imported
) -> list[Entry]:
    entries: list[Entry] = []
    for line, row in rows:
        entry = read_row(row, line, form, now)
        if isinstance(entry, BadRow):
            done.bad_count += 1
            if len(done.bad) < SHOWN:
                done.bad.append(entry)
        elif entry.list and entry.list != name:
            done.other_lists += 1
        else:
            entries.append(entry)
    return entries


def _keep(store: Store, entries: list[Entry], terms: _Terms, done: Imported) -> None:
    barred = {one.address: one.reason or _REASON for one in entries if one.state is SubscriptionState.SUPPRESSED}
    wanted = [_wanted(one, terms) for one in entries if one.state is not SubscriptionState.SUPPRESSED]
    if barred:
        done.suppressed += store.suppressions.suppress_all(barred, now=terms.now)
    for answer in store.subscribers.enrol(wanted, admit):
        if isinstance(answer, Refusal):
            done.left[answer] += 1
        else:
            done.kept[answer.state] += 1


def _wanted(entry: Entry, terms: _Terms) -> tuple[Subscriber, Subscription]:
    left = entry.state is SubscriptionState.UNSUBSCRIBED
    now = terms.now
    consents = terms.confirmed and entry.state in {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}
    subscription = Subscription(
        list=terms.name,
        state=entry.state if left or consents else SubscriptionState.PENDING,
        since=entry.at or now if left or consents else now,
        consent=Consent.IMPORT,
        consented=(entry.at or now) if consents else None,
        frequency=entry.frequency,
        topics=entry.topics,
    )
    return Subscriber(address=entry.address, key=entry.key, language=entry.language, plain=entry.plain), subscription


def _rows(text: TextIO, form: Form) -> Iterator[tuple[int, list[str]]]:
    """Every row that holds something, with the line that it begins in, from 1."""
    for _ in range(form.skipped):
        next(text, "")
    reader = csv.reader(text, delimiter=form.delimiter)
    headed, begins = form.headed, 1
    for row in reader:
        if any(cell.strip() for cell in row):
            if not headed:
                yield begins + form.skipped, row
            headed = False
        begins = reader.line_num + 1


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="replace", newline="")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror}", "name a CSV file") from error
    except FormError as error:
        raise ConfigError(str(path), str(error), "export it as CSV, one reader a line") from None
    except csv.Error as error:
        raise ConfigError(str(path), f"is no CSV: {error}", "look for a quote that is never closed") from None
