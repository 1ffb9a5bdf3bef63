"""The three editions of `digestbot demo`, made once for all tests that read them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from digestbot.operations.demo import demo
from digestbot.operations.logs import LoggedProgress


@pytest.fixture(scope="session")
def demo_digests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The digests of the sample newsroom's three mornings, by date."""
    out = tmp_path_factory.mktemp("demo")
    demo(out, LoggedProgress())
    digests = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(out.glob("morning/*/digest.json"))]
    return {digest["edition"]: digest for digest in digests}
