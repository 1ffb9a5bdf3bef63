"""Words: folding, splitting, stems, stop words, languages."""

import pytest

from digestbot.text.language import guess_language, stemmer_for, stop_words_for
from digestbot.text.tokenize import fold, split_words


def test_accents_and_case_are_folded() -> None:
    """A name is one word however it is written."""
    assert fold("Beyoncé") == fold("BEYONCE") == "beyonce"


def test_scripts_without_spaces_give_pairs() -> None:
    """Chinese is compared by overlapping pairs of characters, other scripts by words."""
    assert split_words("华虹半导体 up 7.5%") == ["华虹", "虹半", "半导", "导体", "up", "7.5"]


def test_stems_follow_the_language() -> None:
    """Endings do not keep two reports apart; a language without a stemmer keeps its words."""
    assert stemmer_for("en")("merging") == stemmer_for("en")("merges")
    assert stemmer_for("de")("banken") == stemmer_for("de")("bank")
    assert stemmer_for("ja")("合併") == "合併"


def test_stop_words_are_folded_like_the_words_they_are_compared_with() -> None:
    """French `été` is a stop word of folded text too; a language without a list has none."""
    assert fold("été") in stop_words_for("fr")
    assert stop_words_for("xx") == frozenset()


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Der Hafen ist nach dem Sturm wieder offen", "", "de"),
        ("Le port est de nouveau ouvert après la tempête", "en", "fr"),
        ("The harbour is open again after the storm", "de", "en"),
        ("Nvidia GTC 2026", "de", "de"),
        ("Nvidia GTC 2026", "", "en"),
        ("华虹半导体第一季度收入增长", "", "zh"),
        ("半導体工場 新設", "ja", "ja"),
        ("新しい半導体工場が熊本に完成", "", "ja"),
        ("Порт снова открыт после шторма", "", "ru"),
        ("De haven is weer open", "nl", "nl"),
        ("Rotterdam", "pt-BR", "pt"),
    ],
)
def test_a_language_is_what_the_text_plainly_says_else_what_its_feed_declares(
    text: str, declared: str, language: str
) -> None:
    """Feeds often declare the language of their software; short headlines often tell nothing."""
    assert guess_language(text, declared=declared) == language
