"""The loopback server of the live preview."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from digestbot.web import PreviewServer


@pytest.fixture
def live() -> Iterator[PreviewServer]:
    with PreviewServer() as started:
        started.show("1", {"morning": "<p>Good morning</p>", "evening": "<p>Good evening</p>"})
        yield started


def asked(
    live: PreviewServer, path: str, method: str = "GET", **headers: str
) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection(urlsplit(live.address).netloc, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, answer.headers


def test_the_front_leads_to_the_first_digest(live: PreviewServer):
    """The address alone is enough."""
    status, _, headers = asked(live, "/")

    assert (status, headers["Location"]) == (307, "/digest/morning")


def test_every_page_has_its_own_address(live: PreviewServer):
    """A digest is found by its name; an unknown name is told so."""
    assert asked(live, "/digest/evening")[:2] == (200, "<p>Good evening</p>")
    assert asked(live, "/digest/noon")[0] == 404


def test_a_mail_has_a_frame_of_its_own(live: PreviewServer):
    """Its styles are its own, it may do nothing, and only our page may frame it; the page lets no style in but known ones."""
    page = "<style>p { color: red }</style><p>Good morning</p>"
    mail = "<p style='color: blue'>@media (prefers-color-scheme: dark)</p>"
    live.show("1", {"morning": page}, {"morning": mail})
    status, body, headers = asked(live, "/digest/morning/mail?look=dark")
    assert (status, "@media all" in body) == (200, True)
    policy = headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = asked(live, "/digest/morning")[2]["Content-Security-Policy"]
    assert "style-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy
    assert asked(live, "/digest/noon/mail")[0] == 404


def test_it_looks_as_the_site_does(live: PreviewServer):
    """One stylesheet."""
    status, body, headers = asked(live, "/site.css")
    assert (status, headers.get_content_type()) == (200, "text/css")
    assert ".forms" in body


def test_the_version_tells_that_a_page_is_stale(live: PreviewServer):
    """What the page's script asks for changes with the pages."""
    assert asked(live, "/version")[1] == "1"

    live.show("2", {"morning": "<p>Anew</p>"})

    assert asked(live, "/version")[1] == "2"
    assert asked(live, "/digest/morning")[1] == "<p>Anew</p>"


def test_the_script_is_served_from_here(live: PreviewServer):
    """The page needs nothing from elsewhere to reload itself."""
    status, body, headers = asked(live, "/live.js")

    assert status == 200
    assert headers.get_content_type() == "text/javascript"
    assert 'fetch("/version"' in body


@pytest.mark.parametrize("host", ["preview.example", "127.0.0.1.preview.example", "0.0.0.0", ""])
@pytest.mark.parametrize("path", ["/", "/digest/morning", "/version", "/live.js"])
def test_a_foreign_name_reads_nothing(live: PreviewServer, host: str, path: str):
    """A name on the web that leads to this machine (DNS rebinding) is refused, whatever it asks for."""
    status, body, _ = asked(live, path, Host=host)

    assert status == 400
    assert "morning" not in body


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:1", "localhost"])
def test_this_machine_is_known_by_its_names(live: PreviewServer, host: str):
    """A tunnel or another port of this machine still reads the page."""
    assert asked(live, "/digest/morning", Host=host)[0] == 200


def test_only_this_machine_is_listened_to(live: PreviewServer):
    """The port is bound to the loopback address, not to every network."""
    port = urlsplit(live.address).port
    with socket.socket() as other:
        other.settimeout(2)
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_no_other_site_may_frame_keep_or_embed_a_page(live: PreviewServer):
    """Pages are neither stored nor shown inside others'."""
    headers = asked(live, "/digest/morning")[2]

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_can_only_be_read(live: PreviewServer, method: str):
    """Nothing can be changed through this port."""
    assert asked(live, "/digest/morning", method)[0] == 405


def test_the_port_is_free_again_afterwards():
    """Leaving stops the server."""
    with PreviewServer() as live:
        port = urlsplit(live.address).port

    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.1", port)) != 0
