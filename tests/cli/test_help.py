"""Help: the same way to it everywhere, an example of every command, and completion by the shell."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
import reference
from bot import Bot
from newsroom import AT, MORNING_NEWS

from digestbot.cli.examples import EXAMPLES

COMMANDS = dict(reference.commands())


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__HARBOUR="./saved.xml", DIGESTS__MORNING__TO="file:./out", SUMMARISER="lead")
    return made


def test_every_command_has_an_example():
    """And every example is of a command; that each can be typed, tests/docs/test_reference.py holds."""
    assert {name.partition(" ")[2] for name in COMMANDS} == set(EXAMPLES)


@pytest.mark.parametrize("name", COMMANDS)
def test_h_shows_the_help_with_the_examples(bot: Bot, name: str):
    """-h and --help are one, also after other words."""
    words = name.split()[1:]
    shown = bot.bare(*words, "-h")
    assert shown.returncode == 0
    assert shown.stdout == bot.bare(*words, "--help").stdout
    assert all(line in shown.stdout for line in EXAMPLES[" ".join(words)])


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_help_keeps_to_the_width_of_the_terminal(bot: Bot, monkeypatch: pytest.MonkeyPatch, columns: int):
    """Every command's and group's; examples are broken as a shell takes them, and are the same words."""
    monkeypatch.setattr(Bot, "_surroundings", lambda self: {"HOME": str(self.folder), "COLUMNS": str(columns)})
    for name in (*COMMANDS, "digestbot", "digestbot feeds", "digestbot topics", "digestbot templates"):
        words = name.split()[1:]
        shown = bot.bare(*words, "-h").stdout
        wide = [line for line in shown.splitlines() if len(line) > columns and " " in line.strip()]
        assert not wide, name
        whole = " ".join(shown.replace("\\\n", " ").split())
        assert all(" ".join(example.split()) in whole for example in EXAMPLES.get(" ".join(words), ()))


@pytest.mark.parametrize("words", [(), ("feeds",), ("topics",), ("templates",)], ids=" ".join)
def test_h_works_for_groups(bot: Bot, words: tuple[str, ...]):
    """digestbot -h, digestbot feeds -h."""
    assert bot.bare(*words, "-h").stdout.startswith("Usage: digestbot")


@pytest.mark.parametrize(("typed", "meant"), [("chek", "check"), ("feeds lst", "list"), ("run --dryrun", "--dry-run")])
def test_a_slip_is_told_what_was_probably_meant(bot: Bot, typed: str, meant: str):
    """Commands, those of groups, and options."""
    done = bot.bare(*typed.split())
    assert done.returncode == 2
    assert f"did you mean {meant}" in done.stderr.replace("--at, ", "")


WRONG = {
    "prevew": "there is no command prevew; did you mean preview",
    "feeds ad x": "there is no command ad; did you mean add? `digestbot feeds -h`",
    "preview --formatt html": "there is no option --formatt; did you mean",
    "preview --format htm": "--format: htm is not one of terminal, html",
    "preview --open=3": "--open takes no value",
    "run --max-wait soon": "--max-wait: soon is no number of seconds from 0 on; write one such as 60, or 5m",
    "run --max-wait -1": "--max-wait: -1 is no number of seconds",
    "run --max-wait nan": "--max-wait: nan is no number of seconds",
    "feeds rm x": "there is no command rm; did you mean remove? `digestbot feeds -h`",
    "topics ls": "there is no command ls; `digestbot topics -h`",
    "fetch": "there is no command fetch; did you mean collect?",
    "status --data=": "--data / -d: is empty; name a path, or leave the option out",
    "check --config=": "--config / -c: is empty",
    "preview --at tomorow": "--at: tomorow is not a time; did you mean tomorrow?",
    "preview --since 3days": "--since: 3days is not a length of time; write a whole number",
    "templates copy email.htm": "email.htm: is no template; did you mean email.html?",
    "templates copy x": "x: is no template; one of digest.md",
    "topics test x --days 0": "--days: must be at least 1",
    "run --at": "--at wants a value after it",
    "run a b c": "too many words: b c; words that belong together need quotes",
    "topics test": "the argument words is missing; `digestbot topics test -h`",
    "resolve": "the argument resolution is missing; it is one of: sent, failed",
    "--config x check": "options stand after the command",
    "completion sh": "sh is not one of bash, zsh, fish",
    "--\x1b[31m": "there is no option",
}


@pytest.mark.parametrize("typed", WRONG)
@pytest.mark.parametrize("columns", ["40", "200"])
def test_what_was_typed_wrong_is_told_in_one_line(bot: Bot, monkeypatch: pytest.MonkeyPatch, typed: str, columns: str):
    """What and what to do, without a box, a colour or a break, whatever the terminal; nothing on standard output; 2."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(Bot, "_surroundings", lambda self: {"HOME": str(self.folder), "COLUMNS": columns})
    done = bot.bare(*typed.split())
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("digestbot: ")
    assert WRONG[typed] in done.stderr.replace("'", "")
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_a_shell(bot: Bot, shell: str):
    """A script that calls digestbot itself; for another shell the known ones are named."""
    done = bot.bare("completion", shell)
    assert done.returncode == 0
    assert "_DIGESTBOT_COMPLETE=" in done.stdout
    assert "zsh" in bot.bare("completion", "csh").stderr


def test_a_shell_completes_commands_and_options(bot: Bot):
    """As the script for bash asks."""
    for typed, place, found in (("digestbot fe", 1, "feeds"), ("digestbot run --dr", 2, "--dry-run")):
        asked = bot.start(_DIGESTBOT_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(place))
        assert found in asked.communicate()[0].split()


def test_a_command_that_answers_logs_nothing(bot: Bot):
    """Where no terminal is, too; -v shows what it does, and a run keeps its log lines for cron."""
    for words in (
        ("preview", "--at", AT),
        ("status",),
        ("check",),
        ("run", "--at", AT, "--dry-run"),
        ("feeds", "list"),
    ):
        assert bot(*words).stderr == ""
    assert "INFO collect feeds=1" in bot("preview", "--at", AT, "-v").stderr
    assert "INFO" not in bot("preview", "--at", AT).stderr
    assert "INFO collect feeds=1" in bot("run", "--at", AT).stderr


def test_preview_knows_json(bot: Bot):
    """As every command that a program may read."""
    short, long = bot("preview", "--at", AT, "--json"), bot("preview", "--at", AT, "--format", "json")
    assert short.stdout == long.stdout
    assert json.loads(short.stdout)["digest"] == "morning"


def test_examples_name_no_option_twice():
    """A slip of ours that a reader would copy."""
    for lines in EXAMPLES.values():
        for line in lines:
            options = [word for word in shlex.split(line) if word.startswith("-") and len(word) > 1 and word[1] != '"']
            assert len(options) == len(set(options))
