"""A daemon with a clock of the test's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newsroom import MORNING_NEWS

from digestbot.operations.daemon import Daemon
from digestbot.settings import Loaded, load
from digestbot.store import Stores, open_store

CONFIG = """DIGESTBOT_FEEDS__HARBOUR=./saved.xml
DIGESTBOT_TOPICS__CHIPS=foundry
DIGESTBOT_DIGESTS__MORNING__AT=12:00
DIGESTBOT_DIGESTS__MORNING__TIMEZONE=UTC
DIGESTBOT_DIGESTS__MORNING__TO=file:./out
"""


@dataclass
class RunningDaemon:
    """A daemon whose clock stands still until the test moves it."""

    folder: Path
    now: datetime
    jumped: float = 0.0  # seconds by which the clock was set

    def __post_init__(self) -> None:
        (self.folder / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
        (self.folder / "config.env").write_text(CONFIG, encoding="utf-8")
        self.store: Stores = open_store(self.folder / "data")
        self.subject = Daemon(
            read=self.read,
            loaded=self.read(),
            store=self.store,
            clock=lambda: self.now,
            elapsed=lambda: self.now.timestamp() - self.jumped,
        )

    def read(self) -> Loaded:
        return load(self.folder / "config.env", {}, folder=self.folder)

    def configure(self, *settings: str) -> None:
        """Another configuration: settings without their prefix, over the usual ones."""
        path = self.folder / "config.env"
        given = dict(line.split("=", 1) for line in (*CONFIG.splitlines(), *(f"DIGESTBOT_{each}" for each in settings)))
        path.write_text("".join(f"{key}={value}\n" for key, value in given.items()), encoding="utf-8")
        self.subject.loaded = self.read()

    def tick(self, **later: float) -> None:
        self.now += timedelta(**later)
        self.subject.tick()

    def set_clock(self, **by: float) -> None:
        """Set the clock, without that time going by."""
        self.now += timedelta(**by)
        self.jumped += timedelta(**by).total_seconds()

    def states(self) -> dict[str, str]:
        return {str(edition.date): str(edition.state) for edition in self.store.editions.history("morning")}
