"""Every command over titles in other scripts and full of escapes, at 40, 80 and 200 columns: text, JSON and log."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from newsroom import AT
from rich.cells import cell_len
from servers.smtp import SmtpServer

ESCAPES = (
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07 \x1b[2J\x9b31m\x00 \u202egnp.exe\u2066 \r overwritten \x7f\x08"
)
TITLES = (
    f"Foundry {ESCAPES} opens",
    "台積電晶圓廠在新竹動工，預計二〇二八年量產，foundry 產能增加一倍，供應鏈全面擴張",
    "شركة foundry تفتتح مصنعا جديدا في الرياض لإنتاج الرقائق الإلكترونية المتقدمة",
    "מפעל foundry חדש נפתח בחיפה ומייצר שבבים לרכב (2026) C++",
    "Foundry 🏭🏭🏭 wins 🥇 for 👩‍👩‍👧‍👦 and 🇭🇰 teams ❤️ in a very long headline that goes on and on",
    "Foundryan" + "a" * 90 + " without a blank",
)
ALLOWED = "\n\t"
COMMANDS = [
    ("preview", "--at", AT),
    ("preview", "--at", AT, "--format", "text"),
    ("preview", "--at", AT, "--format", "markdown"),
    ("preview", "--at", AT, "--format", "html"),
    ("preview", "--at", AT, "--format", "slack"),
    ("preview", "--at", AT, "--json"),
    ("run", "--at", AT, "--dry-run"),
    ("run", "--at", AT, "--again", "--to", "all", "-v"),
    ("status", "--feeds"),
    ("status", "--json"),
    ("status", "morning"),
    ("status", "morning", "--json"),
    ("status", "--to", "a@desk.example"),
    ("status", "--to", "a@desk.example", "--json"),
    ("status", f"no{ESCAPES.replace(chr(0), '')}"),
    ("check",),
    ("check", "--json"),
    ("collect", "-v"),
    ("explain", "1"),
    ("explain", "1", "--json"),
    ("topics", "test", "foundry", "--at", AT),
    ("topics", "test", "foundry", "--at", AT, "--json"),
    ("topics", "suggest", "--at", AT),
    ("feeds", "list"),
    ("feeds", "list", "--json"),
    ("feeds", "try", "saved.json"),
    ("feeds", "try", "saved.json", "--json"),
    ("feeds", "try", f"http://127.0.0.1:9/{ESCAPES.replace(chr(0), '')}"),
    ("feeds", "export"),
    ("feeds", "remove", f"no{ESCAPES}"),
    ("resend", "--json"),
    ("resend", f"no{ESCAPES}"),
    ("test", "--to", "mailto:a@desk.example"),
    ("healthcheck",),
]


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    made = desk_of_one_feed(tmp_path_factory.mktemp("scripts"))
    # No escape may stand in XML; in JSON it may.
    items = [
        {
            "id": str(n),
            "title": title,
            "content_text": f"{title}. {ESCAPES}",
            "date_published": "2026-05-27T06:00:00+08:00",
        }
        for n, title in enumerate(TITLES)
    ]
    content = {"version": "https://jsonfeed.org/version/1.1", "title": f"報 {ESCAPES}", "items": items}
    (made.folder / "saved.json").write_text(json.dumps(content))
    with SmtpServer() as smtp:
        # What a server answers is told, too.
        answer = f"550 5.1.1 no such {ESCAPES.translate(dict.fromkeys((0, 10, 13), ' '))} mailbox"
        smtp.fail("RCPT", *[answer] * 99)
        made.configure(
            FEEDS__HARBOUR="saved.json", FEEDS__GONE=f"nowhere{ESCAPES[1:8]}.xml".replace("\x1b", ""), LOG="text",
            SMTP__HOST="127.0.0.1", SMTP__PORT=str(smtp.port), SMTP__SECURITY="none", SMTP__FROM="d@desk.example",
            DIGESTS__MORNING__TO="file:./out, mailto:a@desk.example",
        )  # fmt: skip
        assert "sent to file" in made("run", "--at", AT, "--max-wait", "0").stdout
        yield made


def raw(text: str) -> set[str]:
    """What a terminal obeys, or what hides text: control characters, and those that turn its direction."""
    turning = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    return {one for one in text if (unicodedata.category(one) == "Cc" and one not in ALLOWED) or ord(one) in turning}


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: ascii(" ".join(words))[:40])
def test_no_control_character_leaves_in_any_output(bot: Bot, words: tuple[str, ...]):
    """Titles, addresses, feeds' errors and servers' answers: in what is printed, told and logged."""
    done = bot(*words)
    assert raw(done.stdout) == set()
    assert raw(done.stderr) == set()
    assert "Traceback" not in done.stderr
    if words[-1] == "--json" and done.returncode == 0:
        json.loads(done.stdout)


def test_logs_in_json_hold_none_either(bot: Bot):
    """A line stays a line: what a title says cannot begin another."""
    bot.configure(LOG="json")
    done = bot("run", "--at", AT, "--again", "--to", "all", "-v", "--max-wait", "0")
    bot.configure(LOG="text")
    assert raw(done.stderr) == set()
    lines = [line for line in done.stderr.splitlines() if line.startswith("{")]
    assert lines
    assert all(json.loads(line)["message"] for line in lines)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_nothing_is_wider_than_the_terminal_where_it_is_laid_out(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, columns: int
):
    """Wide characters count as two, marks as none: as a terminal shows them."""
    monkeypatch.setattr(
        Bot, "_surroundings", lambda _self, before=Bot._surroundings: before(_self) | {"COLUMNS": str(columns)}
    )
    done = bot("preview", "--at", AT)
    shown = "".join(done.stdout.split())
    assert done.returncode == 0
    assert max(map(cell_len, done.stdout.splitlines())) <= columns
    for title in TITLES[1:4]:  # whole, however it was broken
        assert "".join(title.split()) in shown


def test_help_fits_a_narrow_terminal(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """But for the examples, which are to be copied whole."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(Bot, "_surroundings", lambda _self, before=Bot._surroundings: before(_self) | {"COLUMNS": "40"})
    for words in (("-h",), ("feeds", "-h"), ("topics", "-h")):
        before_examples = bot.bare(*words).stdout.partition("Examples:")[0]
        assert max(map(len, before_examples.splitlines())) <= 40


def test_the_folder_is_still_there(bot: Bot):
    """Nothing that was named so wrote outside of it."""
    assert {path.name for path in Path(bot.folder).iterdir()} >= {"config.env", "saved.json", "out"}
