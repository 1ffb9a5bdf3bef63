"""The Markdown form: one document of headings, links and quotations, in which nothing of a feed becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from render_states import normal

from digestbot.render import Templates, markdown
from digestbot.render.markdown_text import link, plain

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60)


def shown(document: str) -> str:
    """The words that a reader sees of a document that is a single paragraph of text; fails where it is anything else."""
    tokens = PARSER.parse(document)
    kinds = [token.type for token in tokens]
    assert kinds in ([], ["paragraph_open", "inline", "paragraph_close"]), kinds
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special"}, children
    return "".join(child.content for child in children)


@settings(max_examples=40, deadline=None)
@given(TEXT)
@example("# not a heading")
@example("1. not a list")
@example("- nor this")
@example("+1 for *this* [link](https://a.example) ![x](y) <b>&amp;</b> `code` ~~gone~~ | a |")
@example("--- ")
@example("[a]: https://b.example")
def test_any_text_shows_as_itself(text: str):
    """The law: what stands in the feed is what a reader sees, as plain text."""
    assert shown(plain(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["https://a.example", "see www.a.example", "ann@desk.example", "fixes #12", "a :tada: b", "@channel"]
)
def test_nothing_is_linked_by_itself(text: str):
    """What code hosts make links or pictures of needs bare characters, and has a backslash in its place."""
    assert "\\" in plain(text)
    assert shown(plain(text)) == text


@settings(max_examples=40, deadline=None)
@given(TEXT, TEXT)
def test_a_link_leads_where_it_was_told(words: str, path: str):
    """Whatever the words and the address hold, it is one link with those words to that place."""
    made = link(f"x {words} y", f"https://paper.example/{path}")
    [inline] = [token for token in PARSER.parse(made) if token.type == "inline"]
    kinds = [child.type for child in inline.children or ()]
    assert kinds[0] == "link_open"
    assert kinds[-1] == "link_close"
    assert kinds.count("link_open") == 1
    assert str(inline.children[0].attrs["href"]).startswith("https://paper.example/")
    assert link("Words", "") == "Words"


def test_a_digest_has_all_its_stories_with_links():
    """Every story of the edition stands in it under its number or as a point, and leads to its article."""
    digest = normal()
    made = markdown(digest, templates=Templates())
    whole = PARSER.render(made)
    for entry in (*digest.entries, *digest.headlines):
        assert f'href="{entry.story.lead.url}"' in whole.replace("&amp;", "&")
    assert made.startswith("# ")
    assert not re.search(r"\n{3}", made)
    assert made.endswith("\n")


def test_no_markup_of_an_element_is_left(tmp_path):
    """What a template of the owner's prints is as they wrote it; a broken one gives way to ours, as everywhere."""
    (tmp_path / "digest.md").write_text("{% extends 'builtin/digest.md' %}{% block foot %}The end{% endblock %}")
    assert markdown(normal(), templates=Templates(tmp_path)).endswith("The end\n")
    (tmp_path / "digest.md").write_text("{{ digest.nothing }}")
    assert markdown(normal(), templates=Templates(tmp_path)) == markdown(normal(), templates=Templates())


def test_it_speaks_the_language_of_the_digest():
    """The fixed words are translated."""
    english = markdown(normal(), templates=Templates())
    german = markdown(replace(normal(), language="de"), templates=Templates())
    assert "stories from" in english
    assert "stories from" not in german
