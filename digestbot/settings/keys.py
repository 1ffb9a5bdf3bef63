"""The names of settings: which exist, and which one was probably meant."""

from __future__ import annotations

from typing import get_origin

from pydantic import BaseModel

from ..errors import ConfigError
from ..text.setting_values import SettingsGroup
from ..text.suggestions import closest_match
from .options import PREFIX, DigestSettings, Settings, families
from .renamed import renamed_key

# What to write for a family without saying which: an example that most people need.
_EXAMPLES = {"digests": "DIGESTS__MORNING__AT=07:30", "topics": "TOPICS__MARKETS=gold, oil"}


def unknown_key(key: str) -> ConfigError | None:
    """What is wrong with the name of a setting; None when there is such a one."""
    # Before any guess: a former name is known for certain, and the nearest one by spelling may be another setting.
    if error := renamed_key(key):
        return error
    words = key.removeprefix(PREFIX).lower().split("__")
    if "" in words:
        return ConfigError(key, "has an empty name between its underscores", "write it as in DIGESTBOT_FEEDS__NEWS=...")
    fields = Settings.model_fields
    if words[0] not in fields:
        return _elsewhere(key, words) or _no_such_setting(key, words, 0, tuple(fields))
    known = families(Settings)
    if words[0] in known:
        return _in_family(key, words, known[words[0]])
    inner = fields[words[0]].annotation
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return _in_group(key, words, inner)
    return _levels(key, words, 2 if get_origin(inner) is dict else 1)


def _elsewhere(key: str, words: list[str]) -> ConfigError | None:
    """A setting without the name of its digest, or with one underscore where two divide levels."""
    if words[0] in DigestSettings.model_fields and len(words) == 1:
        fix = f"it belongs to a digest: write {PREFIX}DIGESTS__MORNING__{words[0].upper()}=..."
        return ConfigError(key, "is not a setting", fix)
    head, _, rest = words[0].partition("_")
    levelled = [name for name, info in Settings.model_fields.items() if info.annotation not in {str, str | None}]
    family = closest_match(head, tuple(levelled)) if rest else None
    if family is None:
        return None
    meant = "__".join([family, rest, *words[1:]]).upper()
    return (
        None if unknown_key(PREFIX + meant) else ConfigError(key, "is not a setting", f"did you mean {PREFIX}{meant}?")
    )


def _in_family(key: str, words: list[str], model: type[SettingsGroup]) -> ConfigError | None:
    """DIGESTBOT_FAMILY__NAME__FIELD, or DIGESTBOT_FAMILY__NAME where the family has a bare field."""
    bare = {model.bare, f"{model.bare}_file"} if model.bare else set()
    fields = tuple(name for name in _names(model) if name not in bare)
    if len(words) == 2 and bare:
        return None
    if len(words) == 3 and words[2] in bare:
        own = f"{PREFIX}{words[0]}__{words[1]}".upper() + ("_FILE" if words[2].endswith("_file") else "")
        return ConfigError(key, "is not a setting", f"write it as {own}=...")
    if len(words) != 3 or not fields:
        usual = f"{words[0]}__name" + ("" if bare else f"__{fields[0]}")
        example = _EXAMPLES.get(words[0], f"{usual.upper()}=...")
        reason = "needs a name" if len(words) < 3 else f"has {len(words)} levels where {3 if fields else 2} are meant"
        return ConfigError(key, reason, f"write {PREFIX}{example}")
    return None if words[2] in fields else _no_such_setting(key, words, 2, fields)


def _names(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _in_group(key: str, words: list[str], model: type[BaseModel]) -> ConfigError | None:
    fields = _names(model)
    if len(words) == 1:
        return ConfigError(key, "is a group of settings, not one", f"write {key}__{fields[0].upper()}")
    return _levels(key, words, 2) if words[1] in fields else _no_such_setting(key, words, 1, fields)


def _levels(key: str, words: list[str], levels: int) -> ConfigError | None:
    if len(words) == levels:
        return None
    if len(words) < levels:
        return ConfigError(key, "needs a name", f"write {key}__NAME=...")
    fix = "a double underscore divides levels: use a single one inside a name"
    return ConfigError(key, f"has {len(words)} levels where {levels} are meant", fix)


def _no_such_setting(key: str, words: list[str], depth: int, names: tuple[str, ...]) -> ConfigError:
    before = PREFIX + "".join(f"{part.upper()}__" for part in words[:depth])
    after = "".join(f"__{part.upper()}" for part in words[depth + 1 :])
    guess = closest_match(words[depth], names)
    fix = f"did you mean {before}{guess.upper()}{after}?" if guess else f"known: {', '.join(names).upper()}"
    return ConfigError(key, "is not a setting", fix)
