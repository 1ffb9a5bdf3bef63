"""Feeds whose password anybody on the way can read, because they are asked over http."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from ..model import Feed
from ..settings import Loaded
from ..text.web_addresses import is_on_this_machine, login_of

REASON = "sends its password in the clear"
FIX = "write its address with https://, or name its host in DIGESTBOT_FETCH__PLAIN_HTTP_SECRETS"


def in_the_clear(feeds: Iterable[Feed], loaded: Loaded) -> tuple[Feed, ...]:
    """Those with a login, or HEADERS of their own, over http, to another machine that the owner has not named for it."""
    return tuple(feed for feed in feeds if _is_in_the_clear(feed, loaded.settings.fetch.plain_http_secrets))


def _is_in_the_clear(feed: Feed, named: Iterable[str]) -> bool:
    if not feed.url.lower().startswith("http:") or (login_of(feed.url) is None and not feed.headers):
        return False
    host = urlsplit(feed.url).hostname or ""
    return not is_on_this_machine(host) and host not in named
