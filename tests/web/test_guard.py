"""What every answer of the site is held to: whose site it is, how much is read, how long it takes."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from pydantic import ValidationError
from running_site import RunningSite, raw, running

from digestbot.settings.web import WebSettings
from digestbot.web import patient_http
from digestbot.web.guard import MOST_BYTES, is_ours

HERE = WebSettings(listen="127.0.0.1:8080", url="https://digest.example.com/news")
EVERYWHERE = WebSettings(listen="0.0.0.0:8080")


@pytest.mark.parametrize(
    ("host", "settings", "ours"),
    [
        ("digest.example.com", HERE, True),
        ("DIGEST.example.com:443", HERE, True),
        ("digest.example.com.", HERE, True),
        ("127.0.0.1:8080", HERE, True),
        ("localhost:8080", HERE, True),
        ("127.0.0.1:9090", HERE, False),
        ("localhost", HERE, False),
        ("192.0.2.7:8080", HERE, False),
        ("192.0.2.7:8080", EVERYWHERE, True),
        ("[2001:db8::1]:8080", EVERYWHERE, True),
        ("evil.example:8080", EVERYWHERE, False),
        ("evil.example", HERE, False),
        ("digest.example.com.evil.example", HERE, False),
        ("digest.example.com@evil.example", HERE, False),
        ("evil.example#digest.example.com", HERE, False),
        ("digest.example.com/x", HERE, False),
        ("127.0.0.1.evil.example:8080", HERE, False),
        ("", HERE, False),
        ("[::1", HERE, False),
        ("localhost:99999", HERE, False),
    ],
)
def test_only_our_own_names_are_answered(host: str, settings: WebSettings, ours: bool):
    """The name of URL, this machine, and numbers where the network may call: a foreign name that leads here gets nothing."""
    assert is_ours(host, settings) is ours


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1:1", "a\tb"])
def test_a_foreign_host_gets_no_page(live_site: RunningSite, host: str):
    """DNS rebinding reads nothing and changes nothing."""
    assert live_site.get("/subscribe", Host=host).status in (400, 421)


@pytest.mark.parametrize("path", ["/subscribe", "/nowhere", "/healthz", "/site.css", "/u/briefing/x", "/hooks/ses"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_every_answer_has_the_headers(live_site: RunningSite, path: str, method: str):
    """Whatever is asked and how: a browser may load nothing foreign, frame nothing, guess nothing and tell nobody."""
    headers = live_site.ask(method, path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


@pytest.mark.parametrize(
    "path",
    ["/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/site.css/../../config.env", "//evil.example/", "/u/..%2f..%2f/x"],
)
def test_no_path_reaches_the_file_system(live_site: RunningSite, path: str):
    """Nor leads to another site."""
    answer = live_site.get(path)
    assert answer.status == 404
    assert "Location" not in answer.headers


def test_a_large_request_is_refused(live_site: RunningSite):
    """Whether it says how large it is or not; the site answers the next one."""
    host = f"Host: 127.0.0.1:{live_site.port}\r\n".encode()
    with raw(live_site.port) as client:  # it need not be sent to be refused
        client.sendall(b"POST /subscribe HTTP/1.1\r\n" + host + b"Content-Length: %d\r\n\r\n" % (MOST_BYTES + 1))
        assert client.recv(2000).startswith(b"HTTP/1.1 413 ")
    with raw(live_site.port) as client:
        client.sendall(b"POST /hooks/ses HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n")
        with suppress(OSError):  # it hangs up in the middle
            for _ in range(MOST_BYTES // 50_000 + 20):
                client.sendall(b"C350\r\n" + b"x" * 50_000 + b"\r\n")
        with suppress(OSError):
            assert b" 200 " not in client.recv(2000)
    assert live_site.get("/healthz").status == 200


def test_a_large_header_is_refused(live_site: RunningSite):
    """200 kB of header lines are cut off, and the site goes on."""
    with raw(live_site.port) as client:
        with suppress(OSError):
            client.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n")
        with suppress(ConnectionError):
            assert b" 200 " not in client.recv(2000)
    assert live_site.get("/healthz").status == 200


@pytest.mark.parametrize("size", [40_000, 120_000])
@pytest.mark.parametrize("where", ["header", "address", "many"])
def test_large_header_lines_are_refused_in_one_piece(live_site: RunningSite, where: str, size: int):
    """One line or many, or an address: what comes at once is no more read than what comes bit by bit."""
    path = f"/?{'x' * size}" if where == "address" else "/subscribe"
    lines = {"header": f"X: {'x' * size}\r\n", "many": f"X: {'x' * 500}\r\n" * (size // 500)}.get(where, "")
    with raw(live_site.port) as client:
        with suppress(OSError):
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{live_site.port}\r\n{lines}\r\n".encode())
        answer = b""
        with suppress(OSError):
            answer = client.recv(2000)
    assert answer == b"" or answer.split()[1] in (b"400", b"431")
    assert live_site.get("/healthz").status == 200


def test_slow_clients_are_cut_off_and_hold_nobody_up(live_site: RunningSite, monkeypatch: pytest.MonkeyPatch):
    """500 connections that say nothing, or half a line: others are answered at once, and they are closed in the end."""
    monkeypatch.setattr(patient_http, "HEADER_SECONDS", 1.0)
    with ExitStack() as stack:
        slow = [stack.enter_context(raw(live_site.port)) for _ in range(500)]
        for number, client in enumerate(slow):
            if number % 2:
                client.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        began = time.monotonic()
        assert live_site.get("/healthz").status == 200
        assert time.monotonic() - began < 5
        for client in slow:
            client.settimeout(20)
            assert closed(client)


def test_a_client_that_drips_a_second_request_is_cut_off(live_site: RunningSite, monkeypatch: pytest.MonkeyPatch):
    """A connection that was answered once earns no more patience."""
    monkeypatch.setattr(patient_http, "HEADER_SECONDS", 0.5)
    host = f"Host: 127.0.0.1:{live_site.port}\r\n".encode()
    with raw(live_site.port) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n")
        heard = b""
        while b"alive" not in heard:
            heard += client.recv(4000)
        client.sendall(b"GET /healthz HTTP/1.1\r\n")
        client.settimeout(20)
        assert closed(client)


def closed(client: socket.socket) -> bool:
    """Whether the server ends it; what it says before does not matter."""
    try:
        while client.recv(4000):
            pass
    except ConnectionError:
        pass
    return True


@pytest.mark.parametrize("path", ["/subscribe/", "/healthz/"])
def test_a_slash_at_the_end_is_no_other_page(live_site: RunningSite, path: str):
    """People type it."""
    assert live_site.get(path).status == 200


def test_the_site_lies_below_a_path_of_its_host(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Behind a proxy that passes the path on, and behind one that takes it off; every link has it, and the log its page."""
    caplog.set_level("INFO")
    with running(tmp_path, WEB__URL="https://example.com/news") as site:
        for path in ("/news/subscribe", "/subscribe"):
            answer = site.get(path, Host="example.com")
            assert answer.status == 200
            assert all(link.startswith("/news/") for link in answer.links())
    assert caplog.text.count("GET /subscribe 200") == 2


@pytest.mark.parametrize("path", ["/subscribe", "/u/briefing/x", "/hooks/postmark"])
def test_a_large_request_in_pieces_is_refused_without_an_error(
    live_site: RunningSite, path: str, caplog: pytest.LogCaptureFixture
):
    """One that does not say how large it is: 413 where it is read, and nothing in the log but its line."""

    def pieces():
        for _ in range(MOST_BYTES // 50_000 + 2):
            yield b"x" * 50_000

    with suppress(OSError):
        answer = live_site.ask("POST", path, pieces(), Content_Type="application/x-www-form-urlencoded")
        assert answer.status in (404, 413)
    assert "Traceback" not in caplog.text
    assert "ERROR" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com:99999",
        "https://user:pw@example.com",
        "https://exa mple.com",
        "https://example.com/a%20b",
        "https://[::1",
    ],
)
def test_an_address_that_could_not_be_answered_at_is_refused(url: str):
    """In the configuration, where somebody can mend it."""
    with pytest.raises(ValidationError, match="is not the address of a site"):
        WebSettings(url=url)


def test_a_name_in_letters_beyond_ascii_is_known_as_browsers_send_it(tmp_path: Path):
    """They write it in ASCII (IDNA)."""
    with running(tmp_path, WEB__URL="https://bücher.example/news/") as site:
        assert site.loaded.settings.web.url == "https://xn--bcher-kva.example/news"
        assert site.get("/healthz", Host="xn--bcher-kva.example").status == 200
