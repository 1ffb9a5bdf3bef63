"""The source of an item as readers know it: the outlet's name, from the title of its feed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ..text.sanitise import one_line, shorten
from ..text.setting_names import as_title
from ..text.tokenize import fold
from .canonical_url import host_of, site_of
from .item_words import names_nothing

# What outlets write between their name and that of a section.
_DIVIDER = re.compile(r"\s+[-–—|»>·•:]+\s+|\s*[|»]\s*|:\s+|\s+::\s+")
_WORD = re.compile(r"\w+")
_COUNTER = re.compile(
    r"\s#\d{2,}\Z|[(\[{]\s*\d[\d.,]*\+?\s*(?:new|unread|items?|articles?|posts?|entries|stories|results?|updates?|messages?|neue?|nouveaux)?\s*[)\]}]"
    r"|(?<!\S)[(\[{]?\d+\s*(?:min(?:ute)?s?|h(?:ou)?rs?|days?)\s+ago(?:[)\]}]|\b)"
    r"|(?<!\S)\d[\d.,]*\+?\s+(?:new|unread)(?:\s+(?:items?|articles?|posts?|entries|stories|results?|messages?))?(?!\S)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:(?<![\w:])|(?<=-\d\dT))\d{1,2}[:.h]\d{2}(?::\d{2})?(?![\d:_])(?!(?![ap]\.?m|z\b|uhr)[^\W\d_])\s*(?:[ap]\.?m\.?(?!\w))?\s*(?:Uhr\b|(?:GMT|UTC|[A-Z]{2,3}T)\b(?:[+-]\d{1,4})?|[+-]\d{4}\b|Z\b)?",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäé]*|févr?(?:ier)?|märz|avr(?:il)?|juin|juil(?:let)?|août"
    r"|déc(?:embre)?|enero|abril|agosto|diciembre|gennaio|maggio|giugno|luglio|settembre|ottobre)\.?"
)
_WEEKDAY = "mon|tue|wed|thu|fri|sat|sun|die|mit|don|fre|sam|son|lun|mar|mer|jeu|ven|dim|mié|jue|vie|sáb|dom|gio|sab|seg|ter|qua|qui|sex"
_DAY = re.compile(
    rf"(?:\b(?:{_WEEKDAY})[^\W\d_]*\.?,?\s+)?(?:\b\d{{4}}-\d\d-\d\dT?\b|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b"
    rf"|\b\d{{1,2}}\.?\s+{_MONTH}(?:,?\s+\d{{4}})?\b|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b|(?<!\d)\d{{4}}\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日)",
    re.IGNORECASE,
)
# What stood before a time or a number, and dividers that nothing follows any more.
_BEFORE_CLOCK = r"\b(?:last\s+)?(?:updated?|refreshed|generated|build|built|as\s+of|stand|aktualisiert|at|on|am|um)\b:?"
_LOOSE_END = re.compile(
    rf"(?:[\s,;:@|·•»>–—-]|{_BEFORE_CLOCK}|[(\[{{](?:[\s,]|{_BEFORE_CLOCK})*[)\]}}])+\Z"
    r"|\A(?:[\s,;:|·•»>–—-])+",
    re.IGNORECASE,
)
# Labels of hosts that say nothing about whose host it is.
_GENERIC = frozenset(
    {"www", "feeds", "feed", "rss", "news", "blog", "com", "org", "net", "co", "gov", "edu", "ac", "info", "io"}
)
# What the format is called, before the name or behind it.
_FORMAT = re.compile(
    r"\A(?:rss|atom)(?:[\s-]+feeds?)?(?:\s+(?:of|for|from|von|der|des|de)\s+|\s*[:–—|-]\s+)|\Afeed\s+(?:of|von)\s+"
    r"|\A(?:flux|fil|canal|feed)\s+rss(?:\s+(?:des?|du|del|di|da|do))?\s+"
    r"|(?:['’]s)?[\s([{:|–—-]+(?:rss|atom)(?:[\s-]+(?:feeds?|channel|[12](?:\.0)?))?\s*[)\]}]?\Z|['’]s\s+(?:news\s+)?feed\Z|\s+news\s+feed\Z",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"\s+(?:\(@[\w.@-]+\)|/\s*@\w+)(?:\s*/\s*(?:X|Twitter))?\Z")  # of a social network
_GENERIC_TITLE = re.compile(
    r"(?:my |the |our |main |default |site )?(?:rss|atom|feeds?|channel|home ?page|home|blog|website)(?: feeds?| channel| title)?|www\.[\w.-]+",
    re.IGNORECASE,
)
_FEED_HOSTS = ("feeds.", "feed.", "rss.")
# "Posts on Harbour Post", as generators of sites title the feeds of sections.
_ON = re.compile(r"(?:recent content (?:in|on) )?(.{1,60}?) (?:on|in) (.+)", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"\A(?:the\s+)?(?:(?:latest|newest|recent|top|all)\s+(?:news|stories|articles|posts|headlines|updates|content)\s+(?:from|of|on|by|at|in)"
    r"|latest\s+from)\s+",
    re.IGNORECASE,
)
# Words of which the names of sections are made, and no name of an outlet without a further word.
_SECTIONS = frozenset(
    [
        "a",
        "africa",
        "all",
        "allgemein",
        "america",
        "and",
        "articles",
        "arts",
        "asia",
        "aktuell",
        "aktuelles",
        "breaking",
        "business",
        "channel",
        "climate",
        "community",
        "companies",
        "content",
        "culture",
        "deportes",
        "economia",
        "economy",
        "economie",
        "education",
        "edition",
        "entertainment",
        "environment",
        "europe",
        "featured",
        "features",
        "feed",
        "feeds",
        "finance",
        "food",
        "for",
        "front",
        "full",
        "general",
        "health",
        "headlines",
        "home",
        "homepage",
        "in",
        "international",
        "kultur",
        "latest",
        "lifestyle",
        "live",
        "local",
        "main",
        "markets",
        "media",
        "meldungen",
        "monde",
        "money",
        "most",
        "nachrichten",
        "national",
        "news",
        "newest",
        "of",
        "opinion",
        "page",
        "politica",
        "politics",
        "politik",
        "politique",
        "popular",
        "posts",
        "recent",
        "rss",
        "schlagzeilen",
        "science",
        "sport",
        "sports",
        "startseite",
        "stories",
        "story",
        "tech",
        "technik",
        "technology",
        "the",
        "top",
        "travel",
        "uk",
        "und",
        "us",
        "updates",
        "video",
        "videos",
        "welt",
        "wirtschaft",
        "wissen",
        "world",
    ]
)
_MOST_WORDS_OF_A_NAME = 5
MAX_NAME_CHARS = 80


@lru_cache(maxsize=1024)  # a feed calls itself the same at every poll
def source_name(title: str, *addresses: str, name: str = "") -> str:
    """The part of a feed's title that names its outlet: "BBC News" of `BBC News | World` on bbc.co.uk.

    That is the part most like a label of the host: the same letters, the initials, or one inside the other. Without
    such a part, as on a host of feeds for everybody, it is the one that is not the name of a section, else the whole title; without a
    title the host; without a host `name`, the feed's key, as words.
    """
    title = _without_format(_without_clock(one_line(title)))
    if title and not _says_less_than_host(title, addresses):
        # A bar within brackets divides two spellings of a name, not it from a section.
        parts = [part for part in _DIVIDER.split(title) if part]
        parts = parts if all(part.count("(") == part.count(")") for part in parts) else [title]
        if (
            len(parts) == 1
            and (of_section := _ON.fullmatch(title))
            and is_name_of(of_section[2], "".join(addresses[:1]))
        ):
            return shorten(of_section[2], MAX_NAME_CHARS)
        if len(parts) > 1:
            labels = {label for host in map(host_of, addresses) for label in re.split(r"[.-]", host)} - _GENERIC
            alike = [max((_likeness(part, label) for label in labels), default=0.0) for part in parts]
            best = max(alike)
            if best > 0:
                title = parts[alike.index(best)]
            else:
                named = [part for part in parts if not _is_section(part)]
                title = named[0] if len(named) == 1 and _may_be_a_name(named[0]) else title
        return shorten(title, MAX_NAME_CHARS)
    return next(filter(None, map(site_of, addresses)), "") or as_title(name)


def _says_less_than_host(title: str, addresses: Sequence[str]) -> bool:
    """Whether a feed's title names nobody: a program's word for none, an address, or what every feed is, on a host that is not for feeds."""
    if names_nothing(title):
        return True
    return _GENERIC_TITLE.fullmatch(title) is not None and not host_of("".join(addresses[:1])).startswith(_FEED_HOSTS)


def _without_format(title: str) -> str:
    title = _HANDLE.sub("", title) if "@" in title else title
    rest = _ANNOUNCED.sub("", _FORMAT.sub("", title))
    return rest if any(map(str.isalpha, rest)) else title


def _may_be_a_name(part: str) -> bool:
    """Not what stands behind a colon to say what there is: "Breaking news, politics, and more"."""
    return "," not in part and len(part.split()) <= _MOST_WORDS_OF_A_NAME


def _is_section(part: str) -> bool:
    return _SECTIONS.issuperset(_WORD.findall(fold(part)))


def is_name_of(name: str, address: str) -> bool:
    """Whether a name is like the host of this address: the same letters, initials, or one inside the other."""
    labels = set(re.split(r"[.-]", host_of(address))) - _GENERIC
    whole = host_of(address).rpartition(".")[0].replace("-", "")
    return any(_likeness(name, label) > 0 for label in (*labels, whole))


def _without_clock(title: str) -> str:
    """A title without the time, the day or the number of articles that some feeds write into it anew every hour."""
    if not any(map(str.isdigit, title)):
        return title
    rest = _DAY.sub(" ", _CLOCK.sub(" ", _COUNTER.sub(" ", title)))
    if rest == title:
        return title
    rest = _LOOSE_END.sub("", " ".join(rest.split()))
    return rest if any(map(str.isalpha, rest)) else title


def without_source_name(title: str, *names: str) -> str:
    """A headline without its outlet's name at the end: `Gold climbs - Harbour Post`, `Gold climbs | BBC`."""
    # Most titles end in another letter, which is seen in a fraction of the time.
    if title[-1:].lower() not in _last_letters(names):
        return title
    for name in names:
        if not name or not title[-MAX_NAME_CHARS:].lower().endswith(name.lower()):
            continue
        # Eight characters at least must be left: a headline that is only the outlet's name stays.
        match = re.fullmatch(rf"(.{{8,}}?)\s*[-–—|·•»]+\s*(?:the\s|www\.)?{re.escape(name)}", title, re.IGNORECASE)
        if match:
            return match[1].rstrip()
    return title


@lru_cache(maxsize=1024)
def _last_letters(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name[-1].lower() for name in names if name)


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
