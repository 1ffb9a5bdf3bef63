"""What the archive keeps of an edition, made from its JSON; and the numbers that say when it was sent."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import DataError, IntegrityError

from ..model import Edition, Place, parse_edition
from ..text.sanitise import shorten
from ..text.search_query import outlet_word, topic_word
from ..text.search_words import BORDER, bordered, key_word
from .archive_tables import sent_stories
from .column_types import strip_unstorable
from .database import chunks

LOG = logging.getLogger("digestbot")
# Of the 63 bits of a number: minutes since 1970 until the year 2097, a digest, a place.
_PLACE_BITS: Final = 16
_DIGEST_BITS: Final = 21
_MOST_MINUTES: Final = (1 << 26) - 1
HIGHEST_NUMBER: Final = (1 << 63) - 1
_MOST_WORDS: Final = 2_000  # of a story: no text of it is that long, all its headlines together may be
_MOST_OUTLETS: Final = 50
_EXCERPT: Final = 300  # characters


def first_number(digest: str, told: datetime) -> int:
    """Below all numbers of the stories that a digest tells at this moment."""
    name = zlib.crc32(digest.encode("utf-8", "surrogatepass")) & ((1 << _DIGEST_BITS) - 1)
    return first_of_minute(told) | name << _PLACE_BITS


def first_of_minute(moment: datetime) -> int:
    """Below all numbers of stories that were told at this moment, above those of a minute before."""
    minutes = int(moment.timestamp() // 60)
    return min(max(minutes, 0), _MOST_MINUTES) << (_DIGEST_BITS + _PLACE_BITS)


def keep_stories(connection: Connection, edition: Edition, content: str, *, revision: int) -> None:
    """Keep what an edition tells, in the transaction that publishes it, which this never stops.

    A story that only an older revision told stays: it was sent.
    """
    try:
        with connection.begin_nested():
            _keep(connection, edition, content, revision=revision)
    except (DataError, IntegrityError, LookupError, TypeError, ValueError, AttributeError) as error:
        kind = type(error).__name__
        LOG.warning("%s of %s is sent, but a search will not find it: %s", edition.digest, edition.date, kind)


def _keep(connection: Connection, edition: Edition, content: str, *, revision: int) -> None:
    told = list(_stories_in(content))
    of_it = (sent_stories.c.digest == edition.digest, sent_stories.c.edition == edition.date)
    first = first_number(edition.digest, edition.until)
    room = (sent_stories.c.number > first, sent_stories.c.number < first + (1 << _PLACE_BITS))
    lowest = connection.scalar(select(func.min(sent_stories.c.number)).where(*room))
    for part in chunks([story["id"] for story, _, _ in told]):
        connection.execute(delete(sent_stories).where(*of_it, sent_stories.c.story.in_(part)))
    begin = lowest if lowest is not None else first + (1 << _PLACE_BITS)
    courses = _courses(connection, edition.digest, told)
    rows = [
        {
            "number": begin - 1 - position,
            "digest": edition.digest,
            "edition": edition.date,
            "revision": revision,
            "position": position,
            "told": edition.until,
            "course": _course_of(story, courses) or f"{edition.date.isoformat()} {story['id']}",
            **_row(story, place, topic, digest=edition.digest),
        }
        for position, (story, place, topic) in enumerate(told)
        if begin - 1 - position > first
    ]
    if rows:
        connection.execute(insert(sent_stories), rows)


def _stories_in(content: str) -> Iterator[tuple[Mapping[str, Any], Place, str]]:
    """Every story that readers saw, once, in reading order, with its place and its section.

    Editions of earlier releases have no lead, briefs or related lines; what is no digest has no stories.
    """
    try:
        digest = json.loads(content)
    except ValueError:
        return
    seen = set[str]()
    for story, place, topic in _placed(digest):
        if story["id"] not in seen:
            seen.add(story["id"])
            yield story, place, topic


def _placed(digest: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Place, str]]:
    if lead := digest.get("lead"):
        yield from _with_related(lead, Place.LEAD, lead.get("topic", ""))
    for section in digest.get("sections", ()):
        for place, name in ((Place.FULL, "stories"), (Place.BRIEF, "briefs")):
            for story in section.get(name, ()):
                yield from _with_related(story, place, story.get("topic") or section["topic"])
    for place, name in ((Place.ELSEWHERE, "elsewhere"), (Place.ALSO, "also"), (Place.ALSO, "further")):
        for story in digest.get(name, ()):
            yield from _with_related(story, place, story.get("topic", ""))


def _with_related(story: Mapping[str, Any], place: Place, topic: str) -> Iterator[tuple[Mapping[str, Any], Place, str]]:
    yield story, place, topic
    for other in story.get("related", ()):
        yield other, Place.RELATED, topic


def _row(story: Mapping[str, Any], place: Place, topic: str, *, digest: str) -> dict[str, Any]:
    outlets = [source["name"] for source in story.get("sources", ())]
    sentences = [sentence["text"] for sentence in story.get("summary", ())]
    published = story.get("published")
    return {
        "story": story["id"],
        "place": place,
        "topic": topic,
        "title": story["title"],
        "url": story.get("url", ""),
        "outlets": tuple(outlets[:_MOST_OUTLETS]),
        "published": datetime.fromisoformat(published) if published else None,
        "day": story.get("day", 1),
        "excerpt": shorten(sentences[0], _EXCERPT) if sentences else "",
        "words": words_of(
            digest=digest,
            topic=topic,
            outlets=outlets,
            texts=[story["title"], *sentences, *(item["title"] for item in story.get("items", ()))],
        ),
    }


def words_of(*, digest: str, topic: str, outlets: Iterable[str], texts: Iterable[str]) -> str:
    """By what a story is found: its digest, topic and outlets as one word each, then its texts."""
    names = [digest_word(digest), *([topic_word(topic)] if topic else []), *map(outlet_word, outlets)]
    found = bordered(dict.fromkeys(map(strip_unstorable, texts)))
    return " ".join([*dict.fromkeys(names), BORDER, *found][:_MOST_WORDS])


def digest_word(digest: str) -> str:
    """The name of a digest as one word."""
    return key_word("d", digest)


def _earlier(story: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    earlier: Sequence[Mapping[str, str]] = story.get("earlier", ())
    return earlier


def _courses(
    connection: Connection, digest: str, told: Iterable[tuple[Mapping[str, Any], Place, str]]
) -> Mapping[tuple[str, str], str]:
    """Which course the stories belong to that these go on with, by the name of the edition and the id."""
    earlier = [one for story, _, _ in told for one in _earlier(story)]
    editions = sorted({parse_edition(one["edition"]) for one in earlier})
    known: dict[tuple[str, str], str] = {}
    for part in chunks(sorted({one["id"] for one in earlier})):
        row = sent_stories.c
        told_before = (row.digest == digest, row.edition.in_(editions), row.story.in_(part))
        query = select(row.edition, row.story, row.course).where(*told_before)
        known |= {(one.edition.isoformat(), one.story): one.course for one in connection.execute(query)}
    return known


def _course_of(story: Mapping[str, Any], courses: Mapping[tuple[str, str], str]) -> str:
    """Of several the one that began first."""
    return min((found for one in _earlier(story) if (found := courses.get((one["edition"], one["id"])))), default="")


def rename_stories(connection: Connection, digest: str, name: str) -> None:
    """All stories of a digest are those of another name."""
    row = sent_stories.c
    old, new = digest_word(digest), digest_word(name)
    for one in connection.execute(select(row.number, row.words).where(row.digest == digest)).all():
        words = " ".join(new if word == old else word for word in one.words.split(" "))
        changed = update(sent_stories).where(row.number == one.number).values(digest=name, words=words)
        connection.execute(changed)
