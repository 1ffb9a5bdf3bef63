"""An operator's words on deliveries: resend, resolve, cancel."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import DataFolderLocked
from ..model import Delivery, DeliveryState
from .shell import (
    DONE,
    FAILED,
    Config,
    Data,
    DigestName,
    Json,
    commands,
    data_of,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
    told,
)

if TYPE_CHECKING:
    from ..ports import Outbox
    from ..settings import Loaded

deliveries = commands()

Day = Annotated[str | None, typer.Option("--date", help="Which edition, such as 2026-05-27 [all].")]
To = Annotated[str | None, typer.Option("--to", help="Which recipient, as `digestbot status` shows it [all].")]


class Verdict(StrEnum):
    SENT = "sent"
    FAILED = "failed"


@deliveries.command()
def resend(
    digest: DigestName = None,
    day: Day = None,
    to: To = None,
    unknown: Annotated[bool, typer.Option("--unknown", help="Also what may have arrived already.")] = False,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Send again what failed, expired or was cancelled: the same bytes, for another day."""
    from ..app.zones import parse_date
    from ..deliver import RESENDABLE, requeue_deliveries, select_deliveries

    with told():
        loaded = read(config)
        states = RESENDABLE | {DeliveryState.UNKNOWN} if unknown else RESENDABLE
        with _open_outbox(loaded, data) as outbox:
            digest = _known(digest, loaded, outbox)
            chosen = select_deliveries(outbox, states, digest=digest, day=parse_date(day), recipient=to)
            again = requeue_deliveries(outbox, chosen, deadline=datetime.now(UTC) + timedelta(days=1))
        if len(again) < len(chosen):
            print_error(
                f"{len(chosen) - len(again)} cannot be sent again: their bytes are no longer kept, or never were"
            )
        sent = not again or _send(loaded, data, {delivery.digest for delivery in again})
        keys = {delivery.key for delivery in again}
        with _open_outbox(loaded, data) as outbox:
            now = [delivery for delivery in outbox.all() if delivery.key in keys]
            doubts = select_deliveries(
                outbox, {DeliveryState.UNKNOWN}, digest=digest, day=parse_date(day), recipient=to
            )
        _tell(now, as_json=as_json)
        if doubts:
            print_error(
                f"{len(doubts)} unknown: look whether they are there, then digestbot resolve, or resend --unknown"
            )
        arrived = len(again) == len(chosen) and all(delivery.state is DeliveryState.SENT for delivery in now)
        raise typer.Exit(DONE if arrived or not sent else FAILED)


def _send(loaded: Loaded, data: Path | None, names: set[str]) -> bool:
    """At once, unless a daemon works here: it will within half a minute."""
    from ..app import wiring
    from ..app.storage import working_store
    from ..edition.pipeline import finish

    specs = [spec for spec in wiring.digest_specs(loaded) if spec.name in names]
    try:
        with working_store(loaded, data_of(loaded, data)) as store:
            context = wiring.edition_context(loaded, store, progress(), sending=True)
            for spec in specs:
                finish(spec, context)
    except DataFolderLocked:
        print_error("digestbot is running in this data folder and sends them within a minute")
        return False
    return True


@deliveries.command()
def resolve(
    verdict: Annotated[Verdict, typer.Argument(help="What you found out.", show_default=False)],
    digest: DigestName = None,
    day: Day = None,
    to: To = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say what became of deliveries that are unknown: they were sent, or they failed."""
    from ..app.zones import parse_date
    from ..deliver import resolve_deliveries, select_deliveries

    state = DeliveryState(verdict.value)
    with told():
        loaded = read(config)
        with _open_outbox(loaded, data) as outbox:
            digest = _known(digest, loaded, outbox)
            chosen = select_deliveries(
                outbox, {DeliveryState.UNKNOWN}, digest=digest, day=parse_date(day), recipient=to
            )
            _tell(
                resolve_deliveries(outbox, chosen, state, why="an operator found that it has not arrived"),
                as_json=as_json,
            )


@deliveries.command()
def cancel(
    digest: DigestName = None,
    day: Day = None,
    to: To = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Give up deliveries that wait for another attempt."""
    from ..app.zones import parse_date
    from ..deliver import resolve_deliveries, select_deliveries

    with told():
        loaded = read(config)
        with _open_outbox(loaded, data) as outbox:
            digest = _known(digest, loaded, outbox)
            chosen = select_deliveries(
                outbox, {DeliveryState.PENDING}, digest=digest, day=parse_date(day), recipient=to
            )
            _tell(
                resolve_deliveries(outbox, chosen, DeliveryState.CANCELLED, why="cancelled by an operator"),
                as_json=as_json,
            )


def _known(digest: str | None, loaded: Loaded, outbox: Outbox) -> str | None:
    """The digest as it is named; one that was taken out of the configuration may still have deliveries.

    Raises:
        ConfigErrors: there is none of that name.
    """
    from ..app import wiring

    if digest is None or outbox.tally(digest=digest):
        return digest
    return wiring.digest_specs(loaded, digest)[0].name


@contextmanager
def _open_outbox(loaded: Loaded, data: Path | None) -> Iterator[Outbox]:
    """The real outbox, also while a daemon runs: its transactions keep the two apart."""
    from ..app.storage import shared_store

    with shared_store(loaded, data_of(loaded, data)) as store:
        yield store.outbox


def _tell(chosen: Sequence[Delivery], *, as_json: bool) -> None:
    from ..operations.status import deliveries_as_list, delivery_lines

    if as_json:
        print_json(deliveries_as_list(chosen))
    else:
        print_lines(delivery_lines(chosen) if chosen else ["There is no such delivery; see digestbot status"])
