"""Incoming webhooks against a loopback Slack that enforces its limits: sent once, or told why not, or held."""

from __future__ import annotations

import hashlib
import json
import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from delivering import Clock, message, planned, recipients, states, work_off
from memory_outbox import MemoryOutbox
from servers.ports import free_port
from servers.slack import Fault, SlackServer
from servers.smtp import make_certificate

from digestbot.channels.slack.incoming_webhook import Webhook
from digestbot.deliver import DeliveryReport, freeze
from digestbot.errors import DeliveryError, PermanentFailure, TemporaryFailure
from digestbot.model import DeliveryState
from digestbot.settings import CHANNELS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SlackServer]:
    with SlackServer(clock=clock.seconds) as server:
        yield server


def channel(server: SlackServer, *, timeout: float = 5.0, resend_in_doubt: bool = False) -> Webhook:
    return Webhook({"desk": server.webhook}, timeout=timeout, resend_in_doubt=resend_in_doubt)


def sent_through(hook: Webhook, clock: Clock, *, max_wait: float = 60.0) -> tuple[MemoryOutbox, DeliveryReport]:
    """A digest planned and worked off."""
    outbox = planned(hook, "slack-webhook:desk", clock=clock)
    return outbox, work_off(outbox, hook, clock, max_wait=max_wait)


def test_posts_once_without_unfurling(server: SlackServer, clock: Clock) -> None:
    """One request with blocks and text; a second call posts nothing."""
    hook = channel(server)
    outbox, report = sent_through(hook, clock)
    assert report.ok
    assert work_off(outbox, hook, clock).ok
    [posted] = server.messages
    assert posted["text"] == "Morning: Harbour bridge reopens"
    assert posted["blocks"][0]["text"]["text"] == "Harbour bridge reopens"
    assert (posted["unfurl_links"], posted["unfurl_media"]) == (False, False)
    assert server.calls == [("webhook", {key: posted[key] for key in posted if key not in ("channel", "ts")})]


def test_a_thread_becomes_the_single_form(server: SlackServer, clock: Clock) -> None:
    """What would be a parent and its replies is the one message that was made for it."""
    hook = channel(server)
    whole = message(slack=({"text": "parent"}, {"text": "reply"}), single={"text": "all of it"})
    outbox = planned(hook, "slack-webhook:desk", clock=clock, of=whole)
    assert work_off(outbox, hook, clock).ok
    assert [post["text"] for post in server.messages] == ["all of it"]


def test_two_names_of_one_webhook_get_one_message(server: SlackServer, clock: Clock) -> None:
    """Names are compared by where they lead."""
    hook = Webhook({"desk": server.webhook, "ops": server.webhook})
    outbox = planned(hook, "slack-webhook:ops", "slack-webhook:desk", "slack-webhook:DESK", clock=clock)
    assert work_off(outbox, hook, clock).ok
    assert len(server.messages) == 1


def test_a_name_that_was_taken_out_fails_with_the_mend(server: SlackServer, clock: Clock) -> None:
    """A delivery that waited while its webhook went out of the configuration says what to add."""
    outbox = planned(channel(server), "slack-webhook:desk", clock=clock)
    [row] = work_off(outbox, Webhook({"ops": server.webhook}), clock).settled
    assert row.state is DeliveryState.FAILED
    assert "set DIGESTBOT_SLACK_WEBHOOKS__DESK=https://" in row.error


@pytest.mark.parametrize(
    ("status", "code", "fix"),
    [
        (403, "action_prohibited", "ask an administrator to let webhooks post"),
        (403, "posting_to_general_channel_denied", "who may post there"),
        (403, "invalid_token", "copy its address once more into DIGESTBOT_SLACK_WEBHOOKS__DESK"),
        (404, "channel_not_found", "make another on the app's page"),
        (404, "no_service", "it was removed or disabled"),
        (404, "no_team", "its workspace is no more"),
        (410, "channel_is_archived", "unarchive its channel"),
        (400, "user_not_found", "whom it writes to is no more"),
        (404, "<html>nothing here</html>", "(HTTP 404): check the address in DIGESTBOT_SLACK_WEBHOOKS__DESK"),
        (403, "quite_a_new_code", "(quite_a_new_code): check the address"),
    ],
)
def test_a_webhook_that_refuses(server: SlackServer, clock: Clock, status: int, code: str, fix: str) -> None:
    """It fails at once with the mend in words, is not tried again, and the other webhook gets its message."""
    server.fail("webhook", Fault(status=status, body=code))
    hook = Webhook({"desk": server.webhook, "other": f"{server.webhook}?other"})
    server.fail("webhook", Fault(body="ok"))
    outbox = planned(hook, "slack-webhook:desk", "slack-webhook:other", clock=clock)
    report = work_off(outbox, hook, clock)
    assert states(outbox) == ["failed", "sent"]
    assert fix in report.settled[0].error
    assert server.posts("webhook") == 2


def test_a_removed_webhook_says_no_service(server: SlackServer, clock: Clock) -> None:
    """What Slack itself answers at an address that it does not know."""
    hook = Webhook({"desk": server.webhook.replace("B0DESK000", "B0GONE000")})
    _, report = sent_through(hook, clock)
    assert "(no_service)" in report.settled[0].error


def test_content_that_is_refused_is_posted_in_a_plainer_form(server: SlackServer, clock: Clock) -> None:
    """An image that cannot be fetched is left out, a message that is too long is shortened; the frozen bytes stay."""
    image = {"type": "image", "image_url": "https://example.com/a.webp", "alt_text": "a"}
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 300}}
    server.broken_images = True
    hook = channel(server)
    for blocks in ([image, section], [section] * 45):
        outbox = planned(hook, "slack-webhook:desk", clock=clock, of=message(slack=({"text": "t", "blocks": blocks},)))
        before = outbox.payload(outbox.open()[0])
        assert work_off(outbox, hook, clock).ok
        assert next(iter(outbox.rows.values())).payload == before
    assert server.messages[0]["blocks"] == [section]
    assert "Shortened" in json.dumps(server.messages[1]["blocks"][-1])


@pytest.mark.parametrize("status", [400, 413])
def test_content_that_no_form_mends(server: SlackServer, clock: Clock, status: int) -> None:
    """When even the text alone is refused, it fails with the first reason."""
    server.fail("webhook", Fault(status=status, body="invalid_payload"), *[Fault(status=status, body="no_text")] * 3)
    _, report = sent_through(channel(server), clock)
    [row] = report.settled
    assert row.state is DeliveryState.FAILED
    assert "refused the content (invalid_payload)" in row.error


@pytest.mark.parametrize(("retry_after", "wait"), [("2", 2.0), ("7200", 900.0), ("abc", 5.0), (None, 5.0)], ids=str)
def test_rate_limited(server: SlackServer, clock: Clock, retry_after: str | None, wait: float) -> None:
    """It waits as long as Slack asks, a quarter of an hour at most, and posts once; the other webhook does not wait."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    server.fail("webhook", Fault(status=429, body="rate_limited", headers=headers))
    hook = Webhook({"desk": server.webhook, "other": f"{server.webhook}?other"})
    server.fail("webhook", Fault(body="ok"))
    outbox = planned(hook, "slack-webhook:desk", "slack-webhook:other", clock=clock)
    report = work_off(outbox, hook, clock, max_wait=0)
    assert states(outbox) == ["pending", "sent"]
    assert [row.not_before for row in report.waiting] == [clock.now() + timedelta(seconds=wait)]
    assert work_off(outbox, hook, clock, max_wait=1000).ok
    assert len(server.messages) == 1


def test_a_request_that_slack_gave_up_waiting_for_is_tried_again(server: SlackServer, clock: Clock) -> None:
    """408: the server never had the whole request (RFC 9110 section 15.5.9), so it was not posted."""
    server.fail("webhook", Fault(status=408, body="timeout"))
    outbox, report = sent_through(channel(server), clock, max_wait=0)
    assert states(outbox) == ["pending"]
    assert "Slack asks to wait" in report.waiting[0].error
    assert work_off(outbox, channel(server), clock, max_wait=1000).ok
    assert len(server.messages) == 1


def test_a_delivery_keeps_the_key_of_the_first_release() -> None:
    """There the scheme was `webhook:`: what was begun under a key then is known by it today."""
    of, hook = message(), Webhook({"desk": "https://hooks.slack.example/services/a/b/c"})
    [row] = freeze(
        of,
        recipients("slack-webhook:desk"),
        {hook.name: hook},
        now=datetime.now(UTC),
        installation_id="installation",
        key_schemes=CHANNELS.key_schemes,
    )
    parts = (of.digest.name, of.digest.edition.isoformat(), "webhook", "desk", "installation")
    assert row.key == hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32] + "-0"


DOUBTS = [
    Fault(status=500, body="rollup_error"),
    Fault(status=503, body="<html>busy</html>"),
    Fault(body="<html>fine?</html>"),
    Fault(body='{"ok": true}'),
    Fault(drop="before"),
    Fault(drop="after"),
    Fault(truncate=True),
]


@pytest.mark.parametrize("fault", DOUBTS, ids=lambda fault: f"{fault.status}{fault.body[:7]}{fault.drop}")
def test_what_may_have_arrived_is_held(server: SlackServer, clock: Clock, fault: Fault) -> None:
    """Unknown at once, with the reason and where to look; nothing is posted twice, now or at the next call."""
    server.fail("webhook", fault)
    hook = channel(server)
    outbox, report = sent_through(hook, clock)
    [row] = report.settled
    assert row.state is DeliveryState.UNKNOWN
    assert "a webhook cannot be asked whether the message is there; look into its channel" in row.error
    work_off(outbox, hook, clock)
    assert (server.posts("webhook"), sum(clock.sleeps)) == (1, 0)


def test_a_read_timeout_is_held(server: SlackServer, clock: Clock) -> None:
    """A server that takes the message and answers too late."""
    server.fail("webhook", Fault(delay=0.8))
    _, report = sent_through(channel(server, timeout=0.3), clock)
    assert report.settled[0].state is DeliveryState.UNKNOWN
    assert "Timeout" in report.settled[0].error


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(drop="before"), Fault(drop="after")])
def test_an_operator_may_prefer_a_second_copy(server: SlackServer, clock: Clock, fault: Fault) -> None:
    """With resend_in_doubt the same bytes go out again after a breath."""
    server.fail("webhook", fault)
    _, report = sent_through(channel(server, resend_in_doubt=True), clock)
    assert report.ok
    assert server.posts("webhook") == 2
    assert server.calls[0] == server.calls[1]
    assert sum(clock.sleeps) == pytest.approx(10)


def test_what_was_cut_off_while_sending_is_held(server: SlackServer, clock: Clock) -> None:
    """A claim without an outcome, as a killed process leaves it: nobody can tell."""
    hook = channel(server)
    outbox = planned(hook, "slack-webhook:desk", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now())
    [row] = work_off(outbox, hook, clock).settled
    assert (row.state, server.calls) == (DeliveryState.UNKNOWN, [])
    assert "the last attempt was interrupted" in row.error


def test_connection_refused_is_retried(clock: Clock) -> None:
    """Nobody listens: certainly not posted, tried again later."""
    hook = Webhook({"desk": f"http://127.0.0.1:{free_port()}/services/a/b/c"}, timeout=2)
    outbox, report = sent_through(hook, clock, max_wait=0)
    assert states(outbox) == ["pending"]
    assert "cannot be reached" in report.waiting[0].error


def test_untrusted_certificate_sends_nothing(server: SlackServer, clock: Clock, tmp_path: Path) -> None:
    """It stops all webhooks with a hint; the delivery waits."""
    certificate = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    server.encrypt(context)
    hook = Webhook({"desk": server.webhook.replace("http://", "https://")}, timeout=2)
    outbox, report = sent_through(hook, clock)
    assert "self-signed certificate): check the clock and any proxy" in report.stopped["slack-webhook"]
    assert (states(outbox), server.calls) == (["pending"], [])
    with pytest.raises(PermanentFailure, match="certificate"):
        hook.check()


def test_a_tls_failure_is_retried(server: SlackServer, clock: Clock) -> None:
    """A server that speaks no TLS has been told nothing."""
    hook = Webhook({"desk": server.webhook.replace("http://", "https://")}, timeout=2)
    outbox, _ = sent_through(hook, clock, max_wait=0)
    assert (states(outbox), server.calls) == (["pending"], [])


def test_probe_knocks_and_posts_nothing(server: SlackServer) -> None:
    """The host answers, whatever it says; the webhook's own address is not touched."""
    assert channel(server).check() == (
        "127.0.0.1 answers; whether desk may post shows with the next message, for nothing was posted"
    )
    assert server.calls == []
    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        Webhook({"desk": f"http://127.0.0.1:{free_port()}/services/a/b/c"}).check()


@pytest.mark.parametrize(
    "fault",
    [*(Fault(status=status, body="verysecretword") for status in (200, 400, 403, 404, 429, 500)), Fault(drop="after")],
    ids=lambda fault: f"{fault.status}{fault.drop}",
)
def test_an_address_stays_out_of_everything(
    server: SlackServer, clock: Clock, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """Not in a repr, an error, its causes or a log line, also when everything is logged and the far side echoes it."""
    caplog.set_level(logging.DEBUG)
    hook = Webhook({"desk": f"{server.webhook}/verysecretword"})
    server.fail("webhook", *[fault] * 8)
    outbox, report = sent_through(hook, clock, max_wait=0)
    with pytest.raises(DeliveryError) as caught:
        hook.send(replace(outbox.all()[0], payload=b'{"text": "t"}'), parent="")
    shown = [repr(hook), repr(report), repr(outbox.all()), caplog.text, repr(caught.value)]
    shown += [repr(caught.value.__context__), repr(caught.value.__cause__)]
    for secret in (server.webhook, server.hook.rpartition("/")[2], "verysecretword"):
        assert not [text for text in shown if secret in text]
