"""What each template must make: a user's own is held to it before a reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..errors import TemplateError
from .blocks import assemble
from .slack_limits import BLOCK_TYPES


def _page(text: str) -> None:
    if "<html" not in text or "</html>" not in text:
        raise TemplateError("it makes no whole HTML page")


def _words(text: str) -> None:
    if not text.strip():
        raise TemplateError("it makes nothing")


def _blocks(text: str) -> None:
    blocks = assemble(text)
    if not blocks:
        raise TemplateError("it makes no block")
    for block in blocks:
        if block["type"] not in BLOCK_TYPES:
            raise TemplateError(f"it makes a block of the unknown type {block['type']!r}")


ACCEPTS: Final[Mapping[str, Callable[[str], None]]] = {
    "email.html": _page,
    "email.txt": _words,
    "preview.html": _page,
    "slack.json": _blocks,
    "slack.txt": _words,
    "subject.txt": _words,
}
