"""Change settings in the configuration file that is in use: shown first, read back, then written whole; or not at all.

What cannot be written, because the file may not be or because the settings come from the environment, is shown as lines to paste.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, Literal

from ..app import wiring
from ..app.feeds import configured_feeds
from ..errors import ConfigChanged, ConfigError, ConfigErrors
from ..settings import Loaded, loaded_from
from ..settings.envfile import EnvFile, create_file, line_for, read_env_file

KEPT: Final = 10  # old versions beside the file
_SAVING = threading.Lock()
_RELOAD = "open the page again: what you typed is shown there beside the new file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The configuration file as it lies on the disk now."""

    file: EnvFile | None  # None where everything comes from the environment
    folder: Path  # where relative paths start
    mark: str  # another one once the file has other bytes
    why_not: str = ""  # why nothing can be written; empty where something can


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """A line that goes or comes."""

    sign: Literal["-", "+"]
    number: int  # in the old file, or in the new one; from 1
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change that was read back, and not written yet. The repr hides the file: some of its values are secrets."""

    file: EnvFile | None
    mark: str  # of the file that it changes
    loaded: Loaded = field(repr=False)  # what the configuration would be
    diff: tuple[DiffLine, ...]  # without the lines around it: one of them may be a secret
    paste: tuple[str, ...]  # the lines that are new or other
    take_out: tuple[str, ...]  # keys whose lines go
    why_not: str = ""  # why it cannot be written; empty where it can


def opened(loaded: Loaded) -> Opened:
    """The file that a configuration was read from.

    Raises:
        ConfigError: it cannot be read any more.
    """
    if loaded.path is None:
        why = "there is no configuration file: all settings come from the environment"
        return Opened(file=None, folder=loaded.base, mark="", why_not=why)
    file = read_env_file(loaded.path)
    return Opened(file=file, folder=loaded.base, mark=_mark(file), why_not=_not_writable(loaded.path))


def edited(of: Opened, settings: Mapping[str, str | None], loaded: Loaded, environ: Mapping[str, str]) -> Edit:
    """The file with other settings, read back as at the next start.

    Args:
        of: the file.
        settings: by key, the new values; None takes a setting out.
        loaded: the configuration in use. What is wrong with it already does not hold a change up.
        environ: variables that win over the file.

    Raises:
        ConfigErrors: the configuration could not be used so.
        ConfigError: no line can hold a value.
    """
    now = (of.file.values if of.file else {}) | {key.upper(): value for key, value in environ.items()}
    settings = {key: value for key, value in settings.items() if now.get(key) != value}
    wanted = {key: value for key, value in settings.items() if value is not None}
    own = {key.upper() for key in environ} & settings.keys()
    why_not = of.why_not
    if own and not why_not:
        why_not = f"{', '.join(sorted(own))} comes from the environment of the process, which wins over the file"
    if of.file is None or own:
        # What is pasted there wins over the file; how it would be read is known from there, too.
        taken = {key: value for key, value in environ.items() if settings.get(key.upper(), "") is not None}
        changed = of.file
        environ = {key: value for key, value in taken.items() if key.upper() not in wanted} | wanted
    else:
        changed = _with_settings(of.file, settings)
    made = loaded_from(changed, environ, folder=of.folder)
    if problems := [error for said, error in _problems(made).items() if said not in _problems(loaded)]:
        raise ConfigErrors(problems)
    return Edit(
        file=changed,
        mark=of.mark,
        loaded=made,
        diff=tuple(_diff(of.file, changed)) if of.file and changed else (),
        paste=tuple(line_for(key, value) for key, value in wanted.items()),
        take_out=tuple(key for key, value in settings.items() if value is None),
        why_not=why_not,
    )


def save(edit: Edit, *, now: datetime) -> Path:
    """Write a change; returns where the old version of the file is kept.

    Raises:
        ConfigChanged: the file is no longer the one that was changed; it stays as it is.
        ConfigError: it cannot be written.
    """
    if edit.file is None or edit.why_not:
        raise ConfigError("configuration", f"was not written: {edit.why_not}", "paste the lines yourself")
    with _SAVING:
        return _write(edit, now)


def _write(edit: Edit, now: datetime) -> Path:
    assert edit.file is not None  # noqa: S101 -- `save` looked
    target = edit.file.path.resolve()
    before = read_env_file(edit.file.path)
    _require_same(edit, before)
    kept = _keep(target, before, now)
    _require_same(edit, read_env_file(edit.file.path))
    try:
        edit.file.save()
    except ConfigError:
        kept.unlink(missing_ok=True)
        raise
    _forget_old(target)
    return kept


def _require_same(edit: Edit, file: EnvFile) -> None:
    if _mark(file) != edit.mark:
        reason = "was changed by somebody else since this page was opened; nothing was overwritten"
        raise ConfigChanged(file.path.name, reason, _RELOAD)


def _mark(file: EnvFile) -> str:
    return hashlib.sha256("".join(file.text).encode()).hexdigest()[:32]


def _not_writable(path: Path) -> str:
    """By the permissions alone: an administrator's process could write what is marked as not to be written."""
    target = path.resolve()
    if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
        return f"{path} may not be written"
    if not os.access(target.parent, os.W_OK):
        return f"{path} may not be written: its folder takes no new file"
    return ""


def _with_settings(file: EnvFile, settings: Mapping[str, str | None]) -> EnvFile:
    for key, value in settings.items():
        if value is not None and key not in file.values:
            file = file.with_settings({key: value}, below=_last_of_kind(file, key))
        elif value is not None:
            file = file.with_value(key, value)
    # Last, so that a new line finds its family.
    return file.without([key for key, value in settings.items() if value is None and key in file.values])


def _last_of_kind(file: EnvFile, key: str) -> int | None:
    """The line below which a new setting stands: the last one of the same name, else of the same family, else none."""
    words = key.split("__")
    for length in range(min(len(words), 2), 0, -1):
        head = "__".join(words[:length])
        lines = [at for one, at in file.lines.items() if one == head or one.startswith(f"{head}__")]
        if lines:
            return max(lines)
    return None


def _problems(loaded: Loaded) -> dict[str, ConfigError]:
    """What `serve` would refuse to take up, by its sentence."""
    try:
        wiring.require_deliverable(loaded, wiring.digest_specs(loaded))
        configured_feeds(loaded)
    except ConfigErrors as errors:
        return {str(error): error for error in errors.errors}
    except ConfigError as error:
        return {str(error): error}
    return {}


def _diff(old: EnvFile, new: EnvFile) -> Iterator[DiffLine]:
    before, after = ([line.rstrip("\r\n") for line in file.text] for file in (old, new))
    for _, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if before[i1:i2] != after[j1:j2]:
            yield from (DiffLine(sign="-", number=at + 1, text=before[at]) for at in range(i1, i2))
            yield from (DiffLine(sign="+", number=at + 1, text=after[at]) for at in range(j1, j2))


def _keep(target: Path, file: EnvFile, now: datetime) -> Path:
    """Write the old version beside the file, named after the moment, for its owner alone."""
    stem = f"{target.name}.{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for name in (stem, *(f"{stem}-{number}" for number in range(2, KEPT + 2))):
        kept = target.with_name(name)
        try:
            create_file(kept, file.text)
        except FileExistsError:
            continue
        except OSError as error:
            reason = f"was not written: its old version cannot be kept beside it ({error.strerror})"
            raise ConfigError(str(target), reason, "make room, or let digestbot write to its folder") from error
        return kept
    raise ConfigError(str(target), "was changed too often within a second", "try again")


def _forget_old(target: Path) -> None:
    name = re.compile(re.escape(target.name) + r"\.\d{8}T\d{6}Z(-\d+)?")
    kept = sorted((one for one in target.parent.iterdir() if name.fullmatch(one.name)), key=lambda one: one.name)
    for one in kept[:-KEPT]:
        one.unlink(missing_ok=True)
