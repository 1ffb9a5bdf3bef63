"""What a reader wants of a list, as an operator writes it: how often, which topics, in which form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic_core import PydanticCustomError

from ..errors import ConfigError
from ..model import Frequency, Subscription
from ..ports import Store
from ..settings import Loaded
from ..settings.values import parse_language
from ..text.suggestions import closest_match
from .subscribers import checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a reader wants of a list; None where it stays as it is."""

    frequency: Frequency | None = None
    topics: tuple[str, ...] | None = None  # names; empty for all
    plain: bool | None = None
    language: str | None = None  # empty for the digest's

    @classmethod
    def of(
        cls,
        loaded: Loaded,
        *,
        frequency: Frequency | None,
        topics: str | None,
        plain: bool | None,
        language: str | None,
    ) -> Preferences:
        """As an operator writes them.

        Raises:
            ConfigError: there is no such topic, or no such language.
        """
        names = None if topics is None else tuple(name.strip().lower() for name in topics.split(",") if name.strip())
        names = () if names == ("all",) else names
        for name in names or ():
            if name not in loaded.settings.topics:
                guess = closest_match(name, loaded.settings.topics)
                fix = f"did you mean {guess}?" if guess else f"known: {', '.join(loaded.settings.topics) or 'none'}"
                raise ConfigError("--topics", f"there is no topic {name!r}", fix)
        try:
            tag = parse_language(language) if language else language
        except PydanticCustomError as error:
            raise ConfigError("--language", error.message(), str((error.context or {}).get("fix", ""))) from None
        return cls(frequency=frequency, topics=names, plain=plain, language=tag)

    @property
    def any(self) -> bool:
        """Whether anything is wished for."""
        return self != Preferences()


def change(store: Store, address: str, name: str, wanted: Preferences) -> bool:
    """Keep what a reader of a list wants; whether they are one."""
    address, _ = checked(address)
    reader = store.subscribers.find(address)
    if reader is None or reader.of(name) is None:
        return False
    person = reader.subscriber
    plain = person.plain if wanted.plain is None else wanted.plain
    language = person.language if wanted.language is None else wanted.language
    if (plain, language) != (person.plain, person.language):
        store.subscribers.describe(replace(person, plain=plain, language=language))

    def decide(one: Subscription) -> Subscription:
        topics = one.topics if wanted.topics is None else tuple(sorted(set(wanted.topics)))
        return replace(one, frequency=wanted.frequency or one.frequency, topics=topics)

    store.subscribers.change(person.id, name, decide)
    return True
