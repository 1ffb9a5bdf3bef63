"""A feed's login goes to the origin it was written for (scheme, host and port), and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from servers.web import ALLOWED, Reply, WebServer

from digestbot.collect import FetchOptions
from digestbot.collect.fetch import Fetcher
from digestbot.collect.response import Response

OPTIONS = FetchOptions(allow_private=ALLOWED, gap=0.0, timeout=timedelta(seconds=60))
LOGIN = "reader:p%40ss@"
BASIC = "Basic cmVhZGVyOnBAc3M="  # reader:p@ss


def get(url: str) -> Response:
    async def within() -> Response:
        async with Fetcher(OPTIONS) as fetcher:
            return await fetcher.get(url)

    return asyncio.run(within())


def with_login(url: str) -> str:
    return url.replace("://", f"://{LOGIN}", 1)


@pytest.fixture
def home() -> Iterator[WebServer]:
    with WebServer() as server:
        server.serve("/feed", b"there")
        yield server


@pytest.fixture
def stranger() -> Iterator[WebServer]:
    with WebServer() as server:
        server.serve("/feed", b"elsewhere")
        yield server


def sent(server: WebServer) -> list[str | None]:
    return [request.headers.get("authorization") for request in server.requests]


def test_the_login_goes_to_its_own_server_and_is_in_no_address_of_the_response(home: WebServer) -> None:
    """As Basic authentication, decoded; what is made of the response's address knows no password."""
    made = get(with_login(home.url("/feed")))
    assert (made.body, made.url, sent(home)) == (b"there", home.url("/feed"), [BASIC])


@pytest.mark.parametrize("absolute", [True, False])
def test_a_redirect_within_the_origin_keeps_the_login(home: WebServer, absolute: bool) -> None:
    """Written in full or not; a feed that moves there for good keeps it as well."""
    home.serve("/old", Reply(status=301, headers={"Location": home.url("/feed") if absolute else "/feed"}))
    made = get(with_login(home.url("/old")))
    assert (made.body, sent(home)) == (b"there", [BASIC, BASIC])
    assert (made.url, made.moved_to) == (home.url("/feed"), with_login(home.url("/feed")))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_port_gets_no_login(home: WebServer, stranger: WebServer, status: int) -> None:
    """Nor is one that the redirect itself holds sent or remembered."""
    home.serve("/old", Reply(status=status, headers={"Location": with_login(stranger.url("/feed"))}))
    made = get(with_login(home.url("/old")))
    assert (made.body, sent(home), sent(stranger)) == (b"elsewhere", [BASIC], [None])
    assert LOGIN not in made.url + made.moved_to


def test_another_host_and_the_way_back_get_no_login(home: WebServer, stranger: WebServer) -> None:
    """Who redirects back chooses what is asked for: the login is not sent along."""
    other = home.url("/feed", host="127.0.0.2")
    home.serve("/old", Reply(status=302, headers={"Location": other}))
    get(with_login(home.url("/old")))
    home.serve("/away", Reply(status=302, headers={"Location": stranger.url("/back")}))
    stranger.serve("/back", Reply(status=302, headers={"Location": home.url("/feed")}))
    get(with_login(home.url("/away")))
    assert sent(home) == [BASIC, None, BASIC, None]
    assert sent(stranger) == [None]
