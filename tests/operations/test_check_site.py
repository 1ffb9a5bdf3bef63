"""What `digestbot check` says of the site."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from archived import send
from servers.ports import free_port

from digestbot.operations.check_site import gone_digests, site
from digestbot.settings import Loaded, load
from digestbot.store import open_store


def loaded(**given: str) -> Loaded:
    settings = {"FEEDS__NEWS": "./news.xml", "DIGESTS__MORNING__TO": "file:./out", **given}
    return load(None, {f"DIGESTBOT_{key}": value for key, value in settings.items()}, folder=Path())


def test_an_address_that_is_free_is_said_to_be(tmp_path: Path):
    """It is tried, and given back."""
    wanted = loaded(WEB__LISTEN=f"127.0.0.1:{free_port()}")
    for _ in range(2):
        (found,) = site(wanted, tmp_path)
        assert (found.level, "can listen" in found.reason) == ("ok", True)


def test_an_address_that_is_taken_is_an_error(tmp_path: Path):
    """Unless it is our own serve that has it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        wanted = loaded(WEB__LISTEN=f"127.0.0.1:{other.getsockname()[1]}")
        (found,) = site(wanted, tmp_path)
        assert (found.level, found.key) == ("error", "DIGESTBOT_WEB__LISTEN")
        store = open_store(tmp_path)
        store.beat(now=datetime.now(UTC))
        store.close()
        (found,) = site(wanted, tmp_path)
        assert (found.level, "digestbot is running" in found.reason) == ("ok", True)


def test_an_address_of_another_machine_is_an_error(tmp_path: Path):
    """It cannot be listened on here."""
    (found,) = site(loaded(WEB__LISTEN="192.0.2.7:8080"), tmp_path)
    assert found.level == "error"


@pytest.mark.parametrize("key", ["DIGESTS__MORNING__PUBLIC", "LISTS__BRIEFING__PUBLIC"])
def test_public_without_a_site_is_told(tmp_path: Path, key: str):
    """With the setting that lacks; with a site nothing is said."""
    (found,) = site(loaded(**{key: "yes"}), tmp_path)
    assert (found.level, found.key) == ("warning", f"DIGESTBOT_{key}")
    assert "DIGESTBOT_WEB__LISTEN" in found.reason
    assert all(one.level == "ok" for one in site(loaded(**{key: "yes"}, WEB__LISTEN="127.0.0.1:0"), tmp_path))


def test_a_header_that_nobody_may_write_is_told(tmp_path: Path):
    """TRUSTED_HEADER counts from PROXIES alone."""
    wanted = {"WEB__LISTEN": "127.0.0.1:0", "WEB__TRUSTED_HEADER": "Remote-User"}
    assert "DIGESTBOT_WEB__TRUSTED_HEADER" in [one.key for one in site(loaded(**wanted), tmp_path)]
    assert [one.level for one in site(loaded(**wanted, WEB__PROXIES="127.0.0.0/8"), tmp_path)] == ["ok"]


def test_a_digest_that_is_gone_with_its_pages_is_told(tmp_path: Path):
    """It has editions, and the configuration no longer names it: links in its mails lead nowhere."""
    store = open_store(tmp_path)
    send(store, "Chips", name="evening")
    send(store, "Chips", name="morning")
    names = store.editions.digests()
    store.close()
    (found,) = gone_digests(loaded(WEB__LISTEN="127.0.0.1:0"), names)
    assert (found.level, found.key) == ("warning", "DIGESTBOT_DIGESTS__EVENING")
    assert list(gone_digests(loaded(), names)) == []
