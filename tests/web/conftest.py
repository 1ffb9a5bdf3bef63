"""A running site for the tests of its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from running_site import RunningSite, running


@pytest.fixture
def live_site(tmp_path: Path) -> Iterator[RunningSite]:
    with running(tmp_path) as site:
        yield site
