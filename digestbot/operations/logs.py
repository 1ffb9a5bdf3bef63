"""Log lines: one a stage with its figures, as text or JSON, and never a secret."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Literal
from urllib.parse import unquote, urlsplit

from ..jobs.current import JOB
from ..model import Feed
from ..text.sanitise import printable, printable_json
from ..text.web_addresses import masked

LOG = logging.getLogger("digestbot")
_MIN_SECRET_CHARS = 4
_MIN_TOKEN_CHARS = (
    16  # path parts of a URL: the secret in a webhook or monitor address is longer, ordinary words are shorter
)


def in_words(figures: dict[str, object]) -> str:
    """A stage's figures: `feeds=42 failed=1`."""
    return " ".join(f"{name}={value}" for name, value in figures.items())


class LoggedProgress:
    """One log line a stage: `collect feeds=42 failed=1 new=57 took=2.1s`."""

    def __init__(self) -> None:
        self._name = ""
        self._began = 0.0

    def stage(self, name: str, *, total: int | None = None) -> None:  # noqa: ARG002 -- a log line has no bar
        self._name, self._began = name, time.monotonic()

    def step(self, what: str = "", *, feed: Feed | None = None) -> None:
        """Single steps are not logged."""

    def done(self, **figures: object) -> None:
        took = time.monotonic() - self._began
        extra = {"figures": {"stage": self._name, **figures, "took": round(took, 1)}}
        LOG.info("%s %s took=%.1fs", self._name, in_words(figures), took, extra=extra)


class NoProgress:
    """Tells nothing: for whoever looks at what would be, beside the log of what is."""

    def stage(self, name: str, *, total: int | None = None) -> None:
        """Not told."""

    def step(self, what: str = "", *, feed: Feed | None = None) -> None:
        """Not told."""

    def done(self, **figures: object) -> None:
        """Not told."""


class Redacted(logging.Formatter):
    """Masks configured secrets in every line, whichever library logged it, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        # A part of fewer characters occurs in ordinary words: masking it would make the log unreadable.
        parts = {part for secret in secrets for part in _revealing_parts(secret) if len(part) >= _MIN_SECRET_CHARS}
        # Longest first: a part that is masked inside the whole would leave the rest of the whole readable.
        self._secrets = sorted(parts, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        return self._without_secrets(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's
        """One line, whatever a library wrote into its own: a collector would take each for an event.

        The job of a queue stands in front: a worker does several side by side.
        """
        if job := JOB.get():
            record.message = f"job={job} {record.message}"
        # Masked before: a secret of several lines would not be found any more.
        return " ".join(map(str.strip, self._without_secrets(super().formatMessage(record)).splitlines()))

    def _without_secrets(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return masked(printable(line))


def _revealing_parts(secret: str) -> Iterator[str]:
    """The secret, plus any part that would reveal it: lines of a PEM key, the password or a long path part of a URL."""
    yield secret
    # The first and last line of a PEM key are the same in every key: masking them would hide nothing.
    yield from (line for line in secret.splitlines() if not line.startswith("-----"))
    if "://" in secret:
        with suppress(ValueError):
            address = urlsplit(secret)
            yield from filter(None, (address.password, unquote(address.password or "")))
            yield from (
                word
                for word in address.path.split("/")
                if len(word) >= _MIN_TOKEN_CHARS and address.scheme[:4] == "http"
            )


class JsonLines(Redacted):
    """One JSON object a line: time, level, message, the job where there is one, and the figures of a stage where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        if job := JOB.get():
            fields["job"] = job
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        # Masked before it becomes JSON: JSON escapes some characters, and an escaped secret would not be found.
        safe: dict[str, object] = {name: self._without_secrets(text) for name, text in fields.items()}
        return printable_json(safe | getattr(record, "figures", {}))


def log_to_stderr(
    secrets: Iterable[str] = (), *, level: int = logging.INFO, form: Literal["text", "json"] = "text"
) -> None:
    """Send log lines with a time to standard error, for whatever collects them (systemd, a container, cron)."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(secrets) if form == "json" else Redacted(secrets))
    root = logging.getLogger()
    # In place of what was there: a handler of a library's own would write lines that nothing masks.
    root.handlers[:] = [handler]
    # At INFO, APScheduler alone would write two lines every half minute.
    root.setLevel(logging.WARNING)
    LOG.setLevel(level)
