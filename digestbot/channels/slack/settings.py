"""The settings of Slack: DIGESTBOT_SLACK__... and DIGESTBOT_SLACK_WEBHOOKS__NAME."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, ValidationInfo, model_validator

from ...text.setting_values import (
    Duration,
    SecretFile,
    SettingsGroup,
    Switch,
    WebAddress,
    check_secret_address,
    from_text,
    parse_secret_file,
    refuse_plain_http,
    secret_for_a_file,
    wrong,
)

WEBHOOKS = "DIGESTBOT_SLACK_WEBHOOKS"
_AS_SHOWN = "write it as Slack shows it: https://hooks.slack.com/services/..."


def _token(text: SecretStr) -> SecretStr:
    if re.match(r"https?:", text.get_secret_value()):
        fix = f"write the bot's token (xoxb-...); a webhook's address belongs in {WEBHOOKS}__NAME"
        raise wrong("is a web address, not a token", fix)
    return text


def _token_file(text: str) -> Path:
    if re.match(r"xox[a-z]-", text.strip()):  # a token, so it is not repeated
        raise secret_for_a_file()
    return parse_secret_file(text)


def _webhook(text: SecretStr, info: ValidationInfo) -> SecretStr:
    # A secret that was read from a file is checked alone, and gets its group as the context.
    plain = bool((info.data or info.context or {}).get("plain_http"))
    check_secret_address(text, _AS_SHOWN, plain=plain, switch=f"{WEBHOOKS}__NAME__PLAIN_HTTP")
    address = urlsplit(text.get_secret_value())
    # Every webhook has a path, and none has a user name: what looks otherwise was copied wrong.
    if address.username is not None or address.path in ("", "/"):
        raise wrong("is not the address of a webhook", _AS_SHOWN)
    return text


class SlackSettings(SettingsGroup):
    """The bot that posts. `timeout` and `on_unknown` hold for incoming webhooks, too."""

    only_for: ClassVar[Mapping[str, str]] = dict.fromkeys(("TOKEN", "TOKEN_FILE", "API_URL", "PLAIN_HTTP"), "slack")

    token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    token_file: Annotated[Path, from_text(_token_file)] | None = None
    api_url: WebAddress = "https://slack.com/api/"
    timeout: Duration = timedelta(seconds=15)
    on_unknown: Literal["resend", "hold"] = "hold"
    plain_http: Switch = False

    @model_validator(mode="after")
    def _token_goes_encrypted(self) -> SlackSettings:
        if (self.token or self.token_file) and not self.plain_http:
            refuse_plain_http(self.api_url, setting="API_URL", switch="DIGESTBOT_SLACK__PLAIN_HTTP")
        return self


class WebhookSettings(SettingsGroup):
    """One incoming webhook: an address that posts to a channel, or the file that holds it."""

    bare: ClassVar[str] = "address"

    plain_http: Switch = False
    address: Annotated[SecretStr, AfterValidator(_webhook)] | None = None
    address_file: SecretFile | None = None
