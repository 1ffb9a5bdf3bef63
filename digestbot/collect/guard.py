"""Which addresses may be connected to: none inside the house, unless the user says so.

Checked at the moment of connecting, for every redirect and every literal, so that neither a name that resolves anew
(DNS rebinding) nor `http://[::ffff:127.0.0.1]/` comes past it. aiohttp's resolver sees no literals; its socket factory
sees every address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable

from ..errors import ConfigError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# `is_global` alone lets these through (Python 3.11): multicast, and IPv4 wrapped by NAT64 (RFC 6052), 6to4 (RFC 3056)
# and Teredo (RFC 4380). The rest is denied whatever a Python release thinks of it.
_DENIED = tuple(
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
    """The address lies where fetching is not allowed."""


def networks(ranges: Iterable[str]) -> tuple[Network, ...]:
    """CIDR ranges as networks.

    Raises:
        ConfigError: one of them is not a range.
    """
    try:
        return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in ranges)
    except ValueError as error:
        raise ConfigError(
            "DIGESTBOT_FETCH__ALLOW_PRIVATE", str(error), "write ranges such as 192.168.1.0/24, separated by commas"
        ) from error


def is_allowed(address: str, allowed: Iterable[Network]) -> bool:
    """Whether a numeric address may be connected to: public, or inside a range the user allows."""
    try:
        ip = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(ip in network for network in allowed if network.version == ip.version):
        return True
    return ip.is_global and not any(ip in network for network in _DENIED if network.version == ip.version)


def socket_factory(allowed: tuple[Network, ...]) -> Callable[[tuple[object, ...]], socket.socket]:
    """For `aiohttp.TCPConnector(socket_factory=...)`: a socket, or PrivateAddressError."""

    def make(info: tuple[object, ...]) -> socket.socket:
        family, kind, protocol, _name, place = info
        address = str(place[0])  # type: ignore[index]
        if not is_allowed(address, allowed):
            raise PrivateAddressError(f"{address} is a private address")
        return socket.socket(family, kind, protocol)  # type: ignore[arg-type]

    return make


def _unwrapped(ip: Address) -> Address:
    # An IPv4 address in IPv6 clothes goes wherever the IPv4 address goes (RFC 4291 section 2.5.5.2).
    return ip.ipv4_mapped or ip if isinstance(ip, ipaddress.IPv6Address) else ip
