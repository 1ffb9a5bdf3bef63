"""Whatever a server answers: one of our errors or a success that is one; no secret and no control character in the words."""

from __future__ import annotations

import json
import re
import socket
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import pytest
from delivering import Clock, planned, whole
from hypothesis import example, given
from hypothesis import strategies as st

from digestbot.channels.email.channel import Email
from digestbot.channels.ntfy.channel import Ntfy
from digestbot.channels.slack.channel import Slack
from digestbot.channels.slack.incoming_webhook import Webhook
from digestbot.errors import DeliveryError
from digestbot.ports import Channel

TOKEN = "xoxb-123-not-a-real-token"
PASSWORD = "battery-staple"
HOOK = "services/T0DIGEST0/B0DESK000/n0tAReal1ncomingWebhook0"


class Scripted:
    """A server on loopback that answers each connection with the next bytes of a script, and hangs up after the last.

    A web server reads a whole request first. A mail server speaks first, and then after each line, or each message.
    """

    def __init__(self, *, mail: bool) -> None:
        self.mail = mail
        self.script: Sequence[bytes] = ()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                (self._mail if self.mail else self._web)(client)

    def _web(self, client: socket.socket) -> None:
        got = b""
        while b"\r\n\r\n" not in got:
            if not (more := client.recv(65536)):
                return
            got += more
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        while length and len(body) < int(length[1]) and (more := client.recv(65536)):
            body += more
        client.sendall(b"".join(self.script))

    def _mail(self, client: socket.socket) -> None:
        answers = iter(self.script)
        with client.makefile("rb") as lines:
            in_message, answer = False, next(answers, b"")
            while True:
                client.sendall(answer)
                if not answer.endswith(b"\n") or answer.splitlines()[-1][3:4] == b"-":
                    return  # the client waits for the rest of it
                line = lines.readline()
                while in_message and line and line != b".\r\n":
                    line = lines.readline()
                if not line or (answer := next(answers, b"")) == b"":
                    return
                in_message = not in_message and line.startswith(b"DATA") and answer.startswith(b"354")


@dataclass(frozen=True, slots=True)
class Asked:
    """A channel to a scripted server, and how its answer shows that a message was taken."""

    server: Scripted
    channel: Channel
    address: str
    taken: Callable[[], bool]
    secrets: tuple[str, ...] = (TOKEN, PASSWORD, HOOK)

    def send(self, script: Sequence[bytes]) -> None:
        """Send one message, and look at what comes of it."""
        self.server.script = script
        delivery = whole(planned(self.channel, self.address, clock=Clock()), self.channel, attempts=2)
        failure: DeliveryError | None = None
        try:
            self.channel.send(delivery, parent="")
        except DeliveryError as error:
            failure = error
        self.channel.close()
        if failure is None:
            assert self.taken(), script
        else:
            harmless(str(failure), self.secrets)
            assert failure.__cause__ is None

    def look(self, script: Sequence[bytes]) -> None:
        """Ask whether a message arrived, and look at what comes of it."""
        self.server.script = script
        [row] = planned(self.channel, self.address, clock=Clock()).all()
        for ask in (partial(self.channel.find_sent, replace(row, attempts=2)), self.channel.check):
            try:
                said = ask() or ""
            except DeliveryError as error:
                said = str(error)
            harmless(said, self.secrets)


def harmless(text: str, secrets: Sequence[str]) -> None:
    """No secret, nothing that moves a terminal's cursor, and not endless."""
    assert not [secret for secret in secrets if secret in text]
    assert not [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")], ascii(text)
    assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068"), ascii(text)
    assert len(text) < 1000


def _body(server: Scripted) -> bytes:
    return b"".join(server.script).partition(b"\r\n\r\n")[2]


def _json(server: Scripted) -> dict[str, object]:
    with suppress(ValueError, RecursionError):
        found = json.loads(_body(server))
        return found if isinstance(found, dict) else {}
    return {}


@pytest.fixture(scope="module", params=["slack", "slack-webhook", "ntfy"])
def web(request: pytest.FixtureRequest) -> Iterator[Asked]:
    server = Scripted(mail=False)
    url = f"http://127.0.0.1:{server.port}"

    def slack() -> bool:
        return _json(server).get("ok") is True and bool(_json(server).get("ts"))

    made = {
        "slack": lambda: Asked(server, Slack(TOKEN, api_url=f"{url}/api/", timeout=5), "slack:C0CHIPS000", slack),
        "slack-webhook": lambda: Asked(
            server, Webhook({"desk": f"{url}/{HOOK}"}, timeout=5), "slack-webhook:desk", lambda: b"ok" in _body(server)
        ),
        "ntfy": lambda: Asked(
            server,
            Ntfy(url, username="u", password=PASSWORD, timeout=5),
            "ntfy:chips",
            lambda: isinstance(_json(server).get("id"), str),
        ),
    }
    yield made[request.param]()
    server.close()


HAZARDS = st.sampled_from(
    [
        TOKEN,
        PASSWORD,
        HOOK,
        "\x1b[2J",
        "\x00",
        "\x85",
        "\u2028",
        "\u202e",
        "\ud800",
        "é",
        "日本",
        "x" * 3000,
        "\n",
        "\r",
        "",
    ]
)
WORDS = st.lists(HAZARDS | st.text(max_size=8), max_size=4).map("".join)
VALUE = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)
SAID = st.sampled_from(
    ["invalid_auth", "not_in_channel", "missing_scope", "ratelimited", "invalid_blocks", "internal_error", "no_service"]
)
OBJECT = st.fixed_dictionaries(
    {},
    optional={
        "ok": VALUE | st.booleans(),
        "error": VALUE | SAID,
        "needed": VALUE,
        "errors": VALUE,
        "response_metadata": VALUE | st.dictionaries(st.sampled_from(["messages", "next_cursor"]), VALUE),
        "ts": VALUE,
        "channel": VALUE,
        "messages": VALUE,
        "user": VALUE,
        "team": VALUE,
        "id": VALUE,
        "code": VALUE | st.sampled_from([40101, 40301, 40001, 42908, 10**30]),
        "username": VALUE,
        "limits": VALUE | st.dictionaries(st.just("messages_expiry_duration"), VALUE),
        "attachment": VALUE,
    },
).map(lambda found: json.dumps(found).encode("utf-8", "surrogatepass"))
BODY = st.one_of(OBJECT, VALUE.map(json.dumps).map(str.encode), WORDS.map(lambda text: text.encode("utf-8", "replace")), SAID.map(str.encode), st.binary(max_size=40), st.just(b"[" * 20_000))  # fmt: skip
STATUS = st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 407, 408, 413, 418, 429, 500, 502, 503, 99, 600, 999])  # fmt: skip
HEADER = st.one_of(
    st.builds("Retry-After: {}".format, WORDS | st.sampled_from(["30", "-1", "nan", "inf", "1e999", "٣"])),
    st.builds("Content-Type: {}".format, WORDS | st.sampled_from(["text/html; charset=no-such", "a; charset=utf-7"])),
    st.builds("x-oauth-scopes: {}".format, WORDS),
    st.builds("Content-Length: {}".format, st.sampled_from(["0", "5", "-1", "99999999999", "two"])),
    st.builds("Location: {}".format, WORDS),
    st.sampled_from(["Transfer-Encoding: chunked", "Content-Encoding: gzip", "no colon", ": no name", "\x00: \x00"]),
    WORDS,
)


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """An HTTP answer that is nearly one, cut at any place, or any bytes at all."""
    lines = [f"HTTP/1.1 {draw(STATUS)} {draw(WORDS)}", *draw(st.lists(HEADER, max_size=3))]
    whole = "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + draw(BODY)
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.integers(0, 9)) == 0 else whole


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n\r\n" + body


@given(answers() | st.binary(max_size=60))
@example(ok(b'{"ok": true, "ts": "1.2", "channel": "C1", "id": "a"}'))
@example(ok(b"ok"))
@example(ok(b"[" * 100_000))
@example(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\nok")
@example(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\nok")
def test_any_answer_to_a_message_over_http(web: Asked, answer: bytes):
    """Any status, headers and body, whole or cut: a success only where the service says so."""
    web.send([answer])


@given(answers() | st.binary(max_size=60))
def test_any_answer_to_a_question_over_http(web: Asked, answer: bytes):
    """The same for whether a message arrived, and for `check`."""
    web.look([answer])


def _accepted(script: Sequence[bytes]) -> bool:
    """Whether a go-ahead for a message is followed by a yes, in whatever turn they came."""
    codes = [line[:3] for line in b"".join(script).split(b"\n") if line[3:4] != b"-"]
    return any(one == b"354" and two.startswith(b"2") for one, two in pairwise(codes))


@pytest.fixture(scope="module", params=["", PASSWORD], ids=["no login", "login"])
def mail(request: pytest.FixtureRequest) -> Iterator[Asked]:
    server = Scripted(mail=True)
    channel = Email(
        "127.0.0.1",
        server.port,
        username="news" if request.param else "",
        password=request.param,
        sender="news@example.com",
        security="none",
        timeout=0.05,  # who waits for the other in vain is soon over; a slow machine makes an error of a success
        data_timeout=0.05,
    )
    yield Asked(
        server, channel, "mailto:a@example.com", lambda: _accepted(server.script), tuple(filter(None, [request.param]))
    )
    server.close()


USUAL = ["220 ready", "250-loopback\r\n250-AUTH PLAIN LOGIN\r\n250 PIPELINING", "250 fine", "250 fine", "354 go on", "250 taken"]  # fmt: skip
CODE = st.sampled_from(["220", "235", "250", "251", "334", "354", "421", "450", "452", "500", "530", "535", "550", "552", "554", "000", "999", "2", "25", "-50", "٢٥٠", ""])  # fmt: skip
REPLY = st.one_of(
    st.builds("{}{}{}".format, CODE, st.sampled_from([" ", "-", "", "\t"]), WORDS | st.just("5.1.1 nobody")),
    st.builds("{0}-{1}\r\n{0} {1}".format, CODE, WORDS),
    st.sampled_from(USUAL),
    st.builds("250-loopback\r\n250 AUTH {}".format, WORDS | st.sampled_from(["CRAM-MD5", "LOGIN", "CRAM-MD5 PLAIN"])),
    WORDS,
)


@st.composite
def dialogues(draw: st.DrawFn) -> list[bytes]:
    """A usual session, with some of its answers replaced, left out, cut, or followed by more."""
    said = [line if draw(st.integers(0, 2)) else draw(REPLY) for line in USUAL]
    said += draw(st.lists(REPLY, max_size=3))
    said = said[: draw(st.integers(0, len(said)))] if draw(st.booleans()) else said
    ends = st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "", "\r", "\r\n250 more\r\n"])
    return [(line + draw(ends)).encode("utf-8", "replace") for line in said]


def usual(*changes: tuple[int, bytes]) -> list[bytes]:
    lines = [f"{line}\r\n".encode() for line in USUAL]
    for at, line in changes:
        lines[at] = line
    return lines


@given(dialogues() | st.lists(st.binary(max_size=20), max_size=6))
@example(usual())
@example(usual((2, f"550 {PASSWORD}\x1b[2J\u202e\r\n".encode())))
@example(usual((3, b"550 5.1.1 " + b"x" * 9000 + b"\r\n")))
@example(usual((5, b"25\r\n")))
@example(usual((5, b"\xff\xfe\r\n")))
@example(usual((1, b"250-loopback\r\n250 SIZE two\r\n")))
@example(usual((1, b"250-loopback\r\n250 AUTH CRAM-MD5\r\n"), (2, b"334 abc\r\n")))
@example(usual((1, b"250-loopback\r\n250 AUTH CRAM-MD5 PLAIN LOGIN\r\n"), (2, b"334 \xff\r\n"), (3, b"334 a\r\n")))
@example(usual((1, b"250-loopback\r\n250 AUTH LOGIN\r\n"), (2, b"334 a\r\n"), (3, b"334 a\r\n")))
def test_any_answers_of_a_mail_server(mail: Asked, script: list[bytes]):
    """Any codes and lines, half, overlong or of no protocol: a success only where the message was answered with 2xx."""
    mail.send(script)
