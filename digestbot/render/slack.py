"""A digest as Slack messages: one, or a parent and replies in its thread.

Modes: `standard` tells the best stories in full and the others as headlines, and uses the thread only for what does not
fit; `compact` posts headlines and puts the summaries into the thread; `thread` posts one overview and a reply a section.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..text.sanitise import shorten
from .blocks import assemble
from .budget import after, bare, cost, first, fit, fullest, most_stories
from .build_view import with_top
from .slack_limits import BUDGET_FALLBACK, escape, fullness, length, problems
from .templates import Filling
from .view import DigestView, Part

MODES: Final = ("standard", "compact", "thread")
# Six in full and any number in brief are sixteen blocks: about two screens of a phone.
TOP_STORIES: Final = 5
_MOST_REPLIES: Final = 8

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SlackForm:
    """The messages in posting order; the digest in a single one, where they are several; what their budget cost."""

    messages: tuple[Arguments, ...]
    single: Arguments
    notes: tuple[str, ...]


class _Maker:
    """Makes messages of views."""

    def __init__(self, filling: Filling) -> None:
        self._filling = filling

    def message(self, view: DigestView, part: Part) -> Arguments:
        text = self._filling.fill("slack.txt", digest=view, part=part)
        return self._with_text(_fallback(text), view, part)

    def fullness(self, view: DigestView, part: Part) -> float:
        """That of its blocks: the text beside them is cut to its room."""
        return self.measured(self._with_text("…", view, part))

    def measured(self, message: Arguments) -> float:
        """What share of the budget a message takes; more than all of it where Slack would refuse it for another reason."""
        share = fullness(message)
        # What the shipped template makes has no other fault.
        return 2.0 if share <= 1 and self._filling.trusts("slack.json") and problems(message) else share

    def _with_text(self, text: str, view: DigestView, part: Part) -> Arguments:
        return {
            "text": text,
            "blocks": assemble(self._filling.fill("slack.json", digest=view, part=part)),
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }


def slack(view: DigestView, filling: Filling, mode: str) -> SlackForm:
    """The chat.postMessage arguments of a digest, `channel` left out, all within the budget.

    Raises:
        ValueError: for a mode that is not one of MODES.
    """
    if mode not in MODES:
        raise ValueError(f"unknown Slack mode {mode}; there are {', '.join(MODES)}")
    plan = {"standard": _standard, "compact": _compact, "thread": _thread}[mode]
    maker = _Maker(filling)
    told, messages = plan(view, maker)
    single = _single(view, maker) if len(messages) > 1 else {}
    if filling.trusts("slack.json") and any(maker.measured(each) > 1 for each in (*messages, single) if each):
        filling.distrust("slack.json", "it makes more than fits into a message")
        told, messages = plan(view, maker)
        single = _single(view, maker) if len(messages) > 1 else {}
    return SlackForm(messages=tuple(messages), single=single, notes=cost("Slack", view, told))


def _single(view: DigestView, maker: _Maker) -> Arguments:
    """The best of the digest in one message, for a webhook: it cannot post into a thread."""
    part = Part(number=0, mode="standard")
    return fit(with_top(view, TOP_STORIES, spare=1), lambda less: maker.message(less, part), maker.measured)[1]


def _standard(view: DigestView, maker: _Maker) -> tuple[DigestView, list[Arguments]]:
    view = with_top(view, TOP_STORIES, spare=1)
    part = Part(number=0, mode="standard")
    if found := fullest(view, lambda less: maker.message(less, part), maker.measured):
        shrunk, message = found
        return shrunk, [message]
    part = replace(part, in_thread=len(view.stories))
    count = most_stories(view, lambda less: maker.fullness(less, part))
    part = replace(part, in_thread=len(view.stories) - count)
    parent = maker.message(first(view, count), part)
    rest, replies = _replies(after(view, count), maker, "standard")
    return rest, [parent, *replies]


def _compact(view: DigestView, maker: _Maker) -> tuple[DigestView, list[Arguments]]:
    headlines = with_top(view, 0)
    part = Part(number=0, mode="compact", in_thread=len(view.stories))
    count = most_stories(headlines, lambda less: maker.fullness(less, part))
    parent = maker.message(first(headlines, count), part)
    rest, replies = _replies(view, maker, "compact")
    return rest, [parent, *replies]


def _thread(view: DigestView, maker: _Maker) -> tuple[DigestView, list[Arguments]]:
    if not 0 < len(view.sections) <= _MOST_REPLIES:
        return _standard(view, maker)
    part = Part(number=0, mode="thread", outline=view.sections, in_thread=len(view.stories))
    parent = maker.message(first(view, 0), part)
    if maker.measured(parent) > 1:
        return _standard(view, maker)
    lost, messages = 0, [parent]
    for at, section in enumerate(view.sections):
        last = at == len(view.sections) - 1
        alone = replace(view, sections=(section,), also=view.also if last else ())
        rest, replies = _replies(alone, maker, "thread", start=len(messages))
        messages += replies
        lost += rest.left_out - view.left_out
    return replace(view, left_out=view.left_out + lost), messages


def _replies(view: DigestView, maker: _Maker, mode: str, *, start: int = 1) -> tuple[DigestView, list[Arguments]]:
    """What is left of the view after as many replies as may be posted, and the replies."""
    messages: list[Arguments] = []
    while view.stories or view.also:
        if len(messages) == _MOST_REPLIES:
            lost = len(view.stories) + len(view.also)
            return replace(view, left_out=view.left_out + lost), messages
        part = Part(number=start + len(messages), mode=mode)
        piece, view = _largest(view, maker, part)
        messages.append(maker.message(piece, part))
    return view, messages


def _largest(view: DigestView, maker: _Maker, part: Part) -> tuple[DigestView, DigestView]:
    """The largest beginning of the view that fits a message, and the rest of the view."""
    share = maker.fullness(view, part)
    if share <= 1:
        return view, replace(view, sections=(), also=())
    count = most_stories(view, lambda less: maker.fullness(less, part), share=share)
    if 0 < count < len(view.stories):
        return first(view, count), after(view, count)
    if view.stories and not count:
        return bare(first(view, 1)), after(view, 1)
    for also in _halves(len(view.also)):
        piece = replace(view, also=view.also[:also])
        if (also or count) and maker.fullness(piece, part) <= 1:
            return piece, replace(view, sections=(), also=view.also[also:])
    return bare(replace(view, also=view.also[:1])), replace(view, also=view.also[1:])


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
