"""Strangers' words stay words: in every field, in every form."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from html import unescape
from io import StringIO
from itertools import count
from typing import Any

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from render_states import feeds_failed, normal
from rich.console import Console
from slack_sdk.models.blocks import Block

from digestbot.model import Digest, Entry, TranslatableText
from digestbot.render import Templates, preview_page, render, terminal
from digestbot.render.safety import sanitised, web_address
from digestbot.render.slack_limits import over_budget, problems
from digestbot.text.sanitise import is_right_to_left, one_line

HOSTILE = {
    "mention": "<!channel> <@U123> <!here> @everyone",
    "slack markup": "*bold* _it_ ~gone~ `code` > quote :tada: <https://evil.example|label>",
    "pipe": "a | b || c",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)></td></table><h1>Big</h1>",
    "attribute": '" onmouseover="alert(1)" x=\'y\' `z`',
    "template": "{{ digest.title }} {% for x in y %} {# no #} ${x} %(name)s %s {0}",
    "rich markup": "[bold red]stop[/] [link=https://evil.example]x[/link] :warning:",
    "override": "\u202etxet desrever\u202c \u2066isolated\u2069 \u200e\u200f",
    "controls": "nul\x00 esc\x1b[31mred\x1b[0m bell\x07 nel\x85 vt\x0b",
    "breaks": "one\r\nBcc: victim@example.com\r\n\r\ntwo\u2028three\u2029four",
    "surrogate": "lone \ud800 surrogate \udfff",
    "entities": "&lt;script&gt; &amp;amp; &#x3C;b&#x3E; &bogus; &",
    "comment": "<!-- --> --!> <![CDATA[ ]]> <?php ?>",
    "json": '", "type": "mrkdwn", "text": "<!channel>"}]}',
    "long": "word " * 1000,
    "unbroken": "x" * 5000,
    "zalgo": "z" + "\u0316" * 200 + "algo",
    "empty": "\x00\u200f",
}
TEMPLATES = Templates()


def poisoned(digest: Digest, poison: str) -> Digest:
    """The digest with every text in it, however deep, replaced by a numbered poison; equal texts stay equal.

    What stays is our own: the zone, the language, and the words that are said in it. Addresses end with the poison.
    """
    seen: dict[str, str] = {}
    numbers = count(1)

    def walk(inner: Any, name: str) -> Any:
        if isinstance(inner, str):
            if name in ("url", "image"):
                return inner and inner + poison
            return inner and seen.setdefault(inner, f"{next(numbers)} {poison}")
        if isinstance(inner, tuple):
            return tuple(walk(one, name) for one in inner)
        if isinstance(inner, TranslatableText):
            return replace(inner, values={key: walk(one, key) for key, one in inner.values.items()})
        if is_dataclass(inner) and not isinstance(inner, type):
            return replace(
                inner, **{field.name: walk(getattr(inner, field.name), field.name) for field in fields(inner)}
            )
        return inner

    return replace(walk(digest, ""), language=digest.language, timezone=digest.timezone)


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Elements and the names of their attributes, in order."""
    tree = lxml.html.document_fromstring(html)
    return [(str(node.tag), tuple(sorted(node.attrib))) for node in tree.iter(lxml.html.etree.Element)]


def rich_texts(value: Any) -> list[dict[str, Any]]:
    """Every object with a type, however deep."""
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in rich_texts(inner))]
    if isinstance(value, (list, tuple)):
        return [found for inner in value for found in rich_texts(inner)]
    return []


def full_digest() -> Digest:
    """A usual day with everything that can be shown: notices, failures, what can be read again, words of every item."""

    def with_words(entry: Entry) -> Entry:
        words = {"feed": "feed", "authors": ("Ann",), "categories": ("News",), "language": "en", "keys": ("4711",)}
        return replace(
            entry, story=replace(entry.story, items=tuple(replace(item, **words) for item in entry.story.items))
        )

    whole = replace(feeds_failed(), notices=("Sent late.",))
    sections = tuple(
        replace(section, entries=tuple(with_words(entry) for entry in section.entries)) for section in whole.sections
    )
    return replace(whole, sections=sections, also=tuple(with_words(entry) for entry in whole.also))


def assert_inert(digest: Digest) -> None:
    """All forms of the digest hold our own structure and nothing else."""
    message = render(digest, templates=TEMPLATES)
    assert message.faults == ()
    for arguments in message.slack:
        assert problems(arguments) == ()
        assert over_budget(arguments) == ()
        assert "<" not in arguments["text"]
        assert ">" not in arguments["text"]
        allowed = {
            "header",
            "context",
            "plain_text",
            "rich_text",
            "rich_text_section",
            "rich_text_list",
            "text",
            "link",
        }
        assert {found["type"] for found in rich_texts(arguments["blocks"]) if "type" in found} <= allowed
        assert all(Block.parse(block) is not None for block in arguments["blocks"])
    assert "\n" not in message.subject
    assert len(message.subject) <= 78
    assert len(json.loads(message.json)["sections"]) == len(digest.sections)
    for form in (message.html, message.text, message.json, message.subject, json.dumps(message.slack)):
        assert not set(form) & set("\x00\x07\x0b\x1b\x85\u2028\u2029\u202e\u2066\ud800\udfff")
        form.encode()


def assert_same_elements(poison: str) -> None:
    """The page of hostile words has exactly the elements of the page of as many harmless words in the same places."""
    cleaned = one_line(f"1 {poison}")[2:]
    harmless = "".join(letter if letter.isspace() or is_right_to_left(letter) else "x" for letter in cleaned)
    hostile, ours = poisoned(normal(), poison), poisoned(normal(), harmless)
    # Where words lead is not what they look like: the same addresses on both sides.
    pages = [render(with_addresses(each), templates=TEMPLATES).html for each in (hostile, ours)]
    assert skeleton(pages[0]) == skeleton(pages[1])


def with_addresses(digest: Digest) -> Digest:
    """The digest with the addresses of the usual day."""
    entries = iter((*normal().entries, *normal().also))

    def again(entry: Entry) -> Entry:
        one = next(entries)
        items = tuple(replace(item, url=old.url) for item, old in zip(entry.story.items, one.story.items, strict=True))
        sentences = tuple(
            replace(sentence, url=old.url)
            for sentence, old in zip(entry.summary.sentences, one.summary.sentences, strict=True)
        )
        story, summary = replace(entry.story, items=items), replace(entry.summary, sentences=sentences)
        return replace(entry, url=one.url, story=story, summary=summary)

    sections = tuple(
        replace(section, entries=tuple(again(entry) for entry in section.entries)) for section in digest.sections
    )
    return replace(digest, sections=sections, also=tuple(again(entry) for entry in digest.also))


@pytest.mark.parametrize("poison", HOSTILE.values(), ids=HOSTILE)
def test_hostile_strings_stay_inert_in_every_form(poison):
    """Row 57: each hostile string in every field, addresses included, leaves structure, validity and size alone."""
    assert_inert(poisoned(full_digest(), poison))


@pytest.mark.parametrize("poison", HOSTILE.values(), ids=HOSTILE)
def test_the_page_re_parses_to_exactly_our_elements(poison):
    """No hostile string adds, takes or moves an element or an attribute of the email."""
    assert_same_elements(poison)


@pytest.mark.parametrize("poison", [text for key, text in HOSTILE.items() if key not in {"long", "unbroken", "zalgo"}])
def test_hostile_strings_stay_complete(poison):
    """What is not too long is shown to the last character, as it was meant to be read."""
    digest = poisoned(normal(), poison)
    message = render(digest, templates=TEMPLATES)
    tree = lxml.html.document_fromstring(message.html)
    page = " ".join(tree.text_content().split())
    plain = " ".join(message.text.split())
    posts = json.dumps([rich_texts(arguments["blocks"]) for arguments in message.slack], ensure_ascii=False)
    for entry in digest.entries:
        title = one_line(entry.title)
        assert " ".join(title.split()) in page
        assert " ".join(title.split()) in plain
        assert json.dumps(title, ensure_ascii=False)[1:-1] in posts
        assert title in unescape(" ".join(str(arguments["text"]) for arguments in message.slack))


FRAGMENTS = st.sampled_from(
    [*HOSTILE.values(), "<", ">", "&", '"', "'", "|", "*", "{{", "{%", "\\", "\ud83d", "👩‍👩‍👧‍👦", "ا"]
)
WEIRD = st.lists(st.one_of(FRAGMENTS, st.text(st.characters(), max_size=30)), min_size=1, max_size=4).map("".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WEIRD)
def test_any_text_stays_inert(poison):
    """No mixture of hostile pieces and random characters changes what the forms are made of."""
    assert_inert(poisoned(full_digest(), poison))
    # A longer one may take so many bytes more than harmless letters that the budget takes something else out.
    assert_same_elements(poison[:300])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\x00script:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "mailto:a@b.c",
        "//evil.example/x",
        "https://",
        "http:///path",
        "http://[::1",
        "ftp://a.example",
        "",
        "not an address",
        "https://a.example/" + "x" * 2_000,
        "https://a.example/?" + "&" * 600,
    ],
)
def test_only_web_addresses_become_links(url):
    """Everything but a whole http(s) address of bearable length is dropped."""
    assert web_address(url) == ""


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1&z=%20a#b", "https://a.example/x?y=1&z=%20a#b"),
        ('https://a.example/"><b>', "https://a.example/%22%3E%3Cb%3E"),
        ("https://a.example/a|b c`d", "https://a.example/a%7Cb%20c%60d"),
        ("https://a.example/新闻", "https://a.example/新闻"),
        ("HTTPS://A.example/x", "HTTPS://A.example/x"),
    ],
)
def test_web_addresses_keep_their_meaning(url, safe):
    """What could end an address early is percent-encoded; the rest stays as it came."""
    assert web_address(url) == safe
    assert web_address(safe) == safe


def test_hostile_addresses_never_reach_a_form():
    """An address that is not http(s) leaves plain words behind, in every form."""
    entry = replace(normal().entries[0], url='javascript:alert("x")')
    story = replace(entry.story, items=tuple(replace(item, url="data:text/html,x") for item in entry.story.items))
    quotes = tuple(replace(sentence, url="vbscript:x") for sentence in entry.summary.sentences)
    entry = replace(entry, story=story, summary=replace(entry.summary, sentences=quotes))
    digest = normal()
    digest = replace(digest, sections=(replace(digest.sections[0], entries=(entry,)),), also=())
    message = render(digest, templates=TEMPLATES)
    assert "<h2" in message.html
    for form in (message.html, message.text, message.json, json.dumps(message.slack)):
        assert not any(scheme in form for scheme in ("javascript:", "data:", "vbscript:"))


def test_purified_is_idempotent_and_drops_item_texts():
    """A second pass changes nothing; no form needs what an item's article says."""
    once = sanitised(poisoned(normal(), HOSTILE["controls"]))
    assert sanitised(once) == once
    assert all(item.text == "" for entry in once.entries for item in entry.story.items)


def test_terminal_prints_markup_as_words():
    """Rich markup, emoji codes and escape sequences in a title are printed as they stand."""
    out = StringIO()
    terminal(
        poisoned(normal(), "[bold red]x[/] :tada: \x1b]8;;https://evil.example\x07y"), Console(file=out, width=200)
    )
    assert "[bold red]x[/] :tada: ]8;;https://evil.exampley" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_preview_page_frames_hostile_words_as_words():
    """The page's own elements do not depend on what the digest says."""
    hostile = render(poisoned(normal(), HOSTILE["html"] + HOSTILE["attribute"]), templates=TEMPLATES)
    ours = {tag for tag, _ in skeleton(preview_page(render(normal(), templates=TEMPLATES)))}
    assert {tag for tag, _ in skeleton(preview_page(hostile))} <= ours | {"br"}
