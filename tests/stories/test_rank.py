"""Ranking: a sum of named parts, each with a reason."""

from datetime import timedelta

import pytest
from builders import NOON, item, story

from digestbot.model import Kind, Score, Source
from digestbot.stories import rank, score, sources

SINCE = NOON - timedelta(days=1)


def marks(*items: object, outlets: tuple[Source, ...] = (), **settings: object) -> Score:
    made = story(*items)  # type: ignore[arg-type]
    return score(made, now=NOON, since=SINCE, sources=outlets or sources(made), **settings)  # type: ignore[arg-type]


def part(name: str, score: Score) -> float:
    return sum(part.value for part in score.parts if part.name == name)


def test_independent_outlets_count_for_more_than_copies() -> None:
    """Seven outlets of which two report themselves rank below five that do, and the reason says so."""
    many = tuple(Source(name=f"{at}", independent=at < 2) for at in range(7))
    few = tuple(Source(name=f"{at}") for at in range(5))
    assert part("coverage", marks(outlets=many)) < part("coverage", marks(outlets=few))
    assert "7 outlets, 2 in their own words" in [str(each.reason) for each in marks(outlets=many).parts]


def test_an_opinion_on_it_is_no_further_report() -> None:
    """Five views of one report weigh as five copies of it do: less than two reports, and no burst of an event."""
    report = item("Crane falls into the harbour", source="Gazette")
    views = [item(f"Opinion: cranes of the {at}. kind", source=f"Outlet {at}") for at in range(5)]
    alone, reported = marks(report, *views), marks(report, item("Crane falls", source="Ledger"), *views)
    copies = (Source(name="Gazette"), *(Source(name=f"{at}", independent=False) for at in range(5)))
    assert part("coverage", alone) == part("coverage", marks(outlets=copies))
    assert part("coverage", alone) < part("coverage", reported)
    assert part("burst", alone) == 0
    assert part("burst", marks(*views)) > 0, "where nobody reports, views are all there is"


def test_a_view_of_today_makes_no_old_event_recent() -> None:
    """The event is as old as its newest report."""
    old = item("Crane falls into the harbour", hours=23)
    assert part("recency", marks(old, item("Opinion: too many cranes", hours=1))) == part("recency", marks(old))


def test_the_newest_item_makes_a_story_recent() -> None:
    """Recency falls from the edition's moment to the beginning of its window."""
    assert part("recency", marks(item(hours=1))) > part("recency", marks(item(hours=20))) > 0
    assert part("recency", marks(item(hours=30))) == 0
    assert part("recency", marks(item(published=None, first_seen=None))) == 0


def test_reports_in_quick_succession_are_a_burst() -> None:
    """Four reports within half a day say that something is happening; four over two days do not."""
    quick = [item(f"Report {at}", source=f"Outlet {at}", hours=3 + at * 2) for at in range(4)]
    slow = [item(f"Report {at}", source=f"Outlet {at}", hours=3 + at * 12.1) for at in range(4)]
    assert "4 reports in 12 hours" in [str(each.reason) for each in marks(*quick).parts]
    assert part("burst", marks(*slow)) == 0


def test_one_outlet_makes_no_burst_of_its_own() -> None:
    """It may print every turn of an event: three of its reports count."""
    many = [item(f"Report {at}", hours=3 + at / 3) for at in range(9)]
    assert part("burst", marks(*many)) == part("burst", marks(*many[:3]))


def test_a_report_exactly_half_a_day_later_belongs_to_the_burst() -> None:
    """Reports on the hour are the usual case: the span includes both its ends, and not a second more."""
    on_the_hour = [item(f"Report {at}", hours=at) for at in (13, 7, 1)]
    later = [*on_the_hour[:2], item("Report late", hours=1 - 1 / 3600)]
    assert part("burst", marks(*on_the_hour)) > 0
    assert part("burst", marks(*later)) == 0


def test_the_best_source_of_a_story_decides_its_weight() -> None:
    """A trusted outlet lifts a story, whoever else reports it; a story goes last only if every source has weight 0."""
    both = (item(source="Ledger"), item(source="Gossip"))
    assert part("source", marks(*both, source_weights={"Ledger": 2, "Gossip": 0.5})) == 1
    assert part("source", marks(*both, source_weights={"Ledger": 1, "Gossip": 0})) == 0


def test_topic_and_source_weights_are_the_readers_own() -> None:
    """What a reader weighs more ranks higher, and the score says so; weight 1 adds nothing."""
    assert part("topic", marks(fit=0.5, topic_weight=2)) == 2 * part("topic", marks(fit=0.5))
    assert part("source", marks(source_weights={"Gazette": 1.0})) == 0
    assert "from Gazette, which you weigh 2" in [
        str(each.reason) for each in marks(source_weights={"Gazette": 2}).parts
    ]
    assert part("source", marks(source_weights={"Gazette": 0.5})) < 0
    assert part("source", marks(source_weights={"Gazette": 0})) < -5


def test_an_outlet_that_seldom_reports_is_lifted() -> None:
    """A blog with a post a month is not drowned by a feed with a hundred a day."""
    rare, noisy = marks(feed_rates={"gazette": 0.03}), marks(feed_rates={"gazette": 100})
    assert part("rare", rare) > 10 * part("rare", noisy) > 0
    assert "Gazette seldom reports" in [str(each.reason) for each in rare.parts]


def test_the_total_is_the_sum_of_the_parts() -> None:
    """Nothing is added in secret."""
    score = marks(fit=1, source_weights={"Gazette": 3}, feed_rates={"gazette": 1})
    assert score.total == sum(each.value for each in score.parts)
    assert {each.name for each in score.parts} == {"recency", "topic", "source", "rare"}


def test_stories_are_ranked_best_first_and_equal_ones_keep_their_order() -> None:
    """The public call: stories in, the same stories with score and outlets out, highest total first."""
    old, covered, twin = (
        story(item("Old", hours=23)),
        story(item("Covered", hours=2), item("Covered", hours=2, source="Ledger")),
        story(item("Old too", hours=23)),
    )
    ranked = rank([old, covered, twin], now=NOON)
    assert [each.story for each in ranked] == [covered, old, twin]
    assert [source.name for source in ranked[0].sources] == ["Gazette", "Ledger"]
    assert ranked[0].score == marks(*covered.items)


def test_fits_weights_and_the_window_decide_a_ranking() -> None:
    """What the caller says of topics and outlets counts; without a window, items of the last 24 hours are recent."""
    one, other = story(item("One")), story(item("Other", source="Ledger"))
    assert rank([one, other], now=NOON, fits={other.id: 0.5})[0].story == other
    assert rank([one, other], now=NOON, source_weights={"Gazette": 0})[0].story == other
    assert rank([one, other], now=NOON, feed_rates={"ledger": 0.1})[0].story == other
    (ranked,) = rank([story(item(hours=30))], now=NOON)
    assert part("recency", ranked.score) == 0
    (ranked,) = rank([story(item(hours=30))], now=NOON, since=NOON - timedelta(days=2))
    assert part("recency", ranked.score) > 0
    assert rank([], now=NOON) == ()


def test_a_moment_without_a_zone_is_an_error() -> None:
    """Nobody knows what a naive time means, so it is refused rather than guessed."""
    with pytest.raises(TypeError):
        rank([story()], now=NOON.replace(tzinfo=None))


def test_what_is_no_news_counts_less() -> None:
    """The loss is a part of the score, by kind: a live page loses least, what is sold most; news loses nothing."""
    assert part("kind", marks()) == 0
    losses = {kind: part("kind", marks(kind=kind)) for kind in Kind}
    assert all(loss < 0 for kind, loss in losses.items() if kind is not Kind.NEWS)
    assert losses[Kind.LIVE] > losses[Kind.OPINION] > losses[Kind.GUIDE] > losses[Kind.DEAL]


def test_a_guide_ranks_below_news_that_is_otherwise_its_like() -> None:
    """`rank` finds the kind itself."""
    guide, news = story(item("How to tie a rope ladder")), story(item("Rope ladder found at harbour"))
    assert [one.story for one in rank([guide, news], now=NOON)] == [news, guide]
