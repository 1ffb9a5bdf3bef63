"""What a feed writes in the same words each time makes no story: only what a title names tells its items apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digestbot.model import Item
from digestbot.stories import cluster
from digestbot.stories.titles import label_words


def items(outlet: str, *written: tuple[str, str]) -> list[Item]:
    return [
        Item(
            id=f"{outlet} {number}",
            title=title,
            text=text,
            source=outlet,
            url=f"https://{outlet.replace(' ', '-').lower()}.example/{number}",
        )
        for number, (title, text) in enumerate(written)
    ]


def stories(found: list[Item]) -> list[list[str]]:
    return [sorted(item.title for item in story.items) for story in cluster(found)]


FORUM = items(
    "Maker Board",
    *(
        (title, "Comments")
        for title in (
            "Show MB: A loom that knits maps",
            "Show MB: Sorting ten thousand buttons by colour",
            "Show MB: My balcony weather mast",
            "Ask MB: Which solder for brass?",
            "Ask MB: Where do you keep resin cold?",
            "Tell MB: the workshop moves in June",
            "Paper bearings hold up",
        )
    ),
)
STATUS = [
    one
    for outlet, title in (
        ("Ferrycloud Status", "Slow page loads for shops in Asia"),
        ("Parcelbird Status", "Webhooks arrive twice"),
        ("Tillhub Status", "Card payments declined"),
    )
    for one in items(
        outlet,
        (
            title,
            (
                "Monitoring - A fix has been rolled out and we are watching the results. Identified - The issue has been "
                "identified and a fix is being implemented. Investigating - We are looking into this issue."
            ),
        ),
    )
]
NOTICES = items(
    "Land Registry",
    *(
        (
            f"Form 12 - {name} (Applicant)",
            "Received: 2026-03-04 Form: 12 Pages: 4 Section 3.1: Change of beneficial ownership Section 5: Annexes",
        )
        for name in ("Hollin Quarries Ltd", "Brandt & Sons", "Tern Island Ferries", "Mossgiel Dairy")
    ),
)
FLAWS = items(
    "Flaw List",
    *(
        (
            f"FL-2026-{number} ({name})",
            (
                f"A weakness was found in {name} up to {version}. It is rated as severe. Handling of the argument {argument} "
                f"leads to {kind}. The attack can be started from afar."
            ),
        )
        for number, name, version, argument, kind in (
            (5501, "gatewarden", "3.1", "token", "a bypass of the login"),
            (5502, "plumfs", "0.9", "path", "reading of foreign files"),
            (5503, "tidyqueue", "7.4", "size", "a crash"),
        )
    ),
)
PLACES = items(
    "Harbour Jobs",
    *(
        (title, "We are looking for you. Permanent, full time. Send your papers by the end of the month.")
        for title in ("Tug master", "Pastry cook", "Payroll clerk", "Dental nurse")
    ),
)
WARNINGS = items(
    "River Office",
    *(
        (
            f"Notice: {river}",
            "Water levels are expected to rise. Keep away from the banks. This notice is in force today.",
        )
        for river in ("Upper Alder at Moss Bridge", "Lower Tarn near Whitby Mill", "Canal lock nine")
    ),
)
CALLED_BACK = items(
    "Shop Watch",
    *(
        (title, "The maker is recalling it, for it may do harm. Stop using it, and bring it back to the shop.")
        for title in ("Tern Foods recalls oat bread", "Brandt recalls cradles", "Mossgiel recalls desk lamps")
    ),
)
RELEASES = [
    one
    for outlet in ("Release notes from tidewatch", "Release notes from plumfs", "Release notes from gatewarden")
    for one in items(outlet, ("v1.0.0", "What's Changed: dependencies were updated. Full Changelog: v0.9.9...v1.0.0"))
]


@pytest.mark.parametrize(
    "written",
    [FORUM, STATUS, NOTICES, FLAWS, PLACES, WARNINGS, CALLED_BACK, RELEASES],
    ids=["forum", "status", "notices", "flaws", "places", "warnings", "called back", "releases"],
)
def test_items_of_one_template_are_stories_of_their_own(written: list[Item]) -> None:
    """The words of a template say nothing of what an item is about."""
    assert len(stories(written)) == len(written)


def test_headlines_behind_labels_are_stories_of_their_own() -> None:
    """A forum that gives titles alone is told apart by them, too, whichever label they carry."""
    bare = [replace(one, text="") for one in FORUM]
    assert len(stories(bare)) == len(bare)
    named_by_site = [replace(one, feed="board", source=f"site {at}") for at, one in enumerate(bare)]
    assert len(stories(named_by_site)) == len(named_by_site)


def test_all_templates_of_a_morning_at_once() -> None:
    """Templates are learned outlet by outlet: others beside them change nothing."""
    written = [*FORUM, *STATUS, *NOTICES, *FLAWS, *PLACES, *WARNINGS, *CALLED_BACK, *RELEASES]
    assert len(stories(written)) == len(written)


def test_two_forums_on_one_thing_are_one_story() -> None:
    """A label is left out, not the title behind it."""
    other = items("Tinker News", ("A loom that knits maps from street data", "The loom knits maps of any city."))
    assert ["A loom that knits maps from street data", "Show MB: A loom that knits maps"] in stories([*FORUM, *other])


def test_reports_with_other_titles_stay_one_story() -> None:
    """Two outlets need not choose one word alike for their titles, as long as the one's report says what the other's title does."""
    told = [
        *items(
            "Bay Post", ("Dockers walk out in Arlhaven", "Crane drivers in Arlhaven stopped work over pay on Monday.")
        ),
        *items(
            "Coast News", ("Strike halts cranes", "Dockers in Arlhaven walked out on Monday; cranes stopped over pay.")
        ),
    ]
    assert len(stories(told)) == 1


def test_the_name_of_an_event_is_no_label() -> None:
    """Titles behind a label are about different things; those behind an event's name have more in common."""
    strike = items(
        "Bay Post",
        ("Arlhaven strike: dockers reject pay offer", ""),
        ("Arlhaven strike: union and port meet over pay", ""),
        ("Arlhaven strike: dockers and union march to the port", ""),
    )
    assert label_words(strike) == {}
    assert label_words(FORUM) == {"Maker Board": frozenset({"show", "ask", "tell", "mb"})}


def test_a_name_that_others_make_headlines_of_is_no_label() -> None:
    """An outlet puts it before three angles; one that others write in small letters is a word like any other."""
    own = items(
        "Bay Post",
        *((f"{name}: {rest}", "") for name in ("Orrin", "Video") for rest in ("the leak", "why now", "ten facts")),
    )
    others = [
        each
        for at, verb in enumerate(("speaks", "flees", "sued"))
        for each in items(f"Outlet {at}", (f"Clerk Orrin {verb} over video of vault", ""))
    ]
    assert label_words([*own, *others]) == {"Bay Post": frozenset({"video"})}
    assert label_words([*own, *others[1:]]) == {"Bay Post": frozenset({"video", "orrin"})}


def test_a_word_is_a_label_from_three_titles_on() -> None:
    """Two may be chance."""
    assert label_words(FORUM[1:3]) == {}
