"""Which addresses may be connected to."""

from __future__ import annotations

import pytest

from digestbot.collect.guard import is_allowed, networks
from digestbot.errors import ConfigError

PRIVATE = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    """Loopback, private, link-local, shared, reserved, multicast, and IPv4 in any IPv6 clothes are refused."""
    assert not is_allowed(address, ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1", "::ffff:93.184.216.34"])
def test_public_addresses_are_allowed(address: str) -> None:
    """The internet may be asked."""
    assert is_allowed(address, ())


def test_a_range_may_be_allowed() -> None:
    """A range of the user's own opens these addresses and no others."""
    allowed = networks(("192.168.7.0/24", "fd12::/16"))
    assert is_allowed("192.168.7.9", allowed)
    assert is_allowed("::ffff:192.168.7.9", allowed)
    assert is_allowed("fd12::1", allowed)
    assert not is_allowed("192.168.8.9", allowed)


def test_a_wrong_range_names_its_setting() -> None:
    """What is no range is a ConfigError that names the setting."""
    with pytest.raises(ConfigError, match="ALLOW_PRIVATE"):
        networks(("home",))
