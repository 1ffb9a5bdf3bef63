"""Syndicated copies: wire text and reprints do not count as independent reports."""

from builders import item, story

from digestbot.stories import sources

WIRE = (
    "Dock workers at Rotterdam walked out on Tuesday over pay, halting container ships at Europe's largest port, "
    "and the union said that the strike would last until the employers returned to the table with a better offer."
)
OWN = (
    "Cranes stood still this morning. Our reporter on the quay counted forty ships waiting at anchor while drivers "
    "queued for miles, and shopkeepers inland began to worry about bananas, bicycles and garden furniture alike."
)


def independence(*items: object) -> dict[str, bool]:
    return {source.name: source.independent for source in sources(story(*items))}  # type: ignore[arg-type]


def test_a_reprint_is_not_independent_and_the_first_is() -> None:
    """Of two outlets with one text, the one that had it first counts."""
    first, reprint = item(text=WIRE, source="Agency", hours=5), item(text=WIRE + " Read on.", source="Courier", hours=2)
    own = item(text=OWN, source="Ledger", hours=1)
    assert independence(reprint, own, first) == {"Agency": True, "Courier": False, "Ledger": True}


def test_a_text_that_a_feed_cut_short_is_still_a_copy() -> None:
    """Feeds cut descriptions at different lengths."""
    assert independence(item(text=WIRE, source="A", hours=3), item(text=WIRE[:180] + "...", source="B", hours=2)) == {
        "A": True,
        "B": False,
    }


def test_a_reprint_cut_to_a_third_is_still_a_copy() -> None:
    """What counts is the share of the shorter text: a feed that cuts an article to its first lines has copied it."""
    short = " ".join(WIRE.split()[:30])
    assert independence(item(text=f"{WIRE} {OWN} {OWN[::-1]}", source="A", hours=3), item(text=short, source="B")) == {
        "A": True,
        "B": False,
    }


def test_an_agency_credit_makes_a_copy_of_the_second_outlet_that_carries_it() -> None:
    """Two outlets that both credit one agency are one witness, however they cut its text."""
    one = item(text=f"ROTTERDAM (Reuters) - {WIRE}", source="A", hours=3)
    other = item("Port stands still", text=f"ROTTERDAM, May 26 (Reuters) - {OWN}", source="B", hours=2)
    assert independence(one, other) == {"A": True, "B": False}


def test_an_outlet_with_one_report_of_its_own_is_independent() -> None:
    """A copy beside its own report takes nothing from an outlet; outlets with most items come first."""
    items = (
        item(text=WIRE, source="A", hours=5),
        item(text=WIRE, source="B", hours=4),
        item("Own", text=OWN, source="B"),
    )
    assert [(source.name, source.items, source.independent) for source in sources(story(*items))] == [
        ("B", 2, True),
        ("A", 1, True),
    ]


def test_equal_headlines_without_text_are_copies_only_if_they_say_enough() -> None:
    """Nobody writes the same eight words by chance; "Storm hits coast" may be."""
    long, short = "Rotterdam dock workers walk out over pay again", "Storm hits coast"
    assert independence(item(long, source="A", hours=2), item(long, source="B")) == {"A": True, "B": False}
    assert independence(item(short, source="A", hours=2), item(short, source="B")) == {"A": True, "B": True}


def test_a_copy_of_what_an_earlier_report_quotes_in_part_is_one() -> None:
    """That a third report has half of the words before both changes nothing for who has all of them."""
    half = " ".join(WIRE.split()[:18])
    told = independence(
        item(text=f"{OWN} {half}", source="A", hours=3),
        item(text=WIRE, source="B", hours=2),
        item(text=WIRE, source="C", hours=1),
    )
    assert told == {"A": True, "B": True, "C": False}
