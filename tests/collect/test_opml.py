"""Lists of feeds, read and written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.collect import read_feed_list, read_opml, write_opml
from digestbot.collect.opml import web_address
from digestbot.errors import CollectError
from digestbot.model import Feed, FeedKind

WORDS = st.text("abc xyz&<>\"'é", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)


def test_nested_outlines_become_categories() -> None:
    """The outlines around a feed are its categories, outermost first."""
    made = read_opml(
        b'<opml version="2.0"><body><outline text="Tech"><outline text="Chips">'
        b'<outline type="rss" text="Chip Ledger" xmlUrl="https://chips.example/feed"/></outline></outline></body></opml>'
    )
    assert made == (
        Feed(url="https://chips.example/feed", name="chip_ledger", title="Chip Ledger", categories=("Tech", "Chips")),
    )


def test_sloppy_files_are_read() -> None:
    """Other cases of tags and attributes, a missing head, stray text, doubles and broken ends do no harm."""
    made = read_opml(
        b'\n<OPML><BODY>words<OUTLINE TITLE="A &amp; B" XMLURL=" https://a.example/feed "/>'
        b'<outline text="again" xmlUrl="https://a.example/feed"/><outline text="A B" xmlurl="https://b.example/"/>'
        b'<outline text="no feed"/><outline text="C" category="/News/World,x" xmlUrl="https://c.example/"><outline'
    )
    assert [feed.url for feed in made] == ["https://a.example/feed", "https://b.example/", "https://c.example/"]
    assert [feed.name for feed in made] == ["a_b", "a_b_2", "c"]
    assert made[2].categories == ("News", "World")


@given(
    st.one_of(
        st.binary(max_size=60),
        st.lists(
            st.sampled_from(
                ["<opml>", "<body>", "<outline ", "</outline>", "text=", "xmlUrl=", "url=", "type='rss'", "name=", "category=", "links=",
                 "'a/b,c'", "'https://a.example/?utm_x=1'", "'../utm_y'", "'&#133;&#10;'", "'&#x202e;'", ">", "/>", "<!--", "]]>", "&x;",
                 "<?xml version='1.0' encoding='utf-16'?>", "xmlns:x='y'", "<x:outline ", "\0", "'http://['"]
            ),
            max_size=40,
        ).map(lambda parts: " ".join(parts).encode()),
    )
)  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes) -> None:
    """Any bytes and any order of tags: feeds with an address and a name of their own, or an error; they can be written."""
    try:
        feeds = read_opml(content)
    except CollectError:
        return
    assert all(feed.url and feed.name for feed in feeds)
    assert len({feed.url for feed in feeds}) == len({feed.name for feed in feeds}) == len(feeds)
    assert read_opml(write_opml(feeds))


def test_a_deeply_nested_list_is_read_as_far_as_the_parser_goes() -> None:
    """Outlines within outlines, with a title or without: no depth is too much for the stack."""
    for outline in ('<outline text="a">', "<outline>"):
        deep = f'<opml><outline text="F" xmlUrl="https://a.example/"/>{outline * 100_000}</opml>'
        assert [feed.url for feed in read_opml(deep.encode())] == ["https://a.example/"]


@settings(max_examples=40 if settings.default is None or settings.default.max_examples <= 100 else 2000)
@given(
    st.lists(
        st.builds(
            Feed,
            url=st.builds(
                "https://{}.example/{}".format, st.sampled_from("abcdefgh"), st.sampled_from(["", "x", "x/y?z=1&w=2"])
            ),
            name=st.text("ab_7", min_size=1, max_size=6).map("n{}".format),
            title=st.one_of(st.just(""), WORDS),
            kind=st.sampled_from(FeedKind),
            link_selector=st.one_of(st.just(""), WORDS),
            categories=st.lists(WORDS, max_size=3).map(tuple),
            weight=st.sampled_from([1.0, 0.0, 0.5, 10.0]),
            interval=st.sampled_from([None, timedelta(minutes=5), timedelta(days=2)]),
            full_text=st.sampled_from([None, True, False]),
            mute=st.one_of(st.just(""), WORDS),
            topic=st.sampled_from(["", "ports"]),
            max_items=st.sampled_from([None, 1, 50]),
        ),
        min_size=1,
        max_size=4,
        unique_by=(lambda feed: feed.url, lambda feed: feed.name),
    )
)
def test_what_is_written_is_read_back(feeds: list[Feed]) -> None:
    """Writing and reading gives the same feeds."""
    pages_have_selectors = [feed if feed.kind is FeedKind.PAGE else replace(feed, link_selector="") for feed in feeds]
    assert set(read_opml(write_opml(feeds))) == set(pages_have_selectors)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://a.example/f?utm_source=x&amp;id=2", "https://a.example/f?id=2"),
        ("https://a.example/f?feedname=sport&amp;utm_source=x", "https://a.example/f?feedname=sport"),
        ("https://a.example/f?utm_source=x&amp;utm_medium=feed#top", "https://a.example/f#top"),
        ("https://ann:utm_@a.example/f?utm_source=x", "https://ann:utm_@a.example/f?utm_source=x"),
    ],
)
def test_trackers_are_no_part_of_a_feeds_address(written: str, kept: str) -> None:
    """But a login is, and an address with one stays as it is."""
    assert read_opml(f"<opml><body><outline xmlUrl='{written}'/></body></opml>".encode())[0].url == kept


def test_an_entry_with_quotes_in_its_title_is_read_by_its_address() -> None:
    """However wrong its quotes are, a feed with an address is not lost, nor one beside it."""
    one = """<outline text="The "Quay" Times" xmlUrl="https://a.example/f?x=1&amp;y=2"/>"""
    two = """<outline text='It's all' xmlUrl='https://b.example/f'/><outline text="ok" xmlUrl="https://c.example/f"/>"""
    feeds = read_opml(f"<opml><body>{one}{two}</body></opml>".encode())
    assert {feed.url for feed in feeds} == {"https://a.example/f?x=1&y=2", "https://b.example/f", "https://c.example/f"}


@pytest.mark.parametrize("weight", ["-1", "nan", "1e9", "heavy", ""])
def test_a_weight_that_makes_no_sense_is_passed_over(weight: str) -> None:
    """The feed counts as any other."""
    outline = f"<outline xmlUrl='https://a.example/f' weight='{weight}'/>"
    assert read_opml(f"<opml><body>{outline}</body></opml>".encode())[0].weight == 1.0


def test_a_setting_that_cannot_be_read_is_named() -> None:
    """Those that can be are taken, and nothing is said of them."""
    attributes = 'weight="1,5" interval="often" maxItems="0" fullText="perhaps" topic="ports"'
    found = read_feed_list(
        f'<opml><body><outline xmlUrl="https://a.example/f" {attributes}/>'
        f'<outline xmlUrl="https://b.example/f" weight="2" interval="2h" fullText="no" maxItems=""/></body></opml>'.encode()
    )
    values = ("interval often", "fulltext perhaps", "maxitems 0", "weight 1,5")
    assert found.lost == tuple(f"{value} (no such value), of https://a.example/f" for value in values)
    assert [(feed.topic, feed.weight) for feed in found.feeds] == [("ports", 1.0), ("", 2.0)]


def test_folders_in_folders_have_an_end() -> None:
    """Nobody sorts feeds more than twenty folders deep; what lies deeper lies in the twentieth."""
    folders, ends = "<outline text='f'>" * 25, "</outline>" * 25
    content = f"<opml><body>{folders}<outline xmlUrl='https://a.example/'/>{ends}</body></opml>"
    assert read_opml(content.encode())[0].categories == ("f",) * 20


@pytest.mark.parametrize("content", [b"", b"hello", b"<html></html>", b"<opml><body/></opml>", b"\x00\xff"])
def test_what_lists_no_feed_is_an_error(content: bytes) -> None:
    """A file without any feed is refused with a reason."""
    with pytest.raises(CollectError, match="OPML"):
        read_opml(content)


def test_entities_are_not_expanded() -> None:
    """A file that wants another file included gets nothing of it."""
    evil = (
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>'
        b'<outline text="a&x;" xmlUrl="https://a.example/"/></body></opml>'
    )
    assert read_opml(evil)[0].title in ("", "a", "a&x;")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("feed://a.example/rss", "https://a.example/rss"),
        ("feed:https://a.example/rss", "https://a.example/rss"),
        ("FEED://http://a.example/rss", "http://a.example/rss"),
        ("feeds://a.example/rss", "https://a.example/rss"),
        ("itpc://pod.example/x", "https://pod.example/x"),
        ("a.example/feed.xml", "https://a.example/feed.xml"),
        ("//a.example/feed.xml", "https://a.example/feed.xml"),
        ("www.a.example", "https://www.a.example"),
        ("www.a.example/?feed=rss2", "https://www.a.example/?feed=rss2"),
        ("a.example:8080/feed", "https://a.example:8080/feed"),
        ("HTTPS://A.example/", "HTTPS://A.example/"),
        ("saved/news.xml", "saved/news.xml"),
        ("news.xml", "news.xml"),
        ("//etc/passwd", "//etc/passwd"),
        ("../note", "../note"),
        ("blog.harbour.example", "https://blog.harbour.example"),
        ("blog.old.xml", "blog.old.xml"),
        ("https:/a.example/rss", "https://a.example/rss"),
        ("http:a.example/rss", "http://a.example/rss"),
        ("feed:https:///a.example/rss", "https://a.example/rss"),
        ("http:/etc/passwd", "http:/etc/passwd"),
        ("newsletter:abc@x.example", "newsletter:abc@x.example"),
        ("config.env", "config.env"),
        ("s.example", "https://s.example"),
        ("Quay-News.example", "https://Quay-News.example"),
        ("192.168.1.4/feed", "http://192.168.1.4/feed"),
        ("192.168.1.4:8080", "http://192.168.1.4:8080"),
        ("localhost:8080/x", "http://localhost:8080/x"),
        ("nas:8080/rss?id=2", "http://nas:8080/rss?id=2"),
        ("quay.md/rss", "https://quay.md/rss"),
        ("letters.mbox", "letters.mbox"),
        ("digestbot.db", "digestbot.db"),
        ("News.XML", "News.XML"),
        ("C:/feeds/a.xml", "C:/feeds/a.xml"),
        ("saved", "saved"),
    ],
)
def test_an_address_as_people_keep_it_becomes_one_that_can_be_read(written: str, read: str) -> None:
    """feed:// and addresses without a scheme are of the web; the names of files stay."""
    assert web_address(written) == read


@pytest.mark.parametrize(
    ("head", "title", "coding", "read"),
    [
        ("", "Café “Zwölf”", "windows-1252", "Café “Zwölf”"),
        ('<?xml version="1.0" encoding="utf-8"?>', "Café", "windows-1252", "Café"),
        ('<?xml version="1.0" encoding="windows-1252"?>', "Café", "windows-1252", "Café"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "Café", "utf-8", "Café"),
        ('<?xml version="1.0" encoding="no-such"?>', "Café", "utf-8", "Café"),
        ("\ufeff", "Café", "utf-16-le", "Café"),
        ("", "Salt &amp; Sea &eacute;&nbsp;&#146; R&D & more", "utf-8", "Salt & Sea é \u2019 R&D & more"),
        ("<!DOCTYPE opml>", "a < b", "utf-8", "a < b"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "Café “Zwölf”", "utf-8", "Café “Zwölf”"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "Новости", "windows-1251", "Новости"),
        ('<?xml version="1.0" encoding="windows-1251"?>', "Новости", "utf-8", "Новости"),
        ("", "Q &amp;amp; A, Caf&amp;eacute;", "utf-8", "Q & A, Café"),
        ("", "bell \x07 rings", "utf-8", "bell rings"),
    ],
)
def test_titles_arrive_whole(head: str, title: str, coding: str, read: str) -> None:
    """Whatever a list is written in and whatever signs it forgot to escape, nothing of a title or address is lost."""
    text = f'{head}<opml><body><outline text="{title}" xmlUrl="https://a.example/?a=1&b=2"/></body></opml>'
    (feed,) = read_opml(text.encode(coding))
    assert (feed.title, feed.url) == (read, "https://a.example/?a=1&b=2")


@pytest.mark.parametrize(
    "damage", ['<outline text="x" text="y"/>', "</outline></outline>", '<outline text="a" b=c d/>', "<p><br>"]
)
def test_damage_in_the_middle_loses_no_feed(damage: str) -> None:
    """What stands before and after a mistake is read all the same."""
    lines = [f'<outline text="F{number}" xmlUrl="https://f{number}.example/"/>' for number in range(20)]
    text = "<opml><body>" + "".join(lines[:10]) + damage + "".join(lines[10:]) + "</body>"
    assert {feed.url for feed in read_opml(text.encode())} == {f"https://f{number}.example/" for number in range(20)}


@pytest.mark.parametrize(
    ("body", "urls", "left_out"),
    [
        # Escaped twice by the program that wrote it.
        ('<outline text="A" xmlUrl="https://a.example/?x=1&amp;amp;y=2"/>', ["https://a.example/?x=1&y=2"], []),
        # The same feed before and after its server got a certificate.
        (
            '<outline text="A" xmlUrl="http://a.example/f"/><outline text="A" xmlUrl="https://A.example/f"/>',
            ["https://A.example/f"],
            [],
        ),
        # Quotation marks of a word processor.
        ("<outline text=“A” xmlUrl=“https://a.example/f”/><br>", ["https://a.example/f"], []),
        # Commented out, in the markup of a broken file and as the format has it.
        (
            '<!-- <outline text="X" xmlUrl="https://x.example/"/> --><outline text="A & B" xmlUrl="https://a.example/f">',
            ["https://a.example/f"],
            [],
        ),
        (
            '<outline text="F" isComment="True"><outline text="X" xmlUrl="https://x.example/"/></outline><outline xmlUrl="https://a.example/f"/>',
            ["https://a.example/f"],
            ["https://x.example/"],
        ),
        # Folders with attributes of feeds are no feeds that are missing.
        ('<outline text="F" type="rss"><outline xmlUrl="https://a.example/f"/></outline>', ["https://a.example/f"], []),
        ('<outline text="F" xmlUrl=""><outline xmlUrl="https://a.example/f"/></outline>', ["https://a.example/f"], []),
        (
            '<outline text="F" htmlUrl="https://x.example/"><outline xmlUrl="https://a.example/f"/></outline>',
            ["https://a.example/f"],
            [],
        ),
    ],
)
def test_lists_as_programs_and_people_write_them(body: str, urls: list[str], left_out: list[str]) -> None:
    """Each feed once, under the address that is meant; named as left out is what is one, and nothing else."""
    found = read_feed_list(f"<opml><body>{body}</body></opml>".encode())
    assert [feed.url for feed in found.feeds] == urls
    assert [one.address for one in found.left_out] == left_out


def test_entries_without_an_address_are_named() -> None:
    """A site without its feed, an empty address and another list are told, each with the reason."""
    found = read_feed_list(
        b'<opml><body><outline text="Folder"><outline text="Site" type="rss" htmlUrl="https://s.example/"/>'
        b'<outline text="Empty" xmlUrl=" "/><outline text="L" type="include" url="https://l.example/x.opml"/>'
        b'<outline xmlUrl="https://a.example/" ns:HTMLURL="x" XmlURL="https://b.example/"/></outline></body></opml>'
    )
    assert [(one.address, one.reason.partition(":")[0]) for one in found.left_out] == [
        ("Site", "no address of a feed, only of its site https"),
        ("Empty", "no address"),
        ("https://l.example/x.opml", "another list or page, not a feed"),
    ]
    assert len(found.feeds) == 1
