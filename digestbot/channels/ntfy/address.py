"""How topics and servers are written."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from ...text.web_addresses import is_on_this_machine

_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")  # topicRegex of ntfy's server.go
WRITE_TOPIC: Final = "write ntfy:topic, with at most 64 letters, digits, dashes and underscores"


def is_topic(text: str) -> bool:
    """Whether it can name a topic. Upper and lower case are two topics to ntfy."""
    return _TOPIC.fullmatch(text) is not None


def is_loopback(url: str) -> bool:
    """Whether the address is of this machine, so that nobody can listen on the way."""
    return is_on_this_machine(urlsplit(url).hostname or "")
