"""Texts that say nothing, and the lines that programs put under a text: none of it is a word of the item."""

from __future__ import annotations

import re
from typing import Final

from .html_to_text import MAX_CHARS, plain_line

MOST_CHARS_OF_NOTHING: Final = 120
# Of a text in lower case, which takes half the time of a pattern that ignores case.
_NOTHING: Final = re.compile(
    r"(?:comments?|link|permalink|read (?:more|on|the (?:full|whole) (?:article|story|post))|continue reading|more|view (?:article|post|comments?)|null|none|"
    r"undefined|nan|(?:no (?:description|summary|excerpt|preview|content)|description|excerpt)(?: (?:available|here|goes here))?|n/a|weiterlesen|mehr|lire la suite|leer más|全文|閱讀全文"
    r"|keine beschreibung(?: verfügbar)?|pas de description|aucune description|sin descripción|sem descrição|nessuna descrizione|geen (?:beschrijving|omschrijving)"
    r"|brak opisu|нет описания|без описания|ingen (?:beskrivelse|beskrivning)|ei kuvausta|açıklama yok|説明なし|설명 없음|(?:暂无|暫無|没有|沒有)(?:描述|简介|簡介|摘要|內容|内容)"
    r"|\[(?:object object|excerpt|description|summary|content)\])?\s*[.…»›→>•*_|/\s-]*"
    r"|(?:\s|\{\{[^{}]*\}\}|\{%[^{}]*%\}|\$\{[^{}]*\}|%%\w+%%|%\w+%|<%[^<>]*%>|<\?[^<>]*\?>)+"  # of a template that was not filled in
    r"|(?:https?://\S+\s*)+",
)
_SAMPLE: Final = "lorem ipsum"
# What a blog puts under each text: two links, of which the first is the title and the second the blog, in whatever language.
_APPEARED: Final = re.compile(
    r"<(?:p|div)\b[^<>]*>[^<]{0,60}<a\s[^<>]*>([^<]*)</a>[^<]{1,90}<a\s[^<>]*>[^<]{1,100}</a>[^<]{0,60}(?:</(?:p|div)>\s*)+\Z"
)
_CHARS_OF_AN_END: Final = 80
_CHARS_OF_A_LAST_LINE: Final = 800  # with its addresses
# Where a list of links says who brought one, and where it is talked about.
_BROUGHT: Final = re.compile(
    r"(?:\A|\s)submitted by /?u/\S+(?: to /?r/\S+)?\s*\[link\]\s*\[comments\]\Z"
    r"|(?:\A|\n)(?:Article URL: \S+\n)?Comments URL: \S+(?:\nPoints: \d+)?(?:\n# Comments: \d+)?\Z"
)


def says_nothing(text: str) -> bool:
    """Whether a short text is a program's word for that there is none, an address, or a template that was not filled in."""
    return _NOTHING.fullmatch(text.lower()) is not None


def is_sample(text: str) -> bool:
    """Whether it is the text that designers put where none has been written."""
    return text[: len(_SAMPLE)].lower() == _SAMPLE


def may_end_with_links(markup: str) -> bool:
    """Whether a closer look at its end pays."""
    return markup[-1:] == ">" and len(markup) <= MAX_CHARS and "</a>" in markup[-_CHARS_OF_AN_END:]


def without_end(markup: str, text: str, title: str) -> str:
    """The text without the line that names its blog, or who brought it; `text` is the markup as text."""
    if (text.endswith("[comments]") or "Comments URL:" in text[-_CHARS_OF_AN_END:]) and (
        brought := _BROUGHT.search(text)
    ):
        return text[: brought.start()].rstrip()
    last = max(len(markup) - _CHARS_OF_A_LAST_LINE, 0)
    appeared = _APPEARED.match(markup, max(markup.rfind("<p", last), markup.rfind("<div", last), 0))
    if appeared and title and plain_line(appeared[1]).casefold() == title.casefold():
        return text[: max(text.rfind("\n"), 0)].rstrip()
    return text
