"""How channels are found: ours by folder, those of other packages by entry point; a broken one stops nobody."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from digestbot.channels import registry
from digestbot.channels.registry import Registry, find_channels
from digestbot.settings import CHANNELS, Settings
from digestbot.settings.keys import unknown_key

ROOT = Path(__file__).parents[2]
PLUGIN = """
from digestbot.channels.file.channel import File
from digestbot.ports import ChannelPlugin
from digestbot.text.setting_values import Number, SettingsGroup


class PigeonSettings(SettingsGroup):
    wings: Number = 2


class PigeonPlugin(ChannelPlugin):
    scheme = "pigeon"
    example = "pigeon:loft"
    settings = {"pigeon": PigeonSettings}

    def parse_address(self, text):
        return text

    def open(self, settings, *, base):
        assert settings["pigeon"].wings
        return None


pigeon = PigeonPlugin()
"""


def find(monkeypatch: pytest.MonkeyPatch, plugins: Mapping[str, object], reserved: tuple[str, ...] = ()) -> Registry:
    """The registry where other packages offer these."""

    class Offered(EntryPoint):
        def load(self) -> object:
            offered = plugins[self.name]
            if isinstance(offered, Exception):
                raise offered
            return offered

    points = [Offered(name, "package:attribute", registry.GROUP) for name in plugins]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: points)
    return find_channels(reserved=reserved)


def pigeon(**attributes: object) -> object:
    """The plug-in above, with some attributes otherwise."""
    made: dict[str, type] = {}
    exec(PLUGIN, made)
    return type("Other", (made["PigeonPlugin"],), attributes)()


def test_ours_are_found_by_folder():
    """A folder with CHANNELS in digestbot/channels is all it takes."""
    folders = {path.parent.name for path in (ROOT / "digestbot" / "channels").glob("*/__init__.py")}
    found = {type(plugin).__module__.split(".")[2] for plugin in find_channels().plugins.values()}

    assert found == folders
    assert not find_channels().problems
    assert all(type(plugin).scheme == scheme for scheme, plugin in CHANNELS.plugins.items())


def test_another_packages_channel_is_found_and_its_settings_are_read(tmp_path: Path):
    """Installed beside digestbot: `check` knows its recipients, its settings and what is wrong with them."""
    (tmp_path / "pigeon_post.py").write_text(PLUGIN)
    (tmp_path / "broken_post.py").write_text("raise RuntimeError('no feathers')")
    information = tmp_path / "pigeon_post-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon-post\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        f"[{registry.GROUP}]\npigeon = pigeon_post:pigeon\nbroken = broken_post:plugin\n"
    )
    (tmp_path / "a.xml").write_text('<rss version="2.0"><channel><title>A</title></channel></rss>')
    config = (
        "DIGESTBOT_FEEDS__A=a.xml\nDIGESTBOT_DIGESTS__MORNING__TO=file:./out, pigeon:loft\nDIGESTBOT_PIGEON__WINGS="
    )

    for name, wings in (("wrong", "none"), ("right", "2")):
        (tmp_path / f"{name}.env").write_text(config + wings)
    # Both in one process: to start one takes a second.
    script = (
        "from digestbot.cli import cli\n"
        "for name in ('wrong', 'right'):\n"
        "    try: cli(['check', '--config', name + '.env', '--data', 'data'])\n"
        "    except SystemExit as end: print('ended', end.code)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)]), "COLUMNS": "200"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    wrong, right, _ = re.split(r"ended (?=\d)", done.stdout)
    assert "DIGESTBOT_PIGEON__WINGS (line 3): is not a whole number" in wrong
    broken = (
        "the channel plug-in broken of pigeon-post: cannot be loaded: RuntimeError: no feathers; update or uninstall"
    )
    assert done.stdout.endswith("ended 1\n")
    assert broken in wrong
    assert broken in right
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (ImportError("no module named x"), "cannot be loaded: ImportError: no module named x"),
        (object(), "is no channel plug-in: it has no account, advice,"),
        (type(pigeon()), "is no channel plug-in: it is a class"),
        (pigeon(scheme="Pigeon Post"), "has no usable scheme: 'Pigeon Post'"),
        (pigeon(scheme="slack"), "brings the scheme slack:, which there is already"),
        (pigeon(scheme="webhook"), "brings the scheme webhook:, which there is already"),
        (pigeon(scheme="list"), "brings the scheme list:, which there is already"),
        (pigeon(settings={"smtp": dict}), "brings the settings SMTP, which there are already"),
        (pigeon(settings={"feeds": dict}), "brings the settings FEEDS, which there are already"),
        (pigeon(settings={"a__b": dict}), "brings a setting that cannot be written: 'a__b'"),
    ],
    ids=["fails", "none", "class", "scheme", "ours", "former", "lists", "other settings", "reserved", "unwritable"],
)
def test_a_plugin_that_cannot_be_used_is_named_and_left_out(
    monkeypatch: pytest.MonkeyPatch, plugin: object, reason: str
):
    """One error for each, with its name; ours and the good one beside it are there."""
    found = find(monkeypatch, {"bad": plugin, "good": pigeon()}, reserved=("feeds",))

    [problem] = found.problems
    assert problem.key == "the channel plug-in bad"
    assert problem.reason.startswith(reason)
    assert found.plugins.keys() == {*CHANNELS.plugins, "pigeon"}


def test_renamed_settings_lead_to_settings():
    """Every name in a channel's list of former names is unknown today, and the one it leads to is known."""
    for old, new in CHANNELS.renamed.items():
        assert unknown_key(f"DIGESTBOT_{new.replace('*', 'A')}") is None, new
        error = unknown_key(f"DIGESTBOT_{old.replace('*', 'A')}")
        assert error is not None
        assert new.replace("*", "A") in error.reason


def test_settings_of_channels_lie_with_the_channels():
    """The settings' own class has none of them; the composed one has all, and hands out just these."""
    own: Any = Settings.__mro__[1]

    assert own.model_fields.keys().isdisjoint(CHANNELS.settings)
    assert Settings().channels.keys() == CHANNELS.settings.keys()


def test_nothing_slow_loads_before_it_is_needed():
    """Reading a configuration loads no library that only sending needs; a preview and --help stay quick."""
    script = (
        "import sys; from pathlib import Path; from digestbot.settings import load;"
        "load(None, {'DIGESTBOT_DIGESTS__M__TO': 'slack:#a, mailto:a@b.example, file:x'}, folder=Path());"
        "import digestbot.app.wiring;"
        "print([name for name in ('slack_sdk', 'smtplib', 'dkim') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert done.stdout.strip() == "[]"


# A digest has a form of this name (Message.slack, `preview --format slack`), whoever delivers it.
FORM = {
    ("cli", "editions.py", "slack"),
    ("cli", "shell.py", "slack"),
    ("operations", "alerts.py", "slack"),
    ("operations", "check_settings.py", "slack"),
}


def words_of(tree: ast.AST) -> Iterator[str]:
    """Every name and text of a module but its docstrings."""
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            docstrings.add(node.body[0].value)  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "module", "value"):
            word = getattr(node, field, None)
            if isinstance(word, str) and node not in docstrings:
                yield word.lower()


@pytest.mark.parametrize("room", ["settings", "app", "operations", "cli", "web", "edition"])
def test_no_room_above_names_a_channel(room: str):
    """They ask the registry: adding a channel, or taking one out, changes nothing here."""
    # A scheme may be a word like others, as `file` is: then it counts only where it stands for the channel.
    named = {rf"(?<![a-z]){scheme}:(?!$)" for scheme in CHANNELS.plugins.keys() - {"file"}}
    named |= {f"digestbot_{name}_" for name in CHANNELS.settings} | {"webhook", "smtp", "slack", "mailto", "ntfy"}
    found = {
        (room, path.name, word)
        for path in (ROOT / "digestbot" / room).glob("*.py")
        if path.name != "examples.py"  # what help shows may name any channel, as the documentation does
        for text in words_of(ast.parse(path.read_text(encoding="utf-8")))
        for word in named
        if re.search(word, text)
    }

    assert found <= FORM
