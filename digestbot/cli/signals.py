"""How a signal ends a command: what is under way is finished first, but never for longer than some seconds.

A second signal ends it at once. Nothing is lost by that: every step is safe against a kill, and the next start finds out
about a message that was under way.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

# For the answer to a message that was handed over, and for what a library does not let go of. Service managers allow more
# (systemd 90 s, Docker 10 s), people less.
GRACE_SECONDS = 10.0
_ENDING = frozenset({signal.SIGINT, signal.SIGTERM})
_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none


@dataclass(slots=True, kw_only=True)
class Signals:
    """What has come since the command began."""

    stop: threading.Event = field(default_factory=threading.Event)  # set: begin nothing new
    number: int = 0  # of the first signal that ends the command; 0 when there was none

    def die(self) -> None:
        """End the process by the signal that asked for it, so that a shell or a service manager sees why."""
        if self.number:
            sys.stdout.flush()
            sys.stderr.flush()
            signal.signal(self.number, signal.SIG_DFL)
            signal.raise_signal(self.number)


@contextmanager
def stop_on_signal(*, reload: Callable[[], object] | None = None) -> Iterator[Signals]:
    """Set `stop` at the first SIGINT or SIGTERM; end the process at the second, or when the grace is over.

    Args:
        reload: called at SIGHUP; without it SIGHUP ends the command, as the closing of its terminal is meant to.
    """
    signals = Signals()
    ending = _ENDING if reload or _HANGUP is None else _ENDING | {_HANGUP}
    handled = ending | ({_HANGUP} if _HANGUP is not None else frozenset())
    reader, writer = socket.socketpair()
    writer.setblocking(False)  # noqa: FBT003 -- socket's own interface
    # Python's own handlers wait for the main thread, which may wait for a database or for a long calculation. What comes
    # through this socket is read by a thread of its own.
    before = {number: signal.signal(number, _ignore) for number in handled}
    wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader, signals, ending, reload), name="signals", daemon=True).start()
    try:
        yield signals
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        writer.close()


def _watch(
    reader: socket.socket, signals: Signals, ending: frozenset[int], reload: Callable[[], object] | None
) -> None:
    with reader, suppress(OSError):
        while received := reader.recv(64):
            for number in received:
                if number in ending and signals.number:
                    _end(number)
                elif number in ending:
                    signals.number = number
                    signals.stop.set()
                    grace = threading.Timer(GRACE_SECONDS, _end, args=(number,))
                    grace.daemon = True
                    grace.start()
                elif reload is not None:
                    reload()


def _end(number: int) -> None:
    with suppress(OSError):
        os.write(2, b"digestbot: ended; the next start finds out about a message that was under way\n")
    os._exit(128 + number)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """A handler must be set for the signal to come through the socket."""
