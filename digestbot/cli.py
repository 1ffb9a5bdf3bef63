"""Words to calls: every command is a few lines over the rooms below."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from . import __version__, app
from .errors import ConfigError, ConfigErrors, DigestbotError
from .pipeline import Draft, draft, run
from .ports import Progress
from .progress import LoggedProgress, ShownProgress, log_to_stderr
from .report import feeds_status, outcome_as_dict, outcome_failed, outcome_lines, status, status_as_dict, status_lines
from .settings import Loaded, find_config, load

DONE, FAILED, USAGE = 0, 1, 2

cli = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
feeds_cli = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
templates_cli = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(feeds_cli, name="feeds", help="List feeds, and carry them in and out as OPML.")
cli.add_typer(templates_cli, name="templates", help="List the built-in templates, or copy one to change it.")

Config = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file [config.env, then .env].")]
Data = Annotated[Path | None, typer.Option("--data", "-d", help="The folder for state [XDG data folder].")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
At = Annotated[str | None, typer.Option("--at", help="The edition's moment as an ISO time [now].")]
DigestName = Annotated[str | None, typer.Argument(help="Which digest [all of them].", show_default=False)]

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


class Form(StrEnum):
    TERMINAL = "terminal"
    HTML = "html"
    TEXT = "text"
    SLACK = "slack"
    JSON = "json"


def _read(config: Path | None) -> Loaded:
    here = Path.cwd()
    environ = app.environment()
    path = config or find_config(here)
    if path is None and not any(key.upper().startswith("DIGESTBOT_") for key in environ):
        mend = "write one with `digestbot init`, or see a digest at once with `digestbot demo`"
        raise ConfigErrors([ConfigError("config.env", "there is no configuration here", mend)])
    loaded = load(path, environ, folder=here)
    log_to_stderr(loaded.secrets)
    return loaded


def _progress() -> Progress:
    return ShownProgress(err) if err.is_terminal else LoggedProgress()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what we mean to raise into a line on stderr and an exit code; never a traceback."""
    try:
        yield
    except ConfigErrors as errors:
        for error in errors.errors:
            where = f" (line {error.line})" if error.line else ""
            mend = f"; {error.mend}" if error.mend else ""
            _complain(f"{error.key}{where}: {error.reason}{mend}")
        raise typer.Exit(USAGE) from None
    except ConfigError as error:
        _complain(str(error))
        raise typer.Exit(USAGE) from None
    except DigestbotError as error:
        _complain(str(error))
        raise typer.Exit(FAILED) from None


def _complain(line: str) -> None:
    err.print(f"digestbot: {line}", markup=False, soft_wrap=True)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


@cli.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,  # noqa: FBT002
) -> None:
    """One finishable digest a day, from your feeds to Slack and email."""
    if version:
        out.print(f"digestbot {__version__}")
        raise typer.Exit(DONE)


@cli.command()
def init(config: Config = None, data: Data = None) -> None:  # noqa: ARG001 -- every command takes both
    """Write a configuration to start from; never over an existing file."""
    from .configure import write_example  # noqa: PLC0415

    with _told():
        path = write_example(config or Path("config.env"))
        out.print(f"Wrote {path}. Put your feeds in, then: digestbot check, digestbot preview --open", markup=False)


@cli.command("demo")
def demo_command(
    folder: Annotated[Path, typer.Option("--out", help="Where the files go.")] = Path("out"),
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Show the whole main job on a sample newsroom; needs no configuration and no network."""
    from .demo import demo  # noqa: PLC0415
    from .render import terminal  # noqa: PLC0415

    log_to_stderr()
    with _told():
        outcome = demo(folder, _progress())
        if outcome.digest is not None:
            terminal(outcome.digest, out)
        _print_lines(outcome_lines(outcome))
        raise typer.Exit(FAILED if outcome_failed(outcome) else DONE)


@cli.command("check")
def check_command(config: Config = None, data: Data = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Read the configuration and try feeds, templates and accounts: what is wrong, and how to mend it."""
    from .check import check  # noqa: PLC0415

    with _told():
        loaded = _read(config)
        findings = list(check(loaded, app.data_folder(data, loaded, app.environment()), _progress()))
        if as_json:
            _print_json([finding.as_dict() for finding in findings])
        marks = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "error": "[red]✗[/]"}
        for finding in () if as_json else findings:
            out.print(marks[finding.level], end=" ")
            mend = f"; {finding.mend}" if finding.mend else ""
            out.print(f"{finding.subject}: {finding.message}{mend}", markup=False, soft_wrap=True)
        errors = [finding for finding in findings if finding.level == "error"]
        missing = any(error.subject.startswith("DIGESTBOT_") for error in errors)
        raise typer.Exit(USAGE if missing else FAILED if errors else DONE)


@cli.command()
def preview(
    digest: DigestName = None,
    at: At = None,
    form: Annotated[Form, typer.Option("--format", help="What to show.")] = Form.TERMINAL,
    open_it: Annotated[bool, typer.Option("--open", help="Show every form in the browser.")] = False,  # noqa: FBT002
    config: Config = None,
    data: Data = None,
) -> None:
    """Make an edition and show it; sends nothing and changes nothing."""
    from .render import preview_page, render, terminal  # noqa: PLC0415

    with _told():
        loaded = _read(config)
        for made, mode in _drafts(loaded, digest, at, data):
            templates = app.templates(loaded)
            if form is Form.TERMINAL and not open_it:
                terminal(made.digest, out)
                continue
            message = render(made.digest, templates=templates, mode=mode)
            for note in message.notes:
                _complain(note)
            if open_it:
                _open(preview_page(message), made)
            else:
                slack = json.dumps(list(message.slack), ensure_ascii=False, indent=2)
                forms = {Form.HTML: message.html, Form.TEXT: message.text, Form.SLACK: slack, Form.JSON: message.json}
                sys.stdout.write(forms[form].rstrip("\n") + "\n")


def _drafts(loaded: Loaded, digest: str | None, at: str | None, data: Path | None) -> Iterator[tuple[Draft, str]]:
    folder = app.data_folder(data, loaded, app.environment())
    with app.throwaway_store(loaded, folder) as store:
        desk = app.desk(loaded, store, _progress(), sending=False)
        for recipe in app.recipes(loaded, digest):
            made = draft(recipe, desk, at=app.moment(at, recipe.timezone), again=True)
            if made.blind:
                _complain(f"{recipe.name}: no feed could be read; `digestbot check` says why")
            yield made, recipe.mode


def _open(page: str, made: Draft) -> None:
    folder = Path(tempfile.mkdtemp(prefix="digestbot-preview-"))
    path = folder / f"{made.digest.name}-{made.digest.edition}.html"
    path.write_text(page, encoding="utf-8")
    out.print(f"Preview: {path.as_uri()}", markup=False, soft_wrap=True)
    webbrowser.open(path.as_uri())


@cli.command("run")
def run_command(
    digest: DigestName = None,
    at: At = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make it, say what would be sent, keep nothing.")] = False,  # noqa: FBT002
    config: Config = None,
    data: Data = None,
    as_json: Json = False,  # noqa: FBT002
    patience: Annotated[float, typer.Option(help="Seconds to wait for a far side that is not ready.")] = 60.0,
) -> None:
    """Collect, make and deliver one edition now."""
    with _told():
        loaded = _read(config)
        recipes = app.recipes(loaded, digest)
        app.require_deliverable(loaded, recipes)
        if dry_run:
            for made, _mode in _drafts(loaded, digest, at, data):
                to = ", ".join(str(recipient) for recipient in app.recipes(loaded, made.digest.name)[0].recipients)
                stories = len(made.digest.entries)
                out.print(f"{made.digest.name} {made.digest.edition}: {stories} stories would go to {to}", markup=False)
            return
        with app.working_store(loaded, app.data_folder(data, loaded, app.environment())) as store:
            desk = replace(app.desk(loaded, store, _progress(), sending=True), patience=patience)
            outcomes = [run(recipe, desk, at=app.moment(at, recipe.timezone)) for recipe in recipes]
        if as_json:
            _print_json([outcome_as_dict(outcome) for outcome in outcomes])
        else:
            _print_lines(line for outcome in outcomes for line in outcome_lines(outcome))
        raise typer.Exit(FAILED if any(map(outcome_failed, outcomes)) else DONE)


@cli.command("serve")
def serve_command(config: Config = None, data: Data = None) -> None:
    """Collect and deliver on schedule, until stopped."""
    from .serve import serve  # noqa: PLC0415

    stop = threading.Event()

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    with _told():
        loaded = _read(config)
        serve(lambda: _read(config), app.data_folder(data, loaded, app.environment()), stop=stop)


@cli.command("status")
def status_command(config: Config = None, data: Data = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Show next and past editions, deliveries by state, and feeds that fail."""
    with _told():
        loaded = _read(config)
        with app.throwaway_store(loaded, app.data_folder(data, loaded, app.environment())) as store:
            standing = status(loaded, store, now=datetime.now(UTC))
        if as_json:
            _print_json(status_as_dict(*standing))
        else:
            _print_lines(status_lines(*standing))


@feeds_cli.command("list")
def feeds_list(config: Config = None, data: Data = None, as_json: Json = False) -> None:  # noqa: FBT002
    """Name every feed and page, and how it is doing."""
    with _told():
        loaded = _read(config)
        with app.throwaway_store(loaded, app.data_folder(data, loaded, app.environment())) as store:
            feeds = feeds_status(loaded, store)
        if as_json:
            _print_json([feed.as_dict() for feed in feeds])
        else:
            _print_lines(f"{feed.feed.name} ({feed.health}) {feed.feed.url}" for feed in feeds)


@feeds_cli.command("export")
def feeds_export(
    file: Annotated[Path | None, typer.Argument(help="Where to write [standard output].", show_default=False)] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Write every feed as OPML."""
    with _told():
        loaded = _read(config)
        with app.throwaway_store(loaded, app.data_folder(data, loaded, app.environment())) as store:
            opml = app.opml_of(app.feeds_of(loaded), store.items.states())
        if file is None:
            sys.stdout.buffer.write(opml)
        else:
            file.write_bytes(opml)
            out.print(f"Wrote {file}", markup=False)


@feeds_cli.command("import")
def feeds_import(
    file: Annotated[Path, typer.Argument(help="An OPML file.", show_default=False)],
    config: Config = None,
    data: Data = None,  # noqa: ARG001
) -> None:
    """Add the feeds of an OPML file to the configuration; those it has already stay as they are."""
    from .configure import add_feeds  # noqa: PLC0415

    with _told():
        path = config or find_config(Path.cwd()) or Path("config.env")
        added = add_feeds(path, app.feeds_in_opml(file))
        _print_lines([*(f"{feed.name}: {feed.url}" for feed in added), f"Added {len(added)} feeds to {path}"])


@templates_cli.command("list")
def templates_list(config: Config = None, data: Data = None) -> None:  # noqa: ARG001
    """Name the built-in templates."""
    from .render import builtin_names  # noqa: PLC0415

    _print_lines(builtin_names())


@templates_cli.command("copy")
def templates_copy(
    name: Annotated[str, typer.Argument(help="For example email.html.", show_default=False)],
    folder: Annotated[Path, typer.Option("--to", help="Your folder of templates.")] = Path("templates"),
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Copy a built-in template into a folder of yours; never over an existing file."""
    from .render import copy  # noqa: PLC0415

    with _told():
        path = copy(name, folder)
        out.print(f"Wrote {path}. To use it: DIGESTBOT_TEMPLATES={folder}", markup=False, soft_wrap=True)


def main() -> None:
    """The console script."""
    cli()
