"""Processes of their own that begin in milliseconds: forked from a server that has imported everything before.

Importing SQLAlchemy and the rest takes a second of CPU, which a test that needs four processes would pay four times.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

PROCESSES = multiprocessing.get_context("forkserver")
_PRELOADED = [
    "clustered",
    "crashing",
    "fault_worker",
    "store_processes",
    "warmed",
    "digestbot.cli",
    "digestbot.jobs.procrastinate",
    "digestbot.operations.run",
    "digestbot.operations.serve",
    "digestbot.operations.worker",
    "digestbot.operations.status",
    "digestbot.operations.outcome",
    "digestbot.operations.logs",
    "digestbot.collect.feed_reader",
    "digestbot.collect.parser_process",
    "digestbot.collect.parse_feedparser",
    "trafilatura",
    "sqlalchemy.dialects.sqlite",
]


def start(target: Callable[..., None], *args: object) -> BaseProcess:
    """Call a function of a module in another process. Kill it, join it, look at its exit code."""
    _warm_up()
    process = PROCESSES.Process(target=target, args=args)
    process.start()
    return process


class Command:
    """`digestbot WORDS` in a process of its own, as subprocess.Popen would run it with pipes for its output."""

    def __init__(
        self, words: Sequence[str], *, cwd: Path, env: Mapping[str, str], before: str = "", output: int | None = None
    ) -> None:
        (out, its_out), (err, its_err) = (PROCESSES.Pipe(duplex=False) for _ in range(2))
        if output is not None:
            its_out.close()
            its_out = Connection(os.dup(output), readable=False)
        self._process = start(_command, (its_out, its_err), list(words), str(cwd), dict(env), before)
        its_out.close()
        its_err.close()
        self.stdout, self.stderr = (os.fdopen(os.dup(end.fileno()), encoding="utf-8") for end in (out, err))
        out.close()
        err.close()
        self._one_at_a_time = threading.Lock()  # its end is told once, to the first who asks
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        with self._one_at_a_time:
            return self._process.exitcode

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def wait(self, timeout: float = 300) -> int:
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                self.kill()
                raise subprocess.TimeoutExpired("digestbot", timeout)
            time.sleep(0.005)
        return code

    def communicate(self, timeout: float = 300) -> tuple[str, str]:
        """What it wrote, once it has ended."""
        told: list[str] = []
        reader = threading.Thread(target=lambda: told.append(self.stderr.read()))
        reader.start()
        giving_up = threading.Timer(timeout, self.kill)
        giving_up.start()
        said = self.stdout.read()
        reader.join()
        giving_up.cancel()
        self.wait()
        self.stdout.close()
        self.stderr.close()
        return said, told[0]

    def send_signal(self, number: int) -> None:
        with self._one_at_a_time:
            if self._process.exitcode is None:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _command(
    ends: tuple[Connection, Connection], words: list[str], folder: str, env: dict[str, str], before: str
) -> None:
    """Become the command: its folder, its environment, its streams."""
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 -- no path, a device
        os.dup2(nothing.fileno(), 0)
    for number, end in enumerate(ends, start=1):
        os.dup2(end.fileno(), number)
        end.close()
    encoding = env.get("PYTHONIOENCODING", "utf-8")
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding=encoding)  # noqa: SIM115 -- a descriptor
    sys.stderr = io.TextIOWrapper(open(2, "wb", closefd=False), encoding="utf-8", line_buffering=True)  # noqa: SIM115 -- as above
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["digestbot", *words]
    from digestbot.cli import main, shell

    shell.console.cache_clear()  # it has read its width from the environment of the warm process
    exec(before, {})
    main()


@cache
def _warm_up() -> None:
    """Start the fork server; older ones find what they import by PYTHONPATH only."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    PROCESSES.set_forkserver_preload(_PRELOADED)
    forkserver.ensure_running()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before
