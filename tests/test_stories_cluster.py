"""Clustering: a partition, whatever the order; reports of one event together."""

from builders import item

from digestbot.stories import cluster

STRIKE = item("Dock workers strike at Rotterdam port halts container ships", source="Ledger")
STRIKE_TOO = item("Rotterdam container port stands still as dock workers strike", source="Courier")
OTHER = item("Cheese museum opens in Alkmaar", source="Courier")


def test_two_reports_of_one_event_are_one_story() -> None:
    """What two outlets tell in other words is one story, the rest stays apart."""
    stories = cluster([STRIKE, OTHER, STRIKE_TOO])
    assert sorted(len(story.items) for story in stories) == [1, 2]


def test_the_order_of_items_does_not_matter() -> None:
    """The same items give the same stories."""
    assert cluster([STRIKE, OTHER, STRIKE_TOO]) == cluster([OTHER, STRIKE_TOO, STRIKE])


def test_nothing_gives_nothing() -> None:
    """A day without items has no stories, and an item without words is a story of its own."""
    assert cluster([]) == ()
    assert len(cluster([item("..."), item("!!!")])) == 2
