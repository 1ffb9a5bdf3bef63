"""The configuration file as text: one `KEY=value` a line, values taken literally.

A value reaches to the end of its line, so that `"Hua Hong", SMIC` and `slack:#chips, slack:#markets` need no
escaping. A ` # ` starts a remark. Quotes are dropped only where they enclose the whole value. Nothing is expanded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)")
_REMARK = re.compile(r"(?:^|\s+)#(?:\s.*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile:
    """What a configuration file says. The repr hides the values: some of them are secrets."""

    path: Path
    values: dict[str, str]
    lines: dict[str, int]  # of each key, from 1
    problems: tuple[ConfigError, ...] = ()  # lines that say nothing, or a key twice

    def __repr__(self) -> str:
        return f"EnvFile({self.path}, {len(self.values)} settings)"


def read_env_file(path: Path) -> EnvFile:
    """Read a configuration file.

    Raises:
        ConfigError: it cannot be read, or is not UTF-8 text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(
            str(path), f"cannot be read: {error.strerror or error}", "write one with `digestbot init`"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), f"is not UTF-8 text (byte {error.start})", "save it as UTF-8") from error
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[ConfigError] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            reason = "is not a setting"
            problems.append(ConfigError(path.name, reason, "write KEY=value, or start the line with #", line=number))
            continue
        key = match[1].upper()
        if key in values:
            reason = f"is set twice in {path.name} (lines {lines[key]} and {number})"
            problems.append(ConfigError(key, reason, "keep one of them", line=number))
            continue
        values[key] = _value(match[2])
        lines[key] = number
    return EnvFile(path=path, values=values, lines=lines, problems=tuple(problems))


def _value(text: str) -> str:
    text = text.strip()
    for quote in "\"'":
        if len(text) >= 2 and text[0] == text[-1] == quote and quote not in text[1:-1]:
            return text[1:-1]
    return _REMARK.sub("", text).strip()
