"""Secrets that lie in files of their own, as NAME_FILE names them, and all of their values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_core import PydanticCustomError

from ..errors import ConfigError
from .keys import PREFIX
from .options import Settings, WebhookSettings
from .values import check_webhook

_SECRETS = (
    ("slack", "token"),
    ("smtp", "password"),
    ("smtp", "dkim_key"),
    ("alerts", "ping_url"),
    ("", "database_url"),
)


def with_secret_files(settings: Settings, base: Path, errors: list[ConfigError]) -> Settings:
    """The settings with every secret that lies in a file; what cannot be read is added to the errors."""
    updates: dict[str, Any] = {}
    for group, secret in _SECRETS:
        part = updates.get(group) or (getattr(settings, group) if group else settings)
        file = getattr(part, f"{secret}_file")
        if file is None or getattr(part, secret) is not None:
            continue
        key = PREFIX + (f"{group}__" if group else "").upper() + f"{secret}_FILE".upper()
        try:
            value = _read(key, base / file)
        except ConfigError as error:
            errors.append(error)
            continue
        updates[group or secret] = part.model_copy(update={secret: value}) if group else value
    if settings.webhooks:
        hooks = settings.webhooks.items()
        updates["webhooks"] = {name: _with_address(name, hook, base, errors) for name, hook in hooks}
    return settings.model_copy(update=updates) if updates else settings


def _with_address(name: str, hook: WebhookSettings, base: Path, errors: list[ConfigError]) -> WebhookSettings:
    if hook.address is not None or hook.file is None:
        return hook
    key = f"{PREFIX}WEBHOOKS__{name.upper()}_FILE"
    try:
        address = _read(key, base / hook.file)
        check_webhook(address.get_secret_value())
    except ConfigError as error:
        errors.append(error)
    except PydanticCustomError as error:
        errors.append(ConfigError(key, f"{base / hook.file} {error.message()}", (error.context or {})["fix"]))
    else:
        return hook.model_copy(update={"address": address})
    return hook


def _read(key: str, path: Path) -> SecretStr:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text"
        raise ConfigError(
            key, f"cannot be read: {path} ({why})", "name a readable file that holds the secret"
        ) from None
    if not text:
        raise ConfigError(key, f"{path} is empty", "put the secret in it")
    return SecretStr(text)


def files_of(settings: Settings) -> Iterator[Path]:
    """The files that secrets lie in, as they are named."""
    groups = ((getattr(settings, group) if group else settings, secret) for group, secret in _SECRETS)
    named = (getattr(part, f"{secret}_file") for part, secret in groups)
    yield from (file for file in (*named, *(hook.file for hook in settings.webhooks.values())) if file)


def values_of(settings: Settings) -> tuple[str, ...]:
    """Every secret that is set, to keep it out of logs."""
    single = [getattr(getattr(settings, group) if group else settings, secret) for group, secret in _SECRETS]
    hooks = [hook.address for hook in settings.webhooks.values()]
    return tuple(secret.get_secret_value() for secret in (*single, *hooks) if secret is not None)
