"""One thing that `digestbot check` tried or looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from ..settings import Loaded
from ..text.web_addresses import masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried or looked at."""

    level: Literal["ok", "hint", "warning", "error"]
    key: str  # the setting, or what it is about
    reason: str
    fix: str = ""
    line: int | None = None  # of the setting in the configuration file
    live: bool = False  # found by asking another machine, or the disk: it may be different in a minute
    configuration: bool = False  # an error of the configuration itself

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        return asdict(self) | {"reason": masked(self.reason)}

    def __str__(self) -> str:
        where = f" (line {self.line})" if self.line else ""
        fix = f"; {self.fix}" if self.fix else ""
        return f"{self.key}{where}: {self.reason}{fix}" + (" [live]" if self.live else "")


def warning(loaded: Loaded, key: str, reason: str, fix: str = "", *, live: bool = False) -> Finding:
    """Something that works, and probably not as it was meant; with the line of its setting."""
    return Finding(level="warning", key=key, reason=reason, fix=fix, line=loaded.lines.get(key), live=live)
