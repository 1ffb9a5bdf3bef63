"""Stories of one event that name different sides of it are brought together by the figures that they share."""

import pytest
from builders import item, story

from digestbot.edition.shared_figures import rejoined
from digestbot.model import Item
from digestbot.stories import CorpusStatistics

FALL = (
    (
        "冠岩大廈維修升降機 男工被鐵板擊中身亡",
        "一名26歲維修工人在柏丘道38號冠岩大廈升降機槽工作時，被鐵板擊中頭部，當場死亡。",
    ),
    (
        "鐵板飛墮升降機槽 維修工人頭部重創不治",
        "柏丘道38號冠岩大廈維修升降機，26歲工人在升降機槽內被鐵板擊中頭部，送院後不治。",
    ),
    (
        "冠岩大廈升降機槽墮下鐵板 工人當場死亡",
        "冠岩大廈升降機槽有鐵板墮下，擊中26歲維修工人，勞工處正調查柏丘道38號的工程。",
    ),
)
FAMILY = (
    ("準新郎遇難 未婚妻認屍痛哭", "在柏丘道38號冠岩大廈升降機槽被鐵板擊中死亡的26歲維修工人，家人今早到殮房認屍，未婚妻痛哭。"),
    ("未婚妻殮房痛哭 準新郎原定年底擺酒", "26歲維修工人在冠岩大廈升降機槽被鐵板擊中身亡，未婚妻今早到殮房認屍。柏丘道38號工程已停。"),
    ("慈母未婚妻認屍痛哭 家屬促交代準新郎死因", "維修工人年僅26歲，在柏丘道38號升降機槽被鐵板擊中頭部死亡，慈母與未婚妻到殮房認屍痛哭。"),
)  # fmt: skip


def told(reports: tuple[tuple[str, str], ...], *, without: str = "") -> tuple[Item, ...]:
    return tuple(
        item(title, text=text.replace(without, "") if without else text, hours=9 - at, source=f"Outlet {title[:2]}", id=title)
        for at, (title, text) in enumerate(reports)
    )  # fmt: skip


@pytest.mark.parametrize(("without", "found"), [("", [6]), ("38號", [3, 3])])
def test_two_figures_in_common_make_one_story(without: str, found: list[int]) -> None:
    """The man of 26 at number 38 is the same man; a man of 26 may be another."""
    stories = [story(*told(FALL)), story(*told(FAMILY, without=without))]
    assert [len(each.items) for each in rejoined(stories, background=CorpusStatistics())] == found


def test_figures_alone_make_no_story() -> None:
    """Two events with the same two figures and no words in common stay two."""
    vote = tuple((f"Council of Norland votes {at}", "A 26-strong council met at 38 Harbour Road.") for at in "abc")
    fire = tuple((f"Warehouse burns down near Selby {at}", "The 26-strong crew left 38 Harbour Road.") for at in "abc")
    stories = [story(*told(vote)), story(*told(fire))]
    assert [len(each.items) for each in rejoined(stories, background=CorpusStatistics())] == [3, 3]


def test_figures_that_many_stories_give_tell_no_event() -> None:
    """As an index has a number in its name: the same two that join two stories join none of ten."""
    plain = [("維修工程", "26歲工人在柏丘道38號。"), ("維修工程完成", "柏丘道38號有26歲工人。")]
    others = [story(*told(tuple((f"{title}{at}", text) for title, text in plain))) for at in range(7)]
    joined = rejoined([story(*told(FALL)), story(*told(FAMILY)), *others], background=CorpusStatistics())
    assert [len(each.items) for each in joined[:2]] == [3, 3]
    assert len(rejoined([story(*told(FALL)), story(*told(FAMILY))], background=CorpusStatistics())) == 1


def test_lengths_of_time_and_money_are_no_figures() -> None:
    """Days and amounts stand in every second report: they tell no event from another."""
    stories = [story(*told(tuple((title, text.replace("26歲", "26天").replace("38號", "38元") ) for title, text in part)))
               for part in (FALL, FAMILY)]  # fmt: skip
    assert len(rejoined(stories, background=CorpusStatistics())) == 2
