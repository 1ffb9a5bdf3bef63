"""What an operator decided about stories before their edition goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import NOON, SPEC, item

from digestbot.edition.choices import is_about
from digestbot.edition.draft import EditionDraft, draft_edition
from digestbot.edition.history import History
from digestbot.model import PINNED, Choice, ChoiceKind, Edition, Item, Story
from digestbot.stories import CorpusStatistics, cluster

EDITION = Edition(digest="morning", date=NOON.date(), since=NOON - timedelta(days=1), until=NOON)
GOLD, CHIPS, TEA = item("Gold climbs to a record"), item("Chips fall in Taipei"), item("Tea is dear in Colombo")


def drafted(*choices: Choice, items: tuple[Item, ...] = (GOLD, CHIPS, TEA)) -> EditionDraft:
    return draft_edition(
        SPEC,
        items,
        edition=EDITION,
        history=History(items=items),
        feeds=(),
        measure_corpus=CorpusStatistics.from_items,
        cluster=cluster,
        choices=choices,
    )


def choice(kind: ChoiceKind, *items: Item, topic: str = "") -> Choice:
    ids = tuple(one.id for one in items)
    return Choice(digest="morning", kind=kind, items=ids, topic=topic, title="T", at=NOON, who="ann")


def topics(draft: EditionDraft) -> dict[str, str]:
    return {entry.title: entry.topic for entry in draft.entries}


def test_a_muted_story_is_none():
    """It is in no section, in no line, and is not counted; explain finds it among what was looked at."""
    draft = drafted(choice(ChoiceKind.MUTE, GOLD))
    assert set(topics(draft)) == {CHIPS.title, TEA.title}
    assert len(draft.eligible) == 2
    assert GOLD.title in {story.lead.title for story in draft.stories}
    assert draft.selection.omitted == 0


def test_a_pinned_story_stands_before_all_others():
    """Whatever it scores, with or without a topic; why is said in its score."""
    best = max(drafted().entries, key=lambda entry: entry.score.total)
    other = CHIPS if best.title != CHIPS.title else GOLD
    for wanted in (other, TEA):
        draft = drafted(choice(ChoiceKind.PIN, wanted))
        first = max(draft.entries, key=lambda entry: entry.score.total)
        assert first.title == wanted.title
        assert first.score.parts[0].name == "pinned by an operator"
    assert topics(drafted(choice(ChoiceKind.PIN, TEA)))[TEA.title] == PINNED


def test_a_moved_story_stands_under_the_other_topic():
    """Even where nothing of it fits there; a topic that the digest does not have moves nothing."""
    assert topics(drafted())[GOLD.title] == "Gold"
    draft = drafted(choice(ChoiceKind.MOVE, GOLD, topic="chips"))
    assert topics(draft)[GOLD.title] == "Chips"
    placed = {section.topic: {entry.title for entry in section.entries} for section in draft.selection.sections}
    lead = {draft.selection.lead.title} if draft.selection.lead else set()
    assert GOLD.title in placed.get("Chips", set()) | lead
    assert topics(drafted(choice(ChoiceKind.MOVE, GOLD, topic="gone")))[GOLD.title] == "Gold"


def test_a_decision_follows_most_of_its_story():
    """A story that grew is the same; of one that fell apart the part with half of its items or more is meant."""
    items = tuple(item(f"Item {number}") for number in range(6))
    made = choice(ChoiceKind.MUTE, *items[:4])
    assert is_about(made, Story(id="s", items=items))
    assert is_about(made, Story(id="s", items=items[:2]))
    assert not is_about(made, Story(id="s", items=items[:1]))
    assert not is_about(made, Story(id="s", items=items[3:]))
    assert not is_about(replace(made, items=()), Story(id="s", items=items))


def test_nothing_is_decided_about_another_story():
    """The others stay as they are, to the digit."""
    before = {entry.title: entry for entry in drafted().entries}
    after = {entry.title: entry for entry in drafted(choice(ChoiceKind.PIN, TEA)).entries}
    assert all(after[title] == before[title] for title in (GOLD.title, CHIPS.title))
