"""Finds related terms that a topic lacks, and terms that never matched, in stored items."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..model import Item
from ..text.language import stop_words_for
from ..text.tokenize import is_unspaced, split_words
from .match import LEAD_WORDS, Topics
from .terms import Role, TermGroup, Topic

# One or two items may be one press release and its copy, whatever the statistics say of them.
MIN_ITEMS = 3
MIN_SOURCES = 2  # an outlet's own phrases are no subject
# Chi-squared with one degree of freedom at p = 0.0001: by chance, one word in ten thousand reaches it.
MIN_LOG_LIKELIHOOD_RATIO = 15.1
_EVERYDAY = 1e-4  # of ten thousand words one: "market", "police" and the like say nothing about a field


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A term that occurs with a topic and is not in it yet."""

    term: str
    inside: int  # how many of the topic's items hold it
    outside: int  # how many other items hold it
    example: str  # the title of one of the topic's items


def suggest(topic: Topic, items: Sequence[Item], *, most: int = 10) -> tuple[Suggestion, ...]:
    """Words and pairs of words that occur in a topic's items far more often than elsewhere and are not in it yet.

    Ranked by the log-likelihood ratio of their document frequencies (Dunning 1993).
    """
    topics = Topics((topic,))
    alone = Topics(tuple(_alone(topic)))
    inside: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    outlets: dict[str, set[str]] = defaultdict(set)
    examples: dict[str, str] = {}
    size = 0
    for item in items:
        found = bool(topics.match_item(item))
        size += found
        for term in _candidates(item):
            (inside if found else outside)[term] += 1
            if found:
                outlets[term].add(item.source)
                examples.setdefault(term, item.title)
    ranked = sorted(
        (
            (_log_likelihood_ratio(count, size, outside[term], len(items) - size), count, term)
            for term, count in inside.items()
        ),
        reverse=True,
    )
    chosen: list[Suggestion] = []
    for ratio, count, term in ranked:
        if len(chosen) == most or ratio < MIN_LOG_LIKELIHOOD_RATIO:
            break
        # What the topic finds already is not proposed: also as a plural, or as the beginning of a longer word.
        if count < MIN_ITEMS or len(outlets[term]) < MIN_SOURCES or alone.match_item(Item(id="", title=term)):
            continue
        if any(set(term.split()) & set(other.term.strip('"').split()) for other in chosen):
            continue  # a word of a pair that is proposed already, or the other way round
        written = f'"{term}"' if " " in term else term
        chosen.append(Suggestion(term=written, inside=count, outside=outside[term], example=examples[term]))
    return tuple(chosen)


def common_terms(items: Sequence[Item], *, most: int = 8) -> tuple[str, ...]:
    """What these items are about, as terms of a topic: rare words and pairs of words that several of them hold."""
    import wordfreq  # noqa: PLC0415 -- for a first configuration alone

    counts = Counter(term for item in items for term in _candidates(item))

    def worth(term: str) -> float:
        rarest = min(wordfreq.word_frequency(word, "en", wordlist="small") for word in term.split())
        return 0.0 if rarest > _EVERYDAY else counts[term] * (1 + (" " in term)) * -math.log10(max(rarest, 1e-7))

    often = sorted(
        (term for term, count in counts.items() if count >= MIN_ITEMS), key=lambda term: (-worth(term), term)
    )
    chosen: list[str] = []
    for term in often:
        if len(chosen) == most or not worth(term):
            break
        if not any(set(term.split()) & set(other.split()) for other in chosen):
            chosen.append(term)
    return tuple(f'"{term}"' if " " in term else term for term in chosen)


def idle_terms(topic: Topic, items: Iterable[Item]) -> tuple[str, ...]:
    """The terms of a topic, exclusions too, that occur in none of the items."""
    alone = Topics(tuple(_alone(topic)))
    met: set[str] = set()
    for item in items:
        met |= alone.match_item(item).keys()
    return tuple(str(term) for number, term in enumerate(topic.terms) if str(number) not in met)


def _alone(topic: Topic) -> Iterable[Topic]:
    for number, term in enumerate(topic.terms):
        yield replace(topic, name=str(number), groups=(TermGroup((replace(term, role=Role.ANY),)),))


def _candidates(item: Item) -> set[str]:
    # English ones always: some feeds declare another language than they write in.
    stop = stop_words_for(item.language or "en") | stop_words_for("en")
    found: set[str] = set()
    # Further down a text is mostly background, and the words of that belong to other subjects.
    for words in (split_words(item.title), split_words(item.text)[:LEAD_WORDS]):
        terms = [word if _may_be_a_term(word) and word not in stop else "" for word in words]
        found.update(filter(None, terms))
        # Words of a script without spaces are overlapping pairs of characters: two of them in a row are no phrase.
        found.update(f"{a} {b}" for a, b in pairwise(terms) if a and b and not is_unspaced(a + b))
    return found


def _may_be_a_term(word: str) -> bool:
    # Figures change from one report to the next: a topic that follows one finds nothing tomorrow.
    return (len(word) > 2 or is_unspaced(word)) and re.search(r"\d", word) is None and word.isprintable()


def _log_likelihood_ratio(inside: int, size: int, outside: int, others: int) -> float:
    """The log-likelihood ratio (Dunning 1993); 0 where a term is no more frequent inside than outside."""
    if not size or not others or inside / size <= outside / others:
        return 0.0
    expected = (inside + outside) / (size + others)
    rows = ((inside, size), (outside, others))
    return 2 * sum(_part(hits, total * expected) + _part(total - hits, total * (1 - expected)) for hits, total in rows)


def _part(found: int, expected: float) -> float:
    return found * math.log(found / expected) if found else 0.0
