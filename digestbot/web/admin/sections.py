"""The parts of the admin pages. Another one is a line here: its title, its first address, and what makes its routes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from starlette.routing import Route

from ..context import SiteContext
from .archive import Archive
from .deliveries import Deliveries
from .desk import HOME, Desk
from .editions import Editions
from .feed_pages import FeedPages
from .log_page import LogPage
from .signing_in import SigningIn
from .subscriber_pages import SubscriberPages
from .today import Today
from .topic_pages import TopicPages


class Pages(Protocol):
    """A part: its routes are made by `Desk.shows` and `Desk.does`."""

    @property
    def routes(self) -> Sequence[Route]: ...


# In the order of the navigation.
SECTIONS: Final[tuple[tuple[str, str, Callable[[Desk], Pages]], ...]] = (
    ("Today", HOME, Today),
    ("Editions", "/admin/editions", Editions),
    ("Deliveries", "/admin/deliveries", Deliveries),
    ("Feeds", "/admin/feeds", FeedPages),
    ("Topics", "/admin/topics", TopicPages),
    ("Subscribers", "/admin/subscribers", SubscriberPages),
    ("Log", "/admin/log", LogPage),
)


def admin_routes(context: SiteContext) -> list[Route]:
    """The routes of all parts."""
    desk = Desk(context, tuple((title, path) for title, path, _ in SECTIONS))
    return [
        *SigningIn(desk).routes,
        *Archive(desk).routes,
        *(route for _, _, make in SECTIONS for route in make(desk).routes),
    ]
