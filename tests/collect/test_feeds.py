"""Documents into items: what every parser must agree on."""

from __future__ import annotations

import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_items import MemoryItems
from samples_collect import entry, numbered, rss

from digestbot.collect import feeds, html_to_text, parse_fast
from digestbot.collect.canonical_url import canonical_url
from digestbot.collect.element_names import MOST_REMEMBERED, ElementNames
from digestbot.collect.feeds import ParsedFeed, parse_feed
from digestbot.collect.html_to_text import plain_line, plain_text
from digestbot.collect.normalise import credible
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.collect.source_name import source_name
from digestbot.model import Feed, FeedState, Kind
from digestbot.stories import kind_of
from digestbot.text.sanitise import sanitise

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
FEED = Feed(url="https://harbour.example/feed", name="harbour")

ATOM = b"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<title>Hafenblatt</title><link href="https://hafen.example/"/><entry><id>tag:hafen,1</id>
<title type="html">F&amp;auml;hre &amp;amp; Kran</title><link rel="alternate" href="/1?utm_medium=x&amp;id=7"/>
<updated>2026-05-26T10:00:00+02:00</updated><author><name>Ada</name></author>
<content type="html">&lt;p&gt;Eins.&lt;/p&gt;&lt;p&gt;Zwei.&lt;/p&gt;</content></entry></feed>"""

RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://old.example/">
<title>Old Post</title><link>https://old.example/</link></channel><item rdf:about="https://old.example/1">
<title>Old news</title><link>https://old.example/1</link><dc:date>2026-05-26T08:00:00Z</dc:date></item></rdf:RDF>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Jason",
        "language": "en",
        "items": [
            {
                "id": 4711,
                "url": "https://json.example/1?utm_source=feed",
                "title": "Number <b>one</b>",
                "content_html": "<p>First.</p><script>x()</script>",
                "date_published": "2026-05-26T08:00:00Z",
                "authors": [{"name": "Ada"}, {"name": "ada"}, {"name": "Bo"}],
                "tags": ["ports"],
            }
        ],
    }
).encode()


def read(content: bytes, feed: Feed = FEED, **more: str) -> ParsedFeed:
    return parse_feed(content, feed=feed, now=NOW, **more)  # type: ignore[arg-type]


def test_rss_gives_every_field() -> None:
    """An RSS item has title, canonical link, text, date, authors once each, categories, language, picture, outlet."""
    item = read(
        rss(
            entry(
                link="https://Harbour.example:443/1?id=5&amp;utm_source=rss_feed#top",
                more="<author>Ann Lee</author><dc:creator>Ann Lee,Bo Day</dc:creator><category>Ports</category>"
                '<media:content url="https://img.example/a.jpg?utm_source=x" medium="image"/>',
            )
        )
    ).items[0]
    assert item.title == "Ferry number 1 sails again"
    assert item.url == "https://harbour.example/1?id=5"
    assert item.text == "The harbour was quiet."
    assert item.published == datetime(2026, 5, 26, 8, tzinfo=UTC)
    assert item.categories == ("Ports",)
    assert (item.language, item.source, item.feed, item.first_seen) == ("en", "Harbour Post", "harbour", None)
    assert item.image == "https://img.example/a.jpg"
    assert item.keys[0] == "guid:harbour-1"


def test_authors_are_split_and_named_once() -> None:
    """A feed that gives its authors twice, and several in one element, names each once."""
    both = "<author>Ann Lee,Bo Day</author><dc:creator>Ann Lee,Bo Day</dc:creator>"
    assert read(rss(entry(more=both))).items[0].authors == ("Ann Lee", "Bo Day")


@pytest.mark.parametrize("content", [ATOM, RDF, JSON, numbered([1])])
def test_every_format_is_read(content: bytes) -> None:
    """Atom, RDF, JSON Feed and RSS give an item with title, address, date and id."""
    item = read(content).items[0]
    assert item.title
    assert item.url
    assert item.published
    assert item.id


def test_atom_is_decoded_and_resolved() -> None:
    """An Atom entry's HTML title is plain text, its relative link absolute, its paragraphs lines."""
    item = read(ATOM, url="https://hafen.example/feed.atom").items[0]
    assert item.title == "Fähre & Kran"
    assert item.url == "https://hafen.example/1?id=7"
    assert item.text == "Eins.\nZwei."
    assert item.language == "de"


def test_json_feed_is_read_like_the_others() -> None:
    """A JSON Feed's numbers, HTML and authors come out as those of other formats."""
    item = read(JSON).items[0]
    assert (item.title, item.text, item.url) == ("Number one", "First.", "https://json.example/1")
    assert (item.keys[0], item.authors, item.categories) == ("guid:4711", ("Ada", "Bo"), ("ports",))


@pytest.mark.parametrize("content", [ATOM, numbered(range(20)), rss(entry(guid="")), rss(entry(guid="7", link=""))])
def test_both_parsers_make_the_same_items(content: bytes) -> None:
    """The quick parser and feedparser lead to the same identities, titles, links and dates."""
    fast, thorough = parse_fast.read_fast(content), read_thorough(content, url=FEED.url)
    assert fast is not None
    assert thorough is not None
    made = [
        [(item.keys, item.title, item.url, item.published, item.text) for item in parsed.items]
        for parsed in (feeds.normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url) for raw in (fast, thorough))
    ]
    assert made[0] == made[1]


def test_a_changed_guid_with_the_same_link_is_known() -> None:
    """Two readings of an item share a key when only its guid, or only its link, or only both of them changed."""
    store = MemoryItems()
    state = FeedState(name="harbour")
    for content in (
        rss(entry(guid="a")),
        rss(entry(guid="b")),
        rss(entry(guid="b", link="https://harbour.example/moved")),
        rss(entry(guid="c", link="https://harbour.example/again")),
    ):
        store.save(state, read(content).items, now=NOW)
    assert len(store.items) == 1


def test_what_all_items_share_unites_none() -> None:
    """Items with one link, one title or one guid for all stay different items."""
    store = MemoryItems()
    shared = [
        rss(*(entry(n, link="https://harbour.example/live") for n in range(3))),
        rss(*(entry(n, title="Daily briefing") for n in range(3))),
        rss(*(entry(n, guid="1", title=f"No {n}") for n in range(3))),
        rss(*(entry(n, guid="", link="https://harbour.example/") for n in range(3))),
    ]
    for number, content in enumerate(shared):
        feed = Feed(url=FEED.url, name=f"f{number}")
        items = read(content, feed).items
        assert len({item.id for item in items}) == 3
        store.save(FeedState(name=feed.name), items, now=NOW)
    assert len(store.items) == 12


def test_a_link_to_the_site_itself_names_no_item() -> None:
    """Items that only link to the feed's own site are different items in every reading."""
    store = MemoryItems()
    for number in (1, 2):
        content = rss(entry(number, guid="", link="https://harbour.example/"))
        store.save(FeedState(name="harbour"), read(content).items, now=NOW)
    assert len(store.items) == 2


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 29 May 2026 12:00:00 GMT", "yesterday", ""])
def test_incredible_dates_are_none(date: str) -> None:
    """A date of year 1, of the day after tomorrow, or no date at all gives None."""
    assert read(rss(entry(2, date="Tue, 26 May 2026 08:00:00 GMT"), entry(date=date))).items[1].published is None


def test_a_page_of_year_1_is_static_beside_articles_with_dates() -> None:
    """Generators of sites list "About" and the like with that date; a feed all of whose items have it is only broken."""
    page, article = entry(date="Mon, 01 Jan 0001 00:00:00 +0000"), entry(2, date="Tue, 26 May 2026 08:00:00 GMT")
    kinds = [kind_of(item) for item in read(rss(page, article)).items]
    assert kinds == [Kind.PAGE, Kind.NEWS]
    assert kind_of(read(rss(page)).items[0]) is Kind.NEWS


def test_dates_up_to_a_day_ahead_are_believed() -> None:
    """Clocks and time zones of publishers are wrong by hours: a day ahead is believed to the second, no more."""
    tomorrow = NOW + timedelta(days=1)
    assert credible(tomorrow, NOW) == tomorrow
    assert credible(tomorrow + timedelta(seconds=1), NOW) is None
    oldest = datetime(1990, 1, 1, tzinfo=UTC)
    assert credible(oldest, NOW) == oldest
    assert credible(oldest - timedelta(seconds=1), NOW) is None


def test_a_date_ahead_of_time_makes_no_second_item() -> None:
    """An entry without guid and link whose date is not believed yet is the same item on the day when it is."""
    content = rss(entry(date="Sat, 30 May 2026 12:00:00 GMT", guid="", link="https://harbour.example/"))
    ahead, there = (parse_feed(content, feed=FEED, now=moment).items[0] for moment in (NOW, NOW + timedelta(days=3)))
    assert (ahead.published, ahead.id, ahead.keys) == (None, there.id, there.keys)
    assert there.published == datetime(2026, 5, 30, 12, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_credible_dates_lie_in_range(moment: datetime) -> None:
    """Whatever a feed says, a date lies between 1990 and a day from now."""
    made = credible(moment, NOW)
    assert made is None or datetime(1990, 1, 1, tzinfo=UTC) <= made <= NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("AT&amp;T &lt;b&gt;wins&lt;/b&gt;", "AT&T wins"),
        ("<script>alert(1)</script>Calm <em>seas</em>", "Calm seas"),
        ("<iframe title='it&#39;s <b>'></iframe></a><object></i></object>Calm seas", "Calm seas"),
        ("Depth <<!-- no -->p > q", "Depth <p > q"),
        ("<noscript><iframe title='a > b'></iframe></noscript>Depth > 4", "Depth > 4"),
        ("Prices &#8216;soar&#8217;", "Prices ‘soar’"),
        ("5 < 6 and 7 > 4", "5 < 6 and 7 > 4"),
        ("List<T> in Java", "List<T> in Java"),
        ("One\n  two\x00\u202e three", "One two three"),
    ],
)
def test_titles_are_one_plain_line(markup: str, text: str) -> None:
    """Markup and entities, also encoded twice, are gone; what only looks like markup stays."""
    assert plain_line(markup) == text


def test_text_keeps_paragraphs_and_drops_what_is_not_text() -> None:
    """Paragraphs become lines; scripts, styles, forms, comments and line breaks of the source go."""
    markup = "<p>One\ntwo.</p><style>p{}</style><form><input>Sign up</form><!-- no --><ul><li>Three</li></ul>"
    assert plain_text(markup) == "One two.\nThree"
    assert plain_text("First paragraph.\nSecond paragraph.") == "First paragraph.\nSecond paragraph."


def test_long_text_ends_with_a_sentence() -> None:
    """What is beyond the limit is left out at the end of a sentence, never within one."""
    text = plain_text("<p>" + "The tide came in slowly. " * 2000 + "</p>")
    assert text.endswith("slowly.")
    assert 2000 < len(text) < 10_000


def test_the_longer_of_description_and_content_counts() -> None:
    """content:encoded is taken where it says more; a description cut by its feed stays as it is."""
    more = "<content:encoded>&lt;p&gt;All of it, to the end.&lt;/p&gt;</content:encoded>"
    assert read(rss(entry(description="All of...", more=more))).items[0].text == "All of it, to the end."
    assert read(rss(entry(description="All of the..."))).items[0].text == "All of the..."


def test_entries_without_a_title_get_one_from_their_words() -> None:
    """The first sentence of the text becomes the title."""
    item = read(rss(entry(title=" ", description="Two ships met. Then they parted."))).items[0]
    assert item.title == "Two ships met."


def test_an_aggregators_source_is_the_outlet() -> None:
    """An item's own source element wins over the feed's title, but not over the user's word."""
    content = rss(entry(more='<source url="https://wire.example/rss">The Wire</source>'))
    assert read(content).items[0].source == "The Wire"
    titled = Feed(url=FEED.url, name="harbour", title="My harbour")
    assert read(content, titled).items[0].source == "My harbour"


@pytest.mark.parametrize(
    ("title", "address", "name"),
    [
        (
            "Semiconductors: Companies - South China Morning Post",
            "https://www.scmp.com/rss",
            "South China Morning Post",
        ),
        ("BBC News | World", "https://feeds.bbci.co.uk/news", "BBC News"),
        ("NYT > World News", "https://rss.nytimes.com/x", "NYT"),
        ("News - New Scientist", "https://www.newscientist.com/feed", "New Scientist"),
        ("Tides: a blog about water", "https://elsewhere.example/", "Tides: a blog about water"),
        ("Quay Times", "https://feeds.example/q1", "Quay Times"),
        ("Quay Times - World", "https://feeds.example/q2", "Quay Times"),
        ("Quay Times | Sports | RSS", "https://feeds.example/q3", "Quay Times"),
        ("Latest headlines: Quay Times", "https://feeds.example/q4", "Quay Times"),
        ("RSS feed for Quay Times (Atom)", "https://feeds.example/q5", "Quay Times"),
        ("Latest news from Quay Times", "https://feeds.example/q6", "Quay Times"),
        ("Business - World", "https://feeds.example/q7", "Business - World"),
        ("Tides | Quay Times", "https://feeds.example/q8", "Tides | Quay Times"),
        ("RSS", "https://feeds.example/q9", "RSS"),
        (
            "World News: Breaking news, crime, and more",
            "https://feeds.example/q11",
            "World News: Breaking news, crime, and more",
        ),
        (
            "World: All that has happened since then",
            "https://feeds.example/q12",
            "World: All that has happened since then",
        ),
        ("World News", "https://feeds.example/q10", "World News"),
        ("", "https://www.harbour.example/", "harbour.example"),
        ("", "", "Chip stocks"),
    ],
)
def test_outlets_are_named_as_readers_know_them(title: str, address: str, name: str) -> None:
    """The part of a title that matches the host names the outlet, else all of it, else host or key."""
    assert source_name(title, address, name="chip_stocks") == name


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://WWW.Example.com:443/A?b=1&utm_source=x&c=2#frag", "https://www.example.com/A?b=1&c=2"),
        ("http://example.com", "http://example.com/"),
        ("https://user:secret@example.com/x", "https://example.com/x"),
        ("https://e.example/x?id=5&amp;utm_campaign=y", "https://e.example/x?id=5"),
        ("https://e.example/x?u=https%3A%2F%2Fa.example%2F%3Futm_source%3Dr%26q%3D1",
         "https://e.example/x?u=https%3A%2F%2Fa.example%2F%3Fq%3D1"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_addresses_have_one_spelling(url: str, canonical: str) -> None:
    """Tracking, ports, passwords and fragments go, meaning stays, and only http(s) is an address."""
    assert canonical_url(url) == canonical


@given(st.one_of(st.text(), st.text().map("https://e.example/".__add__), st.text().map("https://e.example/?".__add__)))
def test_canonical_addresses_stay_canonical(url: str) -> None:
    """Making an address canonical twice changes nothing, and no tracking parameter is left."""
    once = canonical_url(url)
    assert canonical_url(once) == once
    assert "utm_source=" not in canonical_url(url + "&utm_source=x")


@given(st.binary(max_size=300))
def test_no_bytes_raise(content: bytes) -> None:
    """Any bytes at all give a ParsedFeed."""
    assert isinstance(read(content), ParsedFeed)


def test_what_is_no_feed_says_what_it_is() -> None:
    """HTML names the feed it links to; nothing, text and a broken feed each have their own reason."""
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
    assert read(page).problems == ("not a feed but a web page; did you mean https://harbour.example/feed.xml?",)
    assert "empty" in read(b"").problems[0]
    assert "neither RSS" in read(b"hello").problems[0]
    assert (
        "broken feed"
        in read(b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https:').problems[0]
    )


def test_a_cut_document_is_not_whole() -> None:
    """A feed that ends too early gives the items it has and is known not to be whole."""
    made = read(numbered(range(9))[:-400])
    assert len(made.items) >= 7
    assert not made.whole
    assert "incomplete" in made.problems[0]


def test_a_path_as_body_opens_no_file(tmp_path: Path) -> None:
    """A body that is the path of a local feed is not opened."""
    secret = tmp_path / "secret.xml"
    secret.write_bytes(numbered([1]))
    assert read(str(secret).encode()).items == ()


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16"])
def test_declared_encodings_are_honoured(encoding: str) -> None:
    """A feed in another encoding gives the right letters."""
    content = rss(entry(title="Café über alles")).decode().replace("utf-8", encoding).encode(encoding)
    assert read(content).items[0].title == "Café über alles"


def test_utf8_is_utf8_whatever_the_header_says() -> None:
    """A body that is valid UTF-8 is read as such even when the server claims another charset."""
    content = rss(entry(title="Café über alles"))
    made = read(content, headers={"Content-Type": "text/xml; charset=iso-8859-1"})  # type: ignore[arg-type]
    assert made.items[0].title == "Café über alles"


def test_the_seed_feed(shared_data: Path) -> None:
    """The real feed gives its 50 items with single authors and no tracking."""
    made = parse_feed(
        (shared_data / "seeds/scmp-semiconductors.xml").read_bytes(),
        feed=Feed(url="https://www.scmp.com/rss/519752/feed", name="scmp"),
        now=datetime(2026, 6, 1, tzinfo=UTC),
    )
    assert len(made.items) == len({item.id for item in made.items}) == 50
    assert all(item.published and item.source == "South China Morning Post" for item in made.items)
    assert all(len(set(item.authors)) == len(item.authors) for item in made.items)
    assert not any("," in author for item in made.items for author in item.authors)
    assert "utm_" not in repr(made)


def test_real_feeds_agree_with_feedparser(shared_data: Path) -> None:
    """Over a sample of real feeds no item is lost, and both parsers say the same of every field."""
    compared = 0
    with tarfile.open(shared_data / "feeds/wild.tar.xz") as archive:
        for member in [member for member in archive if member.isfile() and member.size < 150_000][:15]:
            file = archive.extractfile(member)
            assert file is not None
            content = file.read()
            quick = parse_fast.read_fast(content)
            if quick is None:
                continue
            raw = read_thorough(content)
            assert raw is not None
            theirs = feeds.normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items
            ours = feeds.normalise_feed(quick, feed=FEED, now=NOW, url=FEED.url).items
            assert ours == theirs, member.name
            compared += len(theirs)
    assert compared > 100


def test_a_bare_ampersand_keeps_its_place():
    """Markup that is not well-formed loses no words: `Grid & Tanker` stays, and so does what is in CDATA."""
    document = (
        "<rss version='2.0'><channel><title>Grid & Tanker</title><link>https://grid.example/</link><item>"
        "<title>Ships & sends</title><link>https://grid.example/1?a=1&b=2</link>"
        "<description><![CDATA[Up & down]]></description><pubDate>Tue, 26 May 2026 10:00:00 GMT</pubDate>"
        "</item></channel></rss>"
    )
    found = parse_feed(document.encode(), feed=Feed(url="https://grid.example/feed", name="grid"), now=NOW)

    assert found.title == "Grid & Tanker"
    assert [(one.title, one.text, one.url) for one in found.items] == [
        ("Ships & sends", "Up & down", "https://grid.example/1?a=1&b=2")
    ]


def test_a_title_does_not_end_in_its_own_outlet():
    """The outlet is shown beside every headline; at its end it is dropped, and the identity does not change by that."""
    document = (
        "<rss version='2.0'><channel><title>Harbour Post</title><link>https://harbourpost.example/</link>"
        "<item><title>Gold climbs to a record - Harbour Post</title><pubDate>Tue, 26 May 2026 10:00:00 GMT</pubDate></item>"
        "<item><title>Oil falls - analysts</title><pubDate>Tue, 26 May 2026 10:00:00 GMT</pubDate></item>"
        "</channel></rss>"
    )
    found = parse_feed(document.encode(), feed=Feed(url="https://harbourpost.example/feed", name="h"), now=NOW)

    assert [one.title for one in found.items] == ["Gold climbs to a record", "Oil falls - analysts"]


_TAGS = (
    "p",
    "b",
    "a",
    "br",
    "div",
    "li",
    "h2",
    "span",
    "script",
    "style",
    "svg",
    "x-note",
    "P",
    "img",
    "label",
    "Span",
    "details",
)
_TEXTS = st.sampled_from(
    [
        "ferry",
        " ",
        "\n",
        "&amp;",
        "&lt;p&gt;",
        "&#8217;",
        "&nbsp;",
        "5 < 6",
        "a > b",
        ">p<",
        "<!-- no -->",
        "<!-- <p>no</p> - > -->",
        "<!-->",
        "ä",
        "<br>",
        "<img src='a'>",
    ]
)
_TITLED = st.builds(
    '<{} title="{}">'.format, st.sampled_from(_TAGS), st.sampled_from(["", "x", "a > b", "1 < 2", "it's"])
)


def _wrapped(tag: str, parts: list[str]) -> str:
    return f"<{tag}>{''.join(parts)}</{tag}>"


_PHRASES = st.recursive(
    _TEXTS,
    lambda inside: st.builds(
        _wrapped, st.sampled_from(["b", "span", "script", "style", "svg", "video"]), st.lists(inside, max_size=3)
    ),
    max_leaves=8,
)
_BLOCKS = st.builds(_wrapped, st.sampled_from(["p", "P", "div", "li", "h2"]), st.lists(_PHRASES, max_size=4))
_SOUP = st.one_of(
    _TEXTS,
    _TITLED,
    st.builds("<{}>".format, st.sampled_from(_TAGS)),
    st.builds("</{}>".format, st.sampled_from(_TAGS)),
)


@given(st.lists(_PHRASES | _BLOCKS, max_size=6).map("".join))
def test_plain_markup_reads_as_a_parser_reads_it(markup: str) -> None:
    """Well-formed markup divided at its tags has the words that lxml finds; what could differ is left to lxml."""
    quick = html_to_text._without_tags(markup)
    if quick is not None:
        assert sanitise(quick).split() == sanitise(html_to_text._parsed(markup)).split()


@given(st.lists(_SOUP, max_size=30).map("".join))
def test_no_letter_is_lost_of_markup_that_is_not_well_formed(markup: str) -> None:
    """Where tags are closed out of turn, lxml may divide words elsewhere, but finds the same letters."""
    quick = html_to_text._without_tags(markup)
    # What follows an element that lxml drops may be in it, to lxml, where its end comes out of turn.
    if quick is not None and not any(f"<{tag}" in markup for tag in ("script", "style", "svg")):
        assert "".join(quick.split()) == "".join(html_to_text._parsed(markup).split())


@pytest.mark.parametrize("end", ["<", "<!-- <xml>", "<!-- <p>a</p> -- >", "<a href='https://harbour.example/"])
def test_what_the_limit_leaves_of_a_tag_or_a_comment_is_no_text(end: str) -> None:
    """The beginning of a comment, or one bracket alone, is left out where a long description is cut."""
    filler = "word " * (html_to_text.MAX_CHARS // 5)
    text = plain_text(filler[: html_to_text.MAX_CHARS - len(end)] + end + "x" * 500)
    assert set(text.split()) <= {"word", "wor", "wo", "w"}


@pytest.mark.parametrize(
    "tag",
    ["<b>", "<span class='wide'>", "<span style='color: navy; margin: 0'>", f"<span style='{'color: navy; ' * 10}'>"],
)
def test_markup_that_is_mostly_tags_is_read_further(tag: str) -> None:
    """Until it gives about as much text as others do, at most three times as far; never a whole book."""
    sentence = f"{tag}The tide rose.</{tag[1:].partition(' ')[0].strip('>')}> "
    text = plain_text(sentence * 2_000)
    first = html_to_text.MAX_CHARS * len("The tide rose. ") / len(sentence)
    wanted = first if first > 1_000 else min(1_500, 3 * first)
    assert wanted - 60 <= len(text) <= wanted + 60
    assert text.endswith("rose.")


def test_a_tag_at_the_limit_is_no_text() -> None:
    """A long description is never cut inside a tag."""
    for length in range(html_to_text.MAX_CHARS - 60, html_to_text.MAX_CHARS + 1):
        text = plain_text(
            "word " * (length // 5) + '<a href="https://harbour.example/ferries/to/the/islands">on</a> ' * 20
        )
        assert "href" not in text
        assert "harbour.example" not in text


def test_strange_names_of_elements_do_not_take_the_memory_of_known_ones() -> None:
    """After a document of thousands of names those of the next one are remembered, and no more than the bound at once."""
    names = ElementNames({"title": "first"}, atom=False)
    for at in range(3 * MOST_REMEMBERED):
        assert names[f"odd{at}"] == (f"odd{at}", "")
        assert len(names) <= MOST_REMEMBERED
    assert names["title"] == ("title", "first")
    assert "title" in names
