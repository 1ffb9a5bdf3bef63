"""Summaries: verbatim, attributed, within their budget, standing alone, and never an exception."""

from __future__ import annotations

import importlib
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from builders import item, story
from hypothesis import given, settings
from hypothesis import strategies as st
from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

from digestbot.model import Story, Summary
from digestbot.summarise import SUMMARISERS, facts, registry, summarise
from digestbot.summarise.centroid import CentroidSummarizer
from digestbot.summarise.document import Quotable, Tokenizer
from digestbot.summarise.selection import Selection

BRIDGE = (
    "The harbour bridge reopened to traffic on Tuesday after engineers finished repairing two cables. "
    "He called it a good day. "
    "Ferries had carried some 40,000 commuters a day since the storm closed the crossing in March. "
    "The repair cost 12.5 million dollars, a third less than planned. "
    "Residents of the northern shore want a second crossing before the end of the dec..."
)
RIVAL = (
    "PORT MALLOW (Reuters) - Cars crossed the harbour bridge for the first time in eleven weeks on Tuesday. "
    "Toll income lost during the closure came to 3 million dollars, the port authority said. Read more"
)
PIECES = st.sampled_from(
    [
        "The mayor of Mallow resigned on Monday.",
        "He gave no reason.",
        "But the council had asked for 3.5 million.",
        "“We knew. We said nothing,” Ms. Orlov told the paper.",
        "Read more...",
        "MALLOW (AP) - Ferries stopped\nat noon.",
        "Shares of Orbis (NYSE: ORB) fell 3%.",
        "市长周一辞职。",
        "他没有说明原因。",
        "“Never closed",
        "Cut off in the mid",
        "",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=30), max_size=12).map(" ".join)


def texts(summary: Summary) -> list[str]:
    return [sentence.text for sentence in summary.sentences]


@pytest.fixture
def bridge() -> Story:
    return story(item(text=BRIDGE), item("Bridge open again", text=RIVAL, source="Courier"))


@pytest.mark.parametrize("method", SUMMARISERS)
def test_every_method_quotes_verbatim(bridge, method):
    """Whichever summariser is chosen, each sentence stands word for word in the item it names."""
    summary = summarise(bridge, words=60, method=method)
    folded = {member.id: " ".join(member.text.split()) for member in bridge.items}
    assert summary.method == method
    assert summary.sentences
    assert all(sentence.text in folded[sentence.item] for sentence in summary.sentences)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.integers(0, 200), st.sampled_from(["en", "zh", "de", "xx", ""]))
def test_any_text_is_quoted_exactly_and_within_the_budget(bodies, words, language):
    """Whatever the feeds send: every sentence is a piece of its item's text, and the budget holds."""
    members = [item(f"Title {at}", text=text, source=f"S{at}", language=language) for at, text in enumerate(bodies)]
    summary = summarise(story(*members), words=words)
    folded = {member.id: " ".join(member.text.split()) for member in members}
    lengths = [len(text.split()) for text in texts(summary)]
    assert all(sentence.text in folded[sentence.item] for sentence in summary.sentences)
    assert len(set(texts(summary))) == len(summary.sentences)
    assert sum(lengths) <= words * 1.25 or (len(lengths) == 1 and lengths[0] <= words * 1.5)


def test_sentences_carry_source_and_address(bridge):
    """A reader can go from each sentence to the outlet it is quoted from."""
    members = {member.id: member for member in bridge.items}
    for sentence in summarise(bridge, words=60).sentences:
        assert (sentence.source, sentence.url) == (members[sentence.item].source, members[sentence.item].url)


def test_cut_off_end_and_furniture_are_never_quoted(bridge):
    """Neither a description's cut tail nor an invitation to read on nor a dateline is part of the news."""
    text = " ".join(texts(summarise(bridge, words=500)))
    assert "second crossing" not in text
    assert "Read more" not in text
    assert "Reuters" not in text


def test_no_text_is_headline_only():
    """Nothing to quote gives an empty summary, not padding."""
    assert summarise(story(item(text="")), words=60) == Summary()


def test_a_sentence_that_repeats_the_headline_is_not_worth_quoting():
    """The headline said once is enough, even when there is nothing else."""
    repeated = story(
        item("Harbour bridge reopens after storm", text="The harbour bridge has reopened after the storm.")
    )
    assert summarise(repeated, words=60) == Summary()


def test_a_description_without_a_full_stop_is_quoted():
    """Many feeds write one line and leave the stop out; a line that breaks off is another matter."""
    whole = "Engineers finished the repair of two cables and cars crossed at noon"
    assert texts(summarise(story(item(text=whole)), words=60)) == [whole]
    assert summarise(story(item(text=whole.removesuffix(" noon"))), words=60) == Summary()
    # An agency's sentence is longer than what feeds cut at 150 characters; theirs ends at that or at another round number.
    longer = f"{whole}, days before the fourth anniversary of the storm that tore both from their two towers in March"
    assert texts(summarise(story(item(text=longer)), words=60)) == [longer]
    more = f"{item().title}, engineers said on Tuesday after they had repaired two cables torn in the March storm"
    assert texts(summarise(story(item("Harbour bridge reopens again", text=more)), words=60)) == [more]
    assert len(cut := f"{longer} in the night of the first day of May, when two ferries"[:199]) == 199
    assert summarise(story(item(text=cut)), words=60) == Summary()


def test_copies_are_not_quoted_twice():
    """The wire sentence that three outlets print, one of them reworded, is quoted once."""
    wire = "Engineers reopened the harbour bridge on Tuesday after repairing two cables torn in the March storm."
    reworded = "On Tuesday engineers reopened the harbour bridge after two cables torn in the storm were repaired."
    members = [item(source=name, text=text) for name, text in (("A", wire), ("B", wire), ("C", reworded))]
    assert len(summarise(story(*members), words=100).sentences) == 1


@pytest.mark.parametrize(
    ("title", "other", "outlets"),
    [
        ("Lark reaches the Moon", "An Australian craft came to rest near the lunar south pole on Sunday evening.", 1),
        ("Lark reaches the Moon, shares of its maker leap", "Its shares leapt. Shares of Orbis leapt 9% in Oslo.", 2),
        ("Lark reaches the Moon", "It did. An Australian craft came to rest near the lunar south pole.", 1),
    ],
    ids=["one event in other words", "each its part of the headline", "the first that stands alone"],
)
def test_one_opening_is_enough(title: str, other: str, outlets: int):
    """Every outlet opens with what happened: a second opening is quoted only for what else the headline tells."""
    first = "The Lark lander touched down on the Moon at noon, closer to the pole than any machine before."
    members = [item(title, source="A", text=first), item(title, source="B", text=other)]
    assert len({sentence.source for sentence in summarise(story(*members), words=60).sentences}) == outlets


def test_one_figure_is_told_once():
    """Sentences of two outlets that give the same figure of the same thing tell one fact."""
    members = [
        item(
            "Gold soars", source="A", text="Gold rose on Monday. An ounce cost $4,826 at noon, more than ever before."
        ),
        item("Gold soars", source="B", text="Holidays made for thin trade. Spot prices climbed to $4,826 an ounce."),
    ]
    assert sum("4,826" in text for text in texts(summarise(story(*members), words=60))) == 1


def test_a_told_headline_does_not_silence_a_longer_sentence():
    """What shares its few words with a told headline, and says much besides, is news."""
    text = "Orbis has built a unit of its own in Mallow, to keep the yard running while it fights for control in Oslo."
    assert texts(summarise(story(item("Yard", text=text)), words=60, exclude=["Orbis fights for control"])) == [text]


def test_what_the_others_together_tell_is_left_out():
    """A short sentence whose every word stands in the longer ones adds nothing."""
    members = [
        item(
            "Lander on the Moon finds ice",
            source="A",
            text="The Lark lander touched down near the south pole of the Moon on Sunday.",
        ),
        item(
            "Lander on the Moon finds ice",
            source="B",
            text="Scientists in Turin cheered as a drill found water ice in grey soil under it.",
        ),
        item("Lander on the Moon finds ice", source="C", text="A lander found ice near the pole of the Moon."),
    ]
    assert [sentence.source for sentence in summarise(story(*members), words=100).sentences] == ["A", "B"]


def test_another_outlet_is_heard_where_it_adds_something(bridge):
    """A sentence of a second outlet stands beside the first when it tells more."""
    assert len({sentence.source for sentence in summarise(bridge, words=60).sentences}) == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He called it a good day. But nobody cheered when it was over. It rained. Second, it snowed."),
        ("de", "Er nannte es einen guten Tag. Aber niemand jubelte am Ende. Zudem regnete es."),
        ("zh", "他称这是美好的一天。但是最后没有人欢呼。此外还下了大雨。"),
    ],
)
def test_nothing_starts_in_mid_air(language, text):
    """Sentences that point back to something unquoted are not quoted."""
    assert summarise(story(item("Unrelated words", text=text, language=language)), words=60) == Summary()


def test_what_leans_on_a_quoted_sentence_follows_it():
    """A sentence that points back may be quoted right after the one it points to, and only there."""
    text = (
        "Mayor Lena Ortiz resigned over the cost of the tunnel. Her deputy, Sam Tull, takes over until the vote in May."
    )
    assert texts(summarise(story(item("Council shaken", text=text)), words=60)) == text.replace("l. H", "l.|H").split(
        "|"
    )


def test_a_quotation_of_several_sentences_stays_whole():
    """Half a quotation is never quoted."""
    text = "“I take the blame. I made mistakes. I am sorry,” Mayor Lena Ortiz told the council of Mallow."
    assert texts(summarise(story(item("Council shaken", text=text)), words=60)) == [text]


def test_what_readers_were_told_is_left_out(bridge):
    """A sentence close to one of `exclude` is not quoted again; what is new still is."""
    told = ["On Tuesday the harbour bridge was reopened to traffic after engineers had repaired two cables."]
    summary = texts(summarise(bridge, words=60, exclude=told))
    assert summary
    assert not any("reopened" in text for text in summary)


def test_a_small_budget_takes_the_best_that_fits():
    """Where the first sentence is too long, a shorter one is quoted; where all are far too long, none."""
    opening = (
        "A fire destroyed a warehouse in the old port of Mallow on Sunday night, " + "and so on " * 12 + "at length."
    )
    short = "Nobody was hurt near the quay."
    assert texts(summarise(story(item("Big fire", text=f"{opening} {short}")), words=20)) == [short]
    assert summarise(story(item("Big fire", text=opening)), words=20) == Summary()


def test_a_number_of_sentences_is_a_limit(bridge):
    """No more sentences than asked for."""
    assert len(summarise(bridge, words=500, sentences=1).sentences) == 1


@pytest.mark.parametrize(
    "text",
    [
        "." + '"' * 50_000 + "x",
        "A-" * 50_000,
        "A" * 100_000,
        "word. " * 30_000,
        "(" * 50_000,
        "“ A. " * 20_000,
        "a, " * 30_000 + ".",
        "NEW YORK, " * 10_000,
        "$AB (HK: 1) rose " * 5_000,
    ],
    ids=["quotes", "hyphens", "one word", "no capitals", "brackets", "open quotations", "commas", "places", "tickers"],
)
def test_hostile_text_comes_to_an_end(text):
    """Text made to be slow to read is read all the same."""
    hostile = story(item(text=text))
    summarise(hostile, words=60)
    facts(hostile)


@pytest.mark.parametrize("method", SUMMARISERS)
def test_a_huge_story_is_read_only_so_far(method):
    """No method is given more sentences than it can rate in a moment."""
    body = " ".join(
        f"Report {at} says that warehouse number {at} of the port was sold for {at} dollars." for at in range(80)
    )
    members = [item(source=f"S{at}", text=body.replace("port", f"port {at}")) for at in range(300)]
    assert len(summarise(story(*members), words=60, method=method).sentences) >= 1


def test_a_summariser_that_fails_falls_back_to_the_lead(bridge, monkeypatch, caplog):
    """One bad story must not stop a run: the lead is quoted instead, and the log says why."""

    def broken(name, **settings):
        if name == "lexrank":
            raise ZeroDivisionError("no ranks")
        return load_summariser(name, **settings)

    load_summariser = registry.load_summariser
    monkeypatch.setattr(importlib.import_module("digestbot.summarise.summarise"), "load_summariser", broken)
    with caplog.at_level(logging.WARNING):
        assert summarise(bridge, words=60, method="lexrank").method == "lead"
    assert "lexrank" in caplog.text


@pytest.mark.parametrize(("words", "quoted"), [(8, True), (7, False)])
def test_a_lone_sentence_may_exceed_its_budget_by_half(words, quoted):
    """The best sentence whole is better than nothing: twelve words fit a budget of eight, not one of seven."""
    text = "Engineers reopened the northern tunnel on Tuesday after repairing two flooded pumps."
    assert bool(summarise(story(item("Traffic", text=text)), words=words).sentences) is quoted


def test_an_unknown_method_falls_back_too(bridge):
    """A name that the settings let through by mistake still gives a summary."""
    assert summarise(bridge, words=60, method="oracle").method == "lead"


def test_the_default_is_a_summariser_of_sumy_like_any_other():
    """It can be given any document of sumy's, and a count, and answers with sentences of that document."""
    tokenizer = Tokenizer()
    document = ObjectDocumentModel(
        [Paragraph([Sentence(text, tokenizer) for text in ("A dam broke.", "Rain fell.", "The dam held a lake.")])]
    )
    made = CentroidSummarizer()(document, 2)

    assert len(made) == 2
    assert set(made) <= set(document.sentences)


def test_our_summarisers_do_not_wait_for_those_of_sumy():
    """nltk, which sumy's own need, takes longer to load than a short run: a process with ours never loads it."""
    code = """
import sys
from builders import item, story
from digestbot.summarise import summarise
text = "The northern bridge reopened on Tuesday after repairs to two of its piers. Traffic flows again."
for method in ("centroid", "lead"):
    assert summarise(story(item("Bridge", text=text)), words=60, method=method).sentences
print([name for name in ("nltk", "scipy.stats") if name in sys.modules])
"""
    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
        ).stdout
        == "[]\n"
    )


def test_a_preview_loads_only_what_it_works_with(tmp_path):
    """Nobody is asked, so nothing of HTTP is loaded; nor what sumy, scipy and wordfreq bring for work of other kinds."""
    code = """
import sys
from datetime import UTC, datetime
from builders import item
from digestbot.collect import collect
from digestbot.edition import pipeline
from digestbot.stories import cluster
from digestbot.summarise import summarise
from memory_items import MemoryItems
collect((), MemoryItems(), now=datetime(2026, 5, 27, tzinfo=UTC))
text = "The northern bridge reopened on Tuesday after repairs to two of its piers. Traffic flows again."
items = [item(f"Bridge {number}", text=text, url=f"https://paper{number}.co.uk/{number}") for number in range(3)]
assert summarise(cluster(items)[0], words=60).sentences
print([name for name in ("aiohttp", "requests", "wordfreq", "scipy.linalg", "nltk") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_only_answers_loads_no_summariser(tmp_path):
    """`status` and `topics test` read the configuration alone: sumy and what it needs take a quarter of their time."""
    code = """
import sys
from pathlib import Path
from types import SimpleNamespace
from digestbot.settings import load
import digestbot.operations.status, digestbot.operations.topic_test
load(None, {"DIGESTBOT_FEEDS__A": "a.xml"}, folder=Path())
print([name for name in ("sumy", "requests", "nltk", "aiohttp", "numpy", "rich", "lxml", "filelock") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout == "[]\n"


def test_no_method_touches_the_network(bridge, monkeypatch):
    """Nothing is downloaded, looked up or asked for."""

    def refuse(*args, **kwargs):
        raise AssertionError("a summariser opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    assert all(summarise(bridge, words=60, method=method).method == method for method in SUMMARISERS)


def test_news_that_depends_on_a_repeated_headline_brings_it_along() -> None:
    """Alone it would not be understood, and without it there would be no summary."""
    one = item("Ferry café opens after nine years", text="The ferry café opens. It serves smoked eel and barley soup.")
    found = summarise(story(one), words=60)
    assert [sentence.text for sentence in found.sentences] == [
        "The ferry café opens.",
        "It serves smoked eel and barley soup.",
    ]


def test_an_opening_with_two_words_of_its_own_is_quoted() -> None:
    """Where and since when is news, even if the rest of the sentence is the headline."""
    one = item(
        "Why the lock stayed shut",
        text="The lock at Arlhaven stayed shut on Friday. Keepers found a bent hinge and sent for the smith in the morning.",
    )
    assert summarise(story(one), words=60).sentences[0].text == "The lock at Arlhaven stayed shut on Friday."


@pytest.mark.parametrize(
    ("headline", "one", "other"),
    [
        (
            "Mallow harbour rescues a sailor from the reef",
            "A rescue helicopter lifted the 30-year-old sailor from the reef at ten in the morning.",
            "Doctors in the capital treat the 30-year-old for cold and a broken arm.",
        ),
        (
            "馬洛港救出礁石上水手",
            "救援直升機上午將30歲水手由礁石吊走送往醫院。",
            "首都醫生正為30歲水手治療凍傷和手臂骨折。",
        ),
        (
            "Mallow exports grow by 5.9 percent",
            "Exports from Mallow rose 5.9 percent in the first quarter, the customs office said.",
            "Growth of 5.9 means that shipowners in the north can hire again.",
        ),
    ],
)
def test_the_same_count_is_given_once(headline: str, one: str, other: str):
    """Whoever it counts has been told of; so has a figure of the headline."""
    assert len(summarise(story(item(headline, text=f"{one} {other}")), words=90).sentences) == 1


def test_years_and_different_counts_are_no_repetition():
    """Two sentences may name one year, and figures of other things."""
    text = (
        "In 2026 the fleet of Mallow bought 40 trawlers from a yard in the east. "
        "Insurers raised their fees for old ships in 2026 by a third, citing 40 storms."
    )
    assert len(summarise(story(item("Mallow fleet grows", text=text)), words=90).sentences) == 2


@pytest.mark.parametrize("sentence", ["馬洛港發生吊機案。", "馬洛港吊機表現近三年來最好。"])
def test_the_headline_in_other_words_is_not_quoted_in_chinese(sentence: str):
    """Pairs of characters across two of its words are no news."""
    one = item("馬洛港吊機倒塌 近3年最好表現告終", text=sentence)
    assert not summarise(story(one), words=60).sentences


@pytest.mark.parametrize("opening", ["惟救援人員", "不過救援人員", "其中救援人員", "同時救援人員", "該名救援人員"])
def test_a_chinese_sentence_that_points_back_is_not_quoted_alone(opening: str):
    """In either script."""
    one = item("馬洛港吊機倒塌", text=f"{opening}到場後發現多名工人受困於底層貨倉。")
    assert not summarise(story(one), words=60).sentences


def left(*quotes: tuple[str, int, str], title: str = "") -> list[str]:
    """What a selection keeps of chosen Chinese sentences, each given with its item and its position there."""
    sources = {source: item(source, source=source) for source, _, _ in quotes}
    infos = [
        SimpleNamespace(order=at, sentence=Quotable(text, Tokenizer(), item=sources[source], position=position))
        for at, (source, position, text) in enumerate(quotes)
    ]
    # Pairs of characters, of which the shorter sentences have fewer.
    terms = tuple(frozenset(text[at : at + 2] for at in range(len(text) - 1)) for _, _, text in quotes)
    vectors = SimpleNamespace(terms=terms, similar=None)
    selection = Selection(words=90, vectors=vectors, title=frozenset([title] if title else []))  # type: ignore[arg-type]
    return [str(info.sentence) for info in selection._without_covered(infos)]


def test_what_stays_for_a_later_sentence_goes_with_it():
    """Both are in the other report in another order: the second one goes first, and then nothing needs the first."""
    first, second = "少年昨午放自製風箏傷人", "警方其後在碼頭拘捕該名涉嫌傷人少年"
    whole = "昨午涉嫌在碼頭放風箏的少年，其自製之線傷人，該名人士後被警方拘捕。"
    assert left(("海港", 0, whole), ("山城", 0, first), ("山城", 1, second)) == [whole]


def test_the_headline_once_more_further_down_in_a_report_is_left_out():
    """Its opening says it, too, and stays: without it the rest is not understood."""
    opening, again = "兩名遊客在碼頭遭風箏線割傷。", "警方在馬洛港以製風箏傷人拘捕少年。"
    title = "馬洛港少年自製風箏傷人被捕"
    assert left(("海港", 0, opening), ("山城", 2, again), title=title) == [opening]
    assert left(("海港", 0, opening), ("山城", 0, again), title=title) == [opening, again]
    assert left(("山城", 2, again), title=title) == [again], "with nothing else to quote it is better than nothing"
