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
from ..text.public_addresses import Network, is_allowed, unwrapped


class PrivateAddressError(OSError):
    """The address is private, and no allowed range holds it."""

    def __init__(self, address: str) -> None:
        self.range = ranges_of((address,))[0]
        super().__init__(f"{address} is a private address")


def ranges_of(addresses: Iterable[str]) -> tuple[str, ...]:
    """Ranges as they are written in ALLOW_PRIVATE: of each address alone, or of its neighbourhood where several are in it."""
    near: dict[Network, list[Network]] = {}
    for address in addresses:
        ip = unwrapped(ipaddress.ip_address(address.partition("%")[0]))
        bits = 24 if ip.version == 4 else 64
        near.setdefault(ipaddress.ip_network(f"{ip}/{bits}", strict=False), []).append(ipaddress.ip_network(ip))
    return tuple(str(wide if len(set(narrow)) > 1 else narrow[0]) for wide, narrow in near.items())


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


def socket_factory(allowed: tuple[Network, ...]) -> Callable[[tuple[object, ...]], socket.socket]:
    """For `aiohttp.TCPConnector(socket_factory=...)`: makes a socket, or raises PrivateAddressError."""

    def make(info: tuple[object, ...]) -> socket.socket:
        family, kind, protocol, _name, place = info
        address = str(place[0])  # type: ignore[index]
        if not is_allowed(address, allowed):
            raise PrivateAddressError(address)
        return socket.socket(family, kind, protocol)  # type: ignore[arg-type]

    return make
