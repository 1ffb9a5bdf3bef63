"""Settings of delivery reach the channels: what to do in doubt, signatures, leases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from delivering import message, recipients

from digestbot.accounts import channels
from digestbot.deliver import plan
from digestbot.errors import Refused
from digestbot.model import Delivery, Recipient
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
    """Slack holds and mail resends unless told otherwise."""
    settings = {"SLACK__ON_AMBIGUOUS": setting, "SMTP__ON_AMBIGUOUS": setting} if setting else {}
    made = channels(loaded(tmp_path, **settings))
    assert made["slack"].resend_is_safe(NOBODY) is slack
    assert made["mailto"].resend_is_safe(NOBODY) is mail


def test_mail_is_signed_with_the_key_named(tmp_path: Path):
    """Selector and key file are enough: the domain is that of FROM; both unsubscribe headers are signed."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (tmp_path / "dkim.pem").write_bytes(pem)
    made = loaded(tmp_path, SMTP__DKIM_SELECTOR="news", SMTP__DKIM_KEY_FILE="dkim.pem")
    [row] = plan(
        message(), recipients("mailto:a@example.com"), channels(made), now=datetime(2026, 5, 27, 4, tzinfo=UTC)
    )
    signature = row.payload.partition(b"\r\nFrom:")[0]
    assert b"d=example.com" in signature
    assert b"s=news" in signature
    assert b"list-unsubscribe" in signature.lower().replace(b"\r\n", b"").replace(b" ", b"")


def test_a_dkim_key_that_is_none_is_found_by_check(tmp_path: Path):
    """The probe tries to sign; what it says does not repeat the key."""
    (tmp_path / "dkim.pem").write_text("a very private word")
    mail = channels(loaded(tmp_path, SMTP__DKIM_SELECTOR="news", SMTP__DKIM_KEY_FILE="dkim.pem"))["mailto"]
    with pytest.raises(Refused, match="DKIM_KEY_FILE") as caught:
        mail.probe()
    assert "private word" not in str(caught.value)
