"""The tables of operators: what they did, who is signed in, what they decided about the next editions."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table

from ..model import Change, Choice, Session
from .schema import columns_of, metadata

changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True),
    *columns_of(Change, without=("number",)),
    # Else SQLite gives the number of one that was forgotten to the next.
    sqlite_autoincrement=True,
)

sessions = Table("sessions", metadata, *columns_of(Session), PrimaryKeyConstraint("key"))

choices = Table(
    "choices",
    metadata,
    Column("number", Integer, primary_key=True),
    *columns_of(Choice, without=("number",)),
    Index(None, "digest"),
    sqlite_autoincrement=True,
)
