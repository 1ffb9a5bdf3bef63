"""Reports of one trading session are one story; another session, another market and one company's news are others."""

import random

import pytest
from builders import item, story

from digestbot.model import Item, Story
from digestbot.stories.trading_sessions import by_session, reported_market, session_of

REPORTS = (
    ("S&P 500 ends at a high as rate worries fade", "us"),
    ("Dow, Nasdaq slide after tariff threat", "us"),
    ("Wall Street closes mixed in thin trade", "us"),
    ("Stock market today: Nasdaq leads, oil slips", "us"),
    ("Update: US Equity Indexes Rise Intraday", "us"),
    ("Why the Dow is falling again", "us"),
    ("European shares edge up before the vote", "europe"),
    ("FTSE 100 slips as miners weigh", "uk"),
    ("Dax schließt kaum verändert", "germany"),
    ("Nikkei tumbles 3% on yen", "japan"),
    ("Sensex, Nifty extend losses", "india"),
    ("恒指收報25898點 跌197點", "hong kong"),
    ("A股三大指數齊挫", "china"),
    ("美股納指先升後回軟", "us"),
    ("Stocks slip as investors eye talks", ""),
    ("Equities rise intraday on weak data", ""),
)
OTHERS = (
    "Palantir shares jump 8% after results",
    "Dow closes plant in Texas",
    "Nasdaq posts record quarterly profit",
    "Strategist sees S&P 500 at 8,000",
    "Shares of Corning rise as the S&P 500 nears a record",
    "How S&P 500 options explain the swings",
    "Stocks making the biggest moves premarket",
    "Chip stocks fall on export rules",
    "Gold rises as the dollar slips",
    "Treasury yields hold steady before payrolls",
    "港股通新例下月生效",
    "恒指公司公布季檢結果",
    "",
)


@pytest.mark.parametrize(("title", "market"), REPORTS)
def test_a_report_of_a_market_as_a_whole_is_known_by_its_title(title: str, market: str) -> None:
    """Each market by its indices, by its country's shares, and by the series that outlets print each day."""
    assert reported_market(title) == market


@pytest.mark.parametrize("title", OTHERS)
def test_news_of_one_company_or_about_an_index_is_no_report_of_a_session(title: str) -> None:
    """A company's shares, results and plants, forecasts for a year, and sectors are events of their own."""
    assert reported_market(title) is None


# Reports by hours before noon UTC on 27 May 2026: noon is before the bell in New York, 20:00 is the close.
CLOSE = ("Wall Street closes higher as oil slips", "S&P 500 hits record on jobs data", "Dow ends up 300 points")
EVE = ("S&P 500 futures inch higher ahead of jobs report", "Stocks rise pre-bell, eyes on payrolls")


def told(*titles: str, hours: float) -> list[Item]:
    return [item(title, source=f"Outlet {at} {title[:5]}", hours=hours - at / 10) for at, title in enumerate(titles)]


def stands_under(one: Story, other: Story) -> bool:
    earlier, newer = session_of(one), session_of(other)
    return earlier is not None and newer is not None and earlier.stands_under(newer)


def titles(stories: tuple[Story, ...]) -> set[frozenset[str]]:
    return {frozenset(each.title for each in one.items) for one in stories}


def test_what_comes_out_before_the_bell_cannot_tell_how_the_session_went() -> None:
    """However it is worded: it stands under a report of the session, as every expectation does."""
    early = story(item("Nasdaq heading lower on chip worries", hours=0))  # 12:00 UTC: New York opens at 13:30
    noon = story(item("Nasdaq falls on chip worries", hours=-4))
    assert stands_under(early, noon)
    assert not stands_under(noon, early)
    assert stands_under(story(item("Dax eröffnet leichter", hours=6)), story(item("Dax schließt fester", hours=-4)))


def test_a_correction_is_no_report_of_the_day() -> None:
    """It corrects what an outlet told of another day or week."""
    assert reported_market("Correction: S&P 500 posts weekly gain") is None
    assert reported_market("CORRECTED-Wall Street ends higher") is None


def test_reports_of_one_session_come_together() -> None:
    """However clustering spread them, in whatever order the stories come."""
    items = told(*CLOSE, hours=-8)
    other = item("Bridge at Halden reopens")
    stories = [story(items[0]), story(items[1], id="b"), story(items[2], id="c"), story(other)]
    random.shuffle(stories)
    assert titles(by_session(stories)) == {frozenset(CLOSE), frozenset({other.title})}


def test_two_sessions_two_markets_and_the_hours_before_the_bell_stay_apart() -> None:
    """Yesterday's close, today's, Tokyo's, and what was expected of today are four stories."""
    yesterday = told(
        "Nasdaq drops as chip makers fall", "US stocks end lower", "Stock market today: Dow sinks", hours=15
    )
    today = told(*CLOSE, hours=-8)
    eve = told(*EVE, hours=1)
    tokyo = told("Nikkei climbs to a high", "Japanese shares rise on weak yen", hours=5)
    mixed = story(*yesterday, *today, *eve, *tokyo)
    assert titles(by_session([mixed])) == {
        frozenset(one.title for one in part) for part in (yesterday, today, eve, tokyo)
    }


def test_what_only_reports_held_together_stands_alone() -> None:
    """An analyst's forecast and a company's day share an index's name and nothing else."""
    rest = [item("Strategist sees S&P 500 at 8,000"), item("A huge week for Corning as the S&P 500 nears a record")]
    parts = by_session([story(*told(*CLOSE, hours=-8), *rest)])
    assert titles(parts) == {frozenset(CLOSE), *(frozenset({one.title}) for one in rest)}


def test_a_story_that_holds_more_else_keeps_the_rest_together() -> None:
    """The jobs report stays one story when a report of the market leaves it."""
    jobs = [item(f"Payrolls fall by 23,000 in July, {name} says", source=name) for name in ("Post", "Wire", "Ledger")]
    close = told(*CLOSE, hours=-8)
    parts = by_session([story(*jobs, close[0]), story(*close[1:], id="close")])
    assert titles(parts) == {frozenset(one.title for one in jobs), frozenset(CLOSE)}


def test_a_single_report_stays_where_it_is() -> None:
    """With nothing to join, a story is left as it was, its id and its lead too."""
    one = story(item("Payrolls fall"), told(*CLOSE, hours=-8)[0])
    assert by_session([one]) == (one,)


def test_no_item_is_lost_or_doubled() -> None:
    """The stories are a partition of the same items."""
    items = [*told(*CLOSE, hours=-8), *told(*EVE, hours=1), item("Bridge reopens"), item("Ferry strike ends")]
    stories = [story(*items[:3], items[5]), story(*items[3:5], items[6], id="b")]
    found = sorted(each.id for one in by_session(stories) for each in one.items)
    assert found == sorted(each.id for each in items)


def test_an_undated_report_belongs_to_no_session() -> None:
    """Nothing says whether it is of today."""
    undated = [item(title, source=title, published=None, first_seen=None) for title in CLOSE]
    stories = tuple(story(one, id=one.id) for one in undated)
    assert by_session(stories) == stories


def test_a_market_has_one_place_under_its_last_session() -> None:
    """Earlier sessions and what was expected stand under how the last one went; other markets do not."""
    eve, close = story(*told(*EVE, hours=1)), story(*told(*CLOSE, hours=-8), id="close")
    yesterday = story(*told(*CLOSE, hours=15), id="yesterday")
    assert stands_under(eve, close)
    assert stands_under(eve, yesterday)
    assert stands_under(yesterday, close)
    assert not any(stands_under(one, eve) for one in (close, yesterday))
    assert not stands_under(close, yesterday)
    assert not stands_under(eve, story(item("Bridge reopens")))
    assert not stands_under(story(*told("Nikkei climbs", "Japanese shares rise", hours=15)), close)
