"""What Slack's answers mean for a delivery, and what to do about what they complain of.

The codes and their meanings are those of docs.slack.dev's page on chat.postMessage.
"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from slack_sdk.errors import SlackApiError

from ...errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure
from ...text.sanitise import one_line, shorten
from ..exchange import ProxyUnusable, reason_of
from .straight import NOT_FOLLOWED

LONGEST_WAIT: Final = 900.0  # seconds; a daily digest that waits longer than a quarter of an hour asks again instead

_INVITE = frozenset({"not_in_channel", "channel_not_found"})

_CODE = re.compile(r"[a-z0-9_]{1,80}")
_SCOPES = re.compile(r"[a-z0-9_.:,-]{1,200}")
_TOKEN_LIKE = re.compile(r"xox[a-z]+-[\w-]+")

_TOKEN: Final[Mapping[str, str]] = {
    "invalid_auth": "copy the Bot User OAuth Token (xoxb-...) from the app's page OAuth & Permissions",
    "not_authed": "set the Bot User OAuth Token (xoxb-...) of the app",
    "token_revoked": "reinstall the app to the workspace and set its new token",
    "token_expired": "turn token rotation off for the app, or set a fresh token",
    "account_inactive": "reinstall the app to the workspace and set its new token",
    "not_allowed_token_type": "set the Bot User OAuth Token (xoxb-...), no other kind of token",
    "org_login_required": "ask an administrator to finish the workspace's migration",
    "ekm_access_denied": "ask an administrator: the workspace's encryption keys are suspended",
    "access_denied": "ask an administrator to allow the app",
    "team_access_not_granted": "ask an administrator to grant the app this workspace",
}
_CHANNEL: Final[Mapping[str, str]] = {
    "channel_not_found": "check the name or give the channel's ID; if it is private, invite the bot: "
    "/invite {bot} in {address}",
    "not_in_channel": "invite the bot: /invite {bot} in {address}",
    "is_archived": "unarchive {address} or choose another channel",
    "no_permission": "ask an administrator to let the app post in {address}",
    "team_not_found": "give the channel's ID instead of its name",
    "metadata_too_large": "report it: the key of a delivery is 36 characters long",
}
_CONTENT: Final = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "invalid_attachments",
        "too_many_attachments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "markdown_text_conflict",
    }
)
_WAIT: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org"})
_DOUBT: Final = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The part of a refusal that matters."""

    status: int
    code: str  # Slack's name for the error; empty when the answer was not its JSON
    detail: str = ""
    needed: str = ""  # the scope that was missing
    retry_after: float | None = None

    @classmethod
    def of(cls, error: SlackApiError) -> Self:
        """Read the SDK's error; an answer that is not Slack's JSON has no code."""
        response = error.response
        data: Mapping[str, Any] = response.data if isinstance(response.data, dict) else {}
        code = str(data.get("error") or "")
        if not _CODE.fullmatch(code):  # the SDK puts its own sentence here when the body was no JSON
            code = ""
        return cls(
            status=int(response.status_code),
            code=code,
            detail=_detail(data),
            needed=needed if _SCOPES.fullmatch(needed := str(data.get("needed") or "")) else "",
            retry_after=wait_asked_for(response.headers),
        )


def classify(answer: Answer, *, address: str, bot: str) -> DeliveryError:  # noqa: PLR0911 -- a table reads best as one
    """The error to raise for a request that Slack answered, but not with ok.

    Args:
        answer: what it said.
        address: the channel as it is written in the configuration, to name it in what to do.
        bot: the bot's name with its @, as well.
    """
    code = answer.code
    if 300 <= answer.status < 400:
        reason = NOT_FOLLOWED.format(status=answer.status)
        return PermanentFailure(f"Slack's address {reason}; check DIGESTBOT_SLACK__API_URL", account=True)
    if answer.status == 429 or code in _WAIT:
        return TemporaryFailure("Slack asks to wait: too many messages", retry_after=answer.retry_after, account=True)
    if answer.status >= 500 or code in _DOUBT or (not code and answer.status < 400):
        return OutcomeUnknown(f"Slack failed in between ({code or f'HTTP {answer.status}, not JSON'})")
    if not code:
        return PermanentFailure(f"HTTP {answer.status} instead of Slack's answer: check the API address", account=True)
    if code == "missing_scope":
        return PermanentFailure(scope(answer.needed or "chat:write"), account=True)
    if code in _TOKEN:
        return PermanentFailure(f"Slack refused the token ({code}): {_TOKEN[code]}", account=True)
    if code in _CONTENT:
        return ContentRejected(f"Slack refused the content ({code}{answer.detail})")
    if code.startswith("restricted_action"):
        return PermanentFailure(f"Slack refused {address} ({code}): ask an administrator who may post there")
    fix = _CHANNEL.get(code, "see docs.slack.dev, chat.postMessage, Errors")
    return PermanentFailure(
        f"Slack refused {address or 'the request'} ({code}): {fix.format(address=address, bot=bot)}"
    )


def scope(name: str) -> str:
    """How to give the app one more scope."""
    return f"add the scope {name} to the app (OAuth & Permissions, Bot Token Scopes) and reinstall it"


def _answered(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    assert isinstance(error, SlackApiError)  # noqa: S101 -- the row's kind
    answer = Answer.of(error)
    return classify(answer, address=address, bot=bot() if answer.code in _INVITE and address else "")


def _untrusted(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    del address, bot
    why = getattr(error, "verify_message", "")
    return PermanentFailure(f"Slack's certificate was not trusted ({why}): check the clock and any proxy", account=True)


def _unreachable(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    del address, bot
    cause = getattr(error, "reason", error)  # a URLError wraps what happened, and its words begin with a number
    said = getattr(cause, "strerror", None) or str(cause) or "no answer"
    return TemporaryFailure(f"Slack cannot be reached: {shorten(one_line(said), 200)}", account=True)


def _no_proxy(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    del address, bot
    return PermanentFailure(str(error), account=True)


def _broken_way(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    del address, bot
    why = type(error).__name__
    return TemporaryFailure(f"Slack cannot be reached: the way there is broken ({why}); check any proxy", account=True)


def _not_asked(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    """The words of the exception may hold a proxy's password."""
    del address, bot
    fix = "check the address in the settings and any HTTPS_PROXY"
    return PermanentFailure(f"Slack cannot be asked ({type(error).__name__}): {fix}", account=True)


def _ours(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    del address, bot
    assert isinstance(error, DeliveryError)  # noqa: S101 -- the row's kind
    return error


def _in_doubt(error: Exception, address: str, bot: Callable[[], str]) -> DeliveryError:
    """Once the request is out, any failure leaves the same doubt: a timeout, a broken connection, half an answer."""
    del address, bot
    return OutcomeUnknown(f"Slack gave no usable answer ({type(error).__name__})")


_Rows = tuple[tuple[type[Exception], Callable[[Exception, str, Callable[[], str]], DeliveryError]], ...]
# The first row whose kind an exception is of decides. Once the first byte of the request had left:
RAISED: Final[_Rows] = (
    (SlackApiError, _answered),
    (Exception, _in_doubt),
)
# Before it: nothing can have arrived.
NEVER_LEFT: Final[_Rows] = (
    (DeliveryError, _ours),
    (ssl.SSLCertVerificationError, _untrusted),
    (ProxyUnusable, _no_proxy),
    (OSError, _unreachable),
    (http.client.InvalidURL, _not_asked),
    (http.client.HTTPException, _broken_way),
    (Exception, _not_asked),
)


def delivery_error(
    error: Exception, *, left: bool = True, address: str = "", bot: Callable[[], str] = lambda: ""
) -> DeliveryError:
    """What an exception of slack_sdk or urllib means: the one place where they become our errors.

    Args:
        error: what a request raised; it may hold the token, so it must not be chained to the result.
        left: whether the first byte of the request may have left.
        address: the channel as it is written in the configuration.
        bot: looks up the bot's name with its @; asked only for a channel that the bot must be invited to.
    """
    error = reason_of(error)
    return next(
        meaning(error, address, bot) for kind, meaning in (RAISED if left else NEVER_LEFT) if isinstance(error, kind)
    )


def _detail(data: Mapping[str, Any]) -> str:
    """What Slack says besides the code: `; downloading image failed [json-pointer:/blocks/3]`."""
    said = data.get("errors") or (data.get("response_metadata") or {}).get("messages") or ()
    text = one_line("; ".join(str(part) for part in said)) if isinstance(said, list) else ""
    text = _TOKEN_LIKE.sub("***", text)
    return shorten(f": {text}", 300) if text else ""


def wait_asked_for(headers: Mapping[str, Any]) -> float | None:
    """Seconds of Retry-After, at most LONGEST_WAIT; None where it is missing or no number."""
    value = {key.lower(): value for key, value in headers.items()}.get("retry-after")
    try:
        seconds = float(value[0] if isinstance(value, list) else value)  # type: ignore[arg-type]
    except (TypeError, ValueError, IndexError):
        return None
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else None
