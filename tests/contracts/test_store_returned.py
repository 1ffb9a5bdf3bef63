"""What every store promises about returned mails, on every database."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

from builders import NOON

from digestbot.model import Delivery, Edition, EditionDate, Recipient, ReturnedMail, ReturnKind
from digestbot.store import Stores

TODAY = NOON.date()
KEY = "00112233445566778899aabbccddeeff"


def event(name: str = "mail-1-0", *, at: datetime = NOON, **changes: object) -> ReturnedMail:
    made = ReturnedMail(
        id=name,
        kind=ReturnKind.HARD,
        at=at,
        source="mailbox",
        address="Reader@lost.example",
        key=KEY,
        code="5.1.1",
        reason="no",
        proven=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def deliver(store: Stores, *, key: str = f"{KEY}-0", day: date = TODAY) -> None:
    edition = store.editions.claim(Edition(digest="morning", date=day, since=NOON - timedelta(days=1), until=NOON))
    to = Recipient(channel="mailto", address="reader@lost.example")
    store.editions.publish(
        edition, "{}", [Delivery(digest="morning", edition=day, recipient=to, key=key, payload=b"x")], used=[]
    )


def test_what_came_back_is_kept_once_with_what_was_sent(store: Stores):
    """The delivery's recipient, digest and edition are filled in; read again, nothing is added or changed."""
    deliver(store)
    first = event()
    assert store.returned.keep([first, first, event("mail-2-0", kind=ReturnKind.UNRELATED)], now=NOON) == 1
    assert store.returned.keep([replace(first, kind=ReturnKind.SOFT, reason="other")], now=NOON) == 0
    assert store.returned.keep([], now=NOON) == 0
    kept = replace(first, recipient="reader@lost.example", digest="morning", edition=NOON.date())
    assert store.returned.open(limit=9) == (kept,)
    assert store.returned.of_address("READER@Lost.example") == (kept,)


def test_the_edition_keeps_its_time_of_day(store: Stores):
    """One of several a day is told from the others."""
    name = EditionDate(2026, 5, 27, NOON.time())
    deliver(store, day=name)
    store.returned.keep([event()], now=NOON)
    [kept] = store.returned.open(limit=1)
    assert kept.edition == name
    assert isinstance(kept.edition, EditionDate)


def test_a_token_of_a_delivery_that_is_not_there_proves_nothing(store: Stores):
    """Of another installation with the same secret, or one that was pruned. A provider's signature proves the address itself."""
    store.returned.keep([event(), event("ses-1", source="ses"), event("ses-2", source="ses", key="")], now=NOON)
    assert {one.id: one.proven for one in store.returned.open(limit=9)} == {
        "mail-1-0": False,
        "ses-1": True,
        "ses-2": True,
    }


def test_an_address_is_found_however_it_is_written(store: Stores):
    """That of the delivery, not the one behind it that a report names; oldest first."""
    deliver(store)
    store.returned.keep(
        [event("b", at=NOON), event("a", at=NOON - timedelta(days=1), address="behind@inner.example")], now=NOON
    )
    store.returned.keep([event("c", key="", source="ses", address="x@bücher.example")], now=NOON)
    assert [one.id for one in store.returned.of_address("reader@LOST.example")] == ["a", "b"]
    assert store.returned.of_address("behind@inner.example") == ()
    assert [one.id for one in store.returned.of_address("X@xn--bcher-kva.example")] == ["c"]
    assert store.returned.of_address("") == ()


def test_what_was_settled_is_not_open_any_more(store: Stores):
    """Oldest first, as many as are asked for; read or told again it stays settled."""
    many = [event(f"mail-{number:04}-0", at=NOON - timedelta(minutes=number)) for number in range(700)]
    assert store.returned.keep(many, now=NOON) == 700
    assert [one.id for one in store.returned.open(limit=2)] == ["mail-0699-0", "mail-0698-0"]
    store.returned.settle([one.id for one in many[1:]])
    store.returned.settle([])
    store.returned.keep(many, now=NOON)
    assert [one.id for one in store.returned.open(limit=9)] == ["mail-0000-0"]


def test_what_an_operator_lifted_is_forgiven_and_still_known(store: Stores):
    """Nothing follows from it any more, and the same call again adds nothing; what comes later counts anew."""
    deliver(store)
    store.returned.keep([event("a"), event("b")], now=NOON)
    assert store.returned.forgive("READER@lost.example") == 2
    assert store.returned.forgive("reader@lost.example") == store.returned.forgive("other@lost.example") == 0
    assert store.returned.keep([event("a"), event("c")], now=NOON) == 1
    assert [(one.id, one.proven) for one in store.returned.of_address("reader@lost.example")] == [
        ("a", False),
        ("b", False),
        ("c", True),
    ]


def test_an_address_can_be_forgotten(store: Stores):
    """All of it goes, and nobody else's."""
    store.returned.keep([event("a", source="ses"), event("b", source="ses", address="other@lost.example")], now=NOON)
    assert store.returned.forget("reader@LOST.example") == 1
    assert [one.id for one in store.returned.open(limit=9)] == ["b"]


def test_old_ones_can_be_deleted(store: Stores):
    """By when they were said, which is never after they were read."""
    store.returned.keep(
        [event("old", at=NOON - timedelta(days=100)), event("new", at=NOON + timedelta(days=900))], now=NOON
    )
    assert store.returned.prune(before=NOON - timedelta(days=90)) == 1
    assert [(one.id, one.at) for one in store.returned.open(limit=9)] == [("new", NOON)]


def test_any_text_of_a_stranger_can_be_kept(store: Stores):
    """What no database takes is left out."""
    for _ in range(2):
        store.returned.keep([event("n\0ul", reason="\ud800\0x", address="\ud800@x", key="", source="ses")], now=NOON)
    assert [one.reason for one in store.returned.open(limit=9)] == ["x"]


def test_two_processes_that_read_one_mailbox_keep_each_mail_once(place):
    """Whoever is second adds nothing, and says so."""
    together, counts = threading.Barrier(2), []

    def read() -> None:
        store = place.open()
        together.wait(30)
        counts.append(store.returned.keep([event(f"mail-{number}-0") for number in range(50)], now=NOON))
        store.close()

    place.open().close()
    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    store = place.open()
    assert sum(counts) == 50
    assert len(store.returned.open(limit=100)) == 50
    store.close()


def test_what_is_no_address_is_kept_and_found_by_nobody(store: Stores):
    """A provider's garbage is settled like the rest; another garbage is not taken for it, and neither is nothing."""
    for number, text in enumerate(("no address", "", "a@\ud800", "@")):
        store.returned.keep([event(f"ses-{number}", source="ses", key="", address=text)], now=NOON)
    assert len(store.returned.open(limit=9)) == 4
    for text in ("no address", "", "other"):
        assert store.returned.of_address(text) == ()
        assert (store.returned.forgive(text), store.returned.forget(text)) == (0, 0)
