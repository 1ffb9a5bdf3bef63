"""A digest in a terminal: styled values only, so that no text from a feed is read as markup."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from ..model import Digest
from .telling import view_of
from .templates import Phrases, Templates
from .view import DigestView, StoryView

_WIDTH: Final = 100
_DIM: Final = Style(dim=True)


def terminal(digest: Digest, console: Console) -> None:
    """Print the digest; titles and outlets are links where the terminal knows them."""
    view = view_of(digest)
    say = Templates().phrases(view.language)
    width = min(console.width, _WIDTH)
    for renderable in [*_head(view, say), *_stories(view, say), *_foot(view, say)]:
        console.print(renderable, width=width)


def _head(view: DigestView, say: Phrases) -> list[Any]:
    head = [Text(view.title, Style(bold=True)), Text(view.date, _DIM)]
    if view.told:
        head.append(Text(f"{say.counts(view)} · {say.minutes(view)}", _DIM))
    head += [Text(note, Style(color="yellow")) for note in view.notes]
    return head if view.told else [*head, Text(), Text(say.quiet())]


def _stories(view: DigestView, say: Phrases) -> list[Any]:
    lines: list[Any] = []
    for section in view.sections:
        lines += [Text(), _heading(section.topic)]
        for story in section.stories:
            lines += ["", _numbered(story), *_body(story, say)]
    if view.also:
        lines += [Text(), _heading(say.also()), ""]
        lines += [_numbered(story, "  ", _outlets(story)) for story in view.also]
    return lines


def _body(story: StoryView, say: Phrases) -> list[Padding]:
    quotes = Text()
    for quote in story.quotes:
        quotes.append(" " if quotes else "").append(quote.text)
        if quote.source:
            quotes.append(" [", _DIM).append_text(_linked(quote.source, quote.url, _DIM)).append("]", _DIM)
    meta = Text()
    if story.day > 1:
        meta.append(say.update(story), Style(color="red", bold=True)).append(" · ", _DIM)
    meta.append(f"{say.outlets(story)}: ", _DIM).append_text(_outlets(story))
    why = [Text(say.why(story), _DIM)] if story.why else []
    return [Padding(text, (0, 0, 0, 4)) for text in ([quotes] if quotes else []) + [meta, *why]]


def _foot(view: DigestView, say: Phrases) -> list[Any]:
    lines = [Text()]
    if view.left_out:
        lines.append(Text(say.left_out(view), _DIM))
    if view.failures:
        lines.append(Text(say.failed(view), Style(color="yellow")))
    return [*lines, Text(f"{say.window(view)} {say.read(view)}", _DIM)]


def _heading(topic: str) -> Rule:
    return Rule(Text(topic.upper(), Style(bold=True, color="red")), align="left", style=_DIM)


def _numbered(story: StoryView, *more: Text | str) -> Table:
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=3)
    row.add_column()
    row.add_row(
        Text(f"{story.number:2}.", _DIM), Text.assemble(_linked(story.title, story.url, Style(bold=True)), *more)
    )
    return row


def _outlets(story: StoryView) -> Text:
    listed = [_linked(outlet.name, outlet.url, _DIM) for outlet in story.outlets]
    listed += [Text(f"+{story.unlisted}", _DIM)] if story.unlisted else []
    return Text(" · ", _DIM).join(listed)


def _linked(text: str, url: str, style: Style) -> Text:
    return Text(text, style + Style(link=url) if url else style)
