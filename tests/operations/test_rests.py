"""Between two editions a round of `serve` asks the database little, and misses nothing for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from running_daemon import RunningDaemon
from sqlalchemy import event

from digestbot.model import DeliveryState, EditionState


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[RunningDaemon]:
    made = RunningDaemon(tmp_path, datetime(2026, 5, 27, 11, 59, tzinfo=UTC))
    yield made
    made.subject.close()
    made.store.close()


@contextmanager
def statements(daemon: RunningDaemon) -> Iterator[list[str]]:
    """What the database is asked meanwhile, but for the beginnings of transactions."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    engine = daemon.store.database._reader
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_an_idle_round_asks_a_handful_of_questions_and_writes_its_sign_of_life(daemon: RunningDaemon):
    """Nothing is asked of schedules, editions and finished deliveries that the last round has found out."""
    daemon.tick(minutes=2)
    daemon.tick(seconds=30)

    with statements(daemon) as asked:
        daemon.tick(seconds=30)

    assert len(asked) <= 7
    assert sum(not statement.startswith("SELECT") for statement in asked) == 1
    assert not [statement for statement in asked if "editions" in statement]


def test_a_digest_that_rests_is_made_at_its_next_hour(daemon: RunningDaemon):
    """Rest ends at the hour itself, not at the end of the minutes for which things are remembered."""
    daemon.tick(seconds=30)
    daemon.tick(seconds=29)
    assert daemon.states() == {}

    daemon.tick(seconds=1)

    assert daemon.states() == {"2026-05-27": "done"}


def test_another_hour_in_the_configuration_ends_the_rest(daemon: RunningDaemon):
    """An edition that a new AT makes due is made in the next round."""
    daemon.tick()
    daemon.configure("DIGESTS__MORNING__AT=11:58")

    daemon.tick(seconds=10)
    daemon.configure("DIGESTS__MORNING__AT=11:59")
    daemon.tick(seconds=10)
    daemon.configure("DIGESTS__MORNING__AT=12:01")
    daemon.tick(minutes=2)

    assert daemon.states() == {"2026-05-27": "done"}


def test_a_delivery_that_is_open_again_is_seen_in_the_next_round(daemon: RunningDaemon):
    """What an operator sends again does not wait until the rest is over."""
    daemon.tick(minutes=1)
    daemon.tick(seconds=30)
    [row] = daemon.store.outbox.all()
    daemon.store.outbox.requeue(row, deadline=datetime(2026, 6, 1, tzinfo=UTC))

    daemon.tick(seconds=30)

    assert [one.state for one in daemon.store.outbox.all()] == [DeliveryState.SENT]


def test_what_another_process_changed_is_told_after_some_minutes(daemon: RunningDaemon):
    """A missed edition that this daemon did not record itself is an alert five minutes later, not never."""
    daemon.tick()
    daemon.store.editions.set_state("morning", date(2026, 5, 26), EditionState.MISSED)
    daemon.tick(seconds=30)
    assert daemon.store.alerts.open_alerts() == {}

    daemon.tick(minutes=5)

    assert "morning 2026-05-26" in daemon.store.alerts.open_alerts()


def test_whether_anything_is_open_is_read_from_the_index_of_open_rows(daemon: RunningDaemon):
    """Else a million finished rows are looked at in every round."""
    daemon.tick(minutes=1)
    with statements(daemon) as asked:
        daemon.store.outbox.is_open(digest="morning")
        daemon.store.outbox.count_open(digest="morning")

    with daemon.store.database.reading() as connection:
        for statement in asked:
            names = ("of", "digest_1", "param_1", "param_2")
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", dict.fromkeys(names, 1)).all()
            assert "ix_deliveries_open" in str(plan), plan
