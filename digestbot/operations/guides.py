"""The pages of docs/ for whoever runs digestbot: they ship in the wheel, so that nothing has to be looked up elsewhere."""

from __future__ import annotations

from typing import Final

from ..errors import ConfigError, ConfigErrors
from ..resources import resource
from ..text.suggestions import closest_match

# Not here: what is for those who change digestbot itself.
_TOP: Final = ("first-digest", "topics", "lists", "site", "bulk-senders", "templates", "operations", "glossary")


def guide_names() -> tuple[str, ...]:
    """Their names, as `digestbot help` takes them."""
    folder = resource("docs")
    channels = sorted(path.stem for path in (folder / "channels").glob("*.md"))
    reference = sorted(path.stem for path in (folder / "reference").glob("*.md"))
    return (*_TOP, *channels, *reference)


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
    places = (folder,) if wanted in _TOP else (folder / "channels", folder / "reference")
    return next(path for place in places if (path := place / f"{wanted}.md").is_file()).read_text(encoding="utf-8")
