"""How mail to lists stands: who is kept from it, and whether what comes back is read. For `status` and `check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..app.returned import RETURN_PATH_KEY, mailbox_of, return_path
from ..model import SubscriptionState
from ..ports import Store
from ..settings import Loaded
from ..text.counting import counted
from .finding import Finding

SUBJECT: Final = "returned mails"  # of the alert that they cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHealth:
    """Of all lists together."""

    suppressed: int  # addresses
    newest: datetime | None  # when the last of them was suppressed
    mailbox: bool  # whether a mailbox of returned mails is set
    trouble: str  # why `serve` cannot read it

    def line(self) -> str:
        """For people."""
        many = counted(self.suppressed, "address", "addresses")
        the_newest = ", the newest" if self.suppressed > 1 else ""
        suppressed = (
            f"{many} suppressed{the_newest} on {self.newest:%Y-%m-%d}" if self.newest else "no address suppressed"
        )
        if self.trouble:
            return f"{suppressed}; returned mails cannot be read: {self.trouble}"
        return f"{suppressed}; " + ("serve reads returned mails" if self.mailbox else "returned mails are not read")

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        newest = self.newest.isoformat() if self.newest else None
        return {"suppressed": self.suppressed, "newest": newest, "mailbox": self.mailbox, "trouble": self.trouble}


def list_health(loaded: Loaded, store: Store) -> ListHealth | None:
    """None where there are no lists, and nothing that comes back is read. Asks no mailbox: `serve` told what it found."""
    mailbox = mailbox_of(loaded) is not None
    if not (loaded.settings.lists or mailbox):
        return None
    return ListHealth(
        suppressed=store.suppressions.count(),
        newest=store.suppressions.newest(),
        mailbox=mailbox,
        trouble=store.alerts.open_alerts().get(SUBJECT, "") if mailbox else "",
    )


def readers(store: Store, *, now: datetime) -> dict[str, int]:
    """How many are active in each list, whether the configuration names it or not; one of two lists counts twice."""
    counts = store.subscribers.counts(now=now)
    return {name: number for (name, state), number in counts.items() if state is SubscriptionState.ACTIVE}


def list_advice(loaded: Loaded, active: Mapping[str, int]) -> Iterator[Finding]:
    """What mail to so many readers lacks, and who is in a list that gets nothing any more."""
    for name, orphans in active.items():
        if name not in loaded.settings.lists:
            yield Finding(
                level="warning",
                key=f"DIGESTBOT_LISTS__{name.upper()}",
                reason=f"is not set, and {counted(orphans, 'active reader')} read it: they get nothing",
                fix="name the list again, or export its readers and import them into another one",
            )
    number = sum(orphans for name, orphans in active.items() if name in loaded.settings.lists)
    if not number:
        return
    have = f"lists have {counted(number, 'reader')}"
    if not return_path(loaded) and mailbox_of(loaded) is None:
        reason = f"is not set, and {have}: nobody learns which addresses are gone, and mail providers count that"
        yield Finding(
            level="hint",
            key=RETURN_PATH_KEY,
            reason=reason,
            fix="write the address of a mailbox for what comes back",
        )
    if not loaded.settings.web.url:
        reason = f"is not set, and {have}: their mails have no unsubscribe by one click (https), only by a mail"
        yield Finding(level="hint", key="DIGESTBOT_WEB__URL", reason=reason, fix="see `digestbot help site`")
