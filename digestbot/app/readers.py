"""What stands in one reader's mail alone: where it comes back to, and the word by which they leave the list."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ..model import LIST_CHANNEL, Delivery, MailingList, ReaderWords
from ..ports import Store
from ..settings import DigestSettings, Loaded, split_lists
from ..subscribers.tokens import unsubscribe_token
from ..subscribers.verp import Purpose, address_for
from .returned import return_path
from .token_keys import token_keys

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def words_for(loaded: Loaded, store: Store) -> Callable[[Delivery], ReaderWords | None]:
    """How these words are made with a configuration: of the delivery's key and subscriber alone, each time the same."""
    box = return_path(loaded)
    keys = cache(lambda: token_keys(loaded, store))

    def words(delivery: Delivery) -> ReaderWords | None:
        if delivery.recipient.channel != LIST_CHANNEL or not (box or delivery.subscriber):
            return None
        token = unsubscribe_token(keys(), delivery.subscriber, delivery.list) if delivery.subscriber else ""
        if not box:
            return ReaderWords(token=token)
        return ReaderWords(
            return_path=address_for(box, delivery.key, keys()[0]),
            unsubscribe=address_for(box, delivery.key, keys()[0], Purpose.UNSUBSCRIBE),
            token=token,
        )

    return words


def lists_of(loaded: Loaded, digest: DigestSettings) -> tuple[MailingList, ...]:
    """The lists that a digest goes to."""
    settings = loaded.settings
    return tuple(
        MailingList(
            name=name,
            title=one.title or name.replace("_", " ").capitalize(),
            sender=one.sender,
            reply_to=one.reply_to,
            url=settings.web.url,
            weekday=_WEEKDAYS.index(one.weekly or "sat"),
        )
        for name in split_lists(digest.to)[1]
        if (one := settings.lists.get(name)) is not None
    )
