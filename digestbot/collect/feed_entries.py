"""An RSS item or an Atom entry, as an element, into what it says.

The format's own elements count first, those of other vocabularies (Dublin Core, Media RSS, iTunes) only where there is none:
a picture's title is no headline.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin

from .element_names import ElementNames
from .element_text import all_text, once_decoded, typed_text
from .feed_links import Link, article_link, enclosure_link, is_address, near_link
from .item_words import are_silent, is_title
from .raw_feed import RawItem

_XML: Final = "http://www.w3.org/XML/1998/namespace}"
_BASE: Final = f"{_XML}base"
LANGUAGE: Final = f"{_XML}lang"
_ABOUT: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
TITLES: Final = ("title", "dc:title", "itunes:title", "media:title", "atom:title")
_OTHER_TITLES: Final = frozenset(TITLES[1:])
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
    "prism:publicationdate", "prism:coverdate",
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
ROLES: Final = {
    **dict.fromkeys((*TITLES, *_LAST_WORDS, *_ORIGINAL, "guid", "id", "source", "dc:language", "language"), "first"),
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(_PUBLISHED, "date"),
    **dict.fromkeys(_AUTHORS, "person"),
    **dict.fromkeys(_SUBJECTS, "subject"),
    **dict.fromkeys(("link", "atom:link", "enclosure"), "link"),
    **dict.fromkeys((*_GROUPS, "media:thumbnail", "media:player"), "media"),
    **dict.fromkeys(("item", "entry"), "item"),
}
# By whether Atom is the format.
NAMES: Final = {atom: ElementNames(ROLES, atom=atom) for atom in (False, True)}


class _Parts(NamedTuple):
    """The elements of an entry, by what they are to it."""

    first: dict[str, Any]  # by name, of those that count once; what its media say of themselves, too
    own: str  # the address that stands as a text in its link
    links: list[Link]
    texts: list[tuple[str, Any]]
    dates: list[tuple[int, str]]  # each with its rank
    people: list[Any]
    categories: list[str]
    media: list[Any]


def read_entries(entries: Iterable[tuple[Any, str]], names: ElementNames, inner: list[Any]) -> list[RawItem]:
    """What these elements say, each with the base of addresses around it; items that stand in one of them go to `inner`.

    One kind of thing after another for all of them: a processor that does the same again does it faster.
    """
    found = [(entry, base, _parts(entry, names, inner)) for entry, base in entries]
    titles = [_title(parts.first) for _, _, parts in found]
    words = [_words(parts.first, parts.texts) for _, _, parts in found]
    return [
        _item(entry, base, names, parts, title=title, words=word)
        for (entry, base, parts), title, word in zip(found, titles, words, strict=True)
    ]


def _parts(entry: Any, names: ElementNames, inner_items: list[Any]) -> _Parts:  # noqa: C901, PLR0912 -- one branch for each element
    first: dict[str, Any] = {}
    inner: dict[str, Any] = {}  # what its media say of themselves
    own = ""
    links: list[Link] = []
    others: list[Link] = []
    texts: list[tuple[str, Any]] = []
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
            if text := (child.text or "").strip() or (len(child) and "".join(child.itertext()).strip()):
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
                links.append(read_link(child))
        elif name == "atom:link":
            others.append(read_link(child))
        elif name == "enclosure":
            links.append(Link(child.get("url") or child.get("href") or "", "enclosure", child.get("type") or ""))
        elif role == "item":
            inner_items.append(child)
        else:
            media.append(child)
            _inside(child, names, inner, media)
    if inner:
        first = {**inner, **first}
    if len(dates) > 1:
        dates.sort()
    return _Parts(first, own, links + others if others else links, texts, dates, people, categories, media)


def _item(
    entry: Any,
    base: str,
    names: ElementNames,
    parts: _Parts,
    *,
    title: tuple[str, bool],
    words: tuple[str, str, bool, str],
) -> RawItem:
    first, own, links, _, dates, people, subjects, media = parts
    summary, content, plain, language = words
    guid, link = _identity(entry, first, links, own, names)
    if link and "://" not in link and (base := base_of(entry, base)):
        link = joined(base, link)
    source = first.get("source")
    outlet, outlet_link = ("", "") if source is None else _source(source, names)
    # In the order of the fields: a quarter of a microsecond, where their names take more than half of one.
    return RawItem(
        guid,
        link,
        title[0],
        summary,
        content,
        plain,
        None,  # `dates` say when it was published
        _each_decoded(_authors(people, names)) if people else (),
        _each_decoded(subjects) if subjects else (),
        outlet,
        language or entry.get(LANGUAGE) or first_text(first, "dc:language", "language"),
        _picture(media, links, names) if media or links else "",
        tuple([text for _, text in dates]),
        title[1],
        outlet_link,
        (enclosure_link(links) or _played(media, names)) if links or media else "",
    )


def _identity(entry: Any, first: dict[str, Any], links: list[Link], own: str, names: ElementNames) -> tuple[str, str]:
    """The guid, and the address of the article."""
    guid = first.get("guid", first.get("id"))
    text = all_text(guid).strip() or entry.get(_ABOUT) or ""
    link = first_text(first, *_ORIGINAL) or own or article_link(links)
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
    found = "", False
    for name in TITLES:
        element = first.get(name)
        if element is not None:
            text, plain = typed_text(element)
            if text.strip():
                # Nearly always there is no other one.
                if first.keys().isdisjoint(_OTHER_TITLES) or is_title(text):
                    return text, plain
                found = found if found[0] else (text, plain)
    return found


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
    if not first.keys().isdisjoint(_LAST_WORDS) and are_silent(summary[0], content[0]):
        for name in _LAST_WORDS:
            if name not in first:
                continue
            element = first[name]
            text, plain = typed_text(element)
            if text.strip():
                return text, "", plain or element.get("type") == "plain", ""
    return summary[0], content[0], longer[1], (longer[2].get(LANGUAGE) or "") if longer[0] else ""


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


def _source(element: Any, names: ElementNames) -> tuple[str, str]:
    """The name of another outlet, and its address."""
    address = element.get("url") or ""
    if len(element) == 0:
        return once_decoded((element.text or "").strip()), address
    name = next((all_text(child).strip() for child in element if names[child.tag][0] == "title"), "")
    links = [read_link(child) for child in element if names[child.tag][0] in ("link", "atom:link")]
    address = address or article_link(links)
    return once_decoded(name), address or next(
        (all_text(child) for child in element if names[child.tag][0] == "id"), ""
    )


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
    return next((one.get("url") or "" for one in media if names[one.tag][0] == "media:player"), "")


def first_text(found: dict[str, Any], *names: str) -> str:
    """What the first of these elements says that says anything."""
    for name in names:
        if name in found and (text := all_text(found[name]).strip()):
            return once_decoded(text)
    return ""


def read_link(element: Any) -> Link:
    """A link element, its address joined to a base of its own."""
    address = (element.get("href") or element.get("url") or element.text or "").strip()
    if own := element.get(_BASE):
        address = joined(own, address)
    return Link(address, (element.get("rel") or "").strip(), element.get("type") or "")


def base_of(element: Any, around: str) -> str:
    """The base of addresses in it (XML Base): its own, joined to that of what stands around it."""
    own = element.get(_BASE)
    return joined(around, own) if own else around


def joined(base: str, address: str) -> str:
    """The address in full; as it is where one of the two is none."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address
