"""Ranking: a sum of named parts, each with a reason."""

from datetime import timedelta

from builders import NOON, item, story

from digestbot.model import Score, Source
from digestbot.stories import score, sources

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


def test_the_newest_item_makes_a_story_recent() -> None:
    """Recency falls from the edition's moment to the beginning of its window."""
    assert part("recency", marks(item(hours=1))) > part("recency", marks(item(hours=20))) > 0
    assert part("recency", marks(item(hours=30))) == 0
    assert part("recency", marks(item(published=None, first_seen=None))) == 0


def test_reports_in_quick_succession_are_a_burst() -> None:
    """Four reports within two hours say that something is happening; four over a day do not."""
    quick = [item(f"Report {at}", hours=3 + at / 3) for at in range(4)]
    slow = [item(f"Report {at}", hours=3 + at * 5) for at in range(4)]
    assert "4 reports in 2 hours" in [str(each.reason) for each in marks(*quick).parts]
    assert part("burst", marks(*slow)) == 0


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
