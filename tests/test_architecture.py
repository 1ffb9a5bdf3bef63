"""The shape of the code: imports point down, rooms do not know each other, no module grows into a hall."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "digestbot"

# Each line may import the lines below it, and nothing beside or above it.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("serve", "once", "demo", "check", "configure", "comparison", "explain", "report", "trial", "web"),
    ("app", "standing"),
    ("accounts", "dates", "feedlist", "state"),
    ("alerts",),
    ("settings", "pipeline", "progress"),
    ("make",),
    ("desk", "fulltext", "judge", "told"),
    ("collect", "topics", "stories", "summarise", "select", "render", "deliver", "channels", "store", "schedule"),
    ("ports", "shipped", "ping", "logs"),
    ("model",),
    ("plaintext", "words", "nearest", "errors"),
    ("__init__",),
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
FORBIDDEN_NAMES = {"utils", "helpers", "core", "manager", "base", "common", "misc"}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def room_of(module: Path) -> str:
    return module.parts[0].removesuffix(".py")


def imported_rooms(module: Path) -> Iterator[str]:
    """The rooms of this package that a module imports, at its top or inside a function."""
    depth = len(module.parts)
    for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.module is None or not node.module.startswith("digestbot"), f"{module}: import relatively"
            if node.level == depth:
                yield from [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            assert not any(alias.name.startswith("digestbot") for alias in node.names), f"{module}: import relatively"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_down(module: Path):
    """A room imports rooms below it, never one beside or above it."""
    room = room_of(module)
    assert room in LEVEL, f"{room} has no place in LAYERS"
    for imported in imported_rooms(module):
        target = imported if imported in LEVEL else "__init__"  # a name of the package itself, such as __version__
        assert target == room or LEVEL[target] > LEVEL[room], f"{module} must not import {imported}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_module_is_a_hall_or_a_drawer(module: Path):
    """At most 350 lines, and a name that says what is inside."""
    assert len((PACKAGE / module).read_text(encoding="utf-8").splitlines()) <= 350
    assert module.stem not in FORBIDDEN_NAMES


def test_modules_are_small():
    """The median module stays under 120 lines."""
    lengths = sorted(len((PACKAGE / module).read_text(encoding="utf-8").splitlines()) for module in MODULES)
    assert lengths[len(lengths) // 2] < 120
