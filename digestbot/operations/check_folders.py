"""What `digestbot check` says of the data folder: whether it can be written, without writing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..app.storage import database_url
from ..settings import Loaded
from ..store import FILE
from .finding import Finding

_LEAST_ROOM = 1_000_000  # bytes: one edition with its bodies takes some hundred thousand


def data_folder(loaded: Loaded, data: Path) -> Iterator[Finding]:
    """What would keep a run from writing to it. One that is not there yet is made by the first run."""
    folder = data.absolute()
    database = [] if database_url(loaded) else [folder / FILE]
    in_the_way = f"{folder} is a file, not a folder" if folder.is_file() else ""
    for path in (folder, *database):
        if problem := in_the_way or _unwritable(path):
            fix = "give it to the user that runs digestbot, or choose another folder with --data or DIGESTBOT_DATA"
            yield Finding(level="error", key="data", reason=problem, fix=fix, live=True)
            return
    if _is_full(folder):
        fix = "make room: the next run could not write down what it has sent"
        yield Finding(level="error", key="data", reason=f"the disk of {folder} is full", fix=fix, live=True)


def _is_full(folder: Path) -> bool:
    try:
        disk = os.statvfs(next(one for one in (folder, *folder.parents) if one.exists()))
    except OSError:
        return False
    return disk.f_blocks > 0 and disk.f_bavail * disk.f_frsize < _LEAST_ROOM


def _unwritable(path: Path) -> str:
    """Why nothing can be written to a file or folder, or made where it is missing; empty where it can be."""
    try:
        nearest = next(one for one in (path, *path.parents) if one.exists() or one.is_symlink())
        if nearest != path and not nearest.is_dir():
            return f"{path} cannot be made: {nearest} is a file"
        if os.statvfs(nearest).f_flag & os.ST_RDONLY:
            return f"{nearest} is on a read-only file system"
        rights = os.W_OK | (os.X_OK if nearest.is_dir() else os.R_OK)
        return "" if os.access(nearest, rights) else f"{nearest} cannot be written"
    except OSError as error:
        return f"{path} cannot be looked at: {error.strerror}"
