"""The part of a title that is about the event: without the outlet's name, a label such as "Live:", or a series' name."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from ..model import Item
from ..text.language import stop_words_for
from ..text.tokenize import fold, pieces_of, split_words

_DIVIDER = re.compile("[-–—|»·•:]")
# No colon among these: what follows one is mostly the news itself. A label before a colon is _LABEL's affair.
_TAIL = re.compile(r"\s+[-–—|»·•]+\s+|\s*[|»]\s*")
_LABEL = re.compile(
    r"\A(?:(?:live|breaking|exclusive|watch|video|listen|podcast|opinion|analysis|explainer|factbox|update|updated|"
    r"in pictures|photos|newsletter|briefing)(?:\s+(?:blog|updates?|news|coverage|report|only|\d+))?\s*[:|–—-]\s+)+",
    re.IGNORECASE,
)
_SERIES = re.compile(r"\d+|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:jan|febr)uary\b|\bmarch\b|\bapril\b|"
                     r"\bmay\b|\bjune\b|\bjuly\b|\baugust\b|\b(?:septem|octo|novem|decem)ber\b")  # fmt: skip
# What a name ends with that is an address: "Ledger.com", "Ledger.co.uk".
_ADDRESS_END = re.compile(r"(?<=\w\w)(?:\.(?:com|org|net|info|io|co|[a-z]{2}))+\Z", re.IGNORECASE)
# An identifier at the start of a title, such as "CVE-2026-40011" or "8-K": what it is of, not which one.
_IDENTIFIER = re.compile(r"\A(?=\S*\d)(?=\S*[^\W\d])\S+")
_BRACKETS = re.compile(r"[(\[【]([^)\]】]{1,40})[)\]】]")
_MOST_LABEL_WORDS = 3  # what stands before a colon or a dash and is longer is a part of the headline
_MIN_LABEL_TITLES = 3  # an outlet's titles that must carry a word as a label before it counts as one
# Titles that carry a label are about different things. Where more than this share of pairs have another word in common,
# the label is the name of an event: "Rotterdam strike: ...".
_MOST_ALIKE = 0.25
_MOST_COMPARED = 24  # titles compared with each other for that
SERIES_WORDS = 3  # a title that repeats and says no more than this is the name of a series
_MOST_SERIES_CHARACTERS = 60  # a longer title is no series' name: not worth splitting into words
_MOST_HEADING_SPACES = 4  # "Wednesday, 27 May 2026": what has more is a headline, and most titles have
_MIN_ENDING_TITLES = 3  # titles that must share an ending before it counts as an outlet's name
# Names of outlets are short: a longer ending is the second half of a headline.
_MOST_ENDING_WORDS = 4


_SECTIONS = (
    "news, latest news, breaking news, headlines, top stories, news in brief, in brief, briefs, home, homepage, world, world news, "
    "business, politics, sport, sports, technology, science, health, culture, opinion, update, updates, press release, "
    "press releases, announcement, announcements, blog, nachrichten, aktuelles, aktuell, meldungen, kurzmeldungen, schlagzeilen, "
    "pressemitteilung, politik, wirtschaft, startseite, actualités, à la une, dernières nouvelles, communiqué de presse, "
    "noticias, últimas noticias, titulares, portada, 新聞, 新闻, 即時新聞, 即时新闻, 要聞, 要闻, 快訊, 快讯, 最新消息, 頭條, 头条, ニュース, 速報"
)
_HEADINGS = frozenset(" ".join(split_words(section)) for section in _SECTIONS.split(", "))


def outlet_names(items: Sequence[Item]) -> frozenset[str]:
    """What titles may end with that is not news: every outlet's name, and endings that several titles share."""
    names = {_squash(source) for source in {item.source for item in items}}
    endings: Counter[str] = Counter()
    # Each title once: an item that is sent again would make its own ending look like one that titles share.
    for title, _ in {(item.title, item.source) for item in items if _DIVIDER.search(item.title)}:
        parts = _TAIL.split(title)
        if len(parts) > 1 and len(parts[-1].split()) <= _MOST_ENDING_WORDS:
            endings[_squash(parts[-1])] += 1
    names.update(ending for ending, times in endings.items() if times >= _MIN_ENDING_TITLES)
    return frozenset(names - {""})


def bare_title(title: str, outlets: frozenset[str]) -> str:
    """The title without its label and without the outlets at its ends; the title itself if nothing else is left."""
    if not _DIVIDER.search(title):
        return title
    parts = _TAIL.split(_LABEL.sub("", title, count=1))
    if len(parts) > 1:
        while len(parts) > 1 and _squash(parts[-1]) in outlets:
            parts.pop()
        while len(parts) > 1 and _squash(parts[0]) in outlets:
            parts.pop(0)
    return " ".join(part for part in parts if part) or title


def without_outlets(title: str, outlets: frozenset[str]) -> str:
    """The title without the outlets at its ends, the rest as it is written; the title itself if nothing else is left."""
    start, end = 0, len(title)
    for divider in _TAIL.finditer(title):
        if _squash(title[start : divider.start()]) not in outlets:
            break
        start = divider.end()
    for divider in reversed([*_TAIL.finditer(title, start)]):
        if not _names_an_outlet(title[divider.end() : end], outlets):
            break
        end = divider.start()
    return title[start:end].strip() or title


def _names_an_outlet(ending: str, outlets: frozenset[str]) -> bool:
    """Whether a title ends with an outlet's name, or with a section under it, each word in capitals: "Ledger Harbour Desk"."""
    if _squash(ending) in outlets:
        return True
    words = ending.split()
    if len(words) > _MOST_ENDING_WORDS or not all(word[0].isupper() for word in words):
        return False
    return any(_squash(" ".join(words[:count])) in outlets for count in range(1, len(words)))


def is_heading(title: str, source: str) -> bool:
    """Whether a title names no event: a section ("World news"), a date, or the outlet itself."""
    if title.count(" ") > _MOST_HEADING_SPACES or len(title) > _MOST_SERIES_CHARACTERS:
        return False
    words = " ".join(split_words(title))
    if not words or words in _HEADINGS or _squash(title) == _squash(source):
        return True
    return not any(map(str.isalpha, _SERIES.sub(" ", fold(title))))


def series_titles(items: Sequence[Item]) -> frozenset[tuple[str, str]]:
    """Source and `series_name` of titles that an outlet gives to one item after another: "Daily briefing, 26 May"."""
    seen = Counter((item.source, name) for item in items if (name := series_name(item.title)))
    return frozenset(key for key, times in seen.items() if times > 1)


def series_name(title: str) -> str:
    """A title without its numbers and dates; empty where it says more than the name of a series would."""
    if len(title) > _MOST_SERIES_CHARACTERS:
        return ""
    name = _SERIES.sub(" ", fold(title))
    words = [word for word in split_words(name) if word not in stop_words_for("en")]
    return " ".join(split_words(name)) if len(words) <= SERIES_WORDS else ""


def label_words(items: Sequence[Item]) -> Mapping[str, frozenset[str]]:
    """By `writer_of`, the folded words that its titles carry as labels: "Show HN:", "8-K - ... (Filer)", "CVE-2026-...".

    Learned from the titles of the day: at least three carry the word before a colon or a dash, in brackets or in an
    identifier, and have hardly another word in common. A name that others make headlines of is none: an outlet puts it before
    its analysis, its pictures and its interview.
    """
    titles: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if writer := writer_of(item):
            titles[writer].add(item.title)
    labels: dict[str, Mapping[str, Sequence[frozenset[str]]]] = {}
    words: dict[str, frozenset[str]] = {}
    for writer, own in titles.items():
        if len(own) < _MIN_LABEL_TITLES:
            continue
        labels[writer] = {title: places for title in sorted(own) if (places := _labels_of(title))}
        times = Counter(word for places in labels[writer].values() for word in frozenset().union(*places))
        often = frozenset(word for word, count in times.items() if count >= _MIN_LABEL_TITLES)
        words[writer] = frozenset(word for word in often if not _are_alike(_carrying(word, labels[writer]), often))
    named = _names_of_news(frozenset().union(*words.values()), titles)
    # "Ask HN" is a label where "HN" is one, even if it stands there once.
    found = {
        writer: frozenset().union(
            *(each for places in labels[writer].values() for each in places if each & own - named)
        )
        for writer, own in words.items()
    }
    return {writer: own for writer, own in found.items() if own}


def writer_of(item: Item) -> str:
    """Who writes the labels of its title: the feed, which may name another outlet for each item, or else the outlet."""
    return item.feed or item.source


def _labels_of(title: str) -> tuple[frozenset[str], ...]:
    """The words of each part of a title that may be a label."""
    if not (_DIVIDER.search(title) or _BRACKETS.search(title)):
        return ()
    parts = _TAIL.split(title)
    places = [*_BRACKETS.findall(title), *_IDENTIFIER.findall(title)]
    if len(parts) > 1:
        places += [part for part in (parts[0], parts[-1]) if len(part.split()) <= _MOST_LABEL_WORDS]
    head, colon, _ = title.partition(": ")
    if colon and len(head.split()) <= _MOST_LABEL_WORDS:
        places.append(head)
    found = (frozenset(word for word in pieces_of(place) if not word.isdigit()) for place in places)
    return tuple(words for words in found if words)


def _carrying(word: str, labels: Mapping[str, Sequence[frozenset[str]]]) -> list[str]:
    """The titles that carry the word as a label."""
    return [title for title, places in labels.items() if any(word in place for place in places)]


def _names_of_news(words: frozenset[str], titles: Mapping[str, AbstractSet[str]]) -> frozenset[str]:
    """Those of the words that several writers' titles hold elsewhere than in a label, mostly with a capital."""
    writers: dict[str, set[str]] = defaultdict(set)
    in_small: dict[str, set[str]] = defaultdict(set)
    for writer, own in titles.items() if words else ():
        for title in own:
            held = words.intersection(pieces_of(title))
            for word in held.difference(*_labels_of(title)) if held else ():
                (in_small if word in title else writers)[word].add(writer)
    return frozenset(
        word for word, those in writers.items() if len(those) >= max(_MIN_LABEL_TITLES, len(in_small[word]) + 1)
    )


def _are_alike(titles: Sequence[str], besides: AbstractSet[str]) -> bool:
    """Whether titles have more words in common, besides these, than such that are about different things."""
    stop = stop_words_for("en")
    rests = [
        {each for each in pieces_of(title) if each not in besides and each not in stop and not each.isdigit()}
        for title in titles[:_MOST_COMPARED]
    ]
    pairs = [bool(one & other) for one, other in itertools.combinations(rests, 2)]
    return sum(pairs) > _MOST_ALIKE * len(pairs)


def _squash(name: str) -> str:
    # Outlets do not always write their own name alike: "The Ledger" is also "Ledger" and "ledger.com".
    return "".join(split_words(_ADDRESS_END.sub("", name.strip()))).removeprefix("the")
