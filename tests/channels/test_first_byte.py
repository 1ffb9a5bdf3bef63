"""Doubt about a message begins with the first byte of its request: the claim is asked right before, and nothing earlier leaves doubt."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request

import pytest
from delivering import Clock, planned, states, whole, work_off
from hypothesis import given
from hypothesis import strategies as st
from servers.faulty import FaultyServer
from servers.ntfy import NtfyServer
from servers.ports import free_port
from servers.proxy import Proxy
from servers.slack import SlackServer
from servers.smtp import SmtpServer, make_certificate
from servers.tunnel import Tunnel

from digestbot.channels.email.channel import Email
from digestbot.channels.exchange import USABLE_PROXY, Proxies, ProxyUnusable
from digestbot.channels.ntfy.channel import Ntfy
from digestbot.channels.redirects import opener_without_redirects
from digestbot.channels.slack.channel import Slack
from digestbot.channels.slack.incoming_webhook import Webhook
from digestbot.errors import OutcomeUnknown, PermanentFailure, TemporaryFailure
from digestbot.model import Delivery
from digestbot.ports import Channel

HOST = "digest.example"
PASSWORD = "battery-staple"


@dataclass(frozen=True, slots=True)
class Way:
    """A channel to a server that speaks TLS, for a name that only a proxy knows."""

    server: FaultyServer[Any, Any]
    method: str  # what handing over a message is called at the server
    address: str
    make: Callable[[str], Channel]  # by where the server is, such as https://host:port

    @property
    def port(self) -> int:
        return int(self.server.url.split(":")[2].partition("/")[0])

    def delivery(self, channel: Channel) -> Delivery:
        """One that is not looked for before it is sent."""
        return whole(planned(channel, self.address, clock=Clock()), channel, attempts=2)


@pytest.fixture(params=["slack", "slack-webhook", "ntfy"])
def way(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    """Each channel that speaks HTTP, with a server whose certificate is trusted."""
    certificate = make_certificate(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.cert))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.cert, certificate.key)
    with SlackServer() as slack, NtfyServer() as ntfy:
        ways = {
            "slack": Way(slack, "chat.postMessage", "slack:C0CHIPS000", lambda url: Slack(slack.token, api_url=f"{url}/api/")),
            "slack-webhook": Way(slack, "webhook", "slack-webhook:desk", lambda url: Webhook({"desk": f"{url}/{slack.hook}"})),
            "ntfy": Way(ntfy, "publish", "ntfy:chips", Ntfy),
        }  # fmt: skip
        way = ways[request.param]
        way.server.encrypt(context)
        yield way


class Claim:
    """A claim that grows old when it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.old = threading.Event()
        self.asked = 0

    def __call__(self) -> None:
        self.asked += 1
        if self.old.is_set():
            raise TemporaryFailure("suspended for too long")


def test_a_claim_that_grows_old_during_the_tls_handshake(way: Way):
    """The connection is closed, and no byte of the request was written."""
    claim = Claim()
    with Proxy(way.port) as between:
        between.freeze()

        def handshake_at_last() -> None:
            while not between.connections:
                pass
            claim.old.set()
            between.thaw()

        channel = way.make(f"https://127.0.0.1:{between.port}")
        thread = threading.Thread(target=handshake_at_last)
        thread.start()
        with pytest.raises(TemporaryFailure, match="suspended"):
            channel.send(replace(way.delivery(channel), require_claim=claim), parent="")
        thread.join()
    assert claim.asked == 1
    assert way.server.calls == []


def test_a_claim_that_grows_old_while_a_proxy_opens_the_tunnel(way: Way, monkeypatch: pytest.MonkeyPatch):
    """The same where it is the proxy that takes its time; a claim that is good posts once through the same proxy."""
    claim = Claim()
    channel = way.make(f"https://{HOST}")
    delivery = replace(way.delivery(channel), require_claim=claim)
    with Tunnel(way.port, on_connect=claim.old.set) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(TemporaryFailure, match="suspended"):
            channel.send(delivery, parent="")
        assert claim.asked == 1
        assert [line.split()[:2] for line in proxy.asked] == [[b"CONNECT", f"{HOST}:443".encode()]]
    assert way.server.calls == []
    good = Claim()
    with Tunnel(way.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        channel.send(replace(delivery, require_claim=good), parent="")
    assert good.asked == 1
    assert way.server.count(way.method) == 1


def test_mail_asks_the_claim_once_the_server_awaits_the_message():
    """After DATA was answered and before the first byte of the message: what is too old then is not handed over."""
    claim = Claim()
    with SmtpServer() as server:
        mail = Email("127.0.0.1", server.port, sender="news@example.com", security="none")
        delivery = whole(planned(mail, "mailto:a@example.com", clock=Clock()), mail, require_claim=claim)
        claim.old.set()
        with pytest.raises(TemporaryFailure, match="suspended"):
            mail.send(delivery, parent="")
        assert server.messages == []
        claim.old.clear()
        mail.send(delivery, parent="")
        mail.close()
        assert len(server.messages) == 1


REFUSALS = {
    "407": b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
    "502": b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>",
    "silence": b"",
    "half a line": b"HTTP/1.1 20",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "another HTTP": b"HTTP/9.9 fine\r\n\r\n",
    "an endless line": b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n",
    "no TLS behind it": b"HTTP/1.1 200 OK\r\n\r\nhello\r\n",
}
# What the environment names, and whether another attempt may find it better.
MALFORMED = [
    "http://:::", "http://host:notaport", f"http://u:{PASSWORD}@host:notaport", "http://", "http://:8080", "http://[::1",
    "socks5://127.0.0.1:1080", "file:///etc/passwd", "ftp://127.0.0.1/", "ht!tp://x", f"u:{PASSWORD}/x@127.0.0.1:1",
    "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://a b:80", "http://\u2028:80", "http://ho\tst:80", "http:host",
]  # fmt: skip


def not_in_doubt(way: Way, *, account: bool | None = None) -> None:
    """An attempt that sends nothing leaves no doubt and shows no password; the next one, on a good way, posts once."""
    clock, channel = Clock(), way.make(f"https://{HOST}")
    with pytest.raises((TemporaryFailure, PermanentFailure)) as caught:
        channel.send(way.delivery(channel), parent="")
    assert PASSWORD not in str(caught.value)
    assert str(caught.value).isprintable()
    assert account is None or caught.value.account == account
    outbox = planned(channel, way.address, clock=clock)
    report = work_off(outbox, channel, clock, max_wait=0)
    assert states(outbox) == ["pending"]
    assert PASSWORD not in repr(report)
    assert way.server.count(way.method) == 0
    with Tunnel(way.port) as proxy, pytest.MonkeyPatch.context() as environment:
        environment.setenv("HTTPS_PROXY", proxy.url)
        clock.sleep(60)
        assert work_off(outbox, channel, clock).ok
    assert way.server.count(way.method) == 1


@pytest.mark.parametrize("refusal", REFUSALS)
def test_row_40_a_proxy_that_opens_no_tunnel_leaves_no_doubt(way: Way, monkeypatch: pytest.MonkeyPatch, refusal: str):
    """Whatever it says instead, and where it says nothing: nothing was sent, and the next attempt posts."""
    with Tunnel(answer=REFUSALS[refusal]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//u:{PASSWORD}@"))
        not_in_doubt(way, account=True)


@pytest.mark.parametrize("proxy", [*MALFORMED, "nobody there"])
def test_row_40_a_proxy_that_is_none_leaves_no_doubt(way: Way, monkeypatch: pytest.MonkeyPatch, proxy: str):
    """A malformed address, one of another kind, or where nobody listens: said with what to do, and not in doubt."""
    nobody = f"http://u:{PASSWORD}@127.0.0.1:{free_port()}"
    monkeypatch.setenv("HTTPS_PROXY", nobody if proxy == "nobody there" else proxy)
    not_in_doubt(way, account=True)


def test_a_name_that_is_none_leaves_no_doubt(way: Way):
    """A host that cannot even be asked for is a failure before the first byte, too."""
    channel = way.make(f"https://{'x' * 70}.example")
    with pytest.raises((TemporaryFailure, PermanentFailure)):
        channel.send(way.delivery(channel), parent="")


def test_a_way_that_breaks_while_somebody_looks_is_asked_again(way: Way, monkeypatch: pytest.MonkeyPatch):
    """A lost answer, and then no proxy to look it up through: it waits, and is not given up as unknown."""
    channel = way.make(f"https://{HOST}")
    monkeypatch.setenv("HTTPS_PROXY", "http://host:notaport")
    with pytest.raises(OutcomeUnknown if "webhook" in way.address else TemporaryFailure):
        channel.find_sent(way.delivery(channel))


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 2", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_what_fails_after_the_first_byte_is_in_doubt(way: Way, said: bytes):
    """The request was read, and no answer came back that can be used."""

    def answer(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, args=(listening,), daemon=True)
        thread.start()
        channel = way.make(f"http://127.0.0.1:{listening.getsockname()[1]}")
        with pytest.raises(OutcomeUnknown):
            channel.send(way.delivery(channel), parent="")
        thread.join()


KINDS = st.sampled_from(["http://", "https://", "socks5://", ""])


@given(st.builds(str.__add__, KINDS, st.text(max_size=20) | st.text("az:@[]%.09/ \n", max_size=20)))
def test_any_text_is_a_proxy_or_said_to_be_none(proxy: str):
    """Whatever stands in the environment: a host and a port come of it, or one sentence without its address."""
    request = Request(f"https://{HOST}/")
    with suppress(ProxyUnusable):
        Proxies({"https": proxy}).proxy_open(request, proxy, "https")
    assert request.host
    assert str(ProxyUnusable()) == USABLE_PROXY


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1/", "data:,x"])
def test_only_http_is_opened(address: str):
    """urllib's handlers of other kinds are not there."""
    with pytest.raises(URLError, match="unknown url type"):
        opener_without_redirects().open(address)
