"""A hypothesis strategy that writes feeds: every format, vocabularies beside their own, any order of elements, and damage.

Drawn at once as bytes, each of which is one choice: to draw every choice by itself takes five times as long as to read the feed twice.
Where the bytes end, the first of each list is chosen, so that hypothesis makes a failing feed shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
WORDS = (
    "ferry",
    "lock",
    "Café",
    "R&amp;D",
    "5 &lt; 6",
    "“tide”",
    "港",
    "&#8217;s",
    "&#233;",
    "gold.",
    "It rose.",
    "Ε",
    "A. B.",
)
DATES = (
    "Tue, 26 May 2026 08:00:00 GMT", "Tue, 26 May 2026 08:00:00 +0800", "2026-05-26T08:00:00Z", "2026-05-26T08:00:00.5+02:00",
    "26 May 2026 08:00 CEST", "26.05.2026 08:00", "soon", "2026-05-26", "Tue, 26 May 26 8:00 EST", "26 mai 2026", "05/26/2026 8:00 PM", "",
)  # fmt: skip
LINKS = (
    "https://h.example/1",
    "https://h.example/2?a=1&amp;b=2",
    "/3",
    "https://h.example/log#v2",
    "http://h.example",
    " https://h.example/5?utm_source=rss&amp;id=5 ",
    "4711",
    "",
)
RELATIONS = ("alternate", "self", "edit", "enclosure", "related", "via")
SPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:slash='http://purl.org/rss/1.0/modules/slash/' xmlns:atom='http://www.w3.org/2005/Atom'"
)


class Choices:
    """One choice after another, each of them by one byte."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = iter(drawn)

    def of(self, several: Sequence[T]) -> T:
        return several[next(self._drawn, 0) % len(several)]

    def count(self, most: int) -> int:
        return 1 + next(self._drawn, 0) % most


def _words(choices: Choices) -> str:
    return " ".join(choices.of(WORDS) for _ in range(choices.count(6)))


def _markup(choices: Choices) -> str:
    before = choices.of(("", "&lt;p&gt;", "<![CDATA[<p>One &amp; two.</p>]]>"))
    return before + _words(choices) + choices.of(("", "&lt;br&gt;", "&lt;/p&gt;", "&lt;b&gt;x&lt;/b&gt;"))


def _small(choices: Choices) -> str:
    return choices.of(
        ("\n  ", "<slash:comments>4</slash:comments>", "<comments>https://h.example/c</comments>", "<!-- by hand -->")
    )


Part = Callable[[Choices], str]
RSS_PARTS: tuple[Part, ...] = (
    lambda some: f"<title>{_words(some)}</title>",
    lambda some: f"<link>{some.of(LINKS)}</link>",
    lambda some: f"<guid isPermaLink='{some.of(('true', 'false'))}'>{some.of(LINKS)}</guid>",
    lambda some: f"<description>{_markup(some)}</description>",
    lambda some: f"<content:encoded>{_markup(some)}</content:encoded>",
    lambda some: f"<pubDate>{some.of(DATES)}</pubDate>",
    lambda some: f"<dc:creator>{_words(some)}</dc:creator>",
    lambda some: f"<category>{_words(some)}</category>",
    lambda some: f"<media:title>{_words(some)}</media:title>",
    lambda some: f"<media:description>{_words(some)}</media:description>",
    lambda some: f"<itunes:title>{_words(some)}</itunes:title>",
    lambda some: f"<enclosure url='{some.of(LINKS)}' type='{some.of(('audio/mpeg', 'image/png'))}' length='1'/>",
    lambda some: f"<author>{some.of(('mail@h.example (Ann Lee)', 'Ann Lee, Bo Ek', 'Café'))}</author>",
    lambda some: (
        f"<media:content url='{some.of(LINKS)}' type='{some.of(('video/mp4', 'image/png', ''))}'><media:title>{_words(some)}</media:title></media:content>"
    ),
    lambda some: f"<media:thumbnail url='{some.of(LINKS)}'/>",
    lambda some: f"<atom:link rel='{some.of(RELATIONS)}' href='{some.of(LINKS)}'/>",
    lambda some: f"<dc:date>{some.of(DATES)}</dc:date>",
    lambda some: f"<itunes:summary>{_markup(some)}</itunes:summary>",
    lambda some: f"<dc:description>{_markup(some)}</dc:description>",
    lambda some: f"<dc:subject>{_words(some)}</dc:subject>",
    lambda some: f"<description xml:lang='de'>{_markup(some)}</description>",
    lambda some: f"<source url='https://wire.example/rss'>{_words(some)}</source>",
    _small,
)
ATOM_PARTS: tuple[Part, ...] = (
    lambda some: f"<title type='{some.of(('text', 'html'))}'>{_words(some)}</title>",
    lambda some: f"<link rel='{some.of(RELATIONS)}' href='{some.of(LINKS)}'/>",
    lambda some: f"<id>{some.of(LINKS)}</id>",
    lambda some: f"<summary type='html'>{_markup(some)}</summary>",
    lambda some: f"<content type='{some.of(('text', 'html'))}'>{_markup(some)}</content>",
    lambda some: (
        f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{_words(some)}</p></div></content>"
    ),
    lambda some: f"<published>{some.of(DATES)}</published>",
    lambda some: f"<updated>{some.of(DATES)}</updated>",
    lambda some: f"<author><name>{_words(some)}</name></author>",
    lambda some: f"<contributor><name>{_words(some)}</name></contributor>",
    lambda some: f"<summary type='{some.of(('text', 'html', 'xhtml'))}' xml:lang='fr'>{_words(some)}</summary>",
    lambda some: f"<source><title>{_words(some)}</title><link href='https://wire.example/'/></source>",
    lambda some: f"<title>{_markup(some)}</title>",
    lambda some: f"<dc:creator>{_words(some)}</dc:creator>",
    lambda some: f"<category term='{some.of(('ports', 'tides'))}'/>",
    lambda some: (
        f"<media:group><media:title>{_words(some)}</media:title><media:description>{_words(some)}</media:description></media:group>"
    ),
)
DAMAGE: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.replace("ferry", "Caf&eacute; &nbsp; &bogus;"),
    lambda text: text.replace("lock", "A & B"),
    lambda text: text.replace("gold.", "go\x01ld&#146;s"),
    lambda text: text.replace("xmlns:media='http://search.yahoo.com/mrss/' ", ""),
    lambda text: "\n\n" + text,
    lambda text: "<?xml version='1.0' encoding='utf-16'?>" + text,
    lambda text: "<?xml version='1.0'?>\n<!-- made --><?xml-stylesheet href='a.css'?>\n" + text,
    lambda text: text + "\n<!-- cached -->\n",
    lambda text: text.replace("It rose.", "It &#xD83D;&#xDEA2; rose."),
    lambda text: text.replace("A. B.", "5 < 6 ]]> &#xD800; &copy;"),
    lambda text: "<!DOCTYPE rss [<!ENTITY co 'Quay Co'>]>\n" + text.replace("ferry", "&co;"),
    lambda text: text + "\0\0",
    lambda text: text.replace("ferry", "CafÃ©"),
    lambda text: text.replace("ferry", "CafÃ©").replace("Café", "itâ€™s"),
    lambda text: text.replace("<item>", "<item odd:mark='1'>").replace("<entry>", "<entry odd:mark='1'>"),
)


def _entry(choices: Choices, parts: Sequence[Part]) -> str:
    """Each element once, as both formats have it: which of two titles counts, nobody says."""
    seen: dict[str, str] = {}
    for _ in range(choices.count(8)):
        part = choices.of(parts)(choices)
        name = part if part.startswith("<link rel") else part.partition(">")[0].partition(" ")[0]
        seen.setdefault(name, part)
    return "".join(seen.values())


def _entries(choices: Choices, name: str, parts: Sequence[Part]) -> str:
    return "".join(f"<{name}>{_entry(choices, parts)}</{name}>" for _ in range(choices.count(4)))


def _rss(choices: Choices) -> str:
    head = "<title>Harbour Post</title><link>https://h.example/</link><language>en</language>"
    return f"<rss version='2.0' {SPACES}><channel>{head}{_entries(choices, 'item', RSS_PARTS)}</channel></rss>"


def _rdf(choices: Choices) -> str:
    spaces = f"xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' {SPACES}"
    head = "<channel><title>Harbour Post</title><link>https://h.example/</link></channel>"
    return f"<rdf:RDF {spaces}>{head}{_entries(choices, 'item', RSS_PARTS)}</rdf:RDF>"


def _atom(choices: Choices) -> str:
    head = "<title>Harbour Notes</title><link href='https://h.example/'/>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom' {SPACES}>{head}{_entries(choices, 'entry', ATOM_PARTS)}</feed>"


def write_feed(drawn: bytes) -> bytes:
    """The feed that these choices make."""
    choices = Choices(drawn)
    damage = choices.of(DAMAGE)
    return damage(choices.of((_rss, _atom, _rdf))(choices)).encode()


FEEDS = st.binary(min_size=24, max_size=160).map(write_feed)
