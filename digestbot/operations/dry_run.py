"""`digestbot run --dry-run`: what a run would do, in the words and the JSON of a run. On a copy of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ..app.zones import parse_moment
from ..edition.context import DigestSpec, EditionContext
from ..edition.delivering import unreachable
from ..edition.pipeline import prepare
from ..model import Edition, EditionState, Recipient
from ..settings import Loaded
from ..text.counting import counted
from .orders import held_by
from .outcome import held_sentence, next_sentence, no_day_sentence
from .run import target_of

_SETTLED = (EditionState.READY, EditionState.DONE, EditionState.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """What a run would come to for one digest."""

    edition: Edition
    no_day: bool = False
    held: str = ""  # by whom
    repeated: bool = False
    no_feed_readable: bool = False
    stories: int = 0
    sends: bool = False  # whether there is anything to send
    recipients: tuple[Recipient, ...] = ()
    next_due: datetime | None = None
    open_deliveries: int = 0  # of earlier editions, or of this one where it was made before

    def lines(self) -> Iterator[str]:
        """For a person."""
        name = f"{self.edition.digest} {self.edition.date}"
        if self.held:
            yield f"{name}: {held_sentence(self.held)}"
        elif self.no_day:
            yield no_day_sentence(name, self.edition.date)
        elif self.repeated:
            yield f"{name}: was made before; nothing would be sent again{next_sentence(self.next_due)}"
        elif self.no_feed_readable:
            yield f"{name}: no feed could be read, so nothing would be sent; `digestbot check` says why"
        elif not self.sends:
            yield f"{name}: nothing new, so nothing would be sent"
        else:
            yield f"{name}: {counted(self.stories, 'story', 'stories')} would go to {', '.join(map(str, self.recipients))}"
        if self.open_deliveries:
            yield f"{name}: {counted(self.open_deliveries, 'delivery', 'deliveries')} would be tried again"

    def as_dict(self) -> dict[str, object]:
        """For a program: as `run --json`, with what is not sent yet as pending."""
        would = {"part": 0, "state": "pending", "remote_id": "", "error": ""}
        edition = self.edition.date.isoformat()
        return {
            "digest": self.edition.digest,
            "edition": edition,
            "state": "none" if self.no_day or self.held else str(self.edition.state),
            "held": self.held,
            "repeated": self.repeated,
            "unchanged": False,
            "revision": 0,
            "collected": not self.no_feed_readable,
            "sent": 0,
            "waiting": len(self.recipients) + self.open_deliveries,
            "deliveries": [{"edition": edition, "recipient": str(to), **would} for to in self.recipients],
        }


def dry_run(
    specs: Iterable[DigestSpec],
    loaded: Loaded,
    context: EditionContext,
    *,
    at: str | None,
    force: bool,
    now: datetime,
) -> Iterator[WouldBe]:
    """What a run would come to, digest by digest; `context` is over a store that is only looked at.

    Raises:
        ConfigErrors: `at` is no time.
    """
    for spec in specs:
        digest = loaded.digests[spec.name]
        moment = parse_moment(at, digest, now=now)
        target = target_of(spec, loaded, context.store, at=moment, now=None if at else now, force=force, remember=False)
        existing = context.store.editions.get(spec.name, target.name)
        edition = existing or Edition(digest=spec.name, date=target.name, since=moment, until=moment)
        waiting = sum(context.store.outbox.count_open(digest=spec.name).values())
        order = context.store.choices.orders().get(spec.name)
        if (who := held_by(order)) and not force:
            yield WouldBe(edition=edition, held=who, open_deliveries=waiting)
            continue
        if target.no_day:
            yield WouldBe(edition=edition, no_day=True, open_deliveries=waiting)
            continue
        if existing is not None and existing.state in _SETTLED:
            yield WouldBe(edition=existing, repeated=True, open_deliveries=waiting, next_due=target.next_due)
            continue
        prepared = prepare(spec, context, at=moment, day=target.name, preview=True)
        sends = bool(prepared.digest.entries or prepared.digest.headlines) or spec.when_empty != "skip"
        gone = unreachable(context.store, spec.name)
        sends = sends and not prepared.no_feed_readable
        yield WouldBe(
            edition=prepared.edition,
            no_feed_readable=prepared.no_feed_readable,
            stories=len(prepared.digest.entries) + len(prepared.digest.headlines),
            sends=sends,
            recipients=tuple(to for to in spec.recipients if to not in gone) if sends else (),
            open_deliveries=waiting,
        )
