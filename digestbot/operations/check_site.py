"""What `digestbot check` says of the site: whether it can listen, and what is set and cannot count."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Collection, Iterator
from pathlib import Path

from ..settings import Loaded
from .finding import Finding, warning
from .healthcheck import trouble

_LISTEN = "DIGESTBOT_WEB__LISTEN"


def site(loaded: Loaded, data: Path) -> Iterator[Finding]:
    """Whether the address is free, and what has no effect as the other settings stand.

    Args:
        loaded: the configuration.
        data: the data folder: whoever serves it listens there already.
    """
    web = loaded.settings.web
    if web.listen:
        reason = _why_not(web.listen)
        if not reason:
            yield Finding(level="ok", key=_LISTEN, reason=f"the site can listen at {web.listen}", live=True)
        elif reason == errno.EADDRINUSE and not trouble(loaded, data):
            yield Finding(level="ok", key=_LISTEN, reason=f"in use at {web.listen}: digestbot is running", live=True)
        else:
            fix = "choose another port, or stop who has it"
            said = f"cannot listen on {web.listen}: {os.strerror(reason)}"
            yield Finding(level="error", key=_LISTEN, reason=said, fix=fix, line=loaded.lines.get(_LISTEN), live=True)
    else:
        yield from _without_site(loaded)
    if web.trusted_header and not web.proxies:
        key = "DIGESTBOT_WEB__TRUSTED_HEADER"
        fix = "write the network of your proxy into DIGESTBOT_WEB__PROXIES"
        yield warning(loaded, key, "has no effect: DIGESTBOT_WEB__PROXIES names nobody who may say who asks", fix)


def gone_digests(loaded: Loaded, stored: Collection[str]) -> Iterator[Finding]:
    """Digests that have editions and are in the configuration no more: their pages and links are gone with them."""
    if not loaded.settings.web.listen:
        return
    for name in sorted(set(stored) - loaded.digests.keys()):
        yield Finding(
            level="warning",
            key=f"DIGESTBOT_DIGESTS__{name.upper()}",
            reason="is not set, and has editions: nobody can read them on the site, and links to them in mails lead nowhere",
            fix=f"name it {name} again; with an empty TO it sends nothing",
        )


def _without_site(loaded: Loaded) -> Iterator[Finding]:
    settings = loaded.settings
    public = [f"DIGESTBOT_LISTS__{name.upper()}__PUBLIC" for name, one in settings.lists.items() if one.public]
    public += [f"DIGESTBOT_DIGESTS__{name.upper()}__PUBLIC" for name, one in settings.digests.items() if one.public]
    for key in public:
        reason = f"has no effect here: {_LISTEN} is not set, so there is no site"
        yield warning(loaded, key, reason, "set it, or take this out where no other machine serves the site")


def _why_not(address: str) -> int:
    """The number of the error that listening meets; 0 where it works."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), int(port)), family=family).close()
    except OSError as error:
        return error.errno or errno.EINVAL
    return 0
