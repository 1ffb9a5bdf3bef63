"""Stories that have two sides: one says that something happened, and the other denies it."""

from __future__ import annotations

import re

from ..model import Story

_MANY_TITLES = 2  # outlets that say so in a title of theirs, where the headline does not
_LATEST = 0.6  # of a sentence: where the denial stands later, what is denied was told before it
_HOWEVER = re.compile(r"[,，] ?(?:but|though|although|while|aber|doch|jedoch|但|惟|不過|不过|然而)", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied)|denial|rejects? (?:the )?(?:claims?|allegations?|accusations?|reports?)|rejected (?:the )?(?:claims?|allegations?|accusations?|reports?)|"
    r"disputes?|disputed|refutes?|refuted|contradicts?|contradicted|dementiert\w*|bestreite[tn]|bestritt\w*|weist? .{0,40}zurück|widersprach\w*|widerspricht)\b"
    r"|否[認认]|[駁驳]斥|反[駁驳]|[闢辟][謠谣]|澄清",
    re.IGNORECASE,
)


def tells_a_denial(text: str) -> bool:
    """Whether it says that somebody denies something."""
    return _DENIAL.search(text) is not None


def is_an_answer(sentence: str) -> bool:
    """Whether it denies something without having told it, as "The port said ..., but the crew denies it" has."""
    found = _DENIAL.search(sentence)
    if not found or found.start() > _LATEST * len(sentence):
        return False
    return _HOWEVER.search(sentence, 1, found.start()) is None


def is_answered_by(one: str, other: str) -> bool:
    """Whether one of two sentences denies what the other says; not where both tell the denial."""
    denial = (tells_a_denial(one), tells_a_denial(other))
    return any(denial) and not all(denial) and is_an_answer(one if denial[0] else other)


def opens_with_denial(title: str) -> bool:
    """Whether the denial is what a title is about, and not an answer at its end."""
    found = _DENIAL.search(title)
    return found is not None and found.start() < len(title) / 2


def is_denied(story: Story) -> bool:
    """Whether the headline tells a denial, or titles of several outlets do."""
    if tells_a_denial(story.lead.title):
        return True
    return len({item.source for item in story.items if tells_a_denial(item.title)}) >= _MANY_TITLES
