"""TrendRadar's keyword file (`frequency_words.txt`) as topics.

Groups of lines, divided by an empty one: a word finds a headline, `+word` has to be in it as well, `!word` must not, `/pattern/` is a
regular expression, `=> name` behind a line or `[name]` above them is what readers see, and `@5` is the most that is shown. What stands below
`[GLOBAL_FILTER]` is left out of everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import ConfigError
from .grammar import parse_topic

_HEADING = re.compile(r"\[(?P<name>[^\]]+)\]")
_PATTERN = re.compile(r"/(?P<pattern>.+)/(?P<flags>[a-z]*)")
_ALIAS = re.compile(r"\s*=>\s*(?P<alias>.+)$")
# "no letter beside it", which is how a pattern there says: the whole word.
_WHOLE_WORD = re.compile(r"(?:\\b|\(\?<!\[a-zA-Z\]\))(?P<word>\w+)(?:\\b|\(\?!\[a-zA-Z\]\))")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTopic:
    """A group of the file."""

    title: str
    terms: str  # as our configuration has them
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTopics:
    """What a keyword file says."""

    topics: tuple[ImportedTopic, ...]
    mute: tuple[str, ...] = ()  # terms that leave an item out of everything
    left_out: tuple[str, ...] = ()  # lines that cannot be had here, each with its reason


@dataclass(slots=True)
class _Group:
    title: str = ""
    terms: list[str] = field(default_factory=list)
    limit: int | None = None


def read_keyword_file(text: str) -> ImportedTopics:
    """The topics of a keyword file."""
    left_out: list[str] = []
    topics: list[ImportedTopic] = []
    mute: list[str] = []
    for is_filter, lines in _groups(text):
        group = _Group()
        for number, line in lines:
            if reason := _read_line(line, group):
                left_out.append(f"line {number}, {line}: {reason}")
        if is_filter:
            mute += [term.lstrip("+-") for term in group.terms]
        elif any(term[0] not in "+-" for term in group.terms):
            topics.append(ImportedTopic(title=group.title, terms=", ".join(group.terms), limit=group.limit))
        elif group.terms:
            # Required words alone are a topic there: each of them has to be found.
            first, *others = (term for term in group.terms if term[0] == "+")
            rest = [term for term in group.terms if term[0] == "-"]
            topics.append(
                ImportedTopic(title=group.title, terms=", ".join([first[1:], *others, *rest]), limit=group.limit)
            )
    return ImportedTopics(topics=tuple(topics), mute=tuple(mute), left_out=tuple(left_out))


def _groups(text: str) -> Iterator[tuple[bool, list[tuple[int, str]]]]:
    """The groups, each with whether it stands under the filter; lines are counted from 1."""
    is_filter, lines = False, list[tuple[int, str]]()
    for number, raw in enumerate([*text.splitlines(), ""], start=1):
        line = raw.strip()
        heading = line.strip("[]").upper() if _HEADING.fullmatch(line) else ""
        if not line or heading in ("GLOBAL_FILTER", "WORD_GROUPS"):
            if lines:
                yield is_filter, lines
            lines = []
            is_filter = heading == "GLOBAL_FILTER" or (is_filter and not heading)
        elif not line.startswith("#"):
            lines.append((number, line))


def _read_line(line: str, group: _Group) -> str:
    """Add a line to its group; why it cannot be, or nothing."""
    if heading := _HEADING.fullmatch(line):
        group.title = heading["name"].strip()
        return ""
    if alias := _ALIAS.search(line):
        group.title = group.title or alias["alias"].strip()
        line = line[: alias.start()].strip()
    if line.startswith("@"):
        if not line[1:].isdecimal():
            return "is no number"
        group.limit = int(line[1:]) or None
        return ""
    mark = {"+": "+", "!": "-"}.get(line[:1], "")
    words = (line[1:] if mark else line).strip()
    if not words:
        return "holds no word"
    term = mark + _term(words)
    try:
        parse_topic("imported", term if mark == "" else f"x, {term}")
    except ConfigError as error:
        return error.reason
    group.title = group.title or ("" if mark == "-" else words.strip("/"))
    group.terms.append(term)
    return ""


def _term(words: str) -> str:
    if pattern := _PATTERN.fullmatch(words):
        whole = _WHOLE_WORD.fullmatch(pattern["pattern"])
        return f'"{whole["word"]}"' if whole else f"/{pattern['pattern']}/"
    plain = re.fullmatch(r"[\w ]+", words)
    return words if plain else '"' + words.replace('"', " ").strip() + '"'
