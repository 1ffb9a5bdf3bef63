"""How good the summaries are: ROUGE of ours, the lead and every method of sumy in one run, and the sentence splitter.

    python benchmarks/summary_quality.py summaries/summeval.jsonl.gz --sentences 3
    python benchmarks/summary_quality.py clustering/*.jsonl.gz --loo --words 60
    python benchmarks/summary_quality.py clustering/*.jsonl.gz --splitter

Each file holds JSON lines: {id, title?, text|src|sents, refs[]} for single documents, {id, story, title, text|sents,
source?} for stories. The held-out-source task (--loo) takes the first 60 words of one article as the reference, and
the other articles of its story as the input: does the summary say what an outlet it never saw led with?

"centroid" is what readers get: whole sentences, every guard on. The other rows are the bare methods on the same
sentences, without guards, filled to the budget and cut at it, which is how ROUGE tables are made.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rouge_score.rouge_scorer import RougeScorer

from digestbot.model import Item, Story
from digestbot.summarise import SUMMARISERS, summarise
from digestbot.summarise.document import Document, Paragraph, Quotable, Sentence, Tokenizer
from digestbot.summarise.registry import DEFAULT, load_summariser
from digestbot.text.language import stemmer_for, stop_words_for
from digestbot.text.sentences import split_sentences

METRICS = ("rouge1", "rouge2", "rougeLsum")


@dataclass(frozen=True)
class Task:
    """A story to summarise and what people wrote about it."""

    story: Story
    references: tuple[str, ...]


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def body(record: dict) -> str:
    return record.get("text") or record.get("src") or " ".join(record.get("sents", ()))


def as_item(record: dict, *, sentences: int | None = None) -> Item:
    text = body(record)
    if sentences:
        text = " ".join((record.get("sents") or split_sentences(text))[:sentences])
    source = record.get("source") or record["id"]
    return Item(id=record["id"], title=record.get("title", ""), text=text, source=source)


def single_documents(records: Sequence[dict]) -> Iterator[Task]:
    for record in records:
        yield Task(Story(id=record["id"], items=(as_item(record),)), tuple(record["refs"]))


def held_out(records: Sequence[dict], *, words: int, per_story: int) -> Iterator[Task]:
    stories = defaultdict(list)
    for record in records:
        if body(record):
            stories[record["story"]].append(record)
    for name, members in stories.items():
        for record in members[:per_story] if len(members) > 1 else ():
            others = [as_item(other, sentences=25) for other in members if other is not record][:6]
            yield Task(Story(id=f"{name}/{record['id']}", items=tuple(others)), (cut([body(record)], words),))


def cut(sentences: Sequence[str], words: int | None) -> str:
    text = "\n".join(sentences)
    if words is None or len(text.split()) <= words:
        return text
    kept = words
    lines = []
    for sentence in sentences:
        lines.append(" ".join(sentence.split()[:kept]))
        kept -= len(sentence.split())
        if kept <= 0:
            break
    return "\n".join(lines)


def bare(story: Story, method: str, *, sentences: int | None, words: int | None) -> list[str]:
    """A method on its own: its ranking, filled up to the budget, in the order of the document."""
    tokenizer = Tokenizer()
    document = Document(
        Paragraph(
            Sentence(item.title, tokenizer, is_heading=True),
            [Quotable(text, tokenizer, item=item, position=at) for at, text in enumerate(split_sentences(item.text))],
        )
        for item in story.items
    )

    def fill(ranked: Sequence) -> list:
        if sentences:
            return list(ranked[:sentences])
        picked, total = [], 0
        for info in ranked:
            picked.append(info)
            total += len(str(info.sentence).split())
            if total >= words:
                break
        return picked

    made = load_summariser(method, stem=stemmer_for("en"), stop_words=stop_words_for("en"))
    chosen = made(document, fill)
    if method == "lead":
        chosen = sorted(chosen, key=lambda sentence: sentence.position)
    return [str(sentence) for sentence in chosen]


def ours(story: Story, *, sentences: int | None, words: int | None) -> list[str]:
    summary = summarise(story, words=words or 10_000, sentences=sentences)
    return [sentence.text for sentence in summary.sentences]


def measure(
    tasks: Sequence[Task], write: Callable[[Story], list[str]], words: int | None
) -> tuple[list[float], float, float]:
    scorer = RougeScorer(list(METRICS), use_stemmer=True)
    totals, seconds, length = dict.fromkeys(METRICS, 0.0), 0.0, 0
    for task in tasks:
        began = time.perf_counter()
        text = cut(write(task.story), words)
        seconds += time.perf_counter() - began
        length += len(text.split())
        for reference in task.references:
            lines = "\n".join(split_sentences(reference))
            for name, score in scorer.score(lines, text).items():
                totals[name] += 100 * score.fmeasure / len(task.references)
    return [totals[name] / len(tasks) for name in METRICS], length / len(tasks), 1000 * seconds / len(tasks)


def table(
    name: str, tasks: Sequence[Task], methods: Sequence[str], *, sentences: int | None, words: int | None
) -> None:
    print(f"\n{name}: {len(tasks)} inputs, " + (f"{sentences} sentences" if sentences else f"{words} words"))
    print(f"{'method':<12}{'R1':>8}{'R2':>8}{'RLsum':>8}{'words':>8}{'ms':>8}")
    for method in methods:

        def write(story: Story, method: str = method) -> list[str]:
            if method == DEFAULT:
                return ours(story, sentences=sentences, words=words)
            return bare(story, method, sentences=sentences, words=words)

        write(tasks[0].story)
        scores, length, milliseconds = measure(tasks, write, words)
        print(f"{method:<12}" + "".join(f"{score:8.2f}" for score in scores) + f"{length:8.1f}{milliseconds:8.1f}")


def splitter(name: str, records: Sequence[dict]) -> None:
    """F1 of inner sentence boundaries against the `sents` of a file, counted in characters without white space."""
    hit = found = wanted = 0
    for record in records:
        gold = boundaries(record.get("sents") or ())
        ours = boundaries(split_sentences(" ".join(record.get("sents") or ())))
        hit, found, wanted = hit + len(gold & ours), found + len(ours), wanted + len(gold)
    precision, recall = hit / max(found, 1), hit / max(wanted, 1)
    print(
        f"{name:<24}{precision:8.4f}{recall:8.4f}{2 * precision * recall / max(precision + recall, 1e-9):8.4f}{wanted:8}"
    )


def boundaries(sentences: Sequence[str]) -> set[int]:
    ends, at = [], 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        ends.append(at)
    return set(ends[:-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--sentences", type=int, help="so many sentences (single documents: 3 unless --words is given)")
    parser.add_argument("--words", type=int, help="so many words (--loo: 60)")
    parser.add_argument("--loo", action="store_true", help="the held-out-source task")
    parser.add_argument("--per-story", type=int, default=4, help="with --loo: at most so many inputs from one story")
    parser.add_argument("--splitter", action="store_true", help="boundary F1 of the sentence splitter instead")
    parser.add_argument("--methods", default=",".join(SUMMARISERS), help="comma list")
    options = parser.parse_args()
    if options.splitter:
        print(f"{'boundaries':<24}{'P':>8}{'R':>8}{'F1':>8}{'gold':>8}")
    for path in options.files:
        records = read(path)
        name = path.name.split(".")[0]
        if options.splitter:
            splitter(name, records)
        elif options.loo:
            words = options.words or 60
            tasks = list(held_out(records, words=60, per_story=options.per_story))
            table(f"{name} --loo", tasks, options.methods.split(","), sentences=None, words=words)
        else:
            sentences = options.sentences or (None if options.words else 3)
            tasks = list(single_documents(records))
            table(name, tasks, options.methods.split(","), sentences=sentences, words=options.words)


if __name__ == "__main__":
    main()
