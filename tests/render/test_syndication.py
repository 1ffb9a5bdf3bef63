"""A digest as a feed: valid, with all it tells, and read back by our own reader without loss."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import feedparser
import pytest
from lxml import etree
from render_states import STATES

from digestbot.collect.feeds import parse_feed
from digestbot.model import Digest, EditionDate, Feed, Item
from digestbot.render import Templates, digest_from_json, render
from digestbot.render.safety import sanitised
from digestbot.render.syndication import FeedEntry, SyndicatedFeed, atom, feed_entry, feed_id, json_feed

HOME = "https://digest.example/news/d/morning"
ATOM = "{http://www.w3.org/2005/Atom}"
MADE = datetime(2026, 5, 27, 6, 0, tzinfo=UTC)


def entry_of(digest: Digest) -> FeedEntry:
    """As the site makes one."""
    safe = sanitised(digest)
    topics = [section.topic for section in digest.sections]
    identity = feed_id("1234", digest.name, digest.edition)
    return feed_entry(safe, id=identity, home=HOME, topics=topics, updated=MADE, templates=Templates())


def feed_of(*digests: Digest, title: str = "Morning chips", language: str = "en") -> SyndicatedFeed:
    """The feed of these editions."""
    entries = tuple(map(entry_of, digests))
    return SyndicatedFeed(id=feed_id("1234", "morning"), title=title, home=HOME, language=language, entries=entries)


def items_of(content: bytes) -> tuple[Item, ...]:
    """What our own reader makes of a feed, by its name alone."""
    read = parse_feed(content, feed=Feed(name="digest", url=f"{HOME}/feed"), now=MADE + timedelta(hours=1))
    assert read.problems == ()
    return read.items


@pytest.mark.parametrize("state", STATES)
def test_our_own_reader_makes_the_same_items_of_both(state: str):
    """Of every state and script: the address, the moment and the sentences of the edition, from Atom and JSON Feed alike."""
    feed = feed_of(STATES[state]())
    [of_atom] = items_of(atom(feed, f"{HOME}/feed.atom"))
    [of_json] = items_of(json_feed(feed, f"{HOME}/feed.json"))
    assert of_atom == of_json
    [entry] = feed.entries
    assert (of_atom.url, of_atom.published) == (entry.url, entry.published)
    if state == "long_titles":
        return  # hardly a word beside the links: our reader takes such an entry for a list of other people's headlines
    words = re.sub(r"\W", "", of_atom.text)
    for told in STATES[state]().entries[:1]:  # it keeps the beginning of a long text
        for sentence in told.summary.sentences[:1]:
            assert re.sub(r"\W", "", sentence.text[:60]) in words


@pytest.mark.parametrize("state", STATES)
def test_every_feed_is_valid(state: str):
    """Well-formed to a strict parser, without a complaint of feedparser, with all that the two formats require."""
    feed = feed_of(STATES[state](), replace(STATES[state](), edition=date(2026, 5, 26)))
    content = atom(feed, f"{HOME}/feed.atom")
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, recover=False))
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, f"{name} of {element.tag}"
        for moment in (*element.findall(f"{ATOM}updated"), *element.findall(f"{ATOM}published")):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment.text)
        assert [one.get("rel") for one in element.findall(f"{ATOM}link")].count("alternate") == 1
    assert root.find(f"{ATOM}author/{ATOM}name").text
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"{HOME}/feed.atom"
    assert len({one.text for one in root.iter(f"{ATOM}id")}) == 3
    read = feedparser.parse(content)
    assert (read.bozo, read.version, len(read.entries)) == (False, "atom10", 2)
    assert all(one.content[0].type == "text/html" and one.content[0].value for one in read.entries)
    value = json.loads(json_feed(feed, f"{HOME}/feed.json"))
    assert value["version"] == "https://jsonfeed.org/version/1.1"
    assert value["feed_url"] == f"{HOME}/feed.json"
    assert all(item["id"] and item["content_html"] and item["url"] for item in value["items"])
    assert [item["content_html"] for item in value["items"]] == [one.text for one in root.iter(f"{ATOM}content")]


def test_the_content_is_the_edition_without_what_is_a_mails():
    """Every story with its links; no preview line, no foot that says why it came, no address of a recipient, no style."""
    digest = STATES["normal"]()
    html = entry_of(digest).html
    for told in digest.entries:
        assert told.url in html
    assert "recipient" not in html
    assert not re.search(r"<(style|script|img|table|form)|style=|https://digest\.example/(?!news/d/morning)", html)
    assert f'href="{HOME}/2026-05-27/s/' in html
    assert f'href="{HOME}/topic/Semiconductors"' in html
    read_back = digest_from_json(render(digest, templates=Templates()).json)
    assert entry_of(read_back).html == html


def test_a_correction_changes_the_moment_and_nothing_else_that_names_it():
    """Readers show it once, as changed; it never is older than the edition."""
    digest = STATES["normal"]()
    first = entry_of(digest)
    later = replace(first, updated=MADE + timedelta(hours=3))
    assert feed_of(digest).updated == MADE
    assert replace(feed_of(digest), entries=(later,)).updated == MADE + timedelta(hours=3)
    assert first.id == feed_id("1234", "morning", date(2026, 5, 27))
    early = feed_entry(
        sanitised(digest), id="x", home=HOME, topics=(), updated=digest.until - timedelta(days=1), templates=Templates()
    )
    assert early.updated == digest.until


def test_an_entry_has_one_name_for_good():
    """Another for each edition, digest and installation; none depends on the address of the site."""
    day = date(2026, 5, 27)
    evening = EditionDate(2026, 5, 27, datetime(2026, 5, 27, 18, tzinfo=UTC).time())
    names = [
        feed_id(*words)
        for words in (("1", "a", day), ("2", "a", day), ("1", "b", day), ("1", "a", evening), ("1", "a"))
    ]
    assert len(set(names)) == 5
    assert all(name.startswith("urn:uuid:") for name in names)
    assert feed_id("1", "a", day) == names[0]


def test_a_feed_without_an_edition_is_valid_and_empty():
    """Of a digest that has just been set up."""
    feed = SyndicatedFeed(id="urn:uuid:0", title="New", home=HOME, language="en", entries=())
    assert ET.fromstring(atom(feed, HOME)).find(f"{ATOM}updated").text == "1970-01-01T00:00:00Z"  # type: ignore[union-attr]
    assert json.loads(json_feed(feed, HOME))["items"] == []


def test_no_text_breaks_a_feed():
    """A title of the owner's with what XML forbids; an address with other letters."""
    feed = feed_of(STATES["normal"](), title='A \x0b\x00\ud800 <b>&"]]>')
    content = atom(replace(feed, home="https://ü.example/d/ö o"), f"{HOME}/feed.atom")
    root = etree.fromstring(content)
    assert root.find(f"{ATOM}title").text == 'A  <b>&"]]>'
    assert root.find(f"{ATOM}link[@rel='alternate']").get("href").isascii()
    assert json.loads(json_feed(feed, HOME))["title"].startswith("A ")


@pytest.mark.parametrize("state", ["normal", "cjk", "right_to_left", "quiet"])
def test_feeds_look_as_they_did(state: str, golden: Callable[[str, str], None]):
    """Two feeds of each of these, as a reader gets them."""
    digest = STATES[state]()
    feed = feed_of(digest, language=digest.language)
    golden(f"feeds/{state}.atom", atom(feed, f"{HOME}/feed.atom").decode())
    golden(f"feeds/{state}.json", json_feed(feed, f"{HOME}/feed.json").decode())
