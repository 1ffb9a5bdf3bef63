"""What `status`, `serve` and a refused `run` say about the editions to come."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot
from newsroom import MORNING_NEWS

from digestbot.model import Delivery, DeliveryState, Edition, EditionState, FeedState, Recipient
from digestbot.operations.status import SILENT_AFTER, next_editions, status, status_lines
from digestbot.settings import Loaded, load
from digestbot.store import Stores, lock, open_store, snapshot

NOW = datetime(2026, 5, 27, 6, 0, tzinfo=UTC)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(
        FEEDS__HARBOUR="./saved.xml",
        SUMMARISER="lead",
        DIGESTS__MORNING__AT="07:30",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__TO="file:./out, mailto:a@desk.example, mailto:b@desk.example, mailto:c@desk.example",
        SMTP__HOST="127.0.0.1",
        SMTP__FROM="digest@desk.example",
    )
    return made


def loaded_of(bot: Bot) -> Loaded:
    return load(bot.folder / "config.env", {}, folder=bot.folder)


def said(bot: Bot, store: Stores, now: datetime, *, all_feeds: bool = False) -> list[str]:
    return list(status_lines(*status(loaded_of(bot), store, now=now), all_feeds=all_feeds))


def edition(store: Stores, until: datetime) -> Edition:
    return store.editions.claim(
        Edition(digest="morning", date=until.date(), since=until - timedelta(days=1), until=until)
    )


def posted(made: Edition, address: str) -> Delivery:
    recipient = Recipient(channel="mailto", address=f"{address}@desk.example")
    return Delivery(digest="morning", edition=made.date, recipient=recipient, key=f"{made.date} {address}")


def test_an_edition_made_by_hand_does_not_come_again(bot: Bot):
    """Made at six: the next one is tomorrow's, for people and for programs."""
    store = open_store(bot.data)
    assert said(bot, store, NOW)[0] == "morning: next edition Wed 27 May 07:30 UTC"
    store.editions.publish(edition(store, NOW), "{}", [], used=())
    assert said(bot, store, NOW)[0] == "morning: next edition Thu 28 May 07:30 UTC"
    assert status(loaded_of(bot), store, now=NOW)[0][0].as_dict()["next"] == "2026-05-28T07:30:00+00:00"
    store.close()


def test_one_that_is_late_or_begun_is_said_in_words(bot: Bot):
    """When it was due, that it still comes, and by whom; a claimed one is begun, not made."""
    store = open_store(bot.data)
    nine = NOW + timedelta(hours=3)
    late = "  2026-05-27 was due at 07:30 and is not made yet; serve or the next run makes it"
    assert late in said(bot, store, nine)
    edition(store, nine)
    lines = said(bot, store, nine)
    assert (
        "  2026-05-27 claimed, was due at 07:30: begun and not made yet; it is tried again by serve or the next run"
        in lines
    )
    assert late not in lines, "one edition is one line"
    assert late not in said(bot, store, NOW)
    assert late not in said(bot, store, NOW + timedelta(hours=20)), "after MAX_DELAY it does not come"
    store.close()


def test_a_week_without_trouble_is_told_in_five_lines(bot: Bot):
    """The next edition, the last and whether everybody has it, those before, the feeds, and that nothing is to be done."""
    store = open_store(bot.data)
    for back in range(8, -1, -1):
        made = edition(store, NOW - timedelta(days=back))
        store.editions.publish(made, "{}", [posted(made, address) for address in ("a", "b")], used=())
        for delivery in store.outbox.open():
            store.outbox.record_outcome(delivery, DeliveryState.SENT)
        store.editions.set_state("morning", made.date, EditionState.DONE)
    lines = said(bot, store, NOW)
    store.close()
    assert lines == [
        "morning: next edition Thu 28 May 07:30 UTC",
        "  2026-05-27 done: everybody has it, 2 of 2 deliveries sent",
        "  before it: 2026-05-26 done, 2026-05-25 done, 2026-05-24 done, 2026-05-23 done, 2026-05-22 done, 2026-05-21 done",
        "  deliveries: 18 sent",
        "1 feed, 0 failing",
        "nothing waits for your word",
    ]


def test_what_not_everybody_has_is_counted(bot: Bot):
    """Of the last edition; those that wait for a word once more at the end."""
    store = open_store(bot.data)
    made = edition(store, NOW)
    store.editions.publish(made, "{}", [posted(made, address) for address in ("a", "b", "c")], used=())
    first, second, _ = store.outbox.open()
    store.outbox.record_outcome(first, DeliveryState.SENT)
    store.outbox.record_outcome(second, DeliveryState.FAILED, error="no such mailbox")
    lines = said(bot, store, NOW)
    store.close()
    assert "  2026-05-27 ready: made, and not everybody has it yet: 1 of 3 deliveries sent" in lines
    assert lines[-1] == "1 delivery waits for your word"


def test_of_many_failing_feeds_a_few_are_named(bot: Bot):
    """With since when; a count for the others, and --feeds for all."""
    bot.configure(**{f"FEEDS__BAD{number}": f"https://bad{number}.example/feed" for number in range(9)})
    store = open_store(bot.data)
    for number in range(9):
        url = f"https://bad{number}.example/feed"
        state = FeedState(name=f"bad{number}", url=url, failures=2, failing_since=NOW, error="404 Not Found")
        store.items.save(state, [], now=NOW)
    lines = said(bot, store, NOW)
    assert "10 feeds, 9 failing" in lines
    assert sum("failing since 2026-05-27: 404 Not Found" in line for line in lines) == 5
    assert "  and 4 more; `digestbot status --feeds` names them" in lines
    assert sum("404" in line for line in said(bot, store, NOW, all_feeds=True)) == 9
    store.close()


def test_a_feed_that_has_not_answered_yet_was_never_read(bot: Bot):
    """Asked, and cut off by the end of the round, it is neither read nor failing."""
    bot.configure(FEEDS__SLOW="https://slow.example/feed")
    store = open_store(bot.data)
    store.items.save(FeedState(name="slow", url="https://slow.example/feed", checked=NOW), [], now=NOW)
    assert "  slow: never read" in said(bot, store, NOW, all_feeds=True)
    store.close()


def test_silent_feeds_are_one_line(bot: Bot):
    """A count, and --feeds for their names; failing ones are named as before."""
    bot.configure(**{f"FEEDS__OLD{number}": f"https://old{number}.example/feed" for number in range(57)})
    store = open_store(bot.data)
    for number in range(57):
        url = f"https://old{number}.example/feed"
        store.items.save(FeedState(name=f"old{number}", url=url, checked=NOW, succeeded=NOW), [], now=NOW)
    lines = said(bot, store, NOW)
    assert f"  57 silent: nothing new for {SILENT_AFTER.days} days; `digestbot status --feeds` names them" in lines
    assert not [line for line in lines if "old" in line]
    assert "  old56: silent: nothing new for 30 days" in said(bot, store, NOW, all_feeds=True)
    store.close()


def test_serve_and_a_run_beside_it_say_when_the_next_edition_comes(bot: Bot):
    """And to whom it goes; that serve makes it by itself, instead of to wait until it is done."""
    store = open_store(bot.data)
    [line] = next_editions(loaded_of(bot), store, now=NOW)
    store.close()
    assert line.startswith("morning: next edition Wed 27 May 07:30 UTC, to file:./out, mailto:a@desk.example")
    assert line.endswith(" and 1 more")
    with lock(bot.data, serves=True):
        refused = bot("run")
    assert refused.returncode == 1
    assert "`digestbot serve` (process" in refused.stderr
    assert "stop it to make one by hand" in refused.stderr
    assert "morning: next edition" in refused.stderr
    assert json.loads(bot("status", "--json").stdout)["digests"][0]["editions"] == []


def test_a_page_is_no_feed_and_an_empty_folder_is_said(bot: Bot):
    """Counted by their kinds; where nothing is stored yet, which may be a mistyped folder, the last line says so."""
    bot.configure(PAGES__DESK="./saved.xml")
    lines = bot("status").stdout.splitlines()
    assert "1 feed and 1 page, 0 failing" in lines
    assert lines[-1].endswith("digestbot.sqlite3 (nothing is stored there yet)")
    open_store(bot.data).close()
    assert "stored" not in bot("status").stdout


def test_status_reads_the_database_where_it_lies_before_the_first_edition(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """When a digest's schedule is seen for the first time, too: who only looks has nothing to record, and needs no copy."""
    assert bot("collect").returncode == 0

    def copied(*_words: object, **_fields: object) -> None:
        raise AssertionError("the database was copied")

    monkeypatch.setattr(snapshot, "scratch_copy", copied)
    assert "morning: next edition" in bot("status").stdout


def test_status_says_how_many_will_not_make_it(bot: Bot):
    """At ten an hour until the deadline in two hours; without a limit, or once there is room, nothing is said of it."""
    store = open_store(bot.data)
    made = edition(store, NOW)
    deadline = NOW + timedelta(hours=2)
    rows = [replace(posted(made, f"r{number}"), deadline=deadline) for number in range(50)]
    store.editions.publish(made, "{}", rows, used=())
    line = (
        "  about 30 of 50 open mails will not leave before 2026-05-27 08:00 UTC at the pace of their accounts: "
        "raise RATE or WARM_UP, or DELIVER_WITHIN"
    )
    assert not [one for one in said(bot, store, NOW) if "at the pace" in one]

    bot.configure(SMTP__RATE="10/h")
    assert line in said(bot, store, NOW)
    assert status(loaded_of(bot), store, now=NOW)[0][0].as_dict()["too_late"] == 30
    bot.configure(SMTP__RATE="30/h")
    assert not [one for one in said(bot, store, NOW) if "at the pace" in one]
    bot.configure(SMTP__RATE="10/h", SMTP_ACCOUNTS__SPARE__HOST="127.0.0.1")
    assert not [one for one in said(bot, store, NOW) if "at the pace" in one]
    store.close()


def test_a_refused_configuration_is_told_while_serve_goes_on_with_the_one_before(bot: Bot):
    """What `serve` said of a file stays stored when it has ended; the next one reads the file anew, so it is not said then."""
    store = open_store(bot.data)
    store.alerts.record({"configuration": "AT is no time"}, forget=(), now=NOW)
    assert "AT is no time" not in bot("status").stdout
    assert json.loads(bot("status", "--json").stdout)["refused"] is None

    store.beat(now=datetime.now(UTC))
    store.close()
    assert bot("status").stdout.startswith("configuration: AT is no time\n")
    assert json.loads(bot("status", "--json").stdout)["refused"] == "AT is no time"
