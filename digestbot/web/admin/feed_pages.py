"""Feeds: how each one is, what it answers now, and another one by the address of a feed or a site."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response

from ...app.feeds import located, shown_address
from ...app.wiring import fetch_options
from ...collect import FetchOptions
from ...collect.canonical_url import is_web_address
from ...collect.politeness import next_turn
from ...errors import ConfigChanged, ConfigError
from ...model import Feed, FeedKind, Item
from ...operations.config_edit import Edit, edited, opened
from ...operations.config_writer import clean_name, feed_settings
from ...operations.find_feeds import Found, try_feed
from ...operations.status import FeedStatus, feeds_status
from ...settings.envfile import EnvFile
from ...text.counting import counted
from ...text.web_addresses import masked
from .desk import Desk, Visit
from .saving import sentences, taken_up, written

HOME: Final = "/admin/feeds"
A_PAGE: Final = 100
_SECONDS: Final = timedelta(
    seconds=10
)  # for one address: several are asked where a site names several, and a page has to answer
_SHOWN: Final = 10  # items
_GONE: Final = "gone: its server says so for good, so it is not asked any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A feed, as the page shows it."""

    name: str
    title: str
    address: str
    health: str
    error: str
    succeeded: str
    next: str


class FeedPages:
    """`/admin/feeds`."""

    def __init__(self, desk: Desk) -> None:
        self._context = desk.context
        self._asking = threading.Lock()  # one at a time: a page of ours is no way to ask many servers at once
        self.routes = [
            desk.shows(HOME, self.list),
            desk.does(HOME, self.ask),
            desk.does(f"{HOME}/add", self.add),
        ]

    def list(self, visit: Visit) -> Response:
        """A page of them, by name."""
        return self._list(visit)

    def _list(self, visit: Visit, *, status: int = 200, **values: Any) -> Response:
        loaded, link = self._context.loaded, self._context.link
        found = sorted(feeds_status(loaded, self._context.store, now=visit.now), key=lambda one: one.feed.name)
        trouble = visit.asked("show") == "trouble"
        shown = [one for one in found if one.feed.name > visit.asked("after") and (not trouble or _in_trouble(one))]
        page = shown[:A_PAGE]
        last = page[-1].feed.name if len(shown) > A_PAGE else ""
        kept = {"show=trouble": trouble, f"after={last}": bool(last)}
        given: dict[str, Any] = {
            "lines": tuple(self._line(visit, one) for one in page),
            "count": len(found),
            "in_trouble": sum(map(_in_trouble, found)),
            "trouble": trouble,
            "more": f"{link(HOME)}?{'&'.join(word for word, wanted in kept.items() if wanted)}" if last else "",
            "home": link(HOME),
            "add": link(f"{HOME}/add"),
            "mark": opened(loaded).mark,
            "address": "",
            "problems": (),
        }
        return visit.page("feeds.html", status=status, **given | values)

    def _line(self, visit: Visit, one: FeedStatus) -> FeedLine:
        state = one.state
        interval = one.feed.interval or self._context.loaded.settings.fetch.interval
        due = next_turn(state, interval=interval) if state and not state.gone else None
        return FeedLine(
            name=one.feed.name,
            title=one.feed.title or (state.title if state else "") or one.feed.name,
            address=masked(shown_address(one.feed.url)),
            health=_health(visit, one),
            error=masked(state.error) if state and not state.gone else "",
            succeeded=visit.when(state.succeeded) if state else "",
            next="" if state and state.gone else visit.when(due) if due and due > visit.now else "in the next round",
        )

    def ask(self, visit: Visit) -> Response:
        """Try one now: what it answers is shown, and nothing is kept."""
        known = {
            one.feed.name: one.feed for one in feeds_status(self._context.loaded, self._context.store, now=visit.now)
        }
        feed = known.get(visit.given("name"))
        if feed is None:
            return visit.page("failed.html", status=404, reasons=("There is no feed of this name any more.",))
        return self._found(visit, feed, None)

    def add(self, visit: Visit) -> Response:
        """Find the feed of an address; then add it."""
        try:
            address = _web_address(visit.given("address", 2000))
            return self._save(visit, address) if visit.given("do") == "add" else self._find(visit, address)
        except ConfigChanged as error:
            said = f"{error.key} {error.reason}. Nothing was overwritten: look again, and add it then."
            return self._list(visit, status=409, problems=(said,), address=visit.given("address", 2000))
        except ConfigError as error:
            return self._list(visit, status=400, problems=sentences(error), address=visit.given("address", 2000))

    def _find(self, visit: Visit, address: str) -> Response:
        kind = FeedKind.PAGE if visit.given("page") == "yes" else FeedKind.FEED
        return self._found(visit, Feed(url=address, name="tried", kind=kind), visit.given("name", 60))

    def _found(self, visit: Visit, feed: Feed, name: str | None) -> Response:
        """What an address leads to; with a name, also the lines that would add it."""
        if not self._asking.acquire(timeout=1):
            return self._list(visit, status=503, problems=("Another address is being asked. Please try again.",))
        try:
            found = try_feed(feed, _brief(fetch_options(self._context.loaded)), now=visit.now)
        finally:
            self._asking.release()
        reading = found.reading
        error = reading.error if reading else ""
        edit = (
            self._edit(found.feed, name=name, title=reading.title if reading else "")
            if name is not None and not error
            else None
        )
        return visit.page(
            "feed_found.html",
            feed=found.feed,
            heading=feed.title or feed.name if name is None else "What was found",
            address=masked(shown_address(reading.url if reading else found.feed.url)),
            why=masked(found.why),
            others=tuple(masked(url) for url in found.others),
            error=masked(error),
            title=reading.title if reading else "",
            items=tuple(_items(visit, found)),
            count=len(reading.items) if reading else 0,
            edit=edit,
            called=name or "",
            mark=edit.mark if edit else "",
            home=self._context.link(HOME),
            add=self._context.link(f"{HOME}/add"),
        )

    def _save(self, visit: Visit, address: str) -> Response:
        loaded = self._context.loaded
        kind = FeedKind.PAGE if visit.given("kind") == FeedKind.PAGE else FeedKind.FEED
        feed = Feed(url=address, name="tried", kind=kind, link_selector=visit.given("selector", 500))
        edit = self._edit(feed, name=visit.given("name", 60), title=visit.given("title", 300))
        if edit.mark != visit.given("mark"):
            raise ConfigChanged("The file", "was changed by somebody else since this page was opened")
        kept = written(visit, edit, back=HOME)
        if isinstance(kept, Response):
            return kept
        added = next(iter(edit.paste)).partition("=")[0].rpartition("__")[2].lower()
        visit.record("added the feed", added, f"{masked(address)}; the old file is {kept.name}")
        self._context.changed()
        return visit.back(HOME, "added" if taken_up(self._context, loaded) else "waits")

    def _edit(self, feed: Feed, *, name: str, title: str) -> Edit:
        loaded = self._context.loaded
        of = opened(loaded)
        file = of.file or EnvFile(path=loaded.base, values=dict(os.environ), lines={})
        _, settings = feed_settings(
            file,
            feed.url,
            name=clean_name(name) if name else "",
            title=title,
            kind=feed.kind,
            link_selector=feed.link_selector,
        )
        return edited(of, settings, loaded, os.environ)


def _web_address(text: str) -> str:
    """What somebody typed as an address on the web; https where it lacks its scheme.

    Raises:
        ConfigError: it is none. A file of this machine is added by the command alone.
    """
    text = text.strip()
    if not text:
        raise ConfigError("The address", "is empty", "write that of a feed or a site")
    address = text if "://" in text or text.startswith(("/", ".")) else located(text, Path("/nowhere"))
    if not is_web_address(address):
        raise ConfigError("The address", "is no address on the web", "write one as https://example.com/feed")
    return address


def _health(visit: Visit, one: FeedStatus) -> str:
    state = one.state
    if state is not None and state.gone:
        return _GONE
    if state is not None and state.failures:
        since = f" since {visit.when(state.failing_since)}" if state.failing_since else ""
        return f"failing{since}, {counted(state.failures, 'time')}"
    return masked(one.health)


def _in_trouble(one: FeedStatus) -> bool:
    return one.state is not None and (one.state.gone or bool(one.state.failures))


def _items(visit: Visit, found: Found) -> Iterator[tuple[str, Item]]:
    for item in (found.reading.items if found.reading else ())[:_SHOWN]:
        yield visit.when(item.published) or "no date", item


def _brief(options: FetchOptions) -> FetchOptions:
    return replace(options, timeout=min(options.timeout, _SECONDS), host=min(options.host, 2 * _SECONDS))
