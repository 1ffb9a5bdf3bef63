"""A story as sumy sees it: its document model, filled with sentences that know where they are quoted from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

from ..model import Item, Story
from ..text.language import guess_language
from ..text.tokenize import fold, is_unspaced, split_words
from .boilerplate import is_closed, is_quotable, is_report, trim_head
from .sentences import sentence_spans, split_sentences

PER_ITEM = 25  # news tells what matters first
PER_STORY = 120  # sumy's methods are quadratic in pure Python: beyond this they take seconds
_LONGEST_QUOTATION = 400  # characters: beyond this its sentences are taken one by one
_ENOUGH_TO_TELL = 300  # characters that show what language a text is in
_SHORTEST_NOTE = 5  # words, less one
_LONGEST_NOTE = 150  # characters: feeds that cut without a mark cut later


class Tokenizer:
    """Stands in for sumy's own, which cannot be built without downloaded data."""

    @staticmethod
    def to_sentences(paragraph: str) -> tuple[str, ...]:
        return tuple(split_sentences(paragraph))

    @staticmethod
    def to_words(sentence: str) -> tuple[str, ...]:
        return tuple(split_words(sentence))


class Quotable(Sentence):  # type: ignore[misc]
    """A sentence of an item, `position` counting from its first; two of them are equal only if they are the same one."""

    def __init__(self, text: str, tokenizer: Tokenizer, *, item: Item, position: int) -> None:
        super().__init__(text, tokenizer)
        self.item = item
        self.position = position
        self.length = count_words(text)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    @property
    def outlet(self) -> str:
        return self.item.source or self.item.id

    def precedes(self, other: Quotable) -> bool:
        """Whether the other one comes right after it in their item."""
        return self.item is other.item and self.position + 1 == other.position


def count_words(text: str) -> int:
    """Words as white space divides them; two characters of a script written without spaces count as one."""
    if not is_unspaced(text):
        return len(text.split())
    return sum((len(token) + 1) // 2 if is_unspaced(token) else 1 for token in text.split())


def quotable_sentences(item: Item, stop_words: frozenset[str] = frozenset()) -> Iterator[Quotable]:
    """What of an item may be quoted, in order; white space is folded, nothing else is changed."""
    tokenizer = Tokenizer()
    pieces = (" ".join(trim_head(piece).split()) for piece in _whole_quotations(item.text))
    for position, text in enumerate(pieces):
        if is_quotable(text) or (position == 0 and _is_note(text, item, stop_words)):
            yield Quotable(text, tokenizer, item=item, position=position)


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


def build_document(story: Story, stop_words: frozenset[str] = frozenset()) -> ObjectDocumentModel:
    """One paragraph an item with its title as heading; PER_STORY sentences are shared out among the items."""
    share = max(1, min(PER_ITEM, PER_STORY // len(story.items)))
    tokenizer = Tokenizer()
    return ObjectDocumentModel(
        Paragraph(
            [
                Sentence(item.title, tokenizer, is_heading=True),
                *islice(quotable_sentences(item, stop_words), share),
            ]
        )
        for item in story.items[:PER_STORY]
    )


def language_of(story: Story) -> str:
    """ISO 639-1 of the item that leads."""
    lead = story.lead
    return guess_language(f"{lead.title} {lead.text[:_ENOUGH_TO_TELL]}", declared=lead.language)
