"""How fast and how large clustering is, beside what else one could use, in the same run on the same items.

    python benchmarks/cluster_speed.py [--items 10000] [--only digestbot]

Each method runs in a process of its own, so that peak memory is its own; memory is what it added to the items. The
items are made up: events with their own rare names, told by a skewed number of outlets in words of a Zipfian language.
scikit-learn with scipy holds every pair in memory (8 bytes each), which is why it is left out beyond 15,000 items.
"""

# ruff: noqa: PLC0415 -- a process imports only the method that it measures

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

from digestbot.model import Item

CUT = 0.18  # average linkage on plain TF-IDF
MOST_DENSE = 15_000


def make_items(count: int, seed: int = 0) -> list[Item]:
    """Items of about 10 words of title and 40 of text; half of the events are told once."""
    chance = random.Random(seed)
    syllables = [c + v for c in "bcdfghjklmnprstvwz" for v in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(30_000)]
    shares = list(itertools.accumulate(1 / rank for rank in range(2, len(words) + 2)))
    items: list[Item] = []
    while len(items) < count:
        names = ["".join(chance.choices(syllables, k=4)) for _ in range(6)]
        about = chance.choices(words, cum_weights=shares, k=25)
        for _ in range(1 if chance.random() < 0.5 else min(int(chance.paretovariate(1.1)) + 1, 200)):
            title = chance.sample(names, 3) + chance.sample(about, 3) + chance.choices(words, cum_weights=shares, k=4)
            text = (
                chance.choices(names, k=6) + chance.sample(about, 14) + chance.choices(words, cum_weights=shares, k=20)
            )
            chance.shuffle(title)
            chance.shuffle(text)
            items.append(Item(id=f"{len(items):06}", title=" ".join(title), text=" ".join(text)))
    return items[:count]


def with_digestbot(items: Sequence[Item]) -> int:
    from digestbot.stories import cluster

    return len(cluster(items))


def with_scikit_learn(items: Sequence[Item]) -> int:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_distances

    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(
        f"{item.title} {item.title} {item.text}" for item in items
    )
    distances = cosine_distances(vectors)
    return int(fcluster(linkage(squareform(distances, checks=False), "average"), 1 - CUT, "distance").max())


def with_minhash(items: Sequence[Item]) -> int:
    from datasketch import MinHash, MinHashLSH

    index, home = MinHashLSH(threshold=0.2, num_perm=64), {}
    for number, item in enumerate(items):
        sketch = MinHash(num_perm=64)
        sketch.update_batch([word.encode() for word in f"{item.title} {item.text}".split()])
        home[number] = min((home[other] for other in index.query(sketch)), default=number)
        index.insert(number, sketch)
    return len(set(home.values()))


METHODS: dict[str, Callable[[Sequence[Item]], int]] = {
    "digestbot": with_digestbot,
    "scikit-learn + scipy": with_scikit_learn,
    "datasketch MinHash": with_minhash,
}


def peak() -> float:
    """Most memory this process ever held, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def run(method: str, count: int, answer: Connection) -> None:
    items = make_items(count)
    METHODS[method](items[:50])  # imports and word lists are not what is measured
    before, start = peak(), time.perf_counter()
    stories = METHODS[method](items)
    answer.send((time.perf_counter() - start, peak() - before, stories))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, action="append", help="how many; may be given again (default 1000, 10000)")
    parser.add_argument("--only", choices=METHODS, action="append")
    options = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    print(f"{'items':>7} {'method':22} {'s':>8} {'MB added':>9} {'stories':>8}  ratio to digestbot")
    for count in options.items or (1_000, 10_000):
        own: tuple[float, float] | None = None
        for method in options.only or METHODS:
            if method == "scikit-learn + scipy" and count > MOST_DENSE:
                continue
            receiver, sender = fresh.Pipe(duplex=False)
            process = fresh.Process(target=run, args=(method, count, sender))
            process.start()
            seconds, memory, stories = receiver.recv()
            process.join()
            own = own or (seconds, max(memory, 1.0))
            ratio = f"{seconds / own[0]:.1f} x time, {memory / own[1]:.1f} x memory"
            print(f"{count:7} {method:22} {seconds:8.2f} {memory:9.0f} {stories:8}  {ratio}", flush=True)


if __name__ == "__main__":
    main()
