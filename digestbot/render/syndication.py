"""A digest as a feed: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org/version/1.1), one entry an edition, with all it tells."""

from __future__ import annotations

import json
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote

from ..text.sanitise import one_line, shorten
from .build_view import build_view
from .headlines import next_headlines
from .i18n import capitalised
from .safety import SafeDigest
from .templates import Templates

STORIES: Final = "web/stories.html"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # www.w3.org/TR/xml, "Characters"
_NOTHING_YET: Final = datetime(1970, 1, 1, tzinfo=UTC)

ET.register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One edition in a feed."""

    id: str  # the same for every revision, and wherever the site moves
    url: str
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SyndicatedFeed:
    """A digest's last editions, newest first."""

    id: str
    title: str
    home: str  # the page of the digest
    language: str  # a BCP 47 tag
    entries: tuple[FeedEntry, ...]

    @property
    def updated(self) -> datetime:
        """When the newest change was made."""
        return max((entry.updated for entry in self.entries), default=_NOTHING_YET)


def feed_id(installation: str, digest: str, edition: date | None = None) -> str:
    """What names a feed, or one of its entries, for good: a UUID, for the address of a site may change.

    Args:
        installation: the id of the database.
        digest: its name.
        edition: of this one; None for the feed.
    """
    parts = [installation, digest, *([edition.isoformat()] if edition else [])]
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join(["digestbot", *parts])).urn


def feed_entry(
    digest: SafeDigest,
    *,
    id: str,  # noqa: A002 -- it is the field's name
    home: str,
    topics: Sequence[str],
    updated: datetime,
    templates: Templates,
) -> FeedEntry:
    """An edition as an entry: what its page tells, without what a mail adds to it.

    Args:
        digest: the edition.
        id: its `feed_id`.
        home: the address of the digest's page, in full.
        topics: the topics that have a page there.
        updated: when its newest revision was made.
        templates: those in use.
    """
    view = build_view(digest)
    at = f"{home}/{view.edition}"
    in_language = templates.for_language(view.language)
    html = in_language.render(STORIES, digest=view, at=at, home=home, query="", topics=frozenset(topics))
    subject = one_line(in_language.render("subject.txt", digest=view))
    return FeedEntry(
        id=id,
        url=at,
        title=shorten(f"{capitalised(view.short_date)}: {subject}" if view.story_count else subject, 200),
        summary=next_headlines(view),
        html=html.strip(),
        published=digest.until,
        updated=max(updated, digest.until),
    )


def atom(feed: SyndicatedFeed, address: str) -> bytes:
    """The feed as Atom, which is at this address."""
    root = ET.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": feed.language})
    _add(root, "title", feed.title)
    _add(root, "id", feed.id)
    _add(root, "updated", _moment(feed.updated))
    _link(root, "self", address, "application/atom+xml")
    _link(root, "alternate", feed.home, "text/html")
    _add(_add(root, "author"), "name", feed.title)
    _add(root, "generator", "digestbot")
    for entry in feed.entries:
        element = _add(root, "entry")
        _add(element, "title", entry.title)
        _add(element, "id", entry.id)
        _link(element, "alternate", entry.url, "text/html")
        _add(element, "published", _moment(entry.published))
        _add(element, "updated", _moment(entry.updated))
        if entry.summary:
            _add(element, "summary", entry.summary)
        _add(element, "content", entry.html).set("type", "html")
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def json_feed(feed: SyndicatedFeed, address: str) -> bytes:
    """The feed as JSON Feed, which is at this address."""
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": address,
        "language": feed.language,
        "authors": [{"name": feed.title}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                **({"summary": entry.summary} if entry.summary else {}),
                "content_html": entry.html,
                "date_published": _moment(entry.published),
                "date_modified": _moment(entry.updated),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


def _add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text:
        element.text = _NO_XML.sub("", text)
    return element


def _link(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    # An IRI may hold other letters than those of ASCII; not every reader knows.
    words = {"rel": relation, "type": kind, "href": quote(address, safe="%/:=&?~#+!$,;'@()*[]")}
    ET.SubElement(parent, f"{{{_ATOM}}}link", words)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
