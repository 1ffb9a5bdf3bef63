"""Items as their outlets mean them, however a feed writes them: titles, texts, links, outlets."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from samples_collect import entry, rss

from digestbot.collect.canonical_url import canonical_url, with_place
from digestbot.collect.direct_address import direct_address
from digestbot.collect.feeds import feed_links, normalise_feed, parse_feed
from digestbot.collect.html_to_text import plain_text
from digestbot.collect.parse_fast import read_fast
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.collect.source_name import source_name
from digestbot.model import Feed, Item

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
FEED = Feed(url="https://harbour.example/feed", name="harbour")
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><title>Harbour Notes</title>
<link rel="alternate" href="https://harbour.example/"/>{}</feed>"""


def read(content: bytes | str, feed: Feed = FEED) -> tuple[Item, ...]:
    return parse_feed(content.encode() if isinstance(content, str) else content, feed=feed, now=NOW).items


def atom(*entries: str) -> tuple[Item, ...]:
    return read(
        ATOM.format(
            "".join(
                f"<entry><id>{n}</id><updated>2026-05-26T08:00:00Z</updated>{one}</entry>"
                for n, one in enumerate(entries)
            )
        )
    )


@pytest.mark.parametrize(
    ("links", "address"),
    [
        ("<link rel='self' href='https://h.example/atom/1'/><link href='https://h.example/1'/>", "https://h.example/1"),
        ("<link rel='via' href=''/><link rel='via' href='https://h.example/1'/>", "https://h.example/1"),
        ("<link rel='edit' href='https://h.example/edit/1'/><link rel='alternate' href='https://h.example/1'/>", "https://h.example/1"),
        ("<link rel='alternate' type='application/json' href='https://h.example/1.json'/><link rel='alternate' type='text/html' href='https://h.example/1'/>",
         "https://h.example/1"),
        ("<link rel='alternate' type='application/pdf' href='https://h.example/1.pdf'/>", "https://h.example/1.pdf"),
        ("<link rel='replies' href='https://h.example/1/comments'/><link rel='via' href='https://other.example/1'/>", "https://other.example/1"),
        ("<link rel='enclosure' type='audio/mpeg' href='https://cdn.example/1.mp3'/>", "https://cdn.example/1.mp3"),
        ("<link rel='self' href='https://h.example/feed'/>", ""),
        ("<link xml:base='https://b.example/x/' href='1'/>", "https://b.example/x/1"),
        ("<link rel='self' type='text/html' href='https://h.example/1'/>", "https://h.example/1"),
        ("<link rel='self' type='application/atom+xml' href='https://h.example/1.atom'/>", ""),
        ("<link rel='related' href='https://h.example/2'/><link rel='http://www.iana.org/assignments/relation/alternate' href='https://h.example/1'/>",
         "https://h.example/1"),
        ("<link rel='alternate canonical' href='https://h.example/1'/><link rel='related' href='https://h.example/2'/>", "https://h.example/1"),
        ("<link rel='bookmark' href='https://h.example/1'/>", "https://h.example/1"),
        ("<link rel='payment' href='https://pay.example/'/><link rel='license' href='https://l.example/'/>", ""),
    ],
)  # fmt: skip
def test_the_page_among_an_entrys_links(links: str, address: str) -> None:
    """The alternate that is a page comes first; the feed itself, its editing and its comments are no article."""
    assert atom(f"<title>Gold</title>{links}")[0].url == address


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        ("<atom:link rel='related' href='https://h.example/rel'/><link>https://h.example/1</link>", "https://h.example/1"),
        ("<atom:link rel='alternate' href='https://h.example/atom'/><link>https://h.example/1</link>", "https://h.example/1"),
        ("<link/><guid>https://h.example/1</guid>", "https://h.example/1"),
        ("<guid isPermaLink='false'>https://h.example/1</guid>", ""),
        ("<guid isPermaLink='false'>a1</guid><enclosure url='https://cdn.example/1.mp3' type='audio/mpeg'/>", "https://cdn.example/1.mp3"),
        ("<media:content url='https://cdn.example/1.mp4' type='video/mp4'/>", "https://cdn.example/1.mp4"),
        ("<media:player url='https://cdn.example/watch'/>", "https://cdn.example/watch"),
        ("<link>#</link><guid>https://h.example/1</guid>", "https://h.example/1"),
        ("<link>https://harbour.example/feed</link><guid>https://h.example/1</guid>", "https://h.example/1"),
        ("<link>\n https://h.example/\n   2026/1\n</link>", "https://h.example/2026/1"),
        ("<link>http://https://h.example/1</link>", "https://h.example/1"),
        ("<link>&lt;https://h.example/1&gt;</link>", "https://h.example/1"),
        ("<link>&lt;a href=&quot;/1&quot; hreflang=&quot;en&quot;&gt;Gold&lt;/a&gt;</link>", "https://harbour.example/1"),
        ("<link>https:/h.example/1</link>", "https://h.example/1"),
        ("<link>http:///h.example/1</link>", "http://h.example/1"),
        ("<link>https//h.example/1</link>", "https://h.example/1"),
        ("<link>https;//h.example/1</link>", "https://h.example/1"),
        ("<link>htttps://h.example/1</link>", "https://h.example/1"),
        ("<link>ttps://h.example/1</link>", "https://h.example/1"),
        ("<link>hxxps://h.example/1</link>", "https://h.example/1"),
        ("<link>https:\\\\h.example\\1</link>", "https://h.example/1"),
        ("<link>https:// h.example/1</link>", "https://h.example/1"),
        ("<link>https://h.examplehttps://h.example/1</link>", "https://h.example/1"),
        ("<link>https://harbour.example/https://harbour.example/1</link>", "https://harbour.example/1"),
        ("<link>https://harbour.example/https://other.example/1</link>", "https://other.example/1"),
        ("<link>https://keeper.example/https://h.example/1</link>", "https://keeper.example/https://h.example/1"),
        ("<link>www.other.example/1</link>", "https://www.other.example/1"),
        ("<guid isPermaLink='true'>www.h.example/1</guid>", "https://www.h.example/1"),
        ("<link>undefined</link><guid>https://h.example/1</guid>", "https://h.example/1"),
        ("<link>null</link><guid isPermaLink='false'>a1</guid><enclosure url='https://cdn.example/1.mp3'/>", "https://cdn.example/1.mp3"),
        ("<link>N/A</link>", ""),
        ("<link>https://harbour.example/</link><guid>https://harbour.example/2026/1</guid>", "https://harbour.example/2026/1"),
        ("<link>https://harbour.example/</link><guid isPermaLink='false'>https://ids.example/1</guid>", "https://harbour.example/"),
        ("<enclosure url='https://cdn.example/1.jpg' type='image/jpeg'/><enclosure url='https://cdn.example/1.mp3' type='audio/mpeg'/>",
         "https://cdn.example/1.mp3"),
        ("<link href='https://h.example/1'/>", "https://h.example/1"),
        ("<atom:link href='https://h.example/1'/>", "https://h.example/1"),
    ],
)  # fmt: skip
def test_the_link_of_an_rss_item(inside: str, address: str) -> None:
    """RSS's own link, wherever it stands; else Atom's, a guid that is one, the file."""
    document = (
        rss(f"<item><title>Gold</title>{inside}</item>")
        .decode()
        .replace("<rss", '<rss xmlns:atom="http://www.w3.org/2005/Atom"')
    )
    assert read(document)[0].url == address


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<title type='text'>The &lt;hr&gt; tag</title>", "The <hr> tag"),
        ("<title type='text'>&amp;lt; is less</title>", "&lt; is less"),
        ("<title type='text/plain'>a &lt;b&gt;c&lt;/b&gt;</title>", "a <b>c</b>"),
        ("<title type='html'>Caf&amp;eacute; &lt;b&gt;open&lt;/b&gt;</title>", "Café open"),
        ("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>5 &lt; <em>6</em></div></title>", "5 < 6"),
        ("<title>Gold &lt;b&gt;rises&lt;/b&gt;</title>", "Gold rises"),
        ("<media:title>A photo</media:title><title>The lock</title>", "The lock"),
    ],
)
def test_a_titles_type_is_what_it_says(title: str, shown: str) -> None:
    """Text is text, tags and all; HTML is read; without a type it is what it looks like."""
    assert atom(f"{title}<link href='https://h.example/1'/>")[0].title == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("The%20lock%20opens%20at%20noon", "The lock opens at noon"),
        ("Caf%C3%A9%20opens", "Café opens"),
        ("The lock%20opens", "The lock%20opens"),
        ("Up 20%", "Up 20%"),
    ],
)
def test_a_title_of_an_address_is_words_again(title: str, shown: str) -> None:
    """What a program encoded for an address is decoded where it has no space of its own."""
    assert read(rss(entry(title=title, description="")))[0].title == shown


@pytest.mark.parametrize(
    "title",
    ["(no title)", "Untitled", "null", "[No Title]",
     "https://h.example/x", "…", "Ohne Titel", "undefined", "无标题", "no-title", "N / A", "Auto Draft",
     "Untitled Page", "untitled-1", "{{ title }}", "${title}", "%title%", "Sans-titre", "(brak tytułu)", "タイトルなし", "http://", "harbour.example/1", "Photo",
     "NULL", "БЕЗ ЗАГОЛОВКА", "Başlıksız", "BAŞLIKSIZ", "OHNE TITEL", "SIN TÍTULO",
     "- no title -", "*** untitled ***", "Нет заголовка", "Neuer Beitrag", "Entrada sin título", "Novo post", "Nieuw bericht", "Senza nome", "sans titre (2)",
     "Document sans titre", "Unbenanntes Dokument", "Namnlös", "Bez nazwy", "بلا عنوان", "Новая запись", "Nouveau message", "Nueva entrada", "Nuovo post",
     "Nytt inlägg", "Nowy wpis", "Yeni yazı", "新しい投稿", "無題のドキュメント", "Status update", "Tweet", "Untitled draft", "Título", "Titel", "«без названия»"],
)  # fmt: skip
def test_a_title_that_is_none_comes_from_the_text(title: str) -> None:
    """Where a program wrote that there is no title, the first sentence is it."""
    text = "Two ships met at dawn. Then they parted."
    assert read(rss(entry(title=title, description=text)))[0].title == "Two ships met at dawn."


@pytest.mark.parametrize(
    "title",
    ["No", "Why?!", "None of the above", "Title IX", "Post Office", "Note to self", "Null Island", "Untitled Goose Game", "Status quo", "Tweets", "1984", "C++",
     "Titelkampf", "Neue Fähre", "Новая газета", "Post!", "True crime", "Item 9", "Photo 51", "- 40 degrees"],
)  # fmt: skip
def test_a_short_title_is_one(title: str) -> None:
    """What only begins like a word for none is a headline."""
    assert read(rss(entry(title=title)))[0].title == title


@pytest.mark.parametrize(
    "sentence",
    ["Mr. Lind will speak on Friday.", "U.K. stocks fell two percent.", "At 7 a.m. Monday the horn sounded.", "No. 4 will be closed for a week.",
     "The pans, i.e. those of salt, were dug in 1640.", "Prof. B. Orlov of St. Anna left.", "It cost 3.5 million crowns."],
)  # fmt: skip
def test_a_title_made_of_text_is_a_whole_sentence(sentence: str) -> None:
    """An abbreviation, an initial or a decimal does not end it."""
    assert (
        read(rss(f"<item><link>https://h.example/1</link><description>{sentence} Nobody moved.</description></item>"))[
            0
        ].title
        == sentence
    )


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<media:group><media:description>The rotor cracked.</media:description></media:group>", "The rotor cracked."),
        ("<media:content url='https://h.example/a.png' medium='image'><media:description type='plain'>Fog at dawn</media:description></media:content>",
         "Fog at dawn"),
        ("<description>Hi!</description><media:description>A gate, seen from the pier in fog</media:description>", "Hi!"),
        ("<description>&lt;p&gt;&lt;/p&gt;</description><media:description>Fog at dawn</media:description>", "Fog at dawn"),
        ("<description>The lock opens.</description><content:encoded>&lt;img src='a'&gt;</content:encoded><media:description>Fog</media:description>",
         "The lock opens."),
        ("<description></description><dc:description>The lock opens.</dc:description>", "The lock opens."),
        ("<description>Short.</description><content:encoded>&lt;p&gt;Longer than that.&lt;/p&gt;</content:encoded>", "Longer than that."),
    ],
)  # fmt: skip
def test_descriptions_of_other_vocabularies(inside: str, text: str) -> None:
    """They are read where the item has no words of its own."""
    assert read(rss(f"<item><title>Gold</title>{inside}</item>"))[0].text == text


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://a.example/x%3Fid%3D7&ct=ga",
        "https://www.google.de/url?q=https://a.example/x?id%3D7&usg=A",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D7&h=AT0",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx%3Fid%3D7&data=05",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fa.example%252Fx%253Fid%253D7",
        "https://r.search.yahoo.com/_ylt=A2/RV=2/RU=https%3a%2f%2fa.example%2fx%3fid%3d7/RK=2/RS=x",
        "https://urldefense.com/v3/__https://a.example/x?id=7__;!!AbC",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_x-3Fid-3D7&d=DwMF",
        "https://www.google.com/amp/s/a.example/x?id=7",
        "http://news.google.com/news/url?sa=t&fd=R&ct2=us&url=https://a.example/x?id%3D7",
        "https://news.url.google.com/url?url=https://a.example/x?id%3D7",
        "https://us.rd.yahoo.com/dailynews/rss/*https://a.example/x?id=7",
        "https://yandex.ru/clck/jsredir?from=news&url=https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fa.example%2fx%3fid%3d7&c=E,1",
        "https://www.facebook.com/flx/warn/?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D7&h=A",
        "https://l.threads.net/?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D7&e=AT",
        "https://l.messenger.com/l.php?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://go.bsky.app/redirect?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://link.zhihu.com/?target=https%3A//a.example/x%3Fid%3D7",
        "https://weibo.cn/sinaurl?u=https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://www.pixiv.net/jump.php?url=https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://redirect.viglink.com/?key=1&u=https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://www.awin1.com/cread.php?awinmid=1&awinaffid=2&ued=https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://secure-web.cisco.com/1abc-DEF/https%3A%2F%2Fa.example%2Fx%3Fid%3D7",
        "https://news.google.com/rss/articles/" + base64.urlsafe_b64encode(b"\x08\x13\x22\x18https://a.example/x?id=7\xd2\x01\x00").decode() + "?oc=5",
    ],
)  # fmt: skip
def test_an_address_that_leads_on_is_the_one_it_leads_to(link: str) -> None:
    """Redirects that hold their target are decoded without a request."""
    assert direct_address(link) == "https://a.example/x?id=7"


@pytest.mark.parametrize(
    "link", ["https://www.google.com/search?q=https://a.example/", "https://www.google.com/url?q=javascript:alert(1)", "https://a.example/?url=https://b.example/"]
)  # fmt: skip
def test_other_addresses_stay(link: str) -> None:
    """An address in a parameter is not always where a link leads."""
    assert direct_address(link) == link


def test_an_aggregators_article_is_its_outlets() -> None:
    """Behind a redirect the outlet is the one at the end of the headline where the host agrees, else the host."""
    link = "https://www.google.com/url?url=https://www.{}/x&amp;ct=ga"
    found = read(
        rss(
            entry(1, title="Tax takes effect today - Quay Times", link=link.format("quaytimes.example")),
            entry(2, title="Tax takes effect - a report", link=link.format("wharf.example")),
            title="Google Alert - tax",
        )
    )
    assert [(item.title, item.source) for item in found] == [
        ("Tax takes effect today", "Quay Times"),
        ("Tax takes effect - a report", "wharf.example"),
    ]


@pytest.mark.parametrize("fragment", ["#v2.4", "#/post/17", "#!/a", "#block-12ab", "#msg1", "#kapitel-3"])
def test_places_in_a_page_stay(fragment: str) -> None:
    """An anchor or an application's route is part of the address."""
    assert (
        with_place(canonical_url(f"https://a.example/log{fragment}", fragment=True))
        == f"https://a.example/log{fragment}"
    )


@pytest.mark.parametrize(
    "fragment",
    ["#top", "#comments", "#xtor=RSS-1", "#utm_source=rss", "#ref=rss", "#respond", "#", "#:~:text=gold", "#main?utm_source=rss&utm_medium=x"],
)  # fmt: skip
def test_idle_fragments_go(fragment: str) -> None:
    """Campaigns and what every page has are no place."""
    assert with_place(canonical_url(f"https://a.example/log{fragment}", fragment=True)) == "https://a.example/log"


def test_a_campaign_behind_a_route_goes() -> None:
    """What was appended as if there were no fragment is no part of it."""
    assert with_place("https://a.example/#/post/17?utm_source=rss&id=7") == "https://a.example/#/post/17&id=7"
    assert with_place("https://a.example/log#v2.4&utm_source=rss") == "https://a.example/log#v2.4"


@pytest.mark.parametrize(
    "tracker",
    [
        "utm_source=x",
        "igsh=a",
        "srsltid=b",
        "at_medium=RSS",
        "pk_campaign=c",
        "ysclid=d",
        "xtor=RSS-3",
        "wt_mc=e",
        "_ga=1.2",
        "ref=rss",
        "source=feed",
        "traffic_source=rss",
        "hsa_cam=12",
        "gad_source=1",
        "ttclid=f",
        "ref_src=twsrc",
        "source=rss-12ab------2",
        "mod=rss_news",
        "rss=1",
        "rss",
        "emc=rss",
        "utm%5Fsource=rss",
        "feature=youtu.be",
        "WT.mc_id=rss",
        "PHPSESSID=0123456789abcdef",
        "sid=0123456789abcdef0123456789abcdef",
    ],
)
def test_trackers_go(tracker: str) -> None:
    """Parameters that only count readers are not part of the address."""
    assert canonical_url(f"https://a.example/x?{tracker}&id=7") == "https://a.example/x?id=7"


@pytest.mark.parametrize(
    "query",
    ["id=7?utm_source=rss&utm_medium=feed", "utm_source=rss?id=7", "id=7?UTM_Source=rss", "id=7&utm_medium=rss?"],
)
def test_trackers_behind_a_second_question_mark_go(query: str) -> None:
    """Programs append their parameters as if there were none yet, or put the address' own behind theirs."""
    assert canonical_url(f"https://a.example/x?{query}") == "https://a.example/x?id=7"


@pytest.mark.parametrize(
    "parameter",
    [
        "source=2",
        "ref=main",
        "uid=7",
        "cid=4",
        "keyword=lock",
        "session=12",
        "campaign=7",
        "clid=3",
        "utm=1",
        "type=rss",
        "rss=sport",
        "feature=1",
        "sid=12",
        "sid=0123456789abcdef0123456789abcdef",
        "s=lock",
    ],
)
def test_parameters_with_a_meaning_stay(parameter: str) -> None:
    """What chooses a page somewhere is kept, though lists of trackers have it."""
    assert canonical_url(f"https://a.example/x?{parameter}") == f"https://a.example/x?{parameter}"


def test_the_address_of_a_named_feed_is_asked_whole() -> None:
    """A page's own feed may be chosen by a parameter that is idle in the address of an article."""
    page = b"<html><head><link rel='alternate' type='application/rss+xml' href='/forum.php?mod=rss&from=feed'></head></html>"
    assert feed_links(page, "https://a.example/") == ("https://a.example/forum.php?mod=rss&from=feed",)


@pytest.mark.parametrize(
    "link", ["https://h.example/live", "https://harbour.example/", "https://h.example/list?page=1"]
)
def test_entries_that_share_a_link_are_several(link: str) -> None:
    """Entries of one document with one address have each their own place in it; copies of one entry stay one."""
    found = read(rss(*(entry(n, link=link) for n in range(3))))
    assert len({item.url for item in found}) == len({item.id for item in found}) == 3
    assert all(item.url.startswith(f"{link}#") for item in found)
    assert len({item.url for item in read(rss(entry(1, link=link), entry(1, link=link)))}) == 1


LIST = '<ol><li><a href="https://n.example/1">{}</a>&nbsp;<font color="#6f6f6f">Quay Times</font></li>{}</ol>'
MORE = '<li><a href="https://n.example/2">Is the levy even legal? Experts doubt it.</a>&nbsp;<font>Tribune</font></li>'


@pytest.mark.parametrize(
    "markup",
    [
        LIST.format("The lock opens at last", ""),
        LIST.format("The lock opens at last", MORE),
        '<a href="https://n.example/1">The lock opens at last</a>&nbsp;&nbsp;Quay Times',
        '<ol><li><a href="/1">船閘連續第三天關閉</a>&nbsp;<font>碼頭報</font></li><li><a href="/2">專家：稅項並不合法。議會再議。</a>&nbsp;<font>論壇報</font></li></ol>',
        '<ul><li><a href="/1">Council votes on ferry tax</a></li><li><a href="/2">Mayor leaves after nine years</a></li></ul>',
        '<a href="https://n.example/item?id=1">Comments</a>',
        "Read more...",
        "{{ post.excerpt }}",
        "{% if page.words %}{{ page.words }}{% endif %}",
        "${words}",
        "%%EXCERPT%%",
        "<%= item.words %>",
        "[object Object]",
        "Keine Beschreibung",
        "No excerpt available.",
        "NaN",
        "...",
        "Lorem ipsum dolor sit amet, consectetur.",
        '<a href="https://n.example/1">https://n.example/1</a>',
        '&#32; submitted by <a href="/u/quay"> /u/quay </a> to <a href="/r/sea"> r/sea </a><br/><a href="/1">[link]</a> <a href="/2">[comments]</a>',
        "<p>Article URL: <a href='/1'>https://n.example/1</a></p><p>Comments URL: <a href='/2'>https://n.example/2</a></p><p>Points: 7</p><p># Comments: 2</p>",
        "<p>The post <a href='/1'>The lock opens at last</a> appeared first on <a href='/'>Quay Times</a>.</p>",
    ],
)
def test_lists_of_headlines_are_no_text(markup: str) -> None:
    """What only names other reports, or where to go on, is nothing that the outlet said."""
    assert read(rss(entry(title="The lock opens at last", description=f"<![CDATA[{markup}]]>")))[0].text == ""


@pytest.mark.parametrize(
    "end",
    [
        "<p>The post <a rel='nofollow' href='/1'>Bread &amp; locks</a> appeared first on <a href='/'>Quay Times</a>.</p>",
        "<p>Der Beitrag <a href='/1'>Bread &#038; locks</a> erschien zuerst auf <a href='/'>Quay Times</a>.</p>",
        "<p><a href='/1'>Bread &amp; locks</a> yazısı ilk önce <a href='/'>Quay Times</a> üzerinde ortaya çıktı.</p>\n",
        "<p>投稿 <a href='/1'>Bread &amp; locks</a> は <a href='/'>Quay Times</a> に最初に表示されました。</p>",
        "<div>ظهرت المقالة <a href='/1'>Bread &amp; locks</a> أولاً على <a href='/'>Quay Times</a>.</div>",
        " &#32; submitted by &#32; <a href='/u/quay'> /u/quay </a> <br/> <span><a href='/1'>[link]</a></span> <span><a href='/2'>[comments]</a></span>",
        "<hr><p>Comments URL: <a href='/2'>https://n.example/2</a></p><p>Points: 7</p><p># Comments: 2</p>",
    ],
)  # fmt: skip
def test_the_line_that_a_program_puts_under_a_text_goes(end: str) -> None:
    """The blog's name in any language, and who brought a link; a last line with other links stays."""
    words = "<p>The keeper said that nobody had been hurt in the lock.</p>"
    other = "<p>Bread costs what it did, says <a href='/2'>the baker</a> on <a href='/3'>the quay</a>.</p>"
    found = read(
        rss(
            *(
                entry(at, title="Bread &amp; locks", description=f"<![CDATA[{words}{one}]]>")
                for at, one in enumerate((end, other))
            )
        )
    )
    assert found[0].text == "The keeper said that nobody had been hurt in the lock."
    assert found[1].text.endswith("on the quay.")


@pytest.mark.parametrize(
    "content",
    [
        "<![CDATA[<img src='https://harbour.example/a/long/address/of/a/picture.jpg'>]]>",
        "<![CDATA[<div class='outer wrapper row'><div class='column'><a href='https://harbour.example/1'>Read more</a></div></div>]]>",
        "{{ content_for_readers_of_this_feed }}",
        "<![CDATA[<p>The post <a href='https://harbour.example/1'>Gold</a> appeared first on <a href='/'>Harbour Post</a>.</p>]]>",
    ],
)
def test_where_the_longer_text_says_nothing_the_other_counts(content: str) -> None:
    """Length is that of markup; both parsers take the text that says something."""
    document = rss(
        entry(title="Gold", description="The lock opens.", more=f"<content:encoded>{content}</content:encoded>")
    )
    for reader in (read_fast, read_thorough):
        raw = reader(document)
        assert raw is not None
        assert [item.text for item in normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items] == [
            "The lock opens."
        ]


@pytest.mark.parametrize(
    "words",
    [
        '"content_html":"<p> </p>","content_text":"The lock opens."',
        '"content_html":"<img src=a.jpg>","content_text":"The lock opens."',
        '"content_html":"<a href=/1>Read more</a>","summary":"The lock opens."',
        '"content_text":"undefined","summary":"The lock opens."',
        '"content_html":null,"summary":"The lock opens."',
    ],
)
def test_a_json_feeds_text_is_the_one_that_says_something(words: str) -> None:
    """Programs write an empty paragraph, a picture or a link where an item has no page of its own."""
    assert (
        read(f'{{"version":"https://jsonfeed.org/version/1.1","items":[{{"id":"1","title":"Gold",{words}}}]}}')[0].text
        == "The lock opens."
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<p>The <a href="/1">city council of Bergen</a> voted for the tax on Monday, after a night of talks.</p>',
        '<p>Boats pass again. <a href="/1">Read the whole report here</a></p><p>The keeper said that nobody had been hurt in the lock.</p>',
        '<p>船閘<a href="/1">連續第三天關閉</a>，船隻等候多時，守閘人說周一發現鉸鏈彎曲，所以不肯用手開閘。港口稍後會再公布。</p>',
        '<a href="/1">A new map of the whole harbour is out today</a>',
        '<a href="/1">Lock opens early</a> <a href="/2">Lock shuts late</a> <a href="/3">Nine boats wait</a><p>The keeper said that nobody had been hurt there.</p>',
        '<p>Nine boats waited. See <a href="/1">our map of the port</a> for more.</p>',
    ],
)
def test_prose_with_links_is_text(markup: str) -> None:
    """A report may link to others."""
    assert len(read(rss(entry(description=f"<![CDATA[{markup}]]>")))[0].text) > 40


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<figure><img src='a'><figcaption>The lock in May. Photo: A. B.</figcaption></figure><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<figure><img src='a'><p>The lock in May.</p></figure><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<figure><img src='a'><cite>Bo Lind drew it.</cite></figure>The lock stayed shut.", "The lock stayed shut."),
        ("<figure><blockquote>It is shut.</blockquote></figure><p>The lock stayed shut.</p>", "It is shut.\nThe lock stayed shut."),
        ("<table><tr><td><img src='a'></td></tr><tr><td class='tr-caption'>The lock in May.</td></tr></table>The lock stayed shut.", "The lock stayed shut."),
        ("<dl class='wp-caption'><dt><img src='a'></dt><dd class='wp-caption-text'>In May.</dd></dl>The lock stayed shut.", "The lock stayed shut."),
        ("<img src='a'><p class=caption>The lock in May.</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<img src='a'><span class='credit'>Bo Lind for Quay Times.</span><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<img src='a'><p class='credit-union'>The bank opened.</p><p>The lock stayed shut.</p>", "The bank opened.\nThe lock stayed shut."),
        ("<div class='photo-caption'><p>The gate is seen from the pier.</p></div><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<div class='captions-on'><p>The bank opened.</p></div><p>The lock stayed shut.</p>", "The bank opened.\nThe lock stayed shut."),
        ("<div class='wp-caption'><img src='a'><p class='wp-caption-text'>The lock in May</p></div><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>The eastern lock. Photo: Anna Orlov/Quay Times</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>The eastern lock, shut (AP Photo/Jane Doe)</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>A crane at dawn. | Photo by Jane Doe for Quay Times</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>A gate (Image credit: Port of Bergen)</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>Nature Tides, Published online: 25 May 2026; doi:10.1038/s41586-026-1</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("arXiv:2605.01234v1 Announce Type: new \nAbstract: The lock stayed shut.", "The lock stayed shut."),
        ("<p>Abstract: The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>Author(s): A. Orlov, B. Lind</p><p>The lock stayed shut.</p><p>[Phys. Rev. 128, 010401] Published Mon May 25, 2026</p>", "The lock stayed shut."),
        ("<p>Anna B. Orlov, Bo Lindqvist, Carl Day</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>The ferry in May. (Jane Doe / Getty Images)</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>L’écluse en mai. Crédit : Jane Doe</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        *((f"<p>{caption}</p><p>The lock stayed shut.</p>", "The lock stayed shut.") for caption in (
            "La esclusa. Crédito: Ana Ruiz", "La chiusa. Foto di Anna Orlov", "De sluis. Beeld: ANP", "Śluza. Fot. PAP/Anna Orlov", "Sulku. Kuva: Anna Orlov", "Kanal. Fotoğraf: AA",
            "L’écluse. Photo AFP", "Шлюз. Фото: Анна Орлова", "閘門は空だ。写真：共同", "閘門は空だ＝5月25日、港で撮影", "갑문. 사진=연합", "船閘。（圖／記者王明攝）", "船闸。记者 王明 摄",
            "Die Schleuse (Symbolbild)", "Die Schleuse ist leer (Symbolbild).", "The gate. File photo", "The gate. REUTERS/Anna Orlov", "The gate. Getty Images", "The gate. (Anna Orlov via AP)",
            "The gate. (ABC News: Anna Orlov)", "The gate. (Supplied: Port of Bergen)")),
        ("<p>Objectives: The lock stayed shut.</p>", "The lock stayed shut."),
        ("<div>Abstract</div><div>Background</div><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>Keywords: tides, locks</p><p>Abstract</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>Subjects: Tides</p><p>Background: The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>Resumen: The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>要旨：The lock stayed shut.</p>", "The lock stayed shut."),
        *((f"<p>{label}The lock stayed shut.</p>", "The lock stayed shut.") for label in (
            "Riassunto: ", "Samenvatting: ", "Streszczenie: ", "Аннотация: ", "Sammanfattning: ", "Özet: ", "초록: ", "概要：", "【摘要】", "الملخص: ", "Περίληψη: ",
            "Tóm tắt: ", "[Abstract] ", "Abstract", "TL;DR: ", "Aims: ", "Kurzfassung – ")),
        ("<h4>Resumo</h4><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>Significance. The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>The lock stayed shut.</p><p>[Tides 12, 40] Published Mon May 25, 2026</p>", "The lock stayed shut."),
        ("<p>Published : 25 May 2026</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<p>Quay Studies, Published online</p><p>The lock stayed shut.</p>", "The lock stayed shut."),
        ("<figure><img src='a'><figcaption>The lock in May.</figcaption></figure>", "The lock in May."),
        ("<p>Publication date: June 2026</p><p><b>Source:</b> Tides, Volume 3, Issue 2</p><p>Author(s): A. Orlov</p>", ""),
    ],
)  # fmt: skip
def test_what_frames_a_text_is_not_the_text(markup: str, text: str) -> None:
    """Captions, citations, lists of authors and the label before an abstract go."""
    assert read(rss(entry(description=f"<![CDATA[{markup}]]>")))[0].text == text


@pytest.mark.parametrize(
    "text",
    ["The pilots were trained via AP (a course).\nThey left.", "Il porto mostra una foto di Anna al molo.\nPoi parte.", "記者は港で写真を撮影した。\n船は出た。",
     "The gate was provided by the port.\nIt is shut.", "Reuters said so.\nThe gate is shut (NATO: a bloc).",
     "Purpose-built boats pass.", "Abstractions help nobody.", "Highlights of the game: none.", "Aims differ: he wants gold.",
     "Photographers waited at the lock. The image of the gate went around the world.", "A summary of the talks: nothing was decided.",
     "Anna Orlov, Bo Lindqvist and Carl Day met at the lock on Monday and left at noon.", "The doi: a new boat of the port, is fast.",
     "The talks begin at three (GMT/Bergen time).\nNobody knows why.", "Introduction of the toll is near.",
     "Photo by photo, Jane Doe shows the lock\nand the boats.", "A video by Friday, the keeper said, would show the lock.\nIt did not.",
     "The book has fewer than ten images/photos.\nThat is little.", "The server sends it as image/png of the lock\nand so does the boat."],
)  # fmt: skip
def test_reports_about_such_things_stay(text: str) -> None:
    """Words of a report that could also stand in a frame stay."""
    assert read(rss(entry(description=text)))[0].text == text


@pytest.mark.parametrize(
    ("site", "feed", "address"),
    [
        ("https://harbour.example/", "https://feeds.proxy.example/harbour", "https://harbour.example/news/1"),
        ("https://www.harbour.example/", "https://harbour.example/feed", "https://harbour.example/news/1"),
        ("https://harbour.example/", "http://127.0.0.1/feed", "http://127.0.0.1/news/1"),
        ("http://localhost:4000/", "https://harbour.example/feed", "https://harbour.example/news/1"),
        ("/", "https://harbour.example/feed", "https://harbour.example/news/1"),
    ],
)
def test_a_relative_link_of_a_feed_on_a_host_for_feeds_is_of_its_site(site: str, feed: str, address: str) -> None:
    """Nobody's articles are on a host that only sends feeds; where the site's address cannot be one, the feed's counts."""
    content = rss(entry(link="/news/1")).decode().replace("https://harbour.example/", site)
    assert read(content, Feed(url=feed, name="harbour"))[0].url == address


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("harbour.example/7", "https://harbour.example/7"),
        ("www.harbour.example/7?a=1", "https://www.harbour.example/7?a=1"),
        ("release-1.2/notes", "https://harbour.example/release-1.2/notes"),
        ("//harbour.example/7", "https://harbour.example/7"),
        ("7", "https://harbour.example/7"),
    ],
)
def test_a_link_without_a_scheme_that_begins_with_its_host(link: str, address: str) -> None:
    """It is an address of the web; any other one is a path."""
    assert read(rss(entry(link=link, guid="")))[0].url == address


def test_a_picture_alone_is_told_by_what_is_said_about_it() -> None:
    """The description of a picture counts where there is no other word, and only there."""
    words = "<media:content url='a.jpg' type='image/jpeg'><media:description>A boat in fog.</media:description></media:content>"
    picture, report = (
        f"<title/><content type='html'>&lt;img src='a.jpg'&gt;{text}</content>{words}"
        for text in ("", "The lock opened.")
    )
    assert [item.text for item in atom(picture, report)] == ["A boat in fog.", "The lock opened."]


@pytest.mark.parametrize(
    "cut", ['<a href="https://h.exam', "<a", "</p", "<str", "<img src='x' al", "&#82", "&nbs", "&hellip", "<", "</", "&nb...", "&#8…"]
)  # fmt: skip
def test_half_a_tag_at_the_end_is_no_word(cut: str) -> None:
    """Where a feed cut its text within a tag or a reference, that is left out."""
    assert (
        plain_text(f"<p>The lock stayed shut on Monday {cut}").rstrip("….").strip() == "The lock stayed shut on Monday"
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&amp;lt;p&amp;gt;The lock opens.&amp;lt;/p&amp;gt;", "The lock opens."),
        ("<p><![CDATA[The lock opens.]]></p>", "The lock opens."),
        ("<p>Boats wait.</p><![CDATA[<b>The lock</b> opens.]]>", "Boats wait.\nThe lock opens."),
        ("&lt;![CDATA[The lock opens.]]&gt;", "The lock opens."),
        ("<p>Die Schleu&shy;sen\xadtore blei&#173;ben zu.</p>", "Die Schleusentore bleiben zu."),
        ("Schleu\xadsen", "Schleusen"),
        ("<p>Caf&Atilde;&copy; opens.</p>", "Café opens."),
        ("It&#226;&#128;&#153;s open.", "It’s open."),
        ("<p>Â is a letter.</p>", "Â is a letter."),
        ("<p>The lock opens.<sup><a href='#f'>1</a></sup> Boats pass.</p>", "The lock opens. Boats pass."),
        ("<p>The lock opens.<sup id='r'><a href='#f'>[12]</a></sup> Boats pass.</p>", "The lock opens. Boats pass."),
        ("<p>Ten<sup>6</sup> boats, H<sub>2</sub>O.</p>", "Ten6 boats, H2O."),
        ("<p><ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>が開く。</p>", "港が開く。"),
        ("[caption id='a1']<img src='a.jpg'> The gate[/caption]<p>The lock opens.</p>", "The lock opens."),
        ('[gallery ids="1,2"] The lock opens. [/vc_column_text][/vc_column]', "The lock opens."),
        ("[b]The lock[/b] opens. [url=https://a.example/]Map[/url]", "The lock opens. Map"),
        ("[img]https://a.example/a.png[/img] The lock opens.", "The lock opens."),
        ("The lock [of Bergen] opens [sic] at 9 [/2].", "The lock [of Bergen] opens [sic] at 9 [/2]."),
    ],
)  # fmt: skip
def test_markup_of_many_programs_becomes_words(markup: str, text: str) -> None:
    """Escaped too often, sections, soft hyphens, letters encoded twice, footnotes, ruby, shortcodes and forums' tags."""
    assert plain_text(markup) == text


@pytest.mark.parametrize("text", ["5 <", "x < y", "AT&T", "Q&A", "a <3"])
def test_what_is_no_tag_at_the_end_stays(text: str) -> None:
    """A sign at the end that begins no tag is a word."""
    assert plain_text(text) == text


def test_a_redirect_within_ones_own_site_names_no_other_outlet() -> None:
    """A portal counts the clicks on its own pages, too."""
    link = "https://us.rd.yahoo.com/rss/*https://weather.yahoo.com/bergen"
    found = read(
        rss(entry(link=link), title="Yahoo Weather")
        .decode()
        .replace("https://harbour.example/", "https://www.yahoo.com/weather")
    )
    assert (found[0].source, found[0].url) == ("Yahoo Weather", "https://weather.yahoo.com/bergen")


def test_markup_in_a_channels_title_is_none_of_its_name() -> None:
    """What was escaped twice, or set in bold, is read as in a headline."""
    for title in (
        "Harbour &amp;amp; Post",
        "&lt;b&gt;Harbour&lt;/b&gt; &amp;amp; Post",
        "<![CDATA[<b>Harbour &amp; Post</b>]]>",
    ):
        assert read(rss(entry(), title=title))[0].source == "Harbour & Post"


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        ('<source url="https://wire.example/rss">The Wire</source>', "The Wire"),
        ('<source url="https://harbour.example/sport/rss">Sport</source>', "Harbour Post"),
        ("<source>Harbour Post</source>", "Harbour Post"),
        ('<source url="https://wire.example/rss">https://wire.example/rss</source>', "wire.example"),
        ("<source>12</source>", "Harbour Post"),
        ("<source>RSS</source>", "Harbour Post"),
        ("<source/>", "Harbour Post"),
        ("<source>AP</source>", "AP"),
        ('<source url="https://sport.harbour.example/rss">Harbour Post Sport</source>', "Harbour Post"),
        ('<source url="https://tide.harbour.example/rss">Tide Weekly</source>', "Tide Weekly"),
        ("<source>The Harbour Post</source>", "Harbour Post"),
        ("<source>Harbour Post Online</source>", "Harbour Post"),
        ("<source>Harbour Post Nigeria</source>", "Harbour Post Nigeria"),
        ("<source>harbour.example</source>", "Harbour Post"),
        ("<source>Harbour.example</source>", "Harbour Post"),
        ("<source>editor@harbour.example</source>", "Harbour Post"),
        ("<source>Harbour Post - Sports</source>", "Harbour Post"),
        ("<source>Sports | Harbour Post</source>", "Harbour Post"),
        ("<source>Quay Times - Sports</source>", "Quay Times - Sports"),
        (
            '<News:Source xmlns:News="https://www.bing.com/news/search?q=lock&amp;format=RSS">Quay Times</News:Source>',
            "Quay Times",
        ),
    ],
)
def test_a_source_counts_where_it_names_another_publication(source: str, outlet: str) -> None:
    """A section of its own, its own name, a number or nothing is no other outlet."""
    assert read(rss(entry(more=source)))[0].source == outlet


@pytest.mark.parametrize(
    ("sources", "outlets"),
    [
        (["Quay Times", "Bergen Daily", ""], ["Quay Times", "Bergen Daily", "My list"]),
        (["Quay Times", "Quay Times", "Quay Times"], ["My list"] * 3),
        (["", "", ""], ["My list"] * 3),
    ],
)
def test_a_title_of_the_owners_keeps_the_outlets_of_a_list(sources: list[str], outlets: list[str]) -> None:
    """TITLE names the feed's own outlet; a list whose entries name several others keeps their names."""
    content = rss(*(entry(at, more=f"<source>{name}</source>" if name else "") for at, name in enumerate(sources)))
    titled = Feed(url="https://list.example/feed", name="list", title="My list - all")
    items = parse_feed(content, feed=titled, now=NOW).items
    assert [item.source for item in items] == [outlet.replace("My list", "My list - all") for outlet in outlets]


@pytest.mark.parametrize(
    "title",
    ["Harbour Post (3)", "Harbour Post (12 new)", "Harbour Post - 14:05", "Harbour Post | Updated 26 May 2026, 14:05 GMT", "(7) Harbour Post",
     "Harbour Post: last update Tue, 26 May 2026 10:00", "Harbour Post – 2026-05-26 10:00", "Harbour Post [1,024 unread]",
     "Harbour Post 2026-05-26T10:00:00Z", "Harbour Post @ 8:15am", "Harbour Post #1234", "Harbour Post (Dienstag, 26. Mai 2026)", "Latest from Harbour Post",
     "Harbour Post (generated at Tue, 26 May 2026 06:15:00 GMT)", "Harbour Post 2026年5月26日", "Harbour Post (5 min ago)", "Harbour Post - updated 3 hours ago",
     "Harbour Post [as of 06:15]"],
)  # fmt: skip
def test_a_clock_in_a_channels_title_is_not_its_name(title: str) -> None:
    """The time, the day and counters go, so that an outlet has one name all day."""
    assert source_name(title) == "Harbour Post"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Posts on Harbour Post", "Harbour Post"),
        ("Recent content in Notes on Harbour Post", "Harbour Post"),
        ("Recent content on Harbour Post", "Harbour Post"),
        ("Harbour Post on a Friday", "Harbour Post on a Friday"),
        ("Eyes on the sea", "Eyes on the sea"),
        ("(Harbour Post Weekly|Harbour)'s blog", "(Harbour Post Weekly|Harbour)'s blog"),
        ("Top of the Pops", "Top of the Pops"),
        *(
            (title, "Harbour Post")
            for title in (
                "Harbour Post News Feed",
                "Harbour Post's Feed",
                "Harbour Post’s RSS feed",
                "Harbour Post RSS-Feed",
                "Feed of Harbour Post",
                "RSS-Feed von Harbour Post",
                "Flux RSS Harbour Post",
                "Flux RSS de Harbour Post",
                "Canal RSS de Harbour Post",
                "Harbour Post (@harbourpost) / X",
                "Harbour Post / @harbourpost",
                "Harbour Post (@harbour@post.example)",
            )
        ),
        ("The Daily Feed", "The Daily Feed"),
        ("Feed the Gulls", "Feed the Gulls"),
        ("@harbourpost", "@harbourpost"),
        *(
            (title, "harbourpost.example")
            for title in (
                "Untitled",
                "null",
                "Home",
                "RSS Feed",
                "My feed",
                "https://harbourpost.example/",
                "www.harbourpost.example",
            )
        ),
    ],
)
def test_a_generators_title_of_a_section_is_not_the_name(title: str, name: str) -> None:
    """What "Posts on NAME" names is NAME where its address says so; a bar within brackets divides nothing."""
    assert source_name(title, "https://harbourpost.example/") == name


@pytest.mark.parametrize(
    "title",
    [
        "Channel 4",
        "France 24",
        "24 Heures",
        "9 Decades",
        "Area #5",
        "Studio 54 News",
        "9to5Port",
        "1843 Magazine",
        "Euro 2028",
    ],
)
def test_numbers_that_are_names_stay(title: str) -> None:
    """Not every number is a clock or a counter."""
    assert source_name(title) == title


def test_titles_of_other_vocabularies_never_beat_the_formats_own() -> None:
    """Wherever they stand, and however many there are, the own title wins; two readings differ in nothing."""
    foreign = ["<media:title>A photo</media:title>", "<itunes:title>Salt</itunes:title>", "<dc:title>Other</dc:title>"]
    own = "<title>The lock opens</title>"
    orders = [[own, *foreign], [*foreign, own], [foreign[0], own, *foreign[1:]]]
    head = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media'
    read_all = [
        read_fast(rss(f"<item>{''.join(order)}</item>").decode().replace("xmlns:media", head, 1).encode())
        for order in orders
    ]
    assert [raw.items[0].title for raw in read_all if raw] == ["The lock opens"] * 3
    assert all(one == other for one, other in pairwise(read_all))


@pytest.mark.parametrize("kept", ["ref=main", "source=harbour", "from=bergen", "via=oslo"])
def test_parameters_that_mean_something_stay(kept: str) -> None:
    """The same names with another value are part of the address."""
    assert canonical_url(f"https://a.example/x?{kept}") == f"https://a.example/x?{kept}"


@pytest.mark.parametrize("words", ["Café über alles", "Żółć and łódź", "港の灯台", "naïve “quote”"])
def test_letters_that_were_encoded_twice_are_decoded(words: str) -> None:
    """UTF-8 taken for Latin-1 and encoded once more is read as it was meant; once is enough for all others."""
    twice = words.encode().decode("iso-8859-1")
    assert [item.title for item in read(rss(entry(title=twice), entry(2, title=words)))] == [words, words]


@pytest.mark.parametrize(
    ("inside", "field", "meant"),
    [
        ("<title>Gold</title><link>javascript:alert(1)</link><guid>https://harbour.example/g</guid>", "url", "https://harbour.example/g"),
        ("<title>Gold</title><link>mailto:a@harbour.example</link><guid isPermaLink='false'>17</guid>", "url", ""),
        ("<title>Untitled (3)</title><description>The tide rose. It fell.</description>", "title", "The tide rose."),
        ("<title>The gate&#133;</title>", "title", "The gate…"),
        ("<title>Gate</title><description>&#133;it opened&#133;</description>", "text", "…it opened…"),
        ("<media:title>The gate at dawn</media:title><title>Untitled</title>", "title", "The gate at dawn"),
        ("<title>Untitled Sea wins</title><media:title>The gate at dawn</media:title>", "title", "Untitled Sea wins"),
        ("<title>$50 or less</title><media:title>The gate at dawn</media:title>", "title", "$50 or less"),
        ("<title>- - - - - -</title><media:title>The gate at dawn</media:title>", "title", "The gate at dawn"),
        ("<title>Gate opens</title><description>&lt;a href='https://a.example'&gt;Gate opens&lt;/a&gt; &lt;font&gt;Bay Times&lt;/font&gt;</description>",
         "text", ""),
        ("<title>Gate opens</title><description>&lt;a href='https://a.example'&gt;Gate opens&lt;/a&gt; From: Ann, seen 65325 times in Film and Sea</description>",
         "text", "Gate opens From: Ann, seen 65325 times in Film and Sea"),
        ("<title>Gate</title><description>The gate opened for x &lt; 5</description>", "text", "The gate opened for x < 5"),
        ("<title>Gate</title><media:text type='html'>&lt;p&gt;Spoken words.&lt;/p&gt;</media:text>", "text", "Spoken words."),
    ],
)  # fmt: skip
def test_what_own_inputs_found(inside: str, field: str, meant: str) -> None:
    """Both parsers: a link that is none, a number behind "Untitled", the title of a picture, one headline of another outlet, half a tag, spoken words."""
    space = "xmlns:media='http://search.yahoo.com/mrss/'"
    content = f"<rss version='2.0' {space}><channel><title>H</title><item>{inside}</item></channel></rss>".encode()
    for reader in (read_fast, read_thorough):
        raw = reader(content)
        assert raw is not None
        (item,) = normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items
        assert getattr(item, field) == meant, reader.__name__
