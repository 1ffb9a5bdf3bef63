"""What readers set off, done after they were answered."""

from __future__ import annotations

import threading

import pytest

from digestbot.errors import PermanentFailure, StoreError, TemporaryFailure
from digestbot.web import reader_jobs
from digestbot.web.reader_jobs import MOST_WAITING, ReaderJobs


def test_jobs_are_done_one_after_another_in_their_order():
    """The order in which they came."""
    done: list[int] = []
    with ReaderJobs() as jobs:
        for number in range(50):
            jobs.put(lambda number=number: done.append(number))
        assert jobs.drain(10)
    assert done == list(range(50))


@pytest.mark.parametrize("error", [PermanentFailure("refused"), StoreError("away"), ZeroDivisionError()])
def test_a_job_that_fails_stops_no_other(error: Exception, caplog: pytest.LogCaptureFixture):
    """It is logged, and not tried again."""
    tried: list[str] = []

    def fails() -> None:
        tried.append("first")
        raise error

    with ReaderJobs() as jobs:
        jobs.put(fails)
        jobs.put(lambda: tried.append("second"))
        assert jobs.drain(10)
    assert tried == ["first", "second"]
    assert "reader" in caplog.text


def test_what_is_refused_for_now_is_tried_three_times_more(monkeypatch: pytest.MonkeyPatch):
    """Then it is given up; others have their turn meanwhile."""
    monkeypatch.setattr(reader_jobs, "_RETRY_SECONDS", (0.01, 0.01, 0.01))
    tries: list[int] = []
    given_up = threading.Event()

    def fails() -> None:
        tries.append(1)
        if len(tries) == 4:
            given_up.set()
        raise TemporaryFailure("greylisted")

    with ReaderJobs() as jobs:
        jobs.put(fails)
        assert given_up.wait(10)
    assert len(tries) == 4


def test_so_many_wait_at_most(caplog: pytest.LogCaptureFixture):
    """Whoever asks beyond that is dropped, and it is said: memory has an end."""
    hold = threading.Event()
    with ReaderJobs() as jobs:
        jobs.put(hold.wait)
        taken = sum(jobs.put(int) for _ in range(MOST_WAITING + 10))
        hold.set()
        assert jobs.drain(20)
    assert taken in (MOST_WAITING, MOST_WAITING - 1)  # the first may not have begun yet
    assert "dropped" in caplog.text
