"""An edition before it goes, at the admin pages: how it looks, and what an operator says to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from admin_site import Browser, words
from archived import digest, entry, publish
from builders import NOON, item
from running_site import RunningSite, running

from digestbot.model import ChoiceKind, FeedState
from digestbot.web.admin import previews

HERE = "/admin/editions/morning"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    settings = {"DIGESTS__MORNING__TIMEZONE": "UTC", "DIGESTS__MORNING__TITLE": "Morning <news>"}
    with running(tmp_path, **settings) as made:
        stored = [
            item(
                "Chips are scarce in Veldhaven", text="A fire halted the line on Wednesday, the foundry said.", hours=1
            ),
            item("Harbour dredging begins", text="The harbour is dredged for nine days, the council said.", hours=2),
            item("Tea <b>prices</b> climb", hours=3, url="javascript:alert(1)"),
        ]
        made.store.items.save(FeedState(name="gazette", url="./gazette.xml"), stored, now=NOON)
        yield made


@pytest.fixture
def browser(site: RunningSite) -> Browser:
    return Browser(site)


def say(browser: Browser, do: str, title: str, topic: str = "") -> str:
    """Press a button of a story; what the page says after it."""
    page = browser.get(HERE).body
    form = next(one for one in page.split("<form")[1:] if f'value="{title}"' in one)
    items = re.findall(r'name="item\[\]" value="([^"]+)"', form)
    assert items
    fields = [("do", do), ("title", title), ("topic", topic), *(("item[]", one) for one in items)]
    answer = browser.send(HERE, fields)
    assert answer.status == 303
    return words(browser.get(answer.headers["Location"]))


def test_the_next_edition_is_shown_before_it_goes(browser: Browser):
    """Its stories under their topics, when it goes, and each of its forms; nothing of it is made or used up."""
    page = words(browser.get(HERE))
    assert {"Chips are scarce in Veldhaven", "Harbour dredging begins", "2026-05-27"} <= {
        one for one in ("Chips are scarce in Veldhaven", "Harbour dredging begins", "2026-05-27") if one in page
    }
    mail = browser.get(f"{HERE}/mail")
    assert "Veldhaven" in mail.body
    assert "default-src 'none'" in mail.headers["Content-Security-Policy"]
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert "script" not in mail.headers["Content-Security-Policy"]
    assert "Veldhaven" in browser.get(f"{HERE}/as/slack").body
    assert "Veldhaven" in words(browser.get(f"{HERE}/as/text"))
    framing = browser.get(f"{HERE}/as/email")
    assert "frame-src 'self'" in framing.headers["Content-Security-Policy"]
    assert "frame-src" not in browser.get(HERE).headers["Content-Security-Policy"]
    assert browser.site.store.editions.history("morning") == ()


def test_what_feeds_wrote_stays_text(browser: Browser):
    """No markup of theirs, no link but to web pages."""
    page = browser.get(HERE).body
    assert "<b>prices" not in page
    assert "javascript:" not in page


def test_a_story_is_muted_and_comes_back(browser: Browser):
    """The page tells the edition as it would go now; who did it and when stands in the log."""
    page = say(browser, "mute", "Chips are scarce in Veldhaven")
    assert "The story is muted" in page
    assert "Chips are scarce" not in page.partition("What it tells")[2]
    assert "muted by operator" in page
    log = words(browser.get("/admin/log"))
    assert "operator muted a story of morning: Chips are scarce in Veldhaven" in log
    (choice,) = browser.site.store.choices.of("morning")
    answer = browser.send(HERE, {"do": "back", "number": str(choice.number)})
    page = words(browser.get(answer.headers["Location"]))
    assert "Chips are scarce" in page.partition("What it tells")[2]
    assert "took back that a story of morning was muted" in words(browser.get("/admin/log"))


def test_a_story_is_pinned_and_moved(browser: Browser):
    """First of all; under the topic that was chosen, and no other than the digest has."""
    page = say(browser, "pin", "Harbour dredging begins").partition("What it tells")[2]
    assert page.index("Harbour dredging begins") < page.index("Chips are scarce")
    say(browser, "move", "Harbour dredging begins", topic="chips")
    (moved,) = [one for one in browser.site.store.choices.of("morning") if one.kind is ChoiceKind.MOVE]
    assert moved.topic == "chips"
    assert "Nothing was changed" in say(browser, "move", "Chips are scarce in Veldhaven", topic="nowhere")


@pytest.mark.parametrize("do", ["mute", "pin", "move"])
def test_an_item_that_is_not_in_the_edition_is_not_decided_about(browser: Browser, do: str):
    """Nothing is kept of it, and the page says so."""
    answer = browser.send(HERE, {"do": do, "title": "x", "topic": "chips", "item[]": "0000000000000000"})
    assert "Nothing was changed" in words(browser.get(answer.headers["Location"]))
    assert browser.site.store.choices.of("morning") == ()
    assert browser.site.store.changes.page() == ()


def test_an_edition_is_held_released_and_sent_at_once(browser: Browser):
    """Each is an order that serve reads, in the place of the one before; each stands in the log."""
    store = browser.site.store
    for do, kind in (("hold", ChoiceKind.HOLD), ("now", ChoiceKind.NOW)):
        browser.send(HERE, {"do": do})
        assert store.choices.orders()["morning"].kind is kind
        assert {"hold": "held, by operator", "now": "to go at once, by operator"}[do] in words(browser.get("/admin"))
    browser.send(HERE, {"do": "release"})
    assert store.choices.orders() == {}
    assert [one.deed.split()[0] for one in store.changes.page()] == ["released", "had", "held"]


def test_what_was_made_cannot_go_at_once_again(browser: Browser):
    """The edition of today went: the page says so, and orders nothing."""
    publish(browser.site.store, digest(entry("Old news", "It was said."), until=NOON - timedelta(hours=2)))
    answer = browser.send(HERE, {"do": "now"})
    assert "was made already" in words(browser.get(answer.headers["Location"]))
    assert browser.site.store.choices.orders() == {}
    page = browser.get(HERE)
    assert 'value="now"' not in page.body
    assert "It cannot be sent at once: today's edition was made already" in words(page)


def test_a_test_is_of_the_edition_that_the_page_shows(browser: Browser):
    """Once today's went, that is tomorrow's."""
    publish(browser.site.store, digest(entry("Old news", "It was said."), until=NOON - timedelta(hours=2)))
    browser.send(HERE, {"do": "test", "to": "mailto:me@example.com"})
    browser.site.mails()
    assert "morning 2026-05-28: a test was sent" in words(browser.get("/admin/log"))


def test_a_test_is_sent_after_the_answer(browser: Browser):
    """To whoever is named, marked as a test; how it went stands in the log, and nothing is recorded as sent."""
    answer = browser.send(HERE, {"do": "test", "to": "mailto:me@example.com"})
    assert answer.status == 303
    [(to, mail)] = browser.site.mails()
    assert to == "me@example.com"
    assert mail["Subject"].startswith("[Test] ")
    assert "sent a test of morning" in words(browser.get("/admin/log"))
    assert browser.site.store.editions.digests() == frozenset()


@pytest.mark.parametrize(
    "to", ["", "me@example.com", "nowhere:me", "slack:#chips", "file:../elsewhere", "list:readers"]
)
def test_a_test_to_nobody_is_told(browser: Browser, to: str):
    """What is no recipient, or has a channel that is not set up: why, and nothing is sent."""
    answer = browser.send(HERE, {"do": "test", "to": to})
    assert answer.status == 400
    assert "--" not in words(answer), "nobody wrote an option"
    assert browser.site.mails() == []


def test_each_story_is_explained(browser: Browser):
    """By a link of its own: why it is grouped, placed and scored as it is; also of an edition that went."""
    page = browser.get(HERE).body
    links = re.findall(r'href="(/admin/explain/[^"]+)"', page)
    assert links
    assert "Place: shown" in words(browser.get(links[0]))
    assert browser.get("/admin/explain/morning?story=0000000000000000").status == 404
    assert browser.get("/admin/explain/nothing?story=x").status == 400


@pytest.mark.parametrize("path", ["/admin/editions/nothing", "/admin/editions/morning/as/fax", "/admin/editions/..%2f"])
def test_what_is_not_there_is_told(browser: Browser, path: str):
    """No digest and no form of that name: no traceback."""
    assert browser.get(path).status in (400, 404)


def test_reading_changes_nothing(browser: Browser):
    """A client that follows every link of these pages changes nothing."""
    before = browser.site.store.changes.page()
    seen, todo = set(), ["/admin"]
    while todo:
        path = todo.pop()
        seen.add(path)
        answer = browser.get(path)
        assert answer.status < 500, path
        todo += [one for one in answer.links() if one.startswith("/admin") and one not in seen and one not in todo]
    assert len(seen) > 8
    assert browser.site.store.changes.page() == before
    assert browser.site.store.choices.of("morning") == ()
    assert browser.site.store.choices.orders() == {}


def test_today_tells_what_is_broken(browser: Browser):
    """What the operator was alerted of, as long as it is so."""
    browser.site.store.alerts.record({"feed gazette": "it answers 404"}, forget=(), now=NOON)
    assert "feed gazette: it answers 404" in words(browser.get("/admin"))
    browser.site.store.alerts.record({}, forget=["feed gazette"], now=NOON)
    assert "feed gazette" not in words(browser.get("/admin"))


def test_a_look_is_kept_until_something_is_decided(browser: Browser, monkeypatch: pytest.MonkeyPatch):
    """A minute long: grouping a month of items takes seconds on a large desk. What somebody decides shows at once."""
    made: list[str] = []
    make = previews.next_edition

    def counting(spec: Any, *args: Any, **named: Any) -> Any:
        made.append(spec.name)
        return make(spec, *args, **named)

    monkeypatch.setattr(previews, "next_edition", counting)
    browser.get(HERE)
    browser.get(f"{HERE}/mail")
    assert len(made) == 1
    say(browser, "mute", "Chips are scarce in Veldhaven")
    assert len(made) == 2
    browser.site.later(minutes=2)
    browser.get(HERE)
    assert len(made) == 3
