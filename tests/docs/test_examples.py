"""The examples of the docs do what the pages say; those that are not run have a reason."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from doc_examples import DOCS, ELSEWHERE, PAGES, REASONS, SHELLS, Block, blocks, run_block, run_page, world
from reference import ROOT

from digestbot.settings.envfile import parse_env
from digestbot.settings.keys import unknown_key

RUN = [page for page in PAGES if any(block.what == "run" for block in blocks(page))]
HOW_TO = sorted(path for path in (DOCS / "howto").glob("*.md") if path.stem != "index")


@pytest.mark.parametrize("page", RUN, ids=[page.relative_to(ROOT).as_posix() for page in RUN])
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path):
    """Each command ends as the page says and answers what it shows."""
    assert run_page(world(tmp_path), page)


def test_there_are_thirty_tasks_each_tried():
    """A page of the how-to without an example that is run would be a promise; those that need an account are few, and named."""
    untried = {path.stem for path in HOW_TO if path not in RUN}
    assert len(HOW_TO) - len(untried) >= 30
    assert untried <= {"post-to-slack", "send-by-email"}


def test_every_shell_block_is_run_or_says_why_not():
    """A line that nobody ran is told apart from those that were."""
    for page in PAGES:
        for block in blocks(page):
            if block.page in ELSEWHERE or block.language not in SHELLS:
                continue
            known = block.what in ("run", "config") or (block.what == "not-run" and block.rest in REASONS)
            assert known, (
                f"{block.place}: write `{block.language} run`, `config`, or `not-run` and one of {', '.join(REASONS)}"
            )


def test_every_python_block_is_run():
    """On a page whose test is named."""
    for page in PAGES:
        for block in blocks(page):
            assert block.language not in ("python", "pycon", "py") or block.page in ELSEWHERE, block.place


def test_every_setting_of_an_example_exists():
    """In a block of settings each line is one that is known."""
    for page in PAGES:
        for block in blocks(page):
            if block.what == "config":
                file = parse_env(block.body, page)
                assert not file.problems, block.place
                assert file.values, block.place
                for key in file.values:
                    assert unknown_key(key) is None, f"{block.place}: {key}"


def test_the_page_of_examples_counts_them(request: pytest.FixtureRequest):
    """docs/develop/examples.md lists what is not run, and is written by this test (--update-golden)."""
    page = DOCS / "develop" / "examples.md"
    if request.config.getoption("--update-golden"):
        page.write_text(listed(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == listed()


def listed() -> str:
    """The page: how many are run, and each that is not with its reason."""
    counts: Counter[str] = Counter()
    rows: list[str] = []
    for page in PAGES:
        for block in blocks(page):
            if block.language in SHELLS and block.page not in ELSEWHERE:
                counts[block.what] += 1
                if block.what == "not-run":
                    first = block.body.strip().splitlines()[0].replace("|", r"\|")
                    rows.append(f"| {block.page} | `{first}` | {REASONS[block.rest]} |")
    elsewhere = "\n".join(f"| {page} | {why} |" for page, why in ELSEWHERE.items())
    return (
        "---\nnosearch: true\n---\n\n# Examples of these pages\n\nTests read every block of code of these pages (`tests/docs/test_examples.py`). "
        f"{counts['run']} blocks of commands are run, each page in a folder of its own with three saved feeds; of {counts['config']} blocks of "
        f"settings each line is known to the program; {counts['not-run']} blocks of commands are not run, for the reasons below.\n\n"
        f"## Run by tests of their own\n\n| page | how |\n|---|---|\n{elsewhere}\n\n"
        "## Not run\n\n| page | block | why not |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


@pytest.mark.parametrize(
    ("kind", "body", "named"),
    [
        ("console", "$ digestbot feeds list\nledger (never read) ...ledger.xml\n", ""),
        ("console", "$ digestbot feeds list\nwire ...\nledger ...\n", "nothing says 'ledger ...'"),
        ("console", "$ digestbot feeds list\nharbour (never read) ...\n", "nothing says 'harbour"),
        ("sh", "digestbot feeds lst\n", "feeds lst"),
        ("sh", "digestbot feeds lst   # ends with 2\n", ""),
        ("sh", "digestbot feeds list | head\n", "one command a line"),
    ],
)
def test_an_example_that_is_wrong_is_named(tmp_path: Path, kind: str, body: str, named: str):
    """A command that ends otherwise, an answer that is missing or in another order: the runner believes nothing."""
    block = Block(page="docs/page.md", line=1, language=kind, what="run", rest="", body=body)
    bot = world(tmp_path)
    if not named:
        run_block(bot, block)
        return
    with pytest.raises(AssertionError, match=re.escape(named)):
        run_block(bot, block)
