"""Where an address comes from decides what it may be: a list of feeds names web addresses, the operator also files."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from bot import Bot
from hypothesis import given
from hypothesis import strategies as st

from digestbot.app.feeds import Sources, as_copied, configured_sources, feeds_in_opml, log_left_out
from digestbot.app.wiring import digest_specs
from digestbot.collect import read_opml, write_opml
from digestbot.errors import ConfigError, ConfigErrors
from digestbot.model import Feed, FeedKind
from digestbot.operations.check import check
from digestbot.operations.config_writer import add_feeds
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import Loaded, load

SECRET = "xoxb-secret-of-the-operator"
EMPTY = '<rss version="2.0"><channel><title>Saved</title></channel></rss>'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A configuration with a secret beside lists of feeds, and below them what a list may be allowed to name."""
    (tmp_path / "note").write_text("private")
    home = tmp_path / "home"
    (home / "lists" / "saved").mkdir(parents=True)
    (home / "lists" / ".ssh").mkdir()
    (home / "lists" / "~root").mkdir()
    (home / "lists" / ".ssh" / "id").write_text("private")
    (home / "token").write_text(SECRET)
    (home / "lists" / "saved" / "a.xml").write_text(EMPTY)
    (home / "lists" / "out.xml").symlink_to(tmp_path / "note")
    (home / "lists" / "up").symlink_to(tmp_path)
    (home / "lists" / "in.xml").symlink_to(home / "lists" / "saved" / "a.xml")
    return home


def sources(home: Path, *addresses: str, place: str = "lists/feeds.opml", **settings: str) -> Sources:
    """What a configuration reads whose list holds these addresses, as pages, beside a feed with a title."""
    lines = [Feed(url=address, name=f"n{number}", kind=FeedKind.PAGE) for number, address in enumerate(addresses)]
    (home / place).write_bytes(write_opml([*lines, Feed(url="https://good.example/feed", title="Good")]))
    return configured_sources(loaded(home, OPML=place, SLACK__TOKEN_FILE="token", **settings))


def loaded(home: Path, **settings: str) -> Loaded:
    (home / "config.env").write_text("".join(f"DIGESTBOT_{key}={value}\n" for key, value in settings.items()))
    return load(home / "config.env", {}, folder=home)


LOCAL = [
    "config.env", "./config.env", "/etc/passwd", "file:///etc/passwd", "FILE:/etc/passwd", "../note", "saved/a.xml", "~/.ssh/id",
    "file:saved/a.xml", "http:/etc/passwd", "https:///etc/passwd", "//etc/passwd", "ftp://a.example/", "javascript:alert(1)",
    "data:text/plain,x", "https://a.example:99999/", "https://a.example\\@b.example/", "http://[::1", " ", "https://a\u202e.example/",
]  # fmt: skip


@pytest.mark.parametrize("address", LOCAL)
def test_a_list_names_no_file(home: Path, address: str) -> None:
    """Without a word of the operator only web addresses are read, whatever else stands there."""
    found = sources(home, address, place="feeds.opml")

    assert [feed.url for feed in found.feeds] == ["https://good.example/feed"]
    assert [one.address for one in found.left_out] == [address if address.strip() else "n0"]


@pytest.mark.parametrize(
    "address",
    [
        "../note", "saved/../../../note", "/etc/passwd", "file:///etc/passwd", "file:///%2e%2e/note", "out.xml", "up/note", "../token",
        ".ssh/id", "file:.ssh/id", "~root", "~/x", "../config.env", ".", "", "saved/../saved/a.xml", "file:saved/%00", "file:saved/%0a",
        "file://a.example/../../../../../../etc/passwd", "ftp://a.example/", "saved/a.xml\u2028x",
    ],
)  # fmt: skip
def test_a_list_that_may_name_files_names_none_outside_its_folder(home: Path, address: str) -> None:
    """No way up, no link out, no absolute path elsewhere, no hidden file, nobody's home."""
    found = sources(home, address, OPML_FILES="yes")

    assert [feed.url for feed in found.feeds] == ["https://good.example/feed"]


@pytest.mark.parametrize(
    "address", ["saved/a.xml", "./saved/a.xml", "in.xml", "file:saved/a.xml", "HOME/lists/saved/a.xml"]
)
def test_a_list_that_may_name_files_names_those_below_it(home: Path, address: str) -> None:
    """By a relative path, an absolute one that leads there, a file address, or a link inside the folder."""
    found = sources(home, address.replace("HOME", str(home)), OPML_FILES="yes")

    assert [feed.url for feed in found.feeds] == [str(home / "lists/saved/a.xml"), "https://good.example/feed"]
    assert not found.left_out


@pytest.mark.parametrize(
    ("address", "read"), [("s.example", "https://s.example"), ("192.168.1.4/feed", "http://192.168.1.4/feed")]
)
def test_a_list_may_name_a_host_without_its_scheme(home: Path, address: str, read: str) -> None:
    """As a person writes it, and as `feeds add` takes it."""
    assert [feed.url for feed in sources(home, address).feeds] == [read, "https://good.example/feed"]


@pytest.mark.parametrize("address", ["config.env", "token", "state/digestbot.db", "lists/../token"])
def test_the_operators_own_files_are_never_named_by_a_list(home: Path, address: str) -> None:
    """The configuration, a file that holds a secret and the data folder are left out, though they lie below the list."""
    found = sources(home, address, place="feeds.opml", OPML_FILES="yes", DATA="state")

    assert len(found.feeds) == len(found.left_out) == 1


def test_the_operators_own_keys_may_name_files(home: Path) -> None:
    """DIGESTBOT_FEEDS and DIGESTBOT_PAGES take paths as before."""
    found = configured_sources(loaded(home, FEEDS__A="lists/saved/a.xml", PAGES__B="../note"))

    assert [feed.url for feed in found.feeds] == [str(home / "lists/saved/a.xml"), str(home / "../note")]


def test_what_is_left_out_is_told(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A log line and a warning of `check`: how many, the first of them, printable and without a password."""
    hostile = "ftp://user:hunter2@a.example/\u202e\x85x"
    named = (hostile, "/etc/passwd", "../note", "b.xml", "c.xml")
    (home / "feeds.opml").write_bytes(write_opml([Feed(url=url) for url in named]))
    read = loaded(home, OPML="feeds.opml", FEEDS__A="lists/saved/a.xml")
    log_left_out(configured_sources(read))
    findings = list(check(lambda: read, lambda _loaded: home / "data", LoggedProgress()))
    warning = next(finding for finding in findings if finding.key == "DIGESTBOT_OPML")

    assert (warning.level, warning.line) == ("warning", 1)
    assert "5 feeds left out: ftp://***@a.example/" in warning.reason
    assert "/etc/passwd (a file), ../note (a file), 2 more" in warning.reason
    assert warning.reason in caplog.text
    assert warning.reason.isprintable()
    assert caplog.records[0].levelno == logging.WARNING


def test_what_an_entry_says_without_effect_is_told(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A setting that makes no sense is read past, as whatever other programs write, but never in silence."""
    entries = "".join(
        f'<outline xmlUrl="https://ann:hunter2@h.example/{number}" {setting}/>'
        for number, setting in enumerate(('weight="heavy"', 'interval="soon"', 'maxItems="-"', 'fullText="perhaps"'))
    )
    (home / "feeds.opml").write_text(f"<opml><body>{entries}</body></opml>")
    read = loaded(home, OPML="feeds.opml")
    log_left_out(configured_sources(read))
    findings = list(check(lambda: read, lambda _loaded: home / "data", LoggedProgress()))
    warning = next(finding for finding in findings if finding.key == "DIGESTBOT_OPML")

    assert (warning.level, warning.line) == ("warning", 1)
    assert "weight heavy (no such value), of https://***@h.example/0" in warning.reason
    assert warning.reason.endswith("; 1 more")
    assert warning.reason in caplog.text
    assert "hunter2" not in warning.reason


@pytest.mark.parametrize(
    ("mute", "why"),
    [
        ("/[/", "the regular expression at column 1 is not valid"),
        ("a, until 2020-01-01", "column"),
        ("regatta | cup", "groups cannot be used here"),
        ("+cup", "cannot have a + or - here"),
        ("&quot;cup", "column"),
    ],
)
def test_a_mute_that_cannot_be_read_stops_no_digest(
    home: Path, caplog: pytest.LogCaptureFixture, mute: str, why: str
) -> None:
    """It is left out and told with its entry; the mutes of other entries count, and so does the rest of this one."""
    entry = f'<outline text="Harbour" xmlUrl="https://ann:hunter2@h.example/1" weight="2" mute="{mute}"/>'
    other = '<outline text="Tide" xmlUrl="https://t.example/1" mute="regatta until 2031-05-01"/>'
    (home / "feeds.opml").write_text(f"<opml><body>{entry}{other}</body></opml>")
    read = loaded(home, OPML="feeds.opml")
    (spec,) = digest_specs(read)
    found = configured_sources(read)
    log_left_out(found)
    (told,) = found.lost

    assert set(spec.reader_filter.feed_mutes) == {"tide"}
    assert [feed.weight for feed in found.feeds] == [2.0, 1.0]
    assert told.startswith("mute ")
    assert why in told
    assert "of https://***@h.example/1" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_list_of_files_alone_says_why_there_is_no_feed(home: Path) -> None:
    """The error names what was left out, and so what to do."""
    (home / "feeds.opml").write_bytes(write_opml([Feed(url="a.xml", title="A")]))
    with pytest.raises(ConfigErrors, match=r"no feed or page; 1 feed left out: a.xml .a file."):
        configured_sources(loaded(home, OPML="feeds.opml"))


def test_a_pipe_in_place_of_a_list_is_an_error(home: Path) -> None:
    """It is not waited for."""
    os.mkfifo(home / "feeds.opml")
    with pytest.raises(ConfigError, match="not a regular file"):
        feeds_in_opml(home / "feeds.opml")


def test_import_tells_what_it_leaves_out(home: Path) -> None:
    """Exit 0 where something could be imported, 1 where nothing could; no password on the screen; files only when allowed."""
    bot = Bot(home)
    bot.configure(LOG="text")
    (home / "some.opml").write_bytes(
        write_opml([Feed(url="https://u:hunter2@a.example/f", title="A"), Feed(url="lists/saved/a.xml"), Feed(url="config.env")])
    )  # fmt: skip
    (home / "none.opml").write_bytes(write_opml([Feed(url="/etc/passwd")]))

    some, none = bot("feeds", "import", "some.opml"), bot("feeds", "import", "none.opml")
    again = bot("feeds", "import", "some.opml")
    files = bot("feeds", "import", "some.opml", "--allow-files")

    assert (some.returncode, none.returncode, again.returncode, files.returncode) == (0, 1, 0, 0)
    assert "a: https://***@a.example/f" in some.stdout
    assert "2 feeds left out: lists/saved/a.xml (a file), config.env (a file)" in some.stderr
    assert "config.env (a private file)" in files.stderr
    assert "hunter2" not in some.stdout + some.stderr
    text = (home / "config.env").read_text()
    assert "DIGESTBOT_FEEDS__A=https://u:hunter2@a.example/f\n" in text
    assert f"={home / 'lists/saved/a.xml'}\n" in text


ADDRESS = st.lists(
    st.sampled_from(["..", ".", "saved", "up", "out.xml", "~", "/", "//", "file:", "file://", "%2e%2e", "%2F", "a.xml", "\\", "https:",
                     "https://", "a.example", ":", "@", "?", "#", "\x85", "note", "etc", "passwd", "http:"]),
    max_size=8,
).map("".join)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with links that lead out of it."""
    folder = tmp_path_factory.mktemp("list")
    (folder / "saved").mkdir()
    (folder / "up").symlink_to(folder.parent)
    (folder / "out.xml").symlink_to("/etc/passwd")
    return folder


@given(ADDRESS)
def test_no_spelling_leads_out_of_the_folder(folder: Path, address: str) -> None:
    """Whatever the parts are put together to: a web address with a host, a file below the folder, or nothing."""
    (folder / "feeds.opml").write_bytes(write_opml([Feed(url=address or "x"), Feed(url="https://good.example/")]))
    for feed in feeds_in_opml(folder / "feeds.opml", files=True).feeds:
        remote = feed.url.startswith(("http://", "https://"))
        assert remote or Path(feed.url).resolve().is_relative_to(folder)
        assert Path(feed.url).expanduser() == Path(feed.url)


def steps(work: Callable[[], object]) -> int:
    """How many lines of our own code a piece of work runs through."""
    count = 0

    def line(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(lambda frame, _event, _argument: line if "digestbot" in frame.f_code.co_filename else None)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("title", ["Same", "Same {0}", "硅岸日报"])
def test_twice_as_many_feeds_take_twice_as_many_steps(tmp_path: Path, title: str) -> None:
    """Reading a list, naming its feeds and importing them: equal titles cost no more than different ones."""

    def listed(number: int) -> bytes:
        lines = [Feed(url=f"https://e.example/{one}", title=title.format(one)) for one in range(number)]
        return write_opml(lines)

    def work(number: int) -> None:
        (tmp_path / "feeds.opml").write_bytes(listed(number))
        (tmp_path / "config.env").write_text("DIGESTBOT_OPML=feeds.opml\n")
        assert len(configured_sources(load(tmp_path / "config.env", {}, folder=tmp_path)).feeds) == number
        (tmp_path / "new.env").write_text("")
        assert len(add_feeds(tmp_path / "new.env", read_opml(listed(number))).feeds) == number

    few, many = steps(lambda: work(150)), steps(lambda: work(300))

    assert many < 2.2 * few


@pytest.mark.parametrize(
    ("copied", "address"),
    [
        ("feed://tide.example/rss", "tide.example/rss"),
        ("feed:https://tide.example/rss", "https://tide.example/rss"),
        ("ITPC://tide.example/rss", "tide.example/rss"),
        (" <https://tide.example/rss> ", "https://tide.example/rss"),
        ("“https://tide.example/rss”", "https://tide.example/rss"),
        ("@dr.pilot@ships.example", "https://ships.example/@dr.pilot"),
        ("feed:", "feed:"),
        ("feeds/saved.xml", "feeds/saved.xml"),
        ("pilot@ships.example", "pilot@ships.example"),
        ("", ""),
    ],
)
def test_an_address_is_taken_as_it_was_copied(copied: str, address: str) -> None:
    """Without what a browser, a letter or a social network puts around it; a path stays."""
    assert as_copied(copied) == address
