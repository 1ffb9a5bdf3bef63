"""A digest as Slack messages: one, or a parent and replies in its thread.

Modes: `standard` shows the best stories in full and the others as headlines, and uses the thread only for what does not
fit; `compact` posts headlines and puts the summaries into the thread; `thread` posts an overview and a reply a section.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..text.sanitise import shorten
from .blocks import assemble
from .build_view import FULL_STORIES, with_top
from .fit import after, bare, first, fit, fullest, left_out_notes, most_stories, told
from .slack_limits import BUDGET_FALLBACK, escape, fullness, length, problems
from .templates import MessageTemplates
from .view import DigestView, Part

MODES: Final = ("standard", "compact", "thread")
_SPARE: Final = 1  # six stories in full and any number in brief are sixteen blocks: about two screens of a phone
_MOST_REPLIES: Final = 8

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SlackForm:
    """The messages in posting order; the digest as a single message, where they are several; what was left out."""

    messages: tuple[Arguments, ...]
    single: Arguments
    notes: tuple[str, ...]


class _MessageBuilder:
    """Builds chat.postMessage arguments from views."""

    def __init__(self, templates: MessageTemplates) -> None:
        self._templates = templates

    def message(self, view: DigestView, part: Part) -> Arguments:
        text = self._templates.render("slack.txt", digest=view, part=part)
        return self._with_text(_fallback(text), view, part)

    def fullness(self, view: DigestView, part: Part) -> float:
        """As `measured`, for the blocks alone: the text beside them is cut to its own limit anyway."""
        return self.measured(self._with_text("…", view, part))

    def measured(self, message: Arguments) -> float:
        """What share of the budget a message takes; 2, which is too much, where Slack would refuse it for another reason."""
        share = fullness(message)
        # The shipped template has no other fault, and looking for some takes time.
        return 2.0 if share <= 1 and self._templates.uses_custom("slack.json") and problems(message) else share

    def _with_text(self, text: str, view: DigestView, part: Part) -> Arguments:
        return {
            "text": text,
            "blocks": assemble(self._templates.render("slack.json", digest=view, part=part)),
            # Else a headline that holds `*` or `_` would be half in bold in a notification, and the marks gone.
            "mrkdwn": False,
            # Else Slack adds a preview below the message for links in it, and a digest has dozens.
            "unfurl_links": False,
            "unfurl_media": False,
        }


def slack(view: DigestView, templates: MessageTemplates, mode: str) -> SlackForm:
    """The chat.postMessage arguments of a digest, `channel` left out, all within the budget.

    Raises:
        ValueError: for a mode that is not one of MODES.
    """
    if mode not in MODES:
        raise ValueError(f"unknown Slack mode {mode}; there are {', '.join(MODES)}")
    plan = {"standard": _standard, "compact": _compact, "thread": _thread}[mode]
    builder = _MessageBuilder(templates)
    shown, messages = plan(view, builder)
    single = _single(view, builder) if len(messages) > 1 else {}
    if templates.uses_custom("slack.json") and any(builder.measured(each) > 1 for each in (*messages, single) if each):
        templates.fall_back("slack.json", "its output is too large for a Slack message, however much is left out")
        shown, messages = plan(view, builder)
        single = _single(view, builder) if len(messages) > 1 else {}
    return SlackForm(messages=tuple(messages), single=single, notes=left_out_notes("Slack", view, shown))


def _single(view: DigestView, builder: _MessageBuilder) -> Arguments:
    """The best of the digest in one message, for incoming webhooks: they cannot post into a thread."""
    part = Part(number=0, mode="standard")
    return fit(with_top(view, FULL_STORIES, spare=_SPARE), lambda less: builder.message(less, part), builder.measured)[
        1
    ]


def _standard(view: DigestView, builder: _MessageBuilder) -> tuple[DigestView, list[Arguments]]:
    view = with_top(view, FULL_STORIES, spare=_SPARE)
    part = Part(number=0, mode="standard")
    if found := fullest(view, lambda less: builder.message(less, part), builder.measured):
        shrunk, message = found
        return shrunk, [message]
    # Measured with the largest number that the line about the thread can hold: the real one takes no more room.
    part = replace(part, in_thread=len(view.stories))
    count = most_stories(view, lambda less: builder.fullness(less, part))
    part = replace(part, in_thread=len(view.stories) - count)
    parent = builder.message(first(view, count), part)
    rest, replies = _replies(after(view, count), builder, "standard")
    return rest, [parent, *replies]


def _compact(view: DigestView, builder: _MessageBuilder) -> tuple[DigestView, list[Arguments]]:
    headlines = with_top(view, 0)
    part = Part(number=0, mode="compact", in_thread=len(view.stories))
    count = most_stories(headlines, lambda less: builder.fullness(less, part))
    parent = builder.message(first(headlines, count), part)
    rest, replies = _replies(view, builder, "compact")
    return rest, [parent, *replies]


def _thread(view: DigestView, builder: _MessageBuilder) -> tuple[DigestView, list[Arguments]]:
    # With more sections than replies the last topics would be lost altogether.
    if not 0 < len(view.sections) <= _MOST_REPLIES:
        return _standard(view, builder)
    part = Part(number=0, mode="thread", outline=view.sections, in_thread=len(view.stories))
    parent = builder.message(first(view, 0), part)
    if builder.measured(parent) > 1:
        return _standard(view, builder)
    lost, messages = 0, [parent]
    for at, section in enumerate(view.sections):
        last = at == len(view.sections) - 1
        alone = replace(view, sections=(section,), also=view.also if last else ())
        rest, replies = _replies(alone, builder, "thread", start=len(messages))
        messages += replies
        # Each section starts with the count of the whole digest; only what it adds to that is its own.
        lost += rest.omitted - view.omitted
    return replace(view, omitted=view.omitted + lost), messages


def _replies(
    view: DigestView, builder: _MessageBuilder, mode: str, *, start: int = 1
) -> tuple[DigestView, list[Arguments]]:
    """The replies, _MOST_REPLIES at most, and what is left of the view after them; what is lost is in its `omitted`."""
    messages: list[Arguments] = []
    while view.stories or view.also:
        if len(messages) == _MOST_REPLIES:
            return replace(view, omitted=view.omitted + told(view)), messages
        part = Part(number=start + len(messages), mode=mode)
        piece, view = _largest(view, builder, part)
        messages.append(builder.message(piece, part))
    return view, messages


def _largest(view: DigestView, builder: _MessageBuilder, part: Part) -> tuple[DigestView, DigestView]:
    """The largest beginning of the view that fits a message, and the rest of the view."""
    share = builder.fullness(view, part)
    if share <= 1:
        return view, replace(view, sections=(), also=())
    count = most_stories(view, lambda less: builder.fullness(less, part), share=share)
    if 0 < count < len(view.stories):
        return first(view, count), after(view, count)
    if view.stories and not count:
        return _bare(first(view, 1), after(view, 1))
    for also in _halves(len(view.also)):
        piece = replace(view, also=view.also[:also])
        if (also or count) and builder.fullness(piece, part) <= 1:
            return piece, replace(view, sections=(), also=view.also[also:])
    return _bare(replace(view, also=view.also[:1]), replace(view, sections=(), also=view.also[1:]))


def _bare(piece: DigestView, rest: DigestView) -> tuple[DigestView, DigestView]:
    """The piece without what makes it too large, and the rest, which counts what the piece lost."""
    shrunk = bare(piece)
    return shrunk, replace(rest, omitted=rest.omitted + shrunk.omitted - piece.omitted)


def _halves(count: int) -> Iterable[int]:
    while count:
        yield count
        count //= 2
    yield 0


def _fallback(text: str) -> str:
    """One line for notifications and screen readers, escaped, never cut inside an entity."""
    text, room = " ".join(text.split()), BUDGET_FALLBACK
    while length(escape(shorten(text, room))) > BUDGET_FALLBACK:
        room = room * 3 // 4
    return escape(shorten(text, room))
