"""The sample newsroom: readable where it should be, broken where it should be, labelled throughout."""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from digestbot.model import Item
from digestbot.settings.envfile import read_env_file
from digestbot.topics import Topics, parse_topic

SAMPLES = Path(__file__).parents[2] / "samples"

EXPECTED = {
    "reportwire.xml": ("rss20", 26),
    "harbour-post.rss": ("rss20", 15),
    "lakeside-courier.atom": ("atom10", 8),
    "channel-gazette.rdf": ("rss10", 13),
    "southern-cable.xml": ("rss20", 10),
    "nightly-beacon.rss": ("rss20", 19),
    "chip-ledger.rss": ("rss20", 12),
    "foundry-notes.atom": ("atom10", 7),
    "statute-and-tariff.atom": ("atom10", 9),
    "guian-ribao.xml": ("rss20", 7),
    "bourse-bulletin.xml": ("rss091u", 12),
    "ticker-row.rss": ("rss20", 14),
    "weserlotse.xml": ("rss20", 10),
    "grid-and-tanker.rss": ("rss20", 9),
    "al-marsad.xml": ("rss20", 6),
    "periapsis.json": ("json", 10),
    "lisbon-lantern.atom": ("atom10", 5),
    "meridian-world.rss": ("rss20", 6),
    "meridian-business.rss": ("rss20", 7),
    "meridian-tech.rss": ("rss20", 8),
    "mask-and-wafer.rss": ("rss20", 22),
    "gadget-parade.rss": ("rss20", 12),
    "first-column.rss": ("rss20", 12),
    "sanjiangkou.xml": ("rss20", 7),
    "dongyu.xml": ("rss20", 6),
    "hangyun.atom": ("atom10", 6),
    "hushang.xml": ("rss20", 7),
    "nanlu.xml": ("rss20", 6),
    "beiqiao.xml": ("rss10", 7),
}
BROKEN = "tidewater-tribune.rss"
QUIRKY = {"grid-and-tanker.rss", "southern-cable.xml"}  # bare ampersands; UTF-8 that calls itself ASCII
PAGES = {"silicon-quay.html", "closing-note.txt"}
CHINESE = {
    "guian-ribao.xml",
    "sanjiangkou.xml",
    "dongyu.xml",
    "hangyun.atom",
    "hushang.xml",
    "nanlu.xml",
    "beiqiao.xml",
}
# They lie in their feeds for ever: one says how its site works, one is last week's news.
OLDER = {
    "https://chipledger.example/how-chip-ledger-chooses-what-to-cover/",
    "https://maskandwafer.example/news/mask-prices-rise-for-a-fifth-quarter",
}

END = datetime.fromisoformat("2026-05-27T07:30+08:00")
START = END - timedelta(days=3)


@dataclass(frozen=True)
class Entry:
    """What the tests need of an item."""

    file: str
    title: str
    link: str
    text: str
    published: datetime | None  # None for a page that every site has

    @property
    def address(self) -> str:
        """Its link without what trackers add."""
        return self.link.split("?utm_", 1)[0]

    @property
    def window(self) -> int:
        """1, 2 or 3: the edition it belongs to; 0 where it has no date or is older than all of them."""
        return max(0, 3 - (END - self.published) // timedelta(days=1)) if self.published else 0


def _moment(text: str) -> datetime:
    if re.match(r"\d{4}-", text):
        return datetime.fromisoformat(text)
    return datetime.strptime(text.replace("GMT", "+0000"), "%a, %d %b %Y %H:%M:%S %z")


def _entries() -> Iterator[Entry]:
    for file in EXPECTED:
        content = (SAMPLES / file).read_bytes()
        if file.endswith(".json"):
            for item in json.loads(content)["items"]:
                text = item.get("content_html") or item["content_text"]
                yield Entry(file, item["title"], item["url"], text, _moment(item["date_published"]))
            continue
        for item in feedparser.parse(io.BytesIO(content)).entries:
            text = item.content[0].value if "content" in item else item.get("summary", "")
            when = item.get("published") or item.get("updated")
            yield Entry(file, item.title, item.link, text, _moment(when) if when else None)


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return tuple(_entries())


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, str]]:
    return json.loads((SAMPLES / "stories.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", EXPECTED)
def test_a_feed_is_read_with_all_its_items(file: str, entries: tuple[Entry, ...]) -> None:
    """Every feed but the broken one says its format and gives the items it was written with."""
    form, count = EXPECTED[file]
    content = (SAMPLES / file).read_bytes()
    if form == "json":
        assert json.loads(content)["version"] == "https://jsonfeed.org/version/1.1"
    else:
        assert feedparser.parse(io.BytesIO(content)).version == form
    assert sum(entry.file == file for entry in entries) == count
    assert all(entry.title and "<" not in entry.title for entry in entries)


def test_the_newsroom_is_large_and_mixed(entries: tuple[Entry, ...]) -> None:
    """Some thirty sources, every common format, nearly 300 items, some fifty a day and most of them on the last."""
    assert len(entries) >= 280
    assert {form for form, _ in EXPECTED.values()} == {"rss20", "rss10", "rss091u", "atom10", "json"}
    days = [entry.window for entry in entries]
    assert all(40 <= days.count(day) <= 70 for day in (1, 2))
    assert days.count(3) >= 150


def test_the_broken_feed_has_nothing_to_give() -> None:
    """A parser finds an error and no items in the feed that is broken on purpose."""
    parsed = feedparser.parse((SAMPLES / BROKEN).read_bytes())
    assert parsed.bozo
    assert not parsed.entries


def test_xml_is_well_formed_except_where_meant_otherwise() -> None:
    """A strict parser accepts every feed and the OPML, and refuses exactly the quirky and the broken ones."""
    refused = set()
    for path in SAMPLES.iterdir():
        if path.suffix in {".rss", ".xml", ".atom", ".rdf", ".opml"}:
            try:
                etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))
            except etree.XMLSyntaxError:
                refused.add(path.name)
    assert refused == QUIRKY | {BROKEN}


def test_every_item_lies_within_the_three_days(entries: tuple[Entry, ...], truth: dict[str, dict[str, str]]) -> None:
    """Dates carry an offset and lie between 24 and 27 May, 07:30 in Hong Kong, but for two that are older; pages have none."""
    dated = [entry for entry in entries if entry.published is not None]
    assert all(entry.published.tzinfo is not None for entry in dated)
    assert all(entry.published <= END for entry in dated)
    assert {entry.address for entry in dated if entry.published <= START} == OLDER
    undated = {entry.address for entry in entries if entry.published is None}
    assert undated == {address for address, kind in truth["kinds"].items() if kind == "page"}


def test_every_item_is_labelled_once(entries: tuple[Entry, ...], truth: dict[str, dict[str, str]]) -> None:
    """stories.json knows every item of the feeds and pages, and nothing else."""
    headlines = (SAMPLES / "closing-note.txt").read_text(encoding="utf-8").split("\n\n\n")[1].splitlines()
    page = html.parse(SAMPLES / "silicon-quay.html").xpath("string(//link[@rel='canonical']/@href)")
    addresses = [entry.address for entry in entries]
    assert len(set(addresses)) == len(addresses)
    assert set(truth["items"]) == {*addresses, *headlines, page, "closing-note.txt"}


def test_every_told_story_is_described(truth: dict[str, dict[str, str]]) -> None:
    """A label that several items share says in words what happened."""
    labels = list(truth["items"].values())
    assert set(truth["stories"]) == {label for label in labels if labels.count(label) > 1}


def test_each_day_has_stories_of_several_outlets(entries: tuple[Entry, ...], truth: dict[str, dict[str, str]]) -> None:
    """At least seven stories a day are told by two outlets or more; five of the last day by three or more in English."""
    outlets: dict[tuple[int, str], set[str]] = defaultdict(set)
    for entry in entries:
        outlets[entry.window, truth["items"][entry.address]].add(entry.file)
    for day in (1, 2, 3):
        assert sum(len(files) >= 2 for (window, _), files in outlets.items() if window == day) >= 7
    foreign = CHINESE | {"weserlotse.xml", "al-marsad.xml"}
    last = [files - foreign for (window, _), files in outlets.items() if window == 3]
    assert sum(len(files) >= 3 for files in last) >= 5


def test_the_second_day_of_the_tool_rule_says_nothing_new(
    entries: tuple[Entry, ...], truth: dict[str, dict[str, str]]
) -> None:
    """Every sentence of day two stands, but for attributions, in day one's reports; day three names a new date."""
    told = dict.fromkeys((1, 2, 3), "")
    for entry in entries:
        if truth["items"][entry.address] == "chip-tool-rule":
            told[entry.window] += entry.text + "\n"

    def words(text: str) -> set[str]:
        return set(re.findall(r"\w{4,}", re.sub("<[^>]+>", " ", text).lower()))

    assert words(told[2]) <= words(told[1])
    assert "August 24" in told[3]
    assert "August 24" not in told[1] + told[2]


def test_copies_repeat_their_originals_and_reports_do_not(
    entries: tuple[Entry, ...], truth: dict[str, dict[str, str]]
) -> None:
    """A labelled copy shares most runs of five words with its original; two reports of one story share hardly any."""
    runs: dict[str, set[tuple[str, ...]]] = {}
    for entry in entries:
        words = re.findall(r"\w+", re.sub("<[^>]+>", " ", entry.text).lower())
        runs[entry.address] = {tuple(words[at : at + 5]) for at in range(len(words) - 4)}

    def shared(one: str, other: str) -> float:
        return len(runs[one] & runs[other]) / max(1, min(len(runs[one]), len(runs[other])))

    assert len(truth["copies"]) >= 10
    assert all(shared(*pair) > 0.7 for pair in truth["copies"].items())
    reports = [entry.address for entry in entries if entry.address not in truth["copies"] and runs[entry.address]]
    for one, other in combinations(reports, 2):
        if truth["items"][one] == truth["items"][other]:
            assert shared(one, other) < 0.2, (one, other)


def test_each_day_has_copies_beside_reports(entries: tuple[Entry, ...], truth: dict[str, dict[str, str]]) -> None:
    """Each day, two stories or more are told by the agency, by a copy of its text and by somebody else."""
    for day in (1, 2, 3):
        told: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            if entry.window == day:
                told[truth["items"][entry.address]].append(entry.address)
        mixed = [
            links
            for links in told.values()
            if any(truth["copies"].get(link) in links for link in links)
            and sum(link not in truth["copies"] for link in links) >= 2
        ]
        assert len(mixed) >= 2


def test_one_topic_has_thirty_stories_of_the_last_day_and_another_two(
    entries: tuple[Entry, ...], truth: dict[str, dict[str, str]]
) -> None:
    """By the words of demo.env, of what is news and new: the pulsar of the first day only comes back."""
    settings = read_env_file(SAMPLES / "demo.env").values
    topics = Topics(
        tuple(
            parse_topic(name, settings[f"DIGESTBOT_TOPICS__{name}"]) for name in ("SEMICONDUCTORS", "SPACE_AND_SCIENCE")
        )
    )
    stories = defaultdict[str, set[str]](set)
    for entry in entries:
        if entry.window == 3 and entry.address not in {*truth["kinds"], *truth["copies"]}:
            text = re.sub("<[^>]+>", " ", entry.text)
            for topic in topics.match_item(Item(id=entry.link, title=entry.title, text=text)):
                stories[topic].add(truth["items"][entry.address])
    assert 30 <= len(stories["SEMICONDUCTORS"]) <= 38
    assert stories["SPACE_AND_SCIENCE"] - stories["SEMICONDUCTORS"] == {"lark-lander", "star-comet"}


def test_no_address_leads_to_a_real_host() -> None:
    """Every http address in the samples lies under .example, but for namespaces."""
    # What XML formats are named by is no link.
    namespaces = ("purl.org", "www.w3.org", "search.yahoo.com", "jsonfeed.org")
    for path in SAMPLES.iterdir():
        for address in re.findall(r"https?://[^\s\"'<>)\]]+", path.read_text(encoding="utf-8")):
            host = urlsplit(address).hostname or ""
            assert host.endswith(".example") or host in (*namespaces, "127.0.0.1"), f"{path.name}: {address}"


def test_the_opml_lists_every_feed_and_page() -> None:
    """feeds.opml names each once, at its outlet's address, in five folders; the pages say that they are pages."""
    tree = etree.parse(SAMPLES / "feeds.opml")
    files = re.compile(r"https://(?:[a-z]+\.)?[a-z]+\.example/([^/]+)")
    assert sorted(files.sub(r"\1", url) for url in tree.xpath("//outline/@xmlUrl")) == sorted(
        {*EXPECTED, BROKEN, *PAGES}
    )
    assert {files.sub(r"\1", url) for url in tree.xpath("//outline[@type='page']/@xmlUrl")} == PAGES
    assert all(files.fullmatch(url) for url in tree.xpath("//outline/@xmlUrl"))
    assert len(tree.xpath("/opml/body/outline")) == 5


def test_the_demo_reads_every_file() -> None:
    """demo.env names each feed and page once, by the address that the demo serves it under."""
    text = (SAMPLES / "demo.env").read_text(encoding="utf-8")
    feeds = re.findall(r"^DIGESTBOT_FEEDS__\w+=\$\{NEWSROOM\}/(\S+)$", text, re.MULTILINE)
    pages = re.findall(r"^DIGESTBOT_PAGES__\w+=\$\{NEWSROOM\}/(\S+)$", text, re.MULTILINE)
    assert sorted(feeds) == sorted({*EXPECTED, BROKEN})
    assert set(pages) == PAGES
