"""What words would have found among the items that are stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..model import Item
from ..topics import Match, Topic, Topics, ticker_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The stored items that a topic finds."""

    items: tuple[tuple[Item, Match], ...]  # newest first
    days: Mapping[date, int]  # every day of the time looked at, oldest first
    looked_at: int

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {
            "looked_at": self.looked_at,
            "found": len(self.items),
            "days": {day.isoformat(): count for day, count in self.days.items()},
            "items": [
                {"id": item.id, "title": item.title, "source": item.source, "url": item.url, "terms": list(match.terms)}
                for item, match in self.items
            ],
        }


def find(topic: Topic, items: Sequence[Item], *, since: datetime, until: datetime, zone: str) -> Found:
    """Match a topic against items, and count by local day."""
    topics = Topics((topic,), ticker_names([topic], items))
    found = [(item, matches[topic.name]) for item in items if (matches := topics.match_item(item))]
    local = ZoneInfo(zone)
    counts = Counter(item.effective_time.astimezone(local).date() for item, _ in found if item.effective_time)
    first, last = since.astimezone(local).date(), until.astimezone(local).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return Found(items=tuple(reversed(found)), days={day: counts[day] for day in days}, looked_at=len(items))
