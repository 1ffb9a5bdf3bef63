"""What becomes of a wish to unsubscribe that came back by mail, or that a mail provider tells of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ..model import Reader, ReturnedMail, Subscription
from ..ports import Store
from ..settings import Loaded, split_lists
from ..subscribers.changes import unsubscribe
from ..subscribers.wishes import Leaving, leaving
from ..text.mail_addresses import AddressError
from ..text.sanitise import one_line

LOG = logging.getLogger("digestbot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Follows wishes to unsubscribe, with one configuration."""

    loaded: Loaded
    store: Store
    keys: Sequence[bytes]  # of tokens, those in use
    clock: Callable[[], datetime]

    def follow(self, wish: ReturnedMail) -> None:
        """Unsubscribe whom it is proven to be of; say of every other one what an operator can do.

        Raises:
            StoreError: it could not be kept. To follow it again does no harm.
        """
        who = one_line(wish.recipient or wish.address) or "somebody"
        rows = self.store.outbox.by_keys([f"{wish.key}-0"]) if wish.proven and wish.key else ()
        sent = next((row for row in rows if row.subscriber), None)
        reader = None if sent else self._reader(wish)
        asked = leaving(
            wish.token,
            proven=wish.proven,
            subscriber=sent.subscriber if sent else reader.subscriber.id if reader else 0,
            lists=(sent.list,) if sent else self._lists(wish, reader),
            known=self.loaded.settings.lists,
            keys=self.keys,
        )
        if asked is not None:
            self._leave(asked, who)
        elif wish.proven:
            about = f"more of {wish.digest}" if wish.digest else "more mail"
            LOG.warning("%s wants no %s and reads no list of it: see to the digest's TO", who, about)
        else:
            LOG.warning(
                "unsubscribe: a mail from %s asks for it, and nothing proves that it is theirs: nothing was changed; "
                "to do it: digestbot subscribers remove",
                who,
            )

    def _leave(self, asked: Leaving, who: str) -> None:
        for name in asked.lists:
            done = self.store.subscribers.change(asked.subscriber, name, partial(unsubscribe, now=self.clock()))
            if isinstance(done, Subscription):
                LOG.info("unsubscribed subscriber %d (asked by %s) from %s", asked.subscriber, who, name)

    def _reader(self, wish: ReturnedMail) -> Reader | None:
        try:
            return self.store.subscribers.find(wish.recipient or wish.address) if wish.proven else None
        except AddressError:
            return None

    def _lists(self, wish: ReturnedMail, reader: Reader | None) -> tuple[str, ...]:
        """Those of the digest that the reader was in; all of theirs where it is not known what they were sent."""
        theirs = tuple(one.list for one in reader.subscriptions) if reader else ()
        digest = self.loaded.digests.get(wish.digest)
        if digest is None:
            return theirs
        of_digest = split_lists(digest.to)[1]
        return tuple(name for name in theirs if name in of_digest)
