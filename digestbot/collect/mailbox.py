"""Newsletters kept in an mbox file or a Maildir folder: each letter is an entry of the feed that the mailbox is."""

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
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)  # mboxrd
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_HEAD = re.compile(r"<head\b.*?</head\s*>|<style\b.*?</style\s*>", re.DOTALL | re.IGNORECASE)
_MOST = 200
_WORDS = 200  # characters: a plain part that is shorter only says to look at the other


def is_maildir(path: Path) -> bool:
    """Whether a folder is a Maildir (cr.yp.to/proto/maildir.html)."""
    return (path / "cur").is_dir() and (path / "new").is_dir()


def read_maildir(folder: Path, limit: int) -> bytes:
    """The newest letters of a Maildir as one mbox of at most `limit` bytes.

    Raises:
        OSError: one of them cannot be read.
    """
    files = [file for part in ("new", "cur") for file in (folder / part).iterdir() if file.is_file()]
    letters: list[bytes] = []
    for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)[:_MOST]:
        letter = b"From -\n" + _FROM.sub(rb">\1", file.read_bytes().replace(b"\r\n", b"\n")) + b"\n\n"
        limit -= len(letter)
        if limit < 0:
            break
        letters.append(letter)
    return b"".join(reversed(letters))


def is_mbox(content: bytes) -> bool:
    """Whether a document is an mbox (RFC 4155)."""
    return content.startswith(b"From ")


def read_mbox(content: bytes) -> RawFeed:
    """The newest letters of an mbox, newest first: subject, sender as the source_name, date, text."""
    letters = _SEPARATOR.split(content.replace(b"\r\n", b"\n"))[1:][-_MOST:]
    return RawFeed(entries=tuple(entry for letter in reversed(letters) for entry in _entry(letter)))


def _entry(letter: bytes) -> Iterator[RawItem]:
    try:
        message = message_from_bytes(_QUOTED.sub(rb"\1", letter), policy=default)
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
    except Exception:  # noqa: BLE001 -- whatever one letter trips the parser over, the others are read
        return


def _words(message: EmailMessage) -> tuple[str, bool]:
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        words = part.get_content() if part is not None else ""
        if kind == "html" or len(words.strip()) >= _WORDS or message.get_body(("html",)) is None:
            return _HEAD.sub("", words), kind == "plain"
    return "", True


def _moment(message: EmailMessage) -> datetime | None:
    moment = message["date"].datetime if message["date"] else None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
