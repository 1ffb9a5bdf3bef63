"""Which items an edition is made from: each under its house, once, of a kind that is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import NOON, SPEC, item
from hypothesis import given
from hypothesis import strategies as st

from digestbot.edition.admission import FIRST_UNDATED, admit
from digestbot.edition.draft import draft_edition
from digestbot.edition.history import History
from digestbot.model import Edition, Feed, FeedKind, Item, Kind
from digestbot.stories import CorpusStatistics, cluster

NEWS = item("Crane falls into the harbour", url="https://tide.com/1", source="Tide World", text="Two were hurt.")
SAME_HOUSE = item("Harbour closed after crane falls", url="https://tide.com/2", source="Tide Economy")
DEAL = item("Rope & Anchor Promo Codes: 20% Off", url="https://ledger.example/3", source="Ledger")
VIEW = item("Opinion: Cranes are too tall", url="https://ledger.example/4", source="Ledger", hours=9)
ABOUT = item("About", url="https://ledger.example/about", source="Ledger", published=None)


def drafted(*items: Item, **given: object) -> object:
    edition = Edition(digest="morning", date=NOON.date(), since=NOON - timedelta(days=1), until=NOON)
    return draft_edition(
        replace(SPEC, topics=(), **given),  # type: ignore[arg-type]
        items,
        edition=edition,
        history=History(items=items),
        feeds=(),
        measure_corpus=CorpusStatistics.from_items,
        cluster=cluster,
    )


def test_two_channels_of_a_house_are_one_source_of_a_story() -> None:
    """Coverage, sources and quotes speak of the house."""
    made = drafted(NEWS, SAME_HOUSE)
    assert {one.source for story in made.stories for one in story.items} == {"Tide"}  # type: ignore[attr-defined]


def test_what_is_sold_and_static_pages_are_left_out_with_their_reason() -> None:
    """Nothing is lost without a word: `explain` has the kind and the rule."""
    made = admit(SPEC, [NEWS, DEAL, VIEW, ABOUT])
    assert [one.id for one in made.items] == [NEWS.id, VIEW.id]
    assert "deal" in made.left_out[DEAL.id]
    assert "Promo Codes" in made.left_out[DEAL.id]
    assert "no date" in made.left_out[ABOUT.id]


def test_a_digest_tells_exactly_the_kinds_it_asks_for() -> None:
    """KINDS=news, deal: no opinion, but the deals."""
    made = admit(replace(SPEC, kinds=frozenset({Kind.NEWS, Kind.DEAL})), [NEWS, DEAL, VIEW, ABOUT])
    assert [one.id for one in made.items] == [NEWS.id, DEAL.id]
    assert VIEW.id in made.left_out


def test_an_opinion_never_leads_a_story_that_has_news() -> None:
    """Though it came first and has a text; the entry is news."""
    view = item(f"Opinion: {NEWS.title}", text="Two were hurt, and cranes are too tall.", source="Post", hours=9)
    made = drafted(view, replace(NEWS, published=NOON))
    assert [one.lead.id for one in made.stories] == [NEWS.id]  # type: ignore[attr-defined]
    (entry,) = made.entries  # type: ignore[attr-defined]
    assert entry.story.lead.id == NEWS.id
    assert entry.kind is Kind.NEWS
    (alone,) = drafted(view).entries  # type: ignore[attr-defined]
    assert alone.kind is Kind.OPINION


def test_an_older_version_is_left_out_with_its_reason() -> None:
    """A re-slugged article is one report, and `explain` says where the other went."""
    later = replace(NEWS, id="later", url="https://tide.com/crane-falls-update", published=NOON)
    first = replace(NEWS, id="first", url="https://tide.com/crane-falls")
    made = admit(SPEC, [first, later])
    assert [one.id for one in made.items] == ["later"]
    assert "version" in made.left_out["first"]


def archive(count: int, *, read: int = 0) -> list[Item]:
    """Items without a date of one feed, oldest first, as the store gives them."""
    return [
        item(f"Note number {at} on harbours", source="Pier", id=f"{read}-{at}", published=None, first_seen=NOON + timedelta(hours=read))
        for at in range(count)
    ]  # fmt: skip


def test_of_a_first_reading_only_the_newest_without_a_date_are_news() -> None:
    """A feed without dates gives its whole archive at first; what comes later is new, however much."""
    old, new = archive(25), archive(15, read=5)
    first = admit(SPEC, old)
    assert [one.id for one in first.items] == [one.id for one in old[-FIRST_UNDATED:]]
    assert set(first.left_out) == {one.id for one in old[:-FIRST_UNDATED]}
    assert len(admit(SPEC, new, known=old).items) == 15


def test_a_page_shows_what_is_of_today() -> None:
    """Its headlines have no dates and are no archive; a page that is read as a list of links may be one."""
    page = Feed(url="https://pier.example/today", name="pier", kind=FeedKind.PAGE)
    assert len(admit(SPEC, archive(25), feeds=[page]).items) == 25
    links = replace(page, link_selector="h2 a")
    assert len(admit(SPEC, archive(25), feeds=[links]).items) == FIRST_UNDATED


@given(dated=st.lists(st.booleans(), max_size=30))
def test_every_item_is_told_or_has_a_reason(dated: list[bool]) -> None:
    """Whatever comes, an item is in one of the two, and an item with a date is never dropped for lack of one."""
    items = [
        item(f"Report {at} from pier {at}", id=str(at), url=f"https://pier.example/{at}", **({} if has else {"published": None}))
        for at, has in enumerate(dated)
    ]  # fmt: skip
    made = admit(SPEC, items)
    told = {one.id for one in made.items}
    assert told | set(made.left_out) == {one.id for one in items}
    assert not told & set(made.left_out)
    assert (
        sum(not has for has in dated) - sum(reason.startswith("without a date") for reason in made.left_out.values())
        <= 10
    )
