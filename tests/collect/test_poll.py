"""Polls of real servers: who is asked, how, how often, and what becomes of failures."""

from __future__ import annotations

import gzip
import itertools
import threading
import time
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from memory_items import MemoryItems
from samples_collect import entry, numbered, rss
from servers.web import ALLOWED, Reply, Request, WebServer

from digestbot.collect import FetchOptions, ParsedFeed, PollResult, collect, parser_pool
from digestbot.collect import poll as poll_module
from digestbot.collect.parse_job import ParseJob, parse_quickly
from digestbot.errors import Stopped, StoreError, StoreUnavailable
from digestbot.model import Feed, FeedKind, FeedState, Item

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OPTIONS = FetchOptions(allow_private=ALLOWED, gap=0.0, timeout=timedelta(seconds=60), parse_timeout=60)


class Polls:
    """Polls of one server into one store."""

    def __init__(self, server: WebServer) -> None:
        self.server = server
        self.store = MemoryItems()
        self.options = OPTIONS

    def __call__(self, *feeds: Feed, at: datetime = NOW, **more: object) -> PollResult:
        return collect(feeds, self.store, now=at, clock=at, options=self.options, **more)  # type: ignore[arg-type]

    def feed(self, reply: object, name: str = "harbour", host: str = "127.0.0.1") -> Feed:
        return Feed(url=self.server.serve(f"/{name}", reply, host=host), name=name)  # type: ignore[arg-type]

    def state(self, name: str = "harbour") -> FeedState:
        return self.store.kept[name]


@pytest.fixture
def poll():
    with WebServer() as server:
        yield Polls(server)


def test_a_round_collects_what_is_new(poll: Polls) -> None:
    """New items are counted, seen at `now`, and a second poll after the interval finds nothing new."""
    feed = poll.feed(numbered([1, 2]))
    assert poll(feed) == PollResult(feeds=1, new=2)
    assert {item.first_seen for item in poll.store.items.values()} == {NOW}
    assert poll(feed, at=NOW + DAY).new == 0


def test_a_replayed_poll_is_polite_by_the_wall_clock(poll: Polls) -> None:
    """`now` in the past is the first sight only: what is due and what is checked follow the clock."""
    feed = poll.feed(numbered([1]))
    collect([feed], poll.store, now=NOW - 5 * DAY, clock=NOW, options=OPTIONS)
    assert poll.state().checked == NOW
    assert next(iter(poll.store.items.values())).first_seen == NOW - 5 * DAY


def test_nothing_is_asked_before_it_is_due(poll: Polls) -> None:
    """A second poll within the interval makes no request, unless it is forced."""
    feed = poll.feed(numbered([1]))
    poll(feed)
    assert poll(feed, at=NOW + timedelta(minutes=59)) == PollResult(feeds=1, skipped=1)
    assert len(poll.server.requests) == 1
    poll(feed, at=NOW + timedelta(minutes=59), force=True)
    assert len(poll.server.requests) == 2


def test_requests_are_honest(poll: Polls) -> None:
    """The User-Agent names program and address; no cookie, no referrer, no condition on the first request."""
    poll(poll.feed(Reply(body=numbered([1]), headers={"Set-Cookie": "a=1; Path=/"})))
    poll(poll.feed(numbered([1]), "second"))
    for request in poll.server.requests:
        assert request.headers["user-agent"].startswith("digestbot/")
        assert "+https://" in request.headers["user-agent"]
        assert "gzip" in request.headers["accept-encoding"]
        assert not {"cookie", "referer", "if-none-match", "if-modified-since"} & request.headers.keys()


def test_validators_go_back_verbatim(poll: Polls) -> None:
    """ETag and Last-Modified are sent back as they came; a 304 is a success without items."""

    def reply(request: Request) -> Reply:
        same = request.headers.get("if-none-match") == 'W/"a b"' and request.headers.get("if-modified-since") == "ever"
        headers = {"ETag": 'W/"a b"', "Last-Modified": "ever"}
        return Reply(status=304) if same else Reply(body=numbered([1]), headers=headers)

    feed = poll.feed(reply)
    poll(feed)
    assert poll(feed, at=NOW + DAY) == PollResult(feeds=1)
    assert poll.state().succeeded == NOW + DAY
    assert poll.store.saves[-1][1] == ()


def test_validators_belong_to_the_configured_address(poll: Polls) -> None:
    """A feed whose address the user changed is asked without the old validators, at once."""
    poll(poll.feed(Reply(body=numbered([1]), headers={"ETag": '"1"'})))
    other = replace(poll.feed(numbered([2]), "other"), name="harbour")
    assert poll(other).new == 1
    assert "if-none-match" not in poll.server.requests[-1].headers


def test_an_unchanged_body_is_not_parsed_again(poll: Polls) -> None:
    """A server without validators that sends the same body gives no items to save."""
    feed = poll.feed(numbered([1]))
    poll(feed)
    poll(feed, at=NOW + DAY)
    assert poll.store.saves[-1][1] == ()


def test_a_body_cut_on_its_way_is_asked_for_again(poll: Polls) -> None:
    """Of a gzip stream cut in half the items count, but neither validators nor hash are kept."""
    body = gzip.compress(numbered(range(200)))
    half = body[: len(body) // 2]
    reply = Reply(body=half, headers={"ETag": '"1"', "Content-Encoding": "gzip"})
    assert poll(poll.feed(reply)).new > 0
    assert (poll.state().etag, poll.state().body_hash) == ("", "")


@pytest.mark.parametrize("packed", ["gzip", "deflate", "br", "", "br twice"])
def test_compressed_bodies_are_read(poll: Polls, packed: str) -> None:
    """gzip, deflate and brotli are undone, and so is a body that is a gzip file itself, packed once more or not."""
    body, encoding = numbered([1]), packed.partition(" ")[0]
    if packed in ("", "br twice"):
        body = gzip.compress(body)
    packing = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}.get(encoding, bytes)
    headers = {"Content-Encoding": encoding} if encoding else {}
    assert poll(poll.feed(Reply(body=packing(body), headers=headers))).new == 1
    assert "br" in poll.server.requests[0].headers["accept-encoding"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "not found (404)"), (410, "gone (410)"), (500, "server error (500)"), (401, "password")],
)
def test_a_failing_feed_is_a_failure(poll: Polls, status: int, reason: str) -> None:
    """Any status but success is a Failure with its reason, remembered, and the other feeds come all the same."""
    good, bad = poll.feed(numbered([1]), "good"), poll.feed(Reply(status=status), "bad")
    made = poll(good, bad)
    assert (made.feeds, made.failed, made.new) == (2, 1, 1)
    assert made.failures[0].source == "bad"
    assert reason in made.failures[0].detail
    assert (poll.state("bad").failures, poll.state("bad").failing_since) == (1, NOW)


def test_a_feed_that_fails_and_is_not_due_is_still_a_failure(poll: Polls) -> None:
    """Between two attempts a failing feed is not asked, but listed."""
    feed = poll.feed(Reply(status=500))
    poll(feed)
    made = poll(feed, at=NOW + timedelta(minutes=5))
    assert (made.failed, made.skipped, len(poll.server.requests)) == (1, 1, 1)


def test_failures_back_off_and_recover(poll: Polls) -> None:
    """Each failure doubles the wait; a success forgets them."""
    feed = poll.feed(Reply(status=500))
    poll(feed)
    poll(feed, at=NOW + DAY)
    assert poll.state().failures == 2
    assert poll.state().failing_since == NOW
    assert poll.state().due >= NOW + DAY + timedelta(hours=2)
    poll.feed(numbered([1]))
    assert poll(feed, at=NOW + 2 * DAY) == PollResult(feeds=1, new=1)
    assert (poll.state().failures, poll.state().error, poll.state().failing_since) == (0, "", None)


def test_gone_is_for_good(poll: Polls) -> None:
    """410 stops a feed: it is never asked again, not even when forced, and stays listed."""
    feed = poll.feed(Reply(status=410))
    poll(feed)
    assert poll(feed, at=NOW + 9 * DAY, force=True).failed == 1
    assert len(poll.server.requests) == 1


def test_all_feeds_down_is_recognisable(poll: Polls) -> None:
    """When nothing could be collected, as many have failed as there are."""
    made = poll(*(poll.feed(Reply(status=503), f"f{n}", host=f"127.0.0.{n}") for n in (1, 2)))
    assert made.failed == made.feeds == 2


def test_retry_after_holds_for_the_host(poll: Polls) -> None:
    """After a 429 with Retry-After no feed of that host is asked, in this poll and until then; others are."""
    busy = Reply(status=429, headers={"Retry-After": "7200"})
    first = poll.feed(busy, "first")
    rest = [poll.feed(numbered([n]), f"rest{n}") for n in (1, 2)]
    other = poll.feed(numbered([9]), "other", host="127.0.0.2")
    made = poll(first, *rest, other)
    assert (made.new, made.failed, made.skipped) == (1, 1, 2)
    assert poll(*rest, at=NOW + timedelta(minutes=119)).skipped == 2
    assert poll(*rest, at=NOW + timedelta(minutes=121)).new == 2


def test_a_host_is_asked_by_one_connection_with_a_gap(poll: Polls) -> None:
    """Requests to one host come one after another with a gap; other hosts do not wait for it."""
    poll.options = replace(OPTIONS, gap=0.15, timeout=timedelta(seconds=60))
    other = threading.Event()

    def first(_request: Request) -> Reply:
        return Reply(body=numbered([0]), status=200 if other.wait(30) else 500)

    def elsewhere(_request: Request) -> Reply:
        other.set()
        return Reply(body=numbered([9]))

    feeds = [poll.feed(first, "f0"), *(poll.feed(numbered([n]), f"f{n}") for n in (1, 2))]
    assert poll(*feeds, poll.feed(elsewhere, "other", host="127.0.0.2")).failed == 0
    times = sorted(request.at for request in poll.server.requests if request.path != "/other")
    assert all(later - earlier >= 0.15 for earlier, later in itertools.pairwise(times))


def test_no_more_bodies_wait_for_the_parser_than_hosts_are_asked_at_once(
    poll: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the network is faster than the parser, memory holds the bodies of `concurrency` feeds, not of all."""
    unread: list[int] = []

    def slowly(job: ParseJob) -> ParsedFeed | None:
        time.sleep(0.02)
        unread.append(len(poll.server.requests) - len(unread))
        return parse_quickly(job)

    monkeypatch.setattr(parser_pool, "parse_quickly", slowly)
    poll.options = replace(OPTIONS, concurrency=2)
    poll(*(poll.feed(numbered([n]), f"f{n}", host=f"127.0.0.{n}") for n in range(2, 10)))
    assert len(unread) == 8
    assert max(unread) <= 2


def test_cache_control_and_ttl_are_honoured(poll: Polls) -> None:
    """A feed that asks for a longer wait than the interval gets it."""
    cached = poll.feed(Reply(body=numbered([1]), headers={"Cache-Control": "max-age=10800"}), "cached")
    slow = poll.feed(rss(entry(2), head="<ttl>240</ttl>"), "slow")
    poll(cached, slow)
    poll(cached, slow, at=NOW + timedelta(hours=2, minutes=55))
    assert len(poll.server.requests) == 2
    poll(cached, slow, at=NOW + timedelta(hours=3, minutes=50))
    assert len(poll.server.asked("/cached")) == 2
    assert len(poll.server.asked("/slow")) == 1


def test_expires_is_honoured(poll: Polls) -> None:
    """An answer that says until when it is fresh is not asked for again before."""
    until = format_datetime(NOW + timedelta(hours=5))
    feed = poll.feed(Reply(body=numbered([1]), headers={"Expires": until}))
    poll(feed)
    assert poll(feed, at=NOW + timedelta(hours=4, minutes=59)).skipped == 1
    poll(feed, at=NOW + timedelta(hours=5, minutes=31))
    assert len(poll.server.requests) == 2


def test_an_overloaded_host_is_left_alone_until_its_date(poll: Polls) -> None:
    """503 with a date in Retry-After closes the host until then, longer than the failure itself would."""
    until = format_datetime(NOW + timedelta(hours=9))
    feed = poll.feed(Reply(status=503, headers={"Retry-After": until}))
    poll(feed)
    assert poll.state().due == NOW + timedelta(hours=9)
    assert poll(feed, at=NOW + timedelta(hours=8, minutes=59)).skipped == 1
    assert len(poll.server.requests) == 1


def test_a_feed_that_fails_for_long_is_asked_once_a_day(poll: Polls) -> None:
    """The wait doubles from the interval to a day and never goes beyond, and no two feeds come at one moment."""
    feeds = [poll.feed(Reply(status=500), f"f{number}", host=f"127.0.0.{number}") for number in (1, 2)]
    at, waits = NOW, []
    for _ in range(8):
        poll(*feeds, at=at)
        dues = [poll.state(feed.name).due for feed in feeds]
        assert dues[0] != dues[1]
        waits.append((min(dues) - at) / timedelta(hours=1))
        at = max(dues)
    assert len(poll.server.requests) == 16
    for wait, hours in zip(waits, (1, 2, 4, 8, 16, 24, 24, 24), strict=True):
        assert hours <= wait <= hours * 1.1


@pytest.mark.parametrize("status", [404, 410])
def test_permanent_redirects_move_a_feed(poll: Polls, status: int) -> None:
    """After three days of the same 301 the feed is asked at its new address; should that vanish, at the old one."""
    target = poll.server.serve("/new", numbered([1]))
    feed = poll.feed(Reply(status=301, headers={"Location": "/new"}))
    for day in range(4):
        poll(feed, at=NOW + day * DAY)
    assert len(poll.server.asked("/harbour")) == 3
    assert (poll.state().url, poll.state().configured_as) == (target, feed.url)
    poll.server.serve("/new", Reply(status=status))
    poll(feed, at=NOW + 5 * DAY)
    poll(feed, at=NOW + 7 * DAY)
    assert len(poll.server.asked("/harbour")) == 4


def test_temporary_redirects_move_nothing(poll: Polls) -> None:
    """302 is followed and never remembered."""
    poll.server.serve("/new", numbered([1]))
    feed = poll.feed(Reply(status=302, headers={"Location": "/new"}))
    for day in range(5):
        assert poll(feed, at=NOW + day * DAY).failed == 0
    assert poll.state().url == feed.url


@pytest.mark.parametrize(("statuses", "target"), [((302, 301), ""), ((301, 302), "/second"), ((308, 301), "/third")])
def test_only_permanent_redirects_before_any_temporary_one_count(
    poll: Polls, statuses: tuple[int, int], target: str
) -> None:
    """A 302 may lead elsewhere tomorrow, so a 301 behind it says nothing lasting; a 301 before it does."""
    first, second = statuses
    feed = poll.feed(Reply(status=first, headers={"Location": "/second"}))
    poll.server.serve("/second", Reply(status=second, headers={"Location": "/third"}))
    poll.server.serve("/third", numbered([1]))
    assert poll(feed).new == 1
    assert poll.state().moved_to == (poll.server.url(target) if target else "")


def test_relative_links_follow_the_redirect(poll: Polls) -> None:
    """Relative links are resolved against the address the document came from in the end."""
    poll.server.serve("/deep/feed", rss(entry(link="item")))
    poll(poll.feed(Reply(status=302, headers={"Location": "/deep/feed"})))
    assert next(iter(poll.store.items.values())).url == poll.server.url("/deep/item")


def page(*links: str) -> Reply:
    """An HTML page that names these feeds."""
    named = "".join(f'<link rel="alternate" type="application/atom+xml" href="{link}">' for link in links)
    return Reply(body=f"<html><head>{named}</head><body>Hi</body></html>".encode())


def test_a_page_that_names_one_feed_leads_to_it(poll: Polls) -> None:
    """The feed of readers' comments does not count; later polls ask the feed alone, with its own validators."""
    feed = poll.feed(page("/comments/feed/", "/atom.xml"))
    found = poll.feed(Reply(body=numbered([1]), headers={"ETag": '"a"'}), "atom.xml").url
    assert poll(feed) == PollResult(feeds=1, new=1)
    assert poll.state().url == found
    poll(feed, at=NOW + DAY)
    assert len(poll.server.asked("/harbour")) == 1
    assert [request.headers.get("if-none-match") for request in poll.server.asked("/atom.xml")] == [None, '"a"']


def test_a_feed_that_was_found_and_is_gone_is_looked_for_again(poll: Polls) -> None:
    """The page is what the user gave: it is asked again, and may name another feed by then."""
    feed = poll.feed(page("/old.xml"))
    poll.feed(numbered([1]), "old.xml")
    poll(feed)
    poll.feed(Reply(status=404), "old.xml")
    assert poll(feed, at=NOW + DAY).failed == 1
    poll.feed(page("/new.xml"))
    poll.feed(numbered([1, 2]), "new.xml")
    assert poll(feed, at=NOW + 2 * DAY) == PollResult(feeds=1, new=1)


def test_a_page_that_names_several_feeds_is_a_failure_with_their_addresses(poll: Polls) -> None:
    """Nobody guesses which of them was meant."""
    reason = poll(poll.feed(page("/a.xml", "/b.xml"))).failures[0].detail
    assert f"did you mean {poll.server.url('/a.xml')} or {poll.server.url('/b.xml')}?" in reason


def test_a_page_that_names_no_feed_is_a_failure(poll: Polls) -> None:
    """A page that names a page that names a feed is not followed either: one step is enough."""
    assert poll(poll.feed(page())).failures[0].detail.startswith("not a feed but a web page")
    poll.feed(page("/far.xml"), "near.xml")
    assert poll(poll.feed(page("/near.xml"), "start")).failed == 1
    assert not poll.server.asked("/far.xml")


@pytest.mark.parametrize("body", [rss("<item><x/></item>"), b"<rss><channel><item><title></channel></rss>"])
def test_a_feed_without_any_usable_item_is_broken_and_an_empty_one_is_not(poll: Polls, body: bytes) -> None:
    """Entries without a word or an address are a failure; a feed that has none has none yet."""
    assert "broken feed" in poll(poll.feed(body)).failures[0].detail
    assert poll(poll.feed(rss(), "new")).failed == 0


def test_another_selector_reads_an_unchanged_page_anew(poll: Polls) -> None:
    """What is remembered of a page holds for its address and its selector."""
    body = b"<html><body><h2><a href='/1'>One ferry</a></h2><h3><a href='/2'>Two ferries</a></h3></body></html>"
    feed = replace(poll.feed(body), kind=FeedKind.PAGE, link_selector="h2 a")
    assert poll(feed) == PollResult(feeds=1, new=1)
    assert poll(feed, at=NOW + DAY).new == 0
    assert poll(replace(feed, link_selector="h2 a, h3 a"), at=NOW + DAY) == PollResult(feeds=1, new=1)


def test_files_and_pages_are_sources(poll: Polls, tmp_path: Path) -> None:
    """A path, a file: address and a page are read like feeds; a missing file is a failure that names it."""
    (tmp_path / "a.xml").write_bytes(numbered([1]))
    (tmp_path / "b b.xml.gz").write_bytes(gzip.compress(numbered([2])))
    (tmp_path / "c.txt").write_text("One\nTwo\nThree")
    made = poll(
        Feed(url=str(tmp_path / "a.xml"), name="a"),
        Feed(url=(tmp_path / "b b.xml.gz").as_uri(), name="b"),
        Feed(url=str(tmp_path / "c.txt"), name="c", kind=FeedKind.PAGE),
        Feed(url=str(tmp_path / "none.xml"), name="d"),
    )
    assert made.new == 5
    assert made.failures[0].detail == f"no such file: {tmp_path / 'none.xml'}"


def test_a_changed_file_is_read_in_every_poll(poll: Polls, tmp_path: Path) -> None:
    """A file is never waited for: its new items come with the next poll."""
    path = tmp_path / "a.xml"
    feed = Feed(url=str(path), name="a")
    path.write_bytes(numbered([1]))
    poll(feed)
    path.write_bytes(numbered([2, 1]))
    assert poll(feed).new == 1


def test_progress_is_reported(poll: Polls) -> None:
    """One stage, a step for every feed asked, and the figures at the end."""
    calls: list[object] = []

    class Listener:
        def stage(self, name: str, *, total: int | None = None) -> None:
            calls.append((name, total))

        def step(self, what: str = "", *, feed: Feed | None = None) -> None:
            calls.append(what)

        def done(self, **figures: object) -> None:
            calls.append(figures)

    poll(poll.feed(numbered([1])), progress=Listener())
    assert calls == [("collect", 1), "Harbour Post", {"feeds": 1, "failed": 0, "new": 1}]


def test_a_failing_store_stops_the_poll() -> None:
    """What the store raises is not taken for a failing feed."""

    class Broken(MemoryItems):
        def save(self, state: FeedState, items: tuple[Item, ...], *, now: datetime) -> int:  # type: ignore[override]
            raise StoreError("disk full")

    with WebServer() as server, pytest.raises(StoreError):
        collect([Feed(url=server.serve("/f", numbered([1])), name="f")], Broken(), now=NOW, options=OPTIONS)


def test_private_addresses_are_refused_by_default(poll: Polls) -> None:
    """Without an allowed range no private address is connected to, by name, number or redirect."""
    poll.options = replace(OPTIONS, allow_private=())
    port = poll.server.port
    hosts = ("127.0.0.1", "localhost", "0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0")
    feeds = [Feed(url=f"http://{host}:{port}/x", name=f"f{number}") for number, host in enumerate(hosts)]
    made = poll(*feeds)
    assert made.failed == len(hosts)
    assert poll.server.requests == []
    assert any("ALLOW_PRIVATE" in failure.detail for failure in made.failures)


def test_redirects_inward_are_refused(poll: Polls) -> None:
    """A redirect to an address that is not allowed is not followed."""
    poll.options = replace(OPTIONS, allow_private=("127.0.0.1/32",))
    poll.server.serve("/secret", numbered([1]))
    target = poll.server.url("/secret", host="127.0.0.2")
    made = poll(poll.feed(Reply(status=302, headers={"Location": target})))
    assert "private address" in made.failures[0].detail
    assert poll.server.asked("/secret") == []


@pytest.fixture
def hanging():
    """A reply that never comes, until the test is over."""
    over = threading.Event()
    yield Reply(raw=lambda _out: over.wait(600))  # type: ignore[arg-type, return-value]
    over.set()


def test_a_host_that_hangs_has_a_time_for_all_its_feeds(poll: Polls, hanging: Reply, caplog: pytest.LogCaptureFixture):
    """When it is used up the rest is late, named, stays due and is asked first next time; other hosts lose nothing."""
    feeds = [poll.feed(hanging, name=f"slow{number}", host="127.0.0.2") for number in range(5)]
    other = poll.feed(numbered([1]), name="quick", host="127.0.0.3")
    poll.options = replace(OPTIONS, timeout=timedelta(seconds=0.4), host=timedelta(seconds=1))
    with caplog.at_level("WARNING"):
        result = poll(*feeds, other)

    reasons = {failure.source: failure.reason for failure in result.failures}
    late = [name for name, reason in reasons.items() if reason == poll_module.LATE]
    assert len(reasons) == 5
    # Two fit into the time of the host, on a machine under load perhaps one.
    assert late in ([f"slow{number}" for number in range(first, 5)] for first in (1, 2))
    assert result.new == 1
    assert f"late: {', '.join(late)};" in caplog.text
    assert all(poll.store.kept[name].due > NOW for name in ("slow0", "quick"))
    assert not set(late) & set(poll.store.kept)

    asked = len(poll.server.requests)
    poll(*feeds, other, at=NOW + timedelta(minutes=1))
    assert poll.server.requests[asked].path == f"/{late[0]}"


def late_when(monkeypatch: pytest.MonkeyPatch, over: Callable[[], bool]) -> float:
    """The time of a poll, which is over as soon as this is true, however slow the machine is."""
    monkeypatch.setattr(poll_module, "time", SimpleNamespace(monotonic=lambda: 100.0 if over() else 0.0))
    return 50.0


def test_an_edition_waits_for_its_feeds_for_a_while_only(
    poll: Polls, hanging: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has been read by then counts; who is late is named among the failures, and stays due."""
    quick = poll.feed(numbered([1]), name="quick", host="127.0.0.3")
    slow = poll.feed(hanging, name="slow", host="127.0.0.2")
    over = late_when(monkeypatch, lambda: "quick" in poll.store.kept and bool(poll.server.asked("/slow")))
    result = poll(slow, quick, max_seconds=over)

    assert result.new == 1
    assert [(failure.source, failure.reason) for failure in result.failures] == [("slow", poll_module.LATE)]
    assert poll.store.kept["slow"] == FeedState(name="slow", url=slow.url, configured_as=slow.url, checked=NOW)


def test_who_did_not_answer_comes_after_those_that_were_not_asked(
    poll: Polls, hanging: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that hangs until the time is up is not asked first in the next poll: others wait since longer."""
    slow = poll.feed(hanging, name="slow", host="127.0.0.2")
    other = poll.feed(numbered([1]), name="other", host="127.0.0.3")
    poll.options = replace(OPTIONS, concurrency=1)  # of two that are asked at once, either may come in first
    poll(slow, max_seconds=late_when(monkeypatch, lambda: bool(poll.server.asked("/slow"))))
    over = late_when(monkeypatch, lambda: len(poll.server.requests) == 3)
    poll(slow, other, max_seconds=over, at=NOW + timedelta(minutes=1))

    assert [request.path for request in poll.server.requests] == ["/slow", "/other", "/slow"]


def test_a_poll_stops_when_it_is_asked_to(poll: Polls, hanging: Reply, caplog: pytest.LogCaptureFixture):
    """Nothing waits for a feed that hangs, and nobody is called late then."""
    began = threading.Event()
    threading.Timer(0.5, began.set).start()
    result = poll(poll.feed(hanging, name="slow"), stop=began.is_set)

    assert result.new == 0
    assert poll.store.kept == {}
    assert "late" not in caplog.text


class AwayItems(MemoryItems):
    """A store whose server is away for its first calls of a kind."""

    def __init__(self, **away: int) -> None:
        super().__init__()
        self.away = away

    def _ask(self, name: str) -> None:
        if self.away.get(name, 0):
            self.away[name] -= 1
            raise StoreUnavailable("the database news is away. Start PostgreSQL.")

    def states(self, names: Collection[str] | None = None) -> Mapping[str, FeedState]:
        self._ask("states")
        return super().states(names)

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        self._ask("save_all")
        return super().save_all(readings, now=now)


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll_module, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(poll_module, "_ASK_AGAIN_SECONDS", 0.04)


@pytest.mark.usefixtures("_hasty")
def test_a_database_that_is_away_for_a_moment_is_waited_for(poll: Polls, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing that was read is lost, no feed is blamed or late, and the log says it once each time."""
    poll.store = AwayItems(states=3, save_all=3)
    feeds = [poll.feed(numbered([number]), f"feed{number}") for number in range(3)]
    assert poll(*feeds, max_wait=60.0, max_seconds=60.0) == PollResult(feeds=3, new=3)
    assert caplog.text.count("the database news is away. Start PostgreSQL. Trying again.") == 2


@pytest.mark.usefixtures("_hasty")
def test_what_was_read_while_the_database_was_away_is_not_late(poll: Polls) -> None:
    """The time that an edition waits for feeds runs out meanwhile: what has answered is kept all the same."""
    poll.store = AwayItems(save_all=3)
    feeds = [poll.feed(numbered([number]), f"feed{number}") for number in range(3)]
    assert poll(*feeds, max_wait=60.0, max_seconds=0.1).new >= 1


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("where", ["states", "save_all"])
def test_a_database_that_stays_away_ends_the_poll(poll: Polls, where: str) -> None:
    """When the time to wait is over, with the sentence of the store; without any it is asked once."""
    for patience, asked in ((0.2, 2), (0.0, 1)):
        poll.store = AwayItems(**{where: 1_000_000})
        with pytest.raises(StoreUnavailable, match="Start PostgreSQL"):
            poll(poll.feed(numbered([1])), max_wait=patience)
        assert 1_000_000 - poll.store.away[where] >= asked


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("where", ["states", "save_all"])
def test_a_signal_ends_the_wait_for_the_database(poll: Polls, where: str) -> None:
    """At once, and it is the signal that ended the poll, not the database."""
    poll.store = AwayItems(**{where: 1_000_000})
    store = poll.store
    with pytest.raises(Stopped):
        poll(poll.feed(numbered([1])), max_wait=600.0, stop=lambda: store.away[where] < 1_000_000 - 2)


def test_a_failure_that_does_not_pass_is_not_waited_for(poll: Polls) -> None:
    """A store that needs a hand is asked once."""
    asked = []

    def refuse() -> Mapping[str, FeedState]:
        asked.append(1)
        raise StoreError("wrong password")

    poll.store.states = refuse  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="wrong password"):
        poll(poll.feed(numbered([1])), max_wait=600.0)
    assert len(asked) == 1
