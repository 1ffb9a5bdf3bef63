"""`digestbot help`: the guides that the configuration points at are there wherever digestbot is installed."""

from pathlib import Path

import pytest
from bot import Bot

from digestbot.operations.guides import guide, guide_names
from digestbot.resources import resource

ROOT = Path(__file__).parents[2]


def test_the_list_names_them_and_each_is_shown(tmp_path: Path):
    """Every name of the list gives its page; a page that is none suggests one, with 2."""
    bot = Bot(tmp_path)
    listed = [line.removeprefix("digestbot help ") for line in bot.bare("help").stdout.splitlines()]
    assert tuple(listed) == guide_names()
    assert all(guide(name).startswith("#") for name in listed)
    assert bot.bare("help", "topics").stdout.startswith("# ")
    wrong = bot.bare("help", "topcis")
    assert (wrong.returncode, "did you mean topics?" in wrong.stderr) == (2, True)


@pytest.mark.parametrize("name", ["docs/topics.md", "channels/slack", "Topics"])
def test_a_page_is_known_by_its_path_too(name: str):
    """As other pages link to it."""
    assert guide(name).startswith("#")


def test_the_example_points_at_guides_that_ship():
    """No path of docs/, which an installed digestbot has not; what it names is a guide, and the wheel takes each."""
    example = resource("config.example.env").read_text(encoding="utf-8")
    assert "docs/" not in example
    assert "`digestbot help topics`" in example
    packed = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in guide_names():
        found = [one.relative_to(ROOT) for one in (ROOT / "docs").rglob(f"{name}.md")]
        assert any(f'"digestbot/{where.as_posix()}"' in packed for one in found for where in (one, one.parent)), name
