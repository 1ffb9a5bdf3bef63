"""Raw items into items: one function behind every parser, so that no parser decides what an item is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ..model import Feed, Item
from ..text.sanitise import WINDOWS_1252, one_line, shorten
from .canonical_url import canonical_url, host_of, site_of, with_place
from .date_order import day_first_of
from .direct_address import direct_address
from .feed_dates import moment_of
from .html_to_text import plain_line
from .identity import fingerprint, item_id, item_keys, without_shared
from .item_words import MAX_TITLE_CHARS, alternative_of, headline, texts_of, title_of
from .made_item import made_item
from .outlet import led_to_outlet, named_outlet
from .raw_feed import RawFeed, RawItem
from .source_name import MAX_NAME_CHARS, source_name, without_source_name

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: such a date is a default of some program
_MAX_AHEAD = timedelta(days=1)  # publishers' clocks and time zones are wrong by hours, not by days
_END = datetime.max.replace(tzinfo=UTC)
# What site generators write for a page without a date ("About"), which they list among the articles.
_YEARLESS = re.compile(r"(?<!\d)0001(?!\d)")
STATIC_PAGE = "static page"  # the category of such a page, beside articles with dates
_MAX_NAMES = 30  # authors or categories of one item
_MAIL = re.compile(r"[^\s<>()@,]+@[^\s<>()@,]+")
_HREF = re.compile(r"<a\b[^<>]*\bhref\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
_LINE_BREAK = re.compile(r"\s*[\t\r\n]\s*")
# A scheme as people and programs misspell it, before what can be a host.
_SCHEME = re.compile(
    r"\A(?:ht{1,3}p|ttp|hxxp)(s?)\s*(?:[:;]\s*[/\\]+|[/\\]{2,})\s*(?=[^\s/\\]+\.[^\s/\\]|\[|localhost|https?:)",
    re.IGNORECASE,
)
_SCHEME_BEFORE_ANOTHER = re.compile(r"\Ahttps?:/*[^/?#]*?(?=https?:/)", re.IGNORECASE)
_HOST_BEFORE_ANOTHER = re.compile(r"\Ahttps?://(?:www\.)?([^/?#]+)/+(?=https?://)", re.IGNORECASE)
_WELL_BEGUN = re.compile(r"https?://(?!https?:)[^\s/\\]")
_NO_LINK = re.compile(
    r"null|none|nil|nan|undefined|false|true|n/?a|#|-+|\[object object\]|about:.*|\{\{[^{}]*\}\}|\$\{\w+\}|%\w+%",
    re.IGNORECASE,
)
_FIRST_OF_HOST = len("https://")
_PLACE = re.compile(r"[A-Za-z0-9][\w.-]{0,60}")


def normalise(raw: RawFeed, *, feed: Feed, now: datetime, url: str = "") -> tuple[Item, ...]:
    """The items of a document in its order; one without any words or address has an empty title.

    Args:
        raw: what a parser found.
        feed: where it was read from; its title, where set, names the outlet.
        now: aware; a date more than a day after it is not credible.
        url: the address that sent the document; relative addresses are resolved against it.
    """
    base = canonical_url(url) or canonical_url(feed.url) or canonical_url(raw.link)
    site = canonical_url(raw.link, base=base)
    own = source_name(plain_line(raw.title), site, base, name=feed.name)
    source = shorten(one_line(feed.title), MAX_NAME_CHARS) or own
    shared = frozenset(
        {base, site, canonical_url(feed.url), ""} | {f"{address.rstrip('/')}/" for address in (base, site)}
    )
    language = language_code(raw.language)
    name = feed.name or feed.url
    latest = now + _MAX_AHEAD
    every_date = [date for item in raw.items for date in item.dates]
    day_first = day_first_of(every_date, language=raw.language, latest=latest.date())
    undated = frozenset(date for date in every_date if "0001" in date and _YEARLESS.search(date))
    has_dates = any(item.dates[0] not in undated for item in raw.items if item.dates)
    # A title names the feed's own outlet; where its entries name several others, they tell more than the title.
    lists_others = len({item.source for item in raw.items if item.source}) > 1
    hosts = frozenset(filter(None, (host_of(base), host_of(site))))
    names_others = lists_others or not feed.title
    host = site_of(site) or site_of(base)
    # What many items of a document have in common is read once.
    authors: dict[tuple[str, ...], tuple[str, ...]] = {}
    categories: dict[str, str] = {}
    items = []
    # All titles, then all texts: a processor that does the same again does it faster.
    titles = [title_of(raw_item) for raw_item in raw.items]
    texts = texts_of(raw.items, titles)
    # Where the feed has another host than its site, as one for feeds alone, the pages are on the site's.
    around = site if site_of(site) and site_of(base) not in ("", site_of(site)) else base
    linked = [_linked(raw_item, around, (base, site), hosts) for raw_item in raw.items]
    moments = [_moments(raw_item, latest, day_first) for raw_item in raw.items]
    links = [
        with_place(address) or canonical_url(raw_item.enclosure, base=around)
        for raw_item, (_, address) in zip(raw.items, linked, strict=True)
    ]
    titles = [
        title or headline(text or alternative_of(raw_item)) or link
        for raw_item, title, text, link in zip(raw.items, titles, texts, links, strict=True)
    ]
    guids = [_guid(raw_item, base) for raw_item in raw.items]
    every = [
        tuple(item_keys(guid, address, title, dated, shared=shared))
        for guid, (_, address), title, (_, dated) in zip(guids, linked, titles, moments, strict=True)
    ]
    ids = [item_id(name, keys) for keys in every]
    for raw_item, title, text, (first, address), (published, _), link, keys, identity in zip(
        raw.items, titles, texts, linked, moments, links, every, ids, strict=True
    ):
        named = led_to_outlet(title, link, hosts) if address != first else ""
        if raw_item.source and names_others:
            named = named_outlet(raw_item, own, site) or named
        item_source = named or source
        outlets = (named, source, host) if named else (source, host)
        labels = raw_item.categories
        if has_dates and not published and not undated.isdisjoint(raw_item.dates[:1]):
            labels = (*labels, STATIC_PAGE)
        if raw_item.authors not in authors:
            authors[raw_item.authors] = _names(raw_item.authors)
        items.append(
            made_item(
                id=identity,
                keys=keys,
                title=without_source_name(title, *outlets),
                feed=feed.name,
                source=item_source,
                url=link,
                text=text,
                published=published,
                authors=authors[raw_item.authors],
                categories=_each_once(labels, categories) if labels else (),
                language=(raw_item.language and language_code(raw_item.language)) or language,
                image=canonical_url(raw_item.image, base=base) if raw_item.image else "",
            )
        )
    return _with_distinct_addresses(_with_distinct_keys(items, name))


def _linked(item: RawItem, around: str, own: tuple[str, str], hosts: frozenset[str]) -> tuple[str, str]:
    """The canonical address that it is linked with, and the one that this leads on to, where it says so itself: else the same.

    `around` is the base of relative addresses, `own` are those of the feed and of its site.
    """
    link = item.link
    if link and not link.startswith("http"):
        link = _written(link, hosts)
        link = link if link.startswith("/") else _with_scheme(link, hosts)
    linked = canonical_url(link, base=around, fragment=True)
    odd = linked != link and link[:1] != "/" and ("\n" in link or not _WELL_BEGUN.match(link))
    if odd or link.find("://", _FIRST_OF_HOST) >= 0:
        linked = canonical_url(_written(link, hosts), base=around, fragment=True)
    # The link is a script, the feed, the front page, or none at all.
    if item.link and (not linked or linked in own) and item.guid[:4].lower() == "http":
        guid = canonical_url(item.guid, fragment=True)
        linked = guid if guid and (linked in ("", own[0]) or host_of(guid) in hosts) else linked
    further = direct_address(linked)
    return linked, linked if further == linked else canonical_url(further, fragment=True)


def _guid(item: RawItem, base: str) -> str:
    # Some parsers fill a missing guid with the link, some resolve one and not the other.
    guid = item.guid.strip()
    guid = guid if guid.isascii() else guid.translate(WINDOWS_1252)
    guid = "" if guid == item.link.strip() else guid
    return canonical_url(guid, base=base, fragment=True) if guid.startswith("/") else guid


def _written(link: str, hosts: frozenset[str]) -> str:
    """An address without what people and programs put around or into it: a tag, quotes, line breaks, a scheme or a host twice."""
    if "<" in link and (tag := _HREF.search(link)):
        link = tag[1]
    link = _LINE_BREAK.sub("", link).strip(" \"'<>")
    if not link or link[0] == "/":
        return link
    if "\\" in link[:_FIRST_OF_HOST]:
        link = link.replace("\\", "/")
    link = _SCHEME_BEFORE_ANOTHER.sub("", _SCHEME.sub(r"http\1://", link))
    twice = _HOST_BEFORE_ANOTHER.match(link)
    return link[twice.end() :] if twice and twice[1].lower() in hosts else link


def _with_scheme(link: str, hosts: frozenset[str]) -> str:
    """An address that begins with a host as one of the web; nothing of a program's word for none."""
    first = link.partition("/")[0].lower()
    if first.startswith("www.") or ("." in first and first in hosts):
        return f"https://{link}"
    return "" if _NO_LINK.fullmatch(link) else link


def _moments(item: RawItem, latest: datetime, day_first: bool | None) -> tuple[datetime | None, datetime | None]:  # noqa: FBT001
    """The first of its dates that can be true, and the first that ever can be: one of next month may be true then.

    The second is part of what the item is, which must not depend on when it is read.
    """
    lasting = None
    for date in (item.published,) if item.published else item.dates:
        moment = moment_of(date, day_first=day_first) if isinstance(date, str) else date
        if (published := _credible(moment, latest)) is not None:
            return published, lasting or published
        lasting = lasting or _credible(moment, _END)
    return None, lasting


def credible(moment: datetime | None, now: datetime) -> datetime | None:
    """The date, in UTC, when it can be true: from 1990 to a day after now; else None."""
    return _credible(moment, now + _MAX_AHEAD)


def _credible(moment: datetime | None, latest: datetime) -> datetime | None:
    if moment is None or not _EARLIEST <= moment <= latest:
        return None
    if moment.tzinfo is UTC and not moment.microsecond:
        return moment
    # Parsers differ in fractions of a second, and an item's identity must not.
    return moment.astimezone(UTC).replace(microsecond=0)


def language_code(declared: str) -> str:
    """The ISO 639-1 part of a language tag: `en` of `en-GB`; nothing when it is not one."""
    if not declared:
        return ""
    code = declared.strip().replace("_", "-").partition("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _with_distinct_keys(items: Sequence[Item], feed: str) -> tuple[Item, ...]:
    every = [key for item in items for key in item.keys]
    if len(set(every)) == len(every):
        return tuple(items)
    # Exact copies within a document are one item, so the keys they share still identify it.
    fingerprints = [(*item.keys, item.title, item.text) for item in items]
    own = without_shared({mark: item.keys for mark, item in zip(fingerprints, items, strict=True)})
    distinct = []
    for mark, item in zip(fingerprints, items, strict=True):
        keys = own[mark] or (_last_resort(item),)
        distinct.append(item if keys == item.keys else replace(item, id=item_id(feed, keys), keys=keys))
    return tuple(distinct)


def _with_distinct_addresses(items: Sequence[Item]) -> tuple[Item, ...]:
    """Where several entries share an address, which names none of them then, each gets a place of its own in it.

    A browser opens the page all the same, and nothing takes the entries for one article.
    """
    if len({item.url for item in items}) == len(items):
        return tuple(items)
    counts = Counter(item.url for item in items)
    several = {url for url, count in counts.items() if url and count > 1}
    copies = Counter((item.url, item.id) for item in items)
    return tuple(
        replace(item, url=f"{item.url.partition('#')[0]}#{_place(item)}")
        if item.url in several and copies[item.url, item.id] < counts[item.url]
        else item
        for item in items
    )


def _place(item: Item) -> str:
    guid = item.keys[0].removeprefix("guid:")
    return guid if guid != item.keys[0] and _PLACE.fullmatch(guid) else item.id


def _last_resort(item: Item) -> str:
    date = item.published.isoformat() if item.published else ""
    return f"hash:{fingerprint(item.title.casefold(), date, item.url, item.text)}"


def _each_once(categories: Sequence[str], known: dict[str, str]) -> tuple[str, ...]:
    lines: dict[str, None] = {}
    for category in categories[:_MAX_NAMES]:
        if category not in known:
            known[category] = plain_line(category)
        lines[known[category]] = None
    lines.pop("", None)
    return tuple(lines)


def _names(authors: Iterable[str]) -> tuple[str, ...]:
    """Split at commas, without mail addresses, each once: some feeds give every author twice."""
    if not authors:
        return ()
    names: dict[str, str] = {}
    for author in authors:
        line = plain_line(author[:MAX_TITLE_CHARS])
        if "@" in line:
            line = _MAIL.sub("", line)
        for part in line.split(","):
            name = part.strip().strip("()<>").strip().removeprefix("By ").strip()
            if name:
                names.setdefault(name.casefold(), name)
    return tuple(names.values())[:_MAX_NAMES]
