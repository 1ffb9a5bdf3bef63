"""Small documents of our own for the tests of collecting."""

from __future__ import annotations

from collections.abc import Iterable

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>{title}</title><link>https://harbour.example/</link>
<language>en-GB</language>{head}{items}</channel></rss>"""

ITEM = """<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid}</guid>
<pubDate>{date}</pubDate><description>{description}</description>{more}</item>"""


def entry(
    number: int = 1,
    *,
    title: str = "",
    link: str | None = None,
    guid: str | None = None,
    date: str = "Tue, 26 May 2026 08:00:00 +0000",
    description: str = "The harbour was quiet.",
    more: str = "",
) -> str:
    """An RSS item."""
    return ITEM.format(
        title=title or f"Ferry number {number} sails again",
        link=f"https://harbour.example/{number}" if link is None else link,
        guid=f"harbour-{number}" if guid is None else guid,
        date=date,
        description=description,
        more=more,
    )


def rss(*items: str, title: str = "Harbour Post", head: str = "") -> bytes:
    """An RSS 2.0 document of these items."""
    return RSS.format(title=title, head=head, items="".join(items)).encode()


def numbered(numbers: Iterable[int]) -> bytes:
    """An RSS 2.0 document with items of these numbers."""
    return rss(*map(entry, numbers))
