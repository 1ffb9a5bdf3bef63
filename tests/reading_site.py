"""A site with editions to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from archived import DAY, TODAY, digest, entry, publish
from builders import NOON
from running_site import RunningSite, running

from digestbot.model import Digest, Edition
from digestbot.render import as_json

SETTINGS = {
    "DIGESTS__MORNING__TITLE": "Morning chips",
    "DIGESTS__MORNING__TO": "list:briefing",
    "DIGESTS__DESK__TO": "file:./out",
    "DIGESTS__OPEN__TO": "file:./out",
    "DIGESTS__OPEN__PUBLIC": "yes",
    "DIGESTS__STAFF__TO": "list:staff",
}


def told(*titles: str, name: str = "morning", days: int = 0, **fields: object) -> Digest:
    """An edition of a day, counted from 27 May 2026, that tells these."""
    until = NOON + days * DAY
    entries = [entry(title, f"{title}, it was said.", id=f"{days}-{at}") for at, title in enumerate(titles)]
    return digest(*entries, name=name, edition=until.date(), until=until, **fields)  # type: ignore[arg-type]


def revised(site: RunningSite, edition: Edition, *titles: str, made: timedelta = timedelta(hours=1)) -> None:
    """Another revision of it."""
    days = (date(edition.date.year, edition.date.month, edition.date.day) - TODAY).days
    of = told(*titles, name=edition.digest, days=days)
    newest = site.store.archive.edition(edition.digest, edition.date)
    assert newest is not None
    number = newest.newest + 1
    site.store.editions.revise(edition, as_json(of), (), revision=number, made=NOON + made)


@contextmanager
def reading_site(folder: Path, **settings: str) -> Iterator[RunningSite]:
    """Four digests, two of which everybody may read, each with three editions."""
    with running(folder, **SETTINGS, **settings) as site:
        for name in ("morning", "desk", "open", "staff"):
            for days in (-31, -1, 0):
                publish(site.store, told(f"Chip exports rise in {name} {days}", "Second story", name=name, days=days))
        yield site
