"""Tokens: short, bound to their purpose and their parts, known by any key in use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.subscribers.mac import mac, matches

KEY, OTHER = b"0123456789abcdef", b"fedcba9876543210"


def test_a_token_is_short_and_fits_a_link():
    """22 characters that need no quoting in an address of the web."""
    token = mac(KEY, "unsubscribe", "7", "briefing")
    assert len(token) == 22
    assert token.replace("-", "").replace("_", "").isalnum()


def test_two_keys_are_accepted_while_one_replaces_the_other():
    """A token of the old key is known as long as that key is in use, and no longer."""
    old = mac(KEY, "unsubscribe", "7")
    assert matches(old, (OTHER, KEY), "unsubscribe", "7")
    assert not matches(old, (OTHER,), "unsubscribe", "7")


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3), st.sampled_from(["a", "b"]))
def test_a_token_stands_for_its_parts_alone(one: list[str], other: list[str], purpose: str):
    """Other parts, other borders or another purpose: another token."""
    same = one == other and purpose == "a"
    assert matches(mac(KEY, "a", *one), (KEY,), purpose, *other) is same


@pytest.mark.parametrize("word", ["", "x", "é" * 22, "\ud800", "A" * 5000])
def test_a_made_up_token_matches_nothing(word: str):
    """Whatever stands in the link: no match, no error."""
    assert not matches(word, (KEY,), "unsubscribe", "7")


def test_a_short_key_is_refused():
    """A key that can be guessed is an error of whoever chose it, not a weak token."""
    with pytest.raises(ValueError, match="guessed"):
        mac(b"short", "unsubscribe")
