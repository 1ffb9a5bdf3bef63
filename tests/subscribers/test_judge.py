"""What follows from returned mails: suppressed or not, and why in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import EditionDate, ReturnedMail, ReturnKind
from digestbot.subscribers.judge import reason_to_suppress

START = datetime(2026, 5, 1, 8, tzinfo=UTC)
FEW = 40 if settings.default is None or settings.default.max_examples <= 100 else 2000


def event(kind: ReturnKind, day: int = 0, **changes: object) -> ReturnedMail:
    at = START + timedelta(days=day)
    made = ReturnedMail(
        id=f"{kind}-{day}-{sorted(changes)}", kind=kind, at=at, source="mailbox", address="reader@lost.example",
        recipient="reader@lost.example", code="5.0.0", reason="no", proven=True, digest="morning", edition=at.date(),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def soft(*days: int, **changes: object) -> list[ReturnedMail]:
    return [event(ReturnKind.SOFT, day, **changes) for day in days]


@pytest.mark.parametrize(
    ("kind", "words"),
    [(ReturnKind.HARD, "no such mailbox: 5.1.1 User unknown"), (ReturnKind.COMPLAINT, "called a mail spam")],
)
def test_a_missing_mailbox_and_a_complaint_suppress_at_once(kind: ReturnKind, words: str):
    """One is enough, and the reason says what was said."""
    assert words in reason_to_suppress([event(kind, code="5.1.1", reason="User unknown")])
    assert reason_to_suppress([event(kind, proven=False)]) == ""


def test_three_editions_within_two_weeks_suppress():
    """Not two, not three mails of one edition, not three over more than two weeks; weekly ones reach over two weeks exactly."""
    assert reason_to_suppress(soft(0, 1)) == ""
    assert reason_to_suppress(soft(0, 1, 2)).startswith("3 editions within two weeks came back")
    assert reason_to_suppress(soft(0, 0, 1, 1)) == ""
    assert reason_to_suppress([event(ReturnKind.SOFT, 0, at=START + timedelta(hours=hour)) for hour in range(5)]) == ""
    assert reason_to_suppress(soft(0, 7, 14))
    assert reason_to_suppress(soft(0, 8, 16)) == ""
    assert reason_to_suppress(soft(0, 20, 25, 30)), "the last three are near each other"


def test_one_bad_evening_of_a_server_is_no_reason():
    """Three digests that come back on one day are three editions, and one failure."""
    evening = [event(ReturnKind.SOFT, 0, digest=name) for name in ("morning", "markets", "chips")]
    assert reason_to_suppress(evening) == ""
    assert reason_to_suppress([*evening, event(ReturnKind.SOFT, 1)])


def test_editions_of_several_times_a_day_are_different_ones():
    """Each has a name of its own."""
    times = [EditionDate(2026, 5, 1, time(7, 30)), EditionDate(2026, 5, 1, time(18)), date(2026, 5, 2)]
    assert reason_to_suppress([event(ReturnKind.SOFT, 0, edition=name) for name in times])


def test_where_a_provider_names_no_edition_those_of_a_day_are_one():
    """Their calls carry no key of ours: the day stands for it."""
    assert reason_to_suppress(soft(0, 0, 1, edition=None, digest="")) == ""
    assert reason_to_suppress(soft(0, 1, 2, edition=None, digest=""))


def test_a_full_mailbox_is_another_thing():
    """It suppresses nobody within two weeks, however many editions; after that it belongs to nobody."""
    full = [event(ReturnKind.FULL, day) for day in range(15)]
    assert reason_to_suppress(full) == ""
    assert reason_to_suppress([*full, *soft(1, 2)]) == ""
    assert reason_to_suppress([*full, event(ReturnKind.FULL, 15)]) == "the mailbox has been full for 15 days"
    assert reason_to_suppress([event(ReturnKind.FULL, 0), event(ReturnKind.FULL, 20)]) == ""


@settings(max_examples=FEW)
@given(
    st.lists(
        st.tuples(
            st.sampled_from((ReturnKind.POLICY, ReturnKind.DELAYED, ReturnKind.UNSUBSCRIBE, ReturnKind.UNRELATED)),
            st.integers(0, 90),
        ),
        max_size=30,
    )
)
def test_policy_and_delay_never_suppress(said: list[tuple[ReturnKind, int]]):
    """However often, over however long."""
    assert reason_to_suppress([event(kind, day) for kind, day in said]) == ""


@settings(max_examples=FEW)
@given(
    st.lists(st.tuples(st.sampled_from(ReturnKind), st.integers(0, 90)), max_size=12), st.randoms(use_true_random=False)
)
def test_the_order_in_which_they_are_read_does_not_matter(said: list[tuple[ReturnKind, int]], chance):
    """Mails come back in any order, and a mailbox is read in any."""
    events = [event(kind, day, proven=day % 5 > 0) for kind, day in said]
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert reason_to_suppress(shuffled) == reason_to_suppress(events)
    assert reason_to_suppress([replace(one, proven=False) for one in events]) == ""


def test_a_missing_mailbox_behind_the_address_is_soft():
    """A team's address hands on to many: one who left does not silence the others."""
    behind = {"address": "left@lost.example", "recipient": "team@lost.example"}
    assert reason_to_suppress([event(ReturnKind.HARD, 0, **behind)]) == ""
    assert reason_to_suppress([event(ReturnKind.HARD, day, **behind) for day in range(3)])
    assert reason_to_suppress([event(ReturnKind.HARD, 0, address="")]), "the token said whose it is"
    same = {"address": "Reader@XN--BCHER-KVA.example", "recipient": "reader@bücher.example"}
    assert reason_to_suppress([event(ReturnKind.HARD, 0, **same)])


def test_old_failures_are_forgotten():
    """A mailbox that was missing a year ago and has bounced softly once since is not suppressed for it."""
    assert reason_to_suppress([event(ReturnKind.HARD, 0), event(ReturnKind.SOFT, 365)]) == ""
