"""A new user's first digest, in an empty folder, word for word: docs/first-digest.md is written by this test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bot import Bot

from digestbot.operations.demo import newsroom

PAGE = Path(__file__).parents[2] / "docs" / "first-digest.md"
AT = "2026-05-27T07:30+08:00"
ADDRESS = "http://127.0.0.1:8765"
FEEDS = ("chip-ledger.rss", "harbour-post.rss", "foundry-notes.atom", "reportwire.xml")
HEAD = """# Your first digest

A first digest from an empty folder, step by step, with what every command answers. Here the feeds are those of the sample
newsroom, served on this machine: so the moment is fixed with `--at`, and one more line allows private addresses. With feeds
of your own you need neither.

"""


# What a check says of the days around it: the samples are of May 2026.
OF_TODAY = re.compile("nothing new for 30 days|next editions|of the last 7 days|no item in 7 days")


class Transcript:
    """Commands as they are typed, with what they answered."""

    def __init__(self, bot: Bot, address: str) -> None:
        self._bot, self._address = bot, address
        self.text = HEAD

    def say(self, words: str) -> None:
        self.text += f"{words}\n\n"

    def show(self, code: str, language: str = "") -> None:
        code = "\n".join(line.rstrip() for line in code.strip("\n").splitlines())
        self.text += (
            f"```{language}\n{code.replace(self._address, ADDRESS).replace(str(self._bot.folder), '.')}\n```\n\n"
        )

    def run(self, *words: str) -> None:
        done = self._bot._run([*words])  # without --data, as a reader would
        assert done.returncode == 0, done.stderr
        said = "\n".join(line for line in done.stdout.splitlines() if not OF_TODAY.search(line))
        self.show(f"$ digestbot {' '.join(words)}\n{said}", "console")


def edited(example: str, address: str) -> tuple[str, str]:
    """The example with the sample feeds put in, and the lines that were written."""
    feeds = [
        f"DIGESTBOT_FEEDS__{re.split('[.]', name)[0].replace('-', '_').upper()}={address}/{name}" for name in FEEDS
    ]
    mine = "\n".join((*feeds, "DIGESTBOT_FETCH__ALLOW_PRIVATE=127.0.0.0/8"))
    return example.replace("DIGESTBOT_FEEDS__EXAMPLE=https://www.example.com/feed.xml", mine), mine


def test_the_first_digest_is_as_the_page_shows(tmp_path: Path, request: pytest.FixtureRequest):
    """init, the edited lines, check, preview, run: each works at once, and answers what docs/first-digest.md shows."""
    bot = Bot(tmp_path)
    with newsroom() as address:
        page = Transcript(bot, address)
        page.say("Start in an empty folder:")
        page.run("init")
        config = tmp_path / "config.env"
        text, mine = edited(config.read_text(), address)
        config.write_text(text)
        page.say(
            "Put your feeds into `config.env`; the topic, the time, the time zone and the recipient may stay as they are:"
        )
        page.show(mine, "sh")
        page.say("Check that everything a digest needs works:")
        page.run("check")
        page.say("Preview it; nothing is sent, and nothing changes:")
        page.run("preview", "--at", AT)
        page.say("Send it:")
        page.run("run", "--at", AT)
        page.say(
            "That was this day's edition: none comes at its hour. To try things out, `preview` and `digestbot test --to ADDRESS` use nothing up."
        )
        page.say(
            "From now on, `digestbot serve` does this every morning. To follow other subjects, edit the topic and preview again: "
            "[topics.md](topics.md) explains how topics are written."
        )
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page.text.rstrip("\n") + "\n", encoding="utf-8")

    assert (tmp_path / "out" / "morning" / "2026-05-27" / "digest.html").is_file()
    assert PAGE.read_text(encoding="utf-8") == page.text.rstrip("\n") + "\n"
