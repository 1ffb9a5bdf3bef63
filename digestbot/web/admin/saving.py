"""What pages that change the configuration have in common."""

from __future__ import annotations

import time
from typing import Final

from ...errors import ConfigError, ConfigErrors
from ...settings import Loaded
from ..context import SiteContext

TAKEN_UP: Final = 3.0  # seconds in which a daemon at rest takes a changed file up


def taken_up(context: SiteContext, before: Loaded, *, seconds: float = TAKEN_UP) -> bool:
    """Whether the process follows the new file by now; a daemon that makes an edition does so once that is made."""
    until = time.monotonic() + seconds
    while context.loaded is before and time.monotonic() < until:
        time.sleep(0.05)
    return context.loaded is not before


def sentences(error: ConfigError) -> tuple[str, ...]:
    """Everything that is wrong, a sentence each."""
    return tuple(one.sentence for one in error.errors) if isinstance(error, ConfigErrors) else (error.sentence,)
