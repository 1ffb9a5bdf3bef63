"""Rows of the table of kinds (kind_table.py) for what companies and offices say of themselves."""

from __future__ import annotations

from typing import Final

from ..model import Kind
from .kind_rule import DIVIDER, address_row, category_row, text_row, title_row

RELEASES: Final = (
    address_row(
        Kind.RELEASE,
        "press-release press-releases pressrelease pressreleases news-release news-releases newsreleases newswire pr-newswire "
        "businesswire pressemitteilung pressemitteilungen presse 新聞稿 新闻稿 新聞公報",
        "a section of what companies and offices say of themselves",
        "https://tide.example/press-releases/2026/new-crane",
        "https://tide.example/pressemitteilung/neuer-kran",
        not_in=("https://tide.example/news/press-releases-banned",),
    ),
    title_row(
        Kind.RELEASE,
        rf"^\W*(?:ots|eqs-\w+|press\s(?:release|statement)|media\srelease|pressemitteilung|pressemeldung|communiqué(?:\sde\spresse)?|"
        rf"comunicado(?:\sde\sprensa)?|comunicato(?:\sstampa)?|プレスリリース)(?:{DIVIDER})",
        "a headline marked as a release",
        "Press release: Tide opens a yard",
        "ots: Tide AG / Tide stellt Kran vor",
        "Communiqué : la grue est réparée",
        not_in=("Press release of prisoner, court told", "Comunicado del puerto causa ira"),
    ),
    text_row(
        Kind.RELEASE,
        r"\A.{0,120}?(?:/\ ?PR\ ?Newswire\ ?/|\(GLOBE\ NEWSWIRE\)|\(?BUSINESS\ WIRE\)?|\(Newsfile\ Corp|ACCESS(?:\ ?NEWS)?WIRE|EQS-News:|\(ots\)|Marketwired|\bPRWEB\b)",
        "a wire of press releases in the first line",
        "EMDEN, Germany, Aug. 7, 2026 /PRNewswire/ -- Tide AG today announced a crane.",
        "Emden (ots) - Die Tide AG stellt einen Kran vor.",
        not_in=("Business wire transfers slowed, the bank said.",),
    ),
    text_row(
        Kind.RELEASE,
        r"\A.{0,200}?\(\ ?(?:the\ |or\ )?[“\"][^”\"]{2,40}[”\"](?:\ or\ (?:the\ )?[“\"](?:Company|Corporation|Group|Fund|Trust)[”\"])?\ ?\).{0,160}?\b(?:today\ )?(?:announce[sd]|reported)\b"
        r"|\A.{0,240}?\((?:NASDAQ|Nasdaq|NYSE|TSX|TSXV|OTC|OTCQB|OTCQX|LSE|AIM|ASX|CSE|Euronext)[^)]{1,40}\).{0,160}?\btoday\ (?:announced|reported|confirmed|launched)\b",
        "a company speaks of itself as announcing today",
        "Tide Lines Ltd. (“Tide” or the “Company”) (NASDAQ: TIDE) today announced a crane.",
        "Tide Lines (NYSE: TIDE), a builder of cranes, today announced that it has opened a yard.",
        not_in=(
            "Tide Lines (NYSE: TIDE) fell 4% after it announced a crane.",
            "The port (which calls itself “the hub”) said that it had announced nothing.",
        ),
    ),
    category_row(Kind.RELEASE, "press release, press releases, pressemitteilung, 新聞稿, 新闻稿", "Press Release"),
)
