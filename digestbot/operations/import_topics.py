"""`digestbot topics import`: keywords of another program as topics of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError
from ..settings.envfile import line_for, read_env_file
from ..text.names import FreeNames, key_name_from
from ..text.sanitise import one_line
from ..topics.keyword_file import read_keyword_file

_TOPIC = "DIGESTBOT_TOPICS__"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedTopics:
    """What became of a keyword file."""

    topics: tuple[str, ...]  # their names in the configuration
    muted: tuple[str, ...] = ()  # digests whose MUTE has the file's filter now
    mute: tuple[str, ...] = ()  # the filter's terms, where a digest has a MUTE of its own
    left_out: tuple[str, ...] = ()


def import_topics(path: Path, keywords: Path) -> AddedTopics:
    """Append the topics of a keyword file to a configuration file, and its filter to the digests that have no MUTE.

    Raises:
        ConfigError: one of the two cannot be read, the first not written; there is no topic in the file.
    """
    file = read_env_file(path)
    try:
        found = read_keyword_file(keywords.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(keywords), "cannot be read", "write the path of a keyword file in UTF-8") from error
    if not found.topics:
        raise ConfigError(str(keywords), "has no group of words", "divide groups of words by an empty line")
    taken = {key.removeprefix(_TOPIC).partition("__")[0].lower() for key in file.values if key.startswith(_TOPIC)}
    names = FreeNames(taken)
    # Readers see titles, and two topics of one title would be one to them.
    given = {value for key, value in file.values.items() if key.startswith(_TOPIC) and key.endswith("__TITLE")}
    titles = FreeNames({_same(title) for title in given} | taken)
    settings: dict[str, str] = {}
    added: list[str] = []
    for topic in found.topics:
        name = names.take(key_name_from(topic.title) or "topic")
        added.append(name)
        key = f"{_TOPIC}{name.upper()}"
        settings[key] = topic.terms
        title = one_line(topic.title)
        free = titles.take(_same(title))  # with a number where it is taken
        title += free.removeprefix(_same(title)).replace("_", " ")
        if title.lower() != name.replace("_", " "):
            settings[f"{key}__TITLE"] = title
        if topic.limit:
            settings[f"{key}__LIMIT"] = str(topic.limit)
    digests = sorted({key.split("__")[1] for key in file.values if key.startswith("DIGESTBOT_DIGESTS__")})
    unmuted = [name for name in digests if f"DIGESTBOT_DIGESTS__{name}__MUTE" not in file.values] if found.mute else []
    settings |= {f"DIGESTBOT_DIGESTS__{name}__MUTE": ", ".join(found.mute) for name in unmuted}
    for key, value in settings.items():
        line_for(key, value)
    file.with_settings(settings).save()
    return AddedTopics(
        topics=tuple(added),
        muted=tuple(name.lower() for name in unmuted),
        mute=found.mute if len(unmuted) < len(digests) else (),
        left_out=found.left_out,
    )


def _same(title: str) -> str:
    """What makes two titles the same to a reader, and a name and its title."""
    return title.casefold().replace(" ", "_")
