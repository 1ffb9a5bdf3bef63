"""docs/channels/: a page for each channel folder, which names its recipients and every setting, and no setting besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from reference import events

from digestbot.ports import ChannelPlugin
from digestbot.settings import CHANNELS, Settings

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent.name for path in (ROOT / "digestbot" / "channels").glob("*/__init__.py"))


def plugins_of(folder: str) -> list[ChannelPlugin]:
    return [one for one in CHANNELS.plugins.values() if type(one).__module__.split(".")[2] == folder]


def keys_of(name: str, kind: Any) -> Iterator[str]:
    """The keys of a group; of a family with a name in the place of the owner's."""
    family = get_origin(kind) is dict
    model = get_args(kind)[-1] if family else kind
    for field, info in model.model_fields.items():
        key = f"DIGESTBOT_{name}__{'NAME__' if family else ''}{info.alias or field}".upper()
        bare = f"DIGESTBOT_{name}__NAME".upper()
        yield {model.bare: bare, f"{model.bare}_file": f"{bare}_FILE"}.get(field, key) if model.bare else key


def test_every_channel_has_a_page_and_every_page_a_channel():
    """Also one that is added: nothing else has to be changed for it."""
    assert sorted(path.stem for path in (ROOT / "docs" / "channels").glob("*.md")) == FOLDERS


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_page_tells_the_truth(folder: str):
    """Recipients, settings, log lines, lost answers and limits."""
    page = (ROOT / "docs" / "channels" / f"{folder}.md").read_text(encoding="utf-8")
    plugins = plugins_of(folder)
    settings = {name: kind for plugin in plugins for name, kind in plugin.settings.items()}
    ours = {key for name, kind in settings.items() for key in keys_of(name, kind)}
    named = set(re.findall(r"DIGESTBOT_[A-Z_0-9]+", page))

    assert all(f"{plugin.scheme}:" in page for plugin in plugins)
    assert ours <= named, ours - named
    families = [name.upper() for name, info in Settings.model_fields.items() if get_origin(info.annotation) is dict]
    others = {key for key in named - ours if not key.startswith(tuple(f"DIGESTBOT_{name}__" for name in families))}
    assert not others
    logged = [event.message for event in events() if event.room == f"channels/{folder}"]
    assert not [message for message in logged if f"| `{message}` |" not in page], "list it under ## Log lines"
    for heading in ("## Settings", "## When an answer is lost", "## Limits"):
        assert heading in page or (heading == "## Settings" and not settings), heading


def test_a_recipient_of_every_channel_is_shown_in_the_example():
    """config.example.env says how recipients are written."""
    example = (ROOT / "config.example.env").read_text(encoding="utf-8")

    assert not [scheme for scheme in CHANNELS.plugins if f"{scheme}:" not in example]
