"""Return paths: they name a delivery, survive the way of a mail, and cannot be made by a stranger."""

from __future__ import annotations

import random
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.subscribers.verp import LONGEST_BOX, Purpose, Token, address_for, delivery_key, read_token

SECRET, OLD, OTHER = b"0123456789abcdef", b"fedcba9876543210", b"aaaabbbbccccdddd"
KEY = "00112233445566778899aabbccddeeff"
BOX = "bounces@example.com"
PATH = address_for(BOX, KEY, SECRET)
FEW = 40 if settings.default is None or settings.default.max_examples <= 100 else 2000

keys = st.binary(min_size=16, max_size=16).map(bytes.hex)


@settings(max_examples=FEW)
@given(keys, st.sampled_from(Purpose), st.randoms(use_true_random=False))
def test_a_return_path_says_which_delivery_and_what_for(key: str, purpose: Purpose, chance: random.Random):
    """In whatever case it comes back, and with no more than 64 octets before its @."""
    path = address_for(BOX, f"{key}-0", SECRET, purpose)
    local = path.rpartition("@")[0]
    assert local.startswith("bounces+")
    assert len(local) <= 64
    mixed = "".join(chance.choice((letter.upper(), letter.lower())) for letter in path)
    assert read_token(mixed, (OTHER, SECRET)) == Token(key, purpose)


@settings(max_examples=FEW)
@given(keys, st.integers(0, 41), st.sampled_from(ascii_lowercase[:26] + "234567"))
def test_a_changed_token_says_nothing_or_the_same(key: str, place: int, letter: str):
    """No stranger makes one out of another: a letter of it changed, and it names no other delivery."""
    path = address_for(BOX, key, SECRET)
    start = len("bounces+") + place
    said = read_token(path[:start] + letter + path[start + 1 :], (SECRET,))
    # The last letter holds 2 bits that stand for nothing.
    assert said in (None, Token(key, Purpose.RETURN))
    if letter != path[start] and place < 41:
        assert said is None


def test_two_secrets_are_accepted_while_one_replaces_the_other():
    """What the old one made is read as long as it is in use, and no longer."""
    old = address_for(BOX, KEY, OLD)
    assert read_token(old, (SECRET, OLD)) == Token(KEY, Purpose.RETURN)
    assert read_token(old, (SECRET,)) is None
    assert read_token(old, ()) is None


TOKEN = PATH.partition("+")[2].partition("@")[0]


@pytest.mark.parametrize(
    "text",
    [
        f"<{PATH}>",
        f"Bounces <{PATH.upper()}>",
        f"prvs=1234abcdef={PATH}",  # BATV
        f"prvs=bounces+{TOKEN}=1234abcdef@example.com",  # BATV as an older draft has it
        f"btv1==123abcdef12==bounces+{TOKEN}@example.com",  # Barracuda
        f"SRS0=hhhh=tt=example.com=bounces+{TOKEN}@forwarder.example",
        f"SRS1=hhhh=first.example==hhhh=tt=example.com=bounces+{TOKEN}@second.example",
        f'"bounces+{TOKEN}"@example.com',
        f"rfc822; bounces+{TOKEN}@example.com",
        f"bounces+{TOKEN}=example.com@lists.example",  # wrapped into the return path of somebody's list
        f"bounces-{TOKEN}@example.com",  # a server with another delimiter
        f"a@example.com, {ascii_lowercase[:21] * 2}@example.com, {PATH}",
    ],
)
def test_what_is_written_around_it_on_the_way_does_no_harm(text: str):
    """Return paths that were wrapped or quoted are read as they were sent."""
    assert read_token(text, (SECRET,)) == Token(KEY, Purpose.RETURN)


@pytest.mark.parametrize(
    "text", ["", BOX, "bounces+@example.com", "\ud800", TOKEN[:-1], f"{TOKEN}a", "a" * 42, f"{'a' * 42} " * 21 + PATH]
)
def test_what_is_no_token_says_nothing(text: str):
    """Nor is a text with a crowd of words like one read to its end: each would cost some hashes."""
    assert read_token(text, (SECRET,)) is None


@settings(max_examples=FEW)
@given(st.text())
def test_any_text_is_read_without_an_error(text: str):
    """Whatever stands in a mail: no token, no exception."""
    assert read_token(text, (SECRET, OLD)) is None


@pytest.mark.parametrize(
    ("box", "key"), [(BOX, "a message"), (BOX, ""), (f"{'b' * (LONGEST_BOX + 1)}@example.com", KEY), ("nowhere", KEY)]
)
def test_where_no_token_can_be_made_the_mail_still_goes_out(box: str, key: str):
    """With the box itself as its return path."""
    assert address_for(box, key, SECRET) == box
    assert len(address_for(f"{'b' * LONGEST_BOX}@example.com", KEY, SECRET).partition("@")[0]) == 64


def test_a_key_is_read_with_its_part_or_without():
    """Deliveries are called KEY-0, the mail's parts together KEY."""
    assert delivery_key(f"{KEY}-0") == delivery_key(f"{KEY}-12") == delivery_key(KEY) == KEY
    assert delivery_key(f"{KEY}-x") == delivery_key(KEY[1:]) == delivery_key(f"{KEY}\n") == ""
