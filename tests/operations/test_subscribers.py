"""`digestbot subscribers`: readers of lists from the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bot import Bot
from builders import NOON

from digestbot.errors import ConfigError, Stopped, StoreError
from digestbot.model import (
    Delivery,
    Edition,
    Reader,
    Recipient,
    Refusal,
    ReturnedMail,
    ReturnKind,
    Subscription,
    SubscriptionState,
)
from digestbot.operations import import_subscribers as module
from digestbot.operations.import_subscribers import import_readers, look_at
from digestbot.operations.logs import LoggedProgress
from digestbot.operations.subscribers import export, kept_of
from digestbot.store import Stores, open_store
from digestbot.subscribers.returned import follow_up

ROWS = """email,status,name
ann@example.com,enabled,Ann
Bob@Example.com,disabled,Bob
cy@example.com,blocklisted,Cy
nobody,enabled,
"""


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    made = Bot(tmp_path)
    made.configure(FEEDS__NEWS="https://news.example/feed", LISTS__BRIEFING__TITLE="Morning briefing")
    (tmp_path / "readers.csv").write_text(ROWS, encoding="utf-8")
    return made


def asked(bot: Bot, *words: str) -> Any:
    done = bot("subscribers", *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def states(bot: Bot) -> dict[str, str]:
    """Of each reader of the list."""
    return {
        one["address"]: one["suppressed"] or subscription["state"]
        for one in asked(bot, "list")["subscribers"]
        for subscription in one["subscriptions"]
        if subscription["list"] == "briefing"
    }


def test_a_reader_comes_and_goes_by_an_operators_hand(bot: Bot):
    """Pending without --confirmed; removed it stays known who left; nobody comes back unless told twice."""
    added = bot("subscribers", "add", "Ann <Ann@example.com>")
    assert added.returncode == 0
    first, second = added.stdout.splitlines()
    assert first == "Added Ann <Ann@example.com> to briefing: pending"
    assert bot("subscribers", "add", "ann@EXAMPLE.com", "--confirmed").stdout.endswith("briefing: active\n")
    assert second.endswith("digestbot subscribers ask Ann@example.com --list briefing"), "what it says works"
    assert "Nothing is sent to them" in second
    again = bot("subscribers", "add", "ann@example.com", "--confirmed")
    assert (again.returncode, again.stderr) == (0, "digestbot: ann@example.com is there already\n")
    assert states(bot) == {"Ann@example.com": "active"}
    assert bot("subscribers", "remove", "ANN@example.com").stdout == "Unsubscribed ANN@example.com from briefing\n"
    assert states(bot) == {"Ann@example.com": "unsubscribed"}
    refused = bot("subscribers", "add", "ann@example.com", "--confirmed")
    assert refused.returncode == 1
    assert "has unsubscribed and stays so" in refused.stderr
    assert bot("subscribers", "add", "ann@example.com", "--revive").returncode == 0
    assert states(bot) == {"Ann@example.com": "pending"}
    nobody = bot("subscribers", "remove", "bob@example.com")
    assert (nobody.returncode, nobody.stderr) == (
        1,
        "digestbot: bob@example.com reads no list: nothing was changed\n",
    )


def test_an_import_tells_what_it_reads_and_brings_nobody_back(bot: Bot):
    """Columns first, bad rows by their lines; who left or bounced there stays away; again it changes nothing."""
    done = bot("subscribers", "import", "readers.csv", "--confirmed")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "Columns: address from 'email', state from 'status'",
        "Not kept: 'name'",
        "Imported 2 readers: 1 active, 1 unsubscribed",
        "1 address suppressed, as the file says",
    ]
    assert "digestbot: line 5: “nobody” has no @" in done.stderr
    assert states(bot) == {"ann@example.com": "active", "Bob@Example.com": "unsubscribed"}
    exported = bot("subscribers", "export").stdout
    (bot.folder / "readers.csv").write_text(ROWS.replace("disabled", "enabled").replace("blocklisted", "enabled"))
    again = asked(bot, "import", "readers.csv", "--confirmed")
    assert again["left"] == {"known": 1, "suppressed": 1, "unsubscribed": 1}
    assert again["imported"] == {}
    assert bot("subscribers", "export").stdout == exported


def test_without_confirmed_everybody_waits(bot: Bot):
    """Nothing is active but what its reader confirms; a dry run keeps nothing at all and tells the same."""
    dry = bot("subscribers", "import", "readers.csv", "--dry-run")
    assert "Imported 2 readers: 1 pending, 1 unsubscribed" in dry.stdout
    assert dry.stdout.endswith("Nothing was kept: this was --dry-run\n")
    assert states(bot) == {}
    bot("subscribers", "import", "readers.csv")
    assert states(bot) == {"ann@example.com": "pending", "Bob@Example.com": "unsubscribed"}
    # Who is there already, in the database or further up in the file, is not counted again.
    (bot.folder / "readers.csv").write_text("email\nann@example.com\ncarl@example.com\nCarl@example.com\n")
    assert asked(bot, "import", "readers.csv", "--dry-run") == asked(bot, "import", "readers.csv")


def test_readers_are_listed_in_pages_after_their_counts(bot: Bot):
    """How to see more is told; a list and a state narrow it."""
    bot.configure(LISTS__WEEKEND__PUBLIC="no")
    for at in range(3):
        bot("subscribers", "add", f"r{at}@example.com", "--list", "briefing", "--confirmed")
    bot("subscribers", "add", "r0@example.com", "--list", "weekend")
    assert bot("subscribers", "list", "--most", "2").stdout.splitlines() == [
        "briefing: 3 active",
        "weekend: 1 pending",
        "1 r0@example.com (briefing active, weekend pending)",
        "2 r1@example.com (briefing active)",
        "more with: digestbot subscribers list --after 2",
    ]
    page = asked(bot, "list", "--list", "briefing", "--after", "1", "--most", "1")
    assert [one["address"] for one in page["subscribers"]] == ["r1@example.com"]
    assert (page["next"], page["lists"]) == (2, [{"list": "briefing", "states": {"active": 3}}])
    counts = asked(bot, "list", "--after", "1", "--most", "0")
    assert (counts["subscribers"], counts["next"]) == ([], 1)
    assert bot("subscribers", "list", "--after", str(2**31)).returncode == 2
    assert bot("subscribers", "list", "--state", "pending").stdout.splitlines()[2:] == [
        "1 r0@example.com (briefing active, weekend pending)"
    ]


def test_all_that_is_kept_of_an_address_is_shown_and_forgotten(bot: Bot):
    """Afterwards nobody can read it, not even in the file of the database, and it stays suppressed."""
    bot("subscribers", "add", "ann@example.com", "--confirmed")
    shown = bot("subscribers", "show", "Ann@example.com").stdout
    assert "briefing: active since" in shown
    assert "by operator, confirmed" in shown
    kept = asked(bot, "show", "ann@example.com")
    assert kept["subscriber"]["subscriptions"][0]["consent"] == "operator"
    assert bot("subscribers", "remove", "ann@example.com", "--forget").returncode == 0
    assert asked(bot, "show", "ann@example.com")["subscriber"] is None
    assert "asked to be forgotten" in bot("subscribers", "show", "ann@example.com").stdout
    assert all(b"ann@example" not in content for content in bot.state().values())
    assert bot("subscribers", "add", "ann@example.com").returncode == 1
    assert bot("subscribers", "add", "ann@example.com", "--revive").stdout.startswith(
        "ann@example.com is no longer suppressed; it was: asked to be forgotten"
    )
    assert bot("subscribers", "show", "bob@example.com").stdout == "Nothing is kept of bob@example.com\n"


def bounce(name: str, **changes: Any) -> ReturnedMail:
    made = ReturnedMail(
        id=name, kind=ReturnKind.HARD, at=NOON, source="ses", address="Ann@example.com", code="5.1.1", reason="no such user",
        proven=True,
    )  # fmt: skip
    return replace(made, **changes)


@contextmanager
def stored(bot: Bot) -> Iterator[Stores]:
    store = open_store(bot.data)
    try:
        yield store
    finally:
        store.close()


@pytest.mark.parametrize(
    ("typed", "written"),
    [("ann@EXAMPLE.com", "Ann@example.com"), ("ann@münchen.example", "ANN@xn--mnchen-3ya.example")],
)
def test_what_was_sent_to_an_address_is_shown_however_it_is_spelled(bot: Bot, typed: str, written: str):
    """By mail, the newest first: the deliveries that `status --to` finds, and those of no digest of today."""
    days = [NOON.date() - timedelta(days=back) for back in (2, 1, 0)]
    to = [Recipient(channel="mailto", address=written), Recipient(channel="file", address=typed)]
    with stored(bot) as store:
        for day in days:
            edition = store.editions.claim(Edition(digest="gone", date=day, since=NOON, until=NOON))
            posted = [Delivery(digest="gone", edition=day, recipient=one, key=f"{day}{one}") for one in to]
            store.editions.publish(edition, "{}", posted, used=[])
        kept = kept_of(store, typed)
        assert [one.edition for one in kept.deliveries] == days[::-1]
        assert {one.recipient for one in kept.deliveries} == {to[0]}
        assert kept_of(store, "bob@example.com").nothing


def test_what_came_back_is_shown_and_forgotten(bot: Bot):
    """With its kind, its time, what was said, and whether it counts; of another address nothing. Forgotten it is in no file."""
    with stored(bot) as store:
        store.returned.keep(
            [bounce("ses-1"), bounce("ses-2", kind=ReturnKind.DELAYED, code="", reason="", proven=False),
             bounce("ses-3", address="bob@example.com")], now=NOON,
        )  # fmt: skip
    assert bot("subscribers", "show", "ann@EXAMPLE.com").stdout.splitlines() == [
        "Came back 2026-05-27 12:00 UTC: hard: 5.1.1 no such user",
        "Came back 2026-05-27 12:00 UTC: delayed; nothing follows from it",
    ]
    [first, second] = asked(bot, "show", "ann@example.com")["returned"]
    assert (first["kind"], first["counts"], first["source"], second["counts"]) == ("hard", True, "ses", False)
    assert bot("subscribers", "remove", "ann@example.com", "--forget").stdout.startswith("Forgot ann@example.com")
    assert all(b"ann@example" not in content.lower() for content in bot.state().values())
    assert len(asked(bot, "show", "bob@example.com")["returned"]) == 1


def test_lifting_a_suppression_forgives_what_came_back(bot: Bot):
    """The next mail that comes back is judged by itself, and not beside the old ones."""
    with stored(bot) as store:
        store.returned.keep([bounce("ses-1")], now=NOON)
        store.suppressions.suppress("ann@example.com", "no such mailbox", now=NOON)
    assert bot("subscribers", "add", "ann@example.com", "--confirmed").returncode == 1
    assert bot("subscribers", "add", "ann@example.com", "--confirmed", "--revive").returncode == 0
    with stored(bot) as store:
        store.returned.keep([bounce("ses-2", kind=ReturnKind.SOFT)], now=NOON)
        assert [one.proven for one in store.returned.of_address("ann@example.com")] == [False, True]
        assert follow_up(store.returned, store.suppressions, unsubscribe=lambda _one: None, now=NOON) == ()


def test_an_export_is_for_its_owner_and_holds_the_suppressed(bot: Bot):
    """With every column; what it exports it imports."""
    bot("subscribers", "import", "readers.csv", "--confirmed")
    assert bot("subscribers", "export", "out.csv").stdout == "Wrote 3 rows to out.csv\n"
    assert stat.S_IMODE((bot.folder / "out.csv").stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO((bot.folder / "out.csv").read_text(encoding="utf-8"), newline="")))
    assert [(row["address"], row["list"], row["state"]) for row in rows] == [
        ("ann@example.com", "briefing", "active"),
        ("Bob@Example.com", "briefing", "unsubscribed"),
        ("cy@example.com", "", "suppressed"),
    ]
    assert "bounced" in rows[2]["suppressed"]
    bot.settings.clear()
    bot.configure(FEEDS__NEWS="https://news.example/feed", LISTS__BRIEFING__TITLE="x", DATA="other")
    bot.bare("subscribers", "import", "out.csv", "--confirmed")
    again = list(csv.DictReader(io.StringIO(bot.bare("subscribers", "export").stdout, newline="")))
    assert [row | {"suppressed_since": ""} for row in again] == [row | {"suppressed_since": ""} for row in rows]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "ann"), "ADDRESS: has no @"),
        (("show", "a..b@example.com"), "ADDRESS: has a dot before its @"),
        (("add", "ann@example.com", "--list", "briefin"), "did you mean briefing?"),
        (("list", "--list", "xyz"), "--list: is not the name of a list"),
        (("remove", "ann@example.com", "--forget", "--list", "briefing"), "--forget: is about all lists"),
        (("import", "gone.csv"), "gone.csv: cannot be read: No such file"),
        (("import", "picture.zip"), "is a ZIP archive or a spreadsheet"),
        (("import", "names.csv"), "has no column of addresses"),
        (("import", "open.csv"), "look for a quote that is never closed"),
        (("export", "nowhere/out.csv"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(bot: Bot, words: tuple[str, ...], said: str):
    """With what to do; 2, as for every slip."""
    (bot.folder / "picture.zip").write_bytes(b"PK\x03\x04rest")
    (bot.folder / "names.csv").write_text("name,city\nAnn,Odde\n")
    (bot.folder / "open.csv").write_text('email,name\nann@example.com,"Ann\n' + "x" * 140_000)
    done = bot("subscribers", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_which_list_is_asked_where_there_are_several(bot: Bot):
    """Or none."""
    bot.configure(LISTS__WEEKEND__TITLE="Weekend")
    assert "write --list with one of briefing, weekend" in bot("subscribers", "add", "ann@example.com").stderr
    bot.settings.clear()
    bot.configure(FEEDS__NEWS="https://news.example/feed")
    assert "there is no list in the configuration" in bot("subscribers", "add", "ann@example.com").stderr


def test_bad_rows_are_named_up_to_a_number(bot: Bot):
    """The lines of the first twenty, though cells run over several lines; then how many more. None good: 1."""
    rows = "".join(f'"bad {at}\nover lines",x\n' for at in range(30))
    (bot.folder / "readers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    done = bot("subscribers", "import", "readers.csv")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[1].startswith("digestbot: line 2: “bad 0")
    assert "digestbot: line 40: “bad 19" in done.stderr
    assert lines[-1] == "digestbot: and 10 more rows like these"


class _CutOffError(Exception):
    """The process ends here."""


def test_an_import_that_was_cut_off_ends_as_if_it_had_not_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever batch it was cut off in: run again, the same readers, each once; what happened meanwhile stays."""
    monkeypatch.setattr(module, "BATCH", 3)
    words = ("enabled", "disabled", "blocklisted", "enabled")
    rows = "".join(f"r{at % 10}@example.com,{words[at % 4]}\n" for at in range(20))
    (tmp_path / "readers.csv").write_text(f"email,status\n{rows}", encoding="utf-8")
    file = look_at(tmp_path / "readers.csv")

    def whole(store: Stores) -> str:
        import_readers(store, file, "briefing", confirmed=True, now=NOON, progress=LoggedProgress())
        out = io.StringIO(newline="")
        export(store, out, now=NOON)
        return "\n".join(sorted(out.getvalue().splitlines()))

    straight = open_store(tmp_path / "straight")
    expected = whole(straight)
    straight.close()
    for batches in (1, 3, 6):
        store = open_store(tmp_path / f"cut{batches}")
        real, left = store.subscribers.enrol, [batches]

        def cut(
            wishes: Any,
            admit: Callable[[Subscription, Reader | None], Subscription | Refusal],
            real: Any = real,
            left: list[int] = left,
        ) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise _CutOffError
            return real(wishes, admit)

        monkeypatch.setattr(store.subscribers, "enrol", cut)
        with pytest.raises(_CutOffError):
            whole(store)
        monkeypatch.setattr(store.subscribers, "enrol", real)
        assert whole(store) == expected
        store.close()


def test_a_signal_ends_an_import_between_two_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is imported stays, how far it came is told, and run again it ends."""
    monkeypatch.setattr(module, "BATCH", 1)
    (tmp_path / "readers.csv").write_text("a@example.com\nb@example.com\nc@example.com\n", encoding="utf-8")
    store = open_store(tmp_path / "data")
    file, stop = look_at(tmp_path / "readers.csv"), threading.Event()

    class Watched(LoggedProgress):
        def step(self, what: str = "", **_: object) -> None:
            stop.set()

    with pytest.raises(Stopped, match=r"until line 1 stays: run it again"):
        import_readers(store, file, "briefing", confirmed=True, now=NOON, progress=Watched(), stop=stop)
    assert [one.subscriber.address for one in store.subscribers.page(now=NOON)] == ["a@example.com"]
    import_readers(store, file, "briefing", confirmed=True, now=NOON, progress=LoggedProgress())
    assert len(store.subscribers.page(now=NOON)) == 3
    store.close()


def test_a_batch_is_kept_whole_or_not_at_all(tmp_path: Path):
    """The rule is asked inside the transaction: where it fails, nobody of the batch is there."""
    (tmp_path / "readers.csv").write_text("ann@example.com\nbob@example.com\n", encoding="utf-8")
    store = open_store(tmp_path / "data")
    file = look_at(tmp_path / "readers.csv")
    seen: list[str] = []

    def refuse(subscription: Subscription, _: Reader | None) -> Subscription:
        seen.append(subscription.list)
        if len(seen) == 2:
            raise StoreError("the disk is full")
        return subscription

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "admit", refuse)
        with pytest.raises(StoreError):
            import_readers(store, file, "briefing", confirmed=True, now=NOON, progress=LoggedProgress())
    assert store.subscribers.page(now=NOON) == ()
    import_readers(store, file, "briefing", confirmed=True, now=NOON, progress=LoggedProgress())
    assert store.subscribers.counts(now=NOON) == {("briefing", SubscriptionState.ACTIVE): 2}
    store.close()


def test_what_is_no_file_is_an_error_in_words(tmp_path: Path):
    """A folder, or a pipe, which could be read once alone."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(ConfigError, match="is no file: save what it holds"):
            look_at(path)
