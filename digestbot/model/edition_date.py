"""The name of an edition: its local date, and the time it was planned for where a digest has several a day."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

_FORM = re.compile(r"(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):?([0-5]\d)", re.IGNORECASE)


class EditionDate(date):
    """A date with a planned time, `2026-05-27T1800`; a plain `date` names the only edition of its day.

    It is a date to whatever asks for year, month and day. It equals no plain date, and comes after the one of its day.
    Without a colon: it is also the name of a folder.
    """

    __slots__ = ("at",)
    at: time

    def __new__(cls, year: int, month: int, day: int, at: time | None = None) -> Any:
        """Without a time a plain date: so does arithmetic with days make one."""
        if at is None:
            return date(year, month, day)
        made = super().__new__(cls, year, month, day)
        made.at = at
        return made

    @classmethod
    def of(cls, day: date, at: time) -> EditionDate:
        """The edition of this date that is planned for this time."""
        made: EditionDate = cls(day.year, day.month, day.day, at)
        return made

    def isoformat(self) -> str:
        return f"{super().isoformat()}T{self.at:%H%M}"

    __str__ = isoformat

    def __repr__(self) -> str:
        return f"EditionDate({self.isoformat()!r})"

    def __reduce__(self) -> tuple[type[EditionDate], tuple[int, int, int, time]]:
        return EditionDate, (self.year, self.month, self.day, self.at)

    def __hash__(self) -> int:
        return hash(self.isoformat())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EditionDate) and order(self) == order(other)

    def __ne__(self, other: object) -> bool:
        return not self == other  # date has its own, which compares days

    def __lt__(self, other: date) -> bool:
        return order(self) < order(other)

    def __le__(self, other: date) -> bool:
        return order(self) <= order(other)

    def __gt__(self, other: date) -> bool:
        return order(self) > order(other)

    def __ge__(self, other: date) -> bool:
        return order(self) >= order(other)


def order(name: date) -> tuple[int, int]:
    """What names of editions are sorted by: the day, then the time; a plain date stands first of its day."""
    return name.toordinal(), name.at.hour * 60 + name.at.minute if isinstance(name, EditionDate) else -1


def calendar_day(name: date) -> date:
    """The local date that an edition belongs to, by itself: for what a calendar decides, such as `until 2026-07-20`."""
    return date(name.year, name.month, name.day)


def is_of(name: date, wanted: date) -> bool:
    """Whether this edition is meant by a name, or by a date that may have several."""
    return name == wanted or (not isinstance(wanted, EditionDate) and calendar_day(name) == wanted)


def parse_edition(text: str) -> date:
    """A name as it is written: `2026-05-27`, `2026-05-27T1800`; also `2026-05-27T18:00`.

    Raises:
        ValueError: it is none.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        return date.fromisoformat(text.strip())
    return EditionDate.of(date.fromisoformat(found[1]), time(int(found[2]), int(found[3])))
