"""Codes in brackets that a program left in a text: a blog's shortcodes, and the tags of forums."""

from __future__ import annotations

import re
from typing import Final

# A caption with its end; a forum's pictures, whose address is no word.
_WHOLE: Final = re.compile(
    r"\[(caption|img|gallery|embed|video|audio)\b[^\[\]]*\].{0,600}?\[/\1\]", re.DOTALL | re.IGNORECASE
)
# Those without an end have values in quotes: `[gallery ids="1,2"]`.
_ALONE: Final = re.compile(r"\[[a-z][\w-]*(?:\s+[\w-]+=\"[^\"\[\]]*\")+\s*/?\]")
_END: Final = re.compile(r"\[(?=/)")  # one letter is found at once
_ENDS: Final = re.compile(r"\[/([A-Za-z][\w-]*)\]")


def without_codes(text: str) -> str:
    """The text without codes that are ended somewhere in it; other words in brackets stay."""
    if "[" not in text or not _END.search(text):
        return text
    text = _WHOLE.sub("", text)
    for name in dict.fromkeys(_ENDS.findall(text)):
        text = re.sub(rf"\[/?{re.escape(name)}(?:[\s=][^\[\]]*)?\]", "", text, flags=re.IGNORECASE)
    return _ALONE.sub("", text)
