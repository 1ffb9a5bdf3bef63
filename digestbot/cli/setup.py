"""Commands that set up and look: init, check, status."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, ConfigErrors
from .shell import (
    DONE,
    FAILED,
    USAGE,
    Config,
    Data,
    Json,
    commands,
    data_of,
    out,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
    throwaway,
    told,
)

if TYPE_CHECKING:
    from ..operations.config_file import Question

standing = commands()


@standing.command()
def init(
    interactive: Annotated[bool, typer.Option("--interactive", "-i", help="Ask the five lines it takes.")] = False,
    config: Config = None,
    data: Data = None,  # noqa: ARG001 -- every command takes both
) -> None:
    """Write a configuration to start from; never over an existing file."""
    from ..app.zones import own_zone
    from ..operations.config_file import answered, questions, write_example

    with told():
        target = config or Path("config.env")
        if interactive and not target.exists():
            path = write_example(target, answered(questions(own_zone()), _ask))
            out.print(f"Wrote {path}. Now: digestbot check, digestbot preview --open", markup=False)
            return
        path = write_example(target)
        out.print(f"Wrote {path}. Put your feeds in, then: digestbot check, digestbot preview --open", markup=False)


def _ask(question: Question) -> str:
    """Ask until the answer is one."""
    while True:
        answer = str(typer.prompt(question.text, default=question.default or None)).strip()
        problem = question.problem(answer)
        if problem is None:
            return answer
        print_error(f"{problem.reason}; {problem.fix}")


@standing.command("check")
def check_command(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Read the configuration and try feeds, templates and accounts: what is wrong, and how to mend it."""
    from ..operations.check import check

    with told():
        findings = list(check(lambda: read(config), lambda loaded: data_of(loaded, data), progress()))
        if as_json:
            print_json([finding.as_dict() for finding in findings])
        marks = {"ok": "[green]✓[/]", "hint": "[blue]i[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}
        for finding in () if as_json else findings:
            out.print(marks[finding.level], end=" ")
            out.print(str(finding), markup=False, soft_wrap=True)
        errors = [finding for finding in findings if finding.level == "error"]
        wrong = any(error.configuration for error in errors)
        raise typer.Exit(USAGE if wrong else FAILED if errors else DONE)


@standing.command("explain")
def explain_command(
    reference: Annotated[str, typer.Argument(metavar="STORY|URL", help="As a link or the JSON form shows it.")],
    digest: Annotated[str | None, typer.Option("--digest", help="Which digest [the first].")] = None,
    day: Annotated[str | None, typer.Option("--date", help="Which edition, as 2026-05-27 [the last].")] = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say why a story is this one, why it stands where it stands, or why it was left out."""
    from ..app import wiring
    from ..app.zones import parse_date
    from ..operations.explain import as_dict, explain, lines

    with told():
        loaded = read(config)
        spec = wiring.digest_specs(loaded, digest)[0]
        with throwaway(loaded, data) as store:
            context = wiring.edition_context(loaded, store, progress(), sending=False)
            found = explain(reference, spec, context, now=datetime.now(UTC), day=parse_date(day))
        if found is None:
            fix = "take a link or an id from a digest's JSON form, or run first"
            raise ConfigErrors([ConfigError(reference, "no story, report or address of that name is stored", fix)])
        if as_json:
            print_json(as_dict(found))
        else:
            print_lines(lines(found))


@standing.command("status")
def status_command(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Show next and past editions, deliveries by state, and feeds that fail."""
    from ..operations.status import status, status_as_dict, status_lines

    with told():
        loaded = read(config)
        with throwaway(loaded, data) as store:
            standing = status(loaded, store, now=datetime.now(UTC))
        if as_json:
            print_json(status_as_dict(*standing))
        else:
            print_lines(status_lines(*standing))
