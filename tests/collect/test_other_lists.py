"""Lists of feeds as other programs keep them: what comes along, and what is named because it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot import Bot

from digestbot.collect import read_any_list
from digestbot.errors import CollectError

NEWSBOAT = b"""# my feeds
https://harbour.example/feed.xml news "Hong Kong" "~The Harbour Post"
https://ledger.example/rss !hidden
"query:Unread:unread = \\"yes\\""
exec:~/bin/feed.sh
filter:~/bin/clean.pl:https://noisy.example/rss
file:///home/me/saved.xml
"""
RSS2EMAIL = b"""[DEFAULT]
from = me@example.com
smtp-password = hunter2
[feed.harbour-post]
url = https://harbour.example/feed.xml
to = me@example.com
[feed.old]
url = https://old.example/rss
active = False
[feed.empty]
"""
GO_RSS2EMAIL = b"""# comment
https://harbour.example/feed.xml
 - exclude-title: regatta
https://ledger.example/rss
"""
FRESHRSS = b"""<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><body><outline text="Tech">
<outline text="Harbour" type="rss" xmlUrl="https://harbour.example/feed" frss:cssFullContent="article" frss:filtersActionRead="intitle:regatta"/>
<outline text="Scraped" type="HTML+XPath" xmlUrl="https://page.example/news" frss:xPathItem="//div"/>
<outline text="Dots" type="JSON+DotNotation" xmlUrl="https://page.example/api"/>
</outline></body></opml>"""
MINIFLUX = b"""<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>Miniflux</title></head><body>
<outline text="Tech"><outline title="Harbour" text="Harbour" xmlUrl="https://harbour.example/feed" htmlUrl="https://harbour.example"></outline></outline>
</body></opml>"""
FEEDLY = b"""<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>Subscriptions in feedly Cloud</title></head><body>
<outline text="Tech" title="Tech"><outline type="rss" text="Harbour" title="Harbour" xmlUrl="https://harbour.example/feed" htmlUrl="https://harbour.example/"/></outline>
<outline text="News" title="News"><outline type="rss" text="Harbour" title="Harbour" xmlUrl="https://harbour.example/feed"/></outline>
</body></opml>"""


def test_newsboat_keeps_titles_and_the_first_tag():
    """Its searches, commands and filters are named with what to do instead."""
    found = read_any_list(NEWSBOAT)
    assert [(one.url, one.title, one.categories) for one in found.feeds] == [
        ("https://harbour.example/feed.xml", "The Harbour Post", ("news",)),
        ("https://ledger.example/rss", "", ()),
        ("file:///home/me/saved.xml", "", ()),
    ]
    assert [one.address.partition(":")[0] for one in found.left_out] == ["query", "exec", "filter"]
    assert "topic" in found.left_out[0].reason


def test_rss2email_keeps_names_and_leaves_what_is_paused():
    """Nothing of its mail settings is read, least of all a password."""
    found = read_any_list(RSS2EMAIL)
    assert [(one.url, one.title) for one in found.feeds] == [("https://harbour.example/feed.xml", "harbour-post")]
    assert [(one.address, one.reason) for one in found.left_out] == [
        ("https://old.example/rss", "is paused there (active = False)"),
        ("empty", "has no url"),
    ]
    assert "hunter2" not in repr(found)


def test_settings_below_an_address_are_named():
    """rss2email in Go has rules of its own for a feed: the feed comes, the rule is told."""
    found = read_any_list(GO_RSS2EMAIL)
    assert [one.url for one in found.feeds] == ["https://harbour.example/feed.xml", "https://ledger.example/rss"]
    assert not found.left_out
    assert found.lost == ("exclude-title: regatta, of https://harbour.example/feed.xml",)


def test_freshrss_reads_articles_and_scraped_pages_are_named():
    """A page that is taken apart by XPath is no feed, whatever stands in xmlUrl."""
    found = read_any_list(FRESHRSS)
    assert [(one.url, one.full_text, one.categories) for one in found.feeds] == [
        ("https://harbour.example/feed", True, ("Tech",))
    ]
    assert [one.address for one in found.left_out] == ["https://page.example/news", "https://page.example/api"]
    assert found.lost == ("the filter intitle:regatta, of https://harbour.example/feed",)


@pytest.mark.parametrize("content", [MINIFLUX, FEEDLY], ids=["Miniflux", "Feedly"])
def test_opml_of_readers_keeps_the_first_category(content: bytes):
    """A feed in two categories comes once."""
    found = read_any_list(content)
    assert [(one.url, one.title, one.categories) for one in found.feeds] == [
        ("https://harbour.example/feed", "Harbour", ("Tech",))
    ]
    assert not found.left_out


def test_opml_in_utf_16_is_read():
    """As Outlook and others on Windows export it."""
    content = '<?xml version="1.0" encoding="UTF-16"?><opml><body><outline text="Café" xmlUrl="https://a.example/rss"/></body></opml>'
    assert [one.title for one in read_any_list(content.encode("utf-16")).feeds] == ["Café"]


@pytest.mark.parametrize("content", [b"", b"hello\nworld", b"\xff\xfe\x00", b"[DEFAULT]\nfrom = me"])
def test_what_is_no_list_is_refused(content: bytes):
    """With the kinds that are known."""
    with pytest.raises(CollectError, match="known"):
        read_any_list(content)


def test_what_is_lost_is_told(tmp_path: Path):
    """The feed comes, and the command says what does not."""
    bot = Bot(tmp_path)
    bot.configure(DIGESTS__MORNING__TO="file:./out")
    (tmp_path / "feeds.txt").write_bytes(GO_RSS2EMAIL)
    done = bot("feeds", "import", "feeds.txt")
    assert done.returncode == 0
    assert "Added 2 feeds" in done.stdout
    assert "nothing like it here: exclude-title: regatta, of https://harbour.example/feed.xml" in done.stderr


def test_what_is_lost_is_told_without_passwords(tmp_path: Path):
    """The address of its feed may hold one, or a key."""
    bot = Bot(tmp_path)
    bot.configure(DIGESTS__MORNING__TO="file:./out")
    entry = '<outline xmlUrl="https://me:s3cret@a.example/f?token=k3y" weight="heavy" filtersActionRead="intitle:x"/>'
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{entry}</body></opml>")
    done = bot("feeds", "import", "feeds.opml")
    assert "the filter intitle:x, of https://***@a.example/f?token=***" in done.stderr
    assert "weight heavy (no such value), of https://***@a.example/f?token=***" in done.stderr
    assert not any(secret in done.stdout + done.stderr for secret in ("s3cret", "k3y"))


def test_an_open_quotation_mark_loses_no_line():
    """Newsboat forgives it, too."""
    found = read_any_list(b'https://harbour.example/feed "open\nhttps://ledger.example/rss\n')
    assert len(found.feeds) == 2
