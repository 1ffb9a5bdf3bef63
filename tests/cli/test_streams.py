"""What a command does when its output cannot be written: its work, and a sentence instead of a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bot import Bot
from hypothesis import given
from hypothesis import strategies as st
from newsroom import AT, MORNING_NEWS

from digestbot.cli import streams


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__HARBOUR="./saved.xml", DIGESTS__MORNING__TO="file:./out")
    return made


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("run", "--at", AT), ("status", "--json"), ("feeds", "export"), ("check",)])
def test_a_full_disk_behind_the_output_is_one_sentence(bot: Bot, words: tuple[str, ...]):
    """The work is done, the code is 1, and there is no traceback."""
    with Path("/dev/full").open("wb") as full:
        done = bot.start(*words, output=full.fileno())
        told = done.communicate()[1]

    assert done.returncode == 1
    assert "the output could not be written: No space left on device" in told
    assert "Traceback" not in told
    assert (bot.folder / "out").exists() == (words[0] == "run")


def test_python_itself_says_nothing_more_at_its_end(bot: Bot):
    """It flushes once more, with words and a code of its own: so in a Python of its own, too."""
    with Path("/dev/full").open("wb") as full:
        words = [sys.executable, "-m", "digestbot", "templates", "list"]
        done = subprocess.run(words, cwd=bot.folder, stdout=full, stderr=subprocess.PIPE, check=False)

    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1


def test_a_reader_that_has_gone_changes_nothing(bot: Bot):
    """`digestbot run | true`: everything was delivered, so the code is 0."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = bot.start("run", "--at", AT, output=gone.fileno())
        told = done.communicate()[1]

    assert done.returncode == 0, told
    assert "Traceback" not in told
    assert (bot.folder / "out").exists()


@pytest.mark.parametrize("words", [("run", "--at", AT), ("preview", "--at", AT), ("status", "--json")])
def test_an_output_in_ascii_loses_no_command(bot: Bot, words: tuple[str, ...]):
    """cron and containers have one: a letter that it lacks is written as its number."""
    done = bot.start(*words, PYTHONIOENCODING="ascii")
    said, told = done.communicate()

    assert done.returncode == 0, told
    assert said
    assert said.isascii()


@pytest.mark.parametrize("words", [("run",), ("status",), ("preview",)])
def test_a_data_folder_that_is_a_file_is_one_sentence(bot: Bot, words: tuple[str, ...]):
    """Commands that write and commands that read say so, with 1."""
    bot.data.write_text("a file")
    done = bot(*words)

    assert done.returncode == 1
    assert f"the data folder {bot.data} cannot be" in done.stderr.replace("\n", " ")
    assert bot.data.read_text() == "a file"


@given(st.text())
def test_what_an_encoding_lacks_is_its_nearest_or_its_number(text: str):
    """The law: ASCII stays, JSON stays JSON and says the same but for typography; that is as typewriters wrote it."""
    made = text.encode("ascii", "digestbot.nearest").decode("ascii")
    assert not text.isascii() or made == text
    read = json.loads(json.dumps(text, ensure_ascii=False).encode("ascii", "digestbot.nearest"))
    assert read == "".join(streams._PLAIN.get(one, one) for one in text)


def test_typography_is_readable_in_ascii():
    """A space that is narrow, dashes, quotes, our own marks; a letter by its number."""
    said = "7:30\u202fAM \u2013 \u201cx\u201d \u2026 \u2713 é".encode("ascii", "digestbot.nearest")
    assert said == rb"7:30 AM - 'x' ... + \u00e9"


@pytest.mark.parametrize("closed", [1, 2])
def test_a_stream_that_was_closed_before_the_start_is_no_mistake(bot: Bot, closed: int):
    """As `digestbot status >&-` and some daemons do it: what it would have said there is dropped, and nothing else."""
    before = f"import os, sys; os.close({closed}); sys.{'stdout' if closed == 1 else 'stderr'} = None"
    command = bot.start("status", before=before)
    said, told = command.communicate()
    assert (command.returncode, told) == (0, "")
    assert ("nothing waits for your word" in said) is (closed == 2)
