"""A small morning of news, as a saved feed."""

from __future__ import annotations

from xml.sax.saxutils import escape

AT = "2026-05-27T20:00+08:00"


def rss(*entries: tuple[str, str, str], title: str = "Harbour Post") -> str:
    """An RSS 2.0 document of (title, description, date) entries."""
    items = "".join(
        f"<item><title>{escape(name)}</title><description>{escape(text)}</description><pubDate>{when}</pubDate>"
        f"<link>https://harbourpost.example/{number}?utm_source=rss</link></item>"
        for number, (name, text, when) in enumerate(entries)
    )
    return f'<rss version="2.0"><channel><title>{title}</title><link>https://harbourpost.example/</link>{items}</channel></rss>'


MORNING_NEWS = rss(
    (
        "Foundry at Veldhaven halts its wafer line after a fire",
        (
            "A fire halted the wafer line of the Veldhaven foundry on Wednesday morning. Nobody was hurt. "
            "The company expects to lose about nine days of production, its chief engineer said."
        ),
        "Wed, 27 May 2026 03:00:00 +0000",
    ),
    ("Gold eases as the dollar firms", "Gold slipped 0.4% in early trade.", "Wed, 27 May 2026 02:00:00 +0000"),
)
