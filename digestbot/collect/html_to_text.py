"""Markup into plain text: how the titles and texts of feeds become text."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Sequence

from lxml import etree

from ..text.sanitise import one_line, sanitise
from .captions import may_have_captions, without_captions, without_notes
from .codes import without_codes
from .element_text import once_decoded
from .filler import begins_with_filler, holds_filler, without_filler

# Of each letter the commonest first, as the letters are: that is the order in which a pattern tries them.
_BLOCKS = (
    "p pre li div dd dl dt br blockquote h2 h3 h4 h1 h5 h6 hr header ul td tr table tbody th tfoot thead figure figcaption fieldset"
    " footer ol section article aside address nav main"
)
_DROPPED = (
    "script style form template noscript svg math head iframe object embed audio video button select textarea rt rp"
)
_INLINE = (
    "span strong sub sup small samp strike s source summary a abbr acronym code cite center em img i ins b big bdi bdo font u del"
    " details dfn kbd label mark picture q time tt var wbr"
)
_TAG = re.compile(
    rf"<(?:/(?:{'|'.join(f'{_BLOCKS} {_DROPPED} {_INLINE}'.split())})\s*>|(?:br|hr|img|wbr)\b[^<>]*>|[a-z][a-z0-9]*\s[^<>]*=[^<>]*>|!--[^<>]*-->"
    r"|/(?:o|st1|v|w):[a-z]+\s*>)",  # of a word processor
    re.IGNORECASE,
)
# As one begins whose end was cut, and nearly every other.
_BEGINS_WITH_TAG = re.compile(
    r"\s*<(?:p|div|ul|ol|li|h[1-6]|b|strong|em|i|span|table|section|article|figure|blockquote)>", re.IGNORECASE
)
_BLOCK = re.compile(rf"<(?:{'|'.join(_BLOCKS.split())})[\s/>]", re.IGNORECASE)
_ELEMENT = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
# An element that is dropped with all that is in it, where it has an end and none of its kind inside.
_WHOLE_DROPPED = re.compile(
    r"<(script|style|iframe|svg|audio|video|noscript|object)\b[^<>]*>[^<]*(?:<(?!/?\1\b)[^<]*)*</\1\s*>", re.IGNORECASE
)
# Not where a sign stands before it, which would make a tag of the words behind it.
_COMMENT = re.compile(r"<!--(?<!<<!--)(?!-?>)[^-]*(?:-(?!->)[^-]*)*-->")
_ALL_TAGS = tuple(f"{_BLOCKS} {_DROPPED} {_INLINE}".split())
_HALF_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*|(?=!(?:-|\Z))|\Z)([^<>]*)\Z")
_HALF_REFERENCE = re.compile(
    r"&(?:#x?[0-9a-fA-F]{0,6}|nb(?:sp?)?|am(?:p)?|quo?t?|hel(?:l(?:ip?)?)?|[lr][sd]q(?:uo?)?|[nm]das?h?)(?=(?:\.\.\.|…)?\Z)"
)
_PARTIAL = re.compile(r"<(?:[/!A-Za-z][^<>]*)?\Z")
# What `html.unescape` takes for one.
_REFERENCE = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?))")
_SECTION = "<![CDATA["
_MOST_REMEMBERED = 5_000


def _tags(names: str) -> str:
    """A pattern of whatever tag has one of these names; by their first letter, which rules out nearly all of them at once."""
    rests: dict[str, list[str]] = {}
    for name in names.split():
        rests.setdefault(name[0], []).append(name[1:])
    named = "|".join(f"{first}(?:{'|'.join(several)})" for first, several in rests.items())
    return rf"</?+(?:{named})(?:>|[\s/][^>]*+>)"


def _several(tag: str) -> re.Pattern[str]:
    return re.compile(rf"{tag}\s*+(?:{tag}\s*+)*+")


_TAKEN = re.compile(r"<[^>]*>")
_INLINE_TAGS, _BLOCK_TAGS = re.compile(_tags(_INLINE)), _several(_tags(_BLOCKS))
# Looked for only where one is left: few write them so, and both in one pattern take a third longer.
_CAPITAL_INLINE_TAGS, _CAPITAL_BLOCK_TAGS = re.compile(_tags(_INLINE.upper())), _several(_tags(_BLOCKS.upper()))


class _References(dict[str, str]):
    """What each reference to a character means, as `html.unescape` says."""

    def __missing__(self, reference: str) -> str:
        meant = html.unescape(reference)
        if len(self) < _MOST_REMEMBERED:
            self[reference] = meant
        return meant


_REFERENCES = _References()
_STYLESHEET = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text"/>
<xsl:template match="{"|".join(_DROPPED.split())}|comment()|processing-instruction()"/>
<xsl:template match="{"|".join(_BLOCKS.split())}">
<xsl:text>&#10;</xsl:text><xsl:apply-templates/><xsl:text>&#10;</xsl:text></xsl:template>
</xsl:stylesheet>"""


class _Tools(threading.local):
    # lxml compiles a stylesheet anew for every call from a thread that did not make it.
    def __init__(self) -> None:
        # XSLT walks the tree in C: over a corpus of real feeds a third of the time of a walk in Python.
        self.to_text = etree.XSLT(etree.XML(_STYLESHEET))
        # From bytes and without a table of ids: half the time.
        self.parser = etree.HTMLParser(
            no_network=True, remove_comments=True, remove_pis=True, collect_ids=False, encoding="utf-8"
        )


_TOOLS = _Tools()

# Characters read of one description: enough for some 600 words, so that a feed of whole books costs no more than news.
MAX_CHARS = 4_000
# Where markup gives less text than this, it is mostly tags, and as much of it is read as may give half more.
_SPARSE_CHARS = 1_000
_CHARS_WHEN_SPARSE = 1_500
MOST_CHARS_READ = 12_000  # of any


def plain_line(markup: str) -> str:
    """A title, name or category as one line of text, whatever it was encoded as."""
    if "<" not in markup and "&" not in markup:
        return one_line(markup) if markup else ""
    return plain_text(markup).replace("\n", " ")


def plain_text(markup: str) -> str:
    """HTML or text as plain text: paragraphs separated by newlines, without scripts, styles and forms.

    Words encoded once too often (`&amp;lt;p&amp;gt;`) are decoded once more. Beyond MAX_CHARS characters the rest is left
    out at the end of a paragraph or sentence.
    """
    return plain_texts([markup])[0]


def plain_texts(markups: Sequence[str]) -> list[str]:
    """As `plain_text`, of each: a processor that does the same again does it faster."""
    decoded = [_decode(markup, MAX_CHARS) for markup in markups]
    texts = [sanitise(text) for text in decoded]
    return [
        text if len(markup) <= MAX_CHARS else _of_long_one(markup, text)
        for markup, text in zip(markups, texts, strict=True)
    ]


def _of_long_one(markup: str, text: str) -> str:
    """The plain text of one beyond MAX_CHARS, whose beginning is `text`."""
    text = _at_an_end(text)
    begins = begins_with_filler(markup)
    if len(text) >= _SPARSE_CHARS and not begins:
        return text
    if begins or holds_filler(markup, MAX_CHARS):
        markup = without_filler(markup, MOST_CHARS_READ)
        text = _at_an_end(sanitise(_decode(markup, MAX_CHARS)))
        if len(text) >= _SPARSE_CHARS:
            return text
    limit = min(MAX_CHARS * _CHARS_WHEN_SPARSE // max(len(text), 1), MOST_CHARS_READ)
    text = sanitise(_decode(markup, limit))
    return _at_an_end(text) if len(markup) > limit else text


def _decode(markup: str, limit: int) -> str:
    if len(markup) > limit:
        markup = _cut(markup, limit)
    if "<" not in markup and "&" not in markup and markup[-1:] != ">":
        return without_codes(markup)  # text as it is
    markup = _whole(markup)
    if markup[:9] == _SECTION:  # escaped with what was in it
        markup = _without_sections(markup)
    elif markup[-3:] == "]]>":
        markup = markup[:-3]
    tagged = "<" in markup
    text = _strip(markup) if tagged and _has_tag(markup) else unescape(markup)
    if not tagged and "<" in text and (_has_tag(text) or text[:9] == _SECTION):
        text = _strip(text)
    elif "&" in text and ";" in text:
        text = unescape(text)
        if not tagged and _BEGINS_WITH_TAG.match(text):  # escaped three times
            text = _strip(text)
    text = without_codes(text)
    # So begins UTF-8 that was taken for Latin-1 and then written with references.
    return once_decoded(text) if "&" in markup and ("Ã" in text or "â" in text) else text


def _without_sections(markup: str) -> str:
    return markup.replace(_SECTION, "").replace("]]>", "")


def _has_tag(text: str) -> bool:
    return (_BEGINS_WITH_TAG.match(text) or _TAG.search(text)) is not None


def _cut(markup: str, limit: int) -> str:
    """The beginning of it, without a tag or a comment that the limit divides."""
    markup = markup[:limit]
    comment = markup.rfind("<!--") if "!" in markup else -1
    if comment >= 0 and markup.find("-->", comment) < 0:
        return markup[:comment]
    opened = markup.rfind("<")
    return markup[:opened] if opened >= 0 and _PARTIAL.match(markup, opened) else markup


def _whole(markup: str) -> str:
    """It without half a tag or half a reference at its end, where its feed cut it."""
    opened, closed = markup.rfind("<"), markup.rfind(">")
    # Nothing behind its `<` tells a tag from a sign, but the tags before it.
    if (
        opened > closed
        and (cut := _HALF_TAG.match(markup, opened))
        and (_is_tag(cut[1], cut[2]) if cut[1] or cut[2] else closed >= 0)
    ):
        markup = markup[:opened]
    if "&" in markup[-12:]:
        markup = _HALF_REFERENCE.sub("", markup)
    return markup


def _is_tag(name: str, attributes: str) -> bool:
    return "=" in attributes or any(known.startswith(name.lower()) for known in _ALL_TAGS)


def _strip(markup: str) -> str:
    if "\n" in markup and _BLOCK.search(markup):
        markup = markup.replace("\n", " ")
    markup = without_notes(markup)
    if may_have_captions(markup):
        # A caption is not the report, but better than nothing.
        report = _text_of(without_captions(markup))
        if report.strip():
            return report
    return _text_of(markup)


def _text_of(markup: str) -> str:
    text = _without_tags(markup)
    if text is None and _SECTION in markup:
        markup = _without_sections(markup)
        text = _without_tags(markup)
    return _parsed(markup) if text is None else text


def tree_as_text(element: object) -> str:
    """The text of a parsed element, as that of markup."""
    return str(_TOOLS.to_text(element))


def _parsed(markup: str) -> str:
    try:
        tree = etree.fromstring(b"<div>" + markup.encode("utf-8", "ignore"), _TOOLS.parser)
        return str(_TOOLS.to_text(tree))
    except (etree.LxmlError, ValueError):
        return html.unescape(_ELEMENT.sub(" ", markup))


def _without_tags(markup: str) -> str | None:
    """The text of markup in which each `<` and `>` belongs to a well-known tag; else None.

    Nine of ten descriptions are so plain that taking their tags out, a fifth of the work, gives what a parser gives.
    """
    # A search for one letter is many times faster than one for several, and most texts have no such letter.
    if "!" in markup and (
        end := markup.rfind("-->") + 1
    ):  # behind the last end every beginning would be looked at in vain
        markup = f"{_COMMENT.sub('', markup[: end + 2])}{markup[end + 2 :]}"
    text = _BLOCK_TAGS.sub("\n", _INLINE_TAGS.sub("", markup))
    if "<" in text:
        text = _CAPITAL_BLOCK_TAGS.sub("\n", _CAPITAL_INLINE_TAGS.sub("", text))
    if "<" in text:
        text = _WHOLE_DROPPED.sub("", text)
    if "<" in text or (">" in text and _may_end_early(_WHOLE_DROPPED.sub("", markup))):
        return None
    return unescape(text)


def _may_end_early(markup: str) -> bool:
    """Whether what was taken for the end of a tag can stand in one of its values: `title="x > y"`."""
    return any(tag.count('"') % 2 or tag.count("'") % 2 for tag in _TAKEN.findall(markup))


def unescape(text: str) -> str:
    """What `html.unescape` gives, in two thirds of its time."""
    if "&" not in text:
        return text
    parts = _REFERENCE.split(text)
    parts[1::2] = map(_REFERENCES.__getitem__, parts[1::2])
    return "".join(parts)


def _at_an_end(text: str) -> str:
    half = len(text) // 2  # what ends before it would cost too much
    end = max(text.rfind("\n", half), half)
    for mark in (". ", "! ", "? ") if text.isascii() else (". ", "! ", "? ", "。"):
        end = max(text.rfind(mark, end) + 1, end)  # one before the last end found so far is none
    return text[:end].rstrip() if end > half else text
