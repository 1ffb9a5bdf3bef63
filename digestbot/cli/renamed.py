"""Options that have another name since an earlier release: the old one is an error that names the new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import typer

from .command import ShellCommand
from .shell import USAGE, print_error

RENAMED: Final[Mapping[str, str]] = {"--patience": "--max-wait", "--assume-sent": "--mark-sent"}


class RenamingCommand(ShellCommand):
    """A command that knows what its options were called; `@commands.command(cls=RenamingCommand)`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As usual, unless there is an old name among the words: then say what it is called now, and exit with 2."""
        old = [word.partition("=")[0] for word in args if word.partition("=")[0] in RENAMED]
        for option in old:
            print_error(f"{option} is called {RENAMED[option]} now")
        if old:
            raise typer.Exit(USAGE)
        return super().parse_args(ctx, args)
