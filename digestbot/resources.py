"""Where the files that come with digestbot lie: templates, samples, the example configuration."""

from __future__ import annotations

from pathlib import Path


def resource(name: str) -> Path:
    """The path of a shipped file or folder: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / name
    # An editable install leaves copies elsewhere in site-packages, so the package's own place decides.
    return inside if inside.exists() else package.parent / name
