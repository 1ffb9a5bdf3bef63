"""`digestbot check` names settings that can change nothing, and none that can."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.app.feeds import configured_feeds
from digestbot.operations.check_settings import without_effect
from digestbot.settings import load

PLAIN = {
    "FEEDS__NEWS": "https://news.example.com/feed",
    "FEEDS__SAVED": "saved.xml",
    "TOPICS__GOLD": "gold",
    "DIGESTS__MORNING__TO": "file:./out",
}
MORNING = "DIGESTS__MORNING__"
IDLE = {
    "a token without a channel": ({"SLACK__TOKEN": "xoxb-1"}, "SLACK__TOKEN"),
    "a mail server without a mailbox": (
        {"SMTP__HOST": "mail.example.com", "SMTP__FROM": "a@example.com"},
        "SMTP__HOST",
    ),
    "ntfy without a topic": ({"NTFY__PRIORITY": "high"}, "NTFY__PRIORITY"),
    "a webhook that nobody names": (
        {"SLACK_WEBHOOKS__DESK": "https://hooks.slack.com/services/x"},
        "SLACK_WEBHOOKS__DESK",
    ),
    "an order of one topic": ({f"{MORNING}ORDER": "file"}, f"{MORNING}ORDER"),
    "more of one outlet than there is room": ({f"{MORNING}MAX_PER_SOURCE": "12"}, f"{MORNING}MAX_PER_SOURCE"),
    "a shape of Slack's": ({f"{MORNING}MODE": "thread"}, f"{MORNING}MODE"),
    "no weekend in a week without one": (
        {f"{MORNING}WEEKEND": "drop", f"{MORNING}DAYS": "mon-fri"},
        f"{MORNING}WEEKEND",
    ),
    "a weight of what is left out": (
        {f"{MORNING}SOURCES": "saved", f"{MORNING}SOURCE_WEIGHTS": "news^2"},
        f"{MORNING}SOURCE_WEIGHTS",
    ),
    "headers for a file": ({"FEEDS__SAVED__HEADERS": "Cookie: a=b"}, "FEEDS__SAVED__HEADERS"),
    "files of no list": ({"OPML_FILES": "yes"}, "OPML_FILES"),
    "folders of no list": ({"OPML_FOLDERS": "topics"}, "OPML_FOLDERS"),
    "a plain monitor that is none": ({"ALERTS__PLAIN_HTTP": "yes"}, "ALERTS__PLAIN_HTTP"),
    "a host that no feed has": ({"FETCH__PLAIN_HTTP_SECRETS": "old.example.com"}, "FETCH__PLAIN_HTTP_SECRETS"),
    "a topic without a word": ({"TOPICS__OIL": ""}, "TOPICS__OIL"),
    "a feed without an address": ({"FEEDS__OIL": ""}, "FEEDS__OIL"),
    "a page without an address": ({"PAGES__OIL": ""}, "PAGES__OIL"),
    "a limit beyond the digest's": ({"TOPICS__GOLD__LIMIT": "30"}, "TOPICS__GOLD__LIMIT"),
}
AT_WORK = {
    "a token": {"SLACK__TOKEN": "xoxb-1", f"{MORNING}TO": "slack:#desk", f"{MORNING}MODE": "thread"},
    "a mail server for alerts": {"SMTP__HOST": "mail.example.com", "ALERTS__TO": "mailto:a@example.com"},
    "a webhook": {
        "SLACK_WEBHOOKS__DESK": "https://hooks.slack.com/services/x",
        f"{MORNING}TO": "slack-webhook:desk",
    },
    "what webhooks share with a bot": {
        "SLACK__TIMEOUT": "9s",
        "SLACK__ON_UNKNOWN": "resend",
        "SLACK_WEBHOOKS__DESK": "https://hooks.slack.com/services/x",
        f"{MORNING}TO": "slack-webhook:desk",
    },
    "an order": {"TOPICS__OIL": "oil", f"{MORNING}ORDER": "file"},
    "few of one outlet": {f"{MORNING}MAX_PER_SOURCE": "2"},
    "what would be so anyway": {f"{MORNING}MODE": "standard", f"{MORNING}WEEKEND": "send"},
    "a weight": {f"{MORNING}SOURCES": "saved, news", f"{MORNING}SOURCE_WEIGHTS": "news^2"},
    "headers": {"FEEDS__NEWS__HEADERS": "Cookie: a=b"},
    "links of a page": {"PAGES__DESK": "https://news.example.com/", "PAGE_LINKS__DESK": "h2 a"},
    "a limit": {"TOPICS__GOLD__LIMIT": "3"},
}


def told(folder: Path, given: dict[str, str]) -> dict[str, tuple[int | None, str]]:
    text = "".join(f"DIGESTBOT_{key}={value}\n" for key, value in (PLAIN | given).items())
    (folder / "config.env").write_text(text, encoding="utf-8")
    loaded = load(folder / "config.env", {}, folder=folder)
    found = without_effect(loaded, configured_feeds(loaded))
    return {one.key.removeprefix("DIGESTBOT_"): (one.line, str(one)) for one in found}


@pytest.mark.parametrize("name", IDLE)
def test_what_can_change_nothing_is_named_once(name: str, tmp_path: Path):
    """With its line, why, and what would make it count."""
    given, key = IDLE[name]
    found = told(tmp_path, given)
    assert list(found) == [key]
    line, sentence = found[key]
    assert line == 1 + list(PLAIN | given).index(key)
    assert "has no effect" in sentence
    assert "take it out" in sentence


@pytest.mark.parametrize("name", AT_WORK)
def test_what_counts_is_not_named(name: str, tmp_path: Path):
    """The same settings where they have something to work on."""
    assert told(tmp_path, AT_WORK[name]) == {}


@settings(max_examples=30)
@given(st.sets(st.sampled_from(sorted(IDLE))))
def test_each_is_named_whatever_stands_beside_it(tmp_path_factory: pytest.TempPathFactory, names: set[str]):
    """The law: the findings of several are those of each alone."""
    both: dict[str, str] = {}
    for name in names:
        both |= IDLE[name][0]
    assert set(told(tmp_path_factory.getbasetemp(), both)) == {IDLE[name][1] for name in names}


def test_of_a_shared_group_what_no_recipient_reads_is_named(tmp_path: Path):
    """A bot's token beside webhooks alone; what both kinds read is at work."""
    hook = {"SLACK_WEBHOOKS__DESK": "https://hooks.slack.com/services/x", f"{MORNING}TO": "slack-webhook:desk"}
    found = told(
        tmp_path, hook | {"SLACK__TOKEN": "xoxb-1", "SLACK__TIMEOUT": "9s", "SLACK__API_URL": "https://a.example"}
    )
    assert list(found) == ["SLACK__TOKEN"]
    assert "no TO names a recipient with slack:, nor has DIGESTBOT_SLACK__API_URL; add" in found["SLACK__TOKEN"][1]
    assert not told(tmp_path, hook | {"SLACK__TIMEOUT": "9s"})
