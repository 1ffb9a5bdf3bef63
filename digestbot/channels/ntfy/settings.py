"""The settings of ntfy: DIGESTBOT_NTFY__..."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr, model_validator

from ...text.setting_values import (
    Duration,
    SecretFile,
    SettingsGroup,
    Switch,
    from_text,
    parse_number,
    parse_secret_file,
    refuse_plain_http,
    secret_for_a_file,
    split_list,
    wrong,
)

_PRIORITIES: Final = {"min": 1, "low": 2, "default": 3, "high": 4, "max": 5, "urgent": 5}
_FIX_URL: Final = "write the server alone, as in https://ntfy.example.com"
# Less holds no digest; ntfy itself warns of more than a megabyte.
_LEAST_BYTES, _MOST_BYTES = 512, 1_000_000


def _url(text: str) -> str:
    """`https://ntfy.example.com`, without a slash at its end."""
    url = text.strip().rstrip("/")
    try:
        address = urlsplit(url)
        host, _ = address.hostname, address.port
    except ValueError:
        raise wrong("is not a web address", _FIX_URL) from None
    if address.username is not None or address.password is not None:  # not repeated: it is a login
        raise wrong("holds a login", "put it into DIGESTBOT_NTFY__USERNAME and DIGESTBOT_NTFY__PASSWORD")
    if address.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", url):
        raise wrong("is not a web address", _FIX_URL)
    if address.query or address.fragment:
        raise wrong("holds more than a server", _FIX_URL)
    return url


def _token(text: SecretStr) -> SecretStr:
    # It goes into a header, which has no place for anything else.
    if not re.fullmatch(r"[!-~]+", text.get_secret_value()):
        raise wrong("is no access token", "copy it from the account page of the web app: tk_...")
    return text


def _token_file(text: str) -> Path:
    if re.match(r"tk_", text.strip()):  # a token, so it is not repeated
        raise secret_for_a_file()
    return parse_secret_file(text)


def _priority(text: str) -> int:
    found = _PRIORITIES.get(text.strip().lower())
    if found is None and re.fullmatch(r"\s*[1-5]\s*", text):
        found = int(text)
    if found is None:
        raise wrong("is not a priority", "write 1 (min) to 5 (max), or min, low, default, high, max")
    return found


def _message_bytes(text: str) -> int:
    number = parse_number(text)
    if not _LEAST_BYTES <= number <= _MOST_BYTES:
        raise wrong(f"{number} is out of range", f"write a number from {_LEAST_BYTES} to {_MOST_BYTES}")
    return number


class NtfySettings(SettingsGroup):
    """The server that takes notifications, and how it knows us."""

    url: Annotated[str, from_text(_url)] = "https://ntfy.sh"
    token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    token_file: Annotated[Path, from_text(_token_file)] | None = None
    username: str = ""
    password: SecretStr | None = None
    password_file: SecretFile | None = None
    timeout: Duration = timedelta(seconds=15)
    priority: Annotated[int, from_text(_priority)] = 3
    tags: Annotated[tuple[str, ...], from_text(split_list)] = ()
    message_bytes: Annotated[int, from_text(_message_bytes)] = 4096
    on_unknown: Literal["resend", "hold"] = "hold"
    plain_http: Switch = False

    @model_validator(mode="after")
    def _one_login_and_encrypted(self) -> NtfySettings:
        token, password = self.token or self.token_file, self.password or self.password_file
        if token and self.username:
            raise wrong("is set beside a user name", "keep TOKEN, or USERNAME and PASSWORD", setting="TOKEN")
        if bool(self.username) != bool(password):
            missing = "PASSWORD" if self.username else "USERNAME"
            raise wrong("is missing beside the other half of the login", "set both or none", setting=missing)
        if (token or password) and not self.plain_http:
            refuse_plain_http(self.url, setting="URL", switch="DIGESTBOT_NTFY__PLAIN_HTTP")
        return self
