"""What a form gives up to fit, and in how few tries that is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from render_states import busy, crowded, digest, entry, many, pictured

from digestbot.model import Source
from digestbot.render.build_view import build_view
from digestbot.render.fit import bare, fit, fullest, left_out_notes, most_stories, steps, told
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


CROWDED = build_view(sanitised(crowded()))


def places(view: DigestView) -> dict[str, int]:
    """How many lines stand in each place, those that are kept longest first."""
    ordered = sorted(CROWDED.sections, key=lambda section: not section.elsewhere)
    lines = {section.topic: len(section.lines) for section in ordered if section.lines}
    shown = {section.topic: len(section.lines) for section in view.sections}
    return {**{topic: shown.get(topic, 0) for topic in lines}, "Also": len(view.also)}


def test_also_goes_first_then_the_last_topics_then_elsewhere():
    """A line goes only when no line of less weight is left; a story with a summary never goes for a line."""
    whole = places(CROWDED)
    assert (next(iter(whole)), [*whole][-1]) == ("Elsewhere", "Also")
    for view in (step() for step in steps(CROWDED)):
        kept = places(view)
        cut = [topic for topic in kept if kept[topic] < whole[topic]]
        assert not cut or [*kept][-len(cut) :] == cut
        assert sum(kept[topic] > 0 for topic in cut) <= 1
        assert [story.number for story in view.stories if not story.line] == [
            story.number for story in CROWDED.stories if not story.line
        ]


def test_lines_go_before_the_second_sentence():
    """While a summary still has what it had, fewer lines stay; with one sentence each, six lines at most are left."""
    views = [step() for step in steps(CROWDED)]
    assert any(sum(places(view).values()) < 20 and longest(view) == 2 for view in views)
    assert all(sum(places(view).values()) <= 6 for view in views if longest(view) == 1)
    assert sum(places(views[-1]).values()) == 0


def test_most_lines_go_after_the_links():
    """One link a story and half of the last lines come before none: the first line is what most outlets tell elsewhere."""
    fewer = [sum(places(view).values()) for view in (step() for step in steps(CROWDED)) if longest(view) == 1]
    assert fewer == sorted(fewer, reverse=True)
    assert any(0 < lines < fewer[0] for lines in fewer)
    assert all(places(step())["Elsewhere"] for step in steps(CROWDED)[:-1])


def longest(view: DigestView) -> int:
    return max(len(story.quotes) for story in view.stories)


@given(st.integers(1, 400))
def test_whatever_fits_the_rest_is_counted(room):
    """Stories, lines and related stories that a view does not name are in its `omitted`."""
    shrunk, _ = fit(CROWDED, told, lambda size: size / room)
    assert told(shrunk) + shrunk.omitted == told(CROWDED) + CROWDED.omitted


def test_a_story_made_bare_counts_what_stood_under_it():
    """A single story that is larger than a message loses its related stories, and they are counted."""
    made = bare(CROWDED)
    assert told(made) + made.omitted == told(CROWDED) + CROWDED.omitted
    assert not any(story.related or story.headlines for story in (*made.stories, *made.also))


def test_the_only_outlet_stays_whatever_goes():
    """Its second report may be the one that the headline links: it is its outlet all the same."""
    one = entry("Bridge reopens", outlets=2, names=("Gazette", "Gazette"))
    items = tuple(replace(item, url=f"https://news.example/{at}") for at, item in enumerate(one.story.items))
    one = replace(
        one, url=items[1].url, sources=(Source(name="Gazette", items=2),), story=replace(one.story, items=items)
    )
    for step in steps(build_view(sanitised(digest(also=(one,))))):
        for story in step().also:
            assert [outlet.name for outlet in story.outlets] == ["Gazette"]
