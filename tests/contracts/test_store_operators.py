"""What every store promises about operators: their record, their sessions, their decisions."""

from __future__ import annotations

from datetime import timedelta

from builders import NOON

from digestbot.model import Change, Choice, ChoiceKind, Session
from digestbot.store import Stores

HOUR = timedelta(hours=1)


def test_the_record_is_read_newest_first_in_pages(store: Stores):
    """Each change with who, when and what; the next page begins before a number; old ones can be forgotten."""
    for number in range(5):
        at = NOON + number * HOUR
        store.changes.record(Change(at=at, who="ann", deed=f"deed {number}", subject="morning", detail="a\0line"))
    first = store.changes.page(limit=2)
    assert [one.deed for one in first] == ["deed 4", "deed 3"]
    assert [one.deed for one in store.changes.page(before=first[-1].number)] == ["deed 2", "deed 1", "deed 0"]
    assert (first[0].at, first[0].who, first[0].subject, first[0].detail) == (
        NOON + 4 * HOUR,
        "ann",
        "morning",
        "aline",
    )
    assert store.changes.forget(before=NOON + 2 * HOUR) == 2
    assert [one.deed for one in store.changes.page()] == ["deed 4", "deed 3", "deed 2"]


def test_a_session_is_known_until_it_ends(store: Stores):
    """By its key alone, not a moment longer than it lasts, and not after whoever has it signed out."""
    one = Session(key="k1", who="ann", until=NOON + HOUR)
    store.sessions.begin(one, now=NOON)
    store.sessions.begin(Session(key="k2", who="bob", until=NOON + 2 * HOUR), now=NOON)
    assert store.sessions.get("k1", now=NOON) == one
    assert store.sessions.get("k", now=NOON) is None
    assert store.sessions.get("k1", now=NOON + HOUR) is None
    store.sessions.end("k1")
    assert store.sessions.get("k1", now=NOON) is None
    assert store.sessions.get("k2", now=NOON) is not None
    store.sessions.begin(Session(key="k3", who="ann", until=NOON + 9 * HOUR), now=NOON + 3 * HOUR)
    assert store.sessions.get("k2", now=NOON) is None


def choice(kind: ChoiceKind, *items: str, digest: str = "morning", hours: int = 0, topic: str = "") -> Choice:
    return Choice(digest=digest, kind=kind, items=items, topic=topic, title="T", at=NOON + hours * HOUR, who="ann")


def test_decisions_are_kept_by_digest_in_their_order(store: Stores):
    """The same once more takes the place of the first; one can be taken back; another digest has its own."""
    store.choices.add(choice(ChoiceKind.MOVE, "a", "b", topic="chips"))
    store.choices.add(choice(ChoiceKind.MUTE, "a", "b"))
    store.choices.add(choice(ChoiceKind.MOVE, "a", "b", topic="ports"))
    store.choices.add(choice(ChoiceKind.PIN, "c", digest="evening"))
    found = store.choices.of("morning")
    assert [(one.kind, one.items, one.topic) for one in found] == [
        (ChoiceKind.MUTE, ("a", "b"), ""),
        (ChoiceKind.MOVE, ("a", "b"), "ports"),
    ]
    assert store.choices.take_back(found[0].number) == found[0]
    assert store.choices.take_back(found[0].number) is None
    assert store.choices.of("morning") == found[1:]


def test_an_order_stays_until_it_is_withdrawn(store: Stores):
    """However old it is; decisions about stories are forgotten. Of two the later one counts: held, or at once."""
    store.choices.add(choice(ChoiceKind.NOW))
    store.choices.add(choice(ChoiceKind.HOLD, hours=1))
    store.choices.add(choice(ChoiceKind.HOLD, digest="evening"))
    store.choices.add(choice(ChoiceKind.MUTE, "a"))
    assert store.choices.forget(before=NOON + 9 * HOUR) == 1
    orders = store.choices.orders()
    assert {digest: (one.kind, one.at) for digest, one in orders.items()} == {
        "morning": (ChoiceKind.HOLD, NOON + HOUR),
        "evening": (ChoiceKind.HOLD, NOON),
    }
    assert store.choices.withdraw("weekly") is None
    assert store.choices.withdraw("morning") == orders["morning"]
    assert store.choices.withdraw("morning") is None
    assert list(store.choices.orders()) == ["evening"]
    assert store.choices.of("morning") == ()
