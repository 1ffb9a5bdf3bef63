"""What the environment of the person who runs the tests does to them: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_no_setting_of_ours_is_in_the_environment():
    """Neither of a test nor of the processes that it starts."""
    assert [name for name in os.environ if name.upper().startswith("DIGESTBOT_")] == []


def test_the_real_data_can_be_named(shared_data: Path):
    """It is skipped where there is none."""
    assert shared_data.is_dir()


def test_a_variable_of_ours_breaks_no_test(tmp_path: Path):
    """DIGESTBOT_TEST_DATA is found all the same; a setting is not."""
    own = (f"{__file__}::test_no_setting_of_ours_is_in_the_environment", f"{__file__}::test_the_real_data_can_be_named")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *own]
    environment = {**os.environ, "DIGESTBOT_TEST_DATA": str(tmp_path), "DIGESTBOT_FEEDS__MINE": str(tmp_path)}
    root = Path(__file__).parents[1]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
