"""The full text of items whose feed gives only a stub, from their pages, which are asked as politely as feeds."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ..errors import CollectError
from ..model import Feed, FeedKind, Item
from ..text.tokenize import split_words
from .options import FetchOptions

MAX_PAGES = 30  # asked for one edition
MAX_SECONDS = 20.0  # for all of them together
_MIN_TEXT_WORDS = 60  # from fewer words no summary of the usual length can be chosen
# How feeds end a text that goes on elsewhere.
_CUT_OFF = re.compile(r"(?:\.{3}|…|\[(?:…|\.\.\.|&hellip;)\]|\b(?:read more|continue reading)\W*)\s*$", re.IGNORECASE)
_MAX_TEXT_CHARS = 16_000


def is_stub(item: Item) -> bool:
    """Whether the feed gives too little to quote from (few words, or a text that is cut off) and the item has a link."""
    return bool(item.url) and (len(split_words(item.text)) < _MIN_TEXT_WORDS or _CUT_OFF.search(item.text) is not None)


def with_article(item: Item, text: str) -> Item:
    """The item with the text of its page; unchanged where the page says less, or is about something else.

    A page is about the item when it contains half of the words of its title: consent walls and front pages do not.
    """
    title, words = set(split_words(item.title)), split_words(text)
    if len(words) <= len(split_words(item.text)) or len(title & set(words)) * 2 < len(title):
        return item
    return replace(item, text=text if len(text) <= _MAX_TEXT_CHARS else text[:_MAX_TEXT_CHARS].rpartition("\n")[0])


def complete(
    items: Iterable[Item], *, options: FetchOptions, pages: int = MAX_PAGES, seconds: float = MAX_SECONDS
) -> tuple[Item, ...]:
    """The stubs among the items, with their full text; the first `pages` stubs are tried, each page once.

    Never raises, and takes no longer than `seconds`: items whose page does not come, or says no more, are left out.
    """
    stubs = list({item.url: item for item in items if is_stub(item)}.values())[:pages]
    return asyncio.run(_complete(stubs, options, seconds)) if stubs else ()


async def _complete(stubs: Sequence[Item], options: FetchOptions, seconds: float) -> tuple[Item, ...]:
    from .fetch import Fetcher  # noqa: PLC0415 -- aiohttp takes half a second to import
    from .parse_job import ParseJob  # noqa: PLC0415
    from .parser_pool import ParserPool  # noqa: PLC0415

    parsers = ParserPool(options)
    found: dict[str, Item] = {}
    async with Fetcher(options) as fetcher:

        async def read(item: Item) -> None:
            page = Feed(url=item.url, kind=FeedKind.PAGE)
            try:
                async with fetcher.host_slot(item.url):
                    response = await fetcher.get(item.url)
                if response.status == 200:
                    job = ParseJob(content=response.body, feed=page, now=datetime.now(UTC), url=response.url)
                    parsed = await parsers.parse(job)
                    found[item.url] = with_article(item, parsed.items[0].text)
            except CollectError:
                return

        tasks = [asyncio.create_task(read(item)) for item in stubs]
        await asyncio.wait(tasks, timeout=seconds)
        for late in tasks:
            late.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parsers.close()
    return tuple(found[item.url] for item in stubs if found.get(item.url, item) != item)
