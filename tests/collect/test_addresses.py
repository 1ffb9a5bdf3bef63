"""Addresses from outside: which are of the web, and that nobody takes them for another host or for a file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from digestbot.collect.canonical_url import canonical_url, is_web_address
from digestbot.settings.envfile import line_for, parse_env

PART = st.sampled_from(
    ["http:", "https:", "HTTPS:", "file:", "ht\ttp:", "//", "/", "\\", "@", ":", "?", "#", "&amp;", "%", "%2e", "..", "[", "]", "[::1]",
     "a.example", "b.example", "ä.example", "127.0.0.1", "user", "80", "99999", "utm_source=x", " ", "\t", "\n", "\x85", "\u2028", "\u202e",
     "\ufeff", "'", '"', " #", "．", "。", "\ud800"]
)  # fmt: skip
ADDRESS = st.one_of(
    st.lists(PART, max_size=9).map("".join),
    st.lists(PART, max_size=7).map(lambda parts: "https://a.example" + "".join(parts)),
    st.text(max_size=20),
)


@given(ADDRESS)
@example("https://a.example\\@b.example/")
@example("https://a.example:80:90/")
@example("http://user:@a.example@b.example/")
def test_a_web_address_has_one_host_for_everybody(url: str) -> None:
    """What is taken for an address of the web has the host that the HTTP client asks, whoever reads it, and nothing invisible."""
    if not is_web_address(url):
        return
    host = urlsplit(url).hostname
    canonical = canonical_url(url)

    assert host
    assert url.isprintable()
    assert urlsplit(url).scheme in ("http", "https")
    assert urlsplit(canonical).hostname == host
    assert canonical_url(canonical) == canonical
    assert is_web_address(canonical)
    try:
        asked = URL(url).host
    except ValueError:
        return  # the client refuses it, which is a failure of that feed alone
    assert asked == host or not host.isascii()


@given(ADDRESS)
def test_a_canonical_address_fits_on_a_line(url: str) -> None:
    """It can be written into the configuration and comes back as it was."""
    if canonical := canonical_url(url):
        assert parse_env(line_for("KEY", canonical), Path()).values == {"KEY": canonical}


@pytest.mark.parametrize(
    "url",
    ["", "a.example", "//a.example/", "http:/a.example", "https:///a", "https://", "https://:80/", "https://u:p@/", "https://a.example:0/",
     "https://a.example:65536/", " https://a.example/", "https://a.example/\n", "ht\ttps://a.example/", "https://[::1/", "https://a b/"],
)  # fmt: skip
def test_what_is_no_web_address(url: str) -> None:
    """No host, a port that does not exist, blanks or controls around or inside: none is asked."""
    assert not is_web_address(url)


@pytest.mark.parametrize("url", ["https://a.example", "HTTP://A.example:8080/x?y#z", "https://u:p@a.example/", "https://[::1]:8/", "https://ä.de/ö"])  # fmt: skip
def test_what_is_a_web_address(url: str) -> None:
    """Any case, a port, a password, a number for a host, letters of any script."""
    assert is_web_address(url)
