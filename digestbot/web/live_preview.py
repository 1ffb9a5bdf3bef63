"""`preview --watch`: make the digests of one poll again whenever the configuration or a template changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import watchfiles

from ..app import wiring
from ..app.zones import parse_moment
from ..collect import FetchOptions, PollResult
from ..edition.collecting import collect_for
from ..edition.context import EditionContext
from ..edition.pipeline import prepare
from ..errors import ConfigErrors, DigestbotError
from ..model import Feed, Message
from ..ports import Progress, Store
from ..render import preview_page, render
from ..settings import Loaded
from .caching_store import caching_store
from .pages import stylesheet
from .preview_server import PreviewServer

_STEP_MS: Final = 50  # editors save in several steps: changes within four of these count as one
_POLL_MS: Final = 1_000  # files are looked at without a notification, too: network file systems may send none
_MAX_CACHED_DIGESTS: Final = 16

ConfigFingerprint = tuple[tuple[str, int, int], ...]


class PreviewSession:
    """Makes digests again and again from one store, without sending anything.

    Feeds are polled once, and again only when other feeds are configured. Items are read and grouped again only when
    they changed. The last good page of every digest is kept and shown below the current problems.
    """

    def __init__(
        self,
        read: Callable[[], Loaded],
        store: Store,
        progress: Progress,
        *,
        digest: str | None = None,
        at: str | None = None,
    ) -> None:
        self._read = read
        self._store = caching_store(store)
        self._progress = progress
        self._digest = digest
        self._at = at or datetime.now(UTC).isoformat()
        self._loaded = read()
        self._polled: tuple[tuple[Feed, ...], FetchOptions] | None = None  # the feeds of `_collected`
        self._collected = PollResult()
        self._cache: EditionContext | None = None  # its functions remember what they made of the same items
        self._last_good: dict[str, Message] = {}
        self.problems: tuple[str, ...] = ()  # of the latest pages

    def pages(self, version: str) -> dict[str, str]:
        """The preview page of every digest by name, with the current problems at its head."""
        try:
            self._loaded = self._read()
            messages = self._make(self._loaded)
        except DigestbotError as error:
            self.problems = _sentences(error)
        else:
            self.problems = tuple(dict.fromkeys(fault for message in messages for fault in message.faults))
            self._last_good = {
                name: self._last_good.get(name, message) if message.faults else message
                for message in messages
                for name in (message.digest.name,)
            }
        return {
            name: preview_page(
                message,
                version=version,
                problems=self.problems,
                digests=tuple(self._last_good),
                stylesheet=f"/site.css?{stylesheet()[1]}",
            )
            for name, message in self._last_good.items()
        }

    def mails(self) -> dict[str, str]:
        """The mails of the latest pages, for their frames."""
        return {name: message.html for name, message in self._last_good.items()}

    def _make(self, loaded: Loaded) -> list[Message]:
        context = wiring.edition_context(loaded, self._store, self._progress, sending=False)
        if self._cache is None:
            self._cache = replace(
                context,
                measure_corpus=lru_cache(_MAX_CACHED_DIGESTS)(context.measure_corpus),
                cluster=lru_cache(_MAX_CACHED_DIGESTS)(context.cluster),
            )
        context = replace(context, measure_corpus=self._cache.measure_corpus, cluster=self._cache.cluster)
        messages = []
        for spec in wiring.digest_specs(loaded, self._digest):
            at = parse_moment(self._at, loaded.digests[spec.name], now=datetime.now(UTC))
            if self._polled != (context.feeds, context.fetch):
                self._collected = collect_for(context, at=at, alone=True)
                self._polled = (context.feeds, context.fetch)
            digest = prepare(spec, context, at=at, preview=True, collected=self._collected).digest
            templates = wiring.templates(loaded, spec.name)
            private = context.fetch.allow_private
            messages.append(
                render(digest, templates=templates, mode=spec.mode, images=spec.images, allow_private=private)
            )
        return messages

    def config_fingerprint(self) -> ConfigFingerprint:
        """Changes whenever a file that the pages depend on changes."""
        return tuple(_fingerprint(path) for path in self._files())

    def folders(self) -> tuple[Path, ...]:
        """The folders of these files."""
        return tuple(sorted({path.parent for path in self._files() if path.parent.is_dir()}))

    def _files(self) -> list[Path]:
        loaded = self._loaded
        folders = {wiring.templates(loaded, name).folder for name in ("", *loaded.digests)} - {None}
        templates = (path for folder in folders if folder for path in sorted(folder.rglob("*")) if path.is_file())
        named = [loaded.path, loaded.base / loaded.settings.opml if loaded.settings.opml else None]
        return [path for path in named if path is not None] + sorted(templates)


def watch(session: PreviewSession, server: PreviewServer, *, stop: threading.Event) -> Iterator[int]:
    """Show the pages, and again after every change, until `stop` is set; yields how often they were shown."""
    number = 0
    while not stop.is_set():
        config_fingerprint = session.config_fingerprint()
        number += 1
        pages = session.pages(str(number))
        server.show(str(number), pages, session.mails())
        yield number
        checks = watchfiles.watch(
            *session.folders(),
            watch_filter=None,
            step=_STEP_MS,
            debounce=4 * _STEP_MS,
            rust_timeout=_POLL_MS,
            yield_on_timeout=True,
            recursive=False,
            stop_event=stop,
        )
        for _ in checks:
            if session.config_fingerprint() != config_fingerprint:
                break


def _fingerprint(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size


def _sentences(error: DigestbotError) -> tuple[str, ...]:
    return tuple(one.sentence for one in error.errors) if isinstance(error, ConfigErrors) else (str(error),)
