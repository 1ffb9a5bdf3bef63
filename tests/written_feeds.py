"""A hypothesis strategy that writes feeds: every format, vocabularies beside their own, any order of elements, and damage."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = st.lists(
    st.sampled_from(["ferry", "lock", "Café", "R&amp;D", "5 &lt; 6", "“tide”", "港", "&#8217;s", "&#233;", "gold.", "It rose.", "Ε", "A. B."]),
    min_size=1,
    max_size=6,
).map(" ".join)  # fmt: skip
MARKUP = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "&lt;p&gt;", "<![CDATA[<p>One &amp; two.</p>]]>"]),
    WORDS,
    st.sampled_from(["", "&lt;br&gt;", "&lt;/p&gt;", "&lt;b&gt;x&lt;/b&gt;"]),
)
DATES = st.sampled_from(
    ["Tue, 26 May 2026 08:00:00 GMT", "Tue, 26 May 2026 08:00:00 +0800", "2026-05-26T08:00:00Z", "2026-05-26T08:00:00.5+02:00", "26 May 2026 08:00 CEST",
     "26.05.2026 08:00", "soon", "2026-05-26"]
)  # fmt: skip
LINKS = st.sampled_from(
    ["https://h.example/1", "https://h.example/2?a=1&amp;b=2", "/3", "https://h.example/log#v2", "http://h.example"]
)
RSS_PARTS = st.one_of(
    st.builds("<title>{}</title>".format, WORDS),
    st.builds("<link>{}</link>".format, LINKS),
    st.builds("<guid isPermaLink='{}'>{}</guid>".format, st.sampled_from(["true", "false"]), LINKS),
    st.builds("<description>{}</description>".format, MARKUP),
    st.builds("<content:encoded>{}</content:encoded>".format, MARKUP),
    st.builds("<pubDate>{}</pubDate>".format, DATES),
    st.builds("<dc:creator>{}</dc:creator>".format, WORDS),
    st.builds("<category>{}</category>".format, WORDS),
    st.builds("<media:title>{}</media:title>".format, WORDS),
    st.builds("<media:description>{}</media:description>".format, WORDS),
    st.builds("<itunes:title>{}</itunes:title>".format, WORDS),
    st.builds("<enclosure url='{}' type='{}' length='1'/>".format, LINKS, st.sampled_from(["audio/mpeg", "image/png"])),
    st.builds("<source url='https://wire.example/rss'>{}</source>".format, WORDS),
    st.sampled_from(
        ["<slash:comments>4</slash:comments>", "<comments>https://h.example/c</comments>", "\n  ", "<!-- by hand -->"]
    ),
)
ATOM_PARTS = st.one_of(
    st.builds("<title type='{}'>{}</title>".format, st.sampled_from(["text", "html"]), WORDS),
    st.builds(
        "<link rel='{}' href='{}'/>".format, st.sampled_from(["alternate", "self", "edit", "enclosure", "related", "via"]), LINKS
    ),
    st.builds("<id>{}</id>".format, LINKS),
    st.builds("<summary type='html'>{}</summary>".format, MARKUP),
    st.builds("<content type='{}'>{}</content>".format, st.sampled_from(["text", "html"]), MARKUP),
    st.builds("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{}</p></div></content>".format, WORDS),
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["published", "updated"]), DATES),
    st.builds("<author><name>{}</name></author>".format, WORDS),
    st.builds("<category term='{}'/>".format, st.sampled_from(["ports", "tides"])),
    st.builds("<media:group><media:title>{}</media:title><media:description>{}</media:description></media:group>".format, WORDS, WORDS),
)  # fmt: skip
SPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:slash='http://purl.org/rss/1.0/modules/slash/' xmlns:atom='http://www.w3.org/2005/Atom'"
)


def _once(parts: list[str]) -> str:
    """Each element once, as both formats have it: which of two titles counts, nobody says."""
    seen: dict[str, str] = {}
    for part in parts:
        name = part.partition(">")[0].partition(" ")[0] if not part.startswith("<link rel") else part
        seen.setdefault(name, part)
    return "".join(seen.values())


RSS_ITEMS = st.lists(st.lists(RSS_PARTS, min_size=1, max_size=8).map(_once), min_size=1, max_size=4)
ATOM_ENTRIES = st.lists(st.lists(ATOM_PARTS, min_size=1, max_size=8).map(_once), min_size=1, max_size=4)
RSS = RSS_ITEMS.map(
    lambda items: (
        f"<rss version='2.0' {SPACES}><channel><title>Harbour Post</title><link>https://h.example/</link><language>en</language>"
        + "".join(f"<item>{item}</item>" for item in items)
        + "</channel></rss>"
    )
)
RDF = RSS_ITEMS.map(
    lambda items: (
        f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' {SPACES}><channel><title>Harbour Post"
        "</title><link>https://h.example/</link></channel>"
        + "".join(f"<item>{item}</item>" for item in items)
        + "</rdf:RDF>"
    )
)
ATOM = ATOM_ENTRIES.map(
    lambda entries: (
        f"<feed xmlns='http://www.w3.org/2005/Atom' {SPACES}><title>Harbour Notes</title><link href='https://h.example/'/>"
        + "".join(f"<entry>{entry}</entry>" for entry in entries)
        + "</feed>"
    )
)
DAMAGE = st.sampled_from(
    [
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
        lambda text: text.replace("<item>", "<item odd:mark='1'>").replace("<entry>", "<entry odd:mark='1'>"),
    ]
)
FEEDS = st.builds(lambda text, damage: damage(text).encode(), st.one_of(RSS, RDF, ATOM), DAMAGE)
