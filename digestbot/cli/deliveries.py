"""`digestbot resend`, `resolve` and `cancel`: an operator changes the state of deliveries."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, ConfigErrors, DataFolderLocked
from ..text.counting import counted
from .shell import (
    DONE,
    FAILED,
    Config,
    Data,
    DigestName,
    Json,
    commands,
    data_of,
    exit_on_error,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
)
from .signals import stop_on_signal

if TYPE_CHECKING:
    from ..model import Delivery
    from ..ports import Outbox
    from ..settings import Loaded

deliveries = commands()

Day = Annotated[str | None, typer.Option("--date", help="Which edition: 2026-05-27, yesterday [all].")]
To = Annotated[str | None, typer.Option("--to", help="Which recipient, as `digestbot status` shows it [all].")]


class Resolution(StrEnum):
    SENT = "sent"
    FAILED = "failed"


@deliveries.command()
def resend(
    digest: DigestName = None,
    day: Day = None,
    to: To = None,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Include deliveries whose outcome is unknown (may send twice).")
    ] = False,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Retry failed, expired or cancelled deliveries. They keep their original content, and expire in 24 hours.

    With --to an address that was added after the edition: it gets the edition that all others have.
    """
    from ..deliver import RESENDABLE, requeue_deliveries
    from ..model import DeliveryState

    with exit_on_error():
        loaded = read(config)
        states = RESENDABLE | {DeliveryState.UNKNOWN} if unknown else RESENDABLE
        with _open_outbox(loaded, data) as outbox:
            digest = _known(digest, loaded, outbox)
            matching = partial(outbox.matching, digest=digest, day=_day_of(loaded, digest, day), recipient=to)
            selected = matching(states=states, newest=True)
            known = bool(selected or not to or matching(states=None, limit=1))
            again = requeue_deliveries(outbox, selected, deadline=datetime.now(UTC) + timedelta(days=1))
            if not selected:  # one that was interrupted goes on
                selected = again = matching(states={DeliveryState.PENDING, DeliveryState.SENDING})
        if to and not known:
            selected = again = _for_a_new_recipient(loaded, data, digest, day, to)
        if len(again) < len(selected):
            print_error(
                f"{len(selected) - len(again)} cannot be sent again: their content is not stored any more, or never was"
            )
        held = _send(loaded, data, {delivery.digest for delivery in again}) if again else frozenset()
        keys = {delivery.key for delivery in again}
        with _open_outbox(loaded, data) as outbox:
            current = outbox.by_keys(keys)
            unknown_ones = outbox.matching(
                states={DeliveryState.UNKNOWN}, digest=digest, day=_day_of(loaded, digest, day), recipient=to
            )
        _print_deliveries(current, as_json=as_json)
        if unknown_ones:
            print_error(
                f"{len(unknown_ones)} unknown: check the channel, then run `digestbot resolve sent|failed` or `resend --unknown`"
            )
        arrived = len(again) == len(selected) and all(
            delivery.state is DeliveryState.SENT or (held is not None and delivery.key in held) for delivery in current
        )
        raise typer.Exit(DONE if arrived or held is None else FAILED)


def _day_of(loaded: Loaded, digest: str | None, day: str | None) -> date | None:
    """`--date`, by the clock of the digest; of the first one where none is named.

    Raises:
        ConfigErrors: it is no date.
    """
    from ..app.zones import parse_date

    settings = loaded.digests.get(digest or next(iter(loaded.digests), ""))
    return parse_date(day, settings, now=datetime.now(UTC))


def _for_a_new_recipient(
    loaded: Loaded, data: Path | None, digest: str | None, day: str | None, to: str
) -> tuple[Delivery, ...]:
    """The last edition, or that of a day, for an address that had none of it.

    Raises:
        ConfigErrors: the address is none, it is not said which digest, or there is no such edition.
    """
    from ..app import wiring
    from ..app.storage import shared_store
    from ..operations.late_recipient import add_recipients
    from ..operations.trial import recipients_named

    specs = wiring.digest_specs(loaded, digest)
    recipients = recipients_named(to, loaded)
    if len(specs) > 1:
        fix = f"write digestbot resend {specs[0].name} --to {to}"
        raise ConfigErrors([ConfigError("--to", "is a new recipient, and there are several digests", fix)])
    with shared_store(loaded, data_of(loaded, data)) as store:
        context = wiring.edition_context(loaded, store, progress(), sending=True)
        return add_recipients(specs[0], context, recipients, day=_day_of(loaded, digest, day), now=datetime.now(UTC))


def _send(loaded: Loaded, data: Path | None, names: set[str]) -> frozenset[str] | None:
    """Send at once, unless `serve` runs in this data folder: it does so within half a minute.

    Returns the keys of what another process is sending; None where `serve` is to send them all.
    """
    from ..app import wiring
    from ..app.storage import working_store
    from ..edition.delivering import deliver_pending

    specs = [spec for spec in wiring.digest_specs(loaded) if spec.name in names]
    try:
        with stop_on_signal() as signals, working_store(loaded, data_of(loaded, data)) as store:
            stop = signals.stop
            context = wiring.edition_context(loaded, store, progress(), sending=True, stop=stop.is_set, sleep=stop.wait)
            held = frozenset[str]().union(*(deliver_pending(spec, context).held for spec in specs))
            left = sum(sum(store.outbox.count_open(digest=spec.name).values()) for spec in specs)
        if signals.number and left:
            print_error(
                f"stopped; {counted(left, 'delivery waits', 'deliveries wait')}: `digestbot resend`, serve or the next run goes on"
            )
            signals.die()
    except DataFolderLocked:
        print_error("digestbot is already running in this data folder and sends them within a minute")
        return None
    return held


@deliveries.command()
def resolve(
    resolution: Annotated[Resolution, typer.Argument(help="What happened to them.", show_default=False)],
    digest: DigestName = None,
    day: Day = None,
    to: To = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Record the outcome of unknown deliveries: sent or failed."""
    from ..deliver import resolve_deliveries
    from ..model import DeliveryState

    state = DeliveryState(resolution.value)
    with exit_on_error():
        loaded = read(config)
        with _open_outbox(loaded, data) as outbox:
            digest = _known(digest, loaded, outbox)
            selected = outbox.matching(
                states={DeliveryState.UNKNOWN}, digest=digest, day=_day_of(loaded, digest, day), recipient=to
            )
            _print_deliveries(
                resolve_deliveries(outbox, selected, state, why="an operator found that it has not arrived"),
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
    """Cancel deliveries that wait for another attempt."""
    from ..deliver import resolve_deliveries
    from ..model import DeliveryState

    with exit_on_error():
        loaded = read(config)
        with _open_outbox(loaded, data) as outbox:
            digest = _known(digest, loaded, outbox)
            selected = outbox.matching(
                states={DeliveryState.PENDING}, digest=digest, day=_day_of(loaded, digest, day), recipient=to
            )
            _print_deliveries(
                resolve_deliveries(outbox, selected, DeliveryState.CANCELLED, why="cancelled by an operator"),
                as_json=as_json,
            )


def _known(digest: str | None, loaded: Loaded, outbox: Outbox) -> str | None:
    """The digest's name; one that was removed from the configuration may still have deliveries.

    Raises:
        ConfigErrors: there is no digest of that name.
    """
    from ..app import wiring

    if digest is None or outbox.tally(digest=digest):
        return digest
    return wiring.digest_specs(loaded, digest)[0].name


@contextmanager
def _open_outbox(loaded: Loaded, data: Path | None) -> Iterator[Outbox]:
    """The real outbox, also while `serve` runs: transactions keep the two apart."""
    from ..app.storage import shared_store

    with shared_store(loaded, data_of(loaded, data)) as store:
        yield store.outbox


def _print_deliveries(selected: Sequence[Delivery], *, as_json: bool) -> None:
    from ..operations.status import deliveries_as_list, delivery_lines

    if as_json:
        print_json(deliveries_as_list(selected))
    else:
        print_lines(delivery_lines(selected) if selected else ["no delivery matches; see `digestbot status`"])
