"""What a headline or a quoted sentence must not be, told by signs: for real_days.py, and apart from the product's tables.

Each pattern is a sign and no proof: what it finds is listed to be read. English first, German and Chinese where a form
of their own is common. Written from what readers of real digests complained about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OUTLET_LABELS = (
    "opinion|watch|video|analysis|update|exclusive|breaking|podcast|review|column|factbox|explainer|sponsored|newsletter|"
    "interview|kommentar|meinung|analyse|有片|影片|社評|社論|評論|專欄|觀點|獨家|圖輯|短片|現場"
)

TITLES: Mapping[str, str] = {
    "question": r"[?？](?=[\s”\"」』]*$)|(嗎|呢|點解|幾多)$",
    "quotation": r"^[“\"‘「『„«][^”\"’」』”»]{12,}[”\"’」』”»]\s*$|^[“\"‘「『„«].*[”\"’」』”»],?\s*(says|said|sagt)\b",
    "label": rf"^\W*({OUTLET_LABELS})[^:：|｜︱│丨】]{{0,12}}[:：|｜︱│丨】]",
    "how-to": r"^(how (to|i|you|we)\b|what (to|you)\b|where to\b|everything (you|we)\b|\d+ (things|ways|tips|stocks|reasons|best)\b|"
    r"so (geht|können|finden)\b|a guide to)|here.s (how|what|why|when)\b|: a guide|如何|教學|攻略|懶人包|一文看清",
    "live": r"\blive (updates?|blog|coverage)|liveblog|\blive:|as it happened|liveticker|直播[：:｜]|即時更新|持續更新",
    "preview": r"\b(ahead of|awaits?|looms?|to watch|what to expect|pre-?bell|on deck)\b|前瞻",
    "teaser": r"\b(this is (why|how|what)|just did something|what happens next|reason why|you (need|won.t|should)|"
    r"surprising|one (word|thing|chart)|history says)\b|竟然|原來|震驚|真相|網民怒",
    "newsletter": r"review & preview|weekly (review|roundup)|morning (brief|bid)|daybook|新聞重點|今日新聞|[八8]分鐘|採訪日誌|即日焦點|"
    r"what happened in .{3,20} today",
    "speaks as the outlet": r"(?<![“\"‘'])\b(I|we|we.re|I.m|I.d|my)\b (?!.*[”\"’])",
    "section or site": r"^[^\s｜︱│丨|]{2,8}[｜︱│丨]|\s[|｜]\s*[\w .]{2,25}$",
    "promotion": r"\b(coupon|promo code|discount code|\d+% off|sale price|save \$\d+|best .{0,30}deals?|deals? (of the|on|under)|buy now|"
    r"i.d buy|stocks? to (buy|bet)|bullish or bearish)\b|優惠|折扣|著數|免費送|gutschein|rabatt",
    "emoji": r"[\U0001F300-\U0001FAFF]",
}
ADDRESSES = r"/(sponsored|coupons?|advertorial|partner-content|promo)s?/"  # of what somebody has paid for

SENTENCES: Mapping[str, str] = {
    "question": r"[?？][”\"」』]?$",
    "call or teaser": r"\b(here (is|are|.s) (the|a|some|what|how)|read (more|on)\b|click|find out|sign up|subscribe|listen (to|now)|stay tuned|"
    r"see (also|below)|learn (more|how)|watch (the|our|below)|tune in|join us|follow us)|更多詳情|點擊|按此|立即(下載|訂閱|睇)|追蹤我們|jetzt (lesen|anmelden)|mehr dazu",
    "talks with": r"\b(talks?|speaks?|spoke|sits? down|chats?) (with|to) .*\b(about|discuss|on)\b|^.{0,60}\bjoins .{0,40}\bto discuss\b",
    "bracketed note": r"^[(\[（【].*[)\]）】]\W*$|^\((updates?|adds|recasts|corrects)",
    "station tag": r"^[【\[（(][^】\])）]{2,12}[】\])）]",
    "code": r"\b(use|with|promo|discount) code\b|\bcode [A-Z]{3,}|coupon|\d+% off|優惠碼|折扣碼|rabattcode",
    "timestamps": r"\b\d{1,2}:\d{2}(:\d{2})?\s+[A-Z]\w+.*\b\d{1,2}:\d{2}|timestamps?:",
    "byline": r"^(?-i:(By|Von) [A-Z]\w+ [A-Z]\w+)[^.]{0,40}$|^(文|撰文|記者)[：:]",
    "credit": r"\b(photo|image|picture|foto)( credit| by|:|\s*/)|getty images|[（(].{0,12}(攝|圖片|資料圖)[)）]|圖片來源",
    "of the outlet itself": r"^welcome (back )?to|in (this|today.s) (article|episode|video|newsletter|edition)|originally (appeared|published)|"
    r"our (newsletter|reporters|sponsors)|this (article|story|post) (was|is|has)|willkommen (zu|bei)|本報|本台訊",
    "no end": r"[^.!?。！？…”\"'」』’)）】\]]$",
    "cut": r"(\.\.\.|…)[”\"」』]?$",
}


def kinds_in(text: str, patterns: Mapping[str, str]) -> list[str]:
    """Every kind of which a text carries a sign."""
    return [kind for kind, pattern in patterns.items() if re.search(pattern, text.strip(), re.IGNORECASE)]


def title_words(title: str) -> frozenset[str]:
    """Latin words of four letters and more, and pairs of Chinese or Japanese characters."""
    words = {word.lower() for word in re.findall(r"[A-Za-zÀ-ÿ]{4,}", title)}
    runs = re.findall(r"[\u3040-\u9fff]{2,}", title)
    return frozenset(words | {run[at : at + 2] for run in runs for at in range(len(run) - 1)})


def overlap(one: str, other: str) -> float:
    """The share of the shorter title's words that the other has, too."""
    a, b = title_words(one), title_words(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
