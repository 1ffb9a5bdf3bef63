"""`digestbot init` and `digestbot check`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, ConfigErrors
from ..text.counting import counted
from .shell import (
    DONE,
    FAILED,
    USAGE,
    Config,
    Data,
    Json,
    commands,
    console,
    data_of,
    exit_on_error,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
    start_log,
)

if TYPE_CHECKING:
    from ..collect import FetchOptions
    from ..operations.config_writer import Question

setup = commands()


@setup.command()
def init(
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Ask for feeds and a recipient, and try them at once.")
    ] = False,
    system: Annotated[
        bool,
        typer.Option("--system", help="For a systemd service: /etc/digestbot, a folder of secrets, units; as root."),
    ] = False,
    kit: Annotated[
        str,
        typer.Option(
            "--kit", help="Start from the feeds and topics of a field: `digestbot kits list`.", show_default=False
        ),
    ] = "",
    config: Config = None,
    data: Data = None,  # noqa: ARG001 -- every command takes both
) -> None:
    """Write a configuration file to start from. An existing file is never overwritten."""
    from ..operations.config_writer import write_example
    from ..operations.kits import write_kit

    with exit_on_error():
        if system and (interactive or kit):
            fix = "write the file with --system, then edit it"
            other = "--interactive" if interactive else "--kit"
            raise ConfigErrors([ConfigError("--system", f"does not go with {other}", fix)])
        if system:
            _for_a_service(config)
            return
        target = config or Path("config.env")
        if kit and interactive:
            raise ConfigError("--kit", "cannot be used with --interactive", "take one of the two")
        if kit:
            made = write_kit(target, kit)
            lines = f"{counted(len(made.feeds), 'feed')}, {counted(len(made.topics), 'topic')}"
            there = "" if config is None else f" --config {shlex.quote(str(target))}"
            print_lines(
                [f"Wrote {target}: {made.title}, {lines}. Now: digestbot check{there}, digestbot preview{there} --open"]
            )
            return
        if interactive:
            _ask_for_all(target)
            return
        path = write_example(target)
        print_lines([f"Wrote {path}. Add your feeds to it, then: digestbot check, digestbot preview --open"])


def _for_a_service(config: Path | None) -> None:
    from ..operations.system_setup import CONFIG, SystemSetup, own_program

    print_lines(SystemSetup(config=(config or CONFIG).absolute(), program=own_program(sys.argv[0])).run())


def _ask_for_all(target: Path) -> None:
    """The conversation of `init -i`.

    Raises:
        ConfigErrors: there is nobody to ask, or the file exists.
    """
    from ..app.zones import own_zone
    from ..operations.first_setup import FirstSetup

    if not sys.stdin.isatty():
        fix = "run it in a terminal, or write the file with `digestbot init` and edit it"
        raise ConfigErrors([ConfigError("--interactive", "needs a terminal to ask in", fix)])
    if target.exists():
        fix = "edit it, or move it away first"
        raise ConfigErrors([ConfigError(str(target), "exists already and is not overwritten", fix)])
    start_log()
    FirstSetup(path=target, talk=_Terminal(), zone=own_zone(), progress=progress(), options=_options()).run()


def _options() -> FetchOptions:
    """How servers are asked, as far as the environment says."""
    from ..app.wiring import fetch_options
    from ..collect import FetchOptions
    from ..settings import load

    try:
        return fetch_options(load(None, os.environ, folder=Path.cwd()))
    except ConfigError:
        return FetchOptions()


class _Terminal:
    """Whoever sits there."""

    def ask(self, question: Question, *, hidden: bool = False) -> str:
        """Ask until the answer is valid."""
        while True:
            told = typer.prompt(
                question.text,
                default=question.default,  # with None an empty answer is asked again without a word
                hide_input=hidden,
                show_default=bool(question.default),
            )
            problem = question.problem(answer := str(told).strip())
            if problem is None:
                return answer
            print_error(f"{problem.reason}; {problem.fix}")

    def confirm(self, text: str, *, default: bool) -> bool:
        return typer.confirm(text, default=default)

    def say(self, lines: Iterable[str]) -> None:
        print_lines(lines)


@setup.command("check")
def check_command(
    dns: Annotated[
        bool, typer.Option("--dns", help="Also look up SPF, DKIM and DMARC of the sender; asks your name servers.")
    ] = False,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Test configuration, feeds, templates and accounts. Says what is wrong and how to fix it."""
    from ..operations.check import check

    with exit_on_error():
        findings = list(check(lambda: read(config), lambda loaded: data_of(loaded, data), progress(), dns=dns))
        if as_json:
            print_json([finding.as_dict() for finding in findings])
        marks = {"ok": "[green]✓[/]", "hint": "[blue]i[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}
        for finding in () if as_json else findings:
            console().print(marks[finding.level], end=" ")
            print_lines([str(finding)])
        errors = [finding for finding in findings if finding.level == "error"]
        wrong = any(error.configuration for error in errors)
        raise typer.Exit(USAGE if wrong else FAILED if errors else DONE)
