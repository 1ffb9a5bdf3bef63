"""`digestbot demo`, `preview`, `run` and `serve`: the commands that make editions."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, ConfigErrors, DataFolderLocked, Stopped
from .renamed import RenamingCommand
from .shell import (
    DONE,
    FAILED,
    At,
    Config,
    Data,
    DigestName,
    Form,
    FormOption,
    Json,
    MaxWait,
    commands,
    console,
    data_of,
    exit_on_error,
    look,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
    start_log,
    throwaway,
)
from .signals import stop_on_signal

if TYPE_CHECKING:
    from ..edition.context import DigestSpec
    from ..edition.pipeline import PreparedEdition
    from ..operations.run import Again
    from ..settings import Loaded

editions = commands()


@editions.command("demo")
def demo_command(
    folder: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("out"),
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Make a digest of sample feeds. Needs no configuration and no network."""
    from ..operations.demo import demo
    from ..operations.outcome import outcome_lines
    from ..render import terminal

    start_log()
    with exit_on_error():
        outcome = demo(folder, progress())
        if outcome.digest is not None:
            terminal(outcome.digest, console())
        print_lines(outcome_lines(outcome))
        raise typer.Exit(FAILED if outcome.failed else DONE)


@editions.command()
def preview(
    digest: DigestName = None,
    at: At = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="All since then, as 3d, 36h or a date, as if told for the first time [the last edition]."
        ),
    ] = None,
    form: FormOption = Form.TERMINAL,
    open_it: Annotated[bool, typer.Option("--open", help="Show all forms in the browser.")] = False,
    as_json: Json = False,
    watch_it: Annotated[
        bool, typer.Option("--watch", help="Update whenever the configuration or a template changes.")
    ] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Make an edition and show it. Sends nothing and changes nothing."""
    from ..app import wiring
    from ..render import markdown, preview_page, render, terminal

    form = Form.JSON if as_json else form
    with exit_on_error():
        if watch_it and since:
            raise ConfigErrors([ConfigError("--since", "cannot stand beside --watch", "leave one out")])
        if watch_it:
            _watch(config, data, digest, at, browser=open_it)
            return
        loaded = read(config)
        for prepared, spec in _prepared(loaded, digest, at, data, since=since):
            templates = wiring.templates(loaded, prepared.digest.name)
            if form is Form.TERMINAL and not open_it:
                terminal(prepared.digest, console())
                continue
            private = loaded.settings.fetch.allow_private
            if form is Form.MARKDOWN and not open_it:
                sys.stdout.write(markdown(prepared.digest, templates=templates, allow_private=private))
                continue
            message = render(
                prepared.digest, templates=templates, mode=spec.mode, images=spec.images, allow_private=private
            )
            of = "" if open_it else {Form.HTML: "email", Form.SLACK: "Slack"}.get(form, "-")
            faults = [f"{fault}; the built-in template was used" for fault in message.faults]
            for said in (*faults, *(note for note in message.notes if note.startswith(of))):
                print_error(said)
            if open_it:
                _open(preview_page(message), prepared)
            else:
                slack = json.dumps(list(message.slack), ensure_ascii=False, indent=2)
                forms = {Form.HTML: message.html, Form.TEXT: message.text, Form.SLACK: slack, Form.JSON: message.json}
                sys.stdout.write(forms[form].rstrip("\n") + "\n")


def _prepared(
    loaded: Loaded, digest: str | None, at: str | None, data: Path | None, *, since: str | None = None
) -> Iterator[tuple[PreparedEdition, DigestSpec]]:
    """Every digest, composed without a change of the store; ends the command with 1 where no feed of one could be read."""
    from ..app import wiring
    from ..app.zones import parse_moment
    from ..edition.pipeline import prepare
    from ..operations.look_back import as_if_ended, looking_back, parse_since

    failed = False
    with throwaway(loaded, data) as store:
        context = wiring.edition_context(loaded, store, progress(), sending=False)
        for spec in wiring.digest_specs(loaded, digest):
            moment = parse_moment(at, loaded.digests[spec.name], now=datetime.now(UTC))
            used = context
            if since:
                back = parse_since(since, loaded.digests[spec.name], until=moment)
                spec = looking_back(spec, back)  # noqa: PLW2901 -- that is the digest from here on
                used = replace(context, store=as_if_ended(store, moment - back))
            prepared = prepare(spec, used, at=moment, preview=True)
            if prepared.no_feed_readable:
                failed = True
                print_error(f"{spec.name}: no feed could be read; run `digestbot check` to see why")
                continue
            yield prepared, spec
    if failed:
        raise typer.Exit(FAILED)


def _watch(config: Path | None, data: Path | None, digest: str | None, at: str | None, *, browser: bool) -> None:
    """Serve the preview on a loopback port until Ctrl-C."""
    from ..web import PreviewServer, PreviewSession, watch

    stop = threading.Event()

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a second Ctrl-C does not wait

    # The KeyboardInterrupt of Ctrl-C is lost where it falls into a callback of a library: a flag is not.
    signal.signal(signal.SIGINT, _stop)
    loaded = read(config)
    with throwaway(loaded, data, lasting=True) as store, PreviewServer() as server, suppress(KeyboardInterrupt):
        session = PreviewSession(lambda: read(config), store, progress(), digest=digest, at=at)
        for number in watch(session, server, stop=stop):
            if number == 1:
                print_lines([f"Preview: {server.address} (Ctrl-C to stop)"])
                if browser:
                    import webbrowser

                    if not webbrowser.open(server.address):
                        print_error(f"no browser could be opened here: open {server.address} in one of this machine")
            for problem in session.problems:
                print_error(problem)


def _open(page: str, prepared: PreparedEdition) -> None:
    import tempfile
    import webbrowser

    folder = Path(tempfile.mkdtemp(prefix="digestbot-preview-"))
    path = folder / f"{prepared.digest.name}-{prepared.digest.edition}.html"
    path.write_text(page, encoding="utf-8")
    print_lines([f"Preview: {path.as_uri()}"])
    if not webbrowser.open(path.as_uri()):
        print_error(f"no browser could be opened here: open {path} where there is one, or read it with --format text")


@editions.command("run", cls=RenamingCommand)
def run_command(
    digest: DigestName = None,
    at: At = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send and keep nothing.")] = False,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
    max_wait: MaxWait = 60.0,
    force: Annotated[
        bool, typer.Option("--force", help="Make it though it is no day of the digest, or more than a day ahead.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Make the edition anew, say after mending a topic, for who has none of it.")
    ] = False,
    to: Annotated[
        str | None, typer.Option("--to", help="With --again: also for these, or all, though they have one.")
    ] = None,
    mark_sent: Annotated[
        bool,
        typer.Option("--mark-sent", help="Record the edition as sent without sending it (after restoring a backup)."),
    ] = False,
) -> None:
    """Collect, make and deliver one edition now."""
    from ..app import wiring
    from ..app.storage import waiting, working_store
    from ..app.zones import refuse_future
    from ..operations.outcome import outcome_as_dict, outcome_lines
    from ..operations.run import run_once

    with exit_on_error():
        loaded = read(config, works=not dry_run)
        specs = wiring.digest_specs(loaded, digest)
        wiring.require_deliverable(loaded, specs)
        if mark_sent:
            specs = tuple(replace(spec, recipients=(), lists=()) for spec in specs)
        made_again = _again(loaded, to=to, again=again, other=dry_run or mark_sent)
        if dry_run:
            _dry_run(specs, loaded, data, at=at, force=force, as_json=as_json)
            return
        if not force:
            for spec in specs:
                refuse_future(at, loaded.digests[spec.name], now=datetime.now(UTC))
        with stop_on_signal() as signals:
            try:
                waits = waiting(max_wait, sleep=signals.stop.wait, stop=signals.stop.is_set)
                with working_store(loaded, data_of(loaded, data), waits=waits) as store:
                    outcomes, failed = run_once(
                        specs,
                        loaded,
                        store,
                        progress(),
                        at=at,
                        max_wait=max_wait,
                        stop=signals.stop,
                        force=force,
                        again=made_again,
                    )
            except Stopped as error:
                print_error(str(error))
                signals.die()
                raise
            except DataFolderLocked as error:
                _say_who_makes_them(error, loaded, data)
                raise typer.Exit(FAILED) from None
        if as_json:
            failures = [{"digest": name, "error": reason} for name, reason in failed.items()]
            print_json([outcome_as_dict(outcome) for outcome in outcomes] + failures)
        else:
            print_lines(line for outcome in outcomes for line in outcome_lines(outcome))
        _say_what_failed(failed, loaded)
        wrong = failed or any(outcome.failed for outcome in outcomes)
        if wrong:
            signals.die()  # a signal that came before all was sent is why
        raise typer.Exit(FAILED if wrong else DONE)


def _say_what_failed(failed: Mapping[str, str], loaded: Loaded) -> None:
    """Once: in words, or as a line of the log where that is read by a program."""
    from ..operations.logs import LOG

    for name, reason in failed.items():
        LOG.error("digest=%s %s", name, reason) if loaded.settings.log == "json" else print_error(f"{name}: {reason}")


def _again(loaded: Loaded, *, to: str | None, again: bool, other: bool) -> Again | None:
    """Who gets a new revision.

    Raises:
        ConfigErrors: --to names nobody or stands alone, or --again stands beside what it cannot be combined with.
    """
    from ..operations.run import Again
    from ..operations.trial import recipients_named

    if to is not None and not again:
        fix = "write --again --to for a new revision; `digestbot resend --to` sends the edition as it is, `test --to` a test"
        raise ConfigErrors([ConfigError("--to", "stands without --again", fix)])
    if again and other:
        raise ConfigErrors([ConfigError("--again", "cannot stand beside --dry-run or --mark-sent", "leave one out")])
    if not again:
        return None
    everybody = to is not None and to.strip().lower() == "all"
    named = recipients_named(to, loaded) if to is not None and not everybody else ()
    return Again(named=named, everybody=everybody)


def _say_who_makes_them(error: DataFolderLocked, loaded: Loaded, data: Path | None) -> None:
    """Who holds the folder; of `serve` also when it makes the next editions."""
    from ..operations.status import next_editions

    print_error(str(error))
    if "digestbot serve" not in str(error):
        return
    print_error("it makes each edition by itself; stop it to make one by hand")
    now = datetime.now(UTC)
    for line in look(loaded, data, lambda store: list(next_editions(loaded, store, now=now))):
        print_error(line)


def _dry_run(
    specs: Sequence[DigestSpec], loaded: Loaded, data: Path | None, *, at: str | None, force: bool, as_json: bool
) -> None:
    """Say what a run would do; ends the command with 1 where no feed of a digest could be read."""
    from ..app import wiring
    from ..operations.dry_run import dry_run
    from ..operations.planner import renamed_digest

    now = datetime.now(UTC)
    # Its editions get another name first; all else is read where it lies.
    renamed = look(loaded, data, lambda store: renamed_digest(loaded, store, now=now)) is not None
    with throwaway(loaded, data, writes=renamed) as store:
        context = wiring.edition_context(loaded, store, progress(), sending=False)
        found = list(dry_run(specs, loaded, context, at=at, force=force, now=now))
    if as_json:
        print_json([one.as_dict() for one in found])
    else:
        print_lines(line for one in found for line in one.lines())
    if any(one.no_feed_readable for one in found):
        raise typer.Exit(FAILED)
