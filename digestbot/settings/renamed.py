"""Settings that have another name since an earlier release: an old file gets one error for each, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..errors import ConfigError
from .options import CHANNELS, PREFIX

# Without DIGESTBOT_; * is a name of the owner's. A channel names its own in `ChannelPlugin.renamed`.
RENAMED: Final[Mapping[str, str]] = {
    "DIGESTS__*__QUIET": "DIGESTS__*__WHEN_EMPTY",
    "DIGESTS__*__CATCH_UP": "DIGESTS__*__MAX_DELAY",
}


def renamed_key(key: str) -> ConfigError | None:
    """What to write instead of a setting's former name; None where it is none."""
    for old, new in {**RENAMED, **CHANNELS.renamed}.items():
        # A double underscore divides levels, so a name of the owner's never holds one.
        pattern = re.escape(PREFIX + old).replace(r"\*", "((?:(?!__).)+)")
        if match := re.fullmatch(pattern, key):
            today = PREFIX + new.replace("*", match[1] if match.groups() else "")
            return ConfigError(key, f"is called {today} now", "change the name; its value stays as it is")
    return None
