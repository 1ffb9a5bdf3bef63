"""One word to an operator when something breaks or is mended, and calls to a monitor."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from bot import Bot
from builders import NOON
from newsroom import AT, MORNING_NEWS
from servers.monitor import monitor
from servers.slack import Fault, SlackServer
from servers.smtp import SmtpServer
from servers.web import Reply, WebServer

from digestbot.channels.email.channel import Email
from digestbot.channels.file.channel import File
from digestbot.channels.slack.channel import Slack
from digestbot.channels.slack.incoming_webhook import Webhook
from digestbot.deliver import DeliveryReport
from digestbot.model import Delivery, DeliveryState, EditionState, FeedState, Recipient
from digestbot.operations import alert_sending, heartbeat
from digestbot.operations.alerts import (
    FEED_DOWN_AFTER,
    AlertNotifier,
    account_problems,
    edition_problems,
    feed_problems,
)
from digestbot.operations.heartbeat import Heartbeat
from digestbot.operations.logs import JsonLines, LoggedProgress, Redacted
from digestbot.store import open_store

OPS = (Recipient(channel="slack", address="#chips"),)
SENT = Delivery(digest="morning", edition=date(2026, 5, 27), recipient=OPS[0], state=DeliveryState.SENT)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__HARBOUR="./saved.xml", TOPICS__CHIPS="foundry", DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong")
    return made


def test_an_account_stays_in_trouble_until_something_went_out_through_it():
    """A round without an attempt does not mend it; a message that was sent does."""
    broken = account_problems({}, [DeliveryReport(stopped={"slack": "token_revoked"})])
    assert broken == {"account slack": "token_revoked"}
    assert account_problems(broken, [DeliveryReport()]) == broken
    assert account_problems(broken, [DeliveryReport(settled=(SENT,))]) == {}


def test_a_feed_is_worth_a_word_after_a_day_and_all_of_them_at_the_second_failure():
    """One hiccup is not; a feed that is gone is at once."""
    hiccup = FeedState(name="a", failures=1, failing_since=NOON, error="timed out")
    day = FeedState(name="b", failures=9, failing_since=NOON - FEED_DOWN_AFTER, error="404")
    gone = FeedState(name="c", gone=True, error="410")
    fine = FeedState(name="d")
    assert feed_problems([hiccup, day, gone, fine], now=NOON) == {"feed b": "404", "feed c": "410"}
    assert feed_problems([hiccup], now=NOON) == {}
    assert set(feed_problems([FeedState(name="a", failures=2), day], now=NOON)) == {"feeds"}


def test_missed_editions_and_deliveries_that_ended_badly_are_told(tmp_path: Path):
    """Of the latest editions of every digest."""
    store = open_store(tmp_path)
    for days, state in enumerate((EditionState.MISSED, EditionState.MISSED, EditionState.EMPTY)):
        store.editions.set_state("morning", NOON.date() - timedelta(days=days), state)
    assert edition_problems(store, ["morning", "evening"]) == {
        "morning 2026-05-27": "missed: digestbot was not running at that time, or it was held",
        "morning 2026-05-26": "missed: digestbot was not running at that time, or it was held",
    }
    store.close()


def test_told_once_when_it_breaks_and_once_when_it_is_mended(tmp_path: Path):
    """Also over a restart; what can be mended is told as mended, what has happened is not."""
    with SlackServer() as slack:
        for problems in (
            {"feed <b>": "404"},
            {"feed <b>": "404 again"},
            {"feed <b>": "404", "morning 1": "1 expired"},
            {},
            {},
        ):
            store = open_store(tmp_path)
            AlertNotifier(
                alerts=store.alerts,
                recipients=OPS,
                open_channels=lambda: {"slack": Slack(slack.token, api_url=slack.url)},
            ).notify(problems, now=NOON)
            store.close()
    assert [post["text"].split("\n")[1:] for post in slack.messages] == [
        ["feed &lt;b&gt;: 404"],
        ["morning 1: 1 expired"],
        ["feed &lt;b&gt;: works again"],
    ]


def test_alerts_in_a_folder_do_not_replace_each_other(tmp_path: Path):
    """Several on one day are told each in a folder of its own."""
    store = open_store(tmp_path)
    recipients = (Recipient(channel="file", address="ops"),)
    notifier = AlertNotifier(alerts=store.alerts, recipients=recipients, open_channels=lambda: {"file": File(tmp_path)})
    for minutes, problems in enumerate(({"feed a": "404"}, {"feed a": "404", "feed b": "gone"}, {})):
        notifier.notify(problems, now=NOON + timedelta(minutes=minutes))
    store.close()
    told = sorted((tmp_path / "ops").glob("*/*/digest.txt"))
    assert [path.read_text() for path in told] == [
        "feed a: 404\n",
        "feed b: gone\n",
        "feed a: works again\nfeed b: works again\n",
    ]


def test_an_alert_goes_through_a_webhook(tmp_path: Path):
    """Once, also when nobody can tell whether it arrived: it may have been heard."""
    store = open_store(tmp_path)
    with SlackServer() as slack:
        slack.fail("webhook", Fault(drop="after"))
        channels = {"webhook": Webhook({"desk": slack.webhook})}
        notifier = AlertNotifier(
            alerts=store.alerts,
            recipients=(Recipient(channel="webhook", address="desk"),),
            open_channels=lambda: channels,
        )
        for _ in range(2):
            notifier.notify({"feed <b>": "404"}, now=NOON)
    store.close()
    assert [post["text"] for post in slack.messages] == ["digestbot\nfeed &lt;b&gt;: 404"]


def test_an_alert_that_reached_nobody_is_tried_again_later(tmp_path: Path):
    """Not at every round: the account it goes through may be the one that is broken."""
    store = open_store(tmp_path)
    with SlackServer() as slack:
        slack.revoked = True
        channels = {"slack": Slack(slack.token, api_url=slack.url)}
        notifier = AlertNotifier(alerts=store.alerts, recipients=OPS, open_channels=lambda: channels)
        for minutes in range(15):
            notifier.notify({"account slack": "token_revoked"}, now=NOON + timedelta(minutes=minutes))
        assert slack.posts() == 1
        slack.revoked = False
        notifier.notify({"account slack": "token_revoked"}, now=NOON + timedelta(minutes=15))
        assert len(slack.messages) == 1
    assert list(store.alerts.open_alerts()) == ["account slack"]
    store.close()


def alert_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "alert"]


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An alert has half a second; no thread is left at the end."""
    monkeypatch.setattr(alert_sending, "ALERT_SECONDS", 0.5)
    yield
    for thread in alert_threads():
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.usefixtures("in_haste")
def test_an_alert_is_over_in_time_though_slack_drips(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """Its answer comes byte by byte without an end: the others are told, and nobody is told twice."""
    store, over = open_store(tmp_path), threading.Event()

    def drip(listening: socket.socket) -> None:
        client, _ = listening.accept()
        with client, suppress(OSError):
            client.recv(65536)
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not over.wait(0.05):
                client.sendall(b".")

    monkeypatch.setattr(alert_sending, "ALERT_SECONDS", 1.5)  # the mail is to arrive meanwhile
    with socket.create_server(("127.0.0.1", 0)) as listening, SmtpServer() as smtp:
        dripping = threading.Thread(target=drip, args=(listening,), daemon=True)
        dripping.start()
        place = f"http://127.0.0.1:{listening.getsockname()[1]}/api/"
        notifier = AlertNotifier(
            alerts=store.alerts,
            recipients=(*OPS, Recipient(channel="mailto", address="ops@example.com")),
            open_channels=lambda: {"slack": Slack("xoxb-1", api_url=place), "mailto": mail_to(smtp.port)},
        )
        notifier.notify({"feed a": "404"}, now=NOON)
        assert not over.is_set()
        assert "the alert could not be sent to slack:#chips within" in caplog.text
        assert len(smtp.messages) == 1
        over.set()
        dripping.join(60)
    assert list(store.alerts.open_alerts()) == ["feed a"]
    store.close()


def mail_to(port: int) -> Email:
    return Email("127.0.0.1", port, sender="digest@example.com", security="none")


@pytest.mark.usefixtures("in_haste")
def test_an_alert_that_came_too_late_to_leave_never_leaves(tmp_path: Path):
    """A mail server that greets for ever: nothing is told, it is tried again later, and the first attempt stays silent."""
    store, over = open_store(tmp_path), threading.Event()
    said: list[bytes] = []

    def greet(listening: socket.socket) -> None:
        client, _ = listening.accept()
        with client, client.makefile("rb") as lines, suppress(OSError):
            while not over.wait(0.05):
                client.sendall(b"220-and more\r\n")
            client.sendall(b"220 ready\r\n")
            for line in lines:
                said.append(line)
                client.sendall(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 fine\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        greeting = threading.Thread(target=greet, args=(listening,), daemon=True)
        greeting.start()
        port = listening.getsockname()[1]
        notifier = AlertNotifier(
            alerts=store.alerts,
            recipients=(Recipient(channel="mailto", address="ops@example.com"),),
            open_channels=lambda: {"mailto": mail_to(port)},
        )
        notifier.notify({"feed a": "404"}, now=NOON)
        assert store.alerts.open_alerts() == {}
        over.set()
        greeting.join(60)
    assert any(line.startswith(b"DATA") for line in said)
    assert not [line for line in said if b"404" in line]
    with SmtpServer() as smtp:
        port = smtp.port
        notifier.notify({"feed a": "404"}, now=NOON + timedelta(minutes=15))
        assert len(smtp.messages) == 1
    store.close()


def test_row_49_a_wrong_password_is_one_alert_until_a_right_one(bot: Bot):
    """The account's deliveries wait, nobody else's; what stops it is told once, and once when it works again."""
    with SmtpServer(extensions=("AUTH PLAIN",)) as smtp:
        bot.configure(DIGESTS__MORNING__TO="mailto:a@desk.example, mailto:b@desk.example, file:./out",
                      SMTP__HOST="127.0.0.1", SMTP__PORT=str(smtp.port), SMTP__SECURITY="none", SMTP__USERNAME="desk",
                      SMTP__PASSWORD="wrong-word", SMTP__FROM="n@desk.example", ALERTS__TO="file:./ops")  # fmt: skip
        told = bot.folder / "ops"
        smtp.fail("", "535 5.7.8 wrong-word is wrong", "535 5.7.8 wrong-word is wrong")  # type: ignore[arg-type]
        assert bot("run", "--at", AT).returncode == 1
        assert (bot.folder / "out" / "morning" / "2026-05-27" / "digest.txt").exists()
        [first] = told.glob("alerts-*/*/digest.txt")
        assert "account mailto: 127.0.0.1" in first.read_text()
        assert "wrong-word" not in first.read_text()
        assert sum(command.startswith("AUTH") for command in smtp.commands) == 1
        first.unlink()
        assert bot("run", "--at", AT).returncode == 1
        assert list(told.glob("alerts-*/*/digest.txt")) == []
        smtp.fail("", "235 welcome")  # type: ignore[arg-type]
        assert bot("run", "--at", AT).returncode == 0
        [mended] = told.glob("alerts-*/*/digest.txt")
        assert "account mailto: works again" in mended.read_text()
        assert len(smtp.messages) == 2


def test_row_34_a_revoked_token_is_one_alert_until_a_new_one(bot: Bot):
    """Runs again and again tell it once; a run that gets through tells that it works again."""
    with SlackServer() as slack:
        bot.configure(DIGESTS__MORNING__TO="slack:#chips", SLACK__API_URL=slack.url, SLACK__TOKEN=slack.token,
                      ALERTS__TO="file:./ops")  # fmt: skip
        slack.revoked = True
        told = bot.folder / "ops"
        assert bot("run", "--at", AT).returncode == 1
        [first] = told.glob("alerts-*/*/digest.txt")
        assert "account slack" in first.read_text()
        first.unlink()
        assert bot("run", "--at", AT).returncode == 1
        assert list(told.glob("alerts-*/*/digest.txt")) == []
        slack.revoked = False
        assert bot("run", "--at", AT).returncode == 0
        [mended] = told.glob("alerts-*/*/digest.txt")
        assert "account slack: works again" in mended.read_text()


def test_a_monitor_is_called_at_start_and_end(bot: Bot):
    """/start and the address itself, or /fail; its address is in no output."""
    with monitor() as (url, calls):
        bot.configure(DIGESTS__MORNING__TO="file:./out", ALERTS__PING_URL=url)
        good = bot("run", "--at", AT)
        bot.configure(FEEDS__HARBOUR="./missing.xml")
        bad = bot("run", "--at", "2026-05-28T20:00+08:00")
    assert (good.returncode, bad.returncode) == (0, 1), good.stderr
    assert calls == ["/uuid/start", "/uuid", "/uuid/start", "/uuid/fail"]
    assert url not in good.stdout + good.stderr + bad.stdout + bad.stderr


def test_a_monitor_that_is_down_does_no_harm(caplog: pytest.LogCaptureFixture):
    """It is a warning without the address; without an address nothing happens."""
    Heartbeat("http://127.0.0.1:9/secret-uuid").fail()
    Heartbeat().start()
    assert len(caplog.records) == 1
    assert "secret-uuid" not in caplog.text + repr(Heartbeat("http://127.0.0.1:9/secret-uuid"))


def test_a_monitor_that_drips_is_left_behind(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch):
    """A byte now and then outlasts every timeout of a socket, but not the time for the whole call."""
    monkeypatch.setattr(heartbeat, "_TIMEOUT", 0.5)
    over = threading.Event()

    def drip(out: BinaryIO) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.1):
            out.write(b".")
            out.flush()

    with WebServer() as web:
        Heartbeat(web.serve("/ping/start", Reply(raw=drip)).removesuffix("/start")).start()
        assert not over.is_set()
        assert "did not answer within" in caplog.text
        over.set()


def test_log_lines_as_json(caplog: pytest.LogCaptureFixture):
    """One object a line, with a stage's figures; secrets are taken out of messages and tracebacks."""
    caplog.set_level(logging.INFO, logger="digestbot")
    progress = LoggedProgress()
    progress.stage("collect")
    progress.done(feeds=42, failed=1)
    try:
        raise ValueError('the pass"word')  # noqa: TRY301
    except ValueError:
        logging.getLogger("digestbot").exception('it is pass"word')
    stage, failure = (json.loads(JsonLines(['pass"word']).format(record)) for record in caplog.records)
    assert (stage["stage"], stage["feeds"], stage["failed"], stage["level"]) == ("collect", 42, 1, "INFO")
    assert failure["message"] == "it is ***"
    assert "***" in failure["traceback"]
    assert "pass" not in json.dumps(failure)
    assert 'pass"word' not in Redacted(['pass"word']).format(caplog.records[1])
