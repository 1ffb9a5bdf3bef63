"""The tables of what several processes on one database tell each other."""

from __future__ import annotations

from sqlalchemy import Column, PrimaryKeyConstraint, Table

from ..model import WorkerState
from .column_types import SafeText, UtcDateTime
from .schema import columns_of, metadata

# Hosts that are asked and editions that are made: by one process at a time.
leases = Table(
    "leases",
    metadata,
    Column("name", SafeText, nullable=False),
    Column("holder", SafeText, nullable=False, server_default=""),  # a claimant, see store/claimant.py
    Column("free_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("name"),
)

workers = Table("workers", metadata, *columns_of(WorkerState), PrimaryKeyConstraint("worker", "kind"))
