"""A secret goes over http to this machine alone, unless the owner says so; the setting to say it with is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot import Bot

from digestbot.app.feeds import configured_feeds
from digestbot.app.plain_http import in_the_clear
from digestbot.errors import ConfigErrors
from digestbot.settings import Loaded, load

# Settings that send a secret to a place, the place, and the switch.
ROWS = [
    ({"SLACK__TOKEN": "xoxb-1"}, "SLACK__API_URL", "http://{host}/api/", "SLACK__PLAIN_HTTP"),
    ({"SLACK__TOKEN_FILE": "secret"}, "SLACK__API_URL", "http://{host}/api/", "SLACK__PLAIN_HTTP"),
    ({}, "SLACK_WEBHOOKS__DESK", "http://{host}/services/x", "SLACK_WEBHOOKS__DESK__PLAIN_HTTP"),
    ({}, "ALERTS__PING_URL", "http://{host}/ping", "ALERTS__PLAIN_HTTP"),
    ({"NTFY__TOKEN": "tk_1"}, "NTFY__URL", "http://{host}", "NTFY__PLAIN_HTTP"),
    ({"NTFY__USERNAME": "u", "NTFY__PASSWORD": "p"}, "NTFY__URL", "HTTP://{host}", "NTFY__PLAIN_HTTP"),
    ({"SMTP__USERNAME": "u", "SMTP__SECURITY": "none"}, "SMTP__HOST", "{host}", "SMTP__PLAIN_LOGIN"),
]
FILES = [row for row in ROWS if row[1] in ("SLACK_WEBHOOKS__DESK", "ALERTS__PING_URL")]


def read(folder: Path, **settings: str) -> Loaded:
    (folder / "secret").write_text("xoxb-1")
    given = {f"DIGESTBOT_{key}": value for key, value in settings.items()}
    return load(None, {"DIGESTBOT_FEEDS__A": "https://a.example/feed", **given}, folder=folder)


@pytest.mark.parametrize(("others", "key", "place", "switch"), ROWS, ids=lambda value: str(value)[:25])
def test_a_secret_is_not_sent_in_the_clear(
    tmp_path: Path, others: dict[str, str], key: str, place: str, switch: str
) -> None:
    """Refused for another machine, with the switch named; taken for this one, or once the owner says so."""
    settings = {**others, key: place.format(host="ops.internal.example")}
    with pytest.raises(ConfigErrors) as caught:
        read(tmp_path, **settings)
    [error] = caught.value.errors
    assert "in the clear" in error.reason
    assert switch.rpartition("__")[2] in error.fix
    read(tmp_path, **settings, **{switch: "yes"})
    read(tmp_path, **{**others, key: place.format(host="127.0.0.1")})
    read(tmp_path, **{**others, key: place.format(host="localhost")})


@pytest.mark.parametrize(("others", "key", "place", "switch"), FILES, ids=lambda value: str(value)[:25])
def test_a_secret_from_a_file_is_held_to_the_same(
    tmp_path: Path, others: dict[str, str], key: str, place: str, switch: str
) -> None:
    """The group that the file's setting stands in says whether it may."""
    del others
    (tmp_path / "address").write_text(place.format(host="ops.internal.example"))
    with pytest.raises(ConfigErrors, match="in the clear"):
        read(tmp_path, **{f"{key}_FILE": "address"})
    read(tmp_path, **{f"{key}_FILE": "address", switch: "yes"})


def test_feeds_whose_password_goes_over_http_are_named(tmp_path: Path) -> None:
    """Not over https, not to this machine, not where the host is named, not without a login."""
    feeds = {
        "FEEDS__OPEN": "http://u:p@a.example/feed",
        "FEEDS__NAMED": "http://u:p@B.example:81/feed",
        "FEEDS__ENCRYPTED": "https://u:p@a.example/feed",
        "FEEDS__HERE": "http://u:p@127.0.0.1/feed",
        "FEEDS__PUBLIC": "http://a.example/feed",
        "FEEDS__SAVED": "./u:p@a.xml",
    }
    loaded = read(tmp_path, **feeds, FETCH__PLAIN_HTTP_SECRETS="b.example, c.example")
    assert [feed.name for feed in in_the_clear(configured_feeds(loaded), loaded)] == ["open"]


def test_check_and_a_run_warn_once(tmp_path: Path) -> None:
    """It is no stop: the feed is asked all the same; neither line holds the password."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__OPEN="http://reader:hunter2@10.1.2.3/feed", DIGESTS__MORNING__TO="file:./out")
    checked, done = bot("check"), bot("run")
    assert checked.stdout.count("sends its password in the clear") == 1
    assert "DIGESTBOT_FEEDS__OPEN (line 1)" in checked.stdout
    assert done.stderr.count("in the clear") == 1
    assert "feeds open" in done.stderr
    assert "hunter2" not in checked.stdout + checked.stderr + done.stdout + done.stderr
