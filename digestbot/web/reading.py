"""The pages of editions and of their stories. Nothing here changes anything.

An edition that is not for everybody answers as one that is not there, unless its key is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..model import PublishedEdition, parse_edition
from ..render import digest_from_json
from ..render.archive_view import StoryPage, own_topics, story_link, story_page
from ..render.build_view import build_view
from ..render.headlines import next_headlines
from ..render.i18n import edition_date, format_time_in_zone
from ..render.safety import SafeDigest, sanitised
from ..text.locales import locale_of
from .context import SiteContext
from .digest_places import DigestPlace, named_place, opened_place, site_address
from .kept_pages import FOR_ALL, FOR_ONE, KeptPages, marked
from .pages import page
from .subscribing import not_found

_MOST_OLDER = 20  # revisions that are linked
_MOST_DIGITS = 9  # of a revision's number
_HIDDEN = "noindex, nofollow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """The edition before or after."""

    url: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """Which revision of an edition a page shows."""

    number: int
    newest: bool
    made: str  # when, in the reader's zone; empty for the first one
    others: tuple[tuple[int, str], ...]  # number and address of each other one, the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What a page says of itself to programs that show a link to it (ogp.me)."""

    title: str
    description: str
    url: str  # in full; the same for all addresses of the page


class Reading:
    """`/d/DIGEST`, `/d/DIGEST/EDITION` and the stories of each."""

    def __init__(self, context: SiteContext, kept: KeptPages) -> None:
        self._context = context
        self.routes: list[Route] = [
            kept.route("/d/{digest}", self.newest),
            kept.route("/d/{digest}/latest", self.latest, kept=False),
            kept.route("/d/{digest}/{edition}", self.edition),
            kept.route("/d/{digest}/{edition}/s/{story}", self.story),
        ]

    def newest(self, request: Request) -> Response:
        """The edition that went out last."""
        place = named_place(self._context, request)
        if place is None:
            return not_found(self._context, request)
        archive = self._context.store.archive
        name = archive.newest(place.name)
        edition = archive.edition(place.name, name) if name else None
        if edition is None:
            found = page(self._context, request, "web/nothing.html", language=place.language, place=place)
            return marked(found)
        return self._edition(request, place, edition)

    def latest(self, request: Request) -> Response:
        """The address that always leads to the newest edition's own."""
        place = named_place(self._context, request)
        name = self._context.store.archive.newest(place.name) if place else None
        if place is None or name is None:
            return not_found(self._context, request)
        return RedirectResponse(f"{place.home}/{name.isoformat()}", 302, headers={"Cache-Control": "no-cache"})

    def edition(self, request: Request) -> Response:
        """An edition, which stays where it is; `?revision=` names an older one."""
        found = self._read(request)
        if found is None:
            return not_found(self._context, request)
        place, edition = found
        if request.path_params["edition"] != edition.date.isoformat():
            return RedirectResponse(f"{place.home}/{edition.date.isoformat()}{place.query}", 308)
        return self._edition(request, place, edition)

    def story(self, request: Request) -> Response:
        """A story, with all its reports and what other editions told of it."""
        found = self._read(request)
        if found is None:
            return not_found(self._context, request)
        place, edition = found
        digest = self._digest(place, edition)
        at = f"{place.home}/{edition.date.isoformat()}"
        story = story_page(digest, request.path_params["story"], at=at)
        if story is None:
            return not_found(self._context, request)
        answer = page(
            self._context,
            request,
            "web/story.html",
            language=place.language,
            place=place,
            at=at,
            date=edition_date(edition.date, locale_of(place.language)),
            shown=story,
            course=self._course(place, edition, story),
            shared=Shared(
                title=story.story.title,
                description=" ".join(quote.text for quote in story.story.quotes[:1]),
                url=self._full(request, f"/{edition.date.isoformat()}/s/{request.path_params['story']}", place),
            ),
        )
        return self._finished(answer, place)

    def _course(self, place: DigestPlace, edition: PublishedEdition, story: StoryPage) -> tuple[object, ...]:
        """What editions told of it; nothing for whoever may read one edition alone, or where there is no other."""
        archive = self._context.store.archive
        kept = None if place.key else archive.story(place.name, edition.date, story.story.id)
        told = archive.course(place.name, kept.course) if kept else ()
        links = (
            story_link(one, home=place.home, language=place.language, here=one.edition == edition.date) for one in told
        )
        return tuple(links) if len(told) > 1 else ()

    def _read(self, request: Request) -> tuple[DigestPlace, PublishedEdition] | None:
        """The edition that a path names, where whoever asks may read it."""
        try:
            name = parse_edition(request.path_params["edition"])
            word = request.query_params.get("revision")
            revision = int(word[:_MOST_DIGITS]) if word else None
        except ValueError:
            return None
        place = opened_place(self._context, request, name)
        edition = self._context.store.archive.edition(place.name, name, revision=revision) if place else None
        return (place, edition) if place and edition else None

    def _digest(self, place: DigestPlace, edition: PublishedEdition) -> SafeDigest:
        settings = self._context.loaded.settings
        shows_why = self._context.loaded.digests[place.name].why
        digest = digest_from_json(edition.content, language=place.language, shows_why=shows_why)
        return sanitised(digest, allowed=settings.fetch.allow_private)

    def _edition(self, request: Request, place: DigestPlace, edition: PublishedEdition) -> Response:
        digest = self._digest(place, edition)
        view = build_view(digest)
        at = f"{place.home}/{edition.date.isoformat()}"
        before, after = (None, None) if place.key else self._neighbours(place, edition.date)
        answer = page(
            self._context,
            request,
            "web/edition.html",
            language=place.language,
            place=place,
            digest=view,
            at=at,
            home=place.home,
            query=place.query,
            topics=() if place.key else own_topics(digest),
            before=before,
            after=after,
            revision=_revision(edition, digest, at=at, key=place.key),
            shared=Shared(
                title=f"{view.title}, {view.date}",
                description=" · ".join(filter(None, (view.best[0].title if view.best else "", next_headlines(view)))),
                url=self._full(request, f"/{edition.date.isoformat()}", place),
            ),
        )
        return self._finished(answer, place)

    def _neighbours(self, place: DigestPlace, day: date) -> tuple[Neighbour | None, ...]:
        locale = locale_of(place.language)
        return tuple(
            Neighbour(url=f"{place.home}/{one.isoformat()}", date=edition_date(one, locale, short=True))
            if one
            else None
            for one in self._context.store.archive.neighbours(place.name, day)
        )

    def _full(self, request: Request, path: str, place: DigestPlace) -> str:
        return f"{site_address(self._context.loaded, request)}/d/{place.name}{path}"

    @staticmethod
    def _finished(answer: Response, place: DigestPlace) -> Response:
        if place.key:
            answer.headers["X-Robots-Tag"] = _HIDDEN
        return marked(answer, kept=FOR_ONE if place.key else FOR_ALL)


def _revision(edition: PublishedEdition, digest: SafeDigest, *, at: str, key: str) -> RevisionView:
    with_key = f"&key={key}" if key else ""
    others = (number for number in range(edition.newest, -1, -1) if number != edition.revision)
    return RevisionView(
        number=edition.revision,
        newest=edition.revision == edition.newest,
        made=_made(edition.made, digest) if edition.corrected else "",
        others=tuple((number, f"{at}?revision={number}{with_key}") for number in others)[:_MOST_OLDER],
    )


def _made(at: datetime, digest: SafeDigest) -> str:
    return format_time_in_zone(at, ZoneInfo(digest.timezone), locale_of(digest.language))
