"""The quick parser: RSS, RDF and Atom by expat, strictly; what is damaged is mended where that is safe, and parsed strictly again.

Never a parser that recovers by itself: it drops what it does not know, and what comes after may go with it. What cannot be mended for sure
is left to feedparser, some twenty times slower.
"""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import count
from typing import Any, NoReturn
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from .feed_tree import copies, read_tree
from .long_texts import marks_of, without_long_ends
from .mended_xml import (
    decoded,
    escaped_texts,
    is_disguised,
    mended,
    with_ends,
    with_prefixes,
    with_quotes,
    without_shelves,
)
from .raw_feed import RawFeed

_END = re.compile(
    rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>|</\0?(?:r\0?s\0?s|f\0?e\0?e\0?d|r\0?d\0?f)\0?\s*\0?>", re.IGNORECASE
)
_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|rdf)\b", re.IGNORECASE)
_PROLOGUE = re.compile(rb"[^<]*(?:<\?[^<>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^<>\[]*>\s*)*", re.DOTALL | re.IGNORECASE)
# A pattern finds them in half of the time of `bytes.count`.
_ENDS = (re.compile(rb"</item>"), re.compile(rb"</entry>"))
_MAX_HEAD_BYTES = 16_384
_MAX_TAIL_BYTES = 4_096
_MOST_BYTES_AT_ONCE = 65_536
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]


def is_whole(content: bytes) -> bool:
    """Whether an XML document has its end: a body cut on its way has none, and no parser reports that."""
    if content[-16:].rstrip().endswith((b"</rss>", b"</feed>", b"</rdf:RDF>")):
        return True  # nearly all, in a tenth of the time
    return _END.search(content, max(len(content) - _MAX_TAIL_BYTES, 0)) is not None


def read_fast(content: bytes, *, charset: str = "", most: int | None = None) -> RawFeed | None:
    """The document by expat, or None where feedparser is needed. Takes time linear in its size.

    None for more than `most` items, a missing end, whatever is not well-formed after mending, and fewer items than end tags.
    """
    if not is_whole(content):
        return None
    if most is not None and _closed(content) > most:
        return None
    raw = None if is_disguised(content, charset) else _as_it_is(content)
    return raw if raw is not None else _as_mended(decoded(content, charset), _closed(content))


def _as_it_is(content: bytes) -> RawFeed | None:
    root = _root_of(content)
    # One with entities of its own may be well-formed and yet lose what they mean.
    if root is not None and content.find(b"<!ENTITY", 0, root.start()) >= 0:
        return None
    marks = marks_of(content)
    shorter = without_long_ends(content, marks)
    tree, sections = _whole_or_alone(shorter, root)
    if tree is None and shorter is not content:  # a comment may hold the beginning of a section
        tree, sections = _whole_or_alone(content, root)
    with suppress(RecursionError):  # nested as no feed means it
        raw = read_tree(tree) if tree is not None else None
        # A section without an end takes the items behind it into its text, with the beginnings of their sections.
        if raw is None or (raw.items and not raw.scattered and len(marks.sections) <= sections):
            return raw
        return _with_all(raw, tree, _closed(content))
    return None


def _as_mended(document: str, closed: int) -> RawFeed | None:
    text = mended(document)
    for further in (str, _with_names, escaped_texts, with_ends):
        text = further(text)
        tree, _ = _strictly(text.encode("utf-8", "replace"))
        if tree is not None:
            with suppress(RecursionError):
                raw = read_tree(tree)
                return raw if raw is None else _with_all(raw, tree, closed)
    return None


def is_well_formed(text: str) -> bool:
    """Whether expat reads it to its end."""
    return _strictly(text.encode("utf-8", "replace"))[0] is not None


def _with_names(text: str) -> str:
    return with_prefixes(with_quotes(without_shelves(text)))


def _root_of(content: bytes) -> re.Match[bytes] | None:
    prologue = _PROLOGUE.match(content, 0, _MAX_HEAD_BYTES)
    return _ROOT.search(content, prologue.end() if prologue else 0, _MAX_HEAD_BYTES)


def _closed(content: bytes) -> int:
    """How many items have an end."""
    root = _root_of(content)
    first, other = reversed(_ENDS) if root is not None and root[1].lower() == b"feed" else _ENDS
    return len(first.findall(content) or other.findall(content))


def _with_all(raw: RawFeed, tree: Any, closed: int) -> RawFeed | None:
    """What was read of the tree, or all items of it wherever they stand; None where fewer are found than are `closed`."""
    if len(raw.items) >= closed:
        return raw
    # Some stand where they should not, or in a section of CDATA that has no end.
    every = read_tree(tree, everywhere=True)
    return every if every is not None and len(every.items) + copies(tree) >= closed else None


def _whole_or_alone(content: bytes, root: re.Match[bytes] | None) -> tuple[Any, int]:
    """As `_strictly`, of the document or, where that is not well-formed, of its root alone."""
    # With a DTD that is not read, any entity may be one of its own, and is left out without a word.
    has_dtd = root is not None and content.find(b"<!DOCTYPE", 0, root.start()) >= 0
    tree, sections = (None, 0) if has_dtd else _strictly(content)
    return _strictly(_alone(content, root.start())) if tree is None and root is not None else (tree, sections)


def _alone(content: bytes, start: int) -> bytes:
    """The root without what stands before and behind it: a second declaration, a DTD that nobody may fetch, a script."""
    end = len(content)
    for found in _END.finditer(content, max(end - _MAX_TAIL_BYTES, 0)):
        end = found.end()
    return content[start:end]


def _strictly(content: bytes) -> tuple[Any, int]:
    """Its root as an element, and how many sections of CDATA it has; no root where it is not well-formed, or has a DTD.

    Expat hands over whole texts and makes no nodes of its own, where lxml makes its tree in C and then everything that is asked
    for once more. Tags are `namespace}name`.
    """
    # The encoding is that of the bytes, whatever they declare.
    parser, builder = expat.ParserCreate("utf-8", "}"), TreeBuilder()
    parser.buffer_text, parser.buffer_size = True, _MOST_BYTES_AT_ONCE
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _no_dtd
    sections = count()
    parser.StartCdataSectionHandler = sections.__next__
    try:
        parser.Parse(content.lstrip(b"\xef\xbb\xbf \t\r\n"), True)  # noqa: FBT003 -- it has no names
        return builder.close(), next(sections)
    except expat.ExpatError as error:
        if error.code == _NO_MEMORY:
            raise MemoryError from error
        return None, 0
    except _DtdError:
        return None, 0


class _DtdError(Exception):
    pass


def _no_dtd(*_: object) -> NoReturn:
    # Its entities could grow without bound, or name files of this machine.
    raise _DtdError
