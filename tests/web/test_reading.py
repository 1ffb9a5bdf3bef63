"""The pages that readers read, over a real server: what they show, to whom, and that they change nothing."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from archived import DAY, TODAY, digest, entry, publish
from builders import NOON
from reading_site import reading_site, revised, told
from running_site import Answer, RunningSite
from sqlalchemy import text

from digestbot.app.reading import page_addresses
from digestbot.collect.feeds import parse_feed
from digestbot.model import EditionDate, Feed
from digestbot.store.schema import metadata
from digestbot.subscribers.mac import mac
from digestbot.web.server import listening

EDITION = "/d/morning/2026-05-27"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningSite]:
    with reading_site(tmp_path) as running:
        yield running


def address(site: RunningSite, digest: str, day: date = TODAY) -> str:
    """The path that a mail of this edition links to."""
    whole = page_addresses(site.loaded, site.store)(digest, day)
    return whole.removeprefix(f"http://127.0.0.1:{site.port}")


def plain(answer: Answer) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body))


def rows(site: RunningSite) -> dict[str, list[object]]:
    """Everything that is stored."""
    with site.store.database.reading() as connection:  # type: ignore[attr-defined]
        return {name: [*connection.execute(text(f"SELECT * FROM {name}"))] for name in sorted(metadata.tables)}


def test_no_answer_waits_for_the_browsers_word():
    """Head and body are sent one after the other: a second of twenty-five pages on one connection was spent waiting."""
    with listening("127.0.0.1:0") as listener:
        client = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        accepted.close()
        client.close()


def test_the_newest_edition_is_the_page_of_its_digest(site: RunningSite):
    """With every story and its sentences; `/latest` leads to its own address."""
    page = site.get("/d/morning")
    assert page.status == 200
    assert "Chip exports rise in morning 0, it was said." in plain(page)
    assert "Second story" in plain(page)
    assert f'rel="canonical" href="http://127.0.0.1:{site.port}{EDITION}"' in page.body
    latest = site.get("/d/morning/latest")
    assert (latest.status, latest.headers["location"]) == (302, EDITION)


def test_an_edition_stays_and_leads_to_those_beside_it(site: RunningSite):
    """Those that went out, by links that a key follows, too."""
    page = site.get("/d/morning/2026-05-26")
    assert "morning -1" in plain(page)
    assert re.findall(r'<a rel="(\w+)" href="([^"]+)"', page.body) == [
        ("prev", "/d/morning/2026-04-26"),
        ("next", EDITION),
    ]
    assert '<script src="/keys.js" defer></script>' in page.body
    assert site.get("/keys.js").status == 200
    publish(site.store, told("Third", days=1))
    site.later(seconds=1)
    assert 'href="/d/morning/2026-05-28"' in site.get("/d/morning/2026-05-27?revision=0").body


def test_an_evening_edition_has_a_page_of_its_own(site: RunningSite):
    """Under its name; another spelling leads there."""
    evening = EditionDate.of(TODAY, time(18))
    publish(site.store, digest(entry("Evening news"), edition=evening, until=NOON + timedelta(hours=6)))
    page = site.get("/d/morning/2026-05-27T1800")
    assert "Evening news" in plain(page)
    assert "18:00" in plain(page)
    moved = site.get("/d/morning/2026-05-27T18:00")
    assert (moved.status, moved.headers["location"]) == (308, "/d/morning/2026-05-27T1800")


def test_a_correction_is_marked_and_what_it_replaced_can_be_read(site: RunningSite):
    """Each version at an address of its own, the newest at the edition's."""
    edition = site.store.editions.get("morning", TODAY)
    assert edition is not None
    revised(site, edition, "Chip exports fall")
    page = site.get(EDITION)
    assert "Chip exports fall" in plain(page)
    assert "Corrected May 27, 13:00." in plain(page)
    assert f'href="{EDITION}?revision=0"' in page.body
    older = site.get(f"{EDITION}?revision=0")
    assert "This is an earlier version" in plain(older)
    assert "exports rise" in plain(older)
    for never in ("7", "-1", "x", "99999999999999999999"):
        assert site.get(f"{EDITION}?revision={never}").status == 404


def test_the_archive_lists_a_month_and_the_others(site: RunningSite):
    """The newest month by itself; a month without editions is not there."""
    page = site.get("/d/morning/archive")
    assert "May 2026" in plain(page)
    assert [link for link in page.links() if re.search(r"/2026-\d\d-\d\d$", link)] == [
        EDITION, EDITION, "/d/morning/2026-05-26", "/d/morning/2026-05-26",
    ]  # fmt: skip
    assert "/d/morning/archive/2026-04" in page.links()
    assert "/d/morning/2026-04-26" in site.get("/d/morning/archive/2026-04").links()
    for never in ("2026-03", "2026-13", "x", "2026-05-27"):
        assert site.get(f"/d/morning/archive/{never}").status == 404


def test_a_story_has_its_sources_by_time_its_quotes_and_its_course(site: RunningSite):
    """And what is related; every part leads on."""
    first = entry("Strike called", "Workers walk out.", id="aa")
    publish(site.store, digest(first, edition=TODAY + DAY, until=NOON + DAY))
    later = entry(
        "Strike goes on",
        "No talks are planned.",
        id="bb",
        outlets=("Gazette", "Wire", "Post"),
        hours=(1, 5, 3),
        day=2,
        earlier=((TODAY + DAY, "aa"),),
        related=(entry("Unions meet", id="cc"),),
    )
    publish(site.store, digest(later, edition=TODAY + 2 * DAY, until=NOON + 2 * DAY))
    page = site.get("/d/morning/2026-05-29/s/bb")
    words = plain(page)
    assert "No talks are planned." in words
    assert words.index("Strike goes on, says Wire") < words.index("Strike goes on, says Post")
    assert words.index("says Post") < words.rindex("Strike goes on", 0, words.index("How it went on"))
    assert "/d/morning/2026-05-28/s/aa" in page.links()
    assert "/d/morning/2026-05-29/s/cc" in page.links()
    assert "/d/morning/outlet/Wire" in page.links()
    assert "Strike goes on" in plain(site.get("/d/morning/2026-05-28/s/aa"))
    assert "Unions meet" in plain(site.get("/d/morning/2026-05-29/s/cc"))
    assert "How it went on" not in plain(site.get(f"{EDITION}/s/0-0"))
    assert site.get("/d/morning/2026-05-29/s/none").status == 404


def test_a_topic_and_an_outlet_have_pages(site: RunningSite):
    """By any spelling of their names, the stories sent last first; what no edition told is not there."""
    for path in ("/d/morning/topic/Chips", "/d/morning/topic/chips", "/d/morning/outlet/Gazette"):
        page = site.get(path)
        titles = re.findall(r'href="/d/morning/(2026-\d\d-\d\d)/s/', page.body)
        assert titles == ["2026-05-27"] * 2 + ["2026-05-26"] * 2 + ["2026-04-26"] * 2, path
    for never in ("topic/gold", "outlet/wire", "topic/", "topic/..%2f..%2fetc%2fpasswd"):
        assert site.get(f"/d/morning/{never}").status == 404
    slashed = entry("AI story", topic="AI/ML & more")
    publish(site.store, digest(slashed, edition=TODAY + DAY, until=NOON + DAY))
    [link] = [link for link in site.get("/d/morning/2026-05-28").links() if "/topic/" in link]
    assert "AI story" in plain(site.get(link))


def test_a_search_finds_what_everybody_may_read_page_by_page(site: RunningSite):
    """In all public digests or in one, the newest first; what is asked for stands in the field, escaped."""
    page = site.get("/search?q=exports")
    assert sorted(re.findall(r'href="(/d/\w+)/2026-05-27/s/', page.body)) == ["/d/morning", "/d/open"]
    assert "desk" not in plain(page)
    assert set(re.findall(r'href="/d/(\w+)/[\d-]+/s/', site.get("/search?q=&digest=open").body)) == {"open"}
    long = told(*(f"Wafer number {number}" for number in range(30)), days=5)
    publish(site.store, long)
    first = site.get("/search?q=wafer&digest=morning")
    [more] = re.findall(r'rel="next" href="([^"]+)"', first.body)
    second = site.get(f"/search{more.replace('&amp;', '&')}")
    seen = [re.findall(r"Wafer number \d+(?=<)", page.body) for page in (first, second)]
    assert [len(seen[0]), len(seen[1])] == [20, 10]
    assert not set(seen[0]) & set(seen[1])
    assert "Nothing was found." in plain(site.get("/search?q=xyzzy"))
    assert 'value="&#34;&gt;&lt;script&gt;"' in site.get('/search?q="><script>'.replace('"', "%22")).body
    assert "from:soon" in plain(site.get("/search?q=from:soon"))


@pytest.mark.parametrize(
    "words", ["%00", "%ff%fe", "%ed%a0%80", '"', "*", "-" * 400, "a" * 5000, "'%20OR%201", "from:", "%F0%9F%98%80", "topic:%22"]
)  # fmt: skip
def test_whatever_is_typed_is_answered(site: RunningSite, words: str):
    """By a page, never by an error."""
    assert site.get(f"/search?q={words}&after={words[:30]}&digest={words[:30]}").status == 200


def test_what_is_private_answers_as_what_is_not_there(site: RunningSite):
    """The same bytes and headers for a private digest, one that never was, and a path that is none."""
    paths = [
        "",
        "/latest",
        "/archive",
        "/archive/2026-05",
        "/2026-05-27",
        "/2026-05-27/s/0-0",
        "/feed.atom",
        "/feed.json",
    ]
    paths += ["/topic/Chips", "/outlet/Gazette", "/2026-05-27?key=x", "/2026-05-27?revision=0", "/2026-05-27T18:00"]
    known = site.get("/nowhere")
    for name in ("desk", "staff", "never", "..%2fmorning", "desk%00"):
        for path in paths:
            answer = site.get(f"/d/{name}{path}")
            assert (answer.status, answer.body) == (known.status, known.body), f"{name}{path}"
            assert {*answer.headers.items()} - {("date", answer.headers["date"])} == {*known.headers.items()} - {
                ("date", known.headers["date"])
            }
    assert all("desk" not in link and "staff" not in link for link in site.get("/").links())


def test_the_link_of_a_mail_opens_its_edition_alone(site: RunningSite):
    """Equal for all readers; its stories, too, and nothing else of the digest."""
    link = address(site, "desk")
    page = site.get(link)
    key = link.partition("key=")[2]
    assert page.status == 200
    assert "desk 0" in plain(page)
    assert address(site, "desk") == link
    assert page.headers["cache-control"] == "private, no-cache"
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert "canonical" not in page.body
    stories = [one for one in page.links() if "/s/" in one]
    assert all(one.endswith(f"?key={key}") for one in stories)
    assert [one for one in page.links() if one.startswith("/d/") and "/s/" not in one] == []
    story = site.get(stories[0])
    assert story.status == 200
    assert {urlsplit(one).path for one in story.links() if one.startswith("/d/")} == {"/d/desk/2026-05-27"}
    for other in (
        f"/d/desk/2026-05-26?key={key}",
        f"/d/staff/2026-05-27?key={key}",
        f"/d/desk?key={key}",
        f"/d/desk/archive?key={key}",
        f"/d/desk/latest?key={key}",
        f"/d/desk/feed.atom?key={key}",
        f"/d/desk/topic/Chips?key={key}",
        f"/d/desk/2026-05-27?key={key[:-1]}",
        f"/d/desk/2026-05-27?key={key}x",
        "/d/desk/2026-05-27?key=",
    ):
        assert site.get(other).status == 404, other
    assert site.get("/d/desk/2026-05-27").status == 404, "a page that a key opened is kept for nobody else"
    assert "key" not in address(site, "morning")


def test_whoever_may_read_one_edition_sees_nothing_of_others(site: RunningSite):
    """Neither what they told of the same course of events, nor that there are any."""
    earlier = ((TODAY, "0-0"),)
    later = entry("Chip exports fall", id="later", day=2, earlier=earlier)
    for name in ("desk", "open"):
        publish(site.store, digest(later, name=name, edition=TODAY + DAY, until=NOON + DAY))
    assert "Chip exports rise in open 0" in plain(site.get("/d/open/2026-05-28/s/later"))
    key = address(site, "desk", TODAY + DAY).partition("?")[2]
    story = site.get(f"/d/desk/2026-05-28/s/later?{key}")
    assert "Chip exports fall" in plain(story)
    assert "Chip exports rise" not in plain(story)
    assert "2026-05-27" not in story.body


def test_an_older_revision_of_a_private_edition_needs_the_key_too(site: RunningSite):
    """The links between them take it along."""
    edition = site.store.editions.get("desk", TODAY)
    assert edition is not None
    revised(site, edition, "Mended")
    link = address(site, "desk")
    [older] = [one.replace("&amp;", "&") for one in site.get(link).links() if "revision=0" in one]
    assert "desk 0" in plain(site.get(older))
    assert site.get("/d/desk/2026-05-27?revision=0").status == 404


def test_a_public_list_makes_its_digest_public(site: RunningSite):
    """Morning goes to one; staff goes to one that is not; open says it of itself."""
    assert [site.get(f"/d/{name}").status for name in ("morning", "open", "staff", "desk")] == [200, 200, 404, 404]
    front = site.get("/")
    assert {"/d/morning", "/d/open", "/subscribe"} <= set(front.links())
    assert "/subscribe?list=briefing" in site.get("/d/morning").links()
    assert not any("subscribe" in link for link in site.get("/d/open").links())


def test_every_link_of_every_page_leads_somewhere_and_changes_nothing(site: RunningSite):
    """A scanner that follows all of them: no row of the database is another one afterwards."""
    site.store.installation_id()  # made when it is first asked for
    waiting, seen = ["/", address(site, "desk"), "/search?q=chip"], set()
    site.get(address(site, "desk"))
    before = rows(site)
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = site.get(path)
        assert answer.status in (200, 302, 304), path
        if "json" not in answer.headers.get("content-type", "") and "xml" not in answer.headers.get("content-type", ""):
            waiting += [link.replace("&amp;", "&") for link in answer.links()]
    assert len(seen) > 25
    assert rows(site) == before
    assert not any(site.get(path).headers["set-cookie"] for path in list(seen)[:10])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_are_read_and_nothing_else(site: RunningSite, method: str):
    """Another method is refused, HEAD has no body."""
    assert site.ask(method, EDITION).status == 405
    head = site.ask("HEAD", EDITION)
    assert (head.status, head.body) == (200, "")


@pytest.mark.parametrize(
    "path",
    [
        "/d/morning/../../etc/passwd",
        "/d/morning/..%2f..%2f..%2fetc%2fpasswd",
        "/d/%2e%2e/%2e%2e",
        "/d/morning/2026-05-27/s/..%2f..%2fconfig.env",
        "/d/morning/2026-05-27/s/%00",
        "/d/morning/%00",
        "/d/morning/archive/%2e%2e",
        "/d/morning/topic//etc/passwd",
        "/d/morning/outlet/file:%2f%2f%2fetc%2fpasswd",
        "/d/" + "a" * 3000,
        "/d/morning/9999-99-99",
        "/d/morning/0001-01-01",
        "/d/morning/9999-12-31T2359",
        "/d/%ff/2026-05-27",
    ],
)
def test_paths_never_reach_the_file_system(site: RunningSite, path: str, monkeypatch: pytest.MonkeyPatch):
    """A name of a path is compared with names; what is none of them is not there."""
    opened: list[str] = []
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, *args, **more: (opened.append(str(self)), real(self, *args, **more))[1]
    )
    answer = site.get(path)
    assert answer.status == 404
    assert not any(part in one for one in opened for part in ("passwd", "config.env"))
    assert unquote(path)[-20:] not in answer.body


def test_whoever_has_a_page_is_told_so(site: RunningSite):
    """By its mark, or by its time for a feed; after a correction it is another one."""
    page = site.get(EDITION)
    mark = page.headers["etag"]
    again = site.get(EDITION, If_None_Match=mark)
    assert (again.status, again.body, again.headers["etag"]) == (304, "", mark)
    assert site.get(EDITION, If_None_Match=f'"other", W/{mark}').status == 304
    assert site.get(EDITION, If_None_Match='"other"').status == 200
    feed = site.get("/d/morning/feed.atom")
    changed = feed.headers["last-modified"]
    assert site.get("/d/morning/feed.atom", If_Modified_Since=changed).status == 304
    assert site.get("/d/morning/feed.atom", If_Modified_Since="Mon, 25 May 2026 00:00:00 GMT").status == 200
    assert site.get("/d/morning/feed.atom", If_Modified_Since="nonsense").status == 200
    assert page.headers["cache-control"] == "public, max-age=60"


def test_feeds_are_read_back_by_our_own_reader(site: RunningSite):
    """An item an edition, the same of both, each at its own address, with a link that leads there."""
    items = []
    for name in ("atom", "json"):
        answer = site.get(f"/d/morning/feed.{name}")
        url = f"http://127.0.0.1:{site.port}/d/morning/feed.{name}"
        read = parse_feed(answer.body.encode(), feed=Feed(name="digest", url=url), now=NOON + DAY)
        assert read.problems == ()
        items.append(read.items)
    assert items[0] == items[1]
    assert [urlsplit(one.url).path for one in items[0]] == [EDITION, "/d/morning/2026-05-26", "/d/morning/2026-04-26"]
    assert "Chip exports rise in morning 0, it was said." in items[0][0].text
    assert site.get(urlsplit(items[0][1].url).path).status == 200


def test_a_page_says_what_it_is_to_whoever_links_to_it(site: RunningSite):
    """Title, words and address (Open Graph), and where its feeds are."""
    page = site.get(EDITION)
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page.body))
    assert told["title"] == "Morning, Wednesday, May 27, 2026"
    assert told["description"].startswith("Chip exports rise in morning 0")
    assert told["url"] == f"http://127.0.0.1:{site.port}{EDITION}"
    assert re.findall(r'rel="alternate" type="([^"]+)"', page.body) == ["application/atom+xml", "application/feed+json"]


def test_search_engines_stay_out_unless_they_are_asked_in(site: RunningSite, tmp_path: Path):
    """By a line of every page, robots.txt and no map; asked in, each public edition is in the map."""
    assert 'content="noindex, nofollow"' in site.get(EDITION).body
    assert site.get("/sitemap.xml").status == 404
    assert "Disallow: /\n" in site.get("/robots.txt").body
    with reading_site(tmp_path / "open", WEB__INDEX="yes") as indexed:
        assert "noindex" not in indexed.get(EDITION).body
        listed = re.findall(r"<loc>[^<]*(/d/[^<]*)</loc>", indexed.get("/sitemap.xml").body)
        assert len(listed) == 6
        assert EDITION in listed
        assert not any("desk" in one or "staff" in one for one in listed)
        assert f"Sitemap: http://127.0.0.1:{indexed.port}/sitemap.xml" in indexed.get("/robots.txt").body
        assert "noindex" in indexed.get(address(indexed, "desk")).headers["x-robots-tag"]
        assert "noindex" in indexed.get("/search?q=chip").headers["x-robots-tag"]


def test_a_site_below_a_path_keeps_its_links_there(tmp_path: Path):
    """Every link begins with the prefix that URL names, and is answered with or without it."""
    with reading_site(tmp_path, WEB__URL="http://localhost/news") as site:
        page = site.get("/news/d/morning", Host="localhost")
        assert page.status == 200
        assert all(link.startswith("/news/") for link in page.links()), page.links()
        for link in page.links():
            assert site.get(link, Host="localhost").status == 200, link


def test_a_digest_without_an_edition_has_a_page(tmp_path: Path):
    """It says so, and so does its archive; its feeds are empty and valid."""
    with reading_site(tmp_path, DIGESTS__NEW__PUBLIC="yes", DIGESTS__NEW__TO="file:./x") as site:
        for path in ("/d/new", "/d/new/archive"):
            assert "No edition has been sent yet." in plain(site.get(path))
        assert site.get("/d/new/latest").status == 404
        assert (
            parse_feed(
                site.get("/d/new/feed.json").body.encode(), feed=Feed(name="n", url="http://x.example/"), now=NOON
            ).items
            == ()
        )
        assert site.get("/d/new/feed.atom").status == 200


def test_an_edition_speaks_the_language_of_its_digest(tmp_path: Path):
    """Whatever the browser asks for; the front page speaks the browser's."""
    with reading_site(tmp_path, DIGESTS__OPEN__LANGUAGE="de") as site:
        page = site.get("/d/open/2026-05-27", Accept_Language="fr")
        assert '<html lang="de"' in page.body
        assert "Mittwoch" in plain(page)
        assert '<html lang="fr"' in site.get("/", Accept_Language="fr").body
        assert '<html lang="en"' in site.get("/").body


def test_links_to_a_renamed_digest_lead_to_where_it_is(tmp_path: Path):
    """All pages and feeds of a public one; of a private one what a mail's key opens, and nothing else tells its name."""
    with reading_site(tmp_path) as site:
        keys, day = site.context.keys, TODAY.isoformat()
        key = mac(keys[0], "edition", "private", day)
        for old, new in (("breakfast", "morning"), ("private", "desk")):
            site.store.editions.rename(new, old)
            site.store.editions.rename(old, new)
        for rest in ("", "/archive", f"/{day}", "/feed.atom", f"/{day}/s/0-0", "/topic/Chips"):
            answer = site.get(f"/d/breakfast{rest}?x=1")
            assert (answer.status, answer.headers["Location"]) == (308, f"/d/morning{rest}?x=1")
        for path in ("/d/private", f"/d/private/{day}", f"/d/private/{day}?key={key[:-1]}x", "/d/other"):
            assert site.get(path).status == 404
        answer = site.get(f"/d/private/{day}?key={key}")
        assert answer.headers["Location"] == f"/d/desk/{day}?key={key}"
        assert site.get(answer.headers["Location"]).status == 200
        assert site.get(f"/d/desk/{day}?key={key[:-1]}x").status == 404
