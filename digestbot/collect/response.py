"""What a server answered in the end, after redirects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP response; a file that was read counts as one with status 200 and no URL."""

    status: int  # 200 for a 203, which differs in nothing that counts here
    url: str  # the address that sent it, after redirects
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""  # decompressed; of another status than 200 the beginning at most
    moved_to: str = ""  # where the permanent redirects lead that came before any temporary one
