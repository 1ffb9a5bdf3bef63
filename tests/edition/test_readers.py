"""The digest in the form that a reader asked for."""

from __future__ import annotations

from dataclasses import replace

from render_states import entry, placed

from digestbot.edition.readers import in_form
from digestbot.model import Form


def test_a_reader_of_some_topics_gets_those_in_every_place():
    """Sections, lines and what is named alone; the story of the day and "Elsewhere" are for everybody."""
    named = tuple(entry(f"Named alone under {topic}", outlets=4, topic=topic) for topic in ("Markets", "Ferries", ""))
    whole = replace(placed(), further=named)

    shown = in_form(whole, Form(topics=("markets",)), {"markets": "Markets", "ferries": "Ferries"})

    assert [section.topic for section in shown.sections] == ["Markets"]
    assert shown.further == named[:1]
    assert (shown.lead, shown.elsewhere) == (whole.lead, whole.elsewhere)
