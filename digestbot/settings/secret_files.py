"""Secrets: which settings hold one, the files that NAME_FILE reads them from, and their values to keep out of logs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from ..errors import ConfigError
from ..text.setting_values import SettingsGroup
from ..text.web_addresses import login_of
from .envfile import read_file
from .options import PREFIX, Settings
from .values import headers_of

_Place = tuple[str, ...]  # the fields and names that lead from the settings to a group: ("slack_webhooks", "desk")


@dataclass(frozen=True, slots=True)
class Secret:
    """A setting that holds a secret, set or not."""

    key: str  # DIGESTBOT_SLACK__TOKEN
    value: SecretStr | None  # None or empty where it is not given
    file: Path | None  # as it is named, where a file may hold it instead
    place: _Place
    field: str

    @property
    def file_key(self) -> str:
        return f"{self.key}_FILE"


def secrets_in(settings: Settings) -> Iterator[Secret]:
    """Every field of type SecretStr, of the settings themselves, of their groups, and of each group of a family."""
    yield from _secrets(settings, ())
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SettingsGroup):
            yield from _secrets(value, (name,))
        elif isinstance(value, dict):
            for member, group in value.items():
                if isinstance(group, SettingsGroup):
                    yield from _secrets(group, (name, member))


def _secrets(group: BaseModel, place: _Place) -> Iterator[Secret]:
    for name, alias in _secret_fields(type(group)):
        key = PREFIX + "__".join((*place, alias)).upper()
        if isinstance(group, SettingsGroup) and len(place) == 2 and name == group.bare:
            key = PREFIX + "__".join(place).upper()
        yield Secret(key, getattr(group, name), getattr(group, f"{name}_file", None), place, name)


@cache
def _secret_fields(group: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Each field of a group that holds a secret, and how it is called in its key. Kept: `serve` asks in every round."""
    return tuple((name, info.alias or name) for name, info in group.model_fields.items() if is_secret(info.annotation))


def is_secret(annotation: Any) -> bool:
    """Whether a type is SecretStr, perhaps with checks or `| None` around it."""
    return annotation is SecretStr or any(is_secret(part) for part in get_args(annotation))


def with_secret_files(
    settings: Settings, base: Path, errors: list[ConfigError], credentials: Path | None = None
) -> Settings:
    """The settings with every secret that lies in a file; what cannot be read is added to the errors.

    A secret that is given directly wins over its file: so one run can try another without touching the file.

    Args:
        settings: as they were read.
        base: where relative paths start.
        errors: what is wrong, which is added to.
        credentials: the folder into which a service manager has put what the service may not read where it lies.
    """
    for secret in tuple(secrets_in(settings)):
        if secret.file is None or secret.value:
            continue
        try:
            value = _read(secret, _lies_at(secret.file, base, credentials), _group(settings, secret))
        except ConfigError as error:
            errors.append(error)
        else:
            settings = _replaced(settings, secret.place, secret.field, value)
    return settings


def _lies_at(file: Path, base: Path, credentials: Path | None) -> Path:
    """Where a file lies: for `secrets/slack`, what systemd calls `secrets_slack` comes first (systemd.exec(5), LoadCredential=)."""
    if credentials is not None and not file.is_absolute():
        given = credentials / "_".join(file.parts)
        if given.is_file():
            return given
    return base / file


def _group(settings: Settings, secret: Secret) -> BaseModel:
    group: Any = settings
    for step in secret.place:
        group = group[step] if isinstance(group, dict) else getattr(group, step)
    found: BaseModel = group
    return found


def _replaced(part: Any, place: _Place, field: str, value: SecretStr) -> Any:
    """A copy of a model, or of a family of them, with one value in it another."""
    if not place:
        return part.model_copy(update={field: value})
    step, *rest = place
    if isinstance(part, dict):
        return part | {step: _replaced(part[step], tuple(rest), field, value)}
    return part.model_copy(update={step: _replaced(getattr(part, step), tuple(rest), field, value)})


def _read(secret: Secret, path: Path, group: BaseModel) -> SecretStr:
    """The text of a file, checked as the setting itself is."""
    try:
        # Stripped: editors and `echo` end a file with a newline, which is no part of a token.
        text = read_file(path).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text"
        fix = "name a readable file that holds the secret"
        raise ConfigError(secret.file_key, f"cannot be read ({why})", fix) from None
    if not text:
        raise ConfigError(secret.file_key, "names an empty file", "put the secret in it")
    info = type(group).model_fields[secret.field]
    annotation: Any = info.annotation
    if info.metadata:
        annotation = Annotated[annotation, *info.metadata]
    checked: TypeAdapter[SecretStr] = TypeAdapter(annotation)
    try:
        return checked.validate_python(text, context=dict(group))
    except ValidationError as error:
        detail = error.errors(include_input=False, include_url=False)[0]
    # Outside the `except`, so that no traceback shows pydantic's own error: it holds the secret.
    raise ConfigError(secret.file_key, f"the text of the file {detail['msg']}", detail.get("ctx", {}).get("fix", ""))


def files_of(settings: Settings) -> Iterator[Path]:
    """The files that secrets lie in, as they are named."""
    yield from (secret.file for secret in secrets_in(settings) if secret.file)


def values_of(settings: Settings) -> tuple[str, ...]:
    """Every secret that is set, the passwords in addresses of feeds included, to keep it out of logs."""
    given = [secret.value.get_secret_value() for secret in secrets_in(settings) if secret.value]
    sources = (*settings.feeds.values(), *settings.pages.values())
    # Each header by itself, too: an error of a server may repeat one of several.
    headers = [value for source in sources if source.headers for _, value in headers_of(source.headers)]
    logins = (login_of(url) for url in (*(source.url for source in sources), settings.opml or ""))
    return (*given, *headers, *(login[1] or login[0] for login in logins if login))
