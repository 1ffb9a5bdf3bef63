"""Feeds at the operator's pages: how they are, trying one, adding one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from admin_site import words
from editor_site import TEXT, EditorSite, editor_site
from newsroom import rss
from running_site import NOON
from servers.web import WebServer

from digestbot.model import FeedState
from digestbot.web.admin import feed_pages

FEEDS, ADD = "/admin/feeds", "/admin/feeds/add"
NEWS = ("Lock opens", "The lock opened.", "Wed, 27 May 2026 02:00:00 +0000")


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        server.serve("/main", rss(NEWS).encode())
        yield server


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EditorSite]:
    with editor_site(tmp_path, f"{TEXT}DIGESTBOT_FETCH__ALLOW_PRIVATE=127.0.0.0/8\n") as site:
        yield site


def added(desk: EditorSite, address: str, **fields: str) -> dict[str, str]:
    """The form that adds what was found."""
    return {"do": "add", "address": address, "kind": "feed", "mark": desk.mark(FEEDS), **fields}


def test_each_feed_tells_how_it_is(desk: EditorSite):
    """Its health, its last success, when it is asked next and why it failed, in words; no password."""
    desk.site.store.items.save(
        FeedState(
            name="ledger",
            url="./ledger.xml",
            checked=NOON - timedelta(minutes=5),
            succeeded=NOON - timedelta(days=2),
            failing_since=NOON - timedelta(days=1),
            failures=4,
            error="https://me:s3cret@ledger.example answered 503",
            due=NOON + timedelta(hours=3),
        ),
        (),
        now=NOON,
    )
    shown = words(desk.get(FEEDS))
    assert "failing since Tue 26 May 12:00, 4 times" in shown
    assert "Last success Mon 25 May 12:00" in shown
    assert "Next ask Wed 27 May 15:00" in shown
    assert "ledger.example answered 503" in shown
    assert "s3cret" not in desk.get(FEEDS).body


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, "never read"),
        (
            {"gone": True, "failures": 1, "succeeded": NOON},
            "gone: its server says so for good, so it is not asked any more",
        ),
        ({"succeeded": NOON, "url": "https://new.example/feed"}, "moved: now read at https://new.example/feed"),
        ({"succeeded": NOON}, "ok"),
    ],
)
def test_a_state_is_told_in_words(desk: EditorSite, state: dict[str, object], said: str):
    """Whatever state a feed is in, somebody who never read our code knows what it means."""
    made = replace(FeedState(name="gazette", url=str(desk.path.parent / "gazette.xml")), **state)  # type: ignore[arg-type]
    desk.site.store.items.save(made, (), now=NOON)
    assert said in words(desk.get(FEEDS))


def test_many_feeds_come_in_pages_those_in_trouble_first(desk: EditorSite, monkeypatch: pytest.MonkeyPatch):
    """A page of so many, by name; those that want something done have a page of their own."""
    monkeypatch.setattr(feed_pages, "A_PAGE", 1)
    first = desk.get(FEEDS)
    assert "ledger" not in words(first).partition("Add a feed")[0]
    assert 'href="/admin/feeds?after=gazette"' in first.body
    assert "ledger" in words(desk.get(f"{FEEDS}?after=gazette"))
    state = FeedState(name="ledger", url="./ledger.xml", failures=1, error="timed out")
    desk.site.store.items.save(state, (), now=NOON)
    trouble = words(desk.get(f"{FEEDS}?show=trouble"))
    assert "timed out" in trouble
    assert "gazette" not in trouble


def test_a_try_shows_what_is_read_now_and_keeps_nothing(desk: EditorSite):
    """The newest items of the feed as it answers at this moment; its state stays as it was."""
    (desk.path.parent / "ledger.xml").write_text(rss(NEWS))
    before = desk.site.store.items.states()
    told = words(desk.send(FEEDS, {"do": "try", "name": "ledger"}))
    assert "Lock opens" in told
    assert desk.site.store.items.states() == before
    assert desk.send(FEEDS, {"do": "try", "name": "nobody"}).status == 404


def test_a_site_leads_to_its_feed_and_its_line_is_shown_first(desk: EditorSite, web: WebServer):
    """What was found and what it has, the line that will be written; then it is written, used, recorded."""
    home = web.serve(
        "/", b'<link rel="alternate" type="application/rss+xml" href="/main"><p>News', content_type="text/html"
    )
    found = desk.send(ADD, {"do": "find", "address": home, "mark": desk.mark(FEEDS)})
    assert "its page names this feed" in words(found)
    assert "Lock opens" in words(found)
    assert "DIGESTBOT_FEEDS__" in words(found)
    assert desk.path.read_text().startswith(TEXT)

    done = desk.send(ADD, added(desk, web.url("/main"), name="harbour"))
    assert done.headers["Location"] == f"{FEEDS}?told=added"
    assert f"GAZETTE=./gazette.xml\nDIGESTBOT_FEEDS__HARBOUR={web.url('/main')}\n" in desk.path.read_text()
    assert "harbour" in desk.site.context.loaded.settings.feeds
    assert "added the feed harbour" in words(desk.get("/admin/log"))


def test_what_cannot_be_read_is_told_and_not_offered(desk: EditorSite, web: WebServer):
    """Why, in words; no button that would add it."""
    told = desk.send(ADD, {"do": "find", "address": web.url("/missing"), "mark": desk.mark(FEEDS)})
    assert "404" in words(told)
    assert 'value="add"' not in told.body


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "is empty"),
        ("/etc/passwd", "is no address on the web"),
        ("file:///etc/passwd", "is no address on the web"),
        ("./ledger.xml", "is no address on the web"),
        ("javascript:alert(1)", "is no address on the web"),
        ("http://x.example/\x00", ""),
    ],
)
@pytest.mark.parametrize("do", ["find", "add"])
def test_only_addresses_on_the_web_are_taken(desk: EditorSite, do: str, address: str, said: str):
    """A browser reads no file of this machine by these pages, whoever sits at it."""
    told = desk.send(ADD, added(desk, address) | {"do": do})
    assert (told.status, said in words(told)) == (400, True)
    assert desk.path.read_text().startswith(TEXT)


def test_a_file_that_changed_meanwhile_is_not_overwritten(desk: EditorSite, web: WebServer):
    """Somebody added a line by hand between finding and adding."""
    given = added(desk, web.url("/main"))
    desk.path.write_text(f"{desk.path.read_text()}# mine\n")
    told = desk.send(ADD, given)
    assert (told.status, "changed" in words(told)) == (409, True)
    assert desk.path.read_text().endswith("# mine\n")


def test_where_nothing_can_be_written_the_line_is_shown(desk: EditorSite, web: WebServer):
    """To paste, in place of a button."""
    desk.path.chmod(0o440)
    found = desk.send(ADD, {"do": "find", "address": web.url("/main"), "mark": desk.mark(FEEDS)})
    assert "may not be written" in words(found)
    assert f"={web.url('/main')}" in words(found)
    assert 'value="add"' not in found.body


@pytest.mark.parametrize("path", [FEEDS, ADD])
def test_a_form_from_elsewhere_does_nothing(desk: EditorSite, web: WebServer, path: str):
    """No feed is asked and none is added for another site."""
    given = {"do": "find", "address": web.url("/main"), "name": "ledger"}
    assert desk.send(path, given, Origin="https://evil.example").status == 403
    assert not web.asked("/main")
