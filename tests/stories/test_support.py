"""What two items have in common beside names and templates."""

import pytest
from builders import item

from digestbot.stories import CorpusStatistics
from digestbot.stories.support import Support

TEXT = "Cranes stood still this morning while forty ships waited at anchor and drivers queued for miles."


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (
            item("Port stands still", text=TEXT),
            item("PORT STANDS STILL", text="Nobody loads bananas.", source="B"),
            True,
        ),
        (item("A", url="https://a.example/1"), item("B", url="https://a.example/1", source="B"), True),
        (item("Quay closed", text=TEXT), item("Harbour shut", text=TEXT, source="B"), True),
        (item("A", url=""), item("B", url="", source="B"), False),
        (item("Port stands still", text=TEXT), item("Town buys trams", text="Nobody loads bananas."), False),
    ],
    ids=["title", "address", "text", "no address", "nothing"],
)
def test_items_with_one_title_address_or_text_are_one_article(one: object, other: object, is_same: bool) -> None:
    """Each of the three is enough; that both have no address says nothing."""
    support = Support([one, other], CorpusStatistics()).between([0], [1])  # type: ignore[list-item]
    assert (support.item() == 1.0) is is_same
