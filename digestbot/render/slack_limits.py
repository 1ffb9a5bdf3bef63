"""Slack's limits on a chat.postMessage, and the smaller budget that digestbot keeps to.

Lengths count as Slack stores a text: after `&`, `<` and `>` are escaped, and by the greater of code points and UTF-16
units, because Slack does not document which of the two it counts. The numbers are those of docs.slack.dev's pages on
chat.postMessage and Block Kit. The total over all blocks is not documented: it is the smallest that was reported as
refused (slackapi/bolt-js#2867).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

BLOCKS: Final = 50
ATTACHMENTS: Final = 100
# Slack cuts `text` here. It recommends at most 4,000 characters, which BUDGET_FALLBACK keeps to.
FALLBACK: Final = 40_000
# One less than the message that was refused: 11,341 characters and 17,694 bytes, in 45 blocks. So it was not the number
# of blocks, and which of the two figures it was is not known.
TOTAL_TEXT: Final = 11_340
TOTAL_BYTES: Final = 17_693
MARKDOWN_TOTAL: Final = 12_000
BLOCK_ID: Final = 255
URL: Final = 3_000

# What digestbot allows itself. The room below the limits is for what Slack counts otherwise than documented.
# The largest message reported as accepted had 9,597 characters and 15,561 bytes in 50 blocks (the same issue).
BUDGET_BLOCKS: Final = 45
BUDGET_TEXT: Final = 9_000
BUDGET_BYTES: Final = 14_000
BUDGET_FALLBACK: Final = 3_900

HEADER: Final = 150
SECTION: Final = 3_000
CONTEXT_ELEMENT: Final = 3_000

# Rich text is not among them: no limit is documented for one of its texts, they count in the totals alone.
_TEXTS: Final[Mapping[str, Mapping[str, int]]] = {
    "section": {"text": SECTION},
    "header": {"text": HEADER},
    "image": {"image_url": URL, "alt_text": 2_000, "title": 2_000},
    "button": {"text": 75, "url": URL, "value": 2_000},
    "markdown": {"text": MARKDOWN_TOTAL},
    "card": {"title": 150, "subtitle": 150, "body": 200, "subtext": 200},
    "container": {"title": 150, "subtitle": 150},
    "link": {"url": URL},
}
_LISTS: Final[Mapping[str, Mapping[str, int]]] = {
    "section": {"fields": 10},
    "context": {"elements": 10},
    "actions": {"elements": 25},
    "card": {"actions": 3},
    "carousel": {"elements": 10},
    "container": {"child_blocks": 10},
    "table": {"rows": 100},
    "data_table": {"rows": 201},
}
_ENTRIES: Final[Mapping[tuple[str, str], int]] = {
    ("section", "fields"): 2_000,
    ("context", "elements"): CONTEXT_ELEMENT,
}
_REQUIRED: Final[Mapping[str, str]] = {
    "header": "text",
    "context": "elements",
    "rich_text": "elements",
    "image": "alt_text",
    "markdown": "text",
    "carousel": "elements",
    "container": "child_blocks",
    "table": "rows",
    "data_table": "rows",
    "actions": "elements",
}
BLOCK_TYPES: Final = frozenset({"section", "divider", "card", *_REQUIRED})
_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_TEXT_KEYS: Final = frozenset({"text", "alt_text"})
_TABLE_COLUMNS: Final = 20
_DATA_TABLE_TEXT: Final = 20_000


def escape(text: str) -> str:
    """Slack's escaping: exactly `&`, `<` and `>` (docs.slack.dev, "Formatting message text")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def length(text: str) -> int:
    """Characters as Slack may count them."""
    return len(text) if text.isascii() else max(len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2)


def text_total(blocks: Sequence[Mapping[str, Any]]) -> int:
    """Characters of every text in the blocks, escaped."""
    return sum(_size(text) for text in _texts(blocks))


def json_bytes(blocks: Sequence[Mapping[str, Any]]) -> int:
    """UTF-8 bytes of the blocks as compact JSON."""
    # An owner's template may print half a surrogate pair: it has to be measured, not to end the rendering.
    return len(_COMPACT(blocks).encode("utf-8", "surrogatepass"))


def problems(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Why Slack would refuse or shorten these chat.postMessage arguments; empty when it would accept them whole."""
    blocks = arguments.get("blocks") or []
    return (
        *_fallback_problems(arguments),
        *_count_problems(blocks, arguments),
        *(problem for at, block in enumerate(blocks) for problem in _block_problems(block, f"block {at}")),
    )


def over_budget(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the arguments exceed digestbot's own budget, which is below Slack's limits."""
    return tuple(f"{value} {what}, budget {most}" for what, value, most in _measured(arguments) if value > most)


def fullness(arguments: Mapping[str, Any]) -> float:
    """The largest share of any budget that the arguments take: they fit up to 1."""
    return max(value / most for _, value, most in _measured(arguments))


def _measured(arguments: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    blocks = arguments.get("blocks") or []
    yield "blocks", len(blocks), BUDGET_BLOCKS
    yield "characters of text", length(str(arguments.get("text", ""))), BUDGET_FALLBACK
    size = json_bytes(blocks)
    yield "bytes of blocks", size, BUDGET_BYTES
    if size <= BUDGET_BYTES:  # else it is clear already, and counting characters takes longest
        yield "characters in blocks", text_total(blocks), BUDGET_TEXT


def _fallback_problems(arguments: Mapping[str, Any]) -> Iterator[str]:
    text = arguments.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "no_text: text is empty, and it is all that notifications and screen readers get"
    elif length(text) > FALLBACK:
        yield f"message_truncated: text has {length(text)} characters, limit {FALLBACK}"


def _count_problems(blocks: Sequence[Mapping[str, Any]], arguments: Mapping[str, Any]) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    # The limit of markdown blocks is for all of a message together: two that are fine alone may be too long.
    markdown = sum(_size(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if len(blocks) > BLOCKS:
        yield f"invalid_blocks: {len(blocks)} blocks, limit {BLOCKS}"
    if len(arguments.get("attachments") or []) > ATTACHMENTS:
        yield f"too_many_attachments: limit {ATTACHMENTS}"
    if markdown > MARKDOWN_TOTAL:
        yield f"msg_blocks_too_long: markdown blocks hold {markdown} characters, limit {MARKDOWN_TOTAL}"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "invalid_attachments: more than one table"
    if len(set(ids)) < len(ids):
        yield "invalid_blocks: a block_id is used twice"
    if text_total(blocks) > TOTAL_TEXT or json_bytes(blocks) > TOTAL_BYTES:
        yield f"msg_blocks_too_long: {text_total(blocks)} characters, {json_bytes(blocks)} bytes in all blocks"


def _block_problems(block: Mapping[str, Any], where: str) -> Iterator[str]:
    kind = block.get("type")
    if kind not in BLOCK_TYPES:
        yield f"invalid_blocks: {where} has the unknown type {kind!r}"
        return
    if length(str(block.get("block_id") or "")) > BLOCK_ID:
        yield f"invalid_blocks: {where}: block_id is longer than {BLOCK_ID}"
    if kind == "section" and not (block.get("text") or block.get("fields")):
        yield f"invalid_blocks: {where}: a section needs text or fields"
    if kind == "header" and _kind(block.get("text")) != "plain_text":
        yield f"invalid_blocks: {where}: a header's text is plain_text"
    if kind in {"table", "data_table"}:
        yield from _table_problems(block, where)
    for part in _parts(block):
        yield from _part_problems(part, where)
        yield from _list_problems(part, where)


def _part_problems(part: Mapping[str, Any], where: str) -> Iterator[str]:
    kind = str(part.get("type"))
    if kind in _REQUIRED and not part.get(_REQUIRED[kind]):
        yield f"invalid_blocks: {where}: {kind} without {_REQUIRED[kind]}"
    if kind in {"text", "mrkdwn", "plain_text"} and not part.get("text"):
        yield f"invalid_blocks: {where}: an empty text"
    for key, most in _TEXTS.get(kind, {}).items():
        size = _field_size(part.get(key))
        if size > most:
            yield f"invalid_blocks: {where}: {kind} {key} has {size} characters, limit {most}"
    for key in ("url", "image_url"):
        if part.get(key) and urlsplit(str(part[key])).scheme not in {"http", "https"}:
            yield f"invalid_blocks: {where}: {key} is not an http(s) address"


def _list_problems(part: Mapping[str, Any], where: str) -> Iterator[str]:
    kind = str(part.get("type"))
    for key, most in _LISTS.get(kind, {}).items():
        entries = part.get(key) or []
        if len(entries) > most:
            yield f"invalid_blocks: {where}: {kind} has {len(entries)} {key}, limit {most}"
        for entry in entries:
            if (size := _field_size(entry)) > _ENTRIES.get((kind, key), size):
                yield f"invalid_blocks: {where}: an entry of {kind} {key} has {size} characters"


def _table_problems(block: Mapping[str, Any], where: str) -> Iterator[str]:
    if any(len(row) > _TABLE_COLUMNS for row in block.get("rows") or []):
        yield f"invalid_blocks: {where}: a row has more than {_TABLE_COLUMNS} cells"
    if block.get("type") == "data_table" and text_total([block]) > _DATA_TABLE_TEXT:
        yield f"invalid_blocks: {where}: more than {_DATA_TABLE_TEXT} characters in a data_table"


def _parts(value: object) -> list[Mapping[str, Any]]:
    """Every object inside, itself included, however deep."""
    found: list[Mapping[str, Any]] = []
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            found.append(inner)
            waiting += inner.values()
        elif isinstance(inner, list | tuple):
            waiting += inner
    return found


def _texts(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for part in _parts(blocks):
        for key in _TEXT_KEYS:
            text = part.get(key)
            if isinstance(text, str):
                # What is sent as mrkdwn is escaped by us already; in all other texts Slack does it after it got them.
                yield text if part.get("type") == "mrkdwn" else escape(text)


def _kind(value: object) -> object:
    return value.get("type") if isinstance(value, Mapping) else None


def _field_size(value: object) -> int:
    """Length of a plain string or of a text object, escaped where Slack is still to do it."""
    if isinstance(value, Mapping):
        text = value.get("text")
        if not isinstance(text, str):
            return 0
        return length(text) if value.get("type") == "mrkdwn" else _size(text)
    return _size(value) if isinstance(value, str) else 0


def _size(text: str) -> int:
    return length(escape(text))
