"""The examples of the docs: which of them are run, what they are run in, and why the others are not.

The second word behind the three backticks says what becomes of a block:

    ```sh run             each line is run and has to end with 0, or with N where it says `# ends with N`
    ```console run        the same, and what stands below a command is in its answer, in this order; `...` stands for anything
    ```sh config          settings, which are put into the page's config.env
    ```text file NAME     a file of that name, written beside it
    ```sh not-run REASON  left alone; REASONS says in words why

Each page begins in a folder of its own, with a configuration and three saved feeds of this morning.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from bot import Bot
from newsroom import rss
from reference import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
_BLOCK = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
SHELLS = ("sh", "console", "bash")

REASONS = {
    "account": "needs an account elsewhere: Slack, a mail server, a provider",
    "network": "asks servers elsewhere, or fetches packages",
    "machine": "changes the machine: packages, services, containers",
    "waits": "runs until it is stopped, or asks questions",
    "elsewhere": "run by a test of its own",
    "example": "an example of a form, to be filled in",
}
# Pages whose blocks a test of their own runs or reads.
ELSEWHERE = {
    "docs/first-digest.md": "tests/docs/test_first_digest.py writes the page from what the commands answer",
    "docs/python.md": "tests/docs/test_python_api.py runs it",
    "docs/write-a-channel.md": "tests/channels/test_registry.py writes the channel and sends by it",
    "docs/reference/commands.md": "tests/docs/test_reference.py reads each line with the command's own parser",
    "docs/reference/python.md": "signatures, made from the code",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code of a page."""

    page: str  # its path in the repository
    line: int
    language: str
    what: str  # the second word
    rest: str
    body: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """Every fenced block of a page."""
    text = page.read_text(encoding="utf-8")
    for match in _BLOCK.finditer(text):
        language, _, rest = match["info"].strip().partition(" ")
        what, _, rest = rest.partition(" ")
        body = re.sub(rf"^{match['indent']}", "", match["body"], flags=re.MULTILINE)
        yield Block(
            page.relative_to(ROOT).as_posix(), text[: match.start()].count("\n") + 1, language, what, rest, body
        )


def run_page(bot: Bot, page: Path) -> int:
    """Do what the page's blocks say, one after the other; how many were run.

    Raises:
        AssertionError: one did not do what the page says.
    """
    done = 0
    for block in blocks(page):
        if block.what == "config":
            bot.configure(**dict(_settings(block)))
        elif block.what == "file":
            (bot.folder / block.rest).write_text(block.body, encoding="utf-8")
        elif block.what == "run":
            done += 1
            run_block(bot, block)
    return done


def run_block(bot: Bot, block: Block) -> None:
    """Run the commands of a block.

    Raises:
        AssertionError: one ended otherwise than the block says, or did not answer what it shows.
    """
    for command, expected in _commands(block):
        _run(bot, block, command, expected)


def _settings(block: Block) -> Iterator[tuple[str, str]]:
    for line in block.body.splitlines():
        if line.startswith("DIGESTBOT_"):
            key, _, value = line.removeprefix("DIGESTBOT_").partition("=")
            yield key, value


def _commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that it is to answer."""
    if block.language != "console":
        yield from ((line, []) for line in block.body.splitlines() if line.strip() and not line.startswith("#"))
        return
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, *answer = part.splitlines()
        yield command, [line for line in answer if line.strip() not in ("", "...")]


def _run(bot: Bot, block: Block, line: str, expected: list[str]) -> None:
    command, _, remark = line.partition("  #")
    ends = re.search(r"ends with (\d+)", remark)
    words = ["sh", "-c", command]
    if command.startswith("digestbot ") and not re.search(r"[|<>;]", re.sub(r"'[^']*'|\"[^\"]*\"", "", command)):
        import shlex

        done = bot.bare(*shlex.split(command)[1:])
    else:
        assert "digestbot" not in command.replace("digestbot-data", "").replace("digestbot.", ""), (
            f"{block.place}: one command a line, without pipes"
        )
        done = subprocess.run(words, cwd=bot.folder, capture_output=True, text=True, timeout=20, check=False)
    where = f"{block.place}: {command}\n{done.stdout}{done.stderr}"
    assert done.returncode == int(ends[1] if ends else 0), where
    said = iter((done.stdout + done.stderr).splitlines())
    for wanted in expected:
        pattern = re.compile(".*".join(re.escape(part) for part in wanted.rstrip().split("...")) + r"\s*")
        assert any(pattern.fullmatch(one) for one in said), f"nothing says {wanted!r} (in this order)\n{where}"


# ---- What pages are run in ----------------------------------------------------------------------------------------------

_LEDGER = (
    ("Veldhaven foundry halts its wafer line after a fire", "A fire halted the wafer line of the Veldhaven foundry on Wednesday morning. Nobody was hurt. The company expects to lose nine days of production, its chief engineer said."),
    ("Memory prices rise for the seventh month", "Contract prices of memory chips rose 4% in May, the seventh month in a row. Makers have sold what they can make until March."),
    ("Opinion: why every town wants a chip plant", "Every town wants a chip plant. Few have the water for one."),
)  # fmt: skip
_HARBOUR = (
    ("Fire stops wafer line at Veldhaven chip foundry", "The Veldhaven chip foundry stopped its wafer line after a fire early on Wednesday. Two machines burned out, a spokeswoman said."),
    ("Gold eases as the dollar firms", "Gold slipped 0.4% in early trade as the dollar firmed. Silver was unchanged."),
    ("Regatta draws forty boats to the harbour", "Forty boats came to the harbour for the regatta. The wind held until noon."),
    ("Ferry to the islands runs again", "The ferry to the islands runs again after two weeks. The pier has new planks."),
)  # fmt: skip
_WIRE = (
    ("Central bank leaves its rate at 4.25%", "The central bank left its interest rate at 4.25% on Wednesday. Two members wanted a cut. Gold and bonds hardly moved."),
    ("Wafer fire at Veldhaven may delay car makers", "Car makers may have to wait for chips after the fire at the Veldhaven foundry, which makes a tenth of them. Its wafer line is halted."),
)  # fmt: skip


def world(folder: Path) -> Bot:
    """A desk that reads three saved feeds of the last hours, follows two topics and writes files."""
    now = datetime.now(UTC)
    for title, entries in (("Bay Ledger", _LEDGER), ("Harbour Post", _HARBOUR), ("Coast Wire", _WIRE)):
        dated = [
            (name, text, format_datetime(now - timedelta(minutes=40 * number + 90)))
            for number, (name, text) in enumerate(entries)
        ]
        host = title.lower().replace(" ", "") + ".example"
        page = rss(*dated, title=title).replace("harbourpost.example", host)
        (folder / f"{title.split()[1].lower()}.xml").write_text(page, encoding="utf-8")
    bot = Bot(folder)
    bot.configure(
        FEEDS__LEDGER="./ledger.xml",
        FEEDS__POST="./post.xml",
        FEEDS__WIRE="./wire.xml",
        TOPICS__CHIPS="chip*, foundry, wafer*",
        TOPICS__MARKETS='gold, "interest rate", bonds',
        DIGESTS__MORNING__AT=f"{now - timedelta(minutes=5):%H:%M}",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__TO="file:./out",
    )
    return bot
