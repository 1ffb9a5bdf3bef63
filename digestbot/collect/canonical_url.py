"""Web addresses: which are fit for a link, and when two of them are the same."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from ..text.sanitise import WINDOWS_1252

_TRACKING = re.compile(
    r"(?:amp;)?(?:utm_\w*|mtm_\w*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|yclid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok"
    r"|igshid|igsh|ysclid|srsltid|_ga|_gl|vero_id|vero_conv|oly_enc_id|oly_anon_id|__hstc|__hssc|hsctatracking|mkt_tok|ml_subscriber(?:_hash)?|_openstat"
    r"|pk_(?:campaign|kwd|source|medium|content)|piwik_\w+|at_(?:medium|campaign|custom\d|link\w*|bbc_team|format|ptr_name)|xtor|cmpid|ns_(?:campaign|mchannel|source)"
    r"|wt_mc|wt_zmc|sc_cid|smid|guccounter|guce_referrer(?:_sig)?|ftag|s_cid|ocid|spm|rss_id|feedname|feedtype"
    r"|ttclid|li_fat_id|s_kwcid|hsa_\w+|rb_clickid|ef_id|epik|gad_source|gad_campaignid|ck_subscriber_id|sfmc_\w+|mibextid|_kx|wickedid|dicbo|ref_src"
    r"|ref_url|_branch_match_id|_branch_referrer|xing_share|sr_share|nx_source|gs_lcp|__twitter_impression|at_xt|sh_kit|trk_contact|trk_msg|itm_\w+|matomo_\w+|hss_channel|_bhlid|__s|soc_(?:src|trk)|wt\.\w+"
    r"|phpsessid|jsessionid|aspsessionid\w*|cftoken)",  # a visit's own name, another one each time
    re.IGNORECASE,
)
# Names with a meaning of their own elsewhere (`ref=main`), which only say here that the reader came from a feed.
_FROM_A_FEED = re.compile(
    r"(?:ref|refer(?:r)?er|source|src|from|partner|medium|via|origin|campaign|cmp|cid|context|channel|feature|f|ftcamp|mod|traffic_source|tracking_source|campaign_id|emc|ncid|trk|icid|int(?:ernal_)?cmp|wtmc|dpg_campaign)"
    r"=(?:rss|atom|feed|rss[-_]?(?:feed|1|2|2\.0|reader)|feed[-_]?rss|rss/.*|rss[-_][\w.-]*|(?:tw|home)[-_]rss|share_btn_\w+|youtu\.be|emb_\w+)",
    re.IGNORECASE,
)
_MARKS_OF_FEEDS = frozenset({"rss", "rss=", "rss=1", "rss=true", "rss=yes"})
_FEED_WORD = re.compile(
    "rss|atom|feed|tw|home|share|youtu|emb_", re.IGNORECASE
)  # without which that is not worth a look
# Fragments that lead to no place of their own: campaigns, and the parts of a page that every page has.
_IDLE_FRAGMENT = re.compile(
    r"#(?:(?:xtor|utm_\w+|ref|rss|source|src|mtm_\w+|at_\w+|from|ftag|cmpid|sf|ns_\w+|Echobox|intcid|link_id|fbclid)(?:=.*)?|ls=rss|top|comments?|respond|"
    r"comment-form|disqus_thread|more(?:-\d+)?|content|main(?:-?content)?|article|story|body|header|page|start|begin|primary|:~:text=.*|!?/?)",
    re.IGNORECASE,
)
# What ends or breaks an address in HTML, Slack or a terminal: spaces, controls, quotes, brackets, lone surrogates.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029<>\"{}|\\^`\ud800-\udfff]")
_TRACKING_IN_FRAGMENT = re.compile(r"[?&](?:utm|mtm)_\w+=[^&]*")  # appended as if there were no fragment
# Appended without a question mark; or the name of a visit.
_TRACKING_IN_PATH = re.compile(r"[&;](?:amp;)?utm_\w*=[^/&;]*|;(?:jsessionid|phpsessid)=[^/&;]*", re.IGNORECASE)
_VISITS = frozenset({"sid", "s"})  # in forums, with a value of 32 digits; alone it may name the page
_VISIT = re.compile(r"[0-9a-f]{32}")
_FURTHER_QUERY = re.compile(r"(?!https?:)[^?]*\?(\w+=[^?]*)", re.IGNORECASE)  # the address' own, behind a tracker
_SECOND_QUERY = re.compile(r"\?utm_.*", re.IGNORECASE)  # appended as if there were none yet
# A semicolon was once allowed between parameters; today only trackers are still appended with it.
_PAIRS = re.compile(r"&|;(?=utm_)")
_CANONICAL = re.compile(r"https?://[a-z0-9.-]+/[A-Za-z0-9/._~%+,@!$'()*:-]*")  # most are: nothing to do
_ODD_QUERY = re.compile(rf"#|&amp;|{_UNSAFE.pattern}")
_CAMPAIGN = re.compile(r"(?<=[?&])utm_\w*=[^&#]*(?:&|(?=#)|\Z)")
_EMPTY_QUERY = re.compile(r"[?&](?=#|\Z)")
_PARTS = re.compile(
    r"(https?)://(?:[^/?#@\\\s]*@)?([\w.-]+|\[[0-9a-f:.]+\])(?::(\d{0,5}))?(/[^?#]*)?(?:\?([^#]*))?(#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical_url(url: str, *, base: str = "", fragment: bool = False, whole_query: bool = False) -> str:
    """The canonical spelling of an http(s) address; empty when it is not one.

    Scheme and host in lower case, no default port, no user or password, no tracking parameters (also not inside an
    address carried by a parameter) unless `whole_query`, as for an address that is to be asked: `?mod=rss` may be what it wants to
    know; no fragment unless asked for. Everything that may carry meaning stays verbatim.
    Idempotent.
    """
    if _CANONICAL.fullmatch(url):
        return url
    url = url.strip()
    if not url:
        return ""
    place, mark, query = url.partition("?")
    if mark and _CANONICAL.fullmatch(place) and not _ODD_QUERY.search(query):
        query = query if whole_query else _meaningful(query)
        return f"{place}?{query}" if query else place
    if not url.isascii():
        url = url.translate(WINDOWS_1252)  # as in every text from outside
    if "&amp;" in url:
        url = html.unescape(url)
    if base and url and not url.lower().startswith(("http://", "https://")):
        url = _join(base, url)
    match = _PARTS.fullmatch(url)
    if match is None:
        return ""
    scheme, host, port, path, query, tail = (part or "" for part in match.groups())
    scheme, query = scheme.lower(), query if whole_query else _meaningful(query)
    place = f":{port}" if port and port != _DEFAULT_PORTS[scheme] else ""
    tail = tail if fragment and len(tail) > 1 else ""
    made = (
        f"{scheme}://{host.lower()}{place}{_TRACKING_IN_PATH.sub('', path) or '/'}{'?' + query if query else ''}{tail}"
    )
    return _UNSAFE.sub(lambda match: quote(match[0], errors="ignore"), made)


def same_feed(address: str) -> str:
    """What tells the address of one feed from another's: neither a login, nor TLS, nor the spelling of its host, nor a campaign.

    Every other parameter counts: a server may have a feed for each `?source=` that is asked for.
    """
    address = without_campaign(address.strip())
    return (canonical_url(address, fragment=True, whole_query=True) or address).replace("https://", "http://", 1)


def without_campaign(url: str) -> str:
    """The address of a feed without what tells its publisher where it was found; all that may name the feed stays."""
    return _EMPTY_QUERY.sub("", _CAMPAIGN.sub("", url)) if "utm_" in url else url


def with_place(url: str) -> str:
    """The address without a fragment that leads to no place of its own; an anchor and the route of an application stay."""
    if "#" not in url:
        return url
    place, mark, fragment = url.partition("#")
    if "tm_" in fragment:
        fragment = _TRACKING_IN_FRAGMENT.sub("", fragment)
    return place if _IDLE_FRAGMENT.fullmatch(mark + fragment) else f"{place}#{fragment}"


def is_web_address(url: str) -> bool:
    """Whether an address from outside, as it is, is one of the web: http(s), a host, a port that exists, nothing invisible."""
    if not url.isprintable() or not url.lower().startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(url)
        # Readers of an odd address disagree about its host; such a one is none.
        return bool(parts.hostname) and parts.port != 0 and parts.hostname == urlsplit(canonical_url(url)).hostname
    except ValueError:
        return False


@lru_cache(maxsize=1024)  # those of a feed and of its site are asked for again and again
def host_of(url: str) -> str:
    """The host of an address without `www.`; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@lru_cache(maxsize=1024)
def site_of(url: str) -> str:
    """The host of an address where it can name an outlet: with a dot, neither a number nor `localhost`."""
    host = host_of(url)
    return host if "." in host and not host.rpartition(".")[2].isdigit() else ""


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def _meaningful(query: str) -> str:
    kept = []
    for pair in _PAIRS.split(query) if ";" in query else query.split("&"):
        name, equals, value = pair.partition("=")
        if (
            not pair
            or pair in _MARKS_OF_FEEDS
            or _is_tracker(name)
            or (_FEED_WORD.match(value) and _FROM_A_FEED.fullmatch(pair))
            or (name in _VISITS and "&" in query and _VISIT.fullmatch(value))
        ):
            if "?" in value and (further := _FURTHER_QUERY.fullmatch(value)) and (own := _meaningful(further[1])):
                kept.append(own)
            continue
        if "utm_" in value.lower():
            value = _without_tracking(value)
        kept.append(f"{name}{equals}{value}")
    return "&".join(kept)


@lru_cache(maxsize=1024)  # the parameters of a site have few names
def _is_tracker(name: str) -> bool:
    return _TRACKING.fullmatch(unquote(name)) is not None


def _without_tracking(value: str) -> str:
    inner = unquote(value)
    if inner.lower().startswith(("http://", "https://")):
        return quote(canonical_url(inner, fragment=True), safe="")
    return _SECOND_QUERY.sub("", value)
