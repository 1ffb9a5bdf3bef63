"""How mailboxes are written as recipients."""

from __future__ import annotations

import re

from ...text.setting_values import wrong

# Only what nobody means as an address is refused here; `mime.mailbox` reads it exactly before anything is written to it.
_ADDRESS = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)*")


def is_address(text: str) -> bool:
    """Whether this looks like `name@example.com`."""
    return _ADDRESS.fullmatch(text) is not None


def parse_mailbox(text: str) -> str:
    """`name@example.com`, the domain in lower case."""
    text = text.strip()
    if not is_address(text):
        raise wrong("is not an email address", "write mailto:name@example.com")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"
