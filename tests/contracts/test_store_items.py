"""What every store promises about items, on every database."""

from __future__ import annotations

import threading
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest
from builders import NOON, item
from sqlalchemy import event, insert

from digestbot.collect.politeness import is_due, remembered_state
from digestbot.collect.turns import may_be_due
from digestbot.errors import StoreError
from digestbot.model import Edition, EditionState, Feed, FeedState
from digestbot.store import Stores
from digestbot.store.errors import Conflict
from digestbot.store.schema import feeds

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GAZETTE = FeedState(name="gazette")


def feed_named(name: str) -> Feed:
    return Feed(name=name, url=f"https://{name}.example/feed")


def everything(store: Stores) -> list[str]:
    """The titles of all items, in order."""
    found = store.items.recent(since=datetime(1990, 1, 1, tzinfo=UTC), until=datetime(2100, 1, 1, tzinfo=UTC))
    return [each.title for each in found]


def window(store: Stores, digest: str = "morning", *, since: datetime, until: datetime, late: bool = True) -> list[str]:
    """The titles of the items of a window that may be three days old."""
    found = store.items.window(digest, since=since, until=until, oldest=until - 3 * DAY, late=late)
    return [each.title for each in found]


def test_an_item_comes_back_as_it_was_saved_with_its_first_sight(store: Stores):
    """Every field survives, datetimes aware and in UTC."""
    saved = item(
        text="Two paragraphs.\nOf text.",
        authors=("Ada Byron", "Li Na"),
        categories=("Harbour", "Bau"),
        language="en",
        image="https://gazette.example/bridge.jpg",
        keys=("guid:1", "url:https://gazette.example/1"),
    )
    assert store.items.save(GAZETTE, [saved], now=NOON + HOUR) == 1
    (found,) = store.items.find(saved.id)
    assert found == replace(saved, first_seen=NOON + HOUR)
    assert found.published is not None
    assert found.published.utcoffset() == timedelta(0)


def test_the_state_of_a_feed_comes_back_in_every_field(store: Stores):
    """The last saved state of every feed is what is remembered."""
    values = {"str": "some words", "int": 3, "bool": True, "datetime | None": NOON}
    state = FeedState(**{part.name: values[str(part.type)] for part in fields(FeedState)})  # type: ignore[arg-type]
    store.items.save(replace(state, error="timed out", failures=9), [], now=NOON)
    store.items.save(GAZETTE, [], now=NOON)
    store.items.save(state, [], now=NOON)
    assert store.items.states() == {state.name: state, "gazette": GAZETTE}
    assert store.items.states(["gazette", "nobody's"]) == {"gazette": GAZETTE}


def test_a_moment_of_another_zone_is_the_same_moment_afterwards(store: Stores):
    """Half past seven in Hong Kong is half past eleven at night in UTC."""
    due = datetime(2026, 5, 27, 7, 30, tzinfo=timezone(8 * HOUR))
    store.items.save(replace(GAZETTE, due=due), [], now=NOON)
    assert store.items.states()["gazette"].due == datetime(2026, 5, 26, 23, 30, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(store: Stores):
    """A naive datetime is a mistake of the caller, not an hour to be guessed."""
    with pytest.raises(StoreError, match="without a time zone"):
        store.items.save(replace(GAZETTE, due=datetime(2026, 5, 27)), [], now=NOON)  # noqa: DTZ001 -- the mistake


@pytest.mark.parametrize("key", ["guid:1", "url:https://gazette.example/1"])
def test_an_item_with_any_known_key_keeps_its_id_and_first_sight(store: Stores, key: str):
    """A later reading changes what is said, not which item it is."""
    first = item("First words", id="first", keys=("guid:1", "url:https://gazette.example/1"))
    later = item("Better words", id="later", text="More.", keys=("guid:new", key), hours=0.5, language="de")
    store.items.save(GAZETTE, [first], now=NOON)
    assert store.items.save(GAZETTE, [later], now=NOON + HOUR) == 0
    (found,) = store.items.find("first")
    assert found == replace(later, id="first", first_seen=NOON)
    assert everything(store) == ["Better words"]


def test_a_key_learnt_later_is_known_from_then_on(store: Stores):
    """Keys add up: guid first, then guid and address, then the address alone are one item."""
    for keys in (("guid:1",), ("guid:1", "url:a"), ("url:a",)):
        store.items.save(GAZETTE, [item(f"Known by {keys}", id=keys[-1], keys=keys)], now=NOON)
    assert everything(store) == ["Known by ('url:a',)"]


def test_an_item_that_lost_its_date_keeps_the_one_it_had(store: Stores):
    """A reading without a date does not move an item to another day."""
    dated = item(keys=("guid:1",))
    store.items.save(GAZETTE, [dated], now=NOON)
    store.items.save(GAZETTE, [replace(dated, title="Reworded", published=None)], now=NOON + DAY)
    (found,) = store.items.find(dated.id)
    assert (found.title, found.published) == ("Reworded", dated.published)


def test_keys_mean_nothing_in_another_feed(store: Stores):
    """Two feeds may both call their first entry 1, and may both carry an item of one id."""
    store.items.save(GAZETTE, [item("Ours", id="x", keys=("guid:1",))], now=NOON)
    assert store.items.save(FeedState(name="courier"), [item("Theirs", id="x", keys=("guid:1",))], now=NOON) == 1
    assert {(each.feed, each.title) for each in store.items.find("x")} == {("gazette", "Ours"), ("courier", "Theirs")}


def test_items_of_one_reading_that_share_a_key_are_one(store: Stores):
    """The same item twice, or joined by a third, is stored once; what stands higher wins, in every reading."""
    batch = [
        item("Top", id="a", keys=("guid:1",)),
        item("Repeated", id="a", keys=("guid:1",)),
        item("Moved", id="b", keys=("guid:1", "url:b")),
        item("Same address as moved", id="c", keys=("url:b",)),
        item("Another", id="d", keys=("guid:2",)),
        item("Joins both", id="e", keys=("guid:2", "guid:1")),
    ]
    assert store.items.save(GAZETTE, batch, now=NOON) == 2
    assert sorted(everything(store)) == ["Another", "Top"]
    assert store.items.save(GAZETTE, batch, now=NOON + HOUR) == 0
    assert sorted(everything(store)) == ["Another", "Top"]


def test_text_that_no_database_takes_is_stored_without_the_harm(store: Stores):
    """NUL, half surrogate pairs and keys too long for an index neither break a save nor a second one."""
    hostile = item(
        "Bridge\x00 re\ud800opens 🌉",
        id="hostile",
        url="https://gazette.example/" + "x" * 20_000,
        authors=("A\x00da", "\udfff"),
        keys=("guid:" + "y" * 20_000, "guid:\x00\ud800"),
    )
    state = replace(GAZETTE, etag='"\x00"', error="\ud83c broke")
    assert store.items.save(state, [hostile], now=NOON) == 1
    assert store.items.save(state, [replace(hostile, id="other")], now=NOON) == 0
    (found,) = store.items.find("hostile")
    assert (found.title, found.authors) == ("Bridge reopens 🌉", ("Ada", ""))
    assert store.items.states()["gazette"].error == " broke"
    assert store.items.find("\x00\ud800") == ()


def test_a_large_feed_costs_few_statements_and_an_unchanged_one_no_write(store: Stores):
    """Statements do not grow with the number of items."""
    batch = [
        item(f"Headline {number}", id=f"i{number}", keys=(f"guid:{number}", f"url:{number}")) for number in range(300)
    ]
    statements: list[str] = []
    event.listen(store.database._reader, "before_cursor_execute", lambda *call: statements.append(call[2]))
    store.items.save(GAZETTE, batch, now=NOON)
    assert len(statements) < 15
    statements.clear()
    store.items.save(GAZETTE, batch, now=NOON + HOUR)
    writes = [statement for statement in statements if statement.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(writes) == 1  # of the feed's own state
    store.items.save(GAZETTE, [replace(each, title=each.title + "!") for each in batch], now=NOON)
    assert len(everything(store)) == 300


def test_two_writers_of_one_new_feed_store_it_once(place):
    """Whoever comes second finds everything known."""
    batch = [item(f"Headline {number}", id=f"i{number}", keys=(f"guid:{number}",)) for number in range(50)]
    stores = [place.open() for _ in range(4)]
    new: list[int] = []
    start = threading.Barrier(4)

    def save(store: Stores) -> None:
        start.wait()
        new.append(store.items.save(GAZETTE, batch, now=NOON))

    threads = [threading.Thread(target=save, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [0, 0, 0, 50]
    assert len(everything(stores[0])) == 50
    for store in stores:
        store.close()


def test_a_window_has_its_end_but_not_its_beginning(store: Stores):
    """A publication at the cutoff belongs to the edition, one at the last cutoff belonged to the last."""
    for hours in (0, 1, 24, 25):
        store.items.save(GAZETTE, [item(f"{hours} hours ago", hours=hours)], now=NOON - DAY)
    assert window(store, since=NOON - DAY, until=NOON) == ["1 hours ago", "0 hours ago"]


def test_an_item_seen_too_late_for_its_edition_belongs_to_the_next(store: Stores):
    """It is told late rather than never, unless this is the first edition, and never when it is too old."""
    store.items.save(GAZETTE, [item("Late", hours=30), item("Too old", hours=73)], now=NOON - HOUR)
    assert window(store, since=NOON - DAY, until=NOON) == ["Late"]
    assert window(store, since=NOON - DAY, until=NOON, late=False) == []


def test_an_item_without_a_date_counts_from_its_first_sight(store: Stores):
    """Seen before the cutoff it belongs to the edition, seen after it to the next; a second reading moves nothing."""
    undated = item("Undated", published=None)
    store.items.save(GAZETTE, [undated], now=NOON - HOUR)
    store.items.save(GAZETTE, [undated], now=NOON + HOUR)
    assert window(store, since=NOON - DAY, until=NOON) == ["Undated"]
    assert window(store, since=NOON, until=NOON + DAY) == []


def test_items_without_a_date_come_in_the_order_of_their_feed(store: Stores):
    """Of those that one reading brought, the first in the feed is the newest and comes last."""
    feed = [item(f"Note {at}", id=name, keys=(f"guid:{name}",), published=None) for at, name in enumerate("qzaxm")]
    store.items.save(GAZETTE, feed, now=NOON)
    found = store.items.window("morning", since=NOON - HOUR, until=NOON, oldest=NOON - DAY)
    assert [one.id for one in found] == ["m", "x", "a", "z", "q"]
    assert {one.first_seen for one in found} == {NOON}


def test_an_item_never_returns_in_the_same_digest(store: Stores):
    """Used up by one edition it is free for other digests only, even when its date moves on."""
    bridge = item("Bridge")
    store.items.save(GAZETTE, [bridge], now=NOON)
    edition = store.editions.claim(Edition(digest="morning", date=NOON.date(), since=NOON - DAY, until=NOON))
    store.editions.publish(edition, "{}", [], used=[bridge.id, bridge.id])
    store.items.save(GAZETTE, [replace(bridge, published=NOON + HOUR)], now=NOON + HOUR)
    assert window(store, since=NOON, until=NOON + DAY) == []
    assert window(store, "evening", since=NOON, until=NOON + DAY) == ["Bridge"]


@pytest.mark.parametrize("told", [True, False])
def test_what_a_first_edition_passed_over_is_not_late_for_the_second(store: Stores, told: bool):
    """Its feeds reach back for days, were first read just after its cutoff, and only one window of them counts."""
    yesterday, old = item("Yesterday", hours=20), item("Old", hours=40)
    store.items.save(GAZETTE, [yesterday, old], now=NOON + timedelta(seconds=5))
    edition = store.editions.claim(Edition(digest="morning", date=NOON.date(), since=NOON - DAY, until=NOON))
    if told:
        store.editions.publish(edition, "{}", [], used=[yesterday.id])
    else:
        store.editions.set_state("morning", NOON.date(), EditionState.EMPTY, used=[yesterday.id])
    store.items.save(GAZETTE, [item("Arrived late", hours=40, keys=("guid:late",), id="late")], now=NOON + HOUR)
    assert window(store, since=NOON, until=NOON + DAY) == ["Arrived late"]


def test_an_item_is_found_by_its_id_and_its_address(store: Stores):
    """Nothing else finds it, least of all an empty word."""
    bridge = item("Bridge", url="https://gazette.example/bridge")
    store.items.save(GAZETTE, [bridge, item("No address", url="")], now=NOON)
    assert [each.title for each in store.items.find(bridge.id)] == ["Bridge"]
    assert [each.title for each in store.items.find("https://gazette.example/bridge")] == ["Bridge"]
    assert store.items.find("Bridge") == store.items.find("") == ()


def test_pruning_forgets_what_is_old_and_no_longer_carried(store: Stores):
    """An item that its feed still carries stays: forgotten, it would come back as new. Editions stay as they are."""
    carried, dropped, young = (
        item(name, published=None, id=name, keys=(name,)) for name in ("carried", "dropped", "young")
    )
    store.items.save(GAZETTE, [carried, dropped], now=NOON)
    edition = store.editions.claim(Edition(digest="morning", date=NOON.date(), since=NOON - DAY, until=NOON))
    store.editions.publish(edition, "{}", [], used=[carried.id, dropped.id])
    store.items.save(GAZETTE, [carried, young], now=NOON + 60 * DAY)
    assert store.items.prune(before=NOON + 30 * DAY) == 1
    assert everything(store) == ["carried", "young"]
    assert window(store, since=NOON - DAY, until=NOON) == []
    assert store.editions.get("morning", NOON.date()) is not None
    assert store.items.save(GAZETTE, [carried, dropped], now=NOON + 61 * DAY) == 1


def test_readings_of_several_feeds_are_saved_together(store: Stores):
    """Each feed's items are its own, known ones are told from new ones, and every state is remembered."""
    courier = FeedState(name="courier", etag='"1"')
    bridge, storm = item("Bridge", keys=("guid:1",)), item("Storm", source="Courier", keys=("guid:1",), hours=0.5)
    store.items.save(GAZETTE, [bridge], now=NOON)
    both = [(replace(GAZETTE, etag='"2"'), [replace(bridge, title="Bridge again")]), (courier, [storm])]
    assert store.items.save_all(both, now=NOON + HOUR) == 1
    assert everything(store) == ["Bridge again", "Storm"]
    assert {state.etag for state in store.items.states().values()} == {'"1"', '"2"'}
    assert store.items.save_all(both, now=NOON + HOUR) == 0
    assert store.items.save_all([], now=NOON) == 0


def test_readings_saved_together_are_saved_all_or_none(store: Stores):
    """A reading that cannot be stored leaves nothing of those beside it: all of them are asked again."""
    broken = replace(FeedState(name="courier"), due=datetime(2026, 5, 27))  # noqa: DTZ001 -- the mistake
    with pytest.raises(StoreError):
        store.items.save_all([(GAZETTE, [item()]), (broken, [item("Storm", source="Courier")])], now=NOON)
    assert everything(store) == []
    assert store.items.states() == {}


def test_an_item_that_cannot_be_stored_is_an_error_of_the_store(store: Stores):
    """A moment without a time zone is refused in words, and its reading leaves nothing."""
    with pytest.raises(StoreError, match="time zone"):
        store.items.save(GAZETTE, [item(published=datetime(2026, 5, 27))], now=NOON)  # noqa: DTZ001 -- the mistake
    assert store.items.states() == {}


def test_a_row_that_stands_already_is_a_conflict(store: Stores):
    """Also where a prepared statement meets it: whoever was second may try again."""
    again = store.database.prepared(insert(feeds))
    row = asdict(GAZETTE)
    with store.database.writing() as connection:
        again.execute_all(connection, [row])
    with pytest.raises(Conflict), store.database.writing() as connection:
        again.execute_all(connection, [row])
    assert set(store.items.states()) == {"gazette"}


def test_two_writers_of_the_same_feeds_do_not_wait_for_each_other(place):
    """Whatever the order in which they read them, both are done and every item is there once."""
    readings = [(FeedState(name=name), [item(source=name, keys=("guid:1",))]) for name in ("a", "b", "c", "d")]
    stores = [place.open() for _ in range(2)]
    new: list[int] = []

    def save(store: Stores, order: int) -> None:
        new.extend(store.items.save_all(readings[::order], now=NOON) for _ in range(10))

    threads = [threading.Thread(target=save, args=pair) for pair in zip(stores, (1, -1), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(new), sum(new)) == (20, 4)
    for store in stores:
        store.close()


def test_an_item_seen_by_a_clock_that_was_ahead_counts_as_seen_now(store: Stores):
    """Without a date of its own it would wait for that day; one with a date keeps it."""
    dated, undated = item("Dated"), replace(item("Undated"), published=None)
    store.items.save(FeedState(name="gazette"), [dated, undated], now=NOON + 30 * DAY)
    window = {"since": NOON - DAY, "until": NOON + DAY, "oldest": NOON - 3 * DAY}
    assert {one.title for one in store.items.window("morning", **window)} == {"Dated"}

    store.items.cap_times(now=NOON)

    found = store.items.window("morning", **window)
    assert {one.title for one in found} == {"Dated", "Undated"}
    assert {one.first_seen for one in found} == {NOON}
    assert {one.published for one in found} == {dated.published, None}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Quayside: gale warning, 9 Beaufort", "Quayside: snow and minus twelve degrees"),
        ("Ep. 12: Salt", "Ep. 13: Fog"),
        ("Word of the day: bollard", "How rope is spliced"),
    ],
)
@pytest.mark.parametrize("dated", [True, False])
def test_a_guid_that_is_used_again_is_another_article(store: Stores, first: str, second: str, dated: bool):
    """Hours later and with another title, what is known by its guid is new; read again it is known."""
    day = item(title=first, published=NOON if dated else None)
    next_day = replace(day, title=second, published=NOON + DAY if dated else None)
    assert store.items.save(GAZETTE, [day], now=NOON + HOUR) == 1
    assert store.items.save(GAZETTE, [next_day], now=NOON + DAY + HOUR) == 1
    assert store.items.save(GAZETTE, [next_day], now=NOON + DAY + 2 * HOUR) == 0
    assert everything(store) == [first, second]


def test_a_guid_that_is_used_again_under_one_title_is_another_article(store: Stores):
    """The same title in other words a day later is new; in the same words, a little changed, it is known."""
    day = item(title="Weather for the quay", text="Gale from the north, nine Beaufort on the coast.", published=NOON)
    edited = replace(day, text="A gale from the north, nine Beaufort at the coast.", published=NOON + DAY)
    other = replace(day, text="Snow, and minus twelve degrees on the hills.", published=NOON + 2 * DAY)
    assert [store.items.save(GAZETTE, [one], now=one.published) for one in (day, edited, other, other)] == [1, 0, 1, 0]


@pytest.mark.parametrize(
    ("title", "later"),
    [
        ("Ferry line 4 stops until noon", 2 * HOUR),
        ("Gale warning lifted: 9 Beaufort no more", DAY),
        ("Quayside gale warning: nine boats wait", 3 * DAY),
    ],
)
def test_an_article_that_is_edited_stays_one(store: Stores, title: str, later: timedelta):
    """A correction within hours, and a title that keeps its words, change the item that is known."""
    day = item(title="Quayside: gale warning, 9 Beaufort", published=NOON)
    store.items.save(GAZETTE, [day], now=NOON + HOUR)
    assert store.items.save(GAZETTE, [replace(day, title=title, published=NOON + later)], now=NOON + later) == 0
    assert everything(store) == [title]


def test_the_feeds_that_had_items_in_a_time_are_named(store: Stores):
    """Those of (since, until], each once, as `recent` would find them."""
    for name, hours in (("early", -2), ("on", 0), ("late", 2)):
        found = [item(f"{name} {n}", published=NOON + timedelta(hours=hours), keys=(f"{name}{n}",)) for n in range(3)]
        store.items.save(FeedState(name=name), found, now=NOON)
    assert store.items.active_feeds(since=NOON - timedelta(hours=2), until=NOON) == {"on"}
    assert store.items.active_feeds(since=NOON - timedelta(hours=3), until=NOON + timedelta(hours=2)) == {
        "early",
        "on",
        "late",
    }


def test_the_newest_of_many_are_read_in_their_order(store: Stores):
    """With a limit those that a list without one would end with; never more."""
    found = [item(f"News {number}", keys=(f"k{number}",), published=NOON - number % 5 * HOUR) for number in range(20)]
    store.items.save(GAZETTE, found, now=NOON)
    whole = store.items.recent(since=NOON - DAY, until=NOON)
    assert store.items.recent(since=NOON - DAY, until=NOON, limit=7) == whole[-7:]
    assert store.items.recent(since=NOON - DAY, until=NOON, limit=50) == whole


def test_items_are_found_by_their_ids(store: Stores):
    """Those that are stored, however many are asked for."""
    found = [item(f"News {number}", keys=(f"k{number}",)) for number in range(3)]
    store.items.save(GAZETTE, found, now=NOON)
    asked = [found[0].id, found[2].id, *(f"nobody{number}" for number in range(1200))]
    assert sorted(one.title for one in store.items.by_ids(asked)) == ["News 0", "News 2"]


def test_when_a_feed_was_begun(store: Stores):
    """The first sight of the first item that is stored of it; feeds without one, and others, are left out."""
    for feed, seen in (("gazette", NOON), ("gazette", NOON + HOUR), ("courier", NOON)):
        store.items.save(FeedState(name=feed), [item(f"{feed} {seen}", feed=feed, keys=(f"{seen}",))], now=seen)
    assert store.items.begun(["gazette", "unknown"]) == {"gazette": NOON}


@pytest.mark.parametrize("interval", [timedelta(minutes=15), HOUR])
def test_whose_turn_it_is_is_found_without_reading_the_others(store: Stores, interval: timedelta):
    """The same feeds as by a look at every state: with intervals of their own, shortened ones, wrong clocks, other addresses."""
    rests, never = [None, -HOUR, HOUR / 2, 3 * DAY], feed_named("never")
    moments = product(rests, [None, -HOUR / 3, -2 * HOUR], [None, -HOUR / 6, HOUR / 6], [False, True], [None, HOUR / 6])
    configured = [never]
    for number, (due, checked, fresh, gone, own) in enumerate(moments):
        feed = replace(feed_named(f"f{number}"), interval=own)
        known_as = "" if number % 7 == 0 else "https://other.example/" if number % 11 == 0 else feed.url
        times = {"due": due, "checked": checked, "fresh_until": fresh}
        state = FeedState(name=feed.name, url=feed.url, configured_as=known_as, gone=gone)
        given = {name: None if rest is None else NOON + rest for name, rest in times.items()}
        store.items.save(replace(state, **given), [], now=NOON)
        configured.append(feed)
    states = store.items.states()
    found = may_be_due(configured, store.items, at=NOON, interval=interval)
    remembered = {feed.name: remembered_state(feed, states.get(feed.name)) for feed in configured}
    for between in (False, True):

        def due_now(state: FeedState, feed: Feed, between: bool = between) -> bool:
            return is_due(state, NOON, interval=feed.interval or interval, between=between)

        every = [feed.name for feed in configured if due_now(remembered[feed.name], feed)]
        assert [feed.name for feed, state in found if due_now(state, feed)] == every
    waiting = FeedState(
        name="waits", url="https://waits.example/feed", checked=NOON - interval / 2, due=NOON + HOUR / 2
    )
    store.items.save(replace(waiting, configured_as=waiting.url, fresh_until=waiting.checked), [], now=NOON)
    assert may_be_due([feed_named("waits")], store.items, at=NOON, interval=interval) == ()


def test_what_fails_and_what_feeds_are_called(store: Stores):
    """Of those that can be read the title and the address alone are read."""
    failing = FeedState(
        name="courier", title="The Courier", configured_as="https://courier.example/", error="timed out"
    )
    store.items.save(failing, [], now=NOON)
    store.items.save(GAZETTE, [], now=NOON)
    assert store.items.failing() == {"courier": failing}
    assert store.items.sources() == {"courier": ("https://courier.example/", "The Courier"), "gazette": ("", "")}
