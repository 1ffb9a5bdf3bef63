"""Accounts as they are configured: rates as people write them, what is wrong with an account, and the connections that come of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digestbot.app.channels import channel_problems, channels, mail_accounts
from digestbot.errors import ConfigErrors
from digestbot.model import Account
from digestbot.ports import PacedChannel
from digestbot.settings import Loaded, load

MAIL = "DIGESTBOT_SMTP__HOST=127.0.0.1\nDIGESTBOT_SMTP__SECURITY=none\nDIGESTBOT_SMTP__FROM=desk@example.com\n"


def loaded(folder: Path, *lines: str) -> Loaded:
    (folder / "config.env").write_text(MAIL + "".join(f"DIGESTBOT_{line}\n" for line in lines), encoding="utf-8")
    return load(folder / "config.env", {}, folder=folder)


@pytest.mark.parametrize(
    ("text", "a_second"), [("14/s", 14.0), ("600/min", 10.0), ("1800 / h", 0.5), ("86400/d", 1.0), ("0.5/s", 0.5)]
)
def test_a_rate_is_mails_and_a_unit(tmp_path: Path, text: str, a_second: float):
    """Second, minute, hour or day."""
    [account] = mail_accounts(loaded(tmp_path, f"SMTP__RATE={text}"))
    assert account == Account(name="default", rate=a_second)


@pytest.mark.parametrize("text", ["14", "0/s", "-1/s", "14/week", "fast", "1e9/s", "/s"])
def test_anything_else_is_none(tmp_path: Path, text: str):
    """Without a unit nobody knows what was meant."""
    with pytest.raises(ConfigErrors, match="is not a rate"):
        loaded(tmp_path, f"SMTP__RATE={text}")


def test_each_connection_is_a_lane_of_its_account(tmp_path: Path):
    """Four of the account without a name, one of the other, with what each may send."""
    settings = loaded(
        tmp_path,
        "SMTP__CONNECTIONS=4",
        "SMTP__RATE=14/s",
        "SMTP_ACCOUNTS__SPARE__HOST=127.0.0.1",
        "SMTP_ACCOUNTS__SPARE__WEIGHT=2",
        "SMTP_ACCOUNTS__SPARE__WARM_UP=500",
    )
    default, spare = Account(name="default", rate=14.0), Account(name="spare", weight=2, warm_up=500)
    channel = channels(settings)["mailto"]

    assert mail_accounts(settings) == (default, spare)
    assert isinstance(channel, PacedChannel)
    assert [lane.account for lane in channel.lanes] == [default] * 4 + [spare]
    assert len({id(lane.channel) for lane in channel.lanes}) == 5


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (("SMTP_ACCOUNTS__DEFAULT__HOST=127.0.0.1",), "DIGESTBOT_SMTP_ACCOUNTS__DEFAULT__HOST"),
        (("SMTP_ACCOUNTS__SPARE__RATE=1/s",), "DIGESTBOT_SMTP_ACCOUNTS__SPARE__HOST"),
        (
            ("SMTP_ACCOUNTS__SPARE__HOST=127.0.0.1", "SMTP_ACCOUNTS__SPARE__USERNAME=desk"),
            "DIGESTBOT_SMTP_ACCOUNTS__SPARE__PASSWORD",
        ),
    ],
    ids=["the name of the first", "no server", "no password"],
)
def test_what_is_wrong_with_an_account_is_named(tmp_path: Path, lines: tuple[str, ...], key: str):
    """By the setting that has to be written."""
    [problem] = channel_problems(loaded(tmp_path, *lines), {})["mailto"]
    assert problem.key == key


def test_the_password_of_an_account_goes_encrypted(tmp_path: Path):
    """As that of the account without a name."""
    with pytest.raises(ConfigErrors, match="in the clear"):
        loaded(
            tmp_path,
            "SMTP_ACCOUNTS__SPARE__HOST=mail.example.net",
            "SMTP_ACCOUNTS__SPARE__USERNAME=desk",
            "SMTP_ACCOUNTS__SPARE__PASSWORD=word",
            "SMTP_ACCOUNTS__SPARE__SECURITY=none",
        )
