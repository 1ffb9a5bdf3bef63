"""What a feed's own settings are called in a list of feeds, where other programs pass over them. Secrets are none of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..model import Feed
from ..text.sanitise import one_line

_MAX_WEIGHT = 10.0
_MAX_TERMS_CHARS = 2000
_FIELDS = {"interval": "interval", "fulltext": "full_text", "maxitems": "max_items", "weight": "weight"}


def written_settings(feed: Feed) -> dict[str, str]:
    """The settings that a feed has, as attributes of its entry."""
    from ..text.setting_values import written_duration, written_weight  # noqa: PLC0415 -- as below

    made = {
        "weight": written_weight(feed.weight) if feed.weight != 1 else "",
        "interval": written_duration(feed.interval) if feed.interval else "",
        "fullText": "" if feed.full_text is None else "yes" if feed.full_text else "no",
        "mute": feed.mute,
        "topic": feed.topic,
        "maxItems": str(feed.max_items or ""),
    }
    return {name: value for name, value in made.items() if value}


def unread_settings(attributes: Mapping[str, str]) -> dict[str, str]:
    """The settings among the attributes of an entry that `read_settings` passes over, by their names there."""
    written = {name: attributes[name] for name in _FIELDS if attributes.get(name)}
    found = read_settings(written) if written else {}
    return {name: value for name, value in written.items() if _FIELDS[name] not in found}


def read_settings(attributes: Mapping[str, str]) -> dict[str, Any]:
    """The settings among the attributes of an entry, names in lower case; what makes no sense is passed over."""
    found: dict[str, Any] = {}
    if attributes.get("cssfullcontent"):  # FreshRSS reads its articles, by a selector that we do not need
        found["full_text"] = True
    if attributes.keys().isdisjoint(_FIELDS.keys() | {"mute", "topic"}):
        return found
    # Only here: the processes that parse feeds have no room for pydantic.
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from ..text.setting_values import Duration, Number, Switch  # noqa: PLC0415

    kinds: dict[str, Any] = {"interval": Duration, "fulltext": Switch, "maxitems": Number, "weight": float}
    for name, kind in kinds.items():
        try:
            value = TypeAdapter(kind).validate_python(attributes[name])
        except (KeyError, ValidationError):
            continue
        if value or name in ("fulltext", "weight"):
            found[_FIELDS[name]] = value
    weight = found.get("weight", 1.0)
    if not isinstance(weight, float) or not 0 <= weight <= _MAX_WEIGHT:
        del found["weight"]
    for name in ("mute", "topic"):
        if value := one_line(attributes.get(name, ""))[:_MAX_TERMS_CHARS]:
            found[name] = value.lower() if name == "topic" else value
    return found
