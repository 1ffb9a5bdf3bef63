"""`digestbot preview --since`: all of some days, as if told for the first time."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bot import Bot, all_stories, desk_of_one_feed
from hypothesis import given
from hypothesis import strategies as st
from newsroom import AT

from digestbot.operations.look_back import parse_since
from digestbot.settings import DigestSettings

OLD = ("Kelp farm opens off Lindau", "Sat, 23 May 2026 08:00:00 +0000")

SPAN = (datetime(2026, 1, 1), datetime(2026, 5, 26))  # noqa: DTZ001 -- local times of a zone that is named beside them


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    made = desk_of_one_feed(tmp_path)
    feed = tmp_path / "saved.xml"
    item = f"<item><title>{OLD[0]}</title><guid>k</guid><pubDate>{OLD[1]}</pubDate></item>"
    feed.write_text(feed.read_text().replace("</channel>", f"{item}</channel>"))
    return made


def titles(bot: Bot, *words: str) -> set[str]:
    return {story["title"] for story in all_stories(json.loads(bot("preview", "--at", AT, "--json", *words).stdout))}


def test_it_shows_what_older_editions_told_and_what_is_older_than_any(bot: Bot):
    """After today's edition there is nothing new, but there is all of today, and with a longer reach all of the week."""
    assert bot("run", "--at", AT).returncode == 0
    state = bot.state()
    today = titles(bot, "--since", "24h")
    assert len(today) == 2
    assert OLD[0] not in today
    assert titles(bot, "--since", "1w") == today | {OLD[0]}
    assert bot.state() == state


@pytest.mark.parametrize("written", ["2026-05-26", "2026-05-26T00:00", "2026-05-26T00:00+08:00", "yesterday"])
def test_it_takes_a_date_or_a_time_as_well(bot: Bot, written: str):
    """A date from its midnight on, in the zone of the digest; as far back as the length of time that is meant."""
    told = titles(bot, "--since", written)
    assert told == titles(bot, "--since", "36h")
    assert OLD[0] not in told
    assert OLD[0] in titles(bot, "--since", "2026-05-20")


@given(st.datetimes(*SPAN), st.sampled_from(["Asia/Hong_Kong", "America/New_York"]))
def test_a_moment_reaches_back_to_itself(at: datetime, zone: str):
    """The law: whatever moment is written, what came in after it is told, in the zone of the digest."""
    until = datetime(2026, 5, 27, 12, tzinfo=UTC)
    digest = DigestSettings(timezone=zone)
    assert until - parse_since(at.isoformat(), digest, until=until) == at.replace(tzinfo=ZoneInfo(zone))
    midnight = datetime.combine(at.date(), time(), ZoneInfo(zone))
    assert until - parse_since(f"{at:%Y-%m-%d}", digest, until=until) == midnight


@pytest.mark.parametrize(
    "words",
    [
        ("--since", "soon"),
        ("--since", "0d"),
        ("--since", "3d", "--watch"),
        ("--since", "2099-01-01"),
        ("--since", "2026-13-01"),
    ],
)
def test_what_is_no_length_of_time_is_said(bot: Bot, words: tuple[str, ...]):
    """A usage error, in one line."""
    done = bot("preview", *words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--since" in done.stderr


def test_markdown_is_a_form_of_the_preview(bot: Bot):
    """On standard output alone, to be piped."""
    done = bot("preview", "--at", AT, "--format", "markdown")
    assert done.stdout.startswith("# Morning\n")
    assert "](<https://harbourpost.example/0" in done.stdout


def test_without_a_display_it_says_what_to_do(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """The page is written all the same, and named."""
    monkeypatch.setattr("webbrowser.open", lambda _address: False)
    done = bot("preview", "--at", AT, "--open")
    page = Path(done.stdout.partition("file://")[2].strip())
    assert done.returncode == 0
    assert page.read_text().startswith("<!")
    assert f"no browser could be opened here: open {page}" in done.stderr
    page.unlink()
    page.parent.rmdir()
