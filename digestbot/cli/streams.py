"""Standard output and error that never end a command: a reader that has gone, a full disk, an encoding without the letter."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, TextIO, cast


class Stream:
    """A text stream whose first failure is kept; what is written after it is dropped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        # A terminal or pipe in ASCII, as cron and containers have it, must not end a run at the first dash.
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]

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


def guard_streams() -> Stream:
    """Put such streams in the places of standard output and error; returns that of the output."""
    output = Stream(sys.stdout)
    sys.stdout, sys.stderr = cast(TextIO, output), cast(TextIO, Stream(sys.stderr))
    return output
