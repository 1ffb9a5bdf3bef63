"""Templates: whole files and single blocks of the user's own, and what happens when one of them fails."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from render_states import CHIPS, busy, normal, reasons

from digestbot.errors import TemplateError
from digestbot.model import Counts, Message
from digestbot.render import Templates, builtin_names, copy, preview_page, render, sample
from digestbot.render import templates as templates_module
from digestbot.render.build_view import build_view
from digestbot.render.safety import sanitised
from digestbot.render.view import (
    DigestView,
    FailureView,
    Outlet,
    Part,
    Quote,
    ReaderMailView,
    ReportLink,
    SectionView,
    StoryView,
)

DOCS = Path(__file__).parents[2] / "docs" / "templates.md"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mine"


def write(folder: Path, name: str, text: str) -> Templates:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return Templates(folder)


def test_a_whole_file_replaces_the_built_in_one(folder):
    """A user's email.txt is used, the other forms stay."""
    templates = write(folder, "email.txt", "Mine: {% for story in digest.stories %}{{ story.title }}; {% endfor %}")
    message = render(normal(), templates=templates)
    assert message.text.startswith(f"Mine: {CHIPS[0].title}; ")
    assert message.html == render(normal(), templates=Templates()).html
    assert message.faults == ()
    assert templates.check() == ()


def test_a_single_block_can_be_changed(folder):
    """Extending the built-in file changes one block and keeps the rest."""
    templates = write(
        folder, "email.html", '{% extends "builtin/email.html" %}{% block foot %}<p>Our foot</p>{% endblock %}'
    )
    html = render(normal(), templates=templates).html
    assert "Our foot" in html
    assert "You get this because" not in html
    assert CHIPS[0].title in html
    assert templates.check() == ()


def test_the_examples_of_the_guide_work(folder):
    """Each example that extends a shipped file is one that can be copied, with what the shipped file begins with."""
    guide = DOCS.read_text(encoding="utf-8")
    examples = re.findall(r"^ +({% extends \"builtin/(.+?)\" %}\n(?: +\S.*\n)+)", guide, flags=re.MULTILINE)
    assert len(examples) >= 2
    for text, name in examples:
        templates = write(folder, name, text)
        assert templates.check() == ()
        message = render(busy(14), templates=templates)
        assert message.faults == ()
        assert message.html != render(busy(14), templates=Templates()).html


def test_fixed_words_can_be_changed(folder):
    """A user's phrases.txt holds only the phrases that are to be different."""
    templates = write(
        folder, "phrases.txt", '{% macro why(story) %}Because: {{ story.why | join(", ") }}{% endmacro %}'
    )
    message = render(reasons(), templates=templates)
    assert "Because: 7 reports" in message.text
    assert "Because: 7 reports" in message.html
    assert "Because: 7 reports" in json.dumps(message.slack)


def test_slack_order_and_words_are_the_templates(folder):
    """A user's slack.json decides which blocks come in which order."""
    templates = write(
        folder,
        "slack.json",
        '{% extends "builtin/slack.json" %}'
        '{% block head %}{{ header("Hello") }}{% endblock %}{% block foot %}{{ divider() }}{{ context("Bye") }}{% endblock %}',
    )
    blocks = render(normal(), templates=templates).slack[0]["blocks"]
    assert blocks[0]["text"]["text"] == "Hello"
    assert [block["type"] for block in blocks[-2:]] == ["divider", "context"]


BROKEN = {
    "syntax": ("email.html", "{% if %}", "email.html, line 1"),
    "undefined": ("email.html", "<html>{{ digest.nothing }}</html>", "nothing"),
    "raises": ("email.txt", "{{ 1 // 0 }}", "ZeroDivisionError"),
    "missing parent": ("email.txt", '{% extends "no/such.txt" %}', "no/such.txt"),
    "no page": ("email.html", "just words", "not a whole HTML page"),
    "nothing": ("email.txt", "   ", "output is empty"),
    "no json": ("slack.json", "hello", "not a Slack block"),
    "no block": ("slack.json", "", "no Slack block"),
    "unknown block": ("slack.json", '{"type": "blink"}', "blink"),
    "no object": ("slack.json", "[1]", "not a Slack block"),
    "sandbox": ("email.txt", "{{ digest.__class__.__mro__ }}", "SecurityError"),
    "endless": (
        "email.txt",
        "{% for a in range(99999) %}{% for b in range(99999) %}" + "x" * 500 + "{% endfor %}{% endfor %}",
        "output is over",
    ),
    "endless and silent": (
        "email.html",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a %}{% endfor %}{% endfor %}",
        "runs for more than",
    ),
    "endless in a macro": ("slack.json", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "Recursion"),
    "huge": ("subject.txt", "{{ 'a' * 10 ** 9 }}", "output is over"),
    "huge list": ("email.txt", "{{ [0] * 2 * 10 ** 6 }}", "output is over"),
    "huge number": ("email.txt", "{{ 9 ** 99999999 }}", "output is over"),
    "broken phrases": ("phrases.txt", "{% macro counts(digest) %}", "phrases.txt"),
}


@cache
def _ours() -> Message:
    return render(normal(), templates=Templates())


@pytest.mark.parametrize(("name", "text", "reason"), BROKEN.values(), ids=BROKEN)
def test_row_58_a_broken_template_gives_way_and_is_reported(folder, name, text, reason, monkeypatch):
    """The digest goes out with the built-in template, and the note names the file and what is wrong with it.

    A template without end is stopped; its five seconds are one tenth here.
    """
    monkeypatch.setattr(templates_module, "_MOST_SECONDS", 0.1)
    templates = write(folder, name, text)
    message = render(normal(), templates=templates)
    ours = _ours()
    assert (message.html, message.text, message.slack) == (ours.html, ours.text, ours.slack)
    assert any(reason in fault for fault in message.faults)
    assert any(reason in problem for problem in templates.check())


def test_check_names_a_missing_folder(folder):
    """A folder that is not there is a problem of its own."""
    (problem,) = Templates(folder).check()
    assert str(folder) in problem
    assert Templates().check() == ()


def test_the_slack_budget_holds_for_user_templates_too(folder):
    """A template that writes far too much is refused like a broken one, and nothing larger than Slack takes is made."""
    templates = write(folder, "slack.json", '{% for n in range(60) %}{{ divider() }}{% endfor %}{{ header("x") }}')
    message = render(normal(), templates=templates)
    assert all(len(post["blocks"]) <= 45 for post in message.slack)
    assert any("slack.json" in note for note in message.faults)


def test_copy_hands_a_template_over_once(folder):
    """The copy is the shipped file; an existing file is never written over; a wrong name lists the right ones."""
    path = copy("email.html", folder)
    assert path == folder / "email.html"
    assert render(normal(), templates=Templates(folder)).html == render(normal(), templates=Templates()).html
    with pytest.raises(TemplateError, match="already"):
        copy("email.html", folder)
    with pytest.raises(TemplateError, match=re.escape("email.html, email.txt")):
        copy("../conftest.py", folder)


def test_a_changed_template_is_seen_at_once(folder):
    """Nobody has to restart anything after editing a template."""
    templates = write(folder, "subject.txt", "First")
    assert render(normal(), templates=templates).subject == "First"
    write(folder, "subject.txt", "Second words")
    assert render(normal(), templates=templates).subject == "Second words"


def test_a_template_is_compiled_once_for_all_languages(monkeypatch):
    """Compiling takes longer than rendering, and the code is the same: words are looked up when it runs."""
    render(replace(normal(), language="de"), templates=Templates())
    templates_module._environment.cache_clear()
    monkeypatch.setattr(templates_module.Environment, "compile", None)
    assert render(replace(normal(), language="fr"), templates=Templates()).html


def test_every_shipped_template_is_named_and_documented():
    """`templates list` shows them all, and the guide tells about each."""
    guide = DOCS.read_text(encoding="utf-8")
    assert set(builtin_names()) == {
        "digest.md", "email.html", "email.txt", "phrases.txt", "preview.html", "reader_mail.html", "reader_mail.txt", "slack.json", "slack.txt", "subject.txt"
    }  # fmt: skip
    assert all(f"`{name}`" in guide for name in builtin_names())


@pytest.mark.parametrize(
    "value",
    [DigestView, SectionView, StoryView, Quote, Outlet, ReportLink, FailureView, Part, Counts, ReaderMailView],
)
def test_the_guide_tells_every_field_and_no_other(value):
    """docs/templates.md lists, under the name of each value, exactly the fields that the value has."""
    guide = DOCS.read_text(encoding="utf-8")
    section = re.search(rf"^### {value.__name__}\n(.*?)(?=^##|\Z)", guide, flags=re.MULTILINE | re.DOTALL)
    assert section is not None, f"no section about {value.__name__}"
    documented = set(re.findall(r"^\| `(\w+)` \|", section[1], flags=re.MULTILINE))
    properties = {name for name, member in vars(value).items() if isinstance(member, property)}
    assert documented == {field.name for field in fields(value)} | properties


def test_the_guide_tells_every_block_and_phrase():
    """Blocks that can be overridden and phrases that can be called are those of the files."""
    guide = DOCS.read_text(encoding="utf-8")
    root = DOCS.parents[1] / "templates"
    for name in ("email.html", "email.txt", "slack.json", "reader_mail.html", "reader_mail.txt"):
        for block in re.findall(r"{% block (\w+)", (root / name).read_text(encoding="utf-8")):
            assert f"`{block}`" in guide, f"{name}: block {block}"
    for phrase in re.findall(r"{% macro (\w+\(.*?\))", (root / "phrases.txt").read_text(encoding="utf-8")):
        assert f"`say.{phrase}`" in guide


def test_preview_page_shows_every_form_and_says_what_it_imitates():
    """One page: light, dark, phone, Slack as an imitation, text; the frames run nothing."""
    message = render(normal(), templates=Templates())
    page = preview_page(message)
    assert page.count("<iframe") == 3
    assert page.count('sandbox="allow-popups"') == 3
    assert "an imitation" in page
    assert "nothing has been sent" in page
    assert "@media not all" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "Meridian Foundry doubles" in page.split("<pre")[1]


def test_the_email_budget_holds_for_user_templates_too(folder):
    """A template whose page is too large whatever is left out gives way to the built-in one."""
    templates = write(folder, "email.html", '<html><body>{{ "word " * 40000 }}</body></html>')
    message = render(normal(), templates=templates)
    assert message.html == render(normal(), templates=Templates()).html
    assert any("email.html" in note for note in message.faults)


def test_the_sample_fills_every_place():
    """`digestbot check` tries owners' templates on it: a field that is never filled is never tried."""
    view = build_view(sanitised(sample.full()))
    assert view.sections[0].lead
    assert all(section.lines for section in (view.sections[1], view.sections[-1]))
    assert view.glance
    for name in ("quotes", "facts", "why", "outlets", "related", "headlines", "time"):
        assert any(getattr(story, name) for story in view.stories), name
    assert any(story.day > 1 and story.line for story in view.stories)
    for name in ("also", "failures", "notices", "omitted"):
        assert getattr(view, name), name
