"""Summaries: verbatim, attributed, within their budget, and never an exception."""

from __future__ import annotations

import pytest
from builders import item, story

from digestbot.model import Story, Summary
from digestbot.summarise import SUMMARISERS, summarise

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


@pytest.fixture
def bridge() -> Story:
    return story(item(text=BRIDGE), item("Bridge open again", text=RIVAL, source="Courier"))


@pytest.mark.parametrize("method", SUMMARISERS)
def test_every_method_quotes_verbatim(bridge, method):
    """Whichever summariser is chosen, each sentence stands word for word in the item it names."""
    summary = summarise(bridge, words=60, method=method)
    texts = {member.id: " ".join(member.text.split()) for member in bridge.items}
    assert summary.method == method
    assert summary.sentences
    assert all(sentence.text in texts[sentence.item] for sentence in summary.sentences)


def test_sentences_carry_source_and_address(bridge):
    """A reader can go from each sentence to the outlet it is quoted from."""
    members = {member.id: member for member in bridge.items}
    for sentence in summarise(bridge, words=60).sentences:
        assert (sentence.source, sentence.url) == (members[sentence.item].source, members[sentence.item].url)


def test_cut_off_end_and_furniture_are_never_quoted(bridge):
    """Neither a description's cut tail nor an invitation to read on is part of the news."""
    text = " ".join(sentence.text for sentence in summarise(bridge, words=500).sentences)
    assert "second crossing" not in text
    assert "Read more" not in text
    assert "Reuters" not in text


def test_no_text_is_headline_only():
    """Nothing to quote gives an empty summary, not padding."""
    assert summarise(story(item(text="")), words=60) == Summary()
