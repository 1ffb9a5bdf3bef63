"""Making a digest smaller by rule until it fits: shorter summaries, then fewer "Also" lines, then fewer stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from .view import DigestView, StoryView
from .wording import translations

Fits = Callable[[DigestView], bool]
T = TypeVar("T")

# The most sentences of a summary and lines of "Also" at each step. The second sentence is worth more than the sixth
# other headline, the first one more than any of them.
_STEPS: Final = ((2, 20), (2, 10), (2, 5), (1, 5), (1, 0))


def fit(view: DigestView, make: Callable[[DigestView], T], is_small: Callable[[T], bool]) -> tuple[DigestView, T]:
    """The fullest view whose making is small enough, and that; what it lost stands in its `dropped` and `left_out`."""
    shrunk = view
    for shrunk in shortened(view):
        made = make(shrunk)
        if is_small(made):
            return shrunk, made
    count = most_stories(shrunk, lambda less: is_small(make(_without_tail(shrunk, len(less.stories)))))
    shrunk = _without_tail(shrunk, count)
    return shrunk, make(shrunk)


def shortened(view: DigestView) -> Iterator[DigestView]:
    """The view whole, then with ever shorter summaries and fewer "Also" lines; every story stays."""
    yield view
    for quotes, lines in _STEPS:
        shrunk = _each_story(view, partial(_with_quotes, most=quotes))
        if shrunk != view:
            view = replace(shrunk, dropped=(_cut_note(view.language, quotes),))
        if len(view.also) > lines:
            less = len(view.also) - lines
            view = replace(view, also=view.also[:lines], left_out=view.left_out + less)
        yield view


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


def _with_quotes(story: StoryView, most: int) -> StoryView:
    return replace(story, quotes=story.quotes[:most])


def _cut_note(language: str, quotes: int) -> str:
    words = translations(language)
    note = words.ngettext("Summaries are cut to %(num)s sentence.", "Summaries are cut to %(num)s sentences.", quotes)
    return note % {"num": quotes}


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
