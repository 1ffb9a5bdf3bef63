"""Progress on a terminal: a bar for every stage."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from ..model import Feed
from ..text.sanitise import one_line, shorten
from .logs import in_words


class ShownProgress:
    """A bar while a stage runs, and one line that stays when it is done."""

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
        # A "[" would begin markup of rich, which belongs to us and not to a title.
        words = what or (feed.title or feed.name if feed else "")
        self._progress.update(self._task, advance=1, what=Text(shorten(one_line(words), 48)).plain.replace("[", "("))

    def done(self, **figures: object) -> None:
        self._stop()
        line = Text.assemble(
            ("✓ ", "green"),
            f"{self._name:<10} ",
            (in_words(figures), "dim"),
            (f"  {time.monotonic() - self._began:.1f} s", "dim"),
        )
        self._console.print(line)

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
