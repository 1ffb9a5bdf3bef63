"""Which addresses may be connected to."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from digestbot.collect.guard import PrivateAddressError, networks, socket_factory
from digestbot.errors import ConfigError
from digestbot.text.public_addresses import DENIED, is_allowed

# The first and last address of each special-purpose range, and those next to it that are public.
RANGES = [
    ("0.0.0.0", "0.255.255.255", "", "1.0.0.0"),
    ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
    ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
    ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
    ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
    ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
    ("192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"),
    ("192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"),
    ("192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"),
    ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
    ("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
    ("198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"),
    ("203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"),
    ("224.0.0.0", "255.255.255.255", "223.255.255.255", ""),
    ("::", "::ffff:ffff", "", ""),
    ("::ffff:0:0", "::ffff:ffff:ffff", "", ""),
    ("64:ff9b::", "64:ff9b::ffff:ffff", "", ""),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "", ""),
    ("100::", "100::ffff:ffff:ffff:ffff", "", ""),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "", "2001:200::"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7::1", "2001:db9::"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::1", "2003::"),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
    ("fe80::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "", ""),
]
PRIVATE = [address for first, last, _, _ in RANGES for address in (first, last)]
PUBLIC = [address for _, _, before, after in RANGES for address in (before, after) if address]
DISGUISED = [
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1%eth0",
]


@pytest.mark.parametrize("address", [*PRIVATE, *DISGUISED])
def test_private_addresses_are_refused(address: str) -> None:
    """Loopback, private, link-local, shared, reserved, multicast, and IPv4 inside any IPv6 address are refused."""
    assert not is_allowed(address, ())


@pytest.mark.parametrize("address", PRIVATE)
def test_no_release_of_python_opens_a_range(address: str) -> None:
    """Each range is denied by our own list too: what `is_global` makes of it differs between releases."""
    ip = ipaddress.ip_address(address)
    assert any(ip in network for network in DENIED if network.version == ip.version)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:4700::1", "::ffff:93.184.216.34", "2606:4700::1%eth0", *PUBLIC]
)
def test_public_addresses_are_allowed(address: str) -> None:
    """The internet may be asked, up to the neighbours of every private range."""
    assert is_allowed(address, ())


@pytest.mark.parametrize("address", ["", "harbour.example", "127.1", "0x7f000001", "10.0.0.1/8", "[::1]"])
def test_what_is_no_numeric_address_is_refused(address: str) -> None:
    """Where an address cannot be understood, nobody knows where a connection would go."""
    assert not is_allowed(address, networks(("0.0.0.0/0", "::/0")))


def test_a_range_may_be_allowed() -> None:
    """A range of the user's own opens these addresses and no others."""
    allowed = networks(("192.168.7.0/24", "fd12::/16"))
    assert is_allowed("192.168.7.9", allowed)
    assert is_allowed("::ffff:192.168.7.9", allowed)
    assert is_allowed("fd12::1", allowed)
    assert not is_allowed("192.168.8.9", allowed)
    assert not is_allowed("fd13::1", allowed)
    assert is_allowed("93.184.216.34", allowed)


def test_a_range_may_be_written_with_any_of_its_addresses() -> None:
    """`192.168.7.9/24` and a lone address are ranges, with spaces around them or not."""
    assert networks((" 192.168.7.9/24 ", "192.168.8.1")) == networks(("192.168.7.0/24", "192.168.8.1/32"))


@pytest.mark.parametrize("text", ["home", "192.168.7.0/33", "", "192.168.7.0-9"])
def test_a_wrong_range_names_its_setting(text: str) -> None:
    """What is no range is a ConfigError that names the setting."""
    with pytest.raises(ConfigError, match="ALLOW_PRIVATE"):
        networks((text,))


def test_a_socket_is_made_for_allowed_addresses_only() -> None:
    """The address, not the port or any other part, is checked before there is a socket."""
    make = socket_factory(networks(("127.0.0.0/8",)))
    family, kind = socket.AF_INET, socket.SOCK_STREAM
    with make((family, kind, 0, "", ("127.0.0.1", 80))) as made:
        assert (made.family, made.type) == (family, kind)
    with pytest.raises(PrivateAddressError, match=r"10\.0\.0\.1 is a private address"):
        make((family, kind, 0, "", ("10.0.0.1", 80)))
