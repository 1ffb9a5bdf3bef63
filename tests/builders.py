"""Values with sensible defaults, so that a test names only what it is about."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from digestbot.edition.context import DigestSpec
from digestbot.model import Item, Recipient, Story
from digestbot.topics import parse_topic

NOON = datetime(2026, 5, 27, 12, 0, tzinfo=UTC)


def item(
    title: str = "Harbour bridge reopens after storm",
    *,
    text: str = "",
    source: str = "Gazette",
    feed: str = "",
    hours: float = 1,
    id: str = "",  # noqa: A002 -- it is the field's name
    **fields: object,
) -> Item:
    """An item `hours` before noon on 27 May 2026; its id follows from source and title."""
    identity = id or hashlib.sha256(f"{source}|{title}".encode()).hexdigest()[:16]
    values: dict[str, object] = {
        "id": identity,
        "title": title,
        "text": text,
        "source": source,
        "feed": feed or source.lower().replace(" ", "_"),
        "url": f"https://{source.lower().replace(' ', '')}.example/{identity}",
        "published": NOON - timedelta(hours=hours),
        "first_seen": NOON,
        "keys": (f"guid:{identity}",),
    }
    return Item(**(values | fields))  # type: ignore[arg-type]


def story(*items: Item, id: str = "") -> Story:  # noqa: A002
    """A story of these items, or of one default item."""
    members = items or (item(),)
    return Story(id=id or f"story-{members[0].id}", items=members)


SPEC = DigestSpec(
    name="morning",
    title="Morning",
    timezone="Asia/Hong_Kong",
    topics=(parse_topic("gold", "gold"), parse_topic("chips", "chip*, wafer*")),
    recipients=(Recipient(channel="file", address="out"),),
)
