"""Checks of what an owner's template produced, before a reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..errors import TemplateError
from .blocks import assemble
from .slack_limits import BLOCK_TYPES


def _page(text: str) -> None:
    # An owner's file that extends nothing, or fills the wrong block, gives half a page without any error of Jinja's.
    if "<html" not in text or "</html>" not in text:
        raise TemplateError("its output is not a whole HTML page: <html> or </html> is missing")


def _words(text: str) -> None:
    if not text.strip():
        raise TemplateError("its output is empty")


def _blocks(text: str) -> None:
    blocks = assemble(text)
    if not blocks:
        raise TemplateError("its output holds no Slack block")
    for block in blocks:
        # Slack refuses the whole message for one block of a type that it does not know.
        if block["type"] not in BLOCK_TYPES:
            raise TemplateError(f"its output holds a Slack block of the unknown type {block['type']!r}")


OUTPUT_CHECKS: Final[Mapping[str, Callable[[str], None]]] = {
    "reader_mail.html": _page,
    "reader_mail.txt": _words,
    "email.html": _page,
    "email.txt": _words,
    "preview.html": _page,
    "slack.json": _blocks,
    "slack.txt": _words,
    "subject.txt": _words,
}
