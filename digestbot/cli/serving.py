"""`digestbot serve` and `digestbot web`: what runs until it is stopped."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .shell import Config, Data, commands, data_of, exit_on_error, read, start_log
from .signals import stop_on_signal

if TYPE_CHECKING:
    from ..settings import Loaded

serving = commands()


@serving.command("serve")
def serve_command(config: Config = None, data: Data = None) -> None:
    """Collect and deliver on schedule until stopped; serve the site, where DIGESTBOT_WEB__LISTEN says at which address."""
    from ..operations.serve import serve
    from ..operations.service_manager import service_manager

    reload = threading.Event()
    with exit_on_error(), stop_on_signal(reload=reload.set) as signals:
        folder = data_of(read(config), data)
        manager = service_manager(os.environ)
        serve(partial(_read_and_log, config), folder, stop=signals.stop, reload=reload, beside=_site, manager=manager)


@serving.command("worker")
def worker_command(
    collect: Annotated[bool, typer.Option("--collect", help="Ask feeds.")] = False,
    make: Annotated[bool, typer.Option("--make", help="Make editions.")] = False,
    deliver: Annotated[bool, typer.Option("--deliver", help="Deliver.")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Do what is in the queue until stopped, all of it or some kinds: one more process on the PostgreSQL of a `serve`."""
    from ..model import JobKind
    from ..operations.worker import serve_queue

    asked = {JobKind.COLLECT: collect, JobKind.MAKE: make, JobKind.DELIVER: deliver}
    kinds = [kind for kind, wanted in asked.items() if wanted] or list(JobKind)
    with exit_on_error(), stop_on_signal() as signals:
        folder = data_of(read(config), data)
        serve_queue(partial(_read_and_log, config), folder, kinds=kinds, stop=signals.stop)


@serving.command("web")
def web_command(config: Config = None, data: Data = None) -> None:
    """Serve the site alone until stopped: beside a `serve` on another machine, or one that has no site."""
    from ..web.running import serve_site

    with exit_on_error(), stop_on_signal() as signals:
        serve_site(partial(_read_and_log, config), data_of(read(config), data), stop=signals.stop)


@contextmanager
def _site(current: Callable[[], Loaded], data: Path, changed: Callable[[], object]) -> Iterator[None]:
    """The site where one is wanted; else nothing of it is even loaded."""
    if not current().settings.web.listen:
        yield
        return
    from ..web.running import site_beside

    with site_beside(current, data, changed):
        yield


def _read_and_log(path: Path | None) -> Loaded:
    loaded = read(path, works=True)
    start_log(loaded.secrets, quiet=False, form=loaded.settings.log)
    return loaded
