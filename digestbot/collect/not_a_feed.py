"""What an answer is that is no feed: the cause in one line, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

MAX_BYTES = 60_000  # of an answer that are looked through
_WHAT_TO_DO = "no program gets past it: take another address of this feed, or ask its owner to let feed readers in"

# By what their makers document or their pages hold. Headers first: they are sent with every such page.
_CHECKS_BY_HEADER = (
    ("cf-mitigated", re.compile("challenge"), "Cloudflare"),
    ("x-amzn-waf-action", re.compile("challenge|captcha"), "AWS WAF"),
    ("x-vercel-mitigated", re.compile("challenge"), "Vercel"),
    ("sg-captcha", re.compile("challenge"), "SiteGround"),
    ("x-datadome", re.compile("protected"), "DataDome"),
    ("server", re.compile("ddos-guard"), "DDoS-Guard"),
)
_CHECKS_BY_BODY = (
    (
        re.compile(
            rb"challenge-platform|cf[-_]chl|cdn-cgi/challenge|<title>Just a moment\.\.\.|<title>Attention Required! \| Cloudflare|\A\s*error code: 1\d\d\d\b",
            re.IGNORECASE,
        ),
        "Cloudflare",
    ),
    (re.compile(rb"captcha-delivery\.com", re.IGNORECASE), "DataDome"),
    (re.compile(rb"_Incapsula_Resource|incapsula incident", re.IGNORECASE), "Imperva"),
    (re.compile(rb"px-captcha|perimeterx", re.IGNORECASE), "HUMAN"),
    (re.compile(rb"sucuri_cloudproxy|sucuri website firewall", re.IGNORECASE), "Sucuri"),
    (re.compile(rb"awswafintegration|\.awswaf\.com", re.IGNORECASE), "AWS WAF"),
    (re.compile(rb"/\.within\.website/|making sure you(?:'|&#39;|\xe2\x80\x99)re not a bot", re.IGNORECASE), "Anubis"),
    (re.compile(rb"ddos-guard", re.IGNORECASE), "DDoS-Guard"),
    (re.compile(rb"/\.well-known/sgcaptcha/", re.IGNORECASE), "SiteGround"),
    (re.compile(rb"<title>One moment, please\.\.\.|imunify360", re.IGNORECASE), "Imunify360"),
    (re.compile(rb"/ips\.js\?|KPSDK"), "Kasada"),
    # A script that sets a cookie, as free hosts put before every page.
    (
        re.compile(rb"slowAES|requires? javascript to work", re.IGNORECASE),
        "a script",
    ),
    (re.compile(rb"\bg-recaptcha\b|\bh-captcha\b|\bcf-turnstile\b", re.IGNORECASE), "a captcha"),
)
_BY_AKAMAI = re.compile(rb"errors\.edgesuite\.net|Access Denied.{0,400}Reference(?: |&#32;)(?:#|&#35;)", re.DOTALL)
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sso|auth(?:enticate|orize)?|account/begin|wp-login\.php)(?:[/?.]|$)", re.IGNORECASE
)
_LOGIN_FORM = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_CONSENT_PLACE = re.compile(r"//consent\.|//[^/]*/(?:cookie-?)?consent(?:[/?.]|\Z)", re.IGNORECASE)
_COOKIES = re.compile(
    rb"(?:enable|turn on|accept|allow)\s+(?:\w+\s+){0,3}cookies|cookies\s+(?:\w+\s+){0,3}(?:disabled|required)",
    re.IGNORECASE,
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s>/]")
_PROLOGUE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*", re.DOTALL | re.IGNORECASE
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BEGIN:VCALENDAR", "a calendar"),
)
_FEEDS = frozenset({"rss", "feed", "rdf", "channel", "item", "entry"})
_XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b|\bxmlns\s*=", re.IGNORECASE)
_PHP_ERROR = re.compile(rb"<b>(?:Fatal error|Parse error|Warning)</b>:", re.IGNORECASE)
_ROOTS = {
    "opml": "not a feed but a list of feeds (OPML): add its feeds with `digestbot feeds import`, or name it in DIGESTBOT_OPML",
    "urlset": "not a feed but a sitemap: `digestbot feeds add` with the site's own address finds its feed",
    "sitemapindex": "not a feed but a sitemap: `digestbot feeds add` with the site's own address finds its feed",
}


def browser_check(headers: Mapping[str, str], body: bytes) -> str:
    """Why a page that wants to see a browser cannot be read, with the name of who asks; empty where it is none."""
    for name, value, maker in _CHECKS_BY_HEADER:
        if value.search(headers.get(name, "").lower()):
            return _checked_by(maker)
    start = body[:MAX_BYTES]
    maker = next((maker for sign, maker in _CHECKS_BY_BODY if sign.search(start)), "")
    if not maker and _BY_AKAMAI.search(start):
        maker = "Akamai"
    return _checked_by(maker) if maker else ""


def _checked_by(maker: str) -> str:
    return f"asks for a browser check ({maker}); {_WHAT_TO_DO}"


def what_it_is(content: bytes, url: str) -> str:
    """What a document is that was given as a feed, where it can be told; else empty."""
    start = content[:MAX_BYTES]
    if made := next((what for sign, what in _SIGNATURES if start.startswith(sign)), ""):
        return f"not a feed but {made}: give the address of the feed itself"
    root = _ROOT.match(start, _PROLOGUE.match(start).end())  # type: ignore[union-attr]
    name = root[1].decode("ascii").lower() if root else ""
    if name in _ROOTS:
        return _ROOTS[name]
    if other := _other_kind(start, name):
        return other
    if name != "html" and b"<html" not in start[:4096].lower() and b"<!doctype html" not in start[:4096].lower():
        return ""
    return _page_that_asks(start, url)


def _other_kind(start: bytes, root: str) -> str:
    if start.lstrip().startswith((b"{", b"[")):
        return "not a feed but JSON without items: give the address of the feed itself"
    if _PHP_ERROR.search(start[:4096]):
        return "not a feed but an error of the program that makes it (PHP): tell the owner of the feed"
    if root not in {"html", "", *_FEEDS} and _XML.search(start[:1024]):
        return f"not a feed but XML of another kind (<{root}>): give the address of the feed itself"
    return ""


def _page_that_asks(start: bytes, url: str) -> str:
    """A page in place of what was asked for: it wants to see a browser, a login or a cookie."""
    # Sites carry the scripts of their guards on every page: it is a check only where there is hardly anything else.
    if (
        len(re.sub(rb"<script.*?</script>|<style.*?</style>|<[^>]*>|\s+", b"", start, flags=re.DOTALL | re.IGNORECASE))
        < 1500
    ):
        if found := browser_check({}, start):
            return found
        if _COOKIES.search(start) or _CONSENT_PLACE.search(url):
            return "asks for cookies: put the one of your browser into the feed's HEADERS (Cookie: ...), or take another address"
    if _LOGIN_PATH.search(urlsplit(url).path) or (_LOGIN_FORM.search(start) and len(start) < MAX_BYTES):
        return "asks to log in: put what it wants (Authorization or Cookie) into the feed's HEADERS, or take a public address"
    return ""
