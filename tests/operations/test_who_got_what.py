"""`digestbot status DIGEST --edition D`, `status --to ADDRESS` and `export`: who got what, from the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot import Bot
from builders import NOON

from digestbot.errors import Stopped
from digestbot.model import (
    Consent,
    Delivery,
    DeliveryState,
    Edition,
    EditionDate,
    EditionState,
    Recipient,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digestbot.operations import export_ledger as module
from digestbot.operations.export_ledger import HEAD, export_ledger
from digestbot.store import Stores, open_store

DAY = timedelta(days=1)
TODAY = NOON.date()
SENT, FAILED, PENDING = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.PENDING


def row(
    to: str, state: DeliveryState = SENT, *, edition: date = TODAY, digest: str = "morning", **more: Any
) -> Delivery:
    """A delivery in a state, as it lies in the database."""
    channel, _, address = to.partition(":")
    made = Delivery(digest=digest, edition=edition, recipient=Recipient(channel=channel, address=address), state=state)
    made = replace(made, **more)
    return replace(made, key=f"{digest} {edition} {to} {made.revision} {made.part}")


def publish(store: Stores, *rows: Delivery, edition: date = TODAY, digest: str = "morning") -> None:
    """An edition with these deliveries."""
    window = NOON + (edition - TODAY) * 1
    claimed = store.editions.claim(Edition(digest=digest, date=edition, since=window - DAY, until=window))
    store.editions.publish(claimed, "{}", rows, used=())


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    made = Bot(tmp_path)
    made.configure(FEEDS__NEWS="https://news.example/feed", DIGESTS__MORNING__TO="mailto:ann@example.com")
    return made


@pytest.fixture
def store(bot: Bot) -> Any:
    opened = open_store(bot.data)
    yield opened
    opened.close()


def lines(bot: Bot, *words: str) -> list[str]:
    done = bot(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def asked(bot: Bot, *words: str) -> Any:
    done = bot(*words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# ---- An edition in full -----------------------------------------------------------------------------------------------


def test_an_edition_in_full_is_told_in_a_few_lines(bot: Bot, store: Stores):
    """What was sent and when, then every other state with its reasons, which many addresses share."""
    refused = [
        row(
            f"mailto:r{n}@example.com",
            FAILED,
            error=f"r{n}@example.com was refused at RCPT (550 <r{n}@example.com>: no)",
        )
        for n in range(3)
    ]
    publish(
        store,
        row("mailto:a@example.com", claimed=NOON),
        row("mailto:b@example.com", claimed=NOON + timedelta(minutes=40)),
        *refused,
        row("mailto:full@example.com", FAILED, error="552 5.2.2 mailbox full"),
        row("mailto:d@example.com", PENDING, deadline=NOON, error="451 try later"),
        row("mailto:e@example.com", PENDING),
        row("mailto:f@example.com", DeliveryState.CANCELLED, error="suppressed: no such mailbox"),
        row("slack:#chips", claimed=NOON),
        row("slack:#chips", part=1, claimed=NOON),
    )
    assert lines(bot, "status", "morning", "--edition", TODAY.isoformat()) == [
        f"morning {TODAY}: ready",
        f"  tells what came from {TODAY - DAY} 12:00 UTC to {TODAY} 12:00 UTC",
        f"  mailto: 2 of 9 deliveries sent, from {TODAY} 12:00 UTC to 12:40 UTC",
        "    2 waiting, 1 of them past the deadline or not tried again before it",
        "      1: 451 try later",
        "    4 failed",
        "      3: ADDRESS was refused at RCPT (550 <ADDRESS>: no)",
        "      1: 552 5.2.2 mailbox full",
        "    1 cancelled, 1 of them because the address is suppressed: suppressed: no such mailbox",
        f"  slack: 2 of 2 deliveries to 1 recipient sent, at {TODAY} 12:00 UTC",
    ]


def test_programs_get_the_same_figures(bot: Bot, store: Stores):
    """By channel and revision, the newest first, with all the times."""
    publish(store, row("mailto:a@example.com", claimed=NOON), row("mailto:b@example.com", FAILED, error="550 no"))
    edition = store.editions.get("morning", TODAY)
    assert edition is not None
    store.editions.revise(edition, "{}", [row("mailto:b@example.com", PENDING, revision=1)], revision=1)
    (found,) = asked(bot, "status", "MORNING", "--edition", TODAY.isoformat())["editions"]
    channels = found.pop("channels")
    assert found == {
        "digest": "morning", "edition": TODAY.isoformat(), "state": "ready", "revision": 1,
        "since": (NOON - DAY).isoformat(), "until": NOON.isoformat(),
    }  # fmt: skip
    assert [(one["revision"], one["deliveries"]) for one in channels] == [
        (1, {"pending": 1}),
        (0, {"failed": 1, "sent": 1}),
    ]
    assert channels[1]["reasons"] == [{"state": "failed", "reason": "550 no", "deliveries": 1}]
    assert channels[1]["first_sent"] == channels[1]["last_sent"] == NOON.isoformat()
    assert "  revision 1:" in lines(bot, "status", "morning")


def test_a_date_means_all_its_editions_and_no_date_the_newest(bot: Bot, store: Stores):
    """Several a day each have a name; a digest that was taken out of the configuration is still known."""
    early, late = (EditionDate.of(TODAY, NOON.time().replace(hour=hour)) for hour in (7, 18))
    publish(store, row("mailto:a@example.com", edition=early), edition=early)
    publish(store, row("mailto:a@example.com", edition=late), edition=late)
    publish(
        store, row("mailto:a@example.com", digest="former", edition=TODAY - DAY), digest="former", edition=TODAY - DAY
    )

    def named(*words: str) -> list[str]:
        return [f"{one['digest']} {one['edition']}" for one in asked(bot, "status", *words)["editions"]]

    assert named("morning", "--edition", TODAY.isoformat()) == [f"morning {early}", f"morning {late}"]
    assert named("morning", "--edition", f"{TODAY}T1800") == [f"morning {late}"]
    assert named("morning") == [f"morning {late}"]
    assert named("former") == [f"former {TODAY - DAY}"]
    assert named("--edition", (TODAY - DAY).isoformat()) == [f"former {TODAY - DAY}"]


@pytest.mark.parametrize("command", ["status", "export"])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mornign",), "did you mean morning?"),
        (("morning", "--edition", "2026-05-26T0730"), "did you mean 2026-05-27?"),
        (("morning", "--edition", "1999-01-01"), "the newest is 2026-05-27"),
        (("morning", "--edition", "yesterdy"), "did you mean yesterday?"),
        (("morning", "--edition", "soon"), "write a date"),
        (("morning", "--edition", "yesterday"), "there is no edition yesterday of morning"),
        (("--edition", "2026-13-01"), "write a date"),
    ],
)
def test_what_does_not_exist_is_said_with_what_does(
    bot: Bot, store: Stores, command: str, words: tuple[str, ...], told: str
):
    """Exit code 2, one line, for a digest as for an edition."""
    day = date(2026, 5, 27)
    publish(store, row("mailto:a@example.com", edition=day), edition=day)
    done = bot(command, *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)


def test_an_edition_without_deliveries_says_so(bot: Bot, store: Stores):
    """One that was missed has no window either; a digest without editions is told what to do."""
    assert "make one with `digestbot run`" in bot("status", "morning").stderr
    store.editions.set_state("morning", TODAY, EditionState.MISSED)
    assert lines(bot, "status", "morning") == [f"morning {TODAY}: missed", "  no delivery of it is kept"]


# ---- What an address got ----------------------------------------------------------------------------------------------


def test_who_has_it_is_told_for_an_address_in_any_spelling(bot: Bot, store: Stores):
    """Of every digest the last editions: got, failed, left out, and why."""
    publish(store, row("mailto:Ann@Example.com", claimed=NOON))
    publish(store, row("mailto:ann@example.com", FAILED, edition=TODAY - DAY, error="552 full"), edition=TODAY - DAY)
    publish(store, row("mailto:bob@example.com", edition=TODAY - 2 * DAY), edition=TODAY - 2 * DAY)
    store.editions.set_state("morning", TODAY - 3 * DAY, EditionState.MISSED)
    publish(store, row("mailto:bob@example.com", digest="other"), digest="other")
    assert lines(bot, "status", "--to", "ANN@example.COM") == [
        "morning:",
        f"  {TODAY} mailto:Ann@Example.com sent {TODAY} 12:00 UTC",
        f"  {TODAY - DAY} mailto:ann@example.com failed: 552 full",
        f"  {TODAY - 2 * DAY} left out: it was no recipient of this edition",
        f"  {TODAY - 3 * DAY} not made: digestbot was not running then, or it was held",
    ]
    found = asked(bot, "status", "--to", "mailto:ann@example.com", "--edition", TODAY.isoformat())
    assert [(one["edition"], one["state"], one["at"]) for one in found["editions"]] == [
        (TODAY.isoformat(), "sent", NOON.isoformat())
    ]
    assert lines(bot, "status", "other", "--to", "ann@example.com") == [
        "Nothing of the last 7 editions of any digest was to go to ann@example.com"
    ]


def test_who_reads_a_list_is_told_why_they_were_left_out(bot: Bot, store: Stores):
    """By what is kept of them: they unsubscribed, came later, or are suppressed."""
    bot.configure(LISTS__BRIEFING__TITLE="Briefing", DIGESTS__MORNING__TO="list:briefing")
    publish(store, row("mailto:bob@example.com"))
    for name, state, since in (
        ("left", SubscriptionState.UNSUBSCRIBED, NOON - DAY),
        ("new", SubscriptionState.ACTIVE, NOON + DAY),
        ("late", SubscriptionState.UNSUBSCRIBED, NOON + DAY),
        ("gone", SubscriptionState.ACTIVE, NOON - DAY),
    ):
        who = Subscriber(address=f"{name}@example.com", key=f"{name}@example.com")
        wanted = Subscription(list="briefing", state=state, since=since, consent=Consent.FORM)
        store.subscribers.enrol([(who, wanted)], lambda subscription, _: subscription)
    store.suppressions.suppress("gone@example.com", "no such mailbox", now=NOON - DAY)

    def why(name: str) -> str:
        (one,) = asked(bot, "status", "--to", f"{name}@example.com")["editions"]
        assert one["state"] == "left out"
        return str(one["reason"])

    assert why("left") == "had unsubscribed from briefing"
    assert why("new") == f"reads briefing since {TODAY + DAY}"
    assert why("late") == "it was no recipient of this edition"
    assert why("gone") == "suppressed: no such mailbox"
    shown = lines(bot, "status", "--to", "gone@example.com")
    assert shown[0] == f"gone@example.com is suppressed since {TODAY - DAY}: no such mailbox"


def test_a_message_in_parts_is_told_once(bot: Bot, store: Stores):
    """By the first part that did not arrive; each revision for itself."""
    publish(
        store,
        row("slack:#chips", claimed=NOON),
        row("slack:#chips", FAILED, part=1, error="channel_is_archived"),
    )
    edition = store.editions.get("morning", TODAY)
    assert edition is not None
    store.editions.revise(edition, "{}", [row("slack:#chips", revision=1)], revision=1)
    assert lines(bot, "status", "--to", "#chips") == [
        "morning:",
        f"  {TODAY} failed: channel_is_archived",
        f"  {TODAY} revision 1 sent",
    ]


def test_what_cannot_stand_together_is_refused(bot: Bot):
    """In one line, with exit code 2."""
    for words in (
        ("status", "morning", "--feeds"),
        ("status", "--to", " "),
        ("export", "--since", "today", "--edition", "today"),
    ):
        done = bot(*words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), words


# ---- The ledger as CSV ------------------------------------------------------------------------------------------------


def test_the_ledger_is_exported_with_a_row_a_delivery(bot: Bot, store: Stores):
    """Oldest edition first; harmless to a spreadsheet and to a terminal."""
    publish(store, row("mailto:a@example.com", claimed=NOON, attempts=2, remote_id="<1@example.com>"))
    publish(
        store,
        row(
            "mailto:=cmd@example.com",
            FAILED,
            edition=TODAY - DAY,
            error='=HYPERLINK(1)\x1b[2J, "no"\nsuch',
            deadline=NOON,
        ),
        row("slack:@boss", edition=TODAY - DAY, remote_id="-1"),
        edition=TODAY - DAY,
    )
    done = bot("export")
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert tuple(head) == HEAD
    found = [dict(zip(head, one, strict=True)) for one in rows]
    assert [(one["edition"], one["recipient"], one["state"]) for one in found] == [
        ((TODAY - DAY).isoformat(), "mailto:=cmd@example.com", "failed"),
        ((TODAY - DAY).isoformat(), "slack:@boss", "sent"),
        (TODAY.isoformat(), "mailto:a@example.com", "sent"),
    ]
    assert found[0]["reason"].startswith("'=HYPERLINK(1)")
    assert found[1]["remote_id"] == "'-1"
    assert (found[2]["attempts"], found[2]["last_attempt"]) == ("2", NOON.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert "\x1b" not in done.stdout


def test_what_is_exported_can_be_chosen(bot: Bot, store: Stores):
    """By digest, by edition, and from a date on."""
    for day in (TODAY, TODAY - DAY, TODAY - 2 * DAY):
        publish(store, row("mailto:a@example.com", edition=day), edition=day)
    publish(store, row("mailto:a@example.com", digest="other"), digest="other")

    def chosen(*words: str) -> list[str]:
        return [f"{one[0]} {one[1]}" for one in csv.reader(io.StringIO(bot("export", *words).stdout))][1:]

    assert chosen("other") == [f"other {TODAY}"]
    assert chosen("--edition", TODAY.isoformat()) == [f"morning {TODAY}", f"other {TODAY}"]
    assert chosen("morning", "--since", (TODAY - DAY).isoformat()) == [f"morning {TODAY - DAY}", f"morning {TODAY}"]
    assert chosen("--since", "2999-01-01") == []


def test_a_file_is_there_whole_or_as_it_was(bot: Bot, store: Stores, monkeypatch: pytest.MonkeyPatch):
    """For nobody else on the machine; an export that breaks off leaves no half of one."""
    publish(store, row("mailto:a@example.com"))
    file = bot.folder / "ledger.csv"
    done = bot("export", "--out", "ledger.csv")
    assert (done.returncode, done.stdout) == (0, "Wrote 1 row to ledger.csv\n")
    before = file.read_bytes()
    assert before.count(b"\n") == 2
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600

    def breaks(_: Delivery) -> list[str]:
        raise Stopped("stopped by a signal before the end; nothing was written")

    monkeypatch.setattr(module, "_row", breaks)
    assert bot("export", "--out", "ledger.csv").returncode == 1
    assert bot("export").stdout == ""
    assert file.read_bytes() == before
    assert {path.name for path in bot.folder.iterdir()} == {"config.env", "data", "ledger.csv"}
    nowhere = bot("export", "--out", "no/such/folder.csv")
    assert (nowhere.returncode, nowhere.stderr.count("\n")) == (2, 1)


def test_a_signal_ends_an_export_between_two_pages(store: Stores):
    """Before anything of it is shown."""
    publish(store, row("mailto:a@example.com"))
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        export_ledger(store, io.StringIO(), [("morning", TODAY)], stopped=stop.is_set)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_an_export_is_the_same_in_pages_of_any_size(store: Stores, monkeypatch: pytest.MonkeyPatch, size: int):
    """No delivery twice and none left out at the seam of two pages."""
    publish(store, *(row(f"mailto:{name}@example.com", part=part) for name in "abc" for part in (0, 1)))
    monkeypatch.setattr(module, "_PAGE", size)
    out = io.StringIO()
    assert export_ledger(store, out, [("morning", TODAY)]) == 6
    assert len(set(out.getvalue().splitlines())) == 7
