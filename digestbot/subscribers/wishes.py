"""Who leaves which lists, as a mail or a provider's call asks for it: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .tokens import read_unsubscribe_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Who leaves, and what."""

    subscriber: int  # the id
    lists: tuple[str, ...]


def leaving(
    token: str, *, proven: bool, subscriber: int, lists: Iterable[str], known: Iterable[str], keys: Sequence[bytes]
) -> Leaving | None:
    """Who leaves which lists; None where nothing proves that anybody wants to, or where it is about no list.

    Args:
        token: the word after "unsubscribe". One of ours names reader and list by itself, whoever sends it.
        proven: whether the delivery is known for certain that the wish is about.
        subscriber: whom that delivery was for; 0 where it was for no reader of a list.
        lists: the lists that it was for.
        known: every list that a token may be about.
        keys: of tokens, those in use.
    """
    for name in known:
        who = read_unsubscribe_token(token, keys, name)
        if isinstance(who, int):
            return Leaving(subscriber=who, lists=(name,))
    left = tuple(lists)
    return Leaving(subscriber=subscriber, lists=left) if proven and subscriber and left else None
