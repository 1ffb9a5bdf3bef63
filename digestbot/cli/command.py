"""What every command has besides its own options: -h, -v, and examples under its help."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar, get_type_hints

import typer
from typer.core import TyperCommand

from .examples import EXAMPLES
from .usage import ShellGroup, broken, help_within

F = TypeVar("F", bound=Callable[..., Any])
HELP_OPTIONS: Final = {"help_option_names": ["-h", "--help"]}
_listening: list[bool] = [False]  # whether -v was given


def is_verbose() -> bool:
    """Whether log lines are asked for."""
    return _listening[0]


Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log what it does to standard error.")]


class ShellCommand(TyperCommand):
    """A command of ours."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples, after the options."""
        super().format_epilog(ctx, formatter)
        if examples := EXAMPLES.get(ctx.command_path.partition(" ")[2]):
            with formatter.section("Examples"):
                lines = [one for line in examples for one in broken(line, formatter.width - formatter.current_indent)]
                formatter.write("".join(f"{'':{formatter.current_indent}}{line}\n" for line in lines))

    def get_help(self, ctx: Any) -> str:
        """As Typer's, within the width of the terminal."""
        return help_within(self, ctx)


class Commands(typer.Typer):
    """A group of such commands: no markup in help, no tracebacks with local variables; completion is a command of its own."""

    def __init__(self) -> None:
        super().__init__(
            cls=ShellGroup,
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            context_settings=HELP_OPTIONS,
        )

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **fields: Any
    ) -> Callable[[F], F]:
        """As Typer's, of our class, with -v."""
        register = super().command(name, cls=cls or ShellCommand, **fields)

        def decorate(function: F) -> F:
            register(_with_verbose(function))
            return function

        return decorate


def _with_verbose(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def listening(*args: Any, verbose: bool = False, **fields: Any) -> Any:
        _listening[0] = verbose
        return function(*args, **fields)

    # Typer reads a command's options from these two, and would pass over ours where it finds the function inside.
    del listening.__dict__["__wrapped__"]
    hints = get_type_hints(function, include_extras=True)
    own = inspect.Parameter("verbose", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Verbose)
    before = [one.replace(annotation=hints[one.name]) for one in inspect.signature(function).parameters.values()]
    listening.__signature__ = inspect.Signature([*before, own])  # type: ignore[attr-defined]
    listening.__annotations__ = {**hints, "verbose": Verbose}
    return listening
