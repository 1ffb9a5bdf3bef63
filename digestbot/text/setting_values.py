"""Types of setting values that every room may use: what a person writes in the configuration file, read or refused.

A channel declares its settings with these (`timeout: Duration = timedelta(seconds=15)`), because it lies below the
settings and may not import them. What is wrong with a value is raised by `wrong()`: a reason and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr
from pydantic_core import PydanticCustomError

from .web_addresses import is_on_this_machine, login_of

_DURATION = re.compile(r"(\d+)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = 366 * 86400  # seconds; longer is a slip of the pen, and a timedelta of years helps nobody here
_WEB_ADDRESS = re.compile(r"https?://[^/\s]+")


class SettingsGroup(BaseModel):
    """Settings that belong together: DIGESTBOT_GROUP__FIELD, or DIGESTBOT_FAMILY__NAME__FIELD in a family of them.

    A field of type SecretStr may have a twin `<field>_file` of type SecretFile: the secret is then read from that file,
    unless it is given directly. In a family, `bare` names the field that DIGESTBOT_FAMILY__NAME itself sets; where that is
    a secret with a twin, DIGESTBOT_FAMILY__NAME_FILE names its file.
    """

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    bare: ClassVar[str] = ""
    only_for: ClassVar[Mapping[str, str]] = {}
    """Of a group that several kinds of recipients share: which settings (in capitals) are read for one scheme alone."""


def wrong(reason: str, fix: str, *, setting: str = "") -> PydanticCustomError:
    """An error of a value: what is wrong with it, and what to write instead; of a group, the setting it is about.

    Neither repeats the value, whatever its setting is for: a secret may stand in the wrong line. Of several values `nth`
    says which.
    """
    return PydanticCustomError("digestbot", "{reason}", {"reason": reason, "fix": fix, "setting": setting})


def nth(number: int, count: int) -> str:
    """Which of several values an error is about, without repeating it: `value 2 of 3 `; nothing where there is one."""
    return f"value {number} of {count} " if count > 1 else ""


def from_text(parse: Callable[[str], Any]) -> BeforeValidator:
    """Read a value by `parse` where it is text; a default that is not text stays as it is."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def split_list(text: str) -> tuple[str, ...]:
    """Comma-separated values, blank ones left out."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def parse_duration(text: str) -> timedelta:
    """`90s`, `30m`, `24h`, `3d`, `1w`."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        raise wrong("is not a length of time", "write a whole number and a unit, as in 24h, 3d or 1w")
    seconds = int(match[1]) * _SECONDS[match[2]]
    if not 0 < seconds <= _LONGEST:
        raise wrong("is out of range", "between 1s and 52w")
    return timedelta(seconds=seconds)


def written_duration(length: timedelta) -> str:
    """A length of time as people write it: `2h`, and not 7200s."""
    seconds = int(length.total_seconds())
    return next(f"{seconds // size}{unit}" for unit, size in reversed(_SECONDS.items()) if seconds % size == 0)


def written_weight(weight: float) -> str:
    """A weight as a setting takes it, without an exponent: `0.5`, `2`, `0.00001`."""
    return f"{weight:.12f}".rstrip("0").rstrip(".")


def parse_number(text: str) -> int:
    """`12`: digits only."""
    if not re.fullmatch(r"\d{1,9}", text.strip()):
        raise wrong("is not a whole number", "write digits only")
    return int(text)


def parse_port(text: str) -> int:
    """A TCP port."""
    if not re.fullmatch(r"\d{1,5}", text.strip()) or not 0 < int(text) < 65536:
        raise wrong("is not a port", "write a number from 1 to 65535, or leave it out")
    return int(text)


def parse_switch(text: str) -> bool:
    """`yes` or `no`."""
    if text.strip().lower() in ("yes", "true", "on", "1"):
        return True
    if text.strip().lower() in ("no", "false", "off", "0"):
        return False
    raise wrong("is neither yes nor no", "write yes or no")


def parse_web_address(text: str) -> str:
    """`https://host/path`."""
    if not _WEB_ADDRESS.match(text.strip()):
        raise wrong("is not a web address", "write it with https://")
    if login_of(text.strip()):
        raise wrong("holds a login", "leave user and password out of the address")
    return text.strip()


def parse_secret_file(text: str) -> Path:
    """The name of a file that holds a secret; an address in its place may be the secret itself, so it is not repeated."""
    if re.match(r"[a-z0-9+]+://", text.strip(), re.IGNORECASE):
        raise secret_for_a_file()
    return Path(text.strip())


def secret_for_a_file() -> PydanticCustomError:
    """The error of a NAME_FILE whose value looks like the secret that belongs into the file."""
    fix = "leave _FILE out, or name a file that holds it"
    return wrong("holds the secret itself, not the name of a file", fix)


def check_secret_address(
    text: SecretStr, fix: str = "write it with https://", *, plain: bool = False, switch: str = ""
) -> SecretStr:
    """A web address that is a secret: https, or http on this machine; no error repeats it.

    Args:
        text: the address.
        fix: what to write instead of what is none.
        plain: whether it may go over http to any machine, as its owner said.
        switch: the setting that says so.
    """
    value = text.get_secret_value()
    try:
        address = urlsplit(value)
        host, _ = address.hostname or "", address.port
    except ValueError:
        raise wrong("is not a web address", fix) from None
    if address.scheme not in ("http", "https") or not host or not re.fullmatch(r"[!-~]+", value):
        raise wrong("is not a web address", fix)
    if address.scheme == "http" and not plain and not is_on_this_machine(host):
        https = "write it with https://; http:// is for a server on this machine"
        unless = f", or set {switch}=yes where nobody listens on the way" if switch else ""
        raise wrong("would be sent in the clear, and it is a secret", https + unless)
    return text


def refuse_plain_http(url: str, *, setting: str, switch: str) -> None:
    """Refuse an address that a secret is sent to over http, to another machine.

    Args:
        url: where the secret goes.
        setting: which setting of the group holds it.
        switch: the setting by which its owner allows it.
    """
    if url.lower().startswith("http:") and not is_on_this_machine(urlsplit(url).hostname or ""):
        fix = f"write it with https://, or set {switch}=yes where nobody listens on the way"
        raise wrong("would send the login in the clear", fix, setting=setting)


Duration = Annotated[timedelta, from_text(parse_duration)]
Number = Annotated[int, from_text(parse_number)]
Port = Annotated[int, from_text(parse_port)]
Switch = Annotated[bool, from_text(parse_switch)]
WebAddress = Annotated[str, from_text(parse_web_address)]
SecretFile = Annotated[Path, from_text(parse_secret_file)]
