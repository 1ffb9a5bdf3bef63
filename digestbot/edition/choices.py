"""What an operator decided about the stories of an edition before it goes: this one not, that one first, another elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..model import PINNED, Choice, ChoiceKind, Entry, ScorePart, Story
from ..topics import Topic
from .scoring import PIN


def is_about(choice: Choice, story: Story) -> bool:
    """Whether a decision is about this story: it holds at least half of the items that the story had then.

    A story grows until it goes, and may fall apart: what became of most of it is meant.
    """
    told = {item.id for item in story.items}
    return bool(choice.items) and 2 * len(told.intersection(choice.items)) >= len(choice.items)


def without_muted(stories: Iterable[Story], choices: Sequence[Choice]) -> tuple[Story, ...]:
    """The stories that nobody muted."""
    muted = [choice for choice in choices if choice.kind is ChoiceKind.MUTE]
    return tuple(story for story in stories if not any(is_about(choice, story) for choice in muted))


def placed(entries: Iterable[Entry], choices: Sequence[Choice], topics: Sequence[Topic]) -> list[Entry]:
    """The entries with the topics they were moved to, and those that were pinned before all others."""
    titles = {topic.name: topic.title for topic in topics}
    moved = [choice for choice in choices if choice.kind is ChoiceKind.MOVE and choice.topic in titles]
    pinned = [choice for choice in choices if choice.kind is ChoiceKind.PIN]
    found = []
    for entry in entries:
        for choice in moved:
            if is_about(choice, entry.story):
                # It belongs there because somebody says so: how well it fits is no question any more.
                entry = replace(entry, topic=titles[choice.topic], fit=1.0)  # noqa: PLW2901
        if any(is_about(choice, entry.story) for choice in pinned):
            entry = _first(entry)  # noqa: PLW2901
        found.append(entry)
    return found


def _first(entry: Entry) -> Entry:
    part = ScorePart(name="pinned by an operator", value=PIN)
    score = replace(entry.score, parts=(part, *entry.score.parts))
    return replace(entry, topic=entry.topic or PINNED, score=score)
