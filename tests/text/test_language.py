"""The language of a text is guessed by its script, its small words and its letters, and never rashly."""

import pytest

from digestbot.text.language import guess_language, other_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Hafenstreik in Rotterdam: Beschäftigte fordern höhere Löhne"),
        ("de", "Größte Brücke Thüringens gesperrt"),
        ("es", "Mañana habrá huelga: los niños, sin autobús de España a Portugal"),
        ("fr", "L'été a été très chaud, dit le météorologue"),
        ("pl", "Sąd w Łodzi skazał byłego ministra na dwa lata więzienia"),
        ("cs", "Vláda zvýší daně příští měsíc, říká ministr"),
        ("sv", "Två män på Åland åtalas för stöld"),
        ("en", "Müller scores twice as Bayern beat Köln"),
        ("en", "Café in São Paulo wins the barista prize"),
        ("en", "Goldman sees oil at $70"),
        ("ru", "Суд приговорил бывшего министра к двум годам"),
        ("zh", "鹿特丹港工人罢工"),
        ("ja", "ロッテルダム港でスト"),
    ],
)
def test_a_headline_of_an_undeclared_language(language: str, text: str):
    """One name with a foreign letter makes no headline foreign."""
    assert guess_language(text) == language


def test_a_declared_language_is_believed_unless_the_text_clearly_differs():
    """A German feed with an English headline in it, and one with a headline that tells nothing."""
    assert guess_language("Goldman sees oil at $70", declared="de") == "de"
    assert guess_language("The minister said that there would be no strike", declared="de") == "en"


@pytest.mark.parametrize(
    ("text", "own", "other"),
    [
        ("Die Brücke ist seit Montag für den Verkehr gesperrt", "en", "de"),
        ("Captain’s log", "zh-Hant", "en"),
        ("天文台料今晚發出八號信號", "en", "zh"),
        ("天文台料今晚發出八號信號", "zh-Hant", ""),
        ("東京都知事選", "ja", ""),
        ("iPhone 18 發布", "zh-Hant", ""),
        ("ロッテルダム港でスト", "en", "ja"),
        ("Brug in Elmstad gesloten", "nl", ""),
        ("Kelmouth Bridge", "de", ""),
        ("18:30", "ja", ""),
    ],
)
def test_what_is_clearly_in_another_language(text: str, own: str, other: str):
    """For a screen reader and the fonts of a browser: said where it is sure, and of nothing that may be in the digest's own."""
    assert other_language(text, own) == other
