"""Matching with earlier editions: reported once, left out while nothing is new, back as an update with only the news."""

from dataclasses import replace
from datetime import date

import pytest
from builders import item, story

from digestbot.stories import PastStory, StoryStatus, cluster, match_history, new_sentences

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 25), date(2026, 5, 26), date(2026, 5, 27)
STRIKE = item(
    "Dock workers strike at Rotterdam port",
    text="Dock workers at Rotterdam walked out over pay, halting container ships at the port.",
    source="Ledger",
)
AGAIN = item(
    "Rotterdam port: dock workers strike over pay",
    text="Dock workers at Rotterdam port walked out over pay, halting container ships.",
    source="Courier",
)
DEAL = item(
    "Rotterdam dock workers end strike after employers offer 6 per cent",
    text="The union accepted a raise of 6 per cent and cranes restart tonight. Dock workers had walked out over pay.",
    source="Gazette",
)
OTHER = item(
    "Cheese museum opens in Alkmaar", text="A museum about cheese opened its doors in Alkmaar.", source="Courier"
)
REPORTED = PastStory(
    id="strike",
    edition=MONDAY,
    title=STRIKE.title,
    items=((STRIKE.id, STRIKE.title),),
    sentences=("Dock workers at Rotterdam walked out over pay, halting container ships at the port.",),
)


def test_a_story_that_was_never_reported_is_new() -> None:
    """Without a telling, or with one of something else, everything is news."""
    for past in ((), (REPORTED,)):
        (followed,) = match_history([story(OTHER)], past, today=TUESDAY)
        assert (followed.status, followed.day, followed.news) == (StoryStatus.NEW, 1, (OTHER,))


def test_a_second_outlet_that_says_the_same_brings_nothing_new() -> None:
    """Tuesday: the same in other words is not shown again."""
    (followed,) = match_history([story(AGAIN)], [REPORTED], today=TUESDAY)
    assert (followed.status, followed.news) == (StoryStatus.ALREADY_REPORTED, ())
    assert followed.past == (REPORTED,)


def test_news_brings_the_story_back_with_its_day() -> None:
    """Wednesday: a deal makes it "Update, day 3", and only the item with the news counts as new."""
    (followed,) = match_history([story(AGAIN, DEAL)], [REPORTED], today=WEDNESDAY)
    assert (followed.status, followed.day, followed.news) == (StoryStatus.UPDATE, 3, (DEAL,))


def test_the_day_counts_from_the_first_telling() -> None:
    """An update that was reported itself knows which day it was."""
    update = replace(REPORTED, edition=TUESDAY, day=2)
    (followed,) = match_history([story(DEAL)], [update], today=WEDNESDAY)
    assert followed.day == 3


def test_only_sentences_that_say_something_new_are_kept() -> None:
    """What was reported is left out, also when two outlets report the news in the same words."""
    sentences = (
        "Dock workers had walked out over pay at Rotterdam port.",
        "The union accepted a raise of 6 per cent and cranes restart tonight.",
        "The union accepted a raise of 6 per cent.",
    )
    assert new_sentences(sentences, REPORTED.sentences) == sentences[1:2]


REPEATED_BACKGROUND = [
    (
        "Cyclist hurt on Mill Road",
        "A cyclist was badly hurt by a white van on Mill Road on Wednesday, police said.",
        "Cyclist hurt on Mill Road dies in hospital",
        "The cyclist who was hit by a white van on Mill Road on Wednesday has died in hospital, police said.",
    ),
    (
        "Brücke in Elmstadt nach Rissen im Pfeiler gesperrt",
        "Die Brücke in Elmstadt ist gesperrt, nachdem Ingenieure am Montag Risse im Pfeiler gefunden hatten, wie die Stadt mitteilte.",
        "Brücke in Elmstadt bleibt bis Ostern gesperrt",
        "Die Brücke in Elmstadt, in deren Pfeiler Ingenieure Risse gefunden hatten, bleibt bis Ostern gesperrt, wie die Stadt am Montag mitteilte.",
    ),
    (
        "男子登山被困雪地",
        "一名男子登山期間被困雪地,警方接報後派出直升機到場搜救。",
        "登山被困男子送院後證實死亡",
        "早前登山期間被困雪地的一名男子,警方派出直升機搜救,送院後證實死亡。",
    ),
]


@pytest.mark.parametrize(("title", "text", "next_title", "next_text"), REPEATED_BACKGROUND, ids=("en", "de", "zh"))
def test_news_told_with_its_background_is_news(title: str, text: str, next_title: str, next_text: str) -> None:
    """What a headline and its first sentence both say and no edition did is an update, however much they repeat; and is quoted."""
    past = replace(REPORTED, title=title, items=(("1", title),), sentences=(text,), texts=(text,))
    (followed,) = match_history([story(item(next_title, text=next_text, id="2"))], [past], today=TUESDAY)
    assert followed.status is StoryStatus.UPDATE
    assert not new_sentences([next_text], [title, text])
    assert new_sentences([next_text], [title, text], headlines=[next_title]) == (next_text,)


def test_one_new_word_without_spaces_is_no_update() -> None:
    """A word of two characters brings three new pairs: "tomorrow" that became "today" is not news."""
    title, text = "林大同出任新站站長 明日上任", "林大同出任新站站長,明日上任,任期三年。"
    past = replace(REPORTED, title=title, items=(("1", title),), sentences=(text,), texts=(text,))
    today = item("新站站長林大同今日上任", text="新站站長林大同今日上任,任期三年。", id="2")
    assert match_history([story(today)], [past], today=TUESDAY)[0].status is StoryStatus.ALREADY_REPORTED


def test_a_new_figure_is_news() -> None:
    """Numbers weigh double: a toll that rises is what an update is for."""
    past = ["Floods in Valencia killed 12 people."]
    assert new_sentences(["Floods in Valencia killed 95 people, rescue crews say."], past)
    assert not new_sentences(["Floods killed 12 people in Valencia."], past)


def test_an_item_that_was_shown_is_no_news() -> None:
    """The story is known by its items even if its title has changed altogether."""
    renamed = replace(STRIKE, title="Harbour at a standstill", text="")
    (followed,) = match_history([story(renamed)], [REPORTED], today=TUESDAY)
    assert followed.status is StoryStatus.ALREADY_REPORTED


def test_what_was_reported_long_ago_or_today_does_not_count() -> None:
    """After two weeks a story starts anew; the edition that is being made again is not its own past."""
    for edition in (date(2026, 5, 1), WEDNESDAY):
        (followed,) = match_history([story(STRIKE)], [replace(REPORTED, edition=edition)], today=WEDNESDAY)
        assert followed.status is StoryStatus.NEW


def test_three_days() -> None:
    """Told on Monday, silent on Tuesday, back on Wednesday as day 3 beside a story that is new."""
    (monday,) = cluster([STRIKE])
    assert match_history([monday], [], today=MONDAY)[0].status is StoryStatus.NEW
    past = [replace(REPORTED, id=monday.id)]
    (tuesday,) = cluster([AGAIN])
    assert match_history([tuesday], past, today=TUESDAY)[0].status is StoryStatus.ALREADY_REPORTED
    wednesday = match_history(cluster([DEAL, OTHER]), past, today=WEDNESDAY)
    assert sorted((each.status, each.day) for each in wednesday) == [(StoryStatus.NEW, 1), (StoryStatus.UPDATE, 3)]


NEXT_EVENTS = {
    "en": (
        ("Veltrona wins airport contract", "Veltrona will build baggage belts for the airport of Ghent."),
        ("Veltrona chief steps down", "Her doctor advised the head of Veltrona to rest after an operation."),
    ),
    "de": (
        ("Veltrona gewinnt Auftrag am Flughafen", "Veltrona baut Gepäckbänder für den Flughafen Gent."),
        ("Veltrona-Chefin tritt zurück", "Ein Arzt riet der Chefin von Veltrona nach einer Operation zur Ruhe."),
    ),
    "zh": (
        ("維特隆奪機場合約", "維特隆將為根特機場建造行李輸送帶。"),
        ("維特隆總裁辭職", "醫生勸維特隆總裁手術後休養。"),
    ),
}


@pytest.mark.parametrize("language", sorted(NEXT_EVENTS))
def test_the_next_event_of_the_same_people_is_new(language: str) -> None:
    """One company in the news on two days for two reasons is two stories, not day 2 of the first."""
    (title, text), (next_title, next_text) = NEXT_EVENTS[language]
    past = PastStory(id="contract", edition=MONDAY, title=title, items=(("1", title),), sentences=(text,))
    (followed,) = match_history([story(item(next_title, text=next_text, id="2"))], [past], today=TUESDAY)
    assert (followed.status, followed.day) == (StoryStatus.NEW, 1)


OPINION = item(
    "Opinion: What the Rotterdam dock workers strike over pay tells us", text=DEAL.text, source="Courier", id="view"
)


def test_an_opinion_is_no_update_and_no_repeat() -> None:
    """It is like the strike, but adds no news to it: a story of its own, until it was shown itself."""
    (followed,) = match_history([story(OPINION)], [REPORTED], today=TUESDAY)
    assert (followed.status, followed.day, followed.past) == (StoryStatus.NEW, 1, ())
    shown = replace(REPORTED, id="x", items=((OPINION.id, OPINION.title),))
    (again,) = match_history([story(OPINION)], [shown], today=TUESDAY)
    assert again.status is StoryStatus.ALREADY_REPORTED


def test_an_opinion_beside_old_news_makes_no_update_of_it() -> None:
    """Only a report that says something new does."""
    (followed,) = match_history([story(STRIKE, OPINION)], [REPORTED], today=TUESDAY)
    assert followed.status is StoryStatus.ALREADY_REPORTED
    (update,) = match_history([story(STRIKE, OPINION, DEAL)], [REPORTED], today=TUESDAY)
    assert update.news == (DEAL,)


@pytest.mark.parametrize(
    ("title", "text", "goes_on"),
    [
        ("Vesk fund of Ada Brandt buys $21 million of Selby shares", "Ada Brandt's Vesk fund bought shares of Selby.", False),
        ("Vesk fund of Ada Brandt buys more Norland shares", "Ada Brandt's Vesk fund bought shares of Norland again.", True),
        ("Vesk fund of Ada Brandt raises stake to $40 million", "After $17m on Monday Ada Brandt's Vesk fund bought shares.", True),
    ],
)  # fmt: skip
def test_the_next_purchase_of_a_buyer_is_new(title: str, text: str, goes_on: bool) -> None:
    """Where both headlines tell a sum that the other side does not know; a sum that grew is told with the one before."""
    past = PastStory(
        id="bought",
        edition=MONDAY,
        title="Vesk fund of Ada Brandt buys $17 million of Norland shares",
        sentences=("Ada Brandt's Vesk fund bought shares of Norland.",),
    )
    (followed,) = match_history([story(item(title, text=text))], [past], today=TUESDAY)
    assert bool(followed.past) is goes_on
