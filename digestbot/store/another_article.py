"""When an item that is known by its guid or its link is another article all the same. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..text.tokenize import split_words

# A headline that is corrected keeps its date, or moves it by minutes.
_LEAST_LATER = timedelta(hours=12)
_MOST_SHARED_OF_TITLES = 1 / 3  # of the shorter one: "Ep. 12: Salt" and "Ep. 13: Fog" are two
_MOST_SHARED_OF_TEXTS = 1 / 2  # a forecast says "wind", "degrees" and "coast" every day


def is_later(moment: datetime, known_moment: datetime) -> bool:
    """Whether an item that is known may be another article by now."""
    return moment - known_moment >= _LEAST_LATER


def is_another_article(title: str, text: str, *, known_title: str, known_text: str) -> bool:
    """Whether a guid or a link is used again, where hours later it stands with another title, or in other words under the same.

    Weather services, shows and pages of the day do so every day; who edits a report keeps some of its words, or its date.
    """
    return _says_else(title, known_title, _MOST_SHARED_OF_TITLES) or _says_else(text, known_text, _MOST_SHARED_OF_TEXTS)


def _says_else(one: str, other: str, most: float) -> bool:
    words, known = set(split_words(one)), set(split_words(other))
    return bool(words) and bool(known) and len(words & known) <= most * min(len(words), len(known))
