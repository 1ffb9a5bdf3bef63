"""Standard output and error that never end a command: a reader that has gone, a full disk, an encoding without the letter."""

from __future__ import annotations

import codecs
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

_NEAREST: Final = "digestbot.nearest"
# Our own signs and those of typography, as typewriters wrote them.
_PLAIN: Final = {
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212─━", "-"),
    # No double quotes: in JSON they would end what they stand in.
    **dict.fromkeys("\u2018\u2019\u201a\u2032\u201c\u201d\u201e\u00ab\u00bb\u2033", "'"),
    **dict.fromkeys("·•▪◦", "*"),
    "…": "...",
    "✓": "+",
    "✗": "x",
    "→": "->",
    "×": "x",
    "\u200b": "",
    "\u00ad": "",
}


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """What an encoding has no letter for: our own signs as their nearest, the rest by number, as JSON writes it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    cut = error.object[error.start : error.end]
    return "".join(_PLAIN[one] if one in _PLAIN else json.dumps(one)[1:-1] for one in cut), error.end


codecs.register_error(_NEAREST, _nearest)


class Stream:
    """A text stream whose first failure is kept; what is written after it is dropped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        # A terminal or pipe in ASCII, as cron and containers have it, must not end a run at the first dash.
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors=_NEAREST)  # type: ignore[attr-defined]

    @property
    def buffer(self) -> Stream:
        """Takes bytes."""
        return self

    def write(self, text: str | bytes) -> int:
        try:
            if isinstance(text, bytes):
                self._stream.flush()
                return self._stream.buffer.write(text)
            return self._stream.write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.error = self.error or error
        # What is still buffered would fail again when Python ends, with a code and words of its own.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def guard_streams() -> Stream:
    """Put such streams in the places of standard output and error; returns that of the output.

    One that was closed before the start (`digestbot status >&-`, some daemons) is none to Python: what is written there is dropped.
    """
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    output = Stream(sys.stdout)
    sys.stdout, sys.stderr = cast(TextIO, output), cast(TextIO, Stream(sys.stderr))
    return output
