"""The validator of chat.postMessage arguments: every row of Slack's limits is refused one step beyond, and not before."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from digestbot.render import slack_limits


def message(*blocks: dict[str, Any], text: str = "A digest", **others: Any) -> dict[str, Any]:
    return {"text": text, "blocks": list(blocks), **others}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **others: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **others}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def link(url: str) -> dict[str, Any]:
    return rich({"type": "link", "url": url, "text": "x"})


def button(**fields: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "text": plain("Open"), **fields}]}


def image(**fields: Any) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://a.example/p.png", "alt_text": "A bridge", **fields}


def card(**fields: Any) -> dict[str, Any]:
    return {"type": "card", "title": mrkdwn("A card"), **fields}


def table(rows: int, columns: int) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


DIVIDER = {"type": "divider"}
HARD_LIMITS = [
    ("blocks", lambda extra: message(*[DIVIDER] * (50 + extra))),
    ("fallback text", lambda extra: message(text="x" * (40_000 + extra))),
    ("attachments", lambda extra: message(attachments=[{"text": "x"}] * (100 + extra))),
    ("section text", lambda extra: message(section("x" * (3_000 + extra)))),
    ("section fields", lambda extra: message({"type": "section", "fields": [mrkdwn("x")] * (10 + extra)})),
    ("section field", lambda extra: message({"type": "section", "fields": [mrkdwn("x" * (2_000 + extra))]})),
    ("header", lambda extra: message({"type": "header", "text": plain("x" * (150 + extra))})),
    ("context elements", lambda extra: message({"type": "context", "elements": [mrkdwn("x")] * (10 + extra)})),
    ("context element", lambda extra: message({"type": "context", "elements": [mrkdwn("x" * (3_000 + extra))]})),
    ("button text", lambda extra: message(button(text=plain("x" * (75 + extra))))),
    ("button url", lambda extra: message(button(url="https://a.example/" + "x" * (2_982 + extra)))),
    ("button value", lambda extra: message(button(value="x" * (2_000 + extra)))),
    ("image url", lambda extra: message(image(image_url="https://a.example/" + "x" * (2_982 + extra)))),
    ("image alt text", lambda extra: message(image(alt_text="x" * (2_000 + extra)))),
    ("link url", lambda extra: message(link("https://a.example/" + "x" * (2_982 + extra)))),
    ("block id", lambda extra: message({**DIVIDER, "block_id": "x" * (255 + extra)})),
    ("table rows", lambda extra: message(table(100 + extra, 2))),
    ("table columns", lambda extra: message(table(2, 20 + extra))),
    ("tables", lambda extra: message(*[table(1, 1)] * (1 + extra))),
    ("data table rows", lambda extra: message({**table(201 + extra, 1), "type": "data_table"})),
    ("card title", lambda extra: message(card(title=mrkdwn("x" * (150 + extra))))),
    ("card subtitle", lambda extra: message(card(subtitle=mrkdwn("x" * (150 + extra))))),
    ("card body", lambda extra: message(card(body=mrkdwn("x" * (200 + extra))))),
    ("card subtext", lambda extra: message(card(subtext=mrkdwn("x" * (200 + extra))))),
    ("card buttons", lambda extra: message(card(actions=button()["elements"] * (3 + extra)))),
    ("carousel cards", lambda extra: message({"type": "carousel", "elements": [card()] * (10 + extra)})),
    ("container blocks", lambda extra: message({"type": "container", "child_blocks": [DIVIDER] * (10 + extra)})),
    ("text of all blocks", lambda extra: message(*[section("x" * 2_835)] * 3, section("x" * (2_835 + extra)))),
]


@pytest.mark.parametrize(("row", "build"), HARD_LIMITS, ids=[row for row, _ in HARD_LIMITS])
def test_each_limit_is_taken_exactly_and_refused_one_beyond(row, build):
    """A value at the limit passes, one more is a problem."""
    assert slack_limits.problems(build(0)) == ()
    assert slack_limits.problems(build(1)) != ()


def test_markdown_blocks_share_one_limit():
    """Two markdown blocks, each fine alone, are too long together."""
    half = {"type": "markdown", "text": "x" * 6_001}
    assert slack_limits.problems(message({**half, "text": "x" * 11_000})) == ()
    assert any("markdown" in problem for problem in slack_limits.problems(message(half, half)))


def test_lengths_count_after_escaping():
    """Characters that Slack escapes count as long as what they become, once."""
    assert slack_limits.problems(message({"type": "header", "text": plain("&" * 30)})) == ()
    assert slack_limits.problems(message({"type": "header", "text": plain("&" * 31)})) != ()
    assert slack_limits.problems(message(section("&amp;" * 600))) == ()


def test_lengths_count_utf16_units():
    """A character outside the basic plane counts twice."""
    assert slack_limits.length("👩‍👩‍👧‍👦") == 11
    assert slack_limits.problems(message({"type": "header", "text": plain("😀" * 76)})) != ()


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "unknown"},
        {"type": "section"},
        {"type": "context", "elements": []},
        {"type": "rich_text", "elements": []},
        {"type": "header", "text": mrkdwn("x")},
        {"type": "image", "image_url": "https://a.example/p.png", "alt_text": ""},
        section(""),
        rich({"type": "text", "text": ""}),
        link("javascript:alert(1)"),
        link("mailto:a@example.com"),
    ],
    ids=lambda block: str(block)[:60],
)
def test_malformed_blocks_are_refused(broken):
    """What Slack calls invalid_blocks for reasons other than length is named too."""
    assert slack_limits.problems(message(broken)) != ()


def test_block_ids_are_unique():
    """Two blocks of one message may not share an id."""
    assert slack_limits.problems(message({**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "b"})) == ()
    assert slack_limits.problems(message({**DIVIDER, "block_id": "a"}, {**DIVIDER, "block_id": "a"})) != ()


def test_empty_fallback_is_refused():
    """The text that notifications and screen readers read is required."""
    assert slack_limits.problems({"blocks": [DIVIDER]}) != ()
    assert slack_limits.problems(message(DIVIDER, text="  ")) != ()


def test_bytes_of_all_blocks_are_limited():
    """Many small blocks of little text can still be too many bytes."""
    wide = [rich(*[{"type": "text", "text": "x", "style": {"bold": True}}] * 15)] * 25
    assert any("bytes" in problem for problem in slack_limits.problems(message(*wide)))


@pytest.mark.parametrize(
    ("build", "fits"),
    [
        (lambda extra: message(*[DIVIDER] * (45 + extra)), "blocks"),
        (lambda extra: message(*[section("x" * 2_250)] * 3, section("x" * (2_250 + extra))), "characters in blocks"),
        (lambda extra: message(text="x" * (3_900 + extra)), "characters of text"),
    ],
    ids=["blocks", "characters", "fallback"],
)
def test_the_budget_is_smaller_than_the_limits(build, fits):
    """What passes the budget is told as such while Slack itself would still take it."""
    assert slack_limits.over_budget(build(0)) == ()
    assert fits in slack_limits.over_budget(build(1))[0]
    assert slack_limits.problems(build(1)) == ()


def test_the_sdk_agrees_on_what_is_valid():
    """slack_sdk parses and validates every block the validator calls good."""
    good = [
        section("x" * 3_000),
        {"type": "header", "text": plain("x" * 150)},
        image(),
        rich({"type": "text", "text": "x"}),
    ]
    assert slack_limits.problems(message(*good)) == ()
    for block in good:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.to_dict()
