"""The store of the watching preview, which reads its items once."""

from __future__ import annotations

from datetime import timedelta

from builders import NOON, item

from digestbot.model import FeedState
from digestbot.store import scratch_copy
from digestbot.web.caching_store import caching_store

GAZETTE = FeedState(name="gazette")


def test_items_are_read_once_until_others_are_saved(tmp_path):
    """What is saved through it is seen; between two savings the database is not asked again."""
    with scratch_copy(tmp_path) as store:
        keeping = caching_store(store)

        def titles() -> list[str]:
            return [each.title for each in keeping.items.recent(since=NOON - timedelta(days=1), until=NOON)]

        keeping.items.save(GAZETTE, [item("One", hours=3)], now=NOON)
        assert titles() == ["One"]
        store.items.save(GAZETTE, [item("Two", hours=2)], now=NOON)
        assert titles() == ["One"]
        keeping.items.save(GAZETTE, [item("Three", hours=1)], now=NOON)
        assert titles() == ["One", "Two", "Three"]
        keeping.items.prune(before=NOON + timedelta(days=1))
        assert titles() == []


def test_states_and_single_items_are_always_the_stores_own(tmp_path):
    """Only readings of many items are remembered."""
    with scratch_copy(tmp_path) as store:
        keeping = caching_store(store)
        assert keeping.items.states() == {}
        store.items.save(GAZETTE, [item("One")], now=NOON)

        assert keeping.items.states() == store.items.states()
        assert keeping.items.find(item("One").id) == store.items.find(item("One").id) != ()
        assert keeping.editions.history("morning") == ()
