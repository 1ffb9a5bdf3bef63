"""Two texts for each failure: readers learn what is wrong in plain words, the operator everything that helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot import Bot
from hypothesis import given
from hypothesis import strategies as st
from newsroom import AT, MORNING_NEWS
from servers.ports import free_port
from servers.web import Reply, WebServer

from digestbot.collect.feed_decisions import status_reason
from digestbot.collect.foreign_errors import CAUSES, FETCHING, PARSING, READING_FILES
from digestbot.collect.reader_reasons import SENTENCES, for_readers

HINT = b'<html><head><link rel="alternate" type="application/rss+xml" href="http://127.0.0.1:1/%d"></head></html>'


@given(st.text(max_size=80) | st.from_regex(r"(no such file|refused|not a feed|timed out).{0,60}"))
def test_readers_get_a_sentence_of_a_closed_list(reason: str) -> None:
    """Whatever the operator's reason: nothing of it can reach them, and no sentence speaks of a setting or a path."""
    assert for_readers(reason) in SENTENCES
    assert not [one for one in SENTENCES if any(sign in one for sign in ("DIGESTBOT", "_", "/", "{", ":"))]


@pytest.mark.parametrize("row", [*CAUSES, *FETCHING, *READING_FILES, *PARSING[1:]], ids=lambda row: row[1][:30])
def test_known_failures_are_told_apart(row: tuple[object, str]) -> None:
    """Only what went wrong inside digestbot itself is told as no more than that the feed could not be read."""
    inside = "parser crashed" in row[1] or row[1].startswith("broken feed: its compressed")
    assert inside or for_readers(row[1]) != "could not be read"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 429, 500, 503])
def test_every_status_has_a_sentence(status: int) -> None:
    """As plain as the operator's."""
    assert for_readers(status_reason(status)) != "could not be read"


def test_the_foot_of_a_digest_tells_nothing_about_the_server(tmp_path: Path) -> None:
    """Paths, internal addresses, settings and a page's suggestions are for check, status and log alone."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    bot = Bot(tmp_path)
    with WebServer() as web:
        page = web.serve("/page", b"<html></html>" + HINT % 1 + HINT % 2, content_type="text/html")
        moved = web.serve("/moved", Reply(status=302, headers={"Location": "file:///etc/passwd"}))
        bot.configure(
            FEEDS__GOOD="./saved.xml",
            FEEDS__MISSING="./inner-folder/missing.xml",
            FEEDS__PAGE=page,
            FEEDS__MOVED=moved,
            FEEDS__CLOSED=f"http://127.0.0.1:{free_port()}/feed",
            FEEDS__INNER="http://10.11.12.13/feed",
            FETCH__ALLOW_PRIVATE="127.0.0.0/8",
            TOPICS__CHIPS="foundry",
            DIGESTS__MORNING__TO="file:./out",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        )
        assert bot("run", "--at", AT).returncode == 0
        checked = bot("check").stdout
    told = "".join(path.read_text() for path in (tmp_path / "out").rglob("digest.*"))
    told += "".join(path.read_text() for path in (tmp_path / "out").rglob("slack.json"))
    reasons = {failure["source"]: failure["reason"] for failure in bot.digest("2026-05-27")["failures"]}
    assert reasons == {
        "missing": "its file cannot be read",
        "page": "not a feed",
        "moved": "its address cannot be asked",
        "closed": "its server cannot be reached",
        "inner": "its address cannot be asked",
    }
    secrets = ("inner-folder", str(tmp_path), "127.0.0.1", "10.11.12.13", "DIGESTBOT_", "did you mean", "etc/passwd")
    assert not [secret for secret in secrets if secret in told]
    for known in (
        "inner-folder/missing.xml",
        "10.11.12.13",
        "DIGESTBOT_FETCH__ALLOW_PRIVATE",
        "did you mean http://127.0.0.1:1/1",
    ):
        assert known in checked
