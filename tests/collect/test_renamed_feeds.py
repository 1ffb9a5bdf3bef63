"""A feed's identity is its address, whatever it is called."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, item
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import MORNING_NEWS, rss

from digestbot.collect import collect
from digestbot.collect.renamed import renamed_feeds
from digestbot.model import Feed, FeedState
from digestbot.store import Stores, open_store

A, B, C = (f"https://{name}.example/feed" for name in ("a", "b", "c"))


def state(name: str, url: str, *, moved: str = "", hours: int = 0) -> FeedState:
    return FeedState(name=name, configured_as=url, url=moved or url, checked=NOON + timedelta(hours=hours))


def feed(name: str, url: str) -> Feed:
    return Feed(name=name, url=url)


@pytest.mark.parametrize(
    ("feeds", "remembered", "moves"),
    [
        ([feed("a", A)], [state("a", A)], {}),
        ([feed("new", A)], [state("a", A)], {"a": "new"}),
        ([feed("new", B)], [state("a", A, moved=B)], {"a": "new"}),  # it had moved there
        ([feed("a", B)], [state("a", A, moved=B)], {}),
        ([feed("b", A), feed("a", B)], [state("a", A), state("b", B)], {"a": "b", "b": "a"}),
        ([feed("b", A), feed("c", B)], [state("a", A), state("b", B)], {"a": "b", "b": "c"}),
        ([feed("b", A)], [state("a", A), state("b", B)], {"a": "b", "b": "~b"}),  # b's own feed is gone
        ([feed("a", A), feed("copy", A)], [state("a", A)], {}),  # one address twice
        ([feed("new", C)], [state("a", A)], {}),
        ([feed("new", A)], [state("old", A, hours=1), state("older", A)], {"old": "new"}),
    ],
)
def test_who_is_who(feeds: list[Feed], remembered: list[FeedState], moves: dict[str, str]):
    """By the configured address, or the one it had moved to; the last that was read where several have it."""
    assert renamed_feeds(feeds, {one.name: one for one in remembered}) == moves


NAMED = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([A, B, C]), max_size=4)


@settings(max_examples=40, deadline=None)
@given(NAMED, NAMED)
def test_laws_of_renaming(before: dict[str, str], after: dict[str, str]):
    """No two become one, and afterwards nothing is left to do."""
    remembered = {name: state(name, url) for name, url in before.items()}
    feeds = [feed(name, url) for name, url in after.items()]
    moves = renamed_feeds(feeds, remembered)
    names = [moves.get(name, name) for name in remembered]
    assert len(set(names)) == len(names)
    moved = {moves.get(name, name): state(moves.get(name, name), url) for name, url in before.items()}
    assert renamed_feeds(feeds, moved) == {}
    told = {
        url for name, url in before.items() if moves.get(name, name) in after and after[moves.get(name, name)] == url
    }
    assert told == set(before.values()) & set(after.values()), "each feed that is still read has its items"


@pytest.fixture
def store(tmp_path: Path) -> Stores:
    return open_store(tmp_path / "data")


def test_a_renamed_feed_brings_nothing_new(store: Stores, tmp_path: Path):
    """The same file under two names, one after the other, then swapped with another: no item is seen twice."""
    (tmp_path / "a.xml").write_text(MORNING_NEWS)
    (tmp_path / "b.xml").write_text(
        rss(("Harbour opens", "It opened.", "Wed, 27 May 2026 03:00:00 +0000"), title="Bay")
    )
    a, b = str(tmp_path / "a.xml"), str(tmp_path / "b.xml")
    now, new = NOON, []
    for names in ((("one", a), ("two", b)), (("first", a), ("two", b)), (("two", a), ("first", b))):
        now += timedelta(days=1)
        new.append(collect([feed(name, url) for name, url in names], store.items, now=now, force=True).new)
    assert new == [3, 0, 0]
    found = store.items.recent(since=NOON - timedelta(days=3), until=now)
    assert {one.feed for one in found if "Veldhaven" in one.title} == {"two"}
    assert set(store.items.states()) == {"first", "two"}
    store.close()


def test_a_part_of_the_feeds_takes_no_other_ones_name(store: Stores, tmp_path: Path):
    """One was led to the address that another is configured with: whoever asks that one alone leaves the first as it is."""
    (tmp_path / "a.xml").write_text(MORNING_NEWS)
    one, two = feed("one", A), feed("two", str(tmp_path / "a.xml"))
    store.items.save(state("one", A, moved=two.url), [], now=NOON)
    collect([two], store.items, now=NOON, force=True, configured=[one, two])
    assert set(store.items.states()) == {"one", "two"}
    assert store.items.states()["one"].configured_as == A
    store.close()


def test_what_was_used_stays_used(store: Stores):
    """The items keep their ids, by which an edition knows what it has told."""
    store.items.save(state("a", A), [item("Bridge", feed="a", keys=("guid:1",), id="x")], now=NOON)
    store.items.rename_feeds({"a": "b"})
    assert store.items.save(state("b", A), [item("Bridge", feed="b", keys=("guid:1",), id="y")], now=NOON) == 0
    assert [(one.id, one.feed) for one in store.items.find("x")] == [("x", "b")]
    store.close()
