"""Everything digestbot raises. A message says what, which, why, and what to do.

DigestbotError
├── ConfigError          a setting is missing or wrong (exit 2)
│   ├── ConfigErrors     several of them at once
│   └── ConfigChanged    the file is no longer what it was when it was shown
├── CollectError         a feed or page could not be read; becomes a Failure
├── StoreError           the database could not be opened, read or written
│   ├── DataFolderLocked another process works on the data folder
│   ├── DataFolderGone   it was moved or deleted under whoever works on it
│   └── StoreUnavailable the database does not answer now, and may in a moment
├── Stopped              a signal ended the work before it was done
├── TemplateError        a template is missing, wrong, or breaks its contract
└── DeliveryError        a message did not certainly arrive
    ├── PermanentFailure it did not arrive and never will
    ├── ContentRejected  it did not arrive; a smaller or plainer one may
    ├── TemporaryFailure it did not arrive; the same may arrive later
    └── OutcomeUnknown   nobody can tell yet whether it arrived

No message, argument or repr of these ever holds a secret.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from typing import Final

_DISK_FULL: Final = "the disk is full: make room, then try again; what was stored before is safe"
_DESCRIPTORS: Final = "too many files are open: raise LimitNOFILE of its service, or `ulimit -n`"
_LACKS: Final[Mapping[int, str]] = {
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EMFILE: _DESCRIPTORS,
    errno.ENFILE: _DESCRIPTORS,
    errno.ENOMEM: "the memory is used up: end other programs, or give this one more",
}


def lack(error: BaseException) -> str:
    """What the system has none left of, and what to do; empty for every other error."""
    return _LACKS.get(error.errno or 0, "") if isinstance(error, OSError) else ""


class DigestbotError(Exception):
    """The root: catch this to catch everything digestbot means to raise."""


class ConfigError(DigestbotError):
    """A setting is missing or wrong.

    Args:
        key: the full name of the setting, as it stands in the file.
        reason: what is wrong with it, without repeating a secret.
        fix: what to write instead.
        line: where the setting stands in the configuration file, from 1; None when it is not there.
    """

    def __init__(self, key: str, reason: str, fix: str = "", *, line: int | None = None) -> None:
        self.key = key
        self.reason = reason
        self.fix = fix
        self.line = line
        super().__init__(f"{key}: {reason}" + (f" ({fix})" if fix else ""))

    @property
    def sentence(self) -> str:
        """The whole of it in one line, with its place in the file."""
        where = f" (line {self.line})" if self.line else ""
        return f"{self.key}{where}: {self.reason}" + (f"; {self.fix}" if self.fix else "")


class ConfigErrors(ConfigError):
    """Everything that is wrong with a configuration, so that it can be mended in one go."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        self.errors = tuple(errors)
        super().__init__("configuration", "; ".join(str(error) for error in errors))


class ConfigChanged(ConfigError):
    """The configuration file is no longer what it was when a change to it was begun."""


class Stopped(DigestbotError):
    """A signal ended the work between two steps. The next run goes on from there."""


class CollectError(DigestbotError):
    """A feed or page could not be read. `permanent` means that asking again will not help (410 Gone)."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        self.reason = reason
        self.permanent = permanent
        super().__init__(reason)


class StoreError(DigestbotError):
    """The database could not be opened, read or written."""


class DataFolderLocked(StoreError):
    """Another process works on the data folder."""


class DataFolderGone(StoreError):
    """The data folder, or the database in it, was moved, deleted or replaced under a process that works on it."""


class StoreUnavailable(StoreError):
    """The database does not answer, or somebody else holds what is wanted: the same may work in a moment."""


class TemplateError(DigestbotError):
    """A template is missing, has an error, or does not make what its form needs."""


class DeliveryError(DigestbotError):
    """A message did not certainly arrive."""


class PermanentFailure(DeliveryError):
    """It did not arrive and never will: unknown channel, bad address, wrong password.

    `account` is set when the reason lies with our own login, so that every delivery of that account stops; `address_gone` when
    it lies with the address itself, so that no other message would arrive there either.
    """

    def __init__(self, reason: str, *, account: bool = False, address_gone: bool = False) -> None:
        self.account = account
        self.address_gone = address_gone
        super().__init__(reason)


class ContentRejected(DeliveryError):
    """The far side refused the content itself; a smaller or plainer message may be accepted."""


class TemporaryFailure(DeliveryError):
    """It did not arrive; the same message may be accepted later.

    `retry_after` is what the far side asked for, in seconds, where it asked, or what is usual for its answer.
    `account` is set when every delivery of that account would meet the same: no connection, a rate limit; `throttled` where it
    was told to send less. `begun` says whether any of the message may have gone out: if not, another account may send it.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        account: bool = False,
        throttled: bool = False,
        begun: bool = True,
    ) -> None:
        self.retry_after = retry_after
        self.account = account or throttled
        self.throttled = throttled
        self.begun = begun
        super().__init__(reason)


class OutcomeUnknown(DeliveryError):
    """The connection ended after the message was handed over: it may or may not have arrived."""
