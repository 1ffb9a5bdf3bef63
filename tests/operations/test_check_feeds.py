"""`digestbot check` on feeds that fail in numbers, and on a data folder that cannot be written."""

from __future__ import annotations

import ipaddress
import json
import os
from pathlib import Path
from typing import Any

import pytest
from bot import Bot, desk_of_one_feed
from hypothesis import given
from hypothesis import strategies as st

from digestbot.collect.guard import networks, ranges_of
from digestbot.text.public_addresses import is_allowed


def warnings(bot: Bot) -> list[dict[str, Any]]:
    return [one for one in json.loads(bot("check", "--json").stdout) if one["level"] in ("warning", "error")]


@pytest.mark.parametrize(("many", "lines"), [(3, 3), (4, 1), (25, 1)])
def test_feeds_at_private_addresses_are_one_line_where_they_are_many(tmp_path: Path, many: int, lines: int):
    """With how many, the first of them, and the setting that lets them be read."""
    bot = desk_of_one_feed(tmp_path)
    bot.configure(**{f"FEEDS__P{number}": f"http://10.0.0.{number}/feed" for number in range(1, many + 1)})
    found = warnings(bot)
    assert len(found) == lines
    if lines == 1:
        assert found[0]["reason"].startswith(f"{many} feeds (p1, p2, p3 and {many - 3} more) have private addresses")
        assert "add 10.0.0.0/24 to DIGESTBOT_FETCH__ALLOW_PRIVATE" in found[0]["fix"]
    else:
        assert "add 10.0.0.1/32 to DIGESTBOT_FETCH__ALLOW_PRIVATE" in found[0]["reason"]


def test_feeds_that_fail_in_another_way_have_a_line_of_their_own(tmp_path: Path):
    """Files that are not there are alike, whatever they are called; a private address beside them is another matter."""
    bot = desk_of_one_feed(tmp_path)
    bot.configure(**{f"FEEDS__F{number}": f"gone{number}.xml" for number in range(6)}, FEEDS__P="http://10.0.0.1/")
    reasons = [one["reason"] for one in warnings(bot)]
    assert len(reasons) == 2
    assert reasons[0].startswith("6 feeds (f0, f1, f2 and 3 more) fail alike; no such file: ")
    assert reasons[1].startswith("refused: 10.0.0.1 is a private address")


@given(st.lists(st.ip_addresses(), min_size=1, max_size=6))
def test_the_ranges_that_are_named_hold_every_address(addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address]):
    """The law: what `check` tells people to write lets each of them be read, and is read by the setting."""
    allowed = networks(ranges_of(map(str, addresses)))
    assert all(is_allowed(str(one), allowed) for one in addresses)


def test_a_data_folder_that_cannot_be_written_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of a read-only folder the morning would tell; `check` changes nothing to find out."""
    bot = desk_of_one_feed(tmp_path)
    bot.data.mkdir()
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: not (mode & os.W_OK and Path(path) == bot.data) and real(path, mode)
    )
    done = bot("check")
    assert done.returncode == 1
    assert f"data: {bot.data} cannot be written; give it to the user that runs digestbot" in done.stdout
    assert not list(bot.data.iterdir())


def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nobody should hear of it first when the morning's edition is to be written down."""
    bot = desk_of_one_feed(tmp_path)
    real = os.statvfs
    monkeypatch.setattr(os, "statvfs", lambda path: os.statvfs_result((*real(path)[:3], 0, 0, *real(path)[5:10])))
    done = bot("check")
    assert done.returncode == 1
    assert f"data: the disk of {bot.data} is full; make room" in done.stdout


def test_a_data_folder_that_cannot_be_made_is_an_error(tmp_path: Path):
    """A file stands where one of its parents should be."""
    bot = desk_of_one_feed(tmp_path)
    (tmp_path / "file").write_text("")
    done = bot.bare("check", "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert f"cannot be made: {tmp_path / 'file'} is a file" in done.stdout


@pytest.mark.parametrize(
    "url", ["sqlite:////tmp", "sqlite:///x.db", "sqlite:", "./data/x.sqlite3", "/var/lib/digestbot", "file:x.db"]
)
def test_an_sqlite_address_is_told_where_the_folder_is_named(tmp_path: Path, url: str):
    """2, one line: SQLite lies in the data folder."""
    bot = desk_of_one_feed(tmp_path)
    bot.configure(DATABASE_URL=url)
    done = bot("status")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "leave it out, and name the folder in DIGESTBOT_DATA or with --data" in done.stderr


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("postgresql+psycopg://u:p@host/news", True),
        ("postgres://host/news", True),
        ("postgresql://u:p%40q@host:5432/news?sslmode=require", True),
        ("postgresql:///news?host=/run/postgresql", True),
        ("postgresql+psycopg://u:p@q@host/news", False),
        ("postgresql+psycopg://", False),
        ("postgresql+asyncpg://host/news", False),
    ],
)
def test_an_address_of_postgresql_is_judged_when_it_is_read(tmp_path: Path, url: str, good: bool):
    """A broken one is an error of the configuration, and nothing of it is repeated."""
    from digestbot.settings import problem_with

    found = problem_with("DIGESTBOT_DATABASE_URL", url)
    assert (found is None) is good
    assert found is None or "u:p" not in str(found)


def test_a_data_folder_that_is_a_file_does_not_hide_the_rest(tmp_path: Path):
    """Nor a database that cannot be read: everything else is told, and the end is 1."""
    bot = desk_of_one_feed(tmp_path)
    bot.data.write_text("a file")
    done = bot.bare("check", "--data", str(bot.data))
    assert (done.returncode, done.stderr) == (1, "")
    assert f"data: {bot.data} is a file, not a folder" in done.stdout
    assert "templates: complete" in done.stdout
    assert "file: files can be written" in done.stdout
    bot.data.unlink()
    bot.data.mkdir()
    (bot.data / "digestbot.sqlite3").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    done = bot("check")
    assert (done.returncode, "database: " in done.stdout, "files can be written" in done.stdout) == (1, True, True)
