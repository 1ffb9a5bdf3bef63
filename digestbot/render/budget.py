"""Making a digest smaller by rule until it fits: pictures first, then less of every story, then fewer "Also" lines, then stories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from .i18n import translations
from .view import DigestView, StoryView

T = TypeVar("T")

# The most sentences of a summary, outlets beside those quoted, the same under "Also", and lines of "Also" at each step.
# A headline is worth more to a reader than a second link to a story that is told in one line, a second sentence more than
# a sixth other headline, the first one more than any of them.
_STEPS: Final = (
    (2, 20, 20, 20),
    (2, 3, 2, 20),
    (2, 3, 0, 20),
    (2, 2, 0, 16),
    (2, 2, 0, 12),
    (2, 2, 0, 8),
    (1, 2, 0, 6),
    (1, 1, 0, 0),
)
_GUESSES: Final = 4


def fit(view: DigestView, make: Callable[[DigestView], T], fullness: Callable[[T], float]) -> tuple[DigestView, T]:
    """The fullest view whose making fits, and that; what it lost stands in its `dropped` and `left_out`.

    `fullness` is what share of the room a making takes: it fits up to 1.
    """
    found = fullest(view, make, fullness)
    if found is not None:
        return found
    shrunk = steps(view)[-1]()
    count = most_stories(shrunk, lambda less: fullness(make(_without_tail(shrunk, len(less.stories)))))
    shrunk = _without_tail(shrunk, count)
    return shrunk, make(shrunk)


def fullest(
    view: DigestView, make: Callable[[DigestView], T], fullness: Callable[[T], float]
) -> tuple[DigestView, T] | None:
    """The fullest of `steps` whose making fits, and that: the whole is tried, then the shortest, then the middle by halving."""
    every, found = steps(view), None
    at, least, most = 0, 0, len(every)
    while least < most:
        shorter = every[at]()
        made = make(shorter)
        if fullness(made) <= 1:
            found, most = (shorter, made), at
        elif at == len(every) - 1:
            return None
        else:
            least = at + 1
        at = (least + most) // 2 if found else len(every) - 1
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


def steps(view: DigestView) -> tuple[Callable[[], DigestView], ...]:
    """The view whole, then without pictures, then with ever shorter stories and fewer "Also" lines; every story stays."""
    bleak = view
    if any(story.image for story in view.stories):
        bleak = _each_story(view, lambda story: replace(story, image=""))
    shorter = [partial(_shortened, bleak, *step) for step in _STEPS]
    return (lambda: view, *([lambda: bleak] if bleak is not view else []), *shorter)


def bare(view: DigestView) -> DigestView:
    """Headlines and first outlets only: what is left when a single story is larger than a message."""
    return _each_story(
        view,
        lambda story: replace(
            story,
            quotes=(),
            outlets=tuple(replace(outlet, reports=()) for outlet in story.outlets[:3]),
            unlisted=story.unlisted + len(story.outlets[3:]),
        ),
    )


def first(view: DigestView, count: int) -> DigestView:
    """Only the first `count` stories, without "Also"."""
    return replace(_slice(view, 0, count), also=())


def after(view: DigestView, count: int) -> DigestView:
    """What `first` leaves."""
    return _slice(view, count, len(view.stories))


def most_stories(view: DigestView, fullness: Callable[[DigestView], float], *, share: float = 1) -> int:
    """How many of the first stories fit, if a longer view is never less full.

    Tries as many as the fullness of the last try promises, and halves what is open when that comes to no end. `share` is
    about how full all of them are, where that is known.
    """
    least, most, tried = 0, len(view.stories), 0
    count = max(1, int(most / max(share, 1)))
    while least < most:
        share, tried = fullness(first(view, count)), tried + 1
        if share <= 1:
            least = count
        else:
            most = count - 1
        count = int(count / share) if tried < _GUESSES and share else (least + most + 1) // 2
        count = min(max(count, least + 1), most)
    return least


def _without_tail(view: DigestView, count: int) -> DigestView:
    lost = len(view.stories) - count
    return replace(first(view, count), left_out=view.left_out + lost + len(view.also))


def _shortened(whole: DigestView, quotes: int, outlets: int, beside: int, lines: int) -> DigestView:
    view = _each_story(whole, partial(_shorter, quotes=quotes, outlets=outlets))
    view = replace(
        view,
        also=tuple(_shorter(story, 0, beside) for story in view.also[:lines]),
        left_out=whole.left_out + max(0, len(whole.also) - lines),
    )
    return replace(view, dropped=_cut_notes(whole, view, quotes))


def _shorter(story: StoryView, quotes: int, outlets: int) -> StoryView:
    """At most so many sentences, and so many outlets beside those that title and sentences lead to."""
    kept = story.quotes[:quotes]
    linked = {story.url, *(quote.url for quote in kept)}
    others = [outlet for outlet in story.outlets if outlet.url not in linked]
    dropped = others[outlets:]
    listed = tuple(outlet for outlet in story.outlets if outlet not in dropped)
    return replace(story, quotes=kept, outlets=listed, unlisted=story.unlisted + len(dropped))


def _cut_notes(whole: DigestView, view: DigestView, quotes: int) -> tuple[str, ...]:
    """What was taken from the stories of the whole, in sentences for its reader."""
    words, notes = translations(whole.language), []
    if any(len(story.quotes) > quotes for story in whole.stories if story.top):
        notes.append(
            words.ngettext("Summaries are cut to %(num)s sentence.", "Summaries are cut to %(num)s sentences.", quotes)
            % {"num": quotes}
        )
    pairs = [*zip(whole.stories, view.stories, strict=True), *zip(whole.also, view.also, strict=False)]
    if any(shorter.unlisted > story.unlisted for story, shorter in pairs):
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
    return replace(view, sections=sections, also=tuple(change(story) for story in view.also))
