"""Digests into a folder: DIR/<digest>/<edition>/digest.html, digest.txt, digest.json and slack.json."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ...errors import DeliveryError, PermanentFailure, TemporaryFailure
from ...model import Delivery, Message

_PASSING = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EAGAIN, errno.EINTR, errno.ENFILE, errno.EMFILE}
)


class File:
    """Writes the four forms of an edition, each whole or not at all; writing them again changes nothing.

    Args:
        base: the folder that a relative address starts from.
    """

    name = "file"
    visibility_delay = 0.0  # a file that is not there now will not appear by itself

    def __init__(self, base: Path) -> None:
        self._base = base

    def __repr__(self) -> str:
        return f"File({str(self._base)!r})"

    def canonical(self, address: str) -> str:
        """The folder's absolute path."""
        if not address or "\0" in address:
            raise PermanentFailure(f"{address!r} is not a folder")
        return os.path.normpath(self._base.absolute() / Path(address).expanduser())

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        """One JSON document that maps file names to their content; `now` does not show."""
        del now
        files = {
            "digest.html": message.html,
            "digest.txt": message.text,
            "digest.json": message.json,
            "slack.json": json.dumps([dict(part) for part in message.slack], ensure_ascii=False, indent=2) + "\n",
        }
        return (json.dumps(files, ensure_ascii=False).encode(),)

    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        """Every folder gets the same."""
        del delivery
        return body

    def send(self, delivery: Delivery, *, parent: str) -> str:
        """Write the files and return their folder."""
        del parent
        folder = self._folder(delivery)
        failure: DeliveryError
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in _files(delivery).items():
                _write(folder / name, content)
            _sync(folder)
        except OSError as error:
            failure = _refusal(folder, error)
        else:
            return str(folder)
        raise failure

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        """The folder, when every file in it holds what was to be written."""
        del parent
        folder = self._folder(delivery)
        try:
            there = all((folder / name).read_bytes() == content for name, content in _files(delivery).items())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _refusal(folder, error) from None
        return str(folder) if there else None

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        """The same bytes replace themselves."""
        del delivery
        return True

    def check(self) -> str:
        """There is no account to try: see check_recipient."""
        return "files can be written"

    def check_recipient(self, address: str) -> None:
        """Whether files may be written in a folder, which need not be there yet; changes nothing."""
        folder = Path(self.canonical(address))
        try:
            nearest = next(one for one in (folder, *folder.parents) if one.exists() or one.is_symlink())
            if not nearest.is_dir():
                raise PermanentFailure(f"{folder} cannot be written: {nearest} is a file, not a folder")
            if not os.access(nearest, os.W_OK | os.X_OK) or os.statvfs(nearest).f_flag & os.ST_RDONLY:
                raise PermanentFailure(f"{folder} cannot be written: check who owns {nearest}")
        except OSError as error:
            raise _refusal(folder, error) from None

    def close(self) -> None:
        """Nothing stays open between writes."""

    def _folder(self, delivery: Delivery) -> Path:
        name = delivery.digest
        if Path(name).name != name or name in {"", ".", ".."}:
            raise PermanentFailure(f"the digest's name {name!r} cannot be a folder's")
        return Path(self.canonical(delivery.recipient.address)) / name / delivery.edition.isoformat()


def _files(delivery: Delivery) -> Mapping[str, bytes]:
    return {name: content.encode("utf-8", "replace") for name, content in json.loads(delivery.payload).items()}


def _write(path: Path, content: bytes) -> None:
    """A reader, or a crash, meets the old file or the new one, never half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """A new name survives a power cut only when its folder is synced too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refusal(folder: Path, error: OSError) -> DeliveryError:
    reason = f"{folder} cannot be written: {error.strerror or error}"
    if error.errno in _PASSING:
        return TemporaryFailure(reason)
    return PermanentFailure(f"{reason}; check the path and who owns it")
