"""Rows of the fault table that are about the whole of it: processes, disks, floods; see docs/operations.md."""

from __future__ import annotations

import importlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from bombs import PACKED, bomb
from bot import Bot, desk_of_one_feed
from builders import NOON, SPEC, item
from crashing import FULL, Place
from delivering import DAY, recipients
from hypothesis import settings
from newsroom import AT, MORNING_NEWS, rss
from older_database import take_back
from servers.slack import SlackServer
from servers.smtp import SmtpServer
from servers.web import Reply, WebServer

from digestbot.channels.email.channel import Email
from digestbot.channels.file.channel import File
from digestbot.channels.slack.channel import Slack
from digestbot.cli.signals import Signals
from digestbot.collect import FetchOptions
from digestbot.deliver import deliver
from digestbot.edition.context import EditionContext
from digestbot.edition.pipeline import run
from digestbot.model import EditionState, Feed, FeedState, Item
from digestbot.operations.logs import LoggedProgress
from digestbot.ports import Channel
from digestbot.render import Templates
from digestbot.store import Stores, lock, open_store
from digestbot.store.database import FILE
from digestbot.summarise import summarise


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return desk_of_one_feed(tmp_path)


def to_mail(bot: Bot, smtp: SmtpServer, *names: str) -> None:
    bot.configure(
        DIGESTS__MORNING__TO=", ".join(f"mailto:{name}@desk.example" for name in names),
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(smtp.port),
        SMTP__SECURITY="none",
        SMTP__FROM="digest@desk.example",
    )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Place, SlackServer, SmtpServer]]:
    """An outbox with a post and a mail to be delivered."""
    with SlackServer() as slack, SmtpServer() as smtp:
        made = Place(tmp_path / "data", slack.url, smtp.port)
        made.publish(DAY, "slack:#chips", "mailto:a@example.com")
        yield made, slack, smtp


@pytest.mark.parametrize("command", [("serve",), ("run", "--at", AT), ("resend",)], ids=lambda words: words[0])
def test_row_09_a_second_process_on_a_folder(bot: Bot, command: tuple[str, ...]):
    """It ends at once and says which process is at work where; a resend leaves its work to that one."""
    assert bot("run", "--at", AT).returncode == 0
    with lock(bot.data):
        second = bot(*command)
    if command == ("resend",):
        assert (second.returncode, second.stdout) == (0, "no delivery matches; see `digestbot status`\n")
        return
    assert second.returncode == 1
    who = f"another digestbot (process {os.getpid()}) is working in {bot.data}: wait until it is done, or stop it"
    assert second.stderr.endswith(f"digestbot: {who}\n")
    assert "Traceback" not in second.stderr


def context(store: Stores, folder: Path, channels: dict[str, Channel]) -> EditionContext:
    """A desk whose only feed says nothing: the items are in the store."""
    feed = folder / "empty.xml"
    feed.write_text('<rss version="2.0"><channel><title>Empty</title></channel></rss>')
    return EditionContext(
        store=store,
        feeds=(Feed(name="empty", url=str(feed)),),
        fetch=FetchOptions(),
        summarise=summarise,
        templates=Templates(),
        progress=LoggedProgress(),
        clock=lambda: NOON,
        channels=channels,
        claim_timeout=600,
    )


def test_row_10_daemon_and_cron_at_the_same_second(tmp_path: Path):
    """On a database that machines share, both make the edition; it is frozen once, and each delivery is sent once."""
    outcomes, gate = [], threading.Barrier(2)
    with SlackServer() as slack, SmtpServer() as smtp:
        open_store(tmp_path / "data").close()

        def machine() -> None:
            store = open_store(tmp_path / "data")
            mail = Email("127.0.0.1", smtp.port, sender="n@desk.example", security="none")
            at_work = context(store, tmp_path, {"slack": Slack(slack.token, api_url=slack.url), "mailto": mail})
            store.items.save(FeedState(name="gazette"), [item(feed="gazette")], now=NOON - timedelta(hours=1))
            gate.wait()
            outcomes.append(run(replace(SPEC, recipients=to), replace(at_work, max_wait=0), at=NOON))
            store.close()

        to = recipients("slack:#chips", "slack:#markets", *(f"mailto:r{n}@desk.example" for n in range(10)))
        machines = [threading.Thread(target=machine) for _ in range(2)]
        for each in machines:
            each.start()
        for each in machines:
            each.join()
    store = open_store(tmp_path / "data")
    assert len(outcomes) == 2
    assert [edition.state for edition in store.editions.history("morning")] == [EditionState.DONE]
    assert {(str(row.state), row.attempts) for row in store.outbox.all()} == {("sent", 1)}
    assert sorted(post["channel"] for post in slack.messages) == ["C0CHIPS000", "C0MARKETS0"]
    assert sorted(mail.recipient for mail in smtp.messages) == sorted(f"r{n}@desk.example" for n in range(10))
    store.close()


def test_row_11_a_power_cut_that_forgets_a_claim(place: tuple[Place, SlackServer, SmtpServer], tmp_path: Path):
    """Where the disk lied and the claim itself is gone: Slack knows the key; mail comes twice, byte for byte the same."""
    made, slack, smtp = place
    shutil.copytree(made.data, tmp_path / "before")
    for data in (made.data, tmp_path / "before"):
        worker = replace(made, data=data).start()
        worker.join()
        assert worker.exitcode == 0
        assert {str(row.state) for row in replace(made, data=data).rows()} == {"sent"}
    assert len(slack.messages) == 1
    assert len(smtp.messages) == 2
    assert len({mail.data for mail in smtp.messages}) == 1


def test_row_12_a_disk_that_fills_up_at_any_commit(place: tuple[Place, SlackServer, SmtpServer], tmp_path: Path):
    """Wherever it is full: what is not claimed is not sent, what may have arrived is looked for; the error says what to do."""
    made, slack, smtp = place
    shutil.copytree(made.data, tmp_path / "before")
    sent, page = [], 4096 + 24
    for frames in range(0, 12, 2):
        for server in (slack, smtp):
            server.messages.clear()
        shutil.rmtree(made.data)
        shutil.copytree(tmp_path / "before", made.data)
        full = made.start(f"room for {32 + frames * page + 100}")
        full.join()
        sent.append(len(slack.messages))
        if full.exitcode == 0:
            break
        assert full.exitcode == FULL
        assert "The disk could not be read" in (made.data / "told").read_text()
        after = made.start()
        after.join()
        assert after.exitcode == 0
        assert {str(row.state) for row in made.rows()} == {"sent"}
        assert len(slack.messages) == 1
        assert len({mail.data for mail in smtp.messages}) == 1
    assert sent[0] == 0
    assert sent[-1] == 1


def test_row_13_a_database_that_another_program_holds(place: tuple[Place, SlackServer, SmtpServer]):
    """Delivering waits for it, some seconds each time, and sends everything once; a reader holds up nobody."""
    made, slack, smtp = place
    rival = sqlite3.connect(made.data / FILE, isolation_level=None, check_same_thread=False)
    reader = sqlite3.connect(made.data / FILE, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM deliveries").fetchone()
    rival.execute("BEGIN IMMEDIATE")
    store = open_store(made.data)
    began = time.monotonic()
    threading.Timer(0.4, lambda: rival.execute("ROLLBACK")).start()
    report = deliver(store.outbox, made.channels(), now=lambda: NOON)
    assert time.monotonic() - began > 0.3
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 5_000
    assert report.ok
    assert (len(slack.messages), len(smtp.messages)) == (1, 1)
    for each in (store, rival, reader):
        each.close()


def test_row_14_nothing_is_sent_from_a_damaged_database(bot: Bot):
    """run says what is damaged and how to restore it."""
    with SmtpServer() as smtp:
        to_mail(bot, smtp, "ann")
        assert bot("run", "--at", AT).returncode == 0
        path = bot.data / FILE
        path.write_bytes(path.read_bytes()[:100] + b"\xa5" * 20_000)
        damaged = bot("run", "--at", AT)
        assert len(smtp.messages) == 1
    assert damaged.returncode == 1
    assert f"the database {path}: " in damaged.stderr
    assert "your last backup in its place" in damaged.stderr
    assert "Traceback" not in damaged.stderr


def test_row_23_sigterm_while_delivering(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """The daemon finishes the recipient under way and ends with 0; the next start sends to the others, once."""
    now = time.strftime("%Y-%m-%dT%H:%M+00:00", time.gmtime())
    (bot.folder / "saved.xml").write_text(
        MORNING_NEWS.replace("Wed, 27 May 2026", time.strftime("%d %b %Y", time.gmtime()))
    )
    with SmtpServer() as smtp:
        to_mail(bot, smtp, "ann", "bo", "cy")
        bot.configure(
            DIGESTS__MORNING__TIMEZONE="UTC",
            DIGESTS__MORNING__AT="00:00",
            DIGESTS__MORNING__MAX_DELAY="24h",
            DIGESTS__MORNING__WHEN_EMPTY="send",
        )
        begun: list[Signals] = []
        serving = importlib.import_module("digestbot.cli.serving")  # the name in the package is its group of commands
        real = serving.stop_on_signal

        @contextmanager
        def watched(**fields: Any) -> Iterator[Signals]:
            with real(**fields) as signals:
                begun.append(signals)
                yield signals

        def end(_mail: object) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            begun[0].stop.wait(300)  # the server answers once the signal has come

        monkeypatch.setattr(serving, "stop_on_signal", watched)
        smtp.on_accept = end
        stopped = bot("serve")
        assert (stopped.returncode, len(smtp.messages)) == (0, 1), stopped.stderr
        assert stopped.stderr.rstrip().endswith("stopped")
        [digest] = json.loads(bot("status", "--json").stdout)["digests"]
        assert digest["deliveries"] == {"sent": 1, "pending": 2}
        smtp.on_accept = None
        assert bot("run", "--at", now).returncode == 0
    assert [mail.recipient for mail in smtp.messages] == [f"{name}@desk.example" for name in ("ann", "bo", "cy")]


def test_row_57_hostile_titles_abort_nothing(bot: Bot):
    """Mentions, markup, control characters and endless words go out as words, to Slack, by mail and into files."""
    titles = [
        "Foundry halts &lt;!channel&gt; *bold* | `code` &lt;@U123|x&gt;",
        "Ferries \u202ereturn \u2028 north \x85 today \u0000",
        "Museum " + "lends " * 1000,
        "Drought \ud800 closes canal",
        "Budget <script>alert(1)</script> &lt;script&gt; passes",
    ]
    entries = [(title, title, "Wed, 27 May 2026 03:00:00 +0000") for title in titles]
    (bot.folder / "saved.xml").write_bytes(rss(*entries).encode("utf-8", "surrogatepass"))
    with SlackServer() as slack, SmtpServer() as smtp:
        to_mail(bot, smtp, "ann")
        bot.configure(
            DIGESTS__MORNING__TO="slack:#chips, mailto:ann@desk.example, file:./out",
            SLACK__API_URL=slack.url,
            SLACK__TOKEN=slack.token,
        )
        done = bot("run", "--at", AT)
    assert done.returncode == 0, done.stderr
    [post], [mail] = slack.messages, smtp.messages
    parsed = message_from_bytes(mail.data, policy=policy.default)
    page = parsed.get_body(("html",)).get_content()
    assert "<!channel>" not in post["text"]
    assert "&lt;!channel&gt;" in post["text"] + json.dumps(post["blocks"]) + page
    assert "<script>" not in page
    assert not set("\u202e\u2028\x00\ud800") & set(json.dumps(post, ensure_ascii=False) + page + str(parsed["Subject"]))
    told = json.dumps(bot.digest("2026-05-27"))
    assert all(title.split()[0] in told for title in titles)


def test_row_59_bad_feeds_are_listed_and_the_digest_goes_out(bot: Bot):
    """One hangs, one fails, one is a bomb, one leads back to this machine: each is named with its reason."""
    with WebServer() as web:
        hang = threading.Event()
        bot.configure(
            FEEDS__HANGS=web.serve("/hangs", Reply(raw=lambda _out: hang.wait(5) and None), host="127.0.0.2"),
            FEEDS__FAILS=web.serve("/fails", Reply(status=500), host="127.0.0.3"),
            FEEDS__BOMB=web.serve("/bomb", Reply(body=bomb(20), headers=PACKED), host="127.0.0.4"),
            FEEDS__BACK=web.serve(
                "/back", Reply(status=302, headers={"Location": web.url("/x", host="127.9.0.1")}), host="127.0.0.5"
            ),
            FETCH__TIMEOUT="1s",
            FETCH__ALLOW_PRIVATE=", ".join(f"127.0.0.{n}/32" for n in range(2, 6)),
        )
        done = bot("run", "--at", AT)
        hang.set()
    assert done.returncode == 0, done.stderr
    digest = bot.digest("2026-05-27")
    failures = {failure["source"]: failure["reason"] for failure in digest["failures"]}
    assert set(failures) == {"hangs", "fails", "bomb", "back"}
    assert "no answer in time" in failures["hangs"]
    assert "its server has an error" in failures["fails"]
    assert "too large" in failures["bomb"]
    assert digest["counts"]["stories"] == 2
    text = (bot.folder / "out" / "morning" / "2026-05-27" / "digest.txt").read_text()
    assert "hangs" in text


def test_row_60_no_feed_can_be_read(bot: Bot):
    """Nothing is sent, the run fails and says so, and the window is kept: the next run tells what was not told."""
    (bot.folder / "saved.xml").rename(bot.folder / "away.xml")
    with SmtpServer() as smtp:
        to_mail(bot, smtp, "ann")
        no_feed_readable = bot("run", "--at", AT)
        assert smtp.connections == 0
        (bot.folder / "away.xml").rename(bot.folder / "saved.xml")
        later = bot("run", "--at", AT)
        assert len(smtp.messages) == 1
    assert (no_feed_readable.returncode, later.returncode) == (1, 0)
    assert "no feed could be read, so nothing was sent" in no_feed_readable.stdout
    assert b"Veldhaven" in smtp.messages[0].data


@pytest.mark.parametrize(("quiet", "mails"), [("skip", 0), ("line", 1), ("send", 1)])
def test_row_61_nothing_new(bot: Bot, quiet: str, mails: int):
    """Skipped, or one line, or the empty digest; the date is done whichever it is."""
    (bot.folder / "saved.xml").write_text("<rss version='2.0'><channel><title>Harbour Post</title></channel></rss>")
    bot.configure(DIGESTS__MORNING__WHEN_EMPTY=quiet)
    with SmtpServer() as smtp:
        to_mail(bot, smtp, "ann")
        for _ in range(2):
            assert bot("run", "--at", AT).returncode == 0
        assert len(smtp.messages) == mails
    [digest] = json.loads(bot("status", "--json").stdout)["digests"]
    assert [edition["state"] for edition in digest["editions"]] == ["done" if mails else "empty"]


def flood(count: int) -> list[Item]:
    """Items of forty outlets in words that are as unevenly frequent as a language's, one in four told by two outlets."""
    dice = random.Random(62)
    words = [
        a + b + c for a in "bcdfglmnprst" for b in ("al", "er", "in", "or", "un") for c in ("ka", "mo", "ta", "vel")
    ]
    words = [one + other for one in words for other in ("", *words[::6])]
    dice.shuffle(words)
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(words))))
    items: list[Item] = []
    for number in range(count):
        title = dice.choices(words, cum_weights=weights, k=8)
        if number % 4 == 3:
            title = [*items[-1].title.lower().split()[:6], *title[:2]]
        outlet = f"Outlet {number % 40}"
        text = " ".join(dice.choices(words, cum_weights=weights, k=12)) + "."
        hours = dice.random() * 20
        items.append(item(" ".join(title).capitalize(), text=text, source=outlet, hours=hours, id=str(number)))
    return items


@pytest.mark.long
def test_row_62_ten_thousand_items(tmp_path: Path):
    """In time that grows about as the items do, in half a gigabyte; every form within its limits, nothing left out silently.

    Ten thousand of them in `make sweep`; in every run a fifth of it, in memory and time alike.
    """
    few, many = (1000, 10_000) if settings.default.max_examples > 1000 else (200, 2000)  # type: ignore[union-attr]
    spent: dict[int, float] = {}
    with SlackServer() as slack, SmtpServer() as smtp:
        mail = Email("127.0.0.1", smtp.port, sender="n@desk.example", security="none")
        channels: dict[str, Channel] = {
            "slack": Slack(slack.token, api_url=slack.url), "mailto": mail, "file": File(tmp_path),
        }  # fmt: skip
        spec = replace(SPEC, recipients=recipients("slack:#chips", "mailto:ann@desk.example", "file:out"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for count in (few, many):
            store = open_store(tmp_path / str(count))
            items = flood(count)
            for outlet in {one.feed for one in items}:
                store.items.save(FeedState(name=outlet), [one for one in items if one.feed == outlet], now=NOON)
            began = time.process_time()
            outcome = run(spec, context(store, tmp_path, channels), at=NOON)
            spent[count] = time.process_time() - began
            store.close()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert spent[many] < 40 * spent[few]
    assert grown < 50 * many  # kilobytes
    assert outcome.report is not None
    assert outcome.report.ok
    assert outcome.digest is not None
    assert outcome.digest.counts.items == many
    entries = (*outcome.digest.entries, *outcome.digest.headlines)
    shown = sum(1 + len(entry.related) for entry in entries)
    assert shown + outcome.digest.omitted == outcome.digest.counts.stories
    assert (len(slack.messages), len(smtp.messages)) == (2, 2)  # Slack refuses what is over a limit
    assert len(smtp.messages[1].data) < 150_000
    assert len((tmp_path / "out" / "morning" / "2026-05-27" / "digest.html").read_bytes()) <= 90_000


def test_row_65_an_upgrade_while_deliveries_are_claimed(place: tuple[Place, SlackServer, SmtpServer]):
    """The database of an older version is brought up to date; what it had claimed is looked for, and arrives once."""
    made, slack, smtp = place
    dying = made.start("after accept", "slack")
    dying.join()
    take_back(made.data / FILE, "0002")
    with sqlite3.connect(made.data / FILE) as older:
        assert older.execute("SELECT recipient FROM deliveries WHERE state = 'sending'").fetchall() == [
            ("slack:#chips",)
        ]
    older.close()
    assert sorted((str(row.recipient), str(row.state)) for row in made.rows()) == [
        ("mailto:a@example.com", "pending"),
        ("slack:#chips", "sending"),
    ]
    worker = made.start()
    worker.join()
    assert {str(row.state) for row in made.rows()} == {"sent"}
    assert (len(slack.messages), len(smtp.messages)) == (1, 1)
