"""Names that a person gives in the configuration."""

from __future__ import annotations


def as_title(name: str) -> str:
    """A name where it has no title: `port_news` as `Port news`."""
    return name.replace("_", " ").strip().capitalize()
