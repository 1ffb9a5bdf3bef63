"""`digestbot init -i`: a conversation that ends with a configuration that works."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from bot import Bot
from servers.web import WebServer

from digestbot.app.zones import own_zone
from digestbot.collect import FetchOptions
from digestbot.errors import ConfigError
from digestbot.operations.config_writer import Question, write_example
from digestbot.operations.first_setup import FirstSetup
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import load
from digestbot.topics import common_terms

ALLOWED = ("127.0.0.0/8",)
TITLES = ("Glacier lake empties", "Glacier lake fills again", "A glacier lake above Zermatt", "Copper rises")


def feed(title: str, *names: str) -> bytes:
    items = "".join(f"<item><title>{name}</title><guid>{name}</guid></item>" for name in names)
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()


class Answers:
    """Whoever answers from a list; what they were told is kept."""

    def __init__(self, *answers: str, yes: bool = True) -> None:
        self._answers, self._yes = list(answers), yes
        self.told: list[str] = []
        self.asked: list[str] = []

    def ask(self, question: Question, *, hidden: bool = False) -> str:
        self.asked.append(f"{question.text}{' (hidden)' if hidden else ''}")
        answer = self._answers.pop(0) or question.default
        assert question.problem(answer) is None, question
        return answer

    def confirm(self, text: str, *, default: bool) -> bool:
        self.asked.append(text)
        return self._yes

    def say(self, lines: Iterable[str]) -> None:
        self.told += lines


@pytest.fixture
def site() -> Iterator[WebServer]:
    with WebServer() as server:
        server.serve("/feed.xml", feed("Alpine Post", *TITLES))
        page = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head></html>"
        server.serve("/", page.encode())
        yield server


def talk(folder: Path, *answers: str, yes: bool = True, allowed: tuple[str, ...] = ALLOWED) -> Answers:
    made = Answers(*answers, yes=yes)
    options = FetchOptions(allow_private=allowed)
    path = folder / "config.env"
    FirstSetup(path=path, talk=made, zone="Asia/Hong_Kong", progress=LoggedProgress(), options=options).run()
    return made


def test_a_site_becomes_a_feed_with_its_headlines_and_topics(
    tmp_path: Path, site: WebServer, monkeypatch: pytest.MonkeyPatch
):
    """The site's own feed is found, three headlines shown, terms suggested and taken by Enter; a test is tried before the file is written."""
    monkeypatch.chdir(tmp_path)
    made = talk(tmp_path, site.url("/"), "", "", "6:45", "", "")
    assert f"its page names this feed: {site.url('/feed.xml')}" in made.told
    assert [line.strip() for line in made.told if line.startswith("  ")][:3] == list(TITLES[:3])
    assert any(line.startswith('Often in these feeds: "glacier lake"') for line in made.told)
    # The site lies inside: without ALLOW_PRIVATE the test cannot read it, and says so.
    assert any("no feed could be read" in line for line in made.told)
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
    assert {name: one.url for name, one in loaded.settings.feeds.items()} == {"alpine_post": site.url("/feed.xml")}
    assert [str(topic) for topic in loaded.topics] == ['"glacier lake"']
    digest = loaded.digests["morning"]
    assert (f"{digest.at[0]:%H:%M}", digest.timezone, str(digest.to[0])) == ("06:45", "Asia/Hong_Kong", "file:./out")
    assert (tmp_path / "config.env").stat().st_mode & 0o777 == 0o600
    assert made.told[-1].startswith(f"Wrote {tmp_path / 'config.env'}. Next: mend that in it, then digestbot check")


def test_a_list_and_a_saved_feed_are_taken_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An OPML file gives all its feeds, of which three are tried; each line is one that the file reads back."""
    monkeypatch.chdir(tmp_path)
    for number in range(5):
        (tmp_path / f"{number}.xml").write_bytes(feed(f"Paper {number}", *TITLES))
    outlines = "".join(f"<outline text='Web {n}' xmlUrl='http://127.0.0.1:9/{n}'/>" for n in range(4))
    (tmp_path / "mine.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    made = talk(tmp_path, "mine.opml", "0.xml", "", "", "", "", "")
    assert any("4 feeds; the first 3 are tried" in line for line in made.told)
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
    assert list(loaded.settings.feeds) == ["web_0", "web_1", "web_2", "web_3", "paper_0"]
    sent = tmp_path / "out" / "morning-test"
    assert len(list(sent.rglob("digest.html"))) == 1


def test_a_feed_of_a_list_is_called_as_it_calls_itself(
    tmp_path: Path, site: WebServer, monkeypatch: pytest.MonkeyPatch
):
    """A list that gives no title has only an address; those that were tried have said theirs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.opml").write_text(
        f"<opml version='2.0'><body><outline xmlUrl='{site.url('/feed.xml')}'/></body></opml>"
    )
    talk(tmp_path, "a.opml", "", "chip*", "", "", "")
    assert list(load(tmp_path / "config.env", {}, folder=tmp_path).settings.feeds) == ["alpine_post"]


def test_a_mail_server_that_is_none_is_said_and_so_is_what_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nobody tries a test again: the setting to look at is named, and the last line does not say that all is well."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xml").write_bytes(feed("Alpine Post", *TITLES))
    monkeypatch.setattr("digestbot.operations.trial._MAX_WAIT", 0.0)
    made = talk(tmp_path, "a.xml", "", "lake", "", "", "mailto:a@example.com", "127.0.0.1", "b@example.com")
    [said] = [line for line in made.told if "no test was sent" in line]
    assert "no test was sent to mailto:a@example.com: 127.0.0.1:587 cannot be reached" in said
    assert "look at DIGESTBOT_SMTP__HOST" in said
    assert "tried again" not in said
    assert made.told[-1].endswith("Next: mend that in it, then digestbot check, then digestbot serve")


def test_a_private_address_is_read_on_a_word_which_is_written(
    tmp_path: Path, site: WebServer, monkeypatch: pytest.MonkeyPatch
):
    """The range stands in the file, so that the digest is read as it was tried; the question comes once."""
    monkeypatch.chdir(tmp_path)
    made = talk(tmp_path, site.url("/feed.xml"), site.url("/"), "", "", "", "", "", allowed=())
    question = "127.0.0.1 is a private address. May digestbot read it?"
    assert made.asked.count(question) == 1
    assert any(line.startswith("Alpine Post: ") for line in made.told)
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
    assert loaded.settings.fetch.allow_private == ("127.0.0.1/32",)
    assert len(list((tmp_path / "out" / "morning-test").rglob("digest.html"))) == 1


def test_a_private_address_stays_unread_without_a_word(
    tmp_path: Path, site: WebServer, monkeypatch: pytest.MonkeyPatch
):
    """The setting is named in one line, nothing is written of it, and another feed is asked for."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xml").write_bytes(feed("Alpine Post", *TITLES))
    made = talk(tmp_path, site.url("/feed.xml"), "a.xml", "", "chip*", "", "", "", yes=False, allowed=())
    [line] = [line for line in made.told if "ALLOW_PRIVATE" in line]
    assert "add 127.0.0.1/32 to DIGESTBOT_FETCH__ALLOW_PRIVATE" in line
    assert load(tmp_path / "config.env", {}, folder=tmp_path).settings.fetch.allow_private == ()


def test_what_cannot_be_read_is_kept_only_on_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that is not there is asked about; without a yes another feed is asked for."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xml").write_bytes(feed("Alpine Post", *TITLES))
    made = talk(tmp_path, "nowhere.xml", "a.xml", "", "chip*", "", "", "", yes=False)
    assert any("no such file" in line for line in made.told)
    assert list(load(tmp_path / "config.env", {}, folder=tmp_path).settings.feeds) == ["alpine_post"]


def test_what_a_channel_needs_is_asked_for_and_may_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A token is asked for hidden; left out, the file is written all the same and says what comes next."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xml").write_bytes(feed("Alpine Post", *TITLES))
    made = talk(tmp_path, "a.xml", "", "chip*", "", "", "slack:#chips", "")
    assert "SLACK__TOKEN (Enter for later) (hidden)" in made.asked
    assert any("once it is there: digestbot check" in line for line in made.told)
    assert str(load(tmp_path / "config.env", {}, folder=tmp_path).digests["morning"].to[0]) == "slack:#chips"


def test_without_a_terminal_or_over_a_file_it_does_nothing(tmp_path: Path):
    """Usage errors in one line each; nothing is written."""
    bot = Bot(tmp_path)
    done = bot("init", "--interactive", "--config", "new.env")
    assert (done.returncode, "needs a terminal" in done.stderr, (tmp_path / "new.env").exists()) == (2, True, False)
    write_example(tmp_path / "mine.env")
    with pytest.raises(ConfigError, match="exists already"):
        write_example(tmp_path / "mine.env", {"DIGESTBOT_FEEDS__A": "a.xml"})


def test_it_talks_through_a_terminal(tmp_path: Path):
    """A wrong answer, or none, is told and asked again; Enter takes what stands in brackets."""
    (tmp_path / "a.xml").write_bytes(feed("Alpine Post", *TITLES))
    answers = ["", "a.xml", "", "chip*", "25:00", "6:45", "", "", "n"]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "digestbot", "init", "-i"],
        cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "200"},
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    said: list[bytes] = []

    def read() -> None:
        try:
            while piece := os.read(ours, 4096):
                said.append(piece)
        except OSError:
            pass  # the terminal is gone with its process

    reader = threading.Thread(target=read)
    reader.start()
    assert process.wait(timeout=60) == 0, b"".join(said)
    reader.join(10)
    os.close(ours)
    told = b"".join(said).decode()
    assert "an answer is needed; Ctrl-C ends without writing" in told
    assert "is not a time of day" in told
    assert "Glacier lake empties" in told
    digest = load(tmp_path / "config.env", {}, folder=tmp_path).digests["morning"]
    assert (f"{digest.at[0]:%H:%M}", digest.timezone) == ("06:45", own_zone())


def test_common_terms_are_no_everyday_words():
    """What a few items of these feeds share and other texts do not; pairs before their words; nothing of nothing."""
    from builders import item

    titles = ("Police say market rises", "Police: market new", "New market police say", *TITLES)
    assert common_terms([item(title) for title in titles])[0] == '"glacier lake"'
    assert not {"police", "market", "new"} & set(common_terms([item(title) for title in titles]))
    assert common_terms([]) == ()
