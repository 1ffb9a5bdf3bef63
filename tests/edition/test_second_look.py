"""The second look: mixed stories are taken apart before they are shown, and stories of one event meet in one place."""

import random
from dataclasses import replace

import pytest
from builders import item, story
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.edition.second_look import one_event, untangled
from digestbot.model import Entry, Item, Source, Story
from digestbot.stories import CorpusStatistics

# What a field always says: without it, words that only these few items hold would look rarer than they are.
PLAIN = CorpusStatistics()

BY_ONE_NAME = {
    "en": (
        ("Veltrona opens a bakery school in Ghent", "The company will teach apprentices how to knead rye dough."),
        ("Court fines Veltrona over late invoices", "Judges in Bergen found that suppliers waited ninety days for money."),
        ("Why Veltrona bets on hydrogen lorries", "Drivers tested the vehicles on mountain roads throughout last winter."),
    ),
    "de": (
        ("Veltrona eröffnet Backschule in Gent", "Lehrlinge sollen dort lernen, wie man Roggenteig knetet."),
        ("Gericht verurteilt Veltrona wegen später Rechnungen", "Die Richter in Bergen sahen neunzig Tage Verzug als erwiesen an."),
        ("Warum Veltrona auf Wasserstoff setzt", "Fahrer prüften die Lastwagen im letzten Winter auf Bergstraßen."),
    ),
    "zh": (
        ("維特隆開設烘焙學校", "學徒將在根特學習如何揉製黑麥麵團。"),
        ("法院就逾期付款重罰維特隆", "卑爾根的法官認定供應商等候貨款三個月。"),
        ("維特隆押注氫能貨車", "司機去年冬天在山路測試了車輛。"),
    ),
}  # fmt: skip
ONE_EVENT = {
    "en": (
        ("Ferry runs aground off Lysholm", "The ferry struck rocks near Lysholm at dawn and all passengers were taken off."),
        ("Passengers leave stranded ferry at Lysholm", "Lifeboats took all passengers off the ferry that struck rocks at dawn."),
        ("Rocks tear hull of Lysholm ferry", "Divers look at the hull of the ferry, whose passengers are safe after it struck rocks."),
    ),
    "de": (
        ("Fähre läuft vor Lysholm auf Grund", "Die Fähre rammte im Morgengrauen Felsen vor Lysholm, alle Passagiere sind gerettet."),
        ("Passagiere verlassen gestrandete Fähre vor Lysholm", "Rettungsboote brachten die Passagiere von der Fähre, die Felsen rammte."),
        ("Felsen reißen Rumpf der Fähre auf", "Taucher prüfen den Rumpf der Fähre vor Lysholm, deren Passagiere gerettet sind."),
    ),
    "zh": (
        ("渡輪在黎斯島觸礁擱淺", "渡輪清晨在黎斯島附近觸礁，全部乘客已獲救上岸。"),
        ("黎斯島觸礁渡輪乘客獲救", "救生艇將渡輪全部乘客送上岸，船身觸礁後擱淺。"),
        ("渡輪擱淺 船身破裂", "潛水員檢查在黎斯島觸礁的渡輪，乘客全部獲救上岸。"),
    ),
}  # fmt: skip


def reports(pieces: tuple[tuple[str, str], ...], **fields: str) -> tuple[Item, ...]:
    return tuple(
        item(title, text=text, hours=9 - at, source=fields.get("source", f"Outlet {at}"), id=f"{at} {title}")
        for at, (title, text) in enumerate(pieces)
    )


def parts(*items: Item) -> list[int]:
    return [len(part.items) for part in untangled([story(*items)], background=PLAIN)]


@pytest.mark.parametrize("language", sorted(BY_ONE_NAME))
def test_reports_joined_by_one_name_are_taken_apart(language: str) -> None:
    """Three pieces of news about one company are three stories."""
    assert parts(*reports(BY_ONE_NAME[language])) == [1, 1, 1]


@pytest.mark.parametrize("language", sorted(ONE_EVENT))
def test_reports_of_one_event_stay_together(language: str) -> None:
    """Other words for one accident are no mixture."""
    assert parts(*reports(ONE_EVENT[language])) == [3]


def test_an_outlets_template_joins_nothing() -> None:
    """Two companies in the same sentence of the same outlet are two stories; the same words of two outlets are one."""
    pieces = (
        (
            "Ostrava Glass misses top-line and bottom-line estimates",
            "Furnaces stood idle while orders from hotels fell.",
        ),
        ("Tideway Pumps misses top-line and bottom-line estimates", "A recall of valves cost more than was set aside."),
    )
    assert parts(*reports(pieces, source="Ticker Desk")) == [1, 1]
    same = (pieces[0], (pieces[0][0].replace("misses", "fails"), pieces[0][1]))
    assert parts(*reports(same)) == [2]


def test_equal_numbers_join_nothing() -> None:
    """Two rounds of $100M and two strikes with 14 dead are four stories."""
    pieces = (
        ("Kelp farm raises $100M", "Divers in Galway will seed ropes with the money."),
        ("Chess school raises $100M", "Teachers from Yerevan plan lessons for prisons."),
        ("14 die as mine collapses", "Timber gave way in a shaft north of Zlatna."),
        ("Bus crash leaves 14 dead", "Fog hid the bend on the road to Arequipa."),
    )
    assert parts(*reports(pieces)) == [1, 1, 1, 1]


def test_two_versions_of_one_article_stay_together() -> None:
    """An outlet's updated article keeps its sentences; that is no template."""
    text = (
        "The council voted at noon to close the old lock for repairs, and barges will wait until the gates are mended."
    )
    versions = (("Council closes old lock", text), ("Old lock closed after vote, barges wait", text))
    assert parts(*reports(versions, source="Courier")) == [2]


def test_the_part_with_the_oldest_item_keeps_the_id() -> None:
    """Links and memories of a story stay good: ids follow from the oldest item, as in clustering."""
    from digestbot.stories.cluster import story_of

    mixed = story_of(reports(BY_ONE_NAME["en"]))
    first, *others = untangled([mixed], background=PLAIN)
    assert first.id == mixed.id
    assert {part.id for part in others} == {story_of(part.items).id for part in others}


SOME = [item for pieces in (*BY_ONE_NAME.values(), *ONE_EVENT.values()) for item in reports(pieces)]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=len(SOME), max_size=len(SOME)), st.randoms())
def test_taking_apart_loses_nothing_and_ends(homes: list[int], chance: random.Random) -> None:
    """Every item stays in exactly one story, in whatever order stories come, and a second time changes nothing."""
    stories = [
        story(*(each for each, at in zip(SOME, homes, strict=True) if at == home), id=f"s{home}")
        for home in sorted(set(homes))
    ]
    once = untangled(stories, background=PLAIN)
    assert sorted(each.id for part in once for each in part.items) == sorted(each.id for each in SOME)
    shuffled = chance.sample(stories, len(stories))
    again = untangled(shuffled, background=PLAIN)
    assert {frozenset(part.items) for part in again} == {frozenset(part.items) for part in once}


def entry(told: Story) -> Entry:
    return Entry(story=told, title=told.lead.title)


def test_two_stories_of_one_event_share_a_place() -> None:
    """The second becomes a line of the first; another event of the day keeps its own place, and so does the order."""
    ferry = reports(ONE_EVENT["en"])
    sailors = item(
        "Captain questioned over Lysholm stranding",
        text="Officers boarded at noon to question the captain about the ferry and the rocks near Lysholm.",
        id="captain",
    )
    bakery = entry(story(item(*BY_ONE_NAME["en"][0][:1], text=BY_ONE_NAME["en"][0][1], id="bakery"), id="bakery"))
    first, second = entry(story(*ferry, id="ferry")), entry(story(sailors, id="captain"))
    assert one_event([first, bakery, second], background=PLAIN) == ((first, second), (bakery,))
    assert one_event([second, bakery, first], background=PLAIN) == ((second, first), (bakery,))


SUNK = (
    (
        "Norland navy sinks six Sudland boats",
        "The boats had fired at a tanker in the Mallow strait, the admiral of Norland said.",
    ),
    (
        "Six boats of Sudland sunk in strait, says admiral",
        "Helicopters of the Norland navy fired at the boats of Sudland off Mallow.",
    ),
    (
        "Sudland denies loss of boats in Mallow strait",
        "State radio of Sudland called the tale of the Norland admiral a lie.",
    ),
    (
        "Norland and Sudland trade fire in Mallow strait",
        "After a month of truce the Norland navy sank boats, and Sudland sent drones.",
    ),
    ("Helicopters circled for an hour over Mallow", "The admiral praised pilots who flew low above the waves."),
)
RAIDED = (
    ("Drones of Sudland set oil port of Tarbet on fire", "Flames rose over the tanks, the first attack since the truce in the Mallow strait."),
    ("Three workers hurt as drones hit Tarbet oil port", "Sudland sent the drones after the Norland navy sank its boats, the port said."),
    ("Truce in doubt after raid on Tarbet", "Norland warns Sudland of another strike by its navy after oil tanks burn."),
    ("Sudland president scolds guards over raid on oil port", "Sending drones to Tarbet was irresponsible, he said on state radio."),
    ("Firemen from three towns in Tarbet", "Foam runs out by the quay as tanks burn."),
    ("Doctors treat burns after raid on Tarbet", "Two workers are in danger, one went home."),
)  # fmt: skip


def test_what_an_affair_brings_forth_stands_under_it() -> None:
    """The answer to a strike, told by as many, is a line of the strike, though most reports of the two share little."""
    strike = entry(story(*reports(SUNK, source="Navy desk"), id="strike"))
    raid = entry(story(*reports(RAIDED, source="Port desk"), id="raid"))
    assert one_event([strike, raid], background=PLAIN) == ((strike, raid),)


def accident(place: str, on: str, *told: tuple[str, str, str]) -> tuple[Item, ...]:
    return tuple(
        item(
            f"Ferry strikes {on} off {place} {when}",
            text=f"{before} The ferry struck {on} near {place}, and passengers left on lifeboats. {after}",
            id=f"{place} {when}",
            source=f"Outlet {when}",
        )
        for when, before, after in told
    )


def test_look_alikes_keep_their_places() -> None:
    """Two ferries run aground in the same words; each has a place and a captain that the other never has."""
    here = accident(
        "Lysholm",
        "rocks",
        ("at dawn", "Divers inspect the torn hull.", "Captain Ostrow was at the wheel."),
        ("in fog", "Ostrow and his crew stayed aboard.", "Divers wait for calm water."),
        ("before breakfast", "Divers found a torn plate.", "The owner praised Ostrow."),
    )
    elsewhere = accident(
        "Tarbet",
        "sandbank",
        ("at night", "Tugs wait for the tide.", "Captain Marek was asleep."),
        ("in storm", "Marek called the coastguard.", "Tugs pulled in vain."),
        ("after dinner", "Tugs arrived late.", "The owner suspended Marek."),
    )
    two = (entry(story(*here, id="here")), entry(story(*elsewhere, id="elsewhere")))
    assert one_event(two, background=PLAIN) == tuple((each,) for each in two)


def test_nothing_and_what_is_beyond_the_best_stay_as_they_are() -> None:
    """No entry gives no group, and the sixty-first is never compared."""
    assert one_event([], background=PLAIN) == ()
    many = [entry(story(replace(SOME[0], id=str(at), title=f"{at}", text=""), id=f"s{at}")) for at in range(62)]
    assert one_event(many, background=PLAIN) == tuple((each,) for each in many)


def test_what_four_outlets_tell_is_looked_at_however_low_it_stands() -> None:
    """It is line-worthy: beyond the best, too, it is found to be of the same event."""
    many = [entry(story(replace(SOME[0], id=str(at), title=f"{at}", text=""), id=f"s{at}")) for at in range(62)]
    strike, raid = (
        entry(story(*reports(told, source=desk), id=desk)) for told, desk in ((SUNK, "sea"), (RAIDED, "port"))
    )
    wide = replace(raid, sources=tuple(Source(name=f"Outlet {at}") for at in range(4)))
    assert (strike, wide) in one_event([strike, *many, wide], background=PLAIN)
    assert (strike,) in one_event([strike, *many, raid], background=PLAIN)


def test_short_texts_about_one_fashion_are_taken_apart() -> None:
    """Essays that share a fashionable word and one plain word beside it are no event, though each is hardly a headline."""
    pieces = (
        ("Who needs gardeners when drones prune?", "Scissors meet on filigree terraces."),
        ("Drones will not rescue honeybees", "Clover meadows beat filigree gadgets."),
        ("Drone photographs please jurors", "Kyoto picked filigree cameras."),
    )
    assert parts(*reports(pieces)) == [1, 1, 1]


def test_what_was_expected_of_a_session_stands_under_how_it_went() -> None:
    """Also where more outlets expected it: the news is what happened."""
    eve = story(
        item("US stock futures inch up ahead of jobs report", hours=1),
        item("Stocks rise pre-bell, Nasdaq leads", source="Post", hours=1),
        id="eve",
    )
    close = story(item("Wall Street ends at a record", hours=-8), id="close")
    assert one_event([entry(eve), entry(close)], background=PLAIN) == ((entry(eve), entry(close)),)


def test_a_newsletter_is_of_no_story() -> None:
    """It tells many events, however well it fits the first it names."""
    told = reports(ONE_EVENT["en"])
    letter = item(
        "Morning briefing: Lysholm ferry aground, rates, a heatwave",
        text="The ferry struck rocks near Lysholm at dawn and all passengers were taken off. Also today: the rates.",
        source="Outlet 9",
    )
    assert [len(part.items) for part in untangled([story(*told, letter)], background=PLAIN)] == [3, 1]


def test_a_newsletter_is_no_line_under_a_story() -> None:
    """Nor may a story stand under it."""
    told = entry(story(*reports(ONE_EVENT["en"]), id="ferry"))
    letter = item("First Thing: Ferry runs aground off Lysholm", text=ONE_EVENT["en"][0][1], source="Outlet 9")
    assert [len(group) for group in one_event([told, entry(story(letter, id="letter"))], background=PLAIN)] == [1, 1]
    plain = replace(letter, title="Ferry runs aground off Lysholm")
    assert [len(group) for group in one_event([told, entry(story(plain, id="letter"))], background=PLAIN)] == [2]


def test_a_bulletin_is_of_no_story_whatever_its_kind_is_called() -> None:
    """A list of the day's headlines under one title is recognised by its form, too."""
    told = reports(ONE_EVENT["zh"])
    bulletin = item(
        "晚間新聞重點｜渡輪在黎斯島觸礁擱淺／利率不變／酷熱警告",
        text="渡輪清晨在黎斯島附近觸礁，全部乘客已獲救上岸。",
        source="Z",
    )
    assert parts(*told, bulletin) == [3, 1]


def test_a_chain_of_likenesses_is_no_event() -> None:
    """Each piece shares something with the next and nothing with the others: on the whole they hang together by chance."""
    pieces = (
        (
            "Veltrona raises bakery wages",
            "Bakers in Ghent vote on wages and holidays after weeks of talks at the mill.",
        ),
        (
            "Mill owners in Ghent fear Veltrona",
            "Bakers at the mill in Ghent say that flour from Lisbon is cheaper this winter.",
        ),
        (
            "Veltrona ships flour from Lisbon",
            "Flour from Lisbon reaches harbours where storms delayed lorries on mountain roads.",
        ),
        (
            "Storms stop Veltrona lorries",
            "Storms on mountain roads delayed lorries, and drivers slept in schools of Bergen.",
        ),
        (
            "Bergen schools thank Veltrona",
            "Drivers slept in schools of Bergen, where pupils sang and painted a mural of ships.",
        ),
    )
    assert parts(*reports(pieces)) == [2, 2, 1]


def test_a_headline_needs_more_than_two_names_in_common_with_a_report() -> None:
    """A report has words enough to share: one that has only two names in common with a headline is of something else."""
    headline = ("Tormund of the Rygge bank warns on rates", "")
    report = ("A portrait of Tormund", "He learned to sail before the Rygge called, and keeps bees on a roof in Ghent.")
    same = ("Tormund warns again", "The head of the Rygge bank warns that rates may rise before the summer.")

    assert parts(*reports((headline, report))) == [1, 1]
    assert parts(*reports((headline, same))) == [2]


REPORTS_OF_A_CUT = (
    ("Rygge bank cuts rates by half a point", "The Rygge bank cut rates by half a point, the most in nine years."),
    ("Half a point: Rygge bank cuts its rates", "The bank of Rygge cut rates by half a point on Friday."),
    ("Rygge cuts rates, says half a point was needed", "Half a point was needed, the Rygge bank said of its rates."),
)
ANSWERS_TO_IT = (
    (
        "Veltrona hits a record after Rygge bank cuts rates",
        "Veltrona rose as the Rygge bank cut rates by half a point.",
    ),
    ("Veltrona shares soar as Rygge cuts rates", "The Rygge bank cut rates by half a point, and Veltrona soared."),
)


def test_what_an_event_did_to_somebody_else_is_a_story_of_its_own() -> None:
    """Several outlets that tell of another's record after an event tell that record; one alone stays, as a report of the event."""
    assert parts(*reports((*REPORTS_OF_A_CUT, *ANSWERS_TO_IT))) == [3, 2]
    assert parts(*reports((*REPORTS_OF_A_CUT, ANSWERS_TO_IT[0]))) == [4]
    assert parts(*reports((*REPORTS_OF_A_CUT, *ANSWERS_TO_IT), source="Courier")) == [5]


def test_a_count_of_the_dead_after_an_event_is_that_event() -> None:
    """Twelve dead after a ferry sinks: that is no story of somebody else, however many head it so."""
    told = (
        ("Ferry goes down off Lysholm", "The ferry of Lysholm struck rocks and sank at dawn."),
        ("Lysholm ferry goes down on rocks", "The ferry sank off Lysholm at dawn, the harbour master said."),
        ("Twelve dead after ferry strikes rocks off Lysholm", "The ferry struck rocks at dawn and sank off Lysholm."),
        (
            "At least 15 dead after Lysholm ferry strikes rocks",
            "Divers found the ferry that sank at dawn on the rocks.",
        ),
    )
    assert parts(*reports(told)) == [4]


def test_short_descriptions_of_one_accident_stay_together() -> None:
    """They share its place and what happened there, and hardly a word more."""
    told = (
        ("Earthquake kills at least 250 in Lysholm", "At least 250 people were killed, wardens said."),
        ("Quake kills over 600 in eastern Lysholm", "Helicopters carried the wounded over the fjord."),
        ("Hundreds dead after Lysholm quake", "Villages of clay and brick were flattened."),
        ("Earthquake in Lysholm kills hundreds", "Roads to the valley are blocked by rocks."),
    )
    assert parts(*reports(told)) == [4]


def test_an_event_that_most_tell_by_its_occasion_stays_whole() -> None:
    """Where the reports share what stands before "after", that is the event."""
    pieces = (
        (
            "Ferry aground after storm hits Lysholm",
            "The ferry struck rocks off Lysholm in the storm, and all were taken off.",
        ),
        ("Ferry hits rocks as storm rages off Lysholm", "All were taken off the ferry that struck rocks at Lysholm."),
        (
            "Passengers leave ferry after Lysholm storm",
            "Passengers were taken off a ferry that struck rocks off Lysholm.",
        ),
        (
            "Ferry of Lysholm is stranded",
            "The ferry struck rocks off Lysholm; its passengers were taken off in the storm.",
        ),
    )
    assert parts(*reports(pieces)) == [4]


REPORTS_OF_A_FIGURE = (
    (
        "Norland loses 23,000 jobs in July",
        "Norland lost 23,000 jobs, which speaks against dearer loans of the Rygge bank.",
    ),
    ("23,000 jobs gone in Norland", "Norland lost jobs, and dearer loans of the Rygge bank are less likely now."),
    ("Norland's market for work sheds 23,000", "Dearer loans of the Rygge bank are less likely as Norland lost jobs."),
    (
        "Bets on dearer loans fall after jobs report",
        "Dearer loans of the Rygge bank are less likely as Norland lost jobs.",
    ),
)


@pytest.mark.parametrize(
    ("earlier", "found"),
    [
        ("Governor wants dearer loans of Rygge bank", [1, 4]),
        ("Norland awaits July figures, loans of Rygge bank in doubt", [5]),
    ],
)
def test_what_was_told_before_a_figure_came_out_is_another_story(earlier: str, found: list[int]) -> None:
    """With no word of the titles that tell the figure; what awaited it belongs to it, and so does what comes after."""
    text = "The governor of the Rygge bank spoke of dearer loans, which Norland expects less."
    assert sorted(parts(*reports(((earlier, text), *REPORTS_OF_A_FIGURE)))) == found
    assert parts(*reports((*REPORTS_OF_A_FIGURE, (earlier, text)))) == [5]
