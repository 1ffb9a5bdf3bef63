"""Which story of an edition is meant by a link, an id, a number or words; looked for in earlier editions, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ..edition.context import DigestSpec, EditionContext
from ..edition.draft import EditionDraft
from ..edition.pipeline import draft_from_store
from ..edition.selection import Selection
from ..model import Edition, Entry, Item, Story
from ..text.counting import counted

_EARLIER = 14  # editions that are looked through
_STORED = timedelta(days=31)  # how far back words are looked for among items of no edition
_NUMBER = re.compile(r"[1-9]\d{0,2}\.?")
_STORY_ID = re.compile(r"[0-9a-f]{16}")


def found_in(draft: EditionDraft, reference: str) -> tuple[Story | None, Item | None]:
    """The story that an id, an address, a number or words name, and its item where they name one."""
    for story in draft.stories:
        item = next((one for one in story.items if reference in (one.id, one.url)), None)
        if item is not None or story.id == reference:
            return story, item
    return _numbered(reference, draft) or _worded(reference, draft), None


def _numbered(reference: str, draft: EditionDraft) -> Story | None:
    """The story with this number in the terminal and in text."""
    if not _NUMBER.fullmatch(reference.strip()):
        return None
    related = {id(other) for entry in draft.selection.full for other in entry.related}
    shown = [entry.story for entry, _ in places(draft.selection) if id(entry) not in related]
    return dict(enumerate(shown, start=1)).get(int(reference.strip(" .")))


def _worded(reference: str, draft: EditionDraft) -> Story | None:
    """The first story, those that are shown before others, of which a title holds all these words."""
    words = words_of(reference)
    shown = [entry.story for entry, _ in places(draft.selection)]
    for story in (*shown, *draft.stories) if words else ():
        if any(words <= words_in(item.title) for item in story.items):
            return story
    return None


def words_of(reference: str) -> set[str]:
    """The words of a title; none where it is an address or a number."""
    named = "://" not in reference and not re.fullmatch(r"[\d\W]*", reference)
    return words_in(reference) if named else set()


def words_in(text: str) -> set[str]:
    """Its words in small letters."""
    return set(re.findall(r"\w+", text.casefold()))


def places(selection: Selection) -> Iterator[tuple[Entry, str]]:
    """Every entry that is shown, and where in words."""
    if selection.lead is not None:
        lead = selection.lead
        yield (
            lead,
            f"shown: the lead, of {lead.topic}"
            if lead.topic
            else "shown: the lead, told by far more outlets than any other",
        )
    for section in selection.sections:
        for number, entry in enumerate(section.entries, start=1):
            yield entry, f"shown: number {number} under {section.topic}"
        for entry in section.briefs:
            yield entry, f"shown in one line under {section.topic}: others scored higher"
    for entry in selection.elsewhere:
        yield (
            entry,
            f"shown in one line under Elsewhere: told by {counted(len(entry.sources), 'outlet')}, but it matches no topic",
        )
    for entry in selection.also:
        yield entry, "shown in one line under Also: " + ("others fit better" if entry.topic else "it matches no topic")
    for entry in selection.further:
        yield entry, "shown by its headline alone behind Also: 4 outlets or more tell it, but the lines were full"
    for entry in selection.full:
        for other in entry.related:
            yield other, f"shown in one line under “{entry.title}”: it is about the same event"


def found_earlier(
    reference: str, newest: EditionDraft, spec: DigestSpec, context: EditionContext
) -> tuple[EditionDraft, Story, Item | None] | None:
    """The same in editions before this one, the newer first; None where none of them has it.

    A number is one of the last edition that told anything: whoever reads it has that one before them.
    """
    told = bool(newest.stories)
    for edition in context.store.editions.history(spec.name, limit=_EARLIER):
        # One that was missed, or is claimed and not made, has no stories of its own.
        if edition.until >= newest.edition.until or edition.since >= edition.until:
            continue
        items = context.store.items.recent(since=edition.since, until=edition.until)
        if not items or not _may_hold(reference, items, told=told):
            continue
        draft = draft_from_store(spec, context, items, edition=edition)
        story, item = found_in(draft, reference)
        if story is not None:
            return draft, story, item
        told = told or bool(draft.stories)
    return None


def _may_hold(reference: str, items: Sequence[Item], *, told: bool) -> bool:
    """Whether it is worth to decide an edition of these items again, which takes half a second."""
    if _NUMBER.fullmatch(reference.strip()):
        return not told
    return bool(_STORY_ID.fullmatch(reference)) or stored_item(reference, items) is not None


def stored_item(reference: str, items: Sequence[Item]) -> Item | None:
    """The newest item that the id, the address or the words name."""
    words = words_of(reference)
    for item in reversed(items):
        if reference in (item.id, item.url) or (words and words <= words_in(item.title)):
            return item
    return None


def recent_item(reference: str, context: EditionContext, edition: Edition, *, now: datetime) -> Item | None:
    """An item that is not in the edition, and that words name."""
    if not words_of(reference):
        return None
    return stored_item(reference, context.store.items.recent(since=edition.until - _STORED, until=now))
