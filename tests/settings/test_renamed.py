"""Settings and recipients of an earlier release: one error for each, with its line and its name of today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from digestbot.errors import ConfigErrors
from digestbot.settings import load

OLD = Path(__file__).parents[1] / "old_folders" / "config-0004.env"
MORNING = "DIGESTBOT_DIGESTS__MORNING__"
NAMES = {
    f"{MORNING}QUIET=line": f"{MORNING}WHEN_EMPTY",
    f"{MORNING}CATCH_UP=6h": f"{MORNING}MAX_DELAY",
    "DIGESTBOT_SLACK__ON_AMBIGUOUS=hold": "DIGESTBOT_SLACK__ON_UNKNOWN",
    "DIGESTBOT_SMTP__ON_AMBIGUOUS=hold": "DIGESTBOT_SMTP__ON_UNKNOWN",
    "DIGESTBOT_WEBHOOKS__DESK=https://hooks.slack.example/services/a": "DIGESTBOT_SLACK_WEBHOOKS__DESK",
    "DIGESTBOT_WEBHOOKS__DESK_FILE=desk": "DIGESTBOT_SLACK_WEBHOOKS__DESK_FILE",
    f"{MORNING}TO=slack:#a, webhook:desk": "slack-webhook:desk",
    "DIGESTBOT_ALERTS__TO=webhook:desk": "slack-webhook:desk",
}


@pytest.mark.parametrize("line", NAMES, ids=lambda line: line.partition("=")[0])
def test_an_old_name_is_one_error_with_the_new_one(tmp_path: Path, line: str):
    """And nothing is guessed from it."""
    (tmp_path / "config.env").write_text(f"DIGESTBOT_FEEDS__A=a.xml\n{line}\n")
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path / "config.env", {}, folder=tmp_path)

    [error] = caught.value.errors
    assert (error.key, error.line) == (line.partition("=")[0], 2)
    assert NAMES[line] in error.sentence


def test_a_whole_configuration_of_the_first_release(tmp_path: Path):
    """Everything that has another name is named in one go, in the order of the file, and nothing else is wrong with it."""
    text = OLD.read_text(encoding="utf-8")
    text = re.sub(r"\$\{SMTP_PORT\}", "2525", re.sub(r"\$\{(?!SMTP)\w+\}", "http://127.0.0.1:9/services/a", text))
    text = text.replace("SLACK__TOKEN=http://127.0.0.1:9/services/a", "SLACK__TOKEN=xoxb-1")
    (tmp_path / "config.env").write_text(text)
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path / "config.env", {}, folder=tmp_path)

    lines = [line.partition("=")[0] for line in text.splitlines()]
    expected = [
        f"{MORNING}TO",
        f"{MORNING}QUIET",
        f"{MORNING}CATCH_UP",
        "DIGESTBOT_SLACK__ON_AMBIGUOUS",
        "DIGESTBOT_WEBHOOKS__DESK",
        "DIGESTBOT_SMTP__ON_AMBIGUOUS",
    ]
    assert [(error.key, error.line) for error in caught.value.errors] == [
        (key, lines.index(key) + 1) for key in expected
    ]
    assert all(" now" in error.reason for error in caught.value.errors)
