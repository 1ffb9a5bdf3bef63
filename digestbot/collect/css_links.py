"""A page without a feed: the links that a CSS selector finds become its items."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from ..errors import CollectError
from ..model import Feed
from ..text.sanitise import one_line
from .canonical_url import canonical_url
from .feeds import ParsedFeed, normalise_feed
from .parse_json import iso
from .raw_feed import RawFeed, RawItem

_HEADING = "descendant-or-self::*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
_MAX_ELEMENTS = 300


def parse_links(content: bytes, *, feed: Feed, now: datetime, url: str, charset: str = "") -> ParsedFeed:
    """The links that `feed.link_selector` selects, each once, in the page's order.

    What is selected is a link, or an element with a link in it, such as a teaser: then its heading is the title, its
    `<time>` the date and its other words the text.

    Raises:
        CollectError: the selector is not valid, or matches no link.
    """
    try:
        matches = etree.XPath(HTMLTranslator().css_to_xpath(feed.link_selector))
    except SelectorError as error:
        raise CollectError("its PAGE_LINKS is not a CSS selector") from error
    page = _tree(content, charset)
    base = canonical_url(page.xpath("string((//base/@href)[1])"), base=url) or url
    items: dict[str, RawItem] = {}
    for element in matches(page)[:_MAX_ELEMENTS]:
        for item in _item(element, base):
            # A picture and a headline often link to the same article: the longer title is the headline.
            earlier = items.get(item.link)
            if earlier is None or len(earlier.title) < len(item.title):
                items[item.link] = item
    if not items:
        raise CollectError("no link matches its PAGE_LINKS; the page may have changed")
    title = one_line(page.xpath("string((//title)[1])"))
    raw = RawFeed(title=title, link=url, language=page.xpath("string(/html/@lang)"), items=tuple(items.values()))
    return normalise_feed(raw, feed=feed, now=now, url=base)


def _tree(content: bytes, charset: str) -> Any:
    try:
        content.decode()
        charset = "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        parser = etree.HTMLParser(no_network=True, remove_comments=True, encoding=charset or None)
        page = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise CollectError("the page could not be parsed") from error
    if page is None:
        raise CollectError("empty: there is nothing in it")
    return page


def _item(element: Any, base: str) -> Iterator[RawItem]:
    links = element.xpath("descendant-or-self::a[@href] | ancestor::a[@href]")
    addresses = (canonical_url(link.get("href"), base=base, fragment=True) for link in links)
    address, link = next(
        ((address, link) for address, link in zip(addresses, links, strict=True) if address), ("", None)
    )
    if link is None:
        return
    # Where the time of a post is its own link, that is its address, and the others lead to people and places in it.
    dated = element.xpath("(descendant::a[@href][descendant::time[@datetime]])[last()]")
    own = canonical_url(dated[0].get("href"), base=base, fragment=True) if dated and not element.xpath(_HEADING) else ""
    if own:
        yield RawItem(link=own, title="", summary=_longest_block(element), plain=True, published=_time(element))
        return
    whole = _words(element)
    title = next(filter(None, map(_words, (*element.xpath(_HEADING), link))), "")
    title = title or link.get("title") or link.get("aria-label") or whole
    if not title:
        return
    yield RawItem(
        link=address,
        title=title,
        summary=whole if whole != title else "",
        plain=True,
        published=_time(element),
    )


def _longest_block(element: Any) -> str:
    """The words of the post itself, among those of its frame."""
    blocks = element.xpath("descendant::*[self::div or self::p][not(descendant::div or descendant::p)]")
    return max(map(_words, blocks), key=len, default="") or _words(element)


def _time(element: Any) -> Any:
    return iso(element.xpath("string((descendant-or-self::time/@datetime)[1])"))


def _words(element: Any) -> str:
    return one_line(" ".join(element.itertext()))
