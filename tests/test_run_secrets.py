"""No configured secret is in anything that a whole faulty run leaves behind: collecting, rendering, delivering, alerts."""

from __future__ import annotations

from pathlib import Path

from bot import Bot
from servers import Fault, SlackServer, SmtpServer, free_port
from test_main_job import AT, MORNING_NEWS

PASSWORD, PING = "battery-staple", "0a1b2c3d-ping-uuid"


def test_a_whole_faulty_run_shows_no_secret(tmp_path: Path):
    """Broken feed, template, Slack, login and monitor: every line, database and file is free of secrets."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "email.html").write_text("{{ nothing.there }}", encoding="utf-8")
    bot = Bot(tmp_path)
    with SlackServer() as slack, SmtpServer(extensions=("AUTH PLAIN",)) as smtp:
        smtp.fail("EHLO", f"250-loopback\r\n250 AUTH {PASSWORD}")
        slack.fail("chat.postMessage", Fault(status=500), Fault(drop="after"), Fault(error="missing_scope"))
        (tmp_path / "token").write_text(slack.token, encoding="utf-8")
        bot.configure(
            FEEDS__HARBOUR="./saved.xml",
            FEEDS__BROKEN=f"http://127.0.0.1:{free_port()}/feed",
            TOPICS__CHIPS="foundry",
            TEMPLATES="own",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
            DIGESTS__MORNING__TO="slack:#chips, slack:#gone, mailto:a@example.com, file:./out",
            SLACK__API_URL=slack.url,
            SLACK__TOKEN_FILE="token",
            SLACK__TIMEOUT="1s",
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__USERNAME="u",
            SMTP__PASSWORD=PASSWORD,
            SMTP__FROM="n@example.com",
            ALERTS__TO="slack:#markets, file:./ops",
            ALERTS__PING_URL=f"http://127.0.0.1:{free_port()}/{PING}",
            LOG="json",
        )
        done = [bot(*words) for words in (("check",), ("run", "--at", AT, "--patience", "5"), ("status", "--json"))]
        secrets = (slack.token, PASSWORD, PING)
    assert done[1].returncode == 1, done[1].stderr
    shown = [text for each in done for text in (each.stdout, each.stderr)]
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in ("config.env", "token")]
    assert any(path.name == "digestbot.sqlite3" for path in kept)
    assert any(path.name == "digest.html" for path in kept)
    shown += [path.read_bytes().decode("latin-1") for path in kept]
    for secret in secrets:
        assert not [text[:200] for text in shown if secret in text]
