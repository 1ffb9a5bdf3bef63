"""An aggregator's entry beside the report of an outlet that is followed itself: one report, and its house counts once."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest
from builders import NOON, SPEC

from digestbot.collect.feeds import parse_feed
from digestbot.edition.admission import admit
from digestbot.model import Feed, Item, Story
from digestbot.stories import cluster, sources

TITLE = "Crane falls into the harbour of Saltmouth"
TEXT = (
    "A crane fell into the harbour of Saltmouth on Tuesday morning. Two dockers were hurt, and the port will stay closed until the "
    "wreck has been lifted, the harbour master said. It was the third such accident in a year."
)
ADDRESS = "https://www.tide.com/local/crane-falls-8831207"
GOOGLE = "https://news.google.com/rss/articles/"
OPAQUE = f"{GOOGLE}CBMiX0FVX3lxTE1qQ3JhbmVIYXJib3Vy?oc=5"
DECODED = f"{GOOGLE}{base64.urlsafe_b64encode(bytes([8, 19, 34, len(ADDRESS)]) + ADDRESS.encode() + bytes([210, 1, 0])).decode()}?oc=5"
LINKED = (
    '&lt;a href="{}" target="_blank"&gt;{}&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font color="#6f6f6f"&gt;{}&lt;/font&gt;'
)
NAMED = '<source url="https://www.tide.com">Tide</source>'


def read(name: str, title: str, entries: str, site: str) -> tuple[Item, ...]:
    content = f"<rss version='2.0'><channel><title>{title}</title><link>{site}</link>{entries}</channel></rss>".encode()
    return parse_feed(content, feed=Feed(url=f"{site}rss/{name}", name=name), now=NOON).items


def entry(title: str, link: str, text: str, more: str = "", *, hours: float = 2) -> str:
    date = (NOON - timedelta(hours=hours)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    link = link.replace("&", "&amp;")
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate><description>{text}</description>{more}</item>"


def own() -> tuple[Item, ...]:
    others = "".join(
        entry(f"{word} sails for the islands again", f"https://www.tide.com/local/{word}-73421{at}", f"{word} sails.")
        for at, word in enumerate(("Aurora", "Bellona", "Cassiopeia"))
    )
    return read("tide", "Tide", entry(TITLE, ADDRESS, TEXT, hours=3) + others, "https://www.tide.com/")


def google(title: str = f"{TITLE} - Tide", link: str = OPAQUE, more: str = NAMED) -> tuple[Item, ...]:
    return read(
        "google", '"harbour" - Google News', entry(title, link, LINKED.format(link, title, "Tide"), more), "https://news.google.com/"
    )  # fmt: skip


LISTS = {
    "Google News": google(),
    "Google News, address inside": google(link=DECODED),
    "Google News without a source": google(more=""),
    "Google News, the host as name": google(f"{TITLE} - Tide.com", more='<source url="https://www.tide.com">Tide.com</source>'),
    "Google News, an article before": google(f"{TITLE} - The Tide", more='<source url="https://www.tide.com">The Tide</source>'),
    "Google News, a section": google(f"{TITLE} - Tide Business", more='<source url="https://www.tide.com">Tide Business</source>'),
    "Google Alerts": read("alert", "Google Alert - harbour", entry(TITLE, f"https://www.google.com/url?rct=j&sa=t&url={quote(ADDRESS, safe='')}&ct=ga", "A crane fell"), "https://www.google.com/"),
    "Bing": read("bing", "harbour - BingNews", entry(TITLE, f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&url={quote(ADDRESS, safe='')}&c=1", TEXT[:120]), "http://www.bing.com/"),
    "Yahoo": read("yahoo", "Yahoo Finance", entry(TITLE, "https://finance.yahoo.com/news/crane-falls-harbour-123000918.html", "", NAMED), "https://finance.yahoo.com/"),
    "Yahoo, the text too": read("yahoo", "Yahoo Finance", entry(TITLE, "https://finance.yahoo.com/news/crane-falls-harbour-123000918.html", TEXT, NAMED), "https://finance.yahoo.com/"),
    "Yahoo, a part of the text": read("yahoo", "Yahoo Finance", entry(TITLE, "https://finance.yahoo.com/news/crane-1.html", f"{TEXT[:130]}...", NAMED), "https://finance.yahoo.com/"),
    "MSN, before the outlet": read("msn", "MSN News", entry(TITLE, "https://www.msn.com/en-us/news/crane/ar-AA1", TEXT, NAMED, hours=5), "https://www.msn.com/"),
    "Hacker News": read("hn", "Hacker News", entry(TITLE, ADDRESS, "&lt;a href=&quot;https://news.ycombinator.com/item?id=1&quot;&gt;Comments&lt;/a&gt;"), "https://news.ycombinator.com/"),
    "a mail's trackers": read("list", "Port Watch", entry(TITLE, f"{ADDRESS}?utm_source=portwatch&utm_medium=rss", "From the port."), "https://portwatch.example/"),
}  # fmt: skip


def stories_of(*items: Item) -> tuple[Story, ...]:
    kept = admit(SPEC, items).items
    return tuple(story for story in cluster(kept) if "rane" in story.lead.title)


@pytest.mark.parametrize("name", LISTS)
def test_the_entry_of_an_aggregator_is_the_outlets_report(name: str) -> None:
    """The same headline on a list is the report once more, and the report of the outlet's own feed stays."""
    (story,) = stories_of(*own(), *LISTS[name])
    assert [(one.source, one.url, one.text) for one in story.items] == [("Tide", ADDRESS, TEXT)]


@pytest.mark.parametrize(
    "title",
    ["Two dockers hurt as crane falls into the harbour of Saltmouth - Tide", "Crane falls into Saltmouth harbour, two hurt - Tide"],
)  # fmt: skip
def test_a_house_counts_once_whatever_headline_the_aggregator_has(title: str) -> None:
    """Under another headline it may stay a report of its own, but never of a second house."""
    (story,) = stories_of(*own(), *google(title))
    assert [one.name for one in sources(story)] == ["Tide"]


def test_another_outlets_report_on_the_same_list_counts() -> None:
    """What the list has of a house that is not followed is that house's report."""
    other = google(f"{TITLE} - Ledger", f"{GOOGLE}CBMiother", '<source url="https://www.ledger.com">Ledger</source>')
    (story,) = stories_of(*own(), *other)
    assert sorted(one.name for one in sources(story)) == ["Ledger", "Tide"]
