"""Versions of one article count once: a new address or a new headline is no second report."""

from dataclasses import replace

import pytest
from builders import item
from hypothesis import given
from hypothesis import strategies as st

from digestbot.stories.versions import one_version_each

SITE = "https://www.tide.example"
TEXT = "The crane had stood on the eastern quay for sixty years before the storm of Tuesday night took it down, the port said."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Crane falls into the harbour", "/2026/05/26/crane-falls"), ("Crane falls into the harbour", "/2026/05/27/crane-falls")),
        (("Crane falls into the harbour", "/crane-falls-harbour"), ("Crane falls into the harbour", "/amp/crane-falls-harbour")),
        (("Crane falls into the harbour", "/crane-falls-harbour"), ("Crane falls into the harbour", "/crane-falls-harbour-update?x=1")),
        (("Crane falls into the harbour", "/crane-falls-harbour"), ("Crane falls into the harbour, two hurt", "/crane-falls-harbour-two-hurt")),
        (("Crane falls, 3 hurt on the quay", "/port/crane-falls-on-quay"), ("Crane falls, 12 hurt on the quay", "/port/crane-falls-on-quay-2026-05-27")),
        (("Crane falls into the harbour", "/news/4711081/crane-falls"), ("Two hurt as crane falls at harbour", "/port/4711081/two-hurt")),
        (("起重機墜海 兩人受傷送院", "/港聞/60346/起重機墜海"), ("起重機墜海 三人受傷送院", "/突發/60346/起重機墜海三人受傷")),
    ],
)  # fmt: skip
def test_a_new_address_or_headline_makes_no_second_report(first: tuple[str, str], second: tuple[str, str]) -> None:
    """The newest version stays, wherever it stands."""
    old = item(first[0], source="Tide", url=SITE + first[1], hours=5, id="old")
    new = item(second[0], source="Tide", url=SITE + second[1], hours=1, id="new")
    assert one_version_each([old, new]) == (new,)
    assert one_version_each([new, old]) == (new,)


def test_the_same_text_under_a_new_headline_is_one_report() -> None:
    """Where the headlines have something in common."""
    old = item("Crane falls at port", text=TEXT, source="Tide", url=f"{SITE}/a", hours=3)
    new = item("Port crane falls in storm", text=TEXT, source="Tide", url=f"{SITE}/b", hours=1)
    assert one_version_each([old, new]) == (new,)


def test_a_text_under_three_names_is_a_template() -> None:
    """Each of the three is about another place; a third version of one headline is none of them."""
    towns, versions = ("Alder", "Tarn", "Moss"), ("Crane falls", "Crane falls at port", "Crane falls at port, two hurt")
    found = [
        [item(title, text=TEXT, source="Tide", url=f"{SITE}/{at}", id=title) for at, title in enumerate(titles)]
        for titles in ([f"{town} weather forecast" for town in towns], versions)
    ]
    assert [len(one_version_each(some)) for some in found] == [3, 1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Tidal Q2 earnings beat estimates", "/q2/tidal-q2-earnings-beat"), ("Coral Q2 earnings beat estimates", "/q2/coral-q2-earnings-beat")),
        (("How to sail a crane, part 7", "/how-to-sail-part-7"), ("How to sail a crane, part 8", "/how-to-sail-part-8")),
        (("Live updates", "/live/one"), ("Live updates", "/live/two")),
        (("Crane falls into the harbour", "/crane-falls"), ("Ferry runs aground off the harbour", "/ferry-runs-aground")),
        (("Crane falls into the harbour", "/a/crane-falls-harbour"), ("Crane falls into the harbour", "/why-the-port-was-slow")),
    ],
)  # fmt: skip
def test_two_articles_stay_two(first: tuple[str, str], second: tuple[str, str]) -> None:
    """Another name in the same template is another event, and so is another part or another address altogether."""
    pair = [
        item(title, source="Tide", url=SITE + path, hours=at, id=path)
        for at, (title, path) in enumerate((first, second))
    ]
    assert len(one_version_each(pair)) == 2


def test_a_headline_that_a_list_repeats_is_no_second_report() -> None:
    """The article stays, though the list came later; where neither has a text, the earlier one."""
    title = "Crane falls into the harbour"
    article = item(title, text=TEXT, source="Tide", url=f"{SITE}/crane-falls", hours=5, id="own")
    listed = item(title, source="Tide", url="https://list.example/out/9", hours=1, id="listed")
    assert one_version_each([listed, article]) == (article,)

    bare = replace(article, text="")
    assert one_version_each([listed, bare]) == (bare,)
    assert len(one_version_each([replace(listed, text="Another day, another crane."), article])) == 2
    assert len(one_version_each([replace(listed, url=f"{SITE}/photos/9"), article])) == 2


def test_other_houses_and_later_weeks_have_their_own_reports() -> None:
    """One headline in two houses is two reports; so is a headline that comes back after days."""
    title = "Markets close higher after the storm"
    one = item(title, source="Tide", url=f"{SITE}/markets-close", id="1")
    other = item(title, source="Ledger", url="https://ledger.example/markets-close", id="2")
    earlier = item(title, source="Tide", url=f"{SITE}/2026/markets-close", id="3", hours=80)
    assert len(one_version_each([one, other, earlier])) == 3


TITLES = st.sampled_from(
    ["Crane falls into the harbour", "Crane falls into the harbour, 2 hurt", "Ferry runs aground off the pier"]
)


@given(given=st.lists(st.tuples(TITLES, st.sampled_from(["Tide", "Ledger"]), st.integers(0, 60)), max_size=8))
def test_what_stays_is_some_of_what_came_in_its_order(given: list[tuple[str, str, int]]) -> None:
    """Nothing is made up, nothing moves, no house falls silent, and a second look changes nothing where all is said once."""
    items = [
        item(title, source=source, hours=hours, id=str(at), url=f"{SITE}/{title[:12]}")
        for at, (title, source, hours) in enumerate(given)
    ]
    kept = one_version_each(items)
    assert [one for one in items if one in kept] == list(kept)
    assert {one.source for one in kept} == {one.source for one in items}
    assert {one.id for one in one_version_each(items[::-1])} == {one.id for one in kept}
