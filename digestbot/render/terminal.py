"""Prints a digest in a terminal; as styled values only, so that no text from a feed is read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from ..model import Digest
from .build_view import build_view
from .i18n import capitalised, spaced, translations
from .safety import sanitised
from .templates import PhraseMacros, Templates
from .view import DigestView, ReportLink, StoryView

_MOST_WIDTH: Final = 100  # columns: longer lines are hard to read
_INDENT: Final = 4
_BETWEEN: Final = " · "
_INSET: Final = (0, 0, 0, _INDENT)
_DIM: Final = Style(dim=True)
_MARK: Final = Style(color="red", bold=True)


def terminal(digest: Digest, console: Console) -> None:
    """Print the digest; titles and outlets are links where the terminal supports them."""
    view = build_view(sanitised(digest))
    say = Templates().phrases(view.language)
    width = min(console.width, _MOST_WIDTH)
    for renderable in [*_head(view, say), *_stories(view, say, width - _INDENT), *_foot(view, say)]:
        console.print(renderable, width=width)


def _head(view: DigestView, say: PhraseMacros) -> list[Any]:
    head = [Text(view.title, Style(bold=True)), Text(capitalised(view.date), _DIM)]
    if view.story_count:
        head.append(Text(f"{say.counts(view)} · {say.minutes(view)}", _DIM))
    head += [Text(note, Style(color="yellow")) for note in view.notices]
    return head if view.story_count else [*head, Text(), Text(say.quiet())]


def _stories(view: DigestView, say: PhraseMacros, width: int) -> list[Any]:
    lines: list[Any] = []
    for section in view.sections:
        lines += [Text(), _heading(section.topic)]
        for story in section.stories:
            if not story.line:
                update = [Padding(Text(say.update(story), _MARK), _INSET)] if story.is_update else []
                lines += ["", *update, _numbered(story, Text()), *_body(view, story, say, width)]
        if section.lines:
            lines += ["", *_in_lines(section.lines, say, width)]
    if view.also:
        lines += [Text(), _heading(say.also()), ""]
        lines += _in_lines(view.also_lines, say, width)
        if view.further:
            lines += ["", Text(say.further(), _DIM), *(_numbered(story, Text()) for story in view.further)]
    return lines


def _in_lines(stories: Iterable[StoryView], say: PhraseMacros, width: int) -> Iterable[Any]:
    for story in stories:
        yield _numbered(story, _beside(story, say, width))
        for report in story.related:
            yield Padding(_pointer(report, f"{say.related()} "), _INSET, expand=False)


def _body(view: DigestView, story: StoryView, say: PhraseMacros, width: int) -> list[Padding]:
    quotes = Text()
    for quote in story.quotes:
        quotes.append(" " if quotes else "").append(quote.text)
        if quote.source:
            quotes.append(" [", _DIM).append_text(_linked(quote.source, quote.url, _DIM)).append("]", _DIM)
    first, *others = _outlets(story) or [Text()]
    counted = Text(story.time, _DIM)
    if story.outlets:
        counted.append(f"{_BETWEEN}{say.outlets(story)}{translations(view.language).gettext(': ')}")
    texts = [
        quotes,
        Text(_BETWEEN.join(story.facts), Style(bold=True)),
        _flowed([counted.append_text(first), *others], width),
        Text(say.why(story) if story.why else "", _DIM),
        *(_pointer(report, "") for report in story.headlines),
        *(_pointer(report, spaced(say.related())) for report in story.related),
    ]
    return [Padding(text, _INSET, expand=False) for text in texts if text]


def _pointer(report: ReportLink, label: str) -> Text:
    """Another headline on a line of its own."""
    return Text.assemble((f"– {label}", _DIM), _linked(report.title, report.url, Style()), (f"  {report.source}", _DIM))


def _beside(story: StoryView, say: PhraseMacros, width: int) -> Text:
    """The outlets and the time of a story in one line: after the title where there is room, else below it."""
    update = [Text(say.update(story), _MARK)] if story.is_update else []
    outlets = _flowed([*_outlets(story), Text(story.time, _DIM), *update], width)
    room = width - cell_len(story.title) - 2
    return Text.assemble("  " if outlets.cell_len <= room else "\n", outlets) if outlets else outlets


def _flowed(pieces: Sequence[Text], width: int) -> Text:
    """The pieces with dots between them, in lines that are broken between two pieces only; the dot there ends its line."""
    lines: list[Text] = []
    dot = _BETWEEN.rstrip()
    for number, piece in enumerate(pieces, start=1):
        room = width - (len(dot) if number < len(pieces) else 0)
        if lines and lines[-1].cell_len + len(_BETWEEN) + piece.cell_len <= room:
            lines[-1].append(_BETWEEN, _DIM).append_text(piece)
            continue
        if lines:
            lines[-1].append(dot, _DIM)
        lines.append(piece.copy())
    return Text("\n").join(lines)


def _foot(view: DigestView, say: PhraseMacros) -> list[Any]:
    lines = [Text()]
    if view.omitted:
        lines.append(Text(say.omitted(view), _DIM))
    if view.failures or view.recovered:
        lines.append(Text(say.failed(view), Style(color="yellow")))
    return [*lines, Text(spaced(say.window(view)) + say.read(view), _DIM)]


def _heading(topic: str) -> Rule:
    return Rule(Text(topic.upper(), Style(bold=True, color="red")), align="left", style=_DIM)


def _numbered(story: StoryView, beside: Text) -> Table:
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=_INDENT - 1)
    row.add_column(overflow="fold")  # a title is never cut: the end of what is broken stands in the next line
    row.add_row(
        Text(f"{story.number:2}.", _DIM), Text.assemble(_linked(story.title, story.url, Style(bold=True)), beside)
    )
    return row


def _outlets(story: StoryView) -> list[Text]:
    listed = [_linked(outlet.name, outlet.url, _DIM) for outlet in story.outlets]
    return [*listed, *([Text(f"+{story.unlisted}", _DIM)] if story.unlisted else [])]


def _linked(text: str, url: str, style: Style) -> Text:
    return Text(text, style + Style(link=url) if url else style)
