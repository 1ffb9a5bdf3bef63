"""The watching preview: what changes on the page, and what is not done again."""

from __future__ import annotations

import re
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from bot import Bot
from servers.web import ALLOWED, WebServer

from digestbot.operations.logs import LoggedProgress
from digestbot.settings import load
from digestbot.store import scratch_copy
from digestbot.web import PreviewServer, PreviewSession, watch

UNTIL = datetime(2026, 5, 27, 12, 0, tzinfo=UTC)
AT = UNTIL.isoformat()
TITLES = (
    "Foundry doubles its wafer plans in Harbour City",
    "Gold slips as traders await the central bank",
    "Ferry line to the islands returns in June",
)


def rss(*titles: str, host: str = "gazette.example") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://{host}/{number}</link><guid>{number}</guid>"
        f"<pubDate>{format_datetime(UNTIL - timedelta(hours=number + 1))}</pubDate>"
        f"<description>{title}, the city said on Tuesday after a long day of talks.</description></item>"
        for number, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>Harbour Gazette</title>{items}</channel></rss>".encode()


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        server.serve("/feed.xml", rss(*TITLES))
        server.serve("/other.xml", rss("Library opens longer from Monday", host="post.example"))
        yield server


@pytest.fixture
def bot(tmp_path: Path, web: WebServer) -> Bot:
    bot = Bot(tmp_path)
    bot.configure(
        FEEDS__GAZETTE=web.url("/feed.xml"),
        FETCH__ALLOW_PRIVATE=ALLOWED[0],
        TOPICS__NEWS="foundry",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__ALSO="0",
    )
    return bot


@pytest.fixture
def rehearsal(bot: Bot) -> Iterator[PreviewSession]:
    def read():
        return load(bot.folder / "config.env", {}, folder=bot.folder)

    with scratch_copy(bot.data) as store:
        yield PreviewSession(read, store, LoggedProgress(), at=AT)


def test_a_changed_topic_is_seen_without_asking_the_feeds_again(bot: Bot, web: WebServer, rehearsal: PreviewSession):
    """One word in the file brings another story, from the items that are there."""
    before = rehearsal.pages("1")["morning"]
    asked = len(web.requests)
    bot.configure(TOPICS__NEWS="gold")
    after = rehearsal.pages("2")["morning"]

    assert TITLES[0] in before
    assert TITLES[1] not in before
    assert TITLES[1] in after
    assert TITLES[0] not in after
    assert len(web.requests) == asked


def test_a_new_feed_is_asked_and_the_known_ones_are_not(bot: Bot, web: WebServer, rehearsal: PreviewSession):
    """Another source in the file brings its items."""
    rehearsal.pages("1")
    bot.configure(FEEDS__OTHER=web.url("/other.xml"), TOPICS__NEWS="library")

    assert "Library opens longer" in rehearsal.pages("2")["morning"]
    assert len(web.asked("/feed.xml")) == 1
    assert len(web.asked("/other.xml")) == 1


def test_stories_are_grouped_once(bot: Bot, rehearsal: PreviewSession, monkeypatch: pytest.MonkeyPatch):
    """What depends on the items alone is kept between two changes."""
    from digestbot.app import wiring

    grouped: list[int] = []
    group = wiring.cluster

    def counting(items, *args, **kwargs):
        grouped.append(len(items))
        return group(items, *args, **kwargs)

    monkeypatch.setattr(wiring, "cluster", counting)
    rehearsal.pages("1")
    bot.configure(TOPICS__NEWS="gold", DIGESTS__MORNING__TITLE="Another title")
    page = rehearsal.pages("2")["morning"]

    assert "Another title" in page
    assert grouped == [len(TITLES)]


def test_a_broken_configuration_is_told_and_the_last_good_digest_stays(bot: Bot, rehearsal: PreviewSession):
    """The page names the key and the mend; mending the file clears it."""
    rehearsal.pages("1")
    bot.configure(DIGESTS__MORNING__TIMEZONE="Europe/Berlinn")
    broken = rehearsal.pages("2")["morning"]
    bot.configure(DIGESTS__MORNING__TIMEZONE="UTC")
    mended = rehearsal.pages("3")["morning"]

    assert "DIGESTBOT_DIGESTS__MORNING__TIMEZONE" in broken
    assert "is not a time zone" in broken
    assert 'data-version="2"' in broken
    assert TITLES[0] in broken
    assert "Something is wrong" not in mended
    assert rehearsal.problems == ()


def test_a_broken_template_is_told_and_the_last_good_form_stays(bot: Bot, rehearsal: PreviewSession):
    """Not the built-in form but the owner's own last good one stays on the page."""
    folder = bot.folder / "templates"
    folder.mkdir()
    path = folder / "email.txt"
    path.write_text("My own form of {{ digest.title }}\n", encoding="utf-8")
    bot.configure(TEMPLATES="./templates")
    good = rehearsal.pages("1")["morning"]
    path.write_text("My next form of {{ digest.titel }}\n", encoding="utf-8")
    broken = rehearsal.pages("2")["morning"]

    assert "My own form of Morning" in good
    assert "My own form of Morning" in broken
    assert "titel" in broken
    assert any("email.txt" in problem for problem in rehearsal.problems)


def test_every_digest_has_a_page_and_they_name_each_other(bot: Bot, rehearsal: PreviewSession):
    """Several digests are shown one at a time; one that is gone from the file is gone from the pages."""
    bot.configure(DIGESTS__EVENING__AT="18:00")
    pages = rehearsal.pages("1")
    bot.settings.pop("DIGESTS__EVENING__AT")
    bot.configure()

    assert set(pages) == {"morning", "evening"}
    assert 'href="/digest/evening"' in pages["morning"]
    assert set(rehearsal.pages("2")) == {"morning"}


def test_changes_are_noticed_where_they_happen(bot: Bot, rehearsal: PreviewSession):
    """The configuration and every file of the templates count, also one that is new; nothing else does."""
    folder = bot.folder / "templates"
    folder.mkdir()
    bot.configure(TEMPLATES="./templates")
    rehearsal.pages("1")
    stamps = [rehearsal.config_fingerprint()]
    (bot.folder / "notes.txt").write_text("nothing")
    stamps.append(rehearsal.config_fingerprint())
    (folder / "email.txt").write_text("x")
    stamps.append(rehearsal.config_fingerprint())
    (bot.folder / "config.env").unlink()
    stamps.append(rehearsal.config_fingerprint())

    assert stamps[0] == stamps[1]
    assert len(set(stamps)) == 3


def test_watching_shows_each_change_until_it_is_stopped(bot: Bot, rehearsal: PreviewSession):
    """The pages follow the file, and the loop ends when it is told to."""
    stop = threading.Event()
    seen: list[str] = []
    with PreviewServer() as live:
        for number in watch(rehearsal, live, stop=stop):
            seen.append(read_page(live.address))
            if number == 2:
                stop.set()
            else:
                bot.configure(TOPICS__NEWS="gold")

    assert TITLES[0] in seen[0]
    assert TITLES[1] in seen[1]


def read_page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


@contextmanager
def watching(bot: Bot) -> Iterator[str]:
    """`digestbot preview --watch` in a process of its own; gives its address."""
    process = bot.start("preview", "--watch", "--at", AT)
    try:
        line = ""
        while "http://" not in line:
            line = process.stdout.readline()
            assert line, process.stderr.read()
        yield re.search(r"http://\S+", line)[0]
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def test_the_command_serves_the_page_follows_the_file_and_ends_quietly(bot: Bot):
    """As a person meets it: start, edit, break, mend, Ctrl-C; the data folder stays as it was."""
    before = bot.state()
    with watching(bot) as address:
        assert TITLES[0] in read_page(address)
        bot.configure(TOPICS__NEWS="gold")
        assert until(lambda: TITLES[1] in read_page(address))
        bot.configure(DIGESTS__MORNING__AT="25:00")
        assert until(lambda: "DIGESTBOT_DIGESTS__MORNING__AT" in read_page(address))
        assert TITLES[1] in read_page(address)
        bot.configure(DIGESTS__MORNING__AT="07:00")
        assert until(lambda: "DIGESTBOT_DIGESTS__MORNING__AT" not in read_page(address))
    assert bot.state() == before
