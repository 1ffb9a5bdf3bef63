"""What an edition looks back on where more is stored than it needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON, SPEC, item

from digestbot.edition import counted_days as room
from digestbot.edition.admission import admit
from digestbot.edition.draft import draft_edition
from digestbot.edition.history import History, past_stories
from digestbot.edition.reading import read_history
from digestbot.model import Delivery, Edition, FeedState, Recipient
from digestbot.store import Stores, open_store
from digestbot.stories import CorpusStatistics, WordCounts, cluster
from digestbot.topics import parse_topic, ticker_names

DAY = timedelta(days=1)
EDITION = Edition(digest="morning", date=NOON.date(), since=NOON - DAY, until=NOON)


def filled(folder: Path) -> Stores:
    """Twenty days of a feed, an item an hour; the edition of six days ago told the first of its day."""
    store = open_store(folder)
    hours = [
        item(f"News of hour {back}", published=NOON - timedelta(hours=back), keys=(f"k{back}",), text="What happened.")
        for back in range(480)
    ]
    store.items.save(FeedState(name="gazette"), hours, now=NOON)
    told = hours[6 * 24]
    before = Edition(digest="morning", date=NOON.date() - 6 * DAY, since=NOON - 7 * DAY, until=NOON - 6 * DAY)
    store.editions.claim(before)
    story = {"id": "s", "title": told.title, "items": [{"id": told.id, "title": told.title}], "sources": []}
    content = {"until": before.until.isoformat(), "sections": [{"stories": [story]}], "also": [], "failures": []}
    posted = Delivery(
        digest="morning", edition=before.date, recipient=Recipient(channel="file", address="out"), key="k"
    )
    store.editions.publish(before, json.dumps(content), [posted], used=[told.id])
    return store


def test_of_very_many_the_newest_are_read(tmp_path: Path):
    """The window's own and so many earlier ones; with room for all it is all of them."""
    store = filled(tmp_path)
    window = store.items.recent(since=EDITION.since, until=EDITION.until)
    few = read_history(store, "morning", window, edition=EDITION, most=10)
    assert few.items == store.items.recent(since=NOON - 30 * DAY, until=NOON)[-len(window) - 10 :]
    whole = read_history(store, "morning", window, edition=EDITION)
    assert (len(whole.items), whole.told, whole.begun) == (480, (), {})
    store.close()


def test_what_was_told_is_known_though_it_is_older(tmp_path: Path):
    """An update is known by the texts of what readers had, whatever was stored since."""
    store = filled(tmp_path)
    window = store.items.recent(since=EDITION.since, until=EDITION.until)
    few, whole = (read_history(store, "morning", window, edition=EDITION, most=most) for most in (10, 1000))
    past = [past_stories(one.editions, (*one.items, *one.told)) for one in (few, whole)]
    assert past[0] == past[1]
    assert past[0][0].texts == ("What happened.",)
    store.close()


def test_a_feed_without_dates_is_no_new_one_because_its_first_items_are_older(tmp_path: Path):
    """Of an old feed no undated item is left out as of its first reading."""
    store = open_store(tmp_path)
    for days in range(20, -1, -5):
        undated = [item(f"{days} {number}", published=None, keys=(f"{days} {number}",)) for number in range(30)]
        store.items.save(FeedState(name="gazette"), undated, now=NOON - timedelta(days=days))
    window = store.items.recent(since=EDITION.since, until=EDITION.until)
    few = read_history(store, "morning", window, edition=EDITION, most=0)
    spec = replace(SPEC, topics=())
    assert len(window) == 30
    admitted = admit(spec, window, known=few.items, begun=few.begun)
    assert not any("first reading" in why for why in admitted.left_out.values())
    alone = admit(spec, window, known=few.items)
    assert any("first reading" in why for why in alone.left_out.values())
    store.close()


def stored_days(folder: Path, days: int = 4) -> Stores:
    """Of each of some days five items, with a company of the day; of the last until NOON, which is in its window."""
    store = open_store(folder)
    readings = [
        item(
            f"Report{back}{number}",
            published=NOON - timedelta(days=back, hours=number),
            keys=(f"{back} {number}",),
            text="The harbour opens a lock" + (f", Mole{back} Corp. (NYSE: ML{back}) said." if number == 0 else "."),
            language="en",
        )
        for back in range(days)
        for number in range(5)
    ]
    store.items.save(FeedState(name="gazette"), readings, now=NOON)
    return store


@pytest.fixture(autouse=True)
def counts_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a handful of items were many."""
    monkeypatch.setattr(room, "FEWEST", 1)


def count(store: Stores, *, before: datetime = EDITION.since, stop: Callable[[], bool] = lambda: False) -> bool:
    return room.count_days(store, until=EDITION.until, before=before, stop=stop)


def read(store: Stores, *, most: int = 0) -> History:
    window = store.items.recent(since=EDITION.since, until=EDITION.until)
    return read_history(store, "morning", window, edition=EDITION, most=most)


def background(history: History) -> CorpusStatistics:
    """What an edition takes for common."""
    return draft_edition(
        SPEC,
        (),
        edition=EDITION,
        history=history,
        feeds=(),
        measure_corpus=CorpusStatistics.from_items,
        cluster=cluster,
    ).background


WORDS = ("harbour", "lock", "open", "mole2", "mole3", "mole0", "other")


def test_what_was_counted_day_by_day_is_what_a_scan_counts(tmp_path: Path):
    """Whether a month is read or what was kept of its days: the same words are as common, today's own left out."""
    store = stored_days(tmp_path)
    count(store)
    scanned, counted = background(read(store, most=1000)), background(read(store, most=15))
    assert (scanned.items, counted.items) == (15, 15)
    assert scanned.holding(WORDS).tolist() == counted.holding(WORDS).tolist() == [15, 15, 15, 1, 1, 0, 0]
    assert counted.holding(["report20", "report44"]).tolist() == scanned.holding(["report20", "report44"]).tolist()
    store.close()


def test_what_is_kept_of_a_day_is_what_a_scan_of_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """However its items came in, and however often it was counted meanwhile."""
    monkeypatch.setattr(room, "_GROWN", 1)
    store = stored_days(tmp_path, days=3)
    for late in range(1, 4):
        count(store)
        news = [
            item(
                f"Late {late} {back}",
                feed="courier",
                published=NOON - (back % late + 1) * DAY,
                keys=(f"{late} {back}",),
            )
            for back in range(4)
        ]
        store.items.save(FeedState(name="courier"), news, now=NOON)
    assert not count(store)
    kept = store.counts.of(first=date(2026, 1, 1), last=NOON.date())
    assert [(NOON.date() - day).days for day in sorted(kept)] == [3, 2]
    for day, one in kept.items():
        begins = NOON.replace(hour=0) - (NOON.date() - day) * DAY.days
        found = store.items.recent(since=begins, until=begins + DAY)
        assert (one.stored, one.items) == (len(found), len(found))
        assert WordCounts.from_bytes(one.words, items=one.items) == WordCounts.of_items(found)
    store.close()


def test_an_edition_counts_nothing(tmp_path: Path):
    """It is waited for. Where nothing was counted yet, or not the last day, the newest items say what is common."""
    store = stored_days(tmp_path)
    assert read(store, most=15).counted is None
    assert background(read(store, most=15)).items == 15
    assert store.counts.of(first=date(2026, 1, 1), last=NOON.date()) == {}
    count(store, before=NOON - 2 * DAY)
    assert background(read(store, most=10)).items == 15
    store.close()


def test_a_day_is_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """And none that is not over; where a month holds few items, all of them are read by each edition, and none is counted."""
    store = stored_days(tmp_path)
    monkeypatch.setattr(room, "FEWEST", 11)
    assert not count(store)
    assert store.counts.stored(first=date(2026, 1, 1), last=NOON.date()) == {}
    monkeypatch.setattr(room, "FEWEST", 10)
    assert not count(store)
    kept = store.counts.stored(first=date(2026, 1, 1), last=NOON.date())
    assert kept == {NOON.date() - back * DAY: 5 for back in (3, 2)}
    monkeypatch.setattr(room, "names_in", None)
    assert not count(store)
    store.close()


def test_a_day_that_grew_is_counted_again(tmp_path: Path):
    """A feed that was added tells of days that were counted; a single late item is not worth the reading."""
    store = stored_days(tmp_path)
    count(store)
    for number in (1, 2):
        late = [
            item(f"Late {one}", feed="courier", published=NOON - 2 * DAY, keys=(f"{one}",)) for one in range(number)
        ]
        store.items.save(FeedState(name="courier"), late, now=NOON)
        count(store)
        found = read(store).counted
        assert found is not None
        assert found.words.items == (10, 12)[number - 1]
    store.close()


def test_so_many_items_are_counted_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of what an older release stored the newest days first, the others by the next calls; of a large day a part of each hour."""
    store = stored_days(tmp_path, days=6)
    monkeypatch.setattr(room, "MOST_AT_ONCE", 11)
    assert count(store, stop=lambda: True)
    assert read(store).counted is None
    more = []
    for items in (10, 20):
        more.append(count(store))
        counted = read(store).counted
        assert counted is not None
        assert counted.words.items == items
    assert more == [True, False]
    store.counts.prune(before=NOON.date())
    monkeypatch.setattr(room, "MOST_A_DAY", 4)
    monkeypatch.setattr(room, "_PARTS", 2)
    count(store)
    few = read(store).counted
    assert few is not None
    assert few.words.items < 8
    store.close()


def test_a_company_of_weeks_ago_is_known_by_its_ticker(tmp_path: Path):
    """Though the items that named it are read no more."""
    store = stored_days(tmp_path)
    count(store)
    topics = [parse_topic("Moles", "NYSE:ML3")]
    names = [
        ticker_names(topics, one.items, known=one.counted.names if one.counted else ())
        for one in (read(store), read(store, most=1000))
    ]
    assert names[0] == names[1] == {("nyse", "ml3"): (("mole3",),)}
    store.close()
