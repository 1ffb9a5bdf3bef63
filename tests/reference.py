"""Writes docs/reference: pages that list what the code has. `make reference` runs it, tests/docs compares.

What a list holds comes from the code. What only a person can write, a meaning or an example, is kept from the page as it
is; where it is missing, the page gets a `?`, and a test names the line.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from pydantic import BaseModel

import digestbot
from digestbot.cli import cli
from digestbot.cli.examples import EXAMPLES
from digestbot.settings import CHANNELS, Settings

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "digestbot"
EXAMPLE = ROOT / "config.example.env"
FOLDER = ROOT / "docs" / "reference"
MISSING = "?"
NOTE = "<!-- Written by `make reference`; meanings and examples may be edited here, everything else comes from the code. -->"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    cells = [[cell.replace("|", r"\|") for cell in row] for row in rows]
    names = list(head)
    lines = [names, ["---"] * len(names), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rows(page: str) -> Iterator[list[str]]:
    """The rows of every table of a page, as they were given to `table`."""
    for line in page.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


# ---- Settings ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    name: str  # without its prefix; a name of the owner's is NAME
    annotation: object
    default: object


@dataclass(frozen=True)
class Shown:
    """A setting as config.example.env shows it."""

    group: str
    meaning: str
    value: str


# A family's own value has no name of its own: the words of a topic, the address of a webhook, the file it lies in.
_UNNAMED = ((r"^TOPICS__NAME__TERMS$", "TOPICS__NAME"), (r"^(FEEDS|PAGES)__NAME__URL$", r"\1__NAME"), (r"WEBHOOKS__NAME__ADDRESS$", "WEBHOOKS__NAME"),
            (r"WEBHOOKS__NAME__(ADDRESS_)?FILE$", "WEBHOOKS__NAME_FILE"))  # fmt: skip

_TYPES: dict[object, str] = {
    bool: "yes or no",
    int: "whole number",
    float: "number",
    str: "text",
    timedelta: "length of time: 90s, 30m, 24h, 3d, 1w",
    "times": "times of day: HH:MM, separated by commas",
    Path: "path",
    "SecretStr": "secret",
    "frozenset": "weekdays: mon-fri, or sat, sun, or daily",
    "Recipient": "recipients, separated by commas",
    "DatedTerm": "terms, separated by commas",
    "names": "names, separated by commas",
    "Kind": "kinds, separated by commas",
    "weights": "name^weight, separated by commas",
}


def settings(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[Setting]:
    """Every setting that the code knows, in its order."""
    for field, info in model.model_fields.items():
        name = f"{prefix}{(info.alias or field).upper()}"
        if typing.get_origin(info.annotation) is dict:
            name, inner = f"{name}__NAME", typing.get_args(info.annotation)[1]
        else:
            inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from settings(inner, f"{name}__")
            continue
        for pattern, plain in _UNNAMED:
            name = re.sub(pattern, plain, name)
        yield Setting(name, inner, info.get_default(call_default_factory=True))


def shown() -> dict[str, Shown]:
    """Every setting of config.example.env: the remark above it is its meaning."""
    families = {setting.name.partition("__NAME")[0] for setting in settings() if "__NAME" in setting.name}
    found: dict[str, Shown] = {}
    group, fresh = "", True
    remarks: list[str] = []
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"# -{4} (.+?) -+", line):
            group = heading[1]
        elif match := re.fullmatch(r"(?:# )?DIGESTBOT_([A-Z_0-9]+)=(.*)", line):
            name = _general(match[1], families)
            found.setdefault(name, Shown(group, " ".join(remarks) if fresh else "", match[2]))
            fresh = False
            continue
        elif line.startswith("# ") and fresh:
            remarks.append(line[2:])
            continue
        remarks, fresh = ([line[2:]] if line.startswith("# ") and not heading else []), True
    return found


def _general(name: str, families: Iterable[str]) -> str:
    """`DIGESTS__MORNING__AT` is `DIGESTS__NAME__AT`."""
    family, _, rest = name.partition("__")
    if family not in families:
        return name
    own, divider, setting = rest.partition("__")
    file = "_FILE" if not divider and own.endswith("_FILE") else ""
    return f"{family}__NAME{file}{divider}{setting}"


def type_of(annotation: object) -> str:
    """What a person writes for a value of this type."""
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        (annotation,) = (one for one in typing.get_args(annotation) if one is not type(None))
        return type_of(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        return " or ".join(f"`{value}`" for value in typing.get_args(annotation))
    words = str(annotation)
    for part, key in (("SecretStr", ""), ("frozenset", ""), ("Recipient", ""), ("DatedTerm", ""), ("Kind", ""),
                      ("tuple[tuple[str, float]", "weights"), ("tuple[datetime.time", "times"), ("tuple[str", "names")):  # fmt: skip
        if part in words:
            return _TYPES[key or part]
    assert annotation in _TYPES, f"tests/reference.py: say in _TYPES what a person writes for {annotation}"
    return _TYPES[annotation]


def as_written(value: object) -> str:
    """A default as it would be written down; nothing where there is none."""
    if value in (None, (), {}) or "PydanticUndefined" in repr(value):
        return ""
    if value == frozenset(range(7)):
        return "daily"
    if isinstance(value, tuple):
        return ", ".join(map(as_written, value))
    written_as: dict[type, Callable[[Any], str]] = {
        timedelta: _length,
        time: "{:%H:%M}".format,
        bool: {True: "yes", False: "no"}.__getitem__,
        float: "{:g}".format,
    }
    return written_as.get(type(value), str)(value)


def _length(value: timedelta) -> str:
    """In the largest unit that a person would take: 24h is a day's length, 3d several."""
    seconds = int(value.total_seconds())
    for unit, length, least in (("d", 86400, 2 * 86400), ("h", 3600, 2 * 3600), ("m", 60, 60)):
        if seconds % length == 0 and seconds >= least:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def meaning_of(name: str, all_shown: Mapping[str, Shown]) -> str:
    """The remark above it; a file that holds a secret needs none."""
    meaning = all_shown[name].meaning if name in all_shown else ""
    if not meaning and name.endswith("_FILE"):
        return f"The path of a file that holds `{name.removesuffix('_FILE')}`."
    return meaning or MISSING


def settings_page(_old: str) -> str:
    known, example = {setting.name: setting for setting in settings()}, shown()
    # A channel's own settings are on its page in docs/channels/, so that a new channel changes no page but its own.
    known = {
        name: setting for name, setting in known.items() if name.partition("__")[0].lower() not in CHANNELS.settings
    }
    groups: dict[str, list[list[str]]] = {}
    for name in sorted(known, key=lambda name: list(example).index(name) if name in example else len(example)):
        group = example[name].group if name in example else "Not in config.example.env"
        default = as_written(known[name].default)
        row = [f"`DIGESTBOT_{name}`", type_of(known[name].annotation), f"`{default}`" if default else "",
               meaning_of(name, example)]  # fmt: skip
        groups.setdefault(group, []).append(row)
    head = (
        "# Settings\n\nOne `KEY=value` a line in `config.env`, or in the environment, which wins. `NAME` is a name of yours. The "
        "same remarks stand in [config.example.env](../../config.example.env), which `digestbot init` writes. The settings of "
        "each channel are on its page in [docs/channels](../channels.md).\n\n"
    )
    parts = (
        f"## {group}\n\n{table(('setting', 'type', 'default', 'meaning'), lines)}\n" for group, lines in groups.items()
    )
    return f"{head}{NOTE}\n\n" + "\n".join(parts)


# ---- Commands ---------------------------------------------------------------------------------------------------------


def commands(command: Any = None, name: str = "digestbot") -> Iterator[tuple[str, Any]]:
    """Every command that does something, by the words it is called with."""
    command = command or typer.main.get_command(cli)
    inner = getattr(command, "commands", {})
    for word, one in inner.items():
        yield from commands(one, f"{name} {word}")
    if not inner:
        yield name, command


def _argument(one: Any) -> str:
    return str(one.metavar or one.name.upper())


def _parameters(command: Any) -> Iterator[list[str]]:
    for one in command.params:
        if one.name == "help":
            continue
        names = [f"`{name}`" for name in one.opts] if one.param_type_name == "option" else [f"`{_argument(one)}`"]
        kind = one.type_descriptor.annotation
        choices = ", ".join(map(str, kind)) if isinstance(kind, type) and issubclass(kind, Enum) else ""
        help_ = getattr(one, "help", None) or MISSING
        given = one.default if isinstance(one.default, str | int | float | Path) else None
        default = "required" if one.required else as_written(given) if given not in (None, False) else ""
        yield [", ".join(names), help_ + (f" One of {choices}." if choices not in help_ else ""), default]


def commands_page(_old: str) -> str:
    head = "`digestbot COMMAND --help` says the same. Exit codes: [exit-codes.md](exit-codes.md). "
    parts = [f"# Commands\n\n{head}What `--json` answers: [json.md](json.md).\n\n{NOTE}\n"]
    for name, command in commands():
        arguments = " ".join(
            _argument(one) if one.required else f"[{_argument(one)}]"
            for one in command.params
            if one.param_type_name == "argument"
        )
        example = "".join(f"{one}\n" for one in EXAMPLES.get(name.partition(" ")[2], (MISSING,)))
        rows_ = table(("argument or option", "meaning", "default"), _parameters(command))
        help_ = inspect.cleandoc(command.help or MISSING)
        parts.append(f"## `{f'{name} {arguments}'.strip()}`\n\n{help_}\n\n```sh\n{example}```\n\n{rows_}\n")
    return "\n".join(parts)


# ---- Log lines --------------------------------------------------------------------------------------------------------

_LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")


@dataclass(frozen=True)
class Event:
    room: str
    level: str
    message: str


def calls() -> Iterator[tuple[Path, ast.Call, ast.Attribute]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield path, node, node.func


@cache
def events() -> list[Event]:
    """Every line that the code logs, by its template."""
    found: set[Event] = set()
    for path, call, method in calls():
        logs = isinstance(method.value, ast.Name) and re.fullmatch(r"_?log(ger)?", method.value.id, re.IGNORECASE)
        if not logs or method.attr not in _LEVELS:
            continue
        template = call.args[1] if method.attr == "log" else call.args[0]
        assert isinstance(template, ast.Constant), f"{path}, line {call.lineno}: a log line needs one fixed template"
        level = {"exception": "error, with a traceback", "log": "by outcome"}.get(method.attr, method.attr)
        folder = "/".join(path.relative_to(PACKAGE).parts[:-1][:2]) or path.stem
        # A channel's lines are on its own page, all others by room.
        room = folder if folder.startswith("channels/") else folder.partition("/")[0]
        found.add(Event(room, level, str(template.value)))
    return sorted(found, key=lambda event: (event.room, event.message, event.level))


def stages() -> dict[str, list[str]]:
    """What each stage of a run logs when it is done: its name, and its figures."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ""
        marks = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        for node in sorted(marks, key=lambda node: node.lineno):
            if not isinstance(node.func, ast.Attribute) or "progress" not in ast.unparse(node.func.value):
                continue
            if node.func.attr == "stage" and node.args and isinstance(node.args[0], ast.Constant):
                name = str(node.args[0].value)
            elif node.func.attr == "done" and name:
                found[name] = [keyword.arg for keyword in node.keywords if keyword.arg]
    return found


def events_page(old: str) -> str:
    meanings = {row[-2]: row[-1] for row in rows(old) if len(row) > 2}
    figures = {row[0]: row[-1] for row in rows(old) if len(row) == 3}
    done = [[f"`{name}`", ", ".join(f"`{one}`" for one in given), figures.get(f"`{name}`", MISSING)]
            for name, given in stages().items()]  # fmt: skip
    lines = [[one.room, one.level, f"`{one.message}`", meanings.get(f"`{one.message}`", MISSING)]
             for one in events() if not one.room.startswith("channels/")]  # fmt: skip
    return (
        "# Log lines\n\nLines go to standard error: `2026-05-27T07:30:02+0800 INFO collect feeds=42 failed=1 new=57 took=2.1s`. With "
        "`DIGESTBOT_LOG=json` each is one object with `time`, `level` and `message`; a stage's line also has `stage`, `took` "
        "(seconds) and its figures, a failure of ours `traceback`. `%s` and `%d` are places for a value. Configured "
        f"secrets are replaced by `***` in every line. What the code of a channel logs is on its page in [docs/channels](../channels.md).\n\n{NOTE}\n\n## Stages\n\nEach stage of a run logs one line when it is done, "
        f"at level info.\n\n{table(('stage', 'figures', 'meaning'), done)}\n\n## Everything else\n\n"
        f"{table(('room', 'level', 'message', 'meaning'), lines)}\n"
    )


# ---- The Python API ---------------------------------------------------------------------------------------------------


def _source(value: object) -> tuple[ast.AST, list[str]]:
    lines = textwrap.dedent(inspect.getsource(value)).splitlines()  # type: ignore[arg-type]
    return ast.parse("\n".join(lines)).body[0], lines


def fields_of(value: type) -> Iterator[tuple[str, str, str, str]]:
    """Name, type, default and meaning of every public field; the meaning is the remark behind it."""
    node, lines = _source(value)
    assert isinstance(node, ast.ClassDef)
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id[0] != "_":
            last = lines[(one.end_lineno or one.lineno) - 1]
            meaning = last[one.end_col_offset or 0 :].partition("#")[2].strip()
            default = ast.unparse(one.value) if one.value else ""
            factory = re.search(r"default_factory=(\w+)", default)
            default = f"{factory[1]}()" if factory else "" if default.startswith("field(") else default
            yield one.target.id, ast.unparse(one.annotation), default, meaning
        elif isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant) and "Enum" in str(value.__mro__):
            meaning = lines[(one.end_lineno or one.lineno) - 1][one.end_col_offset or 0 :].partition("#")[2].strip()
            yield ast.unparse(one.targets[0]), f"{one.value.value!r}", "", meaning


def _signature(node: ast.FunctionDef) -> str:
    arguments = ast.unparse(node.args).removeprefix("self, ").removeprefix("self")
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({arguments}){returns}"


def _methods(value: type) -> Iterator[str]:
    node, _ = _source(value)
    for one in getattr(node, "body", ()):
        if isinstance(one, ast.FunctionDef) and one.name[0] != "_":
            is_property = any(ast.unparse(mark) == "property" for mark in one.decorator_list)
            call = f"{one.name}: {ast.unparse(one.returns)}" if is_property and one.returns else _signature(one)
            help_ = " ".join((ast.get_docstring(one) or "").split())
            yield f"- `{call}`" + (f": {help_}" if help_ else "")


def described(name: str, said: Mapping[str, str]) -> str:
    """A name of the public API: its docstring, its fields or its arguments; `said` helps out where a field has no remark."""
    value = getattr(digestbot, name)
    doc = inspect.cleandoc(value.__doc__ or MISSING)
    # The rooms of the model are its own business: everything is imported from `digestbot.model`.
    place = "digestbot.model" if value.__module__.startswith("digestbot.model.") else value.__module__
    if inspect.isfunction(value):
        node, _ = _source(value)
        assert isinstance(node, ast.FunctionDef)
        return f"## {name}\n\n`{place}`\n\n```python\n{_signature(node)}\n```\n\n```text\n{doc}\n```\n"
    text = f"## {name}\n\n`{place}`\n\n```text\n{doc}\n```\n"
    if lines := [[f"`{one}`", f"`{type_}`", f"`{default}`" if default else "", meaning or said.get(one) or MISSING]
                 for one, type_, default, meaning in fields_of(value)]:  # fmt: skip
        text += f"\n{table(('field', 'type', 'default', 'meaning'), lines)}\n"
    if methods := list(_methods(value)):
        text += "\n" + "\n".join(methods) + "\n"
    return text


def python_page(old: str) -> str:
    said: dict[str, dict[str, str]] = {}
    for part in re.split(r"^## ", old, flags=re.MULTILINE)[1:]:
        said[part.split()[0]] = {row[0].strip("`"): row[-1] for row in rows(part) if len(row) == 4}
    names = sorted(digestbot.__all__, key=lambda name: (inspect.isclass(getattr(digestbot, name)), name.lower()))
    head = (
        "# The Python API\n\nEvery name of `digestbot.__all__`; [python.md](../python.md) shows them at work. Values are frozen and take "
        "keyword arguments only. Every `datetime` is aware and in UTC; every `date` is local to its digest.\n\n"
    )
    return f"{head}{NOTE}\n\n" + "\n".join(described(name, said.get(name, {})) for name in names)


def json_page(old: str) -> str:
    from reference_json import page

    return page(old)


# ---- Metrics ----------------------------------------------------------------------------------------------------------


def metrics() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every figure of /metrics: its name, what it counts, its labels."""
    from digestbot.web import metrics as module

    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("MetricFamily"):
            given = [*node.args, *(one.value for one in node.keywords)]
            name, counts, labels = (eval(ast.unparse(one), vars(module)) for one in given)
            yield name, counts, tuple(labels)


def metrics_page(_old: str) -> str:
    lines = [[f"`{name}`", ", ".join(f"`{one}`" for one in labels), counts] for name, counts, labels in metrics()]
    return (
        "# Metrics\n\n`/metrics` of [the site](../site.md#for-monitors) answers in the text format of Prometheus: to this machine, "
        "or with `Authorization: Bearer` and `DIGESTBOT_WEB__ADMIN_TOKEN` to others. No address and no name of a feed stands in a "
        "label. All of them are gauges, counted when they are asked for: a restart loses nothing. An alert worth having: "
        f"`time() - digestbot_last_edition_timestamp_seconds > 90000`, when a daily digest did not come.\n\n{NOTE}\n\n"
        f"{table(('figure', 'labels', 'meaning'), lines)}\n"
    )


# ---- Starter kits -----------------------------------------------------------------------------------------------------


def kits_page(_old: str) -> str:
    from digestbot.operations.kits import kits

    head = (
        "# Starter kits\n\n`digestbot init --kit NAME` writes a configuration of feeds, topics and a digest that a person of this field might "
        "start with; every other setting follows as a remark. [How](../howto/start-from-a-kit.md). The choice is ours, and no outlet was "
        "asked. The form of the addresses is tested, and each kit's topics on a saved sample; whether an address answers today, "
        f"`digestbot check` tells.\n\n{NOTE}\n"
    )
    parts = [head]
    for kit in kits():
        feeds = ", ".join(f"`{urlsplit(address).hostname}`" for address in kit.feeds)
        topics = ", ".join(name.replace("_", " ") for name in kit.topics)
        parts.append(f"## {kit.name}\n\n{kit.title}: {kit.about}.\n\n- Feeds: {feeds}\n- Topics: {topics}\n")
    return "\n".join(parts)


PAGES: dict[str, Callable[[str], str]] = {
    "settings": settings_page,
    "commands": commands_page,
    "metrics": metrics_page,
    "kits": kits_page,
    "events": events_page,
    "json": json_page,
    "python": python_page,
}


def written(name: str) -> str:
    path = FOLDER / f"{name}.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(names: list[str]) -> None:
    for name in names or PAGES:
        text = PAGES[name](written(name))
        (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
        missing = text.count(f"| {MISSING} |") + text.count(f"\n{MISSING}\n")
        print(f"docs/reference/{name}.md" + (f": {missing} lines have ? for a meaning" if missing else ""))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
