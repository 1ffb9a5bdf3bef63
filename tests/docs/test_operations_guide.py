"""docs/operations.md tells the truth: the tests it names exist, and so do the words it tells people to type."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
GUIDE = (TESTS.parent / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_test_named_in_the_guide_exists():
    """A row without its test would be a promise without proof."""
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", written, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", GUIDE))
    assert len(named) > 50
    assert named <= defined, sorted(named - defined)


def test_the_fault_table_names_every_row_its_outcome_and_its_test():
    """Rows 54 and 55 are about a web page that does not exist."""
    lines = [line for line in GUIDE.splitlines() if re.match(r"\| \d+ \|", line)]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [int(row[0]) for row in table] == [number for number in range(1, 66) if number not in (54, 55)]
    for number, fault, outcome, tests in table:
        assert fault, number
        assert outcome, number
        named = re.findall(r"`test_(?:rows?_(\d+)(?:_(?:to|and)_(\d+))?_)?\w+`", tests)
        assert named, f"row {number} has no test"
        for first, last in named:
            assert not first or int(first) <= int(number) <= int(last or first), (
                f"row {number} names another row's test"
            )


def test_every_setting_named_in_the_guide_exists():
    """As it stands in the example."""
    example = (TESTS.parent / "config.example.env").read_text(encoding="utf-8")
    named = set(re.findall(r"DIGESTBOT_[A-Z_]+", GUIDE))
    assert named <= set(re.findall(r"DIGESTBOT_[A-Z_]+", example)), named
