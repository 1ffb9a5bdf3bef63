"""`run --dry-run`: what a run would do, before and after the edition was made, on every kind of day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from newsroom import AT

from digestbot.store import tried

SATURDAY = "2026-05-30T20:00+08:00"


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return desk_of_one_feed(tmp_path)


def test_it_counts_the_stories_that_a_run_sends(bot: Bot):
    """In full and in one line alike, as the head of the preview does; one is a story, not stories."""
    assert bot("run", "--dry-run", "--at", AT).stdout == "morning 2026-05-27: 2 stories would go to file:./out\n"
    assert "2 stories" in bot("preview", "--at", AT, "--format", "text").stdout
    bot.configure(DIGESTS__MORNING__ALSO="0", DIGESTS__MORNING__ELSEWHERE="0")
    assert bot("run", "--dry-run", "--at", AT).stdout == "morning 2026-05-27: 1 story would go to file:./out\n"
    assert bot.state() == {"(absent)": b""}


def test_after_the_edition_was_made_nothing_would_be_sent(bot: Bot):
    """It says what `run` says, and the same for programs."""
    [before] = json.loads(bot("run", "--dry-run", "--json", "--at", AT).stdout)
    done = json.loads(bot("run", "--json", "--at", AT).stdout)
    assert before["deliveries"] == [{**done[0]["deliveries"][0], "state": "pending", "remote_id": ""}]
    assert before.keys() == done[0].keys()
    assert (before["repeated"], before["collected"]) == (False, True)
    again = bot("run", "--dry-run", "--at", AT)
    assert (
        again.stdout
        == "morning 2026-05-27: was made before; nothing would be sent again; the next edition is due Thu 28 May 07:30 HKT\n"
    )
    [after] = json.loads(bot("run", "--dry-run", "--json", "--at", AT).stdout)
    assert (after["repeated"], after["deliveries"]) == (True, [])


def test_nothing_is_copied(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """However much is stored, it is read where it lies, before an edition and after it."""
    monkeypatch.delattr(tried, "scratch_copy")
    bot.data.mkdir()
    assert bot("run", "--at", AT).returncode == 0
    before = bot.state()
    assert "was made before" in bot("run", "--dry-run", "--at", AT).stdout
    assert "nothing new" in bot("run", "--dry-run", "--at", "2026-05-28T20:00+08:00").stdout
    assert bot.state() == before


def test_a_digest_with_another_name_is_known(bot: Bot):
    """A run would go on where it was, and so does what is said before it, which renames nothing."""
    bot.configure(DIGESTS__MORNING__WHEN_EMPTY="line")
    assert "sent to file:" in bot("run").stdout
    bot.settings = {key.replace("MORNING", "EARLY"): value for key, value in bot.settings.items()}
    bot.configure()
    before = bot.state()
    assert "was made before" in bot("run", "--dry-run").stdout
    assert bot.state() == before


def test_without_news_nothing_would_be_sent(bot: Bot):
    """Unless WHEN_EMPTY sends it all the same."""
    assert bot("run", "--at", AT).returncode == 0
    later = "2026-05-28T20:00+08:00"
    said = "morning 2026-05-28: nothing new, so nothing would be sent\n"
    assert bot("run", "--dry-run", "--at", later).stdout == said
    bot.configure(DIGESTS__MORNING__WHEN_EMPTY="line")
    assert bot("run", "--dry-run", "--at", later).stdout == "morning 2026-05-28: 0 stories would go to file:./out\n"


@pytest.mark.parametrize("setting", [{"DAYS": "mon-fri"}, {"WEEKEND": "carry"}, {"WEEKEND": "drop"}], ids=str)
def test_no_edition_is_made_on_a_day_that_is_none_of_the_digest(bot: Bot, setting: dict[str, str]):
    """`run` from cron is the same job as `serve`: it makes no edition then, says so with 0, and --force makes it."""
    bot.configure(**{f"DIGESTS__MORNING__{key}": value for key, value in setting.items()})
    sentence = "morning 2026-05-30: no edition on Saturday (DAYS, WEEKEND); --force makes one all the same\n"
    for words in ((), ("--dry-run",)):
        done = bot("run", "--at", SATURDAY, *words)
        assert (done.returncode, done.stdout) == (0, sentence)
    [told] = json.loads(bot("run", "--at", SATURDAY, "--json").stdout)
    assert (told["state"], told["deliveries"]) == ("none", [])
    assert json.loads(bot("status", "--json").stdout)["digests"][0]["editions"] == []
    bot.configure(DIGESTS__MORNING__MAX_AGE="9d", DIGESTS__MORNING__WINDOW="7d")
    assert "would go to" in bot("run", "--at", SATURDAY, "--dry-run", "--force").stdout
    assert "sent to file:" in bot("run", "--at", SATURDAY, "--force").stdout
    assert "was made before" in bot("run", "--at", SATURDAY).stdout
