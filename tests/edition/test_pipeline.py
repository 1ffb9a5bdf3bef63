"""The pipeline's own decisions: windows, topics of stories, what is frozen and what is resumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON, SPEC, item

from digestbot.channels.file.channel import File
from digestbot.collect import FetchOptions, PollResult
from digestbot.edition import counted_days
from digestbot.edition.collecting import collect_between, collect_for
from digestbot.edition.context import EditionContext
from digestbot.edition.delivering import deliver_pending
from digestbot.edition.message import message_of
from digestbot.edition.pipeline import prepare, run
from digestbot.edition.selection import Limits
from digestbot.errors import OutcomeUnknown, Stopped
from digestbot.model import Delivery, Edition, EditionState, Feed, FeedState, Item, Story, Summary
from digestbot.operations.logs import LoggedProgress
from digestbot.render import Templates
from digestbot.store import open_store
from digestbot.summarise import summarise
from digestbot.topics import ReaderFilter, parse_dated


@pytest.fixture
def context(tmp_path: Path) -> EditionContext:
    """A desk on a real store whose only feed is a file that says nothing; tests put the items in themselves."""
    feed = tmp_path / "empty.xml"
    feed.write_text('<rss version="2.0"><channel><title>Empty</title></channel></rss>')
    store = open_store(tmp_path / "data")
    return EditionContext(
        store=store,
        feeds=(Feed(name="empty", url=str(feed)),),
        fetch=FetchOptions(),
        summarise=summarise,
        templates=Templates(),
        progress=LoggedProgress(),
        clock=lambda: NOON,
        channels={"file": File(base=tmp_path)},
        sleep=lambda _seconds: None,
    )


def put(context: EditionContext, *items: Item, now: datetime = NOON) -> None:
    """Store items as their feeds would."""
    for one in items:
        context.store.items.save(FeedState(name=one.feed), [one], now=now)


def test_what_was_collected_before_goes_out_though_every_feed_fails_now(context: EditionContext, tmp_path: Path):
    """Only an edition without any item waits for a feed that can be read."""
    blind = replace(context, feeds=(Feed(name="lost", url=str(tmp_path / "lost.xml")),))
    assert run(SPEC, blind, at=NOON).no_feed_readable

    put(context, item("Gold climbs", feed="lost"))
    outcome = run(SPEC, blind, at=NOON)

    assert not outcome.no_feed_readable
    assert outcome.edition.state is EditionState.DONE
    assert outcome.digest is not None
    assert [entry.title for entry in outcome.digest.entries] == ["Gold climbs"]
    assert [failure.source for failure in outcome.digest.failures] == ["lost"]


def test_a_claimed_edition_keeps_its_early_items_when_it_is_retried_hours_later(context: EditionContext):
    """Its window is that of the claim, for its oldest item, too: the retry's own would begin later."""
    put(context, item("Gold climbs", feed="a", hours=22))
    first = prepare(SPEC, context, at=NOON)  # claims the edition, and is cut off here

    again = prepare(SPEC, context, at=NOON + timedelta(hours=3))

    assert again.edition == first.edition
    assert again.used == first.used != ()


def test_the_count_of_stories_leaves_muted_ones_out(context: EditionContext):
    """The head says how many stories the digest chose from; the reader's mutes are none of them."""
    put(context, item("Gold climbs", feed="a"), item("Rain delays the regatta", feed="b"))
    muted = replace(SPEC, reader_filter=ReaderFilter(mutes=parse_dated("mute", "regatta")))

    counts = prepare(muted, context, at=NOON).digest.counts

    assert (counts.items, counts.stories) == (2, 1)


def test_a_story_goes_to_the_topic_it_fits_best(context: EditionContext):
    """A story that matches two topics stands under the one its title names."""
    put(context, item("Chip maker opens a wafer plant", text="Gold wires are used.", feed="a"))
    made = prepare(SPEC, context, at=NOON)

    assert [(section.topic, len(section.entries)) for section in made.digest.sections] == [("Chips", 1)]
    assert "matches chip*, wafer*" in map(str, made.digest.entries[0].why)


def test_what_matches_no_topic_stands_under_also(context: EditionContext):
    """A story outside every topic is named in one line, or not at all where ALSO is 0."""
    put(context, item("Rain delays the regatta", feed="a"))

    assert [entry.title for entry in prepare(SPEC, context, at=NOON).digest.also] == ["Rain delays the regatta"]

    quiet = replace(SPEC, limits=Limits(headlines=0))
    made = prepare(quiet, context, at=NOON, preview=True)
    assert made.digest.also == ()
    assert made.digest.omitted == 1


def test_one_article_in_two_feeds_counts_once(context: EditionContext):
    """Two feeds of an outlet that carry one address give one item, in its longest form."""
    short = item("Gold climbs", text="Short.", feed="a", id="1", url="https://x.example/gold")
    long = replace(short, id="2", feed="b", text="Gold climbed by 2% on Tuesday.", keys=("guid:2",))
    put(context, short, long)

    (entry,) = prepare(SPEC, context, at=NOON).digest.entries

    assert [one.id for one in entry.story.items] == ["2"]


def test_what_is_too_old_after_an_outage_is_counted(context: EditionContext):
    """Five days later nothing older than MAX_AGE is told, the head says how much that is, and a retry says the same."""
    put(context, item("Gold climbs", feed="a", hours=5 * 24 + 1))
    assert run(SPEC, context, at=NOON - timedelta(days=5)).digest is not None
    late = [
        item(f"Chip plant {n} opens", feed=f"f{n}", hours=hours, id=f"n{n}") for n, hours in enumerate((100, 80, 60, 2))
    ]
    put(context, *late)

    made = prepare(SPEC, context, at=NOON)
    again = prepare(SPEC, context, at=NOON + timedelta(hours=2))

    assert {one.id for entry in made.digest.entries for one in entry.story.items} == {"n2", "n3"}
    assert "Older than 3 days: 2 items are left out." in made.digest.notices
    assert (again.edition, again.used, again.digest.notices) == (made.edition, made.used, made.digest.notices)


REPORTS = (
    "The bridge of Odde fell into the fjord on Monday night. Nobody was hurt, the county said.",
    "A night bus had crossed the bridge of Odde minutes before it fell into the fjord, its driver said.",
    "Divers search the fjord under the fallen bridge of Odde; the county closes two more bridges.",
    "Engineers had warned of rust on the bridge of Odde, letters show. It fell into the fjord on Monday.",
)


@pytest.mark.parametrize(("outlets", "days"), [(4, [1]), (3, [2])])
def test_what_stood_in_one_line_becomes_a_story_when_more_outlets_tell_it(
    context: EditionContext, outlets: int, days: list[int]
):
    """Two outlets more than before: it is told as a new story. With one more it is an update of what readers know."""
    reports = [
        item(f"Bridge of Odde falls: {text[:20]}", text=text, source=f"Outlet {n}", feed=f"f{n}", id=f"b{n}", hours=h)
        for n, (text, h) in enumerate(zip(REPORTS, (30, 30, 3, 3), strict=True))
    ]
    put(context, *reports[:2])
    lines = replace(SPEC, limits=Limits(stories=0))
    assert run(lines, context, at=NOON - timedelta(days=1)).digest is not None
    put(context, *reports[2:outlets])

    made = prepare(SPEC, context, at=NOON).digest

    assert [entry.day for entry in (*made.entries, *made.headlines)] == days


def test_an_update_names_what_it_goes_on_with(context: EditionContext):
    """The editions before it that told the story, and its id in each; so a reader can follow it back."""
    reports = [
        item(f"Bridge of Odde falls: {text[:20]}", text=text, source=f"Outlet {n}", feed=f"f{n}", id=f"b{n}", hours=h)
        for n, (text, h) in enumerate(zip(REPORTS, (30, 30, 3, 3), strict=True))
    ]
    put(context, *reports[:2])
    first = run(SPEC, context, at=NOON - timedelta(days=1)).digest
    put(context, reports[2])
    made = run(SPEC, context, at=NOON).digest
    assert first is not None
    assert made is not None
    [before], [after] = (*first.entries, *first.headlines), (*made.entries, *made.headlines)
    assert (before.earlier, after.day) == ((), 2)
    assert after.earlier == ((first.edition, before.story.id),)
    kept = context.store.archive.story(SPEC.name, made.edition, after.story.id)
    assert kept is not None
    told = context.store.archive.course(SPEC.name, kept.course)
    assert [one.edition for one in told] == [first.edition, made.edition]


def test_what_is_sent_names_the_page_of_its_edition(context: EditionContext):
    """By its digest's own name: a test, which has another, has no page."""
    where = replace(context, page_of=lambda name, day: f"https://digest.example/{name}/{day.isoformat()}")
    put(context, item("Gold climbs", feed="a"))
    made = prepare(SPEC, where, at=NOON).digest
    assert "https://digest.example/morning/2026-05-27" in message_of(SPEC, where, made).text
    assert "https://digest.example/a-test/" in message_of(SPEC, where, replace(made, name="a-test")).text


def test_a_long_window_is_told(context: EditionContext):
    """After an outage the head says how many days the edition covers."""
    put(context, item("Gold climbs", feed="a", hours=70), now=NOON - timedelta(days=4))
    editions = context.store.editions
    editions.set_state("morning", date(2026, 5, 23), EditionState.EMPTY)
    editions.claim(
        Edition(
            digest="morning", date=date(2026, 5, 24), since=NOON - timedelta(days=4), until=NOON - timedelta(days=3)
        )
    )
    editions.set_state("morning", date(2026, 5, 24), EditionState.EMPTY)

    assert prepare(SPEC, context, at=NOON).digest.notices == ("This edition covers 3 days.",)


def test_a_frozen_edition_is_delivered_as_it_was_made(context: EditionContext, tmp_path: Path):
    """A run that died after freezing is finished from the ledger: changed items and templates change nothing."""
    put(context, item("Gold climbs", feed="a"))

    def frozen() -> bool:
        edition = context.store.editions.get("morning", NOON.date())
        return edition is not None and edition.state is EditionState.READY

    stopped = replace(context, stop=frozen)
    assert run(SPEC, stopped, at=NOON).edition.state is EditionState.READY
    put(context, replace(item("Gold climbs", feed="a"), title="Gold falls"), item("Chips fall", feed="b"))

    outcome = run(SPEC, context, at=NOON)

    assert outcome.repeated
    assert outcome.edition.state is EditionState.DONE
    text = (tmp_path / "out" / "morning" / "2026-05-27" / "digest.txt").read_text()
    assert "Gold climbs" in text
    assert "Chips fall" not in text


def test_finishing_twice_sends_nothing_twice(context: EditionContext):
    """Once everything is in a final state there is nothing left to do."""
    put(context, item("Gold climbs", feed="a"))
    run(SPEC, context, at=NOON)

    assert deliver_pending(SPEC, context).settled == ()


@pytest.mark.parametrize("asked", range(1, 5))
def test_a_signal_ends_a_run_between_two_steps(context: EditionContext, asked: int):
    """Before its deliveries are recorded nothing is sent, and the next run makes the same edition with the same items."""
    put(context, item("Gold climbs", feed="a"))
    answers = iter([False] * (asked - 1))
    with pytest.raises(Stopped):
        run(SPEC, replace(context, stop=lambda: next(answers, True)), at=NOON)

    assert context.store.outbox.all() == ()
    outcome = run(SPEC, context, at=NOON + timedelta(hours=1))
    assert outcome.edition.state is EditionState.DONE
    assert outcome.digest is not None
    assert outcome.digest.counts.items == 1


def test_an_empty_edition_uses_its_window_up(context: EditionContext):
    """A quiet day is recorded, sends nothing, and the next window begins where it ended."""
    outcome = run(SPEC, context, at=NOON)

    assert outcome.edition.state is EditionState.EMPTY
    assert context.store.outbox.all() == ()
    latest = context.store.editions.latest("morning", until=NOON)
    assert latest is not None
    assert latest.until == NOON


def test_a_summariser_sees_the_words_of_the_recipe(context: EditionContext):
    """The budget of the configuration reaches the summariser, once for every story with room."""
    asked: list[int] = []

    def counting(story: Story, *, words: int) -> Summary:
        asked.append(words)
        return Summary()

    put(context, item("Gold climbs", feed="a"), item("Rain delays the regatta", feed="b"))
    prepare(replace(SPEC, words=33), replace(context, summarise=counting), at=NOON)

    assert asked == [33]


def test_tickers_and_their_moves_stand_beside_the_story(context: EditionContext):
    """What the text states of a listed company is a fact of the entry, exact, with its sentence."""
    text = "Chip stocks rose on Friday. Hua Hong Semiconductor (HK:1347) surged over 5% by noon."
    put(context, item("Chip stocks rise", text=text, feed="a"))

    (fact,) = prepare(SPEC, context, at=NOON).digest.entries[0].facts

    assert str(fact) == "HK:1347 over +5%"
    assert fact.sentence == "Hua Hong Semiconductor (HK:1347) surged over 5% by noon."


class Interrupted(File):
    """A folder that cannot be asked what it holds, and whose process is interrupted as it sends."""

    interrupts = True

    def send(self, delivery: Delivery, *, parent: str) -> str:
        if self.interrupts:
            raise KeyboardInterrupt
        return super().send(delivery, parent=parent)

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        raise OutcomeUnknown("cannot be asked")

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        return True


@pytest.mark.parametrize(("within", "state"), [(timedelta(hours=24), "sent"), (timedelta(hours=20), "unknown")])
def test_what_was_interrupted_is_sent_on_the_next_day(
    context: EditionContext, tmp_path: Path, within: timedelta, state: str
):
    """Within its deadline, before the next edition is made, which takes until after it; later it says why it is not."""
    folder = Interrupted(base=tmp_path)
    spec = replace(SPEC, deliver_within=within)
    put(context, item("Gold climbs", feed="a"))
    with pytest.raises(KeyboardInterrupt):
        run(spec, replace(context, channels={"file": folder}), at=NOON)
    folder.interrupts = False
    tomorrow, before = NOON.date() + timedelta(days=1), NOON + timedelta(hours=23, minutes=59)

    def clock() -> datetime:
        return before if context.store.editions.get(spec.name, tomorrow) is None else NOON + timedelta(days=1)

    late = replace(context, channels={"file": folder}, clock=clock)

    outcome = run(spec, late, at=before, day=tomorrow)

    [row] = context.store.outbox.all(day=NOON.date())
    assert str(row.state) == state
    assert outcome.report is not None
    assert row.key in {settled.key for settled in outcome.report.settled}
    assert state == "sent" or row.error == "the last attempt was interrupted; its deadline has passed; cannot be asked"


def counted(context: EditionContext) -> list[date]:
    return sorted(context.store.counts.stored(first=date(2026, 1, 1), last=NOON.date()))


def test_a_run_counts_what_its_edition_looks_back_on(context: EditionContext, monkeypatch: pytest.MonkeyPatch):
    """After it has asked the feeds; not where others have asked and counted, and never to look at it only."""
    monkeypatch.setattr(counted_days, "FEWEST", 1)
    put(context, *(item(f"Gold of day {back}", hours=24 * back) for back in range(1, 5)))
    prepare(SPEC, context, at=NOON, preview=True)
    assert counted(context) == []
    prepare(SPEC, context, at=NOON, collected=PollResult(feeds=1))
    assert counted(context) == []
    prepare(SPEC, context, at=NOON)
    assert counted(context) == [NOON.date() - timedelta(days=back) for back in (4, 3, 2)]


def test_between_editions_days_are_counted_once_they_are_over(context: EditionContext, monkeypatch: pytest.MonkeyPatch):
    """By one process at a time and seldom; at once again where more is left; not where no feed was asked."""
    monkeypatch.setattr(counted_days, "FEWEST", 1)
    monkeypatch.setattr(counted_days, "MOST_AT_ONCE", 2)
    put(context, *(item(f"Gold of day {back}", hours=24 * back) for back in range(1, 4)))
    found = []
    for hour, feeds in enumerate((context.feeds, (), context.feeds, context.feeds)):
        collect_between(replace(context, clock=lambda hour=hour: NOON + timedelta(hours=hour)), feeds=feeds)
        found.append(len(counted(context)))
    assert found == [2, 2, 3, 3]
    context.store.counts.prune(before=NOON.date())
    collect_for(context, at=NOON + timedelta(hours=9), feeds=context.feeds)
    assert counted(context) == []
