"""The tokens of a reader's links: who they are about, until when they are good, and that we made them.

Each names its subscriber; the list stands elsewhere in the link, and is part of what the token was made for. One for another
list, subscriber, deed or time is another word, which only the key makes (`mac.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from .mac import mac, matches

_UNSUBSCRIBE: Final = "unsubscribe"
_PLAIN = re.compile(r"([1-9][0-9]{0,18})\.([A-Za-z0-9_-]{22})")
_TIMED = re.compile(r"([1-9][0-9]{0,18})\.([0-9a-f]{1,10})\.([A-Za-z0-9_-]{22})")


class TimedDeed(StrEnum):
    """What a link is for that is good for a time alone."""

    CONFIRM = "confirm"
    UNDO = "undo"  # an unsubscription
    MOVE_FROM = "move from"  # this address to another one
    MOVE_TO = "move to"  # this address, which the old one has agreed to


LIFETIMES: Final = {
    TimedDeed.CONFIRM: timedelta(hours=48),
    TimedDeed.UNDO: timedelta(days=7),
    TimedDeed.MOVE_FROM: timedelta(hours=48),
    TimedDeed.MOVE_TO: timedelta(hours=48),
}


class TokenProblem(StrEnum):
    """Why a token is not taken."""

    WRONG = "wrong"  # we did not make it, or for something else
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token says that is taken."""

    subscriber: int
    made: datetime  # to the second


def unsubscribe_token(keys: Sequence[bytes], subscriber: int, name: str) -> str:
    """For the links of a list's mails; good for ever, or for as long as its key is in use. 33 characters at most for a million readers.

    Args:
        keys: those in use, the newest first.
        subscriber: the id.
        name: the list.
    """
    return f"{subscriber}.{mac(keys[0], _UNSUBSCRIBE, str(subscriber), name)}"


def read_unsubscribe_token(word: str, keys: Sequence[bytes], name: str) -> int | TokenProblem:
    """The id of the subscriber that such a token was made for."""
    match = _PLAIN.fullmatch(word)
    if match is None or not matches(match[2], keys, _UNSUBSCRIBE, match[1], name):
        return TokenProblem.WRONG
    return int(match[1])


def timed_token(keys: Sequence[bytes], deed: TimedDeed, subscriber: int, name: str, *, now: datetime) -> str:
    """For a link that is good for a time; the arguments as of `unsubscribe_token`."""
    made = f"{int(now.timestamp()):x}"
    return f"{subscriber}.{made}.{mac(keys[0], deed.value, str(subscriber), name, made)}"


def read_timed_token(
    word: str, keys: Sequence[bytes], deed: TimedDeed, name: str, *, now: datetime
) -> Token | TokenProblem:
    """Whom such a token is about, and when it was made.

    Where the clock has been set back since it was made it is taken all the same, as far ahead as it would have been good: who
    has it did nothing wrong. Made still further ahead it would live for as long as that clock was wrong, and is not taken.
    """
    match = _TIMED.fullmatch(word)
    if match is None or not matches(match[3], keys, deed.value, match[1], name, match[2]):
        return TokenProblem.WRONG
    made = datetime.fromtimestamp(int(match[2], 16), UTC)
    if abs(now - made) >= LIFETIMES[deed]:
        return TokenProblem.EXPIRED
    return Token(subscriber=int(match[1]), made=made)
