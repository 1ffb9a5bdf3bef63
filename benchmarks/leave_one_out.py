"""The numbers of clustering, chosen on all labelled sets but one and reported on the one left out, beside plain TF-IDF.

    python benchmarks/leave_one_out.py ../shared/data [--cap] [--guard] [--stragglers] [--meaning] [--bootstrap 1000]

(`cluster_quality.py --leave-one-out` is the same.)

Sets: every file of clustering/, the labelled day of markets, the newsroom of samples/, and five mixed days. Of each set that is left out, the cut and
the linkage are those with the best mean B-cubed F1 on the other sets of the same view (mixed days, which are made of the
others, are left out together with what they are made of, and choose nothing). In the next column scikit-learn's TF-IDF
with average linkage, its cut chosen in the same way. `--cap`, `--guard` and `--stragglers` choose the rule on one name, the
look-alike rule and the one on headlines around large stories, too: on or off. `--meaning` asks the model of meaning, too. The interval is 95 % of the difference over stories drawn again (Efron 1979).
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import tarfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
from cluster_quality import Row, as_item, b_cubed, mixday, of_items, read
from meaning import model_of_meaning
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from digestbot.collect.feeds import parse_feed
from digestbot.errors import CollectError
from digestbot.model import Feed, Item
from digestbot.stories import CorpusStatistics, Meaning, cosine
from digestbot.stories.cannot_link import CannotLink
from digestbot.stories.cluster import merge_duplicates
from digestbot.stories.linkage import link
from digestbot.stories.similarity import Evidence, compare_items
from digestbot.stories.stragglers import with_stragglers

CUTS = tuple(round(0.10 + 0.02 * step, 2) for step in range(16))
CENTROIDS = (0.0, 0.5, 0.9)
TFIDF_CUTS = tuple(round(0.06 + 0.02 * step, 2) for step in range(20))
SEEDS = 5
SAMPLES = Path(__file__).parents[1] / "samples"
FEEDS = (".xml", ".rss", ".rdf", ".atom", ".json")
NEWSROOM_END = datetime(2026, 5, 26, 23, 30, tzinfo=UTC)

Labels = list[int]
Choice = TypeVar("Choice", "Numbers", float)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is chosen."""

    cut: float
    centroid: float
    cap: bool = True
    guard: bool = True
    stragglers: bool = True

    def __str__(self) -> str:
        rules = "".join(f", no {name}" for name in ("cap", "guard", "stragglers") if not getattr(self, name))
        return f"cut {self.cut:.2f}, centroid {self.centroid}{rules}"


@dataclass(slots=True)
class Sample:
    """One labelled set in one view, and the groupings that were made of it."""

    name: str
    rows: Sequence[Row]
    view: str
    meaning: Meaning | None = None
    evidence: dict[bool, tuple[Evidence, list[list[int]]]] = field(default_factory=dict)
    made: dict[Numbers, Labels] = field(default_factory=dict)
    plain: dict[float, Labels] = field(default_factory=dict)

    @property
    def right(self) -> list[str]:
        return [row["story"] for row in self.rows]

    def grouped(self, choice: Numbers | float) -> Labels:
        """By our linkage, or by TF-IDF with average linkage, cut at a cosine."""
        if isinstance(choice, float):
            return self._tfidf(choice)
        if choice not in self.made:
            evidence, nodes = self._evidence(cap=choice.cap)
            refuse = CannotLink(evidence).must_not_merge if choice.guard else lambda *_: False
            groups = link(evidence.similarity, cut=choice.cut, centroid=choice.centroid, must_not_merge=refuse)
            if choice.stragglers:
                vectors = evidence.vectors
                groups = with_stragglers(
                    groups,
                    evidence.similarity,
                    vectors=vectors,
                    is_headline=~cosine.are_reports(vectors),
                    must_not_merge=refuse,
                )
            self.made[choice] = _labels([[row for node in group for row in nodes[node]] for group in groups])
        return self.made[choice]

    def _tfidf(self, cut: float) -> Labels:
        if cut not in self.plain:
            texts = [f"{item.title} {item.text}" for item in self._items()]
            cosines = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(texts)
            distances = np.clip(1 - (cosines @ cosines.T).toarray(), 0, 1)
            for each in TFIDF_CUTS:
                model = AgglomerativeClustering(
                    n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - each
                )
                self.plain[each] = model.fit_predict(distances).tolist()
        return self.plain[cut]

    def _items(self) -> list[Item]:
        return [as_item(row, self.view, dates=False) for row in self.rows]

    def _evidence(self, *, cap: bool) -> tuple[Evidence, list[list[int]]]:
        if cap not in self.evidence:
            shipped = cosine._MAX_SINGLE_NAME  # noqa: SLF001 -- a rule that is switched off to measure it
            cosine._MAX_SINGLE_NAME = shipped if cap else 2.0  # noqa: SLF001
            try:
                items = self._items()
                place = {item.id: at for at, item in enumerate(items)}
                nodes = merge_duplicates(items)
                found = compare_items([node[0] for node in nodes], CorpusStatistics(), meaning=self.meaning)
            finally:
                cosine._MAX_SINGLE_NAME = shipped  # noqa: SLF001
            self.evidence[cap] = found, [[place[item.id] for item in node] for node in nodes]
        return self.evidence[cap]


def _labels(groups: Sequence[Sequence[int]]) -> Labels:
    labels = [0] * sum(map(len, groups))
    for number, group in enumerate(groups):
        for row in group:
            labels[row] = number
    return labels


def samples(data: Path, view: str, *, meaning: Meaning | None = None) -> dict[str, list[Sample]]:
    """By set, its samples: one, or five days of the mixed set."""
    files = sorted((data / "clustering").glob("*.jsonl.gz"))
    sets = {path.name.split(".")[0]: read(path) for path in files}
    with_text = {name: rows for name, rows in sets.items() if any(row.get("text") for row in rows)}
    whole = [row for rows in with_text.values() for row in rows]
    if view == "title":
        with_text = sets
    found = {name: [Sample(name, rows, view, meaning)] for name, rows in with_text.items()}
    found["markets"] = [Sample("markets", _markets(data), view, meaning)]
    found["newsroom"] = [Sample("newsroom", _newsroom(), view, meaning)]
    found["mixday"] = [Sample("mixday", mixday(whole, seed), view, meaning) for seed in range(SEEDS)]
    return found


def _markets(data: Path) -> list[Row]:
    """The labelled items of the day of markets, with their texts from its feeds."""
    feed, now = Feed(name="markets", url="https://markets.example/feed"), datetime(2026, 8, 8, tzinfo=UTC)
    texts: dict[str, str] = {}
    rows: list[Row] = []
    with tarfile.open(data / "days" / "markets.tar.xz") as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            if content is None:
                continue
            if member.name.endswith(".xml"):
                parsed = parse_feed(content.read(), feed=feed, now=now)
                texts.update({item.url: item.text for item in parsed.items})
            elif member.name.endswith("labels.jsonl"):
                rows = [json.loads(line) for line in content.read().decode().splitlines()]
    return [{**row, "id": f"markets {at}", "text": texts.get(row["url"], "")} for at, row in enumerate(rows)]


def _newsroom() -> list[Row]:
    """The labelled items of our own newsroom, in six languages."""
    labels = json.loads((SAMPLES / "stories.json").read_text(encoding="utf-8"))["items"]
    rows: list[Row] = []
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix not in FEEDS:
            continue
        feed = Feed(name=path.stem, url=f"https://{path.stem}.example/feed")
        try:
            items = parse_feed(path.read_bytes(), feed=feed, now=NEWSROOM_END).items
        # One of them is broken on purpose.
        except CollectError:
            continue
        rows += [
            {"id": item.url, "title": item.title, "text": item.text, "source": item.source, "story": labels[item.url]}
            for item in items
            if item.url in labels
        ]
    return rows


def mean_f1(those: Sequence[Sample], choice: Numbers | float) -> float:
    return statistics.fmean(b_cubed(sample.grouped(choice), sample.right)[2] for sample in those)


def chosen(found: Mapping[str, list[Sample]], left_out: str, grid: Sequence[Choice]) -> Choice:
    """Of the grid, what is best on the sets that are not left out; mixed days are made of them, so they do not choose."""
    others = [those for name, those in found.items() if name not in (left_out, "mixday")]
    return max(grid, key=lambda choice: statistics.fmean(mean_f1(those, choice) for those in others))


def interval(those: Sequence[Sample], ours: Numbers, plain: float, *, times: int) -> tuple[float, float]:
    """95 % of the differences in F1 when stories are drawn again: an item counts as often as its story was drawn."""
    dice, differences = random.Random(0), []
    parts = [
        (
            sample.right,
            np.array(of_items(sample.grouped(ours), sample.right)),
            np.array(of_items(sample.grouped(plain), sample.right)),
        )
        for sample in those
    ]
    for _ in range(times):
        drawn = [_difference(right, mine, theirs, dice) for right, mine, theirs in parts]
        differences.append(statistics.fmean(drawn))
    ordered = sorted(differences)
    return ordered[int(0.025 * times)], ordered[int(0.975 * times) - 1]


def _difference(right: Sequence[str], mine: np.ndarray, theirs: np.ndarray, dice: random.Random) -> float:
    names = sorted(set(right))
    counts = Counter(dice.choices(names, k=len(names)))
    weights = np.array([counts[story] for story in right], dtype=float)
    f1s = [2 * p * r / (p + r) for p, r in (np.average(each, axis=0, weights=weights) for each in (mine, theirs))]
    return float(f1s[0] - f1s[1])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cap", action="store_true", help="choose whether one shared name is limited")
    parser.add_argument("--guard", action="store_true", help="choose whether look-alikes are kept apart")
    parser.add_argument(
        "--stragglers", action="store_true", help="choose whether headlines are settled around large stories"
    )
    parser.add_argument(
        "--shipped", type=float, nargs=2, metavar=("CUT", "CENTROID"), help="choose nothing of ours: these"
    )
    parser.add_argument("--meaning", action="store_true", help="with the extra digestbot[meaning]")
    parser.add_argument("--view", action="append", choices=("lead", "title"))
    parser.add_argument("--bootstrap", type=int, default=200)
    given = parser.parse_args(arguments)
    on_off = (True, False)
    grid = [
        Numbers(cut, centroid, cap, guard, stragglers)
        for cut, centroid in itertools.product(CUTS, CENTROIDS)
        for cap in (on_off if given.cap else (True,))
        for guard in (on_off if given.guard else (True,))
        for stragglers in (on_off if given.stragglers else (True,))
    ]
    if given.shipped:
        grid = [Numbers(*given.shipped)]
    meaning = model_of_meaning() if given.meaning else None
    print(
        f"{'view':6}{'left out':12}{'items':>7}{'ours':>8}{'tf-idf':>8}{'at its best cut':>17}{'difference':>12}   chosen"
    )
    for view in given.view or ("lead", "title"):
        found = samples(given.data, view, meaning=meaning)
        ours_of, plain_of = [], []
        for name, those in found.items():
            numbers, cut = chosen(found, name, grid), chosen(found, name, TFIDF_CUTS)
            mine, theirs = mean_f1(those, numbers), mean_f1(those, cut)
            best = max(mean_f1(those, each) for each in TFIDF_CUTS)
            low, high = interval(those, numbers, cut, times=given.bootstrap)
            ours_of.append(mine)
            plain_of.append(theirs)
            print(
                f"{view:6}{name:12}{len(those[0].rows):7}{mine:8.3f}{theirs:8.3f}{best:17.3f}{mine - theirs:+8.3f} "
                f"[{low:+.3f}, {high:+.3f}]   {numbers}, tf-idf {cut}",
                flush=True,
            )
        print(
            f"{view:6}{'mean':12}{'':7}{statistics.fmean(ours_of):8.3f}{statistics.fmean(plain_of):8.3f}"
            f"{'':17}{statistics.fmean(ours_of) - statistics.fmean(plain_of):+8.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
