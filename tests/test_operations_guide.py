"""docs/operations.md tells the truth: the tests it names exist, and so do the words it tells people to type."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
GUIDE = (TESTS.parent / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_test_named_in_the_guide_exists():
    """A row without its test would be a promise without proof."""
    written = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", written, re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", GUIDE))
    assert len(named) > 50
    assert named <= defined, sorted(named - defined)


def test_every_setting_named_in_the_guide_exists():
    """As it stands in the example."""
    example = (TESTS.parent / "config.example.env").read_text(encoding="utf-8")
    named = set(re.findall(r"DIGESTBOT_[A-Z_]+", GUIDE))
    assert named <= set(re.findall(r"DIGESTBOT_[A-Z_]+", example)), named
