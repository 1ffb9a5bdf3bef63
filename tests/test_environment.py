"""What the environment of the person who runs the tests does to them: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def test_no_setting_of_ours_is_in_the_environment():
    """Neither of a test nor of the processes that it starts."""
    assert [name for name in os.environ if name.upper().startswith("DIGESTBOT_")] == []


def test_the_real_data_can_be_named(shared_data: Path):
    """It is skipped where there is none."""
    assert shared_data.is_dir()


@pytest.mark.parametrize("name", ["DIGESTBOT_TEST_DATA", "DIGESTBOT_FEEDS__MINE"])
def test_a_variable_of_ours_breaks_no_test(tmp_path: Path, name: str):
    """DIGESTBOT_TEST_DATA is found all the same; a setting is not."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        f"{__file__}::test_no_setting_of_ours_is_in_the_environment",
    ]
    if name == "DIGESTBOT_TEST_DATA":
        command.append(f"{__file__}::test_the_real_data_can_be_named")
    environment = {**os.environ, name: str(tmp_path)}
    root = Path(__file__).parents[1]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
