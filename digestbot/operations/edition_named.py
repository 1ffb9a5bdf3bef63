"""Which editions somebody means who writes a digest's name and a date."""

from __future__ import annotations

from datetime import date, datetime

from ..app.zones import day_in_words
from ..errors import ConfigError
from ..model import Edition, EditionDate
from ..ports import Store
from ..settings import Loaded
from ..text.suggestions import closest_match

_WORDS = ("yesterday", "today")
_LAST = 60  # editions that a slip is compared with


def digests_named(loaded: Loaded, store: Store, name: str | None) -> tuple[str, ...]:
    """The digest of this name, or all: those of the configuration, and those that have editions from before.

    Raises:
        ConfigError: there is none of that name.
    """
    known = {*loaded.digests, *store.editions.digests()}
    if name is None:
        return tuple(sorted(known))
    if (wanted := name.strip().lower()) in known:
        return (wanted,)
    guess = closest_match(wanted, known)
    fix = f"did you mean {guess}?" if guess else f"known: {', '.join(sorted(known))}"
    raise ConfigError("DIGEST", f"there is no digest {name!r}", fix)


def day_named(word: str, loaded: Loaded, digest: str, *, now: datetime, option: str = "--edition") -> date:
    """The name of an edition, a date, or a word such as `yesterday`, in the digest's own time zone.

    Raises:
        ConfigError: it is none of these.
    """
    day = day_in_words(word, loaded.digests.get(digest), now=now)
    if day is not None:
        return day
    guess = closest_match(word.strip().lower(), _WORDS)
    fix = f"did you mean {guess}?" if guess else "write a date such as 2026-05-27, 2026-05-27T1800, or yesterday"
    raise ConfigError(option, f"{word!r} is not the name of an edition", fix)


def editions_named(
    loaded: Loaded, store: Store, digest: str | None, word: str | None, *, now: datetime
) -> tuple[Edition, ...]:
    """The editions that are meant: a date means all of its editions, no word the newest one of each digest.

    Raises:
        ConfigError: there is no such digest, or no such edition of it.
    """
    names = digests_named(loaded, store, digest)
    found: list[Edition] = []
    for name in names:
        if word is None:
            found += store.editions.history(name, limit=1)
            continue
        day = day_named(word, loaded, name, now=now)
        if isinstance(day, EditionDate):
            found += [one for one in (store.editions.get(name, day),) if one]
        else:
            found += store.editions.of_day(name, day)
    if found:
        return tuple(found)
    of = f" of {digest.strip().lower()}" if digest else ""
    made = {edition.date.isoformat() for name in names for edition in store.editions.history(name, limit=_LAST)}
    if not made:
        raise ConfigError("DIGEST", f"there is no edition{of} yet", "make one with `digestbot run`")
    wanted = str(word).strip()
    guess = closest_match(wanted, made)
    fix = f"did you mean {guess}?" if guess else f"the newest is {max(made)}"
    raise ConfigError("--edition", f"there is no edition {wanted}{of}", fix)
