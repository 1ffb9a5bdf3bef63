"""What every store promises about the archive, on every database: editions, courses, and what a search finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from alembic import command
from alembic.config import Config
from archived import DAY, TODAY, digest, entry, publish, send
from builders import NOON
from sqlalchemy import text

from digestbot.model import Choice, ChoiceKind, Edition, EditionDate, EditionState, Place
from digestbot.render import as_json
from digestbot.store import Stores, archive
from digestbot.store import migrate as migrations
from digestbot.store.archive_tables import sent_stories
from digestbot.store.schema import metadata
from digestbot.text.search_query import parse_query


def found(store: Stores, words: str, *digests: str, limit: int = 50) -> list[str]:
    """The titles of what a search finds."""
    stories = store.archive.search(parse_query(words), digests=digests or ("morning",), limit=limit).stories
    return [one.title for one in stories]


def test_an_edition_is_read_as_it_was_published(store: Stores):
    """With its moment and its making; one that is claimed, missed or of another digest is not there."""
    of = digest(entry("Chip exports rise"))
    publish(store, of, made=NOON + timedelta(minutes=2))
    store.editions.claim(Edition(digest="morning", date=TODAY + DAY, since=NOON, until=NOON + DAY))
    store.editions.set_state("morning", TODAY + 2 * DAY, EditionState.MISSED)
    edition = store.archive.edition("morning", TODAY)
    assert edition is not None
    assert (edition.content, edition.until, edition.made) == (as_json(of), NOON, NOON + timedelta(minutes=2))
    assert (edition.revision, edition.newest, edition.corrected) == (0, 0, False)
    assert store.archive.newest("morning") == TODAY
    for name, day in (("morning", TODAY + DAY), ("morning", TODAY + 2 * DAY), ("evening", TODAY)):
        assert store.archive.edition(name, day) is None
    assert store.archive.newest("evening") is None


def test_an_older_revision_stays_readable(store: Stores):
    """The newest is what a reader gets; each older one with its own making; one that never was is not there."""
    edition = publish(store, digest(entry("First")), made=NOON)
    for number, title in ((1, "Second"), (2, "Third")):
        content = as_json(digest(entry(title)))
        store.editions.revise(edition, content, (), revision=number, made=NOON + number * DAY)
    newest = store.archive.edition("morning", TODAY)
    assert newest is not None
    assert ("Third" in newest.content, newest.revision, newest.newest, newest.corrected) == (True, 2, 2, True)
    for number, title in ((0, "First"), (1, "Second"), (2, "Third")):
        older = store.archive.edition("morning", TODAY, revision=number)
        assert older is not None
        assert (title in older.content, older.revision, older.newest) == (True, number, 2)
        assert older.made == NOON + number * DAY
    for never in (3, -1, 10**30):
        assert store.archive.edition("morning", TODAY, revision=never) is None


def test_a_revision_after_its_deliveries_were_forgotten_replaces_nothing_older(store: Stores):
    """Whoever counts by deliveries begins at 0 again: the number of the content goes on."""
    edition = publish(store, digest(entry("First")))
    store.editions.revise(edition, as_json(digest(entry("Second"))), (), revision=0)
    newest = store.archive.edition("morning", TODAY)
    first = store.archive.edition("morning", TODAY, revision=0)
    assert newest is not None
    assert first is not None
    assert (newest.revision, "Second" in newest.content, "First" in first.content) == (1, True, True)


def test_an_edition_without_news_that_is_made_again_is_its_first_revision(store: Stores):
    """Nobody has read an earlier one."""
    edition = store.editions.claim(Edition(digest="morning", date=TODAY, since=NOON - DAY, until=NOON))
    store.editions.set_state("morning", TODAY, EditionState.EMPTY)
    store.editions.revise(edition, as_json(digest(entry("Told"))), (), revision=0)
    made = store.archive.edition("morning", TODAY)
    assert made is not None
    assert (made.revision, made.corrected) == (0, False)


def test_neighbours_are_those_that_went_out(store: Stores):
    """In the order of names; several of a day stand between."""
    evening = EditionDate.of(TODAY, time(18))
    send(store, "One", days=-3)
    send(store, "Two")
    publish(store, digest(entry("Three"), edition=evening, until=NOON + timedelta(hours=6)))
    store.editions.set_state("morning", TODAY + DAY, EditionState.MISSED)
    assert store.archive.neighbours("morning", TODAY) == (TODAY - 3 * DAY, evening)
    assert store.archive.neighbours("morning", evening) == (TODAY, None)
    assert store.archive.neighbours("morning", TODAY - 3 * DAY) == (None, TODAY)
    assert store.archive.neighbours("morning", date(2020, 1, 1)) == (None, TODAY - 3 * DAY)


def test_a_list_of_editions_names_the_first_story_of_each(store: Stores):
    """Newest first, of these days alone; of a corrected one what stands now; one without a story is in it."""
    send(store, "April", days=-40)
    send(store, "Lead", "Second")
    edition = send(store, "Wrong", "Gone", days=1)
    right = digest(entry("Right"), edition=edition.date, until=edition.until)
    store.editions.revise(edition, as_json(right), (), revision=1)
    publish(store, digest(edition=TODAY + 2 * DAY, until=NOON + 2 * DAY))
    lines = store.archive.lines("morning", since=date(2026, 5, 1), until=date(2026, 5, 31))
    assert [(one.date.day, one.headline, one.stories, one.revision) for one in lines] == [
        (29, "", 0, 0), (28, "Right", 1, 1), (27, "Lead", 2, 0),
    ]  # fmt: skip
    assert [one.date for one in store.archive.lines("morning", limit=1)] == [TODAY + 2 * DAY]
    assert store.archive.months("morning") == ((date(2026, 5, 1), 3), (date(2026, 4, 1), 1))
    assert store.archive.lines("evening") == store.archive.months("evening") == ()
    newest = store.archive.newest_editions("morning", limit=2)
    assert [(one.date.day, one.revision, one.newest) for one in newest] == [(29, 0, 0), (28, 1, 1)]


def test_a_story_is_kept_with_its_place_and_what_a_list_shows_of_it(store: Stores):
    """The lead, full ones, lines and related ones, in reading order, each once."""
    other = entry("Related line", id="r")
    of = digest(
        entry(
            "Full", "The first sentence.", "The second.", id="f", outlets=("Gazette", "Wire"), day=3, related=(other,)
        ),
        lead=entry("Lead", id="l", topic="Markets"),
        elsewhere=(entry("Elsewhere", id="e", topic=""),),
        also=(entry("Also", id="a", topic="Chips"), entry("Lead", id="l")),
    )
    publish(store, of)
    places = {"l": Place.LEAD, "f": Place.FULL, "r": Place.RELATED, "e": Place.ELSEWHERE, "a": Place.ALSO}
    for position, (identity, place) in enumerate(places.items()):
        kept = store.archive.story("morning", TODAY, identity)
        assert kept is not None
        assert (kept.place, kept.position, kept.told, kept.revision) == (place, position, NOON, 0)
    full = store.archive.story("morning", TODAY, "f")
    assert full is not None
    assert (full.title, full.topic, full.outlets, full.day) == ("Full", "Chips", ("Gazette", "Wire"), 3)
    assert (full.excerpt, full.published) == ("The first sentence.", NOON - timedelta(hours=1))
    assert store.archive.story("morning", TODAY, "x") is None
    assert store.archive.story("evening", TODAY, "f") is None


def test_a_course_of_events_is_what_editions_told_of_it(store: Stores):
    """Oldest first, whichever of its stories is asked about; what goes on with two began with the first of them."""
    send(store, "Strike called", id="a")
    publish(store, digest(entry("Talks fail", id="b"), edition=TODAY + DAY, until=NOON + DAY))
    two = ((TODAY + DAY, "b"), (TODAY, "a"))
    third = entry("Strike begins", id="c", day=3, earlier=two)
    publish(store, digest(third, entry("Apart", id="d"), edition=TODAY + 2 * DAY, until=NOON + 2 * DAY))
    last = entry("Strike ends", id="e", day=4, earlier=((TODAY + 2 * DAY, "c"), (TODAY, "gone")))
    publish(store, digest(last, edition=TODAY + 3 * DAY, until=NOON + 3 * DAY))
    kept = store.archive.story("morning", TODAY + 3 * DAY, "e")
    assert kept is not None
    assert [one.title for one in store.archive.course("morning", kept.course)] == [
        "Strike called", "Strike begins", "Strike ends",
    ]  # fmt: skip
    assert [one.title for one in store.archive.course("morning", kept.course, limit=2)] == [
        "Strike begins",
        "Strike ends",
    ]
    assert store.archive.course("evening", kept.course) == ()


def test_what_a_newer_revision_tells_no_more_is_still_found(store: Stores):
    """It was sent. What both tell is found once, as the newer one tells it."""
    edition = publish(store, digest(entry("Wafer plant burns", id="w"), entry("Old wafer title", id="t")))
    corrected = digest(entry("New wafer title", id="t", topic="Corrected"))
    store.editions.revise(edition, as_json(corrected), (), revision=1)
    stories = store.archive.search(parse_query("wafer"), digests=["morning"]).stories
    assert {(one.title, one.revision) for one in stories} == {("Wafer plant burns", 0), ("New wafer title", 1)}
    assert found(store, "old") == []
    assert found(store, "topic:chips") == ["Wafer plant burns"]


def test_what_is_found_does_not_depend_on_how_it_is_looked_for(store: Stores, monkeypatch: pytest.MonkeyPatch):
    """PostgreSQL looks through what was sent last, and then asks its index: the same stories in the same order, page by page."""
    titles = ["Chip exports rise", "Exports of a chip", "Harbour rise", "Chip exports fall", "Chips and harbour"]
    publish(store, digest(*map(entry, titles)))
    for words in ('"chip exports"', "chip", "rise -harbour", "harbour from:2026-05-27"):
        wanted = parse_query(words)
        everything = store.archive.search(wanted, digests=["morning"], limit=50).stories
        assert everything
        for through in (1, 2):
            monkeypatch.setattr(archive, "_LOOKED_THROUGH", through)
            found = store.archive.search(wanted, digests=["morning"], limit=1)
            pages = found.stories
            while found.after is not None:
                found = store.archive.search(wanted, digests=["morning"], after=found.after, limit=1)
                pages += found.stories
            assert pages == everything, words


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("chip", "ab"),
        ("CHIP exports", "a"),
        ('"export chip"', ""),
        ('"chip exports"', "a"),
        ("chip -rise", "b"),
        ("-chip", "cdef"),
        ('-"chip exports"', "bcdef"),
        ("expor*", "ab"),
        ("-expor*", "cdef"),
        ("beyonce", "c"),
        ("AT&T", "d"),
        ("at&t 7.5%", "d"),
        ('"7 5"', "d"),
        ("台積", "e"),
        ("台積電", "e"),
        ("電", "e"),
        ("台", "e"),
        ("積電台", ""),
        ("廠", "e"),
        ("3nm", "e"),
        ("台積電3nm", "e"),
        ("quoted", "f"),
        ('"quoted words other"', ""),
        ("topic:markets", "cd"),
        ("topic:Chips outlet:wire", "b"),
        ('outlet:"Evening Post"', "f"),
        ("outlet:post", ""),
        ("-topic:chips", "cd"),
        ("-outlet:wire", "acdef"),
        ("topic:chips topic:markets chip", "ab"),
        ("t_chips", ""),
        ("morning", ""),
        ("nothing", ""),
        ("", "abcdef"),
        ("' OR 1=1 --", ""),
        ("chip NOT exports", ""),
        ("NEAR(chip exports)", ""),
        ("words:chip", ""),
        ("chip:*", "ab"),
        ("a_b & | ! ( <-> '", ""),
    ],
)  # fmt: skip
def test_words_find_their_stories(store: Stores, words: str, expected: str):
    """The same ones on every database, and what is no word of a reader's is never a word of the database."""
    told = {
        "a": entry("Chip exports rise", id="a"),
        "b": entry("Chip makers fear export curbs", id="b", outlets=("Wire",)),
        "c": entry("Beyoncé's tour", id="c", topic="Markets"),
        "d": entry("AT&T gains 7.5%", id="d", topic="Markets"),
        "e": entry("台積電3nm製程新廠", id="e"),
        "f": entry("Other", "These are quoted words.", id="f", outlets=("Evening Post",)),
    }
    publish(store, digest(*told.values()))
    stories = store.archive.search(parse_query(words), digests=["morning"], limit=50).stories
    assert "".join(sorted(one.story for one in stories)) == expected


def test_dates_are_those_of_editions_both_included(store: Stores):
    """Also where a day has several; whatever the zone, an edition's moment does not count."""
    for days in range(-2, 3):
        send(store, f"Day {days}", days=days)
    evening = EditionDate.of(TODAY, time(18))
    publish(store, digest(entry("Evening"), edition=evening, until=NOON + timedelta(hours=20)))
    assert found(store, "from:2026-05-27 to:2026-05-27") == ["Evening", "Day 0"]
    assert found(store, "from:2026-05-28") == ["Day 2", "Day 1"]
    assert found(store, "to:2026-05-25 day") == ["Day -2"]
    assert found(store, "from:2026-06") == []
    assert found(store, "from:2026 to:2026-05") == found(store, "from:1000 to:2999") == found(store, "")


def test_what_was_sent_last_comes_first_and_pages_follow_without_gaps(store: Stores):
    """By the edition's moment, the lead of each first; what is sent meanwhile moves no page."""
    for days in (3, 1, 2):
        send(store, f"{days} a", f"{days} b", f"{days} c", days=days)
    send(store, "0 z", days=2, name="evening")
    query, digests = parse_query(""), ["morning", "evening"]
    page = store.archive.search(query, digests=digests, limit=4)
    titles = [one.title for one in page.stories]
    send(store, "later", days=9)
    while page.after is not None and len(titles) < 20:
        page = store.archive.search(query, digests=digests, after=page.after, limit=4)
        titles += [one.title for one in page.stories]
    assert [one for one in titles if one != "0 z"] == [f"{day} {part}" for day in (3, 2, 1) for part in "abc"]
    assert titles.index("0 z") in (3, 6)
    assert len(page.stories) == 2
    for far in (-1, 0, 10**30):
        assert len(store.archive.search(query, digests=digests, after=far).stories) == (11 if far > 0 else 0)


def test_no_story_of_another_digest_is_found(store: Stores):
    """Whatever is typed: its name in the words, or as part of another name."""
    send(store, "Public", name="news")
    send(store, "Secret", name="news_private")
    for words in ("", "secret", "-public", "d_news_private", 'topic:"news private"', "news*"):
        assert "Secret" not in found(store, words, "news")
    # Of two names that differ in signs alone, which are one word to a search.
    assert found(store, "", "news-private") == []
    assert store.archive.search(parse_query(""), digests=()).stories == ()
    assert found(store, "secret", "news", "news_private") == ["Secret"]


def test_a_renamed_digest_keeps_its_archive(store: Stores):
    """Editions, older revisions, courses and words."""
    edition = send(store, "Chip exports rise", "台積電")
    store.editions.revise(edition, as_json(digest(entry("Chip exports fall"))), (), revision=1)
    store.choices.add(Choice(digest="morning", kind=ChoiceKind.HOLD, at=NOON, who="ann"))
    store.editions.rename("morning", "dawn")
    assert list(store.choices.orders()) == ["dawn"]
    assert (store.archive.called_now("morning"), store.archive.called_now("dawn")) == ("dawn", None)
    assert store.archive.former_names("dawn") == ("morning",)
    assert sorted(found(store, "", "dawn")) == ["Chip exports fall", "Chip exports rise", "台積電"]
    assert found(store, '"exports fall"', "dawn") == ["Chip exports fall"]
    assert found(store, "", "morning") == []
    older = store.archive.edition("dawn", TODAY, revision=0)
    assert older is not None
    assert "rise" in older.content
    assert store.archive.edition("morning", TODAY) is None


def test_former_names_follow_each_renaming(store: Stores):
    """Of a digest that had three names; one that has its first name again has that no more as a former one."""
    send(store, "Chip exports rise")
    store.editions.rename("morning", "dawn")
    store.editions.rename("dawn", "early")
    assert store.archive.former_names("early") == ("dawn", "morning")
    store.editions.rename("early", "morning")
    assert store.archive.former_names("morning") == ("dawn", "early")
    assert store.archive.called_now("morning") is None


def test_what_cannot_be_kept_stops_no_edition(store: Stores, caplog: pytest.LogCaptureFixture):
    """A JSON of another shape: it is published, and what is wrong is logged."""
    edition = store.editions.claim(Edition(digest="morning", date=TODAY, since=NOON - DAY, until=NOON))
    store.editions.publish(edition, '{"lead": {"title": "no id"}}', (), used=())
    assert store.editions.get("morning", TODAY) == replace(
        edition, state=EditionState.READY, content='{"lead": {"title": "no id"}}'
    )
    assert found(store, "") == []
    assert "a search will not find it" in caplog.text
    assert [one.stories for one in store.archive.lines("morning")] == [0]


def test_what_the_database_refuses_stops_no_edition_either(store: Stores):
    """PostgreSQL ends a transaction at the first error: what is kept for the archive is undone alone."""
    edition = store.editions.claim(Edition(digest="morning", date=TODAY, since=NOON - DAY, until=NOON))
    strange = as_json(digest(entry("Chip exports rise", day=10**12)))
    store.editions.publish(edition, strange, (), used=())
    published = store.archive.edition("morning", TODAY)
    assert published is not None
    assert published.content == strange


def test_two_digests_of_one_moment_do_not_meet(store: Stores):
    """Their stories have numbers of their own; so has an edition that is made again and again."""
    names = [f"digest_{number}" for number in range(40)]
    for name in names:
        send(store, f"Of {name}", "Second", name=name)
    assert len(found(store, "", *names, limit=100)) == 80
    edition = store.editions.get("digest_1", TODAY)
    assert edition is not None
    for number in range(1, 5):
        told = [entry(f"{number} {at}", id=f"{at}") for at in range(3)]
        store.editions.revise(edition, as_json(digest(*told, name="digest_1")), (), revision=number)
    assert found(store, "", "digest_1") == ["Of digest_1", "Second", "4 0", "4 1", "4 2"]
    assert found(store, "", "digest_2") == ["Of digest_2", "Second"]


def test_words_are_read_back_as_they_were_written(store: Stores):
    """A copy of the database on another kind of one is searched as the original."""
    send(store, "Harbour bridge reopens bridge", outlets=("Gazette", "Wire"))
    with store.database.reading() as connection:
        words = connection.execute(sent_stories.select().with_only_columns(sent_stories.c.words)).scalar_one()
    assert words.startswith("d_morning t_chips o_gazette o_wire . harbour bridge reopens bridge . harbour bridge")


def test_an_upgrade_fills_in_what_was_sent_before(empty):
    """From the JSON of the editions: as if they had been published today, but for the moment of their making."""
    store = empty.open()
    edition = send(store, "Chip exports rise", id="a")
    later = entry("Chip exports fall", id="b", earlier=((TODAY, "a"),))
    publish(store, digest(later, edition=TODAY + DAY, until=NOON + DAY))
    with store.database.reading() as connection:
        before = connection.execute(text("SELECT * FROM sent_stories ORDER BY number")).all()
        editions = connection.execute(
            text("SELECT digest, date, since, until, state, content FROM editions")
        ).mappings()
        kept = [dict(one) for one in editions]
    with store.database.migrating() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrations.SCRIPTS))
        command.upgrade(config, "0017")
        values = (
            "(digest, date, since, until, state, content) VALUES (:digest, :date, :since, :until, :state, :content)"
        )
        connection.execute(text(f"INSERT INTO editions {values}"), kept)
    store.close()
    store = empty.open()
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT * FROM sent_stories ORDER BY number")).all() == before
    assert found(store, '"exports fall"') == ["Chip exports fall"]
    made = store.archive.edition("morning", edition.date)
    assert made is not None
    assert made.made == edition.until
    store.close()
