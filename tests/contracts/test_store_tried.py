"""The store to try things on: what is asked of it is answered as by a copy, without one, and nothing of it changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, item
from older_database import take_back
from stored import GAZETTE, files, fill

from digestbot.errors import StoreError
from digestbot.model import Delivery, Edition, FeedState, Item, Recipient
from digestbot.ports import Store
from digestbot.store import FILE, open_store, scratch_copy, store_aside, tried_store
from digestbot.store import tried as room

DAY = timedelta(days=1)
EDITION = Edition(digest="morning", date=NOON.date(), since=NOON - DAY, until=NOON)
BRIDGE, STORM = item("Bridge", keys=("guid:1",)), item("Storm", keys=("guid:2",))
READINGS: list[tuple[FeedState, list[Item]]] = [
    (GAZETTE, [item("Bridge again", keys=("guid:1", "link:1"), text="Open.")]),
    (GAZETTE, [item("A fire in the market hall", keys=("link:1",)), STORM]),
    (FeedState(name="courier"), [item("New", feed="courier", keys=("guid:9",), published=None)]),
]


@pytest.fixture
def no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes a copy fails."""

    @contextmanager
    def refuse(*_: object, **__: object) -> Iterator[Store]:
        raise AssertionError("a copy was taken")
        yield

    monkeypatch.setattr(room, "scratch_copy", refuse)


def answers(store: Store) -> list[object]:
    """What an edition and those who explain it ask of items."""
    items, bounds = store.items, {"since": NOON - DAY, "until": NOON + DAY}
    recent = items.recent(**bounds)
    return [
        items.states(),
        recent,
        items.recent(**bounds, limit=2),
        [items.window(name, **bounds, oldest=NOON - DAY) for name in ("morning", "evening")],
        items.by_ids([one.id for one in recent]),
        [items.find(reference) for one in recent for reference in (one.id, one.url)],
        items.used(EDITION),
        items.begun(["gazette", "courier"]),
        items.active_feeds(**bounds),
    ]


def kept(data: Path) -> dict[str, bytes]:
    """Every file of a data folder, where there is one, but the index of the -wal: readers sign there."""
    return {name: found for name, found in files(data).items() if not name.endswith("-shm")} if data.exists() else {}


@pytest.mark.usefixtures("no_copy")
@pytest.mark.parametrize("closed", [False, True])
def test_it_answers_as_a_copy_does(place, closed: bool):
    """Before a reading and after each: new items, changed ones, an address that names another article, a new feed."""
    store = place.open()
    fill(store)
    if closed:
        store.close()
    before = kept(place.data)
    with scratch_copy(place.data, place.url) as copy, tried_store(place.data, place.url) as tried:
        assert answers(tried) == answers(copy)
        for number, (state, found) in enumerate(READINGS):
            now = NOON + timedelta(hours=number)
            assert tried.items.save(state, found, now=now) == copy.items.save(state, found, now=now)
            assert answers(tried) == answers(copy)
        assert len(tried.items.recent(since=NOON - DAY, until=NOON + DAY)) > 2
        assert kept(place.data) == before
    if not closed:
        assert {one.title for one in store.items.recent(since=NOON - DAY, until=NOON + DAY)} == {"Bridge", "Storm"}
        store.close()


@pytest.mark.usefixtures("no_copy")
@pytest.mark.parametrize(
    "names", [{"gazette": "post"}, {"gazette": "courier", "courier": "gazette"}, {"gazette": "new", "new": "~new"}]
)
def test_feeds_with_another_name_take_their_items_with_them(place, names: dict[str, str]):
    """Whoever changes a feed's name, or swaps two, and looks at the digest first sees what a copy would show."""
    store = place.open()
    fill(store)
    for state, found in READINGS[2:]:
        store.items.save(state, found, now=NOON)
    before = kept(place.data)
    with scratch_copy(place.data, place.url) as copy, tried_store(place.data, place.url) as tried:
        tried.items.rename_feeds(names)
        copy.items.rename_feeds(names)
        assert answers(tried) == answers(copy)
        for number, (state, found) in enumerate(READINGS):
            called = replace(state, name=names.get(state.name, state.name))
            now = NOON + timedelta(hours=number)
            items = [replace(one, feed=called.name) for one in found]
            assert tried.items.save(called, items, now=now) == copy.items.save(called, items, now=now)
            assert answers(tried) == answers(copy)
    assert kept(place.data) == before
    store.close()


@pytest.mark.usefixtures("no_copy")
@pytest.mark.parametrize("lasting", [False, True])
def test_one_state_is_seen_unless_it_is_used_for_hours(place, lasting: bool):
    """What is committed meanwhile is not seen by a preview, and is by one that goes on for hours."""
    store = place.open()
    fill(store)
    with tried_store(place.data, place.url, lasting=lasting) as tried:
        assert set(tried.items.states()) == {"gazette"}
        store.items.save(FeedState(name="courier"), [], now=NOON)
        assert set(tried.items.states()) == ({"courier", "gazette"} if lasting else {"gazette"})
    store.close()


@pytest.mark.usefixtures("no_copy")
def test_a_file_that_nobody_had_open_may_be_written_meanwhile(tmp_path: Path):
    """A run that begins while a preview asks feeds: what it stored is seen, and never half of it."""
    store = open_store(tmp_path)
    fill(store)
    store.close()
    with tried_store(tmp_path) as tried:
        assert len(tried.items.states()) == 1
        other = open_store(tmp_path)
        other.items.save(FeedState(name="courier"), [item("New", feed="courier", keys=("guid:9",))], now=NOON)
        other.close()
        assert len(tried.items.states()) == 2
        assert len(tried.items.recent(since=NOON - DAY, until=NOON)) == 3


@pytest.mark.usefixtures("no_copy")
def test_what_is_made_once_is_made_aside(place):
    """The installation's id and secrets are those that are stored, else of this look alone; vectors are kept for it."""
    store = place.open()
    with tried_store(place.data, place.url, lasting=True) as tried:
        own = tried.installation_id(), tried.secret("forms")
        assert own == (tried.installation_id(), tried.secret("forms"))
        assert store.installation_id() != own[0]
        assert (tried.installation_id(), tried.secret("other")) == (store.installation_id(), tried.secret("other"))
        store.vectors.put({"known": b"1"}, now=NOON)
        tried.vectors.put({"new": b"2"}, now=NOON)
        assert tried.vectors.get(["known", "new", "none"]) == {"known": b"1", "new": b"2"}
        assert store.vectors.get(["new"]) == {}
    store.close()


@pytest.mark.usefixtures("no_copy")
def test_no_edition_is_claimed_or_published(place):
    """Whoever would is told so, and the store stays as it is."""
    store = place.open()
    fill(store)
    posted = Delivery(digest="evening", edition=NOON.date(), recipient=Recipient(channel="file", address="x"), key="x")
    with tried_store(place.data, place.url) as tried:
        for change in (
            lambda: tried.editions.claim(replace(EDITION, digest="evening")),
            lambda: tried.editions.publish(EDITION, "{}", [posted], used=()),
            lambda: tried.items.prune(before=NOON),
        ):
            with pytest.raises(StoreError, match="who only looks"):
                change()
        assert tried.editions.history("morning") == store.editions.history("morning")
    store.close()


@pytest.mark.usefixtures("no_copy")
def test_a_test_is_sent_from_aside_by_what_is_known(place):
    """Of accounts how far they have come, but no rest of theirs; of its recipients who is suppressed, a forgotten one too."""
    store, post = place.open(), Recipient(channel="mailto", address="gone@desk.example")
    store.accounts.refuse("default", now=NOON, why="535 wrong password")
    store.suppressions.suppress(post.address, "hard bounce", now=NOON)
    with (
        tried_store(place.data, place.url) as tried,
        store_aside(tried, [post, replace(post, address="#chips")]) as own,
    ):
        [(name, state)] = own.accounts.states().items()
        assert (name, state.refusals, state.rests_until, state.why) == ("default", 1, None, "")
        assert own.suppressions.suppressed([post.address])[post.address].reason == "hard bounce"
        assert own.editions.claim(EDITION) == EDITION
    assert store.editions.history("morning") == ()
    assert store.accounts.states()["default"].why == "535 wrong password"
    store.close()


def test_an_older_schema_and_a_missing_database_are_tried_on_a_copy(tmp_path: Path):
    """A preview before the first run, and before the first run after an upgrade."""
    with tried_store(tmp_path / "none") as tried:
        assert tried.items.save(GAZETTE, [BRIDGE], now=NOON) == 1
    assert not (tmp_path / "none").exists()
    store = open_store(tmp_path / "old")
    store.items.save(GAZETTE, [BRIDGE], now=NOON)
    store.close()
    take_back(tmp_path / "old" / FILE, "0003")
    before = files(tmp_path / "old")
    with tried_store(tmp_path / "old") as tried:
        assert tried.items.save(GAZETTE, [BRIDGE], now=NOON) == 0
    assert files(tmp_path / "old") == before
