"""What stands in one reader's mail alone: where it comes back to, and the word by which they leave the list."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from ..model import LIST_CHANNEL, Delivery, MailingList, ReaderWords
from ..ports import Store
from ..settings import WEEKDAYS, DigestSettings, ListSettings, Loaded, is_weekly, split_lists
from ..subscribers.mac import key_name
from ..subscribers.tokens import unsubscribe_token
from ..subscribers.verp import Purpose, address_for
from ..text.setting_names import as_title
from .returned import return_path
from .token_keys import token_keys


def words_for(loaded: Loaded, store: Store) -> Callable[[Delivery], ReaderWords | None]:
    """How these words are made with a configuration: of a key, the delivery's and its subscriber alone, each time the same."""
    box = return_path(loaded)
    keys = cache(lambda: {key_name(key): key for key in token_keys(loaded, store)})

    def words(delivery: Delivery) -> ReaderWords | None:
        if delivery.recipient.channel != LIST_CHANNEL or not (box or delivery.subscriber):
            return None
        return made(delivery, next(iter(keys())))

    def made(delivery: Delivery, name: str) -> ReaderWords | None:
        if (key := keys().get(name)) is None:
            return None
        return ReaderWords(
            return_path=address_for(box, delivery.key, key) if box else "",
            unsubscribe=address_for(box, delivery.key, key, Purpose.UNSUBSCRIBE) if box else "",
            token=unsubscribe_token([key], delivery.subscriber, delivery.list) if delivery.subscriber else "",
            key=name,
            with_key=partial(made, delivery),
        )

    return words


def words_key(loaded: Loaded, store: Store) -> Callable[[], str]:
    """The name of the key in use, which is kept with the bytes of an edition; of a configuration that needs none, none."""
    if not (return_path(loaded) or loaded.settings.lists):
        return lambda: ""
    return cache(lambda: key_name(token_keys(loaded, store)[0]))


def lists_of(loaded: Loaded, digest: DigestSettings) -> tuple[MailingList, ...]:
    """The lists that a digest goes to."""
    return tuple(mailing_list(loaded, name) for name in split_lists(digest.to)[1] if name in loaded.settings.lists)


def mailing_list(loaded: Loaded, name: str) -> MailingList:
    """A list of the configuration; of one that it names no more, what its readers' pages need."""
    one = loaded.settings.lists.get(name) or ListSettings()
    weekly = is_weekly(f"{name}_weekly", loaded.settings) and one.weekly
    return MailingList(
        name=name,
        title=one.title or as_title(name),
        sender=one.sender,
        reply_to=one.reply_to,
        url=loaded.settings.web.url,
        weekly=WEEKDAYS.index(weekly) if weekly else None,
    )


def digests_of(loaded: Loaded, name: str) -> tuple[DigestSettings, ...]:
    """The digests that a list receives, as they stand in the configuration."""
    return tuple(digest for digest in loaded.digests.values() if name in split_lists(digest.to)[1])


def topics_of(loaded: Loaded, name: str) -> dict[str, str]:
    """The topics that a list's readers can choose from: their titles by their names."""
    known = loaded.settings.topics
    wanted = {topic: None for digest in digests_of(loaded, name) for topic in (digest.topics or known)}
    return {topic: known[topic].title or as_title(topic) for topic in wanted if topic in known}


def language_of(loaded: Loaded, name: str) -> str:
    """In which language a list speaks: that of its first digest."""
    return next((digest.language for digest in digests_of(loaded, name)), "en")
