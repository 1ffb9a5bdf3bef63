"""Who leaves which lists by a wish that came back: only what is proven counts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.subscribers.tokens import unsubscribe_token
from digestbot.subscribers.wishes import Leaving, leaving

OLD, NEW, FOREIGN = b"0123456789abcdef" * 2, b"fedcba9876543210" * 2, b"x" * 32
KNOWN = ("briefing", "weekend")


def asked(word: str = "", *, proven: bool = False, subscriber: int = 7, lists: tuple[str, ...] = ("briefing",)):
    return leaving(word, proven=proven, subscriber=subscriber, lists=lists, known=KNOWN, keys=(NEW, OLD))


def test_a_token_of_ours_names_reader_and_list():
    """Whoever sends it, from whatever address, and with the key of before the last change."""
    for key in (NEW, OLD):
        word = unsubscribe_token([key], 9, "weekend")
        for proven in (True, False):
            assert asked(word, proven=proven) == Leaving(subscriber=9, lists=("weekend",))


def test_a_proven_wish_without_a_token_is_about_its_delivery():
    """The reader that was written to, the lists that it was written for."""
    assert asked("morning", proven=True) == Leaving(subscriber=7, lists=("briefing",))
    assert asked(proven=True, subscriber=0) is None, "of no list"
    assert asked(proven=True, lists=()) is None


def test_an_unproven_wish_changes_nothing():
    """A foreign key, a changed number, a list that is no more, a word that anybody can write."""
    good = unsubscribe_token([OLD], 9, "weekend")
    for word in ("", "weekend", unsubscribe_token([FOREIGN], 9, "weekend"), good.replace("9.", "8.", 1)):
        assert asked(word) is None
    assert asked(unsubscribe_token([OLD], 9, "gone")) is None


@settings(max_examples=40)
@given(st.text(max_size=64), st.booleans())
def test_no_word_but_ours_moves_a_wish_to_another_reader(word: str, proven: bool):
    """Whatever a mail says after "unsubscribe"."""
    assert asked(word, proven=proven) == (Leaving(subscriber=7, lists=("briefing",)) if proven else None)
