"""What a person sees while digestbot works: moving bars on a terminal, one plain line a stage elsewhere."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from .model import Feed
from .plaintext import one_line, shorten

LOG = logging.getLogger("digestbot")


def _figures(figures: dict[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in figures.items())


class LoggedProgress:
    """One log line a stage: `collect feeds=42 failed=1 new=57 took=2.1s`."""

    def __init__(self) -> None:
        self._name = ""
        self._began = 0.0

    def stage(self, name: str, *, total: int | None = None) -> None:  # noqa: ARG002 -- nothing moves in a log
        self._name, self._began = name, time.monotonic()

    def step(self, what: str = "", *, feed: Feed | None = None) -> None:
        """A log has no use for single steps."""

    def done(self, **figures: object) -> None:
        took = time.monotonic() - self._began
        extra = {"figures": {"stage": self._name, **figures, "took": round(took, 1)}}
        LOG.info("%s %s took=%.1fs", self._name, _figures(figures), took, extra=extra)


class ShownProgress:
    """A bar that moves while a stage lasts, and a line that stays when it is over."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._name = ""
        self._began = 0.0

    def stage(self, name: str, *, total: int | None = None) -> None:
        self._stop()
        self._name, self._began = name, time.monotonic()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[what]}", style="dim"),
            console=self._console,
            transient=True,
        )
        self._task = self._progress.add_task(name, total=total, what="")
        self._progress.start()

    def step(self, what: str = "", *, feed: Feed | None = None) -> None:
        if self._progress is None or self._task is None:
            return
        words = what or (feed.title or feed.name if feed else "")
        self._progress.update(self._task, advance=1, what=Text(shorten(one_line(words), 48)).plain.replace("[", "("))

    def done(self, **figures: object) -> None:
        self._stop()
        line = Text.assemble(
            ("✓ ", "green"),
            f"{self._name:<10} ",
            (_figures(figures), "dim"),
            (f"  {time.monotonic() - self._began:.1f} s", "dim"),
        )
        self._console.print(line)

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


class Redacted(logging.Formatter):
    """Keeps configured secrets out of every line, whoever wrote it, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        # Of a key in PEM a single line is secret, too.
        parts = {part for secret in secrets for part in (secret, *secret.splitlines())}
        self._secrets = sorted(
            (part for part in parts if len(part) >= 4 and part[:5] != "-----"), key=len, reverse=True
        )

    def format(self, record: logging.LogRecord) -> str:
        return self._without_secrets(super().format(record))

    def _without_secrets(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


class JsonLines(Redacted):
    """One JSON object a line: time, level, message, and the figures of a stage where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        # Before it becomes JSON: a secret may hold characters that JSON writes otherwise.
        safe: dict[str, object] = {name: self._without_secrets(text) for name, text in told.items()}
        return json.dumps(safe | getattr(record, "figures", {}), ensure_ascii=False, default=str)


def log_to_stderr(
    secrets: Iterable[str] = (), *, level: int = logging.INFO, form: Literal["text", "json"] = "text"
) -> None:
    """Lines with a time, for whatever collects them (systemd, a container, cron)."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(secrets) if form == "json" else Redacted(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOG.setLevel(level)
