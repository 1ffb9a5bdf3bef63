"""When two mail addresses are one, for comparing what a stranger's program wrote with what we wrote to."""

from __future__ import annotations

import idna


def address_key(text: str) -> str:
    """The address folded: case, and the domain in ASCII (IDNA 2008, UTS 46). What is no address stays what it is, folded."""
    local, at, domain = text.strip().casefold().rpartition("@")
    if at and not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return f"{local}@{domain}"
    return f"{local}{at}{domain}"
