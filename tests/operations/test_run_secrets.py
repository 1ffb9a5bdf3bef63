"""No configured secret is in anything that a whole faulty run leaves behind: collecting, rendering, delivering, alerts."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from urllib.parse import quote

import pytest
from bot import Bot
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from newsroom import AT, MORNING_NEWS
from servers.ports import free_port
from servers.slack import Fault, SlackServer
from servers.smtp import SmtpServer

from digestbot.app import channels
from digestbot.edition import pipeline
from digestbot.edition.context import DigestSpec
from digestbot.operations.heartbeat import heartbeat
from digestbot.operations.logs import Redacted
from digestbot.settings import load

PASSWORD, PING = "battery/staple", "0a1b2c3d-ping-uuid"
HOOK = "hooks.slack.example/services/T0/B0/n0t-a-real-hook"


def private_key() -> str:
    """In PEM; each of its lines is a secret."""
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return rsa.generate_private_key(65537, 1024).private_bytes(serialization.Encoding.PEM, kind, plain).decode()


def in_every_form(secret: str) -> set[str]:
    """As it is, as an address or JSON holds it, and as it goes over the wire."""
    raw = secret.encode()
    return {secret, quote(secret, safe=""), base64.b64encode(raw).decode(), base64.b64encode(b"\0u\0" + raw).decode()}


def test_a_whole_faulty_run_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Broken feed, template, Slack, login, monitor and code: every line, repr, database and file is free of secrets."""
    caplog.set_level(logging.DEBUG)
    key = private_key()
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "email.html").write_text("{{ nothing.there }}", encoding="utf-8")
    (tmp_path / "dkim.pem").write_text(key, encoding="utf-8")
    bot, make = Bot(tmp_path), pipeline.compose

    def broken(spec: DigestSpec, *args: object, **fields: object) -> object:
        if spec.name == "bad":
            logging.getLogger("digestbot.own").warning("they are %s and %s", PASSWORD, key)
            raise ValueError(f"{SlackServer.token}\n{PASSWORD}\n{PING}\n{key}")
        return make(spec, *args, **fields)  # type: ignore[arg-type]

    with SlackServer() as slack, SmtpServer(extensions=("AUTH PLAIN",)) as smtp:
        smtp.fail("EHLO", f"250-loopback\r\n250 AUTH {PASSWORD}")
        smtp.fail("", f"535 5.7.8 {PASSWORD} is wrong", "235 welcome")  # type: ignore[arg-type] -- the answers to AUTH
        echo = Fault(error="invalid_blocks", extra={"errors": [f"{slack.token} sent bad blocks"]})
        slack.fail("chat.postMessage", Fault(status=500), Fault(drop="after"), Fault(error=slack.token), *[echo] * 4)
        (tmp_path / "token").write_text(slack.token, encoding="utf-8")
        hook = slack.hook.rpartition("/")[2]
        (tmp_path / "hook").write_text(f"{slack.webhook}?{HOOK}", encoding="utf-8")
        slack.fail("webhook", Fault(status=404, body=hook), Fault(drop="after"), Fault(body=hook))
        bot.configure(
            FEEDS__HARBOUR="./saved.xml",
            FEEDS__BROKEN=f"http://127.0.0.1:{free_port()}/feed",
            TOPICS__CHIPS="foundry",
            TEMPLATES="own",
            DIGESTS__BAD__TO="file:./out",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
            DIGESTS__MORNING__TO="slack:#chips, slack:#gone, slack:#markets, mailto:a@example.com, file:./out, "
            "slack-webhook:desk, slack-webhook:ops",
            SLACK__API_URL=slack.url,
            SLACK__TOKEN_FILE="token",
            SLACK__TIMEOUT="1s",
            SLACK_WEBHOOKS__DESK=slack.webhook,
            SLACK_WEBHOOKS__OPS_FILE="hook",
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__USERNAME="u",
            SMTP__PASSWORD=PASSWORD,
            SMTP__FROM="n@example.com",
            SMTP__DKIM_SELECTOR="s1",
            SMTP__DKIM_KEY_FILE="dkim.pem",
            ALERTS__TO="slack:#markets, slack-webhook:ops, file:./ops",
            ALERTS__PING_URL=f"http://127.0.0.1:{free_port()}/{PING}",
        )
        monkeypatch.setattr(pipeline, "compose", broken)
        run = ("run", "--at", AT, "--max-wait", "3")
        done = [bot(*words) for words in (("check",), run)]
        bot.configure(LOG="json")
        done += [bot(*words) for words in (run, ("resend",), ("status",), ("status", "--json"))]
        loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
        reprs = [repr(loaded), repr(channels.channels(loaded)), repr(heartbeat(loaded)), str(loaded.settings)]
        bot.configure(DIGESTS__MORNING__TO=f"https://{HOOK}", SLACK__TOKEN=f"https://{HOOK}")
        done.append(bot("run"))
        secrets = [
            slack.token,
            slack.hook,
            hook,
            PASSWORD,
            PING,
            HOOK,
            *(line for line in key.splitlines() if "-----" not in line),
        ]

    assert [each.returncode for each in done] == [1, 1, 1, 0, 0, 0, 2], [each.stdout + each.stderr for each in done]
    assert smtp.messages, "the second run signs in and signs"
    assert slack.posts("webhook") > 2, "both webhooks were tried, by digest and alert"
    assert b"DKIM-Signature" in smtp.messages[0].data
    assert "Traceback" in done[1].stderr
    kept = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and path.name not in ("config.env", "token", "hook", "dkim.pem")
    ]
    assert {"digestbot.sqlite3", "digest.html", "digest.json"} <= {path.name for path in kept}
    assert any("ops" in path.parts for path in kept)
    shown = [text for each in done for text in (each.stdout, each.stderr)] + reprs
    shown += [path.read_bytes().decode("latin-1") for path in kept]
    shown += [record.getMessage() for record in caplog.records if record.name != "digestbot.own"]
    shown += [mail.data.decode("latin-1") for mail in smtp.messages] + [repr(slack.messages)]
    for secret in secrets:
        for form in in_every_form(secret):
            assert not [text[:200] for text in shown if form in text], "a secret is shown"


def test_what_gives_a_secret_away_alone_is_kept_out_of_the_log():
    """A line of a key, the password of an address, the long word of a monitor's; not the name of a file."""
    secrets = ["postgresql://desk:p%40ss-word@db.example/news", f"https://hc.example/ping/{PING}",
               "-----BEGIN PRIVATE KEY-----\nMIIB0123456789\n-----END PRIVATE KEY-----", "sqlite:////srv/a-long-folder-name/x.db"]  # fmt: skip
    line = f"p%40ss-word p@ss-word /ping/{PING}/start MIIB0123456789 -----BEGIN PRIVATE KEY----- a-long-folder-name"
    record = logging.LogRecord("digestbot", logging.INFO, "", 0, line, None, None)
    assert Redacted(secrets).format(record).split(" ", 2)[2] == (
        "*** *** /ping/***/start *** -----BEGIN PRIVATE KEY----- a-long-folder-name"
    )


def test_a_log_line_is_one_line():
    """Also where a library writes several, and a secret of several lines is not found in pieces."""
    line = "connection failed\n\tIs the key A1\nB2\nC3 right?"
    record = logging.LogRecord("psycopg.pool", logging.WARNING, "", 0, line, None, None)
    assert Redacted(["A1\nB2\nC3"]).format(record).endswith("WARNING connection failed Is the key *** right?")
