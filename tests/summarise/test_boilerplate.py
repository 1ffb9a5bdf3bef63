"""What is never quoted, and what is not mistaken for it."""

from __future__ import annotations

import pytest

from digestbot.summarise.boilerplate import is_quotable, trim_head

FURNITURE = [
    "Read more: Five things to know about the bridge.",
    "Click here to read the full story.",
    "Sign up for our newsletter and never miss a story.",
    "Subscribe to Gazette Plus for the full commentary.",
    "Join us for the live broadcast.",
    "We use cookies to improve your experience.",
    "By continuing you agree to our terms.",
    "Photo: Ana Lopez/Getty Images.",
    "Reporting by Ana Lopez; Editing by Tom Reed.",
    "The post Bridge reopens appeared first on The Gazette.",
    "Follow us on X and Facebook.",
    "© 2026 The Gazette. All rights reserved.",
    "This article was originally published in March.",
    "Write to desk@gazette.example with your views.",
]
CUT = [
    "Residents want a second crossing before the end of...",
    "Residents want a second crossing before the end of…",
    "Residents want a second crossing before the […]",
    "Residents want a second crossing before the end of [...]",
    "Residents want a second crossing before the end of the",
]
NEWS = [
    "Google will keep third-party cookies in its browser.",
    "The regulator fined the firm over its privacy policy.",
    "Readers subscribe to the service for nine dollars a month.",
    "By 2030 the line will carry 40,000 people a day.",
    "“We paused … and then went on,” she said.",
    "Updated figures show a fall of 3 percent.",
    "Related firms were searched as well.",
]


@pytest.mark.parametrize("sentence", FURNITURE + CUT)
def test_furniture_and_cut_ends_are_refused(sentence):
    """Invitations, credits, notices and cut-off ends are no part of the news."""
    assert not is_quotable(sentence)


@pytest.mark.parametrize("sentence", NEWS)
def test_news_is_not_mistaken_for_furniture(sentence):
    """A report about cookies or subscriptions is a report."""
    assert is_quotable(sentence)


@pytest.mark.parametrize("sentence", ["“We will win.", 'He said "no.', "It fell (by a third."])
def test_half_quotations_are_refused(sentence):
    """A quotation or bracket that is not closed leaves the reader hanging."""
    assert not is_quotable(sentence)


@pytest.mark.parametrize(
    "head",
    [
        "PORT MALLOW (Reuters) - ",
        "MILAN, May 27 (Reuters) – ",
        "Hong Kong (AP) — ",
        "WASHINGTON — ",
        "WASHINGTON—",
        "NEW DELHI: ",
        "NEW YORK, May 27, 2026 -- ",
        "BAKERSFIELD, Calif. — ",
        "(Reuters) - ",
        "EXCLUSIVE: ",
    ],
)
def test_datelines_are_trimmed(head):
    """A dateline goes; what stays is the rest of the sentence, unchanged."""
    body = "The harbour bridge reopened on Tuesday."
    assert trim_head(head + body) == body


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor - a keen cyclist - reopened the bridge.",
        "EU: too little, too late.",
        "NASA — the agency that built it — is proud.",
    ],
)
def test_a_sentence_without_dateline_is_left_alone(sentence):
    """A dash or a colon alone makes no dateline."""
    assert trim_head(sentence) == sentence


def test_what_is_left_of_a_chinese_sentence_may_be_short():
    """Half as many characters say as much."""
    assert trim_head("【馬洛新聞台】港務處處長周三履新，任期三年。") == "港務處處長周三履新，任期三年。"
    assert trim_head("【馬洛新聞台】處長履新。") == "【馬洛新聞台】處長履新。"
