"""digestbot: one finishable digest a day, from your feeds to Slack and email.

The names in `__all__` are the public API: docs/python.md shows them at work, docs/reference/python.md lists them with
their types, units and errors. They are loaded when first asked for (PEP 562), so that `import digestbot` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:  # what editors and mypy see; _ROOMS below says the same to Python
    from .collect.feeds import ParsedFeed, parse_feed
    from .errors import ConfigError, DigestbotError, TemplateError
    from .model import (
        Counts,
        Digest,
        Entry,
        Failure,
        Feed,
        FeedKind,
        Item,
        Message,
        Score,
        ScorePart,
        Section,
        Sentence,
        Source,
        Story,
        Summary,
        TranslatableText,
    )
    from .render import Templates, render
    from .stories import RankedStory, cluster, rank
    from .summarise import summarise
    from .topics import Match, Topic, Topics, parse_topic

__all__ = [
    "ConfigError",
    "Counts",
    "Digest",
    "DigestbotError",
    "Entry",
    "Failure",
    "Feed",
    "FeedKind",
    "Item",
    "Match",
    "Message",
    "ParsedFeed",
    "RankedStory",
    "Score",
    "ScorePart",
    "Section",
    "Sentence",
    "Source",
    "Story",
    "Summary",
    "TemplateError",
    "Templates",
    "Topic",
    "Topics",
    "TranslatableText",
    "cluster",
    "parse_feed",
    "parse_topic",
    "rank",
    "render",
    "summarise",
]

_ROOMS = {
    "collect.feeds": ("ParsedFeed", "parse_feed"),
    "errors": ("ConfigError", "DigestbotError", "TemplateError"),
    "render": ("Templates", "render"),
    "stories": ("RankedStory", "cluster", "rank"),
    "summarise": ("summarise",),
    "topics": ("Match", "Topic", "Topics", "parse_topic"),
}
_ROOM = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{_ROOM.get(name, 'model')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        # The import system binds a loaded room to its name here. `render` and `summarise` are rooms and public functions
        # at once; without this, `digestbot.render` would be one or the other depending on what was imported before.
        if not (name in _ROOM and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
