"""Which web addresses may stand in what is sent, by their form alone, and which IP addresses are public.

Nothing is looked up here, since a preview uses no network; collect/guard.py looks hosts up before it fetches from them.

A link or picture that a hostile feed chose is followed by the reader's browser or mail program, from inside the reader's network: it must
not lead to a router, a printer or a service there. Hosts are read as browsers read them (WHATWG URL), numbers in every spelling.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Special-purpose ranges (RFC 6890 and the registries of IANA). `is_global` of Python 3.11 alone lets some of these
# through: multicast, and IPv4 addresses inside NAT64 (RFC 6052), 6to4 (RFC 3056) and Teredo (RFC 4380). The others
# are repeated because releases of Python differ in them.
DENIED = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "::/96",
            "::ffff:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "fc00::/7",
            "fe80::/9",
            "ff00::/8",
        ),
    )
)

# Names that no public server has: RFC 6761, 6762, 8375, 9476, what routers hand out, and what companies use inside.
_INNER_NAMES = frozenset(
    {"local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "invalid"}
)
_MAX_CHARS = 2_000  # Slack refuses 3,000; browsers and mail programs take longer ones
_IGNORED = re.compile("[\xad\u034f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")  # UTS 46 maps them to nothing
_FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")  # in a host, WHATWG URL
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_PICTURE_PORTS = frozenset({None, 80, 443})


def is_allowed(address: str, allowed: Iterable[Network]) -> bool:
    """Whether a numeric address may be connected to: it is public, or inside an allowed range."""
    try:
        ip = unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(ip in network for network in allowed if network.version == ip.version):
        return True
    return ip.is_global and not any(ip in network for network in DENIED if network.version == ip.version)


def may_be_sent(url: str, *, picture: bool = False, allowed: Iterable[str] = ()) -> bool:
    """Whether a reader may be sent to this address: http(s), a public host, no login, at most 2,000 characters.

    Args:
        url: the address.
        picture: it is loaded without a click, so only the usual ports will do.
        allowed: CIDR ranges of private addresses that the owner has named.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or len(url) > _MAX_CHARS:
        return False
    return port != 0 and (not picture or port in _PICTURE_PORTS) and _is_public(host, _networks(tuple(allowed)))


def _is_public(host: str, allowed: tuple[Network, ...]) -> bool:
    if ":" in host:
        return "%" not in host and is_allowed(host, allowed)
    host = unicodedata.normalize("NFKC", _IGNORED.sub("", unquote(host))).replace("\u3002", ".").casefold()
    labels = host.removesuffix(".").split(".")
    if _FORBIDDEN.search(host) or "" in labels:
        return False
    if _NUMBER.fullmatch(labels[-1]):
        number = _ipv4(labels)
        return number is not None and is_allowed(str(number), allowed)
    return len(labels) > 1 and labels[-1] not in _INNER_NAMES


def _ipv4(labels: list[str]) -> ipaddress.IPv4Address | None:
    """The address that one to four numbers spell: decimal, octal (0177) or hexadecimal (0x7f), the last filling up the rest."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) and len(label) < 20 for label in labels):
        return None
    try:
        numbers = [_number(label) for label in labels]
    except ValueError:
        return None
    *first, last = numbers
    if any(one > 255 for one in first) or last >= 256 ** (5 - len(numbers)):
        return None
    return ipaddress.IPv4Address(sum(one << 8 * (3 - at) for at, one in enumerate(first)) + last)


def _number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8) if len(label) > 1 and label.startswith("0") else int(label)


@lru_cache(maxsize=8)
def _networks(ranges: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(one.strip(), strict=False) for one in ranges)


def unwrapped(ip: Address) -> Address:
    """The address that is connected to."""
    # The system connects an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) to the IPv4 address inside it.
    return ip.ipv4_mapped or ip if isinstance(ip, ipaddress.IPv6Address) else ip
