"""How mailboxes are written as recipients."""

from __future__ import annotations

import re

from ...text.setting_values import wrong

# Only what nobody means as an address is refused here; `mime.mailbox` reads it exactly before anything is written to it.
_ADDRESS = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)*")


_NAMED = re.compile(r"[^<>@]*<([^<>]*)>")  # Desk <desk@example.com>


def is_address(text: str) -> bool:
    """Whether this looks like `name@example.com`."""
    return _ADDRESS.fullmatch(text) is not None


def parse_mailbox(text: str) -> str:
    """`name@example.com`, the domain in lower case; of `Desk <desk@example.com>` the address."""
    text = text.strip()
    if named := _NAMED.fullmatch(text):
        text = named[1].strip()
    if not is_address(text):
        raise wrong("is not an email address", "write mailto:name@example.com")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"
