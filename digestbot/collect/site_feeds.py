"""The feeds that a site names, by trafilatura's rules: its links of kind alternate, else links that look like a feed."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlsplit

from .canonical_url import is_web_address

_MAX_BYTES = 2_000_000  # of a page that is looked through
# A feed of comments, of one post's replies, of a search: what nobody means who gives the site.
_LESSER = re.compile(r"comment|/replies|[?&]s=|oembed|wp-json", re.IGNORECASE)
_LIKE_A_FEED = re.compile(
    r"\.(?:atom|rdf|rss|xml|json)$|\b(?:atom|rss|feed|feeds)\b|[?&]type=100$|[?&]feed=\w+|\.php\b.*\brss", re.IGNORECASE
)


def looks_like_a_feed(url: str) -> bool:
    """Whether an address is that of a feed by its form, so that no page has to be asked for one."""
    parts = urlsplit(url)
    return _LIKE_A_FEED.search(f"{parts.path}?{parts.query}".rstrip("?/")) is not None


def feeds_of_site(content: bytes, url: str) -> tuple[str, ...]:
    """The feeds that a page names, each once, those of comments last."""
    from trafilatura.feeds import FeedParameters, determine_feed  # noqa: PLC0415 -- half a second to import

    try:
        host = urlsplit(url).hostname or ""
        text = content[:_MAX_BYTES].decode("utf-8", "replace")
        found = determine_feed(text, FeedParameters(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}", host, url))
    except (ValueError, AttributeError, TypeError) as error:
        logging.getLogger(__name__).debug("no feeds of %s: %s", url, error)
        return ()
    web = [one for one in dict.fromkeys(found) if is_web_address(one)]
    return tuple(sorted(web, key=lambda one: _LESSER.search(one) is not None))
