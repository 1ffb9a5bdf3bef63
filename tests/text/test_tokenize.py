"""Words: folding, splitting, stems, stop words, languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.text.language import guess_language, stem_words, stemmer_for, stop_words_for
from digestbot.text.tokenize import fold, split_words


def test_accents_and_case_are_folded() -> None:
    """A name is one word however it is written."""
    assert fold("Beyoncé") == fold("BEYONCE") == "beyonce"


def test_scripts_without_spaces_give_pairs() -> None:
    """Chinese is compared by overlapping pairs of characters, other scripts by words."""
    assert split_words("华虹半导体 up 7.5%") == ["华虹", "虹半", "半导", "导体", "up", "7.5"]


@given(st.text(alphabet="ab1zZ9 '.&-_,\n\x00\x1c\x7fs/", max_size=12))
def test_plain_text_has_the_words_that_it_has_beside_another_script(text: str) -> None:
    """Text in ASCII alone is split on a shorter way, which finds the same words."""
    assert split_words(text) == split_words(f"{text} 半")[:-1]


@given(st.lists(st.text(alphabet="aeinstrgü", min_size=1, max_size=9)), st.sampled_from(["en", "de", "zh"]))
def test_many_words_have_the_stems_that_each_has_alone(words: list[str], language: str) -> None:
    """Stems of a whole day are made at once."""
    assert stem_words(words, language) == [stemmer_for(language)(word) for word in words]


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
