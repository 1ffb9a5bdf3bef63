"""What many reasons have in common: a server names the address and a number of its own in each refusal."""

from __future__ import annotations

import re
from typing import Final

ADDRESS: Final = "ADDRESS"  # stands for the reader's own
_MAILBOX = re.compile(r"[^\s<>()\[\]:;,\"'@/]+@[\w.-]*\w")
# A queue's number, a session's: letters and digits in one word. `550`, `5.1.1`, `smtp2` and `RFC5321` stay.
_NUMBER_OF_ITS_OWN = re.compile(
    r"(?<![\w./=?&@-])(?=[\w-]*[A-Za-z])(?=(?:[\w-]*\d){3})[A-Za-z0-9]{8,}(?:[-.][A-Za-z0-9]+)*(?![\w@/])"
)


def common_reason(reason: str) -> str:
    """The reason with words for what is one reader's alone."""
    return " ".join(_NUMBER_OF_ITS_OWN.sub("...", _MAILBOX.sub(ADDRESS, reason)).split())
