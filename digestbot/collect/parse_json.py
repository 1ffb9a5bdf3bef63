"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .item_words import are_silent
from .mended_xml import decoded
from .raw_feed import RawFeed, RawItem


def read_json(content: bytes, *, charset: str = "") -> RawFeed | None:
    """A JSON Feed (jsonfeed.org, versions 1 and 1.1), or None when the document is not one.

    One in another charset than UTF-8, or with control characters in its texts, is read all the same.
    """
    try:
        document = json.loads(decoded(content, charset).lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return None
    return RawFeed(
        title=_text(document.get("title")),
        link=_text(document.get("home_page_url")),
        language=_text(document.get("language")),
        items=tuple(_json_item(item) for item in document["items"] if isinstance(item, dict)),
    )


def _json_item(item: Mapping[str, Any]) -> RawItem:
    several = item.get("authors")
    authors = several if isinstance(several, list) else [item.get("author")]
    files = [file for file in _list(item.get("attachments")) if isinstance(file, dict)]
    markup, words, summary = (_text(item.get(name)) for name in ("content_html", "content_text", "summary"))
    if markup and (words or summary) and are_silent(markup):
        markup = ""
    if words and summary and not markup and are_silent(words):
        words = ""
    content = markup or words
    return RawItem(
        guid=_text(item.get("id")),
        link=_text(item.get("url") or item.get("external_url")) or _address(item.get("id")),
        title=_text(item.get("title")),
        # What stands in for a content that says nothing is never read in place of one that says something.
        summary=summary if not content or len(summary) < len(content) else "",
        content=content,
        plain=not markup,
        dates=tuple(filter(None, (_text(item.get(name)) for name in ("date_published", "date_modified")))),
        authors=tuple(_text(author.get("name") if isinstance(author, dict) else author) for author in authors),
        categories=tuple(map(_text, _list(item.get("tags")))),
        language=_text(item.get("language")),
        image=_text(item.get("image") or item.get("banner_image")) or _file(files, "image/"),
        enclosure=_file(files, ""),
    )


def _file(files: list[dict[str, Any]], kind: str) -> str:
    """The address of the first file whose media type begins so."""
    return next((_text(file.get("url")) for file in files if _text(file.get("mime_type")).startswith(kind)), "")


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _address(value: object) -> str:
    text = _text(value)
    return text if text[:4].lower() == "http" else ""


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def iso(value: str) -> datetime | None:
    """An ISO 8601 date or time, as UTC where it names no zone; None when it is not one."""
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
