"""digestbot as a person runs it: a folder, a configuration, a command line."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from forking import Command
from newsroom import MORNING_NEWS
from typer.main import get_command

from digestbot.cli import cli, shell

_COMMAND = get_command(cli)  # made once: it takes a tenth of a second


@dataclass
class Bot:
    """A folder with a configuration, and the command line run in it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def configure(self, **settings: str) -> None:
        """Write config.env from settings named without their prefix, on top of what was configured before."""
        self.settings |= settings
        text = "".join(f"DIGESTBOT_{key}={value}\n" for key, value in self.settings.items())
        (self.folder / "config.env").write_text(text, encoding="utf-8")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, *words: str, before: str = "", output: int | None = None, **environment: str) -> Command:
        """Start a command in a process of its own, to be signalled or waited for.

        Args:
            words: the command.
            before: code that is done in it first.
            output: a descriptor that is its standard output.
            environment: variables on top of what every command has here.
        """
        env = self._environment() | environment
        return Command(self._words(words), cwd=self.folder, env=env, before=before, output=output)

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in this process, which saves the start of another: for what needs no death."""
        return self._run(self._words(words))

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        root, ours, folder = logging.getLogger(), logging.getLogger("digestbot"), Path.cwd()
        before, levels = root.handlers[:], (root.level, ours.level)
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        code: object = 0
        os.chdir(self.folder)
        try:
            with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
                for name, value in self._surroundings().items():
                    patch.setenv(name, value)
                shell.console.cache_clear()  # its width is read once, when a process starts
                _COMMAND(words, prog_name="digestbot")
        except SystemExit as end:
            code = end.code
        finally:
            os.chdir(folder)
            for number, handler in signals.items():
                signal.signal(number, handler)
            root.handlers[:] = before
            root.setLevel(levels[0])
            ours.setLevel(levels[1])
        said, told = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
        return subprocess.CompletedProcess(words, int(str(code or 0)), said, told)

    def bare(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in this process without the data folder behind its words."""
        return self._run(list(words))

    def apart(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a Python of its own, as a shell would: seconds of CPU, where `start` takes a tenth of one."""
        return subprocess.run(
            self._command(words),
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def _words(self, words: tuple[str, ...]) -> list[str]:
        return [*words, "--data", str(self.data)] if words else []

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "digestbot", *self._words(words)]

    def _surroundings(self) -> dict[str, str]:
        return {"HOME": str(self.folder), "COLUMNS": "100", "PYTHONPATH": str(Path(__file__).parents[1])}

    def _environment(self) -> dict[str, str]:
        keep = {key: value for key, value in os.environ.items() if not key.upper().startswith("DIGESTBOT_")}
        return keep | self._surroundings()

    def digest(self, edition: str, *, digest: str = "morning", out: str = "out") -> dict[str, Any]:
        """The JSON form that the file channel wrote."""
        made: dict[str, Any] = json.loads((self.folder / out / digest / edition / "digest.json").read_text())
        return made

    def state(self) -> dict[str, bytes]:
        """Every file of the data folder, byte for byte; its absence is told apart from emptiness."""
        if not self.data.exists():
            return {"(absent)": b""}
        files = (path for path in sorted(self.data.rglob("*")) if path.is_file())
        return {str(path.relative_to(self.data)): path.read_bytes() for path in files}


def all_stories(digest: dict[str, Any]) -> list[dict[str, Any]]:
    """Every story of a digest's JSON in reading order, be it one line; not those related to another."""
    placed = [story for section in digest["sections"] for story in (*section["stories"], *section["briefs"])]
    return [
        *([digest["lead"]] if digest["lead"] else []),
        *placed,
        *digest["elsewhere"],
        *digest["also"],
        *digest["further"],
    ]


def desk_of_one_feed(folder: Path) -> Bot:
    """A bot in Hong Kong that reads the morning's news from a saved file, follows one topic and writes files."""
    (folder / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(folder)
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        TOPICS__CHIPS="foundry",
        SUMMARISER="lead",
        DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        DIGESTS__MORNING__TO="file:./out",
    )
    return made
