"""What the next edition would look like under another configuration, from what has come so far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot
from builders import NOON, item

from digestbot.errors import DigestbotError
from digestbot.model import Edition, EditionState, FeedState
from digestbot.operations.topic_preview import next_under
from digestbot.ports import Store
from digestbot.settings import Loaded, load
from digestbot.store import open_store

NEWS = (
    item("Gold climbs to a record", source="Ledger", hours=3),
    item("Chip maker opens a wafer plant", source="Gazette", hours=2),
    item("Chip exports of Veldhaven rise", source="Ledger", hours=20),
    item("Harbour library opens longer", source="Gazette", hours=5),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "data")
    for one in NEWS:
        made.items.save(FeedState(name=one.feed), [one], now=NOON - timedelta(hours=1))
    yield made
    made.close()


def loaded(folder: Path, **topics: str) -> Loaded:
    for name in ("ledger", "gazette"):
        (folder / f"{name}.xml").write_text("<rss/>")
    bot = Bot(folder)
    bot.configure(
        FEEDS__LEDGER="ledger.xml",
        FEEDS__GAZETTE="gazette.xml",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__AT="07:30",
        DIGESTS__MORNING__ALSO="0",
        **topics,
    )
    return load(folder / "config.env", {}, folder=folder)


def test_what_the_next_edition_shows_and_what_is_other(tmp_path: Path, store: Store):
    """Its stories by section, and which of them are there by the new terms alone."""
    old = loaded(tmp_path, TOPICS__CHIPS="chip*")
    new = loaded(tmp_path, TOPICS__CHIPS="chip*, -Veldhaven, gold")
    found = next_under(old, new, store, digest="morning", now=NOON)

    assert found.date == date(2026, 5, 27), "due at half past seven, and not made yet"
    assert (found.since, found.until) == (NOON - timedelta(hours=24), NOON)
    assert {one.title for one in found.stories} == {"Gold climbs to a record", "Chip maker opens a wafer plant"}
    assert {(one.title, one.before != "", one.after != "") for one in found.changes} >= {
        ("Gold climbs to a record", False, True),
        ("Chip exports of Veldhaven rise", True, False),
    }
    assert found.items == len(NEWS)
    assert {one.sources for one in found.stories} == {("Ledger",), ("Gazette",)}


@pytest.mark.parametrize(
    ("until", "titles"),
    [
        (NOON - timedelta(hours=4), {"Gold climbs to a record", "Chip maker opens a wafer plant"}),
        (NOON - timedelta(minutes=30), set()),
    ],
)
def test_it_begins_where_the_last_one_ended(tmp_path: Path, store: Store, until: datetime, titles: set[str]):
    """What an edition has told already, or has used, is in no other one."""
    used = [one.id for one in NEWS if one.effective_time and one.effective_time <= until]
    made = store.editions.claim(
        Edition(digest="morning", date=until.date(), since=until - timedelta(days=1), until=until)
    )
    store.editions.set_state("morning", made.date, EditionState.EMPTY, used=used)
    both = loaded(tmp_path, TOPICS__CHIPS="chip*, gold")

    found = next_under(both, both, store, digest="morning", now=NOON)
    assert {one.title for one in found.stories} == titles
    assert found.changes == ()
    assert (found.since, found.date) == (until, date(2026, 5, 28))


def test_it_changes_nothing(tmp_path: Path, store: Store):
    """Nothing is claimed, used or remembered by looking."""
    both = loaded(tmp_path, TOPICS__CHIPS="chip*")
    next_under(both, both, store, digest="morning", now=NOON)
    assert store.editions.history("morning") == ()
    assert store.editions.plans("morning") == ()


def test_more_items_than_can_be_grouped_in_time_are_refused(tmp_path: Path, store: Store):
    """A page has to answer: beyond its bound it names the command that has none."""
    both = loaded(tmp_path, TOPICS__CHIPS="chip*")
    with pytest.raises(DigestbotError, match=r"4 items.*at most 3.*digestbot topics diff morning"):
        next_under(both, both, store, digest="morning", now=NOON, most=3)
