"""Web addresses as texts: their origin, and the login (`user:password@`) that some of them hold."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What we write as an example stays readable.
# A password may hold an unescaped slash or @, so it ends at the last @; `host:8080/@name` is no login but a port and a path.
_LOGIN = re.compile(r"((?:https?|ftp|smtps?|postgres(?:ql)?(?:\+\w+)?):[/\\]{2})(?!(?-i:USER:PASSWORD@HOST\b))(?:[^\s/?#\\]*@|[^\s/@:]*:(?!\d{0,5}(?:[/?#\s]|$))\S*@)", re.IGNORECASE)  # fmt: skip
# A part of a query by its name: `key=`, `api_key=`, `feed-token=`; `keyword=` is none.
_KEY = re.compile(
    r"([?&](?:[\w.-]*[_.-])?(?:api)?(?:key|token|secret|auth|pass|password|passwd|sig|signature)=)[^&#\s]+",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"(https?://)[^/?#\\\s]*@", re.IGNORECASE)
# Printable ASCII, without port, login or fragment: nearly every address of an item.
_ORDINARY = re.compile(r"https?://([a-z0-9.-]+)((?:/[!\"$->@-~]*)?)(?:\?([!\"$-~]*))?")
# What the names of saved files end in, where a host alone has its last part; that of Moldova has to be written with its scheme.
_FILE_END = (
    "atom|bak|cfg|conf|csv|db|eml|env|gz|html?|ini|json|log|mbox|md|mht|mhtml|old|opml|orig|php|rdf|rss|[sx]html|sqlite|tgz|tmp|toml|txt|xgz"
    "|xml|ya?ml|zip"
)
# A host and a path or a port, or a host that begins with www: `feed.xml` alone is a file.
_HOST_FIRST = re.compile(
    r"(?:www\.[^/\s]+\.[a-z]{2,}|(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/|[a-z0-9.-]+:\d+(?:/|\Z)|(?:\d+\.){3}\d+/"
    # A host alone, as in example.com.
    rf"|(?:[a-z0-9-]+\.)+(?!(?:{_FILE_END})\Z)[a-z]{{2,}}\Z)",
    re.IGNORECASE,
)
_OWN_NETWORK = re.compile(r"(?:[^./]+|(?:\d+\.){3}\d+)(?::\d+)?(?:/|\Z)")  # a name without a dot, or a number


def with_scheme(text: str) -> str:
    """What begins with a host as an address: https, or http for a machine of the own network; empty where it may be a file."""
    if not _HOST_FIRST.match(text):
        return ""
    return f"http{'' if _OWN_NETWORK.match(text) else 's'}://{text}"


def masked(text: str) -> str:
    """The text with every login in a web address masked: `https://***@host/path`."""
    return _LOGIN.sub(r"\1***@", text) if "@" in text else text


def without_keys(address: str) -> str:
    """A feed's address for whoever may not read it: what its query calls a key, a token or the like is masked, as a login is."""
    return _KEY.sub(r"\1***", masked(address))


def without_login(url: str) -> str:
    """The address alone."""
    return _AUTHORITY.sub(r"\1", url, count=1)


def login_of(url: str) -> tuple[str, str] | None:
    """User and password of an http(s) address; None where it holds neither, or cannot be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or (parts.username is None and parts.password is None):
        return None
    return unquote(parts.username or ""), unquote(parts.password or "")


def with_login_of(named: str, url: str) -> str:
    """The address with the login of another one, where both have the same origin; else as it is."""
    login = _AUTHORITY.match(named)
    return login[0] + url[len(login[1]) :] if login and origin_of(named) == origin_of(url) else url


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what may see a secret that was meant for this address (RFC 6454).

    Raises:
        ValueError: it cannot be read.
    """
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _DEFAULT_PORTS.get(parts.scheme)


def is_on_this_machine(host: str) -> bool:
    """Whether a host is this machine by its form, so that nobody can listen on the way."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def split_address(url: str) -> tuple[str, str, str]:
    """The host, path and query of an address, as `urlsplit` tells them; of an ordinary one in a tenth of its time.

    Raises:
        ValueError: it is none.
    """
    if ordinary := _ORDINARY.fullmatch(url):
        return ordinary[1], ordinary[2], ordinary[3] or ""
    parts = urlsplit(url)
    return parts.hostname or "", parts.path, parts.query
