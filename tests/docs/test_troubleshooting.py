"""docs/operate/troubleshooting.md: a sentence that the code does not say any more would send its readers astray."""

from __future__ import annotations

import re

import pytest
from reference import PACKAGE, ROOT, rows

PAGE = (ROOT / "docs" / "operate" / "troubleshooting.md").read_text(encoding="utf-8")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
TOLD = sorted({quoted for row in rows(PAGE) for quoted in re.findall(r"`([^`]+)`", row[0]) if not quoted[0].isdigit()})


@pytest.mark.parametrize("sentence", TOLD)
def test_the_code_says_it(sentence: str):
    """Each part of a sentence between the places for what is the reader's own."""
    for part in filter(None, re.split(r"\.\.\.|[()]|\?", sentence)):
        assert part.strip() in CODE, f"docs/operate/troubleshooting.md: nothing says {part.strip()!r}"


def test_there_are_many():
    """Of the configuration, data, feeds, Slack and email."""
    assert len(TOLD) >= 40
