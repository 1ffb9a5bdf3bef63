"""Why a digest could not be made, in words that hold no secret."""

from __future__ import annotations

import logging

from ..errors import DigestbotError, lack

LOG = logging.getLogger("digestbot")


def log_failure(name: str, error: Exception) -> str:
    """Log why a digest could not be made, with a traceback for an unexpected error; returns the reason in words.

    The text of an exception that is not ours may hold a secret. Reports and alerts name its type only; the traceback
    goes to the log, where secrets are masked.
    """
    reason = failure_in_words(error)
    LOG.error("digest=%s %s", name, reason, exc_info=error if is_ours(error) else None)
    return reason


def failure_in_words(error: Exception) -> str:
    """The reason that reports and alerts give."""
    if is_ours(error):
        return f"internal error ({type(error).__name__}), see the log"
    return str(error) if isinstance(error, DigestbotError) else lack(error)


def is_ours(error: Exception) -> bool:
    """Whether it is a fault of digestbot itself, whose traceback belongs into the log."""
    return not isinstance(error, DigestbotError) and not lack(error)
