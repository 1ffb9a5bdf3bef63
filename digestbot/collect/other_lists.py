"""Lists of feeds as other programs keep them: OPML, the `urls` file of Newsboat, the configurations of rss2email, one address a line.

What a program can read and we cannot is named, so that nobody believes it came along: the output of a command, a search over feeds, a
page taken apart by XPath, a rule in that program's own language.
"""

from __future__ import annotations

import configparser
import re
import shlex
from collections.abc import Iterator

from ..errors import CollectError
from ..model import Feed
from ..text.names import FreeNames, name_from
from ..text.sanitise import one_line
from .opml import FeedList, LeftOut, read_feed_list, web_address

_SECTION = re.compile(r"^\[feed\.(?P<name>[^\]]+)\]", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?|feeds?|rss|file|exec|filter|query):|\"(?:query|exec|filter):", re.IGNORECASE)
# Of the Go program of the name rss2email: settings below an address.
_SETTING = re.compile(r"\s*-\s*(?P<key>[\w-]+)\s*:\s*(?P<value>.*)")
_WHY_NOT = {
    "query": "a search over feeds, not a feed: write a topic instead",
    "exec": "the output of a command: save it to a file, and add that",
    "filter": "a feed that a command changes: add its address, if it can be read as it is",
}


def read_any_list(content: bytes) -> FeedList:
    """The feeds of a list, whatever program wrote it; what cannot be read of it is in `left_out`.

    Raises:
        CollectError: it is none of the lists that are known.
    """
    # Of UTF-16 only the letters count here; `read_feed_list` knows what to make of it.
    head = content[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"<"):
        return read_feed_list(content)
    text = content.decode("utf-8-sig", "replace")
    if _SECTION.search(text):
        return _collected(_rss2email(text))
    if any(_ADDRESS.match(line) for line in text.splitlines()):
        return _collected(_lines(text))
    raise CollectError(
        "no list of feeds that is known: neither OPML, nor Newsboat's urls, nor rss2email's, nor addresses"
    )


def _collected(entries: Iterator[Feed | LeftOut | str]) -> FeedList:
    """The list; a bare text is something that is lost."""
    found: dict[str, Feed] = {}
    left_out: list[LeftOut] = []
    lost: list[str] = []
    for entry in entries:
        if isinstance(entry, LeftOut):
            left_out.append(entry)
        elif isinstance(entry, str):
            lost.append(entry)
        else:
            found.setdefault(entry.url, entry)
    return FeedList(feeds=tuple(found.values()), left_out=tuple(left_out), lost=tuple(lost))


def _lines(text: str) -> Iterator[Feed | LeftOut | str]:
    """An address a line, with tags, `~title` and `!` behind it (Newsboat), or with settings below it (rss2email in Go)."""
    names, address = FreeNames(), ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if setting := _SETTING.fullmatch(line):
            yield one_line(f"{setting['key']}: {setting['value']}, of {address}")
            continue
        address, *tags = _words(line)
        kind = address.partition(":")[0].lower()
        if kind in _WHY_NOT:
            yield LeftOut(address=one_line(address), reason=_WHY_NOT[kind])
            continue
        title = next((tag[1:] for tag in tags if tag.startswith("~")), "")
        folder = next((tag for tag in tags if tag[0] not in "~!"), "")
        yield _feed(web_address(address), title, folder, names)


def _words(line: str) -> list[str]:
    """A line by its blanks and quotation marks; by its blanks alone where a mark is not closed."""
    try:
        return [word for word in shlex.split(line, comments=False) if word] or [""]
    except ValueError:
        return line.replace('"', " ").split() or [""]


def _rss2email(text: str) -> Iterator[Feed | LeftOut | str]:
    """A section `[feed.NAME]` for each feed."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise CollectError(f"a configuration of rss2email that cannot be read: {one_line(str(error))}") from error
    names = FreeNames()
    for section in parser.sections():
        if not section.startswith("feed."):
            continue
        name = section.removeprefix("feed.")
        url = parser[section].get("url", "").strip()
        if not url:
            yield LeftOut(address=name, reason="has no url")
        elif parser[section].get("active", "true").strip().lower() in ("false", "no", "off", "0"):
            yield LeftOut(address=url, reason="is paused there (active = False)")
        else:
            yield _feed(web_address(url), name, "", names)


def _feed(url: str, title: str, folder: str, names: FreeNames) -> Feed:
    words = one_line(title)
    return Feed(
        url=url,
        name=names.take(name_from(words) or name_from(url) or "feed"),
        title=words,
        categories=(one_line(folder),) if folder else (),
    )
