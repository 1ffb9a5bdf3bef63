"""Kinds: what an item is to its readers, by one table of signs, and what follows from it."""

import pytest
from builders import item, story
from hypothesis import given
from hypothesis import strategies as st

from digestbot.model import Item, Kind
from digestbot.stories.kind_rule import Rule
from digestbot.stories.kind_table import RULES
from digestbot.stories.kinds import LEFT_OUT, TOLD, explain_kind, kind_of, led_by_news, story_kind

PLAIN = {"url": "https://tide.example/2026/05/27/a", "text": "", "categories": ()}


def carrying(rule: Rule, value: str) -> Item:
    """A plain item with a value in the field that a rule looks at."""
    if rule.field == "title":
        return item(value, **PLAIN)
    fields = {
        "address": {"url": value},
        "path": {"url": value},
        "text": {"text": value},
        "category": {"categories": (value,)},
    }[rule.field]
    return item("Crane falls into the harbour", **(PLAIN | fields))  # type: ignore[arg-type]


EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]
COUNTER_EXAMPLES = [(rule, example) for rule in RULES for example in rule.not_in]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_each_row_finds_its_examples(rule: Rule, example: str) -> None:
    """An example of a row has the row's kind, and `explain` names the row or another of that kind."""
    found = explain_kind(carrying(rule, example))
    assert found.kind is rule.kind
    assert found.rule


@pytest.mark.parametrize(("rule", "example"), COUNTER_EXAMPLES, ids=[example for _, example in COUNTER_EXAMPLES])
def test_what_only_looks_like_a_kind_is_news(rule: Rule, example: str) -> None:
    """Precision comes first: no news is lost to a word that it shares with a kind."""
    assert kind_of(carrying(rule, example)) is Kind.NEWS


def test_every_row_has_a_reason_and_an_example() -> None:
    """A rule that nobody can check is none."""
    assert [rule for rule in RULES if not rule.reason or not rule.examples] == []
    assert {rule.kind for rule in RULES} | {Kind.NEWS, Kind.PAGE} == set(Kind)


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("About", "https://pier.example/about/"),
        ("Privacy Policy", "https://pier.example/p/1"),
        ("Impressum", "https://pier.example/impressum.html"),
        ("Who we are", "https://pier.example/about-us"),
        ("关于我们", "https://pier.example/x"),
        ("Datenschutzerklärung", ""),
    ],
)
def test_a_static_page_is_one_only_without_a_date(title: str, url: str) -> None:
    """A page that every site has, and no date that could be true; a dated post of that name is what it says."""
    assert kind_of(item(title, url=url, published=None)) is Kind.PAGE
    assert kind_of(item(title, url=url)) is Kind.NEWS
    assert kind_of(item("About 40 hurt as crane falls", url="https://pier.example/a", published=None)) is Kind.NEWS


@pytest.mark.parametrize(
    "title",
    [
        "Live Nation sues ticket reseller",
        "Review board clears drug",
        "Deal to buy Quay Lines reached",
        "Opinion polls give mayor a lead",
        "Watch maker cuts 400 jobs",
        "Podcast firm files for bankruptcy",
        "Video of crane fall goes to court",
        "Best Buy shares fall after profit warning",
        "Guide Dogs charity loses funding",
        "Sponsors leave the regatta",
        "Coupon bond yields rise",
        "Editorial staff strike at port paper",
        "Analysis group Tide sold to Quay",
        "The Morning Star closes after 90 years",
        "Liverpool port workers walk out",
        "Prime minister deals with storm",
        "Kommentatoren warnen vor Sturm",
        "Testflug der neuen Fähre gelungen",
        "直播平台被罰款五百萬",
        "評論員協會反對新例",
        "兩車相撞司機手臂骨折",
        "当局推广新能源船舶",
        "中國擴大免稅優惠範圍",
    ],
)
def test_headlines_of_news_stay_news(title: str) -> None:
    """Names, takeovers, verbs and longer words that begin like a label."""
    assert kind_of(item(title, **PLAIN)) is Kind.NEWS


NEWS = item("Crane falls into the harbour", text="Two were hurt.", id="news")
BARE = item("Crane falls at port", id="bare", text="")
VIEW = item("Opinion: Cranes are too tall", id="view", hours=9)
CLIP = item("Watch: Crane falls into the harbour", id="clip", hours=8)
VIEW_2 = item("Opinion | Cranes must go", id="view2")


def test_a_story_is_news_where_any_item_is_news() -> None:
    """Else what most of its items are."""
    assert story_kind(story(VIEW, VIEW_2, NEWS)) is Kind.NEWS
    assert story_kind(story(CLIP, VIEW, VIEW_2)) is Kind.OPINION
    assert story_kind(story(CLIP, VIEW)) is Kind.VIDEO


def test_figures_of_every_day_are_no_news_for_one_plain_headline() -> None:
    """Outlets print the forecast under titles of their own: most of them decide."""
    forecast = [item(f"Weather forecast: {sky}", source=sky) for sky in ("sun", "clouds")]
    assert story_kind(story(*forecast, item("Cooler than at the weekend"))) is Kind.MARKET_DATA
    assert story_kind(story(forecast[0], item("Storm floods Mallow"), item("Two hurt in storm"))) is Kind.NEWS


def test_nothing_but_news_leads_a_story_that_has_news() -> None:
    """A report with a text before a bare headline; the others keep their order, and the story its id."""
    mixed = story(VIEW, BARE, CLIP, NEWS)
    led = led_by_news(mixed)
    assert [one.id for one in led.items] == ["news", "view", "bare", "clip"]
    assert led.id == mixed.id
    assert led_by_news(story(VIEW, BARE)).lead is BARE
    assert led_by_news(story(VIEW, CLIP)).lead is VIEW
    assert led_by_news(led) is led


def test_what_is_sold_and_what_never_changes_is_left_out_by_default() -> None:
    """Everything else is told."""
    assert {Kind.DEAL, Kind.SPONSORED, Kind.PAGE} == LEFT_OUT
    assert set(Kind) == TOLD | LEFT_OUT


@given(
    title=st.text(max_size=200),
    text=st.text(max_size=300),
    url=st.sampled_from(["", "https://tide.example/a/b", "x:y", "/deals/"]),
)
def test_any_item_has_one_kind_and_a_rule_unless_it_is_news(title: str, text: str, url: str) -> None:
    """Whatever the feed says, nothing fails, and a kind other than news has its reason."""
    found = explain_kind(item(title, text=text, url=url))
    assert (found.kind is Kind.NEWS) == (not found.rule)
