"""What `status` and `check` say of mail to lists: one line each, and none where there are no lists."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from bot import Bot
from builders import NOON
from newsroom import MORNING_NEWS

from digestbot.model import Consent, Subscriber, Subscription, SubscriptionState
from digestbot.operations.list_health import list_advice, list_health, readers
from digestbot.settings import load
from digestbot.store import Stores, open_store
from digestbot.subscribers.admission import admit


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__NEWS="saved.xml", DIGESTS__MORNING__TO="file:./out", LISTS__BRIEFING__TITLE="Briefing")
    return made


def enrol(store: Stores, name: str, state: SubscriptionState, *addresses: str) -> None:
    made = Subscription(list=name, state=state, since=NOON, consent=Consent.FORM)
    store.subscribers.enrol(
        [(Subscriber(address=one, key=one), made) for one in addresses], partial(admit, revive=False)
    )


def line(bot: Bot, store: Stores) -> str:
    found = list_health(load(bot.folder / "config.env", {}, folder=bot.folder), store)
    return found.line() if found else ""


def test_status_tells_who_is_suppressed_and_whether_returned_mails_are_read(bot: Bot):
    """In one line, for people and for programs; the mailbox itself is not asked."""
    store = open_store(bot.data)
    assert line(bot, store) == "no address suppressed; returned mails are not read"
    store.suppressions.suppress("ann@example.com", "no such mailbox", now=NOON)
    assert line(bot, store) == "1 address suppressed on 2026-05-27; returned mails are not read"
    store.suppressions.suppress("bob@example.com", "no such mailbox", now=NOON - timedelta(days=3))
    bot.configure(BOUNCES__MAILDIR="./box")
    assert line(bot, store) == "2 addresses suppressed, the newest on 2026-05-27; serve reads returned mails"
    store.alerts.record({"returned mails": "away"}, forget=(), now=NOON)
    told = "2 addresses suppressed, the newest on 2026-05-27; returned mails cannot be read: away"
    assert line(bot, store) == told
    store.close()
    assert told in bot("status").stdout.splitlines()
    assert json.loads(bot("status", "--json").stdout)["lists"] == {
        "suppressed": 2, "newest": "2026-05-27T12:00:00+00:00", "mailbox": True, "trouble": "away"
    }  # fmt: skip


def test_without_lists_status_is_as_long_as_it_was(bot: Bot):
    """Nothing is said of what is not used."""
    del bot.settings["LISTS__BRIEFING__TITLE"]
    bot.configure()
    said = bot("status").stdout
    assert "suppressed" not in said
    assert "returned" not in said
    assert json.loads(bot("status", "--json").stdout)["lists"] is None


def test_check_says_what_mail_to_readers_lacks(bot: Bot):
    """No return path, no unsubscribing by one click, readers of a list that is gone: a line each."""
    store = open_store(bot.data)
    enrol(store, "briefing", SubscriptionState.PENDING, "cy@example.com")
    enrol(store, "former", SubscriptionState.ACTIVE, "di@example.com")
    assert readers(store, now=NOON) == {"former": 1}, "pending ones get nothing"
    enrol(store, "briefing", SubscriptionState.ACTIVE, "ann@example.com", "bob@example.com")
    store.close()
    said = {one["key"]: one for one in json.loads(bot("check", "--json").stdout)}
    assert "lists have 2 readers" in said["DIGESTBOT_SMTP__BOUNCES"]["reason"]
    assert "one click" in said["DIGESTBOT_WEB__URL"]["reason"]
    assert {said["DIGESTBOT_SMTP__BOUNCES"]["level"], said["DIGESTBOT_WEB__URL"]["level"]} == {"hint"}
    gone = said["DIGESTBOT_LISTS__FORMER"]
    assert (gone["level"], "1 active reader" in gone["reason"]) == ("warning", True)


@pytest.mark.parametrize("setting", ["SMTP__BOUNCES=b@example.com", "BOUNCES__MAILDIR=./box"])
def test_with_a_return_path_or_a_mailbox_that_advice_is_not_given(bot: Bot, setting: str):
    """A mailbox without a return path has advice of its own."""
    bot.configure(**dict([setting.split("=")]))
    loaded = load(bot.folder / "config.env", {}, folder=bot.folder)
    assert [one.key for one in list_advice(loaded, {"briefing": 2})] == ["DIGESTBOT_WEB__URL"]
    assert list(list_advice(loaded, {})) == []
