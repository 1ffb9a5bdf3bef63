"""Splits items into words and stems, which is all that clustering compares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ..model import Item
from ..text.language import guess_language, stem_words, stop_words_for
from ..text.sentences import split_sentences
from ..text.tokenize import pieces_of
from .titles import bare_title, is_heading, label_words, outlet_names, series_name, series_titles, writer_of

_ACRONYM = re.compile(r"[^\W\d](?:\.[^\W\d])+")
# Measured with plain TF-IDF on four sets of news, as B-cubed F1: .77 for titles alone, .855 with 300 characters of the
# text, .87 with whole texts, which few feeds give and which cost memory and time.
TEXT_CHARACTERS = 300  # of the text are read: news says first what matters
TITLE_COUNT = 2  # how often each word of the title counts
_FEWEST_TITLES = 3  # under which a text says nothing of them


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenisedItem:
    """An item as clustering sees it."""

    language: str
    words: list[str]  # those of the title, then those of the head of the text
    title_words: int  # how many words the title has
    labels: AbstractSet[str]  # those of its words that its outlet writes into many titles, or as a template


def tokenise_items(items: Sequence[Item]) -> Iterator[TokenisedItem]:
    """Every item's words, without what its outlet adds to its titles; that is found by comparing the items of the day.

    One item after the other: the words of a day, as text, are a hundred times what becomes of them.
    """
    outlets = outlet_names(items)
    labels = label_words(items)
    series = series_titles(items)
    templates = template_texts(items)
    for item in items:
        yield _read(
            item,
            title=_title(item, outlets, series),
            is_template=bool(templates) and (item.source, item.text) in templates,
            labels=labels.get(writer_of(item), frozenset()),
        )


def template_texts(items: Iterable[Item]) -> frozenset[tuple[str, str]]:
    """Source and text of what an outlet writes word for word under several titles: "Read the full forecast for the week".

    Two titles may be two versions of one article.
    """
    titles: dict[tuple[str, str], set[str]] = {}
    for item in items:
        if item.text:
            titles.setdefault((item.source, item.text), set()).add(item.title)
    return frozenset(
        text for text, several in titles.items() if len(several) >= _FEWEST_TITLES and _are_of_several(several)
    )


def _are_of_several(titles: AbstractSet[str]) -> bool:
    """Whether each title has a word that none of the others has: the name of what it is about."""
    words = [set(pieces_of(title)) for title in titles]
    counts = Counter(word for own in words for word in own)
    return all(any(counts[word] == 1 for word in own) for own in words)


def _title(item: Item, outlets: frozenset[str], series: frozenset[tuple[str, str]]) -> str:
    """What stands for the title: nothing for that of a series, the first sentence where a heading is in its place."""
    if series and (item.source, series_name(item.title)) in series:
        return ""
    if item.text and is_heading(item.title, item.source):
        return next(iter(split_sentences(item.text[:TEXT_CHARACTERS])), "")
    return bare_title(item.title, outlets)


def stems_of(words: Iterable[str], language: str) -> Iterator[str]:
    """The stems of words that are not stop words."""
    return filter(None, stems_in(words, language))


def stems_in(words: Iterable[str], language: str) -> list[str]:
    """Each word's stem, empty for a stop word; `g.o.p` becomes `gop`, as others write it, and `7.5` stays."""
    stop = stop_words_for(language)
    bare = [word.replace(".", "") if "." in word and _ACRONYM.fullmatch(word) else word for word in words]
    return ["" if word in stop else stem for word, stem in zip(bare, stem_words(bare, language), strict=True)]


def _read(item: Item, *, title: str, is_template: bool, labels: frozenset[str]) -> TokenisedItem:
    text = item.text[:TEXT_CHARACTERS]
    own = pieces_of(title)
    words = own + pieces_of(text)
    language = guess_language(f"{title} {text}", declared=item.language, words=words)
    said = labels.intersection(own).union(words[len(own) :] if is_template else ())
    return TokenisedItem(language=language, words=words, title_words=len(own), labels=said)
