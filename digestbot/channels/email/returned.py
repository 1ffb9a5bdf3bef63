"""The mailbox of returned mails as its settings describe it: what is wrong with them, and the one to read."""

# ruff: noqa: PLC0415 -- ssl and imaplib take time to import, and only what reads needs them

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ...errors import ConfigError
from ...ports import Advice, ReturnedMailbox
from .settings import BounceSettings, SmtpSettings

BOX_KEY: Final = "DIGESTBOT_SMTP__BOUNCES"
_PREFIX: Final = "DIGESTBOT_BOUNCES__"


def return_box(settings: Mapping[str, Any]) -> str:
    """The address that mails come back to; empty where none is set."""
    path: str = settings["smtp"].bounces
    return path


def returned_mailbox(settings: Mapping[str, Any], *, base: Path) -> ReturnedMailbox | None:
    """The mailbox to read, None where none is set; connects to nobody yet.

    Args:
        settings: of the channels, by their names.
        base: the folder that relative paths in settings start from.
    """
    bounces: BounceSettings = settings["bounces"]
    if bounces.maildir is not None:
        from .maildir import MaildirMailbox

        return MaildirMailbox(base / bounces.maildir.expanduser())
    if not bounces.host:
        return None
    from .imap import ImapMailbox

    return ImapMailbox(
        bounces.host,
        bounces.effective_port,
        username=bounces.username,
        password=bounces.password.get_secret_value() if bounces.password else "",
        folder=bounces.folder,
        security=bounces.security,
        ca_file=base / bounces.ca_file if bounces.ca_file else None,
        timeout=bounces.timeout.total_seconds(),
    )


def mailbox_problems(bounces: BounceSettings) -> tuple[ConfigError, ...]:
    """What is missing or cannot be right before the mailbox can be read."""
    password = f"put it here, or the name of its file into {_PREFIX}PASSWORD_FILE"
    checks = (
        (
            bool(bounces.host) and bounces.maildir is not None,
            "HOST",
            f"stands beside {_PREFIX}MAILDIR",
            "keep one of them",
        ),
        (
            bool(bounces.host) and not bounces.username,
            "USERNAME",
            "is missing, and a host is set",
            "write the name of the account",
        ),
        (
            bool(bounces.username) and bounces.password is None,
            "PASSWORD",
            "is missing, and a user name is set",
            password,
        ),
    )
    return tuple(ConfigError(_PREFIX + name, why, fix) for wrong, name, why, fix in checks if wrong)


def mailbox_advice(smtp: SmtpSettings, bounces: BounceSettings) -> Iterator[Advice]:
    """Returned mails that nobody reads, and settings that have no effect."""
    is_read = bool(bounces.host) or bounces.maildir is not None
    if smtp.bounces and not is_read:
        fix = f"set {_PREFIX}MAILDIR or {_PREFIX}HOST, or have your mail provider call the site"
        yield Advice(BOX_KEY, "names a mailbox that is not read here", fix)
    if is_read and not smtp.bounces:
        why = "is not set: what comes back proves nothing, and suppresses nobody"
        yield Advice(BOX_KEY, why, "write the address of the mailbox, as in bounces@example.com", "warning")
    if is_read:
        wanted = ("flufl.bounce", *(("imapclient",) if bounces.host else ()))
        if not all(_is_installed(name) for name in wanted):
            yield Advice(BOX_KEY, "needs one more package", "pip install 'digestbot[bounces]'", "warning")
    elif bounces.model_fields_set:
        name = next(iter(sorted(bounces.model_fields_set))).upper()
        why = f"has no effect: without {_PREFIX}HOST or {_PREFIX}MAILDIR nothing is read"
        yield Advice(_PREFIX + name, why, "take it out", "warning")


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # of a package inside one that is not there
        return False
