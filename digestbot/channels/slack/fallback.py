"""What Slack refuses for its content is posted in ever plainer forms, which follow from the frozen bytes alone.

An image that Slack cannot fetch makes it refuse the message whole (slackapi/python-slack-sdk#1782), and the total
length of blocks it takes is not documented (slackapi/bolt-js#2867).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ...errors import ContentRejected
from ...model import Recipient

_SHORTENED: Final = "Shortened: Slack refused the whole message as too long or malformed."

_log = logging.getLogger(__name__)


def post_plainer(arguments: Mapping[str, Any], post: Callable[[Mapping[str, Any]], str], to: Recipient) -> str:
    """Post a message; whenever its content is refused, once more in a plainer form. Returns what `post` returned.

    Raises:
        ContentRejected: no form was taken; the reason is that of the first.
        DeliveryError: whatever else `post` raised.
    """
    rejected: ContentRejected | None = None
    for form in _plainer_and_plainer(arguments):
        try:
            remote = post(form)
        except ContentRejected as error:
            rejected = rejected or error
            continue
        if rejected:
            _log.warning("posted to %s in a plainer form: %s", to, rejected)
        return remote
    raise rejected or ContentRejected("nothing to post")


def _plainer_and_plainer(arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """As frozen; without images; the first half of the blocks; the text alone."""
    yield arguments
    blocks = arguments.get("blocks") or []
    plain = [_without_accessory(block) for block in blocks if block.get("type") != "image"]
    if plain != blocks:
        yield {**arguments, "blocks": plain}
    if len(plain) > 2:
        note = {"type": "context", "elements": [{"type": "plain_text", "text": _SHORTENED, "emoji": False}]}
        yield {**arguments, "blocks": [*plain[: len(plain) // 2], note]}
    if blocks:
        yield {key: value for key, value in arguments.items() if key != "blocks"}


def _without_accessory(block: Mapping[str, Any]) -> Mapping[str, Any]:
    if (block.get("accessory") or {}).get("type") != "image":
        return block
    return {key: value for key, value in block.items() if key != "accessory"}
