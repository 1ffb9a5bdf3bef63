"""The watching preview: what was collected once is made into digests again whenever configuration or templates change."""

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
from ..app.zones import parse_time
from ..collect import FetchOptions, PollResult
from ..edition.context import EditionContext
from ..edition.pipeline import collect_for, prepare
from ..errors import ConfigErrors, DigestbotError
from ..model import Feed, Message
from ..ports import Progress, Store
from ..render import preview_page, render
from ..settings import Loaded
from .caching_store import kept
from .preview_server import PreviewServer

_STEP: Final = 50  # milliseconds without a further change before one is looked at
_LOOK: Final = 1_000  # milliseconds after which files are looked at unasked: not every file system tells of changes
_DIGESTS: Final = 16  # for so many the work on their items is kept

ConfigFingerprint = tuple[tuple[str, int, int], ...]


class PreviewSession:
    """Digests made again and again from one store, without sending anything.

    Feeds are asked once, and again only where others are configured; items are read and stories grouped anew only where
    the items are others. The last good form of every digest is kept, to be shown under what is wrong now.
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
        self._store = kept(store)
        self._progress = progress
        self._digest = digest
        self._at = at or datetime.now(UTC).isoformat()
        self._loaded = read()
        self._asked: tuple[tuple[Feed, ...], FetchOptions] | None = None
        self._collected = PollResult()
        self._kept: EditionContext | None = None  # whose work on the same items is not done again
        self._good: dict[str, Message] = {}
        self.problems: tuple[str, ...] = ()  # what was wrong when the pages were made last

    def pages(self, version: str) -> dict[str, str]:
        """The preview page of every digest by name, with what is wrong at its head; each waits for the next version."""
        try:
            self._loaded = self._read()
            made = self._make(self._loaded)
        except DigestbotError as error:
            self.problems = _sentences(error)
        else:
            self.problems = tuple(dict.fromkeys(fault for message in made for fault in message.faults))
            self._good = {
                name: self._good.get(name, message) if message.faults else message
                for message in made
                for name in (message.digest.name,)
            }
        return {
            name: preview_page(message, version=version, problems=self.problems, digests=tuple(self._good))
            for name, message in self._good.items()
        }

    def _make(self, loaded: Loaded) -> list[Message]:
        context = wiring.edition_context(loaded, self._store, self._progress, sending=False)
        if self._kept is None:
            self._kept = replace(
                context, learn=lru_cache(_DIGESTS)(context.learn), cluster=lru_cache(_DIGESTS)(context.cluster)
            )
        context = replace(context, learn=self._kept.learn, cluster=self._kept.cluster)
        made = []
        for spec in wiring.digest_specs(loaded, self._digest):
            at = parse_time(self._at, spec.timezone)
            if self._asked != (context.feeds, context.fetch):
                self._collected = collect_for(context, at=at)
                self._asked = (context.feeds, context.fetch)
            digest = prepare(spec, context, at=at, preview=True, collected=self._collected).digest
            templates = wiring.templates(loaded, spec.name)
            made.append(render(digest, templates=templates, mode=spec.mode, images=spec.images))
        return made

    def config_fingerprint(self) -> ConfigFingerprint:
        """Unlike every earlier one when a file that the pages depend on has changed."""
        return tuple(_stamped(path) for path in self._files())

    def folders(self) -> tuple[Path, ...]:
        """Where these files lie."""
        return tuple(sorted({path.parent for path in self._files() if path.parent.is_dir()}))

    def _files(self) -> list[Path]:
        loaded = self._loaded
        folders = {wiring.templates(loaded, name).folder for name in ("", *loaded.digests)} - {None}
        templates = (path for folder in folders if folder for path in sorted(folder.rglob("*")) if path.is_file())
        named = [loaded.path, loaded.base / loaded.settings.opml if loaded.settings.opml else None]
        return [path for path in named if path is not None] + sorted(templates)


def watch(rehearsal: PreviewSession, live: PreviewServer, *, stop: threading.Event) -> Iterator[int]:
    """Show the pages, and again after every change, until `stop` is set; counts how often."""
    number = 0
    while not stop.is_set():
        config_fingerprint = rehearsal.config_fingerprint()
        number += 1
        live.show(str(number), rehearsal.pages(str(number)))
        yield number
        looks = watchfiles.watch(
            *rehearsal.folders(),
            watch_filter=None,
            step=_STEP,
            debounce=4 * _STEP,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            recursive=False,
            stop_event=stop,
        )
        for _ in looks:
            if rehearsal.config_fingerprint() != config_fingerprint:
                break


def _stamped(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size


def _sentences(error: DigestbotError) -> tuple[str, ...]:
    return tuple(one.sentence for one in error.errors) if isinstance(error, ConfigErrors) else (str(error),)
