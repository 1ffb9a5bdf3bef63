"""ntfy against a loopback server that enforces its limits: sent once, or found in its cache, or held as unknown."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from delivering import DAY, Clock, finals, message, planned, states, whole, work_off
from memory_outbox import MemoryOutbox
from servers.ntfy import Fault, NtfyServer, refusal
from servers.ports import free_port
from servers.smtp import make_certificate

from digestbot.channels.exchange import ProxyUnusable
from digestbot.channels.ntfy import errors
from digestbot.channels.ntfy.channel import Ntfy
from digestbot.channels.ntfy.errors import Answer
from digestbot.errors import ContentRejected, DeliveryError, OutcomeUnknown, PermanentFailure, TemporaryFailure

TOKEN = "tk_not0a0real0token0000000000"
PASSWORD = "battery-staple"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(clock: Clock) -> Iterator[Callable[..., NtfyServer]]:
    """Servers that share the test's clock, ended with it."""
    started: list[NtfyServer] = []

    def server(**fields: Any) -> NtfyServer:
        started.append(NtfyServer(clock=clock.seconds, **fields).__enter__())
        return started[-1]

    yield server
    for one in started:
        one.__exit__()


@pytest.fixture
def server(make: Callable[..., NtfyServer]) -> NtfyServer:
    return make(token=TOKEN, password=PASSWORD)


def channel(server: NtfyServer, clock: Clock, **fields: Any) -> Ntfy:
    return Ntfy(server.url, **{"token": server.token, "timeout": 5.0, "clock": clock.seconds, **fields})


def cut_off(ntfy: Ntfy, clock: Clock, *, seconds: float, topic: str = "chips") -> MemoryOutbox:
    """A delivery whose process died so many seconds ago in the middle of its attempt."""
    outbox = planned(ntfy, f"ntfy:{topic}", clock=clock)
    [row] = outbox.open()
    outbox.claim(row, now=clock.now() - timedelta(seconds=seconds))
    return outbox


# ---- Publishing


def test_publishes_once_with_its_key(server: NtfyServer, clock: Clock):
    """One POST of the frozen bytes: topic, title, text, priority, tags, and the key where nobody reads it."""
    ntfy = channel(server, clock, priority=4, tags=("newspaper", "chips"))
    outbox = planned(ntfy, "ntfy:chips", clock=clock)
    [frozen] = finals(outbox, ntfy)
    report = work_off(outbox, ntfy, clock)
    assert work_off(outbox, ntfy, clock).ok
    [posted], [row] = server.messages, report.sent
    assert server.posted == [frozen]
    assert posted["topic"] == "chips"
    assert posted["title"] == "Harbour bridge reopens – ferries return"
    assert (posted["priority"], posted["tags"]) == (4, ["newspaper", "chips"])
    assert posted["sequence_id"] == row.key
    assert row.remote_id == posted["id"]
    assert "chips" not in row.key
    assert row.key not in posted["title"] + posted["message"]


@pytest.mark.parametrize("login", [{"token": TOKEN}, {"token": "", "username": "news", "password": PASSWORD}])
def test_signs_in_by_token_or_password(make: Callable[..., NtfyServer], clock: Clock, login: dict[str, str]):
    """Both logins are taken, for writing and for asking."""
    server = make(token=TOKEN, password=PASSWORD)
    ntfy = channel(server, clock, **login)
    assert "signed in as news" in ntfy.check()
    server.fail("publish", Fault(drop="after"))
    outbox = planned(ntfy, "ntfy:chips", clock=clock)
    assert work_off(outbox, ntfy, clock).ok
    assert len(server.messages) == 1


def test_a_message_made_a_file_is_told(make: Callable[..., NtfyServer], clock: Clock, caplog: pytest.LogCaptureFixture):
    """A server with a lower limit makes a file of the message: it counts as sent, and the log names the setting."""
    server = make(message_limit=20)
    ntfy = channel(server, clock)
    assert not work_off(planned(ntfy, "ntfy:chips", clock=clock), ntfy, clock).ok  # JSON beyond twice the limit
    assert "made a file" not in caplog.text
    server.message_limit = 200
    text = replace(message(), text="x" * 220)
    assert work_off(planned(ntfy, "ntfy:chips", clock=clock, of=text), ntfy, clock).ok
    assert "made a file of the message to ntfy:chips: set DIGESTBOT_NTFY__MESSAGE_BYTES" in caplog.text


# ---- Lost answers


@pytest.mark.parametrize(
    "fault",
    [
        Fault(drop="after"),
        Fault(truncate=True),
        Fault(garbage=True),
        Fault(drop="after", late=3),
    ],
    ids=["dropped", "half", "not ntfy", "shows late"],
)
def test_a_lost_answer_is_looked_up(server: NtfyServer, clock: Clock, fault: Fault):
    """The message arrived and its answer did not: it is found in the cache, and not published again."""
    server.fail("publish", fault)
    ntfy = channel(server, clock)
    outbox = planned(ntfy, "ntfy:chips", clock=clock)
    assert work_off(outbox, ntfy, clock).ok
    assert server.count() == len(server.messages) == 1
    assert [row.remote_id for row in outbox.all()] == [server.messages[0]["id"]]


@pytest.mark.parametrize(
    "fault",
    [Fault(drop="before"), Fault(code=50001), Fault(status=502), Fault(status=504, body="<html>late</html>")],
    ids=["dropped", "500", "502", "504"],
)
def test_what_did_not_arrive_is_sent_again(server: NtfyServer, clock: Clock, fault: Fault):
    """The request got lost: the cache does not have it once it would surely show, so it is published again, once."""
    server.fail("publish", fault)
    ntfy = channel(server, clock)
    outbox = planned(ntfy, "ntfy:chips", clock=clock)
    assert work_off(outbox, ntfy, clock).ok
    assert server.count() == 2
    assert len(server.messages) == 1
    assert sum(clock.sleeps) >= ntfy.visibility_delay


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"access": {"chips": "write"}}, "may not read 'chips'"),
        ({"cache_seconds": 0}, "keeps no messages"),
        ({"cache_seconds": 30}, "keeps messages for 30 s only"),
        ({"account_api": False}, "cannot be asked"),
    ],
    ids=["write-only token", "cache off", "short cache", "no account API"],
)
def test_what_cannot_be_asked_is_held(make: Callable[..., NtfyServer], clock: Clock, fields: dict[str, Any], why: str):
    """Where the cache does not tell, an attempt cut off is held as unknown and not published again."""
    server = make(token=TOKEN, **fields)
    ntfy = channel(server, clock)
    outbox = cut_off(ntfy, clock, seconds=600)
    report = work_off(outbox, ntfy, clock)
    assert states(outbox) == ["unknown"]
    assert not report.ok
    assert server.count() == 0
    assert why in outbox.all()[0].error


@pytest.mark.parametrize("said", ["{}", '{"limits": 1}', '{"limits": {"messages_expiry_duration": "long"}}'])
def test_a_server_that_does_not_say_how_long_it_keeps_messages(server: NtfyServer, clock: Clock, said: str):
    """An account without that limit proves nothing: held as unknown."""
    ntfy = channel(server, clock)
    server.fail("account", Fault(body=said), Fault(body=said))
    outbox = cut_off(ntfy, clock, seconds=600)
    work_off(outbox, ntfy, clock, max_wait=0)
    assert server.messages == []
    # An empty answer is no answer, and asked for again.
    assert states(outbox) == (["sending"] if said == "{}" else ["unknown"])
    assert said == "{}" or "does not say how long it keeps messages" in outbox.all()[0].error


def test_a_write_only_token_sends_all_the_same(make: Callable[..., NtfyServer], clock: Clock):
    """Looking first is refused once a topic, and never hinders sending."""
    server = make(token=TOKEN, default_access="write")
    ntfy = channel(server, clock)
    for day in range(3):
        outbox = planned(ntfy, "ntfy:chips", clock=clock, of=message(day=DAY + timedelta(days=day)))
        assert work_off(outbox, ntfy, clock).ok
    assert len(server.messages) == 3
    assert server.count("poll") == 1


def test_a_lost_answer_of_a_write_only_token_may_be_resent(make: Callable[..., NtfyServer], clock: Clock):
    """ON_UNKNOWN=resend: published again under the same key, which the apps replace instead of doubling it."""
    server = make(token=TOKEN, default_access="write")
    server.fail("publish", Fault(drop="after"))
    ntfy = channel(server, clock, resend_in_doubt=True)
    outbox = planned(ntfy, "ntfy:chips", clock=clock)
    assert work_off(outbox, ntfy, clock).ok
    assert len(server.messages) == 2
    assert len({posted["sequence_id"] for posted in server.messages}) == 1


@pytest.mark.parametrize(("age", "state"), [(43_000, "sent"), (43_150, "unknown"), (50_000, "unknown")])
def test_the_cache_must_reach_back_to_the_claim(server: NtfyServer, clock: Clock, age: float, state: str):
    """A delivery cut off within the twelve hours of the cache is published again; beyond, nobody can tell."""
    ntfy = channel(server, clock)
    outbox = cut_off(ntfy, clock, seconds=age)
    work_off(outbox, ntfy, clock)
    assert states(outbox) == [state]


def test_a_server_without_sequence_ids_is_asked_by_text(make: Callable[..., NtfyServer], clock: Clock):
    """ntfy before 2.16 keeps no key: the same title and text, published since the attempt began, is ours."""
    server = make(sequence_ids=False)
    server.fail("publish", Fault(drop="after"))
    ntfy = channel(server, clock)
    outbox = planned(ntfy, "ntfy:chips", clock=clock)
    assert work_off(outbox, ntfy, clock).ok
    assert len(server.messages) == 1


def test_an_older_message_of_the_same_text_is_not_taken_for_ours(make: Callable[..., NtfyServer], clock: Clock):
    """On such a server only what was published since the attempt began counts."""
    server = make(sequence_ids=False)
    ntfy = channel(server, clock)
    assert work_off(planned(ntfy, "ntfy:chips", clock=clock), ntfy, clock).ok
    clock.sleep(600)
    server.fail("publish", Fault(drop="before"))
    assert work_off(planned(ntfy, "ntfy:chips", clock=clock), ntfy, clock).ok
    assert len(server.messages) == 2


def test_another_key_of_the_same_text_is_not_ours(server: NtfyServer, clock: Clock):
    """Two installations that send the same digest to one topic do not take each other's message for theirs."""
    ntfy = channel(server, clock)
    theirs = planned(ntfy, "ntfy:chips", clock=clock, of=message(name="evening"))
    assert work_off(theirs, ntfy, clock).ok
    server.fail("publish", Fault(drop="before"))
    assert work_off(planned(ntfy, "ntfy:chips", clock=clock), ntfy, clock).ok
    assert len(server.messages) == 2


def test_a_clock_ahead_of_the_server_finds_it_all_the_same(make: Callable[..., NtfyServer], clock: Clock):
    """The server's clock is half an hour behind: its message still lies in the time that is looked through."""
    behind = Clock()
    behind.time = clock.time - timedelta(minutes=30)
    with NtfyServer(clock=behind.seconds) as server:
        server.fail("publish", Fault(drop="after"))
        ntfy = channel(server, clock)
        assert work_off(planned(ntfy, "ntfy:chips", clock=clock), ntfy, clock).ok
        assert len(server.messages) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=503),
        Fault(code=42901),
        Fault(drop="before"),
        Fault(truncate=True),
        Fault(body="<html>no</html>\n"),
        Fault(body='{"id": "half'),
        Fault(body='{"id": "other", "event": "message"}\n', headers={"Content-Length": "5000"}),
    ],
    ids=["503", "429", "dropped", "half", "html", "half a line", "half of the lines"],
)
def test_a_question_without_answer_is_put_again(server: NtfyServer, clock: Clock, fault: Fault):
    """What is wrong with an answer of the cache is no answer: it is asked again, and the message found."""
    server.fail("publish", Fault(drop="after"))
    ntfy = channel(server, clock)
    # The first is the look before the first attempt; after the doubt it is looked twice, at once and when it is certain.
    server.fail("poll", Fault(), fault, fault, fault)
    outbox = planned(ntfy, "ntfy:chips", clock=clock)
    assert work_off(outbox, ntfy, clock).ok
    assert len(server.messages) == 1


def test_a_restored_ledger_publishes_nothing_again(server: NtfyServer, clock: Clock):
    """A ledger that does not know of a message finds it in the cache before its first attempt."""
    ntfy = channel(server, clock)
    assert work_off(planned(ntfy, "ntfy:chips", clock=clock), ntfy, clock).ok
    again = planned(ntfy, "ntfy:chips", clock=clock)
    report = work_off(again, ntfy, clock)
    assert [row.remote_id for row in report.sent] == [server.messages[0]["id"]]
    assert server.count() == 1


# ---- Limits and refusals


@pytest.mark.parametrize("headers", [{"Retry-After": "7"}, {}, {"Retry-After": "Wed, 27 May 2026 07:30:00 GMT"}])
def test_429_waits_and_sends_once(server: NtfyServer, clock: Clock, headers: dict[str, str]):
    """As long as it asks, or as long as usual where it does not say; then once."""
    server.fail("publish", Fault(code=42901, headers=headers), Fault(code=42901, headers=headers))
    ntfy = channel(server, clock)
    outbox = planned(ntfy, "ntfy:chips", "ntfy:markets", clock=clock)
    assert work_off(outbox, ntfy, clock).ok
    assert len(server.messages) == 2
    assert max(clock.sleeps) >= (7 if headers.get("Retry-After") == "7" else 4.9)


def test_a_rate_that_is_used_up_comes_back(make: Callable[..., NtfyServer], clock: Clock):
    """Three topics, two requests allowed, then more: nothing is lost and nothing doubled."""
    server = make(requests=2)
    ntfy = channel(server, clock)
    outbox = planned(ntfy, "ntfy:a", "ntfy:b", "ntfy:c", clock=clock)
    assert not work_off(outbox, ntfy, clock, max_wait=1).ok
    server.requests = None
    assert work_off(outbox, ntfy, clock, max_wait=120).ok
    assert sorted(posted["topic"] for posted in server.messages) == ["a", "b", "c"]


def test_a_wrong_token_stops_the_account(make: Callable[..., NtfyServer], clock: Clock):
    """401: no further delivery is tried with it, and all stay to be sent once it is right."""
    server = make(token=TOKEN)
    ntfy = channel(server, clock, token="tk_wrong")
    outbox = planned(ntfy, "ntfy:chips", "ntfy:markets", clock=clock)
    report = work_off(outbox, ntfy, clock)
    assert "check DIGESTBOT_NTFY__TOKEN" in report.stopped["ntfy"]
    assert states(outbox) == ["pending", "pending"]
    assert server.count() == 1


def test_a_forbidden_topic_stops_no_other(make: Callable[..., NtfyServer], clock: Clock):
    """403 of ntfy's own is about one topic: the others get theirs."""
    server = make(token=TOKEN, access={"chips": "deny", "markets": "read"})
    ntfy = channel(server, clock)
    outbox = planned(ntfy, "ntfy:chips", "ntfy:markets", "ntfy:open", clock=clock)
    work_off(outbox, ntfy, clock)
    assert [(row.recipient.address, str(row.state)) for row in outbox.all()] == [
        ("chips", "failed"),
        ("markets", "failed"),
        ("open", "sent"),
    ]


@pytest.mark.parametrize("topic", ["has space", "", "a/b", "ä", "x" * 65, "https://ntfy.sh/chips"])
def test_a_topic_that_can_be_none_fails_before_sending(server: NtfyServer, clock: Clock, topic: str):
    """Names that ntfy's pattern does not take never reach it."""
    ntfy = channel(server, clock)
    with pytest.raises(PermanentFailure, match="write ntfy:topic"):
        ntfy.canonical(topic)
    outbox = planned(ntfy, f"ntfy:{topic}", clock=clock)
    assert states(outbox) == ["failed"]
    assert server.calls == []


def test_a_topic_the_server_keeps_for_itself_fails(server: NtfyServer, clock: Clock):
    """`docs` is an address of its own web pages."""
    ntfy = channel(server, clock)
    outbox = planned(ntfy, "ntfy:docs", clock=clock)
    work_off(outbox, ntfy, clock)
    assert states(outbox) == ["failed"]
    assert "choose another" in outbox.all()[0].error


SENDING = {
    200: (OutcomeUnknown, False),
    300: (PermanentFailure, True),
    400: (PermanentFailure, True),
    401: (PermanentFailure, True),
    403: (PermanentFailure, True),
    404: (PermanentFailure, True),
    408: (TemporaryFailure, False),
    413: (ContentRejected, False),
    429: (TemporaryFailure, True),
    500: (OutcomeUnknown, False),
    503: (TemporaryFailure, True),
    40000: (ContentRejected, False),
    40009: (PermanentFailure, False),
    40010: (PermanentFailure, False),
    40014: (ContentRejected, False),
    40301: (PermanentFailure, False),
    42908: (TemporaryFailure, True),
    42909: (TemporaryFailure, True),
    50701: (TemporaryFailure, False),
}
ASKING = {
    200: TemporaryFailure,
    300: OutcomeUnknown,
    400: OutcomeUnknown,
    401: OutcomeUnknown,
    403: OutcomeUnknown,
    408: TemporaryFailure,
    429: TemporaryFailure,
    500: TemporaryFailure,
}
UNREACHABLE = {
    ssl.SSLCertVerificationError: (ssl.SSLCertVerificationError("self-signed"), PermanentFailure),
    socket.gaierror: (socket.gaierror("unknown name"), TemporaryFailure),
    TimeoutError: (TimeoutError(), TemporaryFailure),
    OSError: (ConnectionRefusedError("refused"), TemporaryFailure),
    ProxyUnusable: (ProxyUnusable(), PermanentFailure),
    http.client.InvalidURL: (http.client.InvalidURL("nonnumeric port"), PermanentFailure),
    http.client.HTTPException: (http.client.BadStatusLine("SSH-2.0"), TemporaryFailure),
    Exception: (ValueError("no such port"), PermanentFailure),
}


def test_every_row_of_the_tables_is_tested():
    """A new row needs its line here."""
    assert SENDING.keys() == errors.SENDING.keys()
    assert ASKING.keys() == errors.ASKING.keys()
    assert list(UNREACHABLE) == [kind for kind, _ in errors.UNREACHABLE]


def answer(number: int) -> Answer:
    """An HTTP status, or an error of ntfy's own."""
    status, body = refusal(number) if number >= 1000 else (number, "<html>trouble</html>")
    return Answer(status=status, body=body.encode(), headers={"retry-after": "30"})


@pytest.mark.parametrize(("number", "expected"), SENDING.items())
def test_what_an_answer_to_a_message_means(number: int, expected: tuple[type[DeliveryError], bool]):
    """Each status and code of the table: the kind of error, whose it is, and how long to wait."""
    error = errors.refusal(errors.SENDING, answer(number), host="ntfy.example", topic="chips")
    assert type(error) is expected[0]
    assert getattr(error, "account", False) == expected[1]
    assert "ntfy.example" in str(error)
    assert not isinstance(error, TemporaryFailure) or error.retry_after == 30


@pytest.mark.parametrize(
    ("number", "row"),
    [(201, 200), (301, 300), (308, 300), (405, 400), (407, 400), (500, 500), (502, 500), (504, 500), (507, 500),
     (600, 200), (40101, 401), (41301, 413), (42905, 429), (50001, 500), (40007, 40000), (40057, 40000)],
)  # fmt: skip
def test_numbers_without_a_row_of_their_own(number: int, row: int):
    """ntfy's own code, else the status, else its hundred; what no table has says nothing."""
    error = errors.refusal(errors.SENDING, answer(number), host="ntfy.example", topic="chips")
    assert type(error) is SENDING[row][0]


@pytest.mark.parametrize(("number", "expected"), ASKING.items())
def test_what_an_answer_to_a_question_means(number: int, expected: type[DeliveryError]):
    """Each row: either the question may be put again, or nobody can tell."""
    assert type(errors.refusal(errors.ASKING, answer(number), host="ntfy.example", topic="chips")) is expected


@pytest.mark.parametrize(("error", "expected"), UNREACHABLE.values(), ids=str)
def test_what_it_means_that_no_request_left(error: Exception, expected: type[DeliveryError]):
    """Nothing arrived, and every delivery of the account would meet the same."""
    found = errors.unreachable(error, host="ntfy.example", said=str(error))
    assert type(found) is expected
    assert getattr(found, "account", False)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30), ("0.5", 0.5), ("-1", None), ("nan", None), ("inf", None), ("", None), ("soon", None)],
)
def test_how_long_a_server_asks_to_wait(value: str, seconds: float | None):
    """A number of seconds that is one; whatever else is as if nothing had been asked."""
    assert Answer(status=429, headers={"Retry-After": value}).retry_after == seconds


# ---- The way to the server


def sent(ntfy: Ntfy) -> str:
    """What comes of handing one message over."""
    return ntfy.send(whole(planned(ntfy, "ntfy:chips", clock=Clock()), ntfy), parent="")


def test_nobody_listens(clock: Clock):
    """A refused connection: nothing left, so it may be tried again without asking."""
    with pytest.raises(TemporaryFailure, match="cannot be reached") as caught:
        sent(Ntfy(f"http://127.0.0.1:{free_port()}", token=TOKEN))
    assert caught.value.account
    assert TOKEN not in str(caught.value)


def test_a_certificate_of_nobody(tmp_path: Path, make: Callable[..., NtfyServer]):
    """An untrusted certificate stops the account before anything of the login is sent."""
    certificate = make_certificate(tmp_path)
    server = make(token=TOKEN)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    server.encrypt(context)
    with pytest.raises(PermanentFailure, match="was not trusted") as caught:
        sent(Ntfy(server.url.replace("http:", "https:"), token=TOKEN))
    assert caught.value.account
    assert server.calls == []


def test_the_first_byte_begins_the_doubt():
    """Who accepts the connection and says nothing leaves doubt; a name that is none does not."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ntfy = Ntfy(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        with pytest.raises(OutcomeUnknown, match="no usable answer"):
            sent(ntfy)


def test_a_dripping_answer_ends():
    """A byte now and then does not hold up the rest: the timeout is for the whole answer."""
    body, stop = b" " * 150 + b'{"id": "late"}', threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
            for at in range(len(body)):  # whole after three seconds
                connection.sendall(body[at : at + 1])
                if stop.wait(0.02):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripping = threading.Thread(target=drip, args=(listening,), daemon=True)
        dripping.start()
        try:
            with pytest.raises(OutcomeUnknown):
                sent(Ntfy(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=0.3))
        finally:
            stop.set()
            dripping.join()


def test_a_redirect_is_not_followed(make: Callable[..., NtfyServer], clock: Clock):
    """Neither the message nor the token goes where another server sends them."""
    elsewhere = make(token=TOKEN)
    server = make(token=TOKEN)
    for status in (301, 302, 307, 308):
        server.fail("publish", Fault(status=status, headers={"Location": elsewhere.url + "/"}))
        with pytest.raises(PermanentFailure, match="not followed"):
            sent(channel(server, clock))
    server.fail("poll", Fault(status=302, headers={"Location": elsewhere.url + "/chips/json?poll=1"}))
    outbox = cut_off(channel(server, clock), clock, seconds=10)
    work_off(outbox, channel(server, clock), clock)
    assert states(outbox) == ["unknown"]
    assert elsewhere.calls == []


def test_a_proxy_from_the_environment(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    """HTTPS_PROXY is used; when it is down that is said without the token or the proxy's password."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HTTPS_PROXY", f"http://u:{PASSWORD}@127.0.0.1:{free_port()}")
    ntfy = Ntfy("https://ntfy.example", token=TOKEN)
    with pytest.raises(TemporaryFailure, match="cannot be reached") as caught:
        sent(ntfy)
    shown = caplog.text + str(caught.value) + repr(ntfy)
    assert PASSWORD not in shown
    assert TOKEN not in shown


def test_what_stays_on_this_machine_takes_no_proxy(monkeypatch: pytest.MonkeyPatch, server: NtfyServer, clock: Clock):
    """A login in the clear, allowed because it stays here, is not handed to a proxy."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    assert sent(channel(server, clock))


def test_a_tunnel_that_was_opened_leaves_no_doubt(monkeypatch: pytest.MonkeyPatch):
    """What a proxy is told before is no part of the request: a tunnel that is refused means that nothing left."""

    def refuse(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        refusing = threading.Thread(target=refuse, args=(listening,), daemon=True)
        refusing.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listening.getsockname()[1]}")
        with pytest.raises(TemporaryFailure, match="407"):
            sent(Ntfy("https://ntfy.example", token=TOKEN, timeout=2))
        refusing.join()


def test_a_server_that_repeats_the_login(server: NtfyServer, clock: Clock, caplog: pytest.LogCaptureFixture):
    """Token, password and Basic login are in no error, log line or repr, whatever the server says."""
    caplog.set_level(logging.DEBUG)
    shown = ""
    for login, secrets in (
        ({"token": TOKEN}, [TOKEN]),
        ({"token": "", "username": "news", "password": PASSWORD}, [PASSWORD, "bmV3czpiYXR0ZXJ5LXN0YXBsZQ=="]),
    ):
        ntfy = channel(server, clock, **login)
        said = f"{' '.join(secrets)}\x1b[31m\u202e{'x' * 5000}"
        server.fail("publish", Fault(status=400, body=json.dumps({"code": 40099, "error": said})))
        outbox = planned(ntfy, "ntfy:chips", clock=clock)
        shown += repr(work_off(outbox, ntfy, clock)) + repr(outbox.all()) + repr(ntfy) + repr(vars(ntfy))
        assert max(len(row.error) for row in outbox.all()) < 400
        assert not [secret for secret in secrets if secret in shown + caplog.text]
    assert "***" in shown
    assert "\x1b" not in shown + caplog.text


# ---- check


def test_check_says_who_and_how_long(make: Callable[..., NtfyServer], clock: Clock):
    """The login and the cache, without publishing anything."""
    server = make(token=TOKEN)
    assert "signed in as news; it keeps messages for 12:00:00" in channel(server, clock).check()
    assert "without a login" in channel(server, clock, token="").check()
    server.cache_seconds = 0
    assert "keeps no messages" in channel(server, clock).check()
    assert server.messages == []


@pytest.mark.parametrize(
    ("fault", "error", "why"),
    [
        (Fault(code=40101), PermanentFailure, "refused the login"),
        (Fault(status=404), PermanentFailure, "there is no ntfy"),
        (Fault(status=503), TemporaryFailure, "not available"),
        (Fault(body="<html>my page</html>"), OutcomeUnknown, "not as ntfy does"),
    ],
    ids=["login", "no ntfy", "down", "a page"],
)
def test_check_says_what_is_wrong(server: NtfyServer, clock: Clock, fault: Fault, error: type[Exception], why: str):
    """Each in one of our errors."""
    server.fail("account", fault)
    with pytest.raises(error, match=why):
        channel(server, clock).check()
