"""An edition made again, say after a topic was mended: its own items under today's settings, with delivery keys of its own.

Its window and its items stay what they were: what came in since belongs to the next edition, which all recipients get.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from ..model import FINAL, Delivery, DeliveryState, Edition, Recipient, calendar_day
from .collecting import collect_for
from .compose import compose
from .context import DigestSpec, EditionContext
from .delivering import deliver_pending
from .pipeline import Outcome, articles_of, draft_from_store, frozen

# What counts as having an edition: whatever arrived, may have arrived, or is still on its way.
_HAS = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.PENDING})
_NOBODY = "everybody has it; with --to ADDRESS or --to all the new revision goes to those who have one, too"
_NO_STORY = "made again it has no story, so nothing was sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Who gets which revision of an edition."""

    number: int  # 0 where the edition has no deliveries yet
    recipients: tuple[Recipient, ...]  # in the order of the digest, then those named

    @classmethod
    def of(
        cls,
        spec: DigestSpec,
        deliveries: Collection[Delivery],
        *,
        newest: int,
        named: Collection[Recipient],
        everybody: bool,
    ) -> Revision:
        """Who has none of the edition yet, and who is named.

        Args:
            spec: the digest.
            deliveries: those of the edition to the digest's recipients, of all revisions.
            newest: the newest revision of any delivery of the edition, -1 where it has none.
            named: who gets it though they have it.
            everybody: as if all recipients of the digest were named.
        """
        have = {one.recipient for one in deliveries if one.state in _HAS}
        wanted = [one for one in spec.recipients if everybody or one in named or one not in have]
        return cls(
            number=newest + 1,
            recipients=tuple(dict.fromkeys([*wanted, *named])),
        )


def make_again(spec: DigestSpec, context: EditionContext, edition: Edition, revision: Revision) -> Outcome:
    """Make a new revision of an edition that was made before, and deliver it; where nobody wants one, only what is open.

    Args:
        spec: the digest, as it is set today.
        context: what it is made with.
        edition: as it is stored, made or empty.
        revision: which one, and who gets it.
    """
    editions = context.store.editions
    if not revision.recipients:
        return Outcome(edition=edition, unsent=_NOBODY, report=deliver_pending(spec, context))
    collected = collect_for(context, at=max(context.clock(), edition.until), since=edition.since)
    draft = draft_from_store(spec, context, context.store.items.used(edition), edition=edition)
    digest = compose(
        spec,
        draft,
        collected=collected,
        articles=articles_of(spec, context, draft),
        summarise=context.summarise,
        progress=context.progress,
    )
    if not (digest.entries or digest.headlines) and spec.when_empty == "skip":
        return Outcome(edition=edition, unsent=_NO_STORY, digest=digest, report=deliver_pending(spec, context))
    deliveries, content = frozen(spec, context, digest, revision.recipients, revision=revision.number)
    before = dict(editions.published(spec.name, since=calendar_day(edition.date) - timedelta(days=1))).get(edition.date)
    editions.revise(edition, content, deliveries, revision=revision.number, made=context.clock())
    never_tried = tuple(replace(one, payload=b"") for one in deliveries if one.state in FINAL)
    report = deliver_pending(spec, context)
    report = replace(report, settled=(*never_tried, *report.settled))
    made = editions.get(spec.name, edition.date) or edition
    return Outcome(edition=made, digest=digest, report=report, revision=revision.number, unchanged=content == before)
