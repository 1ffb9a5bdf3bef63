"""The pages of docs/ for whoever runs digestbot: they ship in the wheel, so that nothing has to be looked up elsewhere."""

from __future__ import annotations

from typing import Final

from ..errors import ConfigError, ConfigErrors
from ..resources import resource
from ..text.suggestions import closest_match

# Not here: what is for those who change digestbot itself.
_TOP: Final = (
    "install",
    "first-digest",
    "topics",
    "lists",
    "site",
    "bulk-senders",
    "templates",
    "operations",
    "versions",
    "glossary",
)
_FOLDERS: Final = ("running", "channels", "reference")


def guide_names() -> tuple[str, ...]:
    """Their names, as `digestbot help` takes them."""
    folder = resource("docs")
    return (*_TOP, *(path.stem for name in _FOLDERS for path in sorted((folder / name).glob("*.md"))))


def guide(name: str) -> str:
    """A page as it is written, in Markdown.

    Raises:
        ConfigErrors: there is none of that name.
    """
    wanted = name.strip().lower().removesuffix(".md").rpartition("/")[2]
    if wanted not in guide_names():
        guess = closest_match(wanted, guide_names())
        fix = f"did you mean {guess}?" if guess else f"one of {', '.join(guide_names())}"
        raise ConfigErrors([ConfigError(name, "is no guide", fix)])
    folder = resource("docs")
    places = (folder,) if wanted in _TOP else tuple(folder / name for name in _FOLDERS)
    return next(path for place in places if (path := place / f"{wanted}.md").is_file()).read_text(encoding="utf-8")
