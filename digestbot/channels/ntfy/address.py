"""How topics and servers are written."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")  # topicRegex of ntfy's server.go
WRITE_TOPIC: Final = "write ntfy:topic, with at most 64 letters, digits, dashes and underscores"


def is_topic(text: str) -> bool:
    """Whether it can name a topic. Upper and lower case are two topics to ntfy."""
    return _TOPIC.fullmatch(text) is not None


def is_loopback(url: str) -> bool:
    """Whether the address is of this machine, so that nobody can listen on the way."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
