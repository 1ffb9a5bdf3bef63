"""Whether a message to a channel would be taken, asked beforehand: it is there, not archived, and the bot is in it.

Looking needs scopes of its own. Where the token has none of them nothing is known, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from ...errors import DeliveryError, PermanentFailure
from .address import is_id

# Either of two scopes is enough: whether channels are public or private is the owner's choice.
_PURPOSES: Final[Mapping[tuple[str, str], str]] = {
    ("channels:history", "groups:history"): "to find a post again after a lost answer",
    ("channels:read", "groups:read"): "to see beforehand whether a channel would take it",
}

Ask = Callable[
    [str, Mapping[str, Any]], Iterable[Mapping[str, Any]]
]  # a method and its arguments: the pages of answers


def lacking(scopes: set[str]) -> str:
    """Which scopes to add for what; empty where there is one for everything."""
    return "; ".join(
        f"add the scope {public} ({private} for private channels) {purpose}"
        for (public, private), purpose in _PURPOSES.items()
        if not {public, private} & scopes
    )


def refused(ask: Ask, channel: str, *, scopes: set[str], bot: str) -> DeliveryError | None:
    """Why a message to this channel would be refused; None where it would not be, or nobody tells.

    Args:
        ask: asks Slack; raises a DeliveryError.
        channel: its ID, or its name with #.
        scopes: of the token; empty where Slack does not name them.
        bot: the bot's name with its @.
    """
    try:
        found = _by_id(ask, channel) if is_id(channel) else _by_name(ask, channel)
    except DeliveryError as error:
        # An ID that is none is Slack's own answer; a scope that is missing says nothing about the channel.
        return error if "channel_not_found" in str(error) else None
    if found is None:
        if not {"channels:read", "groups:read"} <= scopes:
            return None  # it may be one that the bot cannot see
        fix = f"check the name, or invite the bot where it is private: /invite {bot} in {channel}"
        return PermanentFailure(f"Slack has no channel {channel} that the bot may see: {fix}")
    if found.get("is_archived"):
        return PermanentFailure(f"{channel} is archived: unarchive it or choose another channel")
    if found.get("is_member") is False and "chat:write.public" not in scopes:
        return PermanentFailure(f"the bot is not in {channel}: invite it there with /invite {bot}")
    return None


def _by_id(ask: Ask, channel: str) -> Mapping[str, Any] | None:
    return next((answer.get("channel") or {} for answer in ask("conversations.info", {"channel": channel})), None)


def _by_name(ask: Ask, channel: str) -> Mapping[str, Any] | None:
    listed: Mapping[str, Any] | None = None
    for types in ("public_channel,private_channel", "public_channel"):
        try:
            for answer in ask("conversations.list", {"types": types, "limit": 200}):
                for one in answer.get("channels") or ():
                    if f"#{one.get('name')}" == channel:
                        listed = one
                        # A name that was archived may be in use again.
                        if not one.get("is_archived"):
                            return listed
        except DeliveryError:
            if types == "public_channel":
                raise
        else:
            return listed
    return listed
