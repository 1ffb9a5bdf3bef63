"""The settings of email: DIGESTBOT_SMTP__..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, SecretStr, model_validator

from ...text.setting_values import Duration, Number, Port, SecretFile, SettingsGroup, Switch, from_text, wrong
from ...text.web_addresses import is_on_this_machine
from .address import is_address, parse_mailbox

# What a return path adds before the @ (subscribers/verp.py), and the 64 octets that it may have (RFC 5321).
LONGEST_BOX: Final = 64 - 43
MOST_CONNECTIONS: Final = 32  # each is a thread
_SECONDS: Final = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
}


def _sender(text: str) -> str:
    """`name@example.com`, or `Morning digest <name@example.com>`."""
    if not is_address(parseaddr(text)[1]):
        fix = "write name@example.com, or Morning digest <name@example.com>"
        raise wrong("is not a sender", fix)
    return text.strip()


def _host(text: str) -> str:
    """The name or number of a machine; not an address on the web, and without a port."""
    host = text.strip()
    if "://" in host:
        raise wrong("is an address on the web, not a mail server", "write its name alone, as in mail.example.com")
    if "@" in host:
        raise wrong("is a mail address, not a mail server", "write its name alone, as in mail.example.com")
    if re.fullmatch(r"[^:\s]+:\d+", host) or re.fullmatch(r"\[.*\]:\d+", host):
        raise wrong("holds a port", "write the name alone, and the port into DIGESTBOT_SMTP__PORT")
    if not re.fullmatch(r"[\w.-]*|\[?[0-9A-Fa-f:.%\w]*\]?", host):
        raise wrong("is not the name of a machine", "write the name of your mail server, as in mail.example.com")
    return host


def _dkim_selector(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", text.strip()):
        raise wrong("cannot stand before ._domainkey", "write letters, digits and dashes, as in news2026")
    return text.strip()


def _box(text: str) -> str:
    """`bounces@example.com`, with room before its @ for what a return path adds."""
    address = parse_mailbox(text)
    local = address.partition("@")[0]
    if not address.isascii():
        raise wrong("is written with letters that a return path cannot have", "write an address in ASCII")
    if len(local) > LONGEST_BOX:
        fix = f"write at most {LONGEST_BOX} characters before the @, as in bounces@example.com"
        raise wrong("leaves no room for what a return path adds before the @", fix)
    return address


def _rate(text: str) -> float:
    """`14/s`, `600/min`, `10000/h`, `50000/d` as mails a second."""
    number, slash, unit = (part.strip() for part in text.partition("/"))
    seconds = _SECONDS.get(unit.lower())
    if not slash or seconds is None or not re.fullmatch(r"\d{1,7}(\.\d+)?", number) or not float(number):
        raise wrong("is not a rate", "write mails and a unit, as in 14/s, 600/min or 10000/h")
    return float(number) / seconds


class AccountSettings(SettingsGroup):
    """An account at a server that takes our mail, and how much it may send."""

    host: Annotated[str, from_text(_host)] = ""
    port: Port | None = None
    username: str = ""
    password: SecretStr | None = None
    password_file: SecretFile | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    plain_login: Switch = False
    ca_file: Path | None = None
    timeout: Duration = timedelta(seconds=30)
    weight: Annotated[Number, Field(ge=1, le=1000)] = 1
    rate: Annotated[float, from_text(_rate)] | None = None
    connections: Annotated[Number, Field(ge=1, le=MOST_CONNECTIONS)] = 1
    warm_up: Annotated[Number, Field(ge=1)] | None = None

    @property
    def effective_port(self) -> int:
        """The port, or the usual one for this security (RFC 8314: 465 for TLS, 587 for STARTTLS)."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security]

    @model_validator(mode="after")
    def _password_goes_encrypted(self) -> Self:
        encrypted = self.security != "none" or is_on_this_machine(self.host)
        if self.username and not encrypted and not self.plain_login:
            fix = "set SECURITY=starttls or tls, drop USERNAME, or set PLAIN_LOGIN=yes where nobody listens on the way"
            raise wrong("would send the password in the clear", fix, setting="SECURITY")
        return self


class SmtpSettings(AccountSettings):
    """The account without a name, and what all mail has in common."""

    sender: Annotated[str, from_text(_sender)] = Field(default="", alias="from")
    on_unknown: Literal["resend", "hold"] = "resend"
    dkim_selector: Annotated[str, from_text(_dkim_selector)] = ""
    dkim_domain: str = ""
    dkim_key: SecretStr | None = None
    dkim_key_file: SecretFile | None = None
    bounces: Annotated[str, from_text(_box)] = ""


def sender_of(settings: Mapping[str, Any]) -> str:
    """Whom mails come from where a list names nobody; empty where no mail server is set."""
    sender: str = settings["smtp"].sender
    return sender


class BounceSettings(SettingsGroup):
    """The mailbox of returned mails: a Maildir, or an account on an IMAP server."""

    maildir: Path | None = None
    host: str = ""
    port: Port | None = None
    username: str = ""
    password: SecretStr | None = None
    password_file: SecretFile | None = None
    folder: str = "INBOX"
    security: Literal["tls", "starttls", "none"] = "tls"
    plain_login: Switch = False
    ca_file: Path | None = None
    timeout: Duration = timedelta(seconds=30)

    @property
    def effective_port(self) -> int:
        """The port, or the usual one for this security (RFC 8314: 993 for TLS)."""
        return self.port or (993 if self.security == "tls" else 143)

    @model_validator(mode="after")
    def _password_goes_encrypted(self) -> BounceSettings:
        encrypted = self.security != "none" or is_on_this_machine(self.host)
        if self.host and not encrypted and not self.plain_login:
            fix = "set SECURITY=tls or starttls, or PLAIN_LOGIN=yes where nobody listens on the way"
            raise wrong("would send the password in the clear", fix, setting="SECURITY")
        return self
