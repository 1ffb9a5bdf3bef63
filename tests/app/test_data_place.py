"""Where the data folder is."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from bot import Bot
from newsroom import MORNING_NEWS

from digestbot.app.storage import DataPlace, data_place
from digestbot.cli import shell
from digestbot.errors import ConfigError
from digestbot.settings import find_config, load
from digestbot.store import open_store

FEED = "DIGESTBOT_FEEDS__A=./a.xml\n"


def place_of(
    config: Path | None, environ: Mapping[str, str], *, data: Path | None = None, text: str = FEED
) -> DataPlace:
    if config is not None:
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(text)
    return data_place(data, load(config, {}, folder=Path("/")), environ)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home")}


def xdg_of(home: Mapping[str, str]) -> Path:
    return Path(home["HOME"]) / ".local" / "share" / "digestbot"


def test_beside_the_configuration(tmp_path: Path, home: dict[str, str]):
    """A folder is a whole: from wherever the command is called, by whatever link the file is named."""
    place = place_of(tmp_path / "desk" / "config.env", home)
    assert place == DataPlace(folder=tmp_path / "desk" / "digestbot-data")
    (tmp_path / "link.env").symlink_to(tmp_path / "desk" / "config.env")
    assert data_place(None, load(tmp_path / "link.env", {}, folder=tmp_path), home) == place


def test_what_is_said_wins(tmp_path: Path, home: dict[str, str]):
    """`--data` before DIGESTBOT_DATA, which is relative to the file, before all else."""
    open_store(xdg_of(home)).close()
    text = FEED + "DIGESTBOT_DATA=./state\n"
    assert place_of(tmp_path / "config.env", home, text=text) == DataPlace(folder=tmp_path / "state")
    assert place_of(tmp_path / "config.env", home, text=text, data=Path("x")) == DataPlace(folder=Path("x"))


def test_an_older_ledger_stays_in_use(tmp_path: Path, home: dict[str, str]):
    """Until it is moved by the line that is said, or there is another one beside the configuration."""
    xdg, config = xdg_of(home), tmp_path / "a desk" / "config.env"
    xdg.mkdir(parents=True)
    assert place_of(config, home).folder == config.parent / "digestbot-data", "a folder without a database is none"
    open_store(xdg).close()
    place = place_of(config, home)
    assert place.folder == xdg
    (config.parent / "digestbot-data").mkdir()
    emptied = place_of(config, home)
    assert emptied.folder == xdg, "an empty ledger would send everything again"
    subprocess.run(["/bin/sh", "-c", emptied.notice.split("then: ")[1]], check=True)
    assert place_of(config, home) == DataPlace(folder=config.parent / "digestbot-data")
    assert (config.parent / "digestbot-data" / "digestbot.sqlite3").exists()


def test_another_ledger_beside_the_configuration(tmp_path: Path, home: dict[str, str]):
    """It is used, whatever the XDG folder holds, and nothing is said."""
    open_store(xdg_of(home)).close()
    open_store(tmp_path / "digestbot-data").close()
    assert place_of(tmp_path / "config.env", home) == DataPlace(folder=tmp_path / "digestbot-data")


def test_a_configuration_where_no_data_belong(tmp_path: Path, home: dict[str, str]):
    """Of the user's own configuration folder, of /etc, or of none at all: the XDG data folder."""
    own = Path(home["HOME"]) / ".config" / "digestbot" / "config.env"
    assert place_of(own, home) == DataPlace(folder=xdg_of(home))
    assert place_of(None, home) == DataPlace(folder=xdg_of(home))
    assert find_config(tmp_path, home) == own
    moved = home | {"XDG_CONFIG_HOME": str(tmp_path / "conf"), "XDG_DATA_HOME": str(tmp_path / "share")}
    assert place_of(tmp_path / "conf" / "digestbot" / "config.env", moved) == DataPlace(
        folder=tmp_path / "share" / "digestbot"
    )
    assert find_config(tmp_path / "elsewhere", moved) == tmp_path / "conf" / "digestbot" / "config.env"
    relative = home | {"XDG_DATA_HOME": "share"}
    assert place_of(None, relative) == DataPlace(folder=xdg_of(home)), "a relative one is to be ignored"


def test_no_home(monkeypatch: pytest.MonkeyPatch):
    """One sentence that says what to do."""
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    with pytest.raises(ConfigError, match="write --data"):
        data_place(None, None, {})


def test_two_folders_share_nothing_and_commands_name_what_they_use(tmp_path: Path):
    """Each has its own editions; `status` and `check` say where; the same from another working folder."""
    for name in ("one", "two"):
        bot = Bot(tmp_path / name)
        bot.folder.mkdir()
        (bot.folder / "saved.xml").write_text(MORNING_NEWS)
        bot.configure(FEEDS__HARBOUR="./saved.xml", DIGESTS__MORNING__TO="file:./out", DIGESTS__MORNING__TIMEZONE="UTC")
        if name == "one":
            done = bot._run(["run", "--at", "2026-05-27T12:00"])
            assert done.returncode == 0, done.stderr
            assert (bot.folder / "out" / "morning" / "2026-05-27").is_dir()
    state = json.loads(bot._run(["status", "--json"]).stdout)
    assert state["digests"][0]["editions"] == []
    assert (state["configuration"], state["data"]) == (
        str(bot.folder / "config.env"),
        str(bot.folder / "digestbot-data"),
    )
    assert state["database"] == str(bot.folder / "digestbot-data" / "digestbot.sqlite3")
    shown = bot._run(["status", "--config", str(tmp_path / "one" / "config.env")]).stdout
    assert "2026-05-27 done" in shown
    assert f"data: {tmp_path / 'one' / 'digestbot-data'}" in shown
    assert f"database: {bot.folder / 'digestbot-data' / 'digestbot.sqlite3'}" in bot._run(["check"]).stdout


def test_an_older_ledger_is_said_once(tmp_path: Path):
    """By every command, on standard error, with the line that moves it; after the move no more."""
    bot = Bot(tmp_path)
    (tmp_path / "saved.xml").write_text(MORNING_NEWS)
    bot.configure(FEEDS__HARBOUR="./saved.xml", DIGESTS__MORNING__TO="file:./out")
    xdg = tmp_path / ".local" / "share" / "digestbot"
    open_store(xdg).close()
    shell._said.clear()
    said = bot._run(["status"])
    assert said.stderr.count(f"mv {xdg} {tmp_path / 'digestbot-data'}") == 1
    shutil.move(xdg, tmp_path / "digestbot-data")
    assert bot._run(["status"]).stderr == ""
