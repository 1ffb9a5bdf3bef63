"""docs/reference/exit-codes.md: every situation is run for real, and ends with the code that the page gives."""

from __future__ import annotations

import ast
import re
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS
from reference import PACKAGE, ROOT
from servers.ports import free_port
from servers.slack import SlackServer
from servers.web import Reply, WebServer

from digestbot.cli import shell
from digestbot.operations import run as run_module
from digestbot.store import open_store

PAGE = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
TABLE = {situation: int(code) for situation, code in re.findall(r"^\| (\D.+?) \| (\d+) \|$", PAGE, re.MULTILINE)}
MEANINGS = {int(code) for code in re.findall(r"^\| (\d+) \| \D", PAGE, re.MULTILINE)}
EMPTY = "<rss version='2.0'><channel><title>Harbour Post</title></channel></rss>"

CASES: dict[str, Callable[[Bot], int]] = {}


def case(situation: str) -> Callable[[Callable[[Bot], int]], Callable[[Bot], int]]:
    def add(run: Callable[[Bot], int]) -> Callable[[Bot], int]:
        assert situation not in CASES
        CASES[situation] = run
        return run

    return add


def command(situation: str, *words: str, **settings: str) -> None:
    """A situation that is one command in a configured folder."""

    def run(bot: Bot) -> int:
        bot.configure(**settings)
        return bot(*words).returncode

    CASES[situation] = run


def twice(situation: str, first: tuple[str, ...], *words: str) -> None:
    """A situation that another command has prepared."""

    def run(bot: Bot) -> int:
        bot(*first)
        return bot(*words).returncode

    CASES[situation] = run


RUN = ("run", "--at", AT, "--max-wait", "0")
SLACK = {"DIGESTS__MORNING__TO": "slack:#chips", "SLACK__TOKEN": SlackServer.token, "SLACK__TIMEOUT": "1s"}
command("`run`: everything arrived", *RUN)
twice("`run`: the edition was made before", RUN, *RUN)
command("`run --dry-run`: shown, not sent", *RUN, "--dry-run")
command("`run`: it is no day of the digest", *RUN, DIGESTS__MORNING__DAYS="sat, sun")
command("`run`: a delivery waits for another attempt", *RUN, SLACK__API_URL=f"http://127.0.0.1:{free_port()}/", **SLACK)
command("`run`: no feed could be read", *RUN, FEEDS__HARBOUR="./away.xml")
command("`run`: a digest has no recipients", *RUN, DIGESTS__MORNING__TO="")
command("`run`: there is no digest of that name", "run", "evening")
command("`collect`: done, though some feeds failed", "collect", FEEDS__AWAY="./away.xml")
command("`collect`: no feed could be read", "collect", FEEDS__HARBOUR="./away.xml")
command("`test`: sent", "test", "--to", "file:./tests", "--at", AT)
command("`test`: it was refused", "test", "--to", "file:./saved.xml/in/a/file", "--at", AT)
command("`test`: the address is none", "test", "--to", "desk", "--at", AT)
command("`serve`: the configuration is wrong at the start", "serve", DIGESTS__MORNING__AT="noon")
command("`check`: all is well, or only warnings", "check", FEEDS__AWAY="./away.xml")
command("`check`: no feed could be read", "check", FEEDS__HARBOUR="./away.xml")
command("`check`: an account does not work", "check", SLACK__API_URL=f"http://127.0.0.1:{free_port()}/", **SLACK)
command("`check`: a setting is wrong", "check", DIGESTS__MORNING__AT="noon")
command("`preview`: made", "preview", "--at", AT)
command("`status`: shown", "status")
twice("`status DIGEST --edition D`: shown", RUN, "status", "morning", "--edition", "2026-05-27")
command("`status`: there is no such digest, or no such edition of it", "status", "morning", "--edition", "1999-01-01")
command("`status --to`: shown, whatever the address got", "status", "--to", "nobody@example.com")
command("`export`: written, whatever there is", "export")
command("`export`: there is no such digest, or no such edition of it", "export", "evening")
command("`explain`: nothing of that name is stored", "explain", "https://nowhere.example/1")
command("`topics test`: tried, whatever it finds", "topics", "test", "never-a-word")
command("`topics test`: the words break the grammar", "topics", "test", '"Hua Hong')
command("`healthcheck`: nothing serves the data folder", "healthcheck")
command("`topics suggest`: there is no topic of that name", "topics", "suggest", "chess")
command("`topics diff`: compared, whatever changes", "topics", "diff", "--config", "config.env")
command("`topics diff`: no changed configuration was named", "topics", "diff")
command("`resend`: there is nothing to send again", "resend")
command("`feeds add`: added", "feeds", "add", "https://bay.example/feed", "--untried")
command("`feeds add`: it cannot be read", "feeds", "add", "missing.xml")
command("`feeds add`: the address is there already", "feeds", "add", "./saved.xml")
command("`feeds import`: done, whatever was left out", "feeds", "import", "some.opml")
command("`feeds import`: nothing in the list may be read", "feeds", "import", "files.opml")
command("`feeds remove`: there is no feed of that name", "feeds", "remove", "gazette")
command("`init`: written", "init", "--config", "new.env")
command("`init`: the file exists", "init")
command("`templates copy`: written", "templates", "copy", "email.html")
twice("`templates copy`: the file exists, or there is no such template",
      ("templates", "copy", "email.html"), "templates", "copy", "email.html")  # fmt: skip
command("any command: an option that does not exist", "status", "--colour")


@case("`run`: nothing is new, and WHEN_EMPTY is skip")
def _(bot: Bot) -> int:
    (bot.folder / "saved.xml").write_text(EMPTY)
    return bot(*RUN).returncode


@case("`run`: a delivery failed")
def _(bot: Bot) -> int:
    with SlackServer() as slack:
        bot.configure(**SLACK | {"DIGESTS__MORNING__TO": "slack:#late", "SLACK__API_URL": slack.url})
        return bot(*RUN).returncode


@case("`resend`: something did not arrive again")
def _(bot: Bot) -> int:
    with SlackServer() as slack:
        bot.configure(**SLACK | {"DIGESTS__MORNING__TO": "slack:#late", "SLACK__API_URL": slack.url})
        bot(*RUN)
        return bot("resend").returncode


def claim_elsewhere(bot: Bot) -> None:
    """Claim what is pending, as another machine on the same database does."""
    store = open_store(bot.folder / "another-machine", bot.settings["DATABASE_URL"])
    for delivery in store.outbox.open():
        assert store.outbox.claim(delivery, now=datetime.now(UTC)) is not None
    store.close()


@case("`run`: another process is sending what is open")
def _(bot: Bot) -> int:
    bot.configure(SLACK__API_URL=f"http://127.0.0.1:{free_port()}/", **SLACK)
    assert bot(*RUN).returncode == 1
    claim_elsewhere(bot)
    done = bot(*RUN)
    assert "another process is sending it to slack:#chips" in done.stdout
    return done.returncode


@case("`resend`: another process is sending it")
def _(bot: Bot) -> int:
    module = sys.modules["digestbot.cli.deliveries"]  # the package shows its group of commands under this name
    send = module._send

    def second(*args: Any) -> object:
        claim_elsewhere(bot)
        return send(*args)

    with SlackServer() as slack, pytest.MonkeyPatch.context() as patch:
        bot.configure(**SLACK | {"DIGESTS__MORNING__TO": "slack:#late", "SLACK__API_URL": slack.url})
        bot(*RUN)
        patch.setattr(module, "_send", second)
        return bot("resend").returncode


@case("`resend`: all of it arrived")
def _(bot: Bot) -> int:
    with SlackServer() as slack:
        bot.configure(**SLACK | {"DIGESTS__MORNING__TO": "slack:#late", "SLACK__API_URL": slack.url})
        bot(*RUN)
        slack.channels["C0LATE0000"] = "late"
        return bot("resend").returncode


@case("`resolve`, `cancel`: recorded, or nothing to record")
def _(bot: Bot) -> int:
    bot.configure(SLACK__API_URL=f"http://127.0.0.1:{free_port()}/", **SLACK)
    bot(*RUN)
    return max(bot("cancel").returncode, bot("resolve", "sent").returncode)


@case("`run`: another process works on the data folder")
def _(bot: Bot) -> int:
    with WebServer() as web, Held(bot, web, "run"):
        return bot(*RUN).returncode


@case("`run`: the database is damaged")
def _(bot: Bot) -> int:
    bot(*RUN)
    (database,) = bot.data.glob("*.sqlite3")
    database.write_bytes(database.read_bytes()[:100] + b"\xa5" * 20_000)
    return bot(*RUN).returncode


@case("`run`: one of two digests could not be made")
def _(bot: Bot) -> int:
    bot.configure(DIGESTS__BAD__TO="file:./bad")
    run = run_module.run

    def broken(spec: object, *args: object, **fields: object) -> object:
        if spec.name == "bad":  # type: ignore[attr-defined]
            raise ValueError("a bug")
        return run(spec, *args, **fields)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module, "run", broken)
        return bot(*RUN).returncode


@case("`run`: there is no configuration")
def _(bot: Bot) -> int:
    (bot.folder / "config.env").unlink()
    return bot("run").returncode


@case("`explain`: explained")
def _(bot: Bot) -> int:
    bot(*RUN)
    return bot("explain", "https://harbourpost.example/0").returncode


@case("any command: `--help` or `--version`")
def _(bot: Bot) -> int:
    from typer.testing import CliRunner

    from digestbot.cli import cli

    return max(CliRunner().invoke(cli, words).exit_code for words in (["run", "--help"], ["--version"]))


class Held:
    """A command in a process of its own that waits for a feed's answer until it is ended."""

    def __init__(self, bot: Bot, web: WebServer, *words: str) -> None:
        self._asked, self._end = threading.Event(), threading.Event()

        def hang(_out: object) -> None:
            self._asked.set()
            self._end.wait(600)

        slow = web.serve("/slow", Reply(raw=hang))
        bot.configure(FEEDS__SLOW=slow, FETCH__ALLOW_PRIVATE="127.0.0.0/8", FETCH__TIMEOUT="10m")
        self.process = bot.start(*words)

    def __enter__(self) -> Self:
        assert self._asked.wait(600), "the feed was never asked"
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.process.kill()
        self.process.communicate()

    def ended_by(self, number: signal.Signals) -> int:
        """The code as a shell reports it."""
        self.process.send_signal(number)
        code = self.process.wait(600)
        return 128 - code if code < 0 else code


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("word", ["run", "serve"])
def test_signals(bot: Bot, word: str, number: signal.Signals):
    """A run that is cut off says so by its code; the daemon ends as it was asked to."""
    verb = "stopped" if word == "serve" else "ended"
    where = "" if word == "serve" else " while feeds are read"
    with WebServer() as web, Held(bot, web, word) as held:
        assert held.ended_by(number) == TABLE[f"`{word}`: {verb} by {number.name}{where}"]


SIGNALLED = {situation for situation in TABLE if "SIG" in situation}


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    files = '<outline xmlUrl="/etc/passwd"/>'
    (tmp_path / "files.opml").write_text(f"<opml>{files}</opml>", encoding="utf-8")
    (tmp_path / "some.opml").write_text(
        f'<opml>{files}<outline xmlUrl="https://bay.example/"/></opml>', encoding="utf-8"
    )
    made = Bot(tmp_path)
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        TOPICS__CHIPS="foundry",
        DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        DIGESTS__MORNING__TO="file:./out",
    )
    return made


def test_every_situation_of_the_page_is_tried():
    """A line of the page without a case here, or a case without a line, fails and is named."""
    tried = set(CASES) | SIGNALLED
    assert not set(TABLE) - tried, f"tests/docs/test_exit_codes.py: try {sorted(set(TABLE) - tried)}"
    assert not tried - set(TABLE), f"docs/reference/exit-codes.md: add a line for {sorted(tried - set(TABLE))}"


@pytest.mark.parametrize("situation", CASES)
def test_a_situation_ends_with_its_code(bot: Bot, request: pytest.FixtureRequest, situation: str):
    """As the page says."""
    if "another process is sending" in situation:  # with SQLite there is one process a data folder
        bot.configure(DATABASE_URL=request.getfixturevalue("postgres").new_database())
    assert CASES[situation](bot) == TABLE[situation]


def test_every_code_that_the_code_uses_is_on_the_page():
    """Commands end with the constants of cli/shell.py alone, and the page says what each of them means."""
    constants = {"DONE": shell.DONE, "FAILED": shell.FAILED, "USAGE": shell.USAGE}
    used: set[str] = set()
    for path in (PACKAGE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "typer.Exit":
                used |= {
                    one.id
                    for part in node.args
                    for one in ast.walk(part)
                    if isinstance(one, ast.Name) and one.id.isupper()
                }
    assert used == set(constants)
    assert set(constants.values()) <= MEANINGS
    assert set(TABLE.values()) == MEANINGS, "docs/reference/exit-codes.md: every code needs a meaning and a situation"
