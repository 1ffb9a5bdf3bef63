"""The evidence of a pair: whatever kept two reports apart is named."""

from __future__ import annotations

from datetime import timedelta

from builders import NOON, item

from digestbot.stories import cluster, explain_pair

MATCH = item(
    "Harbour United win the cup in Mallow", text="Harbour United beat Mill Town in the final.", source="Ledger"
)


def test_shared_words_speak_for_a_pair_and_others_against_it():
    """Each word on its side, the most telling first."""
    other = item("Harbour United lose their coach", text="The coach leaves for Alkmaar.", source="Courier")
    stories = cluster([MATCH, other])
    pair = explain_pair(MATCH, other, stories)
    assert {"harbour", "united"} <= {term.word for term in pair.shared}
    assert {"cup", "mallow"} <= set(pair.only_one)
    assert "coach" in pair.only_other
    assert pair.together == (len(stories) == 1)


def test_time_between_them_speaks_against_a_pair():
    """Last year's final in nearly the same words: days, and no word, keep the two apart."""
    last = item(MATCH.title, text=MATCH.text, source="Courier", published=NOON - timedelta(days=40))
    pair = explain_pair(MATCH, last, cluster([MATCH, last]))
    assert pair.is_far_in_time
    assert pair.cosine > 0.9
    assert pair.similarity < 0.28
    assert not pair.together


def test_titles_that_say_nothing_of_each_other_are_named():
    """Two reports by one template share most words, and neither says what the other is about."""
    text = "The vendor confirmed the flaw and released a patch; administrators should update affected systems without delay."
    one = item("Quillmark renderer overflow", text=text, source="Alerts")
    other = item("Tarnside login bypass", text=text.replace("confirmed", "acknowledged"), source="Alerts")
    pair = explain_pair(one, other, cluster([one, other]))
    assert pair.titles_unsaid
    assert not pair.together
    assert not explain_pair(MATCH, one, cluster([MATCH, one])).titles_unsaid


def test_titles_that_tell_two_events_are_named():
    """Nearly the same words about two places, which is not seen from the words in common."""
    one = item("Fire destroys barn near Mallow", text="A fire destroyed a barn near Mallow on Sunday.", source="Ledger")
    other = item(
        "Fire destroys barn near Alkmaar", text="A fire destroyed a barn near Alkmaar on Sunday.", source="Courier"
    )
    pair = explain_pair(one, other, cluster([one, other]))
    assert pair.contrast
    assert pair.similarity > 0.28
    assert not pair.together
    assert not explain_pair(one, one, cluster([one, other])).contrast
