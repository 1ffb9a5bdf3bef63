"""Reasons without what is one reader's alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.text.common_reason import common_reason


@pytest.mark.parametrize(
    ("said", "common"),
    [
        (
            "ann@example.com was refused at RCPT (550 5.1.1 <Ann@Example.com>: Recipient address rejected)",
            "ADDRESS was refused at RCPT (550 5.1.1 <ADDRESS>: Recipient address rejected)",
        ),
        ("resend morning --to mailto:ann@example.com", "resend morning --to mailto:ADDRESS"),
        (
            "550-5.1.1 https://support.google.com/mail/?p=NoSuchUser 20020a17090a-3a1si12345 - gsmtp",
            "550-5.1.1 https://support.google.com/mail/?p=NoSuchUser ... - gsmtp",
        ),
        ("451 4.7.1 greylisted, queue 4F3A2B1C9D", "451 4.7.1 greylisted, queue ..."),
        ("jürgen@münchen.example: mailbox full", "ADDRESS: mailbox full"),
        ("smtp.example.com:587 cannot be reached", "smtp.example.com:587 cannot be reached"),
        ("not delivered before its deadline", "not delivered before its deadline"),
        ("552 5.3.4 larger than SIZE=10485760", "552 5.3.4 larger than SIZE=10485760"),
        ("", ""),
    ],
)
def test_what_is_one_readers_alone_is_left_out(said: str, common: str):
    """The code and the server's words stay."""
    assert common_reason(said) == common


LETTERS = st.text("abcxyz0189_+-", min_size=1, max_size=12)


@settings(max_examples=40)
@given(
    one=LETTERS, another=LETTERS, words=st.sampled_from(["{}", "<{}>: no", "to {} refused", "({}), 5.1.1", "mailto:{}"])
)
def test_two_addresses_with_one_reason_have_one_in_common(one: str, another: str, words: str):
    """Whatever their names, wherever they stand."""
    a, b = (common_reason(words.format(f"{name}@example.com")) for name in (one, another))
    assert a == b
    assert common_reason(a) == a
