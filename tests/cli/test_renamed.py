"""Words of an earlier release on the command line: one line that says what they are called now."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot import Bot


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--patience", "5"), ["--patience is called --max-wait now"]),
        (("--patience=5",), ["--patience is called --max-wait now"]),
        (("--assume-sent",), ["--assume-sent is called --mark-sent now"]),
        (
            ("--assume-sent", "--patience", "5"),
            ["--assume-sent is called --mark-sent now", "--patience is called --max-wait now"],
        ),
    ],
    ids=str,
)
def test_an_old_option_names_the_new_one(tmp_path: Path, words: tuple[str, ...], said: list[str]):
    """Exit 2, every old name at once, and nothing is done."""
    done = Bot(tmp_path)("run", *words)

    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"digestbot: {line}" for line in said]
    assert list(tmp_path.iterdir()) == []


def test_old_options_are_not_offered(tmp_path: Path):
    """Help shows the new names alone."""
    shown = Bot(tmp_path)("run", "--help").stdout

    assert "--max-wait" in shown
    assert "--patience" not in shown
