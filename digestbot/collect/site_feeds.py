"""The feeds that a site names, by trafilatura's rules: its links of kind alternate, else links that look like a feed."""

from __future__ import annotations

import logging
import re
from urllib.parse import urljoin, urlsplit

from lxml.etree import tostring

from .canonical_url import is_web_address

_FEED_SCHEME = re.compile(r"\Afeeds?:(?:(?P<scheme>https?://)|//)", re.IGNORECASE)
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
        text = _as_looked_for(content[:_MAX_BYTES].decode("utf-8", "replace"), url)
        found = determine_feed(text, FeedParameters(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}", host, url))
    except (ValueError, AttributeError, TypeError) as error:
        logging.getLogger(__name__).debug("no feeds of %s: %s", url, error)
        return ()
    web = [one for one in dict.fromkeys(found) if is_web_address(one)]
    return tuple(sorted(web, key=lambda one: _LESSER.search(one) is not None))


def _as_looked_for(page: str, url: str) -> str:
    """The page with its links written as trafilatura looks for them: it takes `rel` word for word, and an address below the host alone."""
    from trafilatura.utils import load_html  # noqa: PLC0415 -- as above

    tree = load_html(page)
    if tree is None:
        return page
    base = urljoin(url, next(iter(tree.xpath("//base/@href")), "").strip())
    for node in tree.iter("link", "a"):
        if href := node.get("href", "").strip():
            node.set("href", urljoin(base, _FEED_SCHEME.sub(_web_scheme, href)))
        if not {"alternate", "feed"}.isdisjoint(node.get("rel", "").lower().split()):
            node.set("rel", "alternate")
    return str(tostring(tree, encoding="unicode"))


def _web_scheme(found: re.Match[str]) -> str:
    return found["scheme"] or "https://"
