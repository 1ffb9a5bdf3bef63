"""Where well-known platforms keep the feed of an address that people copy: by rule, without asking anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

# A post of Telegram's public page; its time is its permanent address.
_TELEGRAM_POSTS = "div.tgme_widget_message_bubble"
# They call their people @name as Mastodon does, and have no feed at that address.
_NO_MASTODON = re.compile(
    r"(?:^|\.)(?:youtube|medium|tiktok|threads|substack|flipboard|twitter|x|instagram|facebook|pinterest|vimeo|rumble|odysee|dev|t)"
    r"\.(?:com|net|to|me|co)$"
)
_YOUTUBE = "https://www.youtube.com/feeds/videos.xml"
_SUBREDDIT_SORTS = frozenset(["hot", "new", "top", "rising", "best", "controversial"])
_SUBREDDIT_SPANS = frozenset(["hour", "day", "week", "month", "year", "all"])
_HACKER_NEWS = {"": "https://news.ycombinator.com/rss", "news": "https://news.ycombinator.com/rss"}
_HACKER_NEWS |= {page: f"https://hnrss.org/{page}" for page in ("newest", "ask", "show", "best")}
_HACKER_NEWS["jobs"] = "https://hnrss.org/jobs"
_GITHUB_PAGES = frozenset(
    [
        "about",
        "topics",
        "features",
        "pricing",
        "login",
        "explore",
        "marketplace",
        "sponsors",
        "settings",
        "orgs",
        "search",
        "apps",
        "trending",
        "collections",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is read for an address of a platform."""

    url: str
    platform: str
    link_selector: str = ""  # set where there is no feed, only a page of posts


def known_feed(address: str) -> Known | None:
    """What to read for an address of a known platform; None where it is none, or only the platform itself can tell."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    path = [part for part in parts.path.split("/") if part]
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    for platform, rule in _RULES.items():
        if found := rule(host, path, query):
            selector = _TELEGRAM_POSTS if platform == "Telegram" else ""
            return Known(url=found, platform=platform, link_selector=selector) if selector or found != address else None
    return None


def _youtube(host: str, path: list[str], query: dict[str, str]) -> str:
    if host not in ("youtube.com", "youtu.be", "music.youtube.com"):
        return ""
    if len(path) > 1 and path[0] == "channel" and re.fullmatch(r"UC[\w-]{22}", path[1]):
        return f"{_YOUTUBE}?channel_id={path[1]}"
    if path in (["playlist"], ["watch"]) and query.get("list"):
        return f"{_YOUTUBE}?playlist_id={quote(query['list'])}"
    # A handle (/@name) or /c/name: the page itself names the channel's feed.
    return f"{_YOUTUBE}?user={quote(path[1])}" if len(path) > 1 and path[0] == "user" else ""


def _reddit(host: str, path: list[str], query: dict[str, str]) -> str:
    if (
        host not in ("reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com")
        or len(path) < 2
        or path[-1].endswith(".rss")
    ):
        return ""
    kind, name, *rest = path
    if kind == "r":
        sort = f"{rest[0]}/" if rest and rest[0] in _SUBREDDIT_SORTS else ""
        if rest[:1] == ["search"] and query.get("q"):  # without its words it would be another list
            asked = [(key, query[key]) for key in ("q", "restrict_sr", "sort", "t") if key in query]
            return f"https://www.reddit.com/r/{name}/search.rss?{urlencode(asked)}"
        comments = "/".join(rest[:2]) + "/" if len(rest) > 1 and rest[0] == "comments" else ""
        # Without its span, a list of the best would be that of the day.
        span = f"?t={query['t']}" if sort and query.get("t") in _SUBREDDIT_SPANS else ""
        return f"https://www.reddit.com/r/{name}/{sort or comments}.rss{span}"
    several = f"m/{rest[1]}/" if len(rest) > 1 and rest[0] == "m" else ""
    return f"https://www.reddit.com/user/{name}/{several}.rss" if kind in ("u", "user") else ""


def _github(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001 -- one form for all rules
    if host != "github.com" or not path or path[0] in _GITHUB_PAGES or path[-1].endswith(".atom"):
        return ""
    if len(path) == 1:
        return f"https://github.com/{path[0]}.atom"
    repository = f"https://github.com/{path[0]}/{path[1].removesuffix('.git')}"
    if path[2:3] == ["tags"]:
        return f"{repository}/tags.atom"
    if path[2:3] == ["commits"] and len(path) > 3:
        return f"{repository}/commits/{'/'.join(path[3:])}.atom"
    return f"{repository}/releases.atom" if len(path) == 2 or path[2] == "releases" else ""


def _substack(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host == "substack.com":
        return f"https://{path[0][1:].lower()}.substack.com/feed" if path and re.fullmatch(r"@[\w-]+", path[0]) else ""
    return f"https://{host}/feed" if host.endswith(".substack.com") and path != ["feed"] else ""


def _medium(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host == "medium.com":
        if not path or path[0] in ("feed", "m", "me", "search", "p"):
            return ""
        return f"https://medium.com/feed/{'/'.join(path[:2] if path[0] == 'tag' else path[:1])}"
    return f"https://{host}/feed" if host.endswith(".medium.com") and path != ["feed"] else ""


def _bluesky(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host != "bsky.app" or len(path) < 2 or path[0] != "profile" or path[2:] == ["rss"]:
        return ""
    return f"https://bsky.app/profile/{path[1]}/rss"


def _arxiv(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host not in ("arxiv.org", "export.arxiv.org") or len(path) < 2 or path[0] not in ("list", "archive"):
        return ""
    return f"https://rss.arxiv.org/rss/{path[1]}"


def _hacker_news(host: str, path: list[str], query: dict[str, str]) -> str:
    if host != "news.ycombinator.com" or len(path) > 1:
        return ""
    page = path[0] if path else ""
    if page in ("user", "submitted") and query.get("id"):
        return f"https://hnrss.org/submitted?id={quote(query['id'])}"
    if page == "item" and query.get("id", "").isdecimal():
        return f"https://hnrss.org/item?id={query['id']}"
    return _HACKER_NEWS.get(page, "")


def _telegram(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host not in ("t.me", "telegram.me"):
        return ""
    name = path[1] if path[:1] == ["s"] and len(path) > 1 else path[0] if path else ""
    # An invitation (+x, joinchat) is to a private group, which has no page.
    return f"https://t.me/s/{name}" if re.fullmatch(r"[A-Za-z]\w{3,31}", name) and name != "joinchat" else ""


def _mastodon(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if _NO_MASTODON.search(host) or not path or path[-1].endswith(".rss"):
        return ""
    if re.fullmatch(r"@\w+(?:[.-]\w+)*", path[0]):
        return f"https://{host}/{path[0]}.rss"
    return f"https://{host}/users/{path[1]}.rss" if path[0] == "users" and len(path) == 2 else ""


_RULES = {
    "YouTube": _youtube,
    "Reddit": _reddit,
    "GitHub": _github,
    "Substack": _substack,
    "Medium": _medium,
    "Bluesky": _bluesky,
    "arXiv": _arxiv,
    "Hacker News": _hacker_news,
    "Telegram": _telegram,
    "Mastodon": _mastodon,
}
