"""What other programs call the states of their readers, in words and columns; and what that is here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..model import SubscriptionState

_WORDS: Final[Mapping[SubscriptionState, str]] = {
    # listmonk: enabled. Mailchimp: subscribed. Buttondown: regular, premium, gifted, trialed, churning, past_due. Mailman: enabled.
    SubscriptionState.ACTIVE: "active enabled subscribed confirmed regular premium gifted trialed churning past_due paid comped yes true",
    # Buttondown's unpaid and churned still wait for something.
    SubscriptionState.PENDING: "pending unconfirmed unactivated not_confirmed nonsubscribed non_subscribed transactional unpaid churned waiting",
    SubscriptionState.PAUSED: "paused by_user nomail vacation",
    SubscriptionState.UNSUBSCRIBED: "unsubscribed disabled removed archived inactive deleted opted_out optout opt_out unsub blocked "
    "by_moderator no false",
    # listmonk: blocklisted. Mailchimp: cleaned. Mailman: by_bounces.
    SubscriptionState.SUPPRESSED: "suppressed blocklisted blacklisted bounced bouncing hard_bounced cleaned undeliverable complained complaint "
    "spam spammy by_bounces invalid",
}
_STATES: Final = {word: state for state, words in _WORDS.items() for word in words.split()}
# What Mailchimp calls its files: the rows of these tell no state of their own.
_FILES: Final = (
    ("nonsubscribed", SubscriptionState.PENDING),
    ("unsubscribed", SubscriptionState.UNSUBSCRIBED),
    ("cleaned", SubscriptionState.SUPPRESSED),
)


def state_named(word: str) -> SubscriptionState | None:
    """The state that a word of another program, or of our own export, stands for; None for one that is not known."""
    return _STATES.get(plain_name(word))


def state_of_file(name: str) -> SubscriptionState | None:
    """The state of everybody in a file of this name; None where it tells nothing."""
    return next((state for word, state in _FILES if word in plain_name(name)), None)


def plain_name(text: str) -> str:
    """`E-Mail Address` and `email_address` are one."""
    return re.sub(r"[\W_]+", "_", text.strip().casefold()).strip("_")
