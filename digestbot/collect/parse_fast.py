"""The quick parser: RSS, RDF and Atom by lxml, strictly; what is damaged is mended where that is safe, and parsed strictly again.

Never lxml's recover mode: it drops what it does not know, and what comes after may go with it. What cannot be mended for sure
is left to feedparser, some thirty times slower.
"""

from __future__ import annotations

import re
import threading
from typing import Any

from lxml import etree

from .feed_tree import read_tree
from .mended_xml import decoded, escaped_texts, mended, with_prefixes
from .raw_feed import RawFeed

_END = re.compile(
    rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>|</\0?(?:r\0?s\0?s|f\0?e\0?e\0?d|r\0?d\0?f)\0?\s*\0?>", re.IGNORECASE
)
# Well-formed, and yet something else is meant: characters of Windows-1252.
_WINDOWS = re.compile(rb"&#0*(?:12[89]|1[345]\d|[xX]0*[89][0-9a-fA-F]);")
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")  # the same as characters of their own
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_MAX_HEAD_BYTES = 16_384


class _Parser(threading.local):
    def __init__(self) -> None:
        # The encoding is that of the bytes, whatever they declare; the ids would be a table that nobody reads.
        self.strict = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True,
            collect_ids=False, huge_tree=False,
        )  # fmt: skip


_PARSER = _Parser()


def is_whole(content: bytes) -> bool:
    """Whether an XML document has its end: a body cut on its way has none, and no parser reports that."""
    return _END.search(content, max(len(content) - 4096, 0)) is not None


def read_fast(content: bytes, *, charset: str = "", most: int | None = None) -> RawFeed | None:
    """The document by lxml, or None where feedparser is needed. Takes time linear in its size.

    None for more than `most` items, a missing end, whatever is not well-formed after mending, and fewer items than end tags.
    """
    closed = content.count(b"</item>") or content.count(b"</entry>")
    if (most is not None and closed > most) or not is_whole(content):
        return None
    raw = None if _means_more(content) else _read(_strictly(content), closed)
    if raw is None:
        text = mended(decoded(content, charset))
        for further in (str, with_prefixes, escaped_texts):
            text = further(text)
            root = _strictly(text.encode("utf-8", "replace"))
            if root is not None:
                return _read(root, closed)
    return raw


def _read(root: Any, closed: int) -> RawFeed | None:
    raw = None if root is None else read_tree(root)
    # Fewer items than end tags: some stand where they should not, or in a section of CDATA that has no end.
    return raw if raw is not None and len(raw.items) >= closed else None


def _means_more(content: bytes) -> bool:
    """Whether it may be well-formed and yet lose something: by entities of its own, or by references of Windows-1252."""
    root = _ROOT.search(content, 0, _MAX_HEAD_BYTES)
    if root is not None and content.find(b"<!ENTITY", 0, root.start()) >= 0:
        return True
    # Bytes are found in a tenth of the time of a pattern, and most documents have none of these.
    if b"\xc2" in content and _CONTROL.search(content):
        return True
    # In CDATA such a reference is HTML's, and right as it is.
    return (
        b"&#" in content
        and _WINDOWS.search(content) is not None
        and _WINDOWS.search(_without_sections(content)) is not None
    )


def _without_sections(content: bytes) -> bytes:
    """The document without its CDATA, which takes a twentieth of a pattern's time."""
    first, *rest = content.split(b"<![CDATA[")
    return b"".join((first, *(part.partition(b"]]>")[2] for part in rest)))


def _strictly(content: bytes) -> Any:
    try:
        return etree.fromstring(content.lstrip(b"\xef\xbb\xbf \t\r\n"), _PARSER.strict)
    except (etree.XMLSyntaxError, ValueError):
        return None
