"""Proof of work for the form to subscribe."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from pydantic import ValidationError
from running_site import NOON, RunningSite, running

from digestbot.settings.web import WebSettings
from digestbot.web.work import GOOD_FOR, challenge, is_done

BITS = 10
KEYS = [b"k" * 32]


def found(word: str, bits: int = BITS) -> str:
    """The number that a browser looks for."""
    return next(
        str(one)
        for one in count()
        if int.from_bytes(hashlib.sha256(f"{word}:{one}".encode()).digest()) >> (256 - bits) == 0
    )


def asked(site: RunningSite) -> str:
    given = re.search(r'name="challenge" value="([^"]+)"', site.get("/subscribe").body)
    assert given
    return given[1]


def test_a_browser_that_worked_may_ask_once(tmp_path: Path):
    """The form says how much; the same work a second time is none."""
    with running(tmp_path, WEB__WORK=str(BITS)) as site:
        assert f'data-bits="{BITS}"' in site.get("/subscribe").body
        assert site.get("/work.js").status == 200
        word = asked(site)
        fields = {"list": "briefing", "address": "ann@example.com", "challenge": word, "work": found(word)}
        assert site.post("/subscribe", fields).status == 200
        assert len(site.mails()) == 1
        assert site.post("/subscribe", fields | {"address": "bob@example.com"}).status == 400
        assert site.mails() == []


def test_who_did_not_work_may_not(tmp_path: Path):
    """Nothing, a guess, or work on a challenge that is not ours: no mail, and the network is not counted."""
    with running(tmp_path, WEB__WORK=str(BITS)) as site:
        own = challenge(KEYS, now=NOON)
        for word, number in (
            ("", ""),
            (asked(site), ""),
            (asked(site), "x"),
            (own, found(own)),
            (asked(site), "9" * 40),
        ):
            answer = site.post(
                "/subscribe", {"list": "briefing", "address": "a@example.com", "challenge": word, "work": number}
            )
            assert (answer.status, "once more from here" in answer.body) == (400, True)
        assert site.mails() == []


def test_work_is_good_for_an_hour():
    """An old challenge, one of another key, or fewer zeros than are wanted: not done."""
    word = challenge(KEYS, now=NOON)
    number = found(word)
    assert is_done(word, number, BITS, KEYS, now=NOON + GOOD_FOR - timedelta(seconds=1))
    assert not is_done(word, number, BITS, KEYS, now=NOON + GOOD_FOR)
    assert not is_done(word, number, BITS, [b"o" * 32], now=NOON)
    few = next(str(one) for one in count() if not is_done(word, str(one), BITS, KEYS, now=NOON))
    assert not is_done(word, few, BITS, KEYS, now=NOON)


def test_without_the_setting_nothing_is_asked(live_site: RunningSite):
    """The form works without JavaScript."""
    assert "script" not in live_site.get("/subscribe").body


@pytest.mark.parametrize("bits", ["7", "23", "-1", "many"])
def test_too_little_or_too_much_is_told(bits: str):
    """Telephones count, too."""
    with pytest.raises(ValidationError):
        WebSettings.model_validate({"work": bits})
