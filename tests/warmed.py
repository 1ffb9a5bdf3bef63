"""Imported by the fork server: the first edition of a process loads libraries and word lists, which its children then have."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pkgutil import walk_packages

from builders import NOON, item

import digestbot
from digestbot.model import Digest, Entry, Section
from digestbot.render import Templates, render
from digestbot.stories import cluster
from digestbot.summarise import summarise

# Commands load what they work with when they need it: here once for all of them.
for _found in walk_packages(digestbot.__path__, "digestbot."):
    if "migrations" not in _found.name and not _found.name.endswith("__main__"):
        import_module(_found.name)

_STORIES = cluster([item(), item("Gold eases as the dollar firms", text="Gold slipped 0.4% in early trade.")])
_ENTRIES = tuple(Entry(story=one, title=one.lead.title, summary=summarise(one, words=60)) for one in _STORIES)
_SECTIONS = (Section(topic="All", entries=_ENTRIES),)
_DAY = date(2026, 5, 27)
render(Digest(name="d", edition=_DAY, since=NOON, until=NOON, title="D", sections=_SECTIONS), templates=Templates())
