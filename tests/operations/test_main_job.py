"""The main job, end to end, through the command line, on real input and on a feed of our own."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot, all_stories
from newsroom import AT, MORNING_NEWS, rss

from digestbot.collect import parse_feed
from digestbot.model import Digest, Entry, Feed, Section
from digestbot.render import Templates, render
from digestbot.stories import cluster
from digestbot.summarise import SUMMARISERS, summarise


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """A bot that reads one saved feed and writes files."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        TOPICS__CHIPS="foundry, wafer*",
        DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        DIGESTS__MORNING__TO="file:./out",
    )
    return made


@pytest.fixture(scope="module")
def seeded(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Bot:
    """The seed feed and article, run once for the week to 27 May 2026, whichever process of the tests needs it first."""
    own = tmp_path_factory.getbasetemp()
    # Those of xdist have their folders beside each other, in one of this test run.
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "seeds"
    shared.mkdir(exist_ok=True)
    bot = Bot(shared)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            _run_seeds(bot, shared_data / "seeds")
            (shared / "done").touch()
    return bot


def _run_seeds(bot: Bot, seeds: Path) -> None:
    bot.configure(
        FEEDS__SCMP=str(seeds / "scmp-semiconductors.xml"),
        PAGES__CHIP_STOCKS=str(seeds / "chip-stocks-article.txt"),
        TOPICS__SEMICONDUCTORS='chip*, semiconductor*, foundry, "Hua Hong", SMIC, NASDAQ:NVDA, -"potato chip"',
        DIGESTS__MORNING__WINDOW="7d",
        DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        DIGESTS__MORNING__TO="file:./out",
    )
    done = bot("run", "--at", AT)
    assert done.returncode == 0, done.stderr


def test_seeds_write_four_forms(seeded: Bot):
    """One run leaves the HTML, text, JSON and Slack forms of the edition."""
    folder = seeded.folder / "out" / "morning" / "2026-05-27"

    assert {path.name for path in folder.iterdir()} == {"digest.html", "digest.txt", "digest.json", "slack.json"}


def test_seeds_hold_that_week_only(seeded: Bot):
    """No dated item is younger than the edition's moment or older than its window."""
    digest = seeded.digest("2026-05-27")
    dates = [item["published"] for story in all_stories(digest) for item in story["items"] if item["published"]]

    assert dates
    assert all("2026-05-20" <= published[:10] <= "2026-05-27" for published in dates)


def test_seeds_carry_no_tracking_and_no_cut_sentence(seeded: Bot):
    """No link keeps a utm_ parameter in any form, and no quoted sentence ends in a cut-off fragment."""
    folder = seeded.folder / "out" / "morning" / "2026-05-27"
    for path in folder.iterdir():
        assert "utm_" not in path.read_text(encoding="utf-8"), path.name
    sentences = [line["text"] for story in all_stories(seeded.digest("2026-05-27")) for line in story["summary"]]

    assert len(sentences) >= 4
    assert not [text for text in sentences if text.rstrip("\"'”’").endswith(("...", "…"))]


def test_seeds_unite_the_two_scaling_law_reports(seeded: Bot):
    """Two reports of one announcement are one story."""
    together = [story for story in all_stories(seeded.digest("2026-05-27")) if len(story["items"]) > 1]
    links = {item["url"].rsplit("/", 2)[-2] for story in together for item in story["items"] if item["url"]}

    assert links == {"3354912", "3354938"}


def test_seeds_give_an_article_and_its_headlines(seeded: Bot):
    """The plain-text page is one article of six paragraphs and seventeen headline-only items."""
    items = [item for story in all_stories(seeded.digest("2026-05-27")) for item in story["items"]]
    # One of the headlines stands as a line under another about the same event.
    related = [other for story in all_stories(seeded.digest("2026-05-27")) for other in story["related"]]
    from_page = [item for item in (*items, *related) if not item["url"]]

    assert len(from_page) == 18
    assert seeded.digest("2026-05-27")["counts"]["items"] == 18 + len(items) + len(related) - len(from_page)


def test_seeds_run_again_sends_nothing(seeded: Bot):
    """A second run of the same edition leaves every file untouched and says why."""
    folder = seeded.folder / "out" / "morning" / "2026-05-27"
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    again = seeded("run", "--at", AT)

    assert again.returncode == 0
    assert "nothing is sent again" in again.stdout
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_preview_changes_nothing(bot: Bot):
    """A preview leaves a missing data folder missing and a used one byte-identical, in every form."""
    for form in ("terminal", "html", "text", "slack", "json"):
        assert bot("preview", "--at", AT, "--format", form).returncode == 0
    assert bot.state() == {"(absent)": b""}

    assert bot("run", "--at", AT).returncode == 0
    before = bot.state()
    shown = bot("preview", "--at", AT, "--format", "json")

    assert [story["title"] for story in all_stories(json.loads(shown.stdout))] == [
        "Foundry at Veldhaven halts its wafer line after a fire",
        "Gold eases as the dollar firms",
    ]
    assert bot("run", "--dry-run", "--at", "2026-05-28T20:00+08:00").returncode == 0
    assert bot("status").returncode == 0
    assert bot.state() == before


def test_preview_shows_what_a_run_sends(bot: Bot):
    """The JSON of a preview equals the JSON that the run of the same moment delivers."""
    shown = json.loads(bot("preview", "--at", AT, "--format", "json").stdout)
    assert bot("run", "--at", AT).returncode == 0

    assert shown == bot.digest("2026-05-27")


def test_a_late_item_comes_with_the_next_edition_and_none_comes_twice(bot: Bot):
    """What arrives after the edition it should have been in belongs to the next; what was told is not told again."""
    assert bot("run", "--at", AT).returncode == 0
    late = ("Silver mine floods", "The mine near Oruro flooded overnight.", "Tue, 26 May 2026 22:00:00 +0000")
    old = ("Tin mine floods", "The mine flooded.", "Wed, 20 May 2026 22:00:00 +0000")
    (bot.folder / "saved.xml").write_text(
        MORNING_NEWS.replace(
            "</channel>", rss(late, old).split("</link>", 1)[1].replace("/0?", "/8?").replace("/1?", "/9?")
        )[: -len("</channel></rss>")]
        + "</channel></rss>",
        encoding="utf-8",
    )

    assert bot("run", "--at", "2026-05-28T20:00+08:00").returncode == 0

    assert [story["title"] for story in all_stories(bot.digest("2026-05-28"))] == ["Silver mine floods"]


def test_an_edition_without_news_sends_nothing(bot: Bot):
    """A quiet day is told on the terminal, not to the readers."""
    assert bot("run", "--at", AT).returncode == 0
    quiet = bot("run", "--at", "2026-05-28T20:00+08:00")

    assert quiet.returncode == 0
    assert "nothing new" in quiet.stdout
    assert not (bot.folder / "out" / "morning" / "2026-05-28").exists()


def test_no_feed_at_all_is_not_no_news(bot: Bot):
    """When nothing can be read the run says so, fails, and keeps the window for the next try."""
    (bot.folder / "saved.xml").rename(bot.folder / "away.xml")
    no_feed_readable = bot("run", "--at", AT)
    (bot.folder / "away.xml").rename(bot.folder / "saved.xml")

    assert no_feed_readable.returncode == 1
    assert "no feed could be read" in no_feed_readable.stdout
    assert bot("run", "--at", AT).returncode == 0
    assert len(all_stories(bot.digest("2026-05-27"))) == 2


def test_one_bad_feed_stands_at_the_foot(bot: Bot):
    """A feed that cannot be read is named in the digest; the others are in it."""
    bot.configure(FEEDS__GONE="./nowhere.xml")
    assert bot("run", "--at", AT).returncode == 0
    digest = bot.digest("2026-05-27")

    assert [failure["source"] for failure in digest["failures"]] == ["gone"]
    assert digest["counts"]["feeds_failed"] == 1
    assert all_stories(digest)


@pytest.mark.parametrize(
    ("settings", "code", "key"),
    [
        ({"DIGEST__MORNING__AT": "07:30"}, 2, "DIGESTBOT_DIGEST__MORNING__AT"),
        ({"DIGESTS__MORNING__TIMEZONE": "Asia/Hongkong1"}, 2, "DIGESTBOT_DIGESTS__MORNING__TIMEZONE"),
        ({"DIGESTS__MORNING__TO": "mailto:desk"}, 2, "DIGESTBOT_DIGESTS__MORNING__TO"),
        ({"DIGESTS__MORNING__TO": "slack:#chips"}, 2, "DIGESTBOT_SLACK__TOKEN"),
        ({"DIGESTS__MORNING__TO": "mailto:a@b.example", "SMTP__HOST": "127.0.0.1"}, 2, "DIGESTBOT_SMTP__FROM"),
        (
            {
                "DIGESTS__MORNING__TO": "mailto:a@b.example",
                "SMTP__HOST": "127.0.0.1",
                "SMTP__PORT": "1",
                "SMTP__SECURITY": "none",
                "SMTP__FROM": "digest@b.example",
                "SMTP__USERNAME": "digest",
                "SMTP__PASSWORD": "hunter2-secret",
            },
            1,
            "DIGESTBOT_SMTP__HOST",
        ),
    ],
    ids=["unknown key", "bad zone", "bad address", "missing token", "missing sender", "unreachable server"],
)
def test_a_wrong_configuration_is_one_clear_line(bot: Bot, settings: dict[str, str], code: int, key: str):
    """The line names the key and the mend; no traceback, no secret, and the promised exit code."""
    bot.configure(**settings)
    done = bot("run", "--at", AT, "--max-wait", "0")
    said = done.stdout + done.stderr

    assert done.returncode == code, said
    assert len([line for line in said.splitlines() if key in line]) == 1, said
    assert "Traceback" not in said
    assert "hunter2-secret" not in said


def test_grouping_summarising_and_rendering_need_no_network(shared_data: Path, monkeypatch: pytest.MonkeyPatch):
    """With sockets gone after the imports, stories, summaries and every form are still made."""

    def refuse(*_args: object, **_fields: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    now = datetime(2026, 5, 27, tzinfo=UTC)
    content = (shared_data / "seeds" / "scmp-semiconductors.xml").read_bytes()
    items = parse_feed(content, feed=Feed(name="x", url="https://x.example/feed"), now=now).items
    stories = cluster(items)
    for method in SUMMARISERS:
        assert summarise(stories[0], words=60, method=method).sentences, method
    entries = tuple(Entry(story=one, title=one.lead.title, summary=summarise(one, words=60)) for one in stories)
    section = Section(topic="All", entries=entries)
    since = now - timedelta(days=1)
    digest = Digest(name="d", edition=now.date(), since=since, until=now, title="D", sections=(section,))
    message = render(digest, templates=Templates())
    assert len(message.html) > 5000
    assert message.slack
    assert message.text


def test_secrets_stay_out_of_the_log_at_any_level(bot: Bot):
    """A token in the configuration is in no line of a whole run."""
    bot.configure(SLACK__TOKEN="xoxb-very-secret-token")
    done = bot("run", "--at", AT)

    assert done.returncode == 0
    assert not re.search("very-secret", done.stdout + done.stderr)
