"""What readers of a digest are told of a feed that could not be read: one of these sentences, and nothing of the machine it runs on.

An operator's reason may hold a path, an address, the name of a setting, or what a hostile page suggests. So readers get a sentence of
this closed list, by what the operator's reason begins with; what has no row here gets the last one, and can give nothing away.
"""

from __future__ import annotations

import re
from typing import Final

_OTHERWISE: Final = "could not be read"
_ROWS: Final = tuple(
    (re.compile(beginning), sentence)
    for beginning, sentence in (
        (r"asks for a password|asks to log in", "asks for a password"),
        (r"access denied|asks for a browser check|asks for cookies", "access denied"),
        (r"not found \(404\)", "not found"),
        (r"gone", "gone for good"),
        (r"rate-limited us|temporarily unavailable", "does not answer for now"),
        (r"server error", "its server has an error"),
        (r"unexpected answer|the answer is not valid", "its server gives an unexpected answer"),
        (r"timed out", "no answer in time"),
        (r"had not answered yet", "had not answered yet when this digest was made"),
        (r"cannot find the host", "its server cannot be found"),
        (r"the certificate|no encrypted connection", "its server has no valid certificate"),
        (r"could not connect", "its server cannot be reached"),
        (r"the connection was cut off|incomplete", "the connection was cut off"),
        (r"refused|not a web address", "its address cannot be asked"),
        (r"too many redirects", "redirects too often"),
        (r"larger than", "too large"),
        (r"empty", "empty"),
        (r"not a feed", "not a feed"),
        (r"broken feed", "broken feed"),
        (r"no article|no link|not a page|the page", "nothing found on its page"),
        (r"no such file|a folder|not a regular file|cannot open", "its file cannot be read"),
    )
)
SENTENCES: Final = frozenset({_OTHERWISE, *(sentence for _, sentence in _ROWS)})


def for_readers(reason: str) -> str:
    """The sentence for a failure whose reason an operator is told."""
    return next((sentence for beginning, sentence in _ROWS if beginning.match(reason)), _OTHERWISE)
