"""The program: `digestbot`, and `python -m digestbot`."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> None:
    """The console script. Whoever presses Ctrl-C while it loads gets one line, and the shell its 130."""
    before = signal.signal(signal.SIGINT, _end)
    from .cli import main as run  # noqa: PLC0415 -- loading takes most of a short command

    signal.signal(signal.SIGINT, before)
    run()


def _end(number: int, _frame: FrameType | None) -> None:
    # At once: an interrupt that is raised in the middle of an import may come out as any other error.
    sys.stderr.write("digestbot: stopped before it began\n")
    sys.stderr.flush()
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


if __name__ == "__main__":
    main()
