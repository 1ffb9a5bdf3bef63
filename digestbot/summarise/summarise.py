"""From a story to its summary: candidate sentences, a summariser's ratings, and the selection of a set."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..model import Sentence, Story, Summary
from ..text.language import stemmer_for, stop_words_for
from ..text.tokenize import split_words
from .registry import DEFAULT, load_summariser

if TYPE_CHECKING:
    from .document import Quotable

_log = logging.getLogger(__name__)

_FIRST = 2  # times as much of the headline as the opening tells: an opening may be colour, or the background


def summarise(
    story: Story,
    *,
    words: int,
    sentences: int | None = None,
    method: str = DEFAULT,
    exclude: Sequence[str] = (),
) -> Summary:
    """Quote about `words` words from the story's items, in reading order; nothing where nothing is worth quoting.

    Every sentence is a verbatim piece of its item's text, with white space folded.

    Args:
        story: what to summarise. Its first item is the one whose title is the headline: nothing that contradicts it is
            quoted.
        words: the budget. Sentences are quoted whole, so several together may exceed it by a quarter, and a single one
            by half.
        sentences: the most sentences; None for as many as the budget allows.
        method: one of SUMMARISERS.
        exclude: sentences that readers saw before; nothing close to one of them is quoted.

    Returns:
        The summary. It never raises: when the method fails, the lead's sentences are quoted, and failing that none.
    """
    for name in dict.fromkeys((method, "lead")):
        try:
            chosen = _choose(story, words=words, sentences=sentences, method=name, exclude=exclude)
        except Exception as error:  # noqa: BLE001 -- one story must not stop a run
            _log.warning("story %s could not be summarised by %s: %r", story.id, name, error)
            continue
        return Summary(sentences=tuple(map(_quote, chosen)), method=name if chosen else "")
    return Summary()


def _choose(story: Story, *, words: int, sentences: int | None, method: str, exclude: Sequence[str]) -> list[Quotable]:
    from .anaphora import REFERRING  # noqa: PLC0415
    from .denials import is_an_answer, is_denied, opens_with_denial  # noqa: PLC0415
    from .document import build_document, language_of  # noqa: PLC0415 -- brings sumy
    from .event import of_the_event  # noqa: PLC0415
    from .selection import Selection  # noqa: PLC0415
    from .vectors import vectors_of  # noqa: PLC0415

    language = language_of(story)
    stem, stop_words = stemmer_for(language), stop_words_for(language)

    def terms(text: str) -> frozenset[str]:
        return frozenset(stem(word) for word in split_words(text) if word not in stop_words)

    # What is excluded for saying the same as before is of this story's own reports.
    own = " ".join(" ".join(item.text.split()) for item in story.items)
    known = [text for text in exclude if text not in own]
    document = build_document(
        story, stop_words, choose=lambda sentences: of_the_event(sentences, story, terms, known=known)
    )
    if not document.sentences:
        return []

    title = terms(story.lead.title)
    selection = Selection(
        words=words,
        sentences=sentences,
        vectors=vectors_of(document, stem, stop_words),
        title=title,
        reported=[terms(text) for text in exclude],
        lead=story.lead.id,
        denied=is_denied(story),
        language=language,
        referring=terms(" ".join(REFERRING)),
    )
    chosen: tuple[Quotable, ...] = load_summariser(method, stem=stem, stop_words=stop_words)(document, selection)
    return in_reading_order(
        chosen,
        told=lambda sentence: len(terms(str(sentence)) & title),
        under_headline=selection.belongs_under_headline,
        answers=(lambda _: False) if opens_with_denial(story.lead.title) else lambda one: is_an_answer(str(one)),
    )


def _quote(sentence: Quotable) -> Sentence:
    item = sentence.item
    return Sentence(text=str(sentence), item=item.id, source=item.source, url=item.url)


def in_reading_order(
    chosen: Sequence[Quotable],
    *,
    told: Callable[[Quotable], int],
    under_headline: Callable[[Quotable], bool] = lambda _: False,
    answers: Callable[[Quotable], bool] = lambda _: False,
) -> list[Quotable]:
    """By position within their items; a sentence stays right behind the one that it directly follows in its item.

    Args:
        chosen: the sentences of a summary.
        told: how much a sentence tells of the headline. What tells twice as much as the first one comes before it.
        under_headline: whether it makes sense right below the headline alone.
        answers: whether it denies what another says, and is understood behind it only.
    """
    runs: list[list[Quotable]] = []
    for sentence in chosen:
        if runs and runs[-1][-1].precedes(sentence):
            runs[-1].append(sentence)
        else:
            runs.append([sentence])
    # By position, not item by item: what outlets say first is what happened, whichever of them is quoted for it.
    runs.sort(key=lambda run: run[0].position)
    first = max(runs, key=lambda run: told(run[0]), default=[])
    if first and told(first[0]) >= _FIRST * max(1, told(runs[0][0])):
        runs.sort(key=lambda run: run is not first)
    runs.sort(key=lambda run: answers(run[0]))
    runs.sort(key=lambda run: not under_headline(run[0]))
    return [sentence for run in runs for sentence in run]
