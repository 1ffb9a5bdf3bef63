"""Making a digest smaller by rule until it fits: pictures first, then less of every story, then fewer "Also" lines, then stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from .view import DigestView, StoryView
from .wording import translations

Fits = Callable[[DigestView], bool]
T = TypeVar("T")

# The most sentences of a summary, outlets beside those quoted, and lines of "Also" at each step. A second sentence is
# worth more to a reader than a fourth outlet or a sixth other headline, the first one more than any of them.
_STEPS: Final = ((2, 20, 20), (2, 3, 20), (2, 3, 10), (2, 2, 5), (1, 2, 5), (1, 1, 0))


def fit(view: DigestView, make: Callable[[DigestView], T], is_small: Callable[[T], bool]) -> tuple[DigestView, T]:
    """The fullest view whose making is small enough, and that; what it lost stands in its `dropped` and `left_out`."""
    found = fullest(view, make, is_small)
    if found is not None:
        return found
    *_, shrunk = shortened(view)
    count = most_stories(shrunk, lambda less: is_small(make(_without_tail(shrunk, len(less.stories)))))
    shrunk = _without_tail(shrunk, count)
    return shrunk, make(shrunk)


def fullest(
    view: DigestView, make: Callable[[DigestView], T], is_small: Callable[[T], bool]
) -> tuple[DigestView, T] | None:
    """The fullest of `shortened` whose making is small enough, and that; by halving, after a look at the whole."""
    steps, found = tuple(shortened(view)), None
    at, least, most = 0, 0, len(steps)
    while least < most:
        made = make(steps[at])
        if is_small(made):
            found, most = (steps[at], made), at
        else:
            least = at + 1
        at = (least + most) // 2
    return found


def cost(form: str, view: DigestView, told: DigestView) -> tuple[str, ...]:
    """What a form of the view leaves out, in sentences for whoever runs the digest."""
    notes, lost = list(told.dropped), told.left_out - view.left_out
    if lost > 0:
        words = translations(view.language)
        notes.append(
            words.ngettext("%(num)s more story is left out.", "%(num)s more stories are left out.", lost)
            % {"num": lost}
        )
    return tuple(f"{form}: {note}" for note in notes)


def shortened(view: DigestView) -> Iterator[DigestView]:
    """The view whole, then without pictures, then with ever shorter stories and fewer "Also" lines; every story stays."""
    yield view
    whole = view
    if any(story.image for story in view.stories):
        whole = _each_story(view, lambda story: replace(story, image=""))
        yield whole
    for quotes, outlets, lines in _STEPS:
        view = _each_story(whole, partial(_shorter, quotes=quotes, outlets=outlets))
        lost = max(0, len(whole.also) - lines)
        dropped = _cut_notes(whole, quotes, outlets)
        yield replace(view, also=whole.also[:lines], left_out=whole.left_out + lost, dropped=dropped)


def bare(view: DigestView) -> DigestView:
    """Headlines and first outlets only: what is left when a single story is larger than a message."""
    return _each_story(
        view,
        lambda story: replace(
            story,
            quotes=(),
            outlets=tuple(replace(outlet, url="", more=()) for outlet in story.outlets[:3]),
            unlisted=story.unlisted + len(story.outlets[3:]),
        ),
    )


def first(view: DigestView, count: int) -> DigestView:
    """Only the first `count` stories, without "Also"."""
    return replace(_slice(view, 0, count), also=())


def after(view: DigestView, count: int) -> DigestView:
    """What `first` leaves."""
    return _slice(view, count, len(view.stories))


def most_stories(view: DigestView, fits: Fits) -> int:
    """How many of the first stories fit, by doubling, then halving: what a longer view adds never makes it fit."""
    least, most = 0, 8
    while most < len(view.stories) and fits(first(view, most)):
        least, most = most, most * 2
    most = min(most, len(view.stories))
    while least < most:
        middle = (least + most + 1) // 2
        if fits(first(view, middle)):
            least = middle
        else:
            most = middle - 1
    return least


def _without_tail(view: DigestView, count: int) -> DigestView:
    lost = len(view.stories) - count
    return replace(first(view, count), left_out=view.left_out + lost + len(view.also))


def _shorter(story: StoryView, quotes: int, outlets: int) -> StoryView:
    """At most so many sentences, and so many outlets beside those that title and sentences lead to."""
    kept = story.quotes[:quotes]
    linked = {story.url, *(quote.url for quote in kept)}
    others = [outlet for outlet in story.outlets if outlet.url not in linked]
    dropped = others[outlets:]
    listed = tuple(outlet for outlet in story.outlets if outlet not in dropped)
    return replace(story, quotes=kept, outlets=listed, unlisted=story.unlisted + len(dropped))


def _cut_notes(whole: DigestView, quotes: int, outlets: int) -> tuple[str, ...]:
    """What the step costs this digest, in sentences for its reader."""
    words, notes = translations(whole.language), []
    if any(len(story.quotes) > quotes for story in whole.stories if story.top):
        notes.append(
            words.ngettext("Summaries are cut to %(num)s sentence.", "Summaries are cut to %(num)s sentences.", quotes)
            % {"num": quotes}
        )
    if any(_shorter(story, quotes, outlets).unlisted > story.unlisted for story in whole.stories):
        notes.append(words.gettext("Not every report of a story is linked."))
    return tuple(notes)


def _slice(view: DigestView, start: int, stop: int) -> DigestView:
    sections, at = [], 0
    for section in view.sections:
        stories = section.stories[max(start - at, 0) : max(stop - at, 0)]
        at += len(section.stories)
        if stories:
            sections.append(replace(section, stories=stories))
    return replace(view, sections=tuple(sections))


def _each_story(view: DigestView, change: Callable[[StoryView], StoryView]) -> DigestView:
    sections = tuple(
        replace(section, stories=tuple(change(story) for story in section.stories)) for section in view.sections
    )
    return replace(view, sections=sections)
