"""`digestbot export`: the ledger as CSV."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from ..errors import ConfigError, Stopped
from ..text.counting import counted
from .shell import Config, Data, DigestName, commands, exit_on_error, look, named_path, print_error, print_lines, read
from .signals import stop_on_signal

if TYPE_CHECKING:
    from ..ports import Store

export = commands()


@export.command("export")
def export_command(
    digest: DigestName = None,
    edition: Annotated[
        str | None,
        typer.Option("--edition", help="One edition: its name, a date, or yesterday [all].", show_default=False),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help="Editions from this date on, or since yesterday [all].", show_default=False),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--out", help="The file to write [standard output].", parser=named_path, metavar="FILE"),
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Export what was sent as CSV, a row a delivery: to whom, in which state, when and why."""
    from ..operations.edition_named import day_named, digests_named, editions_named
    from ..operations.export_ledger import editions_since, export_ledger

    with exit_on_error(), stop_on_signal() as signals:
        loaded = read(config)
        if edition and since:
            raise ConfigError("--since", "cannot stand beside --edition", "leave one out")
        now = datetime.now(UTC)

        def wanted(store: Store) -> list[tuple[str, date]]:
            if edition:
                named = editions_named(loaded, store, digest, edition, now=now)
                return [(one.digest, one.date) for one in named]
            names = digests_named(loaded, store, digest)
            return editions_since(
                store, names, lambda name: day_named(since, loaded, name, now=now, option="--since") if since else None
            )

        try:
            with _written_at_the_end(file) as out:

                def write(store: Store) -> int:
                    out.seek(0)
                    out.truncate()
                    return export_ledger(store, out, wanted(store), stopped=signals.stop.is_set)

                rows = look(loaded, data, write)
        except Stopped as error:
            print_error(str(error))
            signals.die()
            raise
        if file is not None:
            print_lines([f"Wrote {counted(rows, 'row')} to {file}"])


@contextmanager
def _written_at_the_end(file: Path | None) -> Iterator[TextIO]:
    """What is written becomes the file, or goes to standard output, once all of it is there: half a ledger would look like one.

    The file is of addresses: for nobody else on this machine.
    """
    if file is None or (file.exists() and not file.is_file()):
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as whole:
            yield whole
            whole.seek(0)
            if file is None:
                shutil.copyfileobj(whole, sys.stdout)
                return
            with _file_errors(file), file.open("w", encoding="utf-8", newline="") as out:
                shutil.copyfileobj(whole, out)
        return
    place = file.resolve()
    with _file_errors(file):
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "w+", encoding="utf-8", newline="") as part:
            yield part
        with _file_errors(file):
            Path(name).replace(place)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


@contextmanager
def _file_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(str(file), f"cannot be written: {error.strerror}", "choose another file") from error
