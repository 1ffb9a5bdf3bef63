"""A story with two sides: the claim first, then who denies it, though both say it in the same words."""

import pytest
from builders import item, story

from digestbot.summarise import summarise
from digestbot.summarise.denials import is_an_answer, is_denied, opens_with_denial

CLAIM = {
    "en": "The navy of Norland said on Monday that it sank six Sudland boats in the Mallow strait after they fired at a tanker.",
    "zh": "北國海軍司令表示，海軍周一在馬洛海峽擊沉6艘企圖攔截油輪的南國快艇。",
}
DENIAL = {
    "en": "Sudland denied that any of its boats were sunk by the navy of Norland in the Mallow strait on Monday.",
    "zh": "南國通訊社引述軍方高層，否認北國海軍在馬洛海峽擊沉多艘南國快艇的說法。",
}
DETAIL = {
    "en": "Helicopters of the navy of Norland fired at the six boats for an hour near the Mallow strait.",
    "zh": "北國海軍直升機在馬洛海峽向6艘南國快艇開火約一小時，油輪無人受傷。",
}
CLAIMED = {
    "en": "Norland navy says it sank six Sudland boats in Mallow strait",
    "zh": "北國海軍稱在馬洛海峽擊沉6艘南國快艇",
}
DENIED = {"en": "Sudland denies boats were sunk in Mallow strait", "zh": "南國否認快艇遭北國海軍擊沉"}


def told(language: str, headline: str, *, others: str) -> list[str]:
    reports = (
        item(headline, text=CLAIM[language], source="Post", hours=1),
        item(others, text=DENIAL[language], source="Ledger", hours=2),
        item(CLAIMED[language], text=DETAIL[language], source="Radio", hours=2),
    )
    return [sentence.text for sentence in summarise(story(*reports), words=60).sentences]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_denial_of_a_headline_is_quoted_behind_the_claim(language: str) -> None:
    """Else readers learn from the headline alone that somebody denies it."""
    headline = f"{CLAIMED[language]}{', Sudland denies it' if language == 'en' else ' 南國否認'}"
    quoted = told(language, headline, others=DENIED[language])
    assert CLAIM[language] in quoted
    assert quoted[-1] == DENIAL[language]


def test_without_a_denial_in_titles_the_same_words_are_said_once() -> None:
    """That somebody denies something at the end of a report makes no story of two sides."""
    quoted = told("zh", CLAIMED["zh"], others=CLAIMED["zh"])
    assert (CLAIM["zh"] in quoted) + (DENIAL["zh"] in quoted) <= 1


@pytest.mark.parametrize(
    ("sentence", "answers"),
    [
        ("Sudland denied that its boats were sunk.", True),
        ("Die Reederei bestreitet, dass das Schiff leck war.", True),
        ("北國海軍否認有軍艦被擊中。", True),
        ("The port said six boats were sunk in the strait on Monday, but Sudland denied it.", False),
        ("南國通訊社稱兩枚導彈周一擊中一艘軍艦，北國海軍其後否認。", False),
        ("南國稱軍艦遭擊中，但北國海軍否認有軍艦在海峽被導彈擊中，稱其說法毫無根據，並公布影片。", False),
        ("The navy sank six boats.", False),
    ],
)
def test_a_sentence_that_tells_both_sides_answers_nothing(sentence: str, answers: bool) -> None:
    """It holds the claim as well: beside another claim it would say the same again."""
    assert is_an_answer(sentence) is answers


def test_a_story_has_two_sides_by_its_headline_or_by_two_outlets() -> None:
    """One outlet's title may be of something else; and where the headline opens with the denial that comes first."""
    plain, denial = item("Navy sinks boats", source="Post"), item("Sudland denies loss of boats", source="Ledger")
    assert is_denied(story(denial, plain))
    assert not is_denied(story(plain, denial))
    assert is_denied(story(plain, denial, item("Sudland denies all", source="Echo")))
    assert opens_with_denial(denial.title)
    assert not opens_with_denial("Navy says it sank six boats, Sudland denies it")
