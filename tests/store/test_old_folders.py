"""A data folder of an older release is opened, brought up to date, and goes on where that release was stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from subprocess import CompletedProcess
from typing import Any

import pytest
from bot import Bot
from delivering import message, recipients
from old_release import FOLDER, unpack
from servers.slack import SlackServer
from servers.smtp import SmtpServer
from servers.web import Reply, WebServer

from digestbot.app.channels import channels
from digestbot.deliver import freeze
from digestbot.model import Delivery, DeliveryState, EditionState
from digestbot.settings import CHANNELS, load
from digestbot.store import open_store

ACCEPTED: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "sent-0004.json").read_text(encoding="utf-8"))

# What settings and schemes of that release are called now.
RENAMED = {
    "QUIET=": "WHEN_EMPTY=",
    "CATCH_UP=": "MAX_DELAY=",
    "ON_AMBIGUOUS=": "ON_UNKNOWN=",
    "WEBHOOKS__": "SLACK_WEBHOOKS__",
    "webhook:": "slack-webhook:",
}
HOOK = "slack-webhook:desk"


@dataclass
class World:
    """The old folder between servers that remember what they accepted from the old release."""

    bot: Bot
    web: WebServer
    slack: SlackServer
    smtp: SmtpServer

    def serve(self, day: str) -> None:
        """The feeds as they are on this day, also the one that moved."""
        for saved in (FOLDER / "feeds-0004" / day).iterdir():
            if saved.name == "harbour.xml":
                (self.bot.folder / saved.name).write_bytes(saved.read_bytes())
                continue
            kind = "text/html" if saved.suffix == ".html" else "application/xml"
            reply = Reply(body=saved.read_bytes(), headers={"Content-Type": kind})
            self.web.serve(f"/news/{saved.name}" if saved.name == "courier.xml" else f"/{saved.name}", reply)

    def run(self, day: str) -> CompletedProcess[str]:
        self.serve(day)
        return self.bot("run", "--at", f"{day}T07:30+08:00", "--max-wait", "0")

    def deliveries(self) -> tuple[Delivery, ...]:
        with closing(open_store(self.bot.data)) as store:
            return store.outbox.all()

    def sent(self) -> dict[str, int]:
        """How many messages the servers and the folder have in all."""
        by_hook = sum(post["channel"] == "webhook" for post in self.slack.messages)
        return {
            "slack": len(self.slack.messages) - by_hook,
            "webhook": by_hook,
            "mail": len(self.smtp.messages),
            "file": len(list((self.bot.folder / "out").glob("morning/*/digest.json"))),
        }


def configuration(**values: str) -> str:
    """The old configuration under today's names."""
    text = Template((FOLDER / "config-0004.env").read_text(encoding="utf-8")).substitute(values)
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return text


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with WebServer() as web, SlackServer() as slack, SmtpServer() as smtp:
        unpack(tmp_path / "data", feeds=web.url(""))
        text = configuration(
            FEEDS=web.url(""), SLACK=slack.url, SLACK_TOKEN=slack.token, WEBHOOK=slack.webhook, SMTP_PORT=str(smtp.port)
        )
        (tmp_path / "config.env").write_text(text, encoding="utf-8")
        slack.messages += ACCEPTED["slack"] + ACCEPTED["webhook"]
        slack._visible |= {post["ts"]: 0.0 for post in slack.messages}
        moved = Reply(status=301, headers={"Location": "/news/courier.xml"})
        web.serve("/courier.xml", moved)
        web.serve("/bulletin.xml", Reply(status=410))
        yield World(Bot(tmp_path), web, slack, smtp)


def test_what_an_older_release_left_is_shown(world: World):
    """Editions, deliveries in every state and feeds in trouble; nothing is sent by looking."""
    before = world.sent()
    shown = world.bot("status", "--json")
    assert shown.returncode == 0, shown.stderr
    status = json.loads(shown.stdout)
    [digest] = status["digests"]
    assert [(edition["edition"][-2:], edition["state"]) for edition in digest["editions"]] == [
        ("27", "ready"),
        ("26", "done"),
        ("25", "done"),
    ]
    assert digest["deliveries"] == {
        "pending": 3, "sending": 2, "sent": 9, "failed": 2, "unknown": 1, "expired": 1, "cancelled": 1,
    }  # fmt: skip
    health = {feed["name"]: feed["health"] for feed in status["feeds"]}
    assert health["bulletin"] == "gone"
    assert health["dispatch"] == "failing since 2026-05-24: not found (404)"
    assert world.sent() == before


def test_a_half_sent_edition_is_finished_and_nothing_is_sent_twice(world: World):
    """What Slack had accepted is found by its key, b gets the identical mail again, and each of the rest its own."""
    before = world.sent()
    first = world.run("2026-05-27")
    assert first.returncode == 0, first.stderr
    assert world.sent() == before | {"webhook": before["webhook"] + 1, "mail": 2, "file": 1}
    [claimed] = [post for post in ACCEPTED["slack"] if post["metadata"]["event_payload"]["key"].startswith("0c4fec7c")]
    rows = {str(row.recipient): row for row in world.deliveries() if row.edition.day == 27}
    assert {row.state for row in rows.values()} == {DeliveryState.SENT}
    assert rows["slack:#chips"].remote_id == f"C0CHIPS000/{claimed['ts']}"
    [again] = [mail for mail in ACCEPTED["mail"] if mail["recipient"] == "b@example.com"]
    mails = {mail.recipient: hashlib.sha256(mail.data).hexdigest() for mail in world.smtp.messages}
    assert mails.keys() == {"b@example.com", "slow@example.com"}
    assert mails["b@example.com"] == again["sha256"]
    others = [row for row in world.deliveries() if row.edition.day != 27]
    assert [(row.attempts, str(row.state)) for row in others if row.state is not DeliveryState.SENT] == [
        (3, "expired"), (2, "unknown"), (1, "failed"), (1, "failed"), (3, "cancelled"),
    ]  # fmt: skip
    after = world.sent()
    second = world.run("2026-05-27")
    assert second.returncode == 0, second.stderr
    assert "nothing is sent again" in second.stdout
    assert world.sent() == after


def test_the_next_day_continues_the_stories_of_the_days_before(world: World):
    """The fourth day of a story is its fourth; no item returns; a feed that moved for three days is read at its new address."""
    world.run("2026-05-27")
    before = world.sent()
    next_day = world.run("2026-05-28")
    assert next_day.returncode == 0, next_day.stderr
    assert world.sent() == {
        name: count + {"slack": 2, "webhook": 1, "mail": 3, "file": 1}[name] for name, count in before.items()
    }
    digest = world.bot.digest("2026-05-28")
    days = {entry["title"]: entry["day"] for section in digest["sections"] for entry in section["stories"]}
    assert days["Insurers dispute the bill for the Kestrel Bay foundry flood"] == 4
    assert days["Northport opens a school for photomask makers"] == 1
    assert digest["since"] == "2026-05-26T23:30:00+00:00"
    shown = {item["id"] for section in digest["sections"] for entry in section["stories"] for item in entry["items"]}
    with closing(open_store(world.bot.data)) as store:
        state = store.items.states()["courier"]
        [edition, *_] = store.editions.history("morning")
        assert {
            item.first_seen.day for identity in shown for item in store.items.find(identity) if item.first_seen
        } == {27}
    assert edition.state is EditionState.DONE
    assert state.url == world.web.url("/news/courier.xml")
    assert [request.path for request in world.web.requests].count("/courier.xml") == 1


def test_the_keys_of_an_older_release_are_those_of_today(world: World):
    """Computed anew from digest, edition, recipient and installation, whatever the channel is called now."""
    made = channels(load(world.bot.folder / "config.env", {}, folder=world.bot.folder))
    with closing(open_store(world.bot.data)) as store:
        rows, installation_id = store.outbox.all(), store.installation_id()
    compared = []
    for row in rows:
        # A folder's key holds its whole path, which the old database is without.
        if row.recipient.channel == "file":
            continue
        of = message(name=row.digest, day=row.edition)
        [today] = freeze(
            of,
            [row.recipient],
            made,
            now=datetime.now(UTC),
            installation_id=installation_id,
            key_schemes=CHANNELS.key_schemes,
        )
        compared.append((row.key, today.key))
    assert len(compared) == 16
    assert [old for old, _ in compared] == [new for _, new in compared]
    assert sum(row.recipient == recipients(HOOK)[0] for row in rows) == 3


def test_a_renamed_scheme_keeps_its_word_in_keys():
    """A message that was posted through `webhook:desk` is known to `slack-webhook:desk`."""
    old, new = (
        freeze(message(), recipients(f"{name}:desk"), {}, now=datetime.now(UTC), key_schemes=CHANNELS.key_schemes)[
            0
        ].key
        for name in ("webhook", "slack-webhook")
    )
    assert old == new
