"""Every style that the email carries in its elements, held against what mail programs are known to do with it."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import lxml.html
import pytest
from render_states import STATES, pictured

from digestbot.render import Templates, render

KNOWN = json.loads((Path(__file__).parents[1] / "mail_programs.json").read_text(encoding="utf-8"))

# Why it does no harm where it is supported in part or not at all.
HARMLESS = {
    "border": "takes the border from a picture, which has none in programs that are younger than 2003",
    "border-top": "Outlook on Windows may leave out the hairline of a paragraph; that of the card is on a table",
    "color": "every program knows it, so the data does not list it",
    "display": "where Gmail's mobile page ignores it, max-height and overflow hide the preview line",
    "font-size": "in px, which every program takes; only rem and percentages are not",
    "font-weight": "bold is known everywhere; only other numbers are not",
    "height": "auto, which is what a picture without a height does anyway",
    "letter-spacing": "small and positive; only large negative values and em differ",
    "margin": "never negative and never auto",
    "max-height": "hides the preview line together with display, and Outlook on Windows obeys that one",
    "max-width": "Outlook on Windows gets a table of 600 px from a conditional comment, and pictures an attribute",
    "mso-hide": "Outlook's own word; the others do not know it",
    "overflow": "hides the preview line together with display and max-height: one of the three works everywhere",
    "padding": "Outlook on Windows leaves it out of paragraphs, which loses air and no words; cells keep theirs",
    "text-decoration": "one value, none: links of titles stay underlined where it is not obeyed",
    "text-transform": "upper case only; what is not obeyed is lower case",
    "width": "Outlook on Windows obeys it on tables, and takes that of pictures from their attribute",
    "word-break": "only breaks words that are wider than the page; without it they are cut off at the edge",
}


@pytest.fixture(scope="module")
def used() -> dict[str, set[tuple[str, str]]]:
    """Property to (element, value) in the emails of all states."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for make in [*STATES.values(), pictured]:
        page = lxml.html.fromstring(render(make(), templates=Templates(), images="lead").html)
        for element in page.iter("*"):
            for declaration in filter(None, element.get("style", "").split(";")):
                name, value = declaration.split(":", 1)
                found[name.strip()].add((element.tag, value.strip()))
    return found


def test_every_inlined_property_is_supported_or_harmless(used):
    """Gmail, Outlook and Apple Mail obey each property on every platform, or a reason says why nothing is lost."""
    doubtful = {
        name
        for name in used
        if set(KNOWN["properties"].get(name, {"": "n"}).values()) != {"y"} and name not in HARMLESS
    }
    assert doubtful == set()


def test_no_reason_outlives_its_property(used):
    """A reason for a property that no email uses, or that needs none, is not kept."""
    supported = {name for name, levels in KNOWN["properties"].items() if set(levels.values()) == {"y"}}

    assert set(HARMLESS) - set(used) == set()
    assert set(HARMLESS) & supported == set()


def test_the_reasons_are_true(used):
    """What the reasons say about values and elements holds for every email."""
    assert not any("-" in value or "auto" in value for _, value in used["margin"])
    assert {tag for tag, _ in used["width"]} <= {"table", "img"}
    assert {tag for tag, _ in used["max-width"]} == {"table", "img"}
    assert {value for _, value in used["font-weight"]} == {"bold"}
    assert all(value.endswith("px") for _, value in used["font-size"])
    assert {value for _, value in used["text-transform"]} == {"uppercase"}
    assert {value for _, value in used["text-decoration"]} == {"none"}


def test_the_preview_line_is_hidden_three_ways():
    """No program knows all three, each knows one."""
    page = lxml.html.fromstring(render(STATES["normal"](), templates=Templates()).html)
    style = page.xpath("//body/div")[0].get("style")

    assert all(part in style for part in ("display:none", "max-height:0", "overflow:hidden"))
