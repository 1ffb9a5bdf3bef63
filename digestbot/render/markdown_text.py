"""Text and links of feeds in Markdown (CommonMark), where nothing of theirs may become markup."""

from __future__ import annotations

import re

# Whatever is markup anywhere in a line, links without brackets, `:smile:` and the numbers of issues on code hosts among it. A backslash
# before punctuation is always an escape (CommonMark 2.4; GitHub's autolinks need the bare characters).
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$@]|:(?=[/a-z+])|(?<=www)\.", re.IGNORECASE)
# What makes a list, a heading or a quotation of a line that begins with it.
_BEGINNING = re.compile(r"^(\d*)([-+=.)])")
# A line cannot hold these inside an address in angle brackets.
_BREAKS_ADDRESS = re.compile(r"[\s<>\\]")


def plain(text: str) -> str:
    """Text of a feed as Markdown that shows exactly that text: no link, picture, heading or HTML comes of it."""
    return _BEGINNING.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", " ".join(text.split())))


def link(text: str, url: str) -> str:
    """A link whose words and address are taken as they are; the words alone where there is no address."""
    if not url:
        return plain(text)
    address = _BREAKS_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return f"[{plain(text)}](<{address}>)"
