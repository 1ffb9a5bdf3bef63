"""What `serve` does with the mails that come back: now and then it reads the mailbox, and does what follows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ..deliver.patience import steady_seconds
from ..errors import DeliveryError, PermanentFailure
from ..model import ReturnedMail
from ..ports import ReturnedMailbox, ReturnedMails, Suppressor
from ..subscribers.returned import follow_up, read_returned

LOG = logging.getLogger("digestbot")
EVERY: Final = timedelta(minutes=5)
# A mailbox that is away rests twice as long each time; one that refused the password for an hour, before it locks the account.
MAX_REST: Final = timedelta(minutes=40)
REFUSED_REST: Final = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class ReturnedRounds:
    """Of one daemon, with one configuration."""

    mailbox: ReturnedMailbox | None  # None where only providers call
    returned: ReturnedMails
    suppressor: Suppressor
    unsubscribe: Callable[[ReturnedMail], object]
    secrets: Iterable[bytes]  # the keys of the MACs in our return paths
    stop: Callable[[], bool] = lambda: False
    elapsed: Callable[[], float] = steady_seconds  # seconds by a clock that cannot be set
    problem: str = ""  # why the mailbox cannot be read, for an alert
    _again: float | None = field(default=None, init=False)
    _failed: int = field(default=0, init=False)  # rounds in a row

    def round(self, *, now: datetime) -> None:
        """Read what is there, where it is time to, and do what follows from what is kept.

        Raises:
            StoreError: it could not be kept; the next round reads it again.
        """
        if self.mailbox is not None and (self._again is None or self.elapsed() >= self._again):
            self._read(self.mailbox, now)
        if self.stop():
            return
        for one in follow_up(self.returned, self.suppressor, unsubscribe=self.unsubscribe, now=now):
            LOG.warning("nothing is sent to %s any more: %s", one.address, one.reason)

    def _read(self, mailbox: ReturnedMailbox, now: datetime) -> None:
        rest = EVERY
        try:
            found = read_returned(mailbox, keep=self._keep(now), secrets=self.secrets, now=now, stop=self.stop)
        except DeliveryError as error:
            self._failed += 1
            rest = min(EVERY * 2 ** (self._failed - 1), MAX_REST)
            if isinstance(error, PermanentFailure):
                rest = REFUSED_REST
            if str(error) != self.problem:  # said when it changes
                LOG.warning("returned mails cannot be read: %s", error)
            self.problem = str(error)
        else:
            self.problem, self._failed = "", 0
            if found.mails:
                LOG.info("returned mails: read %d, %d of them new", found.mails, found.kept)
        finally:
            self._again = self.elapsed() + rest.total_seconds()
            mailbox.close()

    def _keep(self, now: datetime) -> Callable[[Iterable[ReturnedMail]], int]:
        return lambda said: self.returned.keep(tuple(said), now=now)
