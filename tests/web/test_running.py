"""The site as a person starts it: beside `serve`, and alone."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bot import Bot
from newsroom import MORNING_NEWS
from servers.ports import free_port


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    made = Bot(tmp_path)
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    port = free_port()
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        TOPICS__CHIPS="foundry",
        DIGESTS__MORNING__AT="23:59",
        DIGESTS__MORNING__TO="file:./out",
        LISTS__BRIEFING__PUBLIC="yes",
        WEB__LISTEN=f"127.0.0.1:{port}",
    )
    return made


def port_of(bot: Bot) -> int:
    return int(bot.settings["WEB__LISTEN"].rpartition(":")[2])


def status_of(bot: Bot, path: str, *, wait: float = 60) -> tuple[int, str]:
    """What the site answers, once it does."""
    deadline = time.monotonic() + wait
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port_of(bot), timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            assert time.monotonic() < deadline, "the site never answered"
            time.sleep(0.1)
        finally:
            connection.close()


def test_serve_has_the_site_and_stops_with_it(bot: Bot):
    """One process: ready after its first round; a browser that holds its connection open does not keep it from ending."""
    serve = bot.start("serve")
    try:
        assert status_of(bot, "/subscribe")[0] == 200
        deadline = time.monotonic() + 60
        while status_of(bot, "/readyz")[0] != 200:
            assert time.monotonic() < deadline, "it never became ready"
            time.sleep(0.2)
        with socket.create_connection(("127.0.0.1", port_of(bot))) as held:
            held.sendall(b"GET / HTTP/1.1\r\n")
            began = time.monotonic()
            serve.send_signal(signal.SIGTERM)
            serve.communicate(timeout=30)
            assert serve.returncode == 0
            assert time.monotonic() - began < 15
    finally:
        serve.kill()


def test_the_site_alone_follows_the_configuration(bot: Bot):
    """`web` needs no `serve`; a list that is added shows, and a broken file changes nothing."""
    web = bot.start("web")
    try:
        assert "Ports" not in status_of(bot, "/subscribe")[1]
        bot.configure(LISTS__PORTS__TITLE="Ports", LISTS__PORTS__PUBLIC="yes")
        deadline = time.monotonic() + 30
        while "Ports" not in status_of(bot, "/subscribe")[1]:
            assert time.monotonic() < deadline, "it never followed"
            time.sleep(0.2)
        bot.configure(LISTS__PORTS__PUBLIC="perhaps")
        time.sleep(3)
        assert "Ports" in status_of(bot, "/subscribe")[1]
        web.send_signal(signal.SIGTERM)
        web.communicate(timeout=30)
        assert web.returncode == 0
    finally:
        web.kill()


def test_another_place_to_listen_needs_a_restart(bot: Bot):
    """Until then the site answers where it listens, and the log says so once."""
    web = bot.start("web")
    try:
        assert status_of(bot, "/healthz")[0] == 200
        place, other = bot.settings["WEB__LISTEN"], f"127.0.0.1:{free_port()}"
        bot.configure(WEB__LISTEN=other, LISTS__PORTS__TITLE="Ports", LISTS__PORTS__PUBLIC="yes")
        bot.settings["WEB__LISTEN"] = place  # of this test alone: the file has the other one
        deadline = time.monotonic() + 30
        while "Ports" not in status_of(bot, "/subscribe")[1]:
            assert time.monotonic() < deadline, "it never followed"
            time.sleep(0.2)
        web.send_signal(signal.SIGTERM)
        _, said = web.communicate(timeout=30)
        assert said.count(f"LISTEN has changed: restart digestbot; it still listens at {place}") == 1
    finally:
        web.kill()


def test_serve_takes_up_at_once_what_a_page_saved(bot: Bot):
    """Whoever saves a topic need not wait for the next round, nor restart anything."""
    serve = bot.start("serve")
    try:
        page = status_of(bot, "/admin/topics/edit?name=chips")[1]
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        form = urlencode(hidden | {"do": "save", "terms": "foundry, wafer*", "title": "", "weight": "", "limit": ""})
        own = f"127.0.0.1:{port_of(bot)}"
        deadline = time.monotonic() + 60
        while status_of(bot, "/readyz")[0] != 200:
            assert time.monotonic() < deadline, "it never became ready"
            time.sleep(0.2)
        began = time.monotonic()
        connection = http.client.HTTPConnection(own, timeout=20)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{own}"}
        connection.request("POST", "/admin/topics/edit", form, kind)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert (answer.status, answer.headers["Location"]) == (303, "/admin/topics/edit?name=chips&told=saved")
        assert time.monotonic() - began < 15, "rounds are half a minute apart"
        assert "DIGESTBOT_TOPICS__CHIPS=foundry, wafer*" in (bot.folder / "config.env").read_text()
        serve.send_signal(signal.SIGTERM)
        serve.communicate(timeout=30)
    finally:
        serve.kill()


def test_a_port_that_is_taken_is_told(bot: Bot):
    """In one line, with the setting, before anything begins."""
    with socket.create_server(("127.0.0.1", port_of(bot))):
        for command in ("serve", "web"):
            done = bot(command)
            assert done.returncode == 2
            assert "DIGESTBOT_WEB__LISTEN" in done.stderr
            assert "Traceback" not in done.stderr


def test_web_without_a_place_to_listen_says_what_to_write(bot: Bot):
    """There is no site to serve."""
    bot.configure(WEB__LISTEN="")
    done = bot("web")
    assert done.returncode == 2
    assert "DIGESTBOT_WEB__LISTEN" in done.stderr


@pytest.mark.parametrize(
    "listen", ["8080", "example.com:80", "127.0.0.1", "127.0.0.1:99999", "300.1.1.1:80", "http://x"]
)
def test_a_wrong_place_to_listen_is_told(bot: Bot, listen: str):
    """With what to write instead."""
    bot.configure(WEB__LISTEN=listen)
    done = bot("check")
    assert done.returncode == 2
    assert "127.0.0.1:8080" in done.stdout + done.stderr
