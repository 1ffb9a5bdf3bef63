"""Origins and logins of web addresses, as texts."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.text.web_addresses import (
    login_of,
    masked,
    origin_of,
    split_address,
    with_login_of,
    without_keys,
    without_login,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.example/feed", "https://a.example/feed"),
        (
            "read https://u:p@a.example/x and HTTP://t0ken@b.example",
            "read https://***@a.example/x and HTTP://***@b.example",
        ),
        ("https://u:p@ss@a.example/x", "https://***@a.example/x"),
        ("https://u:pa/ss?w#rd@a.example/x", "https://***@a.example/x"),
        ("postgresql+psycopg://u:p@db.example/news", "postgresql+psycopg://***@db.example/news"),
        ("https://:p@a.example", "https://***@a.example"),
        ("https://a.example:8080/@name", "https://a.example:8080/@name"),
        ("https://a.example/@name and me@b.example", "https://a.example/@name and me@b.example"),
        ("mailto:me@a.example, slack:#x", "mailto:me@a.example, slack:#x"),
    ],
)
def test_logins_are_masked_wherever_an_address_stands(text: str, shown: str) -> None:
    """With or without a password, escaped or not; a path with an @ is none."""
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?key=k3y&page=2", "?key=***&page=2"),
        ("?page=2&private_token=t0k#top", "?page=2&private_token=***#top"),
        ("?apikey=k3y&Feed-Auth=t0k", "?apikey=***&Feed-Auth=***"),
        ("?keyword=chips&monkey=1&author=ann&path=/key", "?keyword=chips&monkey=1&author=ann&path=/key"),
    ],
)
def test_keys_of_a_feed_are_masked_by_their_names(query: str, shown: str) -> None:
    """Whoever reads over an operator's shoulder, or the JSON of status, could read the feed; and its login."""
    assert without_keys(f"https://u:p@a.example/feed{query}") == f"https://***@a.example/feed{shown}"


def test_an_origin_is_scheme_host_and_port() -> None:
    """The usual port may be left out; case and the root's dot do not count; https and http are two."""
    assert origin_of("https://u:p@A.example/x") == origin_of("HTTPS://a.example.:443") == ("https", "a.example", 443)
    assert len({origin_of(f"{one}.example/") for one in ("https://a", "http://a", "https://b", "https://c.a")}) == 4
    assert origin_of("http://a.example:443") != origin_of("https://a.example")


WORD = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=4, max_size=9)


@given(user=WORD, password=WORD, path=WORD)
def test_a_login_is_told_from_its_address(user: str, password: str, path: str) -> None:
    """Taken off and put on again, for the same origin alone; masked, nothing of it is left."""
    bare = f"https://h.example/~{path}"
    whole = f"https://{user}:Q{password}@h.example/~{path}"
    assert login_of(whole) == (user, f"Q{password}")
    assert without_login(whole) == bare
    assert with_login_of(whole, bare) == whole
    assert with_login_of(whole, f"http://h.example/{path}") == f"http://h.example/{path}"
    assert masked(whole) == f"https://***@h.example/~{path}"
    assert login_of(bare) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/2026/storm-vera-1234567?page=2&amp",
        "http://harbour.example",
        "https://harbour.example?q=a?b",
        "https://Harbour.example/A;b=[1]!",
        "https://me:secret@harbour.example:8080/a#part",
        "https://harbour.example/kräne?q=ä",
        "https://[2001:db8::1]/a",
        "https://harbour.example\\@other.example/a",
        "https:///a",
        "mailto:desk@harbour.example",
        "",
    ],
)
def test_an_address_has_the_parts_that_the_library_gives_it(url: str) -> None:
    """The quick way to an ordinary address and the library's own never differ."""
    parts = urlsplit(url)
    assert split_address(url) == (parts.hostname or "", parts.path, parts.query)
