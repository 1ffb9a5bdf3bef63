"""A secret reaches nobody but whom it is meant for: no redirect of Slack's address, a webhook's or a monitor's is followed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from delivering import Clock, planned, work_off
from servers.slack import Fault, SlackServer
from servers.web import Reply, WebServer

from digestbot.channels.slack.channel import Slack
from digestbot.channels.slack.incoming_webhook import Webhook
from digestbot.errors import PermanentFailure
from digestbot.model import DeliveryState
from digestbot.operations.heartbeat import Heartbeat


@pytest.fixture
def stranger() -> Iterator[WebServer]:
    """Another origin: what it is asked has leaked."""
    with WebServer() as server:
        yield server


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer(clock=Clock().seconds) as server:
        yield server


def away(status: int, stranger: WebServer) -> Fault:
    return Fault(status=status, body="moved", headers={"Location": stranger.url("/api/chat.postMessage")})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_follows_no_redirect(server: SlackServer, stranger: WebServer, status: int) -> None:
    """Whatever kind it is: the far side hears nothing, the account stops, and the setting to look at is named."""
    server.fail("auth.test", away(status, stranger))
    with pytest.raises(PermanentFailure, match=f"HTTP {status}.*DIGESTBOT_SLACK__API_URL") as caught:
        Slack(server.token, api_url=server.url).check()
    assert caught.value.account
    assert stranger.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_webhook_follows_no_redirect(server: SlackServer, stranger: WebServer, status: int) -> None:
    """Neither the digest nor the address goes elsewhere; it failed for good, and says why."""
    clock = Clock()
    server.fail("webhook", away(status, stranger))
    hook = Webhook({"desk": server.webhook})
    [row] = work_off(planned(hook, "slack-webhook:desk", clock=clock), hook, clock).settled
    assert row.state is DeliveryState.FAILED
    assert f"HTTP {status}" in row.error
    assert "DIGESTBOT_SLACK_WEBHOOKS__DESK" in row.error
    assert server.hook not in row.error
    assert stranger.requests == []


def test_asking_whether_a_host_is_there_follows_no_redirect(stranger: WebServer) -> None:
    """A redirect is an answer: the host is there."""
    with WebServer() as host:
        host.serve("/", Reply(status=302, headers={"Location": stranger.url("/")}))
        assert "answers" in Webhook({"desk": host.url("/services/T0/B0/secret")}).check()
    assert stranger.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_monitor_follows_no_redirect(stranger: WebServer, caplog: pytest.LogCaptureFixture, status: int) -> None:
    """Its address may hold the secret in its query, and a redirect may repeat it; the log says what happened."""
    caplog.set_level(logging.WARNING)
    with WebServer() as host:
        moved = Reply(status=status, headers={"Location": stranger.url("/ping/secret-uuid")})
        Heartbeat(host.serve("/ping/secret-uuid", moved)).success()
        assert len(host.requests) == 1
    assert stranger.requests == []
    assert f"redirects (HTTP {status})" in caplog.text
    assert "secret-uuid" not in caplog.text
