"""The settings of lists and of what their readers' links lead to: DIGESTBOT_LISTS__NAME__..., DIGESTBOT_WEB__..."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from ..text.mail_addresses import AddressError, mail_key
from ..text.setting_values import SecretFile, SettingsGroup, Switch, from_text, wrong
from ..text.web_addresses import is_on_this_machine
from .values import parse_days

_LEAST_KEY: Final = 32  # characters; `openssl rand -base64 32` gives 44
_MOST_KEYS: Final = 2  # of today, and of before
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    return _DAYS[min(days)]


def _key(text: SecretStr) -> SecretStr:
    words = text.get_secret_value().split()
    fix = "make one with: openssl rand -base64 32"
    if not words or min(map(len, words)) < _LEAST_KEY:
        raise wrong(f"is too short to be safe: {_LEAST_KEY} characters are the least", fix)
    if len(words) > _MOST_KEYS:
        raise wrong("holds more than two keys", "write the new one, a blank, and the one before it")
    return text


def _site(text: str) -> str:
    """`https://digest.example.com/news`, without a slash at its end."""
    found = urlsplit(text.strip())
    here = is_on_this_machine(found.hostname or "")
    if found.scheme not in ("https", "http") or not found.hostname or found.query or found.fragment:
        raise wrong("is not the address of a site", "write https://digest.example.com")
    if found.scheme == "http" and not here:
        raise wrong("would send readers' tokens in the clear", "write https://")
    return text.strip().rstrip("/")


Mailbox = Annotated[str, from_text(_mailbox)]
Weekday = Annotated[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from_text(_weekday)]
Key = Annotated[SecretStr, AfterValidator(_key)]


class ListSettings(SettingsGroup):
    """One list of readers: `TO=list:NAME`."""

    title: str = ""
    public: Switch = False
    sender: Mailbox = Field(default="", alias="from")
    reply_to: Mailbox = ""
    weekly: Weekday | None = None


class WebSettings(SettingsGroup):
    """Where links in mails lead to, and what they are made with."""

    url: Annotated[str, from_text(_site)] = ""
    key: Key | None = None
    key_file: SecretFile | None = None
