"""What slack_sdk and urllib raise, and what it means for a delivery: every row of the table."""

from __future__ import annotations

import http.client
import json
import ssl
from socket import gaierror
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from digestbot.channels.exchange import ProxyUnusable, reason_of
from digestbot.channels.slack.errors import NEVER_LEFT, RAISED, delivery_error
from digestbot.errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure

UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed")
UNTRUSTED.verify_message = "self-signed certificate"


def answered(error: str, *, status: int = 200) -> SlackApiError:
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.example/api/chat.postMessage",
        req_args={"headers": {"Authorization": "Bearer xoxb-secret"}},
        data={"ok": False, "error": error},
        headers={},
        status_code=status,
    )
    return SlackApiError("refused", response)


ROWS: list[tuple[type[Exception], Exception, type[DeliveryError], str]] = [
    (SlackApiError, answered("invalid_auth"), PermanentFailure, "Slack refused the token (invalid_auth)"),
    (SlackApiError, answered("is_archived"), PermanentFailure, "unarchive #chips"),
    (SlackApiError, answered("not_in_channel"), PermanentFailure, "/invite @digestbot in #chips"),
    (SlackApiError, answered("msg_too_long"), ContentRejected, "Slack refused the content"),
    (SlackApiError, answered("ratelimited", status=429), TemporaryFailure, "Slack asks to wait"),
    (SlackApiError, answered("internal_error"), OutcomeUnknown, "Slack failed in between (internal_error)"),
    (Exception, URLError(BrokenPipeError("xoxb-secret")), OutcomeUnknown, "(BrokenPipeError)"),
    (Exception, TimeoutError("xoxb-secret"), OutcomeUnknown, "(TimeoutError)"),
    (Exception, http.client.RemoteDisconnected("xoxb-secret"), OutcomeUnknown, "(RemoteDisconnected)"),
    (Exception, json.JSONDecodeError("xoxb-secret", "", 0), OutcomeUnknown, "(JSONDecodeError)"),
    (Exception, SlackRequestError("xoxb-secret"), OutcomeUnknown, "(SlackRequestError)"),
]


NEVER_LEFT_ROWS: list[tuple[type[Exception], Exception, type[DeliveryError], str]] = [
    (DeliveryError, TemporaryFailure("suspended"), TemporaryFailure, "suspended"),
    (ssl.SSLCertVerificationError, URLError(UNTRUSTED), PermanentFailure, "not trusted (self-signed certificate)"),
    (ProxyUnusable, ProxyUnusable(), PermanentFailure, "HTTPS_PROXY as http://HOST:PORT"),
    (OSError, URLError(gaierror(-2, "Name or service not known")), TemporaryFailure, "reached: Name or service not"),
    (
        OSError,
        URLError(ConnectionRefusedError(111, "Connection refused")),
        TemporaryFailure,
        "Slack cannot be reached: Connection refused",
    ),
    (OSError, OSError("Tunnel connection failed: 407 No"), TemporaryFailure, "407"),
    (http.client.InvalidURL, http.client.InvalidURL("port: 'xoxb-secret'"), PermanentFailure, "(InvalidURL)"),
    (http.client.HTTPException, http.client.BadStatusLine("xoxb-secret"), TemporaryFailure, "check any proxy"),
    (Exception, ValueError("xoxb-secret"), PermanentFailure, "cannot be asked (ValueError)"),
]


@pytest.mark.parametrize("left", [True, False])
def test_every_row_of_what_a_request_raises(*, left: bool):
    """The first row that fits decides; nothing of the request, its token included, comes along."""
    table = RAISED if left else NEVER_LEFT
    for row, raised, kind, reason in ROWS if left else NEVER_LEFT_ROWS:
        assert next(known for known, _ in table if isinstance(reason_of(raised), known)) is row
        error = delivery_error(raised, left=left, address="#chips", bot=lambda: "@digestbot")
        assert type(error) is kind
        assert reason in str(error)
        assert error.__cause__ is None
        assert "xoxb-secret" not in str(error)


def test_the_tables_have_no_row_without_a_test():
    """A row that is added needs one above."""
    assert {row for row, *_ in ROWS} == {row for row, _ in RAISED}
    assert {row for row, *_ in NEVER_LEFT_ROWS} == {row for row, _ in NEVER_LEFT}


def test_the_bots_name_is_looked_up_only_to_invite_it():
    """Another refusal costs no second request."""

    def never() -> str:
        raise AssertionError("asked for the bot's name")

    delivery_error(answered("is_archived"), address="#chips", bot=never)
    delivery_error(answered("not_in_channel"), bot=never)
