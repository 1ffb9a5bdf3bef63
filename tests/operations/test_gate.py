"""What feeds, files and servers say reaches terminal, log, JSON and alerts without what fakes or hides."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from bot import Bot
from builders import NOON
from newsroom import AT
from servers.slack import Fault, SlackServer

from digestbot.channels.slack.channel import Slack
from digestbot.errors import PermanentFailure
from digestbot.operations.alerts import _message
from digestbot.operations.logs import JsonLines, Redacted

ESC, C1, OVERRIDE, SEPARATOR = "\x1b]0;owned\x07\x1b[2J", "\x9b31m", "\u202e", "\u2028"
EVIL = f"Evil{ESC}{C1}{OVERRIDE}{SEPARATOR}\u2066\u200fnews"
HARMFUL = "\x1b\x07\x9b\u202e\u2028\u2066\u200f"


def harmless(text: str) -> bool:
    return not any(one in text for one in HARMFUL)


def test_an_opml_file_and_a_feeds_name_print_no_control(tmp_path: Path) -> None:
    """status, feeds list, check and a run, as text and as JSON that still holds the same data."""
    outline = f'<outline type="rss" text="News" xmlUrl="http://127.0.0.1:9/{OVERRIDE}x"/>'
    (tmp_path / "s.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>', encoding="utf-8")
    bot = Bot(tmp_path)
    bot.configure(OPML="s.opml", FEEDS__B=f"./{OVERRIDE}.xml", DIGESTS__MORNING__TO="file:./out")
    done = [bot(*words) for words in (("check",), ("run", "--at", AT), ("feeds", "list"), ("status",))]
    assert all(harmless(each.stdout + each.stderr) for each in done)
    for words in (("feeds", "list", "--json"), ("check", "--json")):
        said = bot(*words).stdout
        assert harmless(said)
        assert "\\u202e" in said
        assert any(OVERRIDE in str(row) or "\\u202e" in str(row) for row in json.loads(said))


def test_log_lines_and_alerts_are_harmless() -> None:
    """Text, JSON, and the message that an operator gets, whose subject is one line."""
    record = logging.LogRecord("digestbot", logging.INFO, "", 0, EVIL, None, None)
    assert harmless(Redacted(()).format(record))
    line = JsonLines(()).format(record)
    assert harmless(line)
    assert json.loads(line)["message"] == "Evil]0;owned[2J31mnews"


@pytest.mark.parametrize("needed", [EVIL, "x" * 5000, "channels:history\nDIGESTBOT=1"])
def test_slacks_words_are_checked(needed: str) -> None:
    """The scope that Slack names is one, or is not repeated; who we are is short and harmless."""
    with SlackServer() as server:
        server.fail("auth.test", Fault(error="missing_scope", extra={"needed": needed}))
        with pytest.raises(PermanentFailure) as caught:
            Slack(server.token, api_url=server.url).check()
        said = str(caught.value)
        assert harmless(said)
        assert len(said) < 300
        assert "chat:write" in said
        body = json.dumps({"ok": True, "user": EVIL, "team": EVIL * 100})
        server.fail("auth.test", Fault(body=body))
        assert harmless(found := Slack(server.token, api_url=server.url).check())
        assert len(found) < 300


def test_an_alert_is_harmless() -> None:
    """Every form of it; a reason of any length is cut."""
    message = _message([f"feed a: {EVIL}{'x' * 9000}"], NOON)
    assert all(harmless(text) for text in (message.subject, message.html, message.text, str(message.slack)))
    assert len(message.text) < 1000
