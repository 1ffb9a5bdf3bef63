"""The fixed words of digests, as templates and code have them, and the catalogues that translate them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel.messages.extract import extract

import digestbot
from digestbot.collect.reader_reasons import SENTENCES
from digestbot.resources import resource

CATALOGUES = sorted(path.stem for path in (resource("templates") / "words").glob("*.po"))
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "TranslatableText": None}


@lru_cache(maxsize=1)
def fixed_words() -> set[object]:
    """Every message that templates and code mark for translation, and what readers are told of feeds that fail."""
    found: set[object] = {*SENTENCES}
    for path in resource("templates").rglob("*.*"):
        if path.suffix in (".po", ".css", ".js"):
            continue
        with path.open("rb") as source:
            options = {"trim_blocks": "1", "lstrip_blocks": "1", "silent": "false"}
            found |= {message for _, message, _, _ in extract("jinja2.ext:babel_extract", source, options=options)}
    for path in Path(digestbot.__file__).parent.rglob("*.py"):
        with path.open("rb") as source:
            found |= {message for _, message, _, _ in extract("python", source, keywords=KEYWORDS)}
    return found
