"""Commands that make editions: demo, preview, run, serve."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from .. import app
from ..accounts import alarm, ping
from ..alerts import troubles
from ..desk import Desk, Recipe
from ..errors import ConfigError
from ..pipeline import Draft, Outcome, draft, mishap, run
from ..report import outcome_as_dict, outcome_lines
from ..settings import Loaded
from .shell import (
    DONE,
    FAILED,
    At,
    Config,
    Data,
    DigestName,
    Json,
    commands,
    complain,
    data_of,
    out,
    print_json,
    print_lines,
    progress,
    read,
    start_log,
    told,
)

editions = commands()


class Form(StrEnum):
    TERMINAL = "terminal"
    HTML = "html"
    TEXT = "text"
    SLACK = "slack"
    JSON = "json"


@editions.command("demo")
def demo_command(
    folder: Annotated[Path, typer.Option("--out", help="Where the files go.")] = Path("out"),
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Show the whole main job on a sample newsroom; needs no configuration and no network."""
    from ..demo import demo  # noqa: PLC0415
    from ..render import terminal  # noqa: PLC0415

    start_log()
    with told():
        outcome = demo(folder, progress())
        if outcome.digest is not None:
            terminal(outcome.digest, out)
        print_lines(outcome_lines(outcome))
        raise typer.Exit(FAILED if outcome.failed else DONE)


@editions.command()
def preview(
    digest: DigestName = None,
    at: At = None,
    form: Annotated[Form, typer.Option("--format", help="What to show.")] = Form.TERMINAL,
    open_it: Annotated[bool, typer.Option("--open", help="Show every form in the browser.")] = False,
    watch_it: Annotated[bool, typer.Option("--watch", help="Show it anew whenever a file changes.")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Make an edition and show it; sends nothing and changes nothing."""
    from ..render import preview_page, render, terminal  # noqa: PLC0415

    with told():
        if watch_it:
            _watch(config, data, digest, at, browser=open_it)
            return
        loaded = read(config)
        for made, recipe in _drafts(loaded, digest, at, data):
            templates = app.templates(loaded, made.digest.name)
            if form is Form.TERMINAL and not open_it:
                terminal(made.digest, out)
                continue
            message = render(made.digest, templates=templates, mode=recipe.mode, images=recipe.images)
            for fault in message.faults:
                complain(f"{fault}; the built-in template was used")
            for note in message.notes:
                complain(note)
            if open_it:
                _open(preview_page(message), made)
            else:
                slack = json.dumps(list(message.slack), ensure_ascii=False, indent=2)
                forms = {Form.HTML: message.html, Form.TEXT: message.text, Form.SLACK: slack, Form.JSON: message.json}
                sys.stdout.write(forms[form].rstrip("\n") + "\n")


def _drafts(loaded: Loaded, digest: str | None, at: str | None, data: Path | None) -> Iterator[tuple[Draft, Recipe]]:
    folder = data_of(loaded, data)
    with app.throwaway_store(loaded, folder) as store:
        desk = app.desk(loaded, store, progress(), sending=False)
        for recipe in app.recipes(loaded, digest):
            made = draft(recipe, desk, at=app.moment(at, recipe.timezone), again=True)
            if made.blind:
                complain(f"{recipe.name}: no feed could be read; `digestbot check` says why")
            yield made, recipe


def _watch(config: Path | None, data: Path | None, digest: str | None, at: str | None, *, browser: bool) -> None:
    """Serve the preview on this machine until Ctrl-C."""
    from ..web import Live, Rehearsal, watch  # noqa: PLC0415

    loaded = read(config)
    with app.throwaway_store(loaded, data_of(loaded, data)) as store, Live() as live, suppress(KeyboardInterrupt):
        rehearsal = Rehearsal(lambda: read(config), store, progress(), digest=digest, at=at)
        for number in watch(rehearsal, live, stop=threading.Event()):
            if number == 1:
                out.print(f"Preview: {live.address} (Ctrl-C ends it)", markup=False, soft_wrap=True)
                if browser:
                    webbrowser.open(live.address)
            for problem in rehearsal.problems:
                complain(problem)


def _open(page: str, made: Draft) -> None:
    folder = Path(tempfile.mkdtemp(prefix="digestbot-preview-"))
    path = folder / f"{made.digest.name}-{made.digest.edition}.html"
    path.write_text(page, encoding="utf-8")
    out.print(f"Preview: {path.as_uri()}", markup=False, soft_wrap=True)
    webbrowser.open(path.as_uri())


@editions.command("run")
def run_command(
    digest: DigestName = None,
    at: At = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make it, say what would be sent, keep nothing.")] = False,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
    patience: Annotated[float, typer.Option(help="Seconds to wait for a far side that is not ready.")] = 60.0,
    assume_sent: Annotated[
        bool, typer.Option("--assume-sent", help="Make and record it, but send it to nobody: readers have it already.")
    ] = False,
) -> None:
    """Collect, make and deliver one edition now."""
    with told():
        loaded = read(config)
        recipes = app.recipes(loaded, digest)
        app.require_deliverable(loaded, recipes)
        if assume_sent:
            recipes = tuple(replace(recipe, recipients=()) for recipe in recipes)
        if dry_run:
            for made, recipe in _drafts(loaded, digest, at, data):
                to = ", ".join(map(str, recipe.recipients))
                stories = len(made.digest.entries)
                out.print(f"{made.digest.name} {made.digest.edition}: {stories} stories would go to {to}", markup=False)
            return
        with app.working_store(loaded, data_of(loaded, data)) as store:
            desk = replace(app.desk(loaded, store, progress(), sending=True), patience=patience)
            monitor = ping(loaded)
            monitor.start()
            outcomes, broken = _each(recipes, desk, at)
            failed = bool(broken) or any(outcome.failed for outcome in outcomes)
            if failed:
                monitor.fail()
            else:
                monitor.success()
            now, reports = datetime.now(UTC), [outcome.report for outcome in outcomes if outcome.report]
            names = {feed.name for feed in desk.feeds}
            found = troubles(store, reports, feeds=names, digests=loaded.digests, now=now)
            found |= {f"digest {name}": reason for name, reason in broken.items()}
            alarm(loaded, store, desk.channels).sound(found, now=now)
        if as_json:
            failures = [{"digest": name, "error": reason} for name, reason in broken.items()]
            print_json([outcome_as_dict(outcome) for outcome in outcomes] + failures)
        else:
            print_lines(line for outcome in outcomes for line in outcome_lines(outcome))
        for name, reason in broken.items():
            complain(f"{name}: {reason}")
        raise typer.Exit(FAILED if failed else DONE)


def _each(recipes: Iterable[Recipe], desk: Desk, at: str | None) -> tuple[list[Outcome], dict[str, str]]:
    """Run every digest; what breaks one, by its name, harms no other."""
    outcomes, broken = [], {}
    for recipe in recipes:
        try:
            outcomes.append(run(recipe, desk, at=app.moment(at, recipe.timezone)))
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others go out
            broken[recipe.name] = mishap(recipe.name, error)
    return outcomes, broken


@editions.command("serve")
def serve_command(config: Config = None, data: Data = None) -> None:
    """Collect and deliver on schedule, until stopped."""
    from ..serve import serve  # noqa: PLC0415

    stop = threading.Event()

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    def read_and_log(path: Path | None) -> Loaded:
        loaded = read(path)
        start_log(loaded.secrets, quiet=False, form=loaded.settings.log)
        return loaded

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    with told():
        serve(lambda: read_and_log(config), data_of(read(config), data), stop=stop)
