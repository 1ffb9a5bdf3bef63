"""The configuration file as text: what is written is read back as the same, and nothing else changes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from digestbot.errors import ConfigError
from digestbot.settings.envfile import EnvFile, create_file, line_for, parse_env, read_env_file

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


@given(FILE, st.integers(0, 5), TEXT)
@example("export C = 1  # why\n", 1, "a # b")
@example("C=1 # why", 1, "it's 3")
def test_a_value_is_changed_and_nothing_else(text: str, place: int, value: str) -> None:
    """Only that line becomes another: it keeps its end, what stands before the value, and the remark behind it."""
    before = read(f"FIRST=1\n{text}")
    key, number = list(before.lines.items())[place % len(before.lines)]
    try:
        after = before.with_value(key, value)
    except ConfigError:
        return

    assert after.values == before.values | {key: value}
    old, new = (list(one.text) for one in (before, after))
    line, was = new.pop(number - 1), old.pop(number - 1)
    assert new == old
    assert line.partition("=")[0] == was.partition("=")[0]
    assert line.endswith(was[len(was.rstrip("\r\n")) :])


def test_a_remark_stays_behind_its_value() -> None:
    """What somebody wrote behind a value says why it is there."""
    before = read("\ufeffexport a =  gold, oil   # for the desk\r\nB=2")
    assert before.with_value("A", 'tin, "Hua Hong"').text[0] == '\ufeffexport a =  tin, "Hua Hong"   # for the desk\r\n'
    assert before.with_value("A", "").text[0] == "\ufeffexport a =     # for the desk\r\n"
    assert read("A= # empty").with_value("A", "1").text == ("A=1 # empty",)


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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"SQLite format 3\0" + bytes(range(256)), "is a database, not a configuration; name your configuration"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(200, 256)), "is no text, not a configuration"),
        (b"<opml>\n<body>\n<outline/>\n</body>\n</opml>\n", "none of its 5 lines is KEY=value; take the feeds"),
        (b"<!doctype html>\n<title>x</title>\n<p>\n</p>\n", "is not a configuration: none of its 4 lines"),
        (b'{\n  "feeds": [\n  ]\n}\n', "is not a configuration: none of its 4 lines"),
        (b"Dear editor,\n\nhere is\nthe text.\n", "is not a configuration: none of its 4 lines"),
    ],
)
def test_a_file_of_another_kind_is_one_sentence(tmp_path: Path, content: bytes, said: str):
    """Not a sentence for each of its lines, and no advice to save a database as text."""
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        read_env_file(path)
    assert said in error.value.sentence


def test_a_folder_in_place_of_the_file_is_told_which_file_in_it(tmp_path: Path):
    """`--config .` is meant as the file in it; to write a new one would be no help."""
    with pytest.raises(ConfigError, match=r"it is a folder.*name the file in it"):
        read_env_file(tmp_path)
    (tmp_path / "config.env").write_text("")
    with pytest.raises(ConfigError, match=r"name the file in it: \S+config\.env"):
        read_env_file(tmp_path)


def test_slips_of_the_pen_are_told_each(tmp_path: Path):
    """A file that holds a setting is a configuration: every line that says nothing is named."""
    (tmp_path / "config.env").write_text("DIGESTBOT_SUMMARISER=lead\nfeeds\nx\ny\nz\n")
    assert len(read_env_file(tmp_path / "config.env").problems) == 4


def test_a_file_that_could_not_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On a full disk an empty config.env would be taken for the owner's at the next `init`."""

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        create_file(tmp_path / "config.env", ["A=1\n"])
    assert not list(tmp_path.iterdir())
