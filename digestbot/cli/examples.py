"""What may be typed: one or two examples of every command, shown by its --help and in docs/reference/commands.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "init": ("digestbot init --interactive", "digestbot init --kit science", "digestbot init --system"),
    "kits list": ("digestbot kits list",),
    "kits show": ("digestbot kits show hong-kong",),
    "check": ("digestbot check --json", "digestbot check --dns"),
    "explain": (
        "digestbot explain 3",
        "digestbot explain https://www.example.com/news/4711 --date 2026-05-27",
        "digestbot explain 3 --and 5",
    ),
    "status": (
        "digestbot status",
        "digestbot status --feeds",
        "digestbot status morning --edition 2026-05-27",
        "digestbot status --to ann@example.com",
    ),
    "database backup": ("digestbot database backup /backup",),
    "database restore": ("digestbot database restore /backup/digestbot-2026-05-27T073000Z.sqlite3",),
    "healthcheck": ("digestbot healthcheck --data /var/lib/digestbot",),
    "demo": ("digestbot demo --out out",),
    "collect": ("digestbot collect",),
    "preview": (
        "digestbot preview morning --at 2026-05-27T07:30 --format json",
        "digestbot preview --watch --open",
        "digestbot preview --json",
        "digestbot preview --since 3d --format markdown",
    ),
    "run": (
        "digestbot run",
        "digestbot run morning --at 2026-05-27T07:30+08:00 --dry-run",
        "digestbot run morning --again --to slack:#me",
    ),
    "test": ("digestbot test --to mailto:ann@example.com", "digestbot test morning --to slack:#me"),
    "serve": ("digestbot serve --config /etc/digestbot/config.env --data /var/lib/digestbot",),
    "worker": ("digestbot worker --config /etc/digestbot/config.env", "digestbot worker --deliver"),
    "database copy": ("digestbot database copy --to postgresql+psycopg://db.example.com/digestbot",),
    "web": ("digestbot web --config /etc/digestbot/config.env",),
    "resend": (
        "digestbot resend morning --to mailto:new@example.com",
        "digestbot resend morning --date 2026-05-27 --to mailto:ann@example.com",
    ),
    "resolve": ("digestbot resolve sent morning --to slack-webhook:desk",),
    "cancel": ("digestbot cancel morning",),
    "export": ("digestbot export --since 2026-05-01 --out ledger.csv", "digestbot export morning --edition yesterday"),
    "feeds list": ("digestbot feeds list",),
    "feeds export": ("digestbot feeds export feeds.opml",),
    "feeds import": ("digestbot feeds import feeds.opml", "digestbot feeds import ~/.newsboat/urls"),
    "feeds add": ("digestbot feeds add https://www.example.com/feed.xml --name example",),
    "feeds try": (
        "digestbot feeds try https://www.example.com/",
        "digestbot feeds try https://www.example.com/news --links 'h2 a'",
    ),
    "feeds remove": ("digestbot feeds remove example",),
    "subscribers list": (
        "digestbot subscribers list --list briefing",
        "digestbot subscribers list --state unsubscribed --json",
    ),
    "subscribers show": ("digestbot subscribers show ann@example.com --json",),
    "subscribers add": (
        "digestbot subscribers add ann@example.com --list briefing",
        "digestbot subscribers add ann@example.com --confirmed --revive",
    ),
    "subscribers ask": ("digestbot subscribers ask --list briefing", "digestbot subscribers ask ann@example.com"),
    "subscribers remove": (
        "digestbot subscribers remove ann@example.com --list briefing",
        "digestbot subscribers remove ann@example.com --forget",
    ),
    "subscribers export": ("digestbot subscribers export readers.csv --list briefing",),
    "subscribers import": (
        "digestbot subscribers import listmonk.csv --list briefing --dry-run",
        "digestbot subscribers import listmonk.csv --list briefing --confirmed",
    ),
    "topics test": ("digestbot topics test 'chip*, -\"potato chip\"' --days 7",),
    "topics diff": ("digestbot topics diff --config new.env --date 2026-05-27",),
    "topics import": ("digestbot topics import frequency_words.txt",),
    "topics suggest": ("digestbot topics suggest semiconductors",),
    "templates list": ("digestbot templates list",),
    "templates copy": ("digestbot templates copy email.html --to templates",),
    "help": ("digestbot help topics", "digestbot help slack"),
    "completion": ("digestbot completion bash",),
}
