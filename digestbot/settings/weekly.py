"""The weekly edition of a list: a digest of its own, made of the digests that the list receives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from ..model import Recipient
from ..text.setting_names import as_title
from .lists import WEEKDAYS
from .options import DigestSettings, Settings
from .recipients import LIST, split_lists

SUFFIX: Final = "_weekly"
_WEEK: Final = timedelta(days=7)


def weekly_digests(settings: Settings) -> Mapping[str, DigestSettings]:
    """By name, `briefing_weekly`: for each list with WEEKLY that receives a digest.

    As the first of these digests, with the topics of all of them, over seven days, at the hour of the day's last edition. A digest of the
    owner's by that name is the owner's.
    """
    found: dict[str, DigestSettings] = {}
    for name, one in settings.lists.items():
        received = [digest for digest in settings.digests.values() if name in split_lists(digest.to)[1]]
        if one.weekly is None or not received or f"{name}{SUFFIX}" in settings.digests:
            continue
        first = received[0]
        topics = tuple(dict.fromkeys(topic for digest in received for topic in digest.topics))
        found[f"{name}{SUFFIX}"] = first.model_copy(
            update={
                "title": _title(one.title or as_title(name), first.language),
                "to": (Recipient(channel=LIST, address=name),),
                "at": (max(at for digest in received for at in digest.at),),
                "days": frozenset({WEEKDAYS.index(one.weekly)}),
                "topics": topics if all(digest.topics for digest in received) else (),
                "window": _WEEK,
                "max_age": max(_WEEK, first.max_age),
                "weekend": "send",
                # It tells what all of them tell.
                "public": all(digest.public for digest in received),
            }
        )
    return found


def _title(of_list: str, language: str) -> str:
    """Another one than the list's: its daily editions often bear that."""
    from ..render.i18n import translations  # noqa: PLC0415 -- takes time to import, and few configurations have such a list

    return translations(language).gettext("%(title)s: the week") % {"title": of_list}


def is_weekly(name: str, settings: Settings) -> bool:
    """Whether a digest is the weekly edition of a list."""
    return name not in settings.digests and name.endswith(SUFFIX) and name.removesuffix(SUFFIX) in settings.lists
