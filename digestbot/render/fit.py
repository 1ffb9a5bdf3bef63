"""Makes a digest smaller, step by step, until it fits: pictures go first, then parts of every story, lines, stories.

What then still does not fit into one Slack message goes into its thread: slack.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from .i18n import translations
from .view import DigestView, StoryView

T = TypeVar("T")

# At each step, the most: sentences of a summary, outlets beside those quoted, the same for stories of one line, and such lines.
# The order is a judgement: a headline is worth more to a reader than a second link to a story of one line, a second
# sentence more than the headlines after the sixth, and the first sentence more than all of these.
_STEPS: Final = (
    (2, 20, 20, 20),
    (2, 3, 2, 20),
    (2, 3, 0, 20),
    (2, 2, 0, 16),
    (2, 2, 0, 12),
    (2, 2, 0, 8),
    (1, 2, 0, 6),
    (1, 1, 0, 6),
    (1, 1, 0, 3),
    (1, 1, 0, 0),
)
_GUESSES: Final = 4  # before halving, which always ends


def fit(view: DigestView, make: Callable[[DigestView], T], fullness: Callable[[T], float]) -> tuple[DigestView, T]:
    """The fullest view whose rendering fits, and that rendering; the view's `dropped` and `omitted` say what was left out.

    Args:
        view: the whole digest.
        make: renders a view.
        fullness: what share of the allowed size a rendering takes: it fits up to 1.
    """
    found = fullest(view, make, fullness)
    if found is not None:
        return found
    shrunk = steps(view)[-1]()
    # Measured with the sentence that counts what is left out: it takes room as well, and is not there before.
    count = most_stories(shrunk, lambda less: fullness(make(_without_tail(shrunk, len(less.stories)))))
    shrunk = _without_tail(shrunk, count)
    return shrunk, make(shrunk)


def fullest(
    view: DigestView, make: Callable[[DigestView], T], fullness: Callable[[T], float]
) -> tuple[DigestView, T] | None:
    """As `fit`, among the `steps` only; None where not even the last of them fits.

    The whole is tried first, then the shortest, then the steps between by halving: no step makes a form longer.
    """
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


def left_out_notes(form: str, view: DigestView, shown: DigestView) -> tuple[str, ...]:
    """What a form leaves out of the view, in sentences for whoever runs the digest."""
    notes, lost = list(shown.dropped), shown.omitted - view.omitted
    if lost > 0:
        catalogue = translations(view.language)
        notes.append(
            catalogue.ngettext("%(num)s more story is left out.", "%(num)s more stories are left out.", lost)
            % {"num": lost}
        )
    return tuple(f"{form}: {note}" for note in notes)


def steps(view: DigestView) -> tuple[Callable[[], DigestView], ...]:
    """The view whole, then without pictures, then with ever shorter stories and fewer "Also" lines; every story stays."""
    plain = view
    if any(story.image for story in view.stories):
        plain = _each_story(view, lambda story: replace(story, image=""))
    shorter = [partial(_shortened, plain, *step) for step in _STEPS]
    return (lambda: view, *([lambda: plain] if plain is not view else []), *shorter)


def bare(view: DigestView) -> DigestView:
    """Headlines and first outlets only, for when a single story is larger than a message."""
    return _each_story(
        without_related(view),
        lambda story: replace(
            story,
            quotes=(),
            headlines=(),
            # Addresses are what makes one story larger than a message: twenty of 2,000 characters, the longest that
            # `safety` lets through, are 40,000 where a Slack message holds 14,000 bytes.
            outlets=tuple(replace(outlet, reports=()) for outlet in story.outlets[:3]),
            unlisted=story.unlisted + len(story.outlets[3:]),
        ),
    )


def first(view: DigestView, count: int) -> DigestView:
    """Only the first `count` stories, without "Also"."""
    return replace(_slice(view, 0, count), also=())


def without_related(view: DigestView) -> DigestView:
    """Without the other stories about the same events: they are counted as left out."""
    less = _each_story(view, lambda story: replace(story, related=()))
    return replace(less, omitted=view.omitted + told(view) - told(less))


def told(view: DigestView) -> int:
    """How many stories a view names, those that stand under another one included."""
    every = (*view.stories, *view.also)
    return len(every) + sum(len(story.related) for story in every)


def after(view: DigestView, count: int) -> DigestView:
    """What `first` leaves."""
    return _slice(view, count, len(view.stories))


def most_stories(view: DigestView, fullness: Callable[[DigestView], float], *, share: float = 1) -> int:
    """How many of the first stories fit; assumes that a longer view is never less full.

    Each guess follows from how full the last one was; after _GUESSES of them the range is halved. `share` is roughly how
    full all stories together are, where that is known.
    """
    least, most, tried = 0, len(view.stories), 0
    count = max(1, int(most / max(share, 1)))
    while least < most:
        share, tried = fullness(first(view, count)), tried + 1
        if share <= 1:
            least = count
        else:
            most = count - 1
        # The size is nearly in proportion to the number of stories, so this comes closer than half of the range does.
        # Stories of very unequal length can mislead it for ever, hence the limit.
        count = int(count / share) if tried < _GUESSES and share else (least + most + 1) // 2
        count = min(max(count, least + 1), most)
    return least


def _without_tail(view: DigestView, count: int) -> DigestView:
    less = first(view, count)
    return replace(less, omitted=view.omitted + told(view) - told(less))


def _shortened(whole: DigestView, quotes: int, outlets: int, beside: int, lines: int) -> DigestView:
    def shorter(story: StoryView) -> StoryView:
        return _shorter(story, 0, beside) if story.line else _shorter(story, quotes, outlets)

    view = _each_story(_with_lines(whole, lines), shorter)
    return replace(view, omitted=whole.omitted + told(whole) - told(view), dropped=_cut_notes(whole, view, quotes))


def _with_lines(view: DigestView, most: int) -> DigestView:
    """At most so many stories of one line: "Also" ends first, then the last topics, then what many tell elsewhere."""
    left, room = most, {}
    for section in sorted(view.sections, key=lambda section: not section.elsewhere):
        room[section.topic, section.elsewhere] = lines = section.lines[:left]
        left -= len(lines)
    sections = (
        replace(
            section,
            stories=(*(story for story in section.stories if not story.line), *room[section.topic, section.elsewhere]),
        )
        for section in view.sections
    )
    return replace(view, sections=tuple(section for section in sections if section.stories), also=view.also[:left])


def _shorter(story: StoryView, quotes: int, outlets: int) -> StoryView:
    """At most so many sentences, and so many outlets beside those that the title and the sentences link."""
    kept = story.quotes[:quotes]
    linked = {story.url, *(quote.url for quote in kept)}
    others = [outlet for outlet in story.outlets if linked.isdisjoint((outlet.url, *outlet.more))]
    dropped = others[outlets:]
    listed = tuple(outlet for outlet in story.outlets if outlet not in dropped)
    return replace(
        story,
        quotes=kept,
        outlets=listed,
        unlisted=story.unlisted + len(dropped),
        headlines=story.headlines[:outlets],
        related=story.related[:outlets],
    )


def _cut_notes(whole: DigestView, view: DigestView, quotes: int) -> tuple[str, ...]:
    """What the stories lost, in sentences for the reader."""
    catalogue, notes = translations(whole.language), []
    if any(len(story.quotes) > quotes for story in whole.stories if story.top):
        notes.append(
            catalogue.ngettext(
                "Summaries are cut to %(num)s sentence.", "Summaries are cut to %(num)s sentences.", quotes
            )
            % {"num": quotes}
        )
    # Lines that are gone altogether are counted in `omitted` and need no second sentence.
    kept = {story.number: story for story in (*view.stories, *view.also)}
    pairs = [(story, kept[story.number]) for story in (*whole.stories, *whole.also) if story.number in kept]
    if any(shorter.unlisted > story.unlisted for story, shorter in pairs):
        notes.append(catalogue.gettext("Not every report of a story is linked."))
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
