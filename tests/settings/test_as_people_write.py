"""The configuration as people write it: read as it is meant where only one thing can be, else one line with the mend."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.errors import ConfigErrors
from digestbot.settings import Loaded, load
from digestbot.settings.envfile import parse_env

SECRET = "hunter2 #3"


def read(folder: Path, *lines: str, encoding: str = "utf-8", end: str = "\n", **environ: str) -> Loaded:
    path = folder / "config.env"
    path.write_bytes("".join(line + end for line in lines).encode(encoding))
    return load(path, environ, folder=folder)


def said(folder: Path, *lines: str, **environ: str) -> str:
    with pytest.raises(ConfigErrors) as caught:
        read(folder, *lines, **environ)
    assert len(caught.value.errors) == 1, str(caught.value)
    return caught.value.errors[0].sentence


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("07:30", "07:30"), ("7:30", "07:30"), ("7.30", "07:30"), ("7h30", "07:30"), ("7am", "07:00"), ("7 AM", "07:00"),
        ("7:30pm", "19:30"), ("7:30 p.m.", "19:30"), ("12am", "00:00"), ("12:05 PM", "12:05"), ("00:00", "00:00"),
        ("07:30, 18:00", "07:30 18:00"), ("18:00,7.30", "07:30 18:00"), ("7am and 6 pm; 12:00", "07:00 12:00 18:00"),
        ("07:30 18:00 18:00", "07:30 18:00"), ("7:30 pm 8 am,", "08:00 19:30"),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_as_it_is_meant(tmp_path: Path, text: str, meant: str):
    """On a clock of twelve hours too, and with the full stop of other countries."""
    assert [f"{at:%H:%M}" for at in read(tmp_path, f"DIGESTBOT_DIGESTS__M__AT={text}").digests["m"].at] == meant.split()


@pytest.mark.parametrize(
    "text",
    [
        "24:00",
        "25:00",
        "7",
        "13pm",
        "0am",
        "7:60",
        "7:3",
        "noon",
        "half past 7",
        "7:30:00",
        "07:30-18:00",
        "07:30, 8",
        ",",
    ],
)
def test_a_time_that_could_be_several_has_its_mend(tmp_path: Path, text: str):
    """24:00 is the end of one day or the begin of another; a lone number may be an hour or a slip."""
    sentence = said(tmp_path, f"DIGESTBOT_DIGESTS__M__AT={text}")
    assert "DIGESTBOT_DIGESTS__M__AT (line 1)" in sentence
    assert "write" in sentence


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Asia/Hong_Kong", "Asia/Hong_Kong"), ("asia/hong kong", "Asia/Hong_Kong"), ("New York", "America/New_York"),
        ("berlin", "Europe/Berlin"), ("HKT", "Asia/Hong_Kong"), ("jst", "Asia/Tokyo"), ("utc", "UTC"), ("Local", "local"),
        ("Buenos Aires", "America/Buenos_Aires"), ("CET", "CET"),
    ],
)  # fmt: skip
def test_a_zone_is_read_as_it_is_meant(tmp_path: Path, text: str, meant: str):
    """In any case, by its city alone, or by an abbreviation that only one zone has all the year."""
    assert read(tmp_path, f"DIGESTBOT_DIGESTS__M__TIMEZONE={text}").digests["m"].timezone == meant


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("EST", "America/New_York"), ("PST", "America/Los_Angeles"), ("IST", "Asia/Kolkata"), ("GMT+8", "Etc/GMT-8"),
        ("UTC-5", "Etc/GMT+5"), ("+08:00", "Etc/GMT-8"), ("Hong Kongg", "Hong_Kong"), ("Mars", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"), ("Cairo (summer)", "Europe/Berlin"),
    ],
)  # fmt: skip
def test_a_zone_that_is_unclear_has_its_mend(tmp_path: Path, text: str, mend: str):
    """What says nothing about summer time, what counts the other way round, and slips of the pen."""
    assert mend in said(tmp_path, f"DIGESTBOT_DIGESTS__M__TIMEZONE={text}")


@pytest.mark.parametrize(
    "text",
    [
        "file:./out file:./out2", "file:./a; file:./b", "file:./a;file:./b", "mailto:a@x.example; mailto:b@x.example",
        "slack:#a slack:#b, file:./c", "file:./a; b", "mailto:a@x.example;",
    ],
)  # fmt: skip
def test_recipients_are_separated_by_commas(tmp_path: Path, text: str):
    """What would be one folder of that name says what separates two."""
    assert "separate them by commas" in said(tmp_path, f"DIGESTBOT_DIGESTS__M__TO={text}")


def test_a_folder_may_have_blanks_in_its_name(tmp_path: Path):
    """Only a scheme after a blank is another recipient."""
    [to] = read(tmp_path, "DIGESTBOT_DIGESTS__M__TO=file:./My digests").digests["m"].to
    assert str(to) == "file:./My digests"


def test_a_mailbox_may_have_a_name(tmp_path: Path):
    """As mail programs copy it; what is read is its address."""
    [to] = read(tmp_path, "DIGESTBOT_DIGESTS__M__TO=mailto:The desk <desk@Example.com>").digests["m"].to
    assert str(to) == "mailto:desk@example.com"
    assert "mailto: before" in said(tmp_path, "DIGESTBOT_DIGESTS__M__TO=The desk <desk@example.com>")
    assert "is not an email address" in said(tmp_path, "DIGESTBOT_DIGESTS__M__TO=mailto:The desk <desk>")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a # b", "a"), ("a #b", "a"), ("a\t#b", "a"), ("a#b", "a#b"), ("#chips", "#chips"), ("slack:#a, slack:#b", "slack:#a, slack:#b"),
        (" # only", ""), ("# only", ""), ('"a # b"', "a # b"), ('"a" # b', "a"), ("'a #b' # c", "a #b"), ('"x #y", z # b', '"x #y", z'),
        ("don't # b", "don't"), ('5" disk # b', '5" disk'), ('-"a #b" # c', '-"a #b"'), ('"a # b', '"a'), ("C#, F# # b", "C#, F#"),
        ("https://a.example/#x", "https://a.example/#x"),
    ],
)  # fmt: skip
def test_a_remark_begins_at_a_hash_after_white_space_outside_quotes(text: str, value: str):
    """One rule for every value."""
    assert parse_env(f"KEY={text}", Path()).values == {"KEY": value}


@given(st.text("ab\"' #", max_size=9))
def test_what_stands_before_a_remark_is_never_longer_for_it(text: str):
    """The value is a part of the line, and a remark after it changes nothing unless quotes are open."""
    value = parse_env(f"KEY={text}", Path()).values["KEY"]
    assert value in text
    if text.count('"') == text.count("'") == 0:
        assert parse_env(f"KEY={text} # b", Path()).values["KEY"] == value


def test_a_secret_is_never_cut(tmp_path: Path):
    """A # after a blank asks for quotes, by the name of the line; in quotes, or without a blank, it is part of the secret."""
    for line in (f"digestbot_smtp__password={SECRET}", f"DIGESTBOT_SMTP__PASSWORD={SECRET} # mine"):
        sentence = said(tmp_path, "", line)
        assert "DIGESTBOT_SMTP__PASSWORD (line 2)" in sentence
        assert "quotes" in sentence
        assert "hunter2" not in sentence
    for text, value in ((f'"{SECRET}" # mine', SECRET), ("a#b", "a#b"), (f"'{SECRET}'", SECRET), (" # none yet", "")):
        password = read(tmp_path, f"DIGESTBOT_SMTP__PASSWORD={text}").settings.channels["smtp"].password  # type: ignore[attr-defined]
        assert (password.get_secret_value() if password else "") == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_editors_save_it_in_their_ways(tmp_path: Path, encoding: str, end: str):
    """Notepad's marks and UTF-16, every end of a line, tabs, blanks around the =, export, small letters, no last end."""
    lines = ("# ü", "\texport digestbot_topics__x \t=\t gold, Zürich ", "", "DIGESTBOT_DIGESTS__M__AT = '7:30'")
    path = tmp_path / "config.env"
    path.write_bytes(end.join(lines).encode(encoding))
    loaded = load(path, {}, folder=tmp_path)
    assert (loaded.settings.topics["x"].terms, loaded.digests["m"].at) == ("gold, Zürich", (time(7, 30),))
    assert loaded.lines["DIGESTBOT_DIGESTS__M__AT"] == 4


def test_odd_characters_of_a_name_are_said(tmp_path: Path):
    """Which they are, and how the name could be written; a setting without its prefix is not passed over."""
    sentence = said(tmp_path, "DIGESTBOT_DIGESTS__MY-DESK__AT=07:30")
    assert "'-'" in sentence
    assert "DIGESTBOT_DIGESTS__MY_DESK__AT" in sentence
    assert "' '" in said(tmp_path, "DIGESTBOT_FEEDS__CNET NEWS=https://a.example/feed")
    assert "'Ü'" in said(tmp_path, "DIGESTBOT_TOPICS__KÜCHE=gold")
    assert "DIGESTBOT_FEEDS__B" in said(tmp_path, "FEEDS__B=https://b.example/feed")
    read(tmp_path, "DATABASE_URL=of another program", "OTHER__THING=1", "SLACK_TOKEN=of another")


def test_what_the_environment_overrides_is_known(tmp_path: Path):
    """Only where it says something else than the file."""
    lines = ("DIGESTBOT_TOPICS__A=gold", "DIGESTBOT_TOPICS__B=oil")
    loaded = read(tmp_path, *lines, DIGESTBOT_TOPICS__A="silver", digestbot_topics__b="oil")
    assert loaded.overridden == ("DIGESTBOT_TOPICS__A",)
