"""The name of an source_name, as readers know it, from the title of its feed."""

from __future__ import annotations

import re

from ..text.sanitise import one_line, shorten
from ..text.tokenize import fold
from .addresses import host_of, site_of

_DIVIDER = re.compile(r"\s+[-–—|»>·•:]+\s+|\s*[|»]\s*|:\s+|\s+::\s+")
_WORD = re.compile(r"\w+")
_GENERIC = frozenset(
    {"www", "feeds", "feed", "rss", "news", "blog", "com", "org", "net", "co", "gov", "edu", "ac", "info", "io"}
)
_LONGEST = 80


def source_name(title: str, *addresses: str, name: str = "") -> str:
    """The part of a feed's title that names its source_name, as its host tells: `BBC News | World` is "BBC News" on bbc.co.uk.

    A part names the outlet when it shares its letters with a label of the host, or its initials are the label. Without
    such a part the whole title counts; without a title the host; without a host the feed's own key in words.
    """
    title = one_line(title)
    if title:
        parts = [part for part in _DIVIDER.split(title) if part]
        if len(parts) > 1:
            labels = {label for host in map(host_of, addresses) for label in re.split(r"[.-]", host)} - _GENERIC
            best = max(parts, key=lambda part: max((_likeness(part, label) for label in labels), default=0.0))
            if max((_likeness(best, label) for label in labels), default=0.0) > 0:
                title = best
        return shorten(title, _LONGEST)
    return next(filter(None, map(site_of, addresses)), "") or name.replace("_", " ").strip().capitalize()


def without_source_name(title: str, *names: str) -> str:
    """A headline without the name of its own outlet at its end: `Gold climbs - Harbour Post`, `Gold climbs | BBC`."""
    end = title[-_LONGEST:].lower()
    for name in filter(None, dict.fromkeys(names)):
        if not end.endswith(name.lower()):
            continue
        match = re.fullmatch(rf"(.{{8,}}?)\s*[-–—|·•»]+\s*{re.escape(name)}", title, re.IGNORECASE)
        if match:
            return match[1].rstrip()
    return title


def _likeness(part: str, label: str) -> float:
    words = _WORD.findall(fold(part))
    squashed = "".join(words)
    initials = "".join(word[0] for word in words)
    if len(label) < 2:
        return 0.0
    if label in (squashed, initials):
        return 1.0
    if len(label) > 2 and label in squashed:
        return 0.9
    if len(squashed) > 2 and squashed in label:
        return len(squashed) / len(label)
    return max((0.8 * len(word) / len(label) for word in words if len(word) > 2 and word in label), default=0.0)
