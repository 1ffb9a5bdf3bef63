"""`digestbot export`: the ledger as CSV, a row a delivery."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final, TextIO

from ..errors import Stopped
from ..model import Delivery
from ..ports import Store
from ..subscribers.csv_rows import harmless
from ..text.sanitise import printable
from ..text.web_addresses import masked

HEAD: Final = ("digest", "edition", "revision", "recipient", "part", "state", "attempts", "last_attempt", "next_attempt",
               "deadline", "remote_id", "reason", "list")  # fmt: skip
_PAGE: Final = 2000


def export_ledger(
    store: Store, out: TextIO, editions: Iterable[tuple[str, date]], *, stopped: Callable[[], bool] = lambda: False
) -> int:
    """Write every delivery of these editions, by recipient; how many rows.

    Raises:
        Stopped: before all was written.
    """
    rows = csv.writer(out)
    rows.writerow(HEAD)
    count = 0
    for digest, edition in editions:
        last: Delivery | None = None
        while page := store.ledger.page(digest=digest, edition=edition, after=last, limit=_PAGE):
            if stopped():
                raise Stopped("stopped by a signal before the end; nothing was written")
            rows.writerows(map(_row, page))
            count += len(page)
            last = page[-1]
    return count


def editions_since(store: Store, names: Iterable[str], since: Callable[[str], date | None]) -> list[tuple[str, date]]:
    """Digest and name of every edition that may have deliveries, oldest first; of each digest those since a date."""
    found: list[tuple[str, date]] = []
    for name in names:
        first = since(name)
        found += [(name, day) for day in sorted(store.editions.dates(name)) if first is None or day >= first]
    return found


def _row(one: Delivery) -> list[str]:
    words = (str(one.recipient), one.remote_id and masked(one.remote_id), one.error and masked(one.error))
    digest, recipient, remote_id, reason, of_list = harmless([one.digest, *map(printable, words), one.list])
    return [
        digest,
        one.edition.isoformat(),
        str(one.revision),
        recipient,
        str(one.part),
        one.state.value,
        str(one.attempts),
        _written(one.claimed),
        _written(one.not_before),
        _written(one.deadline),
        remote_id,
        reason,
        of_list,
    ]


def _written(at: datetime | None) -> str:
    return f"{at.replace(microsecond=0, tzinfo=None).isoformat()}Z" if at else ""
