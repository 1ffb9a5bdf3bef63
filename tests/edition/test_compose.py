"""Drafting and composing: decisions over values, which read, fetch and write nothing."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, SPEC, item

from digestbot import edition as room
from digestbot.collect import PollResult
from digestbot.edition.compose import compose
from digestbot.edition.draft import EditionDraft, draft_edition
from digestbot.edition.history import History
from digestbot.model import Digest, Edition, Item, Story, Summary
from digestbot.operations.logs import LoggedProgress
from digestbot.stories import CorpusStatistics, PastStory, StoryHistory, StoryStatus, cluster
from digestbot.summarise import summarise

EDITION = Edition(digest="morning", date=NOON.date(), since=NOON - timedelta(days=1), until=NOON)
PURE = ("choices", "compose", "draft", "history", "scoring", "selection", "window", "schedule")


def drafted(*items: Item) -> EditionDraft:
    return draft_edition(
        SPEC,
        items,
        edition=EDITION,
        history=History(items=items),
        feeds=(),
        measure_corpus=CorpusStatistics.from_items,
        cluster=cluster,
    )


def composed(draft: EditionDraft, *articles: Item) -> Digest:
    return compose(
        SPEC, draft, collected=PollResult(), articles=articles, summarise=summarise, progress=LoggedProgress()
    )


def test_a_digest_follows_from_values_alone():
    """Without a store, a feed or a channel: the same values give the same digest."""
    items = (item("Gold climbs to a record", text="Gold climbed by 2% on Tuesday, traders said."), item("Chips fall"))

    first, second = composed(drafted(*items)), composed(drafted(*items))

    assert first == second
    assert {section.topic for section in first.sections} == {"Gold", "Chips"}
    assert (first.counts.items, first.counts.stories) == (2, 2)


def test_articles_are_quoted_in_place_of_stubs():
    """The story keeps its place and its id; what is quoted comes from the article that was handed in."""
    stub = item("Gold climbs to a record", text="More ...")
    article = replace(
        stub, text="Gold climbed by 2% to a record of 4,310 dollars on Tuesday, traders in Singapore said."
    )
    draft = drafted(stub)

    (without,), (whole,) = composed(draft).entries, composed(draft, article).entries

    assert without.story.id == whole.story.id
    assert [sentence.text for sentence in whole.summary.sentences] == [article.text]
    assert not without.summary.sentences


@pytest.mark.parametrize("name", PURE)
def test_decisions_reach_for_nothing_outside(name: str):
    """No store, no delivery, no fetching is imported or asked for where it is decided what an edition shows."""
    tree = ast.parse((Path(room.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    imported = {
        (node.module, alias.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert not {module for module, _ in imported} & {"store", "deliver", "channels", "fulltext", "pipeline"}
    assert {word for module, word in imported if module == "collect"} <= {"PollResult"}
    assert {word for module, word in imported if module == "ports"} <= {"Progress", "Summarise"}
    assert "EditionContext" not in {word for _, word in imported}, "it holds the store"
    assert not attributes & {"store", "now", "today", "utcnow"}, "a clock or a store is an argument"


def test_what_is_shown_stands_under_its_storys_headline():
    """The title and the first item are those of the headline, in every place and on every related line."""
    said = "Gold climbed by 2% on Tuesday, traders said, as the dollar fell."
    asked = item("Does gold climb to a record?", text=said, source="Gazette", id="1", hours=2)
    plain = item("Gold climbs to a record", text=said.replace("traders", "dealers"), source="Ledger", id="2", hours=1)

    (shown,) = composed(drafted(asked, plain)).entries

    assert (shown.title, shown.story.lead.source, shown.url) == (plain.title, "Ledger", plain.url)


def test_an_opinion_is_not_quoted_where_a_report_of_news_is():
    """Neither are live pages and the like; where nothing else has a text, they are."""
    report = item(
        "Gold climbs to a record", text="Gold climbed by 2% to 4,310 dollars an ounce on Tuesday in Singapore."
    )
    view = item(
        "Opinion: Gold climbs to a record, and nobody should buy it",
        text="Gold has never paid anybody a dividend, and a record price makes it dearer still to own.",
        source="Post",
    )

    both = composed(drafted(report, view)).sections[0].entries[0]
    alone = composed(drafted(replace(report, text=""), view)).sections[0].entries[0]

    assert {sentence.source for sentence in both.summary.sentences} == {"Gazette"}
    assert {sentence.source for sentence in alone.summary.sentences} == {"Post"}


def test_what_was_filmed_is_quoted_where_no_report_has_a_sentence():
    """A video's description tells the event, too; a report in words goes before it."""
    report = item("Gold climbs to a record", text="More ...")
    filmed = item(
        "Gold climbs to a record in Singapore",
        text="Gold climbed by 2% to 4,310 dollars an ounce on Tuesday in Singapore.",
        source="Post",
        url="https://post.example/videos/gold",
    )
    told = replace(report, text="Gold rose to an all-time high of 4,310 dollars after the dollar fell, dealers said.")

    alone, both = (composed(drafted(one, filmed)).sections[0].entries[0] for one in (report, told))

    assert {sentence.source for sentence in alone.summary.sentences} == {"Post"}
    assert {sentence.source for sentence in both.summary.sentences} == {"Gazette"}


def test_what_is_new_is_quoted_under_the_headline_whoever_made_it_an_update():
    """Else a report of something beside it would be held against its own title."""
    cleared = item("Mayor of Moss cleared over gold contracts", text="A court cleared the mayor of Moss over gold.")
    beside = item("Mayor of Moss over gold contracts: singers", text="Singers greet the mayor of Moss.", source="B")
    draft = drafted(cleared, beside)
    (entry,) = draft.selection.full
    other = next(one for one in entry.story.items if one is not entry.story.lead)
    past = PastStory(id="trial", edition=EDITION.date, title="Mayor of Moss on trial")
    history = StoryHistory(story=entry.story, status=StoryStatus.UPDATE, day=2, past=(past,), news=(other,))
    led_by = []

    def nothing(story: Story, **_: object) -> Summary:
        led_by.append(story.lead.title)
        return Summary()

    draft = replace(draft, histories={entry.story.id: history})
    compose(SPEC, draft, collected=PollResult(), articles=(), summarise=nothing, progress=LoggedProgress())

    assert set(led_by) == {entry.title}


def test_an_update_in_known_words_is_told_in_a_sentence():
    """Where no sentence of it is new for the most part, the first of the report that made it an update; a repeated one never."""
    began = "The trial of Ines Duarte, mayor of Moss, over gold contracts of the harbour began in court on Monday."
    cleared = item(
        "Mayor of Moss cleared over gold contracts",
        text="A court cleared Ines Duarte, mayor of Moss, on Monday over gold contracts of the harbour. " + began,
    )
    past = PastStory(id="trial", edition=EDITION.date, title="Mayor of Moss on trial", texts=(began,))
    draft = drafted(cleared)
    (entry,) = draft.selection.full
    history = StoryHistory(story=entry.story, status=StoryStatus.UPDATE, day=3, past=(past,), news=(cleared,))

    (told,) = composed(replace(draft, histories={entry.story.id: history})).entries

    assert [one.text for one in told.summary.sentences] == [cleared.text.removesuffix(f" {began}")]
