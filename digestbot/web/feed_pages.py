"""Each digest as a feed, and the list of pages for search engines where they are welcome."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..app import wiring
from ..model import PublishedEdition
from ..render import digest_from_json
from ..render.archive_view import own_topics
from ..render.safety import sanitised
from ..render.syndication import FeedEntry, SyndicatedFeed, atom, feed_entry, feed_id, json_feed
from ..text.locales import locale_of
from .context import SiteContext
from .digest_places import DigestPlace, named_place, public_places, site_address
from .kept_pages import KeptPages, marked
from .subscribing import not_found

_EDITIONS = 20  # in a feed
_MOST_PAGES = 20_000  # of a digest in the list, which may have 50,000 (sitemaps.org)
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


class FeedPages:
    """`/d/DIGEST/feed.atom`, `/d/DIGEST/feed.json` and `/sitemap.xml`."""

    def __init__(self, context: SiteContext, kept: KeptPages) -> None:
        self._context = context
        self.routes: list[Route] = [
            kept.route("/d/{digest}/feed.atom", self.atom),
            kept.route("/d/{digest}/feed.json", self.json),
            kept.route("/sitemap.xml", self.sitemap),
        ]

    def atom(self, request: Request) -> Response:
        """Atom."""
        place = named_place(self._context, request)
        if place is None:
            return not_found(self._context, request)
        feed = self._feed(request, place)
        content = atom(feed, f"{feed.home}/feed.atom")
        return marked(Response(content, media_type="application/atom+xml"), changed=feed.updated)

    def json(self, request: Request) -> Response:
        """JSON Feed."""
        place = named_place(self._context, request)
        if place is None:
            return not_found(self._context, request)
        feed = self._feed(request, place)
        content = json_feed(feed, f"{feed.home}/feed.json")
        return marked(Response(content, media_type="application/feed+json"), changed=feed.updated)

    def sitemap(self, request: Request) -> Response:
        """Every edition that everybody may read."""
        loaded = self._context.loaded
        if not loaded.settings.web.index:
            return not_found(self._context, request)
        root = ET.Element("urlset", {"xmlns": _SITEMAP})
        for place in public_places(self._context):
            home = self._home(request, place)
            for line in self._context.store.archive.lines(place.name, limit=_MOST_PAGES):
                element = ET.SubElement(root, "url")
                ET.SubElement(element, "loc").text = f"{home}/{line.date.isoformat()}"
                ET.SubElement(element, "lastmod").text = line.made.date().isoformat()
        content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return marked(Response(content, media_type="application/xml"))

    def _home(self, request: Request, place: DigestPlace) -> str:
        return f"{site_address(self._context.loaded, request)}/d/{place.name}"

    def _feed(self, request: Request, place: DigestPlace) -> SyndicatedFeed:
        home, installation = self._home(request, place), self._context.store.installation_id()
        editions = self._context.store.archive.newest_editions(place.name, limit=_EDITIONS)
        return SyndicatedFeed(
            id=feed_id(installation, place.name),
            title=place.title,
            home=home,
            language=str(locale_of(place.language)).replace("_", "-"),
            entries=tuple(self._entry(one, place, home=home, installation=installation) for one in editions),
        )

    def _entry(self, edition: PublishedEdition, place: DigestPlace, *, home: str, installation: str) -> FeedEntry:
        loaded = self._context.loaded
        digest = sanitised(
            digest_from_json(edition.content, language=place.language, shows_why=loaded.digests[place.name].why),
            allowed=loaded.settings.fetch.allow_private,
        )
        return feed_entry(
            digest,
            id=feed_id(installation, place.name, edition.date),
            home=home,
            topics=own_topics(digest),
            updated=edition.made,
            templates=wiring.templates(loaded, place.name),
        )
