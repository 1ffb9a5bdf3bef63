"""`digestbot topics test`: which stored items a topic would have matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..model import Item
from ..topics import Match, Topic, Topics, inside_names, ticker_names


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTest:
    """The stored items that a topic matches."""

    topic: Topic
    items: tuple[tuple[Item, Match], ...]  # newest first
    days: Mapping[date, int]  # how many match, by local date, for every day of the search; oldest first
    looked_at: int  # how many items were searched

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return {
            "looked_at": self.looked_at,
            "found": len(self.items),
            "days": {day.isoformat(): count for day, count in self.days.items()},
            "items": [
                {
                    "id": item.id,
                    "title": item.title,
                    "source": item.source,
                    "url": item.url,
                    "terms": list(match.terms),
                    "inside": [
                        {"term": one.term, "name": one.name, "exclusion": one.exclusion}
                        for one in inside_names(self.topic, item)
                    ],
                }
                for item, match in self.items
            ],
        }


def try_topic(topic: Topic, items: Sequence[Item], *, since: datetime, until: datetime, zone: str) -> TopicTest:
    """Match a topic against items, and count the matches by local date in `zone`."""
    topics = Topics((topic,), ticker_names([topic], items))
    found = [(item, matches[topic.name]) for item in items if (matches := topics.match_item(item))]
    local = ZoneInfo(zone)
    counts = Counter(item.effective_time.astimezone(local).date() for item, _ in found if item.effective_time)
    first, last = since.astimezone(local).date(), until.astimezone(local).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    by_day = {day: counts[day] for day in days}
    return TopicTest(topic=topic, items=tuple(reversed(found)), days=by_day, looked_at=len(items))
