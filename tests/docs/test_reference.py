"""docs/reference lists what the code has: settings, commands, JSON fields, log lines and the Python API, and nothing else."""

from __future__ import annotations

import difflib
import re
import shlex
from pathlib import Path

import pytest
import reference
import reference_json
from reference import MISSING, PAGES, ROOT, rows, written


@pytest.mark.parametrize("name", [name for name in PAGES if name != "json"])
def test_a_page_is_what_the_code_says(name: str):
    """A setting, command, option, log line or public name that is new, gone or changed is named, with what mends the page."""
    _compare(name, PAGES[name](written(name)))


def _compare(name: str, expected: str) -> None:
    old, new = written(name).splitlines(), expected.splitlines()
    changes = [line for line in difflib.unified_diff(old, new, lineterm="", n=0) if re.match(r"[+-](?![+-])", line)]
    assert not changes, f"docs/reference/{name}.md is not what the code says; run `make reference`:\n" + "\n".join(
        changes
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_line_has_its_meaning(name: str):
    """What only a person can write is not forgotten."""
    page = written(name)
    empty = [row[-2] if name == "events" else row[0] for row in rows(page) if MISSING in row[-1:]]
    places = {"settings": "above it in config.example.env", "commands": "as its help in digestbot/cli"}
    where = places.get(name, f"in docs/reference/{name}.md")
    assert not empty, f"write the meaning of {', '.join(empty)} {where}, in the place of the {MISSING}"
    assert f"\n{MISSING}\n" not in page, (
        f"docs/reference/{name}.md: write an example or a docstring in the place of the {MISSING}"
    )


def test_every_example_of_a_command_can_be_typed():
    """The words of each example are a command with arguments and options that exist."""
    known = dict(reference.commands())
    shown = dict(
        re.findall(r"^## `(digestbot [^`]*)`\n.*?^```sh\n(.+?)^```", written("commands"), re.MULTILINE | re.DOTALL)
    )
    for heading, text in shown.items():
        for line in text.splitlines():
            name = max((one for one in known if line.startswith(f"{one} ") or line == one), key=len, default="")
            assert name, f"docs/reference/commands.md: `{line}` is no command"
            assert heading.startswith(name), f"docs/reference/commands.md: `{line}` stands under {heading}"
            known[name].make_context(name, shlex.split(line.removeprefix(name)))


def test_every_json_field_is_on_the_page():
    """A field that a command writes in a real run and the page lacks, or the other way round, is named."""
    fields = reference_json.all_fields()
    page = reference_json.meanings(written("json"))
    for heading in reference_json.OUTPUTS:
        new, gone = fields[heading].keys() - page[heading].keys(), page[heading].keys() - fields[heading].keys()
        where = f"docs/reference/json.md, {heading}"
        assert not new, f"{where}: a line about {sorted(new)} is missing; run `make reference` and write its meaning"
        assert not gone, f"{where}: {sorted(gone)} is written by nothing any more; run `make reference`"
    _compare("json", reference_json.page(written("json"), fields))


def test_every_command_that_answers_in_json_is_on_the_page():
    """A new command with --json needs a sample run in tests/reference_json.py."""
    answering = {name for name, one in reference.commands() if any("--json" in option.opts for option in one.params)}
    sampled = {name for names in reference_json.OUTPUTS.values() for name in names}
    assert answering == sampled, f"tests/reference_json.py: OUTPUTS and samples() differ in {answering ^ sampled}"


def test_the_digest_has_every_field_that_programs_rely_on():
    """The contract of the digest's JSON: fields may be added, and none of these is ever renamed or taken away.

    What the page says of them is what a real run writes, as the test of every field holds.
    """
    story = ("id", "title", "url", "score", "why", "day", "sources[].name", "sources[].items", "sources[].independent",
             "items[].id", "items[].title", "items[].url", "items[].source", "items[].published",
             "summary[].text", "summary[].item", "summary[].source", "summary[].url")  # fmt: skip
    promised = {
        "digest",
        "edition",
        "since",
        "until",
        "title",
        "sections[].topic",
        "failures[].source",
        "failures[].reason",
    }
    promised |= {f"counts.{name}" for name in ("feeds", "feeds_failed", "items", "stories")}
    promised |= {f"sections[].stories[].{name}" for name in story}
    promised |= {f"also[].{name}" for name in story if not name.startswith("summary[]")}
    missing = promised - reference_json.meanings(written("json"))[reference_json.DIGEST].keys()
    assert not missing, f"digest.json lacks {sorted(missing)}, which programs rely on"


def test_links_between_pages_lead_somewhere():
    """Every relative link of every page names a file that exists, and a heading that it has."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
            path, _, anchor = target.partition("#")
            other = (page.parent / path).resolve() if path else page
            assert other.exists(), f"{page.relative_to(ROOT)}: {target} does not exist"
            if anchor:
                assert anchor in _anchors(other), f"{page.relative_to(ROOT)}: {target} is no heading"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
