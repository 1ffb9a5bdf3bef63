"""The configuration as people write it: each of these is read as it is meant, or is one line that says what to write."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.errors import ConfigErrors
from digestbot.operations.config_writer import add_feed
from digestbot.settings import Loaded, load, zone_names
from digestbot.settings.envfile import read_env_file
from digestbot.settings.values import parse_time

FEED = "DIGESTBOT_FEEDS__NEWS=https://news.example.com/feed"
MORNING = "DIGESTBOT_DIGESTS__MORNING__"
AT, ZONE, TO, TITLE = (f"{MORNING}{name}" for name in ("AT", "TIMEZONE", "TO", "TITLE"))


def read(folder: Path, content: bytes, environ: dict[str, str] | None = None) -> Loaded:
    (folder / "config.env").write_bytes(content)
    return load(folder / "config.env", environ or {}, folder=folder)


# The whole file, and what FEEDS__NEWS and TITLE of the morning are read as.
FILES = {
    "plain": (f"{FEED}\n{TITLE}=Chips today\n", "Chips today"),
    "no last line end": (f"{FEED}\n{TITLE}=Chips today", "Chips today"),
    "lines of Windows": (f"{FEED}\r\n{TITLE}=Chips today\r\n", "Chips today"),
    "lines of an old Mac": (f"{FEED}\r{TITLE}=Chips today\r", "Chips today"),
    "a mark at the start": (f"\ufeff{FEED}\n{TITLE}=Chips today\n", "Chips today"),
    "double quotes": (f'{FEED}\n{TITLE}="Chips today"\n', "Chips today"),
    "single quotes": (f"{FEED}\n{TITLE}='Chips today'\n", "Chips today"),
    "an apostrophe": (f"{FEED}\n{TITLE}=Today's chips\n", "Today's chips"),
    "a name in quotes among others": (f'{FEED}\n{TITLE}="Hua Hong" and more\n', '"Hua Hong" and more'),
    "export": (f"export {FEED}\nexport {TITLE}=Chips today\n", "Chips today"),
    "export after tabs": (f"\texport\t{FEED}\n{TITLE}=Chips today\n", "Chips today"),
    "spaces around the sign": (f"{FEED}\n{TITLE} = Chips today\n", "Chips today"),
    "tabs around the sign": (f"{FEED}\n{TITLE}\t=\tChips today\t\n", "Chips today"),
    "an indented line": (f"   {FEED}\n    {TITLE}=Chips today\n", "Chips today"),
    "a remark behind": (f"{FEED} # mine\n{TITLE}=Chips today # the name\n", "Chips today"),
    "a remark behind quotes": (f"{FEED}\n{TITLE}='Chips # today' # the name\n", "Chips # today"),
    "a remark behind a tab": (f"{FEED}\n{TITLE}=Chips today\t#the name\n", "Chips today"),
    "a sign within a word": (f"{FEED}\n{TITLE}=Chips#1\n", "Chips#1"),
    "remarks between": (f"# mine\n\n{FEED}\n   # yours\n{TITLE}=Chips today\n", "Chips today"),
    "lower case": (f"{FEED.lower()}\n{TITLE.lower()}=Chips today\n", "Chips today"),
    "mixed case": (f"{FEED}\nDigestbot_Digests__Morning__Title=Chips today\n", "Chips today"),
    "an equals sign within": (f"{FEED}\n{TITLE}=a=b\n", "a=b"),
    "nothing": (f"{FEED}\n{TITLE}=\n", ""),
    "empty quotes": (f'{FEED}\n{TITLE}=""\n', ""),
    "dollars and backslashes": (f"{FEED}\n{TITLE}=$HOME \\n\n", "$HOME \\n"),
    "other scripts": (f"{FEED}\n{TITLE}=晶片 היום\n", "晶片 היום"),
    "curly quotes": (f"{FEED}\n{TITLE}=“Chips today”\n", "“Chips today”"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_it_is_meant(name: str, tmp_path: Path):
    """Whatever stands around the values."""
    text, title = FILES[name]
    loaded = read(tmp_path, text.encode())
    assert loaded.settings.feeds["news"].url == "https://news.example.com/feed"
    assert (loaded.digests["morning"].title if "morning" in loaded.digests else "") == title


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_every_encoding_of_an_editor_is_read(encoding: str, tmp_path: Path):
    """Notepad's "Unicode" with its mark or without, in either order of bytes."""
    text = f"{FEED}\r\n{TITLE}=晶片 today\r\n"
    content = text.encode(encoding.removesuffix("-bom"))
    mark = {"utf-16-le-bom": b"\xff\xfe", "utf-16-be-bom": b"\xfe\xff"}.get(encoding, b"")
    assert read(tmp_path, mark + content).digests["morning"].title == "晶片 today"


VALUES = {
    f"{AT}=7:30": ((time(7, 30),), "at"),
    f"{AT}=07.30": ((time(7, 30),), "at"),
    f"{AT}=7am": ((time(7),), "at"),
    f"{AT}=7 AM": ((time(7),), "at"),
    f"{AT}=12am": ((time(0),), "at"),
    f"{AT}=12pm": ((time(12),), "at"),
    f'{AT}="7:30 pm"': ((time(19, 30),), "at"),
    f"{AT}=7:30 p.m.": ((time(19, 30),), "at"),
    f"{AT}=19h": ((time(19),), "at"),
    f"{AT}=19h30": ((time(19, 30),), "at"),
    f"{AT}=0730": ((time(7, 30),), "at"),
    f"{AT}=07:30:00": ((time(7, 30),), "at"),
    f"{AT}=7:30, 18.00": ((time(7, 30), time(18)), "at"),
    f"{AT}=7:30 and 18:00": ((time(7, 30), time(18)), "at"),
    f"{ZONE}=HKT": ("Asia/Hong_Kong", "timezone"),
    f"{ZONE}=New York": ("America/New_York", "timezone"),
    f"{ZONE}=hong kong": ("Asia/Hong_Kong", "timezone"),
    f"{ZONE}=Asia/Hong Kong": ("Asia/Hong_Kong", "timezone"),
    f"{ZONE}='europe/berlin'": ("Europe/Berlin", "timezone"),
    f"{ZONE}=UTC": ("UTC", "timezone"),
    f"{ZONE}=Z": ("UTC", "timezone"),
    f"{ZONE}=Beijing": ("Asia/Shanghai", "timezone"),
    f"{ZONE}=Peking": ("Asia/Shanghai", "timezone"),
    f"{ZONE}=Delhi": ("Asia/Kolkata", "timezone"),
    f"{ZONE}=San Francisco": ("America/Los_Angeles", "timezone"),
    f"{TO}=mailto:Desk <desk@example.com>": (["mailto:desk@example.com"], "to"),
    f'{TO}=mailto:"Desk, night" <desk@example.com>': (["mailto:desk@example.com"], "to"),
    f"{TO}=slack:#chips, file:./out": (["slack:#chips", "file:./out"], "to"),
    f"{TO}=slack:#chips,file:./out,": (["slack:#chips", "file:./out"], "to"),
    f"{TO}=Slack:#chips": (["slack:#chips"], "to"),
    f"{TO}=mailto: desk@example.com": (["mailto:desk@example.com"], "to"),
    f"{MORNING}DAYS=Monday-Friday": (frozenset(range(5)), "days"),
    f"{MORNING}DAYS=mon to fri": (frozenset(range(5)), "days"),
    f"{MORNING}DAYS=weekdays": (frozenset(range(5)), "days"),
    f"{MORNING}DAYS=Mon–Fri": (frozenset(range(5)), "days"),
    f"{MORNING}WHY=true": (True, "why"),
    f"{MORNING}WHY=On": (True, "why"),
    f"{MORNING}WHY=0": (False, "why"),
}


@pytest.mark.parametrize("line", VALUES)
def test_a_value_is_read_as_it_is_meant(line: str, tmp_path: Path):
    """In any spelling that means one thing only."""
    wanted, name = VALUES[line]
    found = getattr(read(tmp_path, f"{FEED}\n{line}\n".encode()).digests["morning"], name)
    assert ([str(one) for one in found] if name == "to" else found) == wanted


WRONG = {
    f"{AT}=24:00": "write 00:00",
    f"{AT}=7": "write 07:00 or 19:00",
    f"{AT}=25:00": "HH:MM",
    f"{AT}=13pm": "13:00",
    f"{AT}=noon": "12:00",
    f"{AT}=730": "07:30",
    f"{ZONE}=EST": "America/New_York",
    f"{ZONE}=PST": "America/Los_Angeles",
    f"{ZONE}=IST": "Asia/Kolkata",
    f"{ZONE}=GMT+8": "Asia/Singapore, or Etc/GMT-8",
    f"{ZONE}=UTC+8": "Etc/GMT-8",
    f"{ZONE}=+08:00": "Etc/GMT-8",
    f"{ZONE}=UTC+5:30": "Asia/Kolkata",
    f"{ZONE}=Berln": "did you mean Europe/Berlin?",
    f"{TO}=desk@example.com": "write mailto: before the address",
    f"{TO}=Desk <desk@example.com>": "write mailto: before the address",
    f"{TO}=#chips": "write slack: before the channel",
    f"{TO}=slack: #chips": "write slack:#channel",
    f"{TO}=mailto:desk@": "name@example.com",
    f"{TO}=file:./a file:./b": "comma",
    f"{TO}=slack:#a; slack:#b": "comma",
    "DIGESTBOT_SLACK__TOKEN=xoxb-1 #2": "quotes",
    f"{FEED}/again": "keep one of them",
    "FEEDS__B=https://b.example.com/feed": "DIGESTBOT_FEEDS__B",
    "DIGESTBOT_DIGESTS__MY-DESK__AT=7:30": "MY_DESK",
    "DIGESTBOT FEEDS__C=https://c.example.com": "DIGESTBOT_FEEDS__C",
    "DIGESTBOT_FEEDS__C: https://c.example.com/feed": "=",
    "https://c.example.com/feed": "KEY=value",
    "DIGESTBOT_FEED__C=https://c.example.com/feed": "DIGESTBOT_FEEDS__C",
    "DIGESTBOT_FEEDS__C=https:/c.example.com/feed": "https://",
    "DIGESTBOT_FEEDS__C=feed://c.example.com/feed": "https://",
    f"{MORNING}DAYS=1-5": "names",
    f"{MORNING}WHY=maybe": "yes or no",
    f"{MORNING}MAX_STORIES=10 stories": "number",
    f"{MORNING}WINDOW=24": "24h",
    "DIGESTBOT_SMTP__HOST=mail.example.com:587": "holds a port; write the name alone, and the port into DIGESTBOT_SMTP__PORT",
    "DIGESTBOT_SMTP__HOST=[::1]:25": "holds a port",
    "DIGESTBOT_SMTP__HOST=smtp://mail.example.com": "is an address on the web, not a mail server",
    "DIGESTBOT_SMTP__HOST=https://mail.example.com/": "is an address on the web, not a mail server",
    "DIGESTBOT_SMTP__HOST=desk@example.com": "is a mail address, not a mail server",
    "DIGESTBOT_SMTP__HOST=mail example com": "is not the name of a machine",
    "DIGESTBOT_SMTP__HOST=mail.example.com/smtp": "is not the name of a machine",
    "DIGESTBOT_DATABASE_URL=postgresql://me:hunter2@db:five/news": "has a port that is no number",
    "DIGESTBOT_DATABASE_URL=postgresql://db:543x": "has a port that is no number",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_no_setting_is_one_line_with_the_mend(line: str, tmp_path: Path):
    """Its line in the file, what is wrong, and what to write."""
    with pytest.raises(ConfigErrors) as raised:
        read(tmp_path, f"{FEED}\n{line}\n".encode())
    [error] = raised.value.errors
    assert error.line in (1, 2)
    assert "\n" not in error.sentence
    assert WRONG[line] in error.sentence


def test_there_are_sixty_of_them():
    """The table stays long."""
    assert len(FILES) + len(VALUES) + len(WRONG) >= 60


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_time_is_read_in_every_spelling(hour: int, minute: int):
    """The law: one time, however it is written."""
    half = "am" if hour < 12 else "pm"
    on_the_dial = hour % 12 or 12
    spelled = {f"{hour}:{minute:02}", f"{hour:02}.{minute:02}", f"{hour:02}{minute:02}", f"{hour}h{minute:02}"}
    spelled |= {f"{on_the_dial}:{minute:02} {half}", f"{on_the_dial}.{minute:02}{half.upper()}"}
    assert {parse_time(one) for one in spelled} == {time(hour, minute)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_a_file_of_any_editor_stays_readable_when_a_feed_is_added(tmp_path: Path, encoding: str):
    """Order, remarks and line ends stay; what is written is read back as the same."""
    path = tmp_path / "config.env"
    path.write_bytes(f"# mine\r\n{FEED} # first\r\n\r\n# ours\r\n{TITLE}='晶片 # today'\r\n".encode(encoding))
    add_feed(path, "https://b.example.com/feed", name="b")
    said = (
        f"# mine\r\n{FEED} # first\r\nDIGESTBOT_FEEDS__B=https://b.example.com/feed\r\n"
        f"\r\n# ours\r\n{TITLE}='晶片 # today'\r\n"
    )
    assert "".join(read_env_file(path).text).removeprefix("\ufeff") == said
    assert load(path, {}, folder=tmp_path).digests["morning"].title == "晶片 # today"


def test_the_environment_wins_and_is_named(tmp_path: Path):
    """Over the file, in any case of its letters; `check` tells of it."""
    loaded = read(tmp_path, f"{FEED}\n{TITLE}=Chips\n".encode(), {TITLE.lower(): "Gold"})
    assert loaded.digests["morning"].title == "Gold"
    assert loaded.overridden == (TITLE,)


def test_a_zone_written_in_full_is_found_without_a_walk_through_all(monkeypatch: pytest.MonkeyPatch):
    """There are six hundred files of them: to list these took longer than the rest of a configuration."""

    def walked() -> None:
        raise AssertionError("all zones were listed")

    zone_names._known.cache_clear()
    monkeypatch.setattr(zone_names, "available_timezones", walked)
    assert zone_names.zone_named("America/Argentina/Buenos_Aires") == "America/Argentina/Buenos_Aires"
    with pytest.raises(AssertionError):
        zone_names.zone_named("Asia/Hongkong")
