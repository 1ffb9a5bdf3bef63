"""What pages that change the configuration have in common."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from starlette.responses import Response

from ...errors import ConfigChanged, ConfigError, ConfigErrors
from ...operations.config_edit import Edit, save
from ...settings import Loaded
from ..context import SiteContext
from .desk import Visit, sentence_for_page

TAKEN_UP: Final = 3.0  # seconds in which a daemon at rest takes a changed file up


def written(visit: Visit, edit: Edit, *, back: str) -> Path | Response:
    """Write a change: where the old version of the file is kept, or the page with the lines to paste and the way `back`.

    Raises:
        ConfigChanged: the file is no longer the one that was changed.
    """
    try:
        return save(edit, now=visit.now)
    except ConfigChanged:
        raise
    except ConfigError as error:
        # By its permissions it could be written, else `why_not` had said so before: the disk is full, or mounted read-only.
        why = edit.why_not or f"{error.key} {error.reason}"
        return visit.page("unwritten.html", status=400, edit=replace(edit, why_not=why), back=visit.context.link(back))


def taken_up(context: SiteContext, before: Loaded, *, seconds: float = TAKEN_UP) -> bool:
    """Whether the process follows the new file by now; a daemon that makes an edition does so once that is made."""
    until = time.monotonic() + seconds
    while context.loaded is before and time.monotonic() < until:
        time.sleep(0.05)
    return context.loaded is not before


def sentences(error: ConfigError) -> tuple[str, ...]:
    """Everything that is wrong, a sentence each."""
    errors = error.errors if isinstance(error, ConfigErrors) else (error,)
    return tuple(map(sentence_for_page, errors))
