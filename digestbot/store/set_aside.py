"""Outcomes that the database did not take: kept as files in the data folder until it does.

Without them a mail whose arrival was heard would go out again. One file an outcome, whole or not there, so that neither a
kill nor another process can lose one.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ..model import DeliveryState
from .errors import system_errors

_FOLDER = "unrecorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What became of an attempt at a delivery."""

    key: str  # the delivery's
    attempts: int  # which of its attempts
    state: DeliveryState
    remote_id: str = ""
    error: str = ""
    not_before: datetime | None = None
    address_gone: bool = False
    spared: bool = False
    begun: bool = True


def write_outcome(data: Path, outcome: SetAside) -> None:
    """Keep it, synced to the disk.

    Raises:
        StoreError: the disk is full, or the folder cannot be written.
    """
    values = asdict(outcome) | {"not_before": outcome.not_before.isoformat() if outcome.not_before else None}
    # Keys are no file names: they may hold whatever an older release put into them.
    name = hashlib.sha256(f"{outcome.key} {outcome.attempts}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    path = data / _FOLDER / f"{name}.json"
    fresh = path.with_name(f"{name}.{secrets.token_hex(4)}")
    with system_errors(f"what became of a delivery cannot be kept in {path.parent}"):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(values, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


def outcomes(data: Path) -> Iterator[tuple[SetAside, Path]]:
    """What was kept, with the files to be removed once the database has it. Files that make no sense are passed over."""
    try:
        paths = sorted((data / _FOLDER).glob("*.json"))
    except OSError:
        return
    for path in paths:
        # Another process may have taken it up meanwhile; a restored backup may hold half of one.
        with suppress(OSError, ValueError, TypeError, KeyError):
            values = json.loads(path.read_text(encoding="utf-8"))
            moment = values["not_before"]
            values["not_before"] = datetime.fromisoformat(moment) if moment else None
            yield SetAside(**values | {"state": DeliveryState(values["state"])}), path
