"""Who asks: behind proxies that are known, and behind those that anybody could claim to be."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from digestbot.web.clients import client_of, network_of

PROXIES = ("127.0.0.0/8", "10.0.0.0/8", "fd00::/8")


def request(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return Request({"type": "http", "client": (peer, 5), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # nobody we know says so
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),  # the first one the client wrote itself
        ("127.0.0.1", ["192.0.2.66", "198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
    ],
)
def test_the_client_is_the_first_that_no_proxy_of_ours_is(peer: str, forwarded: list[str], client: str):
    """From the right: whatever stands before it may be made up."""
    assert client_of(request(peer, *forwarded), PROXIES) == client


def test_one_person_is_one_network():
    """However many addresses they have in it."""
    assert network_of("203.0.113.9") == network_of("203.0.113.200") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::9") == network_of("2001:db8:1:2:aaaa::1") == "2001:db8:1:2::/64"
    assert network_of("") == "unknown"
