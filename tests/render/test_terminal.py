"""The digest in a terminal."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from render_states import CHIPS, OUTLETS, STATES, digest, entry, feeds_failed, normal, quiet
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from digestbot.model import Section
from digestbot.render import terminal


def shown(digest, **console) -> str:
    out = StringIO()
    terminal(digest, Console(file=out, **({"width": 100} | console)))
    return out.getvalue()


def test_everything_a_reader_needs_is_printed():
    """Title, date, headlines in order, quoted sentences with outlets, counts, reasons."""
    text = " ".join(shown(replace(feeds_failed(), shows_why=True), width=300).split())
    assert text.startswith("Morning chips Wednesday, May 27, 2026")
    assert f"{CHIPS[0].summary.sentences[1].text} [The Ledger]" in text
    assert "Update, day 3 1. Meridian Foundry doubles" in text
    assert "HBX:4410 +3.1% · NQX:HLDN −0.8% 06:30 · 7 outlets, 3 independent: Harbour Gazette · The Ledger" in text
    assert "Why: 7 reports in 2 hours; matches chip*, wafer*" in text
    assert "Bay Post (no answer within 30 seconds)" in text


def test_titles_are_links_where_the_terminal_knows_them():
    """The address is in the escape sequence, not in the text."""
    assert CHIPS[0].url in shown(normal(), force_terminal=True)
    assert CHIPS[0].url not in shown(normal(), force_terminal=False)


def test_no_colour_codes_reach_a_file():
    """Piped output is plain."""
    assert "\x1b" not in shown(normal(), force_terminal=False)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [40, 120])
def test_every_state_fits_narrow_and_wide_terminals(state, width):
    """No line is longer than the terminal, and none longer than is comfortable to read."""
    for line in shown(STATES[state](), width=width).splitlines():
        assert cell_len(line) <= min(width, 100)


def test_quiet_day_says_so():
    """An empty edition is one honest sentence."""
    assert "A quiet day: nothing new in your topics." in shown(quiet())


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_name_of_an_outlet_is_never_broken(width):
    """Outlets go on below the title, or on the next line, as a whole."""
    title = "A rather long headline about the new ferry line to the islands in the north"
    made = digest(
        Section(topic="Ferries", entries=(entry(title, outlets=7),)), also=(entry(f"{title} again", outlets=7),)
    )
    text = shown(made, width=width)

    for name in OUTLETS[:3]:
        assert text.count(name) == 2, name
    assert text.count("· +4") == 2
    assert "Northern\n" not in text


@pytest.mark.parametrize("width", [40, 60, 80])
def test_outlets_that_wrap_keep_their_dot(width):
    """Where a list of outlets goes on in the next line, the line before ends with the dot between the two."""
    from digestbot.render.terminal import _flowed

    names = [Text(name) for name in ("The Ledger", "Harbour Gazette", "Bay Post", "観海日報", "Chip Ledger", "+3")]
    lines = _flowed(names, width).plain.split("\n")
    assert all(line.endswith(" ·") for line in lines[:-1])
    assert " ".join(lines) == " · ".join(name.plain for name in names)
    assert all(cell_len(line) <= width for line in lines)
