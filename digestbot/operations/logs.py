"""Lines for whatever collects them: what each stage brought, and never a secret."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Literal
from urllib.parse import unquote, urlsplit

from ..model import Feed

LOG = logging.getLogger("digestbot")


def in_words(figures: dict[str, object]) -> str:
    """A stage's figures: `feeds=42 failed=1`."""
    return " ".join(f"{name}={value}" for name, value in figures.items())


class LoggedProgress:
    """One log line a stage: `collect feeds=42 failed=1 new=57 took=2.1s`."""

    def __init__(self) -> None:
        self._name = ""
        self._began = 0.0

    def stage(self, name: str, *, total: int | None = None) -> None:  # noqa: ARG002 -- nothing moves in a log
        self._name, self._began = name, time.monotonic()

    def step(self, what: str = "", *, feed: Feed | None = None) -> None:
        """A log has no use for single steps."""

    def done(self, **figures: object) -> None:
        took = time.monotonic() - self._began
        extra = {"figures": {"stage": self._name, **figures, "took": round(took, 1)}}
        LOG.info("%s %s took=%.1fs", self._name, in_words(figures), took, extra=extra)


class Redacted(logging.Formatter):
    """Keeps configured secrets out of every line, whoever wrote it, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        parts = {part for secret in secrets for part in _telling_parts(secret) if len(part) >= 4}
        self._secrets = sorted(parts, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        return self._without_secrets(super().format(record))

    def _without_secrets(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


def _telling_parts(secret: str) -> Iterator[str]:
    """The whole, and what gives it away alone: a line of a key in PEM, the password or the long word of an address."""
    yield secret
    yield from (line for line in secret.splitlines() if not line.startswith("-----"))
    if "://" in secret:
        with suppress(ValueError):
            address = urlsplit(secret)
            yield from filter(None, (address.password, unquote(address.password or "")))
            yield from (word for word in address.path.split("/") if len(word) >= 16 and address.scheme[:4] == "http")


class JsonLines(Redacted):
    """One JSON object a line: time, level, message, and the figures of a stage where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        # Before it becomes JSON: a secret may hold characters that JSON writes otherwise.
        safe: dict[str, object] = {name: self._without_secrets(text) for name, text in told.items()}
        return json.dumps(safe | getattr(record, "figures", {}), ensure_ascii=False, default=str)


def log_to_stderr(
    secrets: Iterable[str] = (), *, level: int = logging.INFO, form: Literal["text", "json"] = "text"
) -> None:
    """Lines with a time, for whatever collects them (systemd, a container, cron)."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(secrets) if form == "json" else Redacted(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOG.setLevel(level)
