"""Feeds that are not well-formed: what is meant for sure is mended and read strictly, nothing after it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from growth import grows_with_size
from samples_collect import entry, rss

from digestbot.collect.feeds import normalise_feed, parse_feed
from digestbot.collect.mended_xml import (
    escaped_texts,
    mended,
    with_ends,
    with_prefixes,
    with_quotes,
    without_shelves,
)
from digestbot.collect.parse_fast import read_fast
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.model import Feed

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
FEED = Feed(url="https://harbour.example/feed", name="harbour")
AFTER = entry(2, title="The next one", description="&lt;p&gt;It is whole.&lt;/p&gt;")

DAMAGE = [
    ("Caf&eacute; &amp; bar &ndash; open", "Café & bar – open"),
    ("R&D at AT&T; more", "R&D at AT&T; more"),
    ("Price &euro;5 &unknown; &copy;", "Price €5 &unknown; ©"),
    ("One\x01 two\x0b three", "One two three"),
    ("A ship &#xD83D;&#xDEA2; and half &#xD800; of one", "A ship 🚢 and half of one"),
    ("A ship &#55357;&#57000;", "A ship \U0001f6a8"),
    ("It&#146;s &#147;low&#x94;&#151;again", "It’s “low”—again"),
    ("It&#0146;s &#x00093;low&#148;", "It’s “low”"),
    ("A letter &#1234;, a bar &#124; and a sign &#x8217;", "A letter Ӓ, a bar | and a sign 舗"),
    ("Nothing &#0; at &#x1F; all", "Nothing at all"),
    ("Gold <i>rises</i> again", "Gold rises again"),
    ("Gold <b><i>rises</b></i> again", "Gold rises again"),
    ("Gold <img src=x> rises <font color=red>again", "Gold rises again"),
    ("Lock <!-- edited -- twice --> opens", "Lock opens"),
    ("Lock <!-- a & b -->opens", "Lock opens"),
    ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
    ("An end ]]> of nothing", "An end ]]> of nothing"),
    ("<![CDATA[Lock <![CDATA[opens]]> now]]>", "Lock opens now"),
    ("<![CDATA[One <![CDATA[two]]>]]> three", "One two three"),
    ("<![cdata[<b>R&D</b> &eacute;]]> now", "R&D é now"),
    ("<![CDATA[R&D &eacute; <b>bold</b>]]> &eacute;", "R&D é bold é"),
    ("&lt;![CDATA[&lt;b&gt;R&amp;amp;D&lt;/b&gt; opens]]&gt;", "R&D opens"),
    ("<![CDATA[<![CDATA[Lock opens]]]]><![CDATA[>]]>", "Lock opens"),
    ("&lt;b&gt;Lock&lt;/b&gt; opens]]&gt;", "Lock opens"),
    ("&lt;o:p&gt;Lock opens&lt;/o:p&gt;", "Lock opens"),
]


@pytest.mark.parametrize(("written", "meant"), DAMAGE)
def test_damage_costs_neither_the_words_nor_the_next_item(written: str, meant: str) -> None:
    """The title and the text are what was meant, and so is the item behind, by either parser."""
    content = rss(entry(title=written, description=written), AFTER)
    quick = parse_feed(content, feed=FEED, now=NOW)
    assert read_fast(content) is not None
    assert [(item.title, item.text) for item in quick.items] == [(meant, meant), ("The next one", "It is whole.")]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<item>", "<media:credit>Ann</media:credit><item>").replace('xmlns:media="http://search.yahoo.com/mrss/"', ""),
        lambda text: text.replace("<item>", '<item odd:mark="1">'),
        lambda text: text.replace("<item>", '<item><a:link xmlns:a="http://www .w3.org/2005/Atom " href="https://h.example/"/>'),
        lambda text: "\n  \n" + text,
        lambda text: "<!-- made by hand -->\n" + text,
        lambda text: "<!-- once: <rss version=2.0><channel> -->\n" + text,
        lambda text: "Warning: Undefined index in <b>feed.php</b>\n" + text,
        lambda text: text + "\n<script>track()</script>",
        lambda text: text + "\0\0\0",
        lambda text: text.replace("<rss", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">\n<rss'),
        lambda text: text.replace("<rss", '<!DOCTYPE rss [<!ENTITY post "Harbour Post">]>\n<rss').replace("Harbour Post<", "&post;<"),
    ],
    ids=["undeclared prefix", "undeclared attribute", "spaced address", "blank", "comment", "commented feed", "warning", "script behind", "zeros behind", "doctype", "own entity"],
)  # fmt: skip
def test_what_stands_around_a_feed_does_no_harm(change) -> None:
    """Junk before and after, prefixes that nobody declared and document types leave the items as they are."""
    text = rss(entry(1), AFTER).decode()
    content = change(text).encode()
    found = parse_feed(content, feed=FEED, now=NOW)
    assert read_fast(content) is not None
    assert [item.title for item in found.items] == ["Ferry number 1 sails again", "The next one"]
    assert found.title == "Harbour Post"


@pytest.mark.parametrize(
    "behind", ["<description>It is whole.</description>", "<description><![CDATA[<p>It is whole.</p>]]></description>"]
)
@pytest.mark.parametrize("between", ["", "<item><title>Two</title></item>"])
def test_a_section_without_an_end_swallows_no_item(behind: str, between: str) -> None:
    """It ends with its element, whether another section follows or none, by either parser."""
    opened = "<item><title>One</title><description><![CDATA[The lock opens.</description></item>"
    content = rss(opened, between, f"<item><title>Last</title>{behind}</item>")
    meant = [("One", "The lock opens."), *([("Two", "")] if between else []), ("Last", "It is whole.")]
    for raw in (read_fast(content), read_thorough(content)):
        found = normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items
        assert [(item.title, item.text) for item in found] == meant


@pytest.mark.parametrize("sign", ["rss", "RSS"])
def test_a_prefix_that_names_the_format(sign: str) -> None:
    """Some write `rss:` before every name, and declare it nowhere."""
    content = rss(entry(1), AFTER).decode().replace("</", f"</{sign}:").replace("<item", f"<{sign}:item")
    for name in ("rss", "channel", "title", "link", "guid", "pubDate", "description", "language"):
        content = content.replace(f"<{name}>", f"<{sign}:{name}>").replace(f"<{name} ", f"<{sign}:{name} ")
    for raw in (read_fast(content.encode()), read_thorough(content.encode())):
        found = normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items
        assert [item.title for item in found] == ["Ferry number 1 sails again", "The next one"]
        assert found[1].text == "It is whole."


@pytest.mark.parametrize("places", ["ci", "ic", "ici", "cic", "iic"])
def test_items_beside_their_channel_keep_their_order(places: str) -> None:
    """RSS 1.0 puts them there, and some feeds some of them: the order is the document's, by either parser."""
    parts = [f"<item><title>Number {at}</title></item>" for at in range(len(places))]
    inside = "".join(
        f"<channel><title>H</title>{part}</channel>" if place == "c" else part
        for place, part in zip(places, parts, strict=True)
    )
    for raw in (
        read_fast(f"<rss version='2.0'>{inside}</rss>".encode()),
        read_thorough(f"<rss version='2.0'>{inside}</rss>".encode()),
    ):
        assert raw is not None
        assert [item.title for item in raw.items] == [f"Number {at}" for at in range(len(places))]


@pytest.mark.parametrize(
    ("declared", "real"),
    [("utf-16", "utf-8"), ("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("utf-8", "utf-16"),
     ("gb2312", "gb18030"), ("shift_jis", "cp932"), ("no-such-charset", "utf-8"), ("us-ascii", "utf-8"), ("x-mac-cyrillic", "mac-cyrillic"),
     ("big5", "big5hkscs"), ("euc-jp", "euc_jis_2004"), ("windows-949", "cp949"), ("iso-8859-8-i", "iso-8859-8"), ("utf-8", "cp1251"), ("utf-8", "koi8-r"),
     ("iso-8859-1", "cp1251"), ("windows-1252", "koi8-r")],
)  # fmt: skip
def test_a_charset_is_what_the_bytes_are(declared: str, real: str) -> None:
    """A wrong or unknown declaration does not garble a letter: valid UTF-8 is UTF-8, a narrow charset its larger one."""
    words = {
        "cp1251": "Паром снова идёт",
        "koi8-r": "Паром снова идёт",
        "big5hkscs": "黃金嘅碼頭",
        "euc_jis_2004": "港の灯台①",
        "cp949": "항구의 똠",
        "iso-8859-8": "המעבורת חוזרת",
        "mac-cyrillic": "Паром снова идёт",
        "gb18030": "渡輪復航",
        "cp932": "港の灯台",
    }.get(real, "Café “über” alles")
    content = rss(entry(title=words), AFTER).decode().replace("utf-8", declared).encode(real)
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == [words, "The next one"]


WHOLE = "<title>Gold climbs</title><link>https://h.example/1</link><pubDate>Tue, 26 May 2026 08:00:00 GMT</pubDate><description>Fog & rain.</description>"


@pytest.mark.parametrize(
    ("written", "damaged"),
    [
        ("</title>", ""),
        ("</link>", ""),
        ("</link>", "<link>"),
        ("</title>", "<title>"),
        ("</title>", "</titel>"),
        ("</description>", ""),
        ("</pubDate>", ""),
        ("</pubDate>", "</date>"),
        ("<title>Gold climbs</title>", "<title><![CDATA[Gold climbs]]>"),
        ("<title>Gold climbs", "<title lang='en'><! [CDATA[Gold climbs]]>"),
        ("Fog & rain.", "<![CDATA[Fog & rain.]>"),
        ("Fog & rain.", "<![CDATA[Fog & rain.]] >"),
        ("</description>", "</description><!-- no end"),
    ],
)
def test_an_end_that_is_missing_or_misspelt_costs_no_field(written: str, damaged: str) -> None:
    """Of an element of nothing but text, a section or a comment; the next item is whole, too."""
    content = rss(f"<item>{WHOLE.replace(written, damaged, 1)}</item>", AFTER)
    for raw in (read_fast(content), read_thorough(content)):
        assert raw is not None
        first, second = normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items
        assert (first.title, first.url, first.text) == ("Gold climbs", "https://h.example/1", "Fog & rain.")
        assert first.published == datetime(2026, 5, 26, 8, tzinfo=UTC)
        assert second.title == "The next one"


def test_halves_of_a_character_that_were_encoded_each_by_itself() -> None:
    """As some databases do with what is beyond the first 65,536 characters."""
    content = rss(entry(title="A ship X sails"), AFTER).replace(b"X", b"\xed\xa0\xbd\xed\xba\xa2")
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == ["A ship 🚢 sails", "The next one"]


@pytest.mark.parametrize(
    ("language", "real", "words"),
    [("ru", "cp1251", "ГЭС"), ("el-gr", "cp1253", "Το πλοίο φεύγει"), ("tr", "cp1254", "Şehir hatları iskelesi"), ("pl", "cp1250", "Żółć płynie"),
     ("zh-tw", "big5hkscs", "渡輪復航"), ("zh-cn", "gb18030", "渡轮复航"), ("ja", "cp932", "港の灯台"), ("ko-KR", "cp949", "항구의 등대"), ("he", "cp1255", "המעבורת"),
     ("de", "cp1252", "Fähre größer")],
)  # fmt: skip
def test_where_the_declared_charset_is_wrong_the_language_tells(language: str, real: str, words: str) -> None:
    """A document that calls itself UTF-8 and is none is in the charset in which its language was written."""
    content = rss(entry(title=words), AFTER).decode().replace("en-GB", language).encode(real)
    for raw in (read_fast(content), read_thorough(content)):
        assert raw is not None
        assert [item.title for item in raw.items] == [words, "The next one"]


def test_entities_that_would_grow_without_end_stay_words() -> None:
    """An entity made of entities is not expanded."""
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n<rss'
    content = rss(entry(title="&b;!"), AFTER).decode().replace("<rss", bomb).encode()
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == ["&b;!", "The next one"]


def test_no_dtd_is_read_whatever_the_root() -> None:
    """The quick parser takes no entity from a document whose root is none that it looks for beforehand."""
    channel = rss(entry(title="&a;!"), AFTER).decode().partition("<channel>")[2].partition("</channel>")[0]
    document = f'<!DOCTYPE channel [<!ENTITY a "ha">]><channel>{channel}</channel><!-- </rss> -->'
    quick = read_fast(document.encode())
    assert quick is None or [item.title for item in quick.items] == ["&a;!", "The next one"]


@pytest.mark.parametrize("around", ["description", "media:group"])
def test_elements_in_elements_without_end_cost_no_item(around: str) -> None:
    """A document nested deeper than any feed means it loses none of its items, and raises nothing."""
    deep = entry(1, more=f"<{around}>{'<b>' * 5_000}words{'</b>' * 5_000}</{around}>")
    titles = [item.title for item in parse_feed(rss(deep, AFTER), feed=FEED, now=NOW).items]
    assert titles == ["Ferry number 1 sails again", "The next one"]


def test_deep_elements_of_a_channel_need_no_other_parser() -> None:
    """What is nested beyond all measure beside the items costs neither them nor the time of feedparser."""
    quick = read_fast(rss(f"<textInput>{'<b>' * 5_000}{'</b>' * 5_000}</textInput>", entry(1), AFTER))
    assert quick is not None
    assert [item.title for item in quick.items] == ["Ferry number 1 sails again", "The next one"]


def test_a_base_that_is_no_address_costs_no_item() -> None:
    """Bases of addresses that cannot be joined to anything leave the items as they are."""
    content = rss("<link>/1</link>", entry(1), AFTER).replace(b"<channel>", b'<channel xml:base="http://[1">')
    content = content.replace(b"<rss", b'<rss xml:base="https://harbour.example/"').replace(
        b"<item>", b'<item xml:base="//[x">'
    )
    titles = [item.title for item in parse_feed(content, feed=FEED, now=NOW).items]
    assert titles == ["Ferry number 1 sails again", "The next one"]


def test_items_of_another_vocabulary_are_none() -> None:
    """Where items stand in no channel, those that only share the name with them are left out."""
    content = rss(f"<items>{entry(1)}</items>").replace(b"<rss", b'<rss xmlns:x="urn:stock"')
    content = content.replace(b"<items>", b"<items><x:item><title>Crates</title></x:item>")
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == ["Ferry number 1 sails again"]


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param((entry(1), f"<items>{entry(2)}</items>"), id="beside the items, in an element of their own"),
        pytest.param((f"<items>{entry(1)}</items>", entry(2)), id="before them"),
        pytest.param((entry(1, more=entry(2)),), id="in another item"),
    ],
)
def test_items_where_none_is_expected_are_read_with_the_others(inside: tuple[str, ...]) -> None:
    """Some stand in the channel, some elsewhere: each is one."""
    titles = [item.title for item in parse_feed(rss(*inside), feed=FEED, now=NOW).items]
    assert sorted(titles) == ["Ferry number 1 sails again", "Ferry number 2 sails again"]


@pytest.mark.parametrize(
    ("called", "charset", "title"),
    [
        ("windows-874", "cp874", "ข่าวเรือ"),
        ("dos-874", "cp874", "ข่าวเรือ"),
        ("ks_c_5601-1989", "cp949", "여객선"),
        ("ksc_5601", "cp949", "여객선"),
        ("gb_2312-80", "gb18030", "渡轮停航"),
        ("iso88592", "iso-8859-2", "Łódź pływa"),
        ("iso-8859-6-i", "iso-8859-6", "العبارة"),
        ("hz-gb-2312", "hz", "渡轮停航"),
        ("utf-7", "utf-7", "été à Nîmes"),
        ("win1251", "cp1251", "Паром ушёл"),
        ("koi8-ru", "koi8-u", "Пором їде"),
        ("utf8mb4", "utf-8", "été"),
    ],
)
def test_a_charset_by_any_of_its_names(called: str, charset: str, title: str) -> None:
    """Whether the document names it or the server, and whichever parser reads it."""
    document = f'<?xml version="1.0" encoding="{called}"?>' + rss(entry(1)).decode().partition("?>")[2]
    document = document.replace("Ferry number 1 sails again", title)
    assert title in document
    bare = document.partition("?>")[2]
    for raw in (
        read_fast(document.encode(charset)),
        read_thorough(document.encode(charset)),
        read_fast(bare.encode(charset), charset=called),
    ):
        assert raw is not None
        assert raw.items[0].title == title


def test_a_podcast_category_left_open_needs_no_other_parser() -> None:
    """Categories of the podcast shop hold nothing that is read: one without its end costs neither an item nor the quick parser."""
    shelf = '<itunes:category text="Ports"><itunes:category text="Ferries"/>'
    quick = read_fast(rss(shelf, entry(1), AFTER))
    assert quick is not None
    assert [item.title for item in quick.items] == ["Ferry number 1 sails again", "The next one"]


def test_what_cannot_be_mended_is_left_to_feedparser() -> None:
    """Tags out of turn outside the texts: the quick parser declines, and feedparser reads the items."""
    content = rss(entry(1), "<b><i></b></i>", AFTER)
    assert read_fast(content) is None
    assert [item.title for item in parse_feed(content, feed=FEED, now=NOW).items] == [
        "Ferry number 1 sails again",
        "The next one",
    ]


def test_both_parsers_take_the_formats_own() -> None:
    """Titles and descriptions of other vocabularies count only where the format's own are missing, by either parser."""
    more = "<media:title>A photo</media:title><dc:title>Other</dc:title><media:description>A gate in fog, seen from afar</media:description>"
    content = rss(
        f"<item>{more}<title>The lock opens</title><description>Boats pass.</description></item>",
        f"<item>{more}</item>",
    )
    for raw in (read_fast(content), read_thorough(content)):
        assert raw is not None
        assert [(item.title, item.summary or item.content) for item in raw.items] == [
            ("The lock opens", "Boats pass."),
            ("Other", "A gate in fog, seen from afar"),
        ]


@pytest.mark.parametrize(
    "unit",
    ["<title>x", "<title>x & <b>", "<description>", "<title>x<description>y", "<title x>a</titl", "<link>x</title>", "<![CDATA[x", "<!-- x", "&#x", "<a:b "],
)  # fmt: skip
@pytest.mark.parametrize("step", [without_shelves, with_quotes, with_prefixes, with_ends, escaped_texts])
def test_mending_takes_time_by_the_size_of_a_document(step: Callable[[str], str], unit: str) -> None:
    """Eight times as much of what has no end takes some eight times as long, not sixty-four times."""
    assert grows_with_size(lambda count: step(mended(f"<rss><channel>{unit * count}</channel></rss>")), 1_000)
