"""Pages into items: articles, and plain text with headlines below it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digestbot.collect.css_links import parse_links
from digestbot.collect.pages import parse_page
from digestbot.errors import CollectError
from digestbot.model import Feed, FeedKind, Item

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
PAGE = Feed(url="https://quay.example/today", name="quay", kind=FeedKind.PAGE)
PROSE = "The foundry said on Monday that it would build a second line for older chips next to its main plant, "
TEXT = f"""{PROSE}which has stood half empty since the spring.
It will hire 400 people, the mayor said in a short speech.

Gold slips again
Oil holds steady
Ferry strike ends
Mayor to retire
"""

ARTICLE = f"""<!doctype html><html lang="en"><head><title>Second line for the foundry | Quay News</title>
<meta property="og:site_name" content="Quay News"><meta property="og:title" content="Second line for the foundry">
<meta property="article:published_time" content="2026-05-26T08:00:00Z">
<link rel="canonical" href="https://quay.example/foundry?utm_source=x"></head><body><nav>Home About</nav><article>
<h1>Second line for the foundry</h1><p>{PROSE}which has stood half empty.</p><p>{PROSE}and then it did so.</p>
</article><script>track()</script></body></html>"""


def test_an_article_page_is_one_item() -> None:
    """An HTML page gives its article: title, site, canonical link, date and text, and nothing around it."""
    made = parse_page(ARTICLE.encode(), feed=PAGE, now=NOW)
    (item,) = made.items
    assert item.title == "Second line for the foundry"
    assert item.source == "Quay News"
    assert item.url == "https://quay.example/foundry"
    assert item.text.startswith(PROSE)
    assert "track()" not in item.text
    assert item.published is not None
    assert item.published.date().isoformat() == "2026-05-26"


def test_plain_text_is_an_article_and_headlines() -> None:
    """Prose lines are one item with all their paragraphs; the lines after three without prose are headlines alone."""
    article, *headlines = parse_page(TEXT.encode(), feed=PAGE, now=NOW).items
    assert article.text.count("\n") == 1
    assert article.title.startswith("The foundry said on Monday")
    assert article.title.endswith("…")
    assert article.source == "quay.example"
    assert [item.title for item in headlines] == [
        "Gold slips again",
        "Oil holds steady",
        "Ferry strike ends",
        "Mayor to retire",
    ]
    assert all(not item.url and not item.text and item.published is None for item in headlines)


def test_the_same_page_gives_the_same_ids() -> None:
    """Reading a page again makes the same items, whatever happened to the lines around them."""
    first = {item.id for item in parse_page(TEXT.encode(), feed=PAGE, now=NOW).items}
    again = {
        item.id for item in parse_page(TEXT.replace("Oil holds", "Oil still holds").encode(), feed=PAGE, now=NOW).items
    }
    assert len(first & again) == 4


def test_a_page_at_the_same_address_may_hold_another_article() -> None:
    """The page's own address is no identity: tomorrow's article there is a new item."""
    page = ARTICLE.replace('<link rel="canonical" href="https://quay.example/foundry?utm_source=x">', "")
    today = parse_page(page.encode(), feed=PAGE, now=NOW).items[0]
    tomorrow = parse_page(page.replace("Second line", "Third line").encode(), feed=PAGE, now=NOW).items[0]
    assert today.id != tomorrow.id


def test_short_files() -> None:
    """A file of headlines only gives headlines; one of prose only gives one item."""
    assert len(parse_page(b"One\nTwo\nThree\nFour", feed=PAGE, now=NOW).items) == 4
    assert len(parse_page(f"{PROSE}so.\n{PROSE}yes.".encode(), feed=PAGE, now=NOW).items) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"<html><body></body></html>"])
def test_what_holds_no_article_is_an_error(content: bytes) -> None:
    """Nothing, binary data and an empty page are errors that say so."""
    with pytest.raises(CollectError):
        parse_page(content, feed=PAGE, now=NOW)


def test_the_seed_page(shared_data: Path) -> None:
    """The real file gives one article of six paragraphs and 17 headlines, under a name made from the key."""
    feed = Feed(url="chip-stocks-article.txt", name="chip_stocks", kind=FeedKind.PAGE)
    content = (shared_data / "seeds/chip-stocks-article.txt").read_bytes()
    article, *headlines = parse_page(content, feed=feed, now=NOW).items
    assert len(article.text.split("\n")) == 6
    assert len(headlines) == 17
    assert {item.source for item in (article, *headlines)} == {"Chip stocks"}


LISTING = """<html lang="de"><head><title>Hafenblatt</title><base href="https://hafen.example/news/"></head><body>
<nav><a href="/">Start</a></nav>
<div class="teaser"><a href="faehre?utm_source=x"><img src="f.jpg"></a><h2><a href="faehre">Fähre fährt wieder</a></h2>
<time datetime="2026-05-26T08:00:00+02:00">gestern</time><p>Ab Montag um neun.</p></div>
<div class="teaser"><h2><a href="kran">Kran fällt um</a></h2></div>
<div class="teaser"><h2>Ohne Adresse</h2></div><div class="teaser"><a href="javascript:x()">Nein</a></div>
<ul><li><a href="https://other.example/3" title="Drittens"></a></li></ul></body></html>"""


def links(selector: str, page: str = LISTING) -> list[Item]:
    feed = Feed(url="https://hafen.example/", name="hafen", kind=FeedKind.PAGE, link_selector=selector)
    return list(parse_links(page.encode(), feed=feed, now=NOW, url=feed.url).items)


def test_links_become_items() -> None:
    """A teaser gives title, address, date and words; a box without a web address gives nothing."""
    first, second = links("div.teaser")
    assert (first.title, first.url) == ("Fähre fährt wieder", "https://hafen.example/news/faehre")
    assert first.published == datetime(2026, 5, 26, 6, tzinfo=UTC)
    assert "Ab Montag um neun." in first.text
    assert (first.source, first.language) == ("Hafenblatt", "de")
    assert (second.title, second.text) == ("Kran fällt um", "")


@pytest.mark.parametrize("selector", ["h2 a", ".teaser a", "h2 > a, nav.none"])
def test_the_selector_may_name_the_links_themselves(selector: str) -> None:
    """A link around a picture and one around the headline are one item, with the same ids whichever way they are found."""
    assert [item.url for item in links(selector)] == [item.url for item in links("div.teaser")]
    assert links(selector)[1].id == links("div.teaser")[1].id


def test_a_link_without_words_has_its_title() -> None:
    """The title attribute is used where a link has no words."""
    assert [item.title for item in links("li a")] == ["Drittens"]


@pytest.mark.parametrize(("selector", "reason"), [("h3 a", "no link matches"), ("a[", "not a CSS selector")])
def test_a_selector_that_finds_nothing_is_an_error(selector: str, reason: str) -> None:
    """A page that was rebuilt must not read as a day without news."""
    with pytest.raises(CollectError, match=reason):
        links(selector)


@pytest.mark.parametrize("name", ["article", "page_2", "local_news", "my_page"])
def test_a_page_without_an_outlet_carries_its_own_title(name: str) -> None:
    """A saved page has no host, and a key such as ARTICLE tells a reader nothing: its title, or TITLE, stands there."""
    saved = Feed(url=f"/tmp/{name}", name=name, kind=FeedKind.PAGE)
    bare = ARTICLE.replace('<meta property="og:site_name" content="Quay News">', "").replace(
        '<link rel="canonical" href="https://quay.example/foundry?utm_source=x">', ""
    )
    assert parse_page(bare.encode(), feed=saved, now=NOW).items[0].source == "Second line for the foundry"
    with_title = f"Second line for the foundry\n{TEXT}"
    assert {item.source for item in parse_page(with_title.encode(), feed=saved, now=NOW).items} == {
        "Second line for the foundry"
    }
    titled = Feed(url=f"/tmp/{name}", name=name, title="Quay Gazette", kind=FeedKind.PAGE)
    assert {item.source for item in parse_page(TEXT.encode(), feed=titled, now=NOW).items} == {"Quay Gazette"}


@pytest.mark.parametrize(
    ("url", "name", "outlet"),
    [
        ("/tmp/harbour-report.txt", "article", "Harbour report"),
        ("/tmp/article.txt", "my_page", "My page"),
        ("/tmp/harbour-report.txt", "tides", "Tides"),
        ("https://quay.example/a.txt", "article", "quay.example"),
    ],
)
def test_a_text_is_not_named_after_its_first_sentence(url: str, name: str, outlet: str) -> None:
    """A text without a title is named by its host, its key, or its file where the key says nothing."""
    page = Feed(url=url, name=name, kind=FeedKind.PAGE)
    assert {item.source for item in parse_page(TEXT.encode(), feed=page, now=NOW).items} == {outlet}


def test_a_text_keeps_the_name_that_its_owner_gave_it() -> None:
    """Where that says something, it is better than a headline."""
    note = Feed(url="/tmp/note.txt", name="closing_note", kind=FeedKind.PAGE)
    assert {item.source for item in parse_page(TEXT.encode(), feed=note, now=NOW).items} == {"Closing note"}


SHORT = """<!doctype html><html lang="en"><head><title>Hinge cast arrives</title></head><body><nav><a href="/">Home</a> <a href="/n">News</a></nav>
{}<footer><p>Copyright Quay News</p></footer></body></html>"""
FIGURE = "<figure><img src='a.jpg'><figcaption>The gate in May, seen from the pier. Photo: B. L.</figcaption></figure>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<article><h1>Hinge cast arrives</h1>{FIGURE}<p>The hinge was cast in Oslo.</p><p>It weighs four tonnes.</p></article>",
         "The hinge was cast in Oslo.\nIt weighs four tonnes."),
        (f"<article><header><h1>Hinge cast arrives</h1><p>By Anna Orlov</p></header>{FIGURE}<p>The hinge was cast in Oslo.</p></article>",
         "The hinge was cast in Oslo."),
        (f"<main><h1>Hinge cast arrives</h1><div>The hinge was cast in Oslo.<br>It weighs four tonnes.</div>{FIGURE}</main>",
         "The hinge was cast in Oslo.\nIt weighs four tonnes."),
        ("<div><h1>Hinge cast arrives</h1><p>The hinge was cast in Oslo.</p><p>It weighs four tonnes, and the port paid for it.</p></div>",
         "The hinge was cast in Oslo.\nIt weighs four tonnes, and the port paid for it."),
        (f"<div itemprop='articleBody'>{FIGURE}<p>The hinge was cast in Oslo.</p><ul><li>It weighs four tonnes.</li></ul></div>",
         "The hinge was cast in Oslo.\nIt weighs four tonnes."),
        ("<article><h1>Hinge cast arrives</h1><p class='photo-caption'>The gate is seen from the pier.</p><p>The hinge was cast in Oslo.</p></article>",
         "The hinge was cast in Oslo."),
        ("<article><h1>Hinge cast arrives</h1><p>The hinge was cast in Oslo.</p><div class='box related'><p>The levy is not legal. Experts say so.</p></div></article>",
         "The hinge was cast in Oslo."),
        ("<main><article><h1>Hinge cast arrives</h1><p>The hinge was cast in Oslo.</p></article><article><h2>Levy</h2><p>The levy is not legal, they say.</p></article></main>",
         "The hinge was cast in Oslo."),
    ],
)  # fmt: skip
def test_a_short_page_keeps_its_paragraphs(body: str, text: str) -> None:
    """Of a page that says little, headline, caption and menu are not glued to its first sentence."""
    assert parse_page(SHORT.format(body).encode(), feed=PAGE, now=NOW).items[0].text == text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<title>Just a moment...</title><p>Checking that the site connection is secure</p><script src='/cdn-cgi/challenge-platform/x.js'></script>", "asks for a browser check"),
        ("<title>Sign in</title><h1>Sign in</h1><p>Please sign in to go on to this page.</p>", "asks to log in"),
        ("<title>Quay News</title><p>We and our partners store and access information on a device, such as cookies, and process personal data.</p>", "asks for cookies"),
        ("<title>Quay News</title><main><p>Wir und unsere 120 Partner verwenden Cookies, um Daten auf Ihrem Gerät zu speichern.</p></main>", "asks for cookies"),
        ("<title>Quay News</title><main><p>Nous et nos partenaires utilisons des cookies pour stocker des informations.</p></main>", "asks for cookies"),
    ],
)  # fmt: skip
def test_a_wall_is_no_article(page: str, reason: str) -> None:
    """What stands in the place of an article is named, and never told as news."""
    with pytest.raises(CollectError, match=reason):
        parse_page(f"<html><head><meta charset=utf-8></head><body>{page}</body></html>".encode(), feed=PAGE, now=NOW)


def test_an_article_about_cookies_is_one() -> None:
    """Under a guard's script, too, which sites carry on every page."""
    body = "<article><h1>Cookies banned</h1><p>The port must ask before it sets cookies of partners, the minister said.</p></article>"
    page = f"<html><head><title>Cookies banned</title><script src='/cdn-cgi/challenge-platform/x.js'></script></head><body>{body * 3}</body></html>"
    assert parse_page(page.encode(), feed=PAGE, now=NOW).items[0].title == "Cookies banned"
