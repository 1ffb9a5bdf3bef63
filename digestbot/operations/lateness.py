"""What readers are told of an edition that comes late."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..edition.context import DigestSpec
from ..render import sent_late

LATE_AFTER = timedelta(minutes=15)  # rounds of half a minute and slow feeds explain less; readers wonder about more


def lateness(now: datetime, due: datetime, spec: DigestSpec) -> tuple[str, ...]:
    """A sentence for its head; none where it is hardly late."""
    if now - due < LATE_AFTER:
        return ()
    return (sent_late(now, due, timezone=spec.timezone, language=spec.language),)
