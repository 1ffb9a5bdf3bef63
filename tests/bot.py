"""digestbot as a person runs it: a folder, a configuration, a command in a process of its own."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from digestbot.cli import cli


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

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command(words),
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str, timeout: float = 90) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(words),
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def here(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The same in this process, which saves the start: for what needs no death."""
        root, folder = logging.getLogger(), Path.cwd()
        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        before, level, ours = root.handlers[:], root.level, logging.getLogger("digestbot").level
        out, err = io.StringIO(), io.StringIO()
        os.chdir(self.folder)
        try:
            with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
                patch.setenv("HOME", str(self.folder))
                patch.setenv("COLUMNS", "100")
                code = cli([*words, "--data", str(self.data)], standalone_mode=False)
        finally:
            os.chdir(folder)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            root.handlers[:] = before
            root.setLevel(level)
            logging.getLogger("digestbot").setLevel(ours)
        return subprocess.CompletedProcess([*words], int(code or 0), out.getvalue(), err.getvalue())

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "digestbot", *words, "--data", str(self.data)]

    def _environment(self) -> Mapping[str, str]:
        keep = {key: value for key, value in os.environ.items() if not key.upper().startswith("DIGESTBOT_")}
        return keep | {"HOME": str(self.folder), "COLUMNS": "100", "PYTHONPATH": str(Path(__file__).parents[1])}

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
