"""The tokens of links: about whom, for what, until when; and what a clock or a new key does to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.subscribers.tokens import (
    LIFETIMES,
    TimedDeed,
    Token,
    TokenProblem,
    read_timed_token,
    read_unsubscribe_token,
    timed_token,
    unsubscribe_token,
)

OLD, NEW, FOREIGN = b"0123456789abcdef" * 2, b"fedcba9876543210" * 2, b"x" * 32
CONFIRM, UNDO = TimedDeed.CONFIRM, TimedDeed.UNDO
SECOND = timedelta(seconds=1)


def confirm(age: timedelta, key: bytes = OLD) -> Token | TokenProblem:
    """What a token says that is read so long after it was made."""
    word = timed_token([key], CONFIRM, 7, "briefing", now=NOON)
    return read_timed_token(word, [OLD], CONFIRM, "briefing", now=NOON + age)


def test_an_unsubscribe_token_is_about_one_reader_of_one_list():
    """Another list, another reader, a foreign key: another word. It names its reader, and has no end."""
    word = unsubscribe_token([OLD], 7, "briefing")
    assert read_unsubscribe_token(word, [OLD], "briefing") == 7
    assert read_unsubscribe_token(word, [OLD], "weekend") is TokenProblem.WRONG
    assert read_unsubscribe_token(word.replace("7.", "8.", 1), [OLD], "briefing") is TokenProblem.WRONG
    assert read_unsubscribe_token(word, [FOREIGN], "briefing") is TokenProblem.WRONG
    assert len(unsubscribe_token([OLD], 999_999, "briefing")) <= 33


def test_a_confirmation_ends_after_48_hours():
    """To the second, and it tells when it was made."""
    assert confirm(timedelta()) == Token(subscriber=7, made=NOON)
    assert confirm(timedelta(hours=48) - SECOND) == Token(subscriber=7, made=NOON)
    assert confirm(timedelta(hours=48)) is TokenProblem.EXPIRED
    assert confirm(timedelta(), FOREIGN) is TokenProblem.WRONG


def test_a_clock_set_back_under_a_token():
    """Who has it confirms all the same, up to the token's own time ahead; beyond that it would live for ever, and is not taken."""
    assert confirm(-timedelta(hours=3)) == Token(subscriber=7, made=NOON)
    assert confirm(-timedelta(hours=48) + SECOND) == Token(subscriber=7, made=NOON)
    assert confirm(-timedelta(hours=48)) is TokenProblem.EXPIRED
    assert confirm(-timedelta(days=3650)) is TokenProblem.EXPIRED


def test_the_time_of_a_token_is_under_its_mac():
    """Nobody makes an old one young."""
    number, made, word = timed_token([OLD], CONFIRM, 7, "briefing", now=NOON - timedelta(days=3)).split(".")
    young = f"{number}.{int(NOON.timestamp()):x}.{word}"
    assert read_timed_token(young, [OLD], CONFIRM, "briefing", now=NOON) is TokenProblem.WRONG
    assert read_timed_token(f"{number}.0{made}.{word}", [OLD], CONFIRM, "briefing", now=NOON) is TokenProblem.WRONG


def test_a_token_for_one_deed_does_no_other():
    """One to take an unsubscription back confirms nothing."""
    word = timed_token([OLD], UNDO, 7, "briefing", now=NOON)
    assert read_timed_token(word, [OLD], CONFIRM, "briefing", now=NOON) is TokenProblem.WRONG
    assert read_timed_token(word, [OLD], UNDO, "weekend", now=NOON) is TokenProblem.WRONG
    assert isinstance(read_timed_token(word, [OLD], UNDO, "briefing", now=NOON + timedelta(days=6)), Token)
    assert read_timed_token(word, [OLD], UNDO, "briefing", now=NOON + LIFETIMES[UNDO]) is TokenProblem.EXPIRED
    plain = unsubscribe_token([OLD], 7, "briefing")
    assert read_timed_token(plain, [OLD], CONFIRM, "briefing", now=NOON) is TokenProblem.WRONG
    assert read_unsubscribe_token(word, [OLD], "briefing") is TokenProblem.WRONG


def test_a_rotated_key_takes_no_link_away():
    """New ones are made with the new key, old ones are known by the old one until it is gone."""
    old = unsubscribe_token([OLD], 7, "briefing")
    new = unsubscribe_token([NEW, OLD], 7, "briefing")
    assert old != new == unsubscribe_token([NEW], 7, "briefing")
    assert [read_unsubscribe_token(word, [NEW, OLD], "briefing") for word in (old, new)] == [7, 7]
    assert read_unsubscribe_token(old, [NEW], "briefing") is TokenProblem.WRONG
    timed = timed_token([OLD], CONFIRM, 7, "briefing", now=NOON)
    assert isinstance(read_timed_token(timed, [NEW, OLD], CONFIRM, "briefing", now=NOON), Token)


@pytest.mark.parametrize(
    "word", ["", ".", "7", "7.", "07.x", "7." + "A" * 22, "٧." + "A" * 22, "7.1." + "A" * 22, "7\n.x", "-1.x"]
)
def test_a_made_up_token_is_wrong(word: str):
    """Whatever stands in the link."""
    assert read_unsubscribe_token(word, [OLD], "briefing") is TokenProblem.WRONG
    assert read_timed_token(word, [OLD], CONFIRM, "briefing", now=NOON) is TokenProblem.WRONG


@settings(max_examples=40)
@given(st.integers(1, 2**31), st.text(max_size=8), st.integers(1, 2**31), st.text(max_size=8))
def test_a_token_is_for_its_reader_and_list_alone(one: int, name: str, other: int, another: str):
    """Read back it is the reader it was made for; no other pair has it."""
    word = unsubscribe_token([OLD], one, name)
    assert read_unsubscribe_token(word, [OLD], name) == one
    if (one, name) != (other, another):
        assert unsubscribe_token([OLD], other, another) != word


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_no_word_breaks_the_reader(word: str):
    """It is wrong, and no error."""
    assert read_unsubscribe_token(word, [OLD], "briefing") is TokenProblem.WRONG
    assert read_timed_token(word, [OLD], CONFIRM, "briefing", now=NOON) is TokenProblem.WRONG
