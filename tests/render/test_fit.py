"""What a form gives up to fit, and in how few tries that is found."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from render_states import busy, many, pictured

from digestbot.render.build_view import build_view
from digestbot.render.fit import fit, fullest, left_out_notes, most_stories, steps
from digestbot.render.safety import sanitised
from digestbot.render.view import DigestView

VIEW = build_view(sanitised(busy(60, also=20)))


def sizes(view: DigestView) -> tuple[int, int, int, int]:
    """Sentences, reports, lines of "Also" and stories."""
    every = (*view.stories, *view.also)
    reports = sum(len(outlet.reports) for story in every for outlet in story.outlets)
    return sum(len(story.quotes) for story in view.stories), reports, len(view.also), len(view.stories)


def test_no_step_tells_more_than_the_one_before():
    """No step gains anything, the last one has least; every story stays, and what is gone is counted or named."""
    views = [step() for step in steps(VIEW)]
    assert views[0] is VIEW
    for before, after in pairwise(views):
        assert all(less <= more for less, more in zip(sizes(after), sizes(before), strict=True))
    assert {len(view.stories) for view in views} == {60}
    assert all(len(view.also) + view.omitted == 20 for view in views)
    assert views[-1].dropped == ("Summaries are cut to 1 sentence.", "Not every report of a story is linked.")


def test_pictures_go_first():
    """A digest with a picture loses it before any word."""
    whole, plain, *_ = [step() for step in steps(build_view(sanitised(pictured()), with_image=True))]
    assert [bool(story.image) for story in whole.stories].count(True) == 1
    assert not any(story.image for story in plain.stories)
    assert sizes(plain) == sizes(whole)
    assert plain.dropped == ()


@given(st.integers(1, 60_000))
def test_the_fullest_view_that_fits_is_found(room):
    """By halving as by walking through all steps."""

    def size(view: DigestView) -> int:
        return sum(sizes(view))

    walked = next((view for view in (step() for step in steps(VIEW)) if size(view) <= room), None)
    found = fullest(VIEW, size, lambda made: made / room)
    assert (found and found[0]) == walked


@given(st.lists(st.integers(1, 500), min_size=60, max_size=60), st.integers(0, 400), st.integers(1, 20_000))
def test_as_many_stories_as_fit_are_found_in_few_tries(sizes, frame, room):
    """The first `n` stories fit and one more does not, whatever their sizes; it takes little more than halving would."""
    tries = []

    def fullness(view: DigestView) -> float:
        tries.append(len(view.stories))
        return (frame + sum(sizes[: len(view.stories)])) / room

    count = most_stories(VIEW, fullness)
    assert count == 0 or frame + sum(sizes[:count]) <= room
    assert count == 60 or frame + sum(sizes[: count + 1]) > room
    assert len(tries) <= 10


def test_what_never_fits_ends():
    """A making that is too large whatever is left out is handed back with no story in it."""
    make: Callable[[DigestView], int] = lambda view: 100  # noqa: E731 -- as short as its law
    shrunk, made = fit(VIEW, make, lambda size: size / 10)
    assert (len(shrunk.stories), len(shrunk.also), made) == (0, 0, 100)
    assert shrunk.omitted == 80


def test_what_is_left_out_is_noted_per_form():
    """What was left out beyond what the digest leaves out itself is a sentence that names the form."""
    view = build_view(sanitised(many(3, also=12)))
    shrunk = steps(view)[-1]()
    assert left_out_notes("email", view, shrunk) == (
        "email: Summaries are cut to 1 sentence.",
        "email: Not every report of a story is linked.",
        "email: 12 more stories are left out.",
    )
    assert left_out_notes("email", view, view) == ()
