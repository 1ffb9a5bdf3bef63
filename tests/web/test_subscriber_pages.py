"""Readers at the operator's pages: found, shown, and what an operator says of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from admin_site import words
from editor_site import EditorSite, editor_site
from running_site import NOON

from digestbot.model import Consent, Subscriber, Subscription, SubscriptionState
from digestbot.text.mail_addresses import mail_key
from digestbot.web.admin import subscriber_pages

HOME = "/admin/subscribers"
ACTIVE, PENDING = SubscriptionState.ACTIVE, SubscriptionState.PENDING


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EditorSite]:
    with editor_site(tmp_path) as site:
        for number, (address, state) in enumerate(
            [("ann@example.com", ACTIVE), ("bob@example.org", ACTIVE), ("cat@example.com", PENDING)]
        ):
            one = Subscription(
                list="briefing",
                state=state,
                since=NOON - timedelta(days=number),
                consent=Consent.FORM,
                consented=NOON - timedelta(days=number) if state is ACTIVE else None,
            )
            person = Subscriber(address=address, key=mail_key(address))
            site.site.store.subscribers.enrol([(person, one)], lambda wanted, _: wanted)
        yield site


def number_of(desk: EditorSite, address: str) -> int:
    found = desk.site.store.subscribers.find(address)
    assert found is not None
    return found.subscriber.id


def state_of(desk: EditorSite, address: str) -> SubscriptionState:
    found = desk.site.store.subscribers.find(address)
    assert found is not None
    (one,) = found.subscriptions
    return one.state


def test_readers_are_listed_with_state_and_consent(desk: EditorSite):
    """How many are in which state, then each with how and when they consented."""
    shown = words(desk.get(HOME))
    assert "briefing : 1 pending, 2 active" in shown
    assert "ann@example.com briefing: active since Wed 27 May 12:00; by form, confirmed Wed 27 May 12:00" in shown
    assert "cat@example.com briefing: pending since Mon 25 May 12:00; by form, not confirmed" in shown


def test_they_come_in_pages_by_number(desk: EditorSite, monkeypatch: pytest.MonkeyPatch):
    """A page of so many and a link to the next; of a list and a state where they are chosen."""
    monkeypatch.setattr(subscriber_pages, "A_PAGE", 1)
    first = desk.get(f"{HOME}?list=briefing&state=active")
    after = number_of(desk, "ann@example.com")
    link = f"{HOME}?list=briefing&amp;state=active&amp;after={after}"
    assert f'href="{link}"' in first.body
    second = words(desk.get(link.replace("&amp;", "&")))
    assert ("bob@" in second, "ann@" in second) == (True, False)
    assert "cat@" not in second
    for odd in ("after=x", "after=-1", f"after={10**30}", "state=odd", "list=nobody"):
        assert desk.get(f"{HOME}?{odd}").status == 200


def test_they_are_found_by_a_part_of_their_address(desk: EditorSite, monkeypatch: pytest.MonkeyPatch):
    """By a form, so that no address stands in the address of a page; the next page, too."""
    monkeypatch.setattr(subscriber_pages, "A_PAGE", 1)
    found = desk.send(HOME, {"do": "find", "q": "EXAMPLE.com"})
    assert ("ann@" in words(found), "bob@" in words(found)) == (True, False)
    after = number_of(desk, "ann@example.com")
    assert f'name="after" value="{after}"' in found.body
    more = words(desk.send(HOME, {"do": "find", "q": "example.com", "after": str(after)}))
    assert ("cat@" in more, "ann@" in more) == (True, False)
    assert "Nobody" in words(desk.send(HOME, {"do": "find", "q": "%"}))


def test_all_that_is_kept_of_a_reader_is_shown(desk: EditorSite):
    """On a page of their own."""
    number = number_of(desk, "ann@example.com")
    assert f'href="{HOME}/{number}"' in desk.get(HOME).body
    assert "compared as ann@example.com" in words(desk.get(f"{HOME}/{number}"))
    assert desk.get(f"{HOME}/999").status == 404
    assert desk.get(f"{HOME}/{10**30}").status == 404


def test_an_operator_pauses_and_ends_a_pause(desk: EditorSite):
    """For some weeks; who never confirmed cannot be paused, and it is said why."""
    path = f"{HOME}/{number_of(desk, 'ann@example.com')}"
    told = desk.send(path, {"do": "pause", "list": "briefing", "weeks": "2"})
    assert told.headers["Location"] == f"{path}?told=done"
    assert state_of(desk, "ann@example.com") is SubscriptionState.PAUSED
    assert "paused until Wed 10 Jun" in words(desk.get(path))
    desk.send(path, {"do": "resume", "list": "briefing"})
    assert state_of(desk, "ann@example.com") is ACTIVE

    pending = f"{HOME}/{number_of(desk, 'cat@example.com')}"
    assert (
        desk.send(pending, {"do": "pause", "list": "briefing", "weeks": "2"}).headers["Location"].endswith("told=not")
    )
    assert state_of(desk, "cat@example.com") is PENDING


@pytest.mark.parametrize("fields", [{"weeks": "0"}, {"weeks": "99"}, {"weeks": "x"}, {"list": "nobody", "weeks": "2"}])
def test_an_odd_pause_changes_nothing(desk: EditorSite, fields: dict[str, str]):
    """What the page does not offer."""
    path = f"{HOME}/{number_of(desk, 'ann@example.com')}"
    assert desk.send(path, {"do": "pause", "list": "briefing", **fields}).headers["Location"].endswith("told=not")
    assert state_of(desk, "ann@example.com") is ACTIVE


def test_an_operator_unsubscribes_somebody(desk: EditorSite):
    """As `subscribers remove`: it is kept that they left, and recorded who did it, by number."""
    number = number_of(desk, "ann@example.com")
    desk.send(f"{HOME}/{number}", {"do": "leave", "list": "briefing"})
    assert state_of(desk, "ann@example.com") is SubscriptionState.UNSUBSCRIBED
    log = words(desk.get("/admin/log"))
    assert f"unsubscribed from briefing subscriber {number}" in log
    assert "ann@" not in log


def test_an_operator_suppresses_an_address_and_lifts_it(desk: EditorSite):
    """With their reason; lifted, earlier mails that came back count no more."""
    path = f"{HOME}/{number_of(desk, 'bob@example.org')}"
    desk.send(path, {"do": "suppress", "reason": "asked by telephone"})
    assert "asked by telephone" in words(desk.get(path))
    assert "1 suppressed" in words(desk.get(HOME))
    assert desk.send(path, {"do": "suppress", "reason": "again"}).headers["Location"].endswith("told=not")
    desk.send(path, {"do": "lift"})
    assert not desk.site.store.suppressions.suppressed(["bob@example.org"])


def test_the_export_is_that_of_the_command(desk: EditorSite):
    """CSV with all that is kept, of a list or of all; recorded, and never kept by a browser."""
    answer = desk.send(f"{HOME}/export", {"list": "briefing"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="subscribers-2026-05-27.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(StringIO(answer.body)))
    assert [row["address"] for row in rows] == ["ann@example.com", "bob@example.org", "cat@example.com"]
    assert "exported the readers" in words(desk.get("/admin/log"))


def test_a_large_export_is_left_to_the_command(desk: EditorSite, monkeypatch: pytest.MonkeyPatch):
    """A page has half a minute: beyond its bound it names the command that has none."""
    monkeypatch.setattr(subscriber_pages, "MOST_EXPORTED", 2)
    told = desk.send(f"{HOME}/export", {})
    assert "digestbot subscribers export" in words(told)
    assert told.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("do", ["leave", "pause", "suppress", "lift"])
def test_a_form_from_elsewhere_does_nothing(desk: EditorSite, do: str):
    """No site of others unsubscribes our readers, and no link does."""
    path = f"{HOME}/{number_of(desk, 'ann@example.com')}"
    given = {"do": do, "list": "briefing", "weeks": "2", "reason": "x"}
    assert desk.send(path, given, Origin="https://evil.example").status == 403
    desk.get(f"{path}?do={do}&list=briefing&weeks=2")
    assert state_of(desk, "ann@example.com") is ACTIVE
    assert not desk.site.store.suppressions.count()
    assert desk.send(f"{HOME}/export", {}, Origin="https://evil.example").status == 403
    assert desk.get(f"{HOME}/export").status == 404
