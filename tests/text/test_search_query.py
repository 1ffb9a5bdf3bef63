"""What a reader may type to search, and what it means: pure."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.text.search_query import SearchQuery, Term, parse_query
from digestbot.text.search_words import bordered, key_word, phrase_words, search_words
from digestbot.text.tokenize import UNSPACED


def terms(*words: str) -> tuple[Term, ...]:
    """Terms of these words, each split at spaces."""
    return tuple(Term(words=tuple(word.split())) for word in words)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("chip Exports", SearchQuery(wanted=terms("chip", "exports"))),
        ('"chip exports" -rumour', SearchQuery(wanted=terms("chip exports"), unwanted=terms("rumour"))),
        ('-"chip exports', SearchQuery(unwanted=terms("chip exports"))),
        ("“chip exports” «a b»", SearchQuery(wanted=terms("chip exports", "a b"))),
        ("semi*", SearchQuery(wanted=(Term(words=("semi",), begins=True),))),
        ("芯 芯片", SearchQuery(wanted=(Term(words=("芯",), begins=True), Term(words=("芯片",))))),
        ("AT&T chip chip", SearchQuery(wanted=terms("at t", "chip"))),
        ("from:2026", SearchQuery(since=date(2026, 1, 1))),
        ("From:2026-02 TO:2026-02", SearchQuery(since=date(2026, 2, 1), until=date(2026, 2, 28))),
        ("from:2026/5/7 to:2026.05.08", SearchQuery(since=date(2026, 5, 7), until=date(2026, 5, 8))),
        ("to：2026-05-27", SearchQuery(until=date(2026, 5, 27))),
        ("from:2026-02-30 to:soon", SearchQuery(unread=("from:2026-02-30", "to:soon"))),
        ('topic:"AI & chips" -topic:markets', SearchQuery(topics=("t_ai_chips",), without=("t_markets",))),
        ('outlet:"The Gazette" outlet:wire', SearchQuery(outlets=("o_the_gazette", "o_wire"))),
        ("well-known http://a.example/b?c=d", SearchQuery(wanted=terms("well known", "http a example b c d"))),
        ('"" - * topic: topic:"" from: -', SearchQuery(wanted=terms("topic", "from"))),
        ("to:9999-12-31", SearchQuery(unread=("to:9999-12-31",))),
    ],
)  # fmt: skip
def test_what_is_typed_means_this(typed: str, query: SearchQuery):
    """Words, phrases, what is unwanted, beginnings, dates and filters."""
    assert parse_query(typed) == query


@given(
    st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=400)
    | st.text('"-:* fromtpicule2026\n“')
)
def test_every_input_is_valid(typed: str):
    """Nothing raises, and every word that reaches a database is made of letters and digits; but scripts without spaces have marks."""
    query = parse_query(typed)
    words = [word for term in (*query.wanted, *query.unwanted) for word in term.words]
    assert words == [word for word in words if word]
    spaced = [letter for word in words for letter in word if not re.match(f"[{UNSPACED}]", letter)]
    assert all(letter.isalnum() for letter in spaced)
    assert all(part.isalnum() for name in (*query.topics, *query.outlets, *query.without) for part in name.split("_"))
    assert len(words) <= 512


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_a_phrase_of_a_text_is_found_in_it(phrase: str, before: str, after: str):
    """Whatever stands around it, the words of a phrase stand in the text in a row."""
    whole, wanted = search_words(f"{before} {phrase} {after}"), phrase_words(phrase)
    size = len(wanted)
    assert not wanted or any(whole[at : at + size] == wanted for at in range(len(whole)))


def test_part_of_a_run_without_spaces_is_found_in_it():
    """Any two characters of it, any more, and any single one as the beginning of a word."""
    run = "台積電股價"
    whole = search_words(run)
    for begin in range(len(run)):
        assert any(word.startswith(run[begin]) for word in whole)
        for end in range(begin + 2, len(run) + 1):
            wanted = phrase_words(run[begin:end])
            assert any(whole[at : at + len(wanted)] == wanted for at in range(len(whole)))


def test_no_phrase_reaches_from_one_text_into_the_next():
    """Between two texts stands what nobody can type."""
    assert bordered(["Chip exports", "", "rise"]) == ["chip", "exports", ".", "rise"]
    assert search_words(".") == []


def test_a_name_is_one_word_that_no_text_holds():
    """Alike for names that differ in case, accents and signs; of one without a letter something all the same."""
    assert key_word("o", "The Gazette") == key_word("o", "the  gazétte!") == "o_the_gazette"
    assert key_word("t", "★") != key_word("t", "☆")
    assert search_words("o_the_gazette") == ["o", "the", "gazette"]


def test_a_very_long_input_is_cut():
    """What comes after three hundred characters is not looked at, nor more than sixteen of a kind."""
    assert parse_query("a " * 1000) == SearchQuery(wanted=terms("a"))
    assert len(parse_query(" ".join(f"a{number}" for number in range(60))).wanted) == 16
    assert parse_query("x" * 299 + " late").wanted[-1].words == ("x" * 60,)
