"""The best headlines on one line, for subjects and for the preview that an inbox shows."""

from __future__ import annotations

from typing import Final

from ..text.sanitise import shorten
from .view import DigestView

SUBJECT_WIDTH: Final = 78  # RFC 5322 section 2.1.1: the line length that every mail program shows whole
PREHEADER_WIDTH: Final = 140  # characters
_BETWEEN: Final = " · "


def headlines(view: DigestView, width: int = SUBJECT_WIDTH) -> str:
    """As many of the best headlines as fit whole; the best one alone, shortened, where it is longer."""
    titles = [story.title for story in view.best]
    return _BETWEEN.join(titles[: _fitting(titles, width)]) if _fitting(titles, width) else shorten(titles[0], width)


def next_headlines(view: DigestView, width: int = PREHEADER_WIDTH) -> str:
    """The headlines that follow those of the subject: an inbox shows them beside it, so nothing is said twice."""
    titles = [story.title for story in view.best]
    # Where not even the best headline fits, the subject shows it shortened: here it counts as said all the same.
    following = titles[max(1, _fitting(titles, SUBJECT_WIDTH)) :]
    return shorten(_BETWEEN.join(following), width)


def _fitting(titles: list[str], width: int) -> int:
    count = 0
    while count < len(titles) and len(_BETWEEN.join(titles[: count + 1])) <= width:
        count += 1
    return count
