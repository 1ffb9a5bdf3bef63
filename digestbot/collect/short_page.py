"""The text of a short article page, paragraph by paragraph.

Where a page says little, trafilatura falls back on all the text it finds, with headline, captions and menu, glued together.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from ..text.sanitise import sanitise
from .html_to_text import tree_as_text
from .item_words import without_frame

MOST_CHARS = 1_500  # of a text that trafilatura may have found that way
_AROUND = [
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "figure",
    "figcaption",
    "h1",
    "script",
    "style",
    "noscript",
    "template",
    "button",
    "svg",
    "iframe",
]
_BODIES = (
    "//*[@itemprop='articleBody']",
    "//article",
    "//main",
    "//*[@role='main']",
)
# By their classes: what is said of a picture, and where other articles are named.
_BESIDE = tuple(
    f"//*[self::p or self::div or self::span or self::section or self::ul][contains(concat(' ', normalize-space(@class), ' '), '{name}')]"
    for name in (
        "caption ",
        "caption-text ",
        " credit ",
        " related",
        "-related ",
        " newsletter",
        " read-more",
        " recommended",
    )
)
_FEWEST_WORDS = 5


def short_article(content: bytes, found: str) -> str:
    """The paragraphs of the page's one article, where it has them; else what was found.

    Args:
        content: the page.
        found: the text that trafilatura made of it.
    """
    page = _tree(content)
    if page is None:
        return found
    own = _own_article(page)
    for around in page.xpath("|".join((*(f"//{name}" for name in _AROUND), *_BESIDE))):
        _drop(around)
    for place in _BODIES:
        bodies = [own] if own is not None and place == "//article" else page.xpath(place)
        if len(bodies) == 1:
            text = without_frame(sanitise(tree_as_text(bodies[0])))
            if _is_found(text, found):
                return text
    paragraphs = [sanitise(tree_as_text(paragraph)).replace("\n", " ") for paragraph in page.xpath("//p")]
    text = without_frame("\n".join(filter(None, paragraphs)))
    return text if _is_found(text, found) and 3 * len(text) >= len(found) else found


def _own_article(page: Any) -> Any:
    """The one of several articles that has the page's headline; None where none is told from the others."""
    articles = page.xpath("//article[.//h1]")
    return articles[0] if len(articles) == 1 and len(page.xpath("//article")) > 1 else None


def _tree(content: bytes) -> Any:
    try:
        content.decode()
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None
    try:
        return etree.fromstring(content, etree.HTMLParser(no_network=True, remove_comments=True, encoding=encoding))
    except (etree.LxmlError, ValueError):
        return None


def _drop(element: Any) -> None:
    """Take an element out; the text behind it belongs to what is around."""
    parent, tail = element.getparent(), element.tail or ""
    if parent is None:
        return
    before = element.getprevious()
    if before is None:
        parent.text = f"{parent.text or ''} {tail}"
    else:
        before.tail = f"{before.tail or ''} {tail}"
    parent.remove(element)


def _is_found(text: str, found: str) -> bool:
    """Whether these are words that were found: the rest was headline, captions and menu."""
    words, known = text.split(), set(found.split())
    return len(words) >= _FEWEST_WORDS and sum(word in known for word in words) >= 0.6 * len(words)
