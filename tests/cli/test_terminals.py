"""What a terminal gets: no colours where none are wanted, no line broken for a narrow one, nothing that a feed could command it with."""

import json
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from hypothesis import given
from hypothesis import strategies as st
from newsroom import AT

from digestbot.cli import shell

EVIL = "\x1b]0;owned\x07\x1b[31mRed\x1b[0m \u202etxet\u2069 \x9b2J title"
ANY = st.text(st.characters(codec="utf-8"))


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    made = desk_of_one_feed(tmp_path)
    feed = tmp_path / "saved.xml"
    # No escape may stand in XML; in JSON it may.
    items = [
        {"id": "1", "title": f"Foundry {EVIL}", "content_text": EVIL, "date_published": "2026-05-27T08:00:00+08:00"}
    ]
    feed.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": EVIL, "items": items}))
    return made


@pytest.mark.parametrize(
    "words",
    [
        ("preview", "--at", AT),
        ("preview", "--at", AT, "--json"),
        ("preview", "--at", AT, "--format", "markdown"),
        ("run", "--at", AT),
        ("status", "--feeds"),
        ("check",),
        ("topics", "test", "foundry", "--at", AT),
        ("explain", "1"),
        ("feeds", "list"),
        ("feeds", "try", "saved.xml"),
    ],
    ids=" ".join,
)
def test_no_command_hands_on_what_commands_a_terminal(bot: Bot, words: tuple[str, ...]):
    """Neither escapes nor what turns the direction of text, in output and in what is told beside it."""
    bot(*(("run", "--at", AT) if words[0] == "explain" else ("collect",)))
    done = bot(*words)
    for sign in ("\x1b", "\x9b", "\x07", "\u202e"):
        assert sign not in done.stdout + done.stderr
    assert words[0] in ("run", "status", "check", "feeds") or "Foundry" in done.stdout


@given(ANY)
def test_no_line_of_ours_does(text: str):
    """The law for whatever is printed line by line: nothing is left that moves a cursor or hides text; its words stay."""
    made = shell._harmless(text)
    assert not set(made) & {chr(code) for code in (*range(9), *range(11, 32), *range(127, 160), 0x202E, 0x2066)}
    if text.isascii() and text.isprintable() and "@" not in text and ":" not in text:
        assert made == text


def test_no_colour_means_none(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """NO_COLOR holds where a terminal is there; FORCE_COLOR stands for one."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[3" in bot("check").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in bot("check").stdout


@pytest.mark.parametrize("columns", ["40", "200"])
def test_a_line_is_never_broken_for_a_terminal(bot: Bot, monkeypatch: pytest.MonkeyPatch, columns: str):
    """What programs may read, a path or an address, stays whole however narrow the terminal is."""
    monkeypatch.setattr(
        Bot, "_surroundings", lambda _self, before=Bot._surroundings: before(_self) | {"COLUMNS": columns}
    )
    lines = bot("check").stdout.splitlines()
    assert any(line.endswith("digests: morning") and "config.env" in line for line in lines)


def test_a_width_of_nothing_is_none(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """COLUMNS=0, as some editors and schedulers set it, does not leave the output empty."""
    monkeypatch.setattr(Bot, "_surroundings", lambda _self, before=Bot._surroundings: before(_self) | {"COLUMNS": "0"})
    assert "Morning" in bot("preview", "--at", AT).stdout
