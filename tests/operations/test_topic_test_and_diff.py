"""Trying topics on what is stored: `topics test`, `topics diff`, `topics suggest`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bot import Bot
from builders import NOON, item
from servers.web import ALLOWED, WebServer

from digestbot.model import FeedState, Item
from digestbot.store import open_store
from digestbot.topics import Topics, idle_terms, parse_topic, suggest

AT = NOON.isoformat()
EMPTY = '<rss version="2.0"><channel><title>Empty</title></channel></rss>'
NEWS = (
    item("Gold climbs to a record", source="Ledger", hours=3),
    item("Chip maker opens a wafer plant", source="Gazette", hours=2),
    item("Chip exports of Veldhaven rise", source="Ledger", hours=30),
    item("Harbour library opens longer", source="Gazette", hours=5),
)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """A bot whose store holds NEWS, and whose feeds say nothing more."""
    for name in ("ledger", "gazette", "fresh"):
        (tmp_path / f"{name}.xml").write_text(EMPTY)
    made = Bot(tmp_path)
    made.configure(
        FEEDS__LEDGER="ledger.xml",
        FEEDS__GAZETTE="gazette.xml",
        TOPICS__CHIPS="chip*, wafer*, photoresist",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__AT="12:00",
        DIGESTS__MORNING__WINDOW="2d",
        DIGESTS__MORNING__ALSO="0",
    )
    store = open_store(made.data)
    for one in NEWS:
        store.items.save(FeedState(name=one.feed), [one], now=NOON)
    store.close()
    return made


def test_words_are_tried_on_stored_items(bot: Bot):
    """topics test lists what words would have found, counts it by day, and changes nothing."""
    before = bot.state()
    told = bot("topics", "test", "chip*, -Veldhaven | gold^2", "--days", "3", "--at", AT, "--json")
    said = bot("topics", "test", "chip*, veld*", "--days", "3", "--at", AT)

    made = json.loads(told.stdout)
    assert [row["title"] for row in made["items"]] == ["Chip maker opens a wafer plant", "Gold climbs to a record"]
    assert made["items"][1]["terms"] == ["gold^2"]
    assert made["days"] == {"2026-05-24": 0, "2026-05-25": 0, "2026-05-26": 0, "2026-05-27": 2}
    assert made["items"][0]["inside"] == []
    assert "2 of 4 stored items" in said.stdout
    assert 'veld* is in “Veldhaven”; -"Veldhaven" leaves that out' in said.stdout
    assert bot.state() == before


def test_days_before_the_first_find_are_left_out(bot: Bot):
    """A long look back shows no column of zeros, and says so where nothing is stored at all."""
    late = bot("topics", "test", "chip*", "--days", "90", "--at", AT).stdout
    early = bot("topics", "test", "chip*", "--days", "90", "--at", "2025-01-01T00:00").stdout

    assert late.count("     0\n") == 5
    assert "nothing is stored for these days" in early


def test_wrong_words_are_told_with_their_column(bot: Bot):
    """topics test answers a slip as the configuration would, with exit 2."""
    done = bot("topics", "test", "chip* wafer*")

    assert done.returncode == 2
    assert "can only be at the end" in done.stderr


def test_a_changed_file_is_compared_with_the_one_that_stands(bot: Bot):
    """topics diff tells what enters, leaves and moves on a stored day, and changes nothing."""
    text = (bot.folder / "config.env").read_text()
    changed = text.replace("chip*, wafer*, photoresist", "wafer*, library")
    changed += "DIGESTBOT_TOPICS__GOLD=gold, chip*^2\nDIGESTBOT_FEEDS__FRESH=fresh.xml\n"
    (bot.folder / "new.env").write_text(changed)
    before = bot.state()

    told = bot("topics", "diff", "--config", "new.env", "--date", "2026-05-27", "--json")
    said = bot("topics", "diff", "morning", "--config", "new.env", "--date", "2026-05-27")
    back = bot("topics", "diff", "--config", "config.env", "--against", "new.env", "--date", "2026-05-27")

    (made,) = json.loads(told.stdout)
    changes = {row["title"]: (row["before"], row["after"]) for row in made["changes"]}
    assert changes == {
        "Gold climbs to a record": ("", "Gold"),
        "Harbour library opens longer": ("", "Chips"),
        "Chip maker opens a wafer plant": ("Chips, as the lead", "Gold, as the lead"),
        "Chip exports of Veldhaven rise": ("Chips", "Gold"),
    }
    assert made["notes"] == ["nothing is stored of the feed fresh, which is new"]
    assert "2 enter, 0 leave, 2 move" in said.stdout
    assert "- Gold climbs to a record (was in Gold)" in back.stdout
    assert bot.state() == before


def test_the_same_file_changes_nothing(bot: Bot):
    """A file compared with itself says so."""
    done = bot("topics", "diff", "--config", "config.env", "--date", "2026-05-27")

    assert "nothing changes" in done.stdout


def test_diff_and_explain_fetch_nothing(bot: Bot):
    """With FULLTEXT=yes too: what is stored is compared, and no feed and no article is asked for."""
    with WebServer() as server:
        addresses = [server.serve(f"/{one.id}", b"<p>An article.</p>", content_type="text/html") for one in NEWS]
        store = open_store(bot.data)
        for one, url in zip(NEWS, addresses, strict=True):
            store.items.save(FeedState(name=one.feed), [replace(one, url=url)], now=NOON)
        store.close()
        feed = server.serve("/feed", EMPTY.encode(), content_type="application/rss+xml")
        bot.configure(FEEDS__LEDGER=feed, DIGESTS__MORNING__FULLTEXT="yes", FETCH__ALLOW_PRIVATE=ALLOWED[0])
        (bot.folder / "new.env").write_text((bot.folder / "config.env").read_text().replace("wafer*", "gold"))

        compared = bot("topics", "diff", "--config", "new.env", "--date", "2026-05-27")
        explained = bot("explain", addresses[1])
        asked = list(server.requests)
        bot("preview", "--at", AT)

    assert "1 enter, 0 leave" in compared.stdout
    assert explained.returncode == 0
    assert asked == []
    assert server.asked(f"/{NEWS[1].id}"), "a preview does fetch the article, so the test could have seen it"


def test_diff_needs_a_file_and_a_date(bot: Bot):
    """What is missing or wrong is named, with exit 2."""
    without, undated = bot("topics", "diff"), bot("topics", "diff", "--config", "config.env", "--date", "May")

    assert (without.returncode, undated.returncode) == (2, 2)
    assert "--config: the changed configuration is missing" in without.stderr
    assert "'May' is not a date" in undated.stderr


def corpus() -> list[Item]:
    """Forty reports about chips, half of which speak of Saerom; forty about the weather."""
    chips = [
        item(
            f"Chip plant number {n} opens",
            text="Saerom Foundry ships more." * (n % 2),
            source=f"Outlet {n % 4}",
            hours=n,
        )
        for n in range(40)
    ]
    weather = [
        item(f"Rain on day {n} again", text="More clouds.", source=f"Outlet {n % 4}", hours=n) for n in range(40)
    ]
    return chips + weather


def test_a_topic_is_told_what_it_lacks():
    """Terms that keep a topic company are proposed, as pairs where they are one; its own terms and chance are not."""
    found = suggest(parse_topic("chips", "chip*, plant"), corpus())

    terms = {one.term for one in found}
    assert '"saerom foundry"' in terms or "saerom" in terms
    assert not terms & {"chip", "plant", "rain", "more"}
    assert all(one.inside >= 3 and one.outside < one.inside for one in found)


def test_terms_that_never_matched_are_named():
    """A term or an exclusion that stands in no item is idle."""
    assert idle_terms(parse_topic("t", 'chip*, photoresist, -"potato chip", -rain'), corpus()) == (
        "photoresist",
        '-"potato chip"',
    )


def test_suggest_on_the_command_line(bot: Bot):
    """topics suggest names idle terms of a topic, and refuses one that is none; without any it says how to write one."""
    told = bot("topics", "suggest", "chips", "--at", AT, "--json")
    wrong = bot("topics", "suggest", "chops")

    assert json.loads(told.stdout)[0]["never_matched"] == ["photoresist"]
    assert wrong.returncode == 2
    assert "'chops'" in wrong.stderr
    bot.settings = {name: value for name, value in bot.settings.items() if not name.startswith("TOPICS__")}
    bot.configure()
    assert "there is no topic; write one" in bot("topics", "suggest").stderr


def test_no_suggestion_without_company():
    """Nothing is proposed for a topic that finds nothing, nor from nothing."""
    topic = parse_topic("t", "zeppelin")

    assert suggest(topic, corpus()) == suggest(topic, []) == ()
    assert Topics(()).match_item(NEWS[0]) == {}
