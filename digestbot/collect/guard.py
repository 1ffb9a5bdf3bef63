"""Which addresses may be connected to: public ones, and the private ranges that the configuration allows.

Without this, a feed or a redirect could make digestbot read services of the network it runs in (server-side request
forgery). Each address is checked when its socket is made, so that neither a name that resolves differently the second
time (DNS rebinding) nor a number such as `http://[::ffff:127.0.0.1]/` avoids the check: aiohttp calls its resolver for
names only, but its socket factory for every address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable

from ..errors import ConfigError

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


class PrivateAddressError(OSError):
    """The address is private, and no allowed range holds it."""


def networks(ranges: Iterable[str]) -> tuple[Network, ...]:
    """CIDR ranges as networks.

    Raises:
        ConfigError: one of them is not a CIDR range.
    """
    try:
        return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in ranges)
    except ValueError as error:
        raise ConfigError(
            "DIGESTBOT_FETCH__ALLOW_PRIVATE", str(error), "write ranges such as 192.168.1.0/24, separated by commas"
        ) from error


def is_allowed(address: str, allowed: Iterable[Network]) -> bool:
    """Whether a numeric address may be connected to: it is public, or inside an allowed range."""
    try:
        ip = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(ip in network for network in allowed if network.version == ip.version):
        return True
    return ip.is_global and not any(ip in network for network in DENIED if network.version == ip.version)


def socket_factory(allowed: tuple[Network, ...]) -> Callable[[tuple[object, ...]], socket.socket]:
    """For `aiohttp.TCPConnector(socket_factory=...)`: makes a socket, or raises PrivateAddressError."""

    def make(info: tuple[object, ...]) -> socket.socket:
        family, kind, protocol, _name, place = info
        address = str(place[0])  # type: ignore[index]
        if not is_allowed(address, allowed):
            raise PrivateAddressError(f"{address} is a private address")
        return socket.socket(family, kind, protocol)  # type: ignore[arg-type]

    return make


def _unwrapped(ip: Address) -> Address:
    # The system connects an IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2) to the IPv4 address inside it.
    return ip.ipv4_mapped or ip if isinstance(ip, ipaddress.IPv6Address) else ip
