"""What one feed may have of its own: title, weight, interval, full text, mutes, topic, folder, number of items, headers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON, SPEC, item, story
from servers.web import ALLOWED, Reply, WebServer

from digestbot.app.feeds import (
    configured_feeds,
    configured_sources,
    keys_kept,
    lost_sentence,
    opml_of,
    secrets_left_out,
)
from digestbot.app.wiring import digest_specs
from digestbot.collect import FetchOptions, write_opml
from digestbot.collect.feed_decisions import Decider, Fetch, Parse, Save
from digestbot.collect.feed_reader import FeedReader
from digestbot.collect.feeds import ParsedFeed
from digestbot.collect.politeness import remembered_state
from digestbot.collect.response import Response
from digestbot.edition.admission import admit
from digestbot.edition.scoring import score_stories
from digestbot.errors import ConfigErrors
from digestbot.model import Feed, FeedKind, Item
from digestbot.operations.config_writer import import_opml, remove_feed
from digestbot.settings import Loaded, load
from digestbot.topics import Topics, apply_filters, parse_dated
from digestbot.topics.filters import ReaderFilter

SECRET = "Bearer tide-and-time"
WHOLE = f"""DIGESTBOT_TOPICS__PORTS=harbour, crane
DIGESTBOT_FEEDS__TIDE=https://tide.example/feed
DIGESTBOT_FEEDS__TIDE__TITLE=The Tide
DIGESTBOT_FEEDS__TIDE__WEIGHT=2.5
DIGESTBOT_FEEDS__TIDE__INTERVAL=3h
DIGESTBOT_FEEDS__TIDE__FULLTEXT=no
DIGESTBOT_FEEDS__TIDE__MUTE=regatta, "ship spotting" until 2026-06-01
DIGESTBOT_FEEDS__TIDE__TOPIC=ports
DIGESTBOT_FEEDS__TIDE__FOLDER=News/Water
DIGESTBOT_FEEDS__TIDE__MAX_ITEMS=5
DIGESTBOT_FEEDS__TIDE__HEADERS=Authorization: {SECRET} | Cookie: a=b; c=d
DIGESTBOT_PAGES__NOTES=https://notes.example/
DIGESTBOT_PAGES__NOTES__WEIGHT=0.5
DIGESTBOT_PAGE_LINKS__NOTES=h2 a
"""


def loaded(folder: Path, text: str, name: str = "config.env") -> Loaded:
    (folder / name).write_text(text, encoding="utf-8")
    return load(folder / name, {}, folder=folder)


def test_a_feed_has_its_own_settings_beside_its_address(tmp_path: Path) -> None:
    """All of them reach the feed, of a page too; the headers are in no repr and are kept out of logs."""
    made = loaded(tmp_path, WHOLE)
    tide, notes = configured_feeds(made)
    assert tide == Feed(
        name="tide", url="https://tide.example/feed", title="The Tide", weight=2.5, interval=timedelta(hours=3), full_text=False,
        mute='regatta, "ship spotting" until 2026-06-01', topic="ports", categories=("News", "Water"), max_items=5,
        headers=(("Authorization", SECRET), ("Cookie", "a=b; c=d")),
    )  # fmt: skip
    assert (notes.kind, notes.weight, notes.link_selector) == (FeedKind.PAGE, 0.5, "h2 a")
    assert SECRET not in f"{tide!r} {made!r} {made.settings!r}"
    assert {SECRET, "a=b; c=d"} <= set(made.secrets)


def test_headers_may_lie_in_a_file(tmp_path: Path) -> None:
    """One a line."""
    (tmp_path / "headers").write_text(f"Authorization: {SECRET}\nX-Desk: 7\n")
    (feed,) = configured_feeds(
        loaded(tmp_path, "DIGESTBOT_FEEDS__A=https://a.example/\nDIGESTBOT_FEEDS__A__HEADERS_FILE=headers\n")
    )
    assert feed.headers == (("Authorization", SECRET), ("X-Desk", "7"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("A__TITEL=x", r"FEEDS__A__TITEL .line 2.: is not a setting; did you mean DIGESTBOT_FEEDS__A__TITLE"),
        ("A__TOPIC=prots", r"FEEDS__A__TOPIC .line 2.: is not the name of a topic; did you mean ports"),
        ("A__WEIGHT=11", r"FEEDS__A__WEIGHT .line 2.: is not a weight"),
        ("A__WEIGHT=10.0000001", r"FEEDS__A__WEIGHT .line 2.: is not a weight"),
        ("A__WEIGHT=.", r"FEEDS__A__WEIGHT .line 2.: is not a weight"),
        ("A__MAX_ITEMS=0", r"FEEDS__A__MAX_ITEMS .line 2.: is not a number of items"),
        ("A__INTERVAL=soon", r"FEEDS__A__INTERVAL .line 2.: is not a length of time"),
        ('A__MUTE="x', r"FEEDS__A__MUTE .line 2.: the quotation mark at column 1 is not closed"),
        ("A__HEADERS=hunter2", r"FEEDS__A__HEADERS .line 2.: is not a header"),
        ("A__HEADERS=Host: hunter2", r"is a header that digestbot sets itself"),
        ("B__TITLE=x", r"FEEDS__B .line 2.: has settings of its own, but no address"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_without_a_secret(tmp_path: Path, line: str, message: str) -> None:
    """The full name, the line, what is wrong and what to write."""
    text = f"DIGESTBOT_FEEDS__A=https://a.example/\nDIGESTBOT_FEEDS__{line}\nDIGESTBOT_TOPICS__PORTS=crane\n"
    with pytest.raises(ConfigErrors) as caught:
        loaded(tmp_path, text)
    said = " ".join(error.sentence for error in caught.value.errors)
    assert re.search(message, said), said
    assert "hunter2" not in said


def decider(feed: Feed) -> Decider:
    return Decider(feed=feed, remembered=remembered_state(feed, None), clock=NOON, interval=timedelta(hours=1))


def test_of_one_reading_the_newest_items_are_kept() -> None:
    """MAX_ITEMS counts by date, in the document's order; what has no date counts as new."""
    feed = Feed(name="a", url="https://a.example/", max_items=2)
    items = tuple(
        Item(id=str(n), title=f"T{n}", published=day and datetime(2026, 5, day, tzinfo=UTC))
        for n, day in enumerate((3, 9, None, 7))
    )
    asked = Parse(state=remembered_state(feed, None), response=Response(status=200, url=feed.url))
    saved = decider(feed).after_parsing(asked, ParsedFeed(items=items))
    assert isinstance(saved, Save)
    assert [one.id for one in saved.items] == ["1", "2"]


def test_own_headers_go_to_the_origin_of_the_configured_address_alone() -> None:
    """Neither to where a feed has moved nor to what a page names."""
    feed = Feed(name="a", url="https://a.example/feed", headers=(("X", "y"),))
    assert decider(feed).own_headers("https://A.example:443/other") == feed.headers
    for url in ("http://a.example/feed", "https://b.example/feed", "https://a.example:8443/", "https://[x/"):
        assert decider(feed).own_headers(url) == ()
    assert isinstance(decider(feed).start(), Fetch)


@pytest.fixture
def servers() -> Iterator[tuple[WebServer, WebServer]]:
    with WebServer() as home, WebServer() as stranger:
        yield home, stranger


def test_own_headers_are_sent_and_follow_no_redirect_elsewhere(servers: tuple[WebServer, WebServer]) -> None:
    """The configured server gets them, the one it redirects to does not."""
    home, stranger = servers
    stranger.serve("/feed", b"<rss/>")
    home.serve("/feed", Reply(status=302, headers={"Location": stranger.url("/feed")}))
    feed = Feed(name="a", url=home.url("/feed"), headers=(("Authorization", SECRET),))

    async def read() -> None:
        async with FeedReader(FetchOptions(allow_private=ALLOWED, gap=0.0), NOON) as reader:
            await reader.read(feed, remembered_state(feed, None))

    asyncio.run(read())
    assert [request.headers.get("authorization") for request in home.requests] == [SECRET]
    assert [request.headers.get("authorization") for request in stranger.requests] == [None]


def test_all_items_of_a_feed_belong_to_its_topic(tmp_path: Path) -> None:
    """Whatever they say; explain names the feed. Other feeds' items need a term."""
    (spec,) = digest_specs(loaded(tmp_path, WHOLE))
    topics = Topics(spec.topics)
    assert topics.match_item(item("Library opens", feed="tide"))["ports"].terms == ("feed:tide",)
    assert not topics.match_item(item("Library opens", feed="tide_2"))


def test_folders_of_a_list_may_be_topics(tmp_path: Path) -> None:
    """The innermost folder that is a topic already, by name or title; else the innermost becomes one, and a digest may name it."""
    feeds = [
        Feed(url="https://a.example/", name="a", categories=("News", "Harbour & sea")),
        Feed(url="https://b.example/", name="b", categories=("Ports", "Old")),
        Feed(url="https://c.example/", name="c"),
    ]
    (tmp_path / "feeds.opml").write_bytes(write_opml(feeds))
    text = (
        "DIGESTBOT_OPML=feeds.opml\nDIGESTBOT_OPML_FOLDERS=topics\nDIGESTBOT_TOPICS__PORTS=crane\n"
        "DIGESTBOT_DIGESTS__MORNING__TOPICS=harbour_sea, ports\n"
    )
    (spec,) = digest_specs(loaded(tmp_path, text))
    assert [(topic.name, topic.title, str(topic)) for topic in spec.topics] == [
        ("harbour_sea", "Harbour & sea", "feed:a"),
        ("ports", "Ports", "crane | feed:b"),
    ]
    wrong = loaded(tmp_path, text.replace("harbour_sea", "harbor_sea"))
    with pytest.raises(ConfigErrors, match="did you mean harbour_sea"):
        configured_feeds(wrong)


def test_a_topic_that_a_list_names_and_nobody_has_is_told(tmp_path: Path) -> None:
    """With the nearest one; the feed belongs where its folder says. A folder that is a topic may be named."""
    feeds = [
        Feed(url="https://a.example/", title="A", categories=("Sea",), topic="prots"),
        Feed(url="https://b.example/", title="B", topic="sea"),
        Feed(url="https://c.example/", title="C", topic="ports"),
        Feed(url="https://d.example/?key=hunter2", title="D", topic="opera"),
    ]
    (tmp_path / "feeds.opml").write_bytes(write_opml(feeds))
    text = "DIGESTBOT_OPML=feeds.opml\nDIGESTBOT_TOPICS__PORTS=crane\n"
    found = configured_sources(loaded(tmp_path, f"{text}DIGESTBOT_OPML_FOLDERS=topics\n"))
    told = (
        "topic prots (no such topic; did you mean ports?), of https://a.example/",
        "topic opera (no such topic), of https://d.example/?key=hunter2",
    )
    assert found.lost == told
    assert "hunter2" not in lost_sentence(found.lost)
    assert [feed.topic for feed in found.feeds] == ["", "sea", "ports", ""]
    assert len(configured_sources(loaded(tmp_path, text)).lost) == 3


def test_a_list_names_its_feeds_as_an_export_does(tmp_path: Path) -> None:
    """So a digest may name them. Those without a name are called as ever, whatever the others are called."""
    entries = (
        '<outline text="Chips Daily" title="Chips Daily" name="chips" xmlUrl="https://a.example/"/>'
        '<outline text="Новости" title="Новости" name="вести" xmlUrl="https://b.example/"/>'
        '<outline text="Chips" title="Chips" xmlUrl="https://c.example/"/>'
        '<outline text="Quay" title="Quay" name="No name, but words" xmlUrl="https://d.example/"/>'
        '<outline text="Tide" title="Tide" name="HARBOUR" xmlUrl="https://e.example/"/>'
    )
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{entries}</body></opml>", encoding="utf-8")
    text = "DIGESTBOT_OPML=feeds.opml\nDIGESTBOT_FEEDS__TIDE=https://t.example/\n"
    feeds = configured_feeds(loaded(tmp_path, f"{text}DIGESTBOT_DIGESTS__MORNING__SOURCES=вести, harbour, tide\n"))
    assert [feed.name for feed in feeds] == ["tide", "chips_2", "вести", "chips", "quay", "harbour"]
    (tmp_path / "feeds.opml").write_bytes(opml_of(feeds[1:], {}))
    assert [feed.name for feed in configured_feeds(loaded(tmp_path, text))] == [feed.name for feed in feeds]


def test_words_are_muted_in_one_feed_alone() -> None:
    """MUTEs add up: the feed's own leave out its items, the digest's everybody's."""
    stories = [
        story(item(f"{word} opens", feed=feed)) for word in ("Regatta", "Cup", "Lock") for feed in ("tide", "cable")
    ]
    both = ReaderFilter(
        mutes=parse_dated("m", "cup"), feed_mutes={"tide": parse_dated("m", "regatta until 2026-05-27")}
    )
    kept = apply_filters(stories, both, day=date(2026, 5, 27))
    assert [(one.lead.title, one.lead.feed) for one in kept] == [
        ("Regatta opens", "cable"),
        ("Lock opens", "tide"),
        ("Lock opens", "cable"),
    ]
    assert len(apply_filters(stories, both, day=date(2026, 5, 28))) == 4


def test_sources_name_feeds_or_houses() -> None:
    """A house is named as in the configuration: `le_monde` for Le Monde."""
    stories = [story(item("A", feed="a", source="Le Monde")), story(item("B", feed="b", source="Cable"))]
    assert apply_filters(stories, ReaderFilter(sources=frozenset({"le_monde"})), day=NOON.date()) == (stories[0],)
    assert apply_filters(stories, ReaderFilter(sources=frozenset({"b"})), day=NOON.date()) == (stories[1],)


def test_the_weight_of_a_house_multiplies_that_of_a_feed() -> None:
    """A feed of weight 4 in a house of weight 0.25 counts as any other."""

    def total(weights: dict[str, float], houses: dict[str, float]) -> float:
        (entry,) = score_stories(
            [story(item("Crane falls", feed="a", source="Le Monde"))], topics=Topics(()), pins=Topics(()), weights=weights,
            houses=houses, since=NOON - timedelta(days=1), until=NOON,
        )  # fmt: skip
        return entry.score.total

    assert total({"a": 4.0}, {"le_monde": 0.25}) == total({}, {})
    assert total({"a": 4.0}, {}) > total({}, {}) > total({}, {"le_monde": 0.25})


def test_a_title_is_what_readers_see_of_a_house() -> None:
    """Two feeds of a house count as one and go by the title that one has; a list of others' articles names nobody."""
    told = [
        item("Crane falls", feed="w", source="Tide World", url="https://tide.com/1"),
        item("Lock opens", feed="e", source="Tide Economy", url="https://tide.com/2"),
        item("Bank fails", feed="list", source="Ledger", url="https://ledger.com/1"),
    ]
    feeds = [
        Feed(name="w", url="https://tide.com/rss", title="Morning Tide"),
        Feed(name="list", url="https://hn.com/", title="List"),
    ]
    assert [one.source for one in admit(SPEC, told, feeds=feeds).items] == ["Morning Tide", "Morning Tide", "Ledger"]
    both = [*feeds, Feed(name="e", url="https://tide.com/e", title="Tide Money")]
    assert [one.source for one in admit(SPEC, told, feeds=both).items] == ["Tide", "Tide", "Ledger"]


def many() -> list[Feed]:
    """Feeds with every setting, beside one another in every order."""
    titles = ("", "Tide", "Tide", 'R&D <news> "x" é', "Harbour #1; it's, new")
    folders: tuple[tuple[str, ...], ...] = ((), ("News",), ("News", "Wörld & sea"))
    mutes = ("", "crane", '"a b", chip* until 2026-06-01')
    return [
        Feed(
            url=f"https://f{number}.example/rss?a=1&b={number}",
            name=f"f{number}",
            title=titles[number % 5],
            categories=folders[number % 3],
            weight=(1.0, 0.0, 0.5, 10.0)[number % 4],
            interval=(None, timedelta(minutes=5), timedelta(days=2))[number // 2 % 3],
            full_text=(None, True, False)[number // 3 % 3],
            mute=mutes[number // 4 % 3],
            topic=("", "ports")[number // 5 % 2],
            max_items=(None, 1, 50)[number // 6 % 3],
            kind=(FeedKind.FEED, FeedKind.FEED, FeedKind.PAGE)[number // 7 % 3],
        )
        for number in range(60)
    ]


def test_imported_exported_and_imported_again_nothing_changes(tmp_path: Path) -> None:
    """Titles, folders and every setting but the secret ones survive; the second import adds nothing."""
    folder, feeds, empty = tmp_path, many(), "DIGESTBOT_TOPICS__PORTS=crane\n"
    (folder / "one.env").write_text(empty)
    (folder / "list.opml").write_bytes(write_opml(feeds))
    import_opml(folder / "one.env", folder / "list.opml")
    first = configured_feeds(load(folder / "one.env", {}, folder=folder))
    assert sorted(first, key=lambda feed: feed.name) == sorted(feeds, key=lambda feed: feed.name)
    (folder / "export.opml").write_bytes(opml_of(first, {}))
    (folder / "two.env").write_text(empty)
    import_opml(folder / "two.env", folder / "export.opml")
    assert set(configured_feeds(load(folder / "two.env", {}, folder=folder))) == set(first)
    before = (folder / "one.env").read_bytes()
    assert import_opml(folder / "one.env", folder / "export.opml").known == len(feeds)
    assert (folder / "one.env").read_bytes() == before


@pytest.mark.parametrize("weight", ["0.123457", "0.1234", "9.9999999", ".5", "2.", "0.00001", "1e-3", "10.0"])
def test_a_weight_may_be_as_exact_as_anybody_likes(tmp_path: Path, weight: str) -> None:
    """What a list of feeds may say, an import keeps, and a configuration and an export write again."""
    entry = f'<outline text="A" xmlUrl="https://a.example/" weight="{weight}"/>'
    (tmp_path / "list.opml").write_text(f"<opml><body>{entry}</body></opml>")
    read = configured_feeds(loaded(tmp_path, "DIGESTBOT_OPML=list.opml\n"))
    loaded(tmp_path, "", name="other.env")
    assert import_opml(tmp_path / "other.env", tmp_path / "list.opml").without == ()
    taken = configured_feeds(load(tmp_path / "other.env", {}, folder=tmp_path))
    (tmp_path / "list.opml").write_bytes(write_opml(taken))
    again = configured_feeds(loaded(tmp_path, "DIGESTBOT_OPML=list.opml\n"))
    assert {feed.weight for feed in (*read, *taken, *again)} == {float(weight)}


def test_an_export_holds_no_secret_and_says_so(tmp_path: Path) -> None:
    """Passwords and HEADERS stay behind and are named by their feeds; importing it again adds no feed a second time."""
    text = WHOLE.replace("https://tide", "https://reader:hunter2@tide")
    feeds = configured_feeds(loaded(tmp_path, text))
    made = opml_of(feeds, {})
    assert b"hunter2" not in made
    assert SECRET.encode() not in made
    assert secrets_left_out(feeds) == "left out, because it is secret: the passwords of tide; the HEADERS of tide"
    assert secrets_left_out([replace(feeds[1])]) == ""
    (tmp_path / "mine.opml").write_bytes(made)
    assert import_opml(tmp_path / "config.env", tmp_path / "mine.opml").known == 2
    assert (tmp_path / "config.env").read_text() == text


@pytest.mark.parametrize("folders", [("AC/DC",), ("News", "TCP/IP", "a / b"), ("/",), ("News/", "/x")])
def test_a_slash_in_the_name_of_a_folder_divides_nothing(tmp_path: Path, folders: tuple[str, ...]) -> None:
    """It is kept on the way into the configuration, and out again. An interval is written as people write one."""
    feed = Feed(name="tide", url="https://tide.example/f", categories=folders, interval=timedelta(hours=2))
    (tmp_path / "list.opml").write_bytes(write_opml([feed]))
    (tmp_path / "one.env").write_text("")
    import_opml(tmp_path / "one.env", tmp_path / "list.opml")
    text = (tmp_path / "one.env").read_text()
    assert "__INTERVAL=2h" in text
    (made,) = configured_feeds(loaded(tmp_path, text))
    assert (made.categories, made.interval) == (folders, timedelta(hours=2))
    assert b'interval="2h"' in opml_of([made], {})


def test_an_export_says_which_addresses_hold_a_key(tmp_path: Path) -> None:
    """Without its key an address would be another one: it is kept, and whoever gives the list away is warned."""
    text = WHOLE.replace("https://tide.example/feed", "https://reader:hunter2@tide.example/feed?n=2&token=k3y")
    feeds = configured_feeds(loaded(tmp_path, text))
    assert b"token=k3y" in opml_of(feeds, {})
    assert keys_kept(feeds).startswith("kept, because the address is nothing without it: the key of tide; ")
    assert keys_kept(configured_feeds(loaded(tmp_path, WHOLE))) == ""


def test_a_feed_is_removed_with_its_settings(tmp_path: Path) -> None:
    """Nothing of it stays, and nothing else goes."""
    loaded(tmp_path, WHOLE + "DIGESTBOT_FEEDS__TIDE_2=https://b.example/\n")
    remove_feed(tmp_path / "config.env", "tide")
    left = (tmp_path / "config.env").read_text()
    assert "TIDE__" not in left
    assert "DIGESTBOT_FEEDS__TIDE_2=" in left


def test_a_list_cannot_break_the_configuration_by_its_settings(tmp_path: Path) -> None:
    """A topic that is not there, a mute that cannot be read, a weight beyond the limits: the feed comes without it."""
    (tmp_path / "config.env").write_text("")
    (tmp_path / "bad.opml").write_text(
        '<opml><body><outline text="A" xmlUrl="https://a.example/" topic="no" mute="&quot;x" weight="99" interval="9999w"'
        ' maxItems="-3" fullText="perhaps" headers="X: y" title="&quot;&apos; # x"/></body></opml>'
    )
    done = import_opml(tmp_path / "config.env", tmp_path / "bad.opml")
    assert {"MUTE of " + done.feeds[0].name, "TOPIC of " + done.feeds[0].name} <= set(done.without)
    (feed,) = configured_feeds(load(tmp_path / "config.env", {}, folder=tmp_path))
    assert feed == Feed(name=feed.name, url="https://a.example/", title=feed.title)
