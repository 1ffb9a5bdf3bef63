"""The three editions of `digestbot demo`, made once for all tests that read them."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def demo_digests(demo: Any) -> dict[str, dict[str, Any]]:
    """The digests of the sample newsroom's three mornings, by date."""
    digests: dict[str, dict[str, Any]] = demo.digests
    return digests
