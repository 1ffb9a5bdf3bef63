"""300 topics of 10 terms against 20,000 items in one pass, beside a loop over compiled regular expressions.

    python benchmarks/topics.py [ITEMS]

Items are made of words by their everyday frequency (wordfreq), 12 in the title and 120 in the text; terms are words,
beginnings, phrases and exclusions from the same vocabulary. The loop gets one expression for each topic and is timed on
a sample, because it takes minutes for all. Both count a match in title or text; exits 1 when they disagree on the
sample, or when one pass is less than 20 times as fast.
"""

from __future__ import annotations

import random
import re
import sys
import time
from pathlib import Path

import wordfreq

sys.path.insert(0, str(Path(__file__).parents[1]))
from digestbot.model import Item
from digestbot.topics import Topics, parse_topic

TOPICS, TERMS, SAMPLE = 300, 10, 200
LEAST = 20.0


def words_of_english() -> tuple[list[str], list[float]]:
    words = [word for word in wordfreq.top_n_list("en", 30_000) if re.fullmatch(r"[a-z]{3,}", word)]
    return words, [wordfreq.word_frequency(word, "en") for word in words]


def made_items(count: int, rng: random.Random) -> list[Item]:
    words, weights = words_of_english()
    drawn = iter(rng.choices(words, weights, k=count * 132))
    return [
        Item(id=str(n), title=" ".join(next(drawn) for _ in range(12)), text=" ".join(next(drawn) for _ in range(120)))
        for n in range(count)
    ]


def made_terms(rng: random.Random) -> list[list[tuple[str, str]]]:
    """For each topic its terms, each as written for us and as an expression."""
    words = [word for word in wordfreq.top_n_list("en", 30_000) if re.fullmatch(r"[a-z]{5,}", word)][500:]
    topics = []
    for _ in range(TOPICS):
        terms = []
        for number in range(TERMS):
            word, other = rng.sample(words, 2)
            if number < 5:
                terms.append((f'"{word}"', rf"\b{word}\b"))
            elif number < 7:
                terms.append((f"{word[:5]}*", rf"\b{word[:5]}"))
            elif number < 9:
                terms.append((f'"{word} {other}"', rf"\b{word} {other}\b"))
            else:
                terms.append((f'-"{word}"', rf"\b{word}\b"))
        topics.append(terms)
    return topics


def main(count: int) -> int:
    rng = random.Random(8)
    items, terms = made_items(count, rng), made_terms(rng)
    topics = Topics(tuple(parse_topic(f"t{n}", ", ".join(ours for ours, _ in row)) for n, row in enumerate(terms)))
    loops = [
        (
            f"t{n}",
            re.compile("|".join(theirs for ours, theirs in row if ours[0] != "-"), re.IGNORECASE),
            re.compile("|".join(theirs for ours, theirs in row if ours[0] == "-"), re.IGNORECASE),
        )
        for n, row in enumerate(terms)
    ]

    began = time.perf_counter()
    found = [topics.match_item(item).keys() for item in items]
    ours = (time.perf_counter() - began) / len(items)

    sample = items[:: max(1, len(items) // SAMPLE)]
    began = time.perf_counter()
    naive = []
    for item in sample:
        text = f"{item.title}\n{item.text}"
        naive.append({name for name, wanted, unwanted in loops if wanted.search(text) and not unwanted.search(text)})
    theirs = (time.perf_counter() - began) / len(sample)

    agree = all(set(found[int(item.id)]) == names for item, names in zip(sample, naive, strict=True))
    print(
        f"{TOPICS} topics of {TERMS} terms, {len(items)} items, {sum(map(len, found)) / len(items):.1f} matches an item"
    )
    print(f"{'':24}{'ms an item':>12}{'items timed':>13}")
    print(f"{'one pass':24}{ours * 1000:12.3f}{len(items):13}")
    print(f"{'loop of expressions':24}{theirs * 1000:12.3f}{len(sample):13}")
    print(f"ratio {theirs / ours:.0f}, same answers on the sample: {'yes' if agree else 'no'}")
    return 0 if agree and theirs / ours >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
