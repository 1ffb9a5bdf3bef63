"""The shape of the code: few rooms on few floors, imports that point down, no module that grows into a hall."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "digestbot"

# Each floor may import the floors below it, and nothing beside or above it. `__main__` is the door of `cli`.
FLOORS = (
    ("cli", "__main__"),
    ("web",),
    ("operations",),
    ("app",),
    ("jobs", "settings", "edition"),
    ("collect", "topics", "stories", "summarise", "render", "deliver", "channels", "store", "subscribers"),
    ("ports",),
    ("model", "errors", "text", "resources"),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FORBIDDEN_NAMES = {"utils", "helpers", "core", "manager", "base", "common", "misc"}
AT_THE_TOP = {"__init__", "__main__", "errors", "resources"}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
ROOMS = sorted(
    {
        folder.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for folder in path.parents
        if folder.is_relative_to(PACKAGE) and folder != PACKAGE and len(folder.relative_to(PACKAGE).parts) <= 2
    }
)
MOST_ROOMS, MOST_FLOORS, LONGEST_MODULE, LONGEST_MEDIAN = 25, 8, 350, 120


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


def lengths() -> list[int]:
    return sorted(len((PACKAGE / module).read_text(encoding="utf-8").splitlines()) for module in MODULES)


def imports_that_do_not_point_down(module: Path) -> Iterator[str]:
    room = room_of(module)
    for imported in imported_rooms(module):
        if imported == room or imported.startswith("__version__") or (room, imported) == ("__main__", "cli"):
            continue
        if imported not in FLOOR:
            yield f"{module} imports {imported}, which has no place in FLOORS"
        elif FLOOR[imported] <= FLOOR[room]:
            yield f"{module} must not import {imported}"


def test_imports_point_down():
    """A room imports rooms on the floors below it, never one beside or above it."""
    assert {room_of(module) for module in MODULES} - FLOOR.keys() == {"__init__"}
    front = Path("__init__.py")  # of the package: it shows what the rooms below offer
    assert [said for module in MODULES if module != front for said in imports_that_do_not_point_down(module)] == []


def test_no_module_is_a_hall_or_a_drawer():
    """At most 350 lines, and a name that says what is inside."""
    longest = {path: len((PACKAGE / path).read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in longest.items() if lines > LONGEST_MODULE} == {}
    assert [path for path in MODULES if path.stem in FORBIDDEN_NAMES] == []


def test_rooms_floors_and_sizes(record_property: Callable[[str, object], None]):
    """At most 25 rooms on at most 8 floors, nothing loose at the top, and a median module under 120 lines."""
    sizes = lengths()
    numbers = f"{len(ROOMS)} rooms, {len(FLOORS)} floors, {sizes[-1]} lines at most, median {sizes[len(sizes) // 2]}"
    print(numbers)  # noqa: T201 -- `make architecture` shows it
    record_property("architecture", numbers)
    assert len(ROOMS) <= MOST_ROOMS
    assert len(FLOORS) <= MOST_FLOORS
    assert sizes[len(sizes) // 2] < LONGEST_MEDIAN
    assert {path.stem for path in PACKAGE.glob("*.py")} == AT_THE_TOP
