"""A digest as one ntfy message: the JSON that publishes it, within the server's limit."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ...model import Message
from ...text.sanitise import one_line, sanitise, shorten
from . import markdown

_MAX_TITLE_CHARACTERS: Final = 250
# ntfy reads such JSON up to twice its limit for messages (transformBodyJSON in its server.go).
_JSON_FACTOR: Final = 2
_MAX_FILLED_BYTES: Final = 200  # of what `fill` adds: a topic of 64 characters, a key, their names


def body(message: Message, *, limit: int, priority: int, tags: Sequence[str]) -> bytes:
    """The JSON of a digest for any topic; `fill` names one. The same values give the same bytes.

    Args:
        message: the digest in every form.
        limit: bytes of text that the server takes as a message.
        priority: 1 (lowest) to 5 (highest).
        tags: words, or names of emoji, that the apps show with the title.
    """
    has_stories = bool(message.digest.entries or message.digest.headlines)
    fixed: dict[str, Any] = {
        "title": shorten(one_line(message.subject or message.digest.title), _MAX_TITLE_CHARACTERS),
        "priority": priority,
        "markdown": has_stories,
    }
    if tags:
        fixed["tags"] = list(tags)
    if address := _public_address(message):
        fixed["click"] = address

    def written(text: str) -> bytes:
        return _json({**fixed, "message": text})

    def fits(text: str) -> bool:
        # Below the limit, not at it: most servers take a text of exactly the limit for a file (util.Peek in ntfy).
        return len(text.encode()) < limit and len(written(text)) + _MAX_FILLED_BYTES <= _JSON_FACTOR * limit

    return written(markdown.body(message.digest, fits) if has_stories else _first_lines(message.text, fits))


def fill(body: bytes, *, topic: str, key: str) -> bytes:
    """The request that publishes a body to a topic, under a delivery's key."""
    arguments = json.loads(body)
    if "topic" in arguments:
        return body
    # ntfy 2.16 and later gives `sequence_id` back in every poll and shows it to nobody; a tag would be read by
    # everybody. Its apps replace a notification by a later one of the same id, so that a second copy, should there
    # ever be one, does not show twice. Servers before 2.16 drop it: there the text itself is looked for.
    return _json({"topic": topic, **arguments, "sequence_id": key})


def _json(arguments: Mapping[str, Any]) -> bytes:
    return json.dumps(arguments, ensure_ascii=False, separators=(",", ":")).encode()


def _public_address(message: Message) -> str:
    """Where a tap on the notification leads: to the digest's own page, once editions have a public address.

    Until then it is empty, and a tap opens the ntfy app.
    """
    del message
    return ""


def _first_lines(text: str, fits: Callable[[str], bool]) -> str:
    """As many whole lines of a plain text as fit: an alert, or a day without news. Of a single long line its beginning."""
    lines = sanitise(text).split("\n")
    if fits("\n".join(lines)):
        return "\n".join(lines)
    if kept := bisect_left(range(1, len(lines)), 1, key=lambda count: not fits("\n".join((*lines[:count], "…")))):
        return "\n".join((*lines[:kept], "…"))
    width = len(lines[0])
    while width > 1 and not fits(shorten(lines[0], width)):
        width = width * 9 // 10
    return shorten(lines[0], width)
