"""A story as a document: its headlines, and the sentences that may be quoted, which know where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from ..model import Item, Story
from ..words import fold, guess_language, is_unspaced, split_words
from .boilerplate import is_closed, is_quotable, is_report, trim_head
from .sentences import sentence_spans

PER_ITEM = 25  # news tells what matters first
PER_STORY = 120  # sumy's methods are quadratic in pure Python: beyond this they take seconds
_LONGEST_QUOTATION = 400  # characters: beyond this its sentences are taken one by one
_ENOUGH_TO_TELL = 300  # characters that show what language a text is in
_SHORTEST_NOTE = 5  # words, less one
_LONGEST_NOTE = 150  # characters: feeds that cut without a mark cut later


@dataclass(frozen=True, eq=False)
class Passage:
    """A headline or a sentence; equal to itself only."""

    text: str

    def __str__(self) -> str:
        return self.text

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(split_words(self.text))


@dataclass(frozen=True, eq=False, kw_only=True)
class Quotable(Passage):
    """A sentence of an item, `position` counting from its first."""

    item: Item
    position: int

    @cached_property
    def length(self) -> int:
        return count_words(self.text)

    @property
    def outlet(self) -> str:
        return self.item.source or self.item.id

    def precedes(self, other: Quotable) -> bool:
        """Whether the other one comes right after it in their item."""
        return self.item is other.item and self.position + 1 == other.position


@dataclass(frozen=True, eq=False)
class Document:
    """A story as summarisers see it. sumy's take it for one of sumy's own, whose import would cost a second."""

    headings: tuple[Passage, ...]
    sentences: tuple[Quotable, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(chain.from_iterable(text.words for text in (*self.headings, *self.sentences)))


def count_words(text: str) -> int:
    """Words as white space divides them; two characters of a script written without spaces count as one."""
    if not is_unspaced(text):
        return len(text.split())
    return sum((len(token) + 1) // 2 if is_unspaced(token) else 1 for token in text.split())


def quotable_sentences(item: Item, stop_words: frozenset[str] = frozenset()) -> Iterator[Quotable]:
    """What of an item may be quoted, in order; white space is folded, nothing else is changed."""
    pieces = (" ".join(trim_head(piece).split()) for piece in _whole_quotations(item.text))
    for position, text in enumerate(pieces):
        if is_quotable(text) or (position == 0 and _is_note(text, item, stop_words)):
            yield Quotable(text, item=item, position=position)


def _is_note(text: str, item: Item, stop_words: frozenset[str]) -> bool:
    """Whether it is a whole description without a full stop, as many feeds write, that does not look cut off."""
    last = text.rpartition(" ")[2]
    return (
        item.text.endswith(text)
        and text.count(" ") >= _SHORTEST_NOTE
        and len(text) <= _LONGEST_NOTE
        and last.isalnum()
        and fold(last) not in stop_words
        and not fold(text).startswith(fold(item.title)[:20])
        and is_report(text)
    )


def _whole_quotations(text: str) -> Iterator[str]:
    """The sentences of a text; those of one paragraph that only together close a quotation stay together."""
    held: list[tuple[int, int]] = []
    for span in sentence_spans(text):
        whole = text[held[0][0] if held else span[0] : span[1]].strip()
        if held and ("\n" in whole or len(whole) > _LONGEST_QUOTATION):
            yield from (text[start:end].strip() for start, end in held)
            held = []
            whole = text[span[0] : span[1]].strip()
        if is_closed(whole):
            yield whole
            held = []
        else:
            held.append(span)
    yield from (text[start:end].strip() for start, end in held)


def build_document(story: Story, stop_words: frozenset[str] = frozenset()) -> Document:
    """Every item's title, and its sentences; PER_STORY of them are shared out among the items."""
    share = max(1, min(PER_ITEM, PER_STORY // len(story.items)))
    items = story.items[:PER_STORY]
    shares = (islice(quotable_sentences(item, stop_words), share) for item in items)
    return Document(tuple(Passage(item.title) for item in items), tuple(chain.from_iterable(shares)))


def language_of(story: Story) -> str:
    """ISO 639-1 of the item that leads."""
    lead = story.lead
    return guess_language(f"{lead.title} {lead.text[:_ENOUGH_TO_TELL]}", declared=lead.language)
