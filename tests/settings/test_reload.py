"""A changed configuration under a running daemon: applied whole or not at all, and said."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from builders import NOON

from digestbot.app.storage import working_store
from digestbot.operations.daemon import Daemon
from digestbot.settings import Loaded, config_fingerprint, load

EMPTY = '<rss version="2.0"><channel><title>Empty</title></channel></rss>'
GOOD = "DIGESTBOT_FEEDS__A=a.xml\nDIGESTBOT_DIGESTS__MORNING__TO=file:./out\nDIGESTBOT_OPML=feeds.opml\n"


def opml(*paths: str) -> str:
    lines = "".join(f'<outline type="rss" text="{path}" xmlUrl="{path}"/>' for path in paths)
    return f'<opml version="2.0"><head/><body>{lines}</body></opml>'


@pytest.fixture
def service(tmp_path: Path):
    """A daemon that reads one file, with a clock that stands."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.xml").write_text(EMPTY)
    (tmp_path / "feeds.opml").write_text(opml("b.xml"))
    config = tmp_path / "config.env"
    config.write_text(GOOD)

    def read() -> Loaded:
        return load(config, {}, folder=tmp_path)

    with working_store(read(), tmp_path / "data") as store:
        yield Daemon(read=read, loaded=read(), store=store, clock=lambda: NOON)


def test_a_good_change_is_applied_and_said(service: Daemon, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """The next round works with the new topics, and a line tells."""
    (tmp_path / "config.env").write_text(GOOD + "DIGESTBOT_TOPICS__GOLD=gold\n")
    with caplog.at_level(logging.INFO, logger="digestbot"):
        service.tick()
        service.tick()

    assert [topic.name for topic in service.loaded.topics] == ["gold"]
    assert sum("configuration reloaded" in line for line in caplog.messages) == 1


def test_a_broken_change_is_said_once_and_the_last_good_one_stays(
    service: Daemon, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """One wrong line among good ones changes nothing, until it is mended."""
    before = service.loaded
    (tmp_path / "config.env").write_text(GOOD + "DIGESTBOT_TOPICS__GOLD=gold\nDIGESTBOT_TOPICS__OIL=-oil\n")
    with caplog.at_level(logging.ERROR, logger="digestbot"):
        service.tick()
        service.tick()

    assert service.loaded is before
    assert sum("the last good configuration stays" in line for line in caplog.messages) == 1
    told = service.store.alerts.open_alerts()
    assert "DIGESTBOT_TOPICS__OIL" in told["configuration"], "for /admin, `status` and ALERTS__TO"

    (tmp_path / "config.env").write_text(GOOD + "DIGESTBOT_TOPICS__GOLD=gold\nDIGESTBOT_TOPICS__OIL=oil\n")
    service.tick()
    assert [topic.name for topic in service.loaded.topics] == ["gold", "oil"]
    assert service.store.alerts.open_alerts() == {}


def test_a_missing_file_changes_nothing(service: Daemon, tmp_path: Path):
    """A file that is away for a moment, as while an editor saves, leaves the daemon as it is."""
    before = service.loaded
    (tmp_path / "config.env").rename(tmp_path / "away")
    service.tick()
    assert service.loaded is before
    assert service.store.alerts.open_alerts() == {}, "nobody is called for a moment"

    (tmp_path / "away").rename(tmp_path / "config.env")
    service.tick()
    assert service.loaded.settings == before.settings


def test_files_that_the_configuration_names_count_too(service: Daemon, tmp_path: Path):
    """A changed OPML file is a changed configuration."""
    before = config_fingerprint(service.loaded)
    (tmp_path / "feeds.opml").write_text(opml("b.xml", "a.xml"))

    assert config_fingerprint(service.loaded) != before


@pytest.mark.parametrize(
    ("setting", "old", "new"),
    [
        ("SLACK__TOKEN", "xoxb-1", "xoxb-2"),
        ("SMTP__DKIM_KEY", "a key", "another"),
        ("ALERTS__PING_URL", "https://ping.example/a", "https://ping.example/b"),
        (
            "SLACK_WEBHOOKS__DESK",
            "https://hooks.slack.example/services/a/b/c",
            "https://hooks.slack.example/services/d",
        ),
    ],
)
def test_a_secret_that_is_replaced_in_its_file_counts_too(tmp_path: Path, setting: str, old: str, new: str):
    """A new token or webhook is used without a restart."""
    secret = tmp_path / "secret"
    secret.write_text(old)
    loaded = load(None, {f"DIGESTBOT_{setting}_FILE": "secret"}, folder=tmp_path)
    before = config_fingerprint(loaded)
    secret.write_text(new)

    assert config_fingerprint(loaded) != before


def test_a_file_caught_half_written_is_read_again(service: Daemon, tmp_path: Path):
    """When the file changes while it is read, nothing is applied before the next round."""
    config = tmp_path / "config.env"
    config.write_text(GOOD + "DIGESTBOT_TOPICS__GOLD=gold\n")
    read, before = service.read, service.loaded

    def interrupted() -> Loaded:
        loaded = read()
        config.write_text(GOOD + "DIGESTBOT_TOPICS__GOLD=gold, silver\n")
        return loaded

    service.read = interrupted
    service.tick()
    assert service.loaded is before

    service.read = read
    service.tick()
    assert str(service.loaded.topics[0]) == "gold, silver"
