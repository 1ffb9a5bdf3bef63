"""Regular expressions that cannot hang: RE2 takes time in proportion to the text.

A time limit on a backtracking engine would make matches depend on how busy the machine is, so that replaying a day could
give another result.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol


class Found(Protocol):
    """Where an expression was found."""

    def span(self) -> tuple[int, int]: ...


class Pattern(Protocol):
    """A compiled expression."""

    def search(self, text: str) -> Found | None: ...


class PatternError(ValueError):
    """An expression that RE2 does not accept; `fix` says what to write instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        # RE2 gives no codes. These are its words for look-around, and the sign of a back-reference.
        lookaround = "invalid perl operator" in reason or "\\" in reason
        self.fix = (
            "look-around and back-references are not supported; use +word and -word instead"
            if lookaround
            else "write it as in /chip(let)?s?/"
        )


@lru_cache(maxsize=1024)
def compiled(text: str) -> Pattern:
    """Compile an expression that ignores case.

    Raises:
        PatternError: with what is wrong.
    """
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415 -- most configurations hold no expression

    options = re2.Options()
    options.case_sensitive = False
    # RE2 would write to standard error by itself, beside our error that names the column.
    options.log_errors = False
    try:
        made: Pattern = re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        raise PatternError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from None
    return made
