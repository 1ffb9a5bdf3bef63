"""docs/operations.md says the truth: the tests it names exist, and every test of a fault row is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
GUIDE = (TESTS.parent / "docs" / "operations.md").read_text(encoding="utf-8")


WRITTEN = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
DEFINED = set(re.findall(r"^(?:async )?def (test_\w+)", WRITTEN, re.MULTILINE))


def test_every_test_named_in_the_guide_exists():
    """A row without its test would be a promise without proof."""
    named = set(re.findall(r"`(test_\w+)`", GUIDE))
    assert len(named) > 50
    assert named <= DEFINED, sorted(named - DEFINED)


def test_every_fault_of_lists_has_a_test():
    """In the design, too: each row says what goes wrong, what becomes of it, and which tests hold it; all of them exist."""
    design = (TESTS.parent / "docs" / "design.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \|$", design.partition("## Readers of lists")[2].partition("\n## ")[0], re.MULTILINE)[2:]
    assert len(rows) >= 16
    for row in rows:
        named = set(re.findall(r"`(test_\w+)`", row))
        assert named, row
        assert named <= DEFINED, sorted(named - DEFINED)


def test_every_threat_has_a_test():
    """Each row of the design's threats says who, what, and which tests hold it; all of them exist."""
    design = (TESTS.parent / "docs" / "design.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .* \|$", design.partition("## Threats")[2].partition("\n## ")[0], re.MULTILINE)[2:]
    assert len(rows) >= 12
    for row in rows:
        named = set(re.findall(r"`(test_\w+)`", row))
        assert named, row
        assert named <= DEFINED, sorted(named - DEFINED)


def test_the_fault_table_names_every_row_its_outcome_and_its_test():
    """Rows 54 and 55 are about a web page that does not exist. A row's number is in the name of one of its tests at least."""
    table = list(fault_rows())
    assert [number for number, *_ in table] == [number for number in range(1, 66) if number not in (54, 55)]
    for number, fault, outcome, named in table:
        assert fault, number
        assert outcome, number
        numbers = [rows_of(test) for test in named]
        assert any(number in found for found in numbers), (
            f"docs/operations.md: no test of row {number} carries its number"
        )
        wrong = [test for test, found in zip(named, numbers, strict=True) if found and number not in found]
        assert not wrong, f"docs/operations.md: row {number} names another row's test, {wrong}"


def test_every_test_of_a_row_is_named_in_the_guide():
    """A test that carries a row's number is proof of that row, and a reader finds it there."""
    named_by_row = {(number, test) for number, _, _, named in fault_rows() for test in named}
    for test in DEFINED:
        rows = rows_of(test)
        assert not rows or any((number, test) in named_by_row for number in rows), (
            f"docs/operations.md: row {min(rows)} does not name {test}"
        )


def fault_rows() -> Iterator[tuple[int, str, str, list[str]]]:
    """Number, fault, outcome and tests of every row."""
    for line in GUIDE.splitlines():
        if re.match(r"\| \d+ \|", line):
            number, fault, outcome, tests = (cell.strip() for cell in line.strip("|").split("|"))
            yield int(number), fault, outcome, re.findall(r"`(test_\w+)`", tests)


def rows_of(test: str) -> set[int]:
    """The rows that a test's name carries: `test_row_31_...`, `test_rows_31_and_32_...`, `test_rows_01_to_07_...`."""
    match = re.match(r"test_rows?_(\d+)(?:_(to|and)_(\d+))?_", test)
    if not match:
        return set()
    return set(range(int(match[1]), int(match[3] or match[1]) + 1))
