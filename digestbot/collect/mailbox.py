"""Newsletters in an mbox file or a Maildir folder: the mailbox is a feed, and each message is an item."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from .raw_feed import RawFeed, RawItem

_SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n))From [^\n]*\n")
# mboxrd quotes each line that begins with "From ", however often it was quoted before, so that it can be undone.
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
# Newsletters carry style sheets larger than what is read of a text.
_HEAD = re.compile(r"<head\b.*?</head\s*>|<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)
_MAX_MESSAGES = 200
_MIN_PLAIN_CHARS = 200  # a shorter plain part only says that the HTML part is to be read


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir (cr.yp.to/proto/maildir.html)."""
    return (path / "cur").is_dir() and (path / "new").is_dir()


def read_maildir(folder: Path, limit: int) -> bytes:
    """The newest messages of a Maildir as one mbox of at most `limit` bytes.

    Raises:
        OSError: one of them cannot be read.
    """
    files = [file for part in ("new", "cur") for file in (folder / part).iterdir() if file.is_file()]
    messages: list[bytes] = []
    for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)[:_MAX_MESSAGES]:
        message = b"From -\n" + _FROM.sub(rb">\1", file.read_bytes().replace(b"\r\n", b"\n")) + b"\n\n"
        limit -= len(message)
        if limit < 0:
            break
        messages.append(message)
    return b"".join(reversed(messages))


def is_mbox(content: bytes) -> bool:
    """Whether a document is an mbox (RFC 4155)."""
    return content.startswith(b"From ")


def read_mbox(content: bytes) -> RawFeed:
    """The newest messages of an mbox, newest first: subject, sender as the outlet, date and text."""
    messages = _SEPARATOR.split(content.replace(b"\r\n", b"\n"))[1:][-_MAX_MESSAGES:]
    return RawFeed(items=tuple(item for message in reversed(messages) for item in _item(message)))


def _item(content: bytes) -> Iterator[RawItem]:
    try:
        message = message_from_bytes(_QUOTED.sub(rb"\1", content), policy=default)
        words, plain = _words(message)
        senders = message["from"].addresses if message["from"] else ()
        yield RawItem(
            guid=str(message["message-id"] or "").strip(),
            link=str(message["archived-at"] or "").strip(" <>"),  # RFC 5064
            title=str(message["subject"] or ""),
            content=words,
            plain=plain,
            published=_moment(message),
            source=next((sender.display_name or sender.domain for sender in senders), ""),
        )
    except Exception:  # noqa: BLE001 -- whatever is wrong with one message, the others are read
        return


def _words(message: EmailMessage) -> tuple[str, bool]:
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        words = part.get_content() if part is not None else ""
        if kind == "html" or len(words.strip()) >= _MIN_PLAIN_CHARS or message.get_body(("html",)) is None:
            return _HEAD.sub("", words), kind == "plain"
    return "", True


def _moment(message: EmailMessage) -> datetime | None:
    moment = message["date"].datetime if message["date"] else None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
