"""Returned mails in a Maildir (cr.yp.to/proto/maildir.html): what was read is moved to cur/ with the flag S."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from ...errors import PermanentFailure, TemporaryFailure
from ...ports import MOST_MAIL_BYTES, UnreadMail

_SEEN, _TRASHED = "S", "T"
_INFO: Final = ":2,"  # then the flags, in the order of ASCII
_FIX: Final = "name a folder that holds new/ and cur/, and that digestbot may write to, in DIGESTBOT_BOUNCES__MAILDIR"


class MaildirMailbox:
    """`ports.ReturnedMailbox` on a folder of this machine.

    Args:
        folder: with new/ and cur/ in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: dict[str, Path] = {}  # of mails that were given: to look for each anew takes long where many lie

    def unread(self, *, limit: int) -> Iterator[UnreadMail]:
        # Their names begin with the second in which they came. Links and pipes are nobody's mail.
        for name, path in sorted(self._unread())[:limit]:
            try:
                with path.open("rb") as file:
                    data = file.read(MOST_MAIL_BYTES)
            except FileNotFoundError:
                continue  # another program moved it meanwhile
            except OSError as error:
                raise self._failure(error) from None
            self._places[name] = path
            yield UnreadMail(name, data)

    def mark_read(self, names: Collection[str]) -> None:
        moved = {name for name in names if not self._is_marked(name, self._places.pop(name, None))}
        if moved:  # by another program, which may have flagged it
            for name, path in self._unread():
                if name in moved:
                    self._is_marked(name, path)

    def _is_marked(self, name: str, path: Path | None) -> bool:
        """Whether the mail was there, and is marked now."""
        if path is None:
            return False
        flags = "".join(sorted({*path.name.partition(_INFO)[2], _SEEN}))
        try:
            path.rename(self._folder / "cur" / f"{name}{_INFO}{flags}")
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._failure(error) from None
        return True

    def check(self) -> str:
        count = len(self._unread())
        if not os.access(self._folder / "cur", os.W_OK):
            raise PermanentFailure(f"what was read cannot be moved to cur/: {_FIX}", account=True)
        return f"the Maildir can be read, with {count} unread"

    def close(self) -> None:
        self._places.clear()

    def _unread(self) -> list[tuple[str, Path]]:
        """Their names without flags, and where they are."""
        try:
            return [
                (entry.name.partition(_INFO)[0], Path(entry.path))
                for part in ("new", "cur")
                for entry in os.scandir(self._folder / part)
                if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False) and _is_unread(entry.name)
            ]
        except OSError as error:
            raise self._failure(error) from None

    def _failure(self, error: OSError) -> PermanentFailure | TemporaryFailure:
        # Without the path: in its setting may stand a password that slipped.
        reason = f"the Maildir cannot be read: {error.strerror or type(error).__name__}"
        if isinstance(error, FileNotFoundError | NotADirectoryError | PermissionError):
            return PermanentFailure(f"{reason}; {_FIX}", account=True)
        return TemporaryFailure(reason, account=True)


def _is_unread(name: str) -> bool:
    flags = name.partition(_INFO)[2]
    return _SEEN not in flags and _TRASHED not in flags
