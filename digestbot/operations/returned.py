"""What `serve` does with the mails that come back: now and then it reads the mailbox, and does what follows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ..app.returned import mailbox_of
from ..app.token_keys import token_keys
from ..deliver.patience import steady_seconds
from ..edition.failures import failure_in_words
from ..errors import DeliveryError, DigestbotError, PermanentFailure, Stopped
from ..model import ReturnedMail
from ..ports import ReturnedMailbox, ReturnedMails, Store, Suppressor
from ..settings import Loaded
from ..subscribers.returned import follow_up, read_returned
from .list_health import SUBJECT
from .wishes import Wishes

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
    _refused: bool = field(default=False, init=False)  # somebody has to mend it
    _broken: str = field(default="", init=False)  # why the last round ended before its end

    def take(self, *, now: datetime, told: Callable[[], bool]) -> dict[str, str]:
        """Do a round, and say what an operator should know, by subject. Whatever happens in it, others have their turn.

        Args:
            now: the time.
            told: whether an alert of it is open already, asked where there is a problem. A single short outage is none; after one that was told it goes on.

        Raises:
            Stopped: everything is to end.
        """
        try:
            self.round(now=now)
        except Stopped:
            raise
        except Exception as error:
            reason = failure_in_words(error)
            if reason != self._broken:  # said when it changes
                trace = None if isinstance(error, DigestbotError) else error
                LOG.error("returned mails: %s", reason, exc_info=trace)  # noqa: TRY400 -- ours says what, which and why
            self._broken = reason
        else:
            self._broken = ""
        lasting = self.problem if self.problem and (self._failed > 1 or self._refused or told()) else ""
        return {SUBJECT: reason} if (reason := self._broken or lasting) else {}

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
            self._refused = isinstance(error, PermanentFailure)
            if self._refused:
                rest = REFUSED_REST
            if str(error) != self.problem:  # said when it changes
                LOG.warning("returned mails cannot be read: %s", error)
            self.problem = str(error)
        else:
            self.problem, self._failed, self._refused = "", 0, False
            if found.mails:
                LOG.info("returned mails: read %d, %d of them new", found.mails, found.kept)
        finally:
            self._again = self.elapsed() + rest.total_seconds()
            mailbox.close()

    def _keep(self, now: datetime) -> Callable[[Iterable[ReturnedMail]], int]:
        return lambda said: self.returned.keep(tuple(said), now=now)


def returned_rounds(
    loaded: Loaded,
    store: Store,
    *,
    clock: Callable[[], datetime],
    elapsed: Callable[[], float],
    stop: Callable[[], bool],
) -> ReturnedRounds:
    """Of a configuration, whether it names a mailbox or only providers call. Connects to nobody yet."""
    keys = token_keys(loaded, store)
    return ReturnedRounds(
        mailbox=mailbox_of(loaded),
        returned=store.returned,
        suppressor=store.suppressions,
        unsubscribe=Wishes(loaded=loaded, store=store, keys=keys, clock=clock).follow,
        secrets=keys,
        stop=stop,
        elapsed=elapsed,
    )
