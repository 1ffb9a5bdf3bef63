"""Slack against a loopback Slack that enforces its limits; rows are those of the fault table in docs/operations.md."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError

import pytest
from delivering import Clock, claimed, message, planned, states, work_off
from servers.ports import free_port
from servers.slack import Fault, SlackServer
from servers.smtp import make_certificate

from digestbot.channels.slack.channel import Slack
from digestbot.channels.slack.errors import delivery_error
from digestbot.errors import OutcomeUnknown, PermanentFailure, TemporaryFailure
from digestbot.model import DeliveryState


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[SlackServer]:
    with SlackServer(clock=clock.seconds) as server:
        yield server


def channel(server: SlackServer, *, timeout: float = 5.0, resend_in_doubt: bool = False) -> Slack:
    return Slack(server.token, api_url=server.url, timeout=timeout, resend_in_doubt=resend_in_doubt)


def test_posts_once_with_key_and_without_unfurling(server: SlackServer, clock: Clock) -> None:
    """One chat.postMessage: opaque key in the metadata, unfurling off, the message's place kept as remote."""
    slack = channel(server)
    outbox = planned(slack, "slack:#chips", clock=clock)
    report = work_off(outbox, slack, clock)
    [posted] = server.messages
    [row] = report.sent
    assert report.ok
    assert server.posts() == 1
    assert posted["metadata"] == {"event_type": "digest_delivery", "event_payload": {"key": row.key}}
    assert (posted["unfurl_links"], posted["unfurl_media"]) == (False, False)
    assert row.remote_id == f"C0CHIPS000/{posted['ts']}"
    assert "chips" not in row.key


def test_a_second_call_posts_nothing(server: SlackServer, clock: Clock) -> None:
    """What is sent is not open any more."""
    slack = channel(server)
    outbox = planned(slack, "slack:chips", clock=clock)
    work_off(outbox, slack, clock)
    assert work_off(outbox, slack, clock).ok
    assert server.posts() == 1


def test_replies_go_to_the_thread_of_the_first_part(server: SlackServer, clock: Clock) -> None:
    """Later parts carry the parent's ts and the channel's ID, in order."""
    slack = channel(server)
    parts = tuple({"text": f"part {number}"} for number in range(4))
    outbox = planned(slack, "slack:#chips", "slack:#markets", clock=clock, of=message(slack=parts))
    assert work_off(outbox, slack, clock).ok
    for identity in server.channels:
        thread = [post for post in server.messages if post["channel"] == identity]
        assert [post["text"] for post in thread] == ["part 0", "part 1", "part 2", "part 3"]
        assert {post.get("thread_ts") for post in thread[1:]} == {thread[0]["ts"]}


def test_names_and_ids_are_one_spelling(server: SlackServer) -> None:
    """`chips` and `#Chips` are the same channel; an ID stays; words are no channel."""
    slack = channel(server)
    assert slack.canonical("chips") == slack.canonical("#Chips") == "#chips"
    assert slack.canonical("C0CHIPS000") == "C0CHIPS000"
    with pytest.raises(PermanentFailure, match="not a Slack channel"):
        slack.canonical("two words")


def test_probe_names_a_missing_scope(server: SlackServer) -> None:
    """A token that cannot post is refused with the scope to add; one that cannot look back gets a hint."""
    slack = channel(server)
    assert slack.check() == "signed in as @digestbot in Newsroom"
    server.scopes = "chat:write"
    assert "channels:history" in slack.check()
    server.scopes = "channels:read"
    with pytest.raises(PermanentFailure, match="add the scope chat:write"):
        slack.check()


def test_row_05_cut_off_during_the_request(server: SlackServer, clock: Clock) -> None:
    """A claimed row whose request never got there: absent from the history after the settle wait, so posted once."""
    slack = channel(server)
    outbox = planned(slack, "slack:#chips", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now())
    assert work_off(outbox, slack, clock).ok
    assert len(server.messages) == 1
    assert sum(clock.sleeps) == pytest.approx(slack.visibility_delay)


@pytest.mark.parametrize("address", ["#chips", "chips", "C0CHIPS000"])
def test_row_06_accepted_but_not_recorded(server: SlackServer, clock: Clock, address: str) -> None:
    """A crash after Slack accepted: the history knows the key, nothing is posted again, and nobody waits."""
    outbox = planned(channel(server), f"slack:{address}", clock=clock)
    channel(server).send(claimed(outbox, channel(server), clock), parent="")
    report = work_off(outbox, channel(server), clock)
    assert report.ok
    assert report.sent[0].remote_id == f"C0CHIPS000/{server.messages[0]['ts']}"
    assert (server.posts(), clock.sleeps) == (1, [])


def test_row_06_a_reply_is_looked_for_in_its_thread(server: SlackServer, clock: Clock) -> None:
    """conversations.history does not show replies; the parent's thread does."""
    slack = channel(server)
    outbox = planned(slack, "slack:#chips", clock=clock, of=message(slack=({"text": "parent"}, {"text": "reply"})))
    server.fail("chat.postMessage", Fault(), Fault(drop="after"))
    assert work_off(outbox, slack, clock).ok
    assert [post["text"] for post in server.messages] == ["parent", "reply"]


def test_a_busy_channel_is_searched_page_by_page(server: SlackServer, clock: Clock) -> None:
    """The key is found behind more messages than Slack shows at once."""
    slack = channel(server)
    outbox = planned(slack, "slack:#chips", clock=clock)
    delivery = claimed(outbox, slack, clock)
    slack.send(delivery, parent="")
    for number in range(40):
        server._post({"channel": "C0CHIPS000", "text": f"chatter {number}"}, Fault())
    assert slack.find_sent(delivery) == f"C0CHIPS000/{server.messages[0]['ts']}"


def test_row_24_rate_limited_for_two_seconds(server: SlackServer, clock: Clock) -> None:
    """429 with Retry-After 2: one wait of two seconds, then one post."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(status=429, headers={"Retry-After": "2"}))
    outbox = planned(slack, "slack:#chips", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert clock.sleeps == [2.0]
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("retry_after", "wait"), [("7200", 900.0), ("abc", 5.0), ("-3", 5.0), (None, 5.0), ("nan", 5.0)]
)
def test_row_25_absurd_retry_after(server: SlackServer, clock: Clock, retry_after: str | None, wait: float) -> None:
    """Too long a wait is capped at a quarter of an hour; none or a broken one becomes the usual backoff."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(status=429, headers={"Retry-After": retry_after} if retry_after else {}))
    outbox = planned(slack, "slack:#chips", clock=clock)
    report = work_off(outbox, slack, clock, max_wait=1.0)
    assert [row.not_before for row in report.waiting] == [clock.now() + timedelta(seconds=wait)]
    assert work_off(outbox, slack, clock, max_wait=1000.0).ok


def test_row_26_rate_limited_for_ever(server: SlackServer, clock: Clock) -> None:
    """At its deadline the row expires and says what held it up; the attempts in between grow apart."""
    slack = channel(server)
    server.fail("chat.postMessage", *[Fault(error="ratelimited")] * 500)
    outbox = planned(slack, "slack:#chips", clock=clock)
    report = work_off(outbox, slack, clock, max_wait=100_000)
    [row] = report.settled
    assert row.state is DeliveryState.EXPIRED
    assert "too many messages" in row.error
    assert server.posts() < 110


def test_row_27_dropped_after_accepting(server: SlackServer, clock: Clock) -> None:
    """The answer is lost, the history has the key: sent once, without waiting."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(drop="after"))
    outbox = planned(slack, "slack:#chips", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert (server.posts(), clock.sleeps) == (1, [0.0])


def test_row_28_dropped_before_accepting(server: SlackServer, clock: Clock) -> None:
    """The history stays empty for the settle time: posted once more."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(drop="before"))
    outbox = planned(slack, "slack:#chips", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert (server.posts(), len(server.messages)) == (2, 1)
    assert sum(clock.sleeps) == pytest.approx(slack.visibility_delay)


def test_row_29_timeout_and_a_message_that_appears_later(server: SlackServer, clock: Clock) -> None:
    """A message that shows up between timeout and settle time is found, not doubled."""
    slack = channel(server, timeout=0.3)
    slack.visibility_delay = 30.0
    server.fail("chat.postMessage", Fault(late=23.0, drop="after"))
    outbox = planned(slack, "slack:#chips", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert (server.posts(), len(server.messages)) == (1, 1)


def test_row_29_a_real_read_timeout_is_a_doubt(server: SlackServer, clock: Clock) -> None:
    """A server that accepts and answers too late: the request times out, the history settles it."""
    slack = channel(server, timeout=0.3)
    server.fail("chat.postMessage", Fault(delay=0.8))
    outbox = planned(slack, "slack:#chips", clock=clock)
    delivery = claimed(outbox, slack, clock)
    with pytest.raises(OutcomeUnknown, match="Timeout"):
        slack.send(delivery, parent="")


def test_row_30_history_without_scope(server: SlackServer, clock: Clock) -> None:
    """Nobody may look: the row becomes unknown and names the scope; nothing is posted twice."""
    server.scopes = "chat:write"
    slack = channel(server)
    server.fail("chat.postMessage", Fault(drop="after"))
    outbox = planned(slack, "slack:C0CHIPS000", clock=clock)
    [row] = work_off(outbox, slack, clock).settled
    assert row.state is DeliveryState.UNKNOWN
    assert "channels:history" in row.error
    assert server.posts() == 1


def test_row_30_an_operator_may_prefer_a_second_copy(server: SlackServer, clock: Clock) -> None:
    """With resend_in_doubt the same bytes go out again after the settle time."""
    server.scopes = "chat:write"
    slack = channel(server, resend_in_doubt=True)
    server.fail("chat.postMessage", Fault(drop="after"))
    outbox = planned(slack, "slack:C0CHIPS000", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert len({post["metadata"]["event_payload"]["key"] for post in server.messages}) == 1
    assert len(server.messages) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=503, body="<html>busy</html>"),
        Fault(body="<html>fine?</html>"),
        Fault(body='{"ok": tr'),
        Fault(truncate=True),
        Fault(body='["ok"]'),
        Fault(error="fatal_error"),
        Fault(error="internal_error"),
        Fault(error="request_timeout"),
        Fault(status=503, body='{"ok": false, "error": "service_unavailable"}'),
    ],
    ids=lambda fault: f"{fault.status}{fault.error}{fault.body[:9]}",
)
def test_rows_31_and_32_unclear_answers(server: SlackServer, clock: Clock, fault: Fault) -> None:
    """Server errors, HTML, cut JSON and Slack's own vague errors never lead to a second copy."""
    slack = channel(server)
    server.fail("chat.postMessage", fault)
    outbox = planned(slack, "slack:#chips", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("not_in_channel", "/invite @digestbot in #chips"),
        ("channel_not_found", "/invite @digestbot in #chips"),
        ("is_archived", "unarchive #chips"),
        ("restricted_action_read_only_channel", "ask an administrator"),
        ("surprising_new_error", "docs.slack.dev"),
    ],
)
def test_row_33_a_channel_that_refuses(server: SlackServer, clock: Clock, code: str, fix: str) -> None:
    """It fails at once with the mend in words, and the other recipients get theirs."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(error=code))
    outbox = planned(slack, "slack:#chips", "slack:#markets", clock=clock)
    report = work_off(outbox, slack, clock)
    assert states(outbox) == ["failed", "sent"]
    assert fix in report.settled[0].error


def test_row_34_revoked_token(server: SlackServer, clock: Clock) -> None:
    """One refused post stops the account; after a new token everything is sent."""
    slack = channel(server)
    server.revoked = True
    outbox = planned(slack, "slack:#chips", "slack:#markets", clock=clock)
    report = work_off(outbox, slack, clock)
    assert server.posts() == 1
    assert list(report.stopped) == ["slack"]
    assert "token_revoked" in report.stopped["slack"]
    assert not report.ok
    assert len(report.waiting) == 2
    server.revoked = False
    assert work_off(outbox, channel(server), clock).ok


def test_missing_scope_for_posting_stops_the_account(server: SlackServer, clock: Clock) -> None:
    """The scope Slack asks for is named."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(error="missing_scope", extra={"needed": "chat:write"}))
    outbox = planned(slack, "slack:#chips", clock=clock)
    assert "add the scope chat:write" in work_off(outbox, slack, clock).stopped["slack"]


def test_row_35_unfetchable_image(server: SlackServer, clock: Clock) -> None:
    """Slack refuses the whole message for one image; it is posted without images, the frozen bytes stay."""
    image = {"type": "image", "image_url": "https://example.com/a.webp", "alt_text": "a"}
    section = {"type": "section", "text": {"type": "plain_text", "text": "Story"}, "accessory": image}
    server.broken_images = True
    slack = channel(server)
    outbox = planned(slack, "slack:#chips", clock=clock, of=message(slack=({"text": "t", "blocks": [image, section]},)))
    before = outbox.payload(outbox.open()[0])
    assert work_off(outbox, slack, clock).ok
    assert server.messages[0]["blocks"] == [{key: section[key] for key in ("type", "text")}]
    assert next(iter(outbox.rows.values())).payload == before


def test_row_36_too_many_blocks(server: SlackServer, clock: Clock) -> None:
    """A message over Slack's total is posted shorter and says so."""
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 300}} for _ in range(45)]
    slack = channel(server)
    outbox = planned(slack, "slack:#chips", clock=clock, of=message(slack=({"text": "Morning", "blocks": blocks},)))
    assert work_off(outbox, slack, clock).ok
    posted = server.messages[0]["blocks"]
    assert len(posted) == 23
    assert "Shortened" in json.dumps(posted[-1])


def test_row_36_content_that_no_form_mends(server: SlackServer, clock: Clock) -> None:
    """When even the text alone is refused, the row fails with the first reason."""
    slack = channel(server)
    server.fail("chat.postMessage", *[Fault(error="msg_too_long")] * 4)
    outbox = planned(slack, "slack:#chips", clock=clock)
    [row] = work_off(outbox, slack, clock).settled
    assert row.state is DeliveryState.FAILED
    assert "msg_too_long" in row.error


def test_row_37_a_failing_reply_leaves_the_parent_alone(server: SlackServer, clock: Clock) -> None:
    """The parent is posted once; the reply is retried, and the one after it waits its turn."""
    slack = channel(server)
    parts = ({"text": "parent"}, {"text": "first"}, {"text": "second"})
    outbox = planned(slack, "slack:#chips", clock=clock, of=message(slack=parts))
    server.fail("chat.postMessage", Fault(), Fault(status=429, headers={"Retry-After": "3"}))
    assert work_off(outbox, slack, clock).ok
    assert [post["text"] for post in server.messages] == ["parent", "first", "second"]


def test_row_37_a_reply_finds_its_parent_in_a_later_call(server: SlackServer, clock: Clock) -> None:
    """The parent's place comes from the ledger when it was posted by an earlier call."""
    slack = channel(server)
    outbox = planned(slack, "slack:#chips", clock=clock, of=message(slack=({"text": "parent"}, {"text": "reply"})))
    server.fail("chat.postMessage", Fault(), Fault(status=429, headers={"Retry-After": "300"}))
    work_off(outbox, slack, clock)
    clock.sleep(301)
    assert work_off(outbox, channel(server), clock).ok
    assert server.messages[1]["thread_ts"] == server.messages[0]["ts"]


def test_replies_share_their_parents_fate(server: SlackServer, clock: Clock) -> None:
    """Without a parent there is no thread to reply to."""
    slack = channel(server)
    outbox = planned(slack, "slack:#gone", clock=clock, of=message(slack=({"text": "parent"}, {"text": "reply"})))
    work_off(outbox, slack, clock)
    assert states(outbox) == ["failed", "failed"]
    assert server.posts() == 1


def test_row_38_ok_without_a_place(server: SlackServer, clock: Clock) -> None:
    """`ok` without a ts is a doubt: the history settles it."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(without_ts=True))
    outbox = planned(slack, "slack:#chips", clock=clock)
    assert work_off(outbox, slack, clock).sent[0].remote_id == f"C0CHIPS000/{server.messages[0]['ts']}"
    assert server.posts() == 1


def test_row_38_ok_for_ever_without_a_message(server: SlackServer, clock: Clock) -> None:
    """A far side that says ok and keeps nothing is given up as unknown, not asked without end."""
    slack = channel(server)
    server.fail("chat.postMessage", *[Fault(unrecorded=True)] * 50)
    outbox = planned(slack, "slack:#chips", clock=clock)
    [row] = work_off(outbox, slack, clock, max_wait=80_000).settled
    assert row.state is DeliveryState.UNKNOWN
    assert server.posts() == 8


def test_row_39_connection_refused_is_retried(clock: Clock) -> None:
    """Nobody listens: certainly not posted, tried later, once for the whole account."""
    slack = Slack("xoxb-1", api_url=f"http://127.0.0.1:{free_port()}/api/", timeout=2)
    outbox = planned(slack, "slack:#chips", "slack:#markets", clock=clock)
    report = work_off(outbox, slack, clock, max_wait=0)
    assert "cannot be reached" in report.waiting[0].error
    assert [row.attempts for row in report.waiting] == [1, 0]


def test_row_39_untrusted_certificate_stops_the_account(server: SlackServer, clock: Clock, tmp_path: Path) -> None:
    """A certificate that is not trusted is a thing to mend, not to retry: nothing is posted, the hint says what to check."""
    certificate = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    server.encrypt(context)
    slack = Slack(server.token, api_url=server.url.replace("http://", "https://"), timeout=2)
    outbox = planned(slack, "slack:#chips", "slack:#markets", clock=clock)
    report = work_off(outbox, slack, clock)
    assert "self-signed certificate): check the clock and any proxy" in report.stopped["slack"]
    assert [row.attempts for row in report.waiting] == [1, 0]
    assert server.calls == []


def test_row_39_name_that_does_not_resolve() -> None:
    """DNS trouble is passing."""
    assert isinstance(delivery_error(URLError("Name or service not known"), left=False), TemporaryFailure)


def test_history_that_is_busy_is_asked_later(server: SlackServer, clock: Clock) -> None:
    """A rate limit on looking delays the answer and doubles nothing."""
    slack = channel(server)
    server.fail("chat.postMessage", Fault(drop="after"))
    # Before the first post the channel is searched, too.
    server.fail("conversations.history", Fault(), Fault(status=429, headers={"Retry-After": "7"}))
    outbox = planned(slack, "slack:C0CHIPS000", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert server.posts() == 1
    assert 7.0 in clock.sleeps


@pytest.mark.parametrize("address", ["#chips", "C0CHIPS000"])
def test_row_64_what_a_channel_has_already_is_not_posted_again(
    server: SlackServer, clock: Clock, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    """A ledger that forgot: the channel knows the keys, of the parent and of its replies."""
    parts = message(slack=({"text": "parent"}, {"text": "first"}, {"text": "second"}))
    known = work_off(planned(channel(server), f"slack:{address}", clock=clock, of=parts), channel(server), clock)
    again = work_off(planned(channel(server), f"slack:{address}", clock=clock, of=parts), channel(server), clock)
    assert [row.remote_id for row in again.sent] == [row.remote_id for row in known.sent]
    assert len(server.messages) == 3
    assert "has this edition already" in caplog.text


@pytest.mark.parametrize("fault", [Fault(error="missing_scope"), Fault(status=503), Fault(drop="before")])
def test_a_channel_that_cannot_be_searched_is_posted_to(server: SlackServer, clock: Clock, fault: Fault) -> None:
    """Looking first is a courtesy: what goes wrong with it delays and stops nothing."""
    slack = channel(server)
    server.fail("conversations.history", fault)
    outbox = planned(slack, "slack:C0CHIPS000", clock=clock)
    assert work_off(outbox, slack, clock).ok
    assert (server.posts(), clock.sleeps) == (1, [])


def test_token_stays_out_of_everything(server: SlackServer, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a repr, an error, its causes or a log line, also when everything is logged."""
    caplog.set_level(logging.DEBUG)
    slack = channel(server)
    server.fail("chat.postMessage", Fault(status=500), Fault(error="not_in_channel"))
    outbox = planned(slack, "slack:#chips", "slack:#markets", clock=clock)
    report = work_off(outbox, slack, clock)
    server.revoked = True
    with pytest.raises(PermanentFailure) as caught:
        slack.check()
    shown = [repr(slack), repr(report), caplog.text, str(caught.value), repr(caught.value.__context__)]
    assert not [text for text in shown if server.token in text]
