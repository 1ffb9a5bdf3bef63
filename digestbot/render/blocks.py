"""Slack's blocks, built so that text from a feed can never be more than text.

Feed-made words go into rich text elements and plain text objects only, which Slack shows literally: no mention, no
link, no emoji code and no `*bold*` is recognised in them (docs.slack.dev, "Rich text block"). A template prints these
values one after the other; `assemble` joins the lines and bullets between other blocks into rich text blocks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from ..errors import TemplateError
from ..text.sanitise import shorten
from .slack_limits import CONTEXT_ELEMENT, HEADER, escape, length
from .view import Outlet, StoryView

Block = dict[str, Any]
Span = Mapping[str, Any] | str | Iterable["Span"]

# Types of our own, which Slack never sees. A template prints line by line and cannot know which lines end up as
# neighbours, so it is `assemble` that makes rich text of them.
_LINE: Final = "line"
_BULLET: Final = "bullet"
_BREAK: Final = "break"
_NO_SPACE: Final = re.compile(r"\S")


def header(text: str) -> Block:
    """A title in large letters."""
    # With emoji Slack would turn `:fire:` in a feed's title into a picture, in headers and context lines alike.
    return {"type": "header", "text": {"type": "plain_text", "text": _within(text, HEADER), "emoji": False}}


def context(text: str) -> Block:
    """A line in small grey letters."""
    element = {"type": "plain_text", "text": _within(text, CONTEXT_ELEMENT), "emoji": False}
    return {"type": "context", "elements": [element]}


def divider() -> Block:
    """A rule across the message."""
    return {"type": "divider"}


def line(*spans: Span) -> Block:
    """A line of rich text, made of strings and of what `link`, `bold`, `italic`, `quoted` and `reports` return."""
    return {"type": _LINE, "elements": _joined(_elements(spans))}


def bullet(*spans: Span) -> Block:
    """A line of a bulleted list."""
    return {"type": _BULLET, "elements": _joined(_elements(spans))}


def block_break() -> Block:
    """Ends the rich text block, so that the next line begins another."""
    return {"type": _BREAK}


def link(text: str, url: str) -> Block:
    """A linked text; the text alone where there is no address."""
    return {"type": "link", "url": url, "text": text} if url else {"type": "text", "text": text}


def bold(span: Span) -> list[Block]:
    """The same in bold."""
    return [_styled(element, "bold") for element in _elements([span])]


def italic(span: Span) -> list[Block]:
    """The same in italics."""
    return [_styled(element, "italic") for element in _elements([span])]


def quoted(story: StoryView) -> list[Span]:
    """A story's sentences, each followed by its outlet in brackets; linked unless something before links there."""
    spans: list[Span] = []
    linked = {story.url}
    for quote in story.quotes:
        label = [" [", link(quote.source, "" if quote.url in linked else quote.url), "]"] if quote.source else []
        spans += [" " if spans else "", quote.text, *label]
        linked.add(quote.url)
    return spans


def reports(story: StoryView, most: int = 20) -> list[Span]:
    """A story's outlets, `most` at most, each linked to its report unless the title is, further reports by number."""
    spans: list[Span] = []
    for outlet in story.outlets[:most]:
        spans += [" · " if spans else "", _reported(outlet, {story.url})]
    hidden = story.outlet_count - len(story.outlets[:most])
    return [*spans, f" · +{hidden}" if hidden else ""]


def titles(stories: Iterable[StoryView]) -> list[Span]:
    """The headlines of stories one after another, each linked."""
    return [[" · " if at else "", link(story.title, story.url)] for at, story in enumerate(stories)]


def unquoted(story: StoryView, most: int = 20) -> list[Span]:
    """As `reports`, without what the title and the sentences link already; empty when nothing is left."""
    linked = {story.url, *(quote.url for quote in story.quotes)}
    spans: list[Span] = []
    for outlet in story.unquoted[:most]:
        spans += [" · " if spans else "", _reported(outlet, linked)]
    # A sentence may name an outlet that is not listed.
    hidden = story.unlisted - len(
        {quote.source for quote in story.quotes if quote.source} - {outlet.name for outlet in story.outlets}
    )
    return [*spans, f" · +{hidden}"] if spans and hidden > 0 else spans


GLOBALS: Final[Mapping[str, Callable[..., Any]]] = {
    "header": header,
    "context": context,
    "divider": divider,
    "line": line,
    "bullet": bullet,
    "block_break": block_break,
    "link": link,
    "bold": bold,
    "italic": italic,
    "quoted": quoted,
    "reports": reports,
    "titles": titles,
    "unquoted": unquoted,
}


def assemble(text: str) -> list[Block]:
    """The blocks in a template's output: JSON objects one after the other.

    Raises:
        TemplateError: when the output is anything else.
    """
    blocks: list[Block] = []
    for rich, group in groupby(_objects(text), key=lambda made: made["type"] in {_LINE, _BULLET}):
        if rich:
            blocks.append({"type": "rich_text", "elements": [*_rich_elements(group)]})
        else:
            blocks += [made for made in group if made["type"] != _BREAK]
    return blocks


def _objects(text: str) -> Iterator[Block]:
    # Values with white space between them are no JSON document: a template prints no commas, so each is read alone.
    decoder, at = json.JSONDecoder(), 0
    while found := _NO_SPACE.search(text, at):
        try:
            made, at = decoder.raw_decode(text, found.start())
        except json.JSONDecodeError as error:
            raise TemplateError(
                f"its output is not a Slack block at {text[found.start() : found.start() + 40]!r}: {error.msg}"
            ) from error
        if not isinstance(made, dict) or not isinstance(made.get("type"), str):
            raise TemplateError(f"its output is not a Slack block: {str(made)[:40]!r} has no type")
        yield made


def _rich_elements(made: Iterable[Block]) -> Iterator[Block]:
    for kind, group in groupby(made, key=lambda one: one["type"]):
        # A story without sentences gives a line without elements, which would show as an empty one.
        rows = [one["elements"] for one in group if one["elements"]]
        if kind == _BULLET:
            items = [{"type": "rich_text_section", "elements": row} for row in rows]
            yield {"type": "rich_text_list", "style": "bullet", "elements": items}
        else:
            # Slack puts no line break between the elements of a section: each line but the first has to bring its own.
            joined = [element for row in rows for element in ({"type": "text", "text": "\n"}, *row)]
            yield {"type": "rich_text_section", "elements": joined[1:]}


def _elements(spans: Iterable[Span]) -> Iterator[Block]:
    for span in spans:
        if isinstance(span, str):
            if span:
                yield {"type": "text", "text": str(span)}
        elif isinstance(span, Mapping):
            if span["text"]:
                yield dict(span)
        else:
            yield from _elements(span)


def _reported(outlet: Outlet, linked: set[str]) -> list[Span]:
    # Numbered as they are shown: without what is linked already, 2 and 4 would have a reader look for 3.
    shown = [url for url in outlet.more if url not in linked]
    further = [[" ", link(str(at), url)] for at, url in enumerate(shown, start=2)]
    return [link(outlet.name, "" if outlet.url in linked else outlet.url), *further]


def _joined(elements: Iterable[Block]) -> list[Block]:
    """Merges neighbouring texts of one style into one element, because every element costs bytes of the budget."""
    joined: list[Block] = []
    for element in elements:
        last = joined[-1] if joined else {}
        if element["type"] == last.get("type") == "text" and element.get("style") == last.get("style"):
            joined[-1] = {**last, "text": last["text"] + element["text"]}
        else:
            joined.append(element)
    return joined


def _styled(element: Block, style: str) -> Block:
    return {**element, "style": {**element.get("style", {}), style: True}}


def _within(text: str, most: int) -> str:
    """Cut so that it still fits after Slack escapes it, and never inside an entity."""
    text, room = text.strip() or "…", most
    while length(escape(shorten(text, room))) > most:
        # Escaping makes at most five characters of one (`&amp;`), so a fifth of the excess never cuts too much.
        room -= max(1, (length(escape(shorten(text, room))) - most) // 5)
    return shorten(text, room)
