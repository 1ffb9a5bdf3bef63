"""Changing the configuration file from a page: atomically, over what was seen, or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digestbot.errors import ConfigChanged, ConfigError
from digestbot.operations import config_edit
from digestbot.operations.config_edit import KEPT, Edit, edited, opened, save
from digestbot.settings import load
from digestbot.settings.envfile import read_env_file

NOW = datetime(2026, 5, 27, 12, 0, tzinfo=UTC)
TEXT = """# Feeds of the desk
DIGESTBOT_FEEDS__GAZETTE=./gazette.xml

# What we follow
DIGESTBOT_TOPICS__CHIPS=chip*, wafer*   # ask Ann before a change
DIGESTBOT_TOPICS__CHIPS__WEIGHT=2

DIGESTBOT_TOPICS__PORTS=harbour
DIGESTBOT_DIGESTS__MORNING__TO=file:./out
DIGESTBOT_SMTP__PASSWORD=s3cret
"""
CHIPS, PORTS = "DIGESTBOT_TOPICS__CHIPS", "DIGESTBOT_TOPICS__PORTS"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "gazette.xml").write_text("<rss/>")
    made = tmp_path / "config.env"
    made.write_text(TEXT)
    made.chmod(0o640)
    return made


def edit(path: Path, settings: Mapping[str, str | None], environ: Mapping[str, str] | None = None) -> Edit:
    given = environ or {}
    loaded = load(path, given, folder=path.parent)
    return edited(opened(loaded), settings, loaded, given)


def test_one_line_becomes_another_and_the_old_file_is_kept(path: Path):
    """Comments, order and the remark on the line stay; the old version lies beside it, for its owner alone."""
    made = edit(path, {CHIPS: 'chip*, "Hua Hong"'})
    kept = save(made, now=NOW)

    assert path.read_text() == TEXT.replace("chip*, wafer*", 'chip*, "Hua Hong"')
    assert path.stat().st_mode & 0o777 == 0o640
    assert kept == path.with_name("config.env.20260527T120000Z")
    assert kept.read_text() == TEXT
    assert kept.stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in path.parent.iterdir()) == ["config.env", kept.name, "gazette.xml"]


def test_the_difference_is_shown_without_its_neighbours(path: Path):
    """What a page shows are the lines that change, with their numbers: a neighbour may be a password."""
    made = edit(path, {CHIPS: "chip*", f"{CHIPS}__WEIGHT": None, f"{CHIPS}__LIMIT": "3"})

    assert [(one.sign, one.number, one.text) for one in made.diff] == [
        ("-", 5, "DIGESTBOT_TOPICS__CHIPS=chip*, wafer*   # ask Ann before a change"),
        ("-", 6, "DIGESTBOT_TOPICS__CHIPS__WEIGHT=2"),
        ("+", 5, "DIGESTBOT_TOPICS__CHIPS=chip*   # ask Ann before a change"),
        ("+", 6, "DIGESTBOT_TOPICS__CHIPS__LIMIT=3"),
    ]
    assert "s3cret" not in repr(made)


def test_a_new_setting_goes_to_its_kind(path: Path):
    """A setting of a topic stands below the topic's own lines, a new topic below the last one."""
    made = edit(path, {f"{CHIPS}__TITLE": "Chips & more", "DIGESTBOT_TOPICS__TIN": "tin"})
    lines = "".join(made.file.text).splitlines()
    assert lines[lines.index("DIGESTBOT_TOPICS__CHIPS__WEIGHT=2") + 1] == "DIGESTBOT_TOPICS__CHIPS__TITLE=Chips & more"
    assert lines[lines.index("DIGESTBOT_TOPICS__PORTS=harbour") + 1] == "DIGESTBOT_TOPICS__TIN=tin"


@pytest.mark.parametrize(
    "settings",
    [
        {CHIPS: "chip*, -"},
        {CHIPS: None},
        {f"{CHIPS}__WEIGHT": "much"},
        {f"{CHIPS}__TITLE": "Ports"},
        {"DIGESTBOT_TOPIKS__TIN": "tin"},
        {"DIGESTBOT_DIGESTS__MORNING__TO": "carrier:pigeon"},
        {"DIGESTBOT_DIGESTS__MORNING__TO": ""},
        {"DIGESTBOT_DIGESTS__MORNING__TEMPLATES": "nowhere"},
    ],
)
def test_what_could_not_be_read_back_is_never_written(path: Path, settings: dict[str, str | None]):
    """A configuration that would be refused at the next start, or by the running serve, is refused before it is a file."""
    with pytest.raises(ConfigError):
        save(edit(path, settings), now=NOW)
    assert path.read_text() == TEXT
    assert len(list(path.parent.iterdir())) == 2


def test_what_was_wrong_before_does_not_hold_up_a_change(path: Path):
    """Whoever only previews has no recipients yet: a topic can be changed all the same."""
    path.write_text(TEXT.replace("__TO=file:./out", "__AT=07:00"))
    save(edit(path, {CHIPS: "chip*"}), now=NOW)
    assert "CHIPS=chip*   #" in path.read_text()


@pytest.mark.parametrize("seconds", [0, 30])
def test_a_file_that_changed_meanwhile_is_not_overwritten(path: Path, seconds: int):
    """Whoever changed it by hand since it was shown keeps what they wrote, also with its old time and size."""
    made = edit(path, {CHIPS: "chip*"})
    before = path.stat()
    other = TEXT.replace("harbour", "HARBOUR")
    path.write_text(other)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + seconds * 10**9))

    with pytest.raises(ConfigChanged):
        save(made, now=NOW)
    assert path.read_text() == other


def test_a_page_that_was_opened_before_a_change_is_told(path: Path):
    """The mark of the file that a page was made from tells whether it is still that file."""
    loaded = load(path, {}, folder=path.parent)
    mark = opened(loaded).mark
    assert opened(loaded).mark == mark
    path.write_text(f"{TEXT}# more\n")
    assert opened(loaded).mark != mark


def test_some_old_versions_are_kept_and_no_more(path: Path):
    """The newest old versions stay, two of one second side by side; what lies beside them is not touched."""
    other = path.with_name("config.env.20200101T000000Z.mine")
    other.write_text("mine")
    for number in range(KEPT + 3):
        save(edit(path, {CHIPS: f"chip{number}"}), now=NOW + timedelta(seconds=number // 2))
    kept = sorted(one for one in path.parent.glob("config.env.2026*"))
    assert len(kept) == KEPT
    assert {f"chip{number}" in kept[-1].read_text() for number in (KEPT + 1,)} == {True}
    assert other.read_text() == "mine"


def test_where_nothing_can_be_written_the_lines_are_shown(path: Path):
    """A file that may not be written, a setting of the environment, no file at all: the lines to paste, and why."""
    path.chmod(0o440)
    read_only = edit(path, {CHIPS: "chip*", f"{CHIPS}__LIMIT": "3", f"{CHIPS}__WEIGHT": None, PORTS: "harbour"})
    assert read_only.paste == (f"{CHIPS}=chip*", f"{CHIPS}__LIMIT=3")
    assert read_only.take_out == (f"{CHIPS}__WEIGHT",)
    assert "may not be written" in read_only.why_not
    with pytest.raises(ConfigError):
        save(read_only, now=NOW)

    path.chmod(0o640)
    environ = {CHIPS.lower(): "wafer*"}
    of_environment = edit(path, {CHIPS: "chip*"}, environ)
    assert "environment" in of_environment.why_not
    assert of_environment.paste == (f"{CHIPS}=chip*",)

    given = read_env_file(path).values
    loaded = load(None, given, folder=path.parent)
    without = edited(opened(loaded), {CHIPS: "chip*"}, loaded, given)
    assert "no configuration file" in without.why_not
    assert without.paste == (f"{CHIPS}=chip*",)
    assert path.read_text() == TEXT


def test_what_a_change_means_is_known_before_it_is_saved(path: Path):
    """The configuration that it makes is there to be tried, with the environment over it."""
    made = edit(path, {CHIPS: "tin"}, {"DIGESTBOT_TOPICS__PORTS": "quay"})
    assert [str(topic) for topic in made.loaded.topics] == ["tin", "quay"]


def test_a_file_that_is_wrong_already_says_so(path: Path):
    """What somebody broke by hand is told, and a change waits for it to be mended."""
    loaded = load(path, {}, folder=path.parent)
    path.write_text(f"{TEXT}DIGESTBOT_NONSENSE=1\n")
    with pytest.raises(ConfigError, match="NONSENSE"):
        edited(opened(loaded), {CHIPS: "chip*"}, loaded, {})


def test_a_disk_that_takes_nothing_leaves_the_file(path: Path, monkeypatch: pytest.MonkeyPatch):
    """A full disk, or a file that is mounted alone: the old file stays whole, and the reason is told."""
    made = edit(path, {CHIPS: "chip*"})

    def busy(self: Path, target: Path) -> Path:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(ConfigError, match="busy"):
        save(made, now=NOW)
    assert path.read_text() == TEXT
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".")]


def test_two_saves_at_once_are_one_after_the_other(path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of two pages that save the same file, the second finds it changed."""
    first, second = edit(path, {CHIPS: "one"}), edit(path, {CHIPS: "two"})
    whole = config_edit._write

    def slow(made: Edit, now: datetime) -> Path:
        assert not config_edit._SAVING.acquire(blocking=False)
        return whole(made, now)

    monkeypatch.setattr(config_edit, "_write", slow)
    save(first, now=NOW)
    with pytest.raises(ConfigChanged):
        save(second, now=NOW)
