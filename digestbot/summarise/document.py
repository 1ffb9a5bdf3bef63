"""A story as sumy sees it: its document model, filled with sentences that know where they are quoted from."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer, null_stemmer
from sumy.utils import get_stop_words

from ..model import Item, Story
from ..words import fold, is_unspaced, split_words
from .boilerplate import is_quotable, trim_head
from .sentences import split_sentences

PER_ITEM = 25  # news tells what matters first
PER_STORY = 120  # sumy's methods are quadratic in pure Python: beyond this they take seconds
_LETTERS = re.compile(r"[^\W\d_]")


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

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    @property
    def length(self) -> int:
        return count_words(str(self))


def count_words(text: str) -> int:
    """Words as a reader counts them; two characters of a script without spaces make one."""
    return sum(
        (len(_LETTERS.findall(token)) + 1) // 2 if is_unspaced(token) else 1
        for token in text.split()
        if any(map(str.isalnum, token))
    )


def quotable_sentences(item: Item) -> list[Quotable]:
    """What of an item may be quoted, in order; white space is folded, nothing else is changed."""
    tokenizer = Tokenizer()
    found: list[Quotable] = []
    for position, sentence in enumerate(split_sentences(item.text)):
        text = " ".join(trim_head(sentence).split())
        if is_quotable(text):
            found.append(Quotable(text, tokenizer, item=item, position=position))
    return found


def build_document(story: Story) -> ObjectDocumentModel:
    """One paragraph an item, its title as heading, at most PER_STORY sentences with every item's first ones kept."""
    pieces = [(item, quotable_sentences(item)[:PER_ITEM]) for item in story.items]
    share = PER_ITEM
    while share > 1 and sum(min(len(found), share) for _, found in pieces) > PER_STORY:
        share -= 1
    return ObjectDocumentModel(
        Paragraph([Sentence(item.title, Tokenizer(), is_heading=True), *found[:share]])
        for item, found in pieces[:PER_STORY]
    )


def language_of(story: Story) -> str:
    return next((item.language.split("-")[0].lower() for item in story.items if item.language), "en")


@lru_cache(maxsize=32)
def stemmer_for(language: str) -> Callable[[str], str]:
    """sumy's stemmer for a language (ISO 639-1), remembering words; the word itself where sumy has none."""
    try:
        stem: Callable[[str], str] = Stemmer(language)
    except LookupError:
        stem = null_stemmer
    return lru_cache(maxsize=65536)(stem)


@lru_cache(maxsize=32)
def stop_words_for(language: str) -> frozenset[str]:
    """sumy's stop words for a language, folded like the words they are compared with; none where sumy has none."""
    try:
        return frozenset(fold(word) for word in get_stop_words(language))
    except LookupError:
        return frozenset()
