"""What operators did at the admin pages, who is signed in there, and what they decided about the next editions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that an operator did."""

    number: int = 0  # the order in which they were done; 0 until it is kept
    at: datetime
    who: str  # as the trusted header names them; "operator" where there is none
    deed: str  # a few words: "cancelled a delivery"
    subject: str = ""  # to what
    detail: str = ""  # a line more


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in."""

    key: str  # a fingerprint of what the browser shows
    who: str
    until: datetime


class ChoiceKind(StrEnum):
    """What an operator may decide about an edition before it goes."""

    MUTE = "mute"  # a story is left out
    PIN = "pin"  # it stands first
    MOVE = "move"  # it stands under another topic
    HOLD = "hold"  # nothing goes out until it is released
    NOW = "now"  # it goes at once


ORDERS = frozenset({ChoiceKind.HOLD, ChoiceKind.NOW})  # about when an edition goes, not about a story of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A decision about what a digest tells next. One about a story names the items it had then: they are used up with it."""

    number: int = 0  # the order in which they were made; 0 until it is kept
    digest: str
    kind: ChoiceKind
    items: tuple[str, ...] = ()  # ids of the items of the story; none where it is about no story
    topic: str = ""  # the name of the one it was moved to
    title: str = ""  # of the story then
    at: datetime
    who: str
