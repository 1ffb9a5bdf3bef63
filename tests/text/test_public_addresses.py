"""What may stand in a message by its form alone: no spelling of a private address, no inner name, no login, no odd port."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.text.public_addresses import DENIED, may_be_sent

SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.01", "127.0.0.1.", "0", "0x",
    "%31%32%37.0.0.1", "127%2e0.0.1", "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127\u00ad.0.0.1", "192.168.1.1", "10.0.0.1",
    "169.254.169.254", "172.16.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "1.2.3.4.5",
    "256.1.1.1", "a.1", "0x7g.0x1", "localhost", "LOCALHOST", "localhost.", "router", "printer.local", "x.internal", "x.lan", "x.home.arpa",
    "x.localhost", "x.local.", "x..example", ".example", "x.LOCAL", "x.ｌocal",
)  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_an_inner_host_is_sent(host: str) -> None:
    """As a link or a picture, with every scheme and port."""
    for scheme in ("http", "https", "HTTP"):
        assert not may_be_sent(f"{scheme}://{host}/apply?x=1")
        assert not may_be_sent(f"{scheme}://{host}:8080/", picture=True)


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "//a.example/", "ftp://a.example/", "javascript:alert(1)", "data:,x", "file:///etc/passwd", "http:///a.example", "http://",
        "https://u@a.example/", "https://u:p@a.example/", "https://@a.example/", "https://a.example\\@b.example/", "https://a.example:0/",
        "https://a.example:99999/", "https://a.example:x/", "https://[::1", "https://a b.example/", "https://a.example/" + "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_not_sent(url: str) -> None:
    """Other schemes, logins, broken ports, and addresses that no form has room for."""
    assert not may_be_sent(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x?y=1#z", "http://a.example", "HTTPS://A.Example./x", "https://港湾日報.example/", "https://xn--bcher-kva.example/",
        "https://8.8.8.8/x", "https://[2606:4700::1111]/", "https://a.example:443/", "https://1password.example/", "https://a.example/@name",
        "https://0x.example.org/",
    ],
)  # fmt: skip
def test_public_addresses_are_sent(url: str) -> None:
    """With any letters, public numbers, a path that holds an @."""
    assert may_be_sent(url)
    assert may_be_sent(url, picture=True)


def test_a_picture_comes_by_the_usual_ports_and_a_link_by_any() -> None:
    """A picture is loaded without a click."""
    assert may_be_sent("https://a.example:8443/x")
    assert not may_be_sent("https://a.example:8443/x", picture=True)


def test_the_owners_networks_may_be_linked() -> None:
    """Named by their range, in every spelling; no others."""
    assert may_be_sent("http://192.168.1.5/wiki", allowed=("192.168.0.0/16",))
    assert may_be_sent("http://0xc0a80105/wiki", allowed=("192.168.0.0/16",))
    assert not may_be_sent("http://10.0.0.1/", allowed=("192.168.0.0/16",))


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_a_number_is_sent_only_where_its_address_is_public(number: int, spelling: str) -> None:
    """All four bytes in one number, of any base, mean what the four written apart mean."""
    address = ipaddress.IPv4Address(number)
    inner = not address.is_global or any(address in one for one in DENIED if one.version == 4)
    assert may_be_sent(f"http://{spelling.format(number)}/") == may_be_sent(f"http://{address}/") == (not inner)
