"""`digestbot feeds add` and `feeds try`: which feed an address leads to, and what would be read of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from ..collect import FetchOptions
from ..collect.canonical_url import canonical_url, is_web_address
from ..collect.feed_reader import FeedReader
from ..collect.feeds import PAGE_ALONE
from ..collect.fetch import Fetcher
from ..collect.platforms import known_feed
from ..collect.politeness import remembered_state
from ..collect.site_feeds import feeds_of_site, looks_like_a_feed
from ..errors import CollectError
from ..model import Feed, FeedKind, Item
from ..text.counting import counted

_MAX_TRIED = 5  # candidates that are read, to choose the best
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_NAMED = "its page names this feed"
# Where sites keep a feed that they do not name.
_USUAL_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reading of an address gave."""

    feed: Feed
    url: str  # where it was read in the end
    title: str = ""
    items: tuple[Item, ...] = ()
    error: str = ""  # why nothing could be read

    @property
    def is_page(self) -> bool:
        """Whether it could not be read because it is a web page, which names no feed."""
        return self.error.endswith(PAGE_ALONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an address leads to."""

    feed: Feed  # what is to be added; as given where nothing better was found
    candidates: tuple[str, ...] = ()  # feeds that the site names, the best first
    why: str = ""  # how it was found, in words; empty where it is as given
    reading: Reading | None = None  # where it was asked
    failed: tuple[Reading, ...] = ()  # of the candidates, those that were asked and could not be read

    @property
    def others(self) -> tuple[str, ...]:
        """The candidates that can be taken instead, as far as is known."""
        known = {self.feed.url, *(one.feed.url for one in self.failed)}
        return tuple(url for url in self.candidates if url not in known)

    def lines(self) -> Iterable[str]:
        """For an operator: what is read, how it was found, what else there is, the newest items."""
        if self.why:
            yield self.why
        yield from (f"  also: {url}" for url in self.others)
        if self.reading is None:
            return
        if self.reading.error:
            yield f"{self.reading.url}: {self.reading.error}"
            return
        what = "page" if self.feed.kind is FeedKind.PAGE else "feed"
        links = f", links {self.feed.link_selector}" if self.feed.link_selector else ""
        yield f"{self.reading.url}: a {what}{links}, {counted(len(self.reading.items), 'item')}" + (
            f", {self.reading.title}" if self.reading.title else ""
        )
        for item in self.reading.items[:_MAX_TRIED]:
            when = f"{item.published:%Y-%m-%d %H:%M}" if item.published else "no date"
            yield f"  {when}  {item.title} [{item.source}]" + (f" {item.url}" if item.url else "")

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        reading = self.reading
        return {
            "url": self.feed.url,
            "kind": str(self.feed.kind),
            "links": self.feed.link_selector,
            "why": self.why,
            "candidates": list(self.candidates),
            "read": reading.url if reading else None,
            "title": reading.title if reading else "",
            "error": reading.error if reading else "",
            "items": [
                {
                    "title": item.title,
                    "url": item.url,
                    "source": item.source,
                    "published": item.published.isoformat() if item.published else None,
                }
                for item in (reading.items if reading else ())
            ],
        }


def by_rule(feed: Feed) -> Found | None:
    """What can be told of an address without asking anybody; None where its server has to be asked."""
    if feed.kind is FeedKind.PAGE or not is_web_address(feed.url):
        return Found(feed=feed)
    if known := known_feed(feed.url):
        kind = FeedKind.PAGE if known.link_selector else FeedKind.FEED
        made = replace(feed, url=known.url, kind=kind, link_selector=known.link_selector)
        what = "has no feed there; its public page is read" if known.link_selector else "keeps this feed there"
        return Found(feed=made, why=f"{known.platform} {what}: {known.url}")
    return Found(feed=feed) if looks_like_a_feed(feed.url) else None


def find_feed(feed: Feed, options: FetchOptions, *, now: datetime) -> Found:
    """The feed of an address: by rule, the address itself, or the best of those that its page names.

    Never raises: what cannot be read is kept as given, and the reading says why.
    """
    return by_rule(feed) or asyncio.run(_search(feed, options, now))


def try_feed(feed: Feed, options: FetchOptions, *, now: datetime) -> Found:
    """The same, read in any case."""
    found = find_feed(feed, options, now=now)
    if found.reading is not None:
        return found
    (reading,) = asyncio.run(_read([found.feed], options, now))
    if reading.error and not found.why and feed.kind is FeedKind.FEED and is_web_address(feed.url):
        return asyncio.run(_search(feed, options, now))
    return replace(found, reading=reading)


async def _search(feed: Feed, options: FetchOptions, now: datetime) -> Found:
    (own,) = await _read([feed], options, now)
    if not own.error and own.url == feed.url:
        return Found(feed=feed, reading=own)
    named = await _named(feed.url, options)
    if not own.error and own.url not in named:
        return Found(feed=feed, candidates=named, reading=own)  # it has moved, and is a feed all the same
    tried = await _read([replace(feed, url=url) for url in named[:_MAX_TRIED]], options, now)
    # The order of the page counts, as long as there is something in it: a site names its main feed first.
    best, why = _first_with_items(tried), _NAMED
    if best is None and urlsplit(feed.url).path in ("", "/"):
        guesses = [urljoin(feed.url, path) for path in _USUAL_PATHS]
        guessed = await _read([replace(feed, url=url) for url in guesses], options, now)
        best = _first_with_items(guessed)
        why = "its page names no feed that can be read; this one lies where many sites keep theirs"
    failed = tuple(one for one in tried if one.error)
    if best is None and own.error and len(failed) < len(tried):
        best, why = next(one for one in tried if not one.error), _NAMED  # one without items
    if best is None:
        return _none_read(Found(feed=feed, candidates=named, reading=own, failed=failed))
    if best in tried and len(named) > 1:
        why += f", the {_ORDINALS[tried.index(best)]} of {len(named)}"
    why = "; ".join((f"{why}: {best.feed.url}", *map(_that_failed, failed)))
    return Found(feed=best.feed, candidates=named, why=why, reading=best, failed=failed)


def _first_with_items(readings: Iterable[Reading]) -> Reading | None:
    return next((one for one in readings if one.items and not one.error), None)


def _none_read(found: Found) -> Found:
    """The same, told of the feeds that the page names: that the page itself is no feed is no news then."""
    if not found.failed or not (found.reading and found.reading.error):
        return found
    first, *rest = found.failed
    what = f"{len(found.failed)} feeds, and none of them can be read" if rest else "this feed, which cannot be read"
    why = "; ".join((f"its page names {what}", *map(_that_failed, rest)))
    return replace(found, why=why, reading=first)


def _that_failed(one: Reading) -> str:
    return f"{one.feed.url} could not be read: {one.error}"


async def _named(url: str, options: FetchOptions) -> tuple[str, ...]:
    async with Fetcher(options) as fetcher:
        try:
            async with fetcher.host_slot(url):
                response = await fetcher.get(url)
        except CollectError:
            return ()
    return feeds_of_site(response.body, response.url) if response.status == 200 else ()


async def _read(feeds: Iterable[Feed], options: FetchOptions, now: datetime) -> list[Reading]:
    made: list[Reading] = []
    async with FeedReader(options, now) as reader:
        for feed in feeds:
            saved = await reader.read(feed, remembered_state(feed, None))
            state = saved.state
            error = state.error or ("" if not saved.late else "timed out")
            url = state.url if canonical_url(state.url) else feed.url
            made.append(Reading(feed=feed, url=url, title=state.title, items=saved.items, error=error))
    return made
