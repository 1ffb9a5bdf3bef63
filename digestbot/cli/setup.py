"""`digestbot init` and `digestbot check`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
)

if TYPE_CHECKING:
    from ..operations.config_writer import Question

setup = commands()


@setup.command()
def init(
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Ask for the five settings a digest needs.")
    ] = False,
    config: Config = None,
    data: Data = None,  # noqa: ARG001 -- every command takes both
) -> None:
    """Write a configuration file to start from. An existing file is never overwritten."""
    from ..app.zones import own_zone
    from ..operations.config_writer import collect_answers, questions, write_example

    with exit_on_error():
        target = config or Path("config.env")
        if interactive and not target.exists():
            path = write_example(target, collect_answers(questions(own_zone()), _ask))
            print_lines([f"Wrote {path}. Next: digestbot check, digestbot preview --open"])
            return
        path = write_example(target)
        print_lines([f"Wrote {path}. Add your feeds to it, then: digestbot check, digestbot preview --open"])


def _ask(question: Question) -> str:
    """Ask until the answer is valid."""
    while True:
        answer = str(typer.prompt(question.text, default=question.default or None)).strip()
        problem = question.problem(answer)
        if problem is None:
            return answer
        print_error(f"{problem.reason}; {problem.fix}")


@setup.command("check")
def check_command(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Test configuration, feeds, templates and accounts. Says what is wrong and how to fix it."""
    from ..operations.check import check

    with exit_on_error():
        findings = list(check(lambda: read(config), lambda loaded: data_of(loaded, data), progress()))
        if as_json:
            print_json([finding.as_dict() for finding in findings])
        marks = {"ok": "[green]✓[/]", "hint": "[blue]i[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}
        for finding in () if as_json else findings:
            console().print(marks[finding.level], end=" ")
            print_lines([str(finding)])
        errors = [finding for finding in findings if finding.level == "error"]
        wrong = any(error.configuration for error in errors)
        raise typer.Exit(USAGE if wrong else FAILED if errors else DONE)
