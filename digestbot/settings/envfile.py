"""The configuration file as text: one `KEY=value` a line, values taken literally. Its only reader, and its only writer.

A value reaches to the end of its line, so that `"Hua Hong", SMIC` and `slack:#chips, slack:#markets` need no
escaping. A # after white space starts a remark, outside quotes. Quotes are dropped only where they enclose the whole value.
Nothing is expanded.
Lines end with a line feed, a carriage return, or both. No other character ends one, and a setting holds no control
character: what a line shows is what it says.

What is written is read back before it reaches the disk: it says what was meant, and everything else stays as it was.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ConfigError

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)")
_KEY = re.compile(r"[A-Z_][A-Z0-9_]*")
_NAMED = re.compile(r"\s*(?:export\s+)?(DIGESTBOT[ _.-][^=]*[^\s=])\s*=", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # as Notepad saves "Unicode"
# Control characters but the tab, the separators that other programs take for the end of a line, and halves of characters.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BYTE_ORDER_MARK = "\ufeff"
_LINES_OF_ANOTHER_FILE = (
    3  # that say nothing, and none that says something: it is no configuration with slips of the pen
)
_NAME_YOURS = "name your configuration with --config, as in --config config.env"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile:
    """What a configuration file says. The repr hides the values: some of them are secrets."""

    path: Path
    values: dict[str, str]
    lines: dict[str, int]  # of each key, from 1
    problems: tuple[ConfigError, ...] = ()  # lines that say nothing, or a key twice
    text: tuple[str, ...] = field(default=(), repr=False)  # its lines with their ends
    remarked: frozenset[str] = frozenset()  # keys whose value, outside quotes, ends where a remark begins

    def __repr__(self) -> str:
        return f"EnvFile({self.path}, {len(self.values)} settings)"

    def with_settings(self, settings: Mapping[str, str], *, below: int | None = None) -> EnvFile:
        """The file with new settings below a line (from 1), or at its end.

        Raises:
            ConfigError: one of them is there already, or cannot be written.
        """
        for key in settings.keys() & self.values.keys():
            raise ConfigError(key, f"is in {self.path.name} already", "take it out first", line=self.lines[key])
        text = list(self.text)
        end = "\r\n" if text and text[0].endswith("\r\n") else "\n"
        if text and not text[-1].endswith(("\r", "\n")):
            text[-1] += end
        below = len(text) if below is None else below
        text[below:below] = [line_for(key, value) + end for key, value in settings.items()]
        return self._changed(text, self.values | dict(settings))

    def with_line(self, number: int, key: str, value: str) -> EnvFile:
        """The file with another setting in place of a line (from 1).

        Raises:
            ConfigError: it cannot be written.
        """
        before = self.text[number - 1]
        end = before[len(before.rstrip("\r\n")) :]
        text = [*self.text[: number - 1], line_for(key, value) + end, *self.text[number:]]
        kept = {one: words for one, words in self.values.items() if self.lines[one] != number}
        return self._changed(text, kept | {key: value})

    def with_value(self, key: str, value: str) -> EnvFile:
        """The file with another value of a setting that is in it; what stands before it and a remark behind it stay.

        Raises:
            ConfigError: it cannot be written.
        """
        number = self.lines[key]
        whole = self.text[number - 1]
        end = whole[len(whole.rstrip("\r\n")) :]
        head, _, rest = whole.removesuffix(end).partition("=")
        old, remark = _divided(rest)
        blank = rest[: len(rest) - len(rest.lstrip())] if old.strip() else ""
        before = old[len(old.rstrip()) :] or " "
        for form in _forms(value):
            line = f"{head}={blank}{form}{f'{before}{remark}' if remark else ''}{end}"
            made = parse_env("".join((*self.text[: number - 1], line, *self.text[number:])), self.path)
            if made.values == self.values | {key: value} and len(made.text) == len(self.text):
                return made
        line_for(key, value)  # says what no line can hold
        raise ConfigError(key, "cannot be written beside the remark on its line", "put the remark on a line of its own")

    def without(self, keys: Iterable[str]) -> EnvFile:
        """The file without some settings, wherever they stand."""
        gone = set(keys)
        text = [line for line in self.text if _key_of(line) not in gone]
        return self._changed(text, {key: value for key, value in self.values.items() if key not in gone})

    def _changed(self, text: Iterable[str], values: Mapping[str, str]) -> EnvFile:
        lines = tuple(text)
        made = parse_env("".join(lines), self.path)
        if made.values != values or made.text != lines:
            raise ConfigError(str(self.path), "cannot be changed without changing other settings", "edit it by hand")
        return made

    def save(self) -> None:
        """Write the file in place of the one on the disk, which keeps its permissions.

        Raises:
            ConfigError: it cannot be written.
        """
        # Written beside the file and moved over it: a crash leaves the old file or the new one, never half of one.
        target = self.path.resolve()
        temporary = target.with_name(f".{target.name}.new")
        try:
            temporary.unlink(missing_ok=True)
            create_file(temporary, self.text)
            temporary.chmod(target.stat().st_mode & 0o777)
            temporary.replace(target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise ConfigError(
                str(self.path), f"cannot be written: {error.strerror}", "check its permissions"
            ) from error


def read_env_file(path: Path) -> EnvFile:
    """Read a configuration file.

    Raises:
        ConfigError: it cannot be read, or is not UTF-8 text.
    """
    content = b""
    try:
        content = read_file(path)
        text = decoded(content)
    except OSError as error:
        fix = "name a file" if path.exists() else "write one with `digestbot init`"
        if path.is_dir():
            inside = path / "config.env"
            fix = f"name the file in it: {inside}" if inside.is_file() else "name the file in it"
        raise ConfigError(str(path), f"cannot be read: {error.strerror or error}", fix) from error
    except UnicodeDecodeError as error:
        if b"\0" in content:
            reason = "is a database" if content.startswith(b"SQLite format 3") else "is no text"
            raise ConfigError(str(path), f"{reason}, not a configuration", _NAME_YOURS) from error
        raise ConfigError(str(path), f"is not UTF-8 text (byte {error.start})", "save it as UTF-8") from error
    file = parse_env(text, path)
    if not file.values and len(file.problems) >= _LINES_OF_ANOTHER_FILE:
        raise ConfigError(
            str(path), f"is not a configuration: none of its {len(file.text)} lines is KEY=value", _kind_of(text)
        )
    return file


def _kind_of(text: str) -> str:
    """What to do with a file that is none of ours."""
    if re.search(r"<opml\b", text, re.IGNORECASE):
        return "take the feeds of a list over with `digestbot feeds import FILE`, or name it in DIGESTBOT_OPML"
    return _NAME_YOURS


def parse_env(text: str, path: Path) -> EnvFile:
    """What a text says as a configuration file."""
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[ConfigError] = []
    remarked: set[str] = set()
    text_lines = tuple(_LINES.findall(text))
    for number, whole in enumerate(text_lines, start=1):
        line = _bare(whole)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            problems.append(_no_setting(line, path, number))
            continue
        key = match[1].upper()
        if found := _CONTROL.search(line):
            reason = f"holds the character {_named(found[0])}, which no setting can hold"
            problems.append(ConfigError(key, reason, "write the line again without it", line=number))
            continue
        if key in values:
            reason = f"is set twice in {path.name} (lines {lines[key]} and {number})"
            problems.append(ConfigError(key, reason, "keep one of them", line=number))
            continue
        value, remark = _divided(match[2])
        values[key] = _unquoted(value.strip())
        lines[key] = number
        if remark and values[key] == value.strip() != "":
            remarked.add(key)
    return EnvFile(
        path=path,
        values=values,
        lines=lines,
        problems=tuple(problems),
        text=text_lines,
        remarked=frozenset(remarked),
    )


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark or without; raises UnicodeDecodeError."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16")
    # Without a mark: every other byte of ASCII is zero, and settings are mostly ASCII.
    first, second = content[::2].count(0), content[1::2].count(0)
    if max(first, second) > len(content) // 6:
        return content.decode("utf-16-be" if first > second else "utf-16-le")
    return content.decode("utf-8")


def _no_setting(line: str, path: Path, number: int) -> ConfigError:
    found = _NAMED.match(line)
    if found is None:
        return ConfigError(path.name, "is not a setting", "write KEY=value, or start the line with #", line=number)
    odd = sorted({character for character in found[1] if not re.fullmatch("[A-Za-z0-9_]", character)})
    named = " and ".join(repr(character) if character.isprintable() else _named(character) for character in odd)
    clean = re.sub("[^A-Za-z0-9_]+", "_", found[1]).upper()
    fix = f"names have letters A-Z, digits and underscores: write {clean}=..."
    return ConfigError(found[1].upper(), f"holds {named} in its name", fix, line=number)


def line_for(key: str, value: str) -> str:
    """The line, without its end, that is read back as exactly this setting and no other.

    Raises:
        ConfigError: there is no such line.
    """
    if not _KEY.fullmatch(key):
        raise ConfigError(ascii(key)[1:-1], "is not the name of a setting", "write letters A-Z, digits and underscores")
    if found := _CONTROL.search(value):
        raise ConfigError(key, f"cannot hold the character {_named(found[0])}", "write the value without it")
    for form in _forms(value):
        line = f"{key}={form}"
        if parse_env(line, Path()).values == {key: value}:
            return line
    reason = "cannot be written: it has both kinds of quotes, and a blank at an end or a # that would begin a remark"
    raise ConfigError(key, reason, "write it without one of them")


def _forms(value: str) -> tuple[str, ...]:
    return value, f'"{value}"', f"'{value}'"


def create_file(path: Path, lines: Iterable[str]) -> None:
    """Write a file that must not exist yet, readable by its owner only.

    Raises:
        OSError: it exists, or cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write("".join(lines).encode())
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        # Half a file would be taken for somebody's own at the next try.
        path.unlink(missing_ok=True)
        raise


def read_file(path: Path) -> bytes:
    """The content of a regular file; a pipe or device in its place, which could be waited for without end, is refused.

    Raises:
        OSError: it cannot be read, or is something else.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe opens at once, without a writer
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is a folder" if stat.S_ISDIR(mode) else "it is not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(descriptor)


def _bare(line: str) -> str:
    return line.rstrip("\r\n").removeprefix(_BYTE_ORDER_MARK)


def _key_of(line: str) -> str:
    match = _LINE.fullmatch(_bare(line))
    return match[1].upper() if match else ""


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"


def _divided(text: str) -> tuple[str, str]:
    """What stands after the `=`: the value, and the remark behind it."""
    at = 0
    while at < len(text):
        if text[at] == "#" and (text[at - 1].isspace() if at else not text[1:2].strip()):
            return text[:at], text[at:]
        if (end := _end_of_quotes(text, at)) > at:
            at = end
        at += 1
    return text, ""


def _end_of_quotes(text: str, at: int) -> int:
    """Where what is quoted from here ends; the place itself where no quotes begin, as at an inch or an apostrophe."""
    before = text[:at].strip()
    begins = not before or (text[at] == '"' and not text[at - 1].isalnum())
    return text.find(text[at], at + 1) if text[at] in "\"'" and begins else at


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        return text[1:-1]
    return text
