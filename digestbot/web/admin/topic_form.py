"""What the form of the topic editor says, and the settings that it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...app.feed_topics import known_feeds
from ...app.wiring import digest_specs
from ...errors import ConfigError
from ...settings import Loaded
from ...settings.envfile import EnvFile
from ...text.setting_values import written_weight
from ...topics import Topic, parse_topic, with_feeds
from .desk import Visit

_TOPICS: Final = "DIGESTBOT_TOPICS__"
_PARTS: Final = ("TITLE", "WEIGHT", "LIMIT")
_NAME: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_MOST_CHARACTERS: Final = 20_000  # of terms
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicForm:
    """A topic as somebody writes it: every value as it stands in the file, or would."""

    name: str
    terms: str = ""
    title: str = ""
    weight: str = ""
    limit: str = ""

    @property
    def key(self) -> str:
        """The setting of its terms."""
        return f"{_TOPICS}{self.name.upper()}"

    @property
    def settings(self) -> Mapping[str, str | None]:
        """What it would be in the file; None where nothing has to be said."""
        usual = {"WEIGHT": "1"}
        own = dict(zip(_PARTS, (self.title, self.weight, self.limit), strict=True))
        rest = {
            f"{self.key}__{part}": value if value not in ("", usual.get(part)) else None for part, value in own.items()
        }
        return {self.key: self.terms, **rest}

    @property
    def gone(self) -> Mapping[str, str | None]:
        """The same, for a topic that is taken out."""
        return dict.fromkeys([self.key, *(f"{self.key}__{part}" for part in _PARTS)])

    def topic(self, loaded: Loaded) -> Topic:
        """What it finds: its terms, and what its feeds bring whole.

        Raises:
            ConfigError: its terms or its name are none.
        """
        if not _NAME.fullmatch(self.name) or len(self.name) > _LONGEST_NAME:
            raise ConfigError(
                "The name", "is none", "write letters, digits and single underscores, as in chips or east_asia"
            )
        made = parse_topic(self.name, self.terms, key="Terms", title=self.title)
        feeds = [feed.name for feed in known_feeds(loaded) if feed.topic == self.name]
        return with_feeds(made, feeds) if feeds else made


def stored_form(name: str, file: EnvFile | None, loaded: Loaded) -> TopicForm | None:
    """A topic as the file has it now, else as the environment does; None where there is none of this name."""
    values = file.values if file else {}
    key = f"{_TOPICS}{name.upper()}"
    if key in values:
        title, weight, limit = (values.get(f"{key}__{part}", "") for part in _PARTS)
        return TopicForm(name=name, terms=values[key], title=title, weight=weight, limit=limit)
    known = loaded.settings.topics.get(name)
    if known is None:
        return None
    return TopicForm(
        name=name,
        terms=known.terms,
        title=known.title,
        weight=written_weight(known.weight) if known.weight != 1 else "",
        limit="" if known.limit is None else str(known.limit),
    )


def _in_one_line(terms: str) -> str:
    lines = (" ".join(line.split()).strip(",").strip() for line in terms.splitlines())
    return ", ".join(line for line in lines if line)


def given_form(visit: Visit) -> TopicForm:
    """What somebody typed. A setting is one line: a line break between terms is a comma, elsewhere a blank."""

    def line(field: str, most: int = 200) -> str:
        return " ".join(visit.given(field, most).split())

    return TopicForm(
        name=line("name").lower(),
        terms=_in_one_line(visit.given("terms", _MOST_CHARACTERS)),
        title=line("title"),
        weight=line("weight"),
        limit=line("limit"),
    )


def names_in(file: EnvFile | None, loaded: Loaded) -> tuple[str, ...]:
    """The topics of the file, in its order, then those of the environment alone."""
    written = [key.removeprefix(_TOPICS).lower() for key in (file.values if file else ()) if _is_terms(key)]
    return tuple(dict.fromkeys((*written, *loaded.settings.topics)))


def _is_terms(key: str) -> bool:
    return key.startswith(_TOPICS) and key.count("__") == 1


def followers(name: str, loaded: Loaded) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The digests that have a topic, or would have a new one, and those that name others only."""
    having = [spec.name for spec in digest_specs(loaded) if _follows(loaded, spec.name, name)]
    return tuple(having), tuple(one for one in loaded.digests if one not in having)


def _follows(loaded: Loaded, digest: str, name: str) -> bool:
    named = loaded.digests[digest].topics
    return not named or name in named
