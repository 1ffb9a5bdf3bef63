"""A digest as Markdown that grows until it is full: whole stories, whole sentences, and how many stories are left out.

The order follows what a reader misses least, as in the other forms: every headline before any sentence, the first
sentence of every story before a second one of any, a few further headlines under "Also" before second sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Final
from urllib.parse import quote

from ...model import LEAD, MORNING, Digest, Entry, Section, Sentence
from ...text.public_addresses import may_be_sent
from ...text.sanitise import one_line, shorten
from .words import OWN_TITLES, words_of

_MAX_TITLE_CHARACTERS: Final = 250
_MAX_NAME_CHARACTERS: Final = 80
_MAX_URL_BYTES: Final = 700  # a longer one would take the room of two stories
_MAX_UNREAD: Final = 5  # sources named as unreadable
_FEW_ALSO: Final = 5  # lines under "Also" that are worth more than second sentences

# What Markdown takes for its own inside a line. No line of ours begins with a stranger's words, so that signs which
# count only there (#, -, 1.) may stay: apps that show Markdown as it is would show every backslash.
_ACTIVE = re.compile(r"[\\`*_\[\]<>~]|&(?=#?\w+;)")
# ASCII that RFC 3986 allows nowhere, and parentheses, which end a link in Markdown.
_UNSAFE_IN_LINK = re.compile(r"""[\x00-\x20"<>\\^`{|}\x7f()]""")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extent:
    """How much of a digest is shown."""

    sentences: tuple[int, ...]  # of each story shown, in reading order
    also: int = 0  # lines under "Also"
    unread: bool = False  # whether the sources that could not be read are named


def body(digest: Digest, fits: Callable[[str], bool]) -> str:
    """The fullest text of a digest that fits, if a longer one never fits where a shorter does not.

    Where not even one headline fits, it is the line alone that counts what is left out.
    """
    extent = _Extent(sentences=(0,) * len(digest.entries))
    while extent.sentences and not fits(_text(digest, extent)):
        extent = replace(extent, sentences=extent.sentences[:-1])
    for larger in _steps(digest, extent):
        tried = larger(extent)
        if tried != extent and fits(_text(digest, tried)):
            extent = tried
    return _text(digest, extent)


def _steps(digest: Digest, extent: _Extent) -> Iterator[Callable[[_Extent], _Extent]]:
    """What is added while there is room, most valuable first."""
    stories = range(len(extent.sentences))
    # A story of a topic that found no place is worth more than one that matched none.
    also = len(digest.headlines) if len(stories) == len(digest.entries) else 0
    longest = max((len(digest.entries[at].summary.sentences) for at in stories), default=0)
    one_more_line = partial(_with_also, most=also)
    yield from (partial(_with_sentence, digest=digest, at=at) for at in stories)
    yield lambda shown: replace(shown, unread=True)
    yield from [one_more_line] * min(also, _FEW_ALSO)
    for _ in range(longest - 1):
        yield from (partial(_with_sentence, digest=digest, at=at) for at in stories)
    yield from [one_more_line] * also


def _with_sentence(extent: _Extent, *, digest: Digest, at: int) -> _Extent:
    count = min(extent.sentences[at] + 1, len(digest.entries[at].summary.sentences))
    return replace(extent, sentences=(*extent.sentences[:at], count, *extent.sentences[at + 1 :]))


def _with_also(extent: _Extent, *, most: int) -> _Extent:
    return replace(extent, also=min(extent.also + 1, most))


def _text(digest: Digest, extent: _Extent) -> str:
    words = words_of(digest.language)
    blocks = [f"*{_plain(notice)}*" for notice in digest.notices if _plain(notice)]
    left, at = list(extent.sentences), 0
    lead = (Section(topic=LEAD, entries=(digest.lead,)),) if digest.lead else ()
    for section in (*lead, *digest.sections):
        shown = section.entries[: len(left) - at]
        topic = _plain(words[section.topic] if section.topic in OWN_TITLES else section.topic, _MAX_NAME_CHARACTERS)
        if shown and topic:
            blocks.append(f"**{topic}**")
        for entry in shown:
            blocks.append(_story(entry, left[at], words))
            at += 1
    if extent.also:
        blocks.append(f"**{words['also']}**")
        blocks.append("\n".join(f"- {_headline(entry, words)}" for entry in digest.headlines[: extent.also]))
    related = sum(len(entry.related) for entry in (*digest.entries, *digest.headlines))
    count = digest.omitted + related + len(digest.entries) - len(left) + len(digest.headlines) - extent.also
    if count:
        blocks.append(words["one more"] if count == 1 else words["more"].format(count=count))
    unread = [_plain(failure.source, _MAX_NAME_CHARACTERS) for failure in digest.failures if not failure.known]
    if unread and extent.unread:
        others = f" +{len(unread) - _MAX_UNREAD}" if len(unread) > _MAX_UNREAD else ""
        blocks.append(words["unread"].format(names=words["list"].join(unread[:_MAX_UNREAD]) + others))
    return "\n\n".join(blocks)


def _story(entry: Entry, sentences: int, words: Mapping[str, str]) -> str:
    """One paragraph: headline, outlet, and as many sentences of the summary as there is room for."""
    quotes = _quotes(entry.summary.sentences[:sentences], entry.story.lead.source)
    return _headline(entry, words) + (f"{words['colon']}{quotes}" if quotes else "")


def _headline(entry: Entry, words: Mapping[str, str]) -> str:
    """`**[Title](address)** (Gazette +2)`: the outlet that is linked, and how many others report it."""
    address = _link(entry.url)
    update = _update(entry, words)
    lead = _plain(entry.story.lead.source, _MAX_NAME_CHARACTERS)
    title = _plain(entry.title, _MAX_TITLE_CHARACTERS) or lead or "…"  # a link without words cannot be seen
    others = sum(source.name != entry.story.lead.source for source in entry.sources)
    outlets = " ".join(filter(None, (lead, f"+{others}" if others else "")))
    return (
        (f"**[{title}]({address})**" if address else f"**{title}**")
        + (f" · {update}" if update else "")
        + (f" ({outlets})" if outlets else "")
    )


def _update(entry: Entry, words: Mapping[str, str]) -> str:
    """Since when it is told: this morning, a time of this day, or the number of the day; empty where it is new."""
    if entry.told_today:
        return words["since morning"] if entry.told_today == MORNING else words["since"].format(time=entry.told_today)
    return words["update"].format(day=entry.day) if entry.day > 1 else ""


def _quotes(sentences: Sequence[Sentence], lead: str) -> str:
    """Sentences word for word, each with its outlet where that is not the one the headline names."""
    said = []
    for source, quoted in groupby(sentences, lambda sentence: sentence.source):
        text = " ".join(_plain(sentence.text) for sentence in quoted)
        named = source and source != lead
        said.append(f"{text} ({_plain(source, _MAX_NAME_CHARACTERS)})" if named else text)
    return " ".join(said)


def _plain(text: str, width: int | None = None) -> str:
    """A stranger's words as Markdown that shows them as they are."""
    line = one_line(text)
    return _ACTIVE.sub(r"\\\g<0>", shorten(line, width) if width else line)


def _link(url: str) -> str:
    """The address when it may be sent, safe inside Markdown's parentheses; else empty."""
    url = one_line(url)
    if not may_be_sent(url):
        return ""
    encoded = _UNSAFE_IN_LINK.sub(lambda found: quote(found[0]), url)
    return encoded if len(encoded.encode()) <= _MAX_URL_BYTES else ""
