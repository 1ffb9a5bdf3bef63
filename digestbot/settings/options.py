"""Every setting: its name, its type, its default. The order is that of config.example.env."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from ..model import Recipient
from .values import (
    LOCAL,
    parse_days,
    parse_duration,
    parse_recipient,
    parse_time,
    parse_timezone,
    split_list,
    wrong,
)


def _from_text(parse: Callable[[str], Any]) -> BeforeValidator:
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def _whole_number(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text.strip()):
        raise wrong(f"{text!r} is not a whole number", "write digits only")
    return int(text)


def _switch(text: str) -> bool:
    if text.strip().lower() in ("yes", "true", "on", "1"):
        return True
    if text.strip().lower() in ("no", "false", "off", "0"):
        return False
    raise wrong(f"{text!r} is neither yes nor no", "write yes or no")


def _web_address(text: str) -> str:
    if not re.match(r"https?://[^/\s]+", text.strip()):
        raise wrong(f"{text!r} is not a web address", "write it with https://")
    return text.strip()


def _source_address(text: str) -> str:
    text = text.strip()
    scheme = re.match(r"([a-z][a-z0-9+.-]+):", text, re.IGNORECASE)
    if not text:
        raise wrong("is empty", "write the address of a feed, or the path of a saved file")
    if scheme and len(scheme[1]) > 1 and scheme[1].lower() not in ("http", "https", "file"):
        raise wrong(f"{scheme[1]}: is not an address that can be read", "write https://... or a path")
    if scheme and scheme[1].lower().startswith("http") and not re.match(r"https?://[^/\s]+", text, re.IGNORECASE):
        raise wrong(f"{text!r} is not a web address", "write it as https://host/path")
    return text


Duration = Annotated[timedelta, _from_text(parse_duration)]
TimeOfDay = Annotated[time, _from_text(parse_time)]
Days = Annotated[frozenset[int], _from_text(parse_days)]
Zone = Annotated[str, _from_text(parse_timezone)]
Names = Annotated[tuple[str, ...], _from_text(lambda text: split_list(text.lower()))]
Words = Annotated[tuple[str, ...], _from_text(split_list)]
Recipients = Annotated[
    tuple[Recipient, ...], _from_text(lambda text: tuple(parse_recipient(part) for part in split_list(text)))
]
Number = Annotated[int, _from_text(_whole_number)]
Switch = Annotated[bool, _from_text(_switch)]
WebAddress = Annotated[str, _from_text(_web_address)]
SourceAddress = Annotated[str, _from_text(_source_address)]


class _Group(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)


class DigestSettings(_Group):
    """One digest: when, about what, to whom."""

    at: TimeOfDay = time(7, 30)
    days: Days = frozenset(range(7))
    timezone: Zone = LOCAL
    topics: Names = ()
    to: Recipients = ()
    title: str = ""
    window: Duration = timedelta(hours=24)
    max_age: Duration = timedelta(days=3)
    max_stories: Number = 12
    max_per_source: Number = 3
    also: Number = 20
    words: Number = 60
    mode: Literal["standard", "compact", "thread"] = "standard"
    catch_up: Duration = timedelta(hours=12)


class SlackSettings(_Group):
    """The bot that posts."""

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: WebAddress = "https://slack.com/api/"
    timeout: Duration = timedelta(seconds=15)


class SmtpSettings(_Group):
    """The server that takes our mail."""

    host: str = ""
    port: Number | None = None
    username: str = ""
    password: SecretStr | None = None
    password_file: Path | None = None
    sender: str = Field(default="", alias="from")
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None
    timeout: Duration = timedelta(seconds=30)

    @property
    def effective_port(self) -> int:
        """The port, or the usual one for this security (RFC 8314: 465 for TLS, 587 for STARTTLS)."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security]

    @model_validator(mode="after")
    def _password_goes_encrypted(self) -> SmtpSettings:
        if self.security == "none" and self.username and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise wrong("would send the password in the clear", "set SECURITY=starttls or tls, or drop USERNAME")
        return self


class FetchSettings(_Group):
    """How feeds are asked."""

    interval: Duration = timedelta(minutes=60)
    timeout: Duration = timedelta(seconds=20)
    max_megabytes: Number = 15
    allow_private: Words = ()
    user_agent: str = ""


class Settings(BaseSettings):
    """Everything digestbot can be told."""

    model_config = SettingsConfigDict(
        env_prefix="DIGESTBOT_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        enable_decoding=False,
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )

    feeds: dict[str, SourceAddress] = Field(default_factory=dict)
    pages: dict[str, SourceAddress] = Field(default_factory=dict)
    opml: SourceAddress | None = None
    topics: dict[str, str] = Field(default_factory=dict)
    digests: dict[str, DigestSettings] = Field(default_factory=dict)
    slack: SlackSettings = Field(default_factory=SlackSettings)
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    summariser: str = "centroid"
    templates: Path | None = None
    data: Path | None = None
    database_url: SecretStr | None = None
    database_url_file: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 -- pydantic-settings passes all five by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: which variables count is decided before, so that a run can be repeated."""
        return (init_settings,)

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Settings:
        """Read variables as pydantic-settings reads the environment: prefix, nesting, types.

        Raises:
            pydantic.ValidationError: whose `errors(include_input=False)` names what is wrong.
        """
        return cls(**_Variables(cls, variables)())


class _Variables(EnvSettingsSource):
    """The environment source, over the variables given instead of `os.environ`."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        self._given = {key.lower(): value for key, value in variables.items() if value != ""}
        super().__init__(settings_cls)

    def _load_env_vars(self) -> dict[str, str | None]:
        return dict(self._given)
