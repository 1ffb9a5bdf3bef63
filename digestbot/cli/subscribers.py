"""`digestbot subscribers`: list, show, add, ask, remove, import and export."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, Stopped
from ..model import Frequency, Refusal, SubscriptionState
from ..text.counting import counted
from .shell import (
    DONE,
    FAILED,
    Config,
    Data,
    Json,
    commands,
    data_of,
    exit_on_error,
    look,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
    throwaway,
)
from .signals import stop_on_signal

if TYPE_CHECKING:
    from ..ports import Store

subscribers = commands()

Address = Annotated[str, typer.Argument(help="A mail address.", show_default=False)]
ListName = Annotated[str | None, typer.Option("--list", "-l", help="Which list [the only one].", show_default=False)]
AnyList = Annotated[str | None, typer.Option("--list", "-l", help="Which list [all].", show_default=False)]
_MOST = 100_000
_LAST = 2**31 - 1  # the last number that a subscriber can have
_ANSWERS = {
    Refusal.KNOWN: "is there already",
    Refusal.UNSUBSCRIBED: "has unsubscribed and stays so; where they asked for it again, add --revive",
    Refusal.SUPPRESSED: "is suppressed and stays so; `digestbot subscribers show` tells why; to lift it, add --revive",
}


@subscribers.command("list")
def subscribers_list(
    name: AnyList = None,
    state: Annotated[
        SubscriptionState | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="Only pending, active, paused, unsubscribed or suppressed ones.",
            show_default=False,
        ),
    ] = None,
    after: Annotated[
        int, typer.Option("--after", min=0, max=_LAST, help="Go on after the subscriber of this number.")
    ] = 0,
    most: Annotated[int, typer.Option("--most", min=0, max=_MOST, help="At most so many at once.")] = 50,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List readers, page by page, after how many are in which state."""
    from ..operations.subscribers import list_named, page_of

    with exit_on_error():
        loaded = read(config)
        wanted = "" if name is None else list_named(name, loaded)
        now = datetime.now(UTC)
        page = look(
            loaded, data, lambda store: page_of(store, now=now, name=wanted, state=state, after=after, limit=most)
        )
        if as_json:
            print_json(page.as_dict())
            return
        print_lines(page.lines())
        if page.next is not None:
            words = [f"--list {wanted}"] * bool(wanted) + [f"--state {state}"] * bool(state)
            print_lines([f"more with: digestbot subscribers list {' '.join([*words, f'--after {page.next}'])}"])


@subscribers.command("show")
def subscribers_show(address: Address, config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Show all that is kept of an address."""
    from ..operations.subscribers import kept_of

    with exit_on_error():
        loaded = read(config)
        kept = look(loaded, data, lambda store: kept_of(store, address))
        if as_json:
            print_json(kept.as_dict())
        else:
            print_lines(kept.lines())


@subscribers.command("add")
def subscribers_add(
    address: Address,
    name: ListName = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="They have consented: they need not confirm it again.")
    ] = False,
    revive: Annotated[
        bool, typer.Option("--revive", help="Though they unsubscribed or are suppressed: they asked for it again.")
    ] = False,
    frequency: Annotated[
        Frequency | None, typer.Option("--frequency", help="How often they want it [each].", show_default=False)
    ] = None,
    topics: Annotated[
        str | None, typer.Option("--topics", help="Names of the topics they want, or all [all].", show_default=False)
    ] = None,
    plain: Annotated[
        bool | None, typer.Option("--plain/--html", help="Text alone, or with HTML [--html].", show_default=False)
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Of the fixed words [the digest's].", show_default=False)
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Add a reader to a list, or change what one wants. Without --confirmed they are pending, and get nothing until they consent."""
    from ..app.storage import shared_store
    from ..operations.preferences import Preferences, change
    from ..operations.subscribers import add, checked, list_named

    with exit_on_error():
        loaded = read(config)
        wanted = list_named(name, loaded)
        wishes = Preferences.of(loaded, frequency=frequency, topics=topics, plain=plain, language=language)
        with shared_store(loaded, data_of(loaded, data)) as store:
            answer, lifted = add(store, address, wanted, confirmed=confirmed, revive=revive, now=datetime.now(UTC))
            changed = wishes.any and change(store, address, wanted, wishes)
        if lifted:
            print_lines([f"{address} is no longer suppressed; it was: {lifted.reason}"])
        if changed and answer is Refusal.KNOWN:
            print_lines([f"Changed what {address} wants of {wanted}"])
            return
        if isinstance(answer, Refusal):
            print_error(f"{address} {_ANSWERS[answer]}")
            raise typer.Exit(0 if answer is Refusal.KNOWN else FAILED)
        print_lines([f"Added {address} to {wanted}: {answer.state}"])
        if answer.state is SubscriptionState.PENDING:
            words = f"digestbot subscribers ask {shlex.quote(checked(address)[0])} --list {wanted}"
            print_lines([f"Nothing is sent to them until they confirm. To ask them by mail: {words}"])


@subscribers.command("ask")
def subscribers_ask(
    address: Annotated[str | None, typer.Argument(help="Whom [all who are pending].", show_default=False)] = None,
    name: ListName = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Ask pending readers by mail whether they want a list: the link leads to the site. One such mail an hour to an address."""
    from ..app.storage import shared_store
    from ..operations.ask_readers import ask_readers
    from ..operations.subscribers import list_named

    with exit_on_error(), stop_on_signal() as signals:
        loaded = read(config, works=True)
        wanted = list_named(name, loaded)
        with shared_store(loaded, data_of(loaded, data)) as store:
            done = ask_readers(loaded, store, wanted, address=address, stop=signals.stop.is_set)
        print_lines(done.lines())
        for problem in done.problems:
            print_error(problem)
        if done.stopped:
            signals.die()
        raise typer.Exit(FAILED if done.problems or done.stopped else DONE)


@subscribers.command("remove")
def subscribers_remove(
    address: Address,
    name: AnyList = None,
    forget: Annotated[
        bool,
        typer.Option("--forget", help="Delete all that is kept of them, and keep the address suppressed by a hash."),
    ] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Unsubscribe a reader. It is kept that they left, so that no import brings them back."""
    from ..app.storage import shared_store
    from ..operations.subscribers import checked, remove
    from ..operations.subscribers import forget as forget_all

    with exit_on_error():
        loaded = read(config)
        if forget and name is not None:
            raise ConfigError("--forget", "is about all lists", "leave --list out")
        # A list that the configuration names no more can still be left.
        wanted = (name or "").strip().lower().removeprefix("list:")
        now = datetime.now(UTC)
        checked(address)
        with shared_store(loaded, data_of(loaded, data)) as store:
            if forget:
                known = forget_all(store, address, now=now)
                said = "Forgot" if known else "Nothing was kept of"
                print_lines([f"{said} {address}; nothing is sent there any more"])
                return
            left = remove(store, address, wanted, now=now)
        if not left:
            print_error(f"{address} reads {f'no list {wanted}' if wanted else 'no list'}: nothing was changed")
            raise typer.Exit(FAILED)
        print_lines([f"Unsubscribed {address} from {', '.join(left)}"])


@subscribers.command("export")
def subscribers_export(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write [standard output].", show_default=False)
    ] = None,
    name: AnyList = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Export readers and suppressed addresses as CSV, with all that is kept of them."""
    from ..operations.subscribers import export, list_named

    with exit_on_error():
        loaded = read(config)
        wanted = "" if name is None else list_named(name, loaded)
        now = datetime.now(UTC)

        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as whole:

            def write(store: Store) -> int:
                whole.seek(0)
                whole.truncate()
                return export(store, whole, name=wanted, now=now)

            rows = look(loaded, data, write)
            whole.seek(0)
            if file is None:
                shutil.copyfileobj(whole, sys.stdout)
                return
            try:
                # Of addresses: for nobody else on this machine.
                with os.fdopen(
                    os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
                ) as out:
                    shutil.copyfileobj(whole, out)
            except OSError as error:
                raise ConfigError(str(file), f"cannot be written: {error.strerror}", "choose another file") from error
            print_lines([f"Wrote {counted(rows, 'row')} to {file}"])


@subscribers.command("import")
def subscribers_import(
    file: Annotated[Path, typer.Argument(help="A CSV file, as another program exports it.", show_default=False)],
    name: ListName = None,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="They consented where they come from: they need not confirm it again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would become of its rows; keep nothing.")
    ] = False,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Import the readers of another program. Nothing is sent; whoever left or bounced there stays away.

    What it reads from which column is told first. A second import of the same file changes nothing.
    """
    from ..app.storage import shared_store
    from ..operations.import_subscribers import import_readers, look_at
    from ..operations.subscribers import list_named

    with exit_on_error(), stop_on_signal() as signals:
        loaded = read(config, works=True)
        wanted = list_named(name, loaded)
        found = look_at(file)
        if not as_json:
            print_lines(found.form.lines())
        take = partial(
            import_readers,
            file=found,
            name=wanted,
            confirmed=confirmed,
            now=datetime.now(UTC),
            progress=progress(),
            stop=signals.stop,
        )
        try:
            place = throwaway(loaded, data, writes=True) if dry_run else shared_store(loaded, data_of(loaded, data))
            with place as store:
                done = take(store)
        except Stopped as error:
            print_error(str(error))
            signals.die()
            raise
        if as_json:
            print_json(done.as_dict())
        else:
            print_lines(done.lines())
            for problem in done.problems():
                print_error(problem)
            if dry_run:
                print_lines(["Nothing was kept: this was --dry-run"])
        if done.bad_count and not done.kept and not done.left and not done.suppressed:
            raise typer.Exit(FAILED)
