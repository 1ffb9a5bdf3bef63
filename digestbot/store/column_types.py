"""Column types that read back what was written, whatever the database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

from ..model import Recipient, parse_edition

# PostgreSQL refuses NUL in text, and no database takes half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def strip_unstorable(text: str) -> str:
    """The text without the characters that a database refuses."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("", text)


def _storable(value: str | None) -> str | None:
    return None if value is None else strip_unstorable(value)


def _as_list(value: tuple[str, ...] | None) -> str | None:
    if not value:
        return None if value is None else "[]"
    return f"[{', '.join([encode_basestring(strip_unstorable(text)) for text in value])}]"


def _in_utc(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError(f"a time without a time zone cannot be stored: {value}")
    return None if value is None else value.astimezone(UTC)


def _sqlite_moment(value: datetime | None) -> str | None:
    """As SQLAlchemy's own type writes it."""
    moment = _in_utc(value)
    return None if moment is None else moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _from_driver(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class SafeText(TypeDecorator[str]):
    """Text that any database takes."""

    impl = Text
    cache_ok = True

    # Of a TypeDecorator's two ways the direct one: through the other a value takes three calls, which was half of storing an item.
    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002 -- the interface
        return _storable


class TextList(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts, as a JSON list."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[tuple[str, ...] | None], str | None]:  # noqa: ARG002
        return _as_list

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        if value == "[]":  # of most items, so that it is worth being said
            return ()
        return None if value is None else tuple(json.loads(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC whatever the database and its session think."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _sqlite_moment if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        return _from_sqlite if dialect.name == "sqlite" else _from_driver


class EditionName(TypeDecorator[date]):
    """The name of an edition, `2026-05-27` or `2026-05-27T1800`: as text they stand in the order of time."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        return None if value is None else parse_edition(value)


class EnumText(TypeDecorator[StrEnum]):
    """A member of a StrEnum, by its value."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        return None if value is None else self.kind(value)


class RecipientText(TypeDecorator[Recipient]):
    """A recipient as it is written in the configuration: `slack:#chips`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Recipient | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else strip_unstorable(str(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Recipient | None:  # noqa: ARG002
        if value is None:
            return None
        channel, _, address = value.partition(":")
        return Recipient(channel=channel, address=address)
