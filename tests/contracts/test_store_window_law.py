"""The law of windows: which edition an item belongs to, whatever the order of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from builders import item
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from digestbot.model import Edition, EditionState, FeedState, Item
from digestbot.store import Stores
from digestbot.store.schema import metadata

START = datetime(2026, 5, 1, tzinfo=UTC)
SHIFT = timedelta(hours=8)  # the unit of time here: coarse, so that moments often coincide
WINDOW = 3 * SHIFT
MAX_AGE = 9 * SHIFT
FEED = FeedState(name="gazette")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item that a feed begins to carry in a shift counted from the start."""

    first_seen: int
    published: int | None

    @property
    def effective_time(self) -> int:
        return self.first_seen if self.published is None else self.published


@dataclass(frozen=True, slots=True, order=True)
class Cutoff:
    """An edition: the shift of its cutoff, and what became of it."""

    at: int
    state: EditionState  # claimed: the process died before it published

    @property
    def read(self) -> int:
        """When its feeds have been read: always a little after its cutoff."""
        return self.at + 1


arrivals = st.lists(
    st.builds(Arrival, first_seen=st.integers(0, 12), published=st.none() | st.integers(-6, 12)),
    min_size=3,
    max_size=30,
)
outcomes = st.sampled_from([EditionState.READY, EditionState.READY, EditionState.EMPTY, EditionState.CLAIMED])
cutoffs = st.lists(
    st.builds(Cutoff, at=st.integers(0, 12), state=outcomes),
    min_size=2,
    max_size=4,
    unique_by=lambda cutoff: cutoff.at // 3,  # one edition a day
).map(sorted)


def belongs(arrival: Arrival, editions: list[Cutoff]) -> Cutoff | None:
    """The law: the first edition that was made, had it at hand, and whose cutoff is not before it."""
    made = [edition for edition in editions if edition.state is not EditionState.CLAIMED]
    for edition in made:
        if arrival.first_seen <= edition.read and arrival.effective_time <= edition.at:
            reach = WINDOW if edition is made[0] else max(MAX_AGE, _gap(made, edition) * SHIFT)
            return edition if (edition.at - arrival.effective_time) * SHIFT < reach else None
    return None


def _gap(made: list[Cutoff], edition: Cutoff) -> int:
    return next(later.at - earlier.at for earlier, later in pairwise(made) if later is edition)


def _time(shift: int | None) -> datetime | None:
    return None if shift is None else START + shift * SHIFT


def make(store: Stores, cutoff: Cutoff) -> tuple[Item, ...]:
    """An edition as the pipeline makes it: the window runs from the last one, the first looks back one window."""
    until = START + cutoff.at * SHIFT
    latest = store.editions.latest("morning", until=until)
    since = latest.until if latest else until - WINDOW
    oldest = min(until - MAX_AGE, since)
    edition = store.editions.claim(Edition(digest="morning", date=until.date(), since=since, until=until))
    found = store.items.window("morning", since=since, until=until, oldest=oldest, late=latest is not None)
    used = [each.id for each in found]
    if cutoff.state is EditionState.READY:
        store.editions.publish(edition, "{}", [], used=used)
    elif cutoff.state is EditionState.EMPTY:
        store.editions.set_state("morning", edition.date, EditionState.EMPTY, used=used)
    return found if cutoff.state is not EditionState.CLAIMED else ()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@example(
    # Read just after the first cutoff, but too old for the first window: not late for the second.
    arrivals=[Arrival(first_seen=4, published=-1)],
    cutoffs=[Cutoff(at=3, state=EditionState.READY), Cutoff(at=6, state=EditionState.READY)],
)
@given(arrivals=arrivals, cutoffs=cutoffs)
def test_every_item_is_in_the_one_edition_it_belongs_to(store: Stores, arrivals: list[Arrival], cutoffs: list[Cutoff]):
    """No item is in two editions of a digest, none that is young enough is lost, none comes too early or too old."""
    with store.database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    told: dict[str, Cutoff] = {}
    for shift in range(14):
        fresh = [
            item(str(number), id=str(number), keys=(str(number),), published=_time(arrival.published))
            for number, arrival in enumerate(arrivals)
            if arrival.first_seen == shift
        ]
        store.items.save(FEED, fresh, now=START + shift * SHIFT)
        for cutoff in (cutoff for cutoff in cutoffs if cutoff.read == shift):
            for found in make(store, cutoff):
                assert found.id not in told
                told[found.id] = cutoff
    expected = {str(number): belongs(arrival, cutoffs) for number, arrival in enumerate(arrivals)}
    assert told == {name: edition for name, edition in expected.items() if edition is not None}
