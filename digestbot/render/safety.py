"""Sanitises every text of a digest once, before it is rendered: feeds may hold anything.

Every form takes its values from `sanitised`, and each adds only its own quoting: Jinja's autoescape in HTML, literal
rich text and plain text objects in Slack, nothing in plain text. Addresses that are not http(s) become empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Final, NewType
from urllib.parse import quote, urlsplit

from ..model import Digest, Item
from ..text.sanitise import one_line

# Fields are known by name, however deep they lie. A new field that holds an address must have one of these names.
_ADDRESSES: Final = frozenset({"url", "image"})
# ASCII that RFC 3986 allows nowhere, and that ends an address in HTML, Slack's markup, Markdown or a terminal.
_UNSAFE: Final = re.compile(r"""[\x00-\x20"<>\\^`{|}\x7f]""")
# Slack refuses addresses of more than 3,000 characters after escaping; browsers and mail programs take longer ones.
_MOST_URL: Final = 2_000

SafeDigest = NewType("SafeDigest", Digest)


def sanitised(digest: Digest) -> SafeDigest:
    """The digest with every text on one clean line and every address http(s) or empty.

    Item texts become empty: no form shows them.
    """
    return SafeDigest(_sanitised_value(digest, ""))


@lru_cache(maxsize=4096)
def web_address(url: str) -> str:
    """The address if it is http(s) with a host, made safe inside quotes, brackets and pipes; else empty."""
    url = one_line(url).strip()
    try:
        parts = urlsplit(url)
    # An address with half an IPv6 host, as in `http://[1`.
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return ""
    # Counted as it will stand in a page or in Slack: there an ampersand is `&amp;`, four characters more.
    encoded = _UNSAFE.sub(lambda found: quote(found[0]), url)
    return encoded if len(encoded) + 4 * encoded.count("&") <= _MOST_URL else ""


def _sanitised_value(value: Any, name: str) -> Any:
    if isinstance(value, str):
        cleaned = web_address(value) if name in _ADDRESSES else one_line(value)
        return value if cleaned == value else type(value)(cleaned)
    if isinstance(value, tuple):
        return tuple(_sanitised_value(inner, name) for inner in value)
    if isinstance(value, Mapping):
        return {key: _sanitised_value(inner, key) for key, inner in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        found = {field: getattr(value, field) for field in _fields(type(value))}
        if isinstance(value, Item):
            value, found["text"] = replace(value, text="") if value.text else value, ""
        pure = {field: _sanitised_value(inner, field) for field, inner in found.items()}
        # Most values are clean already, and copying one costs as much as checking all its texts.
        return value if pure == found else replace(value, **pure)
    return value


@lru_cache(maxsize=64)
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
