"""The words of the docs are those of the code: the glossary, the rooms of CONTRIBUTING, settings named in the text."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from reference import PACKAGE, ROOT, commands, rows

from digestbot.settings.keys import unknown_key

GLOSSARY = [row for row in rows((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")) if row[0] != "word"]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "answers").glob("*.md")),
]


@pytest.mark.parametrize(("word", "meaning", "where"), GLOSSARY, ids=[row[0] for row in GLOSSARY])
def test_every_word_of_the_glossary_lies_where_it_says(word: str, meaning: str, where: str):
    """A module or class that was moved or renamed is named with its word."""
    assert meaning, f"docs/glossary.md: say what {word} means"
    place = where.strip("`")
    missing = f"docs/glossary.md, {word}: digestbot has no {place}"
    if place.endswith(".py"):
        assert (PACKAGE / place).is_file(), missing
    else:
        module, name = place.rsplit(".", 1)
        assert hasattr(importlib.import_module(f"digestbot.{module}"), name), missing


def test_a_word_is_explained_once():
    """Two lines about one word would be two concepts with one name."""
    words = [row[0] for row in GLOSSARY]
    assert len(words) == len(set(words))


def test_contributing_names_every_room():
    """The table of rooms is that of the code, both ways."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = {
        name
        for line in text.splitlines()
        if re.match(r"\| \d \|", line)
        for name in re.findall(r"`([\w./]+)`", line.split("|")[2])
    }
    rooms = {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")}
    loose = {path.name for path in PACKAGE.glob("*.py") if not path.name.startswith("__")}
    assert rooms | loose == named, f"CONTRIBUTING.md, The rooms: {(rooms | loose) ^ named}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_setting_named_in_the_text_exists(page: Path):
    """A renamed or mistyped setting in a page is named. Names end in the text at a star or two underscores."""
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"DIGESTBOT_[A-Z0-9_]*[A-Z0-9](?!\w|\*)", text))
    # An example of a channel brings settings of its own.
    brought = tuple(f"DIGESTBOT_{group.upper()}__" for group in re.findall(r"settings = \{\"(\w+)\"", text))
    named = {name for name in named if not name.startswith(brought)}
    wrong = {name: problem for name in named if (problem := unknown_key(name)) and not _is_a_part(name)}
    assert not wrong, f"{page.name}: {wrong}"


def _is_a_part(name: str) -> bool:
    """A family or a group, spoken of as a whole; or a variable of the tests."""
    return name == "DIGESTBOT_TEST_DATA" or unknown_key(f"{name}__NAME") is None


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_command_named_in_the_text_exists(page: Path):
    """What stands in code as `digestbot ...` can be typed."""
    known = {name for name, _ in commands()}
    groups = {name.rpartition(" ")[0] for name in known}
    for words in re.findall(
        r"(?:`|\$ |^ +|^|bin/)digestbot ([a-z]+(?: [a-z]+)*)", page.read_text(encoding="utf-8"), re.MULTILINE
    ):
        first, two = (" ".join(["digestbot", *words.split()[:count]]) for count in (1, 2))
        if first in groups - {"digestbot"}:
            assert two in known | groups, f"{page.name}: `{two}` is no command"
        elif words.split()[0] not in _PROSE:
            assert first in known, f"{page.name}: `{first}` is no command"


# Words behind the name of the program where a line of text begins with it.
_PROSE = {"is", "in", "promises", "works", "reads", "reports", "was", "and", "has", "needs", "does"}
