"""What may be done elsewhere or later: each names an id, and is harmless when it is done twice."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

from .edition_date import parse_edition

RANGE: Final = 100  # deliveries of one job: it only spreads the work, each of them is claimed singly


class JobKind(StrEnum):
    COLLECT = "collect"  # a batch of hosts
    MAKE = "make"  # an edition
    DELIVER = "deliver"  # a range of an edition's deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One of them."""

    kind: JobKind
    key: str
    not_before: datetime | None = None  # None: at once


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionKey:
    """An edition, and of a job that delivers the number of its range: the deliveries of number * RANGE and up to the next."""

    digest: str
    edition: date
    part: int | None = None

    def __str__(self) -> str:
        words = (self.digest, self.edition.isoformat(), *(() if self.part is None else (str(self.part),)))
        return " ".join(words)

    @classmethod
    def parse(cls, key: str) -> Self:
        digest, edition, *part = key.split(" ")
        return cls(digest=digest, edition=parse_edition(edition), part=int(part[0]) if part else None)

    @property
    def numbers(self) -> range:
        """Of the deliveries; empty where it names no range."""
        return range(0) if self.part is None else range(self.part * RANGE, (self.part + 1) * RANGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The hosts whose fingerprint leaves this number, divided by how many batches there are."""

    number: int
    of: int
    edition: EditionKey | None = None  # it is for; None: for the next one, whichever that is

    def __str__(self) -> str:
        return f"{self.number}/{self.of} {self.edition or ''}".strip()

    @classmethod
    def parse(cls, key: str) -> Self:
        batch, _, edition = key.partition(" ")
        number, of = batch.split("/")
        return cls(number=int(number), of=int(of), edition=EditionKey.parse(edition) if edition else None)

    def holds(self, host: str) -> bool:
        """Whether a host is in it: on every machine the same."""
        return zlib.crc32(host.encode("utf-8", "surrogatepass")) % self.of == self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerState:
    """One kind of work of a process, as it was told last. Times are of the database's clock."""

    worker: str  # machine and process
    kind: str
    started: datetime
    seen: datetime
    key: str = ""  # of the job that it does; empty where it waits for one
    since: datetime | None = None  # when that began
    problems: tuple[str, ...] = ()  # what an operator should know, as "subject: reason"
