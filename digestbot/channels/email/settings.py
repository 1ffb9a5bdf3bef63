"""The settings of email: DIGESTBOT_SMTP__..."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from ...text.setting_values import Duration, Port, SecretFile, SettingsGroup, Switch, from_text, wrong
from ...text.web_addresses import is_on_this_machine
from .address import is_address


def _sender(text: str) -> str:
    """`name@example.com`, or `Morning digest <name@example.com>`."""
    if not is_address(parseaddr(text)[1]):
        fix = "write name@example.com, or Morning digest <name@example.com>"
        raise wrong("is not a sender", fix)
    return text.strip()


def _dkim_selector(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", text.strip()):
        raise wrong("cannot stand before ._domainkey", "write letters, digits and dashes, as in news2026")
    return text.strip()


class SmtpSettings(SettingsGroup):
    """The server that takes our mail."""

    host: str = ""
    port: Port | None = None
    username: str = ""
    password: SecretStr | None = None
    password_file: SecretFile | None = None
    sender: Annotated[str, from_text(_sender)] = Field(default="", alias="from")
    security: Literal["starttls", "tls", "none"] = "starttls"
    plain_login: Switch = False
    ca_file: Path | None = None
    timeout: Duration = timedelta(seconds=30)
    on_unknown: Literal["resend", "hold"] = "resend"
    dkim_selector: Annotated[str, from_text(_dkim_selector)] = ""
    dkim_domain: str = ""
    dkim_key: SecretStr | None = None
    dkim_key_file: SecretFile | None = None

    @property
    def effective_port(self) -> int:
        """The port, or the usual one for this security (RFC 8314: 465 for TLS, 587 for STARTTLS)."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security]

    @model_validator(mode="after")
    def _password_goes_encrypted(self) -> SmtpSettings:
        encrypted = self.security != "none" or is_on_this_machine(self.host)
        if self.username and not encrypted and not self.plain_login:
            fix = "set SECURITY=starttls or tls, drop USERNAME, or set PLAIN_LOGIN=yes where nobody listens on the way"
            raise wrong("would send the password in the clear", fix, setting="SECURITY")
        return self
