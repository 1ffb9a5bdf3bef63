"""Every database that the store must behave the same on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from servers.postgres import Server

from digestbot.store import Stores, open_store
from digestbot.store.schema import metadata


@dataclass(frozen=True, slots=True)
class Place:
    """What `open_store` is called with."""

    data: Path
    url: str = ""

    def open(self) -> Stores:
        return open_store(self.data, self.url)


@pytest.fixture(scope="session")
def migrated(postgres: Server) -> str:
    """A PostgreSQL database with our tables, shared by tests that empty it."""
    url = postgres.new_database()
    open_store(Path(), url).close()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An up-to-date database without a row."""
    if request.param == "sqlite":
        return Place(tmp_path / "data")
    url = request.getfixturevalue("migrated")
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)}")  # type: ignore[arg-type]
    return Place(tmp_path / "data", url)


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place where nothing was ever stored."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()
    return Place(tmp_path / "data", url)


@pytest.fixture
def store(place: Place) -> Iterator[Stores]:
    """An open store without a row."""
    opened = place.open()
    yield opened
    opened.close()
