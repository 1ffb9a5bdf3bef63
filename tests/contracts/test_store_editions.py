"""What every store promises about editions, on every database."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from builders import NOON, item
from sqlalchemy import event

from digestbot.errors import StoreError
from digestbot.model import Delivery, DeliveryState, Edition, EditionDate, EditionState, FeedState, Recipient
from digestbot.store import Stores

DAY = timedelta(days=1)
TODAY = NOON.date()


def edition(days: int = 0, digest: str = "morning") -> Edition:
    """The edition of a day, counted from 27 May 2026."""
    until = NOON + days * DAY
    return Edition(digest=digest, date=until.date(), since=until - DAY, until=until)


def delivery(address: str = "#chips", *, days: int = 0, part: int = 0) -> Delivery:
    """A delivery of the morning digest of a day."""
    return Delivery(
        digest="morning",
        edition=(NOON + days * DAY).date(),
        recipient=Recipient(channel="slack", address=address),
        part=part,
        key=f"{address}-{days}-{part}",
        payload=b"\x00\xffbytes",
        deadline=NOON + DAY,
    )


def publish(store: Stores, days: int = 0, *deliveries: Delivery, content: str = "{}") -> Edition:
    """Claim and publish the edition of a day."""
    claimed = store.editions.claim(edition(days))
    store.editions.publish(claimed, content, deliveries, used=())
    return claimed


def test_the_first_claim_fixes_the_window(store: Stores):
    """A second claim for the same digest and date gets the edition that stands, with its window."""
    first = edition()
    assert store.editions.claim(first) == first
    assert store.editions.claim(replace(first, since=NOON, until=NOON + DAY)) == first
    assert store.editions.claim(edition(digest="evening")).digest == "evening"
    assert store.editions.get("morning", TODAY) == first
    assert store.editions.get("morning", date(2020, 1, 1)) is None


def test_publishing_makes_an_edition_ready_with_its_content_and_deliveries(store: Stores):
    """All of it is there afterwards; a second publication changes nothing."""
    claimed = publish(store, 0, delivery(), content='{"title": "Für Ärzte 🌉"}')
    store.editions.publish(claimed, "other", [delivery("#other")], used=["other"])
    assert store.editions.get("morning", TODAY) == replace(
        claimed, state=EditionState.READY, content='{"title": "Für Ärzte 🌉"}'
    )
    assert store.outbox.open() == (replace(delivery(), payload=b""),)
    assert store.outbox.payload(delivery()) == delivery().payload


def test_a_publication_that_fails_leaves_nothing_behind(store: Stores):
    """Content, used items and deliveries stand or fall together."""
    bridge = item()
    store.items.save(FeedState(name="gazette"), [bridge], now=NOON)
    claimed = store.editions.claim(edition())
    with pytest.raises(StoreError):
        store.editions.publish(claimed, "{}", [delivery(), delivery()], used=[bridge.id])
    assert store.editions.get("morning", TODAY) == claimed
    assert store.outbox.all() == ()
    assert store.items.window("morning", since=claimed.since, until=NOON, oldest=claimed.since) == (bridge,)


def test_what_was_never_claimed_cannot_be_published(store: Stores):
    """Its window would not be the one that its items were chosen by."""
    with pytest.raises(StoreError, match="never claimed"):
        store.editions.publish(edition(), "{}", [], used=())


def test_the_latest_edition_is_the_last_with_a_window_that_was_used(store: Stores):
    """Claimed, missed and unclaimed editions used no window up; an empty one did."""
    assert store.editions.latest("morning", until=edition(9).until) is None
    publish(store, 0)
    store.editions.claim(edition(1))
    store.editions.set_state("morning", edition(1).date, EditionState.EMPTY)
    store.editions.set_state("morning", edition(2).date, EditionState.EMPTY)
    store.editions.claim(edition(3))
    store.editions.set_state("morning", edition(3).date, EditionState.MISSED)
    store.editions.claim(edition(4))
    store.editions.claim(edition(9, digest="evening"))
    latest = store.editions.latest("morning", until=edition(9).until)
    assert latest is not None
    assert (latest.date, latest.until) == (edition(1).date, edition(1).until)


def test_an_edition_of_the_future_is_not_the_latest(store: Stores):
    """Made by a clock that was ahead, it must not be where the next window begins; at its very end it counts."""
    publish(store, 0)
    publish(store, 300)
    for until, expected in ((edition(1).until, edition(0).date), (edition(300).until, edition(300).date)):
        latest = store.editions.latest("morning", until=until)
        assert latest is not None
        assert latest.date == expected


def test_editions_of_the_future_are_forgotten_unless_they_were_sent(store: Stores):
    """What a clock that was ahead left behind: missed, empty and claimed dates; what an empty one used is new again."""
    publish(store, 5)
    for day in (0, 1, 2):
        store.editions.set_state("morning", edition(day).date, EditionState.MISSED)
    store.editions.claim(edition(3))
    store.editions.claim(edition(4))
    store.editions.set_state("evening", edition(2).date, EditionState.MISSED)

    assert store.editions.forget_unsent("morning", after=edition(1).date) == (
        edition(2).date,
        edition(3).date,
        edition(4).date,
    )
    assert store.editions.dates("morning") == {edition(0).date, edition(1).date, edition(5).date}
    assert store.editions.dates("evening") == {edition(2).date}
    assert store.editions.forget_unsent("morning", after=edition(1).date) == ()


def test_missed_and_empty_need_no_claim(store: Stores):
    """Their window is empty then: it never moves the beginning of the next one."""
    store.editions.set_state("morning", TODAY, EditionState.MISSED)
    midnight = datetime(2026, 5, 27, tzinfo=UTC)
    expected = Edition(digest="morning", date=TODAY, since=midnight, until=midnight, state=EditionState.MISSED)
    assert store.editions.get("morning", TODAY) == expected


def test_a_missed_edition_can_be_taken_up(store: Stores):
    """Somebody who asks for it by hand gets it, with the window of that moment."""
    store.editions.set_state("morning", TODAY, EditionState.MISSED)

    assert store.editions.claim(edition()) == edition()
    assert store.editions.get("morning", TODAY) == edition()


@pytest.mark.parametrize("state", [EditionState.MISSED, EditionState.EMPTY])
def test_an_edition_that_went_out_is_never_called_missed(store: Stores, state: EditionState):
    """A process that woke up late cannot take back what another has published."""
    publish(store, 0, content="told")
    store.editions.set_state("morning", TODAY, state)
    store.editions.set_state("morning", TODAY, EditionState.DONE)
    store.editions.set_state("morning", TODAY, state)
    found = store.editions.get("morning", TODAY)
    assert found is not None
    assert (found.state, found.content) == (EditionState.DONE, "told")


def test_dates_that_are_settled_are_begun_no_more(store: Stores):
    """Everything but a claim settles a date: a claimed edition is still to be made."""
    publish(store, 0)
    publish(store, 1)
    store.editions.set_state("morning", edition(1).date, EditionState.DONE)
    store.editions.set_state("morning", edition(2).date, EditionState.MISSED)
    store.editions.set_state("morning", edition(3).date, EditionState.EMPTY)
    store.editions.claim(edition(4))
    assert store.editions.dates("morning") == {edition(days).date for days in range(4)}
    assert store.editions.dates("evening") == frozenset()


def test_history_is_newest_first(store: Stores):
    """Of one digest, whatever the states, and no longer than asked for."""
    for days in (1, 0, 2):
        store.editions.claim(edition(days))
    store.editions.claim(edition(3, digest="evening"))
    assert [each.date.day for each in store.editions.history("morning")] == [29, 28, 27]
    assert [each.date.day for each in store.editions.history("morning", limit=2)] == [29, 28]


def test_told_is_what_went_out_since_a_date(store: Stores):
    """Oldest first, without the date itself, without what was not published."""
    for days in range(3):
        publish(store, days, content=f"day {days}")
    store.editions.set_state("morning", edition(1).date, EditionState.DONE)
    store.editions.set_state("morning", edition(3).date, EditionState.EMPTY)
    store.editions.claim(edition(4))
    assert store.editions.published("morning", since=TODAY) == (
        (edition(1).date, "day 1"),
        (edition(2).date, "day 2"),
    )


def test_everything_survives_closing_and_opening(place):
    """What was stored is found by the next process."""
    store = place.open()
    publish(store, 0, delivery())
    claimed = store.outbox.claim(delivery(), now=NOON)
    store.close()
    again = place.open()
    assert claimed is not None
    assert again.outbox.open() == (replace(claimed, payload=b""),)
    assert claimed is not None
    assert claimed.state is DeliveryState.SENDING
    again.close()


def test_a_revision_replaces_what_waits_and_keeps_what_was_sent(store: Stores):
    """The content and the new deliveries are there at once; an older one that was not tried is cancelled, for those recipients alone."""
    claimed = publish(store, 0, delivery("#sent"), delivery("#waits"), delivery("#other"), content="old")
    sent = store.outbox.claim(store.outbox.open()[0], now=NOON)
    store.outbox.record_outcome(sent, DeliveryState.SENT, remote_id="1")
    again = [replace(delivery(to), key=f"{to}-again", revision=1) for to in ("#sent", "#waits", "#new")]
    store.editions.revise(claimed, "new", again, revision=1)

    states = {(row.recipient.address, row.revision): str(row.state) for row in store.outbox.all()}
    assert states == {
        ("#sent", 0): "sent",
        ("#waits", 0): "cancelled",
        ("#other", 0): "pending",
        **{(to, 1): "pending" for to in ("#sent", "#waits", "#new")},
    }
    assert store.editions.get("morning", TODAY).content == "new"
    assert store.editions.get("morning", TODAY).state is EditionState.READY
    with pytest.raises(StoreError, match="another process"):  # of two that begin at once, one makes it
        store.editions.revise(claimed, "newer", [replace(delivery("#late"), revision=1)], revision=1)
    assert store.editions.get("morning", TODAY).content == "new"
    with pytest.raises(StoreError):
        store.editions.revise(edition(3), "never made", [], revision=1)


def test_the_items_of_an_edition_are_those_it_used(store: Stores):
    """Late ones are among them; what came in afterwards, or was too old for the first edition, is not."""
    named = {
        "inside": NOON - timedelta(hours=2),
        "later": NOON + timedelta(hours=2),
        "old": NOON - 3 * DAY,
    }
    items = [item(name, id=name, published=moment, feed="wire") for name, moment in named.items()]
    store.items.save(FeedState(name="wire"), items[:2], now=NOON)
    claimed = store.editions.claim(edition())
    store.items.save(FeedState(name="wire"), items[2:], now=NOON + timedelta(minutes=1))
    store.editions.publish(claimed, "{}", [delivery()], used=["inside"])
    assert [one.id for one in store.items.used(claimed)] == ["inside"]
    assert store.items.used(edition(1)) == ()


def test_what_came_in_after_a_first_edition_is_found_by_when_it_came(store: Stores):
    """Else a million older items are looked through whenever a digest begins."""
    asked: list[str] = []
    event.listen(store.database._writer, "before_cursor_execute", lambda *said: asked.append(said[2]))
    publish(store)
    if store.database.sqlite:
        (statement,) = [one for one in asked if "items.first_seen >" in one]
        names = dict.fromkeys(re.findall(r":(\w+)", statement), "2026")
        with store.database.reading() as connection:
            assert "ix_items_first_seen" in str(
                connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", names).all()
            )


def test_a_date_may_have_several_editions(store: Stores):
    """Each by its name, in the order of time, the plain date first; its items and deliveries are its own."""
    names = [TODAY, EditionDate.of(TODAY, time(7, 30)), EditionDate.of(TODAY, time(18)), TODAY + DAY]
    bridge = item()
    store.items.save(FeedState(name="gazette"), [bridge], now=NOON)
    for name in reversed(names):
        claimed = store.editions.claim(replace(edition(), date=name))
        one = replace(delivery(), edition=name, key=str(name))
        store.editions.publish(claimed, str(name), [one], used=[bridge.id] if name == names[2] else ())
    assert [one.date for one in store.editions.of_day("morning", names[2])] == names[:3]
    assert store.editions.dates("morning") == set(names)
    assert [name for name, _ in store.editions.published("morning", since=names[0])] == names[1:]
    assert [one.edition for one in store.outbox.open()] == names
    assert [one.edition for one in store.outbox.open(day=names[1])] == [names[1]]
    assert store.editions.get("morning", names[1]).content == "2026-05-27T0730"  # type: ignore[union-attr]
    store.editions.set_state("morning", EditionDate.of(TODAY, time(22)), EditionState.EMPTY)
    assert store.editions.forget_unsent("morning", after=names[1]) == (EditionDate.of(TODAY, time(22)),)


def test_the_last_plans_of_a_digest_are_remembered(store: Stores):
    """Oldest first; one that begins earlier takes the place of what was to come, and very old ones go."""
    assert store.editions.plans("morning") == ()
    for days in range(6):
        store.editions.set_plan("morning", f"plan {days}", since=NOON + days * DAY)
    store.editions.set_plan("evening", "another", since=NOON)
    assert [plan for _, plan in store.editions.plans("morning")] == ["plan 2", "plan 3", "plan 4", "plan 5"]
    store.editions.set_plan("morning", "new", since=NOON + 4 * DAY)
    assert store.editions.plans("morning")[-1] == (NOON + 4 * DAY, "new")
    assert [plan for _, plan in store.editions.plans("morning")] == ["plan 2", "plan 3", "new"]
