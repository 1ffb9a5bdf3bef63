"""DIGESTBOT_NTFY__...: what is taken, and what is refused with the setting and a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from digestbot.channels.ntfy.plugin import NtfyPlugin
from digestbot.channels.ntfy.settings import NtfySettings
from digestbot.errors import ConfigErrors
from digestbot.ports import Wanted
from digestbot.settings import load

LINES = """DIGESTBOT_FEEDS__A=https://a.example/feed
DIGESTBOT_TOPICS__CHIPS=chip*
DIGESTBOT_DIGESTS__MORNING__AT=07:30
DIGESTBOT_DIGESTS__MORNING__TIMEZONE=UTC
DIGESTBOT_DIGESTS__MORNING__TO=ntfy:chips
"""
WANTED = [Wanted("chips", "DIGESTBOT_DIGESTS__MORNING__TO")]


def settings(tmp_path: Path, **values: str) -> NtfySettings:
    """As they are read from a configuration file."""
    file = tmp_path / "config.env"
    file.write_text(LINES + "".join(f"DIGESTBOT_NTFY__{name}={value}\n" for name, value in values.items()))
    read: Any = load(file, {}, folder=tmp_path).settings.channels["ntfy"]
    assert isinstance(read, NtfySettings)
    return read


def test_one_setting_is_enough(tmp_path: Path):
    """The server alone, or a token alone for ntfy.sh; the rest has defaults."""
    read = settings(tmp_path, TOKEN="tk_1")
    assert (read.url, read.priority, read.tags, read.message_bytes) == ("https://ntfy.sh", 3, (), 4096)
    for one in (read, settings(tmp_path, URL="https://ntfy.sh")):
        assert not NtfyPlugin().problems({"ntfy": one}, WANTED, base=tmp_path)
        assert NtfyPlugin().open({"ntfy": one}, base=tmp_path)


def test_a_server_is_never_asked_unless_somebody_named_it(tmp_path: Path):
    """Without any setting no channel is opened, so that `check` asks nobody; a recipient without one is told which to set."""
    plugin, nothing = NtfyPlugin(), {"ntfy": settings(tmp_path)}
    assert plugin.open(nothing, base=tmp_path) is None
    assert not plugin.problems(nothing, (), base=tmp_path)
    [problem] = plugin.problems(nothing, WANTED, base=tmp_path)
    assert problem.key == "DIGESTBOT_NTFY__URL"
    assert "https://ntfy.sh" in problem.fix


def test_everything_is_taken(tmp_path: Path):
    """As a person writes it."""
    (tmp_path / "password").write_text("battery-staple\n")
    read = settings(
        tmp_path, URL="https://ntfy.example.com/", USERNAME="news", PASSWORD_FILE="password", PRIORITY="high",
        TAGS="newspaper, chips", MESSAGE_BYTES="16000", TIMEOUT="5s", ON_UNKNOWN="resend",
    )  # fmt: skip
    assert (read.url, read.priority, read.tags) == ("https://ntfy.example.com", 4, ("newspaper", "chips"))
    assert read.password
    assert read.password.get_secret_value() == "battery-staple"
    assert "battery-staple" not in repr(read) + repr(NtfyPlugin().open({"ntfy": read}, base=tmp_path))


@pytest.mark.parametrize(
    ("values", "key", "reason"),
    [
        ({"URL": "ntfy.sh"}, "URL", "is not a web address"),
        ({"URL": "https://"}, "URL", "is not a web address"),
        ({"URL": "https://ntfy.sh:x"}, "URL", "is not a web address"),
        ({"URL": "https://me:battery-staple@ntfy.sh"}, "URL", "holds a login"),
        ({"URL": "https://ntfy.sh/?auth=battery-staple"}, "URL", "holds more than a server"),
        ({"URL": "http://ntfy.example.com", "TOKEN": "tk_1"}, "URL", "would send the login in the clear"),
        ({"URL": "http://ntfy.example.com", "TOKEN_FILE": "token"}, "URL", "would send the login in the clear"),
        ({"URL": "http://10.0.0.7", "USERNAME": "me", "PASSWORD": "battery-staple"}, "URL", "in the clear"),
        ({"TOKEN": "two words"}, "TOKEN", "is no access token"),
        ({"TOKEN_FILE": "tk_battery-staple"}, "TOKEN_FILE", "holds the secret itself"),
        ({"TOKEN": "tk_1", "USERNAME": "me", "PASSWORD": "battery-staple"}, "TOKEN", "beside a user name"),
        ({"USERNAME": "me"}, "PASSWORD", "is missing"),
        ({"PASSWORD": "battery-staple"}, "USERNAME", "is missing"),
        ({"PRIORITY": "6"}, "PRIORITY", "is not a priority"),
        ({"MESSAGE_BYTES": "100"}, "MESSAGE_BYTES", "is out of range"),
        ({"ON_UNKNOWN": "maybe"}, "ON_UNKNOWN", ""),
    ],
)
def test_what_is_wrong_names_its_setting(tmp_path: Path, values: dict[str, str], key: str, reason: str):
    """One error with the key, a reason and a fix; no secret in it."""
    (tmp_path / "token").write_text("tk_1")
    with pytest.raises(ConfigErrors) as caught:
        settings(tmp_path, **values)
    [error] = caught.value.errors
    assert error.key == f"DIGESTBOT_NTFY__{key}"
    assert reason in error.reason
    assert "battery-staple" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"])
def test_a_login_may_go_in_the_clear_on_this_machine(tmp_path: Path, url: str):
    """Loopback: nobody can listen on the way."""
    assert settings(tmp_path, URL=url, TOKEN="tk_1").url == url


def test_without_a_login_it_is_said_what_protects_a_topic():
    """`check` says that a topic's name is its password, only to who uses one without a login."""
    plugin = NtfyPlugin()
    assert plugin.advice({"ntfy": NtfySettings()}, WANTED)
    assert not plugin.advice({"ntfy": NtfySettings()}, ())
    assert not plugin.advice({"ntfy": NtfySettings.model_validate({"token": "tk_1"})}, WANTED)
