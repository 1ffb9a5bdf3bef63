"""The values that the stages hand on: Feed, Item, Story, Summary, Digest, Message, Delivery, and Failure anywhere.

Frozen, with tuples inside. Every datetime is aware and in UTC; every date is local to its digest.
"""

from .delivery import FINAL, Delivery, DeliveryState, Edition, EditionState, Recipient
from .digest import (
    ELSEWHERE,
    LEAD,
    MORNING,
    PINNED,
    TOP_STORIES,
    Counts,
    Digest,
    Entry,
    Fact,
    Failure,
    Message,
    Score,
    ScorePart,
    Section,
    Sentence,
    Source,
    Summary,
    TranslatableText,
)
from .edition_date import EditionDate, calendar_day, is_of, parse_edition
from .items import Feed, FeedKind, FeedState, Item, Kind, Story

__all__ = [
    "ELSEWHERE",
    "FINAL",
    "LEAD",
    "MORNING",
    "PINNED",
    "TOP_STORIES",
    "Counts",
    "Delivery",
    "DeliveryState",
    "Digest",
    "Edition",
    "EditionDate",
    "EditionState",
    "Entry",
    "Fact",
    "Failure",
    "Feed",
    "FeedKind",
    "FeedState",
    "Item",
    "Kind",
    "Message",
    "Recipient",
    "Score",
    "ScorePart",
    "Section",
    "Sentence",
    "Source",
    "Story",
    "Summary",
    "TranslatableText",
    "calendar_day",
    "is_of",
    "parse_edition",
]
