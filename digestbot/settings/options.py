"""Every setting but those of the channels, which lie with them: its name, its type, its default.

The order is that of config.example.env. The settings of the channels are added below, as the registry finds them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeVar, get_args, get_origin

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationInfo, create_model
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from ..channels.registry import Registry, find_channels
from ..model import Kind, Recipient
from ..text.setting_values import (
    Duration,
    Number,
    SecretFile,
    SettingsGroup,
    Switch,
    check_secret_address,
    from_text,
    split_list,
    wrong,
)
from ..topics import DatedTerm
from .lists import ListSettings
from .recipients import parse_recipients
from .values import (
    LOCAL,
    check_headers,
    check_terms,
    parse_count,
    parse_dated_terms,
    parse_days,
    parse_domains,
    parse_kinds,
    parse_language,
    parse_times,
    parse_timezone,
    parse_weight,
    parse_weights,
)
from .web import Networks, WebSettings

PREFIX = "DIGESTBOT_"
_S = TypeVar("_S", bound="Settings")


def _ping(text: SecretStr, info: ValidationInfo) -> SecretStr:
    # A secret that was read from a file is checked alone, and gets its group as the context.
    plain = bool((info.data or info.context or {}).get("plain_http"))
    return check_secret_address(text, plain=plain, switch=f"{PREFIX}ALERTS__PLAIN_HTTP")


def _database(text: SecretStr) -> SecretStr:
    # The reason repeats nothing of the value: a database's address usually holds a password.
    url = text.get_secret_value().strip()
    if url.lower().startswith(("sqlite", "/", "./", "file:")) or url.lower().endswith((".db", ".sqlite", ".sqlite3")):
        fix = "leave it out, and name the folder in DIGESTBOT_DATA or with --data"
        raise wrong("names an SQLite file, which lies in the data folder", fix)
    if not re.match(r"postgres(ql)?(\+psycopg)?:", url):
        raise wrong("is no database that digestbot knows", "write postgresql+psycopg://..., or leave it out for SQLite")
    if not re.fullmatch(r"[a-z+]+://([^@/?#]*@)?[^@/?#]*(/[^@]*)?(\?.*)?", url) or re.fullmatch(r"[a-z+]+:/*", url):
        fix = "write postgresql+psycopg://USER:PASSWORD@HOST/NAME, with special characters of the password percent-encoded (@ as %40, / as %2F)"
        raise wrong("cannot be read", fix)
    host = re.sub(r"[a-z+]+://(?:[^@/?#]*@)?([^@/?#]*).*", r"\1", url)
    if not re.fullmatch(r"(?:\[[^\]]*\]|[^:]*)(?::\d{0,5})?", host):
        fix = "write postgresql+psycopg://USER:PASSWORD@HOST:5432/NAME, or leave the port out"
        raise wrong("has a port that is no number", fix)
    return text


def _source_address(text: str) -> str:
    text = text.strip()
    # Two letters at least: C: is a drive of Windows and no scheme, and what a number follows is a host with its port.
    scheme = re.match(r"([a-z][a-z0-9+.-]+):(?!\d)", text, re.IGNORECASE)
    if not text:
        raise wrong("is empty", "write the address of a feed, or the path of a saved file")
    if scheme and len(scheme[1]) > 1 and scheme[1].lower() not in ("http", "https", "file"):
        raise wrong("is not an address that can be read", "write https://... or a path")
    # https//host, http:/host, http;//host: no path begins like that.
    if re.match(r"https?(?://|:/(?!/)|;//|:\\)", text, re.IGNORECASE):
        raise wrong("is not a web address", "write it as https://host/path")
    if scheme and scheme[1].lower().startswith("http") and not re.match(r"https?://[^/\s]+", text, re.IGNORECASE):
        raise wrong("is not a web address", "write it as https://host/path")
    return text


def _selector(text: str) -> str:
    import cssselect  # noqa: PLC0415 -- few configurations hold one

    try:
        cssselect.parse(text.strip())
    except cssselect.SelectorError:
        raise wrong("is not a CSS selector", "write one as in h2 a, or div.teaser") from None
    return text.strip()


TimesOfDay = Annotated[tuple[time, ...], from_text(parse_times)]
Days = Annotated[frozenset[int], from_text(parse_days)]
Zone = Annotated[str, from_text(parse_timezone)]
Names = Annotated[tuple[str, ...], from_text(lambda text: split_list(text.lower()))]
# The registry is asked when a value is read, not when the type is made: CHANNELS is set below.
Recipients = Annotated[tuple[Recipient, ...], from_text(lambda text: parse_recipients(text, CHANNELS))]
Weight = Annotated[float, from_text(parse_weight)]
Weights = Annotated[tuple[tuple[str, float], ...], from_text(parse_weights)]
Language = Annotated[str, from_text(parse_language)]
Kinds = Annotated[tuple[Kind, ...], from_text(parse_kinds)]
Domains = Annotated[tuple[str, ...], from_text(parse_domains)]
DatedTerms = Annotated[tuple[DatedTerm, ...], from_text(parse_dated_terms)]
Terms = Annotated[str, from_text(check_terms)]
TopicName = Annotated[str, from_text(lambda text: text.strip().lower())]
Count = Annotated[int, from_text(parse_count)]
Headers = Annotated[SecretStr, AfterValidator(check_headers)]
Ping = Annotated[SecretStr, AfterValidator(_ping)]
Database = Annotated[SecretStr, AfterValidator(_database)]
SourceAddress = Annotated[str, from_text(_source_address)]
Selector = Annotated[str, from_text(_selector)]


class FeedSettings(SettingsGroup):
    """One feed or page: its address, and in what it differs from the others."""

    bare: ClassVar[str] = "url"

    url: SourceAddress = ""
    title: str = ""
    weight: Weight = 1.0
    interval: Duration | None = None
    fulltext: Switch | None = None
    mute: Terms = ""
    topic: TopicName = ""
    folder: str = ""
    max_items: Count | None = None
    headers: Headers | None = None
    headers_file: SecretFile | None = None


class TopicSettings(SettingsGroup):
    """One topic: what is looked for, and how much room and weight it has."""

    bare: ClassVar[str] = "terms"

    terms: str = ""
    title: str = ""
    weight: Weight = 1.0
    limit: Number | None = None


class DigestSettings(SettingsGroup):
    """One digest: when, about what, to whom."""

    at: TimesOfDay = (time(7, 30),)
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
    elsewhere: Number = 4
    order: Literal["score", "file"] = "score"
    why: Switch = False
    words: Number = 60
    fulltext: Switch = False
    sources: Names = ()
    source_weights: Weights = ()
    kinds: Kinds = ()
    mute: DatedTerms = ()
    pin: DatedTerms = ()
    when_empty: Literal["skip", "line", "send"] = "skip"
    weekend: Literal["send", "carry", "drop"] = "send"
    mode: Literal["standard", "compact", "thread"] = "standard"
    language: Language = "en"
    images: Literal["no", "lead"] = "no"
    templates: Path | None = None
    across_languages: Switch = False
    max_delay: Duration = timedelta(hours=12)
    deliver_within: Duration = timedelta(hours=24)
    public: Switch = False


class AlertSettings(SettingsGroup):
    """Where alerts go when something breaks, and which address is called after each round."""

    to: Recipients = ()
    plain_http: Switch = False
    ping_url: Ping | None = None
    ping_url_file: SecretFile | None = None


class FetchSettings(SettingsGroup):
    """How feeds are asked."""

    interval: Duration = timedelta(minutes=60)
    timeout: Duration = timedelta(seconds=20)
    host: Duration = timedelta(seconds=30)
    round: Duration = timedelta(seconds=90)
    max_megabytes: Number = 15
    allow_private: Networks = ()
    plain_http_secrets: Names = ()
    user_agent: str = ""


class Settings(BaseSettings):
    """Every setting of digestbot."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        # `KEY=` is what containers and templates of configuration files leave of a value that nobody gave.
        env_ignore_empty=True,
        # Else pydantic-settings reads lists and groups as JSON, and `"Hua Hong", SMIC` is none.
        enable_decoding=False,
        # Unknown names get errors of our own, with the line and the name that was probably meant (keys.py).
        extra="ignore",
        hide_input_in_errors=True,
        frozen=True,
    )

    feeds: dict[str, FeedSettings] = Field(default_factory=dict)
    pages: dict[str, FeedSettings] = Field(default_factory=dict)
    page_links: dict[str, Selector] = Field(default_factory=dict)
    opml: SourceAddress | None = None
    opml_files: Switch = False
    opml_folders: Literal["no", "topics"] = "no"
    houses: dict[str, Domains] = Field(default_factory=dict)
    topics: dict[str, TopicSettings] = Field(default_factory=dict)
    digests: dict[str, DigestSettings] = Field(default_factory=dict)
    lists: dict[str, ListSettings] = Field(default_factory=dict)
    web: WebSettings = Field(default_factory=WebSettings)
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    summariser: str = "centroid"
    meaning: Literal["auto", "yes", "no"] = "auto"
    templates: Path | None = None
    keep_bodies: Duration = timedelta(days=90)
    data: Path | None = None
    database_url: Database | None = None
    database_url_file: SecretFile | None = None
    jobs: Literal["inline", "cluster"] = "inline"
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

    @property
    def channels(self) -> Mapping[str, Any]:
        """The settings that channels bring, by the names they have in the plug-ins: what a plug-in is asked and opened with."""
        return {name: getattr(self, name) for name in CHANNELS.settings}

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Self:
        """Read variables as pydantic-settings reads the environment: prefix, nesting, types.

        Raises:
            pydantic.ValidationError: whose `errors(include_input=False)` names what is wrong.
        """
        return cls(**_Variables(cls, variables)())


class _Variables(EnvSettingsSource):
    """The environment source, over the variables given instead of `os.environ`."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        known = families(settings_cls)
        self._given = {_nested(key.lower(), known): value for key, value in variables.items() if value != ""}
        super().__init__(settings_cls)

    def _load_env_vars(self) -> dict[str, str | None]:
        return dict(self._given)

    def explode_env_vars(self, field_name: str, field: FieldInfo, env_vars: Mapping[str, str | None]) -> dict[str, Any]:
        """Of a family by its names: pydantic-settings looks into the types for every line, seconds for thousands of feeds."""
        if field_name not in families(self.settings_cls):
            return super().explode_env_vars(field_name, field, env_vars)
        prefix = f"{PREFIX}{field_name}__".lower()
        made: dict[str, Any] = {}
        for key, value in env_vars.items():
            if key.startswith(prefix):
                name, levels, inner = key[len(prefix) :].partition("__")
                group = made.setdefault(name, {}) if levels else made
                if isinstance(group, dict):
                    group[inner or name] = value
        return made


def _nested(key: str, known: Mapping[str, type[SettingsGroup]]) -> str:
    """There is DIGESTBOT_TOPICS__GOLD beside DIGESTBOT_TOPICS__GOLD__TITLE, but one name cannot be a value and a group.

    So it becomes the group's bare field; NAME_FILE becomes the field `<bare>_file`, where there is one.
    """
    family, _, name = key.removeprefix(PREFIX.lower()).partition("__")
    field = known[family].bare if family in known else ""
    if not field or not name or "__" in name:
        return key
    if has_file(known[family]) and name.endswith("_file"):
        name, field = name.removesuffix("_file"), f"{field}_file"
    return f"{PREFIX.lower()}{family}__{name}__{field}"


def has_file(family: type[SettingsGroup]) -> bool:
    """Whether DIGESTBOT_FAMILY__NAME may be DIGESTBOT_FAMILY__NAME_FILE instead."""
    return f"{family.bare}_file" in family.model_fields


@cache  # asked for every line of a configuration
def families(settings: type[BaseModel]) -> dict[str, type[SettingsGroup]]:
    """The families of groups among some settings: DIGESTBOT_FAMILY__NAME__FIELD, by the family's lower-case name."""
    found: dict[str, type[SettingsGroup]] = {}
    for name, info in settings.model_fields.items():
        inner = get_args(info.annotation)[-1] if get_origin(info.annotation) is dict else None
        if isinstance(inner, type) and issubclass(inner, SettingsGroup):
            found[name] = inner
    return found


def with_channels(own: type[_S], channels: Registry) -> type[_S]:
    """These settings, and those that channels bring."""
    brought: dict[str, Any] = {
        name: (kind, Field(default_factory=dict if get_origin(kind) is dict else kind))
        for name, kind in channels.settings.items()
    }
    made: type[_S] = create_model(own.__name__, __base__=own, __doc__=own.__doc__, __module__=own.__module__, **brought)
    return made


CHANNELS: Registry = find_channels(reserved=Settings.model_fields)
if not TYPE_CHECKING:
    # mypy knows our own settings; those of a channel are typed where it reads them.
    Settings = with_channels(Settings, CHANNELS)
