"""A command that was typed wrong: one line that says what and what to do, instead of Typer's four."""

from __future__ import annotations

import re
import shutil
import sys
from functools import partial
from typing import Any, Final

import typer
from typer.core import TyperGroup

from ..text.sanitise import one_line, printable

_USAGE: Final = 2
_INTERRUPTED: Final = 130  # Typer's for a Ctrl-C, and what a shell says of one
_NARROW_COLUMNS: Final = 70
_LEAST_COLUMNS: Final = 52  # from here on Click lays help out as wide as the terminal is
# What Typer and pydantic say, and what we say; the first that fits is taken.
_WORDS: Final = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"No such command '(.+?)'\.? *(.*)", r"there is no command \1; \2"),
        (r"No such option: (\S+) *(.*)", r"there is no option \1; \2"),
        (r"Missing (argument|option) '(.+?)'\.? *(.*)", r"the \1 \2 is missing; \3"),
        (r"Option '(.+?)' requires an argument\.?", r"\1 wants a value after it"),
        (r"Option '(.+?)' does not take a value\.?", r"\1 takes no value"),
        (
            r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)",
            r"too many words: \1; words that belong together need quotes",
        ),
        (r"Invalid value for '(.+?)': (.*)", r"\1: \2"),
    )
)
_INSIDE: Final = (
    (re.compile(r"Value error, "), ""),
    (re.compile(r"Input should be a valid (\w+)(?:, .*)?"), r"is not a \1"),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"must be at least \1"),
    (re.compile(r"\(Possible options: (.+?)\)"), r"did you mean \1?"),
    (re.compile(r"Did you mean (.+?)\?"), r"did you mean \1?"),
    (re.compile(r"Choose from:\s*(.+)", re.DOTALL), r"it is one of: \1"),
)


# What other programs call a command of ours.
_ELSEWHERE: Final = {
    "remove": ("rm", "delete", "del", "unsubscribe"),
    "list": ("ls", "show", "all"),
    "add": ("new", "subscribe"),
    "preview": ("show", "view", "render", "dry-run"),
    "run": ("send", "now", "make", "deliver"),
    "serve": ("daemon", "start", "watch"),
    "collect": ("fetch", "poll", "update", "refresh", "pull"),
    "check": ("doctor", "validate", "verify", "lint"),
    "init": ("setup", "config", "configure", "new"),
    "status": ("info", "history", "log", "logs"),
    "help": ("docs", "man", "guide"),
    "explain": ("why",),
}


def help_within(command: Any, ctx: Any) -> str:
    """The help of a command. In a narrow terminal the options take a third of it, where Click gives them up to 30 columns."""
    formatter = ctx.make_formatter()
    if formatter.width < _NARROW_COLUMNS:
        formatter.write_dl = partial(formatter.write_dl, col_max=formatter.width // 3)
    command.format_help(ctx, formatter)
    return str(formatter.getvalue()).rstrip("\n")


def broken(line: str, width: int) -> list[str]:
    """A command in lines of a width, as a shell takes them; a word that is longer stands whole, so that it can be copied."""
    words = re.findall(r"""(?:'[^']*'|"[^"]*"|\S)+""", line)
    lines = [words[0]]
    for word in words[1:]:
        # The sign that a line goes on takes two columns.
        if len(lines[-1]) + 1 + len(word) + 2 > width and len(line) > width:
            lines[-1] += " \\"
            lines.append(f"  {word}")
        else:
            lines[-1] += f" {word}"
    return lines


class ShellGroup(TyperGroup):
    """A group of commands that tells what was typed wrong in one line, with exit code 2."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """As Typer's; help of a narrow terminal follows its width, which Click takes for at least 50."""
        columns = shutil.get_terminal_size().columns
        if parent is None and 0 < columns < _LEAST_COLUMNS:
            extra.setdefault("terminal_width", columns)
        return super().make_context(info_name, args, parent, **extra)

    def get_help(self, ctx: Any) -> str:
        """As Typer's, within the width of the terminal."""
        return help_within(self, ctx)

    def main(self, *words: Any, **fields: Any) -> Any:
        """As Typer's, but for the words of its errors."""
        try:
            code = super().main(*words, **fields | {"standalone_mode": False})
        except typer.Abort:
            _say("stopped before the end; nothing was written")
            sys.exit(1)
        # Typer brings its own copy of Click, releases before it Click itself: their errors have no base in common.
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            if type(error).__name__ == "NoArgsIsHelpError":
                error.show()  # type: ignore[attr-defined]
            else:
                _say(usage_sentence(error))
            sys.exit(_USAGE)
        if code == _INTERRUPTED:
            _say("stopped before the end; nothing is half done")
        sys.exit(code if isinstance(code, int) else 0)


def usage_sentence(error: Any) -> str:
    """What is wrong with the words of a command, and where to read how it is used."""
    said = str(error.format_message())
    for pattern, words in _WORDS:
        if pattern.fullmatch(said):
            said = pattern.sub(words, said)
            break
    for pattern, words in _INSIDE:
        said = pattern.sub(words, said)
    said = one_line(said.replace("'", "")).strip(" ;.")
    context = getattr(error, "ctx", None)
    path = one_line(context.command_path) if context else "digestbot"
    if called := re.fullmatch(r"there is no command (\S+)", said):
        known = getattr(context.command, "commands", {}) if context else {}
        meant = next((name for name, words in _ELSEWHERE.items() if name in known and called[1].lower() in words), "")
        said += f"; did you mean {meant}?" if meant else ""
    if said.endswith("?"):
        return f"{said} `{path} -h` shows how it is used"
    if " " not in path and said.startswith("there is no option"):
        return f"{said}; options stand after the command, as in `{path} check --config FILE`"
    return f"{said}; `{path} -h` shows how it is used"


def _say(sentence: str) -> None:
    sys.stderr.write(printable(f"digestbot: {sentence}") + "\n")
