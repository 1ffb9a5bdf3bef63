"""explain: every decision about a story in words, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bot import Bot
from newsroom import AT, rss

GOLD = (
    "Gold eases as the dollar firms",
    "Gold slipped 0.4% to $4,310 an ounce in early trade in Singapore as the dollar firmed against the yen.",
    "Wed, 27 May 2026 02:00:00 +0000",
)
OTHERS = (
    (
        "Dollar firms, and gold slips 0.4%",
        "In early trade in Singapore gold slipped by 0.4% to $4,310 an ounce; the dollar had firmed against the yen.",
        "Wed, 27 May 2026 03:00:00 +0000",
    ),
    ("Yen strikes a new low against the dollar", "The yen fell to 171.", "Wed, 27 May 2026 04:00:00 +0000"),
    ("World Cup draw is made", "The draw pleased nobody.", "Wed, 27 May 2026 04:00:00 +0000"),
    ("A tin mine opens", "The mine opened.", "Tue, 12 May 2026 04:00:00 +0000"),
    ("Library stays open on Sundays", "Readers asked for it.", "Wed, 27 May 2026 04:00:00 +0000"),
)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return made_bot(tmp_path, GOLD)


def made_bot(tmp_path: Path, gold: tuple[str, str, str], others: tuple[tuple[str, str, str], ...] = OTHERS) -> Bot:
    (tmp_path / "post.xml").write_text(rss(gold), encoding="utf-8")
    (tmp_path / "cable.xml").write_text(
        rss(*others, title="Southern Cable").replace("harbourpost", "southerncable"), encoding="utf-8"
    )
    made = Bot(tmp_path)
    made.configure(
        FEEDS__POST="./post.xml",
        FEEDS__CABLE="./cable.xml",
        TOPICS__METALS="gold, sing*",
        DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
        DIGESTS__MORNING__TO="file:./out",
        DIGESTS__MORNING__MUTE="World Cup",
    )
    assert made("run", "--at", AT).returncode == 0
    return made


def test_a_story_is_explained(bot: Bot):
    """What the reports share, the closest pair, the nearest miss, the score's parts and the matching terms."""
    said = bot("explain", "https://harbourpost.example/0").stdout
    story = json.loads(bot("explain", "https://harbourpost.example/0", "--json").stdout)

    assert "Place: shown: number 1 under Metals" in said
    assert "Grouped because they share: " in said
    assert "Nearest miss: “Yen strikes a new low against the dollar” (Southern Cable)" in said
    assert "Topics: Metals: gold, sing*" in said
    assert 'Metals: sing* is in “Singapore”; -"Singapore" leaves that out' in said
    assert len(story["items"]) == 2
    assert story["score"]["topic"] > 0
    assert story["closest"] > story["nearest_miss"]["closeness"]
    assert bot("explain", story["story"]).stdout.splitlines()[1:] == [
        line for line in said.splitlines()[1:] if not line.startswith("Item: ")
    ]


def test_the_choice_of_the_headline_is_explained(tmp_path: Path):
    """Which report gave the headline, and what spoke against the title of the first one."""
    quotation = "‘Gold eases as the dollar firms’"
    bot = made_bot(tmp_path, (quotation, *GOLD[1:]))

    said = bot("explain", "https://southerncable.example/0").stdout
    story = json.loads(bot("explain", "https://southerncable.example/0", "--json").stdout)

    assert f"Headline: “{OTHERS[0][0]}” (Southern Cable)" in said
    assert f"not “{quotation}” (Harbour Post): its title is a quotation" in said
    assert story["title"] == OTHERS[0][0]
    assert story["headline_item"] == next(one["id"] for one in story["items"] if one["title"] == OTHERS[0][0])


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://southerncable.example/4", "it matches no topic"),
        ("https://southerncable.example/2", "left out by MUTE or SOURCES"),
        ("https://southerncable.example/3", "before this edition's window"),
    ],
)
def test_what_was_left_out_is_explained(bot: Bot, address: str, reason: str):
    """An address that is not among the stories with a summary says why."""
    done = bot("explain", address)

    assert done.returncode == 0, done.stderr
    assert reason in done.stdout


def test_a_repeated_story_is_explained(bot: Bot):
    """A story that was reported and brings nothing new names the edition that reported it."""
    (bot.folder / "post.xml").write_text(
        rss(
            ("Gold slips 0.4% as dollar firms", OTHERS[0][1], "Thu, 28 May 2026 02:00:00 +0000"),
            ("A quay collapses", "The quay collapsed at noon.", "Thu, 28 May 2026 02:00:00 +0000"),
        ).replace("/0?", "/7?"),
        encoding="utf-8",
    )
    assert bot("run", "--at", "2026-05-28T20:00+08:00").returncode == 0

    assert "already reported on 2026-05-27, and nothing new" in bot("explain", "https://harbourpost.example/7").stdout


def test_a_story_is_found_by_its_number_and_by_words(bot: Bot):
    """The number that the terminal shows, a headline, and words of it in any order and case."""
    shown = json.loads((bot.folder / "out" / "morning" / "2026-05-27" / "digest.json").read_text())
    first = shown["sections"][0]["stories"][0]
    for reference in ("1", "1.", first["title"], "GOLD singapore" if "Singapore" in first["title"] else "gold"):
        assert json.loads(bot("explain", reference, "--json").stdout)["story"] == first["id"]
    text = (bot.folder / "out" / "morning" / "2026-05-27" / "digest.txt").read_text()
    [line] = [line for line in text.splitlines() if "Yen strikes" in line]
    number = line.split(".")[0].strip(" -–·")
    for reference in ("dollar yen low", *([number] if number.isdigit() else [])):
        assert "Yen strikes a new low" in bot("explain", reference).stdout
    for reference in ("99", "0", "no such words at all"):
        assert bot("explain", reference).returncode == 2


def test_a_day_without_an_edition_is_named(bot: Bot):
    """Instead of: no story of that name."""
    done = bot("explain", "gold", "--date", "2026-05-20")
    assert done.returncode == 2
    assert "morning has no edition of 2026-05-20" in done.stderr


def test_an_unknown_reference_is_an_error(bot: Bot):
    """Neither a guess nor a traceback."""
    done = bot("explain", "https://nowhere.example/1")

    assert done.returncode == 2
    assert "is no stored story or item" in done.stderr


def test_a_house_and_a_kind_are_explained(tmp_path: Path):
    """The label behind a house, the kind of an item with its rule, and why a deal is nowhere."""
    when = "Wed, 27 May 2026 02:00:00 +0000"
    (tmp_path / "post.xml").write_text(
        rss(
            ("Gold slips on the dollar", "Gold slipped.", when),
            ("Opinion: Gold is overrated", "It glitters.", when),
            ("Gold ring coupon codes for May 2026", "Rings.", when),
            title="Harbourpost World",
        ),
        encoding="utf-8",
    )
    bot = Bot(tmp_path)
    bot.configure(
        FEEDS__POST="./post.xml", DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong", DIGESTS__MORNING__TO="file:./out"
    )
    assert bot("run", "--at", AT).returncode == 0

    assert "(Harbourpost) – its feed says “Harbourpost World”" in bot("explain", "https://harbourpost.example/0").stdout
    opinion = bot("explain", "https://harbourpost.example/1")
    assert "opinion, by title: a headline marked as somebody's view (Opinion:)" in opinion.stdout
    assert "kind -1.00" in opinion.stdout
    deal = bot("explain", "https://harbourpost.example/2").stdout
    assert "Place: left out: its kind, deal, is not among KINDS" in deal
    by_words = bot("explain", "ring coupon codes").stdout
    assert "Place: left out: its kind, deal, is not among KINDS" in by_words, "however it is asked for"
    (item, *_) = json.loads(bot("explain", "https://harbourpost.example/1", "--json").stdout)["items"]
    assert (item["kind"], item["label"], item["source"]) == ("opinion", "Harbourpost World", "Harbourpost")


def test_reports_of_one_trading_session_are_explained(tmp_path: Path):
    """Which market and which day hold them together, beside the words that they share."""
    market = ("Hang Seng closes up 1.2% at 26,138", "Banks led.", "Wed, 27 May 2026 02:00:00 +0000")
    other = ("港股收市升319點", "滙控領漲。", "Wed, 27 May 2026 03:00:00 +0000")
    bot = made_bot(tmp_path, market, (other,))

    said = bot("explain", "https://harbourpost.example/0").stdout

    assert "report one trading session, by their titles and times: hong kong, 2026-05-27" in said


def test_two_reports_are_compared(bot: Bot):
    """What speaks for their being one story and what against it, by links, numbers or words; for programs, too."""
    assert bot("run", "--at", AT).returncode == 0
    done = bot("explain", "Gold eases", "--and", "Dollar firms")
    said = done.stdout
    assert done.returncode == 0, done.stderr
    assert "They are in one story, of 2 items." in said
    assert "For it: both say " in said
    assert "1 hour" in said or "60 minutes" in said
    apart = bot("explain", "Gold eases", "--and", "Yen strikes").stdout
    assert "They are in two stories." in apart
    assert "Against it: only the first says " in apart
    assert "gold" in apart.split("only the first says")[1].split("\n")[0]
    found = json.loads(bot("explain", "Gold eases", "--and", "Yen strikes", "--json").stdout)
    assert found["together"] is False
    assert found["hours_apart"] == 2.0
    assert set(found["shared"]) & {"dollar", "yen"}
    assert "gold" in found["only"][0]


def test_a_second_report_has_to_be_another_one_of_the_edition(bot: Bot):
    """The same one, and one that is in no story, are errors that say so."""
    assert bot("run", "--at", AT).returncode == 0
    same = bot("explain", "Gold eases", "--and", "Gold eases")
    assert (same.returncode, "names the same item" in same.stderr) == (2, True)
    unknown = bot("explain", "Gold eases", "--and", "Silver")
    assert (unknown.returncode, "is in no story of 2026-05-27" in unknown.stderr) == (2, True)


def test_what_the_newest_edition_lacks_is_found_in_an_earlier_one(bot: Bot):
    """By words, number, link and id, and it is said which edition that is; items of no edition are found by their words."""
    first = json.loads(bot("explain", "1", "--json").stdout)
    (bot.folder / "post.xml").write_text(rss(), encoding="utf-8")
    (bot.folder / "cable.xml").write_text(rss(), encoding="utf-8")
    assert bot("run", "--at", "2026-05-28T07:30+08:00").returncode == 0  # an empty one
    for reference in ("gold eases", "1", "https://harbourpost.example/0", first["story"], first["items"][0]["id"]):
        done = bot("explain", reference)
        assert done.returncode == 0, done.stderr
        head = "Edition 2026-05-27 of morning, an earlier one: 2026-05-28 has nothing of it"
        assert done.stdout.splitlines()[0] == head
        assert json.loads(bot("explain", reference, "--json").stdout)["story"] == first["story"]
    assert "not in this edition: its date, " in bot("explain", "gold eases", "--date", "2026-05-28").stdout
    assert bot("explain", "99").returncode == 2
    mine = bot("explain", "tin mine").stdout
    assert "not in this edition: its date, 2026-05-12 04:00 UTC, is before this edition's window" in mine


def test_a_number_is_never_one_of_an_older_edition_while_the_newest_has_stories(bot: Bot):
    """Who types 9 has the newest edition before them."""
    later = (("Copper jumps", "Copper jumped.", "Thu, 28 May 2026 02:00:00 +0000"),)
    (bot.folder / "post.xml").write_text(rss(*later), encoding="utf-8")
    assert bot("run", "--at", "2026-05-28T12:00+08:00").returncode == 0
    assert bot("explain", "2").returncode == 2


def test_a_number_beside_another_is_compared_by_its_headline(tmp_path: Path):
    """Not by the first item of its story, whose title the reader never saw."""
    bot = made_bot(tmp_path, ("Will gold ease as the dollar firms?", *GOLD[1:]))
    title = json.loads(bot("explain", "1", "--json").stdout)["title"]
    compared = json.loads(bot("explain", "1", "--and", "2", "--json").stdout)
    assert compared["items"][0]["title"] == title
