"""The values that the stages hand on: Feed, Item, Story, Summary, Digest, Message, Delivery, and Failure anywhere.

Beside them stands who reads: Subscriber, Subscription, Suppression.

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
from .returned import ReturnedMail, ReturnKind
from .subscribers import (
    Consent,
    Frequency,
    Reader,
    Refusal,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)

__all__ = [
    "ELSEWHERE",
    "FINAL",
    "LEAD",
    "MORNING",
    "PINNED",
    "TOP_STORIES",
    "Consent",
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
    "Frequency",
    "Item",
    "Kind",
    "Message",
    "Reader",
    "Recipient",
    "Refusal",
    "ReturnKind",
    "ReturnedMail",
    "Score",
    "ScorePart",
    "Section",
    "Sentence",
    "Source",
    "Story",
    "Subscriber",
    "Subscription",
    "SubscriptionState",
    "Summary",
    "Suppression",
    "TranslatableText",
    "calendar_day",
    "is_of",
    "parse_edition",
]
