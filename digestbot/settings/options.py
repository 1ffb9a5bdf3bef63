"""Every setting: its name, its type, its default. The order is that of config.example.env."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import cssselect
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from ..model import Recipient
from ..topics import DatedTerm
from .values import (
    LOCAL,
    WEBHOOK_SETTING,
    check_webhook,
    parse_dated_terms,
    parse_days,
    parse_duration,
    parse_language,
    parse_networks,
    parse_port,
    parse_recipient,
    parse_sender,
    parse_time,
    parse_timezone,
    parse_weight,
    parse_weights,
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


def _token(text: SecretStr) -> SecretStr:
    if re.match(r"https?:", text.get_secret_value()):
        fix = f"write the bot's token (xoxb-...); a webhook's address stands in {WEBHOOK_SETTING}"
        raise wrong("is a web address, not a token", fix)
    return text


def _webhook(text: SecretStr) -> SecretStr:
    check_webhook(text.get_secret_value())
    return text


def _secret_file(text: str) -> Path:
    if re.match(r"xox[a-z]-|[a-z0-9+]+://", text.strip()):  # so it is not repeated
        raise wrong("holds the secret itself, not the name of a file", "leave _FILE out, or name a file that holds it")
    return Path(text.strip())


def _ping(text: SecretStr) -> SecretStr:
    if not re.match(r"https?://[^/\s]+", text.get_secret_value()):
        raise wrong("is not a web address", "write it with https://")
    return text


def _database(text: SecretStr) -> SecretStr:
    if not re.match(r"(postgresql|sqlite)", text.get_secret_value()):
        raise wrong("is no database that digestbot knows", "write postgresql+psycopg://..., or leave it out for SQLite")
    return text


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


def _selector(text: str) -> str:
    try:
        cssselect.parse(text.strip())
    except cssselect.SelectorError as error:
        raise wrong(f"{text!r} is not a CSS selector: {error}", "write one as in h2 a, or div.teaser") from None
    return text.strip()


def _dkim_selector(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", text.strip()):
        raise wrong(f"{text!r} cannot stand before ._domainkey", "write letters, digits and dashes, as in news2026")
    return text.strip()


Duration = Annotated[timedelta, _from_text(parse_duration)]
TimeOfDay = Annotated[time, _from_text(parse_time)]
Days = Annotated[frozenset[int], _from_text(parse_days)]
Zone = Annotated[str, _from_text(parse_timezone)]
Names = Annotated[tuple[str, ...], _from_text(lambda text: split_list(text.lower()))]
Networks = Annotated[tuple[str, ...], _from_text(parse_networks)]
Recipients = Annotated[
    tuple[Recipient, ...], _from_text(lambda text: tuple(parse_recipient(part) for part in split_list(text)))
]
Port = Annotated[int, _from_text(parse_port)]
Sender = Annotated[str, _from_text(parse_sender)]
Number = Annotated[int, _from_text(_whole_number)]
Weight = Annotated[float, _from_text(parse_weight)]
Weights = Annotated[tuple[tuple[str, float], ...], _from_text(parse_weights)]
Language = Annotated[str, _from_text(parse_language)]
DatedTerms = Annotated[tuple[DatedTerm, ...], _from_text(parse_dated_terms)]
Switch = Annotated[bool, _from_text(_switch)]
Token = Annotated[SecretStr, AfterValidator(_token)]
WebhookAddress = Annotated[SecretStr, AfterValidator(_webhook)]
SecretFile = Annotated[Path, _from_text(_secret_file)]
Ping = Annotated[SecretStr, AfterValidator(_ping)]
Database = Annotated[SecretStr, AfterValidator(_database)]
WebAddress = Annotated[str, _from_text(_web_address)]
SourceAddress = Annotated[str, _from_text(_source_address)]
DkimSelector = Annotated[str, _from_text(_dkim_selector)]
Selector = Annotated[str, _from_text(_selector)]


class _Group(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)


class TopicSettings(_Group):
    """One topic: what is looked for, and how much room and weight it has."""

    terms: str = ""  # stands as DIGESTBOT_TOPICS__NAME itself
    title: str = ""
    weight: Weight = 1.0
    limit: Number | None = None


class DigestSettings(_Group):
    """One digest: when, about what, to whom."""

    at: TimeOfDay = time(7, 30)
    days: Days = frozenset(range(7))
    timezone: Zone = LOCAL
    to: Recipients = ()
    topics: Names = ()
    title: str = ""
    window: Duration = timedelta(hours=24)
    max_age: Duration = timedelta(days=3)
    max_stories: Number = 12
    max_per_source: Number = 3
    also: Number = 20
    words: Number = 60
    fulltext: Switch = False
    sources: Names = ()
    source_weights: Weights = ()
    mute: DatedTerms = ()
    pin: DatedTerms = ()
    when_empty: Literal["skip", "line", "send"] = "skip"
    weekend: Literal["send", "carry", "drop"] = "send"
    mode: Literal["standard", "compact", "thread"] = "standard"
    language: Language = "en"
    images: Literal["no", "lead"] = "no"
    templates: Path | None = None
    max_delay: Duration = timedelta(hours=12)


class SlackSettings(_Group):
    """The bot that posts."""

    token: Token | None = None
    token_file: SecretFile | None = None
    api_url: WebAddress = "https://slack.com/api/"
    timeout: Duration = timedelta(seconds=15)
    on_unknown: Literal["resend", "hold"] = "hold"


class WebhookSettings(_Group):
    """One incoming webhook: an address that posts to a channel, or the file it lies in."""

    address: WebhookAddress | None = None  # stands as DIGESTBOT_WEBHOOKS__NAME itself
    file: SecretFile | None = None  # stands as DIGESTBOT_WEBHOOKS__NAME_FILE


class SmtpSettings(_Group):
    """The server that takes our mail."""

    host: str = ""
    port: Port | None = None
    username: str = ""
    password: SecretStr | None = None
    password_file: SecretFile | None = None
    sender: Sender = Field(default="", alias="from")
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None
    timeout: Duration = timedelta(seconds=30)
    on_unknown: Literal["resend", "hold"] = "resend"
    dkim_selector: DkimSelector = ""
    dkim_domain: str = ""
    dkim_key: SecretStr | None = None
    dkim_key_file: SecretFile | None = None

    @property
    def effective_port(self) -> int:
        """The port, or the usual one for this security (RFC 8314: 465 for TLS, 587 for STARTTLS)."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security]

    @model_validator(mode="after")
    def _password_goes_encrypted(self) -> SmtpSettings:
        if self.security == "none" and self.username and self.host not in ("localhost", "127.0.0.1", "::1"):
            fix = "set SECURITY=starttls or tls, or drop USERNAME"
            raise wrong("would send the password in the clear", fix, setting="SECURITY")
        return self


class AlertSettings(_Group):
    """Whom to tell when something breaks, and what to call when a round went well."""

    to: Recipients = ()
    ping_url: Ping | None = None
    ping_url_file: SecretFile | None = None


class FetchSettings(_Group):
    """How feeds are asked."""

    interval: Duration = timedelta(minutes=60)
    timeout: Duration = timedelta(seconds=20)
    max_megabytes: Number = 15
    allow_private: Networks = ()
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
    page_links: dict[str, Selector] = Field(default_factory=dict)
    opml: SourceAddress | None = None
    topics: dict[str, TopicSettings] = Field(default_factory=dict)
    digests: dict[str, DigestSettings] = Field(default_factory=dict)
    slack: SlackSettings = Field(default_factory=SlackSettings)
    webhooks: dict[str, WebhookSettings] = Field(default_factory=dict)
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    summariser: str = "centroid"
    templates: Path | None = None
    data: Path | None = None
    database_url: Database | None = None
    database_url_file: SecretFile | None = None
    log: Literal["text", "json"] = "text"

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
        self._given = {_nested(key.lower()): value for key, value in variables.items() if value != ""}
        super().__init__(settings_cls)

    def _load_env_vars(self) -> dict[str, str | None]:
        return dict(self._given)


def _nested(key: str) -> str:
    """A topic's terms stand beside its title, weight and limit: one name cannot be a value and a group.

    A webhook's address and file stand side by side as those of other secrets do.
    """
    key = re.sub(r"(?<=^digestbot_webhooks__)((?:(?!__).)+)_file$", r"\1__file", key)
    key = re.sub(r"(?<=^digestbot_webhooks__)((?:(?!__).)+)$", r"\1__address", key)
    return f"{key}__terms" if re.fullmatch(r"digestbot_topics__(?:(?!__).)+", key) else key
