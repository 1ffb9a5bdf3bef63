"""The keys of readers' links: the configuration's, the database's, and how one takes the place of another."""

from __future__ import annotations

from pathlib import Path

from digestbot.app.token_keys import token_keys
from digestbot.settings import Loaded, load
from digestbot.store import open_store
from digestbot.subscribers.tokens import read_unsubscribe_token, unsubscribe_token

FIRST, SECOND = "a" * 44, "b" * 44


def configured(key: str) -> Loaded:
    return load(None, {"DIGESTBOT_WEB__KEY": key}, folder=Path())


def test_every_machine_on_one_database_has_the_same_key(tmp_path: Path):
    """Without a setting: links that one makes the other knows, also after a restart."""
    one, other = open_store(tmp_path), open_store(tmp_path)
    keys = token_keys(configured(""), one)
    assert keys == token_keys(configured(""), other)
    assert len(keys) == 1
    one.close()
    other.close()


def test_a_key_is_rotated_without_a_broken_link(tmp_path: Path):
    """From the database's own to one of the configuration, and from that to another; the one before the last is gone."""
    store = open_store(tmp_path)
    rotation = ("", FIRST, f"{SECOND} {FIRST}", SECOND)
    keys = [token_keys(configured(key), store) for key in rotation]
    links = [unsubscribe_token(one, 7, "briefing") for one in keys]
    assert all(len(one) <= 2 for one in keys)
    assert len(set(links)) == 3
    for older, newer in ((0, 1), (1, 2), (2, 3)):
        assert read_unsubscribe_token(links[older], keys[newer], "briefing") == 7
    assert read_unsubscribe_token(links[0], keys[2], "briefing") != 7
    store.close()
