"""From a story to its summary: candidates, a summariser's ranking, and what may stand beside what."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..model import Sentence, Story, Summary
from ..words import split_words
from .methods import DEFAULT, summariser

if TYPE_CHECKING:
    from .document import Quotable

_log = logging.getLogger(__name__)
_OVERSHOOT = 1.35  # a first sentence may be this much longer than the whole budget
_SAME = 0.6  # the share of the shorter sentence's words from which two sentences say one thing
_LEANS = re.compile(
    r"^[\"'“‘]?(?:he|she|it|they|him|her|his|hers|its|their|theirs|them|this|that|these|those|such|but|and|or|so|yet|"
    r"also|however|meanwhile|moreover|furthermore|nevertheless|nonetheless|instead|then|there|thus|therefore|besides|"
    r"still|too|another|both|otherwise|similarly|likewise|separately|in addition|as a result|for example|for instance|"
    r"on the other hand|by contrast|in contrast|the (?:former|latter|move|decision|company|firm|group|report|statement|"
    r"announcement|comments?|remarks?|news|plan|deal|two|three|pair))\b",
    re.IGNORECASE,
)


def summarise(
    story: Story,
    *,
    words: int,
    sentences: int | None = None,
    method: str = DEFAULT,
    exclude: Sequence[str] = (),
) -> Summary:
    """Quote at most about `words` words of the story's items, in reading order; empty where nothing is worth quoting.

    Every sentence is a verbatim piece of its item's text (white space folded). `method` is one of SUMMARISERS.
    Nothing close to a sentence of `exclude` is chosen. Never raises: what fails falls back to the lead, then to nothing.
    """
    for name in dict.fromkeys((method, "lead")):
        try:
            chosen = _choose(story, Selection(words, sentences, story.lead.title, exclude), method=name)
        except Exception:  # noqa: BLE001 -- one story must not stop a run
            _log.exception("summarising story %s by %s failed", story.id, name)
            continue
        return Summary(sentences=tuple(map(_quote, chosen)), method=name if chosen else "")
    return Summary()


def _choose(story: Story, selection: Selection, *, method: str) -> list[Quotable]:
    from .document import build_document, language_of, stemmer_for, stop_words_for  # noqa: PLC0415 -- brings nltk

    language = language_of(story)
    engine = summariser(method, stem=stemmer_for(language), stop_words=stop_words_for(language))
    document = build_document(story)
    if not document.sentences:
        return []
    chosen: tuple[Quotable, ...] = engine(document, selection)
    return sorted(chosen, key=lambda sentence: (sentence.position,))


class Selection:
    """Picks from ranked sentences what fits a budget of words and stands well together: sumy's `count`, as a callable."""

    def __init__(self, words: int, sentences: int | None, title: str, exclude: Sequence[str] = ()) -> None:
        self._words = words
        self._sentences = sentences
        self._title = set(split_words(title))
        self._told = [set(split_words(text)) for text in exclude]

    def __call__(self, ranked: Sequence[Any]) -> list[Any]:
        picked: list[Any] = []
        left = self._words
        told = list(self._told)
        for info in ranked:
            sentence = info.sentence
            if len(picked) == self._sentences:
                break
            own = set(sentence.words)
            room = left if picked else left * _OVERSHOOT
            if sentence.length > room or _LEANS.match(str(sentence)) or self._repeats(own, told):
                continue
            picked.append(info)
            told.append(own)
            left -= sentence.length
        return picked

    def _repeats(self, words: set[str], told: list[set[str]]) -> bool:
        if words and len(words - self._title) <= 2:
            return True
        return any(len(words & other) >= _SAME * max(min(len(words), len(other)), 1) for other in told)


def _quote(sentence: Quotable) -> Sentence:
    item = sentence.item
    return Sentence(text=str(sentence), item=item.id, source=item.source, url=item.url)
