"""Every time zone, a year, seven times of day: exactly one edition for each local date.

    python benchmarks/sweep.py [YEAR] [--compare]

With --compare it does the same with APScheduler's cron and calendar triggers, which takes minutes. Exits 1 when an edition of ours was
lost or doubled.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import repeat
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.calendarinterval import CalendarIntervalTrigger
from apscheduler.triggers.cron import CronTrigger

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from sweep_zones import doubled_or_lost

TIMES = tuple(time.fromisoformat(text) for text in ("00:00", "00:30", "01:30", "02:30", "03:30", "07:30", "23:30"))


def by_due(zone: str, at: time, year: int) -> int:
    return len(doubled_or_lost(zone, at, date(year, 1, 1)))


def by_trigger(make: Callable[..., BaseTrigger], zone: str, at: time, year: int) -> int:
    """How many local dates of a year a trigger fires on more or less than once."""
    tz = ZoneInfo(zone)
    trigger = make(hour=at.hour, minute=at.minute, timezone=tz)
    fired: Counter[date] = Counter()
    now = datetime(year, 1, 1, tzinfo=tz)
    previous = None
    while now.year == year and sum(fired.values()) < 800:
        previous = trigger.get_next_fire_time(previous, now)
        if previous is None or previous.astimezone(tz).year != year:
            break
        fired[previous.astimezone(tz).date()] += 1
        now = (previous.astimezone(UTC) + timedelta(microseconds=1)).astimezone(tz)
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    return sum(fired[day] != 1 for day in days)


def main(year: int, *, compare: bool) -> int:
    zones = sorted(available_timezones() - {"localtime"})
    ways = {"digestbot": by_due}
    if compare:
        daily = partial(CalendarIntervalTrigger, days=1, start_date=date(year, 1, 1))
        ways |= {"CronTrigger": partial(by_trigger, CronTrigger), "CalendarIntervalTrigger": partial(by_trigger, daily)}
    print(f"{len(zones)} zones, {year}: local dates without exactly one edition, by time of day")
    print(f"{'':24}" + "".join(f"{at:%H:%M}".rjust(8) for at in TIMES))
    ours = 0
    with ProcessPoolExecutor() as workers:
        for name, count in ways.items():
            wrong = [sum(workers.map(count, zones, repeat(at), repeat(year), chunksize=20)) for at in TIMES]
            print(f"{name:24}" + "".join(f"{number:8}" for number in wrong), flush=True)
            ours += sum(wrong) if name == "digestbot" else 0
    return 1 if ours else 0


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--compare"]
    sys.exit(main(int(words[0]) if words else 2027, compare="--compare" in sys.argv))
