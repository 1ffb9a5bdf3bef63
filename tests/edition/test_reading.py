"""What an edition looks back on where more is stored than it needs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from builders import NOON, SPEC, item

from digestbot.edition.admission import admit
from digestbot.edition.history import past_stories
from digestbot.edition.reading import read_history
from digestbot.model import Delivery, Edition, FeedState, Recipient
from digestbot.store import Stores, open_store

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
