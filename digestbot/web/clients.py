"""Who asks: the address of the client, behind proxies that are known, and the network that it belongs to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

from starlette.requests import Request

_V4_PREFIX: Final = 24
_V6_PREFIX: Final = 64  # what one household gets (RFC 6177)
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_of(request: Request, proxies: Iterable[str]) -> str:
    """The address of who asks; empty where that is not known.

    Forwarded addresses count only as far as proxies of ours wrote them: from the right, up to the first that is no proxy.
    Whatever stands before that the client may have written itself.
    """
    hops = [request.client.host if request.client else ""]
    for field in reversed(request.headers.getlist("x-forwarded-for")):
        hops += [one.strip() for one in reversed(field.split(","))]
    found = ""
    for hop in hops:
        address = _address(hop)
        if address is None:
            break
        found = str(address)
        if not is_proxy(found, proxies):
            break
    return found


def is_proxy(client: str, proxies: Iterable[str]) -> bool:
    """Whether an address is in one of the networks of our proxies."""
    address = _address(client)
    networks = map(ipaddress.ip_network, proxies)
    return address is not None and any(address in network for network in networks if network.version == address.version)


def is_this_machine(client: str) -> bool:
    """Whether it is a program on this machine that asks."""
    address = _address(client)
    return address is not None and address.is_loopback


def network_of(client: str) -> str:
    """The network of a client, which limits count by: one person may have many addresses in it."""
    address = _address(client)
    if address is None:
        return "unknown"
    prefix = _V4_PREFIX if address.version == 4 else _V6_PREFIX
    return str(ipaddress.ip_network((address, prefix), strict=False))


def _address(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
