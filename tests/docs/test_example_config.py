"""config.example.env says the truth: every setting, every default, and it works as it is."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import get_origin

import pytest
from pydantic import BaseModel

from digestbot.settings import DigestSettings, Settings, TopicSettings, load
from digestbot.text.setting_values import parse_duration

EXAMPLE = Path(__file__).parents[2] / "config.example.env"
LINE = re.compile(r"^(?:# )?DIGESTBOT_([A-Z_0-9]+)=(.*)$")


def settings_of(model: type[BaseModel], prefix: str = "") -> dict[str, object]:
    """Every setting's name under `prefix`, and its default; of a family that its owner names, the family's name alone."""
    found: dict[str, object] = {}
    for field, info in model.model_fields.items():
        name = f"{prefix}{(info.alias or field).upper()}"
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= settings_of(inner, f"{name}__")
        elif name == "DIGESTS":
            found |= settings_of(DigestSettings, "DIGESTS__MORNING__")
        elif name == "TOPICS":
            found |= settings_of(TopicSettings, "TOPICS__MARKETS__")
        else:
            found[name] = info.get_default(call_default_factory=True)
    return found


def family_of(name: str) -> str:
    """The family of a setting whose name is partly its owner's, as FEEDS of FEEDS__EXAMPLE; else empty."""
    first = name.partition("__")[0]
    of_a_family = get_origin(Settings.model_fields[first.lower()].annotation) is dict if "__" in name else False
    return first if of_a_family and first not in ("DIGESTS", "TOPICS") else ""


def shown() -> list[tuple[str, str]]:
    return [match.groups() for line in EXAMPLE.read_text().splitlines() if (match := LINE.match(line))]  # type: ignore[misc]


def as_written(value: object) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if value == frozenset(range(7)):
        return "daily"
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value in (None, ()) else str(value)


def test_every_setting_is_shown_and_nothing_else():
    """A setting that is missing from the example, or that the code does not know, fails here."""
    names = {family_of(name) or name for name, _ in shown()}
    names -= {"TOPICS__SEMICONDUCTORS"}
    names = names - {"TOPICS__MARKETS"} | {"TOPICS__MARKETS__TERMS"}

    assert names == set(settings_of(Settings))


@pytest.mark.parametrize(("name", "value"), [row for row in shown() if row[1] and "example" not in row[1].lower()])
def test_the_default_shown_is_the_default(name: str, value: str):
    """What stands behind a setting is what holds without it."""
    if family_of(name) or name == "OPML" or value.endswith("..."):
        return  # examples of a family, or of a value nobody can have by default
    if name in (
        "TOPICS__SEMICONDUCTORS",
        "TOPICS__MARKETS",
        "TOPICS__MARKETS__TITLE",
        "DIGESTS__MORNING__TIMEZONE",
        "DIGESTS__MORNING__TO",
        "DIGESTS__MORNING__TITLE",
        "DIGESTS__MORNING__TOPICS",
    ):
        return  # what a person has to say
    default = settings_of(Settings)[name]
    if isinstance(default, timedelta):
        assert parse_duration(value) == default
    else:
        assert value == as_written(default)


def test_the_example_loads_as_it_is():
    """Untouched, it is a complete configuration."""
    loaded = load(EXAMPLE, {}, folder=EXAMPLE.parent)

    assert [topic.title for topic in loaded.topics] == ["Semiconductors"]
    assert list(loaded.digests) == ["morning"]


def test_five_lines_are_not_remarks():
    """A first digest takes five settings."""
    settings = [line for line in EXAMPLE.read_text().splitlines() if line.startswith("DIGESTBOT_")]

    assert len(settings) == 5
