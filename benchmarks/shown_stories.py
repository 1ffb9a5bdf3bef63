"""The stories of an edition as its digest.json shows them and as they were grouped: for real_days.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from digestbot.collect.canonical_url import canonical_url, host_of

MANY = 4  # an event of as many labelled items or houses must not be absent
SECOND_LEVEL = frozenset(["ac", "co", "com", "edu", "gov", "net", "org", "or", "ne", "gob", "go"])  # as in co.uk

Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A story as the edition shows it, and where."""

    place: str  # lead, full, brief, elsewhere, also, further, related
    topic: str
    story: Json

    @property
    def urls(self) -> frozenset[str]:
        return frozenset(
            map(plain, (self.story.get("url") or "", *(one["url"] for one in self.story.get("items", ()))))
        )


@dataclass(frozen=True)
class Found:
    """A story as it was grouped, before anything was selected."""

    id: str
    title: str
    urls: tuple[str, ...]
    topic: str = ""
    score: float = 0.0
    sources: int = 0
    reporting: int | None = None  # of these, with a report of it; None where nobody counted
    kind: str = "news"
    status: str = "shown or could be"  # or: already told, left out


@dataclass(frozen=True)
class Figure:
    """A number, what it means, and what it was counted from."""

    name: str
    value: object
    meaning: str
    found: Sequence[str] = field(default=())


def plain(url: str) -> str:
    """An address as labels and digests have it in common."""
    return canonical_url(url) or url


def domain(url: str) -> str:
    """The registrable domain, near enough for counting: three labels under co.uk and its like, else two."""
    labels = (host_of(url) or "").split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if deep else -2 :])


def domains(urls: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(domain, urls)))


def told(digest: Json) -> Iterator[Told]:
    """Every story of a digest.json, today's form or a coming one; `related` lines after the story they stand under."""
    shown: list[Told] = [Told("lead", digest["lead"].get("topic", ""), digest["lead"])] if digest.get("lead") else []
    for section in digest["sections"]:
        shown += [Told("full", section["topic"], story) for story in section["stories"]]
        shown += [Told("brief", section["topic"], story) for story in section.get("briefs", ())]
    for place in ("also", "elsewhere", "further"):
        shown += [Told(place, story.get("topic", ""), story) for story in digest.get(place, ())]
    for one in shown:
        yield one
        yield from (Told("related", one.topic, story) for story in one.story.get("related", ()))


def full(shown: Iterable[Told]) -> list[Told]:
    return [one for one in shown if one.place in ("lead", "full")]
