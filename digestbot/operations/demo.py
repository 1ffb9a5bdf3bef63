"""`digestbot demo`: the whole main job on the sample newsroom, without configuration or network.

The samples are served over loopback HTTP and fetched like any feed; the digest goes to files.
"""

from __future__ import annotations

import functools
import http.server
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..app import wiring
from ..app.storage import working_store
from ..edition.pipeline import Outcome, run
from ..errors import ConfigError
from ..model import FeedKind
from ..ports import Progress
from ..resources import resource
from ..settings import load

# The mornings for which the samples were written: fixed times make every demo the same.
MORNINGS = tuple(datetime.fromisoformat(f"2026-05-{day}T07:30:00+08:00") for day in (25, 26, 27))


class _Newsroom(http.server.SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012 -- the library reads it from the class
        ".rss": "application/rss+xml",
        ".rdf": "application/rdf+xml",
        ".atom": "application/atom+xml",
        ".xml": "application/xml",
        ".json": "application/feed+json",
        ".html": "text/html; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
    }

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the library's name
        """No line a request: the demo shows its own progress."""


@contextmanager
def newsroom() -> Iterator[str]:
    """Serve the samples on a free loopback port; yields their address."""
    handler = functools.partial(_Newsroom, directory=str(resource("samples")))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def demo(out: Path, progress: Progress) -> Outcome:
    """Make the sample editions of three mornings, delivered to files under `out`; returns the outcome of the last one.

    The third leaves out stories of the first two that bring nothing new, and shows those with news as updates.

    Raises:
        ConfigError: there can be no such folder.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("--out", f"{out} cannot be made: {error.strerror}", "choose another folder") from None
    with newsroom() as address, tempfile.TemporaryDirectory(prefix="digestbot-demo-") as folder:
        config = Path(folder) / "config.env"
        text = (resource("samples") / "demo.env").read_text(encoding="utf-8")
        config.write_text(text.replace("${NEWSROOM}", address), encoding="utf-8")
        given = {
            "DIGESTBOT_DIGESTS__MORNING__TO": f"file:{out.resolve()}",
            # Private addresses are refused unless they are named, so that no feed can make digestbot ask a local
            # network.
            "DIGESTBOT_FETCH__ALLOW_PRIVATE": "127.0.0.0/8",
        }
        loaded = load(config, given, folder=Path(folder))
        (spec,) = wiring.digest_specs(loaded)
        with working_store(loaded, Path(folder) / "data") as store:
            context = wiring.edition_context(loaded, store, progress, sending=True)
            # All samples come from this machine, so the pause between two requests to one host serves nobody.
            context = replace(context, fetch=replace(context.fetch, gap=0.0))
            # The pages have no dates: read on an earlier morning, they would count as news of that one.
            feeds_alone = replace(context, feeds=tuple(feed for feed in context.feeds if feed.kind is FeedKind.FEED))
            for morning in MORNINGS[:-1]:
                run(spec, feeds_alone, at=morning)
            return run(spec, context, at=MORNINGS[-1])
