"""Providers' calls as they arrive: kept before they are answered, refused where nothing proves them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from bot import Bot
from running_site import NOON, RunningSite, running

from digestbot.errors import StoreUnavailable
from digestbot.model import ReturnKind

KEY = "mailgun-signing-key"
LOGIN = {"Authorization": "Basic " + base64.b64encode(b"post:secret").decode()}
BOUNCE = json.dumps(
    {"RecordType": "Bounce", "Type": "HardBounce", "ID": 7, "Email": "ann@example.com", "BouncedAt": NOON.isoformat()}
)


def mailgun(token: str = "t" * 50, key: str = KEY) -> str:
    timestamp = str(int(NOON.timestamp()))
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {"event": "failed", "severity": "permanent", "recipient": "ann@example.com", "timestamp": NOON.timestamp(),
             "delivery-status": {"code": 550, "message": "5.1.1 no such user"}, "reason": "bounce"}  # fmt: skip
    return json.dumps(
        {"signature": {"timestamp": timestamp, "token": token, "signature": signature}, "event-data": event}
    )


@pytest.fixture
def called(tmp_path: Path):
    """A site that Postmark and Mailgun call."""
    given = {
        "MAIL_PROVIDERS__POSTMARK_USERNAME": "post",
        "MAIL_PROVIDERS__POSTMARK_PASSWORD": "secret",
        "MAIL_PROVIDERS__MAILGUN_KEY": KEY,
    }
    with running(tmp_path, **given) as site:
        yield site


def kept(site: RunningSite) -> list[ReturnKind]:
    return [one.kind for one in site.store.returned.of_address("ann@example.com")]


def test_what_a_call_says_is_kept_and_said_again_once(called: RunningSite):
    """A replayed call has the same events, which are there already."""
    for _ in range(2):
        assert called.ask("POST", "/hooks/postmark", BOUNCE, **LOGIN).status == 200
    assert called.ask("POST", "/hooks/mailgun", mailgun()).status == 200
    assert kept(called) == [ReturnKind.HARD, ReturnKind.HARD]


@pytest.mark.parametrize("login", [{}, {"Authorization": "Basic cG9zdDp3cm9uZw=="}, {"Authorization": "Bearer secret"}])
def test_a_forged_call_of_postmark_is_refused(called: RunningSite, login: dict[str, str]):
    """Without its password nothing is kept."""
    assert called.ask("POST", "/hooks/postmark", BOUNCE, **login).status == 401
    assert kept(called) == []


def test_a_forged_call_of_mailgun_is_refused(called: RunningSite):
    """Signed by another key, or for another time."""
    assert called.ask("POST", "/hooks/mailgun", mailgun(key="another")).status == 403
    called.later(days=2)
    assert called.ask("POST", "/hooks/mailgun", mailgun()).status == 403
    assert kept(called) == []


def test_a_provider_whose_proof_is_not_set_is_not_answered(called: RunningSite):
    """Nor one that we do not know; and nobody calls by GET."""
    for name in ("ses", "sendgrid", "nobody"):
        assert called.ask("POST", f"/hooks/{name}", BOUNCE, **LOGIN).status == 404
    assert called.get("/hooks/postmark", **LOGIN).status == 405


def test_a_call_that_could_not_be_kept_is_said_again(called: RunningSite, monkeypatch: pytest.MonkeyPatch):
    """The database is away: no 200, so that the provider tries again; then it is kept."""

    def away(*_said: object, **_named: object) -> int:
        raise StoreUnavailable("the database cannot be reached")

    with monkeypatch.context() as patch:
        patch.setattr(type(called.store.returned), "keep", away)
        assert called.ask("POST", "/hooks/postmark", BOUNCE, **LOGIN).status == 503
    assert called.ask("POST", "/hooks/postmark", BOUNCE, **LOGIN).status == 200
    assert kept(called) == [ReturnKind.HARD]


def test_half_a_login_is_told_before_it_is_used(tmp_path: Path):
    """An empty password would let everybody in."""
    bot = Bot(tmp_path)
    bot.configure(MAIL_PROVIDERS__POSTMARK_USERNAME="post")
    done = bot("check")
    assert done.returncode == 2
    assert "MAIL_PROVIDERS__POSTMARK_PASSWORD" in done.stdout
