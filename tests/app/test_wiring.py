"""Settings of delivery reach the channels: what to do in doubt, signatures, leases."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from delivering import Clock, message, planned, work_off
from servers.slack import SlackServer
from servers.smtp import SmtpServer

from digestbot.app import wiring
from digestbot.app.channels import channels
from digestbot.app.storage import working_store
from digestbot.edition.pipeline import run
from digestbot.errors import ConfigErrors
from digestbot.model import Delivery, Recipient
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import Loaded, load

NOBODY = Delivery(
    digest="morning", edition=message().digest.edition, recipient=Recipient(channel="slack", address="#a")
)


def loaded(folder: Path, **settings: str) -> Loaded:
    given = {
        "FEEDS__A": "./a.xml",
        "DIGESTS__MORNING__TO": "slack:#chips, mailto:a@example.com",
        "SLACK__TOKEN": "xoxb-1-not-real",
        "SMTP__HOST": "127.0.0.1",
        "SMTP__FROM": "Desk <news@example.com>",
    } | settings
    return load(None, {f"DIGESTBOT_{key}": value for key, value in given.items()}, folder=folder)


@pytest.mark.parametrize(
    ("setting", "slack", "mail"), [("", False, True), ("resend", True, True), ("hold", False, False)]
)
def test_what_happens_in_doubt_is_set_for_each_channel(tmp_path: Path, setting: str, slack: bool, mail: bool):
    """Slack holds, by token and webhook alike, and mail resends unless told otherwise."""
    settings = {"SLACK__ON_UNKNOWN": setting, "SMTP__ON_UNKNOWN": setting} if setting else {}
    made = channels(loaded(tmp_path, **settings, SLACK_WEBHOOKS__DESK="https://hooks.slack.example/services/a/b/c"))
    assert made["slack"].resend_if_unknown(NOBODY) is slack
    assert made["slack-webhook"].resend_if_unknown(NOBODY) is slack
    assert made["mailto"].resend_if_unknown(NOBODY) is mail


def test_mail_is_signed_with_the_key_named(tmp_path: Path):
    """Selector and key file are enough: the domain is that of FROM; both unsubscribe headers are signed."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (tmp_path / "dkim.pem").write_bytes(pem)
    with SmtpServer() as server:
        made = loaded(
            tmp_path,
            SMTP__DKIM_SELECTOR="news",
            SMTP__DKIM_KEY_FILE="dkim.pem",
            SMTP__PORT=str(server.port),
            SMTP__SECURITY="none",
        )
        clock = Clock()
        mail = channels(made)["mailto"]
        assert work_off(planned(mail, "mailto:a@example.com", clock=clock), mail, clock).ok
    signature = server.messages[0].data.partition(b"\r\nFrom:")[0]
    assert b"d=example.com" in signature
    assert b"s=news" in signature
    assert b"list-unsubscribe" in signature.lower().replace(b"\r\n", b"").replace(b" ", b"")


@pytest.mark.parametrize(("window", "max_age", "days"), [("5d", "3d", 5), ("1d", "3d", 3)])
def test_max_age_is_never_below_the_window(tmp_path: Path, window: str, max_age: str, days: int):
    """A window of five days would be cut to three by the usual MAX_AGE: the longer one counts."""
    made = loaded(tmp_path, DIGESTS__MORNING__WINDOW=window, DIGESTS__MORNING__MAX_AGE=max_age)
    (spec,) = wiring.digest_specs(made)

    assert spec.max_age == timedelta(days=days)


def keys_that_are_none() -> dict[str, str]:
    """Everything that people put in the place of an RSA private key."""
    rsa_key, pem = rsa.generate_private_key(65537, 1024), serialization.Encoding.PEM
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    whole = rsa_key.private_bytes(pem, kind, plain).decode()
    public = rsa_key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "words": "a very private word",
        "public": public.decode(),
        "elliptic": ec.generate_private_key(ec.SECP256R1()).private_bytes(pem, kind, plain).decode(),
        "encrypted": rsa_key.private_bytes(pem, kind, serialization.BestAvailableEncryption(b"x")).decode(),
        "cut off": whole[:300],
        "not base64": "-----BEGIN PRIVATE KEY-----\n!!a\n-----END PRIVATE KEY-----\n",
    }


@pytest.mark.parametrize("command", [("run",), ("check",), ("serve",)], ids=lambda words: words[0])
def test_a_bad_dkim_key_is_an_error_of_the_configuration(tmp_path: Path, command: tuple[str, ...]):
    """Before anything is read, sent or kept: the setting, its line, what is wrong, the mend; 2; never the key."""
    (tmp_path / "a.xml").write_text("<rss version='2.0'><channel><title>A</title></channel></rss>")
    bot = Bot(tmp_path)
    with SmtpServer() as smtp:
        bot.configure(
            FEEDS__A="./a.xml",
            DIGESTS__MORNING__TO="mailto:a@example.com, file:./out",
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__FROM="Desk <news@example.com>",
            SMTP__DKIM_SELECTOR="news",
            SMTP__DKIM_KEY_FILE="dkim.pem",
        )
        keys = keys_that_are_none()
        for what, key in keys.items() if command == ("run",) else [("words", keys["words"])]:
            (tmp_path / "dkim.pem").write_text(key)
            done = bot(*command)
            said = done.stdout + done.stderr
            assert done.returncode == 2, (what, said)
            assert "DIGESTBOT_SMTP__DKIM_KEY_FILE (line 8): the DKIM key is not an RSA private key in PEM" in said
            assert "openssl genrsa -out dkim.pem 2048" in said
            assert "Traceback" not in said
            assert not [line for line in key.splitlines() if line in said], what
        assert smtp.connections == 0
    assert not bot.data.exists()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("SMTP__FROM", "news@-bad-.example", "no valid domain"),
        ("SMTP__DKIM_DOMAIN", "-bad-.example", "no valid domain"),
        ("SMTP__DKIM_SELECTOR", "two words", "cannot stand before ._domainkey"),
    ],
)
def test_a_sender_or_signature_that_cannot_be_is_told_with_its_setting(
    tmp_path: Path, key: str, value: str, reason: str
):
    """Not when the first mail is written."""

    def begun() -> None:
        made = loaded(tmp_path, **{key: value})
        wiring.require_deliverable(made, wiring.digest_specs(made))

    with pytest.raises(ConfigErrors) as caught:
        begun()
    [error] = caught.value.errors
    assert error.key == f"DIGESTBOT_{key}"
    assert reason in error.reason


@pytest.mark.parametrize(("to", "key"), [("slack:#ops", "SLACK__TOKEN"), ("mailto:ops@example.com", "SMTP__HOST")])
def test_alerts_need_an_account_too(tmp_path: Path, to: str, key: str):
    """Found before a run, not when there is something to tell."""
    made = loaded(tmp_path, DIGESTS__MORNING__TO="file:./out", ALERTS__TO=to, SLACK__TOKEN="", SMTP__HOST="")
    with pytest.raises(ConfigErrors) as caught:
        wiring.require_deliverable(made, wiring.digest_specs(made))
    assert [error.key for error in caught.value.errors] == [f"DIGESTBOT_{key}"]
    assert "DIGESTBOT_ALERTS__TO names" in caught.value.errors[0].reason


def test_a_run_keeps_the_keys_of_the_first_release(tmp_path: Path):
    """From settings to the ledger: the scheme inside a delivery's key is the one of the first release, `webhook`."""
    (tmp_path / "a.xml").write_text(
        "<rss version='2.0'><channel><title>A</title><item><title>Harbour bridge reopens</title>"
        "<link>https://a.example/1</link><pubDate>Wed, 27 May 2026 03:00:00 GMT</pubDate></item></channel></rss>"
    )
    with SlackServer() as slack:
        settings = {"DIGESTS__MORNING__TO": "slack-webhook:desk", "SLACK_WEBHOOKS__DESK": slack.webhook}
        made = loaded(tmp_path, DIGESTS__MORNING__TIMEZONE="UTC", **settings)
        with working_store(made, tmp_path / "data") as store:
            context = wiring.edition_context(made, store, LoggedProgress(), sending=True)
            [spec] = wiring.digest_specs(made)
            run(spec, context, at=datetime(2026, 5, 27, 7, 30, tzinfo=UTC))
            [row] = store.outbox.all()
            parts = ("morning", "2026-05-27", "webhook", "desk", store.installation_id())
    assert str(row.recipient) == "slack-webhook:desk"
    assert row.key == hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32] + "-0"
