"""Processes killed with SIGKILL while answers are lost and limits reached: nothing twice, nothing lost, the rest is unknown."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from channel_contract import POINTS, Found, find_contracts, start
from delivering import DAY, message, recipients
from servers.ntfy import Fault, NtfyServer

from digestbot.deliver import freeze
from digestbot.model import Edition
from digestbot.store import open_store

TOPICS, EDITIONS, LIVES = 12, 2, 80
FAULTS = (
    Fault(drop="before"),
    Fault(drop="after"),
    Fault(truncate=True),
    Fault(status=502),
    Fault(code=42901, headers={"Retry-After": "0.05"}),
)


def publish(found: Found, where: str, data: Path, edition: int, topics: list[str]) -> None:
    """Freeze an edition for every topic in a real ledger."""
    of, now = message(day=DAY + timedelta(days=edition)), datetime.now(UTC)
    channel = found.contract.open(where, data)
    store = open_store(data)
    claimed = store.editions.claim(Edition(digest="morning", date=of.digest.edition, since=now, until=now))
    rows = freeze(of, recipients(*(f"ntfy:{topic}" for topic in topics)), {"ntfy": channel}, now=now)
    store.editions.publish(claimed, of.json, rows, used=())
    store.close()


def test_kills_lost_answers_and_limits(tmp_path: Path, record_property: Callable[[str, object], None]):
    """Where the cache may be read every topic gets each edition once; where not, at most once, and what is open is unknown."""
    found = next(one for one in find_contracts() if str(one) == "ntfy-ntfy")
    dice, kills, faults = random.Random(7), 0, 0
    lives: list[BaseProcess] = []
    topics = [f"topic-{number}" for number in range(TOPICS)]
    blind = set(topics[::2])

    def maybe_kill(_message: object) -> None:
        if lives and dice.random() < 0.2:
            with suppress(ProcessLookupError):
                os.kill(lives.pop().pid or 0, signal.SIGKILL)

    token = found.contract.secrets[0]
    with NtfyServer(token=token, access=dict.fromkeys(blind, "write"), on_accept=maybe_kill) as server:
        for edition in range(EDITIONS):
            publish(found, server.url, tmp_path, edition, topics)
            for _ in range(LIVES):
                planned = [dice.choice(FAULTS) for _ in range(dice.randrange(4))]
                server.fail("publish", *planned)
                faults += len(planned)
                life = start(found, server.url, tmp_path, dice.choice([*POINTS, *[""] * 4]))
                lives[:] = [life]
                life.join()
                lives.clear()
                kills += life.exitcode == -signal.SIGKILL
                assert life.exitcode in (0, -signal.SIGKILL)
                if life.exitcode == 0:
                    break
        store = open_store(tmp_path)
        rows = store.outbox.all()
        store.close()
    copies = Counter(posted["sequence_id"] for posted in server.messages)
    twice = sum(copies[row.key] > 1 for row in rows)
    lost = sum(not copies[row.key] for row in rows if str(row.state) != "unknown")
    unknown = [row for row in rows if str(row.state) == "unknown"]
    figures = (
        f"{len(rows)} deliveries, {kills} kills, {faults} faults: {twice} twice, {lost} lost, {len(unknown)} unknown"
    )
    print(figures)  # noqa: T201 -- pytest -s shows it
    record_property("soak", figures)
    assert len(rows) == TOPICS * EDITIONS
    assert kills > 3
    assert (twice, lost) == (0, 0)
    assert {str(row.state) for row in rows} == {"sent", "unknown"}
    assert {row.recipient.address for row in unknown} <= blind
