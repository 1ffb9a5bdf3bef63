"""The reader's language and zone: fixed words, dates, and what happens with a language nobody has translated."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from render_states import digest, feeds_failed, late, normal, quiet
from rich.console import Console

import digestbot
from digestbot.model import PINNED, TOP_STORIES, Digest, Section, TranslatableText
from digestbot.render import Templates, render, terminal
from digestbot.render.i18n import format_time_in_zone, locale_of, long_date, short_date, translated
from digestbot.resources import resource

LANGUAGES = ("de", "zh")
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "TranslatableText": None}


@lru_cache(maxsize=1)
def fixed_words() -> set[object]:
    """Every message that templates and code mark for translation."""
    found: set[object] = set()
    for path in resource("templates").glob("*.*"):
        with path.open("rb") as source:
            options = {"trim_blocks": "1", "lstrip_blocks": "1", "silent": "false"}
            found |= {message for _, message, _, _ in extract("jinja2.ext:babel_extract", source, options=options)}
    for path in Path(digestbot.__file__).parent.rglob("*.py"):
        with path.open("rb") as source:
            found |= {message for _, message, _, _ in extract("python", source, keywords=KEYWORDS)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fixed_word_is_translated_and_no_other(language):
    """A new phrase without a translation, or a translation of a phrase that is gone, fails here."""
    with (resource("templates") / "words" / f"{language}.po").open("rb") as source:
        catalogue = read_po(source)
    translated = {message.id for message in catalogue if message.id and message.string and all(message.string)}
    assert translated == fixed_words()
    assert [
        list(message.check(catalogue)) for message in catalogue if message.id and list(message.check(catalogue))
    ] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            [
                "Mittwoch, 27. Mai 2026",
                "7 Medien, davon 3 unabhängig",
                "Warum: 7 Berichte in 2 Stunden; passt zu chip*",
                "Neues, Tag 3",
                "Außerdem",
            ],
        ),
        (
            "zh",
            [
                "2026年5月27日",
                "7 家媒体，其中 3 家独立报道",
                "入选原因：2 小时内 7 篇报道；匹配 chip*",
                "追踪，第 3 天",
                "另外",
            ],
        ),
    ],
)
def test_fixed_words_and_dates_follow_the_language(language, words):
    """All forms speak the digest's language; the page says which one it is."""
    message = render(replace(late(), language=language), templates=Templates())
    assert all(word in message.html for word in words)
    assert all(word in " ".join(message.text.split()) for word in words if word not in ("Außerdem", "另外"))
    assert lxml.html.document_fromstring(message.html).get("lang") == language
    assert words[0] in str(message.slack[0]["text"])


def without_topics() -> Digest:
    """A day of a reader without topics: one story is pinned, the others are the top stories."""
    first, *others = normal().entries
    return digest(Section(topic=PINNED, entries=(first,)), Section(topic=TOP_STORIES, entries=tuple(others)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [quiet, feeds_failed, without_topics])
def test_no_english_is_left_over(language, state):
    """Headings, reasons, the footer and the quiet day are translated too, in every form."""
    translated_digest = replace(state(), language=language)
    message, out = render(translated_digest, templates=Templates()), StringIO()
    terminal(translated_digest, Console(file=out, width=200))
    for english in (
        *("A quiet day", "Could not be read", "News from", "You get this", "stories", "Update", "More:", "Also", "Why"),
        *("outlets", "independent", "reports in", "matches", "Top stories", "TOP STORIES", "Pinned", "PINNED"),
    ):
        for form in (message.html, message.text, message.subject, json.dumps(message.slack), out.getvalue()):
            assert english not in form


@pytest.mark.parametrize(
    ("language", "headings"),
    [("en", ["Pinned", "Top stories"]), ("de", ["Angeheftet", "Das Wichtigste"]), ("zh", ["置顶", "要闻"])],
)
def test_sections_that_are_no_topic_are_named_in_the_readers_language(language, headings):
    """A reader's own topics stand as they were written; for programs the two names are always the same."""
    message = render(replace(without_topics(), language=language), templates=Templates())
    page = lxml.html.document_fromstring(message.html)
    assert [found.text for found in page.find_class("h")] == headings
    assert [section["topic"] for section in json.loads(message.json)["sections"]] == ["Pinned", "Top stories"]


def test_reasons_are_values_that_every_form_words():
    """The words of a reason are the language's, the values in them are the story's; JSON says them as the forms do."""
    reason = TranslatableText(msgid="%(num)s reports in %(hours)s hours", values={"num": 6, "hours": 2})
    assert str(reason) == translated(reason, "en") == "6 reports in 2 hours"
    assert translated(reason, "de") == "6 Berichte in 2 Stunden"
    assert translated(reason, "zh") == "2 小时内 6 篇报道"
    percent = TranslatableText(msgid="matches %(terms)s", values={"terms": "100%, %(num)s"})
    assert translated(percent, "de") == "passt zu 100%, %(num)s"
    story = json.loads(render(replace(normal(), language="de"), templates=Templates()).json)["sections"][0]["stories"][
        0
    ]
    assert story["why"] == ["7 Berichte in 2 Stunden", "passt zu chip*, wafer*"]


def test_an_unknown_language_is_english():
    """A language nobody has translated, or a wrong tag, is no error."""
    for tag in ("xx", "klingon", "", "fr"):
        assert "7 outlets, 3 independent" in render(replace(normal(), language=tag), templates=Templates()).html


def test_a_regional_tag_uses_its_language():
    """`de-AT` and `zh_TW` find the words of German and Chinese."""
    assert "7 Medien" in render(replace(normal(), language="de-AT"), templates=Templates()).html
    assert "7 家媒体" in render(replace(normal(), language="zh_TW"), templates=Templates()).html


def test_a_right_to_left_language_turns_the_page():
    """The page's direction is that of its language."""
    html = render(replace(normal(), language="ar"), templates=Templates()).html
    assert lxml.html.document_fromstring(html).get("dir") == "rtl"


def test_times_are_the_readers_own():
    """Day and time are those of the reader's zone, written as the language writes them."""
    at = datetime(2026, 5, 26, 22, 30, tzinfo=UTC)
    assert format_time_in_zone(at, ZoneInfo("Asia/Hong_Kong"), locale_of("de")) == "27. Mai, 06:30"
    assert format_time_in_zone(at, ZoneInfo("America/New_York"), locale_of("de")) == "26. Mai, 18:30"
    assert long_date(date(2026, 5, 27), locale_of("de")) == "Mittwoch, 27. Mai 2026"
    assert short_date(date(2026, 5, 27), locale_of("de")) == "Mi., 27. Mai"
