"""How fast a story is summarised, against sumy's LexRank on the same sentences in the same run.

    python benchmarks/summary_speed.py [--sentences 42,200,500] [--all]

Times are the best of several rounds on text made up from a seeded vocabulary. "summarise" is the whole call: splitting,
filtering, rating, choosing. LexRank is sumy's as it comes, with sumy's stemmer and stop words; only its tokenizer, which
needs downloaded data, is replaced by ours. It reads all the sentences.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.utils import get_stop_words

from digestbot.model import Item, Story
from digestbot.summarise import SUMMARISERS, summarise
from digestbot.summarise.document import Tokenizer
from digestbot.text.sentences import split_sentences

PER_ITEM = 20
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "li", "mo", "nu", "pre", "ra", "sti", "te", "vo", "zan")


def made_up_story(sentences: int, seed: int = 7) -> Story:
    """About `sentences` sentences of 15 to 30 words, few words frequent and many rare, from several outlets."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(3000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    items = []
    for first in range(0, sentences, PER_ITEM):
        text = []
        for _ in range(min(PER_ITEM, sentences - first)):
            words = chance.choices(vocabulary, weights, k=chance.randint(15, 30))
            text.append(" ".join(words).capitalize() + ".")
        title = " ".join(chance.choices(vocabulary, weights, k=8)).capitalize()
        number = len(items)
        items.append(Item(id=f"item-{number}", title=title, text=" ".join(text), source=f"Outlet {number}"))
    return Story(id=f"made-up-{sentences}", items=tuple(items))


def milliseconds(call: Callable[[], object], *, rounds: int, longest: float = 6.0) -> float:
    best, spent = float("inf"), 0.0
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        took = time.perf_counter() - began
        best, spent = min(best, took), spent + took
        if spent > longest:
            break
    return 1000 * best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", default="42,200,500", help="comma list")
    parser.add_argument("--all", action="store_true", help="also every other method, as digestbot runs it")
    options = parser.parse_args()
    methods = SUMMARISERS if options.all else SUMMARISERS[:1]
    print(f"{'sentences':>9}{'sumy LexRank':>14}  " + "".join(f"{method:>20}" for method in methods))
    for count in map(int, options.sentences.split(",")):
        story = made_up_story(count)
        tokenizer = Tokenizer()

        def lexrank(story: Story = story, tokenizer: Tokenizer = tokenizer) -> object:
            document = ObjectDocumentModel(
                Paragraph(Sentence(text, tokenizer) for text in split_sentences(item.text)) for item in story.items
            )
            summariser = LexRankSummarizer(Stemmer("english"))
            summariser.stop_words = get_stop_words("english")
            return summariser(document, 3)

        summarise(story, words=60)
        base = milliseconds(lexrank, rounds=5)
        cells = []
        for method in methods:
            ours = milliseconds(lambda method=method, story=story: summarise(story, words=60, method=method), rounds=9)
            cells.append(f"{ours:9.1f} ms {base / ours:6.1f}x")
        print(f"{count:9}{base:11.1f} ms  " + "".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    main()
