"""What the public suffix list cannot know about hosts: who carries others' articles, who lets a host, who has several."""

from __future__ import annotations

from typing import Final

# They list articles of others. True: every title ends with the outlet's name ("... - Reuters"); else a feed's `source`
# or the author names it. By host; its subdomains and sections count as well.
AGGREGATORS: Final = {
    "news.google.com": True,
    "bing.com": True,
    "msn.com": False,
    "yahoo.com": False,
    "yahoo.co.jp": False,
    "news.ycombinator.com": False,
    "techmeme.com": False,
    "memeorandum.com": False,
    "flipboard.com": False,
    "feedly.com": False,
    "newsbreak.com": False,
    "smartnews.com": False,
    "apple.news": False,
    "upday.com": False,
    "toutiao.com": False,
    "lobste.rs": False,
    "slashdot.org": False,
}
# Many publishers share these hosts, or feeds link through them: the address does not say whose an article is. The
# last are for documentation (RFC 2606).
# (Blogspot and GitHub Pages are in the public suffix list: each of their blogs is a site.)
SHARED_HOSTS: Final = frozenset({
    "feedburner.com", "feedproxy.google.com", "feedsportal.com", "feedpress.me", "t.co", "bit.ly", "ow.ly", "doi.org",
    "medium.com", "substack.com", "wordpress.com", "tumblr.com", "ghost.io", "beehiiv.com", "livejournal.com",
    "over-blog.com", "typepad.com", "weebly.com", "squarespace.com", "neocities.org", "mastodon.social",
    "youtube.com", "youtu.be", "vimeo.com", "bilibili.com", "reddit.com", "x.com", "twitter.com",
    "facebook.com", "instagram.com", "linkedin.com", "threads.net", "bsky.app", "t.me", "weibo.com", "weixin.qq.com",
    "zhihu.com", "github.com", "gitlab.com", "soundcloud.com", "spotify.com", "podcasts.apple.com", "buzzsprout.com",
    "libsyn.com", "megaphone.fm", "simplecast.com", "podbean.com", "acast.com", "anchor.fm", "archive.org",
    "sourceforge.net", "prnewswire.com", "businesswire.com", "globenewswire.com", "presseportal.de",
    "example.com", "example.org", "example.net",
})  # fmt: skip
# One house, several domains. The names are shown only where no feed's own title says one. DIGESTBOT_HOUSES adds to it.
HOUSES: Final = {
    "ABC News": ("abcnews.com", "abcnews.go.com"),
    "Al Jazeera": ("aljazeera.com", "aljazeera.net"),
    "AP": ("apnews.com", "ap.org"),
    "Ars Technica": ("arstechnica.com", "arstechnica.co.uk"),
    "BBC": ("bbc.com", "bbc.co.uk"),
    "Bloomberg": ("bloomberg.com", "bloomberg.co.jp", "bloomberg.net"),
    "Caixin": ("caixin.com", "caixinglobal.com"),
    "CCTV": ("cctv.com", "cctv.cn", "cntv.cn"),
    "CNN": ("cnn.com", "cnn.io"),
    "Deutsche Welle": ("dw.com", "dw.de"),
    "FAZ": ("faz.net", "faz.de"),
    "The Guardian": ("theguardian.com", "guardian.co.uk", "gu.com"),
    "NetEase": ("163.com", "netease.com"),
    "The New York Times": ("nytimes.com", "nyti.ms"),
    "NHK": ("nhk.or.jp", "nhk.jp"),
    "People's Daily": ("people.com.cn", "people.cn", "peopledaily.com.cn"),
    "Reuters": ("reuters.com", "reut.rs"),
    "RTHK": ("rthk.hk", "rthk.org.hk"),
    "Sina": ("sina.com.cn", "sina.com", "sina.cn"),
    "Süddeutsche Zeitung": ("sueddeutsche.de", "sz.de"),
    "The Wall Street Journal": ("wsj.com", "on.wsj.com"),
    "The Washington Post": ("washingtonpost.com", "wapo.st"),
    "Xinhua": ("xinhuanet.com", "news.cn"),
}
