"""config.example.env says the truth: every setting, every default, and it works as it is."""

from __future__ import annotations

import pytest
from reference import EXAMPLE, as_written, settings, shown

from digestbot.settings import load

KNOWN = {setting.name: setting for setting in settings()}
SHOWN = shown()

# What a person has to say, or a value nobody can have by default: the example shows one instead of the default.
EXAMPLES = {
    "FEEDS__NAME", "FEEDS__NAME__TITLE", "PAGES__NAME", "OPML", "HOUSES__NAME", "TOPICS__NAME", "TOPICS__NAME__TITLE", "DIGESTS__NAME__TIMEZONE", "DIGESTS__NAME__TO",
    "DIGESTS__NAME__TITLE", "DIGESTS__NAME__TOPICS", "ALERTS__TO", "SMTP__HOST", "SMTP_ACCOUNTS__NAME__HOST",
    "LISTS__NAME__TITLE",
}  # fmt: skip


def test_every_setting_is_shown_and_nothing_else():
    """A setting that is missing from the example, or that the code does not know, is named."""
    missing, unknown = KNOWN.keys() - SHOWN.keys(), SHOWN.keys() - KNOWN.keys()
    assert not missing, (
        f"config.example.env: add a line for {sorted(missing)}, with a remark above it that says what it does"
    )
    assert not unknown, f"config.example.env: {sorted(unknown)} is no setting; take it out"


@pytest.mark.parametrize("name", sorted(SHOWN.keys() & KNOWN.keys()))
def test_the_default_shown_is_the_default(name: str):
    """The value behind a setting is what holds without it; a secret and a name of the owner's have an example."""
    setting = KNOWN[name]
    if name not in EXAMPLES and "SecretStr" not in str(setting.annotation):
        assert SHOWN[name].value == as_written(setting.default), (
            f"config.example.env: DIGESTBOT_{name} shows another default"
        )


def test_the_exceptions_exist():
    """The list above names settings that exist."""
    assert KNOWN.keys() >= EXAMPLES


def test_the_example_loads_as_it_is():
    """Untouched, it is a complete configuration."""
    loaded = load(EXAMPLE, {}, folder=EXAMPLE.parent)

    assert [topic.title for topic in loaded.topics] == ["Semiconductors"]
    assert list(loaded.digests) == ["morning"]


def test_five_lines_are_not_remarks():
    """A first digest takes five settings."""
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line.startswith("DIGESTBOT_")]

    assert len(lines) == 5
