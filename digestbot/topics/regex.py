"""Regular expressions that cannot hang: RE2, whose time grows with the text and never explodes.

A time limit over a backtracking engine would make what a topic finds depend on how busy the machine is, so that a
replay could differ from the run.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol


class Pattern(Protocol):
    """A compiled expression."""

    def search(self, text: str) -> object | None: ...


class PatternError(ValueError):
    """RE2 does not understand an expression."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        lookaround = "invalid perl operator" in reason or "\\" in reason
        self.fix = (
            "look-around and back-references are not understood; say it with +must and -exclude"
            if lookaround
            else "write it as in /chip(let)?s?/"
        )


@lru_cache(maxsize=1024)
def compiled(text: str) -> Pattern:
    """Compile, blind to case.

    Raises:
        PatternError: with what is wrong.
    """
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415 -- most configurations hold no expression

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        made: Pattern = re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        raise PatternError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from None
    return made
