"""What a reader gets on real days: both editions of each day made through the command line, and their faults counted.

    python benchmarks/real_days.py [FOLDER] [--at TIME --at TIME] [--edition 2] [--titles] [--keep DIR] [--json]

FOLDER holds days, each a .tar.xz or an unpacked folder: config.env, feeds/, and labels.jsonl {url, story} where somebody
has labelled it. The moments of known days stand in MOMENTS; --at gives those of any other. Each number is printed
with its definition. What needs labels is left out without them; candidates for a reader's eye are listed on every day.
The figures are those of reader_figures.py; what a headline or a sentence must not be is told by patterns of their own
(forbidden_kinds.py): the product's tables would only confirm themselves.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from reader_figures import candidates, label_figures, plain_figures
from shown_stories import Figure, Found, Json, full, plain, told

from digestbot.app import wiring
from digestbot.app.storage import throwaway_store
from digestbot.edition.pipeline import draft_from_store
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import load

DAYS = Path(__file__).parents[2] / "shared" / "data" / "days"
MOMENTS = {
    "markets": ("2026-08-06T22:00:00Z", "2026-08-07T22:00:00Z"),
    "hk": ("2026-05-04T15:00:00Z", "2026-05-05T15:00:00Z"),
}


def grouped_stories(folder: Path, day: str) -> list[Found]:
    """Every story of an edition that was just made: decided again on a copy of the store, as `explain` does."""
    loaded = load(folder / "config.env", {}, folder=folder)
    spec = wiring.digest_specs(loaded)[0]
    with throwaway_store(loaded, folder / "data") as store:
        context = wiring.edition_context(loaded, store, LoggedProgress(), sending=False)
        edition = next(one for one in store.editions.history(spec.name) if one.date.isoformat() == day[:10])
        items = store.items.recent(since=edition.since, until=edition.until)
        draft = draft_from_store(spec, context, items, edition=edition)
    entries = {entry.story.id: entry for entry in draft.entries}
    found = []
    for story in draft.stories:
        urls = tuple(plain(item.url) for item in story.items if item.url)
        entry = entries.get(story.id)
        if entry is None:
            status = "already told" if story.id in draft.histories else "left out"
            found.append(Found(story.id, story.lead.title, urls, status=status))
        else:
            kind = str(getattr(entry, "kind", "news"))
            found.append(
                Found(
                    story.id,
                    entry.title,
                    urls,
                    entry.topic,
                    entry.score.total,
                    len(entry.sources),
                    entry.reporting,
                    kind,
                )
            )
    return found


def unpack(day: Path, into: Path) -> Path:
    """A folder of its own with the day's files; nothing is written beside the original."""
    target = into / day.name.split(".")[0]
    if day.is_dir():
        target.mkdir()
        for path in (
            one
            for one in sorted(day.rglob("*"))
            if one.is_file() and one.relative_to(day).parts[0] not in ("data", "out")
        ):
            copy = target / path.relative_to(day)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
        return target
    with tarfile.open(day) as archive:
        archive.extractall(target, filter="data")
    # Packed with or without a folder of its own.
    return next(iter(sorted(target.rglob("config.env")))).parent


def make_edition(folder: Path, at: str) -> Path:
    """The folder of the edition that one run of the command line made."""
    before = set(folder.glob("out/*/*"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
    command = [sys.executable, "-m", "digestbot", "run", "-c", "config.env", "-d", "data", "--at", at]
    path = {"PYTHONPATH": str(Path(__file__).parents[1]), "HOME": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=environment | path, capture_output=True, text=True, timeout=600, check=False
    )
    made = sorted(set(folder.glob("out/*/*")) - before)
    if done.returncode or not made:
        raise SystemExit(
            f"{folder.name} at {at}: exit {done.returncode}, nothing made; the bot said:\n{done.stderr[-2000:]}"
        )
    return made[-1]


def read_labels(folder: Path) -> dict[str, str]:
    path = folder / "labels.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()] if path.exists() else []
    return {plain(row["url"]): row["story"] for row in rows}


def figures_of(folder: Path, made: Path) -> list[Figure]:
    digest = json.loads((made / "digest.json").read_text("utf-8"))
    stories = grouped_stories(folder, digest["edition"])
    shown, labels = list(told(digest)), read_labels(folder)
    by_labels = label_figures(shown, stories, labels) if labels else []
    return (
        by_labels
        + candidates(shown)
        + plain_figures(digest, stories, (made / "digest.txt").read_text("utf-8"), (made / "digest.html").read_bytes())
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DAYS, help="of days; or one day, with its config.env")
    parser.add_argument(
        "--at", action="append", metavar="TIME", help="moment of an edition, for days that MOMENTS does not name"
    )
    parser.add_argument("--edition", type=int, action="append", metavar="N", help="which to print, from 1 [all]")
    parser.add_argument("--titles", action="store_true", help="print the titles of the full stories, too")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the unpacked days and their out/ there")
    parser.add_argument("--json", action="store_true", help="one line for programs, and nothing else")
    options = parser.parse_args()
    one_day = (options.folder / "config.env").exists()
    inside = [options.folder] if one_day else sorted(options.folder.iterdir())
    days = [path for path in inside if path.name.endswith(".tar.xz") or (path / "config.env").exists()]
    result: dict[str, dict[str, Json]] = {}
    with tempfile.TemporaryDirectory(prefix="real-days-") as scratch:
        into = options.keep or Path(scratch)
        into.mkdir(parents=True, exist_ok=True)
        for day in days:
            name = day.name.split(".")[0]
            moments = options.at or MOMENTS.get(name)
            if not moments:
                raise SystemExit(f"{name}: its moments are not known; give them with --at TIME --at TIME")
            folder = unpack(day, into)
            for number, at in enumerate(moments, start=1):
                made = make_edition(folder, at)
                if number not in (options.edition or range(1, len(moments) + 1)):
                    continue
                figures = figures_of(folder, made)
                result.setdefault(name, {})[made.name] = {figure.name: figure.value for figure in figures}
                if not options.json:
                    show(name, number, made, figures, titles=options.titles)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))


def show(day: str, number: int, made: Path, figures: Sequence[Figure], *, titles: bool) -> None:
    print(f"\n== {day}, edition {number}: {made.name}")
    if titles:
        for one in full(told(json.loads((made / "digest.json").read_text("utf-8")))):
            print(f"   {one.story['score']:6.2f} {one.topic}: {one.story['title']}")
    for figure in figures:
        print(f"{figure.name:28} {figure.value!s:24} {figure.meaning}", flush=True)
        for line in figure.found:
            print(f"      - {line}")


if __name__ == "__main__":
    main()
