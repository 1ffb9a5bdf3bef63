"""Folders that each hold a failing input and say what is right (README, after "Expected:"): which are right today?

    python benchmarks/cases.py FOLDER_OF_FOLDERS [NUMBER...]

Each is run in a copy of its own, by the command its README names. Right is what holds: every text that the README quotes as
expected stands in the output, and so many stories as it says; a few have a law of their own, in `LAWS`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SECONDS = 120
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
QUOTED = re.compile(r"(?<![\w’])'([^']{4,}(?:'(?=\w)[^']*)*)'(?!\w)")
ADDRESS = re.compile(r"https?://[^\s,;'()]+")
COUNT = re.compile(r"\b(\w+) (?:stories|items?)\b", re.IGNORECASE)


class Outcome:
    """What a command printed, and the digest in it where it is one."""

    def __init__(self, readme: str, output: str, folder: Path) -> None:
        self.expected = readme.partition("Expected:")[2].partition("\nGot:")[0]
        self.output = output
        self.folder = folder
        try:
            self.digest: dict[str, Any] = json.loads(output)
        except ValueError:
            self.digest = {}

    @property
    def stories(self) -> list[dict[str, Any]]:
        """Every story that the digest shows."""
        sections = [story for section in self.digest["sections"] for story in (*section["stories"], *section["briefs"])]
        lead = [self.digest["lead"]] if self.digest["lead"] else []
        return [*lead, *sections, *self.digest["elsewhere"], *self.digest["also"]]

    @property
    def words(self) -> str:
        """All that is shown, with what its texts say, on one line."""
        if not self.digest:
            return self.output
        return " ".join(f"{story['title']} {story['url']} {quotes(story)} {outlets(story)}" for story in self.stories)


def quotes(story: dict[str, Any]) -> str:
    """The sentences of a story."""
    return " ".join(quote["text"] for quote in story["summary"])


def outlets(story: dict[str, Any]) -> list[str]:
    """The outlets of a story."""
    return [source["name"] for source in story["sources"]]


def missing(outcome: Outcome) -> Iterator[str]:
    """Texts and addresses that were expected and do not stand in the output; a wrong number of stories."""
    expected = outcome.expected.partition(" or ")[0]
    for text in (*QUOTED.findall(expected), *ADDRESS.findall(expected)):
        piece = text.removesuffix("...").strip()
        # Quotations are of two sentences at most: the first must stand there.
        first = re.split(r"(?<=\w{3}\.)\s", piece)[0]
        if first.rstrip("./") not in outcome.words:
            yield f"not there: {first}"
    if count := COUNT.search(expected):
        number = NUMBERS.get(count[1].lower()) or (int(count[1]) if count[1].isdigit() else 0)
        if number and len(outcome.stories) != number:
            yield f"{len(outcome.stories)} stories, not {number}"


def _dates(outcome: Outcome) -> Iterator[str]:
    moments = [item["published"] for story in outcome.stories for item in story["items"]]
    if len(moments) != 7 or len(set(moments)) != 1 or "T22:15" not in moments[0]:
        yield f"dates: {moments}"


def _titles(outcome: Outcome) -> Iterator[str]:
    yield from (f"title cut: {story['title']}" for story in outcome.stories if len(story["title"].split()) < 6)


def _credited(outcome: Outcome) -> Iterator[str]:
    never = outcome.expected.partition("never ")[2].strip()
    for story in outcome.stories:
        for quote in story["summary"]:
            if never in repr(quote):
                yield f"credited to {never}: {quote['text']}"


def _one_outlet(outcome: Outcome) -> Iterator[str]:
    wanted = outcome.expected.partition("outlet ")[2].partition(" only")[0]
    if [outlets(story) for story in outcome.stories] != [[wanted]]:
        yield f"outlets: {[outlets(story) for story in outcome.stories]}"


def _addressed(outcome: Outcome) -> Iterator[str]:
    yield from (f"no address: {story['title']}" for story in outcome.stories if not story["url"])


def _topics(outcome: Outcome) -> Iterator[str]:
    under = [story["title"] for story in outcome.stories if story["topic"]]
    if len(under) != len(outcome.stories) - 1:
        yield f"{len(under)} of {len(outcome.stories)} stories are under a topic"


def _imported(outcome: Outcome) -> Iterator[str]:
    if "run 0" not in outcome.output:
        yield "the run after the import fails"


def _second_day(outcome: Outcome) -> Iterator[str]:
    days = [line for line in outcome.output.splitlines() if "digest.json" in line and "[" in line]
    if not days or days[-1].endswith("[]"):
        yield "the second day is empty"


def _both_read(outcome: Outcome) -> Iterator[str]:
    if "2 of 2" not in outcome.output and "feeds: 2" not in outcome.output:
        yield "not both feeds are read"
    password = re.search(r":(\w+)@", (outcome.folder / "config.env").read_text("utf-8"))
    if password and password[1] in outcome.output:
        yield "the password is printed"


# What a quotation of the README cannot say, by the number of the folder. True: instead of the general laws.
LAWS: dict[str, tuple[Callable[[Outcome], Iterator[str]], bool]] = {
    "06": (_dates, True),
    "13": (_one_outlet, False),
    "15": (_titles, False),
    "17": (_credited, True),
    "20": (_addressed, True),
    "27": (_topics, True),
    "29": (_imported, True),
    "30": (_second_day, True),
    "32": (_both_read, True),
}


def outcome_of(case: Path, scratch: Path) -> Outcome:
    """Run a case in a copy of its folder."""
    folder = scratch / case.name
    shutil.copytree(case, folder)
    folder.chmod(0o755)
    for file in folder.iterdir():
        file.chmod(0o755)
    # Written before the setting had its name of today.
    config = folder / "config.env"
    if config.is_file():
        config.write_text(config.read_text("utf-8").replace("__QUIET=", "__WHEN_EMPTY="), "utf-8")
    command = scratch / "digestbot"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m digestbot "$@"\n', "utf-8")
    command.chmod(0o755)
    readme = (case / "README").read_text("utf-8")
    line = re.search(r"^Run here: (.*)$", readme, re.MULTILINE)
    assert line, f"{case.name} names no command"
    here = str(Path(__file__).parents[1])
    ran = subprocess.run(
        line[1],
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": f"{scratch}:{os.environ['PATH']}", "PYTHONPATH": here},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Outcome(readme, ran.stdout or ran.stderr, folder)


def wrong(case: Path) -> list[str]:
    """What is wrong with a case, or nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        outcome = outcome_of(case, Path(scratch))
        law, alone = LAWS.get(case.name[:2], (lambda _: iter(()), False))
        try:
            return [*law(outcome), *(() if alone else missing(outcome))]
        except KeyError as error:
            return [f"no digest ({error}): {outcome.output[:200]}"]


def main() -> None:
    """Say right or wrong for each; exit 1 where one is wrong."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("numbers", nargs="*", help="of the cases to run; all by default")
    chosen = arguments.parse_args()
    cases = [case for case in sorted(chosen.folder.iterdir()) if (case / "README").is_file()]
    cases = [case for case in cases if not chosen.numbers or case.name[:2] in chosen.numbers]
    failures = 0
    for case in cases:
        reasons = wrong(case)
        failures += bool(reasons)
        print(f"{'wrong' if reasons else 'right'}  {case.name}", *reasons, sep="\n       ", flush=True)
    print(f"{len(cases) - failures} of {len(cases)} right")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
