"""Words: folding, splitting, stems."""

from digestbot.words import content_words, fold, split_words


def test_accents_and_case_are_folded() -> None:
    """A name is one word however it is written."""
    assert fold("Beyoncé") == fold("BEYONCE") == "beyonce"


def test_scripts_without_spaces_give_pairs() -> None:
    """Chinese is compared by overlapping pairs of characters, other scripts by words."""
    assert split_words("华虹半导体 up 7.5%") == ["华虹", "虹半", "半导", "导体", "up", "7.5"]


def test_content_words_are_stemmed_in_their_language() -> None:
    """Endings and stop words do not keep two reports apart."""
    assert content_words("The banks were merging") == content_words("Bank merges")
    assert content_words("Die Banken", "de") == content_words("Bank", "de")
