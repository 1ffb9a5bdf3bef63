"""Ten inputs and more of each kind that few others try: guids, podcasts, declared text, comments, second dates; by both parsers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from written_feeds import SPACES

from digestbot.collect.feeds import normalise_feed, read_feed
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.model import Feed, Item

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
FEED = Feed(url="https://h.example/feed", name="h")
ONE = "https://h.example/1"
FILE = "https://cdn.example/1.mp3"
SOUND = f"<enclosure url='{FILE}' type='audio/mpeg' length='9'/>"


def read(inside: str, *, atom: bool = False) -> tuple[Item, Item]:
    """The one item of a feed with this inside, by the parser that takes it, and by feedparser."""
    head = "<feed xmlns='http://www.w3.org/2005/Atom'" if atom else "<rss version='2.0'"
    frame = "{}><title>H</title><entry>{}</entry></feed>" if atom else "{}><channel><title>H</title><item>{}</item></channel></rss>"  # fmt: skip
    content = frame.format(head if atom else f"{head} {SPACES}", inside).encode()
    one, other = (
        item for parse in (read_feed, read_thorough) for item in normalise_feed(parse(content), feed=FEED, now=NOW, url=FEED.url).items
    )  # fmt: skip
    return one, other


GUIDS = [
    (f"<guid>{ONE}</guid>", ONE),
    (f"<guid isPermaLink='true'>{ONE}</guid>", ONE),
    (f"<guid isPermaLink='TRUE'> {ONE} </guid>", ONE),
    (f"<guid isPermaLink='false'>{ONE}</guid>", ""),
    (f"<guid isPermaLink='False'>{ONE}</guid>", ""),
    (f"<guid isPermaLink=''>{ONE}</guid>", ONE),
    (f"<guid isPermaLink='false'>{ONE}</guid><link>https://h.example/2</link>", "https://h.example/2"),
    (f"<guid isPermaLink='true'>{ONE}</guid><link>https://h.example/2</link>", "https://h.example/2"),
    (f"<link></link><guid>{ONE}</guid>", ONE),
    ("<guid>tag:h.example,2026:1</guid>", ""),
    ("<guid isPermaLink='true'>4711</guid>", ""),
    ("<guid>/news/1</guid>", "https://h.example/news/1"),
    (f"<guid><![CDATA[{ONE}]]></guid>", ONE),
    (f"<guid isPermaLink='false'>a1</guid>{SOUND}", FILE),
    (f"<guid isPermaLink='true'>{ONE}</guid>{SOUND}", ONE),
]


@pytest.mark.parametrize(("inside", "address"), GUIDS)
def test_a_guid_is_an_address_where_nothing_else_is(inside: str, address: str) -> None:
    """RSS 2.0: a guid is a permalink unless it says that it is none; the item's link comes before it, a file behind it."""
    for item in read(f"<title>Gold</title>{inside}"):
        assert item.url == address


PODCASTS = [
    ("<itunes:summary>All about locks.</itunes:summary>", "All about locks."),
    ("<itunes:subtitle>All about locks.</itunes:subtitle>", "All about locks."),
    ("<itunes:subtitle>Locks.</itunes:subtitle><itunes:summary>All about locks.</itunes:summary>", "All about locks."),
    ("<description>The show.</description><itunes:subtitle>Locks.</itunes:subtitle>", "The show."),
    ("<description/><itunes:summary>All about locks.</itunes:summary>", "All about locks."),
    ("<itunes:summary><![CDATA[<p>All about <b>locks</b>.</p>]]></itunes:summary>", "All about locks."),
    ("<itunes:summary>All &lt;i&gt;about&lt;/i&gt; locks.</itunes:summary>", "All about locks."),
    ("<description>   </description><itunes:summary>All about locks.</itunes:summary>", "All about locks."),
    ("<itunes:summary>Locks.</itunes:summary><content:encoded>&lt;p&gt;All about locks.&lt;/p&gt;</content:encoded>", "All about locks."),
    ("<itunes:summary></itunes:summary><itunes:subtitle>All about locks.</itunes:subtitle>", "All about locks."),
    ("<media:group><media:description>All about locks.</media:description></media:group>", "All about locks."),
    ("<description>&lt;img src='a.png'&gt;</description><itunes:subtitle>All about locks.</itunes:subtitle>", "All about locks."),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "text"), PODCASTS)
def test_what_an_episode_says_of_itself(inside: str, text: str) -> None:
    """Its own description first, then the summary, the subtitle only where there is nothing else; the file is where it leads."""
    for item in read(f"<title>Episode 4</title>{inside}{SOUND}"):
        assert (item.title, item.text, item.url) == ("Episode 4", text, FILE)


DECLARED = [
    ("<summary type='text'>The &lt;hr&gt; tag</summary>", "The <hr> tag"),
    ("<content type='text'>The &lt;hr&gt; tag</content>", "The <hr> tag"),
    ("<content type='text/plain'>a &lt;b&gt;c&lt;/b&gt; &amp; d</content>", "a <b>c</b> & d"),
    ("<content type='text'>&amp;lt; is less</content>", "&lt; is less"),
    ("<content type='text'>5 &lt; 6 &amp;&amp; 7 &gt; 6</content>", "5 < 6 && 7 > 6"),
    ("<content type='text'><![CDATA[Write <br> here]]></content>", "Write <br> here"),
    ("<content type='html'>Write &amp;amp;lt; here</content>", "Write < here"),
    ("<content type='html'>Caf&amp;eacute; &lt;b&gt;open&lt;/b&gt;</content>", "Café open"),
    ("<content type='text/html'><![CDATA[<p>Caf&eacute; open</p>]]></content>", "Café open"),
    ("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>5 &lt; <em>6</em></p></div></content>", "5 < 6"),
    ("<summary>Gold &lt;b&gt;rises&lt;/b&gt;</summary>", "Gold rises"),
    ("<summary type='text'>One</summary><content type='html'>&lt;p&gt;One and two&lt;/p&gt;</content>", "One and two"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "text"), DECLARED)
def test_a_text_is_of_the_type_it_declares(inside: str, text: str) -> None:
    """RFC 4287, 3.1.1: text keeps its signs, HTML and XHTML are read; without a type it is what it looks like."""
    for item in read(f"<title>Gold</title><id>1</id><updated>2026-05-26T08:00:00Z</updated>{inside}", atom=True):
        assert item.text == text


COMMENTS = [
    "<!-- --><description>The lock opens.</description>",
    "<description><!-- first -->The lock opens.</description>",
    "<description>The <!-- middle -->lock opens.</description>",
    "<description>The lock opens.<!-- last --></description>",
    "<description>The lock<!-- a --> opens<!-- b -->.</description>",
    "<description>The lock <!-- <b>bold</b> -->opens.</description>",
    "<description>The lock <!-- <item><title>No</title></item> -->opens.</description>",
    "<description><![CDATA[The lock <!-- hidden -->opens.]]></description>",
    "<description>The lock &lt;!-- hidden --&gt;opens.</description>",
    "<description><![CDATA[The lock opens.<!-- <p>hidden</p> -->]]></description>",
    "<!-- <description>Hidden</description> --><description>The lock opens.</description>",
    "<description>The lock opens.</description><!-- </item> -->",
    "<description><![CDATA[<!--[if mso]><p>hidden</p><![endif]--><p>The lock opens.</p>]]></description>",
]


@pytest.mark.parametrize("inside", COMMENTS)
def test_comments_are_no_words(inside: str) -> None:
    """Of the document or of the markup in it: nothing of a comment is told, and nothing goes with it."""
    for item in read(f"<title>Gold</title>{inside}"):
        assert (item.title, item.text) == ("Gold", "The lock opens.")


DATES = [
    "<pubDate>soon</pubDate><dc:date>2026-05-26T08:00:00Z</dc:date>",
    "<pubDate/><dc:date>2026-05-26T08:00:00Z</dc:date>",
    "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate><dc:date>2026-05-26T10:00:00+02:00</dc:date>",
    "<pubDate>0000-00-00 00:00:00</pubDate><dc:date>2026-05-26T08:00:00Z</dc:date>",
    "<pubDate>Tue, 31 Feb 2026 08:00:00 GMT</pubDate><dc:date>2026-05-26 08:00</dc:date>",
    "<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate><dcterms:issued>2026-05-26T08:00:00Z</dcterms:issued>",
    "<pubDate>Wed, 26 May 2066 08:00:00 GMT</pubDate><dc:date>2026-05-26T08:00:00Z</dc:date>",
    "<dc:date>2026-05-26T08:00:00Z</dc:date><pubDate>null</pubDate>",
    "<dc:date>2026-05-27T08:00:00Z</dc:date><pubDate>Tue, 26 May 2026 08:00:00 GMT</pubDate>",
    "<dc:date>2026-W22-2T08:00:00Z</dc:date>",
    "<pubDate>26 May 2026 4:00 am EDT</pubDate><dc:date>2020-01-01</dc:date>",
    "<pubDate><time datetime='x'>26 May 2026 08:00</time></pubDate>",
    "<prism:publicationDate xmlns:prism='http://prismstandard.org/namespaces/basic/2.0/'>2026-05-26T08:00:00Z</prism:publicationDate>",
]


@pytest.mark.parametrize("inside", DATES)
def test_another_date_stands_in_for_one_that_cannot_be_true(inside: str) -> None:
    """The format's own date where it is one that can be true, else that of Dublin Core."""
    for item in read(f"<title>Gold</title>{inside}"):
        assert item.published == datetime(2026, 5, 26, 8, tzinfo=UTC)


IN_JSON = [
    ({"author": "Ann", "content_text": "The lock opens."}, ""),
    ({"authors": ["Ann", "Ann"], "content_text": "The lock\nopens."}, ""),
    ({"authors": [{"name": "Ann"}], "content_html": "<img src='a.png'>", "summary": "The lock opens."}, ""),
    ({"authors": [{"name": "Ann"}], "attachments": [{"url": FILE, "mime_type": "audio/mpeg"}], "summary": "The lock opens."}, FILE),
    ({"author": {"name": "Ann"}, "attachments": ["none", {"url": FILE}], "content_text": "The lock opens."}, FILE),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "address"), IN_JSON)
def test_an_entry_of_a_json_feed(inside: dict[str, object], address: str) -> None:
    """Names without an object, line breaks nobody escaped, a picture beside a summary, a file where there is no page."""
    content = json.dumps({"items": [{"id": "1", "title": "Gold"} | inside]}).replace("\\n", "\n").encode()
    (item,) = normalise_feed(read_feed(content), feed=FEED, now=NOW, url=FEED.url).items
    assert (item.authors, item.text.replace("\n", " "), item.url) == (("Ann",), "The lock opens.", address)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_json_feed_in_any_charset(encoding: str) -> None:
    """RFC 8259 asks for UTF-8; what is not it is read as what it is."""
    content = json.dumps({"items": [{"id": "1", "title": "Café"}]}, ensure_ascii=False).encode(encoding)
    assert read_feed(content).items[0].title == "Café"
