"""The source of an item as readers know it: the outlet's name, from the title of its feed."""

from __future__ import annotations

import re

from ..text.sanitise import one_line, shorten
from ..text.tokenize import fold
from .canonical_url import host_of, site_of

# What outlets write between their name and that of a section.
_DIVIDER = re.compile(r"\s+[-–—|»>·•:]+\s+|\s*[|»]\s*|:\s+|\s+::\s+")
_WORD = re.compile(r"\w+")
# Labels of hosts that say nothing about whose host it is.
_GENERIC = frozenset(
    {"www", "feeds", "feed", "rss", "news", "blog", "com", "org", "net", "co", "gov", "edu", "ac", "info", "io"}
)
MAX_NAME_CHARS = 80


def source_name(title: str, *addresses: str, name: str = "") -> str:
    """The part of a feed's title that names its outlet: "BBC News" of `BBC News | World` on bbc.co.uk.

    That is the part most like a label of the host: the same letters, the initials, or one inside the other. Without
    such a part it is the whole title; without a title the host; without a host `name`, the feed's key, as words.
    """
    title = one_line(title)
    if title:
        parts = [part for part in _DIVIDER.split(title) if part]
        if len(parts) > 1:
            labels = {label for host in map(host_of, addresses) for label in re.split(r"[.-]", host)} - _GENERIC
            best = max(parts, key=lambda part: max((_likeness(part, label) for label in labels), default=0.0))
            if max((_likeness(best, label) for label in labels), default=0.0) > 0:
                title = best
        return shorten(title, MAX_NAME_CHARS)
    return next(filter(None, map(site_of, addresses)), "") or name.replace("_", " ").strip().capitalize()


def without_source_name(title: str, *names: str) -> str:
    """A headline without its outlet's name at the end: `Gold climbs - Harbour Post`, `Gold climbs | BBC`."""
    end = title[-MAX_NAME_CHARS:].lower()
    for name in filter(None, dict.fromkeys(names)):
        if not end.endswith(name.lower()):
            continue
        # Eight characters at least must be left: a headline that is only the outlet's name stays.
        match = re.fullmatch(rf"(.{{8,}}?)\s*[-–—|·•»]+\s*{re.escape(name)}", title, re.IGNORECASE)
        if match:
            return match[1].rstrip()
    return title


def _likeness(part: str, label: str) -> float:
    """From 0, nothing alike, to 1, the same letters or initials. The steps between only put candidates in order."""
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
