"""What is open of a digest, delivered; and who is sent no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..deliver import DeliveryReport, deliver, suppressed_recipients
from ..model import EditionState, Recipient
from ..ports import Channel, Store
from .context import DigestSpec, EditionContext


def deliver_open(context: EditionContext, channels: Mapping[str, Channel], **which: Any) -> DeliveryReport:
    """Work off what is open, with what the context has; `which` as `deliver` has it."""
    return deliver(
        context.store.outbox,
        channels,
        now=context.clock,
        sleep=context.sleep,
        claim_timeout=context.claim_timeout,
        stop=context.stop,
        channel_backoff=context.channel_backoff,
        words=context.words,
        accounts=context.store.accounts,
        **{"max_wait": context.max_wait, **which},
    )


def deliver_pending(spec: DigestSpec, context: EditionContext) -> DeliveryReport:
    """Deliver what is still open of a digest, whichever edition it belongs to."""
    editions, outbox = context.store.editions, context.store.outbox
    context.progress.stage("deliver", total=sum(outbox.count_open(digest=spec.name).values()))
    report = deliver_open(context, context.channels, digest=spec.name, progress=context.progress)
    # Read again after delivering, because another process may have ended some of them.
    still_open = outbox.count_open(digest=spec.name)
    context.progress.done(sent=report.sent_count, open=sum(still_open.values()))
    for edition in editions.history(spec.name):
        if edition.state is EditionState.READY and edition.date not in still_open:
            editions.set_state(spec.name, edition.date, EditionState.DONE)
    return report


def unreachable(store: Store, digest: str) -> Mapping[Recipient, str]:
    """Recipients that no new edition is sent to, and why: earlier ones failed there for good."""
    # Skipped and missed editions asked no address, so they neither prove nor disprove that it is gone.
    sent = (EditionState.READY, EditionState.DONE)
    days = [edition.date for edition in store.editions.history(digest) if edition.state in sent]
    return suppressed_recipients(store.outbox, digest, days)
