"""The pages that lead to editions and stories: the front, the archive by month, topics, outlets and the search."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..model import EditionLine, SentStory
from ..ports import Found
from ..render.archive_view import EditionLink, StoryLink, edition_links, story_link
from ..render.i18n import month_name
from ..text.locales import locale_of
from ..text.sanitise import one_line, shorten
from ..text.search_query import SearchQuery, outlet_word, parse_query, topic_word
from .context import SiteContext
from .digest_places import DigestPlace, named_place, public_places
from .kept_pages import KeptPages, marked
from .pages import language_wanted, page
from .subscribing import not_found

_A_PAGE = 20  # stories
_MOST_EDITIONS = 200  # of a month
_MOST_CHARACTERS = 300  # of a search: no more is looked at
_WORDS = {"topic": topic_word, "outlet": outlet_word}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLink:
    """A month of the archive."""

    url: str
    name: str
    editions: int
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEntry:
    """A digest on the front page."""

    place: DigestPlace
    newest: EditionLink | None


class ArchivePages:
    """`/`, `/d/DIGEST/archive`, `/d/DIGEST/topic/...`, `/d/DIGEST/outlet/...` and `/search`."""

    def __init__(self, context: SiteContext, kept: KeptPages) -> None:
        self._context = context
        self.routes: list[Route] = [
            kept.route("/", self.front, for_language=True),
            kept.route("/search", self.search, kept=False),
            kept.route("/d/{digest}/archive", self.archive),
            kept.route("/d/{digest}/archive/{month}", self.archive),
            kept.route("/d/{digest}/topic/{name:path}", self.topic, kept=False),
            kept.route("/d/{digest}/outlet/{name:path}", self.outlet, kept=False),
        ]

    def front(self, request: Request) -> Response:
        """The digests that everybody may read, and the way to subscribe."""
        loaded = self._context.loaded
        subscribe = any(one.public for one in loaded.settings.lists.values())
        found = [self._front_entry(place) for place in public_places(self._context)]
        if not found and not subscribe:
            return not_found(self._context, request)
        entries = [one for one in found if one.newest] or found
        return marked(page(self._context, request, "web/front.html", entries=entries, subscribe=subscribe))

    def _front_entry(self, place: DigestPlace) -> FrontEntry:
        lines = self._context.store.archive.lines(place.name, limit=1)
        links = edition_links(lines, home=place.home, language=place.language)
        return FrontEntry(place=place, newest=links[0] if links else None)

    def archive(self, request: Request) -> Response:
        """The editions of a month, the newest one where none is named, and the way to the others."""
        place = named_place(self._context, request)
        months = self._context.store.archive.months(place.name) if place else ()
        wanted = request.path_params.get("month")
        first = next((one for one, _ in months if wanted in (None, f"{one:%Y-%m}")), None)
        if place is None or (wanted and first is None):
            return not_found(self._context, request)
        lines: tuple[EditionLine, ...] = ()
        if first is not None:
            last = first.replace(day=monthrange(first.year, first.month)[1])
            archive = self._context.store.archive
            lines = archive.lines(place.name, since=first, until=last, limit=_MOST_EDITIONS)
        locale = locale_of(place.language)
        answer = page(
            self._context,
            request,
            "web/archive.html",
            language=place.language,
            place=place,
            month=month_name(first, locale) if first else "",
            editions=edition_links(lines, home=place.home, language=place.language),
            months=tuple(
                MonthLink(
                    url=f"{place.home}/archive/{one:%Y-%m}",
                    name=month_name(one, locale),
                    editions=count,
                    here=one == first,
                )
                for one, count in months
            ),
        )
        return marked(answer)

    def topic(self, request: Request) -> Response:
        """The stories of a topic."""
        word = topic_word(request.path_params["name"])
        return self._of(request, SearchQuery(topics=(word,)), "topic", lambda story: [story.topic], word)

    def outlet(self, request: Request) -> Response:
        """The stories that an outlet told."""
        word = outlet_word(request.path_params["name"])
        return self._of(request, SearchQuery(outlets=(word,)), "outlet", lambda story: story.outlets, word)

    def _of(
        self, request: Request, query: SearchQuery, kind: str, names: Callable[[SentStory], Sequence[str]], word: str
    ) -> Response:
        place = named_place(self._context, request)
        if place is None:
            return not_found(self._context, request)
        found = self._context.store.archive.search(query, digests=[place.name], after=_after(request), limit=_A_PAGE)
        known = (name for story in found.stories for name in names(story) if _WORDS[kind](name) == word)
        title = next(known, "")
        if not title:
            return not_found(self._context, request)
        at = f"{place.home}/{kind}/{quote(title, safe='')}"
        answer = page(
            self._context,
            request,
            "web/stories_of.html",
            language=place.language,
            place=place,
            kind=kind,
            title=shorten(one_line(title), 80),
            stories=tuple(story_link(one, home=place.home, language=place.language) for one in found.stories),
            more=f"{at}?{urlencode({'after': found.after})}" if found.after is not None else "",
            begins=_after(request) is None,
        )
        return marked(answer)

    def search(self, request: Request) -> Response:
        """What is looked for in all that was sent; `digest=` looks in one alone."""
        places = {place.name: place for place in public_places(self._context)}
        if not places:
            return not_found(self._context, request)
        words = one_line(request.query_params.get("q", "")[:_MOST_CHARACTERS])
        asked = request.query_params.get("digest", "")
        within = places.get(asked)
        query = parse_query(words)
        nothing_asked = query.empty and not within
        digests = [within.name] if within else list(places)
        archive = self._context.store.archive
        found = (
            Found(stories=())
            if nothing_asked
            else archive.search(query, digests=digests, after=_after(request), limit=_A_PAGE)
        )
        given = {"q": words, **({"digest": within.name} if within else {})}
        answer = page(
            self._context,
            request,
            "web/search.html",
            words=words,
            within=within.name if within else "",
            places=tuple(places.values()),
            unread=query.unread,
            asked=not nothing_asked,
            stories=self._links(request, found.stories, places),
            more=f"?{urlencode({**given, 'after': found.after})}" if found.after is not None else "",
            begins=_after(request) is None,
        )
        answer.headers["X-Robots-Tag"] = "noindex"
        return marked(answer)

    def _links(
        self, request: Request, stories: Iterable[SentStory], places: dict[str, DigestPlace]
    ) -> tuple[StoryLink, ...]:
        language = language_wanted(request)
        return tuple(
            story_link(one, home=place.home, language=language, digest=place.title if len(places) > 1 else "")
            for one in stories
            for place in [places[one.digest]]
        )


def _after(request: Request) -> int | None:
    """Where a page begins; what is no number begins at the beginning."""
    word = request.query_params.get("after", "")
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 20 else None
