"""The settings of lists of readers: DIGESTBOT_LISTS__NAME__..."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Final, Literal

from pydantic import Field

from ..text.mail_addresses import AddressError, mail_key
from ..text.setting_values import SettingsGroup, Switch, from_text, wrong
from .values import parse_days

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _mailbox(text: str) -> str:
    fix = "write name@example.com, or Morning briefing <name@example.com>"
    try:
        mail_key(parseaddr(text)[1])
    except AddressError as error:
        raise wrong(f"is no mailbox: the address {error}", fix) from None
    return text.strip()


def _weekday(text: str) -> str:
    days = parse_days(text)
    if len(days) != 1:
        raise wrong("names more than one day", "write one weekday, as in sat")
    return WEEKDAYS[min(days)]


Mailbox = Annotated[str, from_text(_mailbox)]
Weekday = Annotated[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from_text(_weekday)]


class ListSettings(SettingsGroup):
    """One list of readers: `TO=list:NAME`."""

    title: str = ""
    public: Switch = False
    sender: Mailbox = Field(default="", alias="from")
    reply_to: Mailbox = ""
    weekly: Weekday | None = None
