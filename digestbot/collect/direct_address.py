"""Addresses that only lead on to another one, and name it: search engines, social networks, mail filters. Nobody is asked."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

# By host and path (both may begin or end with anything that stands before a dot or behind a slash): the parameters that hold the address.
_ROWS: Final = tuple(
    (re.compile(place), names.split())
    for place, names in (
        (r"(?:(?:www|news|news\.url)\.)?google\.[a-z.]{2,6}/(?:news/)?(?:url|imgres)", "url q imgrefurl"),
        (r"(?:www\.)?bing\.com/news/apiclick\.aspx", "url"),
        (r"(?:www\.)?duckduckgo\.com/l/?", "uddg"),
        (r"(?:l|lm)\.(?:facebook|instagram|messenger|threads)\.(?:com|net)/(?:l\.php)?", "u"),
        (r"(?:www\.)?facebook\.com/(?:l\.php|sharer(?:/sharer)?\.php|flx/warn/?)", "u"),
        (r"out\.reddit\.com/.*", "url"),
        (r"(?:www\.)?youtube\.com/(?:redirect|attribution_link)", "q"),
        (r"t\.umblr\.com/redirect", "z"),
        (r"(?:www\.)?linkedin\.com/(?:redir/redirect|safety/go)", "url"),
        (r"slack-redir\.net/link", "url"),
        (r"(?:[\w-]+\.)?vk\.com/away\.php", "to"),
        (r"steamcommunity\.com/linkfilter/?", "url u"),
        (r"medium\.com/r/?", "url"),
        (r"getpocket\.com/redirect", "url"),
        (r"disq\.us/(?:url|p/.*)", "url"),
        (r"(?:[\w-]+\.)?safelinks\.protection\.outlook\.com/.*", "url"),
        (r"go\.(?:redirectingat|skimresources)\.com/?", "url"),
        (r"click\.linksynergy\.com/.*", "murl"),
        (r"(?:www\.)?(?:anrdoezrs|dpbolvw|jdoqocy|kqzyfj|tkqlhce)\.(?:com|net)/.*", "url"),
        (r"exit\.sc/?", "url"),
        (r"(?:www\.)?flipboard\.com/redirect", "url"),
        (r"(?:[\w-]+\.)?yandex\.[a-z.]{2,6}/clck/jsredir", "url"),
        (r"linkprotect\.cudasvc\.com/url", "a"),
        (r"go\.bsky\.app/redirect", "u"),
        (r"link\.zhihu\.com/?", "target"),
        (r"weibo\.cn/sinaurl", "u"),
        (r"(?:www\.)?pixiv\.net/jump\.php", "url"),
        (r"redirect\.viglink\.com/?", "u"),
        (r"(?:www\.)?awin1\.com/cread\.php", "ued p"),
        (r"translate\.google\.[a-z.]{2,6}/translate", "u"),
    )
)
# Of nearly all addresses the last two names of their host are enough to know that they lead nowhere else.
_MAY_LEAD_ON: Final = frozenset(
    [
        "bing.com",
        "duckduckgo.com",
        "facebook.com",
        "instagram.com",
        "reddit.com",
        "youtube.com",
        "umblr.com",
        "linkedin.com",
        "slack-redir.net",
        "vk.com",
        "steamcommunity.com",
        "medium.com",
        "getpocket.com",
        "disq.us",
        "outlook.com",
        "redirectingat.com",
        "skimresources.com",
        "linksynergy.com",
        "anrdoezrs.net",
        "anrdoezrs.com",
        "dpbolvw.net",
        "dpbolvw.com",
        "jdoqocy.com",
        "kqzyfj.com",
        "tkqlhce.com",
        "exit.sc",
        "flipboard.com",
        "yahoo.com",
        "ampproject.org",
        "href.li",
        "messenger.com",
        "threads.com",
        "threads.net",
        "yandex.ru",
        "yandex.com",
        "cudasvc.com",
        "bsky.app",
        "zhihu.com",
        "weibo.cn",
        "pixiv.net",
        "viglink.com",
        "awin1.com",
        "cisco.com",
        "urldefense.com",
        "proofpoint.com",
    ]
)
_QUOTED: Final = re.compile(r"/RU=([^/]+)/|/(https?%3A[^/?]+)\Z", re.IGNORECASE)
_AMP: Final = re.compile(r"(?:/amp|(?:\.cdn\.ampproject\.org)/[cv])/(s/)?([\w.-]+\.[a-z]{2,}(?:/.*)?)\Z", re.IGNORECASE)
_PROOFPOINT: Final = {ord("-"): "%", ord("_"): "/"}  # how its second version writes an address
_URLDEFENSE: Final = re.compile(r"/v3/__(https?:/.*?)__;")
_GOOGLE_NEWS: Final = re.compile(r"(?:rss/)?(?:articles|read)/(CBM[\w-]+)")
_IN_BYTES: Final = re.compile(rb"https?://[\x21-\x7e]+")
_MOST_STEPS = 3  # a mail filter may hold a search engine's address


def direct_address(url: str) -> str:
    """The address that this one leads on to, where it says so itself; else as it is."""
    steps = 0
    while _may_lead_on(url[: url.find("/", 8)]) and steps < _MOST_STEPS and (further := _next(url)):
        url = further
        steps += 1
    return url


@lru_cache(maxsize=1024)  # the items of a feed have one host, or a few
def _may_lead_on(site: str) -> bool:
    host = site.partition("//")[2]
    return ".".join(host.split(".")[-2:]) in _MAY_LEAD_ON or ".google." in f".{host}"


def _next(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    place = f"{host}{parts.path}"
    for pattern, names in _ROWS:
        if pattern.fullmatch(place):
            query = dict(reversed(parse_qsl(parts.query)))
            return next((query[name] for name in names if _web(query.get(name, ""))), "")
    return _web(_in_path(url, host, parts.path, parts.query))


def _in_path(url: str, host: str, path: str, query: str) -> str:
    """The address that one holds elsewhere than in a parameter."""
    if host.endswith(("yahoo.com", "secure-web.cisco.com")):
        found = _QUOTED.search(path)
        return unquote(found[1] or found[2]) if found else url.partition("/*")[2]
    if host.endswith("ampproject.org") or (host.startswith("www.google.") and path.startswith("/amp/")):
        found = _AMP.search(f"{host}{path}")
        return f"http{'s' if found[1] else ''}://{found[2]}{'?' + query if query else ''}" if found else ""
    if host == "href.li":
        return query
    if host == "urldefense.proofpoint.com":
        return unquote(dict(parse_qsl(query)).get("u", "").translate(_PROOFPOINT))
    if host == "urldefense.com":
        found = _URLDEFENSE.search(url)
        return re.sub(r"\A(https?):/(?!/)", r"\1://", found[1]) if found else ""
    found = _GOOGLE_NEWS.search(path) if host == "news.google.com" else None
    return _of_google_news(found[1]) if found else ""


def _of_google_news(code: str) -> str:
    """Google News wrote the address into its own until 2024; what is in newer ones only Google knows."""
    try:
        content = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (binascii.Error, ValueError):
        return ""
    found = _IN_BYTES.search(content)
    # A byte before it says how long it is (protobuf); behind it there may be the AMP page.
    return (
        found[0].decode("ascii")[: content[found.start() - 1] if content[found.start() - 1] < 128 else None]
        if found
        else ""
    )


def _web(url: str) -> str:
    return url if url[:8].lower().startswith(("http://", "https://")) else ""
