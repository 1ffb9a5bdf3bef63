"""A well-formed RSS, RDF or Atom document as a tree into what it says.

The format's own elements count first, those of other vocabularies (Dublin Core, Media RSS, iTunes) only where there is none:
a picture's title is no headline.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from .element_names import ElementNames, local_name
from .element_text import all_text, once_decoded, typed_text
from .feed_links import Link, article_link, enclosure_link, is_address, near_link
from .item_words import is_picture_alone
from .raw_feed import RawFeed, RawItem

_XML: Final = "http://www.w3.org/XML/1998/namespace}"
_BASE: Final = f"{_XML}base"
_LANGUAGE: Final = f"{_XML}lang"
_ABOUT: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_TITLES: Final = ("title", "dc:title", "itunes:title", "media:title", "atom:title")
_BODIES: Final = (
    "content:encoded",
    "content",
    "fullitem",
    "body",
    "xhtml:body",
    "xhtml:div",
    "atom:content",
)
_SUMMARIES: Final = ("description", "summary", "abstract", "atom:summary")
_PODCAST: Final = "itunes:summary"  # mostly the description once more
_LAST_WORDS: Final = (
    "dc:description",
    "dcterms:abstract",
    "media:description",
    "itunes:subtitle",
    "subtitle",
    "media:text",
)
_PUBLISHED: Final = (
    "pubdate", "published", "issued", "atom:published", "dcterms:issued", "dc:date", "date", "dcterms:date", "updated", "atom:updated", "modified",
    "dcterms:modified", "created", "dcterms:created", "dcterms:available", "lastbuilddate", "datetime", "a10:updated",
)  # fmt: skip
_RANKS: Final = {name: rank for rank, name in enumerate(_PUBLISHED)}
_ORIGINAL: Final = ("feedburner:origlink", "pheedo:origlink")  # of a link that counts clicks
_AUTHORS: Final = frozenset(
    ["author", "atom:author", "dc:creator", "itunes:author", "contributor", "atom:contributor", "dc:contributor"]
)
_SUBJECTS: Final = frozenset(
    ["category", "atom:category", "dc:subject", "media:category", "itunes:keywords", "media:keywords"]
)
_TEXTS: Final = frozenset({*_BODIES, *_SUMMARIES, _PODCAST})
_GROUPS: Final = frozenset({"media:group", "media:content"})


_NOTHING: Final[tuple[str, bool, Any]] = ("", False, None)
_ROLES: Final = {
    **dict.fromkeys((*_TITLES, *_LAST_WORDS, *_ORIGINAL, "guid", "id", "source", "dc:language", "language"), "first"),
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(_PUBLISHED, "date"),
    **dict.fromkeys(_AUTHORS, "person"),
    **dict.fromkeys(_SUBJECTS, "subject"),
    **dict.fromkeys(("link", "atom:link", "enclosure"), "link"),
    **dict.fromkeys((*_GROUPS, "media:thumbnail"), "media"),
}


def read_tree(root: Any, *, everywhere: bool = False) -> RawFeed | None:
    """What the document under this element says; None when it is no feed.

    Its items are those of its channels or, `everywhere`, all but those that stand in another one.
    """
    kind = local_name(root.tag)
    if kind not in ("rss", "rdf", "feed", "channel"):
        return None
    if kind == "feed":
        head, channels = root, []
    else:
        channels = [one for one in root if local_name(one.tag) == "channel"]
        head = root if kind == "channel" or not channels else channels[0]
    base = _base(root, "")
    bases = {id(one): _base(one, base) for one in channels}
    names = ElementNames(root.tag, _ROLES)
    feed: dict[str, Any] = {}
    links: list[Link] = []
    items: list[RawItem] = []
    for place, child in _in_order(root, channels):
        name, _ = names[child.tag]
        if name in ("item", "entry"):
            items.append(_item(child, names, bases.get(id(place), base)))
        elif name in ("link", "atom:link") and place is head:
            links.append(_link(child))
        elif place is head:
            feed.setdefault(name, child)
    if everywhere or (head is not root and not items):
        # Some wrap their items once more (`<items>`).
        items = [
            _item(found, names, around)
            for found, around in _outermost(root, base)
            if names[found.tag][0] in ("item", "entry")
        ]
    language = _first(feed, "language", "dc:language") or head.get(_LANGUAGE) or root.get(_LANGUAGE) or ""
    ttl = _first(feed, "ttl")
    return RawFeed(
        title=_first(feed, *_TITLES),
        link=_site(links, bases.get(id(head), base)),
        language=language,
        items=tuple(items),
        ttl=int(ttl) if ttl.isdecimal() and len(ttl) < 6 else 0,
    )


def copies(root: Any) -> int:
    """How many items are an earlier version of the one that they stand in: of Simple Sharing Extensions, `conflicts`."""
    return sum(
        local_name(inner.tag) == "item"
        for one in root.iter()
        if local_name(one.tag) == "conflicts"
        for inner in one.iter()
    )


def _outermost(parent: Any, base: str) -> Iterator[tuple[Any, str]]:
    """The items that stand in no other one, each with the base of addresses around it."""
    for child in parent:
        if local_name(child.tag) in ("item", "entry"):
            yield child, base
        else:
            yield from _outermost(child, _base(child, base))


def _in_order(root: Any, channels: list[Any]) -> Iterator[tuple[Any, Any]]:
    """What stands under the root and in its channels, each with its parent, as the document has it."""
    for child in root:
        if child in channels:
            yield from ((child, one) for one in child)
        else:
            yield root, child


def _item(entry: Any, names: ElementNames, base: str) -> RawItem:  # noqa: C901, PLR0912 -- one branch for each element
    first: dict[str, Any] = {}
    inner: dict[str, Any] = {}  # what its media say of themselves
    own = ""
    links: list[Link] = []
    others: list[Link] = []
    texts: list[Any] = []
    dates: list[tuple[int, str]] = []
    people: list[Any] = []
    categories: list[str] = []
    media: list[Any] = []
    for child in entry:
        name, role = names[child.tag]
        if not role:
            continue
        if role == "first":
            if name not in first or not (first[name].text or len(first[name])):
                first[name] = child
        elif role == "text":
            texts.append((name, child))
        elif role == "date":
            if text := (child.text or "").strip():
                dates.append((_RANKS[name], text))
        elif role == "person":
            people.append(child)
        elif role == "subject":
            subject = child.get("term") or child.get("label") or (child.text or "").strip()
            categories += subject.split(",") if name.endswith(":keywords") else (subject,)
        elif name == "link":
            address = (child.text or "").strip()
            if address and not own and not child.get("rel"):
                own = address
            elif not address:
                links.append(_link(child))
        elif name == "atom:link":
            others.append(_link(child))
        elif name == "enclosure":
            links.append(Link(child.get("url") or child.get("href") or "", "enclosure", child.get("type") or ""))
        else:
            media.append(child)
            _inside(child, names, inner, media)
    first = {**inner, **first} if inner else first
    links += others
    summary, content, plain, language = _words(first, texts)
    title, title_plain = _title(first)
    guid, link = _identity(entry, first, links, own, names)
    if link and "://" not in link and (base := _base(entry, base)):
        link = _joined(base, link)
    source = first.get("source")
    return RawItem(
        guid=guid,
        link=link,
        title=title,
        title_plain=title_plain,
        summary=summary,
        content=content,
        plain=plain,
        authors=_each_decoded(_authors(people, names)) if people else (),
        categories=_each_decoded(categories) if categories else (),
        source="" if source is None else once_decoded(_source(source, names)),
        source_link="" if source is None else source.get("url") or _source_link(source, names),
        language=language or entry.get(_LANGUAGE) or _first(first, "dc:language", "language"),
        image=_picture(media, links, names) if media or links else "",
        dates=tuple([text for _, text in (sorted(dates) if len(dates) > 1 else dates)]),
        enclosure=(enclosure_link(links) or _played(media, names)) if links or media else "",
    )


def _identity(entry: Any, first: dict[str, Any], links: list[Link], own: str, names: ElementNames) -> tuple[str, str]:
    """The guid, and the address of the article."""
    guid = first.get("guid", first.get("id"))
    text = all_text(guid).strip() or entry.get(_ABOUT) or ""
    link = _first(first, *_ORIGINAL) or own or article_link(links)
    if link:
        return text, link
    declared = (
        "" if guid is None or names[guid.tag][0] == "id" else guid.get("isPermaLink") or guid.get("ispermalink") or ""
    )
    return text, text if is_address(text) and declared.lower() != "false" else near_link(links)


def _inside(group: Any, names: ElementNames, first: dict[str, Any], media: list[Any]) -> None:
    """What a group of media, or one of them, says: its own title, description and thumbnail; the outer ones first."""
    for child in group:
        name = names[child.tag][0]
        if name in _GROUPS:
            media.append(child)
            _inside(child, names, first, media)
        elif name == "media:thumbnail":
            media.append(child)
        elif name not in first or not (first[name].text or len(first[name])):
            first[name] = child


def _title(first: dict[str, Any]) -> tuple[str, bool]:
    for name in _TITLES:
        element = first.get(name)
        if element is not None:
            text, plain = typed_text(element)
            if text.strip():
                return text, plain
    return "", False


def _words(first: dict[str, Any], texts: list[Any]) -> tuple[str, str, bool, str]:
    """Summary, content, whether the longer of them is plain text, and the language it declares."""
    summary = content = podcast = _NOTHING
    for name, element in texts:
        text, plain = typed_text(element)
        if name == _PODCAST:
            podcast = (text, plain, element)
        elif text and name in _SUMMARIES and not summary[0]:
            summary = (text, plain, element)
        elif len(text) > len(content[0]):
            content = (text, plain, element)
    summary = summary if summary[0] else podcast
    longer = content if len(content[0]) > len(summary[0]) else summary
    # Whether a text is a picture alone is seen only in its plain text, which takes its time.
    if not first.keys().isdisjoint(_LAST_WORDS) and (not longer[0] or is_picture_alone(longer[0])):
        for name in _LAST_WORDS:
            if name not in first:
                continue
            element = first[name]
            text, plain = typed_text(element)
            if text.strip():
                return text, "", plain or element.get("type") == "plain", ""
    return summary[0], content[0], longer[1], (longer[2].get(_LANGUAGE) or "") if longer[0] else ""


def _first(found: dict[str, Any], *names: str) -> str:
    for name in names:
        if name in found and (text := all_text(found[name]).strip()):
            return once_decoded(text)
    return ""


def _link(element: Any) -> Link:
    address = (element.get("href") or element.get("url") or element.text or "").strip()
    if own := element.get(_BASE):
        address = _joined(own, address)
    return Link(address, (element.get("rel") or "").strip(), element.get("type") or "")


def _site(links: list[Link], base: str) -> str:
    own = next((link.address for link in links if not link.relation and not link.kind and link.address), "")
    address = own or article_link(links)
    return _joined(base, address) if base and address and "://" not in address else address


def _base(element: Any, around: str) -> str:
    """The base of addresses in it (XML Base): its own, joined to that of what stands around it."""
    own = element.get(_BASE)
    return _joined(around, own) if own else around


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # one of them is none
        return address


def _authors(people: list[Any], names: ElementNames) -> list[str]:
    authors: list[str] = []
    helpers: list[str] = []
    for person in people:
        named = helpers if names[person.tag][0].endswith("contributor") else authors
        if len(person):
            named += [all_text(child) for child in person if names[child.tag][0].endswith("name")]
        else:
            named.append(person.text or "")
    return authors + helpers


def _each_decoded(texts: list[str]) -> tuple[str, ...]:
    return tuple([text if text.isascii() else once_decoded(text) for text in texts])


def _source(element: Any, names: ElementNames) -> str:
    if len(element) == 0:
        return (element.text or "").strip()
    return next((all_text(child).strip() for child in element if names[child.tag][0] == "title"), "")


def _source_link(element: Any, names: ElementNames) -> str:
    links = [_link(child) for child in element if names[child.tag][0] in ("link", "atom:link")]
    return article_link(links) or next((all_text(child) for child in element if names[child.tag][0] == "id"), "")


def _picture(media: list[Any], links: list[Link], names: ElementNames) -> str:
    for one in media:
        kind = one.get("type") or one.get("medium") or ""
        if kind.startswith("image") and one.get("url"):
            return str(one.get("url"))
    for link in links:
        if link.relation == "enclosure" and link.kind.startswith("image"):
            return link.address
    thumbnails = (one.get("url") or (one.text or "").strip() for one in media if names[one.tag][0] == "media:thumbnail")
    return next(filter(None, thumbnails), "")


def _played(media: list[Any], names: ElementNames) -> str:
    for one in media:
        kind = one.get("type") or one.get("medium") or ""
        if names[one.tag][0] == "media:content" and kind.startswith(("audio", "video")) and one.get("url"):
            return str(one.get("url"))
    return ""
