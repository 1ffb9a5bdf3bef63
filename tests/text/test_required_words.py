"""What every match of a pattern must hold: never more than is true, and mostly enough to spare a search."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.text.required_words import Candidates, lowered, required_pieces


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        (r"\b(?:coupons?|promo)\scodes?\b", {"code"}),
        (r"^\W*(?:live|watch\slive)\b", {"live", "watch"}),
        (r"crane|newsletters|letter", {"crane", "letter"}),
        (r"(?:crane\s)?storm", {"storm"}),
        (r"(?:storm){1,3}", {"storm"}),
        (r"(?!crane)storm(?=\sover)", {"storm"}),
        (r"[減减]", {"減", "减"}),
        (r"storm|\d+", set()),
        (r"storm|(?:crane)*", set()),
        (r"[^s]torm?", {"tor"}),
        (r"[a-z]+", set()),
        ("", set()),
    ],
)
def test_it_is_what_no_match_is_without(pattern: str, pieces: set[str]) -> None:
    """Of each way to match one piece; nothing where one way needs none."""
    assert required_pieces(re.compile(pattern, re.IGNORECASE)) == pieces


PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\W*(?:review|hands[-\s]on|kritik)(?::|\s-)|\bim\s(?:test|praxistest)\b|開箱|开箱",
        r"\b(?:save|get)\b [^.]{0,9}? (?:[$€£]\s?\d|\d+\s?(?:%|percent)) off\b",
        r"(?-i:Analysis)-[A-Z]|storms?|(?P<a>kin)(?P=a)",
        r"(?>sky|ink)s++|İs",
    )
]


@given(st.sampled_from(PATTERNS).flatmap(lambda pattern: st.tuples(st.just(pattern), st.from_regex(pattern))))
def test_every_match_has_one_of_the_pieces(found: tuple[re.Pattern[str], str]) -> None:
    """No match is lost to the guard, whatever its letters and their case."""
    pattern, text = found
    if pattern.search(text):
        assert any(piece in lowered(text) for piece in required_pieces(pattern))


@pytest.mark.parametrize("text", ["STORM", "ſtorm", "ßtorm", "KİNKıN", "kinkin"])
def test_letters_that_a_pattern_takes_for_others_count_as_those(text: str) -> None:
    """A pattern that ignores case finds an s in ſ and an i in ı, and so does the guard."""
    pattern = re.compile("storm|kinkin", re.IGNORECASE)
    assert any(piece in lowered(text) for piece in required_pieces(pattern)) or not pattern.search(text)
    assert bool(pattern.search(text)) == (text != "ßtorm")


@given(st.text(alphabet="storm crane價SİıſK開箱-:", max_size=40))
def test_a_candidate_is_every_pattern_that_the_text_matches(text: str) -> None:
    """What is left out need not be searched for: it is not there. Long texts and short ones are asked in two ways."""
    patterns = [re.compile(p, re.IGNORECASE) for p in ("storm|價", "crane", "s?t", "開箱", r"\d", "k", "ranes?|tor")]
    for asked in (text, text * 9):
        matching = {number for number, pattern in enumerate(patterns) if pattern.search(asked)}
        assert matching <= set(Candidates(patterns).numbers(asked))


def test_a_text_without_the_words_of_a_pattern_needs_no_search() -> None:
    """The point of it: nearly every headline is without the words of nearly every row of a table."""
    patterns = [re.compile(p, re.IGNORECASE) for p in (r"\bstorms?\b", "cranes? fall", r"[\w ]+")]
    assert Candidates(patterns).numbers("Storms over the harbour") == [0, 2]
    assert Candidates(patterns).numbers("A ship") == [2]
