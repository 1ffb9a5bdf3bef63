"""Every decision about a feed, as a table: what was remembered and answered, and what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from digestbot.collect.feed_decisions import Decider, Fetch, Parse, ReadFile, Save, status_reason
from digestbot.collect.feeds import ParsedFeed
from digestbot.collect.politeness import remembered_state
from digestbot.collect.response import Response
from digestbot.errors import CollectError
from digestbot.model import Feed, FeedKind, FeedState, Item

NOON = datetime(2026, 5, 27, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOME, NEW = "https://harbour.example/feed", "https://new.example/feed"
FEED = Feed(url=HOME, name="harbour")
STATE = FeedState(
    name="harbour", url=HOME, configured_as=HOME, etag='"1"', last_modified="ever", body_hash="old", title="Harbour"
)
FERRY = Item(id="1", title="The ferry sails again", feed="harbour")
CRANE = Item(id="2", title="A crane has fallen", feed="harbour")
EMPTY = Item(id="3", title="", feed="harbour")
NOT_A_FEED = CollectError("not a feed")


def decider(state: FeedState = STATE, feed: Feed = FEED) -> Decider:
    return Decider(feed=feed, remembered=state, clock=NOON, interval=HOUR)


def answer(status: int = 200, body: bytes = b"", moved_to: str = "", **headers: str) -> Response:
    named: Mapping[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, url=HOME, headers=named, body=body, moved_to=moved_to)


def after(response: Response, state: FeedState = STATE, feed: Feed = FEED) -> Parse | Save:
    return decider(state, feed).after_response(Fetch(state=state), response)


def saved(intent: object) -> FeedState:
    assert isinstance(intent, Save)
    assert intent.feed == FEED
    return intent.state


def page(*links: str) -> bytes:
    named = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f"<html><head>{named}</head></html>".encode()


def lies_between(moment: datetime | None, hours: float) -> bool:
    """Whether a feed is due after so many hours, with the tenth by which feeds are spread."""
    return moment is not None and hours * HOUR <= moment - NOON <= 1.1 * hours * HOUR


@pytest.mark.parametrize(
    ("url", "intent"),
    [
        (HOME, Fetch),
        ("HTTP://harbour.example/feed", Fetch),
        ("./saved.xml", ReadFile),
        ("file:///saved.xml", ReadFile),
        ("http://[broken", Save),
    ],
)
def test_addresses_are_asked_and_files_are_read(url: str, intent: type) -> None:
    """http and https addresses are asked, everything else is a path; a broken address is a failure at once."""
    state = replace(STATE, url=url)
    started = decider(state, replace(FEED, url=url)).start()
    assert type(started) is intent
    if isinstance(started, Save):
        assert (started.state.error, started.state.failures) == ("not a web address", 1)
    else:
        assert started.state == state


@pytest.mark.parametrize(
    "elsewhere", ["/etc/passwd", "file:///etc/passwd", "http:/etc/passwd", "ht\ttp://new.example/", "config.env"]
)  # fmt: skip
def test_only_the_configured_address_may_be_a_file(elsewhere: str) -> None:
    """Neither a remembered address nor a redirect makes a file of a feed, and a file stays that file."""
    moved = decider(replace(STATE, url=elsewhere)).start()
    assert isinstance(moved, Save)
    assert moved.state.error == "not a web address"
    assert remembered_state(FEED, replace(STATE, url=elsewhere)).url == HOME

    counted = replace(STATE, moved_to=elsewhere, redirect_days=2, redirect_seen_on=NOON - DAY)
    assert after(answer(200, b"new", moved_to=elsewhere), counted).state.url == HOME

    saved_page = replace(FEED, url="./saved.xml")
    assert decider(replace(STATE, url=elsewhere), saved_page).start() == ReadFile(
        state=replace(STATE, url="./saved.xml")
    )


def test_a_closed_host_defers_its_feeds() -> None:
    """While a host is closed its feeds are put off until it opens: not asked, not failed, nothing else changed."""
    asked = Fetch(state=STATE)
    assert decider().before_request(asked, None) == asked
    until = NOON + HOUR
    assert decider().before_request(asked, until) == Save(
        feed=FEED, state=replace(STATE, due=until, fresh_until=until), deferred=True
    )


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "unexpected answer (400)"),
        (401, "asks for a password (401)"),
        (403, "access denied (403)"),
        (404, "not found (404)"),
        (410, "gone (410)"),
        (204, "unexpected answer (204)"),
        (301, "unexpected answer (301)"),
        (429, "rate-limited us (429)"),
        (499, "unexpected answer (499)"),
        (500, "server error (500)"),
        (503, "temporarily unavailable (503)"),
    ],
)
def test_every_other_status_is_a_failure(status: int, reason: str) -> None:
    """The state counts it, says why and backs off; what was known stays; 410 alone is for good."""
    failed = saved(after(answer(status)))
    assert failed.error == reason == status_reason(status)
    assert (failed.failures, failed.failing_since, failed.checked) == (1, NOON, NOON)
    assert failed.gone is (status == 410)
    assert lies_between(failed.due, 1)
    assert (failed.etag, failed.body_hash, failed.title, failed.url) == ('"1"', "old", "Harbour", HOME)


def test_failures_back_off() -> None:
    """The second failure waits twice as long, and since when a feed has failed is kept."""
    failing = replace(STATE, failures=1, failing_since=NOON - DAY)
    failed = saved(after(answer(500), failing))
    assert (failed.failures, failed.failing_since) == (2, NOON - DAY)
    assert lies_between(failed.due, 2)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["7200", format_datetime(NOON + 2 * HOUR)])
def test_retry_after_closes_the_host(status: int, value: str) -> None:
    """The feed is due at the very moment that the server names, and no feed of its host is asked before."""
    intent = after(answer(status, retry_after=value))
    assert isinstance(intent, Save)
    assert intent.host_closed_until == intent.state.due == NOON + 2 * HOUR
    assert intent.state.failures == 1


@pytest.mark.parametrize("status", [429, 503])
def test_without_retry_after_only_the_feed_waits(status: int) -> None:
    """Other feeds of the host are asked all the same."""
    intent = after(answer(status))
    assert isinstance(intent, Save)
    assert intent.host_closed_until is None


@pytest.mark.parametrize("status", [404, 410])
def test_a_moved_feed_that_is_gone_is_asked_at_the_configured_address(status: int) -> None:
    """Gone from where it had moved to (410 too) is a failure, but not for good: the given address is asked again."""
    failed = saved(after(answer(status), replace(STATE, url=NEW)))
    assert (failed.url, failed.gone, failed.failures) == (HOME, False, 1)
    assert lies_between(failed.due, 1)


def test_not_modified_is_a_success() -> None:
    """304 clears the failures, keeps the validators, has no items and is due after the interval."""
    intent = after(answer(304), replace(STATE, failures=3, failing_since=NOON - DAY, error="server error (500)"))
    state = saved(intent)
    assert isinstance(intent, Save)
    assert intent.items == ()
    assert (state.failures, state.failing_since, state.error) == (0, None, "")
    assert (state.checked, state.succeeded, state.etag, state.body_hash) == (NOON, NOON, '"1"', "old")
    assert lies_between(state.due, 1)


def test_not_modified_says_nothing_to_whom_did_not_ask_for_changes() -> None:
    """Without a validator the request was for the whole feed: a 304 to it holds nothing, the first time and later."""
    for known in (replace(STATE, etag="", last_modified="", body_hash=""), replace(STATE, etag="", last_modified="")):
        failed = saved(after(answer(304), known))
        assert failed.error.startswith("unexpected answer (304): it says that nothing has changed")
        assert (failed.failures, failed.succeeded, len(failed.error.splitlines())) == (1, None, 1)
    assert saved(after(answer(304), replace(STATE, etag=""))).error == ""  # a date is a validator too


@pytest.mark.parametrize("status", [200, 304])
def test_a_success_may_ask_for_a_longer_wait(status: int) -> None:
    """Freshness in the headers and the feed's own ttl count where they are longer than the interval."""
    known = saved(after(parse_of(b"x").response, saved_body(b"x")))  # an unchanged body is a success too
    assert lies_between(known.due, 1)
    state = replace(saved_body(b"x"), etag='"1"')
    assert lies_between(saved(after(answer(status, b"x", cache_control="max-age=10800"), state)).due, 3)
    assert lies_between(saved(after(answer(status, b"x"), replace(state, ttl=240))).due, 4)


def parse_of(body: bytes, state: FeedState = STATE, **headers: str) -> Parse:
    """What is to be parsed when this body comes."""
    intent = after(answer(200, body, **headers), state)
    assert isinstance(intent, Parse)
    return intent


def saved_body(body: bytes) -> FeedState:
    """The state after this body was parsed."""
    return saved(decider().after_parsing(parse_of(body), ParsedFeed(items=(FERRY,))))


def test_a_new_body_is_parsed() -> None:
    """Until it is, neither its hash nor its validators are kept."""
    response = answer(200, b"new", etag='"2"')
    assert after(response) == Parse(state=STATE, response=response)


def test_an_unchanged_body_is_not_parsed_again() -> None:
    """The same bytes are a success without items, with the validators that came with them."""
    intent = after(answer(200, b"same", etag='"2"'), saved_body(b"same"))
    assert isinstance(intent, Save)
    assert (intent.items, intent.state.etag, intent.state.succeeded) == ((), '"2"', NOON)


@pytest.mark.parametrize("status", [200, 304])
def test_the_third_day_of_a_permanent_redirect_moves_a_feed(status: int) -> None:
    """Days are counted on successes, and the move keeps the configured address known."""
    counted = replace(STATE, moved_to=NEW, redirect_days=2, redirect_seen_on=NOON - DAY)
    intent = after(answer(status, b"new", moved_to=NEW), counted)
    assert isinstance(intent, Save | Parse)
    assert (intent.state.url, intent.state.configured_as) == (NEW, HOME)
    first = after(answer(status, b"new", moved_to=NEW))
    assert isinstance(first, Save | Parse)
    assert (first.state.url, first.state.redirect_days) == (HOME, 1)


def test_parsed_items_are_saved_once_each() -> None:
    """Items without a title, and doubles, are left out; validators, hash, title and ttl are kept."""
    intent = decider().after_parsing(
        parse_of(b"new", etag='"2"', last_modified="now"),
        ParsedFeed(items=(FERRY, EMPTY, CRANE, FERRY), title="Harbour Post", ttl=30),
    )
    assert isinstance(intent, Save)
    assert intent.items == (FERRY, CRANE)
    state = intent.state
    assert (state.etag, state.last_modified, state.title, state.ttl) == ('"2"', "now", "Harbour Post", 30)
    assert state.body_hash not in ("", "old")
    assert lies_between(state.due, 1)


def test_a_feed_without_a_title_keeps_the_last_one() -> None:
    """And validators that did not come this time are forgotten."""
    state = saved(decider().after_parsing(parse_of(b"new"), ParsedFeed(items=(FERRY,))))
    assert (state.title, state.etag, state.last_modified) == ("Harbour", "", "")


def test_a_body_cut_on_its_way_is_asked_for_again() -> None:
    """Its items count; of its validators and hash nothing is kept."""
    cut = ParsedFeed(items=(FERRY,), whole=False)
    intent = decider().after_parsing(parse_of(b"cut", etag='"2"'), cut)
    assert isinstance(intent, Save)
    assert intent.items == (FERRY,)
    assert (intent.state.etag, intent.state.body_hash, intent.state.error) == ('"1"', "old", "")


def test_items_without_anything_are_a_broken_feed() -> None:
    """When no item has a title or link the feed has failed; a feed without any item has not."""
    broken = saved(decider().after_parsing(parse_of(b"new"), ParsedFeed(items=(EMPTY, EMPTY))))
    assert (broken.error, broken.etag) == ("broken feed: no item has a title or link", '"1"')
    assert saved(decider().after_parsing(parse_of(b"new"), ParsedFeed())).error == ""


def test_what_cannot_be_parsed_has_failed() -> None:
    """The failure is added to what was remembered: redirect days and validators of this answer do not count."""
    asked = after(answer(200, b"x", moved_to=NEW, etag='"2"'))
    assert isinstance(asked, Parse)
    state = saved(decider().after_parse_error(asked, NOT_A_FEED))
    assert (state.error, state.failures, state.redirect_days, state.etag) == ("not a feed", 1, 0, '"1"')


def test_a_page_that_names_one_feed_leads_to_it() -> None:
    """The feed is asked instead, at once and without the validators of the page."""
    intent = decider().after_parse_error(parse_of(page("/atom.xml")), NOT_A_FEED)
    assert isinstance(intent, Fetch)
    assert intent.state.url == "https://harbour.example/atom.xml"
    assert (intent.state.etag, intent.state.last_modified, intent.state.body_hash) == ("", "", "")
    assert intent.state.configured_as == HOME


@pytest.mark.parametrize(
    ("body", "feed", "url"),
    [
        (page(), FEED, HOME),
        (page("/a.xml", "/b.xml"), FEED, HOME),
        (page("/a.xml"), replace(FEED, kind=FeedKind.PAGE), HOME),
        (page("/a.xml"), FEED, NEW),
        (page("/a.xml"), replace(FEED, url="./saved.html"), "./saved.html"),
    ],
    ids=["none", "several", "a page was wanted", "not the configured address", "a file"],
)
def test_nothing_else_leads_on(body: bytes, feed: Feed, url: str) -> None:
    """No or several named feeds, a source that is a page, a second step and a file are failures."""
    state = replace(STATE, url=url)
    intent = decider(state, feed).after_parse_error(Parse(state=state, response=answer(200, body)), NOT_A_FEED)
    assert isinstance(intent, Save)
    assert intent.state.error == "not a feed"
    assert intent.state.url == url


def test_a_file_is_never_waited_for() -> None:
    """Read or failed, a file is due in the next poll."""
    state, feed = replace(STATE, url="./saved.xml"), replace(FEED, url="./saved.xml")
    asked = decider(state, feed).after_response(ReadFile(state=state), Response(status=200, url="", body=b"x"))
    assert isinstance(asked, Parse)
    read = decider(state, feed).after_parsing(asked, ParsedFeed(items=(FERRY,)))
    assert isinstance(read, Save)
    assert (read.state.due, read.items) == (None, (FERRY,))
    failed = decider(state, feed).failed(CollectError("no such file: saved.xml"))
    assert (failed.state.due, failed.state.failures) == (None, 1)
