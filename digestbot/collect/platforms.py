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
_REDDIT_HOSTS = frozenset(f"{part}reddit.com" for part in ("", "old.", "new.", "np.", "i.", "sh."))
_SUBREDDIT_SORTS = frozenset(["hot", "new", "top", "rising", "best", "controversial"])
_SUBREDDIT_SPANS = frozenset(["hour", "day", "week", "month", "year", "all"])
_ARXIV = {"arxiv.org": ("list", "archive", "rss"), "export.arxiv.org": ("list", "archive")}
_HACKER_NEWS = {"": "https://news.ycombinator.com/rss", "news": "https://news.ycombinator.com/rss"}
_HACKER_NEWS |= {"shownew": "https://hnrss.org/show", "front": "https://hnrss.org/frontpage"}
_HACKER_NEWS |= {
    page: f"https://hnrss.org/{page}" for page in ("newest", "ask", "show", "best", "jobs", "active", "newcomments")
}
# Of a playlist that only its owner sees, or that is made anew for each viewer, there is no feed.
_OWN_PLAYLIST = re.compile(r"(?:RD|WL|LL)")
# What stands where else the name of a channel does.
_TELEGRAM_PAGES = frozenset(
    [
        "joinchat",
        "share",
        "addstickers",
        "addemoji",
        "addtheme",
        "addlist",
        "proxy",
        "socks",
        "login",
        "confirmphone",
        "setlanguage",
        "invoice",
        "contact",
        "giftcode",
        "boost",
    ]
)
_MEDIUM_PAGES = frozenset(
    ["feed", "m", "me", "search", "p", "u", "about", "plans", "membership", "policy", "jobs", "new-story"]
)
_TUMBLR_PAGES = frozenset(
    [
        "blog",
        "explore",
        "dashboard",
        "search",
        "tagged",
        "login",
        "register",
        "about",
        "help",
        "policy",
        "settings",
        "likes",
        "following",
        "inbox",
        "communities",
    ]
)
_GIST_PAGES = ("discover", "starred", "forked", "mine")
_GITHUB_PAGES = frozenset(
    [
        "blog",
        "notifications",
        "new",
        "codespaces",
        "readme",
        "enterprise",
        "security",
        "events",
        "site",
        "team",
        "solutions",
        "resources",
        "copilot",
        "dashboard",
        "issues",
        "pulls",
        "stars",
        "signup",
        "join",
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
    if host not in ("youtube.com", "youtu.be", "youtube-nocookie.com", "music.youtube.com", "studio.youtube.com"):
        return ""
    if len(path) > 1 and path[0] == "channel" and re.fullmatch(r"UC[\w-]{22}", path[1]):
        return f"{_YOUTUBE}?channel_id={path[1]}"
    is_list = path in (["playlist"], ["watch"], ["embed", "videoseries"]) or host == "youtu.be"
    if is_list and query.get("list") and not _OWN_PLAYLIST.match(query["list"]):
        return f"{_YOUTUBE}?playlist_id={quote(query['list'])}"
    # A handle (/@name) or /c/name: the page itself names the channel's feed.
    return f"{_YOUTUBE}?user={quote(path[1])}" if len(path) > 1 and path[0] == "user" else ""


def _reddit(host: str, path: list[str], query: dict[str, str]) -> str:
    if host not in _REDDIT_HOSTS or (path and path[-1].endswith(".rss")):
        return ""
    if not path:
        return "https://www.reddit.com/.rss"
    kind, name, *rest = [*path, ""] if len(path) == 1 else path
    if kind == "r" and name:
        return _subreddit(name, rest, query)
    if kind == "domain" and name:
        return f"https://www.reddit.com/domain/{name}/.rss"
    below = f"{rest[0]}/" if rest[:1] in (["submitted"], ["comments"]) else ""
    several = f"m/{rest[1]}/" if len(rest) > 1 and rest[0] == "m" else below
    return f"https://www.reddit.com/user/{name}/{several}.rss" if kind in ("u", "user") and name else ""


def _subreddit(name: str, rest: list[str], query: dict[str, str]) -> str:
    sort = f"{rest[0]}/" if rest and rest[0] in _SUBREDDIT_SORTS else ""
    if rest[:1] == ["search"] and query.get("q"):  # without its words it would be another list
        asked = [(key, query[key]) for key in ("q", "restrict_sr", "sort", "t") if key in query]
        return f"https://www.reddit.com/r/{name}/search.rss?{urlencode(asked)}"
    comments = "/".join(rest[:2]) + "/" if len(rest) > 1 and rest[0] == "comments" else ""
    # Without its span, a list of the best would be that of the day.
    span = f"?t={query['t']}" if sort and query.get("t") in _SUBREDDIT_SPANS else ""
    return f"https://www.reddit.com/r/{name}/{sort or comments}.rss{span}"


def _github(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001 -- one form for all rules
    path = path[1:2] if path[:1] == ["orgs"] else path
    if host != "github.com" or not path or path[0] in _GITHUB_PAGES or path[-1].endswith(".atom"):
        return ""
    if len(path) == 1:
        return f"https://github.com/{path[0]}.atom"
    repository = f"https://github.com/{path[0]}/{path[1].removesuffix('.git')}"
    if path[2:] in (["tags"], ["commits"], ["discussions"]):
        return f"{repository}/{path[2]}.atom"
    if path[2:3] == ["commits"] and len(path) > 3:
        return f"{repository}/commits/{'/'.join(path[3:])}.atom"
    return f"{repository}/releases.atom" if len(path) == 2 or path[2] == "releases" else ""


def _gist(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host != "gist.github.com" or len(path) != 1 or path[0].endswith(".atom") or path[0] in _GIST_PAGES:
        return ""
    return f"https://gist.github.com/{path[0]}.atom"


def _substack(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host == "substack.com":
        return f"https://{path[0][1:].lower()}.substack.com/feed" if path and re.fullmatch(r"@[\w-]+", path[0]) else ""
    if host == "open.substack.com":
        return f"https://{path[1].lower()}.substack.com/feed" if path[:1] == ["pub"] and len(path) > 1 else ""
    return f"https://{host}/feed" if host.endswith(".substack.com") and path != ["feed"] else ""


def _medium(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host == "medium.com":
        if not path or path[0] in _MEDIUM_PAGES:
            return ""
        if path[1:2] == ["tagged"] and len(path) > 2:
            return f"https://medium.com/feed/{'/'.join(path[:3])}"
        return f"https://medium.com/feed/{'/'.join(path[:2] if path[0] == 'tag' else path[:1])}"
    return f"https://{host}/feed" if host.endswith(".medium.com") and path != ["feed"] else ""


def _bluesky(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host != "bsky.app" or len(path) < 2 or path[0] != "profile" or path[2:3] in (["rss"], ["feed"], ["lists"]):
        return ""  # what others wrote, chosen by a program or a person, has no feed
    return f"https://bsky.app/profile/{path[1]}/rss"


def _arxiv(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host not in ("arxiv.org", "export.arxiv.org") or len(path) < 2 or path[0] not in _ARXIV[host]:
        return ""
    return f"https://rss.arxiv.org/rss/{path[1]}"


def _hacker_news(host: str, path: list[str], query: dict[str, str]) -> str:
    if host != "news.ycombinator.com" or len(path) > 1:
        return ""
    page = path[0] if path else ""
    if page in ("user", "submitted", "threads") and query.get("id"):
        return f"https://hnrss.org/{'threads' if page == 'threads' else 'submitted'}?id={quote(query['id'])}"
    if page == "item" and query.get("id", "").isdecimal():
        return f"https://hnrss.org/item?id={query['id']}"
    return _HACKER_NEWS.get(page, "")


def _telegram(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host.endswith(".t.me"):
        name = host.removesuffix(".t.me")
    elif host in ("t.me", "telegram.me", "telegram.dog"):
        name = path[1] if path[:1] == ["s"] and len(path) > 1 else path[0] if path else ""
    else:
        return ""
    # An invitation (+x, joinchat) is to a private group, which has no page.
    return f"https://t.me/s/{name}" if re.fullmatch(r"[A-Za-z]\w{3,31}", name) and name not in _TELEGRAM_PAGES else ""


def _mastodon(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    path = path[1:] if path[:1] == ["web"] else path
    if _NO_MASTODON.search(host) or not path or path[-1].endswith(".rss"):
        return ""
    if elsewhere := re.fullmatch(r"(@\w+(?:[.-]\w+)*)@([\w-]+(?:\.[\w-]+)+)", path[0]):  # as seen from another server
        return f"https://{elsewhere[2]}/{elsewhere[1]}.rss"
    if re.fullmatch(r"@\w+(?:[.-]\w+)*", path[0]):
        return f"https://{host}/{path[0]}.rss"
    is_person = path[0] == "users" and (len(path) == 2 or path[2:3] == ["statuses"])
    return f"https://{host}/users/{path[1]}.rss" if is_person else ""


def _gitlab(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host != "gitlab.com" or len(path) < 2 or "-" in path or path[0] in ("explore", "users", "help"):
        return ""
    return f"https://gitlab.com/{'/'.join(path).removesuffix('.git')}/-/tags?format=atom"


def _codeberg(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host != "codeberg.org" or len(path) < 2 or path[0] == "explore" or path[2:3] not in ([], ["releases"], ["tags"]):
        return ""
    return (
        f"https://codeberg.org/{path[0]}/{path[1].removesuffix('.git')}/{path[2] if len(path) > 2 else 'releases'}.rss"
    )


# A post of a blog names the feed of its own comments, too: that of the blog is known.
def _blogger(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if not re.fullmatch(r"[\w-]+\.blogspot\.[a-z]{2,3}(?:\.[a-z]{2})?", host) or path[:1] == ["feeds"]:
        return ""
    label = f"/-/{path[2]}" if path[:2] == ["search", "label"] and len(path) > 2 else ""
    return f"https://{host}/feeds/posts/default{label}"


def _wordpress(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if not re.fullmatch(r"[\w-]+\.wordpress\.com", host) or path[-1:] == ["feed"]:
        return ""
    part = f"{path[0]}/{path[1]}/" if path[:1] in (["category"], ["tag"], ["author"]) and len(path) > 1 else ""
    return f"https://{host}/{part}feed/"


def _tumblr(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    if host == "tumblr.com":
        name = (path[2:3] if path[:2] == ["blog", "view"] else path[:1]) or [""]
        is_name = re.fullmatch(r"[\w-]+", name[0]) and name[0] not in _TUMBLR_PAGES
        return f"https://{name[0]}.tumblr.com/rss" if is_name else ""
    if not re.fullmatch(r"[\w-]+\.tumblr\.com", host) or path[-1:] == ["rss"]:
        return ""
    tag = f"tagged/{path[1]}/" if path[:1] == ["tagged"] and len(path) > 1 else ""
    return f"https://{host}/{tag}rss"


def _questions(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    is_one = host in ("stackoverflow.com", "serverfault.com", "superuser.com", "askubuntu.com")
    if not (is_one or host.endswith(".stackexchange.com")) or path[:2] != ["questions", "tagged"] or len(path) < 3:
        return ""
    return f"https://{host}/feeds/tag/{path[2]}"


def _packages(host: str, path: list[str], query: dict[str, str]) -> str:  # noqa: ARG001
    is_project = host == "pypi.org" and path[:1] == ["project"] and len(path) > 1
    return f"https://pypi.org/rss/project/{path[1]}/releases.xml" if is_project else ""


_RULES = {
    "YouTube": _youtube,
    "Reddit": _reddit,
    "GitHub": _github,
    "GitHub's Gist": _gist,
    "Substack": _substack,
    "Medium": _medium,
    "Bluesky": _bluesky,
    "arXiv": _arxiv,
    "Hacker News": _hacker_news,
    "Telegram": _telegram,
    "GitLab": _gitlab,
    "Codeberg": _codeberg,
    "Blogger": _blogger,
    "WordPress.com": _wordpress,
    "Tumblr": _tumblr,
    "Stack Exchange": _questions,
    "PyPI": _packages,
    "Mastodon": _mastodon,
}
