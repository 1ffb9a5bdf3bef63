"""Everything that was sent, for operators: private digests, too."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from ..archive_pages import ArchivePages
from ..digest_places import FOR_OPERATOR
from ..kept_pages import KeptPages
from ..reading import Reading
from .desk import Desk, Handler, Visit, held


class Archive:
    """`/admin/d/...`: the pages of `/d/...`, as operators see them."""

    def __init__(self, desk: Desk) -> None:
        kept = KeptPages(desk.context)  # keeps nothing: a page of a private digest is for one
        reading, archive = Reading(desk.context, kept), ArchivePages(desk.context, kept)
        self.routes = [
            desk.shows("/admin/d/{digest}", _opened(reading.newest)),
            desk.shows("/admin/d/{digest}/archive", _opened(archive.archive)),
            desk.shows("/admin/d/{digest}/archive/{month}", _opened(archive.archive)),
            desk.shows("/admin/d/{digest}/topic/{name:path}", _opened(archive.topic)),
            desk.shows("/admin/d/{digest}/outlet/{name:path}", _opened(archive.outlet)),
            desk.shows("/admin/d/{digest}/{edition}", _opened(reading.edition)),
            desk.shows("/admin/d/{digest}/{edition}/s/{story}", _opened(reading.story)),
        ]


def _opened(make: Callable[[Request], Response]) -> Handler:
    def show(visit: Visit) -> Response:
        visit.request.scope[FOR_OPERATOR] = True
        return held(make(visit.request))

    return show
