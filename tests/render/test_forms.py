"""Every state in every form: golden files, sizes, and what each form promises its reader."""

from __future__ import annotations

import json

import pytest
from render_states import STATES
from slack_sdk.models.blocks import Block

from digestbot.render import Templates, render
from digestbot.render.slack_limits import over_budget, problems


@pytest.fixture(scope="module")
def templates():
    return Templates()


@pytest.mark.parametrize("state", STATES)
def test_every_state_looks_as_it_did(state, templates, golden):
    """No form of any state changes unseen."""
    message = render(STATES[state](), templates=templates)
    golden(f"render/{state}.html", message.html)
    golden(f"render/{state}.txt", f"{message.subject}\n\n{message.text}")
    golden(f"render/{state}.json", message.json)
    golden(f"render/{state}.slack.json", json.dumps(message.slack, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("mode", ["standard", "compact", "thread"])
@pytest.mark.parametrize("state", STATES)
def test_every_slack_message_is_valid_and_within_the_budget(state, mode, templates):
    """Our validator and slack_sdk's own parser accept every message of every mode."""
    for arguments in render(STATES[state](), templates=templates, mode=mode).slack:
        assert problems(arguments) == ()
        assert over_budget(arguments) == ()
        for block in arguments["blocks"]:
            assert Block.parse(block).to_dict()["type"] == block["type"]
