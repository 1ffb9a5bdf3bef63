"""The configuration file as text: what is written is read back as the same, and nothing else changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from digestbot.errors import ConfigError
from digestbot.settings.envfile import EnvFile, line_for, parse_env, read_env_file

PATH = Path("config.env")
# What some program takes for the end of a line, for a remark, a quote or nothing; and half a character.
HAZARDS = "\n\r\t \x0b\x0c\x1c\x1d\x1e\x1f\x00\x7f\x85\xa0\u2028\u2029\u3000\ufeff#\"'=\\$\ud800"
TEXT = st.text(st.one_of(st.sampled_from(HAZARDS), st.sampled_from("aB_1"), st.characters()), max_size=12)
LINE = st.one_of(
    st.builds("{}={}".format, st.sampled_from(["A", "b", "DIGESTBOT_OPML", "export C"]), TEXT), TEXT, st.just("# note")
)
FILE = st.lists(st.builds("{}{}".format, LINE, st.sampled_from(["\n", "\r\n", "\r"])), max_size=6).map(
    lambda lines: "".join(lines).encode(errors="ignore").decode()  # no file of UTF-8 holds half a character
)


def read(text: str) -> EnvFile:
    return parse_env(text, PATH)


@given(FILE, st.one_of(st.sampled_from(["A", "DIGESTBOT_FEEDS__X"]), TEXT), TEXT)
@example("A=1", "DIGESTBOT_FEEDS__X", "https://e.example/feed\nDIGESTBOT_SLACK__API_URL=http://attacker.example/")
@example("A=1", "DIGESTBOT_FEEDS__X", "https://e.example/feed\x85DIGESTBOT_SLACK__API_URL=http://attacker.example/")
@example("A=1", "DIGESTBOT_FEEDS__X\nB", "1")
@example("A=1", "DIGESTBOT_FEEDS__X=2\nB", "1")
@example("", "DIGESTBOT_FEEDS__X", '"')
@example("", "DIGESTBOT_FEEDS__X", "' #")
def test_one_setting_is_added_as_it_is_or_none(text: str, key: str, value: str) -> None:
    """Whatever the file, the key and the value: one more setting of exactly this value, or an error."""
    before = read(text)
    try:
        after = before.with_settings({key: value})
    except ConfigError:
        return
    again = read("".join(after.text).encode().decode())

    assert key not in before.values
    assert again.values == before.values | {key: value}
    assert "".join(again.text[:-1]).rstrip("\r\n") == text.rstrip("\r\n")


@given(FILE, st.integers(0, 5), TEXT)
def test_a_setting_is_put_in_the_place_of_another(text: str, place: int, value: str) -> None:
    """Only that line becomes another; the other lines keep their bytes, and their ends."""
    before = read(f"FIRST=1\n{text}")
    key, number = list(before.lines.items())[place % len(before.lines)]
    try:
        after = before.with_line(number, key, value)
    except ConfigError:
        return

    assert after.values == before.values | {key: value}
    assert [line for at, line in enumerate(after.text, 1) if at != number] == [
        line for at, line in enumerate(before.text, 1) if at != number
    ]


@given(FILE)
def test_what_is_taken_out_is_gone_and_the_rest_stays(text: str) -> None:
    """Also where a setting stood twice; every other line keeps its bytes."""
    before = read(text)
    for key in before.values:
        try:
            after = before.without([key])
        except ConfigError:
            assert "\r" in text, "only where a lone carriage return would meet a line feed"
            continue
        assert after.values == {one: value for one, value in before.values.items() if one != key}
        assert set(after.text) <= set(before.text)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20))
def test_every_visible_value_of_one_kind_of_quotes_can_be_written(value: str) -> None:
    """Blanks at the ends, remarks and quotes come back as they were."""
    assume('"' not in value or "'" not in value)

    assert read(line_for("KEY", value)).values == {"KEY": value}


@pytest.mark.parametrize(
    "character", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00", "\x1b"]
)
def test_only_line_feed_and_carriage_return_end_a_line(character: str) -> None:
    """Any other such character in a setting is an error of its line, which names it; in a remark it does no harm."""
    file = read(f"# a{character}B=2\nA=1{character}C=3\nD=4\rE=5\r\nF=6")

    assert file.values == {"D": "4", "E": "5", "F": "6"}
    assert [(error.key, error.line) for error in file.problems] == [("A", 2)]
    assert f"U+{ord(character):04X}" in file.problems[0].reason


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("KEY", "a\nB=1", "U+000A"),
        ("KEY", "a\u2028", "U+2028"),
        ("KEY", "\ud800", "U+D800"),
        ("KEY=1\nB", "a", r"KEY=1\nB: is not the name of a setting"),
        ("KÄY", "a", "is not the name of a setting"),
        ("key", "a", "is not the name of a setting"),
        ("KEY", "\"a\" 'b' # c", "both kinds of quotes"),
    ],
)
def test_what_cannot_be_written_is_named(key: str, value: str, message: str) -> None:
    """The error says which character or form it is."""
    with pytest.raises(ConfigError) as caught:
        line_for(key, value)

    assert message in str(caught.value)


@pytest.mark.parametrize("place", ["a pipe", "a folder", "a device", "nothing"])
def test_what_is_no_file_is_an_error_at_once(tmp_path: Path, place: str) -> None:
    """A pipe without a writer is not waited for, an endless device not read."""
    path = tmp_path / "config.env"
    if place == "a pipe":
        os.mkfifo(path)
    elif place == "a folder":
        path.mkdir()
    elif place == "a device":
        path = Path("/dev/zero")

    with pytest.raises(ConfigError, match="cannot be read"):
        read_env_file(path)


def test_a_file_keeps_its_ends_of_lines_its_mark_and_its_permissions(tmp_path: Path) -> None:
    """A file of another system is changed in one line; a link to it stays a link; no copy lies about."""
    target, link = tmp_path / "real.env", tmp_path / "config.env"
    target.write_bytes(b"\xef\xbb\xbfA=1\r\n\r\n# end")
    target.chmod(0o640)
    link.symlink_to(target)
    (tmp_path / ".real.env.new").symlink_to(tmp_path / "elsewhere")

    read_env_file(link).with_settings({"B": " x "}, below=1).save()

    assert target.read_bytes() == b'\xef\xbb\xbfA=1\r\nB=" x "\r\n\r\n# end\r\n'
    assert target.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.env", "real.env"]
