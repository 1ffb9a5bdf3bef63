"""A story as a document that sumy's summarisers take, made of sentences that know which item they are quoted from.

The classes have the interface of `sumy.models.dom`. They are not inherited from it: it imports requests, a tenth of a short run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice

from ..model import Item, Story
from ..text.language import guess_language
from ..text.sentences import sentence_spans, split_sentences
from ..text.tokenize import fold, is_unspaced, split_words
from .boilerplate import is_closed, is_quotable, is_report, trim_head

MOST_ITEM_SENTENCES = 25  # of one item: news says first what matters
# Measured: LexRank takes .5 s for 200 sentences and 3.3 s for 500, KL 8.8 s for 200.
MOST_STORY_SENTENCES = 120  # sumy's methods are quadratic in pure Python: beyond this they take seconds
# A quotation mark that is never closed must not hold the rest of its paragraph together.
_MOST_QUOTATION_CHARACTERS = 400  # of a quotation that is kept whole; a longer one is taken sentence by sentence
_LANGUAGE_CHARACTERS = 300  # of a text, enough to guess its language
# A description without a full stop: a sentence of an agency has up to this. Feeds that cut texts without a mark leave as much
# as one of these, less at most a word, or more.
_MOST_NOTE_CHARACTERS = 240
_CUT_AT = (150, 160, 180, 200, 220, 240)
_LAST_WORD_CHARACTERS = 5
_MUCH_LONGER = 1.5  # than its title
_MIN_NOTE_SPACES = 5  # six words


class Tokenizer:
    """Replaces sumy's own, which needs data that has to be downloaded."""

    @staticmethod
    def to_sentences(paragraph: str) -> tuple[str, ...]:
        return tuple(split_sentences(paragraph))

    @staticmethod
    def to_words(sentence: str) -> tuple[str, ...]:
        return tuple(split_words(sentence))


class Sentence:
    """Some words of a document, or the title of a part of it."""

    def __init__(self, text: str, tokenizer: Tokenizer, *, is_heading: bool = False) -> None:
        self._text = text.strip()
        self._tokenizer = tokenizer
        self.is_heading = is_heading

    @cached_property
    def words(self) -> tuple[str, ...]:
        return self._tokenizer.to_words(self._text)

    def __str__(self) -> str:
        return self._text


class Quotable(Sentence):
    """A sentence of an item; `position` counts from 0 at the item's first.

    Equal only to itself: sumy keeps ratings in a dict by sentence, and two outlets that print the same words would share one.
    """

    def __init__(self, text: str, tokenizer: Tokenizer, *, item: Item, position: int) -> None:
        super().__init__(text, tokenizer)
        self.item = item
        self.position = position
        self.length = count_words(text)

    @property
    def outlet(self) -> str:
        return self.item.source or self.item.id

    def precedes(self, other: Quotable) -> bool:
        """Whether the other one comes right after it in their item."""
        return self.item is other.item and self.position + 1 == other.position


class Paragraph:
    """The title of an item and some of its sentences."""

    def __init__(self, heading: Sentence, sentences: Sequence[Quotable]) -> None:
        self.headings = (heading,)
        self.sentences = tuple(sentences)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(chain.from_iterable(one.words for one in (*self.headings, *self.sentences)))


class Document:
    """All of a story."""

    def __init__(self, paragraphs: Iterable[Paragraph]) -> None:
        self.paragraphs = tuple(paragraphs)
        self.sentences = tuple(chain.from_iterable(one.sentences for one in self.paragraphs))
        self.headings = tuple(chain.from_iterable(one.headings for one in self.paragraphs))

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(chain.from_iterable(one.words for one in self.paragraphs))


def count_words(text: str) -> int:
    """Words as white space divides them; in a script written without spaces, two characters count as one word."""
    if not is_unspaced(text):
        return len(text.split())
    return sum((len(token) + 1) // 2 if is_unspaced(token) else 1 for token in text.split())


def quotable_sentences(item: Item, stop_words: frozenset[str] = frozenset()) -> Iterator[Quotable]:
    """The sentences of an item that may be quoted, in order; white space is folded, nothing else is changed."""
    tokenizer = Tokenizer()
    pieces = (" ".join(trim_head(piece).split()) for piece in _whole_quotations(item.text))
    for position, text in enumerate(pieces):
        if is_quotable(text) or (position == 0 and _is_note(text, item, stop_words)):
            yield Quotable(text, tokenizer, item=item, position=position)


def _is_note(text: str, item: Item, stop_words: frozenset[str]) -> bool:
    """Whether it is a whole description without a full stop, as many feeds write them, that does not look cut off."""
    last = text.rpartition(" ")[2]
    return (
        item.text.endswith(text)
        and text.count(" ") >= _MIN_NOTE_SPACES
        and len(text) <= _MOST_NOTE_CHARACTERS
        and not any(limit - _LAST_WORD_CHARACTERS < len(text) <= limit + 1 for limit in _CUT_AT)
        # What was cut off without a mark often ends with a word such as "the" or "of".
        and last.isalnum()
        and fold(last) not in stop_words
        # Many descriptions are the headline once more: quoted below it they would add nothing.
        and not _begins_as(text, item.title)
        and is_report(text)
    )


def _begins_as(text: str, title: str) -> bool:
    """Whether it is the title once more, whole or cut; a sentence that begins with the same words and goes on may add to it."""
    said, headline = fold(text), fold(title)
    return said.startswith(headline) or (said.startswith(headline[:20]) and len(said) < _MUCH_LONGER * len(headline))


def _whole_quotations(text: str) -> Iterator[str]:
    """The sentences of a text; those of one paragraph that only together close a quotation stay together."""
    held: list[tuple[int, int]] = []
    for span in sentence_spans(text):
        whole = text[held[0][0] if held else span[0] : span[1]].strip()
        if held and ("\n" in whole or len(whole) > _MOST_QUOTATION_CHARACTERS):
            yield from (text[start:end].strip() for start, end in held)
            held = []
            whole = text[span[0] : span[1]].strip()
        if is_closed(whole):
            yield whole
            held = []
        else:
            held.append(span)
    yield from (text[start:end].strip() for start, end in held)


def build_document(
    story: Story,
    stop_words: frozenset[str] = frozenset(),
    *,
    choose: Callable[[Sequence[Quotable]], Iterable[Quotable]] = iter,
) -> Document:
    """One paragraph for each item, its title as the heading; MOST_STORY_SENTENCES are divided among the items.

    Args:
        story: what it is made of.
        stop_words: of its language.
        choose: leaves out some of the sentences.
    """
    share = max(1, min(MOST_ITEM_SENTENCES, MOST_STORY_SENTENCES // len(story.items)))
    tokenizer = Tokenizer()
    items = story.items[:MOST_STORY_SENTENCES]
    chosen = defaultdict[int, list[Quotable]](list)
    for sentence in choose([each for item in items for each in islice(quotable_sentences(item, stop_words), share)]):
        chosen[id(sentence.item)].append(sentence)
    return Document(Paragraph(Sentence(item.title, tokenizer, is_heading=True), chosen[id(item)]) for item in items)


def language_of(story: Story) -> str:
    """ISO 639-1 code of the lead item's language."""
    lead = story.lead
    return guess_language(f"{lead.title} {lead.text[:_LANGUAGE_CHARACTERS]}", declared=lead.language)
