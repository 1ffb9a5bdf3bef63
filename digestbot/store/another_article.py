"""When an item that is known by its guid or its link is another article all the same. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..text.tokenize import split_words

# A headline that is corrected keeps its date, or moves it by minutes.
_LEAST_LATER = timedelta(hours=12)
_MOST_SHARED_WORDS = 1 / 3  # of the shorter title: "Ep. 12: Salt" and "Ep. 13: Fog" are two


def is_another_article(title: str, moment: datetime, *, known_title: str, known_moment: datetime) -> bool:
    """Whether a guid or a link is used again: hours later it stands with another title.

    Weather services, shows and pages of the day do so every day; who edits a report keeps some of its title, or its date.
    """
    if moment - known_moment < _LEAST_LATER:
        return False
    words, known = set(split_words(title)), set(split_words(known_title))
    return bool(words) and bool(known) and len(words & known) <= _MOST_SHARED_WORDS * min(len(words), len(known))
