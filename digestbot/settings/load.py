"""From a file and the environment to Settings, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_origin

from pydantic import BaseModel, SecretStr, ValidationError

from ..errors import ConfigError, ConfigErrors
from ..nearest import nearest
from ..topics import Topic, parse_topic
from .envfile import EnvFile, read_env_file
from .options import DigestSettings, Settings

PREFIX = "DIGESTBOT_"
DEFAULT_FILES = ("config.env", ".env")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Settings that hold together, and where they came from."""

    settings: Settings
    topics: tuple[Topic, ...]
    path: Path | None  # the file that was read
    base: Path  # relative paths start here
    secrets: tuple[str, ...] = field(default=(), repr=False)  # their values, to keep them out of logs

    @property
    def digests(self) -> Mapping[str, DigestSettings]:
        """The digests by name; one named `daily` where none is set, so that feeds alone give a preview."""
        return self.settings.digests or {"daily": DigestSettings()}


def find_config(folder: Path) -> Path | None:
    """The configuration file of a folder: config.env, then .env when it speaks of digestbot."""
    for name in DEFAULT_FILES:
        path = folder / name
        if path.is_file() and (name != ".env" or PREFIX in path.read_text(encoding="utf-8", errors="replace").upper()):
            return path
    return None


def load(path: Path | None, environ: Mapping[str, str], *, folder: Path) -> Loaded:
    """Read the file, then the environment over it.

    Args:
        path: the file; None when there is none.
        environ: variables that win over the file.
        folder: where relative paths start when there is no file.

    Raises:
        ConfigErrors: with everything that is wrong, in the order of the file.
    """
    file = read_env_file(path) if path else EnvFile(path=folder, values={}, lines={})
    given = {key.upper(): value for key, value in environ.items() if key.upper().startswith(PREFIX)}
    variables = {key: value for key, value in (file.values | given).items() if key.startswith(PREFIX)}
    base = path.resolve().parent if path else folder
    errors = _unknown(variables)
    unknown = {error.key for error in errors}
    known = {key: value for key, value in variables.items() if key not in unknown}
    try:
        settings = _with_secret_files(Settings.from_variables(known), base)
    except ValidationError as error:
        errors += [_as_config_error(detail, known) for detail in error.errors(include_input=False, include_url=False)]
    except ConfigError as error:
        errors.append(error)
    else:
        topics, more = _topics(settings)
        errors += more + _contradictions(settings)
    if errors:
        raise ConfigErrors(_in_file_order(errors, file))
    return Loaded(settings=settings, topics=topics, path=path, base=base, secrets=_secret_values(settings))


def _unknown(variables: Mapping[str, str]) -> list[ConfigError]:
    return [error for key in variables if (error := _unknown_key(key)) is not None]


def _unknown_key(key: str) -> ConfigError | None:
    words = key.removeprefix(PREFIX).lower().split("__")
    model: type[BaseModel] = Settings
    for depth, word in enumerate(words):
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        if word not in fields:
            return _no_such_setting(key, words, depth, tuple(fields))
        inner = fields[word].annotation
        if model is Settings and word == "digests":
            return _unknown_in_digest(key, words)
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            levels = depth + (2 if get_origin(inner) is dict else 1)
            if len(words) == levels:
                return None
            mend = "a double underscore divides levels: use a single one inside a name"
            return ConfigError(key, f"has {len(words)} levels where {levels} are meant", mend)
        model = inner
    return ConfigError(key, "is a group of settings, not one", f"write {key}__{next(iter(model.model_fields)).upper()}")


def _unknown_in_digest(key: str, words: list[str]) -> ConfigError | None:
    if len(words) != 3:
        return ConfigError(key, "names no setting of a digest", f"write {PREFIX}DIGESTS__MORNING__AT=07:30")
    fields = tuple(DigestSettings.model_fields)
    return None if words[2] in fields else _no_such_setting(key, words, 2, fields)


def _no_such_setting(key: str, words: list[str], depth: int, names: tuple[str, ...]) -> ConfigError:
    before = PREFIX + "".join(f"{part.upper()}__" for part in words[:depth])
    after = "".join(f"__{part.upper()}" for part in words[depth + 1 :])
    guess = nearest(words[depth], names)
    mend = f"did you mean {before}{guess.upper()}{after}?" if guess else f"known: {', '.join(names).upper()}"
    return ConfigError(key, "is not a setting", mend)


def _as_config_error(detail: Any, known: Mapping[str, str]) -> ConfigError:
    loc = tuple(str(part).upper() for part in detail["loc"])
    key = PREFIX + "__".join(loc)
    if key not in known:
        # A check of a whole group (SMTP) or of a group given as one value.
        key = next((name for name in known if name.startswith(key)), key)
    reason, mend = detail["msg"], detail.get("ctx", {}).get("mend", "")
    if detail["type"] == "literal_error":
        choices = str(detail["ctx"]["expected"]).replace("'", "")
        reason, mend = "is not one of its values", f"write {choices}"
    elif detail["type"] in ("string_type", "model_type", "dict_type"):
        reason, mend = "has one level too many or too few", "see config.example.env for how names are joined with __"
    return ConfigError(key, reason, mend)


def _with_secret_files(settings: Settings, base: Path) -> Settings:
    updates: dict[str, object] = {}
    for group, secret in (("slack", "token"), ("smtp", "password")):
        part = getattr(settings, group)
        file = getattr(part, f"{secret}_file")
        if file is not None and getattr(part, secret) is None:
            value = _read_secret(f"{PREFIX}{group.upper()}__{secret.upper()}_FILE", base / file)
            updates[group] = part.model_copy(update={secret: value})
    if settings.database_url_file is not None and settings.database_url is None:
        key = f"{PREFIX}DATABASE_URL_FILE"
        updates["database_url"] = _read_secret(key, base / settings.database_url_file)
    return settings.model_copy(update=updates) if updates else settings


def _read_secret(key: str, path: Path) -> SecretStr:
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


def _topics(settings: Settings) -> tuple[tuple[Topic, ...], list[ConfigError]]:
    topics: list[Topic] = []
    errors: list[ConfigError] = []
    for name, value in settings.topics.items():
        try:
            topics.append(parse_topic(name, value, key=f"{PREFIX}TOPICS__{name.upper()}"))
        except ConfigError as error:
            errors.append(error)
    return tuple(topics), errors


def _contradictions(settings: Settings) -> list[ConfigError]:
    from ..summarise import SUMMARISERS  # noqa: PLC0415 -- only here, so that --help stays quick

    errors: list[ConfigError] = []
    for name, digest in settings.digests.items():
        for topic in digest.topics:
            if topic not in settings.topics:
                guess = nearest(topic, settings.topics)
                mend = f"did you mean {guess}?" if guess else f"add {PREFIX}TOPICS__{topic.upper()}=..."
                key = f"{PREFIX}DIGESTS__{name.upper()}__TOPICS"
                errors.append(ConfigError(key, f"there is no topic {topic!r}", mend))
    errors += [
        ConfigError(f"{PREFIX}PAGES__{name.upper()}", "a feed has the same name", "give one of them another")
        for name in settings.pages
        if name in settings.feeds
    ]
    if settings.summariser.lower() not in SUMMARISERS:
        guess = nearest(settings.summariser, SUMMARISERS)
        mend = f"did you mean {guess}?" if guess else f"one of {', '.join(SUMMARISERS)}"
        errors.append(ConfigError(f"{PREFIX}SUMMARISER", f"there is no summariser {settings.summariser!r}", mend))
    return errors


def delivery_problems(settings: Settings, digests: Mapping[str, DigestSettings]) -> tuple[ConfigError, ...]:
    """What is missing before these digests can be delivered; a preview needs none of it."""
    errors: list[ConfigError] = []
    channels: set[str] = set()
    for name, digest in digests.items():
        key = f"{PREFIX}DIGESTS__{name.upper()}__TO"
        if not digest.to:
            errors.append(
                ConfigError(key, "names nobody", "write slack:#channel, mailto:name@example.com or file:./out")
            )
        channels |= {recipient.channel for recipient in digest.to}
    if "slack" in channels and settings.slack.token is None:
        mend = "put the bot's token (xoxb-...) here, or its file in DIGESTBOT_SLACK__TOKEN_FILE"
        errors.append(ConfigError(f"{PREFIX}SLACK__TOKEN", "is missing, and a digest goes to Slack", mend))
    if "mailto" in channels:
        if not settings.smtp.host:
            reason = "is missing, and a digest goes by email"
            errors.append(ConfigError(f"{PREFIX}SMTP__HOST", reason, "write your mail server's name"))
        if not settings.smtp.sender:
            reason = "is missing, and a digest goes by email"
            errors.append(ConfigError(f"{PREFIX}SMTP__FROM", reason, "write the address your digests come from"))
        if settings.smtp.username and settings.smtp.password is None:
            mend = "put it here, or its file in DIGESTBOT_SMTP__PASSWORD_FILE"
            errors.append(ConfigError(f"{PREFIX}SMTP__PASSWORD", "is missing, and a user name is set", mend))
    return tuple(errors)


def _secret_values(settings: Settings) -> tuple[str, ...]:
    secrets = (settings.slack.token, settings.smtp.password, settings.database_url)
    return tuple(secret.get_secret_value() for secret in secrets if secret is not None)


def _in_file_order(errors: list[ConfigError], file: EnvFile) -> list[ConfigError]:
    placed = [
        ConfigError(error.key, error.reason, error.mend, line=file.lines.get(error.key, error.line)) for error in errors
    ]
    return sorted(placed, key=lambda error: error.line or 0)
