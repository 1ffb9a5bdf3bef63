"""What a command does when its output cannot be written: its work, and a sentence instead of a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__HARBOUR="./saved.xml", DIGESTS__MORNING__TO="file:./out")
    return made


def written_to(bot: Bot, output: object, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "digestbot", *words, "--data", "data"],
        cwd=bot.folder,
        env={**os.environ, **environment},
        stdout=output,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        timeout=300,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("run", "--at", AT), ("status", "--json"), ("feeds", "export"), ("check",)])
def test_a_full_disk_behind_the_output_is_one_sentence(bot: Bot, words: tuple[str, ...]):
    """The work is done, the code is 1, and there is no traceback."""
    with Path("/dev/full").open("wb") as full:
        done = written_to(bot, full, *words)

    assert done.returncode == 1
    assert b"the output could not be written: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
    assert (bot.folder / "out").exists() == (words[0] == "run")


def test_a_reader_that_has_gone_changes_nothing(bot: Bot):
    """`digestbot run | true`: everything was delivered, so the code is 0."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = written_to(bot, gone, "run", "--at", AT)

    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert (bot.folder / "out").exists()


@pytest.mark.parametrize("words", [("run", "--at", AT), ("preview", "--at", AT), ("status", "--json")])
def test_an_output_in_ascii_loses_no_command(bot: Bot, words: tuple[str, ...]):
    """cron and containers have one: a letter that it lacks is written as its number."""
    done = written_to(bot, subprocess.PIPE, *words, PYTHONIOENCODING="ascii")

    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()


@pytest.mark.parametrize("words", [("run",), ("status",), ("preview",)])
def test_a_data_folder_that_is_a_file_is_one_sentence(bot: Bot, words: tuple[str, ...]):
    """Commands that write and commands that read say so, with 1."""
    bot.data.write_text("a file")
    done = bot(*words)

    assert done.returncode == 1
    assert f"the data folder {bot.data} cannot be" in done.stderr.replace("\n", " ")
    assert bot.data.read_text() == "a file"
