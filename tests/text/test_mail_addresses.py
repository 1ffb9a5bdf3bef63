"""Mail addresses: which are taken, which are one, and what is said of the others."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from digestbot.text.mail_addresses import AddressError, clean_address, is_same, mail_key

ONE = [
    ("Ann@Example.COM", "ann@example.com"),
    ("  ann@example.com\n", "ann@example.com"),
    ("Ann Lee <ann@example.com>", "ann@example.com"),
    ('"Lee, Ann" <ann@example.com>', "ann@example.com"),
    ("ann@bücher.example", "ANN@XN--BCHER-KVA.example"),
    ("ann@bu\u0308cher.example", "ann@bücher.example"),
    ("ann@bücher。example", "ann@bücher.example"),
    ("jo\u0301se@example.com", "j\u00f3se@example.com"),
    ("STRASSE@example.com", "straße@example.com"),
]
OTHERS = [
    ("ann+news@example.com", "ann@example.com"),
    ("a.nn@example.com", "ann@example.com"),
    ("ann@googlemail.com", "ann@gmail.com"),
    ("ann@faß.example", "ann@fass.example"),
]
WRONG = {
    "": "no @",
    "ann": "no @",
    "@example.com": "one side",
    "ann@": "no valid domain",
    "ann@@example.com": "more than one @",
    "ann@home@example.com": "more than one @",
    '"ann lee"@example.com': "quotes",
    "ann lee@example.com": "character",
    "ann,bob@example.com": "character",
    "ann(work)@example.com": "character",
    "an\u200bn@example.com": "character",
    "an\x00n@example.com": "character",
    "an\u202en@example.com": "character",
    "ann@exam\u200bple.c\u202eom": "no valid domain",
    ".ann@example.com": "dot before its @",
    "ann.@example.com": "dot before its @",
    "a..n@example.com": "dot before its @",
    "ann@example.com.": "ends in a dot",
    "ann@example..com": "no valid domain",
    "ann@localhost": "needs a dot",
    "ann@[127.0.0.1]": "number",
    "ann@127.0.0.1": "needs a dot",
    "ann@-x.example": "no valid domain",
    "ann@a_b.example": "no valid domain",
    "ann@xn--a.example": "no valid domain",
    "a" * 65 + "@example.com": "longer",
    "ann@" + "a" * 60 + (".a" * 95) + ".example": "longer|domain",
    "ann@example.com\r\nBcc: bob@example.com": "more than one @",
}


@pytest.mark.parametrize(("one", "other"), ONE)
def test_one_address_has_one_key(one: str, other: str):
    """Case, composed letters, the spelling of a domain and the name before it make no other reader."""
    assert mail_key(one) == mail_key(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_addresses_stay_others(one: str, other: str):
    """What only some providers take for the same is not taken for the same here."""
    assert mail_key(one) != mail_key(other)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_address_is_refused_with_a_reason(text: str):
    """The reason says what, and does not repeat the address."""
    with pytest.raises(AddressError, match=WRONG[text]) as caught:
        mail_key(text)
    assert len(text) < 4 or text not in str(caught.value)


def test_an_address_is_kept_as_it_was_given():
    """Without spaces and the name before it; its letters and its domain stay as people write them."""
    assert clean_address(" Ann <Ann.Lee@Bücher.example> ") == "Ann.Lee@Bücher.example"


@settings(max_examples=40)
@given(st.text(max_size=12), st.sampled_from(["example.com", "bücher.example", "例子.example", "Straße.example"]))
def test_a_key_is_an_address_with_that_key(local: str, domain: str):
    """It is composed and folded: to ask again changes nothing, nor does another case."""
    key = ""
    with suppress(AddressError):
        key = mail_key(f"{local}@{domain}")
    assume(key)
    assert mail_key(key) == key
    assert unicodedata.is_normalized("NFC", key)
    assert key == key.casefold() or not key.isascii()
    assert not set(key) & set("\r\n\0 ")


@pytest.mark.parametrize("text", ["", "@", "a@\ud800", "\ud800@example.com", "x@" + "\u00fc" * 300, "no address"])
def test_what_is_no_address_is_the_same_as_nothing(text: str):
    """A stranger's program may call anything an address: it is none of ours, nor its own."""
    assert not is_same(text, text)
    assert not is_same(text, "ann@example.com")
    assert is_same("A@B.C", "a@b.c")
