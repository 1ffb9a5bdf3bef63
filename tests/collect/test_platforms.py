"""Addresses that people copy from platforms, and the feeds behind them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digestbot.collect.css_links import parse_links
from digestbot.collect.platforms import known_feed
from digestbot.model import Feed, FeedKind

CHANNEL = "UC" + "a1_-" * 5 + "bc"


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        (
            f"https://www.youtube.com/channel/{CHANNEL}/videos",
            f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
        ),
        ("https://youtube.com/playlist?list=PL12&si=x", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12"),
        ("https://m.youtube.com/user/harbour", "https://www.youtube.com/feeds/videos.xml?user=harbour"),
        ("https://www.youtube.com/@harbour", ""),
        ("https://www.reddit.com/r/boats/", "https://www.reddit.com/r/boats/.rss"),
        ("https://old.reddit.com/r/boats+ships/top/?t=week", "https://www.reddit.com/r/boats+ships/top/.rss?t=week"),
        ("https://www.reddit.com/r/boats/top/?t=x&y=1", "https://www.reddit.com/r/boats/top/.rss"),
        ("https://www.youtube.com/watch?v=a1&list=PL12", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12"),
        ("https://www.youtube.com/watch?v=a1", ""),
        ("https://www.reddit.com/u/pilot", "https://www.reddit.com/user/pilot/.rss"),
        ("https://www.reddit.com/r/boats/.rss", ""),
        (
            "https://www.reddit.com/r/boats/search/?q=tall+ship&restrict_sr=1&x=1",
            "https://www.reddit.com/r/boats/search.rss?q=tall+ship&restrict_sr=1",
        ),
        ("https://www.reddit.com/user/pilot/m/ships/", "https://www.reddit.com/user/pilot/m/ships/.rss"),
        ("https://np.reddit.com/r/boats", "https://www.reddit.com/r/boats/.rss"),
        ("https://github.com/tide/lock", "https://github.com/tide/lock/releases.atom"),
        ("https://github.com/tide/lock.git", "https://github.com/tide/lock/releases.atom"),
        ("https://github.com/tide/lock/releases/tag/v1", "https://github.com/tide/lock/releases.atom"),
        ("https://github.com/tide/lock/tags", "https://github.com/tide/lock/tags.atom"),
        ("https://github.com/tide/lock/commits/main", "https://github.com/tide/lock/commits/main.atom"),
        ("https://github.com/tide/lock/releases.atom", ""),
        ("https://github.com/pricing", ""),
        ("https://ships.social/@pilot", "https://ships.social/@pilot.rss"),
        ("https://ships.social/@pilot/11234", "https://ships.social/@pilot.rss"),
        ("https://ships.social/@dr.pilot-two", "https://ships.social/@dr.pilot-two.rss"),
        ("https://ships.social/users/pilot", "https://ships.social/users/pilot.rss"),
        ("https://www.tiktok.com/@pilot", ""),
        ("https://harbour.substack.com/p/a-post", "https://harbour.substack.com/feed"),
        ("https://substack.com/@Harbour", "https://harbour.substack.com/feed"),
        ("https://medium.com/@pilot/a-post-12", "https://medium.com/feed/@pilot"),
        ("https://medium.com/harbour-notes", "https://medium.com/feed/harbour-notes"),
        ("https://medium.com/tag/ships/latest", "https://medium.com/feed/tag/ships"),
        ("https://pilot.medium.com/", "https://pilot.medium.com/feed"),
        ("https://bsky.app/profile/pilot.bsky.social", "https://bsky.app/profile/pilot.bsky.social/rss"),
        ("https://bsky.app/profile/pilot.bsky.social/post/3k", "https://bsky.app/profile/pilot.bsky.social/rss"),
        ("https://arxiv.org/list/cs.CL/recent", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://arxiv.org/abs/2401.00001", ""),
        ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
        ("https://news.ycombinator.com/newest", "https://hnrss.org/newest"),
        ("https://news.ycombinator.com/user?id=pilot", "https://hnrss.org/submitted?id=pilot"),
        ("https://news.ycombinator.com/rss", ""),
        ("https://t.me/harbour_news", "https://t.me/s/harbour_news"),
        ("https://t.me/s/harbour_news", "https://t.me/s/harbour_news"),
        ("https://t.me/s/harbour_news/12", "https://t.me/s/harbour_news"),
        ("https://t.me/+AbCdEf", ""),
        ("https://youtu.be/a1?list=PL12", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12"),
        (
            "https://www.youtube-nocookie.com/embed/videoseries?list=PL12",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL12",
        ),
        ("https://www.youtube.com/watch?v=a1&list=RDa1", ""),
        ("https://www.youtube.com/playlist?list=WL", ""),
        ("https://www.reddit.com/user/pilot/submitted/", "https://www.reddit.com/user/pilot/submitted/.rss"),
        ("https://www.reddit.com/domain/harbour.example/", "https://www.reddit.com/domain/harbour.example/.rss"),
        ("https://www.reddit.com/", "https://www.reddit.com/.rss"),
        ("https://www.reddit.com/r/", ""),
        ("https://github.com/tide/lock/commits", "https://github.com/tide/lock/commits.atom"),
        ("https://github.com/tide/lock/discussions", "https://github.com/tide/lock/discussions.atom"),
        ("https://github.com/tide/lock/issues", ""),
        ("https://github.com/orgs/tide/repositories", "https://github.com/tide.atom"),
        ("https://github.com/blog", ""),
        ("https://gist.github.com/pilot", "https://gist.github.com/pilot.atom"),
        ("https://gist.github.com/discover", ""),
        ("https://gitlab.com/quay/tide/lock", "https://gitlab.com/quay/tide/lock/-/tags?format=atom"),
        ("https://gitlab.com/quay/lock/-/issues", ""),
        ("https://codeberg.org/tide/lock", "https://codeberg.org/tide/lock/releases.rss"),
        ("https://codeberg.org/tide/lock/tags", "https://codeberg.org/tide/lock/tags.rss"),
        ("https://ships.social/@pilot@quay.example", "https://quay.example/@pilot.rss"),
        ("https://ships.social/web/@pilot", "https://ships.social/@pilot.rss"),
        ("https://ships.social/users/pilot/statuses/112", "https://ships.social/users/pilot.rss"),
        ("https://open.substack.com/pub/harbour/p/a-post?r=1", "https://harbour.substack.com/feed"),
        ("https://open.substack.com/", ""),
        ("https://medium.com/harbour-notes/tagged/boats", "https://medium.com/feed/harbour-notes/tagged/boats"),
        ("https://medium.com/u/a1b2", ""),
        ("https://bsky.app/profile/pilot.bsky.social/feed/boats", ""),
        ("https://bsky.app/profile/pilot.bsky.social/lists/3k", ""),
        ("https://arxiv.org/rss/cs.CL", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://export.arxiv.org/rss/cs.CL", ""),
        ("https://news.ycombinator.com/front", "https://hnrss.org/frontpage"),
        ("https://news.ycombinator.com/shownew", "https://hnrss.org/show"),
        ("https://news.ycombinator.com/threads?id=pilot", "https://hnrss.org/threads?id=pilot"),
        ("https://telegram.dog/harbour_news", "https://t.me/s/harbour_news"),
        ("https://harbour_news.t.me/", "https://t.me/s/harbour_news"),
        ("https://t.me/share/url?url=https://a.example", ""),
        ("https://t.me/addstickers/boats", ""),
        ("https://t.me/c/1234/5", ""),
        ("https://harbour.blogspot.com/2026/05/a-post.html", "https://harbour.blogspot.com/feeds/posts/default"),
        ("https://harbour.blogspot.co.uk/", "https://harbour.blogspot.co.uk/feeds/posts/default"),
        (
            "https://harbour.blogspot.com/search/label/Tugs",
            "https://harbour.blogspot.com/feeds/posts/default/-/Tugs",
        ),
        ("https://harbour.wordpress.com/2026/05/27/a-post/", "https://harbour.wordpress.com/feed/"),
        ("https://harbour.wordpress.com/category/tugs/", "https://harbour.wordpress.com/category/tugs/feed/"),
        ("https://harbour.tumblr.com/post/12/a-post", "https://harbour.tumblr.com/rss"),
        ("https://www.tumblr.com/harbour/12/a-post", "https://harbour.tumblr.com/rss"),
        ("https://www.tumblr.com/blog/view/harbour", "https://harbour.tumblr.com/rss"),
        ("https://www.tumblr.com/explore/trending", ""),
        ("https://stackoverflow.com/questions/tagged/svg", "https://stackoverflow.com/feeds/tag/svg"),
        ("https://boats.stackexchange.com/questions/tagged/tugs", "https://boats.stackexchange.com/feeds/tag/tugs"),
        ("https://stackoverflow.com/questions/12/why", ""),
        ("https://pypi.org/project/tidelock/", "https://pypi.org/rss/project/tidelock/releases.xml"),
        ("https://harbour.example/@", ""),
        ("https://harbour.example/news", ""),
        ("http://[", ""),
        ("./saved.xml", ""),
    ],
)
def test_the_feed_of_a_platform_is_known_by_rule(address: str, feed: str) -> None:
    """Channel, subreddit, releases and the others, however deep the copied address is; nothing for what is no such address."""
    found = known_feed(address)
    assert (found.url if found else "") == feed
    assert known_feed(feed) is None or not feed or "t.me" in feed  # what is found is the end of it


def test_posts_of_a_public_telegram_page_are_items() -> None:
    """Each by its own address, with its text and time; the channel's name and the number of views are none of it."""
    found = known_feed("https://t.me/harbour_news")
    assert found is not None
    posts = "".join(
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message_bubble"><a class="owner" href="https://t.me/harbour_news">Harbour</a>'
        f'<div class="tgme_widget_message_text">The lock opened for barge {n}.<br>Two tugs helped it in.</div><div class="info"><span>1.2K</span> views'
        f'<a class="tgme_widget_message_date" href="https://t.me/harbour_news/{n}"><time datetime="2026-05-27T0{n}:00:00+00:00">0{n}:00</time></a>'
        "</div></div></div>"
        for n in (1, 2)
    )
    feed = Feed(name="t", url=found.url, kind=FeedKind.PAGE, link_selector=found.link_selector)
    made = parse_links(
        f"<html><title>Harbour – Telegram</title>{posts}</html>".encode(),
        feed=feed,
        now=datetime(2026, 5, 28, tzinfo=UTC),
        url=feed.url,
    )
    assert [(one.url, one.published) for one in made.items] == [
        (f"https://t.me/harbour_news/{n}", datetime(2026, 5, 27, n, tzinfo=UTC)) for n in (1, 2)
    ]
    assert made.items[0].title.startswith("The lock opened for barge 1.")
    assert "views" not in made.items[0].title + made.items[0].text
