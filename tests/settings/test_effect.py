"""Every setting of a topic and of a digest changes what is made: no setting without effect."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON, item
from sweep_zones import next_due_at

from digestbot.app import wiring
from digestbot.app.feeds import configured_feeds
from digestbot.app.storage import working_store
from digestbot.app.zones import schedule_for
from digestbot.edition import counted_days
from digestbot.edition.context import EditionContext
from digestbot.edition.pipeline import prepare, run
from digestbot.edition.reading import read_history
from digestbot.edition.window import window
from digestbot.errors import ConfigErrors
from digestbot.model import Digest, Edition, EditionState, FeedState, Item
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import Loaded, load

EMPTY = '<rss version="2.0"><channel><title>Empty</title></channel></rss>'
NEWS = (
    item("Gold climbs to a record", source="Ledger", hours=3),
    item("Chip maker opens a wafer plant", source="Gazette", hours=2),
    item("Chip exports of Veldhaven rise", source="Ledger", hours=4),
    item("Harbour library opens longer", source="Gazette", hours=5),
)
TOPICS = {"TOPICS__CHIPS": "chip*, wafer*", "TOPICS__GOLD": "gold"}

Make = Callable[..., Digest]


def configured(folder: Path, **settings: str) -> Loaded:
    """A configuration with two feeds that say nothing by themselves."""
    for name in ("ledger", "gazette"):
        (folder / f"{name}.xml").write_text(EMPTY)
    given = {
        "FEEDS__LEDGER": "ledger.xml",
        "FEEDS__GAZETTE": "gazette.xml",
        "DIGESTS__MORNING__TIMEZONE": "UTC",
        "DIGESTS__MORNING__TO": "file:./out",
    }
    lines = [f"DIGESTBOT_{key}={value}\n" for key, value in (given | settings).items()]
    (folder / "config.env").write_text("".join(lines), encoding="utf-8")
    return load(folder / "config.env", {}, folder=folder)


@contextmanager
def opened(loaded: Loaded, folder: Path, items: tuple[Item, ...] = NEWS) -> Iterator[EditionContext]:
    """A desk on a store that holds these items."""
    with working_store(loaded, folder / "data") as store:
        for one in items:
            store.items.save(FeedState(name=one.feed), [one], now=NOON - timedelta(hours=6))
        yield replace(wiring.edition_context(loaded, store, LoggedProgress(), sending=True), clock=lambda: NOON)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make the morning's digest of NEWS, or of other items, under some settings."""

    def made(*items: Item, **settings: str) -> Digest:
        loaded = configured(tmp_path, **settings)
        with opened(loaded, tmp_path, items or NEWS) as context:
            return prepare(wiring.digest_specs(loaded)[0], context, at=NOON).digest

    return made


def sections(digest: Digest) -> list[tuple[str, list[str]]]:
    return [(section.topic, [entry.title for entry in section.entries]) for section in digest.sections]


def titles(digest: Digest) -> list[str]:
    return [entry.title for entry in digest.entries]


def test_a_topics_title_is_what_readers_see(make: Make):
    """TITLE replaces the name."""
    assert sections(make(TOPICS__CHIPS="chip*", TOPICS__CHIPS__TITLE="Chips & fabs"))[0][0] == "Chips & fabs"


def test_a_topics_limit_leaves_room_to_others(make: Make):
    """LIMIT bounds the summaries of one topic; the rest of it stands under it in one line each."""
    digest = make(**TOPICS, TOPICS__CHIPS__LIMIT="1")

    assert Counter(entry.topic for entry in digest.entries) == {"Chips": 1, "Gold": 1}
    assert "Chip exports of Veldhaven rise" in [entry.title for entry in digest.headlines]


def test_a_topics_weight_decides_between_topics(make: Make):
    """WEIGHT ranks a topic's stories, and wins a story that fits two topics."""
    both = item("Gold wires for a chip plant", hours=2)

    assert sections(make(both, **TOPICS, TOPICS__GOLD__WEIGHT="2"))[0][0] == "Gold"
    assert sections(make(both, **TOPICS, TOPICS__CHIPS__WEIGHT="2"))[0][0] == "Chips"


def test_topics_stand_in_the_order_of_the_digest(make: Make):
    """ORDER=file: the order of TOPICS is the order of the sections, and what is not named there is no topic."""
    more = item("Gold mine reopens", source="Ledger", hours=9), item("Chip prices fall", source="Gazette", hours=9)
    for names, order in (("gold, chips", ["Gold", "Chips"]), ("chips, gold", ["Chips", "Gold"]), ("gold", ["Gold"])):
        made = make(*NEWS, *more, **TOPICS, DIGESTS__MORNING__TOPICS=names, DIGESTS__MORNING__ORDER="file")
        assert [topic for topic, _ in sections(made)] == order


def test_what_matches_no_topic_stands_elsewhere_where_many_tell_it(make: Make):
    """ELSEWHERE keeps so many lines for it; WHY shows readers the reasons."""
    wide = [
        item(
            title,
            source=f"Outlet {at}",
            text=f"The old bridge of Odde fell into the fjord on Monday. {title}.",
            id=f"b{at}",
        )
        for at, title in enumerate(
            ("Bridge of Odde falls", "Odde bridge fell into the fjord", "Fall of the bridge of Odde")
        )
    ]
    told = [make(*NEWS, *wide, **TOPICS, DIGESTS__MORNING__ELSEWHERE=most) for most in ("4", "0")]

    assert [len(digest.elsewhere) for digest in told] == [1, 0]
    assert [make(**TOPICS, DIGESTS__MORNING__WHY=said).shows_why for said in ("no", "yes")] == [False, True]


def test_sources_bound_what_a_digest_reads(make: Make):
    """SOURCES names feeds; what others carry is not told."""
    digest = make(DIGESTS__MORNING__SOURCES="ledger")

    assert {source.name for entry in digest.entries for source in entry.sources} == {"Ledger"}


def test_source_weights_rank(make: Make):
    """SOURCE_WEIGHTS lifts one feed and puts another last, and the lift is explained."""
    lifted = make(DIGESTS__MORNING__SOURCE_WEIGHTS="ledger^8, gazette^0")

    assert [entry.sources[0].name for entry in lifted.entries] == ["Ledger", "Ledger", "Gazette", "Gazette"]
    assert "from Ledger, which you weigh 8" in map(str, lifted.entries[0].why)


def test_a_muted_word_is_silent_until_its_day(make: Make):
    """MUTE leaves items out up to and including the day that is given."""
    assert "Gold climbs to a record" not in titles(make(DIGESTS__MORNING__MUTE="gold until 2026-05-27"))
    assert "Gold climbs to a record" in titles(make(DIGESTS__MORNING__MUTE="gold until 2026-05-26"))


def test_a_pinned_word_comes_first(make: Make):
    """PIN puts a story on top of its topic; one without a topic opens the digest."""
    inside = make(**TOPICS, DIGESTS__MORNING__PIN="Veldhaven")
    outside = make(**TOPICS, DIGESTS__MORNING__PIN="library")
    without_topics = make(DIGESTS__MORNING__PIN="library")

    assert (titles(inside)[0], inside.entries[0].topic) == ("Chip exports of Veldhaven rise", "Chips")
    assert (titles(outside)[0], outside.entries[0].topic) == ("Harbour library opens longer", "Pinned")
    assert str(outside.entries[0].why[0]) == "you pinned library"
    assert titles(without_topics)[0] == "Harbour library opens longer"


@pytest.mark.parametrize(
    ("setting", "value", "stories", "also"),
    [("MAX_STORIES", "1", 1, 3), ("ALSO", "0", 3, 0), ("WINDOW", "150m", 1, 0), ("MAX_PER_SOURCE", "1", 3, 1)],
)
def test_numbers_bound_a_digest(make: Make, setting: str, value: str, stories: int, also: int):
    """Room, "Also" and window hold as set."""
    digest = make(**TOPICS, **{f"DIGESTS__MORNING__{setting}": value})

    assert (len(digest.entries), len(digest.headlines)) == (stories, also)


def test_words_bound_a_summary(make: Make):
    """WORDS makes a summary shorter."""
    text = (
        "The plant at Veldhaven opened its gates to visitors on Monday. Its owner expects eight thousand wafers a month. "
        "Three suppliers have moved into the valley since spring. The town will build a second school for the families. "
        "A strike over night shifts had delayed the opening by five weeks."
    )
    long, short = (
        len(make(item("Plant opens", text=text), DIGESTS__MORNING__WORDS=words).entries[0].summary.sentences)
        for words in ("60", "12")
    )

    assert long > short


def test_language_and_title_reach_the_reader(tmp_path: Path):
    """LANGUAGE translates the fixed words, TITLE stands at the head, TEMPLATES and MODE shape the message."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "email.txt").write_text("My own words on {{ digest.date }}")
    loaded = configured(
        tmp_path,
        DIGESTS__MORNING__LANGUAGE="de",
        DIGESTS__MORNING__TITLE="Morgenblatt",
        DIGESTS__MORNING__TEMPLATES="own",
        DIGESTS__MORNING__MODE="thread",
    )
    with opened(loaded, tmp_path) as context:
        run(wiring.digest_specs(loaded)[0], context, at=NOON)
    folder = tmp_path / "out" / "morning" / "2026-05-27"

    assert (folder / "digest.txt").read_text().startswith("My own words on Mittwoch")
    assert "Morgenblatt" in (folder / "digest.html").read_text()
    assert len(json.loads((folder / "slack.json").read_text())) > 1


@pytest.mark.parametrize(("policy", "sent", "failures"), [("skip", False, 0), ("line", True, 0), ("send", True, 1)])
def test_a_quiet_day_is_treated_as_asked(tmp_path: Path, policy: str, sent: bool, failures: int):
    """QUIET sends nothing, one line, or the empty digest with what failed."""
    loaded = configured(tmp_path, DIGESTS__MORNING__WHEN_EMPTY=policy, FEEDS__BROKEN="nowhere.xml")
    with opened(loaded, tmp_path, (item("Old news", hours=200),)) as context:
        outcome = run(wiring.digest_specs(loaded)[0], context, at=NOON)
    made = tmp_path / "out" / "morning" / "2026-05-27" / "digest.json"

    assert made.exists() is sent
    assert outcome.edition.state is (EditionState.DONE if sent else EditionState.EMPTY)
    assert not sent or len(json.loads(made.read_text())["failures"]) == failures


def test_days_and_weekend_decide_when(tmp_path: Path):
    """WEEKEND=carry and drop leave Saturday and Sunday out of DAYS; AT, TIMEZONE and MAX_DELAY make the schedule."""
    friday = datetime(2026, 5, 29, 12, 0, tzinfo=UTC)
    upcoming = {}
    for policy in ("send", "carry", "drop"):
        settings = {"WEEKEND": policy, "AT": "06:00", "TIMEZONE": "Asia/Tokyo", "MAX_DELAY": "2h"}
        digest = configured(tmp_path, **{f"DIGESTS__MORNING__{key}": value for key, value in settings.items()}).digests
        schedule = schedule_for(digest["morning"])
        upcoming[policy] = next_due_at(friday, schedule)
        assert schedule.max_delay == timedelta(hours=2)

    assert upcoming["send"] == datetime(2026, 5, 29, 21, 0, tzinfo=UTC)
    assert upcoming["carry"] == upcoming["drop"] == datetime(2026, 5, 31, 21, 0, tzinfo=UTC)


def test_deliver_within_is_the_deadline(tmp_path: Path):
    """An edition's deliveries expire so long after they were frozen."""
    loaded = configured(tmp_path, DIGESTS__MORNING__DELIVER_WITHIN="36h")
    with opened(loaded, tmp_path) as context:
        run(wiring.digest_specs(loaded)[0], context, at=NOON)
        assert [row.deadline for row in context.store.outbox.all()] == [NOON + timedelta(hours=36)]


def test_monday_tells_of_the_weekend_or_not(tmp_path: Path):
    """After Friday's edition, carry covers three days and drop one window; in the week both run on from the last."""
    friday, monday = datetime(2026, 5, 29, 7, 0, tzinfo=UTC), datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
    carry, drop = (
        wiring.digest_specs(configured(tmp_path, DIGESTS__MORNING__WEEKEND=policy))[0] for policy in ("carry", "drop")
    )
    last = Edition(digest="morning", date=friday.date(), since=friday, until=friday)
    midweek = replace(last, until=monday + timedelta(days=1))

    assert window(carry, last, until=monday)[0] == friday
    assert window(drop, last, until=monday) == (monday - timedelta(days=1), monday - timedelta(days=1), True)
    assert window(drop, midweek, until=monday + timedelta(days=4))[0] == midweek.until


def test_max_age_lets_late_items_in(tmp_path: Path):
    """An item that arrives late is told while it is younger than MAX_AGE."""
    counts = {}
    for age in ("2d", "9d"):
        folder = tmp_path / age
        folder.mkdir()
        loaded = configured(folder, DIGESTS__MORNING__MAX_AGE=age)
        late = item("Five days old", hours=120)
        last = Edition(
            digest="morning", date=date(2026, 5, 26), since=NOON - timedelta(days=2), until=NOON - timedelta(days=1)
        )
        with opened(loaded, folder, ()) as context:
            context.store.editions.claim(last)
            context.store.editions.set_state("morning", last.date, EditionState.EMPTY)
            context.store.items.save(FeedState(name=late.feed), [late], now=NOON)
            counts[age] = len(prepare(wiring.digest_specs(loaded)[0], context, at=NOON).used)

    assert counts == {"2d": 0, "9d": 1}


@pytest.mark.parametrize("most", [10_000, 2])
def test_digests_share_one_grouping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int):
    """Two audiences with the same window: grouped once, each told its own part, with the same story ids.

    Also where so much is stored that earlier days are counted, which each edition reads anew.
    """
    monkeypatch.setattr(counted_days, "FEWEST", 1)
    monkeypatch.setitem(read_history.__kwdefaults__, "most", most)
    earlier = tuple(item(f"Rope price of day {day}", hours=24 * day) for day in range(2, 6))
    loaded = configured(
        tmp_path,
        DIGESTS__EVENING__TIMEZONE="UTC",
        DIGESTS__EVENING__TO="file:./out",
        DIGESTS__EVENING__SOURCES="ledger",
    )
    with opened(loaded, tmp_path, (*NEWS, *earlier)) as context:
        morning, evening = (prepare(spec, context, at=NOON).digest for spec in wiring.digest_specs(loaded))
        looked = context.cluster.cache_info()  # type: ignore[attr-defined]

    assert (looked.misses, looked.hits) == (1, 1)
    assert {entry.story.id for entry in evening.entries} < {entry.story.id for entry in morning.entries}


def test_an_unknown_source_is_named_with_its_neighbour(tmp_path: Path):
    """SOURCES and SOURCE_WEIGHTS are held to the feeds there are, those of OPML files included."""
    loaded = configured(tmp_path, DIGESTS__MORNING__SOURCES="legder", DIGESTS__MORNING__SOURCE_WEIGHTS="x^2")

    with pytest.raises(ConfigErrors) as caught:
        configured_feeds(loaded)

    assert [(error.key, error.reason, error.fix) for error in caught.value.errors] == [
        ("DIGESTBOT_DIGESTS__MORNING__SOURCES", "is not the name of a feed or page", "did you mean ledger?"),
        (
            "DIGESTBOT_DIGESTS__MORNING__SOURCE_WEIGHTS",
            "is not the name of a feed or page",
            "known: ledger, gazette",
        ),
    ]


def test_of_many_feeds_the_first_are_named(tmp_path: Path):
    """No other command needs to be asked: `feeds list` reads the same file, and fails alike."""
    many = {f"FEEDS__F{number}": f"https://f.example/{number}" for number in range(30)}
    with pytest.raises(ConfigErrors) as caught:
        configured_feeds(configured(tmp_path, **many, DIGESTS__MORNING__SOURCES="ledger, zzzz"))

    (error,) = caught.value.errors
    assert error.fix.startswith("known: ledger, gazette, f0, f1, ")
    assert error.fix.endswith(" and 20 more")
    assert "feeds list" not in str(error)


def test_a_ticker_is_learned_from_the_month_before(make: Make):
    """A pair seen three weeks ago makes today's report of the company alone belong to the topic."""
    before = item("Nvidia (NASDAQ: NVDA) hires", hours=500)

    assert sections(make(before, item("Nvidia slips"), TOPICS__CHIPS="NASDAQ:NVDA")) == [("Chips", ["Nvidia slips"])]


def test_kinds_say_what_is_told(make: Make):
    """By default no deal is told; KINDS names exactly what is."""
    items = (*NEWS, item("Rope coupon codes for May 2026", hours=2), item("Opinion: Chips are too small", hours=2))

    assert not any("coupon" in title for title in titles(make(*items)))
    assert titles(make(*items, DIGESTS__MORNING__KINDS="deal")) == ["Rope coupon codes for May 2026"]
    assert set(titles(make(*items, DIGESTS__MORNING__KINDS="opinion, Market_Data"))) == {"Opinion: Chips are too small"}


def test_houses_join_domains(make: Make):
    """HOUSES adds to what digestbot knows: two domains are one outlet."""
    items = (
        item("Gold climbs to a record", source="Ledger", url="https://ledger.example/1"),
        item("Gold climbs to a record high", source="Ledger Asia", url="https://ledger-asia.example/2", feed="gazette"),
    )

    def outlets(**settings: str) -> set[str]:
        return {source.name for entry in make(*items, **settings).entries for source in entry.sources}

    assert outlets() == {"Ledger", "Ledger Asia"}
    assert outlets(HOUSES__THE_LEDGER="ledger.example, ledger-asia.example") == {"The Ledger"}
