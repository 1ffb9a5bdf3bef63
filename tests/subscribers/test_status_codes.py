"""Codes and words of mail servers: whatever is not certainly the reader's mailbox is judged in the reader's favour."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import ReturnKind
from digestbot.subscribers.status_codes import better_code, codes_in, kind_of

HARD, SOFT, FULL = ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.FULL
DELAYED, POLICY = ReturnKind.DELAYED, ReturnKind.POLICY
FEW = 40 if settings.default is None or settings.default.max_examples <= 100 else 2000
WORDS = (
    "",
    "User unknown",
    "mailbox full",
    "greylisted",
    "blocked by spamhaus",
    "no such user",
    "rate limit",
    "over quota",
)


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("5.1.1", "", HARD),
        ("5.1.2", "", SOFT),
        ("5.1.3", "", HARD),
        ("5.1.8", "sender domain not found", POLICY),
        ("5.1.99", "", SOFT),
        ("5.2.1", "", HARD),
        ("5.2.2", "", FULL),
        ("5.2.3", "", POLICY),
        ("5.2.0", "mailbox is full", FULL),
        ("5.3.1", "", SOFT),
        ("5.3.4", "", POLICY),
        ("5.4.4", "", SOFT),
        ("5.5.4", "", POLICY),
        ("5.5.0", "no such user", HARD),
        ("5.6.1", "", POLICY),
        ("5.7.1", "User unknown", POLICY),
        ("5.7.0", "User unknown", POLICY),
        ("4.2.2", "", FULL),
        ("4.1.1", "User unknown", SOFT),
        ("4.4.7", "", SOFT),
        ("4.7.1", "", DELAYED),
        ("4.7.0", "greylisted", DELAYED),
        ("4.7.28", "unusual rate of mail", POLICY),
        ("4.3.0", "over quota", FULL),
        ("5.1.1", "temporary failure, try again", SOFT),
        ("5.0.0", "mailbox of user@full.example rejected", SOFT),
        ("5.0.0", "mail.spam.example says: user unknown", HARD),
        ("2.0.0", "", ReturnKind.UNRELATED),
    ],
)
def test_what_a_code_means(code: str, text: str, kind: ReturnKind):
    """RFC 3463's codes, and the words where a code says nothing or its words say otherwise."""
    assert kind_of(code, text) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("account is temporarily over its quota", FULL),
        ("the mailbox has exceeded its disk space limit", FULL),
        ("not enough storage space", FULL),
        ("user has too many messages", FULL),
        ("mail from your IP is not taken", POLICY),
        ("access from IP address 192.0.2.1 blocked", POLICY),
        ("sender domain does not exist", POLICY),
        ("your server looks suspicious", POLICY),
        ("host mx.lost.example said: Recipient address rejected: no such user", HARD),
        ("nobody.spam.example refused: user unknown", HARD),
        ("this address no longer accepts mail", HARD),
        ("not a known user", HARD),
        ("there is no one at this address", HARD),
        ("user (reader) unknown", HARD),
    ],
)
def test_words_are_understood_where_the_code_says_nothing(text: str, kind: ReturnKind):
    """And where it says that there is no such mailbox, for many servers say that of a full one and of blocked senders."""
    assert kind_of("5.0.0", text) is kind
    assert kind_of("5.1.1", text) is kind


@pytest.mark.parametrize(
    ("reply", "text", "kind"),
    [
        ("550", "", SOFT),
        ("550", "unknown user", HARD),
        ("450", "unknown user", SOFT),
        ("552", "over quota", FULL),
        ("554", "", POLICY),
        ("556", "", HARD),
        ("250", "", ReturnKind.UNRELATED),
    ],
)
def test_a_code_of_three_digits_alone(reply: str, text: str, kind: ReturnKind):
    """550 stands for many things (RFC 5321), and 450 for nothing that is for ever."""
    assert kind_of("", text, reply=reply) is kind


@settings(max_examples=FEW)
@given(st.sampled_from("45"), st.integers(0, 9), st.integers(0, 600), st.sampled_from(WORDS), st.booleans())
def test_a_code_and_words_never_say_more_than_they_may(family: str, subject: int, detail: int, words: str, final: bool):
    """Security and policy are never the reader's fault, class 4 is never for ever, and a delay decides nothing."""
    kind = kind_of(f"{family}.{subject}.{detail}", words, final=final)
    if not final:
        assert kind is DELAYED
    if subject == 7:
        assert kind not in (HARD, SOFT) or kind is DELAYED
    if family == "4":
        assert kind is not HARD


@pytest.mark.parametrize(
    ("given_", "said", "best"),
    [("5.0.0", "5.1.1", "5.1.1"), ("5.1.1", "5.7.1", "5.7.1"), ("5.1.1", "5.2.2", "5.1.1"), ("4.0.0", "5.1.1", "4.0.0"), ("5.1.1", "", "5.1.1"), ("5.4.1", "5.1.10", "5.1.10")],
)  # fmt: skip
def test_the_code_that_says_more_is_taken(given_: str, said: str, best: str):
    """A relay's 5.0.0 hides what it was told; a policy stays one; classes are not mixed."""
    assert better_code(given_, said) == best


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("550 5.1.1 User unknown", ("5.1.1", "550")),
        ("550-5.1.10 gone", ("5.1.10", "550")),
        ("(#5.1.1)", ("5.1.1", "")),
        ("host mx[192.0.5.1] with version 5.12.4.9", ("", "")),
        ("port 550", ("", "")),
        ("5.1.1.", ("5.1.1", "")),
        ("5.1.0 unknown, 550 5.7.1 denied", ("5.7.1", "550")),
        ("", ("", "")),
    ],
)
def test_codes_are_found_in_a_sentence(text: str, codes: tuple[str, str]):
    """Not parts of addresses and versions."""
    assert codes_in(text) == codes
