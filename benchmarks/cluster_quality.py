"""How well items are grouped into stories: B-cubed precision, recall and F1 (Bagga and Baldwin 1998) on labelled sets.

    python benchmarks/cluster_quality.py FILE... [--view lead] [--mixday] [--seeds 5] [--dates]

Each FILE holds JSON lines, plain or gzipped: id, story, title, and optionally text, source, date. The views are what a
feed may give: the title, the lead (title and 300 characters) or the full text. `--mixday` adds a day made of all files
in which about half of the stories are single. Dates are left out unless asked for. All at the shipped parameters.

    python benchmarks/cluster_quality.py --leave-one-out ../shared/data

Instead: the parameters are chosen on all sets but one and reported on that one, see leave_one_out.py, whose options follow.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digestbot.model import Item
from digestbot.stories import cluster

VIEWS = {"title": 0, "lead": 300, "full": None}
SINGLE = 0.48  # share of a day's stories that one outlet alone tells

Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    """The rows of a file, their stories named apart from those of other files."""
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).decode().splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [{**row, "id": f"{path.name} {row['id']}", "story": f"{path.name} {row['story']}"} for row in rows]


def mixday(rows: Sequence[Row], seed: int) -> list[Row]:
    """A day: of each story one item with probability SINGLE, else at least two."""
    chance = random.Random(seed)
    stories: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        stories[row["story"]].append(row)
    day: list[Row] = []
    for name in sorted(stories):
        told = stories[name]
        count = 1 if chance.random() < SINGLE else chance.randint(min(2, len(told)), len(told))
        day.extend(chance.sample(told, count))
    return day


def as_item(row: Row, view: str, *, dates: bool) -> Item:
    return Item(
        id=row["id"],
        title=row["title"],
        text=row.get("text", "")[: VIEWS[view]],
        source=row.get("source", ""),
        published=datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) if dates and row.get("date") else None,
    )


def of_items(found: Sequence[object], right: Sequence[str]) -> list[tuple[float, float]]:
    """Of each item, the share of its group that belongs there, and of its story that is there."""
    pairs = list(zip(found, right, strict=True))
    groups, stories, both = Counter(found), Counter(right), Counter(pairs)
    return [(both[pair] / groups[pair[0]], both[pair] / stories[pair[1]]) for pair in pairs]


def b_cubed(found: Sequence[object], right: Sequence[str]) -> tuple[float, float, float]:
    """The means of both over the items, and their F1."""
    precision, recall = map(statistics.fmean, zip(*of_items(found, right), strict=True))
    return precision, recall, 2 * precision * recall / (precision + recall)


def measure(rows: Sequence[Row], view: str, *, dates: bool) -> tuple[float, float, float]:
    story_of = {
        item.id: story.id
        for story in cluster([as_item(row, view, dates=dates) for row in rows])
        for item in story.items
    }
    return b_cubed([story_of[row["id"]] for row in rows], [row["story"] for row in rows])


def main() -> None:
    if sys.argv[1:2] == ["--leave-one-out"]:
        from leave_one_out import main as leave_one_out  # noqa: PLC0415 -- it needs this module

        leave_one_out(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--view", action="append", choices=VIEWS)
    parser.add_argument("--mixday", action="store_true")
    parser.add_argument("--seeds", type=int, default=5, help="days that --mixday makes and averages")
    parser.add_argument("--dates", action="store_true", help="let time count, where a set has true dates")
    options = parser.parse_args()
    sets = {path.name.split(".")[0]: [read(path)] for path in options.files}
    if options.mixday:
        rows = [row for (rows,) in sets.values() for row in rows]
        sets["mixday"] = [mixday(rows, seed) for seed in range(options.seeds)]
    print(f"{'view':6} {'set':16} {'items':>6} {'P':>6} {'R':>6} {'F1':>6} {'s':>6}")
    for view in options.view or VIEWS:
        macro = []
        for name, samples in sets.items():
            if not any(row.get("text") for row in samples[0]) and view != "title":
                continue
            start = time.perf_counter()
            figures = [measure(rows, view, dates=options.dates) for rows in samples]
            took = (time.perf_counter() - start) / len(samples)
            precision, recall, f1 = map(statistics.fmean, zip(*figures, strict=True))
            macro.append(f1)
            print(
                f"{view:6} {name:16} {len(samples[0]):6} {precision:6.3f} {recall:6.3f} {f1:6.3f} {took:6.2f}",
                flush=True,
            )
        print(f"{view:6} {'macro':16} {'':6} {'':6} {'':6} {statistics.fmean(macro):6.3f}")


if __name__ == "__main__":
    main()
